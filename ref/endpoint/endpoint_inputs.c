/*
 * endpoint_inputs.c: the inputs of gnomon.h: what the caller tells an endpoint.
 */
#include <string.h>

#include "base/assert.h"
#include "conn/conn_api.h"
#include "conn/conn_ids.h"
#include "conn/conn_life.h"
#include "conn/conn_move.h"
#include "conn/conn_refusal.h"
#include "conn/conn_tick.h"
#include "conn/quote.h"
#include "endpoint/endpoint.h"
#include "endpoint/refusal.h"
#include "endpoint/route.h"
#include "endpoint/struct_size.h"

/* What a call that is refused says of itself, where there is an endpoint. */
static gn_local_error *
inputs_error(gn_endpoint *ep)
{
    return ep == NULL ? NULL : &ep->refused;
}

/* The clock, and a clean slate. */
static gn_err
inputs_advance(gn_endpoint *ep, gn_time now)
{
    const gn_err err = gn_endpoint_advance(ep, now);

    if (err != GN_OK)
        return gn_refusal_argument(&ep->refused, err, "now");
    gn_refusal_clear(&ep->refused);
    return GN_OK;
}

static bool
inputs_cid_ok(const uint8_t *bytes, size_t len, size_t least, size_t most)
{
    return bytes == NULL ? len == 0 : len >= least && len <= most;
}

/* Which field of a complete struct cannot be, or NULL. */
static const char *
inputs_connect_fault(const gn_config *config, const gn_connect *c)
{
    if ((c->token == NULL && c->token_len > 0) || c->token_len > GN_TOKEN_MAX)
        return "gn_connect.token";
    if (c->resumption_state == NULL && c->resumption_state_len > 0)
        return "gn_connect.resumption_state";
    if (c->server_name == NULL ? config->verify_peer
                               : memchr(c->server_name, '\0', GN_TLS_SERVER_NAME_MAX + 1) == NULL)
        return "gn_connect.server_name";
    if (!inputs_cid_ok(c->source_cid, c->source_cid_len, config->cid_len, config->cid_len))
        return "gn_connect.source_cid";
    /* [R-9000-7.2-1] */
    if (!inputs_cid_ok(c->initial_dcid, c->initial_dcid_len, 8, GN_CID_MAX))
        return "gn_connect.initial_dcid";
    /* RFC 9000 17.2.5.2: what comes after a Retry goes to the ID that it came from, with its token.
     */
    if (!inputs_cid_ok(c->original_dcid, c->original_dcid_len, 8, GN_CID_MAX) ||
        (c->original_dcid != NULL && (c->initial_dcid == NULL || c->token_len == 0)))
        return "gn_connect.original_dcid";
    if (c->version != 0 && !gn_negotiation_speaks(config->versions, c->version))
        return "gn_connect.version";
    return NULL;
}

static gn_err
inputs_connect(gn_endpoint *ep, const gn_connect *connect, gn_connection *out)
{
    gn_connection handle = 0;
    const uint32_t slot = gn_endpoint_take_seat(ep, &handle);

    if (slot == GN_POOL_NONE)
        return gn_refusal_set(&ep->refused, GN_ERR_FULL, 0, "gn_limits.connections are in use");
    const gn_env env = gn_endpoint_env(ep, slot);
    const gn_err err =
        gn_conn_life_connect(&gn_endpoint_seat(ep, slot)->conn, &env, handle, connect);
    if (err != GN_OK) {
        gn_endpoint_give_seat(ep, slot);
        if (err == GN_ERR_FORM)
            return gn_refusal_argument(&ep->refused, err, "gn_connect.resumption_state");
        return err == GN_ERR_CONFIG
                   ? gn_refusal_argument(&ep->refused, err, "gn_connect.server_name")
                   : gn_refusal_set(&ep->refused, err, 0, "the connection could not be made");
    }
    gn_endpoint_enqueue(ep, slot);
    *out = handle;
    return GN_OK;
}

