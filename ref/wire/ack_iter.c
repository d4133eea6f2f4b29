/*
 * ack_iter.c: see ack_iter.h.
 */
#include "wire/ack_iter.h"

#include "base/assert.h"
#include "wire/varint.h"

gn_ack_iter
gn_ack_iter_over(const gn_frame_ack *ack)
{
    return (gn_ack_iter){.pairs = gn_reader_over(ack->ranges.ptr, ack->ranges.len),
                         .left = ack->range_count + 1,
                         .largest = ack->largest,
                         .length = ack->first_range};
}

bool
gn_ack_iter_next(gn_ack_iter *it, gn_range *out)
{
    if (it->left == 0)
        return false;

    const uint64_t smallest = it->largest - it->length;
    *out = (gn_range){.from = smallest, .to = it->largest + 1};
    it->left--;
    if (it->left > 0) {
        uint64_t gap = 0;
        uint64_t length = 0;

        /* Reading the frame judged all of this. */
        const bool there = gn_varint_read(&it->pairs, &gap) == GN_OK &&
                           gn_varint_read(&it->pairs, &length) == GN_OK;
        GN_ASSERT(there && smallest >= gap + 2 && smallest - gap - 2 >= length);
        it->largest = smallest - gap - 2;
        it->length = length;
    }
    return true;
}
