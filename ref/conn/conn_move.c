/*
 * conn_move.c: see conn_move.h.
 */
#include "conn/conn_move.h"

#include <string.h>

#include "base/assert.h"
#include "conn/conn_ids.h"
#include "conn/conn_life.h"
#include "conn/observer.h"

static void
move_note(gn_conn *conn, const gn_env *env, uint8_t path, gn_path_change change)
{
    gn_events_push(&conn->events, (gn_event_note){.kind = GN_EFFECT_PATH,
                                                  .detail = (uint32_t)change,
                                                  .route = conn->paths.at[path].route,
                                                  .expendable = 1});
    gn_observer_path(conn, env, path, change);
}

/* RFC 9000 8.2.4: three times the larger of this path's PTO and that of a path nobody knows. */
static uint64_t
move_patience_us(const gn_conn *conn, uint8_t path)
{
    gn_rtt fresh;

    gn_rtt_init(&fresh);
    const uint64_t unknown = gn_rtt_pto_us(&fresh, gn_conn_peer_ack_delay_us(conn));
    const uint64_t known =
        gn_rtt_pto_us(&conn->paths.at[path].rtt, gn_conn_peer_ack_delay_us(conn));
    return 3 * (known > unknown ? known : unknown);
}

static void
move_probe(gn_conn *conn, const gn_env *env, uint8_t path)
{
    gn_path_probe(&conn->paths.at[path], env->now, move_patience_us(conn, path));
    move_note(conn, env, path, GN_PATH_PROBING);
}

/* Lets a path go, with its connection ID. What is in flight there is lost to congestion control. */
static void
move_drop(gn_conn *conn, const gn_env *env, uint8_t path)
{
    gn_conn_ids_unmap_route(conn, env, conn->paths.at[path].route);
    gn_peer_cids_give(&conn->peer_cids, conn->paths.at[path].peer_cid);
    conn->paths.at[path].peer_cid = GN_PEER_CID_NONE;
    if (!conn->is_server)
        gn_paths_remember(&conn->paths, conn->paths.at[path].route);
    gn_paths_drop(&conn->paths, path);
}

static uint8_t
move_add(gn_conn *conn, const gn_env *env, gn_route route, const uint8_t host[16])
{
    const uint8_t victim = gn_paths_victim(&conn->paths);

    if (victim != GN_PATH_NONE)
        move_drop(conn, env, victim);
    /* Without IDs: nobody else's, as was asked before. Were the map full, it would not be heard. */
    const gn_err err = gn_conn_ids_map_route(conn, env, route);
    GN_ASSERT(err == GN_OK || err == GN_ERR_FULL);
    const gn_path_start start = gn_conn_life_path(conn, env, route, host);
    const uint8_t path = gn_paths_add(&conn->paths, &start, env->now);
    gn_path_limit_datagrams(&conn->paths.at[path], conn->peer.max_udp_payload_size);
    return path;
}

/*
 * The active path always has an ID of the peer's: whoever moved takes a fresh one, and whoever
 * follows, or finds none, the one that was in use before.
 */
static void
move_give_cid(gn_conn *conn, uint8_t path)
{
    gn_path *from = gn_paths_active(&conn->paths);
    gn_path *to = &conn->paths.at[path];

    if (to->peer_cid == GN_PEER_CID_NONE && !conn->is_server)
        to->peer_cid = gn_peer_cids_take(&conn->peer_cids);
    if (to->peer_cid == GN_PEER_CID_NONE) {
        to->peer_cid = from->peer_cid;
        from->peer_cid = GN_PEER_CID_NONE;
    }
}

/* The active path changes: timers start afresh, and the old path stays as the fallback. */
static void
move_switch(gn_conn *conn, const gn_env *env, uint8_t path)
{
    gn_paths *paths = &conn->paths;

    move_give_cid(conn, path);
    if (paths->at[paths->active].proved)
        paths->fallback = paths->active;
    paths->active = path;
    paths->at[path].wanted = GN_PATH_UNASKED;
    paths->at[path].leave_at = GN_NEVER;
    if (paths->fallback == path)
        paths->fallback = GN_PATH_NONE;
    /* RFC 9002 6.2.1: a backoff that another path earned says nothing about this one. */
    conn->loss.pto_count = 0;
    move_note(conn, env, path, GN_PATH_ACTIVE);
    gn_observer_metrics(conn, env);
}

