/*
 * pool.c: see pool.h.
 */
#include "base/pool.h"

#include <string.h>

#include "base/assert.h"

/* What every slot is a multiple of: the strictest alignment of what we keep in slots. */
#define POOL_ALIGN 8u

#define POOL_SLOT_BYTES_MAX (UINT32_C(1) << 31)

/* size_t, so that the product of two such numbers does not wrap. */
static size_t
pool_round(uint32_t slot_bytes)
{
    GN_ASSERT(slot_bytes > 0 && slot_bytes <= POOL_SLOT_BYTES_MAX);
    return ((size_t)slot_bytes + POOL_ALIGN - 1) / POOL_ALIGN * POOL_ALIGN;
}

void
gn_pool_init(gn_pool *pool, uint32_t slots, uint32_t slot_bytes)
{
    GN_ASSERT(slots < GN_POOL_NONE);
    *pool = (gn_pool){
        .slots = slots,
        .slot_bytes = (uint32_t)pool_round(slot_bytes),
        .free_head = GN_POOL_NONE,
    };
}

size_t
gn_pool_bytes(uint32_t slots, uint32_t slot_bytes)
{
    return slots * pool_round(slot_bytes);
}

uint32_t
gn_pool_take(gn_pool *pool, uint8_t *base)
{
    uint32_t index = pool->free_head;

    if (index != GN_POOL_NONE)
        memcpy(&pool->free_head, gn_pool_at(pool, base, index), sizeof pool->free_head);
    else if (pool->fresh < pool->slots)
        index = pool->fresh++;
    else
        return GN_POOL_NONE;

    pool->used++;
    if (pool->used > pool->peak)
        pool->peak = pool->used;
    GN_ASSERT(pool->used <= pool->fresh);
    return index;
}

void
gn_pool_give(gn_pool *pool, uint8_t *base, uint32_t index)
{
    GN_ASSERT(pool->used > 0);
    memcpy(gn_pool_at(pool, base, index), &pool->free_head, sizeof pool->free_head);
    pool->free_head = index;
    pool->used--;
}
