/*
 * slots.h: a pool together with the memory it deals out, for the length of one call.
 *
 * A pool is part of the endpoint's block and stores no pointer; whoever owns
 * the block pairs it with its base for each call. A gn_slots is passed by
 * value and never stored.
 */
#ifndef GN_BASE_SLOTS_H
#define GN_BASE_SLOTS_H

#include <stdint.h>

#include "base/pool.h"

typedef struct gn_slots {
    gn_pool *pool;
    uint8_t *base;
} gn_slots;

/*@
  predicate slots_ok{L}(gn_slots s) =
    \valid(s.pool) && pool_ok(s.pool) && pool_memory(s.pool, s.base);
*/

/* A free slot, its bytes as the last owner left them, or GN_POOL_NONE when all are taken. */
/*@
  requires slots_ok(slots) && pool_linked(slots.pool, slots.base);
  requires counted: pool_counted(slots.pool);
  terminates \true; exits \false;
  assigns slots.pool->free_head, slots.pool->fresh, slots.pool->used, slots.pool->peak;
  ensures ok: slots_ok(slots);
  ensures next: \result == \old(pool_next(slots.pool));
  ensures none: \result == GN_POOL_NONE ==> slots.pool->used == \old(slots.pool->used);
  ensures some: \result != GN_POOL_NONE ==>
    \result < slots.pool->fresh && slots.pool->used == \old(slots.pool->used) + 1;
*/
static inline uint32_t
gn_slots_take(gn_slots slots)
{
    return gn_pool_take(slots.pool, slots.base);
}

/* Gives slot at back; it must have been taken. */
/*@
  requires slots_ok(slots) && slots.pool->used > 0 && at < slots.pool->fresh;
  terminates \true; exits \false;
  assigns slots.pool->free_head, slots.pool->used;
  assigns slots.base[pool_slot(at, slots.pool->slot_bytes) ..
    pool_slot(at, slots.pool->slot_bytes) + 3];
  ensures ok: slots_ok(slots) && pool_linked(slots.pool, slots.base);
  ensures counted: pool_counted(slots.pool);
  ensures given: slots.pool->used == \old(slots.pool->used) - 1;
*/
static inline void
gn_slots_give(gn_slots slots, uint32_t at)
{
    gn_pool_give(slots.pool, slots.base, at);
}

/* The bytes of slot at, aligned to 16 when the memory and the slot size are. */
/*@
  requires slots_ok(slots) && at < slots.pool->fresh;
  terminates \true; exits \false;
  assigns \nothing;
*/
static inline void *
gn_slots_at(gn_slots slots, uint32_t at)
{
    return gn_pool_at(slots.pool, slots.base, at);
}

/* Slots still free. */
/*@
  requires slots_ok(slots);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == slots.pool->slots - slots.pool->used;
*/
static inline uint32_t
gn_slots_left(gn_slots slots)
{
    return slots.pool->slots - slots.pool->used;
}

#endif
