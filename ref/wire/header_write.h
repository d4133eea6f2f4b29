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

/* The bytes of the Length field, and the most that it can say. */
#define GN_HEADER_LENGTH_BYTES 2
#define GN_HEADER_LENGTH_MAX 0x3fff

/*
 * Writes an Initial, 0-RTT or Handshake header with the low pn_size (1 to 4)
 * bytes of pn behind it. The token goes into Initial packets; for the other
 * kinds it must be empty. *length_at is the offset of the Length field in the
 * writer; the packet number starts GN_HEADER_LENGTH_BYTES behind it.
 * GN_ERR_FULL moves nothing.
 */
/*@
  requires writer_ok(w) && \valid_read(dcid) && \valid_read(scid) && \valid(length_at);
  requires kind == GN_PACKET_INITIAL || kind == GN_PACKET_ZERO_RTT || kind == GN_PACKET_HANDSHAKE;
  requires kind != GN_PACKET_INITIAL ==> token.len == 0;
  requires 1 <= pn_size <= 4;
  terminates \true; exits \false;
  assigns w->at, w->base[0 .. w->cap - 1], *length_at;
  ensures \result == GN_OK || \result == GN_ERR_FULL;
  ensures \result == GN_OK ==> *length_at + GN_HEADER_LENGTH_BYTES + pn_size == w->at <= w->cap;
  ensures \result != GN_OK ==> w->at == \old(w->at) && *length_at == \old(*length_at);
*/
GN_MUST_USE gn_err gn_header_write_long(gn_writer *w, gn_packet_kind kind, uint32_t version,
                                        const gn_cid *dcid, const gn_cid *scid, gn_span token,
                                        uint64_t pn, size_t pn_size, size_t *length_at);

/* The bytes that gn_header_write_long takes, packet number included. */
size_t gn_header_write_long_size(gn_packet_kind kind, const gn_cid *dcid, const gn_cid *scid,
                                 size_t token_len, size_t pn_size);

/*
 * Fills in the Length field at length_at: packet number, payload and the
 * AEAD's tag, in bytes, at most GN_HEADER_LENGTH_MAX (traps above).
 */
/*@
  requires \valid(w) && length_at + GN_HEADER_LENGTH_BYTES <= w->at <= w->cap;
  requires length <= GN_HEADER_LENGTH_MAX;
  terminates \true; exits \false;
  assigns w->base[length_at .. length_at + 1];
*/
void gn_header_write_length(gn_writer *w, size_t length_at, size_t length);

/*
 * Writes a 1-RTT header with the low pn_size (1 to 4) bytes of pn behind it.
 * The packet number starts dcid->len + 1 bytes behind where the writer stood.
 * GN_ERR_FULL moves nothing.
 */
/*@
  requires writer_ok(w) && \valid_read(dcid);
  requires 1 <= pn_size <= 4;
  terminates \true; exits \false;
  assigns w->at, w->base[0 .. w->cap - 1];
  ensures \result == GN_OK || \result == GN_ERR_FULL;
  ensures \result == GN_OK ==> w->at == \old(w->at) + 1 + dcid->len + pn_size;
  ensures \result != GN_OK ==> w->at == \old(w->at);
*/
GN_MUST_USE gn_err gn_header_write_short(gn_writer *w, const gn_cid *dcid, bool spin,
                                         bool key_phase, uint64_t pn, size_t pn_size);

#endif
