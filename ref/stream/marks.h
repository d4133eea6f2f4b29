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
#include "stream/owned.h"

typedef struct gn_marks {
    uint64_t from;
    uint64_t to;
    uint32_t slot;
    uint32_t reserved;
} gn_marks;

/*
 * marks_in: whether v is in the set. marks_from, marks_to: its ranges, of which there are
 * marks_count, in ascending order and apart. marks_touch: whether a range meets from .. to or ends
 * where the other begins. marks_added: the set has grown by from .. to and nothing else.
 * marks_wide: a range is from .. to and the gap that lies between it and the set. marks_apart: the
 * set is in no slot itself.
 */
/*@
  logic integer marks_count{L}(gn_marks *s, gn_slots c) = s->slot == GN_POOL_NONE ?
    (s->from < s->to ? 1 : 0) : ranges_of(c, s->slot)->count;
  logic integer marks_from{L}(gn_marks *s, gn_slots c, integer i) = s->slot == GN_POOL_NONE ?
    s->from : ranges_of(c, s->slot)->at[i].from;
  logic integer marks_to{L}(gn_marks *s, gn_slots c, integer i) = s->slot == GN_POOL_NONE ?
    s->to : ranges_of(c, s->slot)->at[i].to;
  predicate marks_in{L}(gn_marks *s, gn_slots c, integer v) = s->slot == GN_POOL_NONE ?
    s->from <= v < s->to : ranges_in(ranges_of(c, s->slot), v);
  predicate marks_touch{L}(gn_marks *s, gn_slots c, integer from, integer to) =
    \exists integer v; from - 1 <= v <= to && marks_in(s, c, v);
  predicate marks_added{K, L}(gn_marks *s, gn_slots c, integer from, integer to) =
    \forall integer v; \at(marks_in(s, c, v), L) <==>
      \at(marks_in(s, c, v), K) || from <= v < to;
  predicate marks_wide{L}(gn_marks *s, gn_slots c, gn_range r, integer from, integer to) =
    \exists integer w; marks_in(s, c, w) && ((r.from == w + 1 && w < from && r.to == to) ||
      (r.to == w && to <= w && r.from == from));
  predicate marks_held{L}(gn_marks *s, gn_slots c) =
    s->slot < c.pool->slots && gn_owner[s->slot] == &s->slot;
  predicate marks_ok{L}(gn_marks *s, gn_slots c) = s->slot == GN_POOL_NONE ?
    s->from < s->to || (s->from == 0 && s->to == 0) :
    s->from == 0 && s->to == 0 && marks_held(s, c) &&
      ranges_ok(ranges_of(c, s->slot)) && ranges_of(c, s->slot)->count >= 2;
  predicate marks_apart(gn_marks *s, gn_slots c) =
    \valid(s) && \separated(s, c.pool) && outside(\base_addr(s));
*/

/* The empty set. */
/*@
  requires \valid(s);
  terminates \true; exits \false;
  assigns *s;
  ensures empty: s->slot == GN_POOL_NONE && s->from == 0 && s->to == 0;
*/
void gn_marks_init(gn_marks *s);

/* Gives the chunk back, if there is one, and empties the set. */
/*@
  requires owned_ok(chunks) && marks_apart(s, chunks) && marks_ok(s, chunks);
  terminates \true; exits \false;
  assigns *s, chunks.pool->free_head, chunks.pool->used;
  assigns { gn_owner[i] | integer i; gn_owner[i] == &s->slot };
  assigns { *ranges_of(chunks, i) | integer i; gn_owner[i] == &s->slot };
  assigns { *chunk_of(chunks, i) | integer i; gn_owner[i] == &s->slot };
  ensures owned: owned_ok(chunks);
  ensures empty: s->slot == GN_POOL_NONE && s->from == 0 && s->to == 0;
  ensures kept: owned_kept{Pre, Post}(&s->slot);
*/
void gn_marks_wipe(gn_marks *s, gn_slots chunks);

/* Is nothing in the set? */
/*@
  requires \valid_read(s);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> s->slot == GN_POOL_NONE && s->from == s->to;
*/
static inline bool
gn_marks_empty(const gn_marks *s)
{
    return s->from == s->to && s->slot == GN_POOL_NONE;
}

/* Would adding [from, to) succeed? GN_OK, and *takes is how many chunks (0 or 1) it would take
 * from the pool, beside the spare ones, which is not looked at; or GN_ERR_FULL. Needs from < to. */
