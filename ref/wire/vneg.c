/*
 * vneg.c: see vneg.h.
 */
#include "wire/vneg.h"

#include "base/assert.h"
#include "base/be.h"
#include "wire/header_read.h"
#include "wire/version.h"

#define VNEG_VERSION_BYTES 4

gn_err
gn_vneg_read(gn_span rest, gn_vneg *out)
{
    /* RFC 8999 6: a list that is empty or ends inside a version is ignored. */
    if (rest.len == 0 || rest.len % VNEG_VERSION_BYTES != 0)
        return GN_ERR_FORM;
    out->versions = rest;
    return GN_OK;
}

size_t
gn_vneg_count(const gn_vneg *v)
{
    return v->versions.len / VNEG_VERSION_BYTES;
}

uint32_t
gn_vneg_at(const gn_vneg *v, size_t at)
{
    GN_ASSERT(at < gn_vneg_count(v));
    return gn_be_read_u32(v->versions.ptr + at * VNEG_VERSION_BYTES);
}

bool
gn_vneg_has(const gn_vneg *v, uint32_t version)
{
    const size_t count = gn_vneg_count(v);

    for (size_t i = 0; i < count; i++)
        if (gn_vneg_at(v, i) == version)
            return true;
    return false;
}

static gn_err
vneg_write_cid(gn_writer *w, gn_span cid)
{
    GN_ASSERT(cid.len <= UINT8_MAX);
    if (gn_writer_u8(w, (uint8_t)cid.len) != GN_OK)
        return GN_ERR_FULL;
    return gn_writer_bytes(w, cid.ptr, cid.len);
}

gn_err
gn_vneg_write(gn_writer *w, uint8_t unused, gn_span dcid, gn_span scid, const uint32_t *versions,
              size_t count)
{
    gn_writer out = *w;
    const uint8_t first = (uint8_t)(GN_HEADER_LONG | GN_HEADER_FIXED | unused);

    GN_ASSERT(count > 0);
    if (gn_writer_u8(&out, first) != GN_OK ||
        gn_writer_u32(&out, GN_VERSION_NEGOTIATION) != GN_OK ||
        vneg_write_cid(&out, dcid) != GN_OK || vneg_write_cid(&out, scid) != GN_OK)
        return GN_ERR_FULL;
    for (size_t i = 0; i < count; i++)
        if (gn_writer_u32(&out, versions[i]) != GN_OK)
            return GN_ERR_FULL;
    w->at = out.at;
    return GN_OK;
}
