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

/* recv_next: where the arrow of figure 3 leads; GN_RECV_STATES where there is none. */
/*@
  logic integer recv_next(integer state, integer event) =
    state == GN_RECV_RECV || state == GN_RECV_SIZE_KNOWN ?
      (event == GN_RECV_ON_FIN ? GN_RECV_SIZE_KNOWN :
       event == GN_RECV_ON_RESET ? GN_RECV_RESET_RECVD :
       event == GN_RECV_ON_ALL_DATA && state == GN_RECV_SIZE_KNOWN ? GN_RECV_DATA_RECVD :
       GN_RECV_STATES) :
    state == GN_RECV_DATA_RECVD && event == GN_RECV_ON_DATA_READ ? GN_RECV_DATA_READ :
    state == GN_RECV_RESET_RECVD && event == GN_RECV_ON_RESET_READ ? GN_RECV_RESET_READ :
    (state == GN_RECV_DATA_RECVD || state == GN_RECV_RESET_RECVD) &&
      (event == GN_RECV_ON_FIN || event == GN_RECV_ON_ALL_DATA || event == GN_RECV_ON_RESET) ?
      state :
    GN_RECV_STATES;
*/

/* Moves *state by event. GN_ERR_STATE, changing nothing, where figure 3 has no arrow. */
/*@
  requires \valid(state) && *state < GN_RECV_STATES && event < GN_RECV_EVENTS;
  terminates \true; exits \false;
  assigns *state;
  ensures in: *state < GN_RECV_STATES;
  behavior arrow:
    assumes recv_next(*state, event) < GN_RECV_STATES;
    ensures \result == GN_OK && *state == recv_next(\old(*state), event);
  behavior none:
    assumes recv_next(*state, event) == GN_RECV_STATES;
    ensures \result == GN_ERR_STATE && *state == \old(*state);
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE gn_err gn_recv_state_step(gn_recv_state *state, gn_recv_event event);

/* Has the half ended for good? */
/*@
  requires state < GN_RECV_STATES;
  terminates \true; exits \false;
  assigns \nothing;
  ensures ended: \result <==> state == GN_RECV_DATA_READ || state == GN_RECV_RESET_READ;
  ensures last: \result ==>
    \forall integer event; recv_next(state, event) == GN_RECV_STATES;
*/
bool gn_recv_state_terminal(gn_recv_state state);

#endif