/*@
  requires owned_ok(chunks) && marks_apart(s, chunks) && marks_ok(s, chunks);
  requires \valid(takes) && from < to;
  terminates \true; exits \false;
  assigns *takes;
  ensures either: \result == GN_OK || \result == GN_ERR_FULL;
  ensures full: \result == GN_ERR_FULL ==> *takes == \old(*takes) &&
    \old(marks_count(s, chunks)) == GN_RANGES_MAX && !marks_touch{Pre}(s, chunks, from, to);
  ensures none: \result == GN_OK && *takes == 0 ==> marks_touch{Pre}(s, chunks, from, to) ||
    (\old(marks_count(s, chunks)) != 1 && \old(marks_count(s, chunks)) < GN_RANGES_MAX);
  ensures one: \result == GN_OK && *takes != 0 ==> *takes == 1 &&
    \old(marks_count(s, chunks)) == 1 && !marks_touch{Pre}(s, chunks, from, to);
*/
GN_MUST_USE gn_err gn_marks_fits(const gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to,
                                 uint32_t *takes);

/* Adds [from, to), from < to. GN_ERR_FULL, changing nothing, when the set has no room for one
 * more range or there is no chunk to grow into. */
/*@
  requires owned_ok(chunks) && marks_apart(s, chunks) && marks_ok(s, chunks);
  requires from < to;
  terminates \true; exits \false;
  assigns s->from, s->to, s->slot;
  assigns chunks.pool->free_head, chunks.pool->fresh, chunks.pool->used, chunks.pool->peak;
  assigns { gn_owner[i] | integer i; gn_owner[i] == \null || gn_owner[i] == &s->slot };
  assigns { *ranges_of(chunks, i) | integer i; gn_owner[i] == \null || gn_owner[i] == &s->slot };
  assigns { *chunk_of(chunks, i) | integer i; gn_owner[i] == \null || gn_owner[i] == &s->slot };
  ensures ok: owned_ok(chunks) && marks_ok(s, chunks);
  ensures kept: owned_kept{Pre, Post}(&s->slot);
  ensures either: \result == GN_OK || \result == GN_ERR_FULL;
  ensures added: \result == GN_OK ==> marks_added{Pre, Post}(s, chunks, from, to);
  ensures same: \result == GN_ERR_FULL ==> \forall integer v;
    marks_in(s, chunks, v) <==> marks_in{Pre}(s, chunks, v);
  ensures still: \result == GN_ERR_FULL ==> marks_count(s, chunks) > 0;
  ensures apart: \result == GN_ERR_FULL ==> !marks_touch{Pre}(s, chunks, from, to);
  ensures full: \result == GN_ERR_FULL ==>
    \old(marks_count(s, chunks)) == GN_RANGES_MAX || (\old(marks_count(s, chunks)) == 1 &&
    \old(owned_left(chunks)) <= GN_CHUNKS_SPARE);
*/
GN_MUST_USE gn_err gn_marks_add(gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to);

/* Adds [from, to) and never fails: without room the nearest range is stretched to take it in,
 * together with the gap between. The set then holds more than it was told, never less. */
/*@
  requires owned_ok(chunks) && marks_apart(s, chunks) && marks_ok(s, chunks);
  requires from < to;
  terminates \true; exits \false;
  assigns s->from, s->to, s->slot;
  assigns chunks.pool->free_head, chunks.pool->fresh, chunks.pool->used, chunks.pool->peak;
  assigns { gn_owner[i] | integer i; gn_owner[i] == \null || gn_owner[i] == &s->slot };
  assigns { *ranges_of(chunks, i) | integer i; gn_owner[i] == \null || gn_owner[i] == &s->slot };
  assigns { *chunk_of(chunks, i) | integer i; gn_owner[i] == \null || gn_owner[i] == &s->slot };
  ensures ok: owned_ok(chunks) && marks_ok(s, chunks);
  ensures kept: owned_kept{Pre, Post}(&s->slot);
  ensures added: \forall integer v; marks_in{Pre}(s, chunks, v) || from <= v < to ==>
    marks_in(s, chunks, v);
  ensures between: \forall integer v; marks_in(s, chunks, v) ==>
    marks_in{Pre}(s, chunks, v) || from <= v < to ||
    \exists integer w; marks_in{Pre}(s, chunks, w) && (w < v < from || to <= v < w);
*/
void gn_marks_add_wide(gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to);

/* Takes [from, to) out. GN_ERR_FULL, changing nothing, when that would split a range and there
 * is no room for two; a cut that reaches an end of each range it meets never fails. */
