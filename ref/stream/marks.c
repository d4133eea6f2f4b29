/*
 * marks.c: see marks.h.
 */
#include "stream/marks.h"

#include "base/assert.h"
#include "base/chunks.h"
#include "base/limits.h"

_Static_assert(sizeof(gn_ranges) <= sizeof(gn_chunk), "a set of ranges must fit into a chunk");

/* How many ranges there are. */
/*@
  requires owned_ok(chunks) && marks_apart(s, chunks) && marks_ok(s, chunks);
  terminates \true; exits \false;
  assigns \nothing;
  ensures is: \result == marks_count(s, chunks) && \result <= GN_RANGES_MAX;
  ensures all: \forall integer v; marks_in(s, chunks, v) <==> (\exists integer k;
    0 <= k < \result && marks_from(s, chunks, k) <= v < marks_to(s, chunks, k));
*/
static uint32_t
marks_count(const gn_marks *s, gn_slots chunks)
{
    if (s->slot != GN_POOL_NONE) {
        /*@ assert more: \forall integer v; marks_in(s, chunks, v) <==> (\exists integer k;
              0 <= k < marks_count(s, chunks) &&
              marks_from(s, chunks, k) <= v < marks_to(s, chunks, k)); */
        return gn_owned_ranges(chunks, s->slot)->count;
    }
    //@ assert first: s->from < s->to ==> marks_from(s, chunks, 0) == s->from;
    //@ assert last: s->from < s->to ==> marks_to(s, chunks, 0) == s->to;
    /*@ assert one: \forall integer v; marks_in(s, chunks, v) <==> (\exists integer k;
          0 <= k < marks_count(s, chunks) &&
          marks_from(s, chunks, k) <= v < marks_to(s, chunks, k)); */
    return s->from < s->to ? 1 : 0;
}

/* The i-th of them. */
/*@
  requires owned_ok(chunks) && marks_apart(s, chunks) && marks_ok(s, chunks);
  requires i < marks_count(s, chunks);
  terminates \true; exits \false;
  assigns \nothing;
  ensures is: \result.from == marks_from(s, chunks, i) && \result.to == marks_to(s, chunks, i);
  ensures some: \result.from < \result.to;
  ensures below: \forall integer k; 0 <= k < i ==> marks_to(s, chunks, k) < \result.from;
  ensures above: \forall integer k; i < k < marks_count(s, chunks) ==>
    \result.to < marks_from(s, chunks, k);
  ensures in: \forall integer v; \result.from <= v < \result.to ==> marks_in(s, chunks, v);
*/
static gn_range
marks_at(const gn_marks *s, gn_slots chunks, uint32_t i)
{
    if (s->slot != GN_POOL_NONE)
        return gn_owned_ranges(chunks, s->slot)->at[i];
    return (gn_range){.from = s->from, .to = s->to};
}

/* Where one range or none is left, it needs no chunk. */
/*@
  requires owned_ok(chunks) && marks_apart(s, chunks);
  requires held: marks_held(s, chunks) && ranges_ok(ranges_of(chunks, s->slot));
  requires empty: s->from == 0 && s->to == 0;
  terminates \true; exits \false;
  assigns s->from, s->to, s->slot, chunks.pool->free_head, chunks.pool->used, gn_owner[s->slot];
  assigns *ranges_of(chunks, s->slot), *chunk_of(chunks, s->slot);
  ensures ok: owned_ok(chunks) && marks_ok(s, chunks);
  ensures kept: owned_kept{Pre, Post}(&s->slot);
  ensures same: \forall integer v;
    marks_in(s, chunks, v) <==> ranges_in{Pre}(ranges_of(chunks, \old(s->slot)), v);
  ensures count: marks_count(s, chunks) == \old(ranges_of(chunks, s->slot)->count);
*/
static void
marks_shrink(gn_marks *s, gn_slots chunks)
{
    const uint32_t slot = s->slot;
    const gn_ranges *set = gn_owned_ranges(chunks, slot);

    if (set->count > 1)
        return;

    const uint64_t from = set->count == 1 ? set->at[0].from : 0;
    const uint64_t to = set->count == 1 ? set->at[0].to : 0;
    /*@ assert left: \forall integer v; ranges_in(ranges_of(chunks, slot), v) <==>
          from <= v < to; */
    //@ ghost gn_owner[slot] = 0;
    gn_owned_give(chunks, slot);
    //@ assert given: owned_ok(chunks);
    s->from = from;
    s->to = to;
    s->slot = GN_POOL_NONE;
    //@ assert owned: owned_ok(chunks);
    //@ assert one: marks_ok(s, chunks);
}

