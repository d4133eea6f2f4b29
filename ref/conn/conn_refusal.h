/*
 * conn_refusal.h: why a connection refused what the application asked (gnomon_error.h).
 *
 * The calls themselves say no more than a gn_err. As a call that is refused changes nothing, what
 * was in its way is still there afterwards; it is looked for here, and only then.
 */
#ifndef GN_CONN_CONN_REFUSAL_H
#define GN_CONN_CONN_REFUSAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "conn/conn.h"

/* What the call was about. */
typedef enum gn_refused_call {
    GN_REFUSED_OPEN_BIDI,
    GN_REFUSED_OPEN_UNI,
    GN_REFUSED_SEND,      /* bytes */
    GN_REFUSED_SEND_NONE, /* no bytes: an end, or a priority */
    GN_REFUSED_RESET,
    GN_REFUSED_STOP,
    GN_REFUSED_SEND_DATAGRAM,
    GN_REFUSED_CLOSE,
    GN_REFUSED_MIGRATE,
    GN_REFUSED_ROTATE_IDS,
    GN_REFUSED_KEY_UPDATE
} gn_refused_call;

/* Fills all but size of *out. err is what the call returned; stream GN_STREAM_NONE: none. */
void gn_conn_refusal_of(const gn_conn *conn, const gn_env *env, gn_refused_call call,
                        uint64_t stream, gn_err err, gn_local_error *out);

#endif