gn_err
gn_endpoint_connect(gn_endpoint *ep, const gn_connect *given, gn_time now, gn_connection *out)
{
    gn_connect connect;

    if (out != NULL)
        *out = 0;
    if (ep == NULL || out == NULL || given == NULL)
        return gn_refusal_argument(inputs_error(ep), GN_ERR_CONFIG,
                                   out == NULL ? "out" : "connect");
    if (!gn_struct_size_known(GN_STRUCT_CONNECT, given->size))
        return gn_refusal_argument(&ep->refused, GN_ERR_CONFIG, "gn_connect.size");
    if (ep->config.role != GN_ROLE_CLIENT)
        return gn_refusal_set(&ep->refused, GN_ERR_STATE, 0, "a server does not connect");
    gn_connect_default(&connect);
    memcpy(&connect, given, given->size);
    connect.size = sizeof connect;
    const char *fault = inputs_connect_fault(&ep->config, &connect);
    if (fault != NULL)
        return gn_refusal_argument(&ep->refused, GN_ERR_CONFIG, fault);
    const gn_err err = inputs_advance(ep, now);
    return err != GN_OK ? err : inputs_connect(ep, &connect, out);
}

gn_err
gn_endpoint_receive(gn_endpoint *ep, const gn_datagram *datagram, gn_time now)
{
    if (ep == NULL || datagram == NULL)
        return gn_refusal_argument(inputs_error(ep), GN_ERR_CONFIG, "datagram");
    if (!gn_struct_size_known(GN_STRUCT_DATAGRAM, datagram->size))
        return gn_refusal_argument(&ep->refused, GN_ERR_CONFIG, "gn_datagram.size");
    if (datagram->bytes == NULL && datagram->len > 0)
        return gn_refusal_argument(&ep->refused, GN_ERR_CONFIG, "gn_datagram.bytes");
    if (datagram->ecn > GN_MARK_CE)
        return gn_refusal_argument(&ep->refused, GN_ERR_CONFIG, "gn_datagram.ecn");
    const gn_err err = inputs_advance(ep, now);
    if (err == GN_OK)
        gn_route_datagram(ep, datagram);
    return err;
}

gn_err
gn_endpoint_timeout(gn_endpoint *ep, gn_time now)
{
    const gn_err err = ep == NULL ? GN_ERR_CONFIG : inputs_advance(ep, now);
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
    const gn_err err = ep == NULL ? GN_ERR_CONFIG : inputs_advance(ep, now);

    if (err != GN_OK)
        return err;
    const uint32_t slot = gn_endpoint_slot(ep, connection);
    if (slot == GN_POOL_NONE)
        return gn_refusal_set(&ep->refused, GN_ERR_NONE, connection, "there is no such connection");
    *env = gn_endpoint_env(ep, slot);
    *conn = &gn_endpoint_seat(ep, slot)->conn;
    gn_endpoint_enqueue(ep, slot);
    return GN_OK;
}

/* What the connection answered; a refusal is looked into. */
static gn_err
inputs_end(gn_endpoint *ep, const gn_env *env, const gn_conn *conn, gn_refused_call call,
           uint64_t stream, gn_err err)
{
    if (err != GN_OK)
        gn_conn_refusal_of(conn, env, call, stream, err, &ep->refused);
    return err;
}

/* The same for a stream that was named, also where no connection was found. */
static gn_err
inputs_no_connection(gn_endpoint *ep, uint64_t stream, gn_err err)
{
    if (ep != NULL && err == GN_ERR_NONE)
        ep->refused.stream = stream;
    return err;
}

gn_err
gn_connection_open_stream(gn_endpoint *ep, gn_connection connection, bool unidirectional,
                          gn_time now, uint64_t *stream)
{
    gn_env env;
    gn_conn *conn = NULL;

    if (stream == NULL)
        return gn_refusal_argument(inputs_error(ep), GN_ERR_CONFIG, "stream");
    *stream = 0;
    gn_err err = inputs_begin(ep, connection, now, &env, &conn);
    if (err != GN_OK)
        return err;
    err = gn_conn_api_open_stream(conn, &env, unidirectional, stream);
    return inputs_end(ep, &env, conn, unidirectional ? GN_REFUSED_OPEN_UNI : GN_REFUSED_OPEN_BIDI,
                      GN_STREAM_NONE, err);
}

