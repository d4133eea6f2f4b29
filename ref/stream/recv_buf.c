/*
 * recv_buf.c: see recv_buf.h.
 */
#include "stream/recv_buf.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "base/chunks.h"
#include "base/limits.h"

void
gn_recv_buf_init(gn_recv_buf *b)
{
    b->read_off = 0;
    b->have_off = 0;
    b->high_off = 0;
    b->final_size = GN_RECV_SIZE_UNKNOWN;
    b->reserved = 0;
    gn_chain_init(&b->chain);
    gn_marks_init(&b->ahead);
}

void
gn_recv_buf_wipe(gn_recv_buf *b, gn_slots chunks)
{
    gn_chain_drop_all(&b->chain, chunks);
    gn_marks_wipe(&b->ahead, chunks);
    b->read_off = b->have_off;
}

gn_err
gn_recv_buf_judge(const gn_recv_buf *b, uint64_t end_off, bool final, uint64_t frame_type,
                  gn_fault *fault)
{
    /* [R-9000-4.5-3] */
    if (b->final_size != GN_RECV_SIZE_UNKNOWN) {
        if (end_off > b->final_size)
            return gn_fault_set(fault, GN_FAULT_FINAL_SIZE, frame_type,
                                "RFC 9000 4.5: data beyond the final size");
        if (final && end_off != b->final_size)
            return gn_fault_set(fault, GN_FAULT_FINAL_SIZE, frame_type,
                                "RFC 9000 4.5: the final size changed");
    }
    if (final && end_off < b->high_off)
        return gn_fault_set(fault, GN_FAULT_FINAL_SIZE, frame_type,
                            "RFC 9000 4.5: the final size is below data that arrived");
    return GN_OK;
}

void
gn_recv_buf_set_final(gn_recv_buf *b, uint64_t size)
{
    GN_ASSERT(size >= b->high_off);
    GN_ASSERT(b->final_size == GN_RECV_SIZE_UNKNOWN || b->final_size == size);
    b->final_size = size;
}

gn_err
gn_recv_buf_fits(const gn_recv_buf *b, gn_slots chunks, uint64_t off, size_t len)
{
    const uint64_t to = off + len;
    const uint64_t from = off > b->have_off ? off : b->have_off;

    if (from >= to)
        return GN_OK;

    uint64_t needs =
        gn_chain_missing(&b->chain, chunks, from / GN_CHUNK_BYTES, (to - 1) / GN_CHUNK_BYTES);
    if (from > b->have_off) {
        uint32_t takes;
        const gn_err err = gn_marks_fits(&b->ahead, chunks, from, to, &takes);

        if (err != GN_OK)
            return err;
        needs += needs + takes > 0 ? takes + GN_CHUNKS_SPARE : 0;
    }
    if (needs > gn_owned_left(chunks))
        return GN_ERR_FULL;
    return GN_OK;
}

/*
 * What holds between two chunks of a write of the bytes from first on, of which those below at are
 * stored. recv_part: whether v arrived, or is stored now. recv_stored: as recv_ok, for these.
 */
