/*
 * version.h: QUIC version numbers, and the type bits each gives its packets (RFC 8999 5.4,
 * RFC 9000 15, 17.2, RFC 9369 3).
 */
#ifndef GN_WIRE_VERSION_H
#define GN_WIRE_VERSION_H

#include <stdbool.h>
#include <stdint.h>

/* The version field that marks a Version Negotiation packet: no version at all. */
#define GN_VERSION_NEGOTIATION UINT32_C(0x00000000)
#define GN_VERSION_1 UINT32_C(0x00000001)
#define GN_VERSION_2 UINT32_C(0x6b3343cf) /* RFC 9369 */

/*
 * version_spoken: whose packets are read and written whole. version_bits: the
 * two type bits of a long header, from the packet's kind (0 Initial, 1 0-RTT,
 * 2 Handshake, 3 Retry); version_kind is its inverse.
 */
/*@
  predicate version_spoken(integer version) =
    version == GN_VERSION_1 || version == GN_VERSION_2;
  logic integer version_bits(integer version, integer kind) =
    version == GN_VERSION_2 ? (kind + 1) % 4 : kind;
  logic integer version_kind(integer version, integer bits) =
    version == GN_VERSION_2 ? (bits + 3) % 4 : bits;
*/

/* Whether we read and write packets of this version. */
/*@
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> version_spoken(version);
*/
static inline bool
gn_version_is_spoken(uint32_t version)
{
    return version == GN_VERSION_1 || version == GN_VERSION_2;
}

/* RFC 9000 17.2, Table 5; RFC 9369 3.2: version 2 turns the type bits on by one. [R-9369-3.2-1] */
/*@
  requires kind < 4;
  terminates \true; exits \false;
  assigns \nothing;
  ensures bits: \result == version_bits(version, kind) && \result < 4;
  ensures back: version_kind(version, \result) == kind;
*/
static inline unsigned
gn_version_bits(uint32_t version, unsigned kind)
{
    return version == GN_VERSION_2 ? (kind + 1) % 4 : kind;
}

/* And back. */
/*@
  requires bits < 4;
  terminates \true; exits \false;
  assigns \nothing;
  ensures kind: \result == version_kind(version, bits) && \result < 4;
  ensures back: version_bits(version, \result) == bits;
*/
static inline unsigned
gn_version_kind(uint32_t version, unsigned bits)
{
    return version == GN_VERSION_2 ? (bits + 3) % 4 : bits;
}

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
