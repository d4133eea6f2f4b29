/*
 * header_read.c: see header_read.h.
 */
#include "wire/header_read.h"

#include "base/assert.h"
#include "base/be.h"
#include "base/reader.h"
#include "wire/varint.h"
#include "wire/version.h"

/* Where the first connection ID of a long header lies: behind first byte, version and length. */
#define HEADER_DCID_AT 6

/* What long headers have in every version (RFC 8999 5.1). */
typedef struct header_ids {
    uint8_t first;
    uint32_t version;
    size_t dcid_len;
    size_t scid_len;
    size_t scid_at;
    size_t end; /* 0 when the bytes end before it */
} header_ids;

/*@
  predicate header_ids_told{L}(header_ids ids, uint8_t *p) =
    ids.first == p[0] && ids.version == be32(p + 1) &&
    ids.dcid_len == p[5] && ids.scid_len == p[6 + p[5]] &&
    ids.scid_at == 7 + p[5] && ids.end == header_ids_end(p);
  predicate header_filled{L}(gn_header *h, integer kind, uint8_t *p, header_ids ids) =
    h->kind == kind && h->version == ids.version &&
    h->dcid_bytes.ptr == p + 6 && h->dcid_bytes.len == ids.dcid_len &&
    h->scid_bytes.ptr == p + ids.scid_at && h->scid_bytes.len == ids.scid_len;
*/

/*@
  requires \valid_read(bytes + (0 .. len - 1));
  terminates \true; exits \false;
  assigns \nothing;
  ensures cut: \result.end == 0 <==> !header_ids_there(bytes, len);
  ensures told: \result.end != 0 ==> header_ids_told(\result, bytes);
*/
static header_ids
header_read_ids(const uint8_t *bytes, size_t len)
{
    const header_ids cut = {0};

    if (len < HEADER_DCID_AT + 1)
        return cut;
    const size_t dcid_len = bytes[HEADER_DCID_AT - 1];
    const size_t scid_at = HEADER_DCID_AT + dcid_len + 1;
    if (len < scid_at)
        return cut;
    const size_t scid_len = bytes[scid_at - 1];
    if (len - scid_at < scid_len)
        return cut;
    return (header_ids){.first = bytes[0],
                        .version = gn_be_read_u32(bytes + 1),
                        .dcid_len = dcid_len,
                        .scid_len = scid_len,
                        .scid_at = scid_at,
                        .end = scid_at + scid_len};
}

/*@
  requires \valid(out);
  terminates \true; exits \false;
  assigns out->kind, out->version, out->dcid_bytes, out->scid_bytes;
  ensures filled: header_filled(out, kind, bytes, ids);
*/
static void
header_fill_ids(gn_header *out, gn_packet_kind kind, const uint8_t *bytes, header_ids ids)
{
    out->kind = kind;
    out->version = ids.version;
    out->dcid_bytes.ptr = bytes + HEADER_DCID_AT;
    out->dcid_bytes.len = ids.dcid_len;
    out->scid_bytes.ptr = bytes + ids.scid_at;
    out->scid_bytes.len = ids.scid_len;
}

/* The fields that are bytes: the first one, and the connection IDs by value. */
/*@
  requires \valid(out) && dcid_len <= GN_CID_MAX && scid_len <= GN_CID_MAX;
  requires \valid_read(dcid + (0 .. dcid_len - 1)) && \valid_read(scid + (0 .. scid_len - 1));
  requires \separated(out, dcid + (0 .. dcid_len - 1));
  requires \separated(out, scid + (0 .. scid_len - 1));
  terminates \true; exits \false;
  assigns out->first, out->dcid, out->scid;
  ensures first: out->first == first;
  ensures dcid: header_cid_is{Pre, Post}(dcid, dcid_len, &out->dcid);
  ensures scid: header_cid_is{Pre, Post}(scid, scid_len, &out->scid);
*/
static void
header_fill_bytes(gn_header *out, uint8_t first, const uint8_t *dcid, size_t dcid_len,
                  const uint8_t *scid, size_t scid_len)
{
    gn_cid_set(&out->dcid, dcid, dcid_len);
    gn_cid_set(&out->scid, scid, scid_len);
    out->first = first;
}

