/*
 * turns.h: whose turn it is among the streams that have something to send (RFC 9000 section 2.3).
 *
 * Higher priority first; round robin among equals. The streams of one priority form a ring, of
 * which one is first; the first of each ring form a list by descending priority. So joining
 * costs a walk over the priorities in use, and everything else O(1), however many streams wait.
 *
 *      head -> first (7) <-> first (3) <-> first (0)        lanes
 *               | ring        | ring        | ring
 *
 * A stream can wait in several lines at once; which is an index into gn_stream.turn, the same
 * at each call for one gn_turns. The streams are the slots of the pool.
 */
#ifndef GN_STREAM_TURNS_H
#define GN_STREAM_TURNS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slots.h"

/* A stream's place in one line. All are GN_POOL_NONE when it is not in it. */
typedef struct gn_turn {
    uint32_t next; /* in the ring; itself when alone */
    uint32_t prev;
    uint32_t lane_next; /* the first of the next lower priority; for firsts only */
    uint32_t lane_prev;
} gn_turn;

typedef struct gn_turns {
    uint32_t head;  /* the first of the highest priority, or GN_POOL_NONE */
    uint32_t which; /* index into gn_stream.turn */
} gn_turns;

/* An empty line that uses turn[which] of each stream. */
void gn_turns_init(gn_turns *t, uint32_t which);

/* A place in no line. */
void gn_turns_clear(gn_turn *turn);

/* Is the stream that this place belongs to in the line? */
static inline bool
gn_turns_waits(const gn_turn *turn)
{
    return turn->next != GN_POOL_NONE;
}

/* Joins as the last of its priority. It must not be in the line. */
void gn_turns_push(gn_turns *t, gn_slots streams, uint32_t at);

/* Leaves the line, in which it must be. */
void gn_turns_cut(gn_turns *t, gn_slots streams, uint32_t at);

/* The stream in slot at had its turn: if it is first of its priority, it becomes the last of it. */
void gn_turns_rotate(gn_turns *t, gn_slots streams, uint32_t at);

/* Is every link answered by its counterpart, and each lane of one, lower priority? For tests. */
bool gn_turns_check(const gn_turns *t, gn_slots streams);

#endif
