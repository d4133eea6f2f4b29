/*
 * ranges.c: see ranges.h.
 */
#include "base/ranges.h"

#include "base/assert.h"

/*
 * ranges_beside: whether v is in a range other than at[first .. last). ranges_moved:
 * whether at[first .. last) are those that were so many places lower.
 */
/*@
  predicate ranges_beside{L}(gn_ranges *s, integer first, integer last, integer v) =
    \exists integer k; (0 <= k < first || last <= k < s->count) &&
      s->at[k].from <= v < s->at[k].to;
  predicate ranges_moved{K, L}(gn_ranges *s, integer first, integer last, integer places) =
    \forall integer k; first <= k < last ==>
      \at(s->at[k].from, L) == \at(s->at[k - places].from, K) &&
      \at(s->at[k].to, L) == \at(s->at[k - places].to, K);
*/

void
gn_ranges_init(gn_ranges *set)
{
    set->count = 0;
    set->reserved = 0;
    /*@
      loop invariant 0 <= i <= GN_RANGES_MAX;
      loop invariant \forall integer k; 0 <= k < i ==> set->at[k].from == 0 && set->at[k].to == 0;
      loop assigns i, set->at[0 .. GN_RANGES_MAX - 1];
      loop variant GN_RANGES_MAX - i;
    */
    for (uint32_t i = 0; i < GN_RANGES_MAX; i++) {
        set->at[i].from = 0;
        set->at[i].to = 0;
    }
}

/*
 * How many ranges end below v, so that ranges from there on reach v or lie
 * above it. Walks from the top, where the news is.
 */
/*@
  requires \valid_read(set) && ranges_ok(set);
  terminates \true; exits \false;
  assigns \nothing;
  ensures in: \result <= set->count;
  ensures below: \forall integer k; 0 <= k < \result ==> set->at[k].to < v;
  ensures rest: \forall integer k; \result <= k < set->count ==> set->at[k].to >= v;
*/
static uint32_t
ranges_below(const gn_ranges *set, uint64_t v)
{
    uint32_t i = set->count;

    /*@
      loop invariant 0 <= i <= set->count;
      loop invariant \forall integer k; i <= k < set->count ==> set->at[k].to >= v;
      loop assigns i;
      loop variant i;
    */
    while (i > 0 && set->at[i - 1].to >= v)
        i--;
    return i;
}

/* How many ranges begin at v or below, of which i are known to. */
/*@
  requires \valid_read(set) && ranges_ok(set) && i <= set->count;
  requires \forall integer k; 0 <= k < i ==> set->at[k].from <= v;
  terminates \true; exits \false;
  assigns \nothing;
  ensures in: i <= \result <= set->count;
  ensures begun: \forall integer k; 0 <= k < \result ==> set->at[k].from <= v;
  ensures above: \forall integer k; \result <= k < set->count ==> set->at[k].from > v;
*/
static uint32_t
ranges_begun(const gn_ranges *set, uint32_t i, uint64_t v)
{
    /*@
      loop invariant \at(i, Pre) <= i <= set->count;
      loop invariant \forall integer k; 0 <= k < i ==> set->at[k].from <= v;
      loop assigns i;
      loop variant set->count - i;
    */
    while (i < set->count && set->at[i].from <= v)
        i++;
    return i;
}

/* Moves the ranges from the i-th on one place up, and writes another there. count stays. */
/*@
  requires \valid(set) && i <= set->count < GN_RANGES_MAX;
  terminates \true; exits \false;
  assigns set->at[i .. set->count];
  ensures put: set->at[i].from == from && set->at[i].to == to;
  ensures moved: ranges_moved{Pre, Post}(set, i + 1, set->count + 1, 1);
*/
static void
ranges_open(gn_ranges *set, uint32_t i, uint64_t from, uint64_t to)
{
    /*@
      loop invariant i <= n <= set->count;
      loop invariant moved: ranges_moved{Pre, Here}(set, n + 1, set->count + 1, 1);
      loop invariant still: ranges_moved{Pre, Here}(set, 0, n + 1, 0);
      loop assigns n, set->at[i + 1 .. set->count];
      loop variant n;
    */
    for (uint32_t n = set->count; n > i; n--) {
        set->at[n].from = set->at[n - 1].from;
        set->at[n].to = set->at[n - 1].to;
    }
    set->at[i].from = from;
    set->at[i].to = to;
}

