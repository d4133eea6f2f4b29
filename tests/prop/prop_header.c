/*
 * prop_header.c: any bytes, read as a datagram of packets.
 *
 * The first byte chooses the length of our connection IDs. Every packet that
 * was read lies inside the datagram with all its parts; a long header of
 * version 1, written again, reads the same.
 */
#include "base/reader.h"
#include "base/writer.h"
#include "prop.h"
#include "wire/header_read.h"
#include "wire/header_write.h"

static bool
inside(gn_span part, const uint8_t *bytes, size_t len)
{
    return part.len == 0 ||
           (part.ptr >= bytes && part.len <= len && (size_t)(part.ptr - bytes) <= len - part.len);
}

static bool
is_numbered(gn_packet_kind kind)
{
    return kind == GN_PACKET_INITIAL || kind == GN_PACKET_ZERO_RTT || kind == GN_PACKET_HANDSHAKE;
}

/* All that the table in header_read.h says of this kind. */
static bool
header_is_sound(const gn_header *h, const uint8_t *bytes, size_t len)
{
    if (h->packet_len == 0 || h->packet_len > len || h->first != bytes[0] ||
        !inside(h->dcid_bytes, bytes, h->packet_len))
        return false;
    if (h->kind == GN_PACKET_ONE_RTT || is_numbered(h->kind) || h->kind == GN_PACKET_RETRY) {
        if ((h->first & GN_HEADER_FIXED) == 0 ||
            !gn_span_equal(h->dcid_bytes, gn_cid_span(&h->dcid)))
            return false;
    }
    if (h->kind == GN_PACKET_ONE_RTT)
        return h->packet_len == len && h->pn_at <= len;
    if (!inside(h->scid_bytes, bytes, h->packet_len))
        return false;
    if (!is_numbered(h->kind))
        return h->packet_len == len && inside(h->rest, bytes, len);
    return h->pn_at <= h->packet_len && gn_span_equal(h->scid_bytes, gn_cid_span(&h->scid)) &&
           (h->kind != GN_PACKET_INITIAL || inside(h->token, bytes, h->pn_at));
}

static bool
header_comes_back(const gn_header *h)
{
    const gn_span token = h->kind == GN_PACKET_INITIAL ? h->token : (gn_span){0};
    const size_t pn_size = h->first % 4 + 1u;
    uint8_t bytes[4200];
    gn_writer w = gn_writer_over(bytes, sizeof bytes);
    gn_header back = {0};
    size_t at = 0;

    if (gn_header_write_long(&w, h->kind, h->version, &h->dcid, &h->scid, token, 0, pn_size, &at) !=
        GN_OK)
        return false;
    if (w.at != gn_header_write_long_size(h->kind, &h->dcid, &h->scid, token.len, pn_size))
        return false;
    gn_header_write_length(&w, at, pn_size);
    return gn_header_read(bytes, w.at, 0, &back) == GN_OK && back.kind == h->kind &&
           back.packet_len == w.at && back.pn_at == at + GN_HEADER_LENGTH_BYTES &&
           gn_cid_equal(&back.dcid, &h->dcid) && gn_cid_equal(&back.scid, &h->scid) &&
           (h->kind != GN_PACKET_INITIAL || gn_span_equal(back.token, token));
}

bool
gn_prop_header(const uint8_t *bytes, size_t len)
{
    if (len == 0)
        return true;

    const size_t local = bytes[0] % (GN_CID_MAX + 1u);
    const size_t end = len > 4096 ? 4096 : len;

    for (size_t at = 1; at < end;) {
        gn_header h = {0};
        const gn_err err = gn_header_read(bytes + at, end - at, local, &h);

        if (err != GN_OK)
            return err == GN_ERR_SHORT || err == GN_ERR_FORM;
        if (!header_is_sound(&h, bytes + at, end - at))
            return false;
        if (is_numbered(h.kind) && !header_comes_back(&h))
            return false;
        at += h.packet_len;
    }
    return true;
}