/*@
  predicate recv_part{L}(gn_recv_buf *b, gn_slots c, integer first, integer at, integer v) =
    recv_came(b, c, v) || first <= v < at;
  predicate recv_part_held{L}(gn_recv_buf *b, gn_slots c, integer first, integer at) =
    \forall integer v; b->read_off <= v && recv_part(b, c, first, at, v) ==> recv_holds(b, c, v);
  predicate recv_part_live{L}(gn_recv_buf *b, gn_slots c, integer at) =
    \forall integer i; chain_has(&b->chain, i) ==> b->read_off < chain_off(c, i) + GN_CHUNK_BYTES &&
      (chain_off(c, i) <= b->high_off || chain_off(c, i) < at);
  predicate recv_part_true{L}(gn_recv_buf *b, gn_slots c, integer first, integer at) =
    \forall integer i, k; chain_has(&b->chain, i) && 0 <= k < GN_CHUNK_BYTES &&
      b->read_off <= chain_off(c, i) + k && recv_part(b, c, first, at, chain_off(c, i) + k) ==>
        chunk_of(c, i)->bytes[k] == recv_byte(b, chain_off(c, i) + k);
  predicate recv_same{K, L}(gn_recv_buf *b, gn_slots c) = \forall integer v;
    \at(marks_in(&b->ahead, c, v), L) <==> \at(marks_in(&b->ahead, c, v), K);
  predicate recv_room{K, L}(gn_recv_buf *b, gn_slots c, integer first, integer done) =
    first <= done && \at(owned_left(c), L) >=
      \at(owned_left(c) - chain_lacks(&b->chain, c, first, done), K) &&
    (first < done ==> \at(chain_holds(&b->chain, c, (done - 1) * GN_CHUNK_BYTES), L)) &&
    \forall integer n; done <= n ==> (\at(chain_holds(&b->chain, c, n * GN_CHUNK_BYTES), L) <==>
      \at(chain_holds(&b->chain, c, n * GN_CHUNK_BYTES), K));
*/

/* Copies as much of [from, to) as belongs into one chunk, and says how much that is. One chunk is
 * left, if it is not there: fits said so. */
/*@
  requires owned_ok(chunks) && recv_apart(b, chunks) && chain_ok(&b->chain, chunks);
  requires room: owned_left(chunks) > 0 ||
    chain_holds(&b->chain, chunks, from / GN_CHUNK_BYTES * GN_CHUNK_BYTES);
  requires news: b->read_off <= from < to && marks_ok(&b->ahead, chunks);
  requires bytes: \valid_read(bytes + (0 .. to - from - 1)) && outside(\base_addr(bytes));
  requires sent: \forall integer i; 0 <= i < to - from ==> bytes[i] == recv_byte(b, from + i);
  terminates \true; exits \false;
  assigns b->chain;
  assigns chunks.pool->free_head, chunks.pool->fresh, chunks.pool->used, chunks.pool->peak;
  assigns { gn_owner[i] | integer i; gn_owner[i] == \null };
  assigns { *chunk_of(chunks, i) | integer i;
    gn_owner[i] == \null || gn_owner[i] == &b->chain.head };
  ensures ok: owned_ok(chunks) && chain_ok(&b->chain, chunks);
  ensures some: 0 < \result <= to - from;
  ensures here: chain_has(&b->chain, b->chain.hint) &&
    chain_off(chunks, b->chain.hint) == from / GN_CHUNK_BYTES * GN_CHUNK_BYTES &&
    from + \result <= chain_off(chunks, b->chain.hint) + GN_CHUNK_BYTES;
  ensures more: \forall integer i; chain_has(&b->chain, i) <==>
    chain_has{Pre}(&b->chain, i) || i == b->chain.hint;
  ensures others: \forall integer i; i != b->chain.hint ==>
    gn_owner[i] == \old(gn_owner[i]);
  ensures still: \forall integer i; chain_has{Pre}(&b->chain, i) ==>
    chain_off(chunks, i) == \old(chain_off(chunks, i));
  ensures found:
    chain_holds{Pre}(&b->chain, chunks, from / GN_CHUNK_BYTES * GN_CHUNK_BYTES) ==>
      owned_left(chunks) == \old(owned_left(chunks)) && chain_has{Pre}(&b->chain, b->chain.hint);
  ensures taken:
    !chain_holds{Pre}(&b->chain, chunks, from / GN_CHUNK_BYTES * GN_CHUNK_BYTES) ==>
      owned_left(chunks) == \old(owned_left(chunks)) - 1 &&
      \forall integer i; i == b->chain.hint ==> \old(gn_owner[i]) == \null;
  ensures marks: marks_ok(&b->ahead, chunks) && recv_same{Pre, Post}(b, chunks);
  ensures held: \forall integer first;
    first <= from && recv_part_held{Pre}(b, chunks, first, from) ==>
      recv_part_held(b, chunks, first, from + \result);
  ensures live: recv_part_live{Pre}(b, chunks, from) ==>
    recv_part_live(b, chunks, from + \result);
  ensures sound: \forall integer first;
    first <= from && recv_part_held{Pre}(b, chunks, first, from) &&
    recv_part_true{Pre}(b, chunks, first, from) ==>
      recv_part_true(b, chunks, first, from + \result);
*/
static size_t
recv_buf_copy(gn_recv_buf *b, gn_slots chunks, uint64_t from, uint64_t to, const uint8_t *bytes)
{
    const size_t at = (size_t)(from % GN_CHUNK_BYTES);
    const size_t room = GN_CHUNK_BYTES - at;
    const size_t n = to - from < room ? (size_t)(to - from) : room;
    const uint32_t slot = gn_chain_put(&b->chain, chunks, from - at);

    gn_chain_point(&b->chain, chunks, slot);
    uint8_t *here = gn_owned_chunk(chunks, slot)->bytes + at;
    gn_bytes_copy(here, bytes, n);
    /*@ assert offs: \forall integer i; chain_has{Pre}(&b->chain, i) ==>
          chain_off(chunks, i) == \at(chain_off(chunks, i), Pre); */
    /*@ assert mine: \forall integer i, k; chain_has(&b->chain, i) && 0 <= k < GN_CHUNK_BYTES &&
          from <= chain_off(chunks, i) + k < from + n ==> i == slot; */
    /*@ assert copied: \forall integer k; from <= chain_off(chunks, slot) + k < from + n ==>
          chunk_of(chunks, slot)->bytes[k] == recv_byte(b, chain_off(chunks, slot) + k); */
    /*@ assert rest: \forall integer i, k; chain_has{Pre}(&b->chain, i) &&
          0 <= k < GN_CHUNK_BYTES && !(from <= chain_off(chunks, i) + k < from + n) ==>
            chunk_of(chunks, i)->bytes[k] == \at(chunk_of(chunks, i)->bytes[k], Pre); */
    /*@ assert old: \forall integer i, v; chain_has{Pre}(&b->chain, i) &&
          chain_off(chunks, i) <= v < chain_off(chunks, i) + GN_CHUNK_BYTES &&
          chain_off(chunks, slot) <= v < chain_off(chunks, slot) + GN_CHUNK_BYTES ==> i == slot; */
    return n;
}