/* Puts a range before the i-th, which it does not reach, nor those below reach it. */
/*@
  requires \valid(set) && ranges_ok(set) && set->count < GN_RANGES_MAX;
  requires place: i <= set->count && from < to;
  requires below: \forall integer k; 0 <= k < i ==> set->at[k].to < from;
  requires above: \forall integer k; i <= k < set->count ==> to < set->at[k].from;
  terminates \true; exits \false;
  assigns set->count, set->at[i .. set->count];
  ensures ok: ranges_ok(set) && set->count == \old(set->count) + 1;
  ensures put: set->at[i].from == from && set->at[i].to == to;
  ensures moved: ranges_moved{Pre, Post}(set, i + 1, set->count, 1);
  ensures in: \forall integer v;
    ranges_in(set, v) <==> (ranges_in{Pre}(set, v) || from <= v < to);
*/
static void
ranges_put(gn_ranges *set, uint32_t i, uint64_t from, uint64_t to)
{
    ranges_open(set, i, from, to);
    set->count++;
    //@ assert low: ranges_moved{Pre, Here}(set, 0, i, 0);
    /*@ assert apart_low: \forall integer k, m; 0 <= k < m < i ==>
          set->at[k].to < set->at[m].from; */
    /*@ assert apart_here: \forall integer k; 0 <= k < i ==>
          set->at[k].to < set->at[i].from; */
    /*@ assert apart_next: \forall integer m; i < m < set->count ==>
          set->at[i].to < set->at[m].from; */
    /*@ assert apart_up: \forall integer k, m; i < k < m < set->count ==>
          set->at[k].to < set->at[m].from; */
    /*@ assert apart_over: \forall integer k, m; 0 <= k < i < m < set->count ==>
          set->at[k].to < set->at[m].from; */
    //@ assert each: \forall integer k; 0 <= k < set->count ==> set->at[k].from < set->at[k].to;
    //@ assert ascend: ranges_ascend(set);
    //@ assert clear: ranges_clear(set);
    /*@ assert old_up: \forall integer k; i <= k < set->count - 1 ==>
          set->at[k + 1].from == \at(set->at[k].from, Pre) &&
          set->at[k + 1].to == \at(set->at[k].to, Pre); */
    //@ assert has_old: \forall integer v; ranges_in{Pre}(set, v) ==> ranges_in(set, v);
    //@ assert has_new: \forall integer v; from <= v < to ==> ranges_in(set, v);
    /*@ assert no_more: \forall integer v;
          ranges_in(set, v) ==> ranges_in{Pre}(set, v) || from <= v < to; */
}

/* Moves the ranges from the last-th on down to the first-th. count stays, the rest is zero. */
/*@
  requires \valid(set) && first < last <= set->count <= GN_RANGES_MAX;
  terminates \true; exits \false;
  assigns set->at[first .. set->count - 1];
  ensures moved: ranges_moved{Pre, Post}(set, first, set->count - (last - first), first - last);
  ensures zero: \forall integer k; set->count - (last - first) <= k < set->count ==>
    set->at[k].from == 0 && set->at[k].to == 0;
*/
static void
ranges_close(gn_ranges *set, uint32_t first, uint32_t last)
{
    const uint32_t gone = last - first;

    /*@
      loop invariant last <= i <= set->count;
      loop invariant moved: ranges_moved{Pre, Here}(set, first, i - gone, first - last);
      loop invariant still: ranges_moved{Pre, Here}(set, i - gone, set->count, 0);
      loop assigns i, set->at[first .. set->count - gone - 1];
      loop variant set->count - i;
    */
    for (uint32_t i = last; i < set->count; i++) {
        set->at[i - gone].from = set->at[i].from;
        set->at[i - gone].to = set->at[i].to;
    }

    /* What is beyond the end stays zero, so that equal sets are equal bytes. */
    /*@
      loop invariant set->count - gone <= i <= set->count;
      loop invariant \forall integer k; set->count - gone <= k < i ==>
        set->at[k].from == 0 && set->at[k].to == 0;
      loop assigns i, set->at[set->count - gone .. set->count - 1];
      loop variant set->count - i;
    */
    for (uint32_t i = set->count - gone; i < set->count; i++) {
        set->at[i].from = 0;
        set->at[i].to = 0;
    }
}