gn_err
gn_connection_send_stream(gn_endpoint *ep, gn_connection connection, uint64_t stream,
                          const uint8_t *bytes, size_t len, bool fin, gn_time now, size_t *taken)
{
    gn_env env;
    gn_conn *conn = NULL;

    if (taken != NULL)
        *taken = 0;
    if (taken == NULL || (bytes == NULL && len > 0))
        return gn_refusal_argument(inputs_error(ep), GN_ERR_CONFIG,
                                   taken == NULL ? "taken" : "bytes");
    gn_err err = inputs_begin(ep, connection, now, &env, &conn);
    if (err != GN_OK)
        return inputs_no_connection(ep, stream, err);
    err = gn_conn_api_send_stream(conn, &env, stream, gn_span_of(bytes, len), fin, taken);
    return inputs_end(ep, &env, conn, len > 0 ? GN_REFUSED_SEND : GN_REFUSED_SEND_NONE, stream,
                      err);
}

gn_err
gn_connection_set_priority(gn_endpoint *ep, gn_connection connection, uint64_t stream,
                           int32_t priority, gn_time now)
{
    gn_env env;
    gn_conn *conn = NULL;
    gn_err err = inputs_begin(ep, connection, now, &env, &conn);

    if (err != GN_OK)
        return inputs_no_connection(ep, stream, err);
    err = gn_conn_api_set_priority(conn, &env, stream, priority);
    return inputs_end(ep, &env, conn, GN_REFUSED_SEND_NONE, stream, err);
}

gn_err
gn_connection_reset_stream(gn_endpoint *ep, gn_connection connection, uint64_t stream,
                           uint64_t code, gn_time now)
{
    gn_env env;
    gn_conn *conn = NULL;
    gn_err err = inputs_begin(ep, connection, now, &env, &conn);

    if (err != GN_OK)
        return inputs_no_connection(ep, stream, err);
    err = gn_conn_api_reset_stream(conn, &env, stream, code);
    return inputs_end(ep, &env, conn, GN_REFUSED_RESET, stream, err);
}

gn_err
gn_connection_stop_stream(gn_endpoint *ep, gn_connection connection, uint64_t stream, uint64_t code,
                          gn_time now)
{
    gn_env env;
    gn_conn *conn = NULL;
    gn_err err = inputs_begin(ep, connection, now, &env, &conn);

    if (err != GN_OK)
        return inputs_no_connection(ep, stream, err);
    err = gn_conn_api_stop_stream(conn, &env, stream, code);
    return inputs_end(ep, &env, conn, GN_REFUSED_STOP, stream, err);
}

gn_err
gn_connection_send_datagram(gn_endpoint *ep, gn_connection connection,
                            const gn_send_datagram *datagram, gn_time now)
{
    gn_env env;
    gn_conn *conn = NULL;

    if (datagram == NULL)
        return gn_refusal_argument(inputs_error(ep), GN_ERR_CONFIG, "datagram");
    if (!gn_struct_size_known(GN_STRUCT_SEND_DATAGRAM, datagram->size))
        return gn_refusal_argument(inputs_error(ep), GN_ERR_CONFIG, "gn_send_datagram.size");
    if (datagram->bytes == NULL && datagram->len > 0)
        return gn_refusal_argument(inputs_error(ep), GN_ERR_CONFIG, "gn_send_datagram.bytes");
    gn_err err = inputs_begin(ep, connection, now, &env, &conn);
    if (err != GN_OK)
        return err;
    err = gn_conn_api_send_datagram(conn, &env, datagram);
    return inputs_end(ep, &env, conn, GN_REFUSED_SEND_DATAGRAM, GN_STREAM_NONE, err);
}

gn_err
gn_connection_close(gn_endpoint *ep, gn_connection connection, uint64_t code, const char *reason,
                    size_t reason_len, gn_time now)
{
    gn_env env;
    gn_conn *conn = NULL;

    if (reason == NULL && reason_len > 0)
        return gn_refusal_argument(inputs_error(ep), GN_ERR_CONFIG, "reason");
    gn_err err = inputs_begin(ep, connection, now, &env, &conn);
    if (err != GN_OK)
        return err;
    err = gn_conn_api_close(conn, &env, code, reason, reason_len);
    return inputs_end(ep, &env, conn, GN_REFUSED_CLOSE, GN_STREAM_NONE, err);
}

gn_err
gn_connection_migrate(gn_endpoint *ep, gn_connection connection, gn_route route, gn_time now)
{
    gn_env env;
    gn_conn *conn = NULL;
    gn_err err = inputs_begin(ep, connection, now, &env, &conn);

    if (err != GN_OK)
        return err;
    err = gn_conn_move_to(conn, &env, &(gn_move){.route = route, .reason = GN_MOVE_ACTIVE});
    return inputs_end(ep, &env, conn, GN_REFUSED_MIGRATE, GN_STREAM_NONE, err);
}

