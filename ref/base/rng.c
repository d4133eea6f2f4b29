/*
 * rng.c: see rng.h.
 */
#include "base/rng.h"

#include <string.h>

#include "base/assert.h"
#include "base/ct.h"

/* Byte by byte, low first, so that every machine hashes and hands out the same bytes. */
static void
rng_store(uint8_t out[8], uint64_t word)
{
    for (unsigned i = 0; i < 8; i++)
        out[i] = (uint8_t)(word >> (8 * i));
}

/*
 * The stream's key: under the first half of the seed, the hashes of
 *   half, the second half of the seed, number, length of purpose, purpose
 * for half 0 and 1. No two choices give the same message.
 */
void
gn_rng_init(gn_rng *rng, const uint8_t seed[GN_RNG_SEED_BYTES], const char *purpose,
            uint64_t number)
{
    uint8_t message[1 + 16 + 8 + 1 + GN_RNG_PURPOSE_MAX] = {0};
    const size_t len = strlen(purpose);

    GN_ASSERT(len <= GN_RNG_PURPOSE_MAX);
    memcpy(message + 1, seed + 16, 16);
    rng_store(message + 17, number);
    message[25] = (uint8_t)len;
    memcpy(message + 26, purpose, len);

    rng->drawn = 0;
    for (uint8_t half = 0; half < 2; half++) {
        message[0] = half;
        rng_store(rng->key + 8 * half, gn_siphash(seed, message, 26 + len));
    }
    gn_ct_wipe(message, sizeof message);
}

uint64_t
gn_rng_u64(gn_rng *rng)
{
    uint8_t counter[8];

    rng_store(counter, rng->drawn);
    rng->drawn++;
    return gn_siphash(rng->key, counter, sizeof counter);
}

void
gn_rng_fill(gn_rng *rng, uint8_t *out, size_t n)
{
    uint8_t word[8];

    for (size_t at = 0; at < n; at += sizeof word) {
        const size_t some = n - at < sizeof word ? n - at : sizeof word;
        rng_store(word, gn_rng_u64(rng));
        memcpy(out + at, word, some);
    }
    gn_ct_wipe(word, sizeof word);
}

/* Draws again rather than lean towards small numbers. */
uint64_t
gn_rng_below(gn_rng *rng, uint64_t bound)
{
    GN_ASSERT(bound > 0);
    const uint64_t fair = UINT64_MAX - UINT64_MAX % bound;
    uint64_t draw = gn_rng_u64(rng);
    while (draw >= fair)
        draw = gn_rng_u64(rng);
    return draw % bound;
}
