/*
 * schedule.c: see schedule.h.
 */
#include "endpoint/schedule.h"

#include "base/assert.h"

void
gn_schedule_init(gn_schedule s, uint32_t slots)
{
    *s.count = 0;
    for (uint32_t i = 0; i < slots; i++)
        s.place[i] = GN_SCHEDULE_NOWHERE;
}

static bool
schedule_before(const gn_schedule_entry *a, const gn_schedule_entry *b)
{
    return a->at < b->at || (a->at == b->at && a->slot < b->slot);
}

static void
schedule_put(gn_schedule s, uint32_t at, gn_schedule_entry entry)
{
    s.heap[at] = entry;
    s.place[entry.slot] = at;
}

/* Moves an entry from the place at towards the top as far as it belongs. */
static void
schedule_rise(gn_schedule s, uint32_t at, gn_schedule_entry entry)
{
    while (at > 0 && schedule_before(&entry, &s.heap[(at - 1) / 2])) {
        schedule_put(s, at, s.heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    schedule_put(s, at, entry);
}

/* Moves an entry from the place at towards the bottom as far as it belongs. */
static void
schedule_sink(gn_schedule s, uint32_t at, gn_schedule_entry entry)
{
    for (uint32_t child = 2 * at + 1; child < *s.count; child = 2 * at + 1) {
        if (child + 1 < *s.count && schedule_before(&s.heap[child + 1], &s.heap[child]))
            child++;
        if (!schedule_before(&s.heap[child], &entry))
            break;
        schedule_put(s, at, s.heap[child]);
        at = child;
    }
    schedule_put(s, at, entry);
}

static void
schedule_settle(gn_schedule s, uint32_t at, gn_schedule_entry entry)
{
    if (at > 0 && schedule_before(&entry, &s.heap[(at - 1) / 2]))
        schedule_rise(s, at, entry);
    else
        schedule_sink(s, at, entry);
}

static void
schedule_cut(gn_schedule s, uint32_t slot)
{
    const uint32_t at = s.place[slot];

    if (at == GN_SCHEDULE_NOWHERE)
        return;
    s.place[slot] = GN_SCHEDULE_NOWHERE;
    *s.count -= 1;
    if (at < *s.count)
        schedule_settle(s, at, s.heap[*s.count]);
}

void
gn_schedule_set(gn_schedule s, uint32_t slot, gn_time at)
{
    const gn_schedule_entry entry = {.at = at, .slot = slot};

    if (at == GN_NEVER)
        schedule_cut(s, slot);
    else if (s.place[slot] == GN_SCHEDULE_NOWHERE)
        schedule_rise(s, (*s.count)++, entry);
    else
        schedule_settle(s, s.place[slot], entry);
}

gn_time
gn_schedule_first(gn_schedule s, uint32_t *slot)
{
    if (*s.count == 0)
        return GN_NEVER;
    *slot = s.heap[0].slot;
    return s.heap[0].at;
}

bool
gn_schedule_check(gn_schedule s)
{
    for (uint32_t i = 0; i < *s.count; i++) {
        if (s.place[s.heap[i].slot] != i || s.heap[i].at == GN_NEVER)
            return false;
        if (i > 0 && schedule_before(&s.heap[i], &s.heap[(i - 1) / 2]))
            return false;
    }
    return true;
}
