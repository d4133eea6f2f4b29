/*
 * timers.h: every deadline a connection can be waiting for, in one table.
 *
 * A deadline that is off is GN_NEVER. The table is filled afresh after every
 * input from what the machines say, so no timer has to be cancelled.
 */
#ifndef GN_CONN_TIMERS_H
#define GN_CONN_TIMERS_H

#include "base/time.h"

typedef enum gn_timer {
    GN_TIMER_LOSS,     /* RFC 9002 6.2.1: time threshold or probe timeout */
    GN_TIMER_ACK,      /* RFC 9000 13.2.1: max_ack_delay */
    GN_TIMER_IDLE,     /* RFC 9000 10.1: silence ends, or is broken by a PING */
    GN_TIMER_CLOSE,    /* RFC 9000 10.2: closing and draining end */
    GN_TIMER_KEYS,     /* RFC 9001 6.5: old read keys go away */
    GN_TIMER_PATH,     /* RFC 9000 8.2.4: a challenge again, or validation has failed */
    GN_TIMER_PACE,     /* RFC 9002 7.7 */
    GN_TIMER_DATAGRAM, /* RFC 9221 5.4: one that waits expires */
    GN_TIMER_IDS,      /* RFC 9000 5.1.2: connection IDs are due to change */
    GN_TIMER_COALESCE, /* what waited for company goes alone */
    GN_TIMERS
} gn_timer;

typedef struct gn_timers {
    gn_time at[GN_TIMERS];
} gn_timers;

/* Switches every timer off. */
/*@
  requires \valid(t);
  terminates \true; exits \false;
  assigns t->at[0 .. GN_TIMERS - 1];
  ensures \forall integer k; 0 <= k < GN_TIMERS ==> t->at[k] == GN_NEVER;
*/
void gn_timers_init(gn_timers *t);

/* The first deadline, or GN_NEVER. */
/*@
  requires \valid_read(t);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \forall integer k; 0 <= k < GN_TIMERS ==> \result <= t->at[k];
  ensures \exists integer k; 0 <= k < GN_TIMERS && \result == t->at[k];
*/
gn_time gn_timers_next(const gn_timers *t);

#endif