/*@
  requires owned_ok(chunks) && marks_apart(s, chunks) && marks_ok(s, chunks);
  requires from <= to;
  terminates \true; exits \false;
  assigns s->from, s->to, s->slot;
  assigns chunks.pool->free_head, chunks.pool->fresh, chunks.pool->used, chunks.pool->peak;
  assigns { gn_owner[i] | integer i; gn_owner[i] == \null || gn_owner[i] == &s->slot };
  assigns { *ranges_of(chunks, i) | integer i; gn_owner[i] == \null || gn_owner[i] == &s->slot };
  assigns { *chunk_of(chunks, i) | integer i; gn_owner[i] == \null || gn_owner[i] == &s->slot };
  ensures ok: owned_ok(chunks) && marks_ok(s, chunks);
  ensures kept: owned_kept{Pre, Post}(&s->slot);
  ensures either: \result == GN_OK || \result == GN_ERR_FULL;
  ensures gone: \result == GN_OK ==> \forall integer v;
    marks_in(s, chunks, v) <==> marks_in{Pre}(s, chunks, v) && !(from <= v < to);
  ensures same: \result == GN_ERR_FULL ==> marks_count(s, chunks) > 0 && \forall integer v;
    marks_in(s, chunks, v) <==> marks_in{Pre}(s, chunks, v);
*/
GN_MUST_USE gn_err gn_marks_cut(gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to);

/* Takes everything below limit out. */
/*@
  requires owned_ok(chunks) && marks_apart(s, chunks) && marks_ok(s, chunks);
  terminates \true; exits \false;
  assigns s->from, s->to, s->slot, chunks.pool->free_head, chunks.pool->used;
  assigns { gn_owner[i] | integer i; gn_owner[i] == &s->slot };
  assigns { *ranges_of(chunks, i) | integer i; gn_owner[i] == &s->slot };
  assigns { *chunk_of(chunks, i) | integer i; gn_owner[i] == &s->slot };
  ensures ok: owned_ok(chunks) && marks_ok(s, chunks);
  ensures kept: owned_kept{Pre, Post}(&s->slot);
  ensures gone: \forall integer v;
    marks_in(s, chunks, v) <==> marks_in{Pre}(s, chunks, v) && v >= limit;
*/
void gn_marks_cut_below(gn_marks *s, gn_slots chunks, uint64_t limit);

/* The first range that ends above off, whole. False, leaving *out alone, when there is none. */
/*@
  requires owned_ok(chunks) && marks_apart(s, chunks) && marks_ok(s, chunks);
  requires \valid(out);
  terminates \true; exits \false;
  assigns *out;
  ensures found: \result ==> out->from < out->to && off < out->to;
  ensures whole: \result ==> \forall integer v;
    out->from <= v < out->to ==> marks_in{Pre}(s, chunks, v);
  ensures first: \result ==> \forall integer v; off <= v < out->from || v == out->to ==>
    !marks_in{Pre}(s, chunks, v);
  ensures none: !\result ==> *out == \old(*out) &&
    \forall integer v; off <= v ==> !marks_in{Pre}(s, chunks, v);
*/
bool gn_marks_find(const gn_marks *s, gn_slots chunks, uint64_t off, gn_range *out);

/* The first part of [from, to) that is not in the set. False when all of it is, or from >= to. */
/*@
  requires owned_ok(chunks) && marks_apart(s, chunks) && marks_ok(s, chunks);
  requires \valid(out);
  terminates \true; exits \false;
  assigns *out;
  ensures found: \result ==> from <= out->from < out->to <= to;
  ensures hole: \result ==> \forall integer v;
    out->from <= v < out->to ==> !marks_in{Pre}(s, chunks, v);
  ensures before: \result ==> \forall integer v; from <= v < out->from ==>
    marks_in{Pre}(s, chunks, v);
  ensures behind: \result && out->to < to ==> marks_in{Pre}(s, chunks, out->to);
  ensures none: !\result ==> *out == \old(*out) &&
    \forall integer v; from <= v < to ==> marks_in{Pre}(s, chunks, v);
*/
bool gn_marks_hole(const gn_marks *s, gn_slots chunks, uint64_t from, uint64_t to, gn_range *out);

/* The invariant above. */
/*@
  requires owned_ok(chunks) && marks_apart(s, chunks);
  requires s->slot == GN_POOL_NONE || marks_held(s, chunks);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> marks_ok(s, chunks);
*/
bool gn_marks_check(const gn_marks *s, gn_slots chunks);

#endif
