/*
 * conn_end.c: see conn_end.h.
 */
#include "conn/conn_end.h"

#include "base/assert.h"
#include "conn/conn_delivery.h"

void
gn_conn_end_release(gn_conn *conn, const gn_env *env)
{
    for (int i = 0; i < GN_SPACES; i++) {
        gn_loss_lost gone;
        gn_loss_discard(&conn->loss, env->sent, (gn_space_id)i, env->now, &gone);
        gn_conn_delivery_forget(conn, env, &gone);
        gn_send_buf_wipe(&conn->space[i].crypto_out, env->pools.chunks);
        gn_recv_buf_wipe(&conn->space[i].crypto_in, env->pools.chunks);
    }
    gn_held_wipe(&conn->held, env->held);
    gn_early_wipe(&conn->early, env->keys, env->pools.chunks);
    gn_stream_set_wipe(&conn->streams, env->pools);
    gn_datagrams_out_wipe(&conn->datagrams_out, env->pools.chunks);
    gn_datagrams_in_wipe(&conn->datagrams_in, env->pools.chunks);
    gn_datagram_fates_wipe(&conn->fates, env->sent);
    env->tls->session_free(conn->handshake.tls);
    conn->handshake.tls = NULL;
}

void
gn_conn_end_release_keys(gn_conn *conn, const gn_env *env)
{
    for (int i = 0; i < GN_SPACES; i++)
        gn_keys_discard(env->keys, &conn->space[i].keys);
    gn_keys_discard(env->keys, &conn->original_keys);
}

void
gn_conn_end_lighten(gn_conn *conn, const gn_env *env)
{
    GN_ASSERT(!gn_conn_is_open(conn) && conn->close.told);
    gn_conn_end_release(conn, env);
    /* RFC 9000 10.2.2: while draining not even a close is answered. */
    if (conn->close.phase != GN_CLOSE_CLOSING)
        gn_conn_end_release_keys(conn, env);
}
