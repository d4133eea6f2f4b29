/*
 * send_state.h: the sending half of a stream (RFC 9000 section 3.1, figure 2).
 *
 * The table in send_state.c is the whole machine. An event with no entry is
 * refused and leaves the state as it was. RESET moves when the abandonment is
 * decided; the frame that says so may still be waiting for its packet.
 */
#ifndef GN_STREAM_SEND_STATE_H
#define GN_STREAM_SEND_STATE_H

#include <stdbool.h>

#include "base/err.h"

typedef enum gn_send_state {
    GN_SEND_READY,
    GN_SEND_SEND,
    GN_SEND_DATA_SENT,
    GN_SEND_DATA_RECVD, /* terminal; also the sending half that does not exist */
    GN_SEND_RESET_SENT,
    GN_SEND_RESET_RECVD, /* terminal */
    GN_SEND_STATES
} gn_send_state;

typedef enum gn_send_event {
    GN_SEND_ON_DATA,        /* a STREAM or STREAM_DATA_BLOCKED frame was sent */
    GN_SEND_ON_FIN,         /* a STREAM frame with FIN was sent */
    GN_SEND_ON_RESET,       /* abandoned, by the application or on STOP_SENDING */
    GN_SEND_ON_ALL_ACKED,   /* every byte and the FIN were acknowledged */
    GN_SEND_ON_RESET_ACKED, /* the RESET_STREAM was acknowledged */
    GN_SEND_EVENTS
} gn_send_event;

/* send_next: where the arrow of figure 2 leads; GN_SEND_STATES where there is none. */
/*@
  logic integer send_next(integer state, integer event) =
    state == GN_SEND_READY || state == GN_SEND_SEND ?
      (event == GN_SEND_ON_DATA ? GN_SEND_SEND :
       event == GN_SEND_ON_FIN ? GN_SEND_DATA_SENT :
       event == GN_SEND_ON_RESET ? GN_SEND_RESET_SENT : GN_SEND_STATES) :
    state == GN_SEND_DATA_SENT ?
      (event == GN_SEND_ON_DATA || event == GN_SEND_ON_FIN ? GN_SEND_DATA_SENT :
       event == GN_SEND_ON_ALL_ACKED ? GN_SEND_DATA_RECVD :
       event == GN_SEND_ON_RESET ? GN_SEND_RESET_SENT : GN_SEND_STATES) :
    state == GN_SEND_RESET_SENT && event == GN_SEND_ON_RESET_ACKED ? GN_SEND_RESET_RECVD :
    GN_SEND_STATES;
*/

/* Moves *state by event. GN_ERR_STATE, changing nothing, where figure 2 has no arrow. */
/*@
  requires \valid(state) && *state < GN_SEND_STATES && event < GN_SEND_EVENTS;
  terminates \true; exits \false;
  assigns *state;
  ensures in: *state < GN_SEND_STATES;
  behavior arrow:
    assumes send_next(*state, event) < GN_SEND_STATES;
    ensures \result == GN_OK && *state == send_next(\old(*state), event);
  behavior none:
    assumes send_next(*state, event) == GN_SEND_STATES;
    ensures \result == GN_ERR_STATE && *state == \old(*state);
  complete behaviors; disjoint behaviors;
*/
GN_MUST_USE gn_err gn_send_state_step(gn_send_state *state, gn_send_event event);

/* Has the half ended for good? */
/*@
  requires state < GN_SEND_STATES;
  terminates \true; exits \false;
  assigns \nothing;
  ensures ended: \result <==> state == GN_SEND_DATA_RECVD || state == GN_SEND_RESET_RECVD;
  ensures last: \result ==>
    \forall integer event; send_next(state, event) == GN_SEND_STATES;
*/
bool gn_send_state_terminal(gn_send_state state);

#endif