/* Two ranges, in ascending order and apart, go into a chunk. */
/*@
  requires owned_ok(chunks) && marks_apart(s, chunks);
  requires s->slot == GN_POOL_NONE;
  requires low.from < low.to < high.from < high.to;
  terminates \true; exits \false;
  assigns s->from, s->to, s->slot;
  assigns chunks.pool->free_head, chunks.pool->fresh, chunks.pool->used, chunks.pool->peak;
  assigns { gn_owner[i] | integer i; gn_owner[i] == \null };
  assigns { *ranges_of(chunks, i) | integer i; gn_owner[i] == \null };
  ensures ok: owned_ok(chunks);
  ensures kept: owned_kept{Pre, Post}(&s->slot);
  ensures either: \result == GN_OK || \result == GN_ERR_FULL;
  ensures full: \result == GN_ERR_FULL <==> \old(owned_left(chunks)) <= GN_CHUNKS_SPARE;
  ensures same: \result == GN_ERR_FULL ==>
    s->slot == GN_POOL_NONE && s->from == \old(s->from) && s->to == \old(s->to);
  ensures grown: \result == GN_OK ==> marks_ok(s, chunks) && s->slot != GN_POOL_NONE;
  ensures in: \result == GN_OK ==> \forall integer v; marks_in(s, chunks, v) <==>
    low.from <= v < low.to || high.from <= v < high.to;
*/
static gn_err
marks_grow(gn_marks *s, gn_slots chunks, gn_range low, gn_range high)
{
    GN_ASSERT(s->slot == GN_POOL_NONE && low.to < high.from);

    if (gn_owned_left(chunks) <= GN_CHUNKS_SPARE)
        return GN_ERR_FULL;

    const uint32_t slot = gn_owned_take(chunks);
    GN_ASSERT(slot != GN_POOL_NONE);
    //@ ghost gn_owner[slot] = &s->slot;
    gn_ranges *set = gn_owned_ranges(chunks, slot);
    gn_ranges_init(set);
    set->at[0].from = low.from;
    set->at[0].to = low.to;
    set->at[1].from = high.from;
    set->at[1].to = high.to;
    set->count = 2;
    //@ assert ascend: ranges_ascend(set);
    //@ assert clear: ranges_clear(set);
    //@ assert set: ranges_ok(set);
    /*@ assert holds: \forall integer v; ranges_in(set, v) <==>
          low.from <= v < low.to || high.from <= v < high.to; */
    s->from = 0;
    s->to = 0;
    s->slot = slot;
    //@ assert ascend: ranges_ascend(set);
    //@ assert clear: ranges_clear(set);
    //@ assert still: ranges_ok(set);
    return GN_OK;
}

/* One range, or none when that is empty, without a chunk. */
/*@
  requires \valid(s) && s->slot == GN_POOL_NONE;
  terminates \true; exits \false;
  assigns s->from, s->to;
  ensures some: from < to ==> s->from == from && s->to == to;
  ensures none: from >= to ==> s->from == 0 && s->to == 0;
*/
static void
marks_set_one(gn_marks *s, uint64_t from, uint64_t to)
{
    s->from = from < to ? from : 0;
    s->to = from < to ? to : 0;
}

void
gn_marks_init(gn_marks *s)
{
    s->from = 0;
    s->to = 0;
    s->slot = GN_POOL_NONE;
    s->reserved = 0;
}

void
gn_marks_wipe(gn_marks *s, gn_slots chunks)
{
    const uint32_t slot = s->slot;

    gn_marks_init(s);
    if (slot != GN_POOL_NONE) {
        //@ ghost gn_owner[slot] = 0;
        gn_owned_give(chunks, slot);
    }
}

