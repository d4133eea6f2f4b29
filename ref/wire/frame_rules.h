/*
 * frame_rules.h: who may send which frame where, and what it counts as
 * (RFC 9000 12.4 Table 3, 12.5; RFC 9221 4).
 */
#ifndef GN_WIRE_FRAME_RULES_H
#define GN_WIRE_FRAME_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/fault.h"
#include "wire/header_read.h"

/* The column "Pkts" of Table 3: Initial, Handshake, 0-RTT, 1-RTT. */
typedef enum gn_frame_rule_packets {
    GN_FRAME_RULES_IH01,
    GN_FRAME_RULES_IH_1,
    GN_FRAME_RULES_ON01,
    GN_FRAME_RULES_ON_1
} gn_frame_rule_packets;

typedef struct gn_frame_rule {
    uint64_t type;
    gn_frame_rule_packets packets;
    bool ack_eliciting; /* RFC 9000 13.2: not marked N */
    bool in_flight;     /* RFC 9002 3: a packet with it counts in bytes in flight */
    bool probing;       /* RFC 9000 9.1: marked P */
    bool server_only;   /* a client may not send it */
} gn_frame_rule;

typedef struct gn_frame_words {
    const char *name; /* as the RFC writes it */
    const char *cut;  /* the fault's reason when the frame ends too soon */
} gn_frame_words;

/*
 * frame_rules_known: the types there are. frame_rules_early: those for Initial
 * and Handshake packets; frame_rules_late: those not for 0-RTT packets.
 * frame_rules_fits: whether a packet of this kind may
 * hold this type. frame_rules_servers: whether only servers send it.
 */
/*@
  predicate frame_rules_known(integer type) = 0 <= type <= 0x1e || type == 0x30 || type == 0x31;
  predicate frame_rules_early(integer type) = type \in {0x00, 0x01, 0x02, 0x03, 0x06, 0x1c};
  predicate frame_rules_late(integer type) =
    type \in {0x02, 0x03, 0x06, 0x07, 0x19, 0x1b, 0x1e};
  predicate frame_rules_fits(integer type, integer kind) = frame_rules_known(type) &&
    (kind == GN_PACKET_ONE_RTT ||
     kind == GN_PACKET_ZERO_RTT && !frame_rules_late(type) ||
     (kind == GN_PACKET_INITIAL || kind == GN_PACKET_HANDSHAKE) && frame_rules_early(type));
  logic integer frame_rules_packets(integer type) =
    type == 0x00 || type == 0x01 || type == 0x1c ? GN_FRAME_RULES_IH01 :
    type == 0x02 || type == 0x03 || type == 0x06 ? GN_FRAME_RULES_IH_1 :
    type == 0x07 || type == 0x19 || type == 0x1b || type == 0x1e ? GN_FRAME_RULES_ON_1 :
                                                                 GN_FRAME_RULES_ON01;
  predicate frame_rules_servers(integer type) = type == 0x07 || type == 0x1e;
*/

/* The row of a type, or NULL for a type that neither RFC knows. */
/*@
  terminates \true; exits \false;
  assigns \nothing;
  behavior unknown:
    assumes !frame_rules_known(type);
    ensures \result == \null;
  behavior known:
    assumes frame_rules_known(type);
    ensures row: \valid_read(\result) && \result->type == type;
    ensures packets: \result->packets == frame_rules_packets(type);
    ensures sender: \result->server_only == (type == 0x07 || type == 0x1e ? 1 : 0);
    ensures elicits: \result->ack_eliciting ==
      (type == 0x00 || type == 0x02 || type == 0x03 || type == 0x1c || type == 0x1d ? 0 : 1);
    ensures flies: \result->in_flight ==
      (type == 0x02 || type == 0x03 || type == 0x1c || type == 0x1d ? 0 : 1);
    ensures probes: \result->probing ==
      (type == 0x00 || type == 0x18 || type == 0x1a || type == 0x1b ? 1 : 0);
  complete behaviors; disjoint behaviors;
*/
const gn_frame_rule *gn_frame_rules_of(uint64_t type);

/* What the RFC calls a type, "?" for one that is unknown; static. */
/*@
  terminates \true; exits \false;
  assigns \nothing;
*/
const char *gn_frame_rules_name(uint64_t type);

/* The fault's reason when a frame ends too soon, or is of unknown type; static. */
/*@
  terminates \true; exits \false;
  assigns \nothing;
*/
const char *gn_frame_rules_cut(uint64_t type);

/* Whether a packet of this kind may hold such a frame. */
/*@
  requires \valid_read(rule);
  requires 0 <= rule->packets <= GN_FRAME_RULES_ON_1;
  terminates \true; exits \false;
  assigns \nothing;
  ensures one: kind == GN_PACKET_ONE_RTT ==> \result;
  ensures zero: kind == GN_PACKET_ZERO_RTT ==> (\result <==>
    rule->packets == GN_FRAME_RULES_IH01 || rule->packets == GN_FRAME_RULES_ON01);
  ensures early: kind == GN_PACKET_INITIAL || kind == GN_PACKET_HANDSHAKE ==> (\result <==>
    rule->packets == GN_FRAME_RULES_IH01 || rule->packets == GN_FRAME_RULES_IH_1);
  ensures none: \result ==> kind == GN_PACKET_ONE_RTT || kind == GN_PACKET_ZERO_RTT ||
    kind == GN_PACKET_INITIAL || kind == GN_PACKET_HANDSHAKE;
*/
bool gn_frame_rules_fit(const gn_frame_rule *rule, gn_packet_kind kind);

/*
 * Whether a frame of this type may arrive in a packet of this kind from that
 * sender. GN_ERR_FORM with *fault: FRAME_ENCODING_ERROR for an unknown type,
 * PROTOCOL_VIOLATION for the wrong packet or sender.
 */
/*@
  requires \valid(fault);
  requires 0 <= kind < GN_PACKET_KINDS;
  terminates \true; exits \false;
  assigns *fault;
  behavior unknown:
    assumes !frame_rules_known(type);
    ensures \result == GN_ERR_FORM && fault->wire_code == GN_FAULT_FRAME_ENCODING;
    ensures type: fault->frame_type == type;
  behavior wrong:
    assumes frame_rules_known(type);
    assumes !frame_rules_fits(type, kind) || (!sender_is_server && frame_rules_servers(type));
    ensures \result == GN_ERR_FORM && fault->wire_code == GN_FAULT_PROTOCOL_VIOLATION;
    ensures type: fault->frame_type == type;
  behavior good:
    assumes frame_rules_fits(type, kind) && (sender_is_server || !frame_rules_servers(type));
    assigns \nothing;
    ensures \result == GN_OK;
    ensures kept: fault->wire_code == \old(fault->wire_code) &&
      fault->frame_type == \old(fault->frame_type) && fault->why == \old(fault->why);
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE gn_err gn_frame_rules_check(uint64_t type, gn_packet_kind kind, bool sender_is_server,
                                        gn_fault *fault);

#endif
