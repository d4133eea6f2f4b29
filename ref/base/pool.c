/*
 * pool.c: see pool.h.
 */
#include "base/pool.h"

#include "base/assert.h"

/* What every slot is a multiple of: the strictest alignment of what we keep in slots. */
#define POOL_ALIGN 8u

#define POOL_SLOT_BYTES_MAX (UINT32_C(1) << 31)

/* size_t, so that the product of two such numbers does not wrap. */
/*@
  requires 1 <= slot_bytes <= POOL_SLOT_BYTES_MAX;
  terminates \true; exits \false;
  assigns \nothing;
  ensures value: \result == pool_rounded(slot_bytes) && \result % 8 == 0;
  ensures bound: slot_bytes <= \result <= POOL_SLOT_BYTES_MAX;
*/
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

    if (index != GN_POOL_NONE) {
        /* Whoever writes to a slot that was given back is found here. */
        const uint32_t next = gn_be_read_u32(gn_pool_bytes_at(pool, base, index));
        GN_ASSERT(next == GN_POOL_NONE || next < pool->fresh);
        GN_ASSERT(pool->used < pool->fresh);
        pool->free_head = next;
    } else if (pool->fresh < pool->slots) {
        index = pool->fresh++;
    } else {
        return GN_POOL_NONE;
    }

    pool->used++;
    if (pool->used > pool->peak)
        pool->peak = pool->used;
    return index;
}

void
gn_pool_give(gn_pool *pool, uint8_t *base, uint32_t index)
{
    GN_ASSERT(pool->used > 0);
    gn_be_write_u32(gn_pool_bytes_at(pool, base, index), pool->free_head);
    pool->free_head = index;
    pool->used--;
}
