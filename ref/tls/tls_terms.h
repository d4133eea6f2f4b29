/*
 * tls_terms.h: under which terms a server takes 0-RTT data with a ticket
 * (RFC 9000 7.4.1, RFC 9001 4.6).
 *
 * A client with 0-RTT goes by the limits that it remembers, so a server may
 * accept it only if none of them is lower now than when it issued the ticket.
 * The protocol, the server's name and what the application says must be the
 * same. All of that goes into each ticket, in 48 bytes, and comes back with it:
 * the server remembers nothing.
 *
 * A limit of 2^32 - 1 or more is only known by a digest of all of them: under
 * such terms 0-RTT needs exactly the same limits.
 */
#ifndef GN_TLS_TLS_TERMS_H
#define GN_TLS_TLS_TERMS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/siphash.h"
#include "base/span.h"

enum {
    GN_TLS_TERMS_LIMITS = 8, /* those of RFC 9000 7.4.1 and RFC 9221 3 that may not become less */
    GN_TLS_TERMS_BYTES = 48  /* of the terms in a ticket */
};

typedef struct gn_tls_terms {
    uint64_t limit[GN_TLS_TERMS_LIMITS]; /* in any order that stays the same */
    uint64_t application;                /* a hash of what the application asks to be the same */
    uint32_t version;       /* of QUIC: what a ticket is of that is issued (RFC 9369 5) */
    uint32_t first_version; /* of the client's first flight: what a ticket must be of */
} gn_tls_terms;

/* What must be the same, as one number under the server's key. Neither span is above 255 bytes. */
uint64_t gn_tls_terms_bind(const gn_tls_terms *terms, gn_span alpn, gn_span server_name,
                           const uint8_t key[GN_SIPHASH_KEY_BYTES]);

/* Writes terms and what binds them. */
void gn_tls_terms_write(const gn_tls_terms *terms, uint64_t bound, uint8_t out[GN_TLS_TERMS_BYTES]);

/*
 * Whether 0-RTT may be accepted now with a ticket issued under these: bound to
 * the same, no limit less than then, and, if strict, none another than then.
 */
bool gn_tls_terms_hold(const gn_tls_terms *now, uint64_t bound,
                       const uint8_t then[GN_TLS_TERMS_BYTES], bool strict);

#endif
