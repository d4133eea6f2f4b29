/*
 * ack_iter.c: see ack_iter.h.
 */
#include "wire/ack_iter.h"

#include "base/assert.h"
#include "wire/ack_pair.h"

gn_ack_iter
gn_ack_iter_over(const gn_frame_ack *ack)
{
    return (gn_ack_iter){.pairs = gn_reader_over(ack->ranges.ptr, ack->ranges.len),
                         .left = ack->range_count + 1,
                         .largest = ack->largest,
                         .smallest = ack->largest - ack->first_range};
}

/* Steps to the range below, if there is one. */
/*@
  requires \valid(it) && ack_iter_ok(it) && it->left > 0;
  terminates \true; exits \false;
  assigns it->pairs.at, it->left, it->largest, it->smallest;
  ensures inside: it->pairs.at <= it->pairs.len;
  ensures one: it->left == \old(it->left) - 1;
  ensures end: it->left == 0 ==> it->pairs.at == it->pairs.len;
  ensures left: it->left > 0 ==>
    ack_pairs_left(it->pairs.base + it->pairs.at, it->pairs.len - it->pairs.at, it->left - 1,
      it->smallest) == 0;
  ensures next: it->left > 0 ==>
    it->largest == pair_largest(it->pairs.base + \old(it->pairs.at), \old(it->smallest)) &&
    it->smallest == pair_smallest(it->pairs.base + \old(it->pairs.at), \old(it->smallest)) &&
    it->pairs.at == \old(it->pairs.at) + pair_bytes(it->pairs.base + \old(it->pairs.at));
  ensures below: it->left > 0 ==>
    it->smallest <= it->largest && it->largest + 1 < \old(it->smallest);
*/
static void
ack_iter_step(gn_ack_iter *it)
{
    it->left--;
    if (it->left == 0)
        return;
    /* Every pair is there and sound, since reading the frame judged all of them. */
    const gn_err err = gn_ack_pair_read(&it->pairs, &it->largest, &it->smallest);
    GN_ASSERT(err == GN_OK);
}

bool
gn_ack_iter_next(gn_ack_iter *it, gn_range *out)
{
    if (it->left == 0)
        return false;

    out->from = it->smallest;
    out->to = it->largest + 1;
    //@ assert kept: ack_iter_ok(it);
    ack_iter_step(it);
    return true;
}
