/*
 * retry.h: the layout of Retry packets (RFC 9000 17.2.5).
 *
 * The integrity tag is only bytes here; what it must be is computed elsewhere
 * (RFC 9001 5.8).
 */
#ifndef GN_WIRE_RETRY_H
#define GN_WIRE_RETRY_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"
#include "base/writer.h"
#include "wire/cid.h"
#include "wire/header_write.h"

/* RFC 9001 5.8: the Retry Integrity Tag. */
#define GN_RETRY_TAG_BYTES 16

typedef struct gn_retry {
    gn_span token; /* never empty */
    gn_span tag;   /* GN_RETRY_TAG_BYTES bytes */
} gn_retry;

/*
 * Splits the rest of a packet of kind GN_PACKET_RETRY.
 * GN_ERR_SHORT: no room for the tag. GN_ERR_FORM: the token is empty
 * (RFC 9000 17.2.5.2: such a packet is discarded).
 */
/*@
  requires \valid_read(rest.ptr + (0 .. rest.len - 1));
  requires \valid(out);
  terminates \true; exits \false;
  assigns *out;
  behavior short:
    assumes rest.len < GN_RETRY_TAG_BYTES;
    ensures \result == GN_ERR_SHORT && *out == \old(*out);
  behavior empty:
    assumes rest.len == GN_RETRY_TAG_BYTES;
    ensures \result == GN_ERR_FORM && *out == \old(*out);
  behavior good:
    assumes rest.len > GN_RETRY_TAG_BYTES;
    ensures \result == GN_OK;
    ensures token: out->token.ptr == rest.ptr && out->token.len == rest.len - GN_RETRY_TAG_BYTES;
    ensures tag: out->tag.ptr == rest.ptr + out->token.len && out->tag.len == GN_RETRY_TAG_BYTES;
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE gn_err gn_retry_read(gn_span rest, gn_retry *out);

/*
 * Writes a Retry packet up to its tag, which the caller appends
 * (GN_RETRY_TAG_BYTES bytes). unused is arbitrary, its low 4 bits count. The
 * token must not be empty. GN_ERR_FULL moves nothing.
 */
/*@
  requires writer_ok(w) && header_cid_args(w, dcid) && header_cid_args(w, scid);
  requires header_span_args(w, token) && token.len > 0;
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. writer_past(w, 7 + dcid->len + scid->len + token.len) - 1];
  ensures ok: writer_ok(w);
  behavior full:
    assumes !writer_room(w, 7 + dcid->len + scid->len + token.len);
    ensures \result == GN_ERR_FULL && writer_kept{Pre, Post}(w);
  behavior good:
    assumes writer_room(w, 7 + dcid->len + scid->len + token.len);
    ensures \result == GN_OK && w->at == \old(w->at) + 7 + dcid->len + scid->len + token.len;
    ensures first: w->base[\old(w->at)] ==
      0xc0 + version_bits(version, GN_PACKET_RETRY) * 0x10 + unused % 0x10;
    ensures version: be32(w->base + \old(w->at) + 1) == version;
    ensures dcid: w->base[\old(w->at) + 5] == dcid->len &&
      header_same(w->base + (\old(w->at) + 6), &dcid->bytes[0], dcid->len);
    ensures scid: w->base[\old(w->at) + 6 + dcid->len] == scid->len &&
      header_same(w->base + (\old(w->at) + 7 + dcid->len), &scid->bytes[0], scid->len);
    ensures token: header_same(w->base + (\old(w->at) + 7 + dcid->len + scid->len),
                               token.ptr, token.len);
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE gn_err gn_retry_write(gn_writer *w, uint8_t unused, uint32_t version,
                                  const gn_cid *dcid, const gn_cid *scid, gn_span token);

#endif
