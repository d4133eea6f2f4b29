/*
 * ack_iter.h: walks the ranges of an ACK frame (RFC 9000 19.3.1).
 */
#ifndef GN_WIRE_ACK_ITER_H
#define GN_WIRE_ACK_ITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ranges.h"
#include "base/reader.h"
#include "wire/frame.h"

/* Lives as long as the packet that the frame was read from. */
typedef struct gn_ack_iter {
    gn_reader pairs;   /* gaps and lengths not yet walked */
    uint64_t left;     /* ranges not yet told, the current one included */
    uint64_t largest;  /* of the current range */
    uint64_t smallest; /* likewise */
} gn_ack_iter;

/* ack_iter_ok: what is not walked yet holds the ranges left and nothing else. */
/*@
  predicate ack_iter_ok{L}(gn_ack_iter *it) =
    it->pairs.at <= it->pairs.len &&
    \valid_read(it->pairs.base + (0 .. it->pairs.len - 1)) &&
    \separated(it, it->pairs.base + (0 .. it->pairs.len - 1)) &&
    (it->left > 0 ==> it->smallest <= it->largest <= GN_VARINT_MAX &&
      ack_pairs_left(it->pairs.base + it->pairs.at, it->pairs.len - it->pairs.at, it->left - 1,
        it->smallest) == 0) &&
    (it->left == 0 ==> it->pairs.at == it->pairs.len);
*/

/* Starts at the range that holds ack->largest. The frame must come from gn_frame_read. */
/*@
  requires \valid_read(ack) && ack_sound(*ack) && ack->range_count < UINT64_MAX;
  requires \valid_read(ack->ranges.ptr + (0 .. ack->ranges.len - 1));
  terminates \true; exits \false;
  assigns \nothing;
  ensures pairs: \result.pairs.base == ack->ranges.ptr && \result.pairs.at == 0 &&
    \result.pairs.len == ack->ranges.len;
  ensures all: \result.left == ack->range_count + 1;
  ensures first: \result.largest == ack->largest &&
    \result.smallest == ack->largest - ack->first_range;
*/
gn_ack_iter gn_ack_iter_over(const gn_frame_ack *ack);

/*
 * The next range, half open, every one below the one before with a gap of at
 * least one number between them. False when there are no more.
 */
/*@
  requires \valid(it) && \valid(out) && ack_iter_ok(it);
  requires \separated(it, out, it->pairs.base + (0 .. it->pairs.len - 1));
  terminates \true; exits \false;
  assigns it->pairs.at, it->left, it->largest, it->smallest, *out;
  ensures inside: it->pairs.at <= it->pairs.len;
  ensures whole: it->left == 0 ==> it->pairs.at == it->pairs.len;
  ensures bounds: it->left > 0 ==> it->smallest <= it->largest <= GN_VARINT_MAX;
  ensures left: it->left > 0 ==>
    ack_pairs_left(it->pairs.base + it->pairs.at, it->pairs.len - it->pairs.at, it->left - 1,
      it->smallest) == 0;
  ensures end: \result <==> \old(it->left) > 0;
  ensures one: \result ==> it->left == \old(it->left) - 1;
  ensures kept: !\result ==> it->left == 0 && *out == \old(*out);
  ensures range: \result ==> out->from < out->to <= GN_VARINT_MAX + 1 &&
    out->from == \old(it->smallest) && out->to == \old(it->largest) + 1;
  ensures next: \result && it->left > 0 ==>
    it->largest == pair_largest(it->pairs.base + \old(it->pairs.at), \old(it->smallest)) &&
    it->smallest == pair_smallest(it->pairs.base + \old(it->pairs.at), \old(it->smallest)) &&
    it->pairs.at == \old(it->pairs.at) + pair_bytes(it->pairs.base + \old(it->pairs.at));
  ensures below: \result && it->left > 0 ==> it->largest + 1 < out->from;
*/
bool gn_ack_iter_next(gn_ack_iter *it, gn_range *out);

#endif
