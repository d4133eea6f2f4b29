/*
 * header_write.c: see header_write.h.
 */
#include "wire/header_write.h"

#include "base/assert.h"
#include "base/be.h"

/* The low size bytes of pn, the highest of them first. */
/*@
  requires writer_ok(w) && 1 <= size <= 4;
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL;
  ensures size: \result == GN_OK ==> w->at == \old(w->at) + size;
  ensures room: \result == GN_ERR_FULL ==> !writer_room{Pre}(w, size);
*/
static gn_err
header_write_pn(gn_writer *w, uint64_t pn, size_t size)
{
    switch (size) {
    case 1: return gn_writer_u8(w, (uint8_t)(pn % 0x100));
    case 2: return gn_writer_u16(w, (uint16_t)(pn % 0x10000));
    case 3:
        if (gn_writer_left(w) < 3)
            return GN_ERR_FULL;
        if (gn_writer_u8(w, (uint8_t)(pn / 0x10000 % 0x100)) != GN_OK)
            return GN_ERR_FULL;
        return gn_writer_u16(w, (uint16_t)(pn % 0x10000));
    default: return gn_writer_u32(w, (uint32_t)(pn % 0x100000000));
    }
}

gn_err
gn_header_write_long(gn_writer *w, gn_packet_kind kind, uint32_t version, const gn_cid *dcid,
                     const gn_cid *scid, gn_span token, uint64_t pn, size_t pn_size,
                     size_t *length_at)
{
    gn_writer out = *w;

    GN_ASSERT(kind == GN_PACKET_INITIAL || kind == GN_PACKET_ZERO_RTT ||
              kind == GN_PACKET_HANDSHAKE);
    GN_ASSERT(kind == GN_PACKET_INITIAL || token.len == 0);
    GN_ASSERT(1 <= pn_size && pn_size <= 4);

    /* RFC 9000 17.2: form, fixed bit, type, reserved bits of zero, packet number length.
     * [R-9000-17.2-4] */
    const uint8_t first =
        (uint8_t)(GN_HEADER_LONG + GN_HEADER_FIXED + (unsigned)kind * 16 + (unsigned)pn_size - 1);
    if (gn_writer_u8(&out, first) != GN_OK || gn_writer_u32(&out, version) != GN_OK ||
        gn_cid_write(&out, dcid) != GN_OK || gn_cid_write(&out, scid) != GN_OK)
        return GN_ERR_FULL;
    if (kind == GN_PACKET_INITIAL && (gn_varint_write(&out, token.len) != GN_OK ||
                                      gn_writer_bytes(&out, token.ptr, token.len) != GN_OK))
        return GN_ERR_FULL;

    const size_t at = out.at;
    if (gn_varint_write_sized(&out, 0, GN_HEADER_LENGTH_BYTES) != GN_OK ||
        header_write_pn(&out, pn, pn_size) != GN_OK)
        return GN_ERR_FULL;
    w->at = out.at;
    *length_at = at;
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
    /* RFC 9000 16: the mark of a two-byte varint, then its value. */
    gn_be_write_u16(w->base + length_at, (uint16_t)(0x4000 + length));
    //@ assert first: 0x40 <= w->base[length_at] < 0x80;
}

gn_err
gn_header_write_short(gn_writer *w, const gn_cid *dcid, bool spin, bool key_phase, uint64_t pn,
                      size_t pn_size)
{
    gn_writer out = *w;

    GN_ASSERT(1 <= pn_size && pn_size <= 4);
    /* RFC 9000 17.3.1: fixed bit, spin, reserved bits of zero, key phase, packet number length.
     * [R-9000-17.3.1-2] */
    const uint8_t first = (uint8_t)(GN_HEADER_FIXED + (spin ? GN_HEADER_SPIN : 0u) +
                                    (key_phase ? GN_HEADER_KEY_PHASE : 0u) + (unsigned)pn_size - 1);
    if (gn_writer_u8(&out, first) != GN_OK ||
        gn_writer_bytes(&out, dcid->bytes, dcid->len) != GN_OK ||
        header_write_pn(&out, pn, pn_size) != GN_OK)
        return GN_ERR_FULL;
    w->at = out.at;
    return GN_OK;
}
