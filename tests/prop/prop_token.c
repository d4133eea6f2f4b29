/*
 * prop_token.c: any bytes as a token, and as what a token holds.
 *
 * What was not sealed does not open; what is sealed opens as itself, and not
 * when a byte of it is changed.
 */
#include <string.h>

#include "crypto/suite_wolfcrypt.h"
#include "crypto/token.h"
#include "prop.h"

static uint64_t
number(const uint8_t *bytes, size_t len, size_t at)
{
    uint64_t value = 0;

    for (size_t i = 0; i < 8; i++)
        value = value << 8 | (at + i < len ? bytes[at + i] : 0);
    return value;
}

bool
gn_prop_token(const uint8_t *bytes, size_t len)
{
    static const uint8_t seed[GN_RNG_SEED_BYTES] = {1};
    const uint8_t host[GN_TOKEN_HOST_BYTES] = {len > 0 ? bytes[0] : (uint8_t)0};
    const gn_suite_ops *ops = gn_suite_wolfcrypt();
    uint8_t sealed[GN_TOKEN_BYTES];
    gn_token_maker maker;
    gn_token out = {0};

    gn_token_init(&maker, ops, seed);
    if (gn_token_open(&maker, ops, gn_span_of(bytes, len), host, &out) != GN_ERR_AUTH)
        return false;
    const size_t ids = len < GN_CID_MAX ? len : GN_CID_MAX;
    const gn_token token = {.issued = number(bytes, len, 0),
                            .route = number(bytes, len, 8),
                            .original = gn_cid_from(bytes, ids),
                            .kind = (uint8_t)(len % GN_TOKEN_KINDS),
                            .hello_len = (uint8_t)(len & 0x7f),
                            .hello = number(bytes, len, 16)};
    gn_token_seal(&maker, ops, &token, host, sealed);
    if (gn_token_open(&maker, ops, gn_span_of(sealed, sizeof sealed), host, &out) != GN_OK ||
        out.issued != token.issued || out.route != token.route || out.kind != token.kind ||
        out.hello != token.hello || out.hello_len != token.hello_len ||
        !gn_cid_equal(&out.original, &token.original))
        return false;
    sealed[len % sizeof sealed] ^= 0x10;
    return gn_token_open(&maker, ops, gn_span_of(sealed, sizeof sealed), host, &out) == GN_ERR_AUTH;
}
