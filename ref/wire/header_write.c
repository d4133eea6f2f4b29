/*
 * header_write.c: see header_write.h.
 */
#include "wire/header_write.h"

#include "base/assert.h"
#include "base/be.h"
#include "base/bytes.h"

size_t
gn_header_write_ids(uint8_t *p, uint8_t first, uint32_t version, gn_span dcid, gn_span scid)
{
    GN_ASSERT(dcid.len <= UINT8_MAX && scid.len <= UINT8_MAX);
    gn_bytes_copy(p + 7 + dcid.len, scid.ptr, scid.len);
    p[6 + dcid.len] = (uint8_t)scid.len;
    gn_bytes_copy(p + 6, dcid.ptr, dcid.len);
    //@ assert dcid: header_same(p + 6, dcid.ptr, dcid.len);
    //@ assert scid: header_same(p + (7 + dcid.len), scid.ptr, scid.len);
    p[5] = (uint8_t)dcid.len;
    //@ assert dcid: header_same(p + 6, dcid.ptr, dcid.len);
    gn_be_write_u32(p + 1, version);
    p[0] = first;
    //@ assert dcid: header_same(p + 6, dcid.ptr, dcid.len);
    //@ assert scid: header_same(p + (7 + dcid.len), scid.ptr, scid.len);
    return 7 + dcid.len + scid.len;
}

/* The low size bytes of pn, the highest of them first. */
/*@
  requires 1 <= size <= 4 && \valid(p + (0 .. size - 1));
  terminates \true; exits \false;
  assigns p[0 .. size - 1];
  ensures pn: header_pn(p, size) == pn % pktnum_window(size);
*/
static void
header_write_pn(uint8_t *p, uint64_t pn, size_t size)
{
    switch (size) {
    case 1: p[0] = (uint8_t)(pn % 0x100); break;
    case 2: gn_be_write_u16(p, (uint16_t)(pn % 0x10000)); break;
    case 3: {
        const uint32_t low = (uint32_t)(pn % 0x1000000);
        p[0] = (uint8_t)(low / 0x10000);
        gn_be_write_u16(p + 1, (uint16_t)(low % 0x10000));
        break;
    }
    default: gn_be_write_u32(p, (uint32_t)(pn % 0x100000000)); break;
    }
}

/* A token behind its length, in Initial packets alone. Answers how many bytes that were. */
/*@
  requires token.len <= GN_VARINT_MAX;
  requires \valid(p + (0 .. header_token_bytes(kind, token.len) - 1));
  requires \valid_read(token.ptr + (0 .. token.len - 1));
  requires \separated(p + (0 .. header_token_bytes(kind, token.len) - 1),
                      token.ptr + (0 .. token.len - 1));
  terminates \true; exits \false;
  assigns p[0 .. header_token_bytes(kind, token.len) - 1];
  ensures size: \result == header_token_bytes(kind, token.len);
  ensures told: kind == GN_PACKET_INITIAL ==> varint_told(p[0]) == varint_size(token.len);
  ensures value: kind == GN_PACKET_INITIAL ==> varint_value(p) == token.len;
  ensures same: kind == GN_PACKET_INITIAL ==>
    header_same(p + varint_size(token.len), token.ptr, token.len);
*/
static size_t
header_write_token(uint8_t *p, gn_packet_kind kind, gn_span token)
{
    if (kind != GN_PACKET_INITIAL)
        return 0;

    const size_t size = gn_varint_size(token.len);
    gn_bytes_copy(p + size, token.ptr, token.len);
    gn_varint_write_at(p, token.len, size);
    return size + token.len;
}

/* A Length field of 0, to be filled in later, and the packet number. */
/*@
  requires 1 <= pn_size <= 4 && \valid(p + (0 .. GN_HEADER_LENGTH_BYTES + pn_size - 1));
  terminates \true; exits \false;
  assigns p[0 .. GN_HEADER_LENGTH_BYTES + pn_size - 1];
  ensures pn: header_pn(p + GN_HEADER_LENGTH_BYTES, pn_size) == pn % pktnum_window(pn_size);
*/
static void
header_write_numbers(uint8_t *p, uint64_t pn, size_t pn_size)
{
    gn_varint_write_at(p, 0, GN_HEADER_LENGTH_BYTES);
    header_write_pn(p + GN_HEADER_LENGTH_BYTES, pn, pn_size);
}

