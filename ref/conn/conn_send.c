/*
 * conn_send.c: see conn_send.h.
 */
#include "conn/conn_send.h"

#include "base/assert.h"
#include "conn/builder.h"
#include "conn/conn_handshake.h"
#include "conn/conn_move.h"
#include "conn/conn_plan.h"
#include "conn/conn_plan_streams.h"
#include "conn/conn_seal.h"
#include "crypto/protect.h"

static const gn_packet_kind send_kind[GN_SPACES] = {
    [GN_SPACE_INITIAL] = GN_PACKET_INITIAL,
    [GN_SPACE_HANDSHAKE] = GN_PACKET_HANDSHAKE,
    [GN_SPACE_APP] = GN_PACKET_ONE_RTT,
};

/* Bytes a datagram on this path may have now: its MTU, and what an unproved address has earned.
 * [R-9000-8.1-1] */
static size_t
send_room(const gn_path *path)
{
    const uint64_t budget = gn_path_budget(path);
    return budget < path->datagram_bytes ? (size_t)budget : path->datagram_bytes;
}

/* RFC 9001 5.6: 0-RTT packets are for a client without 1-RTT keys. [R-9001-5.6-2] [R-9001-5.6-4]
 * [R-9000-17.2.3-2] */
static bool
send_is_early(const gn_conn *conn, gn_space_id space)
{
    return space == GN_SPACE_APP && !gn_keys_can_seal(&conn->space[space].keys) &&
           gn_early_can_seal(&conn->early);
}

static gn_err
send_begin(gn_conn *conn, gn_builder *b, gn_space_id space, uint8_t path)
{
    const gn_loss_space *log = &conn->loss.space[space];
    const bool early = send_is_early(conn, space);
    const gn_builder_header header = {
        .kind = early ? GN_PACKET_ZERO_RTT : send_kind[space],
        .space = space,
        /* [R-9000-12.2-2] */
        .dcid = gn_conn_move_cid(conn, path),
        .scid = space == GN_SPACE_APP && !early ? NULL : gn_local_cids_first(&conn->local_cids),
        .version = early ? conn->early.keys.version : gn_negotiation_offered(&conn->negotiation),
        /* [R-9000-8.1.2-1] [R-9000-8.1.3-1] */
        .token = space == GN_SPACE_INITIAL && !conn->is_server ? gn_address_token_span(&conn->token)
                                                               : gn_span_of(NULL, 0),
        .pn = space == GN_SPACE_APP ? gn_skips_pass(&conn->skips, log->next_pn) : log->next_pn,
        .largest_acked_plus_one = log->largest_acked == GN_LOSS_NONE ? 0 : log->largest_acked + 1,
        .key_phase = gn_keys_phase_bit(&conn->space[space].keys) != 0,
    };
    return gn_builder_begin(b, &header);
}

/* RFC 9000 14.1: which datagrams must have 1200 bytes. [R-9000-8.1-3] [R-9001-9.3-1] */
static bool
send_must_pad(const gn_conn *conn, const gn_builder *b)
{
    const gn_builder_packet *first = &b->packet[0];

    if (first->kind != GN_PACKET_INITIAL)
        return false;
    /* [R-9000-14.1-1] [R-9000-14.1-2] */
    return !conn->is_server || first->eliciting;
}

/*
 * RFC 9000 8.2.1, 8.2.2, 14.1: what tests a path, and Initial packets, go in datagrams of 1200
 * bytes, as far as the address has earned them.
 * [R-9000-8.2.1-2]
 */
static bool
send_finish(gn_conn *conn, const gn_env *env, gn_builder *b, uint8_t index, gn_effect *out)
{
    /* [R-9000-8.2.2-5] */
    if (b->tests_path || send_must_pad(conn, b))
        gn_builder_pad(b, GN_DATAGRAM_MIN);
    if (b->challenges)
        gn_path_on_probe_sent(&conn->paths.at[index], gn_builder_bytes(b));
    return gn_conn_seal_datagram(conn, env, b, index, out);
}

/*
 * Whether a path that is not the active one has something to say. Answers wait for its window, so
 * that a peer who asks and never acknowledges gets no more than that (RFC 9002 7).
 */
static bool
send_may_probe(const gn_conn *conn, const gn_env *env, uint8_t index)
{
    const gn_path *path = &conn->paths.at[index];

    /* RFC 9000 9.5: a client has an ID for each path, or keeps silent there. */
    if (!conn->is_server && path->peer_cid == GN_PEER_CID_NONE)
        return false;
    return gn_path_wants_challenge(path, env->now) ||
           (path->responses > 0 && gn_cc_allowance(&path->cc) >= path->datagram_bytes);
}

