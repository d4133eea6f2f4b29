/*
 * header_read.c: see header_read.h.
 */
#include "wire/header_read.h"

#include "base/assert.h"
#include "base/reader.h"
#include "wire/varint.h"
#include "wire/version.h"

/* What stands in front of the source connection ID's end, in every version (RFC 8999 5.1). */
typedef struct header_common {
    uint8_t first;
    uint32_t version;
    gn_span dcid;
    gn_span scid;
} header_common;

/*@
  predicate header_filled{L}(gn_header *h, integer kind, header_common c) =
    h->kind == kind && h->first == c.first && h->version == c.version &&
    h->dcid_bytes == c.dcid && h->scid_bytes == c.scid;
  predicate header_args{L}(gn_reader *in, gn_header *out) =
    reader_ok(in) && \valid(out) && \separated(in, out, in->base + (0 .. in->len - 1));
*/

/* A length byte and as many bytes of connection ID. */
/*@
  requires reader_ok(in) && \valid(out);
  requires \separated(in, out, in->base + (0 .. in->len - 1));
  terminates \true; exits \false;
  assigns in->at, *out;
  ensures ok: reader_ok(in);
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT;
  ensures taken: \result == GN_OK ==> in->at == \old(in->at) + 1 + out->len;
  ensures view: \result == GN_OK ==>
    out->len == in->base[\old(in->at)] && out->ptr == in->base + (\old(in->at) + 1);
*/
static gn_err
header_read_cid(gn_reader *in, gn_span *out)
{
    uint8_t len = 0;

    if (gn_reader_u8(in, &len) != GN_OK)
        return GN_ERR_SHORT;
    return gn_reader_bytes(in, len, out);
}

/*@
  requires \valid(out);
  terminates \true; exits \false;
  assigns out->kind, out->first, out->version, out->dcid_bytes, out->scid_bytes;
  ensures filled: header_filled(out, kind, common);
*/
static void
header_fill_common(gn_header *out, gn_packet_kind kind, header_common common)
{
    out->kind = kind;
    out->first = common.first;
    out->version = common.version;
    out->dcid_bytes = common.dcid;
    out->scid_bytes = common.scid;
}

/* All that is left, without stepping over it. */
/*@
  requires reader_ok(in);
  terminates \true; exits \false;
  assigns \nothing;
  ensures rest: \result.ptr == in->base + in->at && \result.len == in->len - in->at;
*/
static gn_span
header_rest(const gn_reader *in)
{
    return gn_span_of(gn_reader_here(in), gn_reader_left(in));
}

/* The kinds that have a Length field and a packet number (RFC 9000 17.2.2 to 17.2.4). */
/*@
  requires header_args(in, out) && in->at >= 1;
  requires kind == GN_PACKET_INITIAL || kind == GN_PACKET_ZERO_RTT || kind == GN_PACKET_HANDSHAKE;
  terminates \true; exits \false;
  assigns in->at, *out;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT || \result == GN_ERR_FORM;
  ensures filled: \result == GN_OK ==> header_filled(out, kind, common);
  ensures in: \result == GN_OK ==> 1 <= out->pn_at <= out->packet_len <= in->len;
  ensures token: \result == GN_OK && kind == GN_PACKET_INITIAL ==>
    out->token.len <= out->pn_at && \valid_read(out->token.ptr + (0 .. out->token.len - 1));
*/
static gn_err
header_read_numbered(gn_reader *in, gn_packet_kind kind, header_common common, gn_header *out)
{
    gn_span token = {0};
    uint64_t length = 0;

    if (kind == GN_PACKET_INITIAL && gn_varint_read_span(in, &token) != GN_OK)
        return GN_ERR_SHORT;
    if (gn_varint_read(in, &length) != GN_OK)
        return GN_ERR_SHORT;
    /* RFC 9000 12.2: the Length field finds the next packet, so it must stay in the datagram. */
    if (length > gn_reader_left(in))
        return GN_ERR_FORM;

    header_fill_common(out, kind, common);
    if (kind == GN_PACKET_INITIAL)
        out->token = token;
    out->pn_at = in->at;
    out->packet_len = in->at + (size_t)length;
    return GN_OK;
}