/* What follows the connection IDs. Answers how far behind them the Length field is. */
/*@
  requires 1 <= pn_size <= 4 && token.len <= GN_VARINT_MAX;
  requires \valid(p + (0 .. header_token_bytes(kind, token.len) + 1 + pn_size));
  requires \valid_read(token.ptr + (0 .. token.len - 1));
  requires \separated(p + (0 .. header_token_bytes(kind, token.len) + 1 + pn_size),
                      token.ptr + (0 .. token.len - 1));
  terminates \true; exits \false;
  assigns p[0 .. header_token_bytes(kind, token.len) + 1 + pn_size];
  ensures size: \result == header_token_bytes(kind, token.len);
  ensures told: kind == GN_PACKET_INITIAL ==> varint_told(p[0]) == varint_size(token.len);
  ensures value: kind == GN_PACKET_INITIAL ==> varint_value(p) == token.len;
  ensures same: kind == GN_PACKET_INITIAL ==>
    header_same(p + varint_size(token.len), token.ptr, token.len);
  ensures pn: header_pn(p + (\result + GN_HEADER_LENGTH_BYTES), pn_size) ==
    pn % pktnum_window(pn_size);
*/
static size_t
header_write_rest(uint8_t *p, gn_packet_kind kind, gn_span token, uint64_t pn, size_t pn_size)
{
    const size_t at = header_write_token(p, kind, token);

    header_write_numbers(p + at, pn, pn_size);
    return at;
}

/* The bytes of a long header, for which there is room. Answers where its Length field is. */
/*@
  requires header_numbered(kind) && (kind != GN_PACKET_INITIAL ==> token.len == 0);
  requires 1 <= pn_size <= 4 && token.len <= GN_VARINT_MAX;
  requires dcid.len <= GN_CID_MAX && scid.len <= GN_CID_MAX;
  requires \valid(p + (0 .. header_bytes(kind, dcid.len, scid.len, token.len, pn_size) - 1));
  requires \valid_read(dcid.ptr + (0 .. dcid.len - 1));
  requires \valid_read(scid.ptr + (0 .. scid.len - 1));
  requires \valid_read(token.ptr + (0 .. token.len - 1));
  requires \separated(p + (0 .. header_bytes(kind, dcid.len, scid.len, token.len, pn_size) - 1),
                      dcid.ptr + (0 .. dcid.len - 1));
  requires \separated(p + (0 .. header_bytes(kind, dcid.len, scid.len, token.len, pn_size) - 1),
                      scid.ptr + (0 .. scid.len - 1));
  requires \separated(p + (0 .. header_bytes(kind, dcid.len, scid.len, token.len, pn_size) - 1),
                      token.ptr + (0 .. token.len - 1));
  terminates \true; exits \false;
  assigns p[0 .. header_bytes(kind, dcid.len, scid.len, token.len, pn_size) - 1];
  ensures at: \result == 7 + dcid.len + scid.len + header_token_bytes(kind, token.len);
  ensures first: p[0] == 0xc0 + version_bits(version, kind) * 0x10 + pn_size - 1;
  ensures version: be32(p + 1) == version;
  ensures lengths: p[5] == dcid.len && p[6 + dcid.len] == scid.len;
  ensures dcid: header_same(p + 6, dcid.ptr, dcid.len);
  ensures scid: header_same(p + (7 + dcid.len), scid.ptr, scid.len);
  ensures told: kind == GN_PACKET_INITIAL ==>
    varint_told(p[7 + dcid.len + scid.len]) == varint_size(token.len);
  ensures value: kind == GN_PACKET_INITIAL ==>
    varint_value(p + (7 + dcid.len + scid.len)) == token.len;
  ensures token: header_same(p + (\result - token.len), token.ptr, token.len);
  ensures pn: header_pn(p + (\result + GN_HEADER_LENGTH_BYTES), pn_size) ==
    pn % pktnum_window(pn_size);
*/
static size_t
header_write_all(uint8_t *p, gn_packet_kind kind, uint32_t version, gn_span dcid, gn_span scid,
                 gn_span token, uint64_t pn, size_t pn_size)
{
    /* RFC 9000 17.2: form, fixed bit, type, reserved bits of zero, packet number length.
     * [R-9000-17.2-4] */
    const unsigned bits = gn_version_bits(version, (unsigned)kind);
    const uint8_t first =
        (uint8_t)(GN_HEADER_LONG + GN_HEADER_FIXED + bits * 16 + (unsigned)pn_size - 1);
    const size_t at = gn_header_write_ids(p, first, version, dcid, scid);
    const size_t length_at = header_write_rest(p + at, kind, token, pn, pn_size);

    //@ assert version: be32(p + 1) == version;
    //@ assert dcid: header_same(p + 6, dcid.ptr, dcid.len);
    //@ assert scid: header_same(p + (7 + dcid.len), scid.ptr, scid.len);
    return at + length_at;
}

