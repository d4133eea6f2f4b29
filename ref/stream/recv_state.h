/*
 * recv_state.h: the receiving half of a stream (RFC 9000 section 3.2, figure 3).
 *
 * The table in recv_state.c is the whole machine. An event with no entry is
 * refused and leaves the state as it was. Of the two optional arrows of the
 * figure neither is taken: once all data is here a reset is suppressed and the
 * data is delivered, and after a reset later data is discarded.
 */
#ifndef GN_STREAM_RECV_STATE_H
#define GN_STREAM_RECV_STATE_H

#include <stdbool.h>

#include "base/err.h"

typedef enum gn_recv_state {
    GN_RECV_RECV,
    GN_RECV_SIZE_KNOWN,
    GN_RECV_DATA_RECVD,
    GN_RECV_DATA_READ, /* terminal; also the receiving half that does not exist */
    GN_RECV_RESET_RECVD,
    GN_RECV_RESET_READ, /* terminal */
    GN_RECV_STATES
} gn_recv_state;

typedef enum gn_recv_event {
    GN_RECV_ON_FIN,        /* a STREAM frame with FIN arrived */
    GN_RECV_ON_ALL_DATA,   /* every byte up to the final size is here, or wanted by nobody */
    GN_RECV_ON_RESET,      /* RESET_STREAM arrived */
    GN_RECV_ON_DATA_READ,  /* the application has all data and knows the end */
    GN_RECV_ON_RESET_READ, /* the application knows of the reset */
    GN_RECV_EVENTS
} gn_recv_event;

/* Moves *state by event. GN_ERR_STATE, changing nothing, where figure 3 has no arrow. */
GN_MUST_USE gn_err gn_recv_state_step(gn_recv_state *state, gn_recv_event event);

/* Has the half ended for good? */
bool gn_recv_state_terminal(gn_recv_state state);

#endif
