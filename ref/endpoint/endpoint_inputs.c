/*
 * endpoint_inputs.c: the inputs of gnomon.h: what the caller tells an endpoint.
 */

#include <string.h>

#include "base/assert.h"
#include "conn/conn_api.h"
#include "conn/conn_life.h"
#include "conn/conn_move.h"
#include "conn/conn_tick.h"
#include "endpoint/endpoint.h"
#include "endpoint/route.h"

gn_err
gn_endpoint_connect(gn_endpoint *ep, const gn_connect *connect, gn_time now, gn_connection *out)
{
    if (connect == NULL || out == NULL || connect->size < sizeof *connect)
        return GN_ERR_CONFIG;
    if (ep->config.role != GN_ROLE_CLIENT)
        return GN_ERR_STATE;
    if ((connect->token == NULL && connect->token_len > 0) || connect->token_len > GN_TOKEN_MAX)
        return GN_ERR_CONFIG;
    if (connect->server_name == NULL
            ? ep->config.verify_peer
            : memchr(connect->server_name, '\0', GN_TLS_SERVER_NAME_MAX + 1) == NULL)
        return GN_ERR_CONFIG;
    gn_err err = gn_endpoint_advance(ep, now);
    if (err != GN_OK)
        return err;

    gn_connection handle = 0;
    const uint32_t slot = gn_endpoint_take_seat(ep, &handle);
    if (slot == GN_POOL_NONE)
        return GN_ERR_FULL;
    const gn_env env = gn_endpoint_env(ep, slot);
    err = gn_conn_life_connect(&gn_endpoint_seat(ep, slot)->conn, &env, handle, connect);
    if (err != GN_OK) {
        gn_endpoint_give_seat(ep, slot);
        return err;
    }
    gn_endpoint_enqueue(ep, slot);
    *out = handle;
    return GN_OK;
}

gn_err
gn_endpoint_receive(gn_endpoint *ep, const gn_datagram *datagram, gn_time now)
{
    if (datagram == NULL || datagram->size < sizeof *datagram ||
        (datagram->bytes == NULL && datagram->len > 0) || datagram->ecn > GN_MARK_CE)
        return GN_ERR_CONFIG;
    const gn_err err = gn_endpoint_advance(ep, now);
    if (err == GN_OK)
        gn_route_datagram(ep, datagram);
    return err;
}

gn_err
gn_endpoint_timeout(gn_endpoint *ep, gn_time now)
{
    const gn_err err = gn_endpoint_advance(ep, now);
    uint32_t slot = 0;

    if (err != GN_OK)
        return err;
    /* Each turn takes one connection out of the heap: no more turns than connections. */
    while (gn_schedule_first(gn_endpoint_schedule(ep), &slot) <= now) {
        const gn_env env = gn_endpoint_env(ep, slot);
        gn_conn_tick_timeout(&gn_endpoint_seat(ep, slot)->conn, &env);
        gn_endpoint_enqueue(ep, slot);
    }
    return GN_OK;
}

/* The connection an input is for, at its time, and in the line for what follows. */
static gn_err
inputs_begin(gn_endpoint *ep, gn_connection connection, gn_time now, gn_env *env, gn_conn **conn)
{
    const gn_err err = gn_endpoint_advance(ep, now);

    if (err != GN_OK)
        return err;
    const uint32_t slot = gn_endpoint_slot(ep, connection);
    if (slot == GN_POOL_NONE)
        return GN_ERR_NONE;
    *env = gn_endpoint_env(ep, slot);
    *conn = &gn_endpoint_seat(ep, slot)->conn;
    gn_endpoint_enqueue(ep, slot);
    return GN_OK;
}

gn_err
gn_connection_open_stream(gn_endpoint *ep, gn_connection connection, bool unidirectional,
                          gn_time now, uint64_t *stream)
{
    gn_env env;
    gn_conn *conn;
    const gn_err err = inputs_begin(ep, connection, now, &env, &conn);

    return err != GN_OK ? err : gn_conn_api_open_stream(conn, &env, unidirectional, stream);
}

gn_err
gn_connection_send_stream(gn_endpoint *ep, gn_connection connection, uint64_t stream,
                          const uint8_t *bytes, size_t len, bool fin, gn_time now, size_t *taken)
{
    gn_env env;
    gn_conn *conn;

    if (taken == NULL || (bytes == NULL && len > 0))
        return GN_ERR_CONFIG;
    const gn_err err = inputs_begin(ep, connection, now, &env, &conn);
    if (err != GN_OK)
        return err;
    return gn_conn_api_send_stream(conn, &env, stream, gn_span_of(bytes, len), fin, taken);
}

gn_err
gn_connection_reset_stream(gn_endpoint *ep, gn_connection connection, uint64_t stream,
                           uint64_t code, gn_time now)
{
    gn_env env;
    gn_conn *conn;
    const gn_err err = inputs_begin(ep, connection, now, &env, &conn);

    return err != GN_OK ? err : gn_conn_api_reset_stream(conn, &env, stream, code);
}

gn_err
gn_connection_stop_stream(gn_endpoint *ep, gn_connection connection, uint64_t stream, uint64_t code,
                          gn_time now)
{
    gn_env env;
    gn_conn *conn;
    const gn_err err = inputs_begin(ep, connection, now, &env, &conn);

    return err != GN_OK ? err : gn_conn_api_stop_stream(conn, &env, stream, code);
}

void
gn_send_datagram_default(gn_send_datagram *datagram)
{
    *datagram = (gn_send_datagram){.size = sizeof *datagram, .expires_at = GN_NEVER};
}

gn_err
gn_connection_send_datagram(gn_endpoint *ep, gn_connection connection,
                            const gn_send_datagram *datagram, gn_time now)
{
    gn_env env;
    gn_conn *conn;

    if (datagram == NULL || datagram->size < sizeof *datagram ||
        (datagram->bytes == NULL && datagram->len > 0))
        return GN_ERR_CONFIG;
    const gn_err err = inputs_begin(ep, connection, now, &env, &conn);
    return err != GN_OK ? err : gn_conn_api_send_datagram(conn, &env, datagram);
}

gn_err
gn_connection_close(gn_endpoint *ep, gn_connection connection, uint64_t code, const char *reason,
                    size_t reason_len, gn_time now)
{
    gn_env env;
    gn_conn *conn;

    if (reason == NULL && reason_len > 0)
        return GN_ERR_CONFIG;
    const gn_err err = inputs_begin(ep, connection, now, &env, &conn);
    return err != GN_OK ? err : gn_conn_api_close(conn, &env, code, reason, reason_len);
}

gn_err
gn_connection_migrate(gn_endpoint *ep, gn_connection connection, gn_route route, gn_time now)
{
    gn_env env;
    gn_conn *conn;
    const gn_err err = inputs_begin(ep, connection, now, &env, &conn);

    return err != GN_OK ? err : gn_conn_move_to(conn, &env, route);
}

gn_err
gn_connection_key_update(gn_endpoint *ep, gn_connection connection, gn_time now)
{
    gn_env env;
    gn_conn *conn;
    const gn_err err = inputs_begin(ep, connection, now, &env, &conn);

    return err != GN_OK ? err : gn_conn_api_key_update(conn, &env);
}