/* RFC 9000 18.2: what forbids moving speaks of the address of the handshake only. */
static bool
move_allowed(const gn_conn *conn, const gn_move *move)
{
    if (move->reason == GN_MOVE_PREFERRED)
        return (conn->peer.present & GN_TPARAMS_PREFERRED_ADDRESS) != 0;
    return !conn->peer.disable_active_migration;
}

gn_err
gn_conn_move_to(gn_conn *conn, const gn_env *env, const gn_move *move)
{
    gn_paths *paths = &conn->paths;

    /* [R-9000-9-1] [R-9000-9-2] [R-9000-18.2-2] */
    if (conn->is_server || !conn->handshake.confirmed || !gn_conn_is_open(conn) ||
        !move_allowed(conn, move))
        return GN_ERR_STATE;
    /* RFC 9000 9.5: a peer without IDs could not be told which path we mean, but an observer. */
    if (gn_peer_cids_empty(&conn->peer_cids) || !gn_conn_ids_may_use(conn, env, move->route))
        return GN_ERR_STATE;
    uint8_t path = gn_paths_find(paths, move->route);
    if (path == paths->active)
        return GN_ERR_STATE;
    /* RFC 9000 9.5: a connection ID of its own for each local address. [R-9000-9.5-1] */
    if (path == GN_PATH_NONE || paths->at[path].peer_cid == GN_PEER_CID_NONE) {
        if (!gn_peer_cids_spare(&conn->peer_cids))
            return GN_ERR_FULL;
        if (path == GN_PATH_NONE)
            path = move_add(conn, env, move->route,
                            move->reason == GN_MOVE_PREFERRED ? move->host
                                                              : gn_paths_active(paths)->host);
        paths->at[path].peer_cid = gn_peer_cids_take(&conn->peer_cids);
    }
    /* The newest wish counts, but a preferred address beside it (RFC 9000 9.6.3). */
    for (int i = 0; i < GN_PATHS_MAX; i++)
        if (move->reason == GN_MOVE_PREFERRED || paths->at[i].wanted != GN_PATH_PREFERRED)
            paths->at[i].wanted = GN_PATH_UNASKED;
    paths->at[path].wanted = move->reason == GN_MOVE_PREFERRED ? GN_PATH_PREFERRED : GN_PATH_WANTED;
    /* Validated before it is used. [R-9000-9.6.2-1] */
    move_probe(conn, env, path);
    return GN_OK;
}

/* [R-9000-9-3] */
bool
gn_conn_move_may_meet(const gn_conn *conn, const gn_env *env, gn_route route)
{
    /* RFC 9000 9: a server does not move, and nobody does before the handshake is confirmed. */
    if (!conn->handshake.confirmed)
        return false;
    if (conn->is_server)
        return env->config->allow_peer_migration;
    /* RFC 9000 9.3.2: a server that could not prove our new address comes back to the old one. */
    return gn_paths_remembers(&conn->paths, route);
}

/* [R-9000-9.5-2] */
bool
gn_conn_move_can_answer(const gn_conn *conn, uint64_t used_seq)
{
    const uint64_t last = conn->paths.at[conn->paths.active].local_seq;

    /* A peer without IDs has no other, and knows by the address who we are. One that had to give
     * up the ID it used did not choose another in order to move. */
    return used_seq == last || last < conn->local_cids.retire_prior_to ||
           gn_peer_cids_empty(&conn->peer_cids) || gn_peer_cids_spare(&conn->peer_cids);
}

uint8_t
gn_conn_move_meet(gn_conn *conn, const gn_env *env, const gn_datagram *datagram, uint64_t used_seq)
{
    GN_ASSERT(gn_conn_move_may_meet(conn, env, datagram->route));
    const bool same_id = used_seq == gn_paths_active(&conn->paths)->local_seq;
    const uint8_t path = move_add(conn, env, datagram->route, datagram->host);

    gn_path_on_received(&conn->paths.at[path], datagram->len);
    /* A client goes on where it is; the old path is forgotten again. */
    if (!conn->is_server)
        conn->paths.at[path].leave_at = gn_time_after(env->now, 3 * gn_conn_pto_us(conn));
    /*
     * RFC 9000 9.5: whoever moves on purpose uses a new ID and gets a new one.
     * Who was moved by a NAT uses the old one, and so do we.
     */
    if (!same_id)
        conn->paths.at[path].peer_cid = gn_peer_cids_take(&conn->peer_cids);
    return path;
}

