/*
 * ack.c: what the contracts of wire/ack_pair.h and wire/ack_iter.h mean together.
 */
#include "wire/ack_iter.h"
#include "wire/ack_pair.h"

/*
 * The axioms of ack_pairs_left agree: a function that keeps them all can be
 * written down.
 */
/*@
  logic integer pairs_model{L}(uint8_t *p, integer n, integer count, integer above) =
    count <= 0 ? n :
    n < pair_bytes(p) ? -1 :
    pair_smallest(p, above) < 0 ? -2 :
    pairs_model(p + pair_bytes(p), n - pair_bytes(p), count - 1, pair_smallest(p, above));
  lemma pairs_model_none{L}: \forall uint8_t *p, integer n, count, above;
    count <= 0 ==> pairs_model(p, n, count, above) == n;
  lemma pairs_model_short{L}: \forall uint8_t *p, integer n, count, above;
    0 < count && n < pair_bytes(p) ==> pairs_model(p, n, count, above) == -1;
  lemma pairs_model_below{L}: \forall uint8_t *p, integer n, count, above;
    0 < count && pair_bytes(p) <= n && pair_smallest(p, above) < 0 ==>
      pairs_model(p, n, count, above) == -2;
  lemma pairs_model_more{L}: \forall uint8_t *p, *next, integer n, count, above, smallest;
    0 < count && pair_bytes(p) <= n && pair_step(p, above, next, smallest) ==>
      pairs_model(p, n, count, above) ==
      pairs_model(next, n - pair_bytes(p), count - 1, smallest);
*/

/*
 * A frame that was judged sound is walked to its end: as many ranges as it
 * counts, the first below largest + 1, each below the one before with a number
 * between them, none below 0, and no byte left over.
 */
/*@
  requires \valid_read(ack) && ack_sound(*ack);
  requires \valid_read(ack->ranges.ptr + (0 .. ack->ranges.len - 1));
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == ack->range_count + 1;
*/
uint64_t
proof_ack_walk(const gn_frame_ack *ack)
{
    gn_ack_iter it = gn_ack_iter_over(ack);
    gn_range range = {0};
    uint64_t below = GN_VARINT_MAX + 2;
    uint64_t told = 0;

    /*@
      loop invariant told: told + it.left == ack->range_count + 1;
      loop invariant bytes: it.pairs.base == ack->ranges.ptr &&
        it.pairs.len == ack->ranges.len;
      loop invariant inside: it.pairs.at <= it.pairs.len;
      loop invariant whole: it.left == 0 ==> it.pairs.at == it.pairs.len;
      loop invariant bounds: it.left > 0 ==> it.smallest <= it.largest <= GN_VARINT_MAX;
      loop invariant left: it.left > 0 ==>
        ack_pairs_left(it.pairs.base + it.pairs.at, it.pairs.len - it.pairs.at, it.left - 1,
          it.smallest) == 0;
      loop invariant next: it.left > 0 ==> it.largest + 1 < below;
      loop assigns it, range, below, told;
      loop variant it.left;
    */
    while (gn_ack_iter_next(&it, &range)) {
        //@ assert apart: 0 <= range.from < range.to < below;
        below = range.from;
        told++;
    }
    //@ assert whole: it.pairs.at == ack->ranges.len;
    return told;
}
