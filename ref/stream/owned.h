/*
 * owned.h: slots of the chunk pool, each of them somebody's.
 *
 * The streams keep two kinds of things in slots of one pool: pieces of bytes (gn_chunk) and sets of
 * ranges (gn_ranges). A slot belongs to whoever took it until it is given back, and nobody else
 * looks into it. In the proofs gn_owner says whose a slot is; no such thing exists when running.
 *
 * The contracts of this file are assumed rather than proved. That a slot taken is nobody's follows
 * from the pool's list of free slots, that slots do not overlap from addresses, and WP's memory
 * model knows too little of either: to it, every address holds one type.
 */
#ifndef GN_STREAM_OWNED_H
#define GN_STREAM_OWNED_H

#include <stdint.h>

#include "base/chunks.h"
#include "base/ranges.h"
#include "base/slots.h"

//@ ghost const uint32_t *gn_owner[GN_POOL_NONE];

/*
 * chunk_of, ranges_of: a slot seen as what is kept in it. slot_of: the slot that an address lies
 * in, each slot being an object of its own. outside: the object is in no slot. owned_ok: the slots
 * are there, and the pool's own fields are in none. owned_kept: what others than who own stays
 * theirs, and they get nothing more.
 */
/*@
  axiomatic owned {
    logic gn_chunk *chunk_of(gn_slots s, integer slot);
    logic gn_ranges *ranges_of(gn_slots s, integer slot);
    logic integer slot_of(char *object);
    axiom owned_chunk: \forall gn_slots s, integer i; slot_of(\base_addr(chunk_of(s, i))) == i;
    axiom owned_ranges: \forall gn_slots s, integer i; slot_of(\base_addr(ranges_of(s, i))) == i;
  }
  predicate owned_kept{K, L}(uint32_t *who) = \forall integer i;
    \at(gn_owner[i], L) == \at(gn_owner[i], K) ||
    ((\at(gn_owner[i], K) == \null || \at(gn_owner[i], K) == who) &&
     (\at(gn_owner[i], L) == \null || \at(gn_owner[i], L) == who));
  predicate outside(char *object) = slot_of(object) < 0;
  logic integer owned_left{L}(gn_slots s) = s.pool->slots - s.pool->used;
  predicate owned_ok{L}(gn_slots s) =
    \valid(s.pool) && outside(\base_addr(s.pool)) &&
    s.pool->used <= s.pool->slots < GN_POOL_NONE &&
    (\forall integer i; 0 <= i < s.pool->slots ==> \valid(chunk_of(s, i))) &&
    (\forall integer i; 0 <= i < s.pool->slots ==> \valid(ranges_of(s, i)));
*/

/* A slot that is nobody's, or GN_POOL_NONE when all are taken. Next it belongs to the caller. */
/*@
  requires owned_ok(slots);
  terminates \true; exits \false;
  assigns slots.pool->free_head, slots.pool->fresh, slots.pool->used, slots.pool->peak;
  ensures ok: owned_ok(slots);
  ensures none: \result == GN_POOL_NONE <==> \old(owned_left(slots)) == 0;
  ensures kept: \result == GN_POOL_NONE ==> owned_left(slots) == \old(owned_left(slots));
  ensures nobody: \result != GN_POOL_NONE ==>
    \result < slots.pool->slots && gn_owner[\result] == \null;
  ensures taken: \result != GN_POOL_NONE ==> owned_left(slots) == \old(owned_left(slots)) - 1;
*/
static inline uint32_t
gn_owned_take(gn_slots slots)
{
    return gn_slots_take(slots);
}

/* Gives a slot back, of which its owner has taken leave. What was in it is lost. */
/*@
  requires owned_ok(slots) && at < slots.pool->slots && gn_owner[at] == \null;
  terminates \true; exits \false;
  assigns slots.pool->free_head, slots.pool->used, *chunk_of(slots, at), *ranges_of(slots, at);
  ensures ok: owned_ok(slots);
  ensures given: owned_left(slots) == \old(owned_left(slots)) + 1;
  ensures others: \forall integer i; i != at ==>
    chunk_of(slots, i)->base_off == \old(chunk_of(slots, i)->base_off) &&
    chunk_of(slots, i)->next == \old(chunk_of(slots, i)->next);
*/
static inline void
gn_owned_give(gn_slots slots, uint32_t at)
{
    gn_slots_give(slots, at);
}

/* How many are nobody's. */
/*@
  requires owned_ok(slots);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == owned_left(slots);
*/
static inline uint32_t
gn_owned_left(gn_slots slots)
{
    return gn_slots_left(slots);
}

/* The slot as a piece of bytes. */
/*@
  requires owned_ok(slots) && at < slots.pool->slots;
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == chunk_of(slots, at);
*/
static inline gn_chunk *
gn_owned_chunk(gn_slots slots, uint32_t at)
{
    return gn_slots_at(slots, at);
}

/* The slot as a set of ranges. */
/*@
  requires owned_ok(slots) && at < slots.pool->slots;
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == ranges_of(slots, at);
*/
static inline gn_ranges *
gn_owned_ranges(gn_slots slots, uint32_t at)
{
    return gn_slots_at(slots, at);
}

#endif