/* Takes the ranges at[first .. last) out. */
/*@
  requires \valid(set) && ranges_ok(set) && first < last <= set->count;
  terminates \true; exits \false;
  assigns set->count, set->at[first .. GN_RANGES_MAX - 1];
  ensures ok: ranges_ok(set) && set->count == \old(set->count) - (last - first);
  ensures moved: ranges_moved{Pre, Post}(set, first, set->count, first - last);
  ensures in: \forall integer v; ranges_in(set, v) <==> ranges_beside{Pre}(set, first, last, v);
*/
static void
ranges_take(gn_ranges *set, uint32_t first, uint32_t last)
{
    ranges_close(set, first, last);
    set->count -= last - first;
    //@ assert low: ranges_moved{Pre, Here}(set, 0, first, 0);
    //@ assert clear: ranges_clear(set);
    /*@ assert apart_low: \forall integer k, m; 0 <= k < m < first ==>
          set->at[k].to < set->at[m].from; */
    /*@ assert apart_down: \forall integer k, m; first <= k < m < set->count ==>
          set->at[k].to < set->at[m].from; */
    /*@ assert apart_over: \forall integer k, m; 0 <= k < first <= m < set->count ==>
          set->at[k].to < set->at[m].from; */
    //@ assert each: \forall integer k; 0 <= k < set->count ==> set->at[k].from < set->at[k].to;
    //@ assert ascend: ranges_ascend(set);
    /*@ assert old_down: \forall integer k; last <= k < \at(set->count, Pre) ==>
          set->at[k - (last - first)].from == \at(set->at[k].from, Pre) &&
          set->at[k - (last - first)].to == \at(set->at[k].to, Pre); */
    /*@ assert has_old: \forall integer v;
          ranges_beside{Pre}(set, first, last, v) ==> ranges_in(set, v); */
    /*@ assert no_more: \forall integer v;
          ranges_in(set, v) ==> ranges_beside{Pre}(set, first, last, v); */
}

/* Puts one range in place of at[first .. last). It reaches none of the others. */
/*@
  requires \valid(set) && ranges_ok(set) && first <= last <= set->count && from < to;
  requires room: first < last || set->count < GN_RANGES_MAX;
  requires below: \forall integer k; 0 <= k < first ==> set->at[k].to < from;
  requires above: \forall integer k; last <= k < set->count ==> to < set->at[k].from;
  terminates \true; exits \false;
  assigns set->count, set->at[first .. GN_RANGES_MAX - 1];
  ensures ok: ranges_ok(set);
  ensures in: \forall integer v; ranges_in(set, v) <==>
    (ranges_beside{Pre}(set, first, last, v) || from <= v < to);
*/
static void
ranges_replace(gn_ranges *set, uint32_t first, uint32_t last, uint64_t from, uint64_t to)
{
    if (first < last)
        ranges_take(set, first, last);
    //@ assert below: \forall integer k; 0 <= k < first ==> set->at[k].to < from;
    //@ assert above: \forall integer k; first <= k < set->count ==> to < set->at[k].from;
    /*@ assert rest: \forall integer v;
          ranges_in(set, v) <==> ranges_beside{Pre}(set, first, last, v); */
    ranges_put(set, first, from, to);
}

