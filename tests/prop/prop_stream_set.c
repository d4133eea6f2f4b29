/*
 * prop_stream_set.c: two honest sets of streams, joined by a network that loses, repeats and
 * overtakes, never accuse each other, keep their invariants after every step, and deliver what was
 * written; when the network heals and both applications finish, no stream and no chunk is left.
 *
 * The first two bytes choose the pools and limits; every further three are an operation.
 */
#include <string.h>

#include "prop.h"
#include "stream/stream_app.h"
#include "stream/stream_frames.h"
#include "stream/stream_set.h"
#include "tests/support/streams.h"

enum { FLIGHTS = 48, CAP = 6 * GN_CHUNK_BYTES, SIDES = 2 };

typedef struct flight {
    gn_stream_piece piece;
    uint8_t from;
    bool used;
    bool arrived;
    bool lost; /* was declared so; it may arrive all the same, and be acknowledged late */
} flight;

typedef struct side {
    gn_stream_set set;
    gn_test_pools pools;
} side;

static side sides[SIDES];
static flight flights[FLIGHTS];

static gn_stream_pools
pools_of(int who)
{
    return gn_test_pools_both(&sides[who].pools);
}

/* The n-th stream of a set, in the order of its buckets. */
static uint32_t
pick(int who, uint32_t n)
{
    const gn_stream_set *set = &sides[who].set;

    if (set->count == 0)
        return GN_POOL_NONE;
    n %= set->count;
    for (uint32_t i = 0; i < GN_STREAM_BUCKETS; i++)
        for (uint32_t at = set->bucket[i]; at != GN_POOL_NONE;
             at = gn_stream_set_at(pools_of(who), at)->bucket_next)
            if (n-- == 0)
                return at;
    return GN_POOL_NONE;
}

static bool
send_piece(int who, size_t room, bool rotate)
{
    static uint8_t bytes[4096];
    gn_stream_set *set = &sides[who].set;
    const gn_stream_pools pools = pools_of(who);
    gn_stream_piece piece;
    uint32_t free_at = 0;

    while (free_at < FLIGHTS && flights[free_at].used && !flights[free_at].lost)
        free_at++;
    const uint32_t at = gn_stream_set_next(set, pools);
    if ((at == GN_POOL_NONE) == gn_stream_set_wants(set))
        return false;
    if (free_at == FLIGHTS || at == GN_POOL_NONE)
        return true;
    gn_stream *s = gn_stream_set_at(pools, at);
    if (!gn_stream_piece_next(s, pools.chunks, gn_credit_out_left(&set->total_out), sizeof bytes,
                              &piece))
        return false;
    if (piece.kind == GN_STREAM_PIECE_DATA && piece.len > room)
        gn_stream_piece_cut(&piece, (uint32_t)(room > 0 ? room : 1));
    if (piece.kind == GN_STREAM_PIECE_DATA) {
        gn_send_buf_copy(&s->out, pools.chunks, piece.off, piece.len, bytes);
        if (!gn_test_stream_equal(s->id * 2 + (uint64_t)who, piece.off,
                                  gn_span_of(bytes, piece.len)))
            return false;
    }
    gn_stream_set_on_sent(set, pools, at, &piece);
    if (rotate)
        gn_stream_set_rotate(set, pools, at);
    flights[free_at] = (flight){.piece = piece, .from = (uint8_t)who, .used = true};
    return true;
}

static gn_err
hear(int who, const gn_stream_piece *piece, gn_fault *fault)
{
    gn_stream_set *set = &sides[who].set;
    const gn_stream_pools pools = pools_of(who);
    const gn_frame_reset_stream reset = {
        .id = piece->id, .error_code = piece->code, .final_size = piece->off};
    const gn_frame_stop_sending stop = {.id = piece->id, .error_code = piece->code};
    const gn_frame_credit credit = {.id = piece->id, .limit = piece->off};
    const gn_frame_stream data = {
        .id = piece->id,
        .off = piece->off,
        .data = gn_test_stream_bytes(piece->id * 2 + (uint64_t)(1 - who), piece->off, piece->len),
        .fin = piece->fin,
    };

    switch ((gn_stream_piece_kind)piece->kind) {
    case GN_STREAM_PIECE_DATA: return gn_stream_frames_on_data(set, pools, &data, fault);
    case GN_STREAM_PIECE_RESET: return gn_stream_frames_on_reset(set, pools, &reset, fault);
    case GN_STREAM_PIECE_STOP: return gn_stream_frames_on_stop_sending(set, pools, &stop, fault);
    case GN_STREAM_PIECE_MAX_DATA:
        return gn_stream_frames_on_max_stream_data(set, pools, &credit, fault);
    default: return gn_stream_frames_on_stream_data_blocked(set, pools, &credit, fault);
    }
}

