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

    /*@
      loop invariant in: 0 <= i <= count;
      loop invariant none: \forall integer k; 0 <= k < i ==> vneg_at(v, k) != version;
      loop assigns i;
      loop variant count - i;
    */
    for (size_t i = 0; i < count; i++)
        if (gn_vneg_at(v, i) == version)
            return true;
    return false;
}

/* The versions behind one another; there is room for them at p. */
/*@
  requires \valid(p + (0 .. 4 * count - 1)) && \valid_read(versions + (0 .. count - 1));
  requires \separated(p + (0 .. 4 * count - 1), versions + (0 .. count - 1));
  requires 4 * count <= SIZE_MAX;
  terminates \true; exits \false;
  assigns p[0 .. 4 * count - 1];
  ensures written: \forall integer i; 0 <= i < count ==> be32(p + 4 * i) == versions[i];
*/
static void
vneg_write_versions(uint8_t *p, const uint32_t *versions, size_t count)
{
    /*@
      loop invariant in: 0 <= i <= count;
      loop invariant written: \forall integer k; 0 <= k < i ==> be32(p + 4 * k) == versions[k];
      loop assigns i, p[0 .. 4 * count - 1];
      loop variant count - i;
    */
    for (size_t i = 0; i < count; i++)
        gn_be_write_u32(p + i * VNEG_VERSION_BYTES, versions[i]);
}

gn_err
gn_vneg_write(gn_writer *w, uint8_t unused, gn_span dcid, gn_span scid, const uint32_t *versions,
              size_t count)
{
    GN_ASSERT(count > 0 && dcid.len <= UINT8_MAX && scid.len <= UINT8_MAX);
    const size_t head = 7 + dcid.len + scid.len;
    if (gn_writer_left(w) < head || (gn_writer_left(w) - head) / VNEG_VERSION_BYTES < count)
        return GN_ERR_FULL;

    const uint8_t first = (uint8_t)(GN_HEADER_LONG + GN_HEADER_FIXED + unused % 0x40);
    uint8_t *p = w->base + w->at;
    const size_t at = gn_header_write_ids(p, first, GN_VERSION_NEGOTIATION, dcid, scid);
    vneg_write_versions(p + at, versions, count);
    w->at += at + count * VNEG_VERSION_BYTES;
    return GN_OK;
}
