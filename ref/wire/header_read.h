/*
 * header_read.h: the unprotected part of a packet header (RFC 8999, RFC 9000 17).
 *
 * Nothing read here is authenticated. No failure may mean more than that the
 * packet, and with it the rest of its datagram, is dropped.
 *
 *     Long header of versions 1 and 2    Short header
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

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/be.h"
#include "base/err.h"
#include "base/span.h"
#include "wire/cid.h"
#include "wire/varint.h"
#include "wire/version.h"

/* What a packet is, as far as its first bytes say. The first four follow version 1's type bits. */
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

/*
 * header_ids_end: where the connection IDs of a long header end, in any version
 * (RFC 8999 5.1). header_kind: what a packet is. header_token_at, _length_at,
 * _pn_at and _end: where the fields of a kind with a packet number lie, and
 * where the packet ends, when its connection IDs end at `at`. header_good: what is read.
 * header_cut: what ends too soon; anything else is refused as GN_ERR_FORM.
 */
/*@
  logic integer header_ids_end{L}(uint8_t *p) = 7 + p[5] + p[6 + p[5]];
  predicate header_ids_there{L}(uint8_t *p, integer len) =
    7 <= len && 7 + p[5] <= len && header_ids_end(p) <= len;
  predicate header_ids_fit{L}(uint8_t *p) = p[5] <= GN_CID_MAX && p[6 + p[5]] <= GN_CID_MAX;
  predicate header_fixed(integer first, boolean greased) =
    first / GN_HEADER_FIXED % 2 == 1 || greased;
  logic integer header_kind{L}(uint8_t *p) =
    p[0] < GN_HEADER_LONG ? GN_PACKET_ONE_RTT :
    be32(p + 1) == GN_VERSION_1 || be32(p + 1) == GN_VERSION_2 ?
      version_kind(be32(p + 1), p[0] / 16 % 4) :
    be32(p + 1) == GN_VERSION_NEGOTIATION ? GN_PACKET_VNEG : GN_PACKET_UNKNOWN_VERSION;
  predicate header_numbered(integer kind) = kind == GN_PACKET_INITIAL ||
    kind == GN_PACKET_ZERO_RTT || kind == GN_PACKET_HANDSHAKE;

  logic integer header_token_at{L}(uint8_t *p, integer at) = at + varint_told(p[at]);
  logic integer header_length_at{L}(uint8_t *p, integer kind, integer at) =
    kind == GN_PACKET_INITIAL ? header_token_at(p, at) + varint_value(p + at) : at;
  logic integer header_pn_at{L}(uint8_t *p, integer kind, integer at) =
    header_length_at(p, kind, at) + varint_told(p[header_length_at(p, kind, at)]);
  logic integer header_end{L}(uint8_t *p, integer kind, integer at) =
    header_pn_at(p, kind, at) + varint_value(p + header_length_at(p, kind, at));
  predicate header_varint_there{L}(uint8_t *p, integer len, integer at) =
    at < len && at + varint_told(p[at]) <= len;
  predicate header_numbers_there{L}(uint8_t *p, integer len, integer kind, integer at) =
    (kind == GN_PACKET_INITIAL ==> header_varint_there(p, len, at)) &&
    header_varint_there(p, len, header_length_at(p, kind, at));

  predicate header_good{L}(uint8_t *p, integer len, integer cid_len, boolean greased) =
    len >= 1 &&
    (p[0] < GN_HEADER_LONG ?
       header_fixed(p[0], greased) && 1 + cid_len <= len :
       header_ids_there(p, len) &&
       (header_kind(p) <= GN_PACKET_RETRY ==> header_fixed(p[0], greased) && header_ids_fit(p)) &&
       (header_numbered(header_kind(p)) ==>
          header_numbers_there(p, len, header_kind(p), header_ids_end(p)) &&
          header_end(p, header_kind(p), header_ids_end(p)) <= len));
  predicate header_cut{L}(uint8_t *p, integer len, integer cid_len, boolean greased) =
    len < 1 ||
    (p[0] < GN_HEADER_LONG ?
       header_fixed(p[0], greased) && len < 1 + cid_len :
       !header_ids_there(p, len) ||
       (header_numbered(header_kind(p)) && header_fixed(p[0], greased) && header_ids_fit(p) &&
        !header_numbers_there(p, len, header_kind(p), header_ids_end(p))));

  predicate header_ids_are{L, M}(uint8_t *p, gn_header *h) =
    \at(h->version, M) == \at(be32(p + 1), L) &&
    \at(h->dcid_bytes.ptr, M) == p + 6 && \at(h->dcid_bytes.len, M) == \at(p[5], L) &&
    \at(h->scid_bytes.ptr, M) == p + \at(7 + p[5], L) &&
    \at(h->scid_bytes.len, M) == \at(p[6 + p[5]], L);
  predicate header_cid_is{L, M}(uint8_t *p, integer n, gn_cid *c) =
    \at(c->len, M) == n && \at(cid_ok(c), M) &&
    \forall integer i; 0 <= i < n ==> \at(c->bytes[i], M) == \at(p[i], L);
*/

