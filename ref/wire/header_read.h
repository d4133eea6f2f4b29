/*
 * header_read.h: the unprotected part of a packet header (RFC 8999, RFC 9000 17).
 *
 * Nothing read here is authenticated. No failure may mean more than that the
 * packet, and with it the rest of its datagram, is dropped.
 *
 *     Long header of version 1           Short header
 *     +-+-+---+----+                     +-+-+-+--+-+--+
 *     |1|1| T | pp |  first              |0|1|S|pp|K|pp|  first (p: protected)
 *     +-+-+---+----+                     +-+-+-+--+-+--+
 *     | version 32 |                     | destination |
 *     | len | dcid |                     | packet number, payload ...
 *     | len | scid |
 *     | token len, token |  Initial only
 *     | Length (varint)  |  Initial, 0-RTT, Handshake
 *     | packet number, payload ...
 */
#ifndef GN_WIRE_HEADER_READ_H
#define GN_WIRE_HEADER_READ_H

#include <stddef.h>
#include <stdint.h>

#include "base/be.h"
#include "base/err.h"
#include "base/span.h"
#include "wire/cid.h"

/* What a packet is, as far as its first bytes say. The first four follow Table 5's type bits. */
typedef enum gn_packet_kind {
    GN_PACKET_INITIAL,
    GN_PACKET_ZERO_RTT,
    GN_PACKET_HANDSHAKE,
    GN_PACKET_RETRY,
    GN_PACKET_ONE_RTT,
    GN_PACKET_VNEG,
    GN_PACKET_UNKNOWN_VERSION, /* a long header of a version that we do not speak */
    GN_PACKET_KINDS
} gn_packet_kind;

/* Bits of the first byte (RFC 9000 17.2, 17.3.1). */
#define GN_HEADER_LONG 0x80
#define GN_HEADER_FIXED 0x40
#define GN_HEADER_SPIN 0x20           /* short */
#define GN_HEADER_LONG_RESERVED 0x0c  /* long, protected */
#define GN_HEADER_SHORT_RESERVED 0x18 /* short, protected */
#define GN_HEADER_KEY_PHASE 0x04      /* short, protected */
#define GN_HEADER_PN_SIZE 0x03        /* both, protected: size of the packet number less one */

/*
 * One packet's header, its spans borrowed from the datagram. Which fields are
 * set depends on the kind; the others are left as they were:
 *
 *     field                    1-RTT  Initial  0-RTT, Handshake  Retry  VNEG, unknown version
 *     kind, first, packet_len    x       x            x            x       x
 *     dcid_bytes                 x       x            x            x       x
 *     dcid                       x       x            x            x
 *     version, scid_bytes                x            x            x       x
 *     scid                               x            x            x
 *     token                              x
 *     pn_at                      x       x            x
 *     rest                                                         x       x
 *
 * Invariant: packet_len <= the datagram's length, and pn_at <= packet_len where it is set.
 */
typedef struct gn_header {
    gn_packet_kind kind;
    uint32_t version;
    size_t pn_at;       /* offset of the packet number from the packet's first byte */
    size_t packet_len;  /* bytes of this packet; what follows is the next one of the datagram */
    gn_span dcid_bytes; /* up to 255 bytes for VNEG and unknown versions */
    gn_span scid_bytes;
    gn_span token; /* of an Initial packet, maybe empty */
    gn_span rest;  /* everything after the source connection ID */
    gn_cid dcid;
    gn_cid scid;
    uint8_t first; /* the first byte, some of its bits still protected */
} gn_header;

/*@
  predicate header_numbered(integer kind) = kind == GN_PACKET_INITIAL ||
    kind == GN_PACKET_ZERO_RTT || kind == GN_PACKET_HANDSHAKE || kind == GN_PACKET_ONE_RTT;
  // Where an invariant header's connection IDs end (RFC 8999 5.1).
  logic integer header_common_end{L}(uint8_t *p) = 7 + p[5] + p[6 + p[5]];
  predicate header_common_is{L}(uint8_t *p, gn_header *h) =
    h->version == be32(p + 1) &&
    h->dcid_bytes.ptr == p + 6 && h->dcid_bytes.len == p[5] &&
    h->scid_bytes.ptr == p + (7 + p[5]) && h->scid_bytes.len == p[6 + p[5]];
*/

/*
 * Reads the header of the packet that starts at bytes, in a datagram of which
 * len bytes are left. Short headers do not tell the length of their
 * destination connection ID: it is local_cid_len (at most GN_CID_MAX).
 *
 * GN_ERR_SHORT: the bytes end inside the header.
 * GN_ERR_FORM: the fixed bit is zero, a connection ID is longer than 20 bytes,
 * or the Length field points behind the datagram (version 1 and short headers;
 * of other versions only RFC 8999 5.1 is read).
 */
/*@
  requires \valid_read(bytes + (0 .. len - 1));
  requires local_cid_len <= GN_CID_MAX;
  requires \valid(out) && \separated(out, bytes + (0 .. len - 1));
  terminates \true; exits \false;
  assigns *out;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT || \result == GN_ERR_FORM;
  ensures kind: \result == GN_OK ==> 0 <= out->kind < GN_PACKET_KINDS;
  ensures in: \result == GN_OK ==> 1 <= out->packet_len <= len;
  ensures numbered: \result == GN_OK && header_numbered(out->kind) ==>
    1 <= out->pn_at <= out->packet_len;
  ensures first: \result == GN_OK ==> out->first == bytes[0];
  ensures short: \result == GN_OK && out->kind == GN_PACKET_ONE_RTT ==>
    out->dcid_bytes.ptr == bytes + 1 && out->dcid_bytes.len == local_cid_len &&
    out->pn_at == 1 + local_cid_len && out->packet_len == len;
  ensures long: \result == GN_OK && out->kind != GN_PACKET_ONE_RTT ==>
    header_common_end(bytes) <= len && header_common_is(bytes, out);
  ensures token: \result == GN_OK && out->kind == GN_PACKET_INITIAL ==>
    out->token.len <= out->pn_at && \valid_read(out->token.ptr + (0 .. out->token.len - 1));
  ensures rest: \result == GN_OK && !header_numbered(out->kind) ==>
    out->packet_len == len && out->rest.ptr == bytes + header_common_end(bytes) &&
    out->rest.len == len - header_common_end(bytes);
*/
GN_MUST_USE gn_err gn_header_read(const uint8_t *bytes, size_t len, size_t local_cid_len,
                                  gn_header *out);

#endif
