/*
 * send_buf.c: see send_buf.h.
 */
#include "stream/send_buf.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "base/chunks.h"
#include "base/limits.h"

void
gn_send_buf_init(gn_send_buf *b)
{
    b->acked_off = 0;
    b->next_off = 0;
    b->end_off = 0;
    b->fin = 0;
    b->reserved[0] = b->reserved[1] = b->reserved[2] = 0;
    gn_chain_init(&b->chain);
    gn_marks_init(&b->acked);
    gn_marks_init(&b->lost);
}

void
gn_send_buf_wipe(gn_send_buf *b, gn_slots chunks)
{
    gn_chain_drop_all(&b->chain, chunks);
    gn_marks_wipe(&b->acked, chunks);
    gn_marks_wipe(&b->lost, chunks);
    b->acked_off = b->next_off;
    b->end_off = b->next_off;
    b->fin = 0;
}

/* A chunk behind the last one, for the bytes from end_off on. */
static bool
send_buf_grow(gn_send_buf *b, gn_slots chunks)
{
    if (gn_owned_left(chunks) <= GN_CHUNKS_SPARE)
        return false;

    const uint32_t at = gn_chain_put(&b->chain, chunks, gn_chunks_base(b->end_off));
    if (b->chain.hint == GN_POOL_NONE)
        gn_chain_point(&b->chain, chunks, at);
    return true;
}

size_t
gn_send_buf_push(gn_send_buf *b, gn_slots chunks, const uint8_t *bytes, size_t len,
                 uint64_t cap_bytes)
{
    GN_ASSERT((b->fin & GN_SEND_FIN_SET) == 0);

    const uint64_t held = gn_send_buf_held(b);
    const uint64_t room = held < cap_bytes ? cap_bytes - held : 0;
    const size_t want = len < room ? len : (size_t)room;
    size_t done = 0;
    while (done < want) {
        const size_t at = (size_t)(b->end_off % GN_CHUNK_BYTES);

        if ((at == 0 || b->chain.tail == GN_POOL_NONE) && !send_buf_grow(b, chunks))
            break;
        const size_t n = want - done < GN_CHUNK_BYTES - at ? want - done : GN_CHUNK_BYTES - at;
        gn_bytes_copy(gn_owned_chunk(chunks, b->chain.tail)->bytes + at, bytes + done, n);
        b->end_off += n;
        done += n;
    }
    return done;
}

void
gn_send_buf_fin(gn_send_buf *b)
{
    GN_ASSERT((b->fin & GN_SEND_FIN_SET) == 0);
    b->fin = GN_SEND_FIN_SET;
}

uint64_t
gn_send_buf_held(const gn_send_buf *b)
{
    return b->end_off - b->acked_off;
}

/* The first lost bytes. A range that was stretched for want of room may hold acknowledged bytes:
 * those are stepped over here, so nothing acknowledged is ever sent again. */
static bool
send_buf_first_lost(const gn_send_buf *b, gn_slots chunks, gn_range *out)
{
    uint64_t off = b->acked_off;
    gn_range lost;

    if (gn_marks_empty(&b->lost))
        return false;
    while (gn_marks_find(&b->lost, chunks, off, &lost)) {
        if (lost.from > off)
            off = lost.from;
        if (gn_marks_hole(&b->acked, chunks, off, lost.to, out))
            return true;
        off = lost.to;
    }
    return false;
}

/* Is the FIN due on its own, every byte having been sent at least once? */
/*@
  requires \valid_read(b);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result ==> (b->fin & GN_SEND_FIN_SET) != 0 && b->next_off >= b->end_off;
*/
static bool
send_buf_fin_due(const gn_send_buf *b)
{
    if ((b->fin & GN_SEND_FIN_SET) == 0 || b->next_off < b->end_off)
        return false;
    return (b->fin & GN_SEND_FIN_SENT) == 0 || (b->fin & GN_SEND_FIN_LOST) != 0;
}

bool
gn_send_buf_wants_again(const gn_send_buf *b, gn_slots chunks)
{
    gn_range lost;

    return send_buf_fin_due(b) || send_buf_first_lost(b, chunks, &lost);
}

bool
gn_send_buf_wants(const gn_send_buf *b, gn_slots chunks, uint64_t limit_off)
{
    return (b->next_off < b->end_off && b->next_off < limit_off) ||
           gn_send_buf_wants_again(b, chunks);
}

bool
gn_send_buf_blocked(const gn_send_buf *b, uint64_t limit_off)
{
    return b->next_off < b->end_off && b->next_off >= limit_off;
}

