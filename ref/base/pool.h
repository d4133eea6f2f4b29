/*
 * pool.h: equal slots in the caller's memory, taken and given back in O(1).
 *
 * The pool keeps no pointer: the caller passes the same memory at every call,
 * so both may be copied together and go on working at another address. Slots
 * that were never used are handed out in order, so starting costs nothing and
 * untouched memory stays untouched; slots given back are reused first, the
 * latest one at once, because it is still in the cache.
 *
 *  1. gn_pool_init with the number of slots and their size
 *  2. gn_pool_bytes of memory, aligned to 8 bytes, is the base
 *  3. gn_pool_take an index, gn_pool_at its memory, gn_pool_give it back
 */
#ifndef GN_BASE_POOL_H
#define GN_BASE_POOL_H

#include <stddef.h>
#include <stdint.h>

#include "base/assert.h"
#include "base/be.h"

/* No slot. */
#define GN_POOL_NONE UINT32_MAX

/*
 * Invariant: used <= fresh <= slots, used <= peak <= fresh; the list from
 * free_head links the fresh - used slots given back, each holding the index
 * of the next in its first four bytes, GN_POOL_NONE at its end; network order,
 * because bytes are all that the pool may assume of them.
 */
typedef struct gn_pool {
    uint32_t slots;      /* how many there are */
    uint32_t slot_bytes; /* the size of one, a multiple of 8 */
    uint32_t free_head;  /* the slot given back last, or GN_POOL_NONE */
    uint32_t fresh;      /* slots from here on were never used */
    uint32_t used;       /* taken and not given back */
    uint32_t peak;       /* the most that used has been */
} gn_pool;

/*
 * pool_ok: the counts fit together. pool_counted: a list that is not empty has
 * slots. pool_memory: base is the pool's memory. pool_slot: where a slot begins.
 * pool_next: the slot that will be taken next. pool_link: the one after the first of the list.
 * pool_linked: the slot given back last holds a link, which it does as long as
 * nobody writes to slots that were given back.
 */
/*@
  logic integer pool_slot(integer index, integer slot_bytes) = index * slot_bytes;
  predicate pool_ok{L}(gn_pool *p) =
    p->used <= p->peak <= p->fresh <= p->slots < GN_POOL_NONE &&
    8 <= p->slot_bytes <= 0x80000000 && p->slot_bytes % 8 == 0 &&
    (p->free_head == GN_POOL_NONE || p->free_head < p->fresh);
  predicate pool_counted{L}(gn_pool *p) = p->free_head != GN_POOL_NONE ==> p->used < p->fresh;
  predicate pool_memory{L}(gn_pool *p, uint8_t *base) =
    \valid(base + (0 .. pool_slot(p->slots, p->slot_bytes) - 1)) &&
    \separated(p, base + (0 .. pool_slot(p->slots, p->slot_bytes) - 1));
  logic integer pool_link{L}(gn_pool *p, uint8_t *base) =
    be32(base + pool_slot(p->free_head, p->slot_bytes));
  predicate pool_linked{L}(gn_pool *p, uint8_t *base) =
    p->free_head != GN_POOL_NONE ==>
      \let next = pool_link(p, base);
      next == GN_POOL_NONE || next < p->fresh;
  logic integer pool_next{L}(gn_pool *p) =
    p->free_head != GN_POOL_NONE ? p->free_head : p->fresh < p->slots ? p->fresh : GN_POOL_NONE;
  logic integer pool_rounded(integer bytes) = (bytes + 7) / 8 * 8;
  lemma pool_next: \forall integer i, size; pool_slot(i + 1, size) == pool_slot(i, size) + size;
  lemma pool_order: \forall integer a, b, size;
    0 <= a <= b && 0 <= size ==> 0 <= pool_slot(a, size) <= pool_slot(b, size);
*/

/* Slots are rounded up to a multiple of 8 bytes. slots may be 0, slot_bytes must be 1 to 2^31. */
/*@
  requires \valid(pool) && slots < GN_POOL_NONE && 1 <= slot_bytes <= 0x80000000;
  terminates \true; exits \false;
  assigns *pool;
  ensures ok: pool_ok(pool) && pool->slots == slots && pool->used == 0 && pool->peak == 0;
  ensures bare: pool->free_head == GN_POOL_NONE && pool->fresh == 0;
  ensures size: pool->slot_bytes == pool_rounded(slot_bytes);
*/
void gn_pool_init(gn_pool *pool, uint32_t slots, uint32_t slot_bytes);

