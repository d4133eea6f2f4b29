/*
 * ranges.h: a small set of numbers, kept as ranges.
 *
 * Holds packet numbers that arrived, or stream bytes that did. Both mostly
 * arrive in order, so adding at or near the upper end costs the same however
 * many ranges there are; the rest is a short walk from the top.
 */
#ifndef GN_BASE_RANGES_H
#define GN_BASE_RANGES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/limits.h"

/* The numbers from <= v < to. */
typedef struct gn_range {
    uint64_t from;
    uint64_t to;
} gn_range;

/*
 * Invariant: count <= GN_RANGES_MAX; at[0 .. count) have from < to, ascend,
 * and neither overlap nor touch; reserved is 0.
 */
typedef struct gn_ranges {
    uint32_t count;
    uint32_t reserved;
    gn_range at[GN_RANGES_MAX];
} gn_ranges;

/* Makes the set empty. */
void gn_ranges_init(gn_ranges *set);

/*
 * Adds from .. to, which may hold numbers that are in the set. Needs from <= to.
 * GN_ERR_FULL, and nothing changed, when that would make one range too many.
 */
GN_MUST_USE gn_err gn_ranges_add(gn_ranges *set, uint64_t from, uint64_t to);

/*
 * Takes from .. to out. Needs from <= to. GN_ERR_FULL, and nothing changed,
 * when splitting a range in two would make one too many.
 */
GN_MUST_USE gn_err gn_ranges_cut(gn_ranges *set, uint64_t from, uint64_t to);

/* Takes everything below limit out. */
void gn_ranges_cut_below(gn_ranges *set, uint64_t limit);

/* Takes the lowest range out, to make room. The set must not be empty. */
void gn_ranges_drop_first(gn_ranges *set);

/* Whether v is in the set. */
bool gn_ranges_has(const gn_ranges *set, uint64_t v);

/* Whether all of from .. to is in the set; an empty stretch always is. Needs from <= to. */
bool gn_ranges_covers(const gn_ranges *set, uint64_t from, uint64_t to);

/* One more than the largest number in the set; 0 when it is empty. */
uint64_t gn_ranges_end(const gn_ranges *set);

/* Whether the invariant above holds. */
bool gn_ranges_check(const gn_ranges *set);

#endif
