/*
 * retry.c: see retry.h.
 */
#include "wire/retry.h"

#include "base/assert.h"
#include "base/bytes.h"
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
    out->token.ptr = rest.ptr;
    out->token.len = token_len;
    out->tag.ptr = rest.ptr + token_len;
    out->tag.len = GN_RETRY_TAG_BYTES;
    return GN_OK;
}

gn_err
gn_retry_write(gn_writer *w, uint8_t unused, uint32_t version, const gn_cid *dcid,
               const gn_cid *scid, gn_span token)
{
    const size_t head = 7 + (size_t)dcid->len + (size_t)scid->len;

    GN_ASSERT(token.len > 0);
    if (gn_writer_left(w) < head || gn_writer_left(w) - head < token.len)
        return GN_ERR_FULL;

    /* RFC 9000 17.2.5: form, fixed bit, type, four bits of anything. */
    const unsigned bits = gn_version_bits(version, GN_PACKET_RETRY);
    const uint8_t first = (uint8_t)(GN_HEADER_LONG + GN_HEADER_FIXED + bits * 16 + unused % 16);
    uint8_t *p = w->base + w->at;
    const size_t at = gn_header_write_ids(p, first, version, gn_span_of(dcid->bytes, dcid->len),
                                          gn_span_of(scid->bytes, scid->len));
    gn_bytes_copy(p + at, token.ptr, token.len);
    w->at += at + token.len;
    return GN_OK;
}
