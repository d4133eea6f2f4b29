/*
 * ack_iter.h: stands in for wire/ack_iter.h. WP proves of that what is done here: the first range
 * ends with the largest number and has the length told, and each further one lies below the one
 * before with a number between. Here the further ones are any such ranges.
 */
#ifndef GN_WIRE_ACK_ITER_H
#define GN_WIRE_ACK_ITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ranges.h"
#include "wire/frame.h"

typedef struct gn_ack_iter {
    uint64_t left;
    gn_range range;
} gn_ack_iter;

static inline gn_ack_iter
gn_ack_iter_over(const gn_frame_ack *ack)
{
    return (gn_ack_iter){
        .left = ack->range_count + 1,
        .range = {.from = ack->largest - ack->first_range, .to = ack->largest + 1},
    };
}

/* What was told. */
extern gn_range bounded_told[2];
extern uint32_t bounded_told_count;
uint64_t nondet_u64(void);

static inline bool
gn_ack_iter_next(gn_ack_iter *it, gn_range *out)
{
    if (it->left == 0)
        return false;
    *out = it->range;
    bounded_told[bounded_told_count++] = it->range;
    if (--it->left > 0) {
        it->range.from = nondet_u64();
        it->range.to = nondet_u64();
        __CPROVER_assume(it->range.from < it->range.to && it->range.to < out->from);
    }
    return true;
}

#endif
