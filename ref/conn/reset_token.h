/*
 * reset_token.h: the stateless reset token of a connection ID we chose (RFC 9000 10.3.2).
 *
 * A keyed hash of the connection ID, so that an endpoint that has forgotten
 * the connection still knows its token.
 */
#ifndef GN_CONN_RESET_TOKEN_H
#define GN_CONN_RESET_TOKEN_H

#include <stdint.h>

#include "base/limits.h"
#include "base/siphash.h"
#include "wire/cid.h"

/* Two SipHash keys, one for each half of a token. */
typedef struct gn_reset_token_key {
    uint8_t half[2][GN_SIPHASH_KEY_BYTES];
} gn_reset_token_key;

void gn_reset_token_of(const gn_reset_token_key *key, const gn_cid *cid,
                       uint8_t token[GN_RESET_TOKEN_BYTES]);

#endif
