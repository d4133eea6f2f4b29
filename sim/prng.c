/*
 * prng.c: see prng.h.
 */
#include "sim/prng.h"

#include "base/assert.h"

static uint64_t
prng_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

gn_sim_prng
gn_sim_prng_for(uint64_t seed, const char *purpose, uint64_t number)
{
    uint64_t state = prng_mix(seed + UINT64_C(0x9e3779b97f4a7c15));

    for (const char *c = purpose; *c != '\0'; c++)
        state = prng_mix(state ^ (uint64_t)(unsigned char)*c) + UINT64_C(0x632be59bd9b4e019);
    return (gn_sim_prng){.state = prng_mix(state ^ prng_mix(number + 1))};
}

uint64_t
gn_sim_prng_next(gn_sim_prng *prng)
{
    prng->state += UINT64_C(0x9e3779b97f4a7c15);
    return prng_mix(prng->state);
}

/* Draws again rather than lean towards small numbers. */
uint64_t
gn_sim_prng_below(gn_sim_prng *prng, uint64_t bound)
{
    GN_ASSERT(bound > 0);
    const uint64_t fair = UINT64_MAX - UINT64_MAX % bound;
    uint64_t draw = gn_sim_prng_next(prng);

    while (draw >= fair)
        draw = gn_sim_prng_next(prng);
    return draw % bound;
}

bool
gn_sim_prng_chance(gn_sim_prng *prng, gn_sim_ratio ratio)
{
    GN_ASSERT(ratio.den > 0 && ratio.num <= ratio.den);
    if (ratio.num == 0)
        return false;
    if (ratio.num == ratio.den)
        return true;
    return gn_sim_prng_below(prng, ratio.den) < ratio.num;
}

void
gn_sim_prng_fill(gn_sim_prng *prng, uint8_t *out, size_t len)
{
    uint64_t word = 0;

    for (size_t i = 0; i < len; i++) {
        if (i % 8 == 0)
            word = gn_sim_prng_next(prng);
        out[i] = (uint8_t)(word >> (i % 8 * 8));
    }
}
