/*
 * conn_effects.c: see conn_effects.h.
 */
#include "conn/conn_effects.h"

#include <string.h>

#include "base/assert.h"
#include "conn/conn_plan_datagrams.h"
#include "stream/stream_app.h"

static gn_effect
effects_of(const gn_conn *conn, gn_effect_kind kind)
{
    return (gn_effect){
        .size = sizeof(gn_effect), .kind = (uint32_t)kind, .connection = conn->handle};
}

static const gn_preferred_address *
effects_preferred(const gn_conn *conn, const gn_env *env)
{
    const gn_tparams_address *from = &conn->peer.preferred_address;
    gn_preferred_address *to = env->preferred;

    *to = (gn_preferred_address){.size = sizeof *to,
                                 .ipv4_port = from->ipv4_port,
                                 .ipv6_port = from->ipv6_port,
                                 .cid = from->cid.bytes,
                                 .cid_len = from->cid.len};
    memcpy(to->ipv4, from->ipv4, sizeof to->ipv4);
    memcpy(to->ipv6, from->ipv6, sizeof to->ipv6);
    memcpy(to->reset_token, from->reset_token, sizeof to->reset_token);
    return to;
}

static bool
effects_note(gn_conn *conn, const gn_env *env, gn_effect *out)
{
    gn_event_note note;

    if (!gn_events_pop(&conn->events, &note))
        return false;
    *out = effects_of(conn, (gn_effect_kind)note.kind);
    out->detail = note.detail;
    out->route = note.route;
    out->code = note.code;
    if (note.kind == GN_EFFECT_STATE && note.detail == GN_STATE_READY) {
        out->bytes = (const uint8_t *)conn->handshake.alpn;
        out->len = conn->handshake.alpn_len;
    }
    if (note.kind == GN_EFFECT_PREFERRED_ADDRESS)
        out->preferred = effects_preferred(conn, env);
    return true;
}

/* One piece of news of the stream that has waited longest. */
static bool
effects_stream(gn_conn *conn, const gn_env *env, gn_effect *out)
{
    gn_stream_set *set = &conn->streams;
    const uint32_t at = gn_stream_app_readable(set);
    gn_span bytes = gn_span_of(NULL, 0);
    uint64_t off = 0;
    bool fin = false;

    if (at == GN_POOL_NONE)
        return false;
    const gn_stream *s = gn_stream_set_at(env->pools, at);
    const uint64_t id = s->id;
    if (gn_stream_peek(s, env->pools.chunks, &off, &bytes, &fin)) {
        *out = effects_of(conn, GN_EFFECT_STREAM_DATA);
        out->offset = off;
        out->bytes = bytes.ptr;
        out->len = bytes.len;
        out->flags = fin ? GN_EFFECT_FIN : 0;
        gn_stream_app_consume(set, env->pools, at, bytes.len);
    } else if ((s->events & GN_STREAM_EVENT_RESET) != 0) {
        *out = effects_of(conn, GN_EFFECT_STREAM_RESET);
        out->code = s->peer_reset_code;
        out->offset = s->in.final_size;
        (void)gn_stream_app_take(set, env->pools, at, GN_STREAM_EVENT_RESET);
    } else if ((s->events & GN_STREAM_EVENT_STOP) != 0) {
        *out = effects_of(conn, GN_EFFECT_STREAM_STOPPED);
        out->code = s->peer_stop_code;
        (void)gn_stream_app_take(set, env->pools, at, GN_STREAM_EVENT_STOP);
    } else {
        *out = effects_of(conn, GN_EFFECT_STREAM_WRITABLE);
        const bool writable = gn_stream_app_take(set, env->pools, at, GN_STREAM_EVENT_WRITABLE);
        GN_ASSERT(writable);
    }
    out->stream = id;
    return true;
}

/* RFC 9221 5: at once, and before the streams, for who sends datagrams is in a hurry. */
static bool
effects_datagram(gn_conn *conn, const gn_env *env, gn_effect *out)
{
    gn_span bytes;

    if (!gn_datagrams_in_pop(&conn->datagrams_in, env->pools.chunks, &bytes))
        return false;
    *out = effects_of(conn, GN_EFFECT_DATAGRAM);
    out->bytes = bytes.ptr;
    out->len = bytes.len;
    return true;
}

/* RFC 9221 5.2: what became of our own datagrams. */
static bool
effects_datagram_fate(gn_conn *conn, const gn_env *env, gn_effect *out)
{
    gn_datagram_fate fate = GN_DATAGRAM_FATE_LOST;
    gn_datagram_note note = {.why = GN_DATAGRAM_LOST_IN_FLIGHT};

    if (!gn_datagram_fates_tell(&conn->fates, env->sent, &note.id, &fate) &&
        !gn_datagrams_out_tell(&conn->datagrams_out, env->pools.chunks, &note))
        return false;
    *out = effects_of(conn, fate == GN_DATAGRAM_FATE_LOST ? GN_EFFECT_DATAGRAM_LOST
                                                          : GN_EFFECT_DATAGRAM_ACKED);
    out->code = note.id;
    if (fate == GN_DATAGRAM_FATE_LOST)
        out->detail = note.why;
    if (fate == GN_DATAGRAM_FATE_LATE)
        out->flags = GN_EFFECT_LATE;
    return true;
}

