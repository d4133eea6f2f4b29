/*
 * conn_refusal.c: see conn_refusal.h.
 */
#include "conn/conn_refusal.h"

#include "wire/varint.h"

static void
refusal_say(gn_local_error *out, gn_local_error_code code, const char *why)
{
    out->code = (uint32_t)code;
    out->why = why;
}

/* A stream that has no slot: it is over, or it never was. */
static void
refusal_absent(const gn_conn *conn, const gn_env *env, bool receives, uint64_t id,
               gn_local_error *out)
{
    if (id > GN_VARINT_MAX ||
        gn_stream_ids_standing(&conn->streams.ids, env->pools.chunks, id) != GN_STREAM_OPENED)
        refusal_say(out, GN_LOCAL_INVALID_STREAM_ID, "RFC 9000 2.1: the stream was never opened");
    else if (receives)
        refusal_say(out, GN_LOCAL_RECEIVE_SIDE_CLOSED, "RFC 9000 3.2: all of it was read");
    else
        refusal_say(out, GN_LOCAL_SEND_SIDE_CLOSED, "RFC 9000 3.1: all of it was acknowledged");
}

/* One half of a stream, and why it did not do what was asked. */
static void
refusal_stream(const gn_conn *conn, const gn_env *env, gn_refused_call call, uint64_t id,
               gn_local_error *out)
{
    const bool receives = call == GN_REFUSED_STOP;
    const bool local = gn_stream_ids_is_local(&conn->streams.ids, id);

    if (id <= GN_VARINT_MAX && gn_stream_id_is_uni(id) && local == receives) {
        refusal_say(out, GN_LOCAL_INVALID_STREAM_DIRECTION,
                    "RFC 9000 2.1: the stream has no such half here");
        return;
    }
    const uint32_t at =
        id > GN_VARINT_MAX ? GN_POOL_NONE : gn_stream_set_find(&conn->streams, env->pools, id);
    if (at == GN_POOL_NONE) {
        refusal_absent(conn, env, receives, id, out);
        return;
    }
    const gn_stream *s = gn_stream_set_at(env->pools, at);
    if (receives)
        refusal_say(out, GN_LOCAL_RECEIVE_SIDE_CLOSED,
                    "RFC 9000 3.2: it was stopped, or all of it is here");
    else if (call == GN_REFUSED_SEND && gn_stream_sending(s))
        refusal_say(out, GN_LOCAL_FINAL_SIZE_CONFLICT,
                    "RFC 9000 4.5: the stream's end was given before");
    else
        refusal_say(out, GN_LOCAL_SEND_SIDE_CLOSED, "RFC 9000 3.1: it was ended or reset");
}

/* What follows from err alone. */
static void
refusal_plain(gn_err err, gn_local_error *out)
{
    switch (err) {
    case GN_ERR_FULL: refusal_say(out, GN_LOCAL_NO_ROOM, "gn_limits: the room is in use"); break;
    case GN_ERR_RANGE:
        refusal_say(out, GN_LOCAL_INVALID_ARGUMENT, "RFC 9000 16: no integer of the protocol");
        out->field = "code";
        break;
    default:
        refusal_say(out, GN_LOCAL_UNSUPPORTED_OPERATION,
                    "the connection cannot do that at this moment");
        break;
    }
}

static void
refusal_open(const gn_conn *conn, uint32_t kind, gn_err err, gn_local_error *out)
{
    if (err == GN_ERR_FULL && gn_credit_out_left(&conn->streams.ids.allowed[kind]) == 0)
        refusal_say(out, GN_LOCAL_FLOW_CONTROL_VIOLATION,
                    "RFC 9000 4.6: the peer allows no further stream");
    else
        refusal_plain(err, out);
}

static void
refusal_datagram(gn_err err, gn_local_error *out)
{
    if (err == GN_ERR_UNSUPPORTED)
        refusal_say(out, GN_LOCAL_DATAGRAM_NOT_SUPPORTED, "RFC 9221 3: the peer takes none");
    else if (err == GN_ERR_RANGE)
        refusal_say(out, GN_LOCAL_DATAGRAM_TOO_LARGE,
                    "RFC 9221 3, 5: larger than the peer takes, or than a packet holds");
    else
        refusal_plain(err, out);
}

void
gn_conn_refusal_of(const gn_conn *conn, const gn_env *env, gn_refused_call call, uint64_t stream,
                   gn_err err, gn_local_error *out)
{
    out->status = (uint32_t)err;
    out->connection = conn->handle;
    out->stream = stream;
    out->field = NULL;
    switch (call) {
    case GN_REFUSED_OPEN_BIDI: refusal_open(conn, GN_STREAM_BIDI, err, out); return;
    case GN_REFUSED_OPEN_UNI: refusal_open(conn, GN_STREAM_UNI, err, out); return;
    case GN_REFUSED_SEND:
    case GN_REFUSED_SEND_NONE:
    case GN_REFUSED_RESET:
    case GN_REFUSED_STOP:
        /* Without a stream of that number STATE speaks of the connection. */
        if (gn_conn_is_open(conn) &&
            (err == GN_ERR_NONE ||
             (err == GN_ERR_STATE && conn->streams.count > 0 &&
              gn_stream_set_find(&conn->streams, env->pools, stream) != GN_POOL_NONE)))
            refusal_stream(conn, env, call, stream, out);
        else
            refusal_plain(err, out);
        return;
    case GN_REFUSED_SEND_DATAGRAM: refusal_datagram(err, out); return;
    case GN_REFUSED_CLOSE:
    case GN_REFUSED_MIGRATE:
    case GN_REFUSED_ROTATE_IDS:
    case GN_REFUSED_KEY_UPDATE: refusal_plain(err, out); return;
    }
}
