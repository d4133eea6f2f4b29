/*
 * recv_buf.c: pieces of a stream arrive in any order, overlap, come again, or find no room, and
 * are read in between, in a pool of any size. What is read are the bytes of the stream, one by one
 * from where it begins, and as far as there is no gap.
 */
enum { WINDOW = 3, LEN = 2, WRITES = 2 };

#include "proofs/harness/cbmc/chunks.h"

#include "stream/recv_buf.h"

static gn_pool pool;
static gn_slots slots;
static gn_recv_buf b;
static bool came[WINDOW];

/* How many bytes arrived without a gap. */
static uint32_t
in_order(void)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < WINDOW; i++)
        n += n == i && came[i];
    return n;
}

static void
write_some(void)
{
    const uint32_t at = any_below(WINDOW);
    const uint32_t len = any_below(LEN + 1);
    ASSUME(at + len <= WINDOW);

    const gn_err fits = gn_recv_buf_fits(&b, slots, bounded_start + at, len);
    const gn_err err = gn_recv_buf_write(&b, slots, bounded_start + at, stream + at, len);
    CHECK(err == fits && (err == GN_OK || err == GN_ERR_FULL));
    if (err == GN_OK) {
        for (uint32_t i = 0; i < WINDOW; i++)
            came[i] = came[i] || (at <= i && i < at + len);
        CHECK(len == 0 || b.high_off >= bounded_start + at + len);
    } else {
        REACHED("full");
    }
    CHECK(b.have_off == bounded_start + in_order());
    CHECK(gn_recv_buf_check(&b, slots));
}

static void
read_some(void)
{
    const uint64_t from = b.read_off;
    gn_span out;

    CHECK(gn_recv_buf_ready(&b) == b.have_off - from);
    if (!gn_recv_buf_peek(&b, slots, &out)) {
        CHECK(from == b.have_off);
        return;
    }
    CHECK(out.len > 0 && out.len <= b.have_off - from);
    const uint32_t j = any_below(WINDOW);
    if (j < out.len)
        CHECK(out.ptr[j] == stream[from - bounded_start + j]);
    const uint32_t n = any_below(WINDOW + 1);
    ASSUME(n <= b.have_off - from);
    gn_recv_buf_consume(&b, slots, n);
    CHECK(b.read_off == from + n && b.have_off == bounded_start + in_order());
    CHECK(gn_recv_buf_check(&b, slots));
}

void
bounded_recv_buf(void)
{
    pool = any_chunks();
    slots = (gn_slots){.pool = &pool};
    gn_recv_buf_init(&b);
    b.read_off = b.have_off = b.high_off = bounded_start;
    for (uint32_t i = 0; i < WRITES; i++) {
        write_some();
        read_some();
    }
    if (b.have_off == bounded_start + WINDOW && b.read_off > bounded_start)
        REACHED("all");
    gn_recv_buf_wipe(&b, slots);
    CHECK(pool.used == others);
}
