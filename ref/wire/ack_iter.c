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

/* Steps to the range below smallest: there is one, since reading the frame judged all of it. */
/*@
  requires \valid(it) && \separated(it, it->pairs.base + (0 .. it->pairs.len - 1));
  requires it->pairs.at <= it->pairs.len;
  requires \valid_read(it->pairs.base + (0 .. it->pairs.len - 1));
  requires it->left > 0 && smallest <= GN_VARINT_MAX;
  requires ack_pairs(it->pairs.base, it->pairs.at, it->pairs.len, it->left, smallest);
  terminates \true; exits \false;
  assigns it->pairs.at, it->largest, it->length;
  ensures ok: ack_iter_ok(*it);
  ensures below: it->largest + 1 < smallest;
*/
static void
ack_iter_step(gn_ack_iter *it, uint64_t smallest)
{
    uint64_t gap = 0;
    uint64_t length = 0;

    /*@ assert pair: varint_there(&it->pairs) &&
          pair_end(it->pairs.base, it->pairs.at) <= it->pairs.len &&
          0 <= pair_smallest(it->pairs.base, it->pairs.at, smallest); */
    gn_err err = gn_varint_read(&it->pairs, &gap);
    GN_ASSERT(err == GN_OK);
    //@ assert mid: it->pairs.at == pair_mid(it->pairs.base, \at(it->pairs.at, Pre));
    err = gn_varint_read(&it->pairs, &length);
    GN_ASSERT(err == GN_OK);
    //@ assert end: it->pairs.at == pair_end(it->pairs.base, \at(it->pairs.at, Pre));
    /*@ assert smallest: smallest - gap - 2 - length ==
          pair_smallest(it->pairs.base, \at(it->pairs.at, Pre), smallest); */
    GN_ASSERT(smallest >= gap + 2 && smallest - gap - 2 >= length);
    it->largest = smallest - gap - 2;
    it->length = length;
}

bool
gn_ack_iter_next(gn_ack_iter *it, gn_range *out)
{
    if (it->left == 0)
        return false;

    const uint64_t smallest = it->largest - it->length;
    out->from = smallest;
    out->to = it->largest + 1;
    it->left--;
    if (it->left > 0)
        ack_iter_step(it, smallest);
    return true;
}
