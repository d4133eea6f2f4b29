/*
 * token.h: address validation tokens: what a server tells itself through a client (RFC 9000 8.1).
 *
 * A token is sealed with a key of the endpoint's own, so only that endpoint
 * can make one or read one. It is bound to the client's address: another
 * address cannot open it, and to the QUIC version of the connection (RFC 9369
 * 5). All tokens of one kind have the same length.
 *
 *     nonce (12) | kind, route, issued, hello, length and bytes of the ID | tag (16)
 *                  `--------------- encrypted, 47 bytes --------------'
 *
 * A token of Retry also holds the connection ID that the client chose first
 * (RFC 9000 7.3), the route, as no port changes between two Initials, and the
 * mark of the ClientHello, which has to come again unchanged (RFC 9000
 * 17.2.5.3); one of NEW_TOKEN is for a later connection and holds none of it.
 */
#ifndef GN_CRYPTO_TOKEN_H
#define GN_CRYPTO_TOKEN_H

#include <stdint.h>

#include "base/err.h"
#include "base/rng.h"
#include "base/span.h"
#include "base/time.h"
#include "crypto/suite.h"
#include "wire/cid.h"

#define GN_TOKEN_HOST_BYTES 16

/* Bytes of what is encrypted, and of a token. */
#define GN_TOKEN_TEXT_BYTES (1 + 8 + 8 + 8 + 1 + 1 + GN_CID_MAX)
#define GN_TOKEN_BYTES (GN_SUITE_NONCE_BYTES + GN_TOKEN_TEXT_BYTES + GN_SUITE_TAG_BYTES)

typedef enum gn_token_kind { GN_TOKEN_RETRY, GN_TOKEN_NEW, GN_TOKEN_KINDS } gn_token_kind;

typedef struct gn_token {
    gn_time issued;
    uint64_t route;    /* GN_TOKEN_RETRY: where the client is; else 0 */
    gn_cid original;   /* GN_TOKEN_RETRY: the ID that the client chose first; else empty */
    uint8_t kind;      /* gn_token_kind */
    uint8_t version_2; /* 1: of a connection of QUIC version 2; 0: of version 1 */
    uint8_t hello_len; /* GN_TOKEN_RETRY: bytes of the ClientHello that hello is the hash of */
    uint64_t hello;
} gn_token;

/* The endpoint's key, and the chance for nonces. */
typedef struct gn_token_maker {
    gn_suite_slot key;
    gn_rng nonces;
} gn_token_maker;

/* Key and nonces from the endpoint's seed: two endpoints with one seed read each other's. */
void gn_token_init(gn_token_maker *maker, const gn_suite_ops *ops,
                   const uint8_t seed[GN_RNG_SEED_BYTES]);

/* Seals token for the client at host. Writes GN_TOKEN_BYTES. */
void gn_token_seal(gn_token_maker *maker, const gn_suite_ops *ops, const gn_token *token,
                   const uint8_t host[GN_TOKEN_HOST_BYTES], uint8_t out[GN_TOKEN_BYTES]);

/*
 * Opens what a client at host has sent. GN_ERR_AUTH: not ours, changed, or of
 * another address; nothing is known of it then.
 */
GN_MUST_USE gn_err gn_token_open(const gn_token_maker *maker, const gn_suite_ops *ops,
                                 gn_span bytes, const uint8_t host[GN_TOKEN_HOST_BYTES],
                                 gn_token *out);

#endif
