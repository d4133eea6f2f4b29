/*
 * prng.h: the only source of chance in a simulation.
 *
 * SplitMix64, one stream for each (seed, purpose, number), so that one more
 * draw on one stream never shifts another and a seed means the same run on
 * every machine. Integers only.
 */
#ifndef GN_SIM_PRNG_H
#define GN_SIM_PRNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct gn_sim_prng {
    uint64_t state;
} gn_sim_prng;

/* A probability, num in den. Invariant: num <= den and den > 0. */
typedef struct gn_sim_ratio {
    uint32_t num;
    uint32_t den;
} gn_sim_ratio;

#define GN_SIM_RATIO_ZERO ((gn_sim_ratio){0, 1})

/* The stream that purpose ("loss", "jitter", ...) and number select of the seed's. */
gn_sim_prng gn_sim_prng_for(uint64_t seed, const char *purpose, uint64_t number);

/* The next 64 bits. */
uint64_t gn_sim_prng_next(gn_sim_prng *prng);

/* A number below bound, each equally likely. bound must not be 0. */
uint64_t gn_sim_prng_below(gn_sim_prng *prng, uint64_t bound);

/* True with the probability ratio. Draws nothing when that is 0 or 1. */
bool gn_sim_prng_chance(gn_sim_prng *prng, gn_sim_ratio ratio);

/* The next len bytes; draws one number for every 8 begun. */
void gn_sim_prng_fill(gn_sim_prng *prng, uint8_t *out, size_t len);

#endif