/* A path that is not the active one: only what tests it goes there. */
static bool
send_probing(gn_conn *conn, const gn_env *env, uint8_t index, gn_effect *out)
{
    const gn_plan_packet plan = {
        .space = GN_SPACE_APP, .path = index, .allowance = GN_ALLOW_PROBING};
    const size_t room = send_room(&conn->paths.at[index]);
    gn_builder b;

    if (room < GN_PATH_ROOM_MIN || !send_may_probe(conn, env, index))
        return false;
    gn_builder_init(&b, env->datagram, room, env->sent);
    if (send_begin(conn, &b, GN_SPACE_APP, index) != GN_OK)
        return false;
    gn_conn_plan_fill(conn, env, &plan, &b);
    if (!gn_builder_end(&b))
        return false;
    return send_finish(conn, env, &b, index, out);
}

/* What the window, the pacer and a probe timeout let a space send on the active path. */
static uint8_t
send_allowance(gn_conn *conn, const gn_env *env, gn_space_id space)
{
    gn_path *path = gn_paths_active(&conn->paths);

    if (conn->space[space].probes > 0) /* RFC 9002 7.5: probes do not wait [R-9002-7.5-1] */
        return GN_ALLOW_ALL;
    /* [R-9002-7-1] */
    if (gn_cc_allowance(&path->cc) < path->datagram_bytes)
        return GN_ALLOW_ACKS;
    const gn_time at = gn_pacer_next(&path->pacer, path->cc.window_bytes, &path->rtt, env->now);
    if (at <= env->now)
        return GN_ALLOW_ALL;
    conn->timers.at[GN_TIMER_PACE] = at;
    return GN_ALLOW_ACKS;
}

/* Whether a packet of this space should be in the datagram; *plan says with what. */
static bool
send_wants(gn_conn *conn, const gn_env *env, gn_space_id id, gn_plan_packet *plan)
{
    const gn_space *space = &conn->space[id];
    const bool early = send_is_early(conn, id);

    /* [R-9001-4.9.1-3] */
    if (!early && !gn_keys_can_seal(&space->keys))
        return false;
    *plan = (gn_plan_packet){.space = id,
                             .path = conn->paths.active,
                             .allowance = GN_ALLOW_ALL,
                             .early = early,
                             .patient = conn->coalesce.holds};
    /* 0-RTT packets hold none. [R-9000-17.2.3-3] */
    const bool acks = !early && gn_acks_wants(&space->acks, env->now);
    const bool data = space->probes > 0 || gn_conn_plan_wants(conn, env, plan);
    if (!acks && !data)
        return false;
    plan->allowance = send_allowance(conn, env, id);
    /* What tests the path waits for nobody. [R-9000-8.2.2-2] */
    if (id == GN_SPACE_APP)
        plan->allowance |= GN_ALLOW_PROBING;
    const bool sends =
        plan->allowance == GN_ALLOW_ALL || acks || gn_conn_plan_wants(conn, env, plan);
    /* What goes anyhow takes along what waits. */
    plan->patient = false;
    return sends;
}

/* Fills one packet. A probe without anything to say is a PING (RFC 9002 6.2.4). */
static bool
send_packet(gn_conn *conn, const gn_env *env, const gn_plan_packet *plan, gn_builder *b)
{
    gn_space *space = &conn->space[plan->space];

    if (send_begin(conn, b, plan->space, plan->path) != GN_OK)
        return false;
    gn_conn_plan_fill(conn, env, plan, b);
    /* [R-9000-13.2.1-5] */
    if (space->probes > 0) {
        const gn_frame ping = {.type = GN_FRAME_PING};
        /* [R-9002-6.2.4-2] */
        if (gn_builder_packet_now(b)->eliciting ||
            gn_builder_frame(b, &ping, &(gn_item){.kind = GN_ITEM_PING}, true) == GN_OK)
            space->probes--;
    }
    return gn_builder_end(b);
}

