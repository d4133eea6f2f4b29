/*
 * idle.h: a connection that nobody uses ends without a word (RFC 9000 10.1), or is kept alive.
 */
#ifndef GN_CONN_IDLE_H
#define GN_CONN_IDLE_H

#include <stdint.h>

#include "base/time.h"

typedef struct gn_idle {
    gn_time from;        /* the timer runs from here */
    uint64_t timeout_us; /* 0: no timeout */
    uint8_t sent_since;  /* an ack-eliciting packet left since one was received */
    uint8_t reserved[7];
} gn_idle;

/* idle_after: when so long after the start is; GN_NEVER where time ends before that. */
/*@
  logic integer idle_after(integer from, integer us) = from + us < GN_NEVER ? from + us : GN_NEVER;
*/

/* Only our own timeout counts until the peer's is known. 0: none. */
/*@
  requires \valid(idle);
  terminates \true; exits \false;
  assigns *idle;
  ensures idle->from == now && idle->timeout_us == ours_us && idle->sent_since == 0;
*/
void gn_idle_init(gn_idle *idle, uint64_t ours_us, gn_time now);

/* The peer's max_idle_timeout: the smaller of both counts. 0: it has none. */
/*@
  requires \valid(idle);
  terminates \true; exits \false;
  assigns idle->timeout_us;
  behavior none:
    assumes theirs_us == 0;
    ensures idle->timeout_us == \old(idle->timeout_us);
  behavior only:
    assumes theirs_us != 0 && idle->timeout_us == 0;
    ensures idle->timeout_us == theirs_us;
  behavior both:
    assumes theirs_us != 0 && idle->timeout_us != 0;
    ensures idle->timeout_us <= theirs_us && idle->timeout_us <= \old(idle->timeout_us);
    ensures idle->timeout_us == theirs_us || idle->timeout_us == \old(idle->timeout_us);
  complete behaviors; disjoint behaviors;
*/
void gn_idle_on_peer(gn_idle *idle, uint64_t theirs_us);

/* A packet was received and processed. */
/*@
  requires \valid(idle);
  terminates \true; exits \false;
  assigns idle->from, idle->sent_since;
  ensures idle->from == now && idle->sent_since == 0;
*/
void gn_idle_on_received(gn_idle *idle, gn_time now);

/* An ack-eliciting packet left: the first since the last one received restarts the timer. */
/*@
  requires \valid(idle);
  terminates \true; exits \false;
  assigns idle->from, idle->sent_since;
  ensures idle->sent_since != 0;
  ensures first: \old(idle->sent_since) == 0 ==> idle->from == now;
  ensures again: \old(idle->sent_since) != 0 ==> idle->from == \old(idle->from);
*/
void gn_idle_on_sent(gn_idle *idle, gn_time now);

/*
 * When the connection is over, at least three PTO after the start (10.1). GN_NEVER: never. Three
 * times pto_us must fit.
 */
/*@
  requires \valid_read(idle) && 3 * pto_us <= GN_NEVER;
  terminates \true; exits \false;
  assigns \nothing;
  ensures off: idle->timeout_us == 0 ==> \result == GN_NEVER;
  ensures told: idle->timeout_us >= 3 * pto_us && idle->timeout_us > 0 ==>
    \result == idle_after(idle->from, idle->timeout_us);
  ensures least: 0 < idle->timeout_us < 3 * pto_us ==>
    \result == idle_after(idle->from, 3 * pto_us);
*/
gn_time gn_idle_deadline(const gn_idle *idle, uint64_t pto_us);

/*
 * When a PING is due lest the connection end: so long after the start, and half way to the
 * deadline at the latest, so that it can be repeated (10.1.2). GN_NEVER: interval_us is 0, or
 * something ack-eliciting is on its way already, and its probes ask the same.
 */
/*@
  requires \valid_read(idle) && 3 * pto_us <= GN_NEVER;
  terminates \true; exits \false;
  assigns \nothing;
  ensures off: interval_us == 0 || idle->sent_since != 0 ==> \result == GN_NEVER;
  ensures on: interval_us != 0 && idle->sent_since == 0 ==>
    \result <= idle_after(idle->from, interval_us);
*/
gn_time gn_idle_keep_alive(const gn_idle *idle, uint64_t interval_us, uint64_t pto_us);

#endif