/* A path without an ID of its own shares the active one's. */
static uint8_t
move_cid_index(const gn_conn *conn, uint8_t path)
{
    const uint8_t index = conn->paths.at[path].peer_cid;

    return index == GN_PEER_CID_NONE ? conn->paths.at[conn->paths.active].peer_cid : index;
}

const gn_cid *
gn_conn_move_cid(const gn_conn *conn, uint8_t path)
{
    return gn_peer_cids_at(&conn->peer_cids, move_cid_index(conn, path));
}

uint64_t
gn_conn_move_cid_seq(const gn_conn *conn, uint8_t path)
{
    return gn_peer_cids_seq_at(&conn->peer_cids, move_cid_index(conn, path));
}

/* RFC 9000 9.4: another port of the same host is the same network. [R-9000-9.4-2] */
static void
move_inherit(const gn_path *from, gn_path *to)
{
    if (memcmp(from->host, to->host, sizeof to->host) != 0)
        return;
    to->rtt = from->rtt;
    const uint64_t in_flight = to->cc.in_flight_bytes;
    to->cc = from->cc;
    to->cc.in_flight_bytes = in_flight;
}

void
gn_conn_move_follow(gn_conn *conn, const gn_env *env, uint8_t path)
{
    gn_paths *paths = &conn->paths;

    if (!conn->is_server || gn_path_too_small(&paths->at[path]))
        return;
    if (path == paths->active) {
        /* It was given up, and yet the peer is there: it is asked once more. */
        if (paths->at[path].state == GN_PATH_DEAD)
            move_probe(conn, env, path);
        return;
    }
    gn_path *old = gn_paths_active(paths);
    gn_path *new = &paths->at[path];
    /* [R-9000-9.6.2-2] [R-9000-9-4] [R-9000-9.3-2] */
    if (!new->proved)
        move_inherit(old, new);
    const uint8_t before = paths->active;
    /* [R-9000-9.3-1] */
    move_switch(conn, env, path);
    /* From wherever it was that the client came to. [R-9000-9.6.2-3] [R-9000-9.6.3-2] */
    if (!new->proved &&new->state != GN_PATH_TESTING)
        move_probe(conn, env, path);
    /* RFC 9000 9.3.3: perhaps it was an attacker who moved us; ask the old address, too.
     * [R-9000-9.3.3-1] */
    if (old->proved && old->state != GN_PATH_TESTING)
        move_probe(conn, env, before);
}

/* RFC 9000 9.6.3: the server's preferred address is there, and nothing else is asked for. */
static void
move_abandon_others(gn_conn *conn, uint8_t path)
{
    /* [R-9000-9.6.3-1] */
    for (uint8_t i = 0; i < GN_PATHS_MAX; i++)
        if (i != path && i != conn->paths.active) {
            conn->paths.at[i].wanted = GN_PATH_UNASKED;
            gn_path_abandon(&conn->paths.at[i]);
        }
}

void
gn_conn_move_on_response(gn_conn *conn, const gn_env *env,
                         const uint8_t data[GN_FRAME_CHALLENGE_BYTES])
{
    gn_paths *paths = &conn->paths;
    const uint8_t path = gn_paths_on_response(paths, data);

    if (path == GN_PATH_NONE)
        return;
    move_note(conn, env, path, GN_PATH_VALIDATED);
    /* RFC 9000 8.2.1: the address is proved; that the path carries 1200 bytes is not yet.
     * [R-9000-8.2.1-3] [R-9000-8.2.3-1] */
    if (paths->at[path].small)
        gn_path_probe_size(&paths->at[path], env->now, move_patience_us(conn, path));
    if (paths->at[path].wanted != GN_PATH_UNASKED && path != paths->active) {
        if (paths->at[path].wanted == GN_PATH_PREFERRED)
            move_abandon_others(conn, path);
        move_switch(conn, env, path);
        /* RFC 9000 9.2: a non-probing packet tells the server that we have moved. */
        conn->space[GN_SPACE_APP].probes++;
    }
    /* RFC 9000 9.5: IDs of paths out of use are retired, and so make room for new ones. */
    if (path == paths->active)
        gn_paths_leave_others(paths, gn_time_after(env->now, 3 * gn_conn_pto_us(conn)));
}

