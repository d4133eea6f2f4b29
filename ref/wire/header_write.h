/*
 * header_write.h: packet headers before protection (RFC 9000 17.2, 17.3.1).
 *
 * The fixed bit is always one, the reserved bits always zero. The Length
 * field of a long header is written as two bytes, and filled in when the
 * packet is complete.
 */
#ifndef GN_WIRE_HEADER_WRITE_H
#define GN_WIRE_HEADER_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"
#include "base/writer.h"
#include "wire/cid.h"
#include "wire/header_read.h"
#include "wire/pktnum.h"
#include "wire/varint.h"

/* The bytes of the Length field, and the most that it can say. */
#define GN_HEADER_LENGTH_BYTES 2
#define GN_HEADER_LENGTH_MAX 0x3fff

/*
 * header_bytes: what a long header takes, from its kind, the lengths of the
 * connection IDs and the token, and the size of the packet number. header_pn:
 * the number that the bytes of a packet number say.
 */
/*@
  predicate header_span_args{L}(gn_writer *w, gn_span s) =
    \valid_read(s.ptr + (0 .. s.len - 1)) && \separated(w, s.ptr + (0 .. s.len - 1)) &&
    \separated(w->base + (0 .. w->cap - 1), s.ptr + (0 .. s.len - 1));
  predicate header_cid_args{L}(gn_writer *w, gn_cid *cid) =
    \valid_read(cid) && cid->len <= GN_CID_MAX &&
    \separated(w, cid) && \separated(w->base + (0 .. w->cap - 1), cid);
  logic integer header_token_bytes(integer kind, integer token) =
    kind == GN_PACKET_INITIAL ? varint_size(token) + token : 0;
  logic integer header_bytes(integer kind, integer dcid, integer scid, integer token, integer pn) =
    7 + dcid + scid + header_token_bytes(kind, token) + GN_HEADER_LENGTH_BYTES + pn;
  predicate header_same{L}(uint8_t *p, uint8_t *q, integer n) =
    \forall integer i; 0 <= i < n ==> p[i] == q[i];
  logic integer header_pn{L}(uint8_t *p, integer size) =
    size == 1 ? p[0] : size == 2 ? be16(p) : size == 3 ? p[0] * 0x10000 + be16(p + 1) : be32(p);
*/

/*
 * Writes what every long header begins with (RFC 8999 5.1): the first byte, the
 * version, and the connection IDs, each of at most 255 bytes and behind its
 * length. Answers how many bytes that were; there must be room for them at p.
 */
/*@
  requires dcid.len <= 255 && scid.len <= 255;
  requires \valid(p + (0 .. 6 + dcid.len + scid.len));
  requires \valid_read(dcid.ptr + (0 .. dcid.len - 1));
  requires \valid_read(scid.ptr + (0 .. scid.len - 1));
  requires \separated(p + (0 .. 6 + dcid.len + scid.len), dcid.ptr + (0 .. dcid.len - 1));
  requires \separated(p + (0 .. 6 + dcid.len + scid.len), scid.ptr + (0 .. scid.len - 1));
  terminates \true; exits \false;
  assigns p[0 .. 6 + dcid.len + scid.len];
  ensures size: \result == 7 + dcid.len + scid.len;
  ensures first: p[0] == first && be32(p + 1) == version;
  ensures lengths: p[5] == dcid.len && p[6 + dcid.len] == scid.len;
  ensures dcid: header_same(p + 6, dcid.ptr, dcid.len);
  ensures scid: header_same(p + (7 + dcid.len), scid.ptr, scid.len);
*/
size_t gn_header_write_ids(uint8_t *p, uint8_t first, uint32_t version, gn_span dcid, gn_span scid);

/*
 * Writes an Initial, 0-RTT or Handshake header with the low pn_size (1 to 4)
 * bytes of pn behind it. The token goes into Initial packets; for the other
 * kinds it must be empty. *length_at is the offset of the Length field in the
 * writer; the packet number starts GN_HEADER_LENGTH_BYTES behind it.
 * GN_ERR_FULL moves nothing.
 */