/* The kinds of the versions we speak: their connection IDs are also held by value. */
/*@
  requires \valid(out) && \valid_read(bytes + (0 .. ids.end - 1));
  requires \separated(out, bytes + (0 .. ids.end - 1)) && header_ids_told(ids, bytes);
  requires header_ids_fit(bytes);
  terminates \true; exits \false;
  assigns out->kind, out->first, out->version, out->dcid_bytes, out->scid_bytes;
  assigns out->dcid, out->scid;
  ensures first: out->first == \old(bytes[0]) && out->kind == kind;
  ensures ids: header_ids_are{Pre, Post}(bytes, out);
  ensures dcid: header_cid_is{Pre, Post}(bytes + 6, ids.dcid_len, &out->dcid);
  ensures scid: header_cid_is{Pre, Post}(bytes + ids.scid_at, ids.scid_len, &out->scid);
*/
static void
header_fill_spoken(gn_header *out, gn_packet_kind kind, const uint8_t *bytes, header_ids ids)
{
    header_fill_bytes(out, ids.first, bytes + HEADER_DCID_AT, ids.dcid_len, bytes + ids.scid_at,
                      ids.scid_len);
    header_fill_ids(out, kind, bytes, ids);
}

/* Other versions: nothing behind the connection IDs is known (RFC 8999 5.1, 6). */
/*@
  requires \valid_read(bytes + (0 .. len - 1)) && header_ids_there(bytes, len);
  requires header_ids_told(ids, bytes);
  requires \valid(out) && \separated(out, bytes + (0 .. len - 1));
  terminates \true; exits \false;
  assigns *out;
  ensures first: out->first == \old(bytes[0]);
  ensures kind: out->kind ==
    (ids.version == GN_VERSION_NEGOTIATION ? GN_PACKET_VNEG : GN_PACKET_UNKNOWN_VERSION);
  ensures long: header_ids_are{Pre, Post}(bytes, out);
  ensures rest: out->packet_len == len &&
    out->rest.ptr == bytes + ids.end && out->rest.len == len - ids.end;
*/
static void
header_fill_other(gn_header *out, const uint8_t *bytes, size_t len, header_ids ids)
{
    const gn_packet_kind kind =
        ids.version == GN_VERSION_NEGOTIATION ? GN_PACKET_VNEG : GN_PACKET_UNKNOWN_VERSION;

    header_fill_ids(out, kind, bytes, ids);
    out->first = ids.first;
    out->rest.ptr = bytes + ids.end;
    out->rest.len = len - ids.end;
    out->packet_len = len;
}

/* A varint, and where it ends; 0 when the bytes end before it. */
typedef struct header_varint {
    uint64_t value;
    size_t end;
} header_varint;

/*@
  requires \valid_read(bytes + (0 .. len - 1)) && at <= len;
  terminates \true; exits \false;
  assigns \nothing;
  ensures cut: \result.end == 0 <==> !header_varint_there(bytes, len, at);
  ensures told: \result.end != 0 ==> \result.end == at + varint_told(bytes[at]);
  ensures value: \result.end != 0 ==> \result.value == varint_value(bytes + at);
*/
static header_varint
header_read_varint(const uint8_t *bytes, size_t len, size_t at)
{
    gn_reader in = {.base = bytes, .len = len, .at = at};
    uint64_t value = 0;

    if (gn_varint_read(&in, &value) != GN_OK)
        return (header_varint){0};
    return (header_varint){.value = value, .end = in.at};
}

/* What follows the connection IDs of the kinds that have a packet number. */
typedef struct header_numbers {
    gn_err err;
    size_t token_at; /* of Initial packets; 0 for the others */
    size_t token_len;
    size_t pn_at;
    size_t end;
} header_numbers;

/*
 * The token, the Length field and where they leave the packet number
 * (RFC 9000 17.2.2 to 17.2.4). at is where the connection IDs end.
 */
/*@
  requires \valid_read(bytes + (0 .. len - 1)) && 1 <= at <= len;
  requires header_numbered(kind);
  terminates \true; exits \false;
  assigns \nothing;
  ensures says: \result.err \in {GN_OK, GN_ERR_SHORT, GN_ERR_FORM};
  ensures cut: \result.err == GN_ERR_SHORT <==> !header_numbers_there(bytes, len, kind, at);
  ensures good: \result.err == GN_OK <==>
    header_numbers_there(bytes, len, kind, at) && header_end(bytes, kind, at) <= len;
  ensures numbers: \result.err == GN_OK ==>
    \result.pn_at == header_pn_at(bytes, kind, at) && \result.end == header_end(bytes, kind, at);
  ensures in: \result.err == GN_OK ==> at < \result.pn_at <= \result.end <= len;
  ensures token: \result.err == GN_OK && kind == GN_PACKET_INITIAL ==>
    \result.token_len == varint_value(bytes + at) &&
    \result.token_at == header_token_at(bytes, at) &&
    \result.token_at + \result.token_len <= len;
*/
static header_numbers
header_read_numbers(const uint8_t *bytes, size_t len, size_t at, gn_packet_kind kind)
{
    header_numbers numbers = {.err = GN_ERR_SHORT};
    size_t length_at = at;

    if (kind == GN_PACKET_INITIAL) {
        const header_varint token = header_read_varint(bytes, len, at);
        if (token.end == 0 || token.value > len - token.end)
            return numbers;
        numbers.token_at = token.end;
        numbers.token_len = (size_t)token.value;
        length_at = token.end + (size_t)token.value;
    }
    const header_varint length = header_read_varint(bytes, len, length_at);
    if (length.end == 0)
        return numbers;
    /* RFC 9000 12.2: the Length field finds the next packet, so it must stay in the datagram. */
    if (length.value > len - length.end) {
        numbers.err = GN_ERR_FORM;
        return numbers;
    }
    numbers.err = GN_OK;
    numbers.pn_at = length.end;
    numbers.end = length.end + (size_t)length.value;
    return numbers;
}

