/*
 * ct.c: see ct.h.
 */
#include "base/ct.h"

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

/* Each write through volatile must happen, whether or not anybody reads it. */
void
gn_ct_wipe_bytes(uint8_t *bytes, size_t len)
{
    volatile uint8_t *p = bytes;

    /*@
      loop invariant 0 <= i <= len;
      loop assigns i, p[0 .. len - 1];
      loop variant len - i;
    */
    for (size_t i = 0; i < len; i++)
        p[i] = 0;
}
