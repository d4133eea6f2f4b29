/*
 * gnomon_error.h: why a call was refused, as a value; see gnomon.h.
 *
 * What a peer does wrong ends a connection and is told by a CLOSED effect. Here is what the
 * caller does wrong: the call returns a gn_err, changes nothing, zeroes what it would have
 * written, and the endpoint says more about it until the next input.
 */
#ifndef GN_GNOMON_ERROR_H
#define GN_GNOMON_ERROR_H

#include <stddef.h>
#include <stdint.h>

#include "gnomon_types.h"

/* No stream. */
#define GN_STREAM_NONE UINT64_MAX

typedef enum gn_local_error_code {
    GN_LOCAL_UNSUPPORTED_OPERATION,    /* no such connection, another role's call, or not now */
    GN_LOCAL_INVALID_STREAM_ID,        /* a stream that was never opened */
    GN_LOCAL_INVALID_STREAM_DIRECTION, /* a unidirectional stream, and its other end's call */
    GN_LOCAL_SEND_SIDE_CLOSED,         /* all was sent, or it was reset (RFC 9000 3.1) */
    GN_LOCAL_RECEIVE_SIDE_CLOSED,      /* all was read, reset or stopped (RFC 9000 3.2) */
    GN_LOCAL_FINAL_SIZE_CONFLICT,      /* bytes behind the end that was told (RFC 9000 4.5) */
    GN_LOCAL_DATAGRAM_NOT_SUPPORTED,   /* the peer takes no DATAGRAM frames (RFC 9221 3) */
    GN_LOCAL_DATAGRAM_TOO_LARGE,       /* for its parameter, or for a packet (RFC 9221 5) */
    GN_LOCAL_FLOW_CONTROL_VIOLATION,   /* beyond a limit that the peer set (RFC 9000 4.6) */
    GN_LOCAL_INVALID_ARGUMENT,         /* a pointer, size, value or time: see field */
    GN_LOCAL_NO_ROOM,                  /* our own room: gn_limits */
    GN_LOCAL_TLS,                      /* the TLS library refused */
    GN_LOCAL_NONE,                     /* the latest input was not refused */
    GN_LOCAL_KINDS
} gn_local_error_code;

/* The texts are constants of the library. */
typedef struct gn_local_error {
    size_t size;
    uint32_t code;            /* gn_local_error_code */
    uint32_t status;          /* gn_err: what the call returned */
    gn_connection connection; /* which one the call named, there or not; 0: none */
    uint64_t stream;          /* which one the call named, or GN_STREAM_NONE */
    const char *field;        /* what is wrong, as "gn_connect.server_name" or "now"; NULL: none */
    const char *why;          /* one line for people; it begins with the RFC's section, if any */
} gn_local_error;

#endif
