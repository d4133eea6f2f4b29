/*
 * frame_ack.c: see frame.h and frame_parts.h.
 */
#include "base/assert.h"
#include "wire/ack_pair.h"
#include "wire/frame.h"
#include "wire/frame_parts.h"

/*
 * Steps over count pairs below smallest, the lowest number of the first range.
 * GN_ERR_SHORT: they are not all there. GN_ERR_RANGE: one goes below 0.
 */
/*@
  requires reader_ok(in) && smallest <= GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns in->at;
  ensures ok: reader_ok(in);
  ensures forth: \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT || \result == GN_ERR_RANGE;
  ensures few: \result == GN_OK ==> count <= (in->at - \old(in->at)) / 2;
  ensures good: \result == GN_OK ==>
    ack_pairs_left(in->base + \old(in->at), in->len - \old(in->at), count, smallest) ==
    in->len - in->at;
  ensures whole: \result == GN_OK ==>
    ack_pairs_left(in->base + \old(in->at), in->at - \old(in->at), count, smallest) == 0;
  ensures short: \result == GN_ERR_SHORT ==> count > (in->len - \old(in->at)) / 2 ||
    ack_pairs_left(in->base + \old(in->at), in->len - \old(in->at), count, smallest) == -1;
  ensures below: \result == GN_ERR_RANGE ==>
    ack_pairs_left(in->base + \old(in->at), in->len - \old(in->at), count, smallest) == -2;
*/
static gn_err
ack_skip_pairs(gn_reader *in, uint64_t count, uint64_t smallest)
{
    uint64_t largest = 0;

    /* A pair takes two bytes at least, so a count that cannot be true costs no walk. */
    if (count > gn_reader_left(in) / 2)
        return GN_ERR_SHORT;
    /*@
      loop invariant 0 <= i <= count && smallest <= GN_VARINT_MAX;
      loop invariant reader_ok(in) && \at(in->at, Pre) + 2 * i <= in->at;
      loop invariant left: \forall integer n; in->at - \at(in->at, Pre) <= n ==>
        ack_pairs_left(in->base + \at(in->at, Pre), n, count, \at(smallest, Pre)) ==
        ack_pairs_left(in->base + in->at, n - (in->at - \at(in->at, Pre)), count - i, smallest);
      loop assigns i, smallest, largest, in->at;
      loop variant count - i;
    */
    for (uint64_t i = 0; i < count; i++) {
        const gn_err err = gn_ack_pair_read(in, &largest, &smallest);
        if (err != GN_OK)
            return err;
    }
    return GN_OK;
}

/* RFC 9000 19.3.2: the three counts. */
/*@
  requires reader_ok(in) && \valid(ack);
  requires \separated(in, ack, in->base + (0 .. in->len - 1));
  terminates \true; exits \false;
  assigns in->at, ack->ect0, ack->ect1, ack->ce, ack->has_ecn;
  ensures ok: reader_ok(in);
  ensures forth: \old(in->at) <= in->at;
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT;
  ensures sound: \result == GN_OK ==> ack->has_ecn != 0 && ack->ect0 <= GN_VARINT_MAX &&
    ack->ect1 <= GN_VARINT_MAX && ack->ce <= GN_VARINT_MAX;
  ensures taken: \result == GN_OK ==>
    in->at == \old(in->at) + ack_counts_told(in->base + \old(in->at));
*/
static gn_err
ack_read_ecn(gn_reader *in, gn_frame_ack *ack)
{
    if (gn_ack_pair_numbers(in, &ack->ect0, &ack->ect1) != GN_OK ||
        gn_varint_read(in, &ack->ce) != GN_OK)
        return GN_ERR_SHORT;
    ack->has_ecn = true;
    return GN_OK;
}

