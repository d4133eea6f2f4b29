/*
 * marks.c: see marks.h.
 */
#include "stream/marks.h"

#include <stddef.h>

#include "base/assert.h"
#include "base/chunks.h"
#include "base/limits.h"

_Static_assert(sizeof(gn_ranges) <= sizeof(gn_chunk), "a set of ranges must fit into a chunk");

static gn_ranges *
marks_ranges(const gn_marks *s, gn_slots chunks)
{
    return gn_slots_at(chunks, s->slot);
}

/* The set as an array of ranges, without asking where they lie. */
static const gn_range *
marks_array(const gn_marks *s, gn_slots chunks, gn_range *own, uint32_t *count)
{
    if (s->slot != GN_POOL_NONE) {
        const gn_ranges *set = marks_ranges(s, chunks);

        *count = set->count;
        return set->at;
    }
    *own = (gn_range){.from = s->from, .to = s->to};
    *count = s->from < s->to ? 1 : 0;
    return own;
}

/* One range or none is left: it needs no chunk. */
static void
marks_shrink(gn_marks *s, gn_slots chunks)
{
    const gn_ranges *set = marks_ranges(s, chunks);

    if (set->count > 1)
        return;
    s->from = set->count == 1 ? set->at[0].from : 0;
    s->to = set->count == 1 ? set->at[0].to : 0;
    gn_slots_give(chunks, s->slot);
    s->slot = GN_POOL_NONE;
}

/* Two ranges, in ascending order and apart, go into a chunk. */
static gn_err
marks_grow(gn_marks *s, gn_slots chunks, gn_range low, gn_range high)
{
    GN_ASSERT(s->slot == GN_POOL_NONE && low.to < high.from);

    if (gn_slots_left(chunks) <= GN_CHUNKS_SPARE)
        return GN_ERR_FULL;

    const uint32_t slot = gn_slots_take(chunks);
    gn_ranges *set = gn_slots_at(chunks, slot);
    gn_ranges_init(set);
    set->at[0] = low;
    set->at[1] = high;
    set->count = 2;
    s->from = 0;
    s->to = 0;
    s->slot = slot;
    return GN_OK;
}

static void
marks_set_one(gn_marks *s, uint64_t from, uint64_t to)
{
    s->from = from < to ? from : 0;
    s->to = from < to ? to : 0;
}

void
gn_marks_init(gn_marks *s)
{
    *s = (gn_marks){.slot = GN_POOL_NONE};
}

void
gn_marks_wipe(gn_marks *s, gn_slots chunks)
{
    if (s->slot != GN_POOL_NONE)
        gn_slots_give(chunks, s->slot);
    gn_marks_init(s);
}

gn_err
gn_marks_fits(const gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to, uint32_t *takes)
{
    GN_ASSERT(from < to);

    gn_range own;
    uint32_t count;
    const gn_range *at = marks_array(s, chunks, &own, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (at[i].from <= to && from <= at[i].to) {
            *takes = 0;
            return GN_OK;
        }
    }
    if (count == GN_RANGES_MAX)
        return GN_ERR_FULL;
    *takes = count == 1 ? 1 : 0;
    return GN_OK;
}

gn_err
gn_marks_add(gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to)
{
    GN_ASSERT(from < to);

    if (s->slot != GN_POOL_NONE) {
        const gn_err err = gn_ranges_add(marks_ranges(s, chunks), from, to);
        if (err == GN_OK)
            marks_shrink(s, chunks);
        return err;
    }

    const gn_range one = {.from = s->from, .to = s->to};
    const gn_range more = {.from = from, .to = to};
    if (one.from == one.to) {
        marks_set_one(s, from, to);
        return GN_OK;
    }
    if (to < one.from)
        return marks_grow(s, chunks, more, one);
    if (one.to < from)
        return marks_grow(s, chunks, one, more);
    marks_set_one(s, from < one.from ? from : one.from, to > one.to ? to : one.to);
    return GN_OK;
}

void
gn_marks_add_wide(gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to)
{
    if (gn_marks_add(s, chunks, from, to) == GN_OK)
        return;

    /* It touches no range, so each lies wholly below or wholly above: find the smallest gap. */
    gn_range own;
    uint32_t count;
    const gn_range *at = marks_array(s, chunks, &own, &count);
    uint64_t nearest = UINT64_MAX;
    gn_range wide = {.from = from, .to = to};
    for (uint32_t i = 0; i < count; i++) {
        const bool below = at[i].to < from;
        const uint64_t gap = below ? from - at[i].to : at[i].from - to;

        if (gap < nearest) {
            nearest = gap;
            wide.from = below ? at[i].to : from;
            wide.to = below ? to : at[i].from;
        }
    }
    const gn_err err = gn_marks_add(s, chunks, wide.from, wide.to);
    GN_ASSERT(err == GN_OK);
}

gn_err
gn_marks_cut(gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to)
{
    GN_ASSERT(from <= to);

    if (s->slot != GN_POOL_NONE) {
        const gn_err err = gn_ranges_cut(marks_ranges(s, chunks), from, to);
        if (err == GN_OK)
            marks_shrink(s, chunks);
        return err;
    }
    if (from >= s->to || to <= s->from || from == to)
        return GN_OK;

    const gn_range low = {.from = s->from, .to = from};
    const gn_range high = {.from = to, .to = s->to};
    if (low.from < low.to && high.from < high.to)
        return marks_grow(s, chunks, low, high);
    if (low.from < low.to)
        marks_set_one(s, low.from, low.to);
    else
        marks_set_one(s, high.from, high.to);
    return GN_OK;
}

void
gn_marks_cut_below(gn_marks *s, gn_slots chunks, uint64_t limit)
{
    if (s->slot != GN_POOL_NONE) {
        gn_ranges_cut_below(marks_ranges(s, chunks), limit);
        marks_shrink(s, chunks);
    } else if (s->from < limit) {
        marks_set_one(s, limit, s->to);
    }
}

bool
gn_marks_find(const gn_marks *s, gn_slots chunks, uint64_t off, gn_range *out)
{
    gn_range own;
    uint32_t count;
    const gn_range *at = marks_array(s, chunks, &own, &count);

    for (uint32_t i = 0; i < count; i++) {
        if (at[i].to > off) {
            *out = at[i];
            return true;
        }
    }
    return false;
}

bool
gn_marks_hole(const gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to, gn_range *out)
{
    gn_range own;
    uint32_t count;
    const gn_range *at = marks_array(s, chunks, &own, &count);
    uint64_t stop = to;

    for (uint32_t i = 0; i < count && at[i].from < to; i++) {
        if (at[i].to <= from)
            continue;
        if (at[i].from > from) {
            stop = at[i].from;
            break;
        }
        from = at[i].to;
    }
    if (from >= stop)
        return false;
    *out = (gn_range){.from = from, .to = stop};
    return true;
}

bool
gn_marks_check(const gn_marks *s, gn_slots chunks)
{
    if (s->slot == GN_POOL_NONE)
        return s->from < s->to || (s->from == 0 && s->to == 0);

    const gn_ranges *set = marks_ranges(s, chunks);
    return s->from == 0 && s->to == 0 && gn_ranges_check(set) && set->count >= 2;
}