gn_err
gn_marks_fits(const gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to, uint32_t *takes)
{
    GN_ASSERT(from < to);

    const uint32_t count = marks_count(s, chunks);
    /*@
      loop invariant 0 <= i <= count;
      loop invariant apart: \forall integer v; marks_in(s, chunks, v) && from - 1 <= v <= to ==>
        \exists integer k; i <= k < count &&
          marks_from(s, chunks, k) <= v < marks_to(s, chunks, k);
      loop assigns i;
      loop variant count - i;
    */
    for (uint32_t i = 0; i < count; i++) {
        const gn_range range = marks_at(s, chunks, i);

        //@ assert edge: range.from < from <= range.to ==> marks_in(s, chunks, from - 1);
        //@ assert start: marks_in(s, chunks, range.from);
        if (range.from <= to && from <= range.to) {
            *takes = 0;
            return GN_OK;
        }
    }
    //@ assert apart: \forall integer v; from - 1 <= v <= to ==> !marks_in(s, chunks, v);
    if (count == GN_RANGES_MAX)
        return GN_ERR_FULL;
    *takes = count == 1 ? 1 : 0;
    return GN_OK;
}

/* Adds to a set that has a chunk. */
/*@
  requires owned_ok(chunks) && marks_apart(s, chunks) && marks_ok(s, chunks);
  requires s->slot != GN_POOL_NONE && from < to;
  terminates \true; exits \false;
  assigns s->from, s->to, s->slot, chunks.pool->free_head, chunks.pool->used, gn_owner[s->slot];
  assigns *ranges_of(chunks, s->slot), *chunk_of(chunks, s->slot);
  ensures ok: owned_ok(chunks) && marks_ok(s, chunks);
  ensures kept: owned_kept{Pre, Post}(&s->slot);
  ensures either: \result == GN_OK || \result == GN_ERR_FULL;
  ensures done: \result == GN_OK ==> marks_added{Pre, Post}(s, chunks, from, to);
  ensures same: \result == GN_ERR_FULL ==> marks_count(s, chunks) > 0 && \forall integer v;
    marks_in(s, chunks, v) <==> marks_in{Pre}(s, chunks, v);
  ensures apart: \result == GN_ERR_FULL ==> !marks_touch{Pre}(s, chunks, from, to) &&
    \old(marks_count(s, chunks)) == GN_RANGES_MAX;
*/
static gn_err
marks_add_more(gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to)
{
    const gn_err err = gn_ranges_add(gn_owned_ranges(chunks, s->slot), from, to);

    /*@ assert done: err == GN_OK ==> \forall integer v;
          ranges_in(ranges_of(chunks, s->slot), v) <==>
            marks_in{Pre}(s, chunks, v) || from <= v < to; */
    /*@ assert same: err == GN_ERR_FULL ==> \forall integer v;
          ranges_in(ranges_of(chunks, s->slot), v) <==> marks_in{Pre}(s, chunks, v); */
    /*@ assert apart: err == GN_ERR_FULL ==> \forall integer v; from - 1 <= v <= to ==>
          !ranges_in(ranges_of(chunks, s->slot), v); */
    if (err == GN_OK)
        marks_shrink(s, chunks);
    return err;
}

/* Adds to a set that has none. */
/*@
  requires owned_ok(chunks) && marks_apart(s, chunks) && marks_ok(s, chunks);
  requires s->slot == GN_POOL_NONE && from < to;
  terminates \true; exits \false;
  assigns s->from, s->to, s->slot;
  assigns chunks.pool->free_head, chunks.pool->fresh, chunks.pool->used, chunks.pool->peak;
  assigns { gn_owner[i] | integer i; gn_owner[i] == \null };
  assigns { *ranges_of(chunks, i) | integer i; gn_owner[i] == \null };
  ensures ok: owned_ok(chunks) && marks_ok(s, chunks);
  ensures kept: owned_kept{Pre, Post}(&s->slot);
  ensures either: \result == GN_OK || \result == GN_ERR_FULL;
  ensures done: \result == GN_OK ==> marks_added{Pre, Post}(s, chunks, from, to);
  ensures same: \result == GN_ERR_FULL ==> marks_count(s, chunks) > 0 && \forall integer v;
    marks_in(s, chunks, v) <==> marks_in{Pre}(s, chunks, v);
  ensures apart: \result == GN_ERR_FULL ==> !marks_touch{Pre}(s, chunks, from, to) &&
    \old(marks_count(s, chunks)) == 1 && \old(owned_left(chunks)) <= GN_CHUNKS_SPARE;
*/
static gn_err
marks_add_one(gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to)
{
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
    /*@ assert done: \forall integer v; marks_in(s, chunks, v) <==>
          one.from <= v < one.to || from <= v < to; */
    return GN_OK;
}

