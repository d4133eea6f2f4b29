/*
 * ack_pair.h: one gap and length of an ACK frame (RFC 9000 19.3.1).
 *
 * A pair tells a range by its distance to the range above it. Judging a frame
 * and walking it later take the same step, which is here.
 */
#ifndef GN_WIRE_ACK_PAIR_H
#define GN_WIRE_ACK_PAIR_H

#include <stdint.h>

#include "base/err.h"
#include "base/reader.h"
#include "base/writer.h"
#include "wire/varint.h"

/*
 * pair_first, pair_second, pair_bytes: two numbers and what they take. pair_largest,
 * pair_smallest: the range that they tell, below one that begins at above.
 * ack_pairs_left: of n bytes, how many are left behind count pairs, below a
 * range that begins at above; or, when that is met first, -1: the bytes end
 * too soon, -2: a range goes below 0. The axioms define it, by the count of
 * pairs; pair_step lets the solvers take one step of it and no more.
 */
/*@
  logic integer pair_first{L}(uint8_t *p) = varint_value(p);
  logic integer pair_second{L}(uint8_t *p) = varint_value(p + varint_told(p[0]));
  logic integer pair_bytes{L}(uint8_t *p) = varint_told(p[0]) + varint_told(p[varint_told(p[0])]);
  logic integer pair_largest{L}(uint8_t *p, integer above) = above - pair_first(p) - 2;
  logic integer pair_smallest{L}(uint8_t *p, integer above) =
    above - pair_first(p) - 2 - pair_second(p);
  predicate pair_step{L}(uint8_t *p, integer above, uint8_t *next, integer smallest) =
    next == p + pair_bytes(p) && smallest == pair_smallest(p, above) && 0 <= smallest;
  axiomatic AckPairs {
    logic integer ack_pairs_left{L}(uint8_t *p, integer n, integer count, integer above)
      reads p[0 .. n - 1];
    axiom ack_pairs_none{L}: \forall uint8_t *p, integer n, count, above;
      count <= 0 ==> ack_pairs_left(p, n, count, above) == n;
    axiom ack_pairs_short{L}: \forall uint8_t *p, integer n, count, above;
      0 < count && n < pair_bytes(p) ==> ack_pairs_left(p, n, count, above) == -1;
    axiom ack_pairs_below{L}: \forall uint8_t *p, integer n, count, above;
      0 < count && pair_bytes(p) <= n && pair_smallest(p, above) < 0 ==>
        ack_pairs_left(p, n, count, above) == -2;
    axiom ack_pairs_more{L}: \forall uint8_t *p, *next, integer n, count, above, smallest;
      0 < count && pair_bytes(p) <= n && pair_step(p, above, next, smallest) ==>
        ack_pairs_left(p, n, count, above) ==
        ack_pairs_left(next, n - pair_bytes(p), count - 1, smallest);
  }
*/

/* Reads two numbers. GN_ERR_SHORT: they are not both there. Then only in may have moved. */
/*@
  requires reader_ok(in) && \valid(first) && \valid(second);
  requires \separated(in, first, second, in->base + (0 .. in->len - 1));
  terminates \true; exits \false;
  assigns in->at, *first, *second;
  ensures ok: reader_ok(in) && \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT;
  ensures short: \result == GN_ERR_SHORT ==>
    in->len - \old(in->at) < pair_bytes(in->base + \old(in->at));
  ensures kept: \result != GN_OK ==> *first == \old(*first) && *second == \old(*second);
  ensures taken: \result == GN_OK ==>
    in->at == \old(in->at) + pair_bytes(in->base + \old(in->at));
  ensures first: \result == GN_OK ==>
    *first == pair_first(in->base + \old(in->at)) && *first <= GN_VARINT_MAX;
  ensures second: \result == GN_OK ==>
    *second == pair_second(in->base + \old(in->at)) && *second <= GN_VARINT_MAX;
*/
GN_MUST_USE static inline gn_err
gn_ack_pair_numbers(gn_reader *in, uint64_t *first, uint64_t *second)
{
    uint64_t one = 0;
    uint64_t two = 0;

    //@ assert more: varint_told(in->base[in->at]) < pair_bytes(in->base + in->at);
    if (gn_varint_read(in, &one) != GN_OK)
        return GN_ERR_SHORT;
    //@ assert mid: in->at == \at(in->at, Pre) + varint_told(in->base[\at(in->at, Pre)]);
    if (gn_varint_read(in, &two) != GN_OK)
        return GN_ERR_SHORT;
    //@ assert end: in->at == \at(in->at, Pre) + pair_bytes(in->base + \at(in->at, Pre));
    //@ assert second: two == pair_second(in->base + \at(in->at, Pre));
    *first = one;
    *second = two;
    return GN_OK;
}

