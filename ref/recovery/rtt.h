/*
 * rtt.h: how long a round trip takes on one path (RFC 9002 section 5).
 *
 * Whole microseconds only. A path begins with the initial round-trip time and
 * the first sample replaces it, so that nothing of another path is left.
 */
#ifndef GN_RECOVERY_RTT_H
#define GN_RECOVERY_RTT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"

/* RFC 9002 6.2.2: what is assumed before the first sample. */
#define GN_RTT_INITIAL_US (333 * GN_MS)
/* RFC 9002 6.1.2: no timer is finer than this. */
#define GN_RTT_GRANULARITY_US GN_MS
/* The longest sample and acknowledgment delay that count, over an hour; keeps every sum small. */
#define GN_RTT_MAX_US UINT64_C(0xffffffff)

/*
 * Invariant: every duration is at most GN_RTT_MAX_US; once there was a sample,
 * min_us <= latest_us. latest_us and min_us are 0 before that.
 */
typedef struct gn_rtt {
    uint64_t latest_us;      /* the newest sample */
    uint64_t min_us;         /* the least of them */
    uint64_t smoothed_us;    /* moving average, less the peer's delays */
    uint64_t var_us;         /* mean deviation of the same */
    gn_time first_sample_at; /* when the first sample came; GN_NEVER before it */
} gn_rtt;

/*
 * rtt_delay: how much of what the peer says it waited counts. rtt_adjusted: a sample less that,
 * unless it leaves less than the least one. rtt_smoothed, rtt_var: RFC 9002 5.3, rounded down.
 */
/*@
  predicate rtt_ok{L}(gn_rtt *r) =
    r->latest_us <= GN_RTT_MAX_US && r->min_us <= r->latest_us
    && r->smoothed_us <= GN_RTT_MAX_US && r->var_us <= GN_RTT_MAX_US;
  logic integer rtt_lesser(integer a, integer b) = a < b ? a : b;
  logic integer rtt_greater(integer a, integer b) = a > b ? a : b;
  logic integer rtt_delay(integer said, integer most, integer confirmed) =
    rtt_lesser(rtt_lesser(said, GN_RTT_MAX_US), confirmed != 0 ? most : GN_RTT_MAX_US);
  logic integer rtt_adjusted(integer sample, integer least, integer delay) =
    sample >= least + delay ? sample - delay : sample;
  logic integer rtt_smoothed(integer smoothed, integer adjusted) = (7 * smoothed + adjusted) / 8;
  logic integer rtt_var(integer var, integer smoothed, integer adjusted) =
    (3 * var + \abs(smoothed - adjusted)) / 4;
*/

/* A path nobody has measured: 333 ms, and half of that as its deviation. */
/*@
  requires \valid(rtt);
  terminates \true; exits \false;
  assigns *rtt;
  ensures rtt_ok(rtt);
  ensures rtt->smoothed_us == 333000 && rtt->var_us == 333000 / 2;
  ensures rtt->latest_us == 0 && rtt->min_us == 0 && rtt->first_sample_at == GN_NEVER;
*/
void gn_rtt_init(gn_rtt *rtt);

/* Whether there has been a sample. */
/*@
  requires \valid_read(rtt);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> rtt->first_sample_at != GN_NEVER;
*/
bool gn_rtt_sampled(const gn_rtt *rtt);

/*
 * One sample, taken at now, which is not GN_NEVER. ack_delay_us is what the peer says it waited,
 * decoded into microseconds; 0 for Initial packets, which it does not delay.
 * Once the handshake is confirmed it counts up to max_ack_delay_us only, and
 * never so far that the sample would fall below the least one (RFC 9002 5.3).
 */
/*@
  requires \valid(rtt) && rtt_ok(rtt) && now != GN_NEVER;
  terminates \true; exits \false;
  assigns *rtt;
  ensures ok: rtt_ok(rtt);
  ensures latest: rtt->latest_us == rtt_lesser(sample_us, GN_RTT_MAX_US);
  behavior first:
    assumes rtt->first_sample_at == GN_NEVER;
    ensures since: rtt->first_sample_at == now;
    ensures least: rtt->min_us == rtt->latest_us;
    ensures smoothed: rtt->smoothed_us == rtt->latest_us;
    ensures var: rtt->var_us == rtt->latest_us / 2;
  behavior later:
    assumes rtt->first_sample_at != GN_NEVER;
    ensures since: rtt->first_sample_at == \old(rtt->first_sample_at);
    ensures least: rtt->min_us == rtt_lesser(\old(rtt->min_us), rtt->latest_us);
    ensures smoothed: \let delay =
        rtt_delay(ack_delay_us, max_ack_delay_us, handshake_confirmed ? 1 : 0);
      rtt->smoothed_us == rtt_smoothed(\old(rtt->smoothed_us),
        rtt_adjusted(rtt->latest_us, rtt->min_us, delay));
    ensures var: \let delay =
        rtt_delay(ack_delay_us, max_ack_delay_us, handshake_confirmed ? 1 : 0);
      rtt->var_us == rtt_var(\old(rtt->var_us), \old(rtt->smoothed_us),
        rtt_adjusted(rtt->latest_us, rtt->min_us, delay));
  complete behaviors; disjoint behaviors;
*/
void gn_rtt_update(gn_rtt *rtt, gn_time now, uint64_t sample_us, uint64_t ack_delay_us,
                   uint64_t max_ack_delay_us, bool handshake_confirmed);

/* After persistent congestion the newest sample is the least one (RFC 9002 5.2). */
/*@
  requires \valid(rtt) && rtt_ok(rtt);
  terminates \true; exits \false;
  assigns rtt->min_us;
  ensures rtt_ok(rtt) && rtt->min_us == rtt->latest_us;
*/
void gn_rtt_on_persistent(gn_rtt *rtt);

/*
 * The probe timeout before any backoff (RFC 9002 6.2.1), at least the
 * granularity. max_ack_delay_us is 0 for Initial and Handshake packets.
 */
/*@
  requires \valid_read(rtt) && rtt_ok(rtt);
  requires max_ack_delay_us <= GN_RTT_MAX_US;
  terminates \true; exits \false;
  assigns \nothing;
  ensures bound: GN_RTT_GRANULARITY_US <= \result <= 6 * GN_RTT_MAX_US + GN_RTT_GRANULARITY_US;
  ensures value: \result == rtt->smoothed_us +
    rtt_greater(4 * rtt->var_us, GN_RTT_GRANULARITY_US) + max_ack_delay_us;
*/
uint64_t gn_rtt_pto_us(const gn_rtt *rtt, uint64_t max_ack_delay_us);

/* How long a packet may lag behind an acknowledged one before it is lost (RFC 9002 6.1.2). */
/*@
  requires \valid_read(rtt) && rtt_ok(rtt);
  terminates \true; exits \false;
  assigns \nothing;
  ensures bound: GN_RTT_GRANULARITY_US <= \result <= 2 * GN_RTT_MAX_US;
  ensures value: \let trip = rtt_greater(rtt->smoothed_us, rtt->latest_us);
    \result == rtt_greater(trip + trip / 8, GN_RTT_GRANULARITY_US);
*/
uint64_t gn_rtt_loss_delay_us(const gn_rtt *rtt);

#endif
