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
#include "wire/varint.h"

/* The bytes of the Length field, and the most that it can say. */
#define GN_HEADER_LENGTH_BYTES 2
#define GN_HEADER_LENGTH_MAX 0x3fff

/*@
  predicate header_cid_args{L}(gn_writer *w, gn_cid *cid) =
    \valid_read(cid) && cid->len <= GN_CID_MAX &&
    \separated(w, cid) && \separated(w->base + (0 .. w->cap - 1), cid);
  predicate header_span_args{L}(gn_writer *w, gn_span s) =
    \valid_read(s.ptr + (0 .. s.len - 1)) && \separated(w, s.ptr + (0 .. s.len - 1)) &&
    \separated(w->base + (0 .. w->cap - 1), s.ptr + (0 .. s.len - 1));
  // A long header: kind, both connection IDs' lengths, the token's, the packet number's.
  logic integer header_bytes(integer kind, integer dcid, integer scid, integer token, integer pn) =
    7 + dcid + scid + (kind == GN_PACKET_INITIAL ? varint_size(token) + token : 0) +
    GN_HEADER_LENGTH_BYTES + pn;
*/

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
  requires kind == GN_PACKET_INITIAL || kind == GN_PACKET_ZERO_RTT || kind == GN_PACKET_HANDSHAKE;
  requires kind != GN_PACKET_INITIAL ==> token.len == 0;
  requires 1 <= pn_size <= 4 && token.len <= GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1], *length_at;
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL;
  ensures length: \result == GN_OK ==> *length_at + GN_HEADER_LENGTH_BYTES + pn_size == w->at;
  ensures size: \result == GN_OK ==>
    w->at == \old(w->at) + header_bytes(kind, dcid->len, scid->len, token.len, pn_size);
  ensures room: \result == GN_ERR_FULL ==>
    !writer_room{Pre}(w, header_bytes(kind, dcid->len, scid->len, token.len, pn_size));
  ensures kept: \result != GN_OK ==> w->at == \old(w->at) && *length_at == \old(*length_at);
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
  requires writer_ok(w) && header_cid_args(w, dcid);
  requires 1 <= pn_size <= 4;
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL;
  ensures size: \result == GN_OK ==> w->at == \old(w->at) + 1 + dcid->len + pn_size;
  ensures room: \result == GN_ERR_FULL ==> !writer_room{Pre}(w, 1 + dcid->len + pn_size);
  ensures kept: \result != GN_OK ==> w->at == \old(w->at);
*/
GN_MUST_USE gn_err gn_header_write_short(gn_writer *w, const gn_cid *dcid, bool spin,
                                         bool key_phase, uint64_t pn, size_t pn_size);

#endif
