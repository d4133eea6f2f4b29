/*
 * conn_api.c: see conn_api.h.
 */
#include "conn/conn_api.h"

#include "conn/conn_plan_datagrams.h"
#include "stream/stream_app.h"
#include "wire/varint.h"

/* Streams are for the time from 0-RTT or the end of the handshake to that of the connection. */
static bool
api_may_stream(const gn_conn *conn)
{
    return (conn->handshake.complete || gn_early_may_stream(&conn->early)) && gn_conn_is_open(conn);
}

gn_err
gn_conn_api_open_stream(gn_conn *conn, const gn_env *env, bool unidirectional, uint64_t *stream)
{
    if (!api_may_stream(conn))
        return GN_ERR_STATE;
    const gn_err err = gn_stream_app_open(&conn->streams, env->pools,
                                          unidirectional ? GN_STREAM_UNI : GN_STREAM_BIDI, stream);
    return err == GN_ERR_NONE ? GN_ERR_FULL : err;
}

gn_err
gn_conn_api_send_stream(gn_conn *conn, const gn_env *env, uint64_t stream, gn_span bytes, bool fin,
                        size_t *taken)
{
    if (!api_may_stream(conn))
        return GN_ERR_STATE;
    return gn_stream_app_write(&conn->streams, env->pools, stream, bytes, fin,
                               env->config->send_buffer_bytes, taken);
}

gn_err
gn_conn_api_set_priority(gn_conn *conn, const gn_env *env, uint64_t stream, int32_t priority)
{
    if (!gn_conn_is_open(conn))
        return GN_ERR_STATE;
    const uint32_t at = gn_stream_set_find(&conn->streams, env->pools, stream);
    if (at != GN_POOL_NONE && !gn_stream_sending(gn_stream_set_at(env->pools, at)))
        return GN_ERR_STATE;
    return gn_stream_app_prioritise(&conn->streams, env->pools, stream, priority);
}

gn_err
gn_conn_api_reset_stream(gn_conn *conn, const gn_env *env, uint64_t stream, uint64_t code)
{
    if (code > GN_VARINT_MAX)
        return GN_ERR_RANGE;
    if (!api_may_stream(conn))
        return GN_ERR_STATE;
    return gn_stream_app_reset(&conn->streams, env->pools, stream, code);
}

gn_err
gn_conn_api_stop_stream(gn_conn *conn, const gn_env *env, uint64_t stream, uint64_t code)
{
    if (code > GN_VARINT_MAX)
        return GN_ERR_RANGE;
    if (!api_may_stream(conn))
        return GN_ERR_STATE;
    return gn_stream_app_stop(&conn->streams, env->pools, stream, code);
}

/* RFC 9221 3: whether the peer takes any is known when its parameters are. [R-9221-3-1] */
static bool
api_may_datagram(const gn_conn *conn)
{
    return api_may_stream(conn);
}

gn_err
gn_conn_api_send_datagram(gn_conn *conn, const gn_env *env, const gn_send_datagram *datagram)
{
    const gn_datagram_note note = {
        .id = datagram->id, .expires_at = datagram->expires_at, .priority = datagram->priority};
    size_t room = 0;

    if (!api_may_datagram(conn))
        return GN_ERR_STATE;
    const gn_err err = gn_conn_plan_datagrams_room(conn, &room);
    if (err != GN_OK)
        return err;
    if (datagram->len > room)
        return GN_ERR_RANGE;
    return gn_datagrams_out_push(
        &conn->datagrams_out, env->pools.chunks, &note, gn_span_of(datagram->bytes, datagram->len),
        env->config->datagram_queue_count, env->config->datagram_queue_bytes);
}

gn_err
gn_conn_api_close(gn_conn *conn, const gn_env *env, uint64_t code, const char *reason,
                  size_t reason_len)
{
    if (code > GN_VARINT_MAX)
        return GN_ERR_RANGE;
    if (!gn_conn_is_open(conn))
        return GN_ERR_STATE;
    gn_close_on_request(&conn->close, code, reason, reason_len, env->now, 3 * gn_conn_pto_us(conn));
    return GN_OK;
}

gn_err
gn_conn_api_key_update(gn_conn *conn, const gn_env *env)
{
    if (!gn_conn_is_open(conn))
        return GN_ERR_STATE;
    return gn_keys_update(env->suite, env->keys, &conn->space[GN_SPACE_APP].keys,
                          conn->handshake.confirmed, env->now);
}
