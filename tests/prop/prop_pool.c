/*
 * prop_pool.c: a pool hands out each slot to one holder at a time, keeps its
 * hands off the bytes of slots that are held, and is empty when all are.
 *
 * The first two bytes choose the number of slots and their size; every further
 * byte takes a slot, or gives one back.
 */
#include <string.h>

#include "base/pool.h"
#include "prop.h"

enum { SLOTS_MAX = 16, SLOT_BYTES_MAX = 40 };

typedef struct model {
    uint32_t held;
    uint32_t peak;
    uint8_t mark[SLOTS_MAX]; /* what the holder filled the slot with; 0 for a slot nobody holds */
} model;

static bool
take(gn_pool *pool, uint8_t *base, model *m, uint32_t slot_bytes, uint8_t mark)
{
    const uint32_t index = gn_pool_take(pool, base);

    if (index == GN_POOL_NONE)
        return m->held == pool->slots;
    if (index >= pool->slots || m->mark[index] != 0)
        return false;
    uint8_t *slot = gn_pool_at(pool, base, index);
    if ((size_t)(slot - base) % 8 != 0)
        return false;
    m->mark[index] = mark;
    m->held++;
    if (m->held > m->peak)
        m->peak = m->held;
    memset(slot, mark, slot_bytes);
    return true;
}

static void
give(gn_pool *pool, uint8_t *base, model *m, uint32_t index)
{
    if (index >= pool->slots || m->mark[index] == 0)
        return;
    gn_pool_give(pool, base, index);
    m->mark[index] = 0;
    m->held--;
}

static bool
untouched(const gn_pool *pool, uint8_t *base, const model *m, uint32_t slot_bytes)
{
    for (uint32_t i = 0; i < pool->slots; i++) {
        if (m->mark[i] == 0)
            continue;
        const uint8_t *slot = gn_pool_at(pool, base, i);
        for (uint32_t j = 0; j < slot_bytes; j++)
            if (slot[j] != m->mark[i])
                return false;
    }
    return true;
}

bool
gn_prop_pool(const uint8_t *bytes, size_t len)
{
    _Alignas(8) uint8_t memory[SLOTS_MAX * SLOT_BYTES_MAX + 8];
    model m = {0};
    gn_pool pool;

    if (len < 2)
        return true;
    const uint32_t slots = bytes[0] % (SLOTS_MAX + 1);
    const uint32_t slot_bytes = 1 + bytes[1] % SLOT_BYTES_MAX;
    const size_t end = gn_pool_bytes(slots, slot_bytes);
    memset(memory, 0xee, sizeof memory);
    gn_pool_init(&pool, slots, slot_bytes);

    for (size_t i = 2; i < len; i++) {
        if (bytes[i] % 2 == 1) {
            if (!take(&pool, memory, &m, slot_bytes, bytes[i]))
                return false;
        } else {
            give(&pool, memory, &m, bytes[i] / 2u % SLOTS_MAX);
        }
        if (pool.used != m.held || pool.peak != m.peak || memory[end] != 0xee)
            return false;
        if (!untouched(&pool, memory, &m, slot_bytes))
            return false;
    }
    return true;
}
