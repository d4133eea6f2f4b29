/*
 * prop_send_buf.c: what a send buffer sends, put together by a receive buffer, is what was
 * written, whatever is lost, repeated or overtaken on the way; no byte is sent after it was
 * noted as acknowledged; and when the network heals everything arrives and every chunk comes back.
 *
 * The first byte chooses the number of chunks; every further pair is an operation.
 */
#include <string.h>

#include "prop.h"
#include "stream/recv_buf.h"
#include "stream/send_buf.h"
#include "tests/support/streams.h"

enum { FLIGHTS = 64, STREAM_MAX = 1 << 16, CAP = 12 * GN_CHUNK_BYTES, ID = 4 };

typedef struct flight {
    gn_send_piece piece;
    bool used;
    bool arrived;
    bool lost; /* was declared so; it may arrive all the same, and be acknowledged late */
} flight;

typedef struct pipe {
    gn_send_buf out;
    gn_recv_buf in;
    gn_slots out_chunks;
    gn_slots in_chunks;
    flight flight[FLIGHTS];
    uint64_t limit_off;
    bool acked[STREAM_MAX];
} pipe;

static gn_test_pools out_pools;
static gn_test_pools in_pools;
static pipe p;

static bool
send_one(size_t room)
{
    static uint8_t bytes[8192];
    gn_send_piece piece = {.len = 77};
    uint32_t at = 0;

    const bool wants = gn_send_buf_wants(&p.out, p.out_chunks, p.limit_off);
    while (at < FLIGHTS && p.flight[at].used && !p.flight[at].lost)
        at++;
    if (at == FLIGHTS)
        return true;
    if (!gn_send_buf_next(&p.out, p.out_chunks, p.limit_off, room, &piece))
        return piece.len == 77 && (!wants || room == 0);
    if (!wants || piece.len > room || (piece.len == 0 && !piece.fin))
        return false;
    if (piece.is_new ? piece.off != p.out.next_off : piece.off + piece.len > p.out.next_off)
        return false;
    if (piece.is_new && piece.len > 0 && piece.off + piece.len > p.limit_off)
        return false;
    for (uint64_t off = piece.off; off < piece.off + piece.len; off++)
        if (p.acked[off])
            return false;
    gn_send_buf_copy(&p.out, p.out_chunks, piece.off, piece.len, bytes);
    if (!gn_test_stream_equal(ID, piece.off, gn_span_of(bytes, piece.len)))
        return false;
    gn_send_buf_on_sent(&p.out, p.out_chunks, &piece);
    p.flight[at] = (flight){.piece = piece, .used = true};
    return true;
}

static bool
deliver(flight *f)
{
    const gn_span bytes = gn_test_stream_bytes(ID, f->piece.off, f->piece.len);
    const uint64_t end_off = f->piece.off + f->piece.len;
    gn_fault fault;

    if (!f->used)
        return true;
    if (gn_recv_buf_judge(&p.in, end_off, f->piece.fin, 8, &fault) != GN_OK)
        return false;
    const gn_err fits = gn_recv_buf_fits(&p.in, p.in_chunks, f->piece.off, f->piece.len);
    const gn_err err = gn_recv_buf_write(&p.in, p.in_chunks, f->piece.off, bytes.ptr, bytes.len);
    if (err != fits)
        return false;
    if (err != GN_OK)
        return err == GN_ERR_FULL;
    if (f->piece.fin)
        gn_recv_buf_set_final(&p.in, end_off);
    f->arrived = true;
    return true;
}

/* Of what was acknowledged, the bytes that the buffer had room to remember so. */
static void
note_acked(uint64_t from, uint64_t to)
{
    for (uint64_t off = from; off < to; off++) {
        gn_range hole;

        if (off < p.out.acked_off ||
            !gn_marks_hole(&p.out.acked, p.out_chunks, off, off + 1, &hole))
            p.acked[off] = true;
    }
}

/* Acknowledges what arrived, declares lost what may have; a lost one may still arrive before. */
static void
settle(flight *f, bool lost)
{
    if (!f->used || (lost ? f->lost : !f->arrived))
        return;
    if (lost) {
        gn_send_buf_on_lost(&p.out, p.out_chunks, f->piece.off, f->piece.len, f->piece.fin);
    } else {
        gn_send_buf_on_acked(&p.out, p.out_chunks, f->piece.off, f->piece.len, f->piece.fin);
        note_acked(f->piece.off, f->piece.off + f->piece.len);
    }
    f->lost = lost;
    f->used = lost;
}

