/*
 * address_token.h: the address validation token a connection holds (RFC 9000 8.1).
 *
 * A client begins with the token it was given for a new connection, or with
 * none; a Retry replaces it, once; when the handshake is over, the place is
 * free for the token that the server gives for next time. A server keeps no
 * token, only what a Retry of its own has fixed.
 */
#ifndef GN_CONN_ADDRESS_TOKEN_H
#define GN_CONN_ADDRESS_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/span.h"
#include "wire/cid.h"

/* NEW_TOKEN frames that a server sends at most on one connection. */
#define GN_ADDRESS_TOKENS_MAX 8

/* Invariant: len <= GN_TOKEN_MAX. */
typedef struct gn_address_token {
    gn_cid retry_scid; /* RFC 9000 7.3: what the Retry chose, when there was one */
    uint8_t retried;   /* a Retry came before this connection went on */
    uint8_t news;      /* client: a token for next time, that the application was not told of */
    uint8_t owed;      /* server: NEW_TOKEN frames still to be sent */
    uint16_t len;
    uint8_t bytes[GN_TOKEN_MAX];
} gn_address_token;

/* What goes into Initial packets. */
static inline gn_span
gn_address_token_span(const gn_address_token *t)
{
    return gn_span_of(t->bytes, t->len);
}

/* Keeps a copy. False: longer than GN_TOKEN_MAX, and nothing is changed. */
bool gn_address_token_keep(gn_address_token *t, gn_span bytes);

#endif