gn_err
gn_ranges_add(gn_ranges *set, uint64_t from, uint64_t to)
{
    GN_ASSERT(from <= to);
    if (from == to)
        return GN_OK;

    /* at[first .. last) are those that the new one overlaps or touches. */
    const uint32_t first = ranges_below(set, from);
    const uint32_t last = ranges_begun(set, first, to);
    if (first == last && set->count == GN_RANGES_MAX)
        return GN_ERR_FULL;

    /* One range that holds all of them takes their place. */
    uint64_t low = from;
    uint64_t high = to;
    if (first < last && set->at[first].from < low)
        low = set->at[first].from;
    if (first < last && set->at[last - 1].to > high)
        high = set->at[last - 1].to;
    /*@ assert below: \forall integer k; 0 <= k < first ==> set->at[k].to < low; */
    /*@ assert above: \forall integer k; last <= k < set->count ==> high < set->at[k].from; */
    /*@ assert within: \forall integer k; first <= k < last ==>
          low <= set->at[k].from && set->at[k].to <= high; */
    /*@ assert filled: \forall integer v; low <= v < high ==> from <= v < to ||
          (first < last && set->at[first].from <= v < set->at[first].to) ||
          (first < last && set->at[last - 1].from <= v < set->at[last - 1].to); */
    /*@ assert split: \forall integer v; (ranges_in(set, v) || from <= v < to) <==>
          (ranges_beside(set, first, last, v) || low <= v < high); */
    ranges_replace(set, first, last, low, high);
    return GN_OK;
}

/* Leaves of at[first .. last) what lies below from and what does not lie below to. */
/*@
  requires \valid(set) && ranges_ok(set) && first < last <= set->count && from < to;
  requires reach: set->at[first].from <= to && from <= set->at[last - 1].to;
  requires room: set->count < GN_RANGES_MAX || last - first > 1 ||
    set->at[first].from >= from || to >= set->at[last - 1].to;
  terminates \true; exits \false;
  assigns set->count, set->at[first .. GN_RANGES_MAX - 1];
  ensures ok: ranges_ok(set);
  ensures in: \forall integer v; ranges_in(set, v) <==>
    (ranges_beside{Pre}(set, first, last, v) ||
      \old(set->at[first].from) <= v < from || to <= v < \old(set->at[last - 1].to));
*/
static void
ranges_hollow(gn_ranges *set, uint32_t first, uint32_t last, uint64_t from, uint64_t to)
{
    const uint64_t low = set->at[first].from;
    const uint64_t high = set->at[last - 1].to;

    ranges_take(set, first, last);
    //@ assert below: \forall integer k; 0 <= k < first ==> set->at[k].to < low;
    //@ assert above: \forall integer k; first <= k < set->count ==> high < set->at[k].from;
    if (to < high)
        ranges_put(set, first, to, high);
    //@ assert under: \forall integer k; 0 <= k < first ==> set->at[k].to < low;
    //@ assert over: \forall integer k; first <= k < set->count ==> from < set->at[k].from;
    /*@ assert upper: \forall integer v; ranges_in(set, v) <==>
          (ranges_beside{Pre}(set, first, last, v) || to <= v < high); */
    if (low < from)
        ranges_put(set, first, low, from);
}

gn_err
gn_ranges_cut(gn_ranges *set, uint64_t from, uint64_t to)
{
    GN_ASSERT(from <= to);
    if (from == to)
        return GN_OK;

    /* at[first .. last) are those that lose something, or touch; those get it back. */
    const uint32_t first = ranges_below(set, from);
    const uint32_t last = ranges_begun(set, first, to);
    if (first == last)
        return GN_OK;
    if (last - first == 1 && set->at[first].from < from && to < set->at[first].to &&
        set->count == GN_RANGES_MAX)
        return GN_ERR_FULL;
    /*@ assert left: \forall integer k, v;
          first <= k < last && set->at[k].from <= v < set->at[k].to && !(from <= v < to) ==>
          set->at[first].from <= v < from || to <= v < set->at[last - 1].to; */
    /*@ assert low: \forall integer v; set->at[first].from <= v < from ==>
          set->at[first].from <= v < set->at[first].to; */
    /*@ assert high: \forall integer v; to <= v < set->at[last - 1].to ==>
          set->at[last - 1].from <= v < set->at[last - 1].to; */
    /*@ assert split: \forall integer v; (ranges_in(set, v) && !(from <= v < to)) <==>
          (ranges_beside(set, first, last, v) ||
            set->at[first].from <= v < from || to <= v < set->at[last - 1].to); */
    ranges_hollow(set, first, last, from, to);
    return GN_OK;
}

