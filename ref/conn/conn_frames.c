/*
 * conn_frames.c: see conn_frames.h.
 */
#include "conn/conn_frames.h"

#include <string.h>

#include "base/assert.h"
#include "base/reader.h"
#include "conn/conn_delivery.h"
#include "conn/conn_handshake.h"
#include "conn/conn_life.h"
#include "conn/conn_move.h"
#include "conn/observer.h"
#include "stream/stream_frames.h"
#include "wire/frame.h"
#include "wire/frame_rules.h"

/* [R-9000-5.2-1] */
gn_err
gn_conn_frames_judge(const gn_conn *conn, gn_span payload, gn_packet_kind kind,
                     gn_conn_judgement *out, gn_fault *fault)
{
    gn_reader r = gn_reader_over(payload.ptr, payload.len);
    gn_conn_judgement seen = {.probing = true};
    gn_frame frame;

    /* [R-9000-12.4-2] */
    if (payload.len == 0)
        return gn_fault_set(fault, GN_FAULT_PROTOCOL_VIOLATION, 0,
                            "RFC 9000 12.4: a packet without a frame");
    while (gn_reader_left(&r) > 0) {
        gn_err err = gn_frame_read(&r, &frame, fault);
        if (err == GN_OK)
            err = gn_frame_rules_check(frame.type, kind, !conn->is_server, fault);
        if (err != GN_OK)
            return err;
        const gn_frame_rule *rule = gn_frame_rules_of(frame.type);
        GN_ASSERT(rule != NULL);
        seen.eliciting |= rule->ack_eliciting;
        seen.probing &= rule->probing;
        seen.handshake |= frame.type == GN_FRAME_CRYPTO || frame.type == GN_FRAME_HANDSHAKE_DONE;
    }
    *out = seen;
    return GN_OK;
}

static gn_err
frames_on_crypto(gn_conn *conn, const gn_env *env, gn_space_id space, const gn_frame_crypto *crypto,
                 gn_fault *fault)
{
    gn_recv_buf *in = &conn->space[space].crypto_in;

    /* RFC 9000 7.5: more than we keep. [R-9000-7.5-1] [R-9000-7.5-2] */
    if (crypto->off + crypto->data.len > in->read_off + GN_CONN_CRYPTO_AHEAD)
        return gn_fault_set(fault, GN_FAULT_CRYPTO_BUFFER, GN_FRAME_CRYPTO,
                            "RFC 9000 7.5: CRYPTO data too far ahead");
    return gn_recv_buf_write(in, env->pools.chunks, crypto->off, crypto->data.ptr,
                             crypto->data.len);
}

static gn_err
frames_on_new_cid(gn_conn *conn, const gn_frame_new_connection_id *frame, gn_fault *fault)
{
    const gn_err err = gn_peer_cids_on_new(&conn->peer_cids, frame, fault);

    if (err == GN_OK)
        gn_conn_move_replace_revoked(conn);
    return err;
}

static gn_err
frames_on_retire_cid(gn_conn *conn, const gn_env *env, uint64_t seq, const gn_conn_packet *p,
                     gn_fault *fault)
{
    const gn_err err =
        gn_local_cids_on_retire(&conn->local_cids, seq, p->used_seq, p->pn, env->cids, fault);

    if (err == GN_OK)
        gn_local_cids_issue(&conn->local_cids, gn_conn_life_cid_room(env));
    return err;
}

/* RFC 9000 8.1.3: the application keeps it for next time; of several the newest counts. */
static void
frames_on_new_token(gn_conn *conn, gn_span token)
{
    conn->token.news |= gn_address_token_keep(&conn->token, token);
}

/* RFC 9000 4.6: the application may open more streams. */
static gn_err
frames_on_max_streams(gn_conn *conn, uint32_t kind, uint64_t limit)
{
    if (gn_stream_frames_on_max_streams(&conn->streams, kind, limit))
        gn_events_push(&conn->events, (gn_event_note){.kind = GN_EFFECT_STREAMS_ALLOWED,
                                                      .detail = kind == GN_STREAM_UNI,
                                                      .expendable = 1,
                                                      .code = gn_credit_out_left(
                                                          &conn->streams.ids.allowed[kind])});
    return GN_OK;
}

static gn_err
frames_on_close(gn_conn *conn, const gn_env *env, const gn_frame *frame)
{
    gn_close_on_peer(&conn->close, frame, env->now, 3 * gn_conn_pto_us(conn));
    return GN_OK;
}

