/*
 * jitter.c: see jitter.h.
 */
#include "sim/jitter.h"

/* Whole spreads beyond which the tail is cut. */
#define JITTER_TAIL_MAX 15

static uint64_t
jitter_tail(gn_sim_prng *prng)
{
    uint64_t coins = gn_sim_prng_next(prng);
    uint64_t whole = 0;

    while ((coins & 1) != 0 && whole < JITTER_TAIL_MAX) {
        whole++;
        coins >>= 1;
    }
    return whole;
}

static uint64_t
jitter_ones(uint64_t bits)
{
    uint64_t count = 0;

    for (; bits != 0; bits &= bits - 1)
        count++;
    return count;
}

/* Binomial, 16 trials of 1/16: nearly Poisson with mean 1. */
static uint64_t
jitter_about_one(gn_sim_prng *prng)
{
    const uint64_t draw = gn_sim_prng_next(prng);

    return jitter_ones(draw & draw >> 16 & draw >> 32 & draw >> 48);
}

/* Binomial, 64 trials of 3/16: nearly Poisson with mean 12. */
static uint64_t
jitter_about_twelve(gn_sim_prng *prng)
{
    const uint64_t quarter = gn_sim_prng_next(prng) & gn_sim_prng_next(prng);
    const uint64_t first = gn_sim_prng_next(prng);

    return jitter_ones(quarter & (first | gn_sim_prng_next(prng)));
}

static uint64_t
jitter_wifi(gn_sim_prng *prng, uint64_t spread_us)
{
    const uint64_t shared_us = 2 * jitter_about_one(prng) * spread_us;
    uint64_t extra_us = gn_sim_prng_below(prng, shared_us + 1);

    if (gn_sim_prng_below(prng, GN_SIM_JITTER_WIFI_EVERY) == 0)
        extra_us += jitter_about_twelve(prng) * spread_us * 15 / 2;
    return extra_us;
}

uint64_t
gn_sim_jitter_next(gn_sim_prng *prng, gn_sim_jitter_shape shape, uint64_t spread_us)
{
    uint64_t whole = 0;

    if (spread_us == 0)
        return 0;
    if (shape == GN_SIM_JITTER_WIFI)
        return jitter_wifi(prng, spread_us);
    if (shape == GN_SIM_JITTER_TAIL)
        whole = jitter_tail(prng);
    return whole * spread_us + gn_sim_prng_below(prng, spread_us + 1);
}
