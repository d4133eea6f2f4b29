/*
 * span.h: bytes somebody else owns, to be read only.
 */
#ifndef GN_BASE_SPAN_H
#define GN_BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/* ptr may be null when len is 0. A span lasts as long as the bytes it was cut from. */
typedef struct gn_span {
    const uint8_t *ptr;
    size_t len;
} gn_span;

/* The len bytes from ptr on. */
/*@
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result.ptr == ptr && \result.len == len;
*/
static inline gn_span
gn_span_of(const uint8_t *ptr, size_t len)
{
    return (gn_span){.ptr = ptr, .len = len};
}

/* Whether both hold the same bytes. Not for secrets (see ct.h). */
/*@
  requires a: \valid_read(a.ptr + (0 .. a.len - 1));
  requires b: \valid_read(b.ptr + (0 .. b.len - 1));
  terminates \true; exits \false;
  assigns \nothing;
  ensures same: \result <==>
    a.len == b.len && \forall integer i; 0 <= i < a.len ==> a.ptr[i] == b.ptr[i];
*/
static inline bool
gn_span_equal(gn_span a, gn_span b)
{
    return a.len == b.len && gn_bytes_equal(a.ptr, b.ptr, a.len);
}

#endif
