/*
 * conn_plan_streams.c: see conn_plan_streams.h.
 */
#include "conn/conn_plan_streams.h"

#include "base/assert.h"
#include "conn/conn_move.h"
#include "crypto/protect.h"

bool
gn_conn_plan_streams_wants_credit(const gn_conn *conn, const gn_env *env, const gn_plan_packet *p)
{
    const gn_stream_set *set = &conn->streams;
    const gn_slots chunks = env->pools.chunks;
    const uint64_t slots = gn_slots_left(env->pools.streams);

    (void)p;
    return gn_credit_in_wants(&set->total_in) ||
           gn_stream_ids_wants_grant(&set->ids, chunks, GN_STREAM_BIDI, slots) ||
           gn_stream_ids_wants_grant(&set->ids, chunks, GN_STREAM_UNI, slots);
}

/* Writes one limit that we raise. */
static void
plan_fill_limit(gn_credit_in *credit, uint64_t limit, uint64_t type, gn_item item, gn_builder *b)
{
    item.off = limit;
    const gn_frame frame = {.type = type, .as.credit = {.limit = item.off}};
    if (gn_builder_frame(b, &frame, &item, true) == GN_OK)
        gn_credit_in_on_sent(credit, item.off);
}

void
gn_conn_plan_streams_fill_credit(gn_conn *conn, const gn_env *env, const gn_plan_packet *p,
                                 gn_builder *b)
{
    gn_stream_set *set = &conn->streams;

    static const uint64_t types[GN_STREAM_KINDS] = {
        [GN_STREAM_BIDI] = GN_FRAME_MAX_STREAMS_BIDI, [GN_STREAM_UNI] = GN_FRAME_MAX_STREAMS_UNI};
    const gn_slots chunks = env->pools.chunks;
    const uint64_t slots = gn_slots_left(env->pools.streams);

    (void)p;
    if (gn_credit_in_wants(&set->total_in))
        plan_fill_limit(&set->total_in, gn_credit_in_next(&set->total_in), GN_FRAME_MAX_DATA,
                        (gn_item){.kind = GN_ITEM_MAX_DATA}, b);
    for (uint32_t kind = 0; kind < GN_STREAM_KINDS; kind++)
        if (gn_stream_ids_wants_grant(&set->ids, chunks, kind, slots))
            plan_fill_limit(&set->ids.granted[kind],
                            gn_stream_ids_grant(&set->ids, chunks, kind, slots), types[kind],
                            (gn_item){.kind = GN_ITEM_MAX_STREAMS, .id = kind}, b);
}

bool
gn_conn_plan_streams_lacks_slots(const gn_conn *conn, const gn_env *env)
{
    return gn_conn_is_open(conn) && gn_stream_ids_lacks_slots(&conn->streams.ids, env->pools.chunks,
                                                              gn_slots_left(env->pools.streams));
}

bool
gn_conn_plan_streams_wants_blocked(const gn_conn *conn, const gn_env *env, const gn_plan_packet *p)
{
    const gn_stream_set *set = &conn->streams;

    (void)env;
    (void)p;
    return gn_stream_set_wants_data_blocked(set) ||
           gn_stream_ids_wants_blocked(&set->ids, GN_STREAM_BIDI) ||
           gn_stream_ids_wants_blocked(&set->ids, GN_STREAM_UNI);
}

/* Says at which limit we are stuck. */
static void
plan_fill_stuck(gn_credit_out *credit, uint64_t type, gn_item item, gn_builder *b)
{
    item.off = credit->limit;
    const gn_frame frame = {.type = type, .as.credit = {.limit = item.off}};
    if (gn_builder_frame(b, &frame, &item, true) == GN_OK)
        gn_credit_out_on_blocked_sent(credit);
}

void
gn_conn_plan_streams_fill_blocked(gn_conn *conn, const gn_env *env, const gn_plan_packet *p,
                                  gn_builder *b)
{
    gn_stream_set *set = &conn->streams;

    (void)env;
    (void)p;
    if (gn_stream_set_wants_data_blocked(set))
        plan_fill_stuck(&set->total_out, GN_FRAME_DATA_BLOCKED,
                        (gn_item){.kind = GN_ITEM_DATA_BLOCKED}, b);
    if (gn_stream_ids_wants_blocked(&set->ids, GN_STREAM_BIDI))
        plan_fill_stuck(&set->ids.allowed[GN_STREAM_BIDI], GN_FRAME_STREAMS_BLOCKED_BIDI,
                        (gn_item){.kind = GN_ITEM_STREAMS_BLOCKED, .id = GN_STREAM_BIDI}, b);
    if (gn_stream_ids_wants_blocked(&set->ids, GN_STREAM_UNI))
        plan_fill_stuck(&set->ids.allowed[GN_STREAM_UNI], GN_FRAME_STREAMS_BLOCKED_UNI,
                        (gn_item){.kind = GN_ITEM_STREAMS_BLOCKED, .id = GN_STREAM_UNI}, b);
}

/* What a stream's new bytes take up in a packet; no less than room when its own credit cuts them
 * off, for then waiting adds nothing. */
static size_t
plan_fresh_bytes(const gn_stream *s, size_t room)
{
    const uint64_t len = s->out.end_off - s->out.next_off;

    if (s->out.end_off > s->credit_out.limit || len >= room)
        return room;
    return gn_frame_stream_overhead(s->id, s->out.next_off, (size_t)len, true) + (size_t)len;
}

