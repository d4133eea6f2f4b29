/*
 * ct.c: see ct.h.
 */
#include "base/ct.h"

bool
gn_ct_equal(const uint8_t *a, const uint8_t *b, size_t len)
{
    uint8_t differ = 0;

    for (size_t i = 0; i < len; i++)
        differ = (uint8_t)(differ | (a[i] ^ b[i]));
    return differ == 0;
}

/* Each write through volatile must happen, whether or not anybody reads it. */
void
gn_ct_wipe(void *ptr, size_t len)
{
    volatile uint8_t *p = ptr;

    for (size_t i = 0; i < len; i++)
        p[i] = 0;
}
