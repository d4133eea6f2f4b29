/*
 * refusal.c: see refusal.h.
 */
#include "endpoint/refusal.h"

void
gn_refusal_clear(gn_local_error *error)
{
    *error =
        (gn_local_error){.size = sizeof *error, .code = GN_LOCAL_NONE, .stream = GN_STREAM_NONE};
}

gn_err
gn_refusal_argument(gn_local_error *error, gn_err err, const char *field)
{
    if (error == NULL)
        return err;
    gn_refusal_clear(error);
    error->code = GN_LOCAL_INVALID_ARGUMENT;
    error->status = (uint32_t)err;
    error->field = field;
    error->why = "the argument is not one that this call takes";
    return err;
}

gn_err
gn_refusal_set(gn_local_error *error, gn_err err, gn_connection connection, const char *why)
{
    gn_refusal_clear(error);
    switch (err) {
    case GN_ERR_FULL: error->code = GN_LOCAL_NO_ROOM; break;
    case GN_ERR_RANGE:
    case GN_ERR_CONFIG: error->code = GN_LOCAL_INVALID_ARGUMENT; break;
    case GN_ERR_TLS: error->code = GN_LOCAL_TLS; break;
    default: error->code = GN_LOCAL_UNSUPPORTED_OPERATION; break;
    }
    error->status = (uint32_t)err;
    error->connection = connection;
    error->why = why;
    return err;
}
