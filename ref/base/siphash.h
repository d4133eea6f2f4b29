/*
 * siphash.h: SipHash-2-4, a keyed hash for short messages.
 *
 * Who does not know the key can neither predict the hash nor make two
 * messages meet, so it guards hash tables that strangers fill.
 */
#ifndef GN_BASE_SIPHASH_H
#define GN_BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

#define GN_SIPHASH_KEY_BYTES 16

/* The hash of len bytes under key; the number whose little-endian bytes the algorithm gives. */
/*@
  requires key: \valid_read(key + (0 .. GN_SIPHASH_KEY_BYTES - 1));
  requires bytes: \valid_read(bytes + (0 .. len - 1));
  terminates \true; exits \false;
  assigns \result \from key[0 .. GN_SIPHASH_KEY_BYTES - 1], bytes[0 .. len - 1], len;
*/
uint64_t gn_siphash(const uint8_t key[GN_SIPHASH_KEY_BYTES], const uint8_t *bytes, size_t len);

#endif
