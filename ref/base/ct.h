/*
 * ct.h: what secrets need: comparing in constant time, and wiping for good.
 */
#ifndef GN_BASE_CT_H
#define GN_BASE_CT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the len bytes are equal, in a time that depends on len alone. */
bool gn_ct_equal(const uint8_t *a, const uint8_t *b, size_t len);

/* Sets len bytes to zero, also where the compiler can see that nobody reads them again. */
void gn_ct_wipe(void *ptr, size_t len);

#endif