static bool
send_active(gn_conn *conn, const gn_env *env, gn_effect *out)
{
    const uint8_t index = conn->paths.active;
    /* [R-9000-14.1-4] */
    const size_t room = send_room(gn_paths_active(&conn->paths));
    gn_builder b;

    if (room < GN_PATH_ROOM_MIN)
        return false;
    gn_builder_init(&b, env->datagram, room, env->sent);
    for (int i = 0; i < GN_SPACES; i++) {
        gn_plan_packet plan;
        if (!send_wants(conn, env, (gn_space_id)i, &plan))
            continue;
        /* RFC 9000 14.1: an Initial that cannot be padded has to wait for credit. */
        if (i == GN_SPACE_INITIAL && room < GN_DATAGRAM_MIN)
            continue;
        (void)send_packet(conn, env, &plan, &b);
    }
    if (b.count == 0)
        return false;
    return send_finish(conn, env, &b, index, out);
}

/* RFC 9000 10.2.3: the close at every level that the peer may be able to read. */
static bool
send_close(gn_conn *conn, const gn_env *env, gn_effect *out)
{
    /* [R-9000-10.2.1-2] */
    const size_t room = send_room(gn_paths_active(&conn->paths));
    bool closes = false;
    gn_builder b;

    if (!conn->close.owed || room < GN_PATH_ROOM_MIN)
        return false;
    gn_builder_init(&b, env->datagram, room, env->sent);
    for (int i = 0; i < GN_SPACES; i++) {
        gn_frame frame;
        /* [R-9000-10.2.3-1] */
        if (!gn_keys_can_seal(&conn->space[i].keys))
            continue;
        /* RFC 9000 14.1: a client's is padded; a server's elicits nothing, and need not be. */
        if (i == GN_SPACE_INITIAL && !conn->is_server && room < GN_DATAGRAM_MIN)
            continue;
        if (send_begin(conn, &b, (gn_space_id)i, conn->paths.active) != GN_OK)
            continue;
        gn_close_fill(&conn->close, send_kind[i], &frame);
        /* Nobody waits for its fate, as with a PING. */
        closes |= gn_builder_frame(&b, &frame, &(gn_item){.kind = GN_ITEM_PING}, false) == GN_OK;
        (void)gn_builder_end(&b);
    }
    if (!closes)
        return false;
    gn_close_on_sent(&conn->close);
    return send_finish(conn, env, &b, conn->paths.active, out);
}

/*
 * RFC 9001 6.6: before the last packets that a key may protect, the connection
 * ends, while it can still say so. A key update prevents this long before.
 * [R-9001-6.6-4]
 */
static bool
send_keys_spent(gn_conn *conn, const gn_env *env)
{
    enum { SEND_LAST_PACKETS = 4 };

    for (int i = 0; i < GN_SPACES; i++) {
        const gn_keys *keys = &conn->space[i].keys;
        gn_fault fault;
        if (gn_keys_judge_used(keys, SEND_LAST_PACKETS, &fault) == GN_OK)
            continue;
        gn_close_on_fault(&conn->close, &fault, env->now, 3 * gn_conn_pto_us(conn));
        if (keys->tx.used == keys->tx.limit)
            return true;
    }
    return false;
}

/* RFC 9001 6.6: new keys long before the old ones have protected too much. [R-9001-5.3-3] */
static void
send_update_keys(gn_conn *conn, const gn_env *env)
{
    gn_keys *keys = &conn->space[GN_SPACE_APP].keys;

    if (!gn_keys_wants_update(keys))
        return;
    /* Too early, or no slot for the next key: it is tried again with the next datagram. */
    const gn_err err =
        gn_keys_update(env->suite, env->keys, keys, conn->handshake.confirmed, env->now);
    GN_ASSERT(err == GN_OK || err == GN_ERR_STATE || err == GN_ERR_FULL);
}

bool
gn_conn_send_next(gn_conn *conn, const gn_env *env, gn_effect *out)
{
    conn->timers.at[GN_TIMER_PACE] = GN_NEVER;
    if (send_keys_spent(conn, env))
        return false;
    if (conn->close.phase == GN_CLOSE_CLOSING)
        return send_close(conn, env, out);
    /* [R-9000-10.2.2-2] */
    if (!gn_conn_is_open(conn))
        return false;
    send_update_keys(conn, env);
    if (env->config->coalesce_us > 0)
        gn_coalesce_step(&conn->coalesce, gn_conn_plan_streams_amount(conn, env),
                         env->config->coalesce_us, env->now);
    if (gn_keys_can_seal(&conn->space[GN_SPACE_APP].keys))
        for (uint8_t i = 0; i < GN_PATHS_MAX; i++)
            if (i != conn->paths.active && conn->paths.at[i].state != GN_PATH_FREE &&
                send_probing(conn, env, i, out))
                return true;
    return send_active(conn, env, out);
}