/* The kinds of them that have a packet number. */
/*@
  requires \valid_read(bytes + (0 .. len - 1));
  requires header_ids_there(bytes, len) && header_ids_told(ids, bytes) && header_ids_fit(bytes);
  requires header_numbered(kind);
  requires \valid(out) && \separated(out, bytes + (0 .. len - 1));
  terminates \true; exits \false;
  assigns *out;
  ensures says: \result \in {GN_OK, GN_ERR_SHORT, GN_ERR_FORM};
  ensures cut: \result == GN_ERR_SHORT <==>
    !header_numbers_there{Pre}(bytes, len, kind, ids.end);
  ensures good: \result == GN_OK <==>
    header_numbers_there{Pre}(bytes, len, kind, ids.end) &&
    header_end{Pre}(bytes, kind, ids.end) <= len;
  ensures kept: \result != GN_OK ==> *out == \old(*out);
  ensures first: \result == GN_OK ==> out->first == \old(bytes[0]) && out->kind == kind;
  ensures in: \result == GN_OK ==> 1 <= out->pn_at <= out->packet_len <= len;
  ensures long: \result == GN_OK ==> header_ids_are{Pre, Post}(bytes, out);
  ensures dcid: \result == GN_OK ==>
    header_cid_is{Pre, Post}(bytes + 6, ids.dcid_len, &out->dcid);
  ensures scid: \result == GN_OK ==>
    header_cid_is{Pre, Post}(bytes + ids.scid_at, ids.scid_len, &out->scid);
  ensures pn_at: \result == GN_OK ==> out->pn_at == header_pn_at{Pre}(bytes, kind, ids.end);
  ensures end: \result == GN_OK ==> out->packet_len == header_end{Pre}(bytes, kind, ids.end);
  ensures token: \result == GN_OK && kind == GN_PACKET_INITIAL ==>
    out->token.len == varint_value{Pre}(bytes + ids.end) &&
    out->token.ptr == bytes + header_token_at{Pre}(bytes, ids.end) &&
    \valid_read(out->token.ptr + (0 .. out->token.len - 1));
*/
static gn_err
header_read_numbered(const uint8_t *bytes, size_t len, header_ids ids, gn_packet_kind kind,
                     gn_header *out)
{
    const header_numbers numbers = header_read_numbers(bytes, len, ids.end, kind);

    if (numbers.err != GN_OK)
        return numbers.err;
    header_fill_spoken(out, kind, bytes, ids);
    if (kind == GN_PACKET_INITIAL) {
        out->token.ptr = bytes + numbers.token_at;
        out->token.len = numbers.token_len;
    }
    out->pn_at = numbers.pn_at;
    out->packet_len = numbers.end;
    return GN_OK;
}