gn_err
gn_marks_add(gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to)
{
    GN_ASSERT(from < to);

    if (s->slot != GN_POOL_NONE)
        return marks_add_more(s, chunks, from, to);
    return marks_add_one(s, chunks, from, to);
}

/* from .. to, which touches no range, stretched as far as the i-th. */
/*@
  requires owned_ok(chunks) && marks_apart(s, chunks) && marks_ok(s, chunks);
  requires i < marks_count(s, chunks) && from < to;
  requires apart: !marks_touch(s, chunks, from, to);
  terminates \true; exits \false;
  assigns \nothing;
  ensures wide: marks_wide(s, chunks, \result, from, to);
*/
static gn_range
marks_stretch(const gn_marks *s, gn_slots chunks, uint32_t i, uint64_t from, uint64_t to)
{
    const gn_range range = marks_at(s, chunks, i);

    //@ assert low: marks_in(s, chunks, range.to - 1);
    //@ assert high: marks_in(s, chunks, range.from);
    //@ assert edge: range.from < from <= range.to ==> marks_in(s, chunks, from - 1);
    //@ assert beside: range.to < from || to < range.from;
    if (range.to < from)
        return (gn_range){.from = range.to, .to = to};
    return (gn_range){.from = from, .to = range.from};
}

void
gn_marks_add_wide(gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to)
{
    if (gn_marks_add(s, chunks, from, to) == GN_OK)
        return;

    //@ assert apart: !marks_touch(s, chunks, from, to);
    /* It touches no range, so each lies wholly below or wholly above: the nearest is reached. */
    const uint32_t count = marks_count(s, chunks);
    gn_range wide = marks_stretch(s, chunks, 0, from, to);
    /*@
      loop invariant 1 <= i <= count;
      loop invariant wide: marks_wide(s, chunks, wide, from, to);
      loop assigns i, wide;
      loop variant count - i;
    */
    for (uint32_t i = 1; i < count; i++) {
        const gn_range next = marks_stretch(s, chunks, i, from, to);

        if (next.to - next.from < wide.to - wide.from)
            wide = next;
    }
    const gn_err err = gn_marks_add(s, chunks, wide.from, wide.to);
    GN_ASSERT(err == GN_OK);
}

/* Takes out of a set that has a chunk. */
/*@
  requires owned_ok(chunks) && marks_apart(s, chunks) && marks_ok(s, chunks);
  requires s->slot != GN_POOL_NONE && from <= to;
  terminates \true; exits \false;
  assigns s->from, s->to, s->slot, chunks.pool->free_head, chunks.pool->used, gn_owner[s->slot];
  assigns *ranges_of(chunks, s->slot), *chunk_of(chunks, s->slot);
  ensures ok: owned_ok(chunks) && marks_ok(s, chunks);
  ensures kept: owned_kept{Pre, Post}(&s->slot);
  ensures either: \result == GN_OK || \result == GN_ERR_FULL;
  ensures done: \result == GN_OK ==> \forall integer v;
    marks_in(s, chunks, v) <==> marks_in{Pre}(s, chunks, v) && !(from <= v < to);
  ensures same: \result == GN_ERR_FULL ==> marks_count(s, chunks) > 0 && \forall integer v;
    marks_in(s, chunks, v) <==> marks_in{Pre}(s, chunks, v);
*/
static gn_err
marks_cut_more(gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to)
{
    const gn_err err = gn_ranges_cut(gn_owned_ranges(chunks, s->slot), from, to);

    /*@ assert done: err == GN_OK ==> \forall integer v;
          ranges_in(ranges_of(chunks, s->slot), v) <==>
            marks_in{Pre}(s, chunks, v) && !(from <= v < to); */
    /*@ assert same: err == GN_ERR_FULL ==> \forall integer v;
          ranges_in(ranges_of(chunks, s->slot), v) <==> marks_in{Pre}(s, chunks, v); */
    if (err == GN_OK)
        marks_shrink(s, chunks);
    return err;
}