/* Copies [from, to) to where it belongs, but what is there already. */
/*@
  requires owned_ok(chunks) && recv_apart(b, chunks) && recv_ok(b, chunks);
  requires news: b->have_off <= from < to <= GN_CREDIT_TOP_BYTES;
  requires bytes: \valid_read(bytes + (0 .. to - from - 1)) && outside(\base_addr(bytes));
  requires sent: \forall integer i; 0 <= i < to - from ==> bytes[i] == recv_byte(b, from + i);
  requires room: owned_left(chunks) >= chain_lacks(&b->chain, chunks, from / GN_CHUNK_BYTES,
    (to - 1) / GN_CHUNK_BYTES + 1);
  requires steps: recv_steps(b, chunks, from / GN_CHUNK_BYTES, (to - 1) / GN_CHUNK_BYTES + 1);
  terminates \true; exits \false;
  assigns b->chain;
  assigns chunks.pool->free_head, chunks.pool->fresh, chunks.pool->used, chunks.pool->peak;
  assigns { gn_owner[i] | integer i; gn_owner[i] == \null };
  assigns { *chunk_of(chunks, i) | integer i; gn_owner[i] == \null || recv_has(b, i) };
  ensures ok: owned_ok(chunks) && chain_ok(&b->chain, chunks);
  ensures same: marks_ok(&b->ahead, chunks) && recv_same{Pre, Post}(b, chunks);
  ensures count: marks_count(&b->ahead, chunks) == \old(marks_count(&b->ahead, chunks));
  ensures held: recv_part_held(b, chunks, from, to);
  ensures live: recv_part_live(b, chunks, to);
  ensures sound: recv_part_true(b, chunks, from, to);
  ensures left: owned_left(chunks) >= \old(owned_left(chunks)) -
    \old(chain_lacks(&b->chain, chunks, from / GN_CHUNK_BYTES, (to - 1) / GN_CHUNK_BYTES + 1));
*/
static void
recv_buf_store(gn_recv_buf *b, gn_slots chunks, uint64_t from, uint64_t to, const uint8_t *bytes)
{
    /* RFC 9000 2.2: a byte at an offset never changes, so those that are here may stay. */
    uint64_t at = from;
    gn_range hole;
    //@ ghost uint64_t done = from / GN_CHUNK_BYTES;
    /*@
      loop invariant at: from <= at <= to;
      loop invariant ok: owned_ok(chunks) && chain_ok(&b->chain, chunks);
      loop invariant same: marks_ok(&b->ahead, chunks) && recv_same{Pre, Here}(b, chunks);
      loop invariant held: recv_part_held(b, chunks, from, at);
      loop invariant live: recv_part_live(b, chunks, at);
      loop invariant sound: recv_part_true(b, chunks, from, at);
      loop invariant room: recv_room{Pre, Here}(b, chunks, from / GN_CHUNK_BYTES, done);
      loop invariant done: from / GN_CHUNK_BYTES == done || (done - 1) * GN_CHUNK_BYTES <= at;
      loop assigns at, hole, done, b->chain;
      loop assigns chunks.pool->free_head, chunks.pool->fresh, chunks.pool->used,
        chunks.pool->peak;
      loop assigns { gn_owner[i] | integer i; \at(gn_owner[i], Pre) == \null };
      loop assigns { *chunk_of(chunks, i) | integer i;
        \at(gn_owner[i], Pre) == \null || recv_has{Pre}(b, i) };
      loop variant to - at;
    */
    while (gn_marks_hole(&b->ahead, chunks, at, to, &hole)) {
        at = hole.from;
        /*@
          loop invariant at: hole.from <= at <= hole.to;
          loop invariant ok: owned_ok(chunks) && chain_ok(&b->chain, chunks);
          loop invariant same: marks_ok(&b->ahead, chunks) && recv_same{Pre, Here}(b, chunks);
          loop invariant held: recv_part_held(b, chunks, from, at);
          loop invariant live: recv_part_live(b, chunks, at);
          loop invariant sound: recv_part_true(b, chunks, from, at);
          loop invariant room: recv_room{Pre, Here}(b, chunks, from / GN_CHUNK_BYTES, done);
          loop invariant done: from / GN_CHUNK_BYTES == done || (done - 1) * GN_CHUNK_BYTES <= at;
          loop assigns at, done, b->chain;
          loop assigns chunks.pool->free_head, chunks.pool->fresh, chunks.pool->used,
            chunks.pool->peak;
          loop assigns { gn_owner[i] | integer i; \at(gn_owner[i], Pre) == \null };
          loop assigns { *chunk_of(chunks, i) | integer i;
            \at(gn_owner[i], Pre) == \null || \at(gn_owner[i], Pre) == &b->chain.head };
          loop variant hole.to - at;
        */
        while (at < hole.to) {
            //@ ghost uint64_t number = at / GN_CHUNK_BYTES;
            //@ assert number: done <= number || done == number + 1;
            /*@ assert steps: done <= number ==>
                  chain_lacks{Pre}(&b->chain, chunks, from / GN_CHUNK_BYTES, done) <=
                    chain_lacks{Pre}(&b->chain, chunks, from / GN_CHUNK_BYTES, number); */
            /*@ assert enough:
                  chain_lacks{Pre}(&b->chain, chunks, from / GN_CHUNK_BYTES, number + 1) <=
                    \at(owned_left(chunks), Pre); */
            /*@ assert held: done <= number ==>
                  (chain_holds(&b->chain, chunks, number * GN_CHUNK_BYTES) <==>
                    chain_holds{Pre}(&b->chain, chunks, number * GN_CHUNK_BYTES)); */
            //@ ghost done = number + 1;
            at += recv_buf_copy(b, chunks, at, hole.to, bytes + (at - from));
        }
    }
}

