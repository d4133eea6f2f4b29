/*
 * random.h: reproducible chance for tests. Not for the library, nor for the simulator.
 */
#ifndef GN_TESTS_SUPPORT_RANDOM_H
#define GN_TESTS_SUPPORT_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* The next 64 bits of SplitMix64; *state is the seed before the first draw. */
uint64_t gn_test_random(uint64_t *state);

/* The next len bytes; draws one number for every 8 begun. */
void gn_test_random_fill(uint64_t *state, uint8_t *out, size_t len);

#endif
