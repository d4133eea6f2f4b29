/*
 * prop_siphash.c: the hash depends on every bit of key and message and on the
 * message's length, and on nothing else.
 *
 * The first 16 bytes are the key, the rest the message.
 */
#include <string.h>

#include "base/siphash.h"
#include "prop.h"

enum { MOST = 128 };

bool
gn_prop_siphash(const uint8_t *bytes, size_t len)
{
    uint8_t both[GN_SIPHASH_KEY_BYTES + MOST + 1] = {0};
    const size_t most = len < sizeof both - 1 ? len : sizeof both - 1;

    if (most < GN_SIPHASH_KEY_BYTES)
        return true;
    const size_t message = most - GN_SIPHASH_KEY_BYTES;
    uint8_t *const from = both + GN_SIPHASH_KEY_BYTES;
    memcpy(both, bytes, most);
    const uint64_t hash = gn_siphash(both, from, message);

    for (size_t bit = 0; bit < 8 * most; bit++) {
        both[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (gn_siphash(both, from, message) == hash)
            return false;
        both[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    if (gn_siphash(both, from, message + 1) == hash)
        return false;
    both[most] = 0xff;
    return gn_siphash(both, from, message) == hash;
}