/* Notes that [from, to) arrived, and moves have_off over all that now follows it closely. */
/*@
  requires owned_ok(chunks) && recv_apart(b, chunks) && recv_window(b, chunks);
  requires news: b->have_off <= from < to <= b->final_size && to <= GN_CREDIT_TOP_BYTES;
  requires room: b->have_off < from ==> marks_touch(&b->ahead, chunks, from, to) ||
    (marks_count(&b->ahead, chunks) != 1 && marks_count(&b->ahead, chunks) < GN_RANGES_MAX) ||
    (marks_count(&b->ahead, chunks) == 1 && owned_left(chunks) > GN_CHUNKS_SPARE);
  requires stored: chain_ok(&b->chain, chunks) && recv_part_held(b, chunks, from, to) &&
    recv_part_live(b, chunks, to) && recv_part_true(b, chunks, from, to);
  terminates \true; exits \false;
  assigns b->have_off, b->high_off, b->ahead;
  assigns chunks.pool->free_head, chunks.pool->fresh, chunks.pool->used, chunks.pool->peak;
  assigns { gn_owner[i] | integer i; gn_owner[i] == \null || gn_owner[i] == &b->ahead.slot };
  assigns { *ranges_of(chunks, i) | integer i;
    gn_owner[i] == \null || gn_owner[i] == &b->ahead.slot };
  assigns { *chunk_of(chunks, i) | integer i;
    gn_owner[i] == \null || gn_owner[i] == &b->ahead.slot };
  ensures window: owned_ok(chunks) && recv_window(b, chunks);
  ensures ok: recv_ok(b, chunks);
  ensures kept: owned_kept{Pre, Post}(&b->ahead.slot);
  ensures came: \forall integer v; 0 <= v ==>
    (recv_came(b, chunks, v) <==> recv_came{Pre}(b, chunks, v) || from <= v < to);
  ensures high: b->high_off == \max(\old(b->high_off), to);
*/
static void
recv_buf_note(gn_recv_buf *b, gn_slots chunks, uint64_t from, uint64_t to)
{
    if (to > b->high_off)
        b->high_off = to;
    if (from > b->have_off) {
        const gn_err err = gn_marks_add(&b->ahead, chunks, from, to);
        GN_ASSERT(err == GN_OK);
        return;
    }
    b->have_off = to;
    if (gn_marks_empty(&b->ahead))
        return;

    gn_range next;
    if (gn_marks_find(&b->ahead, chunks, to, &next) && next.from <= to)
        b->have_off = next.to;
    gn_marks_cut_below(&b->ahead, chunks, b->have_off);
}

