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

/* The draws that gn_rng_below throws away at most; as many in a row come once in 2^64 calls. */
#define GN_RNG_AGAIN_MAX 64

/* Nobody draws so often; up to here there is room for another call. */
#define GN_RNG_DRAWS_MAX (UINT64_MAX / 2)

/* One stream. It may be copied; the copy then draws the same numbers. */
typedef struct gn_rng {
    uint8_t key[GN_SIPHASH_KEY_BYTES];
    uint64_t drawn; /* how many 64-bit numbers so far */
} gn_rng;

/* rng_ends: whether a string of n ASCII characters begins at text. */
/*@
  predicate rng_ends{L}(char *text, integer n) =
    \valid_read(text + (0 .. n)) && text[n] == 0 &&
    \forall integer i; 0 <= i < n ==> text[i] > 0;
*/

/* The stream that purpose ("cid", "challenge", ...) and number select of the seed's. */
/*@
  requires \valid(rng) && \valid_read(seed + (0 .. GN_RNG_SEED_BYTES - 1));
  requires apart: \separated(rng, seed + (0 .. GN_RNG_SEED_BYTES - 1)) &&
    \separated(rng, purpose + (0 .. GN_RNG_PURPOSE_MAX));
  requires purpose: \exists integer n; 0 <= n <= GN_RNG_PURPOSE_MAX && rng_ends(purpose, n);
  terminates \true; exits \false;
  assigns *rng;
  ensures rng->drawn == 0;
*/
void gn_rng_init(gn_rng *rng, const uint8_t seed[GN_RNG_SEED_BYTES], const char *purpose,
                 uint64_t number);

/* The next 64 bits. */
/*@
  requires \valid(rng) && rng->drawn < UINT64_MAX;
  terminates \true; exits \false;
  assigns rng->drawn;
  assigns \result \from *rng;
  ensures rng->drawn == \old(rng->drawn) + 1;
*/
uint64_t gn_rng_u64(gn_rng *rng);

/* The next n bytes; draws one number for every 8 begun. */
/*@
  requires \valid(rng) && \valid(out + (0 .. n - 1)) && \separated(rng, out + (0 .. n - 1));
  requires rng->drawn <= GN_RNG_DRAWS_MAX;
  terminates \true; exits \false;
  assigns rng->drawn, out[0 .. n - 1];
  ensures \old(rng->drawn) <= rng->drawn <= \old(rng->drawn) + n / 8 + 1;
*/
void gn_rng_fill(gn_rng *rng, uint8_t *out, size_t n);

/* A number below bound, each equally likely. bound must not be 0. */
/*@
  requires \valid(rng) && rng->drawn <= GN_RNG_DRAWS_MAX && bound > 0;
  terminates \true; exits \false;
  assigns rng->drawn;
  ensures \result < bound;
  ensures \old(rng->drawn) < rng->drawn <= \old(rng->drawn) + 1 + GN_RNG_AGAIN_MAX;
*/
uint64_t gn_rng_below(gn_rng *rng, uint64_t bound);

#endif
