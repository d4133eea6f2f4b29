/*
 * conn_check.c: see conn_check.h.
 */
#include "conn/conn_check.h"

#include <string.h>

#include "base/assert.h"
#include "base/siphash.h"

/* RFC 9002 B.2: each path's bytes in flight are those of its packets in the logs. */
static void
check_in_flight(const gn_conn *conn, const gn_env *env)
{
    uint64_t bytes[GN_PATHS_MAX] = {0};

    for (int s = 0; s < GN_SPACES; s++) {
        uint32_t at = conn->loss.space[s].log.head;
        while (at != GN_POOL_NONE) {
            const gn_sent *record = gn_sent_at(env->sent, at);
            const gn_path *path = &conn->paths.at[record->path];
            if ((record->flags & GN_SENT_IN_FLIGHT) != 0 && path->epoch == record->path_epoch)
                bytes[record->path] += record->bytes;
            at = record->next;
        }
    }
    for (int i = 0; i < GN_PATHS_MAX; i++)
        GN_ASSERT(conn->paths.at[i].state == GN_PATH_FREE ||
                  conn->paths.at[i].cc.in_flight_bytes == bytes[i]);
}

/* Every path has an ID to send to, and no two paths the same one. */
static void
check_path_cids(const gn_conn *conn)
{
    const gn_paths *paths = &conn->paths;

    GN_ASSERT(paths->at[paths->active].peer_cid != GN_PEER_CID_NONE);
    for (int i = 0; i < GN_PATHS_MAX; i++) {
        const gn_path *path = &paths->at[i];
        if (path->state == GN_PATH_FREE || path->peer_cid == GN_PEER_CID_NONE)
            continue;
        GN_ASSERT(conn->peer_cids.at[path->peer_cid].state == GN_PEER_CID_USED ||
                  conn->peer_cids.at[path->peer_cid].state == GN_PEER_CID_REVOKED);
        for (int k = 0; k < i; k++)
            GN_ASSERT(paths->at[k].state == GN_PATH_FREE ||
                      paths->at[k].peer_cid != path->peer_cid);
    }
}

void
gn_conn_check(const gn_conn *conn, const gn_env *env)
{
    GN_ASSERT(gn_paths_check(&conn->paths));
    GN_ASSERT(gn_local_cids_check(&conn->local_cids));
    GN_ASSERT(gn_peer_cids_check(&conn->peer_cids));
    GN_ASSERT(gn_loss_check(&conn->loss, env->sent));
    /* Of a connection that ends the streams are given back; their IDs stay counted. */
    if (gn_conn_is_open(conn))
        GN_ASSERT(gn_stream_set_check(&conn->streams, env->pools));
    GN_ASSERT(gn_datagrams_out_check(&conn->datagrams_out, env->pools.chunks));
    GN_ASSERT(gn_datagrams_in_check(&conn->datagrams_in, env->pools.chunks));
    GN_ASSERT(gn_datagram_fates_check(&conn->fates, env->sent));
    GN_ASSERT(conn->events.count <= GN_EVENTS_MAX);
    GN_ASSERT(gn_held_check(&conn->held, env->held));
    for (int i = 0; i < GN_SPACES; i++) {
        const gn_space *space = &conn->space[i];
        GN_ASSERT(gn_acks_check(&space->acks));
        GN_ASSERT(gn_send_buf_check(&space->crypto_out, env->pools.chunks));
        GN_ASSERT(gn_recv_buf_check(&space->crypto_in, env->pools.chunks));
        gn_keys_check(&space->keys);
    }
    gn_keys_check(&conn->original_keys);
    GN_ASSERT(gn_version_is_spoken(conn->negotiation.now));
    check_in_flight(conn, env);
    check_path_cids(conn);
    GN_ASSERT(!conn->handshake.confirmed || conn->handshake.complete);
    GN_ASSERT(!conn->handshake.confirmed || conn->space[GN_SPACE_HANDSHAKE].keys.discarded);
}

uint64_t
gn_conn_check_digest(const gn_conn *conn)
{
    static const uint8_t key[GN_SIPHASH_KEY_BYTES] = {0};
    gn_conn copy;

    memcpy(&copy, conn, sizeof copy);
    memset(&copy.counters, 0, sizeof copy.counters);
    copy.handshake.tls = NULL; /* an address */
    copy.original_keys.rx.used = 0;
    for (int i = 0; i < GN_SPACES; i++) {
        copy.space[i].keys.rx.used = 0;
        memset(&copy.space[i].keys.next, 0, sizeof copy.space[i].keys.next);
    }
    for (int i = 0; i < GN_PATHS_MAX; i++)
        copy.paths.at[i].in_bytes = 0;
    copy.early.keys.rx.used = 0;
    /* What comes while we are closing is counted to answer ever more rarely (10.2.1). */
    copy.close.received = 0;
    copy.close.reply_at = 0;
    copy.close.owed = 0;
    /* What waits for its keys is not authentic yet. */
    memset(&copy.held, 0, sizeof copy.held);
    return gn_siphash(key, (const uint8_t *)&copy, sizeof copy);
}