gn_err
gn_recv_buf_write(gn_recv_buf *b, gn_slots chunks, uint64_t off, const uint8_t *bytes, size_t len)
{
    const uint64_t to = off + len;
    GN_ASSERT(off <= to && to <= b->final_size);

    const gn_err err = gn_recv_buf_fits(b, chunks, off, len);
    if (err != GN_OK)
        return err;

    const uint64_t from = off > b->have_off ? off : b->have_off;
    if (from >= to)
        return GN_OK;

    recv_buf_store(b, chunks, from, to, bytes + (from - off));
    recv_buf_note(b, chunks, from, to);
    return GN_OK;
}

void
gn_recv_buf_skip(gn_recv_buf *b, uint64_t end_off)
{
    GN_ASSERT(end_off <= b->final_size);
    if (end_off > b->high_off)
        b->high_off = end_off;
}

bool
gn_recv_buf_peek(const gn_recv_buf *b, gn_slots chunks, gn_span *out)
{
    /* [R-9000-2.2-1] */
    if (b->read_off == b->have_off)
        return false;

    const gn_chunk *chunk = gn_owned_chunk(chunks, b->chain.head);
    const size_t at = (size_t)(b->read_off - chunk->base_off);
    GN_ASSERT(at < GN_CHUNK_BYTES);
    const size_t here = GN_CHUNK_BYTES - at;
    const uint64_t ready = b->have_off - b->read_off;
    *out = gn_span_of(chunk->bytes + at, ready < here ? (size_t)ready : here);
    return true;
}