/*@
  requires writer_ok(w) && \valid(length_at);
  requires \separated(w, length_at, w->base + (0 .. w->cap - 1));
  requires header_cid_args(w, dcid) && header_cid_args(w, scid) && header_span_args(w, token);
  requires \separated(length_at, dcid) && \separated(length_at, scid);
  requires header_numbered(kind) && (kind != GN_PACKET_INITIAL ==> token.len == 0);
  requires 1 <= pn_size <= 4 && token.len <= GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns w->at, *length_at;
  assigns w->base[w->at .. writer_past(w, header_bytes(kind, dcid->len, scid->len, token.len,
                                                      pn_size)) - 1];
  ensures ok: writer_ok(w);
  behavior full:
    assumes !writer_room(w, header_bytes(kind, dcid->len, scid->len, token.len, pn_size));
    ensures \result == GN_ERR_FULL && writer_kept{Pre, Post}(w);
    ensures kept: *length_at == \old(*length_at);
  behavior good:
    assumes writer_room(w, header_bytes(kind, dcid->len, scid->len, token.len, pn_size));
    ensures says: \result == GN_OK;
    ensures taken: w->at ==
      \old(w->at) + header_bytes(kind, dcid->len, scid->len, token.len, pn_size);
    ensures length: *length_at == w->at - pn_size - GN_HEADER_LENGTH_BYTES;
    ensures first: w->base[\old(w->at)] == 0xc0 + version_bits(version, kind) * 0x10 + pn_size - 1;
    ensures version: be32(w->base + \old(w->at) + 1) == version;
    ensures dcid: w->base[\old(w->at) + 5] == dcid->len &&
      header_same(w->base + (\old(w->at) + 6), &dcid->bytes[0], dcid->len);
    ensures scid: w->base[\old(w->at) + 6 + dcid->len] == scid->len &&
      header_same(w->base + (\old(w->at) + 7 + dcid->len), &scid->bytes[0], scid->len);
    ensures token_len: kind == GN_PACKET_INITIAL ==>
      varint_told(w->base[*length_at - header_token_bytes(kind, token.len)]) ==
        varint_size(token.len) &&
      varint_value(w->base + (*length_at - header_token_bytes(kind, token.len))) == token.len;
    ensures token: header_same(w->base + (*length_at - token.len), token.ptr, token.len);
    ensures pn: header_pn(w->base + (w->at - pn_size), pn_size) == pn % pktnum_window(pn_size);
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE gn_err gn_header_write_long(gn_writer *w, gn_packet_kind kind, uint32_t version,
                                        const gn_cid *dcid, const gn_cid *scid, gn_span token,
                                        uint64_t pn, size_t pn_size, size_t *length_at);

/* The bytes that gn_header_write_long takes, packet number included. */
/*@
  requires \valid_read(dcid) && \valid_read(scid);
  requires token_len <= GN_VARINT_MAX && pn_size <= 4;
  terminates \true; exits \false;
  assigns \nothing;
  ensures size: \result == header_bytes(kind, dcid->len, scid->len, token_len, pn_size);
*/
size_t gn_header_write_long_size(gn_packet_kind kind, const gn_cid *dcid, const gn_cid *scid,
                                 size_t token_len, size_t pn_size);

/*
 * Fills in the Length field at length_at: packet number, payload and the
 * AEAD's tag, in bytes, at most GN_HEADER_LENGTH_MAX (traps above).
 */
/*@
  requires writer_ok(w) && length_at + GN_HEADER_LENGTH_BYTES <= w->at;
  requires length <= GN_HEADER_LENGTH_MAX;
  terminates \true; exits \false;
  assigns w->base[length_at .. length_at + 1];
  ensures value: varint_value(w->base + length_at) == length;
  ensures told: varint_told(w->base[length_at]) == GN_HEADER_LENGTH_BYTES;
*/
void gn_header_write_length(gn_writer *w, size_t length_at, size_t length);

/*
 * Writes a 1-RTT header with the low pn_size (1 to 4) bytes of pn behind it.
 * The packet number starts dcid->len + 1 bytes behind where the writer stood.
 * GN_ERR_FULL moves nothing.
 */
/*@
  requires writer_ok(w) && header_cid_args(w, dcid) && 1 <= pn_size <= 4;
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. writer_past(w, 1 + dcid->len + pn_size) - 1];
  ensures ok: writer_ok(w);
  behavior full:
    assumes !writer_room(w, 1 + dcid->len + pn_size);
    ensures \result == GN_ERR_FULL && writer_kept{Pre, Post}(w);
  behavior good:
    assumes writer_room(w, 1 + dcid->len + pn_size);
    ensures \result == GN_OK && w->at == \old(w->at) + 1 + dcid->len + pn_size;
    ensures first: w->base[\old(w->at)] ==
      0x40 + (spin ? 0x20 : 0) + (key_phase ? 0x04 : 0) + pn_size - 1;
    ensures dcid: header_same(w->base + (\old(w->at) + 1), &dcid->bytes[0], dcid->len);
    ensures pn: header_pn(w->base + (w->at - pn_size), pn_size) == pn % pktnum_window(pn_size);
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE gn_err gn_header_write_short(gn_writer *w, const gn_cid *dcid, bool spin,
                                         bool key_phase, uint64_t pn, size_t pn_size);

#endif