static bool
effects_closed(gn_conn *conn, gn_effect *out)
{
    if (gn_conn_is_open(conn) || conn->close.told)
        return false;
    conn->close.told = 1;
    *out = effects_of(conn, GN_EFFECT_CLOSED);
    out->detail = conn->close.cause;
    out->code = conn->close.code;
    out->frame_type = conn->close.frame_type;
    out->bytes = (const uint8_t *)conn->close.reason;
    out->len = conn->close.reason_len;
    return true;
}

/* Never a Retry's. [R-9000-8.1.3-2] */
static bool
effects_token(gn_conn *conn, gn_effect *out)
{
    if (!conn->token.news)
        return false;
    conn->token.news = 0;
    *out = effects_of(conn, GN_EFFECT_NEW_TOKEN);
    out->code = conn->negotiation.now;
    out->bytes = conn->token.bytes;
    out->len = conn->token.len;
    return true;
}

static bool
effects_resumption(gn_conn *conn, const gn_env *env, gn_effect *out)
{
    const size_t len = gn_early_take(&conn->early, env->pools.chunks, env->opened);

    if (len == 0)
        return false;
    *out = effects_of(conn, GN_EFFECT_RESUMPTION_STATE);
    out->code = conn->negotiation.now;
    out->bytes = env->opened;
    out->len = len;
    return true;
}

bool
gn_conn_effects_next(gn_conn *conn, const gn_env *env, gn_effect *out)
{
    return effects_note(conn, env, out) || effects_datagram(conn, env, out) ||
           effects_stream(conn, env, out) || effects_datagram_fate(conn, env, out) ||
           effects_token(conn, out) || effects_resumption(conn, env, out) ||
           effects_closed(conn, out);
}

bool
gn_conn_effects_any(const gn_conn *conn)
{
    return gn_events_any(&conn->events) || gn_datagrams_out_any_dropped(&conn->datagrams_out);
}

static uint8_t
effects_cc_phase(const gn_path *path, gn_time newest_sent)
{
    if (gn_cc_in_slow_start(&path->cc))
        return 0;
    return path->cc.recovery_at != GN_NEVER && newest_sent <= path->cc.recovery_at ? 2 : 1;
}

void
gn_conn_effects_info(const gn_conn *conn, gn_info *out)
{
    const gn_path *path = &conn->paths.at[conn->paths.active];
    const gn_loss_space *app = &conn->loss.space[GN_SPACE_APP];
    size_t largest = 0;
    const bool takes = gn_conn_plan_datagrams_room(conn, &largest) == GN_OK;

    *out = (gn_info){
        .size = sizeof(gn_info),
        .ready = conn->handshake.complete,
        .confirmed = conn->handshake.confirmed,
        .ending = !gn_conn_is_open(conn),
        .paths = (uint8_t)gn_paths_count(&conn->paths),
        .pto_count = conn->loss.pto_count,
        .route = path->route,
        .rtt_latest_us = path->rtt.latest_us,
        .rtt_min_us = path->rtt.min_us,
        .rtt_smoothed_us = path->rtt.smoothed_us,
        .rtt_var_us = path->rtt.var_us,
        .window_bytes = path->cc.window_bytes,
        .in_flight_bytes = path->cc.in_flight_bytes,
        .ssthresh_bytes = path->cc.ssthresh_bytes,
        .packets_sent = conn->counters.packets_sent,
        .packets_received = conn->counters.packets_received,
        .packets_dropped = conn->counters.packets_dropped,
        .packets_lost = conn->counters.packets_lost,
        .bytes_sent = conn->counters.bytes_sent,
        .bytes_received = conn->counters.bytes_received,
        .ptos = conn->counters.ptos,
        .ce_marks = conn->counters.ce_marks,
        .ecn_state = path->ecn.state,
        .cc_phase = effects_cc_phase(path, app->acked_sent_at),
        .suite = conn->handshake.suite,
        .group = conn->handshake.group,
        .resumed = conn->early.resumed,
        .zero_rtt = conn->early.status,
        .streams = conn->streams.count,
        .version = conn->negotiation.now,
        .original_version = conn->negotiation.original,
        .datagrams = takes,
        .largest_datagram = largest,
        .datagrams_waiting = conn->datagrams_out.count,
        .datagrams_dropped = conn->counters.datagrams_dropped,
    };
}
