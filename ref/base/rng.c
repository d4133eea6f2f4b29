/*
 * rng.c: see rng.h.
 */
#include "base/rng.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "base/ct.h"

/* Byte by byte, low first, so that every machine hashes and hands out the same bytes. */
/*@
  requires \valid(out + (0 .. 7));
  terminates \true; exits \false;
  assigns out[0 .. 7];
*/
static void
rng_store(uint8_t out[8], uint64_t word)
{
    /*@
      loop invariant 0 <= i <= 8;
      loop assigns i, word, out[0 .. 7];
      loop variant 8 - i;
    */
    for (unsigned i = 0; i < 8; i++) {
        out[i] = (uint8_t)(word % 0x100);
        word /= 0x100;
    }
}

/* The characters of a purpose. */
/*@
  requires \exists integer n; 0 <= n <= GN_RNG_PURPOSE_MAX && rng_ends(purpose, n);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <= GN_RNG_PURPOSE_MAX && rng_ends(purpose, \result);
*/
static size_t
rng_length(const char *purpose)
{
    size_t len = 0;

    /*@
      loop invariant 0 <= len <= GN_RNG_PURPOSE_MAX;
      loop invariant \forall integer i; 0 <= i < len ==> purpose[i] > 0;
      loop assigns len;
      loop variant GN_RNG_PURPOSE_MAX - len;
    */
    while (purpose[len] != '\0') {
        GN_ASSERT(len < GN_RNG_PURPOSE_MAX);
        len++;
    }
    return len;
}

/*
 * The stream's key: under the first half of the seed, the hashes of
 *   half, the second half of the seed, number, length of purpose, purpose
 * for half 0 and 1. No two choices give the same message.
 */
/*@
  requires \valid(rng) && \valid_read(seed + (0 .. GN_RNG_SEED_BYTES - 1));
  requires len <= GN_RNG_PURPOSE_MAX && rng_ends(purpose, len);
  requires \separated(rng, purpose + (0 .. len)) && \separated(rng, seed + (0 .. 31));
  terminates \true; exits \false;
  assigns rng->key[0 .. 15];
*/
static void
rng_derive(gn_rng *rng, const uint8_t *seed, const char *purpose, size_t len, uint64_t number)
{
    uint8_t message[1 + 16 + 8 + 1 + GN_RNG_PURPOSE_MAX] = {0};

    gn_bytes_copy(message + 1, seed + 16, 16);
    rng_store(message + 17, number);
    message[25] = (uint8_t)len;
    /*@
      loop invariant 0 <= i <= len;
      loop assigns i, message[26 .. 25 + len];
      loop variant len - i;
    */
    for (size_t i = 0; i < len; i++)
        message[26 + i] = (uint8_t)purpose[i];

    message[0] = 0;
    rng_store(rng->key, gn_siphash(seed, message, 26 + len));
    message[0] = 1;
    rng_store(rng->key + 8, gn_siphash(seed, message, 26 + len));
    gn_ct_wipe_bytes(message, sizeof message);
}

void
gn_rng_init(gn_rng *rng, const uint8_t seed[GN_RNG_SEED_BYTES], const char *purpose,
            uint64_t number)
{
    rng_derive(rng, seed, purpose, rng_length(purpose), number);
    rng->drawn = 0;
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
    size_t at = 0;

    /*@
      loop invariant 0 <= at <= n;
      loop invariant n > at ==> at % 8 == 0;
      loop invariant rng->drawn == \at(rng->drawn, Pre) + (at + 7) / 8;
      loop assigns at, word[0 .. 7], rng->drawn, out[0 .. n - 1];
      loop variant n - at;
    */
    while (at < n) {
        const size_t some = n - at < sizeof word ? n - at : sizeof word;
        rng_store(word, gn_rng_u64(rng));
        gn_bytes_copy(out + at, word, some);
        at += some;
    }
    gn_ct_wipe_bytes(word, sizeof word);
}

/* Draws again rather than lean towards small numbers. */
uint64_t
gn_rng_below(gn_rng *rng, uint64_t bound)
{
    GN_ASSERT(bound > 0);
    const uint64_t fair = UINT64_MAX - UINT64_MAX % bound;
    uint64_t draw = gn_rng_u64(rng);
    /*@
      loop invariant 0 <= again <= GN_RNG_AGAIN_MAX;
      loop invariant rng->drawn == \at(rng->drawn, Pre) + 1 + again;
      loop assigns again, draw, rng->drawn;
      loop variant GN_RNG_AGAIN_MAX - again;
    */
    for (int again = 0; draw >= fair && again < GN_RNG_AGAIN_MAX; again++)
        draw = gn_rng_u64(rng);
    return draw % bound;
}