gn_coalesce_amount
gn_conn_plan_streams_amount(const gn_conn *conn, const gn_env *env)
{
    /* A short header with the shortest packet number (RFC 9000 17.3.1). */
    enum { HEADER_LESS_CID = 1 + 1 };
    const gn_stream_set *set = &conn->streams;
    const size_t around =
        HEADER_LESS_CID + gn_conn_move_cid(conn, conn->paths.active)->len + GN_PROTECT_TAG_BYTES;
    const size_t room = conn->paths.at[conn->paths.active].datagram_bytes - around;
    size_t bytes = 0;

    if (!gn_stream_set_waits(set))
        return GN_COALESCE_NOTHING;
    if (!conn->handshake.confirmed || set->owed.head != GN_POOL_NONE ||
        gn_credit_out_left(&set->total_out) < room)
        return GN_COALESCE_ENOUGH;
    /* Each takes some of the room, so that this ends soon. */
    for (uint32_t lane = set->fresh.head; lane != GN_POOL_NONE && bytes < room;
         lane = gn_stream_set_at(env->pools, lane)->turn[GN_STREAM_TURN_FRESH].lane_next) {
        uint32_t at = lane;

        do {
            const gn_stream *s = gn_stream_set_at(env->pools, at);
            bytes += plan_fresh_bytes(s, room);
            at = s->turn[GN_STREAM_TURN_FRESH].next;
        } while (at != lane && bytes < room);
    }
    return bytes < room ? GN_COALESCE_LITTLE : GN_COALESCE_ENOUGH;
}

bool
gn_conn_plan_streams_wants(const gn_conn *conn, const gn_env *env, const gn_plan_packet *p)
{
    (void)env;
    (void)p;
    return gn_stream_set_wants(&conn->streams);
}

/* A control frame of one stream. */
static gn_err
plan_stream_control(gn_builder *b, const gn_stream_piece *piece)
{
    gn_frame frame = {0};
    gn_item item = {.id = piece->id, .off = piece->off};

    switch ((gn_stream_piece_kind)piece->kind) {
    case GN_STREAM_PIECE_RESET:
        frame.type = GN_FRAME_RESET_STREAM;
        frame.as.reset_stream = (gn_frame_reset_stream){
            .id = piece->id, .error_code = piece->code, .final_size = piece->off};
        item.kind = GN_ITEM_RESET_STREAM;
        break;
    case GN_STREAM_PIECE_STOP:
        frame.type = GN_FRAME_STOP_SENDING;
        frame.as.stop_sending = (gn_frame_stop_sending){.id = piece->id, .error_code = piece->code};
        item.kind = GN_ITEM_STOP_SENDING;
        break;
    default:
        GN_ASSERT(piece->kind == GN_STREAM_PIECE_MAX_DATA ||
                  piece->kind == GN_STREAM_PIECE_BLOCKED);
        frame.as.credit = (gn_frame_credit){.id = piece->id, .limit = piece->off};
        frame.type = piece->kind == GN_STREAM_PIECE_MAX_DATA ? GN_FRAME_MAX_STREAM_DATA
                                                             : GN_FRAME_STREAM_DATA_BLOCKED;
        item.kind = piece->kind == GN_STREAM_PIECE_MAX_DATA ? GN_ITEM_MAX_STREAM_DATA
                                                            : GN_ITEM_STREAM_DATA_BLOCKED;
        break;
    }
    return gn_builder_frame(b, &frame, &item, true);
}

/* The least data that is worth a header when more is waiting: no confetti at a packet's end. */
enum { PLAN_DATA_MIN = 32 };

static gn_err
plan_stream_data(gn_builder *b, gn_slots chunks, gn_stream *s, gn_stream_piece *piece)
{
    const size_t overhead = gn_frame_stream_overhead(piece->id, piece->off, piece->len, true);
    const size_t left = gn_builder_left(b);

    if (!gn_builder_can_note(b) || left < overhead)
        return GN_ERR_FULL;
    if (piece->len > left - overhead) {
        if (left - overhead < PLAN_DATA_MIN)
            return GN_ERR_FULL;
        gn_stream_piece_cut(piece, (uint32_t)(left - overhead));
    }
    const gn_err err =
        gn_frame_stream_write_header(&b->w, piece->id, piece->off, piece->len, true, piece->fin);
    GN_ASSERT(err == GN_OK);
    gn_send_buf_copy(&s->out, chunks, piece->off, piece->len, b->w.base + b->w.at);
    b->w.at += piece->len;
    gn_builder_note(b,
                    &(gn_item){.kind = GN_ITEM_STREAM,
                               .id = piece->id,
                               .off = piece->off,
                               .len = piece->len,
                               .fin = piece->fin},
                    true);
    return GN_OK;
}

void
gn_conn_plan_streams_fill(gn_conn *conn, const gn_env *env, const gn_plan_packet *p, gn_builder *b)
{
    gn_stream_set *set = &conn->streams;
    const gn_slots chunks = env->pools.chunks;
    uint32_t at;

    (void)p;
    while ((at = gn_stream_set_next(set, env->pools)) != GN_POOL_NONE) {
        gn_stream *s = gn_stream_set_at(env->pools, at);
        gn_stream_piece piece;
        if (!gn_stream_piece_next(s, chunks, gn_credit_out_left(&set->total_out),
                                  gn_builder_left(b), &piece))
            break;
        const gn_err err = piece.kind == GN_STREAM_PIECE_DATA
                               ? plan_stream_data(b, chunks, s, &piece)
                               : plan_stream_control(b, &piece);
        if (err != GN_OK)
            break;
        gn_stream_set_on_sent(set, env->pools, at, &piece);
    }
    if (at != GN_POOL_NONE && env->config->stream_fairness)
        gn_stream_set_rotate(set, env->pools, at);
}
