/*
 * marks.h: stands in for stream/marks.h, of which WP proves what is done here: a set of offsets in
 * the window of the harness, a bit each. It counts the chunk that a set of two ranges or more
 * takes, is full when that one does, and adds as widely as that one may.
 */
#ifndef GN_STREAM_MARKS_H
#define GN_STREAM_MARKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/limits.h"
#include "stream/owned.h"

/* Where bit 0 lies, and how many there are. */
extern uint64_t bounded_start;
enum { BOUNDED_BITS = 5 };

typedef struct gn_marks {
    uint32_t bits;
    bool has_chunk;
} gn_marks;

uint32_t nondet_u32(void);

/* The bits of the offsets below off. */
static inline uint32_t
marks_below(uint64_t off)
{
    if (off <= bounded_start)
        return 0;
    __CPROVER_assert(off - bounded_start <= BOUNDED_BITS, "offsets lie in the window");
    return (1u << (off - bounded_start)) - 1;
}

static inline uint32_t
marks_ranges(uint32_t bits)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < BOUNDED_BITS; i++)
        n += (bits & ~(bits << 1)) >> i & 1;
    return n;
}

/* Now it has these bits. False, and nothing changes, when there is no chunk that it would need. */
static inline bool
marks_become(gn_marks *s, gn_slots chunks, uint32_t bits)
{
    const bool needs = marks_ranges(bits) > 1;

    if (marks_ranges(bits) > GN_RANGES_MAX)
        return false;
    if (needs && !s->has_chunk && gn_owned_left(chunks) <= GN_CHUNKS_SPARE)
        return false;
    chunks.pool->used = chunks.pool->used + (needs ? 1 : 0) - (s->has_chunk ? 1 : 0);
    s->has_chunk = needs;
    s->bits = bits;
    return true;
}

static inline void
gn_marks_init(gn_marks *s)
{
    *s = (gn_marks){.bits = 0};
}

static inline void
gn_marks_wipe(gn_marks *s, gn_slots chunks)
{
    __CPROVER_assert(marks_become(s, chunks, 0), "nothing needs no chunk");
}

static inline bool
gn_marks_empty(const gn_marks *s)
{
    return s->bits == 0;
}

static inline gn_err
gn_marks_fits(const gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to, uint32_t *takes)
{
    const uint32_t more = s->bits | (marks_below(to) & ~marks_below(from));

    (void)chunks;
    if (marks_ranges(more) > GN_RANGES_MAX)
        return GN_ERR_FULL;
    *takes = marks_ranges(more) > 1 && !s->has_chunk;
    return GN_OK;
}

static inline gn_err
gn_marks_add(gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to)
{
    return marks_become(s, chunks, s->bits | (marks_below(to) & ~marks_below(from))) ? GN_OK
                                                                                     : GN_ERR_FULL;
}

/* Up to the next range on one side or the other, if there is no room. */
static inline void
gn_marks_add_wide(gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to)
{
    if (gn_marks_add(s, chunks, from, to) == GN_OK)
        return;
    const uint32_t wanted = s->bits | (marks_below(to) & ~marks_below(from));
    const uint32_t wide = nondet_u32();
    __CPROVER_assume((wide & wanted) == wanted && wide < 1u << BOUNDED_BITS);
    for (uint32_t i = 0; i < BOUNDED_BITS; i++)
        if (((wide & ~wanted) >> i & 1) != 0)
            __CPROVER_assume((marks_below(from) >> i & 1) != 0 ? (s->bits & ((1u << i) - 1)) != 0
                                                               : s->bits >> i != 0);
    __CPROVER_assume(marks_become(s, chunks, wide));
}

static inline gn_err
gn_marks_cut(gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to)
{
    return marks_become(s, chunks, s->bits & ~(marks_below(to) & ~marks_below(from))) ? GN_OK
                                                                                      : GN_ERR_FULL;
}

static inline void
gn_marks_cut_below(gn_marks *s, gn_slots chunks, uint64_t limit)
{
    __CPROVER_assert(marks_become(s, chunks, s->bits & ~marks_below(limit)), "less needs no more");
}

/* The first of these bits from number i on. */
static inline uint32_t
marks_first(uint32_t bits, uint32_t i)
{
    uint32_t first = BOUNDED_BITS;

    for (uint32_t at = BOUNDED_BITS; at > 0; at--)
        if (at - 1 >= i && (bits >> (at - 1) & 1) != 0)
            first = at - 1;
    return first;
}

static inline bool
gn_marks_find(const gn_marks *s, gn_slots chunks, uint64_t off, gn_range *out)
{
    uint32_t first = off <= bounded_start ? 0 : (uint32_t)(off - bounded_start);

    (void)chunks;
    if (s->bits >> first == 0)
        return false;
    first = marks_first(s->bits, first);
    while (first > 0 && (s->bits >> (first - 1) & 1) != 0)
        first--;
    out->from = bounded_start + first;
    out->to = bounded_start + marks_first(~s->bits, first);
    return true;
}

static inline bool
gn_marks_hole(const gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to, gn_range *out)
{
    (void)chunks;
    if (from >= to || (marks_below(to) & ~marks_below(from) & ~s->bits) == 0)
        return false;
    const uint32_t first = marks_first(~s->bits, (uint32_t)(from - bounded_start));
    const uint64_t end = bounded_start + marks_first(s->bits, first);
    out->from = bounded_start + first;
    out->to = end < to ? end : to;
    return true;
}

static inline bool
gn_marks_check(const gn_marks *s, gn_slots chunks)
{
    (void)chunks;
    return s->has_chunk == (marks_ranges(s->bits) > 1);
}

#endif
