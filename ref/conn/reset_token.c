/*
 * reset_token.c: see reset_token.h.
 */
#include "conn/reset_token.h"

/* [R-9000-10.3.2-3] */
gn_reset_token_key
gn_reset_token_key_for(const gn_reset_token_key *key, size_t cid_len, uint64_t connection)
{
    gn_reset_token_key own = *key;

    if (cid_len >= GN_RESET_TOKEN_CID_MIN)
        return own;
    for (int half = 0; half < 2; half++)
        for (int i = 0; i < 8; i++)
            own.half[half][i] ^= (uint8_t)(connection >> 8 * i & 0xff);
    return own;
}

/* [R-9000-10.3.2-1] */
void
gn_reset_token_of(const gn_reset_token_key *key, const gn_cid *cid,
                  uint8_t token[GN_RESET_TOKEN_BYTES])
{
    for (int half = 0; half < 2; half++) {
        /* [R-9000-10.3.2-5] */
        uint64_t hash = gn_siphash(key->half[half], cid->bytes, cid->len);
        for (int i = 0; i < 8; i++) {
            token[8 * half + i] = (uint8_t)(hash & 0xff);
            hash >>= 8;
        }
    }
}
