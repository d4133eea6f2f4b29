/*
 * sent.c: see sent.h.
 */
#include "recovery/sent.h"

#include <string.h>

#include "base/assert.h"

void
gn_sent_log_init(gn_sent_log *log)
{
    log->head = GN_POOL_NONE;
    log->tail = GN_POOL_NONE;
    log->count = 0;
    log->reserved = 0;
}

uint32_t
gn_sent_take(gn_slots slots)
{
    const uint32_t at = gn_slots_take(slots);

    if (at == GN_POOL_NONE)
        return GN_POOL_NONE;

    gn_sent *record = gn_sent_at(slots, at);
    memset(record, 0, sizeof *record);
    record->next = GN_POOL_NONE;
    record->prev = GN_POOL_NONE;
    record->more = GN_POOL_NONE;
    return at;
}

/* The last slot a record goes on in, or GN_POOL_NONE when it has none. */
static uint32_t
sent_last_more(gn_slots slots, const gn_sent *record)
{
    uint32_t last = GN_POOL_NONE;

    for (uint32_t at = record->more; at != GN_POOL_NONE;) {
        last = at;
        at = ((const gn_sent_more *)gn_slots_at(slots, at))->more;
    }
    return last;
}

/* Items that fit into the slots a record has. */
static uint32_t
sent_free_items(gn_slots slots, const gn_sent *record)
{
    if (record->more == GN_POOL_NONE)
        return GN_SENT_ITEMS - record->item_count;

    const gn_sent_more *last = gn_slots_at(slots, sent_last_more(slots, record));
    return GN_SENT_MORE_ITEMS - last->item_count;
}

/* Gives a full record another slot; false when there is none. */
static bool
sent_extend(gn_slots slots, gn_sent *record)
{
    const uint32_t fresh = gn_slots_take(slots);

    if (fresh == GN_POOL_NONE)
        return false;

    gn_sent_more *more = gn_slots_at(slots, fresh);
    memset(more, 0, sizeof *more);
    more->more = GN_POOL_NONE;
    const uint32_t last = sent_last_more(slots, record);
    if (last == GN_POOL_NONE)
        record->more = fresh;
    else
        ((gn_sent_more *)gn_slots_at(slots, last))->more = fresh;
    return true;
}

gn_err
gn_sent_add(gn_slots slots, uint32_t at, const gn_item *item)
{
    gn_sent *record = gn_sent_at(slots, at);

    GN_ASSERT(item->kind > GN_ITEM_NONE && item->kind < GN_ITEM_KINDS);
    if (record->item_count < GN_SENT_ITEMS) {
        record->items[record->item_count++] = *item;
        return GN_OK;
    }

    if (record->more == GN_POOL_NONE || sent_free_items(slots, record) == 0)
        if (!sent_extend(slots, record))
            return GN_ERR_FULL;
    gn_sent_more *last = gn_slots_at(slots, sent_last_more(slots, record));
    GN_ASSERT(last->item_count < GN_SENT_MORE_ITEMS);
    last->items[last->item_count++] = *item;
    return GN_OK;
}

bool
gn_sent_has_room(gn_slots slots, uint32_t at, uint32_t n)
{
    const uint32_t here = sent_free_items(slots, gn_sent_at(slots, at));

    return n <= here || (n - here - 1) / GN_SENT_MORE_ITEMS < gn_slots_left(slots);
}

void
gn_sent_push(gn_sent_log *log, gn_slots slots, uint32_t at)
{
    gn_sent *record = gn_sent_at(slots, at);

    GN_ASSERT(record->next == GN_POOL_NONE && record->prev == GN_POOL_NONE);
    if (log->tail == GN_POOL_NONE) {
        GN_ASSERT(log->count == 0);
        log->head = at;
    } else {
        gn_sent *tail = gn_sent_at(slots, log->tail);

        GN_ASSERT(tail->pn < record->pn && tail->at <= record->at);
        tail->next = at;
        record->prev = log->tail;
    }
    log->tail = at;
    log->count++;
}

void
gn_sent_unlink(gn_sent_log *log, gn_slots slots, uint32_t at)
{
    gn_sent *record = gn_sent_at(slots, at);

    GN_ASSERT(log->count > 0);
    if (record->prev == GN_POOL_NONE) {
        GN_ASSERT(log->head == at);
        log->head = record->next;
    } else {
        gn_sent_at(slots, record->prev)->next = record->next;
    }
    if (record->next == GN_POOL_NONE) {
        GN_ASSERT(log->tail == at);
        log->tail = record->prev;
    } else {
        gn_sent_at(slots, record->next)->prev = record->prev;
    }
    record->next = GN_POOL_NONE;
    record->prev = GN_POOL_NONE;
    log->count--;
    GN_ASSERT((log->count == 0) == (log->head == GN_POOL_NONE));
}

void
gn_sent_free(gn_slots slots, uint32_t at)
{
    uint32_t more = gn_sent_at(slots, at)->more;

    gn_slots_give(slots, at);
    while (more != GN_POOL_NONE) {
        const uint32_t after = ((const gn_sent_more *)gn_slots_at(slots, more))->more;

        gn_slots_give(slots, more);
        more = after;
    }
}

void
gn_sent_free_list(gn_slots slots, uint32_t head)
{
    while (head != GN_POOL_NONE) {
        const uint32_t next = gn_sent_at(slots, head)->next;

        gn_sent_free(slots, head);
        head = next;
    }
}

gn_sent_items
gn_sent_items_over(uint32_t at)
{
    return (gn_sent_items){.record = at, .more = GN_POOL_NONE, .index = 0};
}

bool
gn_sent_items_next(gn_slots slots, gn_sent_items *it, gn_item *out)
{
    if (it->record != GN_POOL_NONE) {
        const gn_sent *record = gn_sent_at(slots, it->record);

        if (it->index < record->item_count) {
            *out = record->items[it->index++];
            return true;
        }
        *it = (gn_sent_items){.record = GN_POOL_NONE, .more = record->more, .index = 0};
    }

    while (it->more != GN_POOL_NONE) {
        const gn_sent_more *more = gn_slots_at(slots, it->more);

        if (it->index < more->item_count) {
            *out = more->items[it->index++];
            return true;
        }
        it->more = more->more;
        it->index = 0;
    }
    return false;
}

bool
gn_sent_check(const gn_sent_log *log, gn_slots slots, uint8_t space)
{
    uint32_t before = GN_POOL_NONE;
    uint32_t count = 0;

    for (uint32_t at = log->head; at != GN_POOL_NONE;) {
        const gn_sent *record = gn_sent_at(slots, at);

        if (record->prev != before || record->space != space || count == log->count)
            return false;
        if (before != GN_POOL_NONE) {
            const gn_sent *older = gn_sent_at(slots, before);

            if (older->pn >= record->pn || older->at > record->at)
                return false;
        }
        if (record->item_count > GN_SENT_ITEMS)
            return false;
        if ((record->flags & GN_SENT_ELICITING) != 0 && (record->flags & GN_SENT_IN_FLIGHT) == 0)
            return false;
        count++;
        before = at;
        at = record->next;
    }
    return before == log->tail && count == log->count;
}