gn_err
gn_connection_rotate_ids(gn_endpoint *ep, gn_connection connection, gn_time now)
{
    gn_env env;
    gn_conn *conn = NULL;
    gn_err err = inputs_begin(ep, connection, now, &env, &conn);

    if (err != GN_OK)
        return err;
    err = gn_conn_ids_rotate(conn, &env);
    return inputs_end(ep, &env, conn, GN_REFUSED_ROTATE_IDS, GN_STREAM_NONE, err);
}

gn_err
gn_connection_move(gn_endpoint *ep, gn_connection connection, const gn_move *move, gn_time now)
{
    gn_env env;
    gn_conn *conn = NULL;

    if (move == NULL)
        return gn_refusal_argument(inputs_error(ep), GN_ERR_CONFIG, "move");
    if (!gn_struct_size_known(GN_STRUCT_MOVE, move->size))
        return gn_refusal_argument(inputs_error(ep), GN_ERR_CONFIG, "gn_move.size");
    if (move->reason >= GN_MOVE_KINDS)
        return gn_refusal_argument(inputs_error(ep), GN_ERR_CONFIG, "gn_move.reason");
    gn_err err = inputs_begin(ep, connection, now, &env, &conn);
    if (err != GN_OK)
        return err;
    err = gn_conn_move_to(conn, &env, move);
    return inputs_end(ep, &env, conn, GN_REFUSED_MIGRATE, GN_STREAM_NONE, err);
}

/* The path by which the quoted packet went, and its connection; GN_PATH_NONE: nobody sent it. */
static uint8_t
inputs_quoted(gn_endpoint *ep, const gn_path_mtu *mtu, gn_conn **conn)
{
    const gn_span quoted = gn_span_of(mtu->quoted, mtu->quoted_len);

    for (uint32_t slot = 0; slot < ep->seats.fresh; slot++) {
        *conn = &gn_endpoint_seat(ep, slot)->conn;
        if ((*conn)->handle == 0 || !gn_conn_is_open(*conn))
            continue;
        const uint8_t path = gn_paths_find(&(*conn)->paths, mtu->route);
        if (path != GN_PATH_NONE && gn_quote_is_ours(*conn, path, quoted))
            return path;
    }
    return GN_PATH_NONE;
}

gn_err
gn_endpoint_path_mtu(gn_endpoint *ep, const gn_path_mtu *mtu, gn_time now)
{
    gn_conn *conn = NULL;

    if (ep == NULL || mtu == NULL)
        return gn_refusal_argument(inputs_error(ep), GN_ERR_CONFIG, "mtu");
    if (!gn_struct_size_known(GN_STRUCT_PATH_MTU, mtu->size))
        return gn_refusal_argument(&ep->refused, GN_ERR_CONFIG, "gn_path_mtu.size");
    if (mtu->quoted == NULL && mtu->quoted_len > 0)
        return gn_refusal_argument(&ep->refused, GN_ERR_CONFIG, "gn_path_mtu.quoted");
    const gn_err err = inputs_advance(ep, now);
    if (err != GN_OK)
        return err;
    const uint8_t path = inputs_quoted(ep, mtu, &conn);
    if (path == GN_PATH_NONE)
        return gn_refusal_argument(&ep->refused, GN_ERR_AUTH, "gn_path_mtu.quoted");
    /* RFC 9000 14.2.1 [R-9000-14.2.1-1] */
    if (mtu->max_datagram < GN_DATAGRAM_MIN)
        return gn_refusal_argument(&ep->refused, GN_ERR_RANGE, "gn_path_mtu.max_datagram");
    /* It only ever falls. [R-9000-14.2.1-3] */
    gn_path_limit_datagrams(&conn->paths.at[path], mtu->max_datagram);
    return GN_OK;
}

gn_err
gn_connection_key_update(gn_endpoint *ep, gn_connection connection, gn_time now)
{
    gn_env env;
    gn_conn *conn = NULL;
    gn_err err = inputs_begin(ep, connection, now, &env, &conn);

    if (err != GN_OK)
        return err;
    err = gn_conn_api_key_update(conn, &env);
    return inputs_end(ep, &env, conn, GN_REFUSED_KEY_UPDATE, GN_STREAM_NONE, err);
}
