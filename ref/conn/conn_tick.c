/*
 * conn_tick.c: see conn_tick.h.
 */
#include "conn/conn_tick.h"

#include "base/assert.h"
#include "conn/conn_delivery.h"
#include "conn/conn_early.h"
#include "conn/conn_end.h"
#include "conn/conn_ids.h"
#include "conn/conn_move.h"
#include "conn/observer.h"

/* Less than this cannot carry a packet of the space, as long as it has keys (RFC 9000 14.1). */
static uint64_t
tick_least_bytes(const gn_conn *conn, gn_space_id space)
{
    return space == GN_SPACE_INITIAL && gn_keys_can_seal(&conn->space[space].keys)
               ? GN_DATAGRAM_MIN
               : GN_PATH_ROOM_MIN;
}

static gn_loss_situation
tick_situation(const gn_conn *conn)
{
    const gn_path *path = &conn->paths.at[conn->paths.active];

    return (gn_loss_situation){
        .max_ack_delay_us = gn_conn_peer_ack_delay_us(conn),
        .handshake_confirmed = conn->handshake.confirmed,
        .has_handshake_keys = gn_keys_can_seal(&conn->space[GN_SPACE_HANDSHAKE].keys),
        .amplification_blocked = gn_path_budget(path) < tick_least_bytes(conn, GN_SPACE_INITIAL),
    };
}

/*
 * RFC 9002 6.2.4: what is in flight in other spaces is probed for as well, in the same datagram: a
 * peer that has gone on to other keys hears nothing of the space whose time is over.
 */
static void
tick_probe_others(gn_conn *conn, const gn_env *env, gn_space_id space)
{
    for (int i = 0; i < GN_SPACES; i++) {
        const bool early = i == GN_SPACE_APP && gn_early_can_seal(&conn->early);
        if (i == (int)space || !(early || gn_keys_can_seal(&conn->space[i].keys)) ||
            !gn_loss_awaits(&conn->loss, (gn_space_id)i))
            continue;
        conn->space[i].probes = 1;
        gn_conn_delivery_repeat(conn, env, (gn_space_id)i, 1);
    }
}

/* RFC 9002 6.2.4: new data first, if there is any; else what is oldest in flight once more. */
static void
tick_probe(gn_conn *conn, const gn_env *env, gn_space_id space, uint32_t packets)
{
    /* [R-9002-6.2.4-1] */
    conn->space[space].probes = packets;
    conn->counters.ptos++;
    gn_ecn_on_pto(&gn_paths_active(&conn->paths)->ecn);
    gn_conn_delivery_repeat(conn, env, space, packets);
    tick_probe_others(conn, env, space);
    gn_observer_pto(conn, env, space);
}

static void
tick_loss(gn_conn *conn, const gn_env *env)
{
    const gn_loss_situation situation = tick_situation(conn);
    const gn_loss_alarm alarm =
        gn_loss_on_timeout(&conn->loss, &gn_paths_active(&conn->paths)->rtt, &situation, env->now);

    if (alarm.kind == GN_LOSS_DETECT) {
        gn_conn_delivery_detect(conn, env, alarm.space);
        gn_observer_metrics(conn, env);
    } else if (alarm.kind == GN_LOSS_PROBE) {
        tick_probe(conn, env, alarm.space, alarm.packets);
    }
}

/* RFC 9000 10.1; and a handshake that nobody goes on with ends even where no timeout was agreed. */
static gn_time
tick_idle_deadline(const gn_conn *conn)
{
    enum { TICK_HANDSHAKE_US = 30 * 1000 * 1000 };

    if (!conn->handshake.complete && conn->idle.timeout_us == 0)
        return gn_time_after(conn->idle.from, TICK_HANDSHAKE_US);
    return gn_idle_deadline(&conn->idle, gn_conn_pto_us(conn));
}

/* RFC 9000 10.1.2: when a PING shall leave; never while one is owed, or no path carries it. */
static gn_time
tick_keep_alive_deadline(const gn_conn *conn, const gn_env *env)
{
    if (!conn->handshake.complete || conn->space[GN_SPACE_APP].probes > 0 ||
        gn_path_budget(&conn->paths.at[conn->paths.active]) < GN_PATH_ROOM_MIN)
        return GN_NEVER;
    return gn_idle_keep_alive(&conn->idle, env->config->keep_alive_us, gn_conn_pto_us(conn));
}