/* What stands before the pairs, the type read already (RFC 9000 19.3). */
/*@
  requires reader_ok(in) && \valid(ack);
  requires \separated(in, ack, in->base + (0 .. in->len - 1));
  terminates \true; exits \false;
  assigns in->at, ack->largest, ack->delay, ack->range_count, ack->first_range;
  ensures ok: reader_ok(in);
  ensures says: \result == GN_OK || \result == GN_ERR_SHORT;
  ensures forth: \old(in->at) <= in->at;
  ensures range: \result == GN_OK ==> ack->largest <= GN_VARINT_MAX &&
    ack->delay <= GN_VARINT_MAX && ack->range_count <= GN_VARINT_MAX &&
    ack->first_range <= GN_VARINT_MAX;
  ensures said: \result == GN_OK ==> ack_head_said(in->base + \old(in->at), *ack);
  ensures taken: \result == GN_OK ==>
    in->at == \old(in->at) + ack_at_pairs(in->base + \old(in->at));
*/
static gn_err
ack_read_head(gn_reader *in, gn_frame_ack *ack)
{
    if (gn_ack_pair_numbers(in, &ack->largest, &ack->delay) != GN_OK)
        return GN_ERR_SHORT;
    return gn_ack_pair_numbers(in, &ack->range_count, &ack->first_range);
}

gn_err
gn_frame_ack_read(gn_reader *in, uint64_t type, gn_frame *out, gn_fault *fault)
{
    gn_frame_ack ack = {0};

    if (ack_read_head(in, &ack) != GN_OK)
        return GN_ERR_SHORT;
    if (ack.first_range > ack.largest)
        return gn_fault_set(fault, GN_FAULT_FRAME_ENCODING, type,
                            "RFC 9000 19.3: the first ACK range goes below 0");

    const size_t start = in->at;
    const gn_err err = ack_skip_pairs(in, ack.range_count, ack.largest - ack.first_range);
    if (err == GN_ERR_RANGE)
        return gn_fault_set(fault, GN_FAULT_FRAME_ENCODING, type,
                            "RFC 9000 19.3.1: an ACK range goes below 0");
    if (err != GN_OK)
        return err;
    ack.ranges = gn_span_of(in->base + start, in->at - start);

    if (type == GN_FRAME_ACK_ECN && ack_read_ecn(in, &ack) != GN_OK)
        return GN_ERR_SHORT;
    out->as.ack = ack;
    return GN_OK;
}

/* Whether every number is one, and the first range goes not below 0. */
/*@
  requires \valid_read(ack);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> ack_numbers(*ack);
*/
static bool
ack_numbers_are_sound(const gn_frame_ack *ack)
{
    return ack->largest <= GN_VARINT_MAX && ack->delay <= GN_VARINT_MAX &&
           ack->first_range <= ack->largest && ack->ect0 <= GN_VARINT_MAX &&
           ack->ect1 <= GN_VARINT_MAX && ack->ce <= GN_VARINT_MAX;
}

/* Whether every field is such as gn_frame_ack_read makes them. */
/*@
  requires \valid_read(ack) && \valid_read(ack->ranges.ptr + (0 .. ack->ranges.len - 1));
  terminates \true; exits \false;
  assigns \nothing;
  ensures sound: \result <==> ack_sound(*ack) && ack_ecn_sound(type, *ack);
*/
static bool
ack_is_sound(const gn_frame_ack *ack, uint64_t type)
{
    gn_reader pairs = gn_reader_over(ack->ranges.ptr, ack->ranges.len);

    if (ack->has_ecn != (type == GN_FRAME_ACK_ECN) || !ack_numbers_are_sound(ack))
        return false;
    const gn_err err = ack_skip_pairs(&pairs, ack->range_count, ack->largest - ack->first_range);
    /*@ assert whole: err == GN_OK && pairs.at == pairs.len <==>
          ack->range_count <= ack->ranges.len / 2 && ack_pairs_left(ack->ranges.ptr,
            ack->ranges.len, ack->range_count, ack->largest - ack->first_range) == 0; */
    return err == GN_OK && gn_reader_left(&pairs) == 0;
}

/* What stands before the pairs. */
/*@
  requires largest <= GN_VARINT_MAX && delay <= GN_VARINT_MAX;
  requires count <= GN_VARINT_MAX && first <= GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == ack_head_bytes(largest, delay, count, first);
*/
static size_t
ack_head_size(uint64_t largest, uint64_t delay, uint64_t count, uint64_t first)
{
    return 1 + gn_varint_size(largest) + gn_varint_size(delay) + gn_varint_size(count) +
           gn_varint_size(first);
}

