/*
 * ct.h: what secrets need: comparing in constant time, and wiping for good.
 */
#ifndef GN_BASE_CT_H
#define GN_BASE_CT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the len bytes are equal, in a time that depends on len alone. */
/*@
  requires a: \valid_read(a + (0 .. len - 1));
  requires b: \valid_read(b + (0 .. len - 1));
  terminates \true; exits \false;
  assigns \nothing;
  ensures same: \result <==> (\forall integer i; 0 <= i < len ==> a[i] == b[i]);
*/
bool gn_ct_equal(const uint8_t *a, const uint8_t *b, size_t len);

/* Sets len bytes to zero, also where the compiler can see that nobody reads them again. */
/*@
  requires \valid(bytes + (0 .. len - 1));
  terminates \true; exits \false;
  assigns bytes[0 .. len - 1] \from \nothing;
  ensures gone: \forall integer i; 0 <= i < len ==> bytes[i] == 0;
*/
void gn_ct_wipe_bytes(uint8_t *bytes, size_t len);

/* The same for any object. */
static inline void
gn_ct_wipe(void *ptr, size_t len)
{
    gn_ct_wipe_bytes(ptr, len);
}

#endif