static bool
consume(size_t most)
{
    gn_span bytes;

    if (!gn_recv_buf_peek(&p.in, p.in_chunks, &bytes))
        return gn_recv_buf_ready(&p.in) == 0;
    if (bytes.len == 0 || !gn_test_stream_equal(ID, p.in.read_off, bytes))
        return false;
    gn_recv_buf_consume(&p.in, p.in_chunks, bytes.len < most ? bytes.len : most);
    return true;
}

static bool
write_some(size_t len)
{
    const uint64_t held = gn_send_buf_held(&p.out);

    if ((p.out.fin & GN_SEND_FIN_SET) != 0 || p.out.end_off + len > STREAM_MAX)
        return true;
    const gn_span bytes = gn_test_stream_bytes(ID, p.out.end_off, len);
    const size_t done = gn_send_buf_push(&p.out, p.out_chunks, bytes.ptr, len, CAP);
    return done <= len && held + done <= CAP && gn_send_buf_held(&p.out) == held + done &&
           (done == len || held + done == CAP || gn_slots_left(p.out_chunks) <= GN_CHUNKS_SPARE);
}

static bool
step(uint8_t op, uint8_t arg)
{
    flight *f = &p.flight[arg % FLIGHTS];

    switch (op % 16) {
    case 0:
    case 1: return write_some((size_t)arg * 37);
    case 2:
    case 3:
    case 4: return send_one((size_t)arg * 12);
    case 5: return send_one(arg % 4);
    case 6:
    case 7:
    case 8: return deliver(f);
    case 9:
    case 10: settle(f, false); return true;
    case 11: settle(f, true); return true;
    case 12:
    case 13: return consume((size_t)arg * 20);
    case 14: p.limit_off += (uint64_t)arg * 16; return true;
    default:
        if (arg == 0 && (p.out.fin & GN_SEND_FIN_SET) == 0)
            gn_send_buf_fin(&p.out);
        return true;
    }
}

/* From here on nothing is lost: all that was written must arrive and be acknowledged. */
static bool
heal(void)
{
    if ((p.out.fin & GN_SEND_FIN_SET) == 0)
        gn_send_buf_fin(&p.out);
    p.limit_off = UINT64_MAX;
    for (uint32_t i = 0; i < FLIGHTS; i++)
        settle(&p.flight[i], true);
    for (uint32_t rounds = 0; rounds < 5000 && !gn_send_buf_all_acked(&p.out); rounds++) {
        if (!send_one(1200))
            return false;
        for (uint32_t i = 0; i < FLIGHTS; i++) {
            if (!deliver(&p.flight[i]))
                return false;
            settle(&p.flight[i], !p.flight[i].arrived);
        }
        while (gn_recv_buf_ready(&p.in) > 0)
            if (!consume(SIZE_MAX))
                return false;
    }
    return gn_send_buf_all_acked(&p.out) && gn_recv_buf_finished(&p.in) &&
           !gn_send_buf_wants(&p.out, p.out_chunks, p.limit_off) &&
           p.in.read_off == p.out.end_off && p.out_chunks.pool->used == 0 &&
           p.in_chunks.pool->used == 0;
}

bool
gn_prop_send_buf(const uint8_t *bytes, size_t len)
{
    if (len == 0)
        return true;
    gn_test_pools_init(&out_pools, GN_CHUNKS_SPARE + 1 + bytes[0] % 16, 0);
    gn_test_pools_init(&in_pools, GN_CHUNKS_SPARE + bytes[0] / 16, 0);
    memset(&p, 0, sizeof p);
    gn_send_buf_init(&p.out);
    gn_recv_buf_init(&p.in);
    p.out_chunks = gn_test_pools_chunks(&out_pools);
    p.in_chunks = gn_test_pools_chunks(&in_pools);
    p.limit_off = 2000;
    for (size_t i = 1; i + 1 < len; i += 2) {
        if (!step(bytes[i], bytes[i + 1]))
            return false;
        if (!gn_send_buf_check(&p.out, p.out_chunks) || !gn_recv_buf_check(&p.in, p.in_chunks))
            return false;
    }
    return heal();
}
