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

/* The bit of a packet kind in gn_frame_rule.packets. */
#define GN_FRAME_RULES_BIT(kind) (1u << (kind))

typedef struct gn_frame_rule {
    uint64_t type;
    const char *name;      /* as the RFC writes it */
    const char *cut;       /* the fault's reason when the frame ends too soon */
    const char *no_client; /* the fault's reason when a client sends it, NULL if it may */
    uint8_t packets;       /* kinds of packet it may stand in: GN_FRAME_RULES_BIT of each */
    bool ack_eliciting;    /* RFC 9000 13.2: not marked N */
    bool in_flight;        /* RFC 9002 3: a packet with it counts in bytes in flight */
    bool probing;          /* RFC 9000 9.1: marked P */
} gn_frame_rule;

/* The row of a type, or NULL for a type that neither RFC knows. */
/*@
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == \null <==> !(type <= 0x1e || type == 0x30 || type == 0x31);
  ensures \result != \null ==> \valid_read(\result) && \result->type == type;
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
  ensures \result == GN_OK || \result == GN_ERR_FORM;
*/
GN_MUST_USE gn_err gn_frame_rules_check(uint64_t type, gn_packet_kind kind, bool sender_is_server,
                                        gn_fault *fault);

#endif
