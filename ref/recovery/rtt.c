/*
 * rtt.c: see rtt.h.
 */
#include "recovery/rtt.h"

#include "base/assert.h"

/*
 * A sample is never adjusted below the least one; the average moves towards what is new and no
 * further; samples that are all alike become the average, and the deviation falls.
 */
/*@
  lemma rtt_adjusted_least: \forall integer sample, least, delay;
    least <= sample && 0 <= delay ==> least <= rtt_adjusted(sample, least, delay) <= sample;
  lemma rtt_smoothed_between: \forall integer smoothed, adjusted;
    0 <= smoothed && 0 <= adjusted ==>
    rtt_lesser(smoothed, adjusted) <= rtt_smoothed(smoothed, adjusted) <=
      rtt_greater(smoothed, adjusted);
  lemma rtt_steady: \forall integer var, sample;
    0 <= var && 0 <= sample ==> rtt_smoothed(sample, sample) == sample &&
      rtt_var(var, sample, sample) <= var;
*/

/*@
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <= a && \result <= b && (\result == a || \result == b);
*/
static uint64_t
rtt_min(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/*@
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result >= a && \result >= b && (\result == a || \result == b);
*/
static uint64_t
rtt_max(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

void
gn_rtt_init(gn_rtt *rtt)
{
    rtt->latest_us = 0;
    rtt->min_us = 0;
    rtt->smoothed_us = GN_RTT_INITIAL_US;
    rtt->var_us = GN_RTT_INITIAL_US / 2;
    rtt->first_sample_at = GN_NEVER;
}

bool
gn_rtt_sampled(const gn_rtt *rtt)
{
    return rtt->first_sample_at != GN_NEVER;
}

void
gn_rtt_update(gn_rtt *rtt, gn_time now, uint64_t sample_us, uint64_t ack_delay_us,
              uint64_t max_ack_delay_us, bool handshake_confirmed)
{
    const uint64_t latest = rtt_min(sample_us, GN_RTT_MAX_US);
    uint64_t delay = rtt_min(ack_delay_us, GN_RTT_MAX_US);

    GN_ASSERT(now != GN_NEVER);
    rtt->latest_us = latest;
    if (!gn_rtt_sampled(rtt)) {
        rtt->first_sample_at = now;
        /* [R-9002-5.2-1] */
        rtt->min_us = latest;
        rtt->smoothed_us = latest;
        rtt->var_us = latest / 2;
        return;
    }

    /* RFC 9002 5.2: the least one ignores what the peer says about its delays. [R-9002-5.2-2] */
    rtt->min_us = rtt_min(rtt->min_us, latest);

    /* RFC 9002 5.3: during the handshake the peer may wait longer than it promised.
     * [R-9002-5.3-1] */
    if (handshake_confirmed)
        delay = rtt_min(delay, max_ack_delay_us);
    /* [R-9002-5.3-2] */
    const uint64_t adjusted = latest >= rtt->min_us + delay ? latest - delay : latest;

    /* RFC 9002 A.7: the deviation is from the average before this sample. */
    const uint64_t off_by =
        rtt->smoothed_us > adjusted ? rtt->smoothed_us - adjusted : adjusted - rtt->smoothed_us;
    rtt->var_us = (3 * rtt->var_us + off_by) / 4;
    rtt->smoothed_us = (7 * rtt->smoothed_us + adjusted) / 8;
    GN_ASSERT(rtt->min_us <= rtt->latest_us && rtt->smoothed_us <= GN_RTT_MAX_US);
}

void
gn_rtt_on_persistent(gn_rtt *rtt)
{
    rtt->min_us = rtt->latest_us;
}

uint64_t
gn_rtt_pto_us(const gn_rtt *rtt, uint64_t max_ack_delay_us)
{
    /* [R-9002-6.2.1-1] */
    return rtt->smoothed_us + rtt_max(4 * rtt->var_us, GN_RTT_GRANULARITY_US) + max_ack_delay_us;
}

uint64_t
gn_rtt_loss_delay_us(const gn_rtt *rtt)
{
    const uint64_t trip = rtt_max(rtt->smoothed_us, rtt->latest_us);

    /* [R-9002-6.1.2-1] */
    return rtt_max(trip + trip / 8, GN_RTT_GRANULARITY_US);
}
