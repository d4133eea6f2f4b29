/*
 * rng.h: all the chance there is, drawn from the caller's seed.
 *
 * SipHash-2-4 over a counter. Each stream has a key made of the seed, a
 * purpose and a number, so one more draw on one stream never shifts another,
 * and the same seed gives the same numbers on every machine.
 *
 * As strong as SipHash's key, 128 bits, if the seed is secret and random.
 */
#ifndef GN_BASE_RNG_H
#define GN_BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

#include "base/siphash.h"

#define GN_RNG_SEED_BYTES 32

/* The longest purpose, bytes without the closing zero. */
#define GN_RNG_PURPOSE_MAX 31

/* One stream. It may be copied; the copy then draws the same numbers. */
typedef struct gn_rng {
    uint8_t key[GN_SIPHASH_KEY_BYTES];
    uint64_t drawn; /* how many 64-bit numbers so far */
} gn_rng;

/* The stream that purpose ("cid", "challenge", ...) and number select of the seed's. */
void gn_rng_init(gn_rng *rng, const uint8_t seed[GN_RNG_SEED_BYTES], const char *purpose,
                 uint64_t number);

/* The next 64 bits. */
uint64_t gn_rng_u64(gn_rng *rng);

/* The next n bytes; draws one number for every 8 begun. */
void gn_rng_fill(gn_rng *rng, uint8_t *out, size_t n);

/* A number below bound, each equally likely. bound must not be 0. */
uint64_t gn_rng_below(gn_rng *rng, uint64_t bound);

#endif