void
gn_recv_buf_consume(gn_recv_buf *b, gn_slots chunks, uint64_t n)
{
    GN_ASSERT(n <= b->have_off - b->read_off);
    b->read_off += n;

    /* Nothing is left to read or to wait beside: the half-used chunk can go as well. */
    if (b->read_off == b->have_off && gn_marks_empty(&b->ahead)) {
        gn_chain_drop_all(&b->chain, chunks);
        return;
    }
    gn_chain_drop_below(&b->chain, chunks, b->read_off);
    GN_ASSERT(b->chain.head != GN_POOL_NONE);
}

uint64_t
gn_recv_buf_ready(const gn_recv_buf *b)
{
    return b->have_off - b->read_off;
}

bool
gn_recv_buf_complete(const gn_recv_buf *b)
{
    return b->have_off == b->final_size;
}

bool
gn_recv_buf_finished(const gn_recv_buf *b)
{
    return b->read_off == b->final_size;
}

uint64_t
gn_recv_buf_highest(const gn_recv_buf *b)
{
    return b->high_off;
}

/* Is there a byte in [from, to) that was received and not read? */
/*@
  requires owned_ok(chunks) && recv_apart(b, chunks) && recv_window(b, chunks);
  terminates \true; exits \false;
  assigns \nothing;
*/
static bool
recv_buf_uses(const gn_recv_buf *b, gn_slots chunks, uint64_t from, uint64_t to)
{
    gn_range next;

    if (b->read_off < to && from < b->have_off && b->read_off < b->have_off)
        return true;
    return gn_marks_find(&b->ahead, chunks, from, &next) && next.from < to;
}

bool
gn_recv_buf_check(const gn_recv_buf *b, gn_slots chunks)
{
    if (b->read_off > b->have_off || b->have_off > b->high_off || b->high_off > b->final_size)
        return false;
    if (!gn_marks_check(&b->ahead, chunks))
        return false;

    gn_range next;
    if (gn_marks_find(&b->ahead, chunks, 0, &next) && next.from <= b->have_off)
        return false;
    if (gn_marks_find(&b->ahead, chunks, b->high_off, &next))
        return false;

    /* Each chunk but the one read from last holds a byte that is wanted. */
    if (!gn_chain_check(&b->chain, chunks))
        return false;
    /*@
      loop invariant at: at == GN_POOL_NONE || chain_has(&b->chain, at);
      loop assigns at;
      loop variant at == GN_POOL_NONE ? -1 : UINT64_MAX - chain_off(chunks, at);
    */
    for (uint32_t at = b->chain.head; at != GN_POOL_NONE; at = gn_owned_chunk(chunks, at)->next) {
        const uint64_t base_off = gn_owned_chunk(chunks, at)->base_off;

        if (base_off + GN_CHUNK_BYTES <= b->read_off)
            return false;
        if (gn_chunks_base(b->read_off) != base_off &&
            !recv_buf_uses(b, chunks, base_off, base_off + GN_CHUNK_BYTES))
            return false;
    }
    return true;
}
