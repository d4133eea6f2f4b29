/*
 * bytes.h: stands in for base/bytes.h, byte by byte, so that no more than the bytes told are
 * touched, and the solver sees each of them.
 */
#ifndef GN_BASE_BYTES_H
#define GN_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline void
gn_bytes_copy(uint8_t *out, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = bytes[i];
}

#endif
