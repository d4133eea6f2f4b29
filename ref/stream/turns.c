/*
 * turns.c: see turns.h.
 */
#include "stream/turns.h"

#include "base/assert.h"
#include "stream/stream.h"

static gn_turn *
turns_at(const gn_turns *t, gn_slots streams, uint32_t at)
{
    return &((gn_stream *)gn_slots_at(streams, at))->turn[t->which];
}

static int32_t
turns_priority(gn_slots streams, uint32_t at)
{
    return ((const gn_stream *)gn_slots_at(streams, at))->priority;
}

void
gn_turns_init(gn_turns *t, uint32_t which)
{
    GN_ASSERT(which < GN_STREAM_TURNS);
    *t = (gn_turns){.head = GN_POOL_NONE, .which = which};
}

void
gn_turns_clear(gn_turn *turn)
{
    *turn = (gn_turn){
        .next = GN_POOL_NONE,
        .prev = GN_POOL_NONE,
        .lane_next = GN_POOL_NONE,
        .lane_prev = GN_POOL_NONE,
    };
}

/* Makes at the first of a lane between two others, of which either may be GN_POOL_NONE. */
static void
turns_set_lane(gn_turns *t, gn_slots streams, uint32_t at, uint32_t lane_prev, uint32_t lane_next)
{
    gn_turn *turn = turns_at(t, streams, at);

    turn->lane_prev = lane_prev;
    turn->lane_next = lane_next;
    if (lane_prev == GN_POOL_NONE)
        t->head = at;
    else
        turns_at(t, streams, lane_prev)->lane_next = at;
    if (lane_next != GN_POOL_NONE)
        turns_at(t, streams, lane_next)->lane_prev = at;
}

void
gn_turns_push(gn_turns *t, gn_slots streams, uint32_t at)
{
    const int32_t priority = turns_priority(streams, at);
    gn_turn *turn = turns_at(t, streams, at);
    GN_ASSERT(!gn_turns_waits(turn));

    uint32_t above = GN_POOL_NONE;
    uint32_t lane = t->head;
    while (lane != GN_POOL_NONE && turns_priority(streams, lane) > priority) {
        above = lane;
        lane = turns_at(t, streams, lane)->lane_next;
    }

    if (lane == GN_POOL_NONE || turns_priority(streams, lane) < priority) {
        turn->next = at;
        turn->prev = at;
        turns_set_lane(t, streams, at, above, lane);
        return;
    }
    gn_turn *first = turns_at(t, streams, lane);
    turn->next = lane;
    turn->prev = first->prev;
    turns_at(t, streams, first->prev)->next = at;
    first->prev = at;
}

/* Is the stream, which is in the line, first of its priority? */
static bool
turns_is_first(const gn_turns *t, gn_slots streams, uint32_t at)
{
    return t->head == at || turns_at(t, streams, at)->lane_prev != GN_POOL_NONE;
}

void
gn_turns_cut(gn_turns *t, gn_slots streams, uint32_t at)
{
    gn_turn *turn = turns_at(t, streams, at);
    GN_ASSERT(gn_turns_waits(turn));

    if (turns_is_first(t, streams, at)) {
        if (turn->next != at) {
            turns_set_lane(t, streams, turn->next, turn->lane_prev, turn->lane_next);
        } else {
            if (turn->lane_prev == GN_POOL_NONE)
                t->head = turn->lane_next;
            else
                turns_at(t, streams, turn->lane_prev)->lane_next = turn->lane_next;
            if (turn->lane_next != GN_POOL_NONE)
                turns_at(t, streams, turn->lane_next)->lane_prev = turn->lane_prev;
        }
    }
    turns_at(t, streams, turn->next)->prev = turn->prev;
    turns_at(t, streams, turn->prev)->next = turn->next;
    gn_turns_clear(turn);
}

void
gn_turns_rotate(gn_turns *t, gn_slots streams, uint32_t at)
{
    gn_turn *turn = turns_at(t, streams, at);
    GN_ASSERT(gn_turns_waits(turn));

    /* In a ring, who comes after the first is first when the first is last. */
    if (!turns_is_first(t, streams, at) || turn->next == at)
        return;
    turns_set_lane(t, streams, turn->next, turn->lane_prev, turn->lane_next);
    turn->lane_prev = GN_POOL_NONE;
    turn->lane_next = GN_POOL_NONE;
}

/* Is the ring of first closed, of one priority, and without other firsts? */
static bool
turns_check_ring(const gn_turns *t, gn_slots streams, uint32_t first)
{
    uint32_t at = first;
    uint32_t steps = 0;

    do {
        const gn_turn *turn = turns_at(t, streams, at);

        if (turn->next == GN_POOL_NONE || turns_at(t, streams, turn->next)->prev != at)
            return false;
        if (turns_priority(streams, at) != turns_priority(streams, first))
            return false;
        if (at != first && (turn->lane_next != GN_POOL_NONE || turn->lane_prev != GN_POOL_NONE))
            return false;
        at = turn->next;
        steps++;
    } while (at != first && steps <= streams.pool->slots);
    return at == first;
}

bool
gn_turns_check(const gn_turns *t, gn_slots streams)
{
    uint32_t above = GN_POOL_NONE;

    for (uint32_t lane = t->head; lane != GN_POOL_NONE;
         lane = turns_at(t, streams, lane)->lane_next) {
        if (turns_at(t, streams, lane)->lane_prev != above)
            return false;
        if (above != GN_POOL_NONE &&
            turns_priority(streams, above) <= turns_priority(streams, lane))
            return false;
        if (!turns_check_ring(t, streams, lane))
            return false;
        above = lane;
    }
    return true;
}
