/*
 * ranges.c: see ranges.h.
 */
#include "base/ranges.h"

#include <stddef.h>
#include <string.h>

#include "base/assert.h"

void
gn_ranges_init(gn_ranges *set)
{
    memset(set, 0, sizeof *set);
}

/*
 * How many ranges end below v, so that ranges from there on reach v or lie
 * above it. Walks from the top, where the news is.
 */
static uint32_t
ranges_below(const gn_ranges *set, uint64_t v)
{
    uint32_t i = set->count;

    while (i > 0 && set->at[i - 1].to >= v)
        i--;
    return i;
}

/* Puts n ranges where those from .. upto were. There must be room. */
static void
ranges_replace(gn_ranges *set, uint32_t from, uint32_t upto, const gn_range *with, uint32_t n)
{
    const uint32_t above = set->count - upto;

    GN_ASSERT(from <= upto && upto <= set->count);
    GN_ASSERT(from + n + above <= GN_RANGES_MAX);
    if (above > 0 && from + n != upto)
        memmove(&set->at[from + n], &set->at[upto], above * sizeof set->at[0]);
    for (uint32_t i = 0; i < n; i++)
        set->at[from + i] = with[i];

    /* What is beyond the end stays zero, so that equal sets are equal bytes. */
    for (uint32_t i = from + n + above; i < set->count; i++)
        set->at[i] = (gn_range){.from = 0, .to = 0};
    set->count = from + n + above;
}

gn_err
gn_ranges_add(gn_ranges *set, uint64_t from, uint64_t to)
{
    GN_ASSERT(from <= to);
    if (from == to)
        return GN_OK;

    /* at[first .. last) are those that the new one overlaps or touches. */
    const uint32_t first = ranges_below(set, from);
    uint32_t last = first;
    gn_range sum = {.from = from, .to = to};
    while (last < set->count && set->at[last].from <= to)
        last++;

    if (first == last) {
        if (set->count == GN_RANGES_MAX)
            return GN_ERR_FULL;
    } else {
        if (set->at[first].from < sum.from)
            sum.from = set->at[first].from;
        if (set->at[last - 1].to > sum.to)
            sum.to = set->at[last - 1].to;
    }
    ranges_replace(set, first, last, &sum, 1);
    return GN_OK;
}

gn_err
gn_ranges_cut(gn_ranges *set, uint64_t from, uint64_t to)
{
    GN_ASSERT(from <= to);
    if (from == to)
        return GN_OK;

    /* at[first .. last) are those that lose something; touching is not enough. */
    uint32_t first = ranges_below(set, from);
    if (first < set->count && set->at[first].to == from)
        first++;
    uint32_t last = first;
    while (last < set->count && set->at[last].from < to)
        last++;
    if (first == last)
        return GN_OK;

    gn_range rest[2];
    uint32_t rests = 0;
    if (set->at[first].from < from)
        rest[rests++] = (gn_range){.from = set->at[first].from, .to = from};
    if (set->at[last - 1].to > to)
        rest[rests++] = (gn_range){.from = to, .to = set->at[last - 1].to};
    if (set->count - (last - first) + rests > GN_RANGES_MAX)
        return GN_ERR_FULL;
    ranges_replace(set, first, last, rest, rests);
    return GN_OK;
}

void
gn_ranges_cut_below(gn_ranges *set, uint64_t limit)
{
    uint32_t gone = 0;

    while (gone < set->count && set->at[gone].to <= limit)
        gone++;
    if (gone > 0)
        ranges_replace(set, 0, gone, NULL, 0);
    if (set->count > 0 && set->at[0].from < limit)
        set->at[0].from = limit;
}

void
gn_ranges_drop_first(gn_ranges *set)
{
    GN_ASSERT(set->count > 0);
    ranges_replace(set, 0, 1, NULL, 0);
}

bool
gn_ranges_has(const gn_ranges *set, uint64_t v)
{
    for (uint32_t i = set->count; i > 0 && set->at[i - 1].to > v; i--)
        if (set->at[i - 1].from <= v)
            return true;
    return false;
}

bool
gn_ranges_covers(const gn_ranges *set, uint64_t from, uint64_t to)
{
    GN_ASSERT(from <= to);
    if (from == to)
        return true;
    for (uint32_t i = set->count; i > 0 && set->at[i - 1].to >= to; i--)
        if (set->at[i - 1].from <= from)
            return true;
    return false;
}

uint64_t
gn_ranges_end(const gn_ranges *set)
{
    return set->count == 0 ? 0 : set->at[set->count - 1].to;
}

bool
gn_ranges_check(const gn_ranges *set)
{
    if (set->count > GN_RANGES_MAX || set->reserved != 0)
        return false;
    for (uint32_t i = 0; i < set->count; i++) {
        if (set->at[i].from >= set->at[i].to)
            return false;
        if (i > 0 && set->at[i - 1].to >= set->at[i].from)
            return false;
    }
    for (uint32_t i = set->count; i < GN_RANGES_MAX; i++)
        if (set->at[i].from != 0 || set->at[i].to != 0)
            return false;
    return true;
}
