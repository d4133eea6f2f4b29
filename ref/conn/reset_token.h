/*
 * reset_token.h: the stateless reset token of a connection ID we chose (RFC 9000 10.3.2).
 *
 * A keyed hash of the connection ID, so that an endpoint that has forgotten
 * the connection still knows its token.
 *
 * IDs of eight bytes and more are drawn from so many that none comes twice. Shorter ones do come
 * again, for other connections: there each connection has a key of its own, which nobody knows any
 * more once it is over, and so no such ID is ever answered with a reset.
 */
#ifndef GN_CONN_RESET_TOKEN_H
#define GN_CONN_RESET_TOKEN_H

#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/siphash.h"
#include "wire/cid.h"

/* Two SipHash keys, one for each half of a token. */
typedef struct gn_reset_token_key {
    uint8_t half[2][GN_SIPHASH_KEY_BYTES];
} gn_reset_token_key;

/* The least length of IDs that an endpoint gives away the tokens of. */
#define GN_RESET_TOKEN_CID_MIN 8

/* The key for the IDs of this length of one connection, which has a number of its own. */
gn_reset_token_key gn_reset_token_key_for(const gn_reset_token_key *key, size_t cid_len,
                                          uint64_t connection);

void gn_reset_token_of(const gn_reset_token_key *key, const gn_cid *cid,
                       uint8_t token[GN_RESET_TOKEN_BYTES]);

#endif