gn_err
gn_header_write_long(gn_writer *w, gn_packet_kind kind, uint32_t version, const gn_cid *dcid,
                     const gn_cid *scid, gn_span token, uint64_t pn, size_t pn_size,
                     size_t *length_at)
{
    GN_ASSERT(kind == GN_PACKET_INITIAL || kind == GN_PACKET_ZERO_RTT ||
              kind == GN_PACKET_HANDSHAKE);
    GN_ASSERT(kind == GN_PACKET_INITIAL || token.len == 0);
    GN_ASSERT(1 <= pn_size && pn_size <= 4);

    const size_t size = gn_header_write_long_size(kind, dcid, scid, token.len, pn_size);
    if (gn_writer_left(w) < size)
        return GN_ERR_FULL;

    const size_t at =
        header_write_all(w->base + w->at, kind, version, gn_span_of(dcid->bytes, dcid->len),
                         gn_span_of(scid->bytes, scid->len), token, pn, pn_size);
    //@ assert dcid: dcid->len == \at(dcid->len, Pre);
    //@ assert scid: scid->len == \at(scid->len, Pre);
    *length_at = w->at + at;
    w->at += size;
    return GN_OK;
}

size_t
gn_header_write_long_size(gn_packet_kind kind, const gn_cid *dcid, const gn_cid *scid,
                          size_t token_len, size_t pn_size)
{
    const size_t token = kind == GN_PACKET_INITIAL ? gn_varint_size(token_len) + token_len : 0;

    return 1 + 4 + 1 + (size_t)dcid->len + 1 + (size_t)scid->len + token + GN_HEADER_LENGTH_BYTES +
           pn_size;
}

void
gn_header_write_length(gn_writer *w, size_t length_at, size_t length)
{
    GN_ASSERT(length <= GN_HEADER_LENGTH_MAX);
    GN_ASSERT(length_at <= w->at && GN_HEADER_LENGTH_BYTES <= w->at - length_at);
    gn_varint_write_at(w->base + length_at, length, GN_HEADER_LENGTH_BYTES);
}

gn_err
gn_header_write_short(gn_writer *w, const gn_cid *dcid, bool spin, bool key_phase, uint64_t pn,
                      size_t pn_size)
{
    GN_ASSERT(1 <= pn_size && pn_size <= 4);
    if (gn_writer_left(w) < 1 + (size_t)dcid->len + pn_size)
        return GN_ERR_FULL;

    /* RFC 9000 17.3.1: fixed bit, spin, reserved bits of zero, key phase, packet number length.
     * [R-9000-17.3.1-2] */
    const uint8_t first = (uint8_t)(GN_HEADER_FIXED + (spin ? GN_HEADER_SPIN : 0u) +
                                    (key_phase ? GN_HEADER_KEY_PHASE : 0u) + (unsigned)pn_size - 1);
    uint8_t *p = w->base + w->at;
    p[0] = first;
    gn_bytes_copy(p + 1, dcid->bytes, dcid->len);
    header_write_pn(p + 1 + dcid->len, pn, pn_size);
    w->at += 1 + dcid->len + pn_size;
    return GN_OK;
}