static bool
deliver(flight *f)
{
    gn_fault fault;

    if (!f->used)
        return true;
    const gn_err err = hear(1 - f->from, &f->piece, &fault);
    f->arrived = f->arrived || err == GN_OK;
    return err == GN_OK || err == GN_ERR_FULL;
}

static void
settle(flight *f, bool lost)
{
    if (!f->used || (lost ? f->lost : !f->arrived))
        return;
    if (lost)
        gn_stream_set_on_lost(&sides[f->from].set, pools_of(f->from), &f->piece);
    else
        gn_stream_set_on_acked(&sides[f->from].set, pools_of(f->from), &f->piece);
    f->lost = lost;
    f->used = lost;
}

static bool
write_some(int who, uint32_t n, size_t len, bool fin)
{
    const uint32_t at = pick(who, n);
    size_t accepted = 0;

    if (at == GN_POOL_NONE)
        return true;
    const gn_stream *s = gn_stream_set_at(pools_of(who), at);
    const gn_span bytes = gn_test_stream_bytes(s->id * 2 + (uint64_t)who, s->out.end_off, len);
    const gn_err err =
        gn_stream_app_write(&sides[who].set, pools_of(who), s->id, bytes, fin, CAP, &accepted);
    return err == GN_OK || err == GN_ERR_STATE || err == GN_ERR_FULL;
}

/* The application of one side takes all news of its first readable stream. */
static bool
read_one(int who, size_t most)
{
    gn_stream_set *set = &sides[who].set;
    const gn_stream_pools pools = pools_of(who);
    const uint32_t at = gn_stream_app_readable(set);
    uint64_t off;
    gn_span bytes;
    bool fin;

    if (at == GN_POOL_NONE)
        return true;
    const gn_stream *s = gn_stream_set_at(pools, at);
    if (s->events != 0)
        return gn_stream_app_take(set, pools, at, s->events & (uint8_t)-s->events);
    if (!gn_stream_peek(s, pools.chunks, &off, &bytes, &fin))
        return false;
    if (!gn_test_stream_equal(s->id * 2 + (uint64_t)(1 - who), off, bytes))
        return false;
    gn_stream_app_consume(set, pools, at, bytes.len < most ? bytes.len : most);
    return true;
}

/* The frames of the connection as a whole, which always arrive here. */
static void
exchange_totals(int who)
{
    gn_stream_set *set = &sides[who].set;
    gn_stream_set *peer = &sides[1 - who].set;

    if (gn_credit_in_wants(&set->total_in)) {
        const uint64_t limit = gn_credit_in_next(&set->total_in);
        gn_credit_in_on_sent(&set->total_in, limit);
        (void)gn_stream_frames_on_max_data(peer, limit);
    }
    for (uint32_t kind = 0; kind < GN_STREAM_KINDS; kind++) {
        gn_credit_in *granted = &set->ids.granted[kind];
        if (gn_credit_in_wants(granted)) {
            const uint64_t limit = gn_credit_in_next(granted);
            gn_credit_in_on_sent(granted, limit);
            (void)gn_stream_frames_on_max_streams(peer, kind, limit);
        }
    }
}

static bool
open_one(int who, uint8_t arg)
{
    gn_stream_set *set = &sides[who].set;
    uint64_t id = (uint64_t)arg / 8 * 4 + (arg % 2 ? 2 : 0) + (uint64_t)who;
    const gn_err err = arg % 4 < 3 ? gn_stream_app_open(set, pools_of(who), arg % 2, &id)
                                   : gn_stream_app_open_id(set, pools_of(who), id);

    return err == GN_OK ? gn_stream_set_find(set, pools_of(who), id) != GN_POOL_NONE
                        : err == GN_ERR_NONE || err == GN_ERR_FULL || err == GN_ERR_STATE;
}