/* Takes out of a set that has none. */
/*@
  requires owned_ok(chunks) && marks_apart(s, chunks) && marks_ok(s, chunks);
  requires s->slot == GN_POOL_NONE && from <= to;
  terminates \true; exits \false;
  assigns s->from, s->to, s->slot;
  assigns chunks.pool->free_head, chunks.pool->fresh, chunks.pool->used, chunks.pool->peak;
  assigns { gn_owner[i] | integer i; gn_owner[i] == \null };
  assigns { *ranges_of(chunks, i) | integer i; gn_owner[i] == \null };
  ensures ok: owned_ok(chunks) && marks_ok(s, chunks);
  ensures kept: owned_kept{Pre, Post}(&s->slot);
  ensures either: \result == GN_OK || \result == GN_ERR_FULL;
  ensures done: \result == GN_OK ==> \forall integer v;
    marks_in(s, chunks, v) <==> marks_in{Pre}(s, chunks, v) && !(from <= v < to);
  ensures same: \result == GN_ERR_FULL ==> s->slot == GN_POOL_NONE &&
    s->from == \old(s->from) && s->to == \old(s->to) && s->from < s->to;
*/
static gn_err
marks_cut_one(gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to)
{
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

gn_err
gn_marks_cut(gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to)
{
    GN_ASSERT(from <= to);

    if (s->slot != GN_POOL_NONE)
        return marks_cut_more(s, chunks, from, to);
    return marks_cut_one(s, chunks, from, to);
}

void
gn_marks_cut_below(gn_marks *s, gn_slots chunks, uint64_t limit)
{
    if (s->slot != GN_POOL_NONE) {
        gn_ranges_cut_below(gn_owned_ranges(chunks, s->slot), limit);
        /*@ assert gone: \forall integer v; ranges_in(ranges_of(chunks, s->slot), v) <==>
              marks_in{Pre}(s, chunks, v) && v >= limit; */
        marks_shrink(s, chunks);
        /*@ assert left: \forall integer v;
              marks_in(s, chunks, v) <==> marks_in{Pre}(s, chunks, v) && v >= limit; */
    } else if (s->from < limit) {
        marks_set_one(s, limit, s->to);
    }
}

bool
gn_marks_find(const gn_marks *s, gn_slots chunks, uint64_t off, gn_range *out)
{
    const uint32_t count = marks_count(s, chunks);

    /*@
      loop invariant 0 <= i <= count;
      loop invariant below: \forall integer k; 0 <= k < i ==> marks_to(s, chunks, k) <= off;
      loop assigns i;
      loop variant count - i;
    */
    for (uint32_t i = 0; i < count; i++) {
        const gn_range range = marks_at(s, chunks, i);

        if (range.to > off) {
            *out = range;
            return true;
        }
    }
    return false;
}

bool
gn_marks_hole(const gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to, gn_range *out)
{
    const uint32_t count = marks_count(s, chunks);
    uint64_t stop = to;

    /*@
      loop invariant 0 <= i <= count && \at(from, Pre) <= from;
      loop invariant below: \forall integer k; 0 <= k < i ==> marks_to(s, chunks, k) <= from;
      loop invariant in: \forall integer v; \at(from, Pre) <= v < from ==> marks_in(s, chunks, v);
      loop assigns i, from;
      loop variant count - i;
    */
    for (uint32_t i = 0; i < count; i++) {
        const gn_range range = marks_at(s, chunks, i);

        if (range.to <= from)
            continue;
        if (range.from > from) {
            stop = range.from < to ? range.from : to;
            //@ assert gap: \forall integer v; from <= v < stop ==> !marks_in(s, chunks, v);
            break;
        }
        from = range.to;
    }
    //@ assert hole: \forall integer v; from <= v < stop ==> !marks_in(s, chunks, v);
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

    const gn_ranges *set = gn_owned_ranges(chunks, s->slot);
    return s->from == 0 && s->to == 0 && gn_ranges_check(set) && set->count >= 2;
}
