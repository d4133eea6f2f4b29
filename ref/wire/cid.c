/*
 * cid.c: see cid.h.
 */
#include "wire/cid.h"

#include "base/bytes.h"

bool
gn_cid_equal(const gn_cid *a, const gn_cid *b)
{
    /* What lies behind the length is zero on both sides. */
    return a->len == b->len && gn_bytes_equal(a->bytes, b->bytes, GN_CID_MAX);
}

gn_err
gn_cid_write(gn_writer *w, const gn_cid *cid)
{
    const size_t len = cid->len;

    if (gn_writer_left(w) < 1 + len)
        return GN_ERR_FULL;
    w->base[w->at] = cid->len;
    gn_bytes_copy(w->base + w->at + 1, cid->bytes, len);
    w->at += 1 + len;
    return GN_OK;
}