/*@
  requires header_args(in, out) && in->at >= 1;
  requires \valid_read(common.dcid.ptr + (0 .. common.dcid.len - 1));
  requires \valid_read(common.scid.ptr + (0 .. common.scid.len - 1));
  requires \separated(out, common.dcid.ptr + (0 .. common.dcid.len - 1));
  requires \separated(out, common.scid.ptr + (0 .. common.scid.len - 1));
  terminates \true; exits \false;
  assigns in->at, *out;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT || \result == GN_ERR_FORM;
  ensures kind: \result == GN_OK ==> 0 <= out->kind <= GN_PACKET_RETRY;
  ensures filled: \result == GN_OK ==> header_filled(out, out->kind, common);
  ensures in: \result == GN_OK ==> 1 <= out->packet_len <= in->len;
  ensures numbered: \result == GN_OK && header_numbered(out->kind) ==>
    1 <= out->pn_at <= out->packet_len;
  ensures token: \result == GN_OK && out->kind == GN_PACKET_INITIAL ==>
    out->token.len <= out->pn_at && \valid_read(out->token.ptr + (0 .. out->token.len - 1));
  ensures rest: \result == GN_OK && out->kind == GN_PACKET_RETRY ==>
    out->packet_len == in->len && out->rest.ptr == in->base + \old(in->at) &&
    out->rest.len == in->len - \old(in->at);
*/
static gn_err
header_read_version_1(gn_reader *in, header_common common, gn_header *out)
{
    /* RFC 9000 17.2, Table 5: the enum follows the two type bits. */
    const gn_packet_kind kind = (gn_packet_kind)(common.first / 16 % 4);

    /* RFC 9000 17.2: without the fixed bit it is no packet of this version; it is dropped.
     * [R-9000-17.2-1] */
    if ((common.first & GN_HEADER_FIXED) == 0)
        return GN_ERR_FORM;
    /* RFC 9000 17.2: a longer connection ID is dropped too. [R-9000-17.2-2] [R-9000-17.2-3] */
    if (common.dcid.len > GN_CID_MAX || common.scid.len > GN_CID_MAX)
        return GN_ERR_FORM;

    if (kind == GN_PACKET_RETRY) {
        header_fill_common(out, kind, common);
        out->rest = header_rest(in);
        out->packet_len = in->len;
    } else {
        const gn_err err = header_read_numbered(in, kind, common, out);
        if (err != GN_OK)
            return err;
    }
    out->dcid = gn_cid_from(common.dcid.ptr, common.dcid.len);
    out->scid = gn_cid_from(common.scid.ptr, common.scid.len);
    return GN_OK;
}

/*@
  requires \valid_read(bytes + (0 .. len - 1)) && len >= 1;
  requires \valid(out) && \separated(out, bytes + (0 .. len - 1));
  terminates \true; exits \false;
  assigns *out;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT || \result == GN_ERR_FORM;
  ensures kind: \result == GN_OK ==>
    0 <= out->kind < GN_PACKET_KINDS && out->kind != GN_PACKET_ONE_RTT;
  ensures in: \result == GN_OK ==> 1 <= out->packet_len <= len;
  ensures numbered: \result == GN_OK && header_numbered(out->kind) ==>
    1 <= out->pn_at <= out->packet_len;
  ensures first: \result == GN_OK ==> out->first == bytes[0];
  ensures long: \result == GN_OK ==>
    header_common_end(bytes) <= len && header_common_is(bytes, out);
  ensures token: \result == GN_OK && out->kind == GN_PACKET_INITIAL ==>
    out->token.len <= out->pn_at && \valid_read(out->token.ptr + (0 .. out->token.len - 1));
  ensures rest: \result == GN_OK && !header_numbered(out->kind) ==>
    out->packet_len == len && out->rest.ptr == bytes + header_common_end(bytes) &&
    out->rest.len == len - header_common_end(bytes);
*/
static gn_err
header_read_long(const uint8_t *bytes, size_t len, gn_header *out)
{
    gn_reader in = gn_reader_over(bytes, len);
    header_common common = {0};

    if (gn_reader_u8(&in, &common.first) != GN_OK || gn_reader_u32(&in, &common.version) != GN_OK ||
        header_read_cid(&in, &common.dcid) != GN_OK || header_read_cid(&in, &common.scid) != GN_OK)
        return GN_ERR_SHORT;
    /* [R-9000-5.2.1-1] */
    if (common.version == GN_VERSION_1)
        return header_read_version_1(&in, common, out);

    /* RFC 8999 5.1, 6: nothing else about another version is known, not even the fixed bit. */
    header_fill_common(
        out, common.version == GN_VERSION_NEGOTIATION ? GN_PACKET_VNEG : GN_PACKET_UNKNOWN_VERSION,
        common);
    out->rest = header_rest(&in);
    out->packet_len = len;
    return GN_OK;
}

gn_err
gn_header_read(const uint8_t *bytes, size_t len, size_t local_cid_len, gn_header *out)
{
    GN_ASSERT(local_cid_len <= GN_CID_MAX);
    if (len == 0)
        return GN_ERR_SHORT;
    if ((bytes[0] & GN_HEADER_LONG) != 0)
        return header_read_long(bytes, len, out);
    /* RFC 9000 17.3.1: the fixed bit again. [R-9000-17.3.1-1] */
    if ((bytes[0] & GN_HEADER_FIXED) == 0)
        return GN_ERR_FORM;
    if (len < 1 + local_cid_len)
        return GN_ERR_SHORT;

    out->kind = GN_PACKET_ONE_RTT;
    out->first = bytes[0];
    out->dcid_bytes = gn_span_of(bytes + 1, local_cid_len);
    out->dcid = gn_cid_from(bytes + 1, local_cid_len);
    out->pn_at = 1 + local_cid_len;
    out->packet_len = len;
    return GN_OK;
}
