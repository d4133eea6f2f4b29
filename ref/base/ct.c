/*
 * ct.c: see ct.h.
 */
#include "base/ct.h"

#include "base/bytes.h"

bool
gn_ct_equal(const uint8_t *a, const uint8_t *b, size_t len)
{
    unsigned differ = 0;

    /*@
      loop invariant 0 <= i <= len;
      loop invariant differ == 0 <==> (\forall integer k; 0 <= k < i ==> a[k] == b[k]);
      loop assigns i, differ;
      loop variant len - i;
    */
    for (size_t i = 0; i < len; i++)
        differ |= (unsigned)a[i] ^ b[i];
    return differ == 0;
}

/* For all that the compiler knows, somebody reads the memory here; so it must be written. */
/*@
  terminates \true; exits \false;
  assigns \nothing;
*/
static inline void
ct_is_read(const uint8_t *bytes)
{
#ifndef __FRAMAC__ /* it has no opinion about the empty instruction */
    __asm__ volatile("" : : "r"(bytes) : "memory");
#else
    (void)bytes;
#endif
}

void
gn_ct_wipe_bytes(uint8_t *bytes, size_t len)
{
    gn_bytes_fill(bytes, 0, len);
    ct_is_read(bytes);
}
