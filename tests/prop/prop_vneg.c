/*
 * prop_vneg.c: any bytes, read as the list of a Version Negotiation packet.
 *
 * A list that was read, written into a packet and read again, is the same.
 */
#include "base/writer.h"
#include "prop.h"
#include "wire/header_read.h"
#include "wire/vneg.h"

bool
gn_prop_vneg(const uint8_t *bytes, size_t len)
{
    uint32_t versions[64];
    uint8_t packet[64 * 4 + 600];
    gn_writer w = gn_writer_over(packet, sizeof packet);
    const size_t ids = len < 200 ? len / 2 : 100;
    gn_vneg v = {0};
    gn_vneg back = {0};
    gn_header h = {0};

    const gn_err err = gn_vneg_read(gn_span_of(bytes, len), &v);
    if (err != GN_OK)
        return err == GN_ERR_FORM && (len == 0 || len % 4 != 0);
    if (gn_vneg_count(&v) != len / 4)
        return false;

    const size_t count = len / 4 > 64 ? 64 : len / 4;
    for (size_t i = 0; i < count; i++) {
        versions[i] = gn_vneg_at(&v, i);
        if (!gn_vneg_has(&v, versions[i]))
            return false;
    }
    const gn_span dcid = gn_span_of(bytes, ids);
    const gn_span scid = gn_span_of(bytes + ids, ids);
    if (gn_vneg_write(&w, bytes[0], dcid, scid, versions, count) != GN_OK ||
        gn_header_read(packet, w.at, 0, &h) != GN_OK || h.kind != GN_PACKET_VNEG ||
        !gn_span_equal(h.dcid_bytes, dcid) || !gn_span_equal(h.scid_bytes, scid) ||
        gn_vneg_read(h.rest, &back) != GN_OK)
        return false;
    return gn_span_equal(back.versions, gn_span_of(bytes, count * 4));
}
