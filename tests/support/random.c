/*
 * random.c: see random.h.
 */
#include "tests/support/random.h"

uint64_t
gn_test_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

void
gn_test_random_fill(uint64_t *state, uint8_t *out, size_t len)
{
    uint64_t word = 0;

    for (size_t i = 0; i < len; i++) {
        if (i % 8 == 0)
            word = gn_test_random(state);
        out[i] = (uint8_t)(word >> (8 * (i % 8)));
    }
}
