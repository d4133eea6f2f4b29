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

/* Copies as much of [from, to) as belongs into one chunk, and says how much that is. One chunk is
 * left, if it is not there: fits said so. */
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
    return n;
}

/* Copies [from, to) to where it belongs, but what is there already. */
static void
recv_buf_store(gn_recv_buf *b, gn_slots chunks, uint64_t from, uint64_t to, const uint8_t *bytes)
{
    /* RFC 9000 2.2: a byte at an offset never changes, so those that are here may stay. */
    uint64_t at = from;
    gn_range hole;
    while (gn_marks_hole(&b->ahead, chunks, at, to, &hole)) {
        at = hole.from;
        while (at < hole.to) {
            at += recv_buf_copy(b, chunks, at, hole.to, bytes + (at - from));
        }
    }
}

/* Notes that [from, to) arrived, and moves have_off over all that now follows it closely. */
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