/* As much of the range as room and the field allow, with the FIN where it ends at the end. */
/*@
  requires \valid_read(b) && \valid(out) && \separated(out, b);
  requires b->acked_off <= range.from <= range.to <= b->end_off;
  terminates \true; exits \false;
  assigns *out;
  ensures off: out->off == range.from && out->len <= range.to - range.from && out->len <= room;
  ensures some: range.from < range.to && room > 0 ==> out->len > 0;
  ensures new: out->is_new == is_new;
  ensures fin: out->fin != 0 <==> (b->fin & GN_SEND_FIN_SET) != 0 &&
    (b->fin & GN_SEND_FIN_ACKED) == 0 && range.from + out->len == b->end_off;
*/
static void
send_buf_piece(const gn_send_buf *b, gn_range range, size_t room, bool is_new, gn_send_piece *out)
{
    uint64_t len = range.to - range.from;

    if (len > room)
        len = room;
    if (len > UINT32_MAX)
        len = UINT32_MAX;
    const bool ends = (b->fin & GN_SEND_FIN_SET) != 0 && (b->fin & GN_SEND_FIN_ACKED) == 0 &&
                      range.from + len == b->end_off;
    *out = (gn_send_piece){.off = range.from, .len = (uint32_t)len, .fin = ends, .is_new = is_new};
}

bool
gn_send_buf_next(const gn_send_buf *b, gn_slots chunks, uint64_t limit_off, size_t room,
                 gn_send_piece *out)
{
    gn_range lost;

    /* RFC 9000 13.3: what was lost goes before what is new. */
    if (send_buf_first_lost(b, chunks, &lost)) {
        if (room == 0)
            return false;
        send_buf_piece(b, lost, room, false, out);
        return true;
    }
    if (send_buf_fin_due(b)) {
        send_buf_piece(b, (gn_range){.from = b->end_off, .to = b->end_off}, 0,
                       (b->fin & GN_SEND_FIN_SENT) == 0, out);
        return true;
    }

    const gn_range fresh = {
        .from = b->next_off,
        .to = b->end_off < limit_off ? b->end_off : limit_off,
    };
    if (fresh.from >= fresh.to || room == 0)
        return false;
    send_buf_piece(b, fresh, room, true, out);
    return true;
}

void
gn_send_buf_copy(gn_send_buf *b, gn_slots chunks, uint64_t off, size_t len, uint8_t *out)
{
    GN_ASSERT(b->acked_off <= off && off <= b->end_off && len <= b->end_off - off);
    /* New bytes lie at the hint or just behind; others are looked for from the head.
     * [R-9000-2.2-2] */
    const bool is_new = off == b->next_off;
    size_t done = 0;
    while (done < len) {
        const size_t from = (size_t)((off + done) % GN_CHUNK_BYTES);
        const size_t left = GN_CHUNK_BYTES - from;
        const size_t n = len - done < left ? len - done : left;
        const uint32_t at = gn_chain_find(&b->chain, chunks, off + done - from);

        gn_bytes_copy(out + done, gn_owned_chunk(chunks, at)->bytes + from, n);
        done += n;
        if (is_new)
            gn_chain_point(&b->chain, chunks, at);
    }
}

void
gn_send_buf_on_sent(gn_send_buf *b, gn_slots chunks, const gn_send_piece *piece)
{
    if (piece->is_new) {
        GN_ASSERT(piece->off == b->next_off && piece->len <= b->end_off - b->next_off);
        b->next_off += piece->len;
    } else {
        GN_ASSERT(piece->off + piece->len <= b->next_off);
        gn_marks_cut_below(&b->lost, chunks, piece->off + piece->len);
    }
    if (piece->fin) {
        GN_ASSERT((b->fin & GN_SEND_FIN_SET) != 0 && piece->off + piece->len == b->end_off);
        b->fin = (uint8_t)((b->fin | GN_SEND_FIN_SENT) & ~GN_SEND_FIN_LOST);
    }
}

/* Gives back the chunks that lie wholly below acked_off, and the last one once nothing is held. */
static void
send_buf_free_prefix(gn_send_buf *b, gn_slots chunks)
{
    if (b->acked_off == b->end_off) {
        gn_chain_drop_all(&b->chain, chunks);
        return;
    }
    gn_chain_drop_below(&b->chain, chunks, b->acked_off);
}

/* The prefix ends at acked_off, unless what was acknowledged above it begins there. */
static void
send_buf_settle(gn_send_buf *b, gn_slots chunks)
{
    gn_range next;

    if (gn_marks_find(&b->acked, chunks, b->acked_off, &next) && next.from <= b->acked_off)
        b->acked_off = next.to;
    gn_marks_cut_below(&b->acked, chunks, b->acked_off);
    gn_marks_cut_below(&b->lost, chunks, b->acked_off);
    send_buf_free_prefix(b, chunks);
}

