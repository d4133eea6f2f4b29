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
  ensures \result == GN_OK || \result == GN_ERR_SHORT || \result == GN_ERR_FORM;
  ensures \result == GN_OK ==> out->token.len > 0 && out->tag.len == GN_RETRY_TAG_BYTES &&
    out->token.len + out->tag.len == rest.len;
  ensures \result == GN_OK ==>
    out->token.ptr == rest.ptr && out->tag.ptr == rest.ptr + out->token.len;
*/
GN_MUST_USE gn_err gn_retry_read(gn_span rest, gn_retry *out);

/*
 * Writes a Retry packet up to its tag, which the caller appends
 * (GN_RETRY_TAG_BYTES bytes). unused is arbitrary, its low 4 bits count. The
 * token must not be empty. GN_ERR_FULL moves nothing.
 */
/*@
  requires writer_ok(w) && \valid_read(dcid) && \valid_read(scid);
  requires dcid->len <= GN_CID_MAX && scid->len <= GN_CID_MAX && token.len > 0;
  requires \separated(w, dcid, w->base + (0 .. w->cap - 1));
  requires \separated(w, scid, w->base + (0 .. w->cap - 1));
  requires \separated(w, token.ptr + (0 .. token.len - 1), w->base + (0 .. w->cap - 1));
  requires \valid_read(token.ptr + (0 .. token.len - 1));
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL;
  ensures size: \result == GN_OK ==>
    w->at == \old(w->at) + 7 + dcid->len + scid->len + token.len;
  ensures kept: \result != GN_OK ==> w->at == \old(w->at);
*/
GN_MUST_USE gn_err gn_retry_write(gn_writer *w, uint8_t unused, uint32_t version,
                                  const gn_cid *dcid, const gn_cid *scid, gn_span token);

#endif
