/*
 * reset_token.c: see reset_token.h.
 */
#include "conn/reset_token.h"

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