/* The bytes of memory that a pool of so many slots of this size lies in. */
/*@
  requires slots < GN_POOL_NONE && 1 <= slot_bytes <= 0x80000000;
  terminates \true; exits \false;
  assigns \nothing;
  ensures enough: \result == pool_slot(slots, pool_rounded(slot_bytes));
*/
size_t gn_pool_bytes(uint32_t slots, uint32_t slot_bytes);

/* An unused slot, with whatever bytes were in it; GN_POOL_NONE when all are taken. */
/*@
  requires \valid(pool) && pool_ok(pool) && pool_memory(pool, base) && pool_linked(pool, base);
  requires counted: pool_counted(pool);
  terminates \true; exits \false;
  assigns pool->free_head, pool->fresh, pool->used, pool->peak;
  ensures ok: pool_ok(pool);
  ensures next: \result == \old(pool_next(pool));
  behavior none:
    assumes pool->free_head == GN_POOL_NONE && pool->fresh == pool->slots;
    ensures \result == GN_POOL_NONE && pool->used == \old(pool->used);
    ensures pool->free_head == \old(pool->free_head) && pool->fresh == \old(pool->fresh);
  behavior again:
    assumes pool->free_head != GN_POOL_NONE;
    ensures \result == \old(pool->free_head) && pool->used == \old(pool->used) + 1;
    ensures pool->fresh == \old(pool->fresh);
    ensures link: pool->free_head == \old(pool_link(pool, base));
  behavior fresh:
    assumes pool->free_head == GN_POOL_NONE && pool->fresh < pool->slots;
    ensures \result == \old(pool->fresh) && pool->used == \old(pool->used) + 1;
    ensures pool->fresh == \old(pool->fresh) + 1;
    ensures pool->free_head == GN_POOL_NONE;
  complete behaviors; disjoint behaviors;
*/
uint32_t gn_pool_take(gn_pool *pool, uint8_t *base);

/* Gives a slot back that was taken; its first bytes are overwritten. */
/*@
  requires \valid(pool) && pool_ok(pool) && pool_memory(pool, base);
  requires pool->used > 0 && index < pool->fresh;
  terminates \true; exits \false;
  assigns pool->free_head, pool->used;
  assigns base[pool_slot(index, pool->slot_bytes) .. pool_slot(index, pool->slot_bytes) + 3];
  ensures ok: pool_ok(pool) && pool_linked(pool, base);
  ensures counted: pool_counted(pool);
  ensures given: pool->free_head == index && pool->used == \old(pool->used) - 1;
  ensures link: pool_link(pool, base) == \old(pool->free_head);
*/
void gn_pool_give(gn_pool *pool, uint8_t *base, uint32_t index);

/* The bytes of a slot, the first aligned to 8. The index must have been handed out before. */
/*@
  requires \valid_read(pool) && pool_ok(pool) && pool_memory(pool, base);
  requires index < pool->fresh;
  terminates \true; exits \false;
  assigns \nothing;
  ensures where: \result == base + pool_slot(index, pool->slot_bytes);
  ensures there: \valid(\result + (0 .. pool->slot_bytes - 1));
*/
static inline uint8_t *
gn_pool_bytes_at(const gn_pool *pool, uint8_t *base, uint32_t index)
{
    GN_ASSERT(index < pool->fresh);
    /*@ assert next: pool_slot(index + 1, pool->slot_bytes) ==
          pool_slot(index, pool->slot_bytes) + pool->slot_bytes; */
    /*@ assert order: 0 <= pool_slot(index, pool->slot_bytes) &&
          pool_slot(index + 1, pool->slot_bytes) <= pool_slot(pool->slots, pool->slot_bytes); */
    return base + (size_t)index * pool->slot_bytes;
}

/* The same for whatever the caller keeps in slots. */
/*@
  requires \valid_read(pool) && pool_ok(pool) && pool_memory(pool, base);
  requires index < pool->fresh;
  terminates \true; exits \false;
  assigns \nothing;
*/
static inline void *
gn_pool_at(const gn_pool *pool, uint8_t *base, uint32_t index)
{
    return gn_pool_bytes_at(pool, base, index);
}

#endif
