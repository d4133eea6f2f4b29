/*
 * prop_rng.c: streams of one seed have nothing to do with each other, a copy
 * goes on alike, and bytes are numbers low byte first.
 *
 * The first 32 bytes are the seed, the next 8 make the stream's number, and
 * the rest are bounds and lengths to draw with.
 */
#include <string.h>

#include "base/rng.h"
#include "prop.h"

static bool
draws_alike(gn_rng a, gn_rng b)
{
    return gn_rng_u64(&a) == gn_rng_u64(&b);
}

static bool
fill_is_numbers(gn_rng *rng, size_t n)
{
    gn_rng twin = *rng;
    uint8_t out[257];
    uint64_t word = 0;

    memset(out, 0x5a, sizeof out);
    gn_rng_fill(rng, out, n);
    for (size_t i = 0; i < n; i++) {
        if (i % 8 == 0)
            word = gn_rng_u64(&twin);
        if (out[i] != (uint8_t)(word >> 8 * (i % 8)))
            return false;
    }
    return out[n] == 0x5a && twin.drawn == rng->drawn;
}

bool
gn_prop_rng(const uint8_t *bytes, size_t len)
{
    uint64_t number = 0;
    gn_rng rng;
    gn_rng other;

    if (len < GN_RNG_SEED_BYTES + sizeof number)
        return true;
    memcpy(&number, bytes + GN_RNG_SEED_BYTES, sizeof number);
    gn_rng_init(&rng, bytes, "prop", number);
    gn_rng_init(&other, bytes, "prop", number);
    if (rng.drawn != 0 || !draws_alike(rng, other))
        return false;
    gn_rng_init(&other, bytes, "prop", number + 1);
    if (draws_alike(rng, other))
        return false;
    gn_rng_init(&other, bytes, "prop2", number);
    if (draws_alike(rng, other))
        return false;

    for (size_t i = GN_RNG_SEED_BYTES + sizeof number; i < len; i++) {
        const uint64_t bound = (uint64_t)bytes[i] + 1;
        if (gn_rng_below(&rng, bound) >= bound || !fill_is_numbers(&rng, bytes[i]))
            return false;
        other = rng;
        if (!draws_alike(rng, other))
            return false;
    }
    return true;
}