/*
 * RFC 9000 9.3.2: a false path is left for the last one that was proved. If there is none any more
 * the connection ends in silence; but a path that was proved before is not false.
 */
static void
move_retreat(gn_conn *conn, const gn_env *env, bool was_proved)
{
    gn_paths *paths = &conn->paths;

    if (paths->fallback == GN_PATH_NONE || !paths->at[paths->fallback].proved) {
        /* [R-9000-9.3.2-2] */
        if (!was_proved)
            gn_close_on_silence(&conn->close, GN_CLOSE_NO_PATH, env->now);
        return;
    }
    /* [R-9000-9.3.2-1] */
    move_switch(conn, env, paths->fallback);
}

void
gn_conn_move_on_tick(gn_conn *conn, const gn_env *env)
{
    gn_paths *paths = &conn->paths;
    /* What carries no datagrams of 1200 bytes is no path, and nothing to stay on. */
    const bool was_proved = gn_paths_active(paths)->proved && !gn_paths_active(paths)->for_size;
    bool retreat = false;

    for (uint8_t i = 0; i < GN_PATHS_MAX; i++) {
        if (!gn_path_on_tick(&paths->at[i], env->now))
            continue;
        move_note(conn, env, i, GN_PATH_FAILED);
        /* A preferred address, too. [R-9000-9.6.1-1] */
        paths->at[i].wanted = GN_PATH_UNASKED;
        /* RFC 9000 9.5: a path that leads nowhere does not keep an ID. One that is too small is
         * remembered, lest the peer be met there again. */
        if (!gn_path_too_small(&paths->at[i]))
            paths->at[i].leave_at = env->now;
        if (paths->fallback == i)
            paths->fallback = GN_PATH_NONE;
        retreat |= i == paths->active;
    }
    if (retreat)
        move_retreat(conn, env, was_proved);
    for (uint8_t i = gn_paths_left(paths, env->now); i != GN_PATH_NONE;
         i = gn_paths_left(paths, env->now))
        move_drop(conn, env, i);
}

/* The path's ID is going away: another one, if there is any. */
static void
move_replace(gn_conn *conn, uint8_t index)
{
    gn_path *path = &conn->paths.at[index];

    if (path->state == GN_PATH_FREE || !gn_peer_cids_revoked(&conn->peer_cids, path->peer_cid))
        return;
    const uint8_t fresh = gn_peer_cids_take(&conn->peer_cids);
    if (fresh == GN_PEER_CID_NONE && index == conn->paths.active)
        return; /* better an ID that is going away than none: another one will come */
    gn_peer_cids_give(&conn->peer_cids, path->peer_cid);
    path->peer_cid = fresh;
    /* RFC 9000 9.5: a client does not test a path with another path's ID. */
    if (fresh == GN_PEER_CID_NONE && !conn->is_server)
        gn_path_abandon(path);
}

gn_err
gn_conn_move_renew(gn_conn *conn)
{
    gn_path *path = gn_paths_active(&conn->paths);

    if (gn_peer_cids_empty(&conn->peer_cids))
        return GN_ERR_STATE;
    const uint8_t fresh = gn_peer_cids_take(&conn->peer_cids);
    if (fresh == GN_PEER_CID_NONE)
        return GN_ERR_FULL;
    gn_peer_cids_give(&conn->peer_cids, path->peer_cid);
    path->peer_cid = fresh;
    return GN_OK;
}

/* [R-9000-5.1.2-1] */
void
gn_conn_move_replace_revoked(gn_conn *conn)
{
    move_replace(conn, conn->paths.active);
    for (uint8_t i = 0; i < GN_PATHS_MAX; i++)
        if (i != conn->paths.active)
            move_replace(conn, i);
}