/*
 * Reads the header of the packet that starts at bytes, in a datagram of which
 * len bytes are left. Short headers do not tell the length of their
 * destination connection ID: it is local_cid_len (at most GN_CID_MAX). Who has
 * told its peer that the fixed bit may be anything (RFC 9287 3) says greased.
 *
 * GN_ERR_SHORT: the bytes end inside the header.
 * GN_ERR_FORM: the fixed bit is zero and not greased, a connection ID is longer than 20 bytes,
 * or the Length field points behind the datagram (versions 1, 2 and short headers;
 * of other versions only RFC 8999 5.1 is read).
 */
/*@
  requires \valid_read(bytes + (0 .. len - 1));
  requires local_cid_len <= GN_CID_MAX;
  requires \valid(out) && \separated(out, bytes + (0 .. len - 1));
  terminates \true; exits \false;
  assigns *out;
  ensures good: \result == GN_OK <==>
    header_good{Pre}(bytes, len, local_cid_len, greased != 0);
  ensures cut: \result == GN_ERR_SHORT <==>
    header_cut{Pre}(bytes, len, local_cid_len, greased != 0);
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT || \result == GN_ERR_FORM;
  ensures kept: \result != GN_OK ==> *out == \old(*out);
  ensures first: \result == GN_OK ==>
    out->first == \old(bytes[0]) && out->kind == header_kind{Pre}(bytes);
  ensures in: \result == GN_OK ==> 1 <= out->packet_len <= len;
  ensures pn: \result == GN_OK && (header_numbered(out->kind) || out->kind == GN_PACKET_ONE_RTT) ==>
    1 <= out->pn_at <= out->packet_len;
  ensures short: \result == GN_OK && out->kind == GN_PACKET_ONE_RTT ==>
    out->dcid_bytes.ptr == bytes + 1 && out->dcid_bytes.len == local_cid_len &&
    out->pn_at == 1 + local_cid_len && out->packet_len == len &&
    header_cid_is{Pre, Post}(bytes + 1, local_cid_len, &out->dcid);
  ensures long: \result == GN_OK && out->kind != GN_PACKET_ONE_RTT ==>
    header_ids_are{Pre, Post}(bytes, out);
  ensures dcid: \result == GN_OK && out->kind <= GN_PACKET_RETRY ==>
    header_cid_is{Pre, Post}(bytes + 6, \old(bytes[5]), &out->dcid);
  ensures scid: \result == GN_OK && out->kind <= GN_PACKET_RETRY ==>
    header_cid_is{Pre, Post}(bytes + \old(7 + bytes[5]), \old(bytes[6 + bytes[5]]), &out->scid);
  ensures pn_at: \result == GN_OK && header_numbered(out->kind) ==>
    out->pn_at == header_pn_at{Pre}(bytes, out->kind, header_ids_end{Pre}(bytes));
  ensures end: \result == GN_OK && header_numbered(out->kind) ==>
    out->packet_len == header_end{Pre}(bytes, out->kind, header_ids_end{Pre}(bytes));
  ensures token: \result == GN_OK && out->kind == GN_PACKET_INITIAL ==>
    out->token.len == varint_value{Pre}(bytes + header_ids_end{Pre}(bytes)) &&
    out->token.ptr == bytes + header_token_at{Pre}(bytes, header_ids_end{Pre}(bytes)) &&
    \valid_read(out->token.ptr + (0 .. out->token.len - 1));
  ensures rest: \result == GN_OK && !header_numbered(out->kind) &&
    out->kind != GN_PACKET_ONE_RTT ==>
    out->packet_len == len && out->rest.ptr == bytes + header_ids_end{Pre}(bytes) &&
    out->rest.len == len - header_ids_end{Pre}(bytes);
*/
GN_MUST_USE gn_err gn_header_read_greased(const uint8_t *bytes, size_t len, size_t local_cid_len,
                                          bool greased, gn_header *out);

/* The same where the fixed bit must be one. */
/*@
  requires \valid_read(bytes + (0 .. len - 1));
  requires local_cid_len <= GN_CID_MAX;
  requires \valid(out) && \separated(out, bytes + (0 .. len - 1));
  terminates \true; exits \false;
  assigns *out;
  ensures good: \result == GN_OK <==> header_good{Pre}(bytes, len, local_cid_len, \false);
  ensures cut: \result == GN_ERR_SHORT <==> header_cut{Pre}(bytes, len, local_cid_len, \false);
  ensures kept: \result != GN_OK ==> *out == \old(*out);
  ensures in: \result == GN_OK ==> 1 <= out->packet_len <= len;
*/
GN_MUST_USE gn_err gn_header_read(const uint8_t *bytes, size_t len, size_t local_cid_len,
                                  gn_header *out);

#endif
