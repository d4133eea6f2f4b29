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

typedef struct gn_frame_rule {
    uint64_t type;
    const char *name;         /* as the RFC writes it */
    const char *cut;          /* the fault's reason when the frame ends too soon */
    const char *no_client;    /* the fault's reason when a client sends it, NULL if it may */
    bool in[GN_PACKET_KINDS]; /* the kinds of packet it may stand in */
    bool ack_eliciting;       /* RFC 9000 13.2: not marked N */
    bool in_flight;           /* RFC 9002 3: a packet with it counts in bytes in flight */
    bool probing;             /* RFC 9000 9.1: marked P */
} gn_frame_rule;

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
    ensures initial: \result->in[GN_PACKET_INITIAL] != 0 <==> frame_rules_early(type);
    ensures handshake: \result->in[GN_PACKET_HANDSHAKE] != 0 <==> frame_rules_early(type);
    ensures zero_rtt: \result->in[GN_PACKET_ZERO_RTT] == 0 <==> frame_rules_late(type);
    ensures one_rtt: \result->in[GN_PACKET_ONE_RTT] != 0;
    ensures retry: \result->in[GN_PACKET_RETRY] == 0;
    ensures vneg: \result->in[GN_PACKET_VNEG] == 0;
    ensures other: \result->in[GN_PACKET_UNKNOWN_VERSION] == 0;
    ensures sender: \result->no_client != \null <==> frame_rules_servers(type);
    ensures elicits: \result->ack_eliciting != 0 <==> !(type \in {0x00, 0x02, 0x03, 0x1c, 0x1d});
    ensures flies: \result->in_flight != 0 <==> !(type \in {0x02, 0x03, 0x1c, 0x1d});
    ensures probes: \result->probing != 0 <==> type \in {0x00, 0x18, 0x1a, 0x1b};
  complete behaviors; disjoint behaviors;
*/
const gn_frame_rule *gn_frame_rules_of(uint64_t type);

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