/*@
  requires writer_ok(w) && ack_type(type);
  requires largest <= GN_VARINT_MAX && delay <= GN_VARINT_MAX;
  requires count <= GN_VARINT_MAX && first <= GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL;
  ensures size: \result == GN_OK ==>
    w->at == \old(w->at) + ack_head_bytes(largest, delay, count, first);
  ensures room: \result == GN_ERR_FULL ==>
    !writer_room{Pre}(w, ack_head_bytes(largest, delay, count, first));
*/
static gn_err
ack_write_head(gn_writer *w, uint64_t type, uint64_t largest, uint64_t delay, uint64_t count,
               uint64_t first)
{
    if (gn_writer_u8(w, (uint8_t)type) != GN_OK || gn_ack_pair_write(w, largest, delay) != GN_OK)
        return GN_ERR_FULL;
    return gn_ack_pair_write(w, count, first);
}

/* What the three counts take. */
/*@
  requires ect0 <= GN_VARINT_MAX && ect1 <= GN_VARINT_MAX && ce <= GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == ack_counts_bytes(ect0, ect1, ce);
*/
static size_t
ack_counts_size(uint64_t ect0, uint64_t ect1, uint64_t ce)
{
    return gn_varint_size(ect0) + gn_varint_size(ect1) + gn_varint_size(ce);
}

/*@
  requires writer_ok(w);
  requires ect0 <= GN_VARINT_MAX && ect1 <= GN_VARINT_MAX && ce <= GN_VARINT_MAX;
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures says: \result == GN_OK || \result == GN_ERR_FULL;
  ensures size: \result == GN_OK ==> w->at == \old(w->at) + ack_counts_bytes(ect0, ect1, ce);
  ensures room: \result == GN_ERR_FULL ==>
    !writer_room{Pre}(w, ack_counts_bytes(ect0, ect1, ce));
*/
static gn_err
ack_write_counts(gn_writer *w, uint64_t ect0, uint64_t ect1, uint64_t ce)
{
    if (gn_ack_pair_write(w, ect0, ect1) != GN_OK)
        return GN_ERR_FULL;
    return gn_varint_write(w, ce);
}

gn_err
gn_frame_ack_put(gn_writer *w, const gn_frame *f)
{
    const gn_frame_ack *ack = &f->as.ack;

    if (!ack_is_sound(ack, f->type))
        return GN_ERR_RANGE;
    if (ack_write_head(w, f->type, ack->largest, ack->delay, ack->range_count, ack->first_range) !=
        GN_OK)
        return GN_ERR_FULL;
    if (gn_writer_bytes(w, ack->ranges.ptr, ack->ranges.len) != GN_OK)
        return GN_ERR_FULL;
    return ack->has_ecn ? ack_write_counts(w, ack->ect0, ack->ect1, ack->ce) : GN_OK;
}

size_t
gn_frame_ack_size(const gn_frame *f)
{
    const gn_frame_ack *ack = &f->as.ack;
    const size_t size =
        ack_head_size(ack->largest, ack->delay, ack->range_count, ack->first_range) +
        ack->ranges.len;

    return ack->has_ecn ? size + ack_counts_size(ack->ect0, ack->ect1, ack->ce) : size;
}

/* The gap that tells lower, the next range below upper (RFC 9000 19.3.1). */
/*@
  requires \valid_read(upper) && \valid_read(lower) && lower->to < upper->from;
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == upper->from - lower->to - 1;
*/
static uint64_t
ack_gap(const gn_range *upper, const gn_range *lower)
{
    return upper->from - lower->to - 1;
}

/*@
  requires \valid_read(range) && range->from < range->to;
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == range->to - range->from - 1;
*/
static uint64_t
ack_length(const gn_range *range)
{
    return range->to - range->from - 1;
}

/*
 * Writes the pair that tells lower, the next range below upper, unless fewer than reserve
 * bytes would be left then. Says whether it did.
 */
