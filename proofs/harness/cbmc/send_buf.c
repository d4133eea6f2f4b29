/*
 * send_buf.c: bytes of a stream are given, two pieces of any size go, and each of them is
 * acknowledged or lost, the first or the last one first, in a pool of any size. What goes into a
 * packet are the bytes of the stream; nothing goes again that was acknowledged; once all is, no
 * slot is left.
 */
enum { WINDOW = 4, LEN = 3, PIECES = 2 };

#include "proofs/harness/cbmc/chunks.h"

#include "stream/send_buf.h"

static gn_pool pool;
static gn_slots slots;
static gn_send_buf b;
static bool acked[WINDOW];
static uint32_t given;

/* The next piece goes into a packet. False when there is none. */
static bool
send_some(gn_send_piece *piece)
{
    uint8_t out[WINDOW];
    const size_t room = any_below(WINDOW + 1);

    if (!gn_send_buf_next(&b, slots, UINT64_MAX, room, piece)) {
        CHECK(room == 0 || !gn_send_buf_wants(&b, slots, UINT64_MAX));
        return false;
    }
    CHECK(piece->off >= bounded_start && piece->len <= room &&
          piece->off + piece->len <= bounded_start + given);
    CHECK(piece->len > 0 || piece->fin);
    gn_send_buf_copy(&b, slots, piece->off, piece->len, out);
    const uint32_t i = any_below(WINDOW);
    if (i < piece->len) {
        CHECK(out[i] == stream[piece->off - bounded_start + i]);
        CHECK(!acked[piece->off - bounded_start + i]);
    }
    gn_send_buf_on_sent(&b, slots, piece);
    return true;
}

/* The peer has it, or it is lost. */
static void
settle(const gn_send_piece *piece, bool lost)
{
    if (lost) {
        gn_send_buf_on_lost(&b, slots, piece->off, piece->len, piece->fin);
    } else {
        gn_send_buf_on_acked(&b, slots, piece->off, piece->len, piece->fin);
        for (uint32_t i = 0; i < WINDOW; i++)
            if (piece->off <= bounded_start + i && bounded_start + i < piece->off + piece->len)
                acked[i] = true;
    }
}

/* The bytes that are acknowledged from the start on. */
static uint32_t
acked_prefix(void)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < WINDOW; i++)
        n += n == i && acked[i];
    return n;
}

void
bounded_send_buf(void)
{
    gn_send_piece pieces[PIECES];
    uint32_t sent = 0;

    pool = any_chunks();
    slots = (gn_slots){.pool = &pool};
    gn_send_buf_init(&b);
    b.acked_off = b.next_off = b.end_off = bounded_start;
    given = (uint32_t)gn_send_buf_push(&b, slots, stream, any_below(WINDOW + 1), UINT64_MAX);
    gn_send_buf_fin(&b);

    while (sent < PIECES && send_some(&pieces[sent]))
        sent++;
    const bool backwards = nondet_bool();
    for (uint32_t i = 0; i < sent; i++)
        settle(&pieces[backwards ? sent - 1 - i : i], nondet_bool());
    CHECK(b.acked_off == bounded_start + acked_prefix());
    CHECK(gn_send_buf_check(&b, slots));

    if (gn_send_buf_all_acked(&b)) {
        CHECK(acked_prefix() == given && b.next_off == bounded_start + given);
        CHECK(pool.used == others);
        REACHED("all");
    }
    gn_send_piece again;
    if (sent == PIECES && send_some(&again) && !again.is_new)
        REACHED("again");
    gn_send_buf_wipe(&b, slots);
    CHECK(pool.used == others);
}
