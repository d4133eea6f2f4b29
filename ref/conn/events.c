/*
 * events.c: see events.h.
 */
#include "conn/events.h"

#include <string.h>

#include "base/assert.h"

void
gn_events_init(gn_events *e)
{
    memset(e, 0, sizeof *e);
}

static gn_event_note *
events_slot(gn_events *e, uint32_t nth)
{
    return &e->at[(e->first + nth) % GN_EVENTS_MAX];
}

/* Closes the gap at nth: every later note moves one place forward. */
static void
events_remove(gn_events *e, uint32_t nth)
{
    for (uint32_t i = nth; i + 1 < e->count; i++)
        *events_slot(e, i) = *events_slot(e, i + 1);
    e->count--;
}

void
gn_events_push(gn_events *e, gn_event_note note)
{
    if (e->count == GN_EVENTS_MAX) {
        uint32_t nth = 0;
        while (nth < e->count && !events_slot(e, nth)->expendable)
            nth++;
        GN_ASSERT(nth < e->count);
        events_remove(e, nth);
    }
    *events_slot(e, e->count) = note;
    e->count++;
}

bool
gn_events_pop(gn_events *e, gn_event_note *out)
{
    if (e->count == 0)
        return false;
    *out = e->at[e->first];
    e->first = (e->first + 1) % GN_EVENTS_MAX;
    e->count--;
    return true;
}