/* The application's rarer wishes for one of its streams. */
static bool
wish(int who, uint8_t op, uint8_t arg)
{
    const uint32_t at = pick(who, arg);

    if (at == GN_POOL_NONE)
        return true;
    const uint64_t id = gn_stream_set_at(pools_of(who), at)->id;
    gn_err err;
    switch (op % 8) {
    case 0: err = gn_stream_app_reset(&sides[who].set, pools_of(who), id, arg); break;
    case 1: err = gn_stream_app_stop(&sides[who].set, pools_of(who), id, arg); break;
    default:
        err = gn_stream_app_prioritise(&sides[who].set, pools_of(who), id, (int32_t)(op % 3));
        break;
    }
    return err == GN_OK || err == GN_ERR_STATE;
}

static bool
step(uint8_t op, uint8_t arg, uint8_t more)
{
    const int who = op % 2;
    flight *f = &flights[arg % FLIGHTS];

    switch (op / 2 % 16) {
    case 0: return open_one(who, arg);
    case 1:
    case 2: return write_some(who, arg, (size_t)more * 17, more % 8 == 0);
    case 3:
    case 4:
    case 5:
    case 6: return send_piece(who, (size_t)more * 6, arg % 2 == 0);
    case 7:
    case 8:
    case 9: return deliver(f);
    case 10:
    case 11: settle(f, false); return true;
    case 12: settle(f, true); return true;
    case 13: return read_one(who, (size_t)more * 12);
    case 14: exchange_totals(who); return true;
    default: return wish(who, more, arg);
    }
}

static bool
sound(void)
{
    return gn_stream_set_check(&sides[0].set, pools_of(0)) &&
           gn_stream_set_check(&sides[1].set, pools_of(1));
}

/* Nothing is lost any more, both applications read all, and end what they send. */
static bool
heal(void)
{
    for (uint32_t i = 0; i < FLIGHTS; i++)
        settle(&flights[i], true);
    for (uint32_t round = 0; round < 4000; round++) {
        if (sides[0].set.count + sides[1].set.count == 0)
            break;
        for (int who = 0; who < SIDES; who++) {
            if (!write_some(who, round, 0, true) || !send_piece(who, 1200, true))
                return false;
            while (gn_stream_app_readable(&sides[who].set) != GN_POOL_NONE)
                if (!read_one(who, SIZE_MAX))
                    return false;
            exchange_totals(who);
        }
        for (uint32_t i = 0; i < FLIGHTS; i++) {
            if (!deliver(&flights[i]))
                return false;
            settle(&flights[i], flights[i].used && !flights[i].arrived);
        }
    }
    return sound() && sides[0].set.count + sides[1].set.count == 0;
}

bool
gn_prop_stream_set(const uint8_t *bytes, size_t len)
{
    if (len < 2)
        return true;
    const gn_stream_limits limits = {
        .max_data = 3000 + bytes[0] * 100u,
        .max_bidi_local = 1000 + bytes[1] * 30u,
        .max_bidi_remote = 900 + bytes[1] * 20u,
        .max_uni = 500 + bytes[0] * 20u,
        .streams_bidi = 1 + bytes[0] % 8,
        .streams_uni = 1 + bytes[1] % 8,
    };

    memset(flights, 0, sizeof flights);
    for (int who = 0; who < SIDES; who++) {
        gn_test_pools_init(&sides[who].pools, 24 + bytes[1] % 64, 32);
        gn_stream_set_init(&sides[who].set, who == 1, &limits);
        gn_stream_set_on_limits(&sides[who].set, pools_of(who), &limits);
        if (bytes[who] % 4 == 1)
            gn_stream_set_unorder(&sides[who].set);
    }
    for (size_t i = 2; i + 2 < len; i += 3)
        if (!step(bytes[i], bytes[i + 1], bytes[i + 2]) || !sound())
            return false;
    if (!heal())
        return false;
    for (int who = 0; who < SIDES; who++) {
        gn_stream_set_wipe(&sides[who].set, pools_of(who));
        if (sides[who].pools.chunk_pool.used != 0 || sides[who].pools.stream_pool.used != 0)
            return false;
    }
    return true;
}
