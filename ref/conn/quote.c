/*
 * quote.c: see quote.h.
 */
#include "conn/quote.h"

#include <string.h>

#include "conn/conn_move.h"
#include "wire/cid.h"

/* RFC 8999 5.1: a long header's first byte, version, and length of the destination ID. */
enum { QUOTE_LONG = 0x80, QUOTE_VERSION_AT = 1, QUOTE_DCID_AT = 6 };

/* Whether the ID stands at this place of the quote. */
static bool
quote_has(gn_span quoted, size_t at, const gn_cid *cid)
{
    return cid->len <= quoted.len && at <= quoted.len - cid->len &&
           memcmp(quoted.ptr + at, cid->bytes, cid->len) == 0;
}

/* A long header, which is cut somewhere behind its IDs. */
static bool
quote_long(const gn_conn *conn, const gn_cid *dcid, gn_span quoted)
{
    const gn_cid *scid = gn_local_cids_first(&conn->local_cids);
    const size_t scid_at = QUOTE_DCID_AT + dcid->len + 1u;
    const uint32_t version = conn->space[GN_SPACE_HANDSHAKE].keys.version;

    if (quoted.len < scid_at + scid->len)
        return false;
    const uint8_t *v = quoted.ptr + QUOTE_VERSION_AT;
    const uint32_t said = (uint32_t)v[0] << 24 | (uint32_t)v[1] << 16 | (uint32_t)v[2] << 8 | v[3];
    return said == version && quoted.ptr[QUOTE_DCID_AT - 1] == dcid->len &&
           quoted.ptr[scid_at - 1] == scid->len && quote_has(quoted, QUOTE_DCID_AT, dcid) &&
           quote_has(quoted, scid_at, scid);
}

/* [R-9000-14.2.1-2] */
bool
gn_quote_is_ours(const gn_conn *conn, uint8_t path, gn_span quoted)
{
    const gn_cid *dcid = gn_conn_move_cid(conn, path);

    if (quoted.len == 0 || dcid->len == 0)
        return false;
    return (quoted.ptr[0] & QUOTE_LONG) != 0 ? quote_long(conn, dcid, quoted)
                                             : quote_has(quoted, 1, dcid);
}
