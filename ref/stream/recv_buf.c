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
    *b = (gn_recv_buf){
        .final_size = GN_RECV_SIZE_UNKNOWN,
        .head = GN_POOL_NONE,
        .tail = GN_POOL_NONE,
        .hint = GN_POOL_NONE,
    };
    gn_marks_init(&b->ahead);
}

static void
recv_buf_drop_chunks(gn_recv_buf *b, gn_slots chunks)
{
    gn_chunks_give_all(chunks, b->head);
    b->head = GN_POOL_NONE;
    b->tail = GN_POOL_NONE;
    b->hint = GN_POOL_NONE;
}

void
gn_recv_buf_wipe(gn_recv_buf *b, gn_slots chunks)
{
    recv_buf_drop_chunks(b, chunks);
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

/* The last chunk that begins at base_off or below; GN_POOL_NONE when all begin above. Tries the
 * tail first, where news is, then goes on from the chunk written last. */
static uint32_t
recv_buf_find(const gn_recv_buf *b, gn_slots chunks, uint64_t base_off)
{
    if (b->head == GN_POOL_NONE || gn_chunks_at(chunks, b->head)->base_off > base_off)
        return GN_POOL_NONE;
    if (gn_chunks_at(chunks, b->tail)->base_off <= base_off)
        return b->tail;

    uint32_t at = b->head;
    if (b->hint != GN_POOL_NONE && gn_chunks_at(chunks, b->hint)->base_off <= base_off)
        at = b->hint;
    for (;;) {
        const uint32_t next = gn_chunks_at(chunks, at)->next;

        if (next == GN_POOL_NONE || gn_chunks_at(chunks, next)->base_off > base_off)
            return at;
        at = next;
    }
}

/* How many of the chunks for [from, to), from < to, are not there yet. */
static uint64_t
recv_buf_missing(const gn_recv_buf *b, gn_slots chunks, uint64_t from, uint64_t to)
{
    const uint64_t first = gn_chunks_base(from);
    const uint64_t last = gn_chunks_base(to - 1);
    uint64_t missing = (last - first) / GN_CHUNK_BYTES + 1;
    uint32_t at = recv_buf_find(b, chunks, first);

    if (at == GN_POOL_NONE)
        at = b->head;
    for (; at != GN_POOL_NONE; at = gn_chunks_at(chunks, at)->next) {
        const uint64_t base_off = gn_chunks_at(chunks, at)->base_off;

        if (base_off > last)
            break;
        if (base_off >= first)
            missing--;
    }
    return missing;
}

gn_err
gn_recv_buf_fits(const gn_recv_buf *b, gn_slots chunks, uint64_t off, size_t len)
{
    const uint64_t to = off + len;
    const uint64_t from = off > b->have_off ? off : b->have_off;

    if (from >= to)
        return GN_OK;

    uint64_t needs = recv_buf_missing(b, chunks, from, to);
    if (from > b->have_off) {
        uint32_t takes;
        const gn_err err = gn_marks_fits(&b->ahead, chunks, from, to, &takes);

        if (err != GN_OK)
            return err;
        needs += needs + takes > 0 ? takes + GN_CHUNKS_SPARE : 0;
    }
    if (needs > gn_slots_left(chunks))
        return GN_ERR_FULL;
    return GN_OK;
}

/* The chunk for base_off, put into the chain if it is not there. One is left: fits said so. */
static gn_chunk *
recv_buf_chunk(gn_recv_buf *b, gn_slots chunks, uint64_t base_off)
{
    const uint32_t before = recv_buf_find(b, chunks, base_off);

    if (before != GN_POOL_NONE && gn_chunks_at(chunks, before)->base_off == base_off) {
        b->hint = before;
        return gn_chunks_at(chunks, before);
    }

    const uint32_t next = before == GN_POOL_NONE ? b->head : gn_chunks_at(chunks, before)->next;
    const uint32_t at = gn_chunks_take(chunks, base_off, next);
    GN_ASSERT(at != GN_POOL_NONE);
    if (before == GN_POOL_NONE)
        b->head = at;
    else
        gn_chunks_at(chunks, before)->next = at;
    if (next == GN_POOL_NONE)
        b->tail = at;
    b->hint = at;
    return gn_chunks_at(chunks, at);
}

/* Copies the bytes of [from, to) to where they belong; none of them has arrived before. */
static void
recv_buf_store(gn_recv_buf *b, gn_slots chunks, uint64_t from, uint64_t to, const uint8_t *bytes)
{
    while (from < to) {
        gn_chunk *chunk = recv_buf_chunk(b, chunks, gn_chunks_base(from));
        const size_t at = (size_t)(from - chunk->base_off);
        const size_t room = GN_CHUNK_BYTES - at;
        const size_t n = to - from < room ? (size_t)(to - from) : room;

        gn_bytes_copy(chunk->bytes + at, bytes, n);
        bytes += n;
        from += n;
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

    /* RFC 9000 2.2: a byte at an offset never changes, so those that are here may stay. */
    uint64_t at = from;
    gn_range hole;
    while (gn_marks_hole(&b->ahead, chunks, at, to, &hole)) {
        recv_buf_store(b, chunks, hole.from, hole.to, bytes + (hole.from - off));
        at = hole.to;
    }
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

    const gn_chunk *chunk = gn_chunks_at(chunks, b->head);
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
        recv_buf_drop_chunks(b, chunks);
        return;
    }
    while (b->head != GN_POOL_NONE &&
           gn_chunks_at(chunks, b->head)->base_off + GN_CHUNK_BYTES <= b->read_off) {
        if (b->hint == b->head)
            b->hint = GN_POOL_NONE;
        b->head = gn_chunks_give(chunks, b->head);
    }
    GN_ASSERT(b->head != GN_POOL_NONE);
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

    /* Chunks ascend, and each but the one read from last holds a byte that is wanted. */
    bool hint = b->hint == GN_POOL_NONE;
    uint32_t last = GN_POOL_NONE;
    for (uint32_t at = b->head; at != GN_POOL_NONE; at = gn_chunks_at(chunks, at)->next) {
        const uint64_t base_off = gn_chunks_at(chunks, at)->base_off;

        if (base_off % GN_CHUNK_BYTES != 0)
            return false;
        if (last != GN_POOL_NONE && gn_chunks_at(chunks, last)->base_off >= base_off)
            return false;
        if (base_off + GN_CHUNK_BYTES <= b->read_off)
            return false;
        if (gn_chunks_base(b->read_off) != base_off &&
            !recv_buf_uses(b, chunks, base_off, base_off + GN_CHUNK_BYTES))
            return false;
        if (at == b->hint)
            hint = true;
        last = at;
    }
    return hint && last == b->tail;
}
