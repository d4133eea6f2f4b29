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

/* No slot. */
#define GN_POOL_NONE UINT32_MAX

/*
 * Invariant: used <= fresh <= slots, used <= peak <= fresh; the list from
 * free_head links the fresh - used slots given back, each holding the index
 * of the next in its first four bytes, GN_POOL_NONE at its end.
 */
typedef struct gn_pool {
    uint32_t slots;      /* how many there are */
    uint32_t slot_bytes; /* the size of one, a multiple of 8 */
    uint32_t free_head;  /* the slot given back last, or GN_POOL_NONE */
    uint32_t fresh;      /* slots from here on were never used */
    uint32_t used;       /* taken and not given back */
    uint32_t peak;       /* the most that used has been */
} gn_pool;

/* Slots are rounded up to a multiple of 8 bytes. slots may be 0, slot_bytes must be 1 to 2^31. */
void gn_pool_init(gn_pool *pool, uint32_t slots, uint32_t slot_bytes);

/* The bytes of memory that a pool of so many slots of this size lies in. */
size_t gn_pool_bytes(uint32_t slots, uint32_t slot_bytes);

/* An unused slot, with whatever bytes were in it; GN_POOL_NONE when all are taken. */
uint32_t gn_pool_take(gn_pool *pool, uint8_t *base);

/* Gives a slot back that was taken; its first bytes are overwritten. */
void gn_pool_give(gn_pool *pool, uint8_t *base, uint32_t index);

/* The memory of a slot, aligned to 8 bytes. The index must have been handed out before. */
static inline void *
gn_pool_at(const gn_pool *pool, uint8_t *base, uint32_t index)
{
    GN_ASSERT(index < pool->fresh);
    return base + (size_t)index * pool->slot_bytes;
}

#endif