/*@
  requires \valid_read(bytes + (0 .. len - 1)) && len >= 7;
  requires header_ids_there(bytes, len) && header_ids_told(ids, bytes);
  requires version: version_spoken(be32(bytes + 1)) && bytes[0] >= GN_HEADER_LONG;
  requires \valid(out) && \separated(out, bytes + (0 .. len - 1));
  terminates \true; exits \false;
  assigns *out;
  ensures says: \result \in {GN_OK, GN_ERR_SHORT, GN_ERR_FORM};
  ensures good: \result == GN_OK <==> header_good{Pre}(bytes, len, 0, greased != 0);
  ensures cut: \result == GN_ERR_SHORT <==> header_cut{Pre}(bytes, len, 0, greased != 0);
  ensures kept: \result != GN_OK ==> *out == \old(*out);
  ensures first: \result == GN_OK ==>
    out->first == \old(bytes[0]) && out->kind == header_kind{Pre}(bytes);
  ensures in: \result == GN_OK ==> 1 <= out->packet_len <= len;
  ensures long: \result == GN_OK ==> header_ids_are{Pre, Post}(bytes, out);
  ensures dcid: \result == GN_OK ==>
    header_cid_is{Pre, Post}(bytes + 6, ids.dcid_len, &out->dcid);
  ensures scid: \result == GN_OK ==>
    header_cid_is{Pre, Post}(bytes + ids.scid_at, ids.scid_len, &out->scid);
  ensures numbers: \result == GN_OK && header_numbered(out->kind) ==>
    1 <= out->pn_at <= out->packet_len;
  ensures pn_at: \result == GN_OK && header_numbered(out->kind) ==>
    out->pn_at == header_pn_at{Pre}(bytes, out->kind, ids.end);
  ensures end: \result == GN_OK && header_numbered(out->kind) ==>
    out->packet_len == header_end{Pre}(bytes, out->kind, ids.end);
  ensures token: \result == GN_OK && out->kind == GN_PACKET_INITIAL ==>
    out->token.len == varint_value{Pre}(bytes + ids.end) &&
    out->token.ptr == bytes + header_token_at{Pre}(bytes, ids.end) &&
    \valid_read(out->token.ptr + (0 .. out->token.len - 1));
  ensures rest: \result == GN_OK && out->kind == GN_PACKET_RETRY ==>
    out->packet_len == len && out->rest.ptr == bytes + header_ids_end{Pre}(bytes) &&
    out->rest.len == len - header_ids_end{Pre}(bytes);
*/
static gn_err
header_read_spoken(const uint8_t *bytes, size_t len, header_ids ids, bool greased, gn_header *out)
{
    const gn_packet_kind kind = (gn_packet_kind)gn_version_kind(ids.version, bytes[0] / 16 % 4);

    /* RFC 9000 17.2: without the fixed bit it is no packet of this version; it is dropped.
     * [R-9000-17.2-1] */
    if (!greased && bytes[0] / GN_HEADER_FIXED % 2 == 0)
        return GN_ERR_FORM;
    /* RFC 9000 17.2: a longer connection ID is dropped too. [R-9000-17.2-2] [R-9000-17.2-3] */
    if (ids.dcid_len > GN_CID_MAX || ids.scid_len > GN_CID_MAX)
        return GN_ERR_FORM;

    if (kind != GN_PACKET_RETRY)
        return header_read_numbered(bytes, len, ids, kind, out);

    header_fill_spoken(out, kind, bytes, ids);
    out->rest.ptr = bytes + ids.end;
    out->rest.len = len - ids.end;
    out->packet_len = len;
    return GN_OK;
}

/*@
  requires \valid_read(bytes + (0 .. len - 1)) && 1 + cid_len <= len && cid_len <= GN_CID_MAX;
  requires \valid(out) && \separated(out, bytes + (0 .. len - 1));
  terminates \true; exits \false;
  assigns *out;
  ensures first: out->first == \old(bytes[0]) && out->kind == GN_PACKET_ONE_RTT;
  ensures dcid_bytes: out->dcid_bytes.ptr == bytes + 1 && out->dcid_bytes.len == cid_len;
  ensures dcid: header_cid_is{Pre, Post}(bytes + 1, cid_len, &out->dcid);
  ensures in: out->pn_at == 1 + cid_len && out->packet_len == len;
*/
static void
header_fill_short(gn_header *out, const uint8_t *bytes, size_t len, size_t cid_len)
{
    out->kind = GN_PACKET_ONE_RTT;
    out->first = bytes[0];
    out->dcid_bytes.ptr = bytes + 1;
    out->dcid_bytes.len = cid_len;
    out->pn_at = 1 + cid_len;
    out->packet_len = len;
    gn_cid_set(&out->dcid, bytes + 1, cid_len);
}

gn_err
gn_header_read_greased(const uint8_t *bytes, size_t len, size_t local_cid_len, bool greased,
                       gn_header *out)
{
    GN_ASSERT(local_cid_len <= GN_CID_MAX);
    if (len == 0)
        return GN_ERR_SHORT;
    if (bytes[0] >= GN_HEADER_LONG) {
        const header_ids ids = header_read_ids(bytes, len);
        if (ids.end == 0)
            return GN_ERR_SHORT;
        /* [R-9000-5.2.1-1] */
        if (gn_version_is_spoken(ids.version))
            return header_read_spoken(bytes, len, ids, greased, out);
        header_fill_other(out, bytes, len, ids);
        return GN_OK;
    }
    /* RFC 9000 17.3.1: the fixed bit again. [R-9000-17.3.1-1] */
    if (!greased && bytes[0] / GN_HEADER_FIXED % 2 == 0)
        return GN_ERR_FORM;
    if (len < 1 + local_cid_len)
        return GN_ERR_SHORT;
    header_fill_short(out, bytes, len, local_cid_len);
    return GN_OK;
}

gn_err
gn_header_read(const uint8_t *bytes, size_t len, size_t local_cid_len, gn_header *out)
{
    return gn_header_read_greased(bytes, len, local_cid_len, false, out);
}
