/*
 * marks.h: a set of offsets that costs 24 bytes while it is one range.
 *
 * Three things about a stream are sets of byte ranges: what arrived above a
 * gap, what was acknowledged above a gap, what has to be sent again. All are
 * empty nearly always and a single range most of the rest of the time, so a
 * set keeps one range in itself and takes a chunk for a gn_ranges only from
 * the second range on; the chunk goes back as soon as one range is left.
 *
 * Invariant: slot is GN_POOL_NONE and from <= to (equal, and both zero: the
 * set is empty), or slot holds a gn_ranges of two ranges or more and from and
 * to are zero. The set grows only while GN_CHUNKS_SPARE chunks stay free. Each
 * gn_slots here is the chunk pool the set was fed from.
 */
#ifndef GN_STREAM_MARKS_H
#define GN_STREAM_MARKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/ranges.h"
#include "base/slots.h"

typedef struct gn_marks {
    uint64_t from;
    uint64_t to;
    uint32_t slot;
    uint32_t reserved;
} gn_marks;

/* The empty set. */
void gn_marks_init(gn_marks *s);

/* Gives the chunk back, if there is one, and empties the set. */
void gn_marks_wipe(gn_marks *s, gn_slots chunks);

/* Is nothing in the set? */
static inline bool
gn_marks_empty(const gn_marks *s)
{
    return s->from == s->to && s->slot == GN_POOL_NONE;
}

/* Would adding [from, to) succeed? GN_OK, and *takes is how many chunks (0 or 1) it would take
 * from the pool, beside the spare ones, which is not looked at; or GN_ERR_FULL. Needs from < to. */
GN_MUST_USE gn_err gn_marks_fits(const gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to,
                                 uint32_t *takes);

/* Adds [from, to), from < to. GN_ERR_FULL, changing nothing, when the set has no room for one
 * more range or there is no chunk to grow into. */
GN_MUST_USE gn_err gn_marks_add(gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to);

/* Adds [from, to) and never fails: without room the nearest range is stretched to take it in,
 * together with the gap between. The set then holds more than it was told, never less. */
void gn_marks_add_wide(gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to);

/* Takes [from, to) out. GN_ERR_FULL, changing nothing, when that would split a range and there
 * is no room for two; a cut that reaches an end of each range it meets never fails. */
GN_MUST_USE gn_err gn_marks_cut(gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to);

/* Takes everything below limit out. */
void gn_marks_cut_below(gn_marks *s, gn_slots chunks, uint64_t limit);

/* The first range that ends above off, whole. False, leaving *out alone, when there is none. */
bool gn_marks_find(const gn_marks *s, gn_slots chunks, uint64_t off, gn_range *out);

/* The first part of [from, to) that is not in the set. False when all of it is, or from >= to. */
bool gn_marks_hole(const gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to, gn_range *out);

/* The invariant above. */
bool gn_marks_check(const gn_marks *s, gn_slots chunks);

#endif
