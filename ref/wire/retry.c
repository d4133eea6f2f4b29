/*
 * retry.c: see retry.h.
 */
#include "wire/retry.h"

#include "base/assert.h"
#include "wire/header_read.h"

gn_err
gn_retry_read(gn_span rest, gn_retry *out)
{
    if (rest.len < GN_RETRY_TAG_BYTES)
        return GN_ERR_SHORT;
    /* RFC 9000 17.2.5.2: a Retry without a token is discarded. [R-9000-17.2.5.2-4] */
    if (rest.len == GN_RETRY_TAG_BYTES)
        return GN_ERR_FORM;

    const size_t token_len = rest.len - GN_RETRY_TAG_BYTES;
    out->token = gn_span_of(rest.ptr, token_len);
    out->tag = gn_span_of(rest.ptr + token_len, GN_RETRY_TAG_BYTES);
    return GN_OK;
}

gn_err
gn_retry_write(gn_writer *w, uint8_t unused, uint32_t version, const gn_cid *dcid,
               const gn_cid *scid, gn_span token)
{
    gn_writer out = *w;
    /* RFC 9000 17.2.5: form, fixed bit, type 3, four bits of anything. */
    const uint8_t first =
        (uint8_t)(GN_HEADER_LONG + GN_HEADER_FIXED + GN_PACKET_RETRY * 16 + unused % 16);

    GN_ASSERT(token.len > 0);
    if (gn_writer_u8(&out, first) != GN_OK || gn_writer_u32(&out, version) != GN_OK ||
        gn_cid_write(&out, dcid) != GN_OK || gn_cid_write(&out, scid) != GN_OK ||
        gn_writer_bytes(&out, token.ptr, token.len) != GN_OK)
        return GN_ERR_FULL;
    w->at = out.at;
    return GN_OK;
}