/*@
  logic integer ack_pair_size{L}(gn_range *upper, gn_range *lower) =
    varint_size(upper->from - lower->to - 1) + varint_size(lower->to - lower->from - 1);
*/
/*@
  requires writer_ok(w) && \valid_read(upper) && \valid_read(lower);
  requires lower->from < lower->to < upper->from <= GN_VARINT_MAX + 1;
  requires reserve <= w->cap - w->at;
  requires \separated(w, upper, w->base + (0 .. w->cap - 1));
  requires \separated(w, lower, w->base + (0 .. w->cap - 1));
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures fits: \result <==> writer_room{Pre}(w, \old(ack_pair_size(upper, lower)) + reserve);
  ensures size: w->at ==
    \old(w->at) + (\result != 0 ? \old(ack_pair_size(upper, lower)) : 0);
*/
static bool
ack_write_pair(gn_writer *w, const gn_range *upper, const gn_range *lower, size_t reserve)
{
    const uint64_t gap = ack_gap(upper, lower);
    const uint64_t length = ack_length(lower);

    if (gn_varint_size(gap) + gn_varint_size(length) > gn_writer_left(w) - reserve)
        return false;
    const gn_err err = gn_ack_pair_write(w, gap, length);
    GN_ASSERT(err == GN_OK);
    return true;
}

/*
 * RFC 9000 19.3.1: writes the gaps and lengths of the ranges below the newest, at most most
 * and as many as leave reserve bytes of room. Says how many.
 */
/*@
  requires writer_ok(w) && \valid_read(received) && ack_rising(received);
  requires ack_newest(received).to <= GN_VARINT_MAX + 1;
  requires reserve <= w->cap - w->at;
  requires \separated(w, received, w->base + (0 .. w->cap - 1));
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures forth: \old(w->at) <= w->at;
  ensures reserved: reserve <= w->cap - w->at;
  ensures count: \result < received->count && \result <= most;
  ensures full: \result < most && \result < received->count - 1 ==>
    !writer_room(w, reserve + ack_pair_size(&received->at[received->count - 1 - \result],
      &received->at[received->count - 2 - \result]));
*/
static size_t
ack_write_pairs(gn_writer *w, const gn_ranges *received, size_t most, size_t reserve)
{
    size_t pairs = 0;

    /*@
      loop invariant at: pairs + at == received->count - 1 && pairs <= most;
      loop invariant writer: writer_ok(w) && \at(w->at, Pre) <= w->at;
      loop invariant room: reserve <= w->cap - w->at;
      loop assigns at, pairs, w->at, w->base[\at(w->at, Pre) .. w->cap - 1];
      loop variant at;
    */
    for (size_t at = received->count - 1; at > 0 && pairs < most; at--) {
        if (!ack_write_pair(w, &received->at[at], &received->at[at - 1], reserve))
            break;
        pairs++;
    }
    return pairs;
}

/* So the count of pairs always takes one byte, and can be told behind them. */
_Static_assert(GN_RANGES_MAX <= 64, "the ACK Range Count takes one byte");

gn_err
gn_frame_ack_write(gn_writer *w, const gn_ranges *received, uint64_t delay, const gn_frame_ecn *ecn,
                   size_t max_ranges)
{
    GN_ASSERT(received->count > 0 && received->count <= GN_RANGES_MAX && max_ranges > 0);
    const gn_range *newest = &received->at[received->count - 1];
    const uint64_t largest = newest->to - 1;
    const uint64_t first = ack_length(newest);

    if (largest > GN_VARINT_MAX || delay > GN_VARINT_MAX)
        return GN_ERR_RANGE;
    if (ecn != NULL &&
        (ecn->ect0 > GN_VARINT_MAX || ecn->ect1 > GN_VARINT_MAX || ecn->ce > GN_VARINT_MAX))
        return GN_ERR_RANGE;

    const size_t counts = ecn == NULL ? 0 : ack_counts_size(ecn->ect0, ecn->ect1, ecn->ce);
    if (gn_writer_left(w) < ack_head_size(largest, delay, 0, first) + counts)
        return GN_ERR_FULL;

    const size_t count_at = w->at + 1 + gn_varint_size(largest) + gn_varint_size(delay);
    const gn_err err =
        ack_write_head(w, ecn == NULL ? GN_FRAME_ACK : GN_FRAME_ACK_ECN, largest, delay, 0, first);
    GN_ASSERT(err == GN_OK);
    const size_t pairs = ack_write_pairs(w, received, max_ranges - 1, counts);
    w->base[count_at] = (uint8_t)pairs;
    return ecn == NULL ? GN_OK : ack_write_counts(w, ecn->ect0, ecn->ect1, ecn->ce);
}
