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

/*
 * ranges_ascend: each range holds something, and ends before the next begins.
 * ranges_in: whether v is in the set. ranges_spans: whether one range holds all
 * of from .. to. ranges_kept: whether nothing changed.
 */
/*@
  predicate ranges_ascend{L}(gn_ranges *s) =
    (\forall integer i; 0 <= i < s->count ==> s->at[i].from < s->at[i].to) &&
    (\forall integer i, j; 0 <= i < j < s->count ==> s->at[i].to < s->at[j].from);
  predicate ranges_clear{L}(gn_ranges *s) =
    \forall integer i; s->count <= i < GN_RANGES_MAX ==> s->at[i].from == 0 && s->at[i].to == 0;
  predicate ranges_ok{L}(gn_ranges *s) =
    s->count <= GN_RANGES_MAX && s->reserved == 0 && ranges_ascend(s) && ranges_clear(s);
  predicate ranges_in{L}(gn_ranges *s, integer v) =
    \exists integer i; 0 <= i < s->count && s->at[i].from <= v < s->at[i].to;
  predicate ranges_spans{L}(gn_ranges *s, integer from, integer to) =
    \exists integer i; 0 <= i < s->count && s->at[i].from <= from && to <= s->at[i].to;
  predicate ranges_kept{K, L}(gn_ranges *s) =
    \at(s->count, K) == \at(s->count, L) && \forall integer i; 0 <= i < GN_RANGES_MAX ==>
      \at(s->at[i].from, K) == \at(s->at[i].from, L) && \at(s->at[i].to, K) == \at(s->at[i].to, L);
*/

/* Makes the set empty. */
/*@
  requires \valid(set);
  terminates \true; exits \false;
  assigns *set;
  ensures ok: ranges_ok(set) && set->count == 0;
  ensures empty: \forall integer v; !ranges_in(set, v);
*/
void gn_ranges_init(gn_ranges *set);

/*
 * Adds from .. to, which may hold numbers that are in the set. Needs from <= to.
 * GN_ERR_FULL, and nothing changed, when that would make one range too many.
 */
/*@
  requires \valid(set) && ranges_ok(set);
  requires from <= to;
  terminates \true; exits \false;
  assigns set->count, set->at[0 .. GN_RANGES_MAX - 1];
  ensures ok: ranges_ok(set);
  ensures either: \result == GN_OK || \result == GN_ERR_FULL;
  ensures added: \result == GN_OK ==> \forall integer v;
    ranges_in(set, v) <==> (ranges_in{Pre}(set, v) || from <= v < to);
  ensures full: \result == GN_ERR_FULL ==>
    set->count == GN_RANGES_MAX && ranges_kept{Pre, Post}(set);
  ensures alone: \result == GN_ERR_FULL ==> from < to &&
    \forall integer i; 0 <= i < set->count ==> set->at[i].to < from || to < set->at[i].from;
*/
GN_MUST_USE gn_err gn_ranges_add(gn_ranges *set, uint64_t from, uint64_t to);

/*
 * Takes from .. to out. Needs from <= to. GN_ERR_FULL, and nothing changed,
 * when splitting a range in two would make one too many.
 */
/*@
  requires \valid(set) && ranges_ok(set);
  requires from <= to;
  terminates \true; exits \false;
  assigns set->count, set->at[0 .. GN_RANGES_MAX - 1];
  ensures ok: ranges_ok(set);
  ensures either: \result == GN_OK || \result == GN_ERR_FULL;
  ensures gone: \result == GN_OK ==> \forall integer v;
    ranges_in(set, v) <==> (ranges_in{Pre}(set, v) && !(from <= v < to));
  ensures full: \result == GN_ERR_FULL ==>
    set->count == GN_RANGES_MAX && ranges_kept{Pre, Post}(set);
  ensures inside: \result == GN_ERR_FULL ==> from < to &&
    \exists integer i; 0 <= i < set->count && set->at[i].from < from && to < set->at[i].to;
*/
GN_MUST_USE gn_err gn_ranges_cut(gn_ranges *set, uint64_t from, uint64_t to);

/* Takes everything below limit out. */
/*@
  requires \valid(set) && ranges_ok(set);
  terminates \true; exits \false;
  assigns set->count, set->at[0 .. GN_RANGES_MAX - 1];
  ensures ok: ranges_ok(set);
  ensures gone: \forall integer v; ranges_in(set, v) <==> (ranges_in{Pre}(set, v) && v >= limit);
*/
void gn_ranges_cut_below(gn_ranges *set, uint64_t limit);

/* Takes the lowest range out, to make room. The set must not be empty. */
/*@
  requires \valid(set) && ranges_ok(set);
  requires set->count > 0;
  terminates \true; exits \false;
  assigns set->count, set->at[0 .. GN_RANGES_MAX - 1];
  ensures ok: ranges_ok(set) && set->count == \old(set->count) - 1;
  ensures gone: \forall integer v;
    ranges_in(set, v) <==> (ranges_in{Pre}(set, v) && v >= \old(set->at[0].to));
*/
void gn_ranges_drop_first(gn_ranges *set);

/* Whether v is in the set. */
/*@
  requires \valid_read(set) && ranges_ok(set);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> ranges_in(set, v);
*/
bool gn_ranges_has(const gn_ranges *set, uint64_t v);

/* Whether all of from .. to is in the set; an empty stretch always is. Needs from <= to. */
/*@
  requires \valid_read(set) && ranges_ok(set);
  requires from <= to;
  terminates \true; exits \false;
  assigns \nothing;
  ensures one: \result <==> from == to || ranges_spans(set, from, to);
  ensures all: \result ==> \forall integer v; from <= v < to ==> ranges_in(set, v);
  ensures some: !\result ==> \exists integer v; from <= v < to && !ranges_in(set, v);
*/
bool gn_ranges_covers(const gn_ranges *set, uint64_t from, uint64_t to);

/* One more than the largest number in the set; 0 when it is empty. */
/*@
  requires \valid_read(set) && ranges_ok(set);
  terminates \true; exits \false;
  assigns \nothing;
  ensures above: \forall integer v; ranges_in(set, v) ==> v < \result;
  ensures last: set->count > 0 ==> ranges_in(set, \result - 1);
  ensures none: set->count == 0 ==> \result == 0;
*/
uint64_t gn_ranges_end(const gn_ranges *set);

/* Whether the invariant above holds. */
/*@
  requires \valid_read(set);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> ranges_ok(set);
*/
bool gn_ranges_check(const gn_ranges *set);

#endif
