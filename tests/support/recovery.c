/*
 * recovery.c: see recovery.h.
 */
#include "tests/support/recovery.h"

#include <stdalign.h>
#include <stdlib.h>

#include "base/reader.h"
#include "base/writer.h"

static alignas(16) uint8_t memory[GN_TEST_SENT_SLOTS * sizeof(gn_sent)];
static gn_pool pool;
static uint8_t frame_bytes[1024];

gn_slots
gn_test_sent_slots(uint32_t slots)
{
    if (slots > GN_TEST_SENT_SLOTS)
        abort();
    gn_pool_init(&pool, slots, GN_SENT_SLOT_BYTES);
    return (gn_slots){.pool = &pool, .base = memory};
}

uint32_t
gn_test_record(gn_slots slots, uint8_t space, uint64_t pn, gn_time at, uint16_t bytes,
               uint8_t flags)
{
    const gn_item ping = {.kind = GN_ITEM_PING};
    const uint32_t record = gn_sent_take(slots);

    if (record == GN_POOL_NONE)
        return GN_POOL_NONE;
    if (gn_sent_add(slots, record, &ping) != GN_OK)
        abort();

    gn_sent *sent = gn_sent_at(slots, record);
    sent->pn = pn;
    sent->at = at;
    sent->bytes = bytes;
    sent->flags = flags;
    sent->space = space;
    return record;
}

gn_frame_ack
gn_test_ack_of(const gn_ranges *set)
{
    gn_writer w = gn_writer_over(frame_bytes, sizeof frame_bytes);
    gn_frame frame;
    gn_fault fault;

    if (gn_frame_ack_write(&w, set, 0, NULL, GN_RANGES_MAX) != GN_OK)
        abort();
    gn_reader r = gn_reader_over(frame_bytes, w.at);
    if (gn_frame_read(&r, &frame, &fault) != GN_OK)
        abort();
    return frame.as.ack;
}

gn_frame_ack
gn_test_ack(uint64_t from, uint64_t to)
{
    gn_ranges set;

    gn_ranges_init(&set);
    if (gn_ranges_add(&set, from, to) != GN_OK)
        abort();
    return gn_test_ack_of(&set);
}
