/*
 * recv_gaps.c: see recv_gaps.h.
 */
#include "stream/recv_gaps.h"

#include "base/assert.h"
#include "base/chunks.h"
#include "base/limits.h"

/* What came in one piece from the first byte on ends here. */
static uint64_t
recv_gaps_prefix(const gn_marks *came, gn_slots chunks)
{
    gn_range first;

    return gn_marks_find(came, chunks, 0, &first) && first.from == 0 ? first.to : 0;
}

/* Is there room for bytes that never came, and for noting that they did? */
static gn_err
recv_gaps_fits(const gn_recv_buf *b, const gn_marks *came, gn_slots chunks, gn_range hole)
{
    const uint64_t len = hole.to - hole.from;
    uint32_t takes;
    const gn_err err = gn_marks_fits(came, chunks, hole.from, hole.to, &takes);

    if (err != GN_OK)
        return err;
    /* The chunks of these bytes, at most one for the set of the buffer and one for this one. */
    if (takes > 0 && gn_owned_left(chunks) < GN_CHUNKS_SPARE + 2 + len / GN_CHUNK_BYTES + 2)
        return GN_ERR_FULL;
    return gn_recv_buf_fits(b, chunks, hole.from, (size_t)len);
}

gn_err
gn_recv_gaps_write(gn_recv_buf *b, gn_marks *came, gn_slots chunks, uint64_t off,
                   const uint8_t *bytes, size_t len)
{
    const uint64_t to = off + len;
    gn_range hole;

    GN_ASSERT(off <= to && to <= b->final_size);
    for (uint64_t at = off; gn_marks_hole(came, chunks, at, to, &hole); at = hole.to) {
        gn_err err = recv_gaps_fits(b, came, chunks, hole);

        if (err != GN_OK)
            return err;
        err = gn_recv_buf_write(b, chunks, hole.from, bytes + (hole.from - off),
                                (size_t)(hole.to - hole.from));
        GN_ASSERT(err == GN_OK);
        err = gn_marks_add(came, chunks, hole.from, hole.to);
        GN_ASSERT(err == GN_OK);
    }
    return GN_OK;
}

bool
gn_recv_gaps_any(const gn_recv_buf *b)
{
    return gn_recv_buf_ready(b) > 0 || !gn_marks_empty(&b->ahead);
}

bool
gn_recv_gaps_peek(const gn_recv_buf *b, gn_slots chunks, uint64_t *off, gn_span *out)
{
    gn_range next;

    if (gn_recv_buf_peek(b, chunks, out)) {
        *off = b->read_off;
        return true;
    }
    if (!gn_marks_find(&b->ahead, chunks, 0, &next))
        return false;

    const uint32_t slot = gn_chain_find(&b->chain, chunks, gn_chunks_base(next.from));
    GN_ASSERT(slot != GN_POOL_NONE);
    const gn_chunk *chunk = gn_owned_chunk(chunks, slot);
    const size_t at = (size_t)(next.from - chunk->base_off);
    GN_ASSERT(at < GN_CHUNK_BYTES);
    const size_t here = GN_CHUNK_BYTES - at;
    const uint64_t len = next.to - next.from;
    *off = next.from;
    *out = gn_span_of(chunk->bytes + at, len < here ? (size_t)len : here);
    return true;
}

/* The first n bytes beyond the gap were delivered, and all before it. */
static void
recv_gaps_forget(gn_recv_buf *b, gn_slots chunks, uint64_t n)
{
    gn_range next;
    const bool some = gn_marks_find(&b->ahead, chunks, 0, &next);

    GN_ASSERT(some && n <= next.to - next.from);
    gn_marks_cut_below(&b->ahead, chunks, next.from + n);
    if (gn_marks_find(&b->ahead, chunks, 0, &next))
        gn_chain_drop_below(&b->chain, chunks, next.from);
    else
        gn_chain_drop_all(&b->chain, chunks);
}

void
gn_recv_gaps_consume(gn_recv_buf *b, const gn_marks *came, gn_slots chunks, uint64_t n)
{
    if (gn_recv_buf_ready(b) > 0)
        gn_recv_buf_consume(b, chunks, n);
    else if (n > 0)
        recv_gaps_forget(b, chunks, n);
    if (gn_recv_gaps_any(b))
        return;

    /* Nothing is kept, so the buffer may begin behind what was delivered beyond the gap. */
    const uint64_t to = recv_gaps_prefix(came, chunks);
    if (to > b->have_off) {
        b->read_off = to;
        b->have_off = to;
    }
}

bool
gn_recv_gaps_complete(const gn_recv_buf *b, const gn_marks *came, gn_slots chunks)
{
    return recv_gaps_prefix(came, chunks) == b->final_size;
}

bool
gn_recv_gaps_check(const gn_recv_buf *b, const gn_marks *came, gn_slots chunks)
{
    const uint64_t prefix = recv_gaps_prefix(came, chunks);
    gn_range hole;
    gn_range next;

    if (!gn_marks_check(came, chunks) || b->have_off > prefix)
        return false;
    if (gn_marks_find(came, chunks, b->high_off, &next))
        return false;
    for (uint64_t at = 0; gn_marks_find(&b->ahead, chunks, at, &next); at = next.to)
        if (gn_marks_hole(came, chunks, next.from, next.to, &hole))
            return false;
    /* Behind a gap that was filled the buffer begins anew once it is empty. */
    return gn_recv_gaps_any(b) || b->have_off == prefix;
}