void
gn_send_buf_on_acked(gn_send_buf *b, gn_slots chunks, uint64_t off, uint64_t len, bool fin)
{
    GN_ASSERT(off <= b->next_off && len <= b->next_off - off);

    const uint64_t from = off > b->acked_off ? off : b->acked_off;
    const uint64_t to = off + len;
    if (from < to && from == b->acked_off) {
        b->acked_off = to;
        send_buf_settle(b, chunks);
    } else if (from < to) {
        if (gn_marks_add(&b->acked, chunks, from, to) != GN_OK) {
            /* Nowhere to note it: the bytes go once more, so that it is said once more. */
            gn_marks_add_wide(&b->lost, chunks, from, to);
        } else if (gn_marks_cut(&b->lost, chunks, from, to) != GN_OK) {
            /* They stay among the lost, where send_buf_first_lost steps over them. */
            GN_ASSERT(!gn_marks_empty(&b->lost));
        }
    }
    if (fin) {
        GN_ASSERT((b->fin & GN_SEND_FIN_SENT) != 0);
        b->fin = (uint8_t)((b->fin | GN_SEND_FIN_ACKED) & ~GN_SEND_FIN_LOST);
    }
}

void
gn_send_buf_on_lost(gn_send_buf *b, gn_slots chunks, uint64_t off, uint64_t len, bool fin)
{
    GN_ASSERT(off <= b->next_off && len <= b->next_off - off);

    const uint64_t to = off + len;
    uint64_t from = off > b->acked_off ? off : b->acked_off;
    gn_range hole;
    while (gn_marks_hole(&b->acked, chunks, from, to, &hole)) {
        gn_marks_add_wide(&b->lost, chunks, hole.from, hole.to);
        from = hole.to;
    }
    if (fin && (b->fin & GN_SEND_FIN_ACKED) == 0) {
        GN_ASSERT((b->fin & GN_SEND_FIN_SENT) != 0);
        b->fin |= GN_SEND_FIN_LOST;
    }
}

void
gn_send_buf_restart(gn_send_buf *b, gn_slots chunks)
{
    GN_ASSERT(b->acked_off == 0 && gn_marks_empty(&b->acked));
    gn_marks_wipe(&b->lost, chunks);
    b->next_off = 0;
    if (b->chain.head != GN_POOL_NONE)
        gn_chain_point(&b->chain, chunks, b->chain.head);
    b->fin &= GN_SEND_FIN_SET;
}

bool
gn_send_buf_all_acked(const gn_send_buf *b)
{
    return (b->fin & GN_SEND_FIN_ACKED) != 0 && b->acked_off == b->end_off;
}

/* Chunks, one behind the other, hold [acked_off, end_off); the hint is not beyond next_off. */
static bool
send_buf_check_chain(const gn_send_buf *b, gn_slots chunks)
{
    const gn_chain *c = &b->chain;

    if (!gn_chain_check(c, chunks))
        return false;
    if (b->acked_off == b->end_off)
        return c->head == GN_POOL_NONE;
    if (c->head == GN_POOL_NONE ||
        gn_owned_chunk(chunks, c->head)->base_off != gn_chunks_base(b->acked_off) ||
        gn_owned_chunk(chunks, c->tail)->base_off != gn_chunks_base(b->end_off - 1))
        return false;
    if (c->hint != GN_POOL_NONE && gn_owned_chunk(chunks, c->hint)->base_off > b->next_off)
        return false;
    return gn_chain_missing(c, chunks, b->acked_off / GN_CHUNK_BYTES,
                            (b->end_off - 1) / GN_CHUNK_BYTES) == 0;
}

bool
gn_send_buf_check(const gn_send_buf *b, gn_slots chunks)
{
    gn_range above;

    if (b->acked_off > b->next_off || b->next_off > b->end_off)
        return false;
    if (!gn_marks_check(&b->acked, chunks) || !gn_marks_check(&b->lost, chunks))
        return false;
    if (gn_marks_find(&b->acked, chunks, b->next_off, &above) ||
        gn_marks_find(&b->lost, chunks, b->next_off, &above))
        return false;
    if (gn_marks_find(&b->acked, chunks, 0, &above) && above.from <= b->acked_off)
        return false;
    if (gn_marks_find(&b->lost, chunks, 0, &above) && above.from < b->acked_off)
        return false;
    if ((b->fin & GN_SEND_FIN_SENT) != 0 && b->next_off != b->end_off)
        return false;
    if ((b->fin & ~GN_SEND_FIN_SET) != 0 && (b->fin & GN_SEND_FIN_SET) == 0)
        return false;
    return send_buf_check_chain(b, chunks);
}
