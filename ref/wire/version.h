/*
 * version.h: QUIC version numbers (RFC 8999 5.4, RFC 9000 15).
 */
#ifndef GN_WIRE_VERSION_H
#define GN_WIRE_VERSION_H

#include <stdbool.h>
#include <stdint.h>

/* The version field that marks a Version Negotiation packet: no version at all. */
#define GN_VERSION_NEGOTIATION UINT32_C(0x00000000)
#define GN_VERSION_1 UINT32_C(0x00000001)
#define GN_VERSION_2 UINT32_C(0x6b3343cf) /* RFC 9369 */

/* RFC 9000 15: 0x?a?a?a?a is never a real version; it exercises version negotiation. */
/*@
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> (version & 0x0f0f0f0f) == 0x0a0a0a0a;
*/
static inline bool
gn_version_is_reserved(uint32_t version)
{
    return (version & UINT32_C(0x0f0f0f0f)) == UINT32_C(0x0a0a0a0a);
}

#endif
