/*
 * prop_ack.c: ACK frames from both sides.
 *
 * Read: ranges come downwards, apart, not below 0, and as many as counted.
 * Written: any set of numbers comes back from its frame, newest part first.
 */
#include "base/ranges.h"
#include "base/reader.h"
#include "base/writer.h"
#include "prop.h"
#include "wire/ack_iter.h"
#include "wire/frame.h"

static bool
ranges_are_sound(const gn_frame_ack *ack)
{
    gn_ack_iter it = gn_ack_iter_over(ack);
    gn_range range = {0};
    uint64_t below = GN_VARINT_MAX + 2;
    uint64_t count = 0;

    while (gn_ack_iter_next(&it, &range)) {
        if (count == 0 && range.to != ack->largest + 1)
            return false;
        if (range.from >= range.to || range.to >= below)
            return false;
        below = range.from;
        count++;
    }
    return count == ack->range_count + 1 && gn_reader_left(&it.pairs) == 0;
}

/* The bytes as an ACK of this type, whatever they are. */
static bool
bytes_are_judged(const uint8_t *bytes, size_t len, uint8_t type)
{
    uint8_t frame_bytes[1024];
    gn_writer w = gn_writer_over(frame_bytes, sizeof frame_bytes);
    gn_frame frame = {0};
    gn_fault fault = {0};

    if (gn_writer_u8(&w, type) != GN_OK || gn_writer_bytes(&w, bytes, len) != GN_OK)
        return false;
    gn_reader r = gn_reader_over(frame_bytes, w.at);
    if (gn_frame_read(&r, &frame, &fault) != GN_OK)
        return r.at == 0 && fault.wire_code == GN_FAULT_FRAME_ENCODING && fault.frame_type == type;
    return frame.as.ack.has_ecn == (type == GN_FRAME_ACK_ECN) && ranges_are_sound(&frame.as.ack);
}

/* A set from pairs of bytes: a gap and a length each. */
static void
fill_set(gn_ranges *set, const uint8_t *bytes, size_t len)
{
    uint64_t at = 0;

    gn_ranges_init(set);
    for (size_t i = 0; i + 1 < len && set->count < GN_RANGES_MAX; i += 2) {
        const uint64_t from = at + UINT64_C(1) * bytes[i] * bytes[i] * bytes[i] + 1;

        at = from + bytes[i + 1] + 1;
        if (gn_ranges_add(set, from, at) != GN_OK)
            return;
    }
}

static bool
set_comes_back(const gn_ranges *set, size_t room, size_t most, const gn_frame_ecn *ecn)
{
    uint8_t bytes[512];
    gn_writer w = gn_writer_over(bytes, room);
    gn_frame frame = {0};
    gn_fault fault = {0};
    gn_range range = {0};
    size_t told = 0;

    const gn_err err = gn_frame_ack_write(&w, set, room, ecn, most);
    if (err != GN_OK)
        return err == GN_ERR_FULL && w.at == 0 && room < 40;
    gn_reader r = gn_reader_over(bytes, w.at);
    if (gn_frame_read(&r, &frame, &fault) != GN_OK || r.at != w.at ||
        gn_frame_size(&frame) != w.at || frame.as.ack.has_ecn != (ecn != NULL))
        return false;
    for (gn_ack_iter it = gn_ack_iter_over(&frame.as.ack); gn_ack_iter_next(&it, &range); told++) {
        if (told >= set->count)
            return false;
        const gn_range *want = &set->at[set->count - 1 - told];
        if (range.from != want->from || range.to != want->to)
            return false;
    }
    /* Nothing is left out without need: 16 bytes hold any pair. */
    return told <= most && (told == most || told == set->count || room - w.at < 16);
}

bool
gn_prop_ack(const uint8_t *bytes, size_t len)
{
    const size_t read = len > 1000 ? 1000 : len;

    if (!bytes_are_judged(bytes, read, 0x02) || !bytes_are_judged(bytes, read, 0x03))
        return false;
    if (len < 4)
        return true;

    const gn_frame_ecn ecn = {bytes[0], (uint64_t)bytes[1] * 1000, bytes[2]};
    gn_ranges set;

    fill_set(&set, bytes + 2, len - 2);
    return set_comes_back(&set, bytes[0], (size_t)bytes[1] % 40 + 1, NULL) &&
           set_comes_back(&set, (size_t)bytes[0] * 2, 99, &ecn);
}
