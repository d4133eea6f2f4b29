/*
 * early.h: 0-RTT: how a connection stands to it (RFC 9000 7.4.1, 17.2.3; RFC 9001 4.6, 4.9.3, 5.6).
 *
 *               client                                     server
 *     unavailable    nothing to resume with, or no wish        unavailable
 *     not attempted  it could have been tried                      | TLS accepts
 *     attempted      sent under the limits remembered          accepted
 *       |       \                                              its key goes 3 PTO after
 *     accepted  rejected                                       the handshake is complete
 *     the key goes with the first 1-RTT key
 *
 * 0-RTT packets are of the application data space, whose numbers, log and
 * acknowledgments they share with 1-RTT packets; only their key is another one.
 */
#ifndef GN_CONN_EARLY_H
#define GN_CONN_EARLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/slots.h"
#include "base/time.h"
#include "crypto/keys.h"
#include "gnomon.h"
#include "tls/tls_terms.h"
#include "wire/frame.h"
#include "wire/tparams.h"

/* Tickets that may wait to be told; further ones push out the oldest. */
#define GN_EARLY_TICKETS_MAX 4

/* Invariant: see gn_early_check. */
typedef struct gn_early {
    gn_keys keys;                        /* client: tx alone, server: rx alone */
    gn_time discard_at;                  /* server: when the key goes; GN_NEVER: not yet known */
    uint64_t limit[GN_TLS_TERMS_LIMITS]; /* client: that 0-RTT went by */
    uint64_t server_name;                /* client: a hash of it, for tickets */
    uint64_t refused_below;              /* client: numbers of packets that were rejected */
    uint32_t tickets;                    /* client: a chain of chunks, the oldest first */
    uint8_t ticket_count;
    uint8_t status; /* gn_zero_rtt */
    uint8_t resumed;
    uint8_t reserved;
} gn_early;

void gn_early_init(gn_early *e, uint32_t version);

/* The limits that a server may not lower (RFC 9000 7.4.1, RFC 9221 3). */
void gn_early_limits(const gn_tparams *p, uint64_t out[GN_TLS_TERMS_LIMITS]);

/*
 * Client, 0-RTT accepted: GN_ERR_FORM when the server's new parameters take back what it granted.
 */
GN_MUST_USE gn_err gn_early_judge(const gn_early *e, const gn_tparams *peer, gn_fault *fault);

/* Client: PROTOCOL_VIOLATION when an ACK covers rejected 0-RTT packets (RFC 9001 4.6.2). */
GN_MUST_USE gn_err gn_early_judge_ack(const gn_early *e, const gn_frame_ack *ack, gn_fault *fault);

/* Whether a client may protect 0-RTT packets now: few are left when the key is worn (9001 6.6). */
bool gn_early_can_seal(const gn_early *e);

/* Whether a server can open them. */
static inline bool
gn_early_can_open(const gn_early *e)
{
    return gn_keys_can_open(&e->keys);
}

/* Whether streams may be used before the handshake is complete, on either side. */
static inline bool
gn_early_may_stream(const gn_early *e)
{
    return e->status >= GN_ZERO_RTT_ATTEMPTED;
}

/* Client: keeps a blob for the application, in a chunk of its own. Nothing is kept without one. */
void gn_early_keep(gn_early *e, gn_slots chunks, gn_span blob);

/* Client: the oldest blob, copied to out, which has GN_RESUMPTION_MAX bytes; 0: none is left. */
size_t gn_early_take(gn_early *e, gn_slots chunks, uint8_t *out);

/* Gives everything back. */
void gn_early_wipe(gn_early *e, gn_slots keys, gn_slots chunks);

#endif
