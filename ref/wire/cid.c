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