void
gn_conn_tick_timeout(gn_conn *conn, const gn_env *env)
{
    gn_close_on_tick(&conn->close, env->now);
    if (!gn_conn_is_open(conn))
        return;
    if (tick_idle_deadline(conn) <= env->now) {
        /* RFC 9000 8.2.4: it may be that we waited for a path in vain. */
        gn_close_on_silence(&conn->close,
                            gn_paths_active(&conn->paths)->state == GN_PATH_DEAD ? GN_CLOSE_NO_PATH
                                                                                 : GN_CLOSE_IDLE,
                            env->now);
        return;
    }
    if (tick_keep_alive_deadline(conn, env) <= env->now)
        conn->space[GN_SPACE_APP].probes = 1;
    gn_conn_move_on_tick(conn, env);
    gn_conn_ids_on_tick(conn, env);
    if (!gn_conn_is_open(conn))
        return;
    gn_keys_on_tick(env->suite, env->keys, &conn->space[GN_SPACE_APP].keys, env->now);
    gn_datagrams_out_expire(&conn->datagrams_out, env->pools.chunks, env->now,
                            GN_DATAGRAM_LOST_EXPIRED);
    if (conn->early.discard_at <= env->now)
        gn_conn_early_discard(conn, env);
    tick_loss(conn, env);
}

/* When an ACK is due; never while the path may not carry one. */
static gn_time
tick_ack_deadline(const gn_conn *conn)
{
    gn_time first = GN_NEVER;
    const uint64_t budget = gn_path_budget(&conn->paths.at[conn->paths.active]);

    for (int i = 0; i < GN_SPACES; i++)
        if (gn_keys_can_seal(&conn->space[i].keys) &&
            budget >= tick_least_bytes(conn, (gn_space_id)i))
            first = gn_time_min(first, gn_acks_deadline(&conn->space[i].acks));
    return first;
}

/* The application hears of each key generation, whoever began it. */
static void
tick_tell_generation(gn_conn *conn)
{
    const uint32_t generation = conn->space[GN_SPACE_APP].keys.rx_phase;

    if (conn->key_generation_told == generation)
        return;
    conn->key_generation_told = generation;
    gn_events_push(&conn->events, (gn_event_note){.kind = GN_EFFECT_STATE,
                                                  .detail = GN_STATE_KEYS_UPDATED,
                                                  .code = generation,
                                                  .expendable = 1});
}

/*
 * Without a record nothing can be sent. What is due stays due, so it is tried again a little
 * later: time would stand still for a caller that obeys a deadline that is over.
 */
static void
tick_defer(gn_timers *t, const gn_env *env)
{
    enum { TICK_RETRY_US = 10 * GN_MS };

    if (gn_slots_left(env->sent) > 0)
        return;
    for (int i = 0; i < GN_TIMERS; i++)
        if (t->at[i] <= env->now)
            t->at[i] = gn_time_after(env->now, TICK_RETRY_US);
}

void
gn_conn_tick_settle(gn_conn *conn, const gn_env *env)
{
    const gn_loss_situation situation = tick_situation(conn);
    const gn_time pace = conn->timers.at[GN_TIMER_PACE];
    gn_timers *t = &conn->timers;

    gn_timers_init(t);
    t->at[GN_TIMER_CLOSE] = conn->close.ends_at;
    if (!gn_conn_is_open(conn)) {
        gn_conn_end_lighten(conn, env);
        return;
    }
    gn_conn_ids_on_tick(conn, env);
    tick_tell_generation(conn);
    t->at[GN_TIMER_LOSS] =
        gn_loss_deadline(&conn->loss, &gn_paths_active(&conn->paths)->rtt, &situation);
    t->at[GN_TIMER_ACK] = tick_ack_deadline(conn);
    t->at[GN_TIMER_IDLE] =
        gn_time_min(tick_idle_deadline(conn), tick_keep_alive_deadline(conn, env));
    t->at[GN_TIMER_KEYS] =
        gn_time_min(gn_keys_deadline(&conn->space[GN_SPACE_APP].keys), conn->early.discard_at);
    t->at[GN_TIMER_PATH] = gn_paths_deadline(&conn->paths);
    t->at[GN_TIMER_PACE] = pace;
    t->at[GN_TIMER_IDS] = gn_conn_ids_deadline(conn, env);
    t->at[GN_TIMER_DATAGRAM] = gn_datagrams_out_deadline(&conn->datagrams_out, env->pools.chunks);
    t->at[GN_TIMER_COALESCE] = gn_coalesce_deadline(&conn->coalesce);
    tick_defer(t, env);
}
