/*
 * frame_ack.c: see frame.h and frame_parts.h.
 */
#include "base/assert.h"
#include "wire/ack_iter.h"
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
  ensures pairs: \result == GN_OK ==>
    ack_pairs(in->base, \old(in->at), in->at, count, smallest);
*/
static gn_err
ack_skip_pairs(gn_reader *in, uint64_t count, uint64_t smallest)
{
    /* A pair takes two bytes at least, so a count that cannot be true costs no walk. */
    if (count > gn_reader_left(in) / 2)
        return GN_ERR_SHORT;
    /*@
      loop invariant 0 <= i <= count && smallest <= GN_VARINT_MAX;
      loop invariant reader_ok(in) && \at(in->at, Pre) + 2 * i <= in->at;
      loop invariant \forall integer end;
        ack_pairs(in->base, in->at, end, count - i, smallest) ==>
        ack_pairs(in->base, \at(in->at, Pre), end, count, \at(smallest, Pre));
      loop assigns i, smallest, in->at;
      loop variant count - i;
    */
    for (uint64_t i = 0; i < count; i++) {
        uint64_t gap = 0;
        uint64_t length = 0;

        if (gn_varint_read(in, &gap) != GN_OK || gn_varint_read(in, &length) != GN_OK)
            return GN_ERR_SHORT;
        /* RFC 9000 19.3.1: largest = smallest - gap - 2, and none may be negative.
         * [R-9000-19.3.1-1] */
        if (smallest < gap + 2 || smallest - gap - 2 < length)
            return GN_ERR_RANGE;
        smallest = smallest - gap - 2 - length;
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
*/
static gn_err
ack_read_ecn(gn_reader *in, gn_frame_ack *ack)
{
    if (gn_varint_read(in, &ack->ect0) != GN_OK || gn_varint_read(in, &ack->ect1) != GN_OK ||
        gn_varint_read(in, &ack->ce) != GN_OK)
        return GN_ERR_SHORT;
    ack->has_ecn = true;
    return GN_OK;
}

gn_err
gn_frame_ack_read(gn_reader *in, uint64_t type, gn_frame *out, gn_fault *fault)
{
    gn_frame_ack ack = {0};

    if (gn_varint_read(in, &ack.largest) != GN_OK || gn_varint_read(in, &ack.delay) != GN_OK ||
        gn_varint_read(in, &ack.range_count) != GN_OK ||
        gn_varint_read(in, &ack.first_range) != GN_OK)
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

/* Whether every field is such as gn_frame_ack_read makes them. */
/*@
  requires \valid_read(ack) && \valid_read(ack->ranges.ptr + (0 .. ack->ranges.len - 1));
  terminates \true; exits \false;
  assigns \nothing;
  ensures sound: \result ==> ack_ecn_sound(type, *ack) &&
    ack->largest <= GN_VARINT_MAX && ack->delay <= GN_VARINT_MAX &&
    ack->first_range <= ack->largest && ack->ect0 <= GN_VARINT_MAX &&
    ack->ect1 <= GN_VARINT_MAX && ack->ce <= GN_VARINT_MAX;
*/
static bool
ack_is_sound(const gn_frame_ack *ack, uint64_t type)
{
    gn_reader pairs = gn_reader_over(ack->ranges.ptr, ack->ranges.len);

    return ack->has_ecn == (type == GN_FRAME_ACK_ECN) && ack->largest <= GN_VARINT_MAX &&
           ack->delay <= GN_VARINT_MAX && ack->first_range <= ack->largest &&
           ack->ect0 <= GN_VARINT_MAX && ack->ect1 <= GN_VARINT_MAX && ack->ce <= GN_VARINT_MAX &&
           ack_skip_pairs(&pairs, ack->range_count, ack->largest - ack->first_range) == GN_OK &&
           gn_reader_left(&pairs) == 0;
}

gn_err
gn_frame_ack_put(gn_writer *w, const gn_frame *f)
{
    const gn_frame_ack *ack = &f->as.ack;

    if (!ack_is_sound(ack, f->type))
        return GN_ERR_RANGE;
    if (gn_writer_u8(w, (uint8_t)f->type) != GN_OK || gn_varint_write(w, ack->largest) != GN_OK ||
        gn_varint_write(w, ack->delay) != GN_OK || gn_varint_write(w, ack->range_count) != GN_OK ||
        gn_varint_write(w, ack->first_range) != GN_OK ||
        gn_writer_bytes(w, ack->ranges.ptr, ack->ranges.len) != GN_OK)
        return GN_ERR_FULL;
    if (ack->has_ecn &&
        (gn_varint_write(w, ack->ect0) != GN_OK || gn_varint_write(w, ack->ect1) != GN_OK ||
         gn_varint_write(w, ack->ce) != GN_OK))
        return GN_ERR_FULL;
    return GN_OK;
}

size_t
gn_frame_ack_size(const gn_frame *f)
{
    const gn_frame_ack *ack = &f->as.ack;
    size_t size = 1 + gn_varint_size(ack->largest) + gn_varint_size(ack->delay) +
                  gn_varint_size(ack->range_count) + gn_varint_size(ack->first_range) +
                  ack->ranges.len;

    if (ack->has_ecn)
        size += gn_varint_size(ack->ect0) + gn_varint_size(ack->ect1) + gn_varint_size(ack->ce);
    return size;
}

/*@
  predicate ack_rising{L}(gn_ranges *s) =
    \valid_read(s) && 1 <= s->count <= GN_RANGES_MAX &&
    (\forall integer i; 0 <= i < s->count ==> s->at[i].from < s->at[i].to <= GN_VARINT_MAX + 1) &&
    (\forall integer i, j; 0 <= i < j < s->count ==> s->at[i].to < s->at[j].from);
*/

/* The gap and the length that tell lower, the next range below upper (RFC 9000 19.3.1). */
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

/* So the count of pairs always takes one byte. */
_Static_assert(GN_RANGES_MAX <= 64, "the ACK Range Count takes one byte");

/* How many ranges below the newest fit into room bytes, at most most. */
/*@
  requires ack_rising(received);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result < received->count && \result <= most;
*/
static size_t
ack_pairs_that_fit(const gn_ranges *received, size_t room, size_t most)
{
    size_t pairs = 0;

    /*@
      loop invariant at < received->count && pairs + at == received->count - 1 && pairs <= most;
      loop assigns at, pairs, room;
      loop variant at;
    */
    for (size_t at = received->count - 1; at > 0 && pairs < most; at--) {
        const size_t size = gn_varint_size(ack_gap(&received->at[at], &received->at[at - 1])) +
                            gn_varint_size(ack_length(&received->at[at - 1]));
        if (size > room)
            break;
        room -= size;
        pairs++;
    }
    return pairs;
}

/* RFC 9000 19.3.1: the gaps and lengths of so many ranges below the newest. */
/*@
  requires writer_ok(w) && ack_rising(received) && pairs < received->count;
  requires \separated(w, received, w->base + (0 .. w->cap - 1));
  terminates \true; exits \false;
  assigns w->at, w->base[w->at .. w->cap - 1];
  ensures ok: writer_ok(w);
  ensures forth: \old(w->at) <= w->at;
  ensures says: \result == GN_OK || \result == GN_ERR_FULL;
*/
static gn_err
ack_write_pairs(gn_writer *w, const gn_ranges *received, size_t pairs)
{
    const size_t last = received->count - 1;

    /*@
      loop invariant 0 <= i <= pairs;
      loop invariant writer_ok(w) && \at(w->at, Pre) <= w->at;
      loop assigns i, w->at, w->base[\at(w->at, Pre) .. w->cap - 1];
      loop variant pairs - i;
    */
    for (size_t i = 0; i < pairs; i++) {
        const gn_range *upper = &received->at[last - i];
        const gn_range *lower = &received->at[last - i - 1];

        if (gn_varint_write(w, ack_gap(upper, lower)) != GN_OK ||
            gn_varint_write(w, ack_length(lower)) != GN_OK)
            return GN_ERR_FULL;
    }
    return GN_OK;
}

gn_err
gn_frame_ack_write(gn_writer *w, const gn_ranges *received, uint64_t delay, const gn_frame_ecn *ecn,
                   size_t max_ranges)
{
    GN_ASSERT(received->count > 0 && received->count <= GN_RANGES_MAX && max_ranges > 0);
    const size_t last = received->count - 1;
    const gn_range *newest = &received->at[last];

    if (newest->to > GN_VARINT_MAX + 1 || delay > GN_VARINT_MAX)
        return GN_ERR_RANGE;
    if (ecn != NULL &&
        (ecn->ect0 > GN_VARINT_MAX || ecn->ect1 > GN_VARINT_MAX || ecn->ce > GN_VARINT_MAX))
        return GN_ERR_RANGE;

    const size_t fixed = 1 + gn_varint_size(newest->to - 1) + gn_varint_size(delay) + 1 +
                         gn_varint_size(ack_length(newest)) +
                         (ecn == NULL ? 0
                                      : gn_varint_size(ecn->ect0) + gn_varint_size(ecn->ect1) +
                                            gn_varint_size(ecn->ce));
    if (gn_writer_left(w) < fixed)
        return GN_ERR_FULL;
    const size_t pairs = ack_pairs_that_fit(received, gn_writer_left(w) - fixed, max_ranges - 1);

    gn_writer out = *w;
    if (gn_writer_u8(&out, (uint8_t)(ecn == NULL ? GN_FRAME_ACK : GN_FRAME_ACK_ECN)) != GN_OK ||
        gn_varint_write(&out, newest->to - 1) != GN_OK || gn_varint_write(&out, delay) != GN_OK ||
        gn_varint_write(&out, pairs) != GN_OK ||
        gn_varint_write(&out, ack_length(newest)) != GN_OK ||
        ack_write_pairs(&out, received, pairs) != GN_OK)
        return GN_ERR_FULL;
    if (ecn != NULL &&
        (gn_varint_write(&out, ecn->ect0) != GN_OK || gn_varint_write(&out, ecn->ect1) != GN_OK ||
         gn_varint_write(&out, ecn->ce) != GN_OK))
        return GN_ERR_FULL;
    w->at = out.at;
    return GN_OK;
}
