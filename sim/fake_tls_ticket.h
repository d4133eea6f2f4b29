/*
 * fake_tls_ticket.h: the tickets of the stand-in for TLS. They hide nothing, but nobody can change
 * one unnoticed, and everything that decides about 0-RTT is as with the real ones.
 */
#ifndef GN_SIM_FAKE_TLS_TICKET_H
#define GN_SIM_FAKE_TLS_TICKET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/siphash.h"
#include "base/span.h"
#include "tls/tls.h"
#include "tls/tls_strikes.h"
#include "tls/tls_terms.h"

enum { GN_SIM_FAKE_TICKET_SECRET = 32, GN_SIM_FAKE_TICKET_BYTES = 105 };

typedef struct gn_sim_fake_ticket {
    uint64_t id;
    int64_t issued_ms;
    bool early; /* 0-RTT may be tried with it */
    uint8_t terms[GN_TLS_TERMS_BYTES];
    uint8_t secret[GN_SIM_FAKE_TICKET_SECRET];
} gn_sim_fake_ticket;

/* What a server's context has for tickets. */
typedef struct gn_sim_fake_tickets {
    uint8_t key[GN_SIPHASH_KEY_BYTES];
    int64_t life_ms;
    uint64_t issued; /* so many */
    uint8_t each;    /* on a connection */
    bool early;
    bool strict;
    gn_tls_strikes strikes;
} gn_sim_fake_tickets;

void gn_sim_fake_tickets_init(gn_sim_fake_tickets *tickets, const gn_tls_config *config);

/* Another ticket for these terms, bound to protocol and name. */
void gn_sim_fake_ticket_issue(gn_sim_fake_tickets *tickets, const gn_tls_terms *terms, gn_span alpn,
                              gn_span name, int64_t now_ms, uint8_t out[GN_SIM_FAKE_TICKET_BYTES]);

/* Reads one without looking at its seal. False: not of its length. */
bool gn_sim_fake_ticket_read(gn_span bytes, gn_sim_fake_ticket *out);

/* Server: whether it is one of its own, not too old, and of this version of QUIC (RFC 9369 5). */
bool gn_sim_fake_ticket_open(const gn_sim_fake_tickets *tickets, const gn_tls_terms *terms,
                             gn_span bytes, int64_t now_ms, gn_sim_fake_ticket *out);

/* Server: whether it may bring 0-RTT now, and then no more. */
bool gn_sim_fake_ticket_accepts(gn_sim_fake_tickets *tickets, const gn_sim_fake_ticket *ticket,
                                const gn_tls_terms *terms, gn_span alpn, gn_span name,
                                int64_t now_ms);

#endif
