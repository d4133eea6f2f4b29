/*
 * owned.h: stands in for stream/owned.h, whose contracts WP assumes. Each slot is an object of its
 * own, once as a chunk and once as a set of ranges; what is in it when it is taken is anything, and
 * none is taken twice: whoever looks into a slot that was given back, or gives it back again, is
 * found at once.
 */
#ifndef GN_STREAM_OWNED_H
#define GN_STREAM_OWNED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/chunks.h"
#include "base/ranges.h"
#include "base/slots.h"

enum { BOUNDED_SLOTS = 5 };

extern bool bounded_taken[BOUNDED_SLOTS];
extern gn_chunk bounded_chunk_0;
extern gn_chunk bounded_chunk_1;
extern gn_chunk bounded_chunk_2;
extern gn_chunk bounded_chunk_3;
extern gn_chunk bounded_chunk_4;
extern gn_ranges bounded_ranges[BOUNDED_SLOTS];

static inline uint32_t
gn_owned_take(gn_slots slots)
{
    const uint32_t at = slots.pool->fresh;

    if (slots.pool->used == slots.pool->slots)
        return GN_POOL_NONE;
    __CPROVER_assume(at < BOUNDED_SLOTS);
    slots.pool->fresh++;
    slots.pool->used++;
    bounded_taken[at] = true;
    return at;
}

static inline void
gn_owned_give(gn_slots slots, uint32_t at)
{
    __CPROVER_assert(at < BOUNDED_SLOTS && bounded_taken[at], "a slot that is given back is taken");
    bounded_taken[at] = false;
    slots.pool->used--;
}

static inline uint32_t
gn_owned_left(gn_slots slots)
{
    return slots.pool->slots - slots.pool->used;
}

static inline gn_chunk *
gn_owned_chunk(gn_slots slots, uint32_t at)
{
    (void)slots;
    __CPROVER_assert(at < BOUNDED_SLOTS && bounded_taken[at], "a slot that is used is taken");
    return at == 0   ? &bounded_chunk_0
           : at == 1 ? &bounded_chunk_1
           : at == 2 ? &bounded_chunk_2
           : at == 3 ? &bounded_chunk_3
                     : &bounded_chunk_4;
}

static inline gn_ranges *
gn_owned_ranges(gn_slots slots, uint32_t at)
{
    (void)slots;
    __CPROVER_assert(at < BOUNDED_SLOTS && bounded_taken[at], "a slot that is used is taken");
    return &bounded_ranges[at];
}

#endif
