/*
 * events.h: what the application should know of a connection and has not been told.
 *
 * Streams keep their own events; here are those of the connection: a short
 * queue that the caller empties after each input.
 */
#ifndef GN_CONN_EVENTS_H
#define GN_CONN_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Room for several inputs' worth. Notes that the peer can cause again and
 * again are expendable: when the caller does not pull, the oldest of them goes.
 */
#define GN_EVENTS_MAX 16

/* How many notes of a life may be precious: accepted, 0-RTT twice, ready, confirmed, and the
 * preferred address. */
#define GN_EVENTS_PRECIOUS_MAX 6

/* One effect without bytes; the first four fields are those of gn_effect. */
typedef struct gn_event_note {
    uint64_t route;
    uint64_t code;
    uint32_t kind;
    uint32_t detail;
    uint32_t expendable; /* 1: may be lost when there is no room */
    uint32_t reserved;
} gn_event_note;

/* Invariant: count <= GN_EVENTS_MAX, first < GN_EVENTS_MAX; a ring. */
typedef struct gn_events {
    uint32_t first;
    uint32_t count;
    gn_event_note at[GN_EVENTS_MAX];
} gn_events;

void gn_events_init(gn_events *e);

/* Appends; when there is no room the oldest expendable note goes. */
void gn_events_push(gn_events *e, gn_event_note note);

/* Takes the oldest note out, or says false. */
bool gn_events_pop(gn_events *e, gn_event_note *out);

static inline bool
gn_events_any(const gn_events *e)
{
    return e->count > 0;
}

#endif
