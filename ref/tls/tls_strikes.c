/*
 * tls_strikes.c: see tls_strikes.h.
 */
#include "tls/tls_strikes.h"

#include <string.h>

#include "base/assert.h"

enum { STRIKES_PLACES = 2 * GN_TLS_STRIKES_MAX };

void
gn_tls_strikes_init(gn_tls_strikes *s)
{
    memset(s, 0, sizeof *s);
}

void
gn_tls_strikes_begin(gn_tls_strikes *s, int64_t now_ms)
{
    if (s->born_ms != 0)
        return;
    s->born_ms = now_ms;
    s->window_ms = now_ms;
}

/* Lets windows go that are over. Half of the places are free, so every search ends. */
static void
strikes_turn(gn_tls_strikes *s, int64_t now_ms)
{
    for (int i = 0; i < 2 && now_ms - s->window_ms >= GN_TLS_STRIKES_WINDOW_MS; i++) {
        memcpy(s->place[1], s->place[0], sizeof s->place[0]);
        memset(s->place[0], 0, sizeof s->place[0]);
        s->count[1] = s->count[0];
        s->count[0] = 0;
        s->window_ms += GN_TLS_STRIKES_WINDOW_MS;
    }
    if (now_ms - s->window_ms >= GN_TLS_STRIKES_WINDOW_MS)
        s->window_ms = now_ms;
}

/* Where the number stands, or would. */
static uint64_t *
strikes_find(uint64_t *place, uint64_t id)
{
    uint64_t at = id % STRIKES_PLACES;

    while (place[at] != 0 && place[at] != id)
        at = (at + 1) % STRIKES_PLACES;
    return &place[at];
}

bool
gn_tls_strikes_take(gn_tls_strikes *s, uint64_t id, int64_t issued_ms, int64_t now_ms)
{
    const uint64_t known = id == 0 ? 1 : id;

    GN_ASSERT(s->born_ms != 0);
    /* RFC 8446 8.2: what was seen before this register began cannot be known. */
    if (issued_ms < s->born_ms && now_ms - s->born_ms < GN_TLS_STRIKES_WINDOW_MS)
        return false;
    strikes_turn(s, now_ms);
    if (*strikes_find(s->place[1], known) == known)
        return false;
    uint64_t *here = strikes_find(s->place[0], known);
    if (*here == known || s->count[0] == GN_TLS_STRIKES_MAX)
        return false;
    *here = known;
    s->count[0]++;
    return true;
}