void
gn_ranges_cut_below(gn_ranges *set, uint64_t limit)
{
    const uint32_t gone = ranges_begun(set, 0, limit);

    if (gone == 0)
        return;
    const uint64_t high = set->at[gone - 1].to;
    /*@ assert above: \forall integer k; gone <= k < set->count ==> high < set->at[k].from; */
    /*@ assert split: \forall integer v; (ranges_in(set, v) && v >= limit) <==>
          (ranges_beside(set, 0, gone, v) || limit <= v < high); */
    if (limit < high)
        ranges_replace(set, 0, gone, limit, high);
    else
        ranges_take(set, 0, gone);
}

void
gn_ranges_drop_first(gn_ranges *set)
{
    GN_ASSERT(set->count > 0);
    /*@ assert split: \forall integer v; (ranges_in(set, v) && v >= set->at[0].to) <==>
          ranges_beside(set, 0, 1, v); */
    ranges_take(set, 0, 1);
}

bool
gn_ranges_has(const gn_ranges *set, uint64_t v)
{
    /*@
      loop invariant 0 <= i <= set->count;
      loop invariant \forall integer k; i <= k < set->count ==> set->at[k].from > v;
      loop assigns i;
      loop variant i;
    */
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

    /* The lowest range that reaches as far as to: the others begin above to, or end below it. */
    const uint32_t i = ranges_below(set, to);
    /*@ assert here: (i == 0 || set->at[i - 1].to <= from) &&
          (i == set->count || set->at[i].from > from) ==> !ranges_in(set, from); */
    /*@ assert gap: i > 0 && set->at[i - 1].to > from ==> !ranges_in(set, set->at[i - 1].to); */
    return i < set->count && set->at[i].from <= from;
}

uint64_t
gn_ranges_end(const gn_ranges *set)
{
    return set->count == 0 ? 0 : set->at[set->count - 1].to;
}

/* Whether each range holds something and ends before the next begins. */
/*@
  requires \valid_read(set) && set->count <= GN_RANGES_MAX;
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> ranges_ascend(set);
*/
static bool
ranges_in_order(const gn_ranges *set)
{
    /*@
      loop invariant 0 <= i <= set->count;
      loop invariant \forall integer k; 0 <= k < i ==> set->at[k].from < set->at[k].to;
      loop invariant \forall integer k, m; 0 <= k < m < i ==> set->at[k].to < set->at[m].from;
      loop assigns i;
      loop variant set->count - i;
    */
    for (uint32_t i = 0; i < set->count; i++) {
        if (set->at[i].from >= set->at[i].to)
            return false;
        if (i > 0 && set->at[i - 1].to >= set->at[i].from)
            return false;
    }
    return true;
}

/* Whether what lies beyond the last range is zero. */
/*@
  requires \valid_read(set) && set->count <= GN_RANGES_MAX;
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> ranges_clear(set);
*/
static bool
ranges_rest_zero(const gn_ranges *set)
{
    /*@
      loop invariant set->count <= i <= GN_RANGES_MAX;
      loop invariant \forall integer k; set->count <= k < i ==>
        set->at[k].from == 0 && set->at[k].to == 0;
      loop assigns i;
      loop variant GN_RANGES_MAX - i;
    */
    for (uint32_t i = set->count; i < GN_RANGES_MAX; i++)
        if (set->at[i].from != 0 || set->at[i].to != 0)
            return false;
    return true;
}

bool
gn_ranges_check(const gn_ranges *set)
{
    return set->count <= GN_RANGES_MAX && set->reserved == 0 && ranges_in_order(set) &&
           ranges_rest_zero(set);
}
