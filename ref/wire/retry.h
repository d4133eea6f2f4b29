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
  requires rest.len > 0 ==> \valid_read(rest.ptr + (0 .. rest.len - 1));
  requires \valid(out);
  terminates \true; exits \false;
  assigns *out;
  ensures \result == GN_OK || \result == GN_ERR_SHORT || \result == GN_ERR_FORM;
  ensures \result == GN_OK ==> out->token.len > 0 && out->tag.len == GN_RETRY_TAG_BYTES &&
    out->token.len + out->tag.len == rest.len;
*/
GN_MUST_USE gn_err gn_retry_read(gn_span rest, gn_retry *out);

/*
 * Writes a Retry packet up to its tag, which the caller appends
 * (GN_RETRY_TAG_BYTES bytes). unused is arbitrary, its low 4 bits count. The
 * token must not be empty. GN_ERR_FULL moves nothing.
 */
GN_MUST_USE gn_err gn_retry_write(gn_writer *w, uint8_t unused, uint32_t version,
                                  const gn_cid *dcid, const gn_cid *scid, gn_span token);

#endif