/* Frames about streams and their credit. */
static gn_err
frames_to_streams(gn_conn *conn, const gn_env *env, const gn_frame *f, gn_fault *fault)
{
    gn_stream_set *set = &conn->streams;

    switch (f->type) {
    case GN_FRAME_RESET_STREAM:
        return gn_stream_frames_on_reset(set, env->pools, &f->as.reset_stream, fault);
    case GN_FRAME_STOP_SENDING:
        return gn_stream_frames_on_stop_sending(set, env->pools, &f->as.stop_sending, fault);
    case GN_FRAME_MAX_DATA:
        (void)gn_stream_frames_on_max_data(set, f->as.credit.limit);
        return GN_OK;
    case GN_FRAME_MAX_STREAM_DATA:
        return gn_stream_frames_on_max_stream_data(set, env->pools, &f->as.credit, fault);
    case GN_FRAME_MAX_STREAMS_BIDI:
        return frames_on_max_streams(conn, GN_STREAM_BIDI, f->as.credit.limit);
    case GN_FRAME_MAX_STREAMS_UNI:
        return frames_on_max_streams(conn, GN_STREAM_UNI, f->as.credit.limit);
    case GN_FRAME_STREAM_DATA_BLOCKED:
        return gn_stream_frames_on_stream_data_blocked(set, env->pools, &f->as.credit, fault);
    case GN_FRAME_DATA_BLOCKED:
    case GN_FRAME_STREAMS_BLOCKED_BIDI:
    case GN_FRAME_STREAMS_BLOCKED_UNI:
        return GN_OK; /* RFC 9000 4.1: nothing is due, we grant on our own account */
    default:
        GN_ASSERT(f->type >= GN_FRAME_STREAM && f->type <= GN_FRAME_STREAM_LAST);
        return gn_stream_frames_on_data(set, env->pools, &f->as.stream, fault);
    }
}

/* frame_bytes: as it stands in the packet, type and length included. */
static gn_err
frames_on_datagram(gn_conn *conn, const gn_env *env, const gn_frame *frame, size_t frame_bytes,
                   gn_fault *fault)
{
    const uint64_t most = env->config->max_datagram_frame_size;

    /* [R-9221-3-3] */
    if (most == 0)
        return gn_fault_set(fault, GN_FAULT_PROTOCOL_VIOLATION, frame->type,
                            "RFC 9221 3: a DATAGRAM frame, though none were allowed");
    /* [R-9221-3-4] */
    if (frame_bytes > most)
        return gn_fault_set(fault, GN_FAULT_PROTOCOL_VIOLATION, frame->type,
                            "RFC 9221 3: a DATAGRAM frame is larger than allowed");
    /* RFC 9221 5.3: what finds no room is dropped. */
    if (!gn_datagrams_in_push(&conn->datagrams_in, env->pools.chunks, frame->as.datagram.data))
        conn->counters.datagrams_dropped++;
    return GN_OK;
}

static gn_err
frames_apply_one(gn_conn *conn, const gn_env *env, const gn_conn_packet *p, const gn_frame *f,
                 size_t frame_bytes, gn_fault *fault)
{
    switch (f->type) {
    case GN_FRAME_PADDING:
    case GN_FRAME_PING: return GN_OK;
    case GN_FRAME_NEW_TOKEN: frames_on_new_token(conn, f->as.new_token.token); return GN_OK;
    case GN_FRAME_ACK:
    case GN_FRAME_ACK_ECN:
        return gn_conn_delivery_on_ack(conn, env, p->space, &f->as.ack, p->phase, fault);
    case GN_FRAME_CRYPTO: return frames_on_crypto(conn, env, p->space, &f->as.crypto, fault);
    case GN_FRAME_NEW_CONNECTION_ID:
        return frames_on_new_cid(conn, &f->as.new_connection_id, fault);
    case GN_FRAME_RETIRE_CONNECTION_ID:
        return frames_on_retire_cid(conn, env, f->as.retire_connection_id.seq, p, fault);
    case GN_FRAME_PATH_CHALLENGE:
        /* [R-9000-8.2.2-3] */
        if (p->stray)
            return GN_OK;
        gn_path_on_challenge(&conn->paths.at[p->path], f->as.path.data);
        gn_path_on_challenge_mark(&conn->paths.at[p->path], (gn_ecn_mark_id)p->ecn);
        return GN_OK;
    case GN_FRAME_PATH_RESPONSE: gn_conn_move_on_response(conn, env, f->as.path.data); return GN_OK;
    case GN_FRAME_CLOSE:
    case GN_FRAME_CLOSE_APP: return frames_on_close(conn, env, f);
    case GN_FRAME_HANDSHAKE_DONE: gn_conn_handshake_confirm(conn, env); return GN_OK;
    case GN_FRAME_DATAGRAM:
    case GN_FRAME_DATAGRAM_LEN: return frames_on_datagram(conn, env, f, frame_bytes, fault);
    default: return frames_to_streams(conn, env, f, fault);
    }
}

gn_err
gn_conn_frames_apply(gn_conn *conn, const gn_env *env, const gn_conn_packet *packet,
                     gn_fault *fault)
{
    gn_reader r = gn_reader_over(packet->payload.ptr, packet->payload.len);
    gn_frame frame;

    while (gn_reader_left(&r) > 0) {
        const size_t before = gn_reader_left(&r);
        gn_err err = gn_frame_read(&r, &frame, fault);
        GN_ASSERT(err == GN_OK);
        err = frames_apply_one(conn, env, packet, &frame, before - gn_reader_left(&r), fault);
        if (err != GN_OK)
            return err;
    }
    return GN_OK;
}

void
gn_conn_frames_apply_close(gn_conn *conn, const gn_env *env, gn_span payload)
{
    gn_reader r = gn_reader_over(payload.ptr, payload.len);
    gn_frame frame;
    gn_fault fault;

    while (gn_reader_left(&r) > 0) {
        if (gn_frame_read(&r, &frame, &fault) != GN_OK)
            return;
        if (frame.type == GN_FRAME_CLOSE || frame.type == GN_FRAME_CLOSE_APP)
            (void)frames_on_close(conn, env, &frame);
    }
}
