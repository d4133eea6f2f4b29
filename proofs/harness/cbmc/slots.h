/*
 * slots.h: stands in for base/slots.h. Each slot is an object of its own, what is in it when it is
 * taken is anything, and none is taken twice: whoever looks into a slot that was given back, or
 * gives it back again, is found at once. The pool's counts are as in base/pool.c.
 *
 * Which includes it says first what a slot is (BOUNDED_SLOT, a type) and how many can be taken in
 * all (BOUNDED_SLOTS).
 */
#ifndef GN_BASE_SLOTS_H
#define GN_BASE_SLOTS_H

#include "base/assert.h"
#include "base/pool.h"

typedef struct gn_slots {
    gn_pool *pool;
    uint8_t *base;
} gn_slots;

extern bool bounded_taken[];
extern uint32_t bounded_slots;
void *bounded_slot(uint32_t at);

static inline uint32_t
gn_slots_take(gn_slots slots)
{
    const uint32_t at = slots.pool->fresh;

    if (slots.pool->used == slots.pool->slots)
        return GN_POOL_NONE;
    __CPROVER_assume(at < bounded_slots);
    slots.pool->fresh++;
    slots.pool->used++;
    bounded_taken[at] = true;
    return at;
}

static inline void
gn_slots_give(gn_slots slots, uint32_t at)
{
    __CPROVER_assert(at < bounded_slots && bounded_taken[at], "a slot that is given back is taken");
    bounded_taken[at] = false;
    slots.pool->used--;
}

static inline void *
gn_slots_at(gn_slots slots, uint32_t at)
{
    (void)slots;
    __CPROVER_assert(at < bounded_slots && bounded_taken[at], "a slot that is used is taken");
    return bounded_slot(at);
}

static inline uint32_t
gn_slots_left(gn_slots slots)
{
    return slots.pool->slots - slots.pool->used;
}

#endif