/*
 * Reads the next pair, and from the smallest number of the range above it
 * makes the bounds of its own. GN_ERR_SHORT: it is not all there.
 * GN_ERR_RANGE: its range goes below 0. Then in may have moved.
 */
/*@
  requires reader_ok(in) && \valid(largest) && \valid(smallest) && *smallest <= GN_VARINT_MAX;
  requires \separated(in, largest, smallest, in->base + (0 .. in->len - 1));
  terminates \true; exits \false;
  assigns in->at, *largest, *smallest;
  ensures ok: reader_ok(in) && \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT || \result == GN_ERR_RANGE;
  ensures short: \result == GN_ERR_SHORT ==>
    in->len - \old(in->at) < pair_bytes(in->base + \old(in->at));
  ensures below: \result == GN_ERR_RANGE ==>
    pair_smallest(in->base + \old(in->at), \old(*smallest)) < 0;
  ensures taken: \result != GN_ERR_SHORT ==>
    in->at == \old(in->at) + pair_bytes(in->base + \old(in->at));
  ensures largest: \result == GN_OK ==>
    *largest == pair_largest(in->base + \old(in->at), \old(*smallest));
  ensures step: \result == GN_OK ==>
    pair_step(in->base + \old(in->at), \old(*smallest), in->base + in->at, *smallest);
  ensures apart: \result == GN_OK ==> *smallest <= *largest && *largest + 2 <= \old(*smallest);
*/
GN_MUST_USE static inline gn_err
gn_ack_pair_read(gn_reader *in, uint64_t *largest, uint64_t *smallest)
{
    uint64_t gap = 0;
    uint64_t length = 0;

    if (gn_ack_pair_numbers(in, &gap, &length) != GN_OK)
        return GN_ERR_SHORT;
    /* RFC 9000 19.3.1: largest = smallest - gap - 2, and none may be negative.
     * [R-9000-19.3.1-1] */
    if (*smallest < gap + 2 || *smallest - gap - 2 < length)
        return GN_ERR_RANGE;
    *largest = *smallest - gap - 2;
    *smallest = *largest - length;
    /*@ assert smallest: *smallest ==
          pair_smallest(in->base + \at(in->at, Pre), \at(*smallest, Pre)); */
    return GN_OK;
}

/* Writes two numbers. GN_ERR_FULL: there is no room for both. Then w may have moved. */
/*@
  requires writer_ok(w) && first <= GN_VARINT_MAX && second <= GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL;
  ensures room: \result == GN_OK <==>
    writer_room{Pre}(w, varint_size(first) + varint_size(second));
  ensures size: \result == GN_OK ==>
    w->at == \old(w->at) + varint_size(first) + varint_size(second);
*/
GN_MUST_USE static inline gn_err
gn_ack_pair_write(gn_writer *w, uint64_t first, uint64_t second)
{
    if (gn_varint_write(w, first) != GN_OK)
        return GN_ERR_FULL;
    return gn_varint_write(w, second);
}

#endif
