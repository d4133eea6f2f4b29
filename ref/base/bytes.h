/*
 * bytes.h: moving runs of bytes about.
 *
 * memcpy, memset and memcmp with the two things we want of them: a length of
 * nothing is always allowed, whatever the pointer, and the contract is ours.
 */
#ifndef GN_BASE_BYTES_H
#define GN_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Copies n bytes. The two runs do not overlap. */
/*@
  requires to: \valid(out + (0 .. n - 1));
  requires from: \valid_read(bytes + (0 .. n - 1));
  requires apart: \separated(out + (0 .. n - 1), bytes + (0 .. n - 1));
  terminates \true; exits \false;
  assigns out[0 .. n - 1] \from bytes[0 .. n - 1];
  ensures same: \forall integer i; 0 <= i < n ==> out[i] == bytes[i];
*/
static inline void
gn_bytes_copy(uint8_t *out, const uint8_t *bytes, size_t n)
{
    if (n > 0)
        memcpy(out, bytes, n);
}

/* Sets n bytes to the same value. */
/*@
  requires to: \valid(out + (0 .. n - 1));
  terminates \true; exits \false;
  assigns out[0 .. n - 1] \from byte;
  ensures same: \forall integer i; 0 <= i < n ==> out[i] == byte;
*/
static inline void
gn_bytes_fill(uint8_t *out, uint8_t byte, size_t n)
{
    if (n > 0)
        memset(out, byte, n);
}

/* Whether the n bytes are equal. Takes a time that depends on them: not for secrets (see ct.h). */
/*@
  requires a: \valid_read(a + (0 .. n - 1));
  requires b: \valid_read(b + (0 .. n - 1));
  terminates \true; exits \false;
  assigns \nothing;
  ensures same: \result <==> (\forall integer i; 0 <= i < n ==> a[i] == b[i]);
*/
static inline bool
gn_bytes_equal(const uint8_t *a, const uint8_t *b, size_t n)
{
    return n == 0 || memcmp(a, b, n) == 0;
}

#endif
