/*
 * jitter.c: see jitter.h.
 */
#include "sim/jitter.h"

/* Whole spreads beyond which the tail is cut. */
#define JITTER_TAIL_MAX 15

uint64_t
gn_sim_jitter_next(gn_sim_prng *prng, gn_sim_jitter_shape shape, uint64_t spread_us)
{
    uint64_t whole = 0;

    if (spread_us == 0)
        return 0;
    if (shape == GN_SIM_JITTER_TAIL) {
        uint64_t coins = gn_sim_prng_next(prng);

        while ((coins & 1) != 0 && whole < JITTER_TAIL_MAX) {
            whole++;
            coins >>= 1;
        }
    }
    return whole * spread_us + gn_sim_prng_below(prng, spread_us + 1);
}
