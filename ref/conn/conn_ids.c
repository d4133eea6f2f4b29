/*
 * conn_ids.c: see conn_ids.h.
 */
#include "conn/conn_ids.h"

#include "base/assert.h"
#include "conn/conn_life.h"
#include "conn/conn_move.h"

/* [R-9000-5.1-3] */
gn_err
gn_conn_ids_map_route(const gn_conn *conn, const gn_env *env, gn_route route)
{
    if (!gn_local_cids_empty(&conn->local_cids))
        return GN_OK;
    const gn_cid name = gn_route_name_of(env->route_names, route);
    return gn_cid_map_add(env->cids, &name, env->slot);
}

void
gn_conn_ids_unmap_route(const gn_conn *conn, const gn_env *env, gn_route route)
{
    if (!gn_local_cids_empty(&conn->local_cids))
        return;
    const gn_cid name = gn_route_name_of(env->route_names, route);
    /* A connection that could not begin, because the route is another's, leaves it alone. */
    if (gn_cid_map_find(env->cids, &name) == env->slot)
        gn_cid_map_cut(env->cids, &name);
}

bool
gn_conn_ids_may_use(const gn_conn *conn, const gn_env *env, gn_route route)
{
    if (!gn_local_cids_empty(&conn->local_cids))
        return true;
    const gn_cid name = gn_route_name_of(env->route_names, route);
    const uint32_t owner = gn_cid_map_find(env->cids, &name);
    return owner == GN_CID_MAP_FREE || owner == env->slot;
}

void
gn_conn_ids_begin(gn_conn *conn, const gn_env *env)
{
    conn->rotation = (gn_rotation){.at = env->now, .packets = conn->counters.packets_sent};
}

/*
 * RFC 9000 9.5: should a NAT give us another address meanwhile, the peer answers another ID with
 * another one, and cannot before it has one.
 */
static gn_err
ids_renew(gn_conn *conn)
{
    const uint64_t used = gn_paths_active(&conn->paths)->local_seq;

    return gn_local_cids_peer_has_spare(&conn->local_cids, used) ? gn_conn_move_renew(conn)
                                                                 : GN_ERR_FULL;
}

gn_err
gn_conn_ids_rotate(gn_conn *conn, const gn_env *env)
{
    if (!conn->handshake.confirmed || !gn_conn_is_open(conn))
        return GN_ERR_STATE;
    const gn_err ours = gn_local_cids_rotate(&conn->local_cids, gn_conn_life_cid_room(env),
                                             conn->space[GN_SPACE_APP].acks.told_to);
    const gn_err theirs = ids_renew(conn);
    gn_conn_ids_begin(conn, env);
    if (ours == GN_OK || theirs == GN_OK)
        return GN_OK;
    return ours == GN_ERR_STATE ? theirs : ours;
}

/* What a change of IDs takes itself must not call for the next one: who is silent stays so. */
static bool
ids_used(const gn_conn *conn)
{
    return conn->counters.packets_sent - conn->rotation.packets > GN_CONN_IDS_OWN_PACKETS;
}

/* RFC 9000 5.1.2: the change before takes about a round trip; more often is in vain. */
static gn_time
ids_soonest(const gn_conn *conn)
{
    return gn_time_after(conn->rotation.at, 3 * gn_conn_pto_us(conn));
}

gn_time
gn_conn_ids_deadline(const gn_conn *conn, const gn_env *env)
{
    if (!conn->handshake.confirmed || env->config->rotate_ids_us == 0 || !ids_used(conn))
        return GN_NEVER;
    const gn_time at = gn_time_after(conn->rotation.at, env->config->rotate_ids_us);
    return at > ids_soonest(conn) ? at : ids_soonest(conn);
}

void
gn_conn_ids_on_tick(gn_conn *conn, const gn_env *env)
{
    const uint64_t packets = conn->counters.packets_sent - conn->rotation.packets;
    const uint64_t most = env->config->rotate_ids_packets;

    if (!conn->handshake.confirmed)
        return;
    if (gn_conn_ids_deadline(conn, env) > env->now &&
        (most == 0 || packets < most || env->now < ids_soonest(conn)))
        return;
    /* Nothing to change to: it is tried again as long after. */
    const gn_err err = gn_conn_ids_rotate(conn, env);
    GN_ASSERT(err == GN_OK || err == GN_ERR_STATE || err == GN_ERR_FULL);
}
