/*
 * datagram_fates.c: see datagram_fates.h.
 */
#include "conn/datagram_fates.h"

#include <string.h>

#include "base/assert.h"
#include "wire/ack_iter.h"

void
gn_datagram_fates_init(gn_datagram_fates *f)
{
    memset(f, 0, sizeof *f);
    for (int i = 0; i < GN_DATAGRAM_FATE_LATE; i++) {
        f->list[i].head = GN_POOL_NONE;
        f->list[i].tail = GN_POOL_NONE;
    }
}

void
gn_datagram_fates_wipe(gn_datagram_fates *f, gn_slots sent)
{
    for (int i = 0; i < GN_DATAGRAM_FATE_LATE; i++)
        gn_sent_free_list(sent, f->list[i].head);
    gn_datagram_fates_init(f);
}

/* Keeps a lost datagram in mind; the one lost longest ago is forgotten. */
static void
fates_remember(gn_datagram_fates *f, uint64_t pn, uint64_t id)
{
    gn_datagram_late *late = &f->late[f->late_next];

    f->late_count += late->state == GN_DATAGRAM_LATE_FREE;
    f->late_next = (f->late_next + 1) % GN_DATAGRAM_FATES_LATE;
    *late = (gn_datagram_late){.pn = pn, .id = id, .state = GN_DATAGRAM_LATE_LOST};
}

void
gn_datagram_fates_take(gn_datagram_fates *f, gn_slots sent, uint32_t at, bool acked)
{
    gn_datagram_fate_list *list = &f->list[acked ? GN_DATAGRAM_FATE_ACKED : GN_DATAGRAM_FATE_LOST];
    gn_sent *record = gn_sent_at(sent, at);
    gn_sent_items it = gn_sent_items_over(at);
    gn_item item;

    record->next = GN_POOL_NONE;
    if (list->head == GN_POOL_NONE) {
        list->head = at;
        list->told = it;
    } else {
        gn_sent_at(sent, list->tail)->next = at;
    }
    list->tail = at;
    while (!acked && gn_sent_items_next(sent, &it, &item))
        if (item.kind == GN_ITEM_DATAGRAM)
            fates_remember(f, record->pn, item.id);
}

/* Whether the frame acknowledges this packet. */
static bool
fates_covers(const gn_frame_ack *ack, uint64_t pn)
{
    gn_ack_iter it = gn_ack_iter_over(ack);
    gn_range range;

    while (gn_ack_iter_next(&it, &range)) {
        if (pn >= range.to)
            return false; /* ranges descend */
        if (pn >= range.from)
            return true;
    }
    return false;
}

void
gn_datagram_fates_on_ack(gn_datagram_fates *f, const gn_frame_ack *ack)
{
    for (uint32_t i = 0; f->late_count > 0 && i < GN_DATAGRAM_FATES_LATE; i++)
        if (f->late[i].state == GN_DATAGRAM_LATE_LOST && fates_covers(ack, f->late[i].pn))
            f->late[i].state = GN_DATAGRAM_LATE_ACKED;
}

/* An entry that is to be told of, or GN_DATAGRAM_FATES_LATE. */
static uint32_t
fates_late(const gn_datagram_fates *f)
{
    uint32_t i = f->late_count > 0 ? 0 : GN_DATAGRAM_FATES_LATE;

    while (i < GN_DATAGRAM_FATES_LATE && f->late[i].state != GN_DATAGRAM_LATE_ACKED)
        i++;
    return i;
}

bool
gn_datagram_fates_any(const gn_datagram_fates *f)
{
    return f->list[GN_DATAGRAM_FATE_ACKED].head != GN_POOL_NONE ||
           f->list[GN_DATAGRAM_FATE_LOST].head != GN_POOL_NONE ||
           fates_late(f) < GN_DATAGRAM_FATES_LATE;
}

/* The next datagram of a list; records that are told whole are given back. */
static bool
fates_next(gn_datagram_fate_list *list, gn_slots sent, uint64_t *id)
{
    while (list->head != GN_POOL_NONE) {
        gn_item item;
        while (gn_sent_items_next(sent, &list->told, &item))
            if (item.kind == GN_ITEM_DATAGRAM) {
                *id = item.id;
                return true;
            }
        const uint32_t next = gn_sent_at(sent, list->head)->next;
        gn_sent_free(sent, list->head);
        list->head = next;
        if (next == GN_POOL_NONE)
            list->tail = GN_POOL_NONE;
        else
            list->told = gn_sent_items_over(next);
    }
    return false;
}

bool
gn_datagram_fates_tell(gn_datagram_fates *f, gn_slots sent, uint64_t *id, gn_datagram_fate *fate)
{
    for (int i = 0; i < GN_DATAGRAM_FATE_LATE; i++)
        if (fates_next(&f->list[i], sent, id)) {
            *fate = (gn_datagram_fate)i;
            return true;
        }
    const uint32_t late = fates_late(f);
    if (late == GN_DATAGRAM_FATES_LATE)
        return false;
    *id = f->late[late].id;
    *fate = GN_DATAGRAM_FATE_LATE;
    memset(&f->late[late], 0, sizeof f->late[late]);
    f->late_count--;
    return true;
}

bool
gn_datagram_fates_check(const gn_datagram_fates *f, gn_slots sent)
{
    uint32_t late = 0;

    for (int i = 0; i < GN_DATAGRAM_FATE_LATE; i++) {
        uint32_t last = GN_POOL_NONE;
        uint32_t count = 0;
        for (uint32_t at = f->list[i].head; at != GN_POOL_NONE; at = gn_sent_at(sent, at)->next) {
            if (count++ == sent.pool->slots)
                return false;
            last = at;
        }
        if (last != f->list[i].tail)
            return false;
    }
    for (uint32_t i = 0; i < GN_DATAGRAM_FATES_LATE; i++)
        late += f->late[i].state != GN_DATAGRAM_LATE_FREE;
    return late == f->late_count;
}
