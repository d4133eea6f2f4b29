/*
 * cc_newreno.c: see cc_newreno.h.
 */
#include "recovery/cc_newreno.h"

#include "base/assert.h"

/* The factor on a congestion event, as a fraction (RFC 9002 B.1). */
#define CC_NEWRENO_KEEP_OF 2

void
gn_cc_newreno_init(gn_cc *cc)
{
    cc->as.newreno.acked_bytes = 0;
}

/* a and b together, up to GN_CC_BYTES_MAX. */
/*@
  requires a <= GN_CC_BYTES_MAX;
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == cc_sum(a, b);
*/
static uint64_t
cc_newreno_sum(uint64_t a, uint32_t b)
{
    return b < GN_CC_BYTES_MAX - a ? a + b : GN_CC_BYTES_MAX;
}

void
gn_cc_newreno_on_acked(gn_cc *cc, uint32_t bytes)
{
    gn_cc_newreno *reno = &cc->as.newreno;

    if (gn_cc_in_slow_start(cc)) {
        cc->window_bytes = cc_newreno_sum(cc->window_bytes, bytes);
        return;
    }

    /* RFC 9002 7.3.3: one datagram for every window's worth; the rest is kept for the next.
     * [R-9002-7.3.3-1] */
    reno->acked_bytes = cc_newreno_sum(reno->acked_bytes, bytes);
    if (reno->acked_bytes >= cc->window_bytes) {
        reno->acked_bytes -= cc->window_bytes;
        cc->window_bytes = cc_newreno_sum(cc->window_bytes, cc->datagram_bytes);
    }
}

void
gn_cc_newreno_on_congestion(gn_cc *cc)
{
    const uint64_t least = gn_cc_min_window(cc);

    /* [R-9002-7.3.2-1] */
    cc->ssthresh_bytes = cc->window_bytes / CC_NEWRENO_KEEP_OF;
    /* [R-9002-7.3.2-2] */
    cc->window_bytes = cc->ssthresh_bytes > least ? cc->ssthresh_bytes : least;
    cc->as.newreno.acked_bytes = 0;
    GN_ASSERT(cc->window_bytes >= cc->ssthresh_bytes);
}

void
gn_cc_newreno_on_persistent(gn_cc *cc)
{
    /* [R-9002-7.6.2-2] */
    cc->window_bytes = gn_cc_min_window(cc);
    cc->as.newreno.acked_bytes = 0;
}
