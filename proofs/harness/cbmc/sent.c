/*
 * sent.c: a log of three packets, of which one leaves early; a packet with any number of items up
 * to six, in a pool of any size. Items are told in the order in which they were added, the log
 * stays well linked, and at the end all slots are given back.
 */
#include "proofs/harness/cbmc/records.h"

enum { PACKETS = 3, ITEMS = 6 };

/* One record. */
static void
items(void)
{
    gn_pool pool = {.slots = any_below(SLOTS) + 1, .free_head = GN_POOL_NONE};
    const gn_slots slots = {.pool = &pool};
    const uint32_t at = gn_sent_take(slots);
    uint64_t ids[ITEMS];
    uint32_t count = 0;

    for (; count < ITEMS; count++) {
        const gn_item item = {.id = nondet_u64(), .kind = GN_ITEM_PING};
        const bool room = gn_sent_has_room(slots, at, 1);
        const gn_err err = gn_sent_add(slots, at, &item);

        CHECK(room == (err == GN_OK));
        if (err != GN_OK) {
            CHECK(err == GN_ERR_FULL && pool.used == pool.slots);
            REACHED("full");
            break;
        }
        ids[count] = item.id;
    }

    gn_sent_items it = gn_sent_items_over(at);
    gn_item item;
    for (uint32_t i = 0; i < count; i++) {
        CHECK(gn_sent_items_next(slots, &it, &item));
        CHECK(item.id == ids[i] && item.kind == GN_ITEM_PING);
    }
    CHECK(!gn_sent_items_next(slots, &it, &item));
    gn_sent_free(slots, at);
    CHECK(pool.used == 0);
    REACHED("items");
}

/* A log of records that have no items. */
static void
links(void)
{
    gn_pool pool = {.slots = PACKETS, .free_head = GN_POOL_NONE};
    const gn_slots slots = {.pool = &pool};
    gn_sent_log log;
    uint64_t pn = any_below(100);

    gn_sent_log_init(&log);
    for (uint32_t i = 0; i < PACKETS; i++) {
        const uint32_t at = gn_sent_take(slots);

        gn_sent_at(slots, at)->pn = pn;
        gn_sent_push(&log, slots, at);
        pn += 1 + any_below(100);
    }
    CHECK(gn_sent_take(slots) == GN_POOL_NONE);
    CHECK(gn_sent_check(&log, slots, 0) && log.count == PACKETS);

    const uint32_t first = any_below(PACKETS);
    gn_sent_unlink(&log, slots, first);
    CHECK(gn_sent_check(&log, slots, 0) && log.count == PACKETS - 1);
    CHECK(gn_sent_at(slots, first)->next == GN_POOL_NONE);
    gn_sent_free(slots, first);
    CHECK(gn_sent_check(&log, slots, 0) && pool.used == PACKETS - 1);
    gn_sent_free_list(slots, log.head);
    CHECK(pool.used == 0);
    REACHED("links");
}

void
bounded_sent(void)
{
    any_records();
    if (nondet_bool())
        items();
    else
        links();
}
