/*
 * cc.c: what the contracts of recovery/cc.h mean together.
 */
#include "recovery/cc.h"

/* Two packets that both left before the first loss was found: one period, one reduction. */
/*@
  requires cc_ok(cc) && cc->kind == GN_CC_NEWRENO && 2 * bytes <= cc->in_flight_bytes;
  requires new: !cc_covered(cc, first) && first <= now && second <= now;
  requires order: now <= later && later != GN_NEVER;
  terminates \true; exits \false;
  assigns *cc;
  ensures window: cc->window_bytes == cc_half(\old(cc->window_bytes), cc_least(cc));
  ensures flight: cc->in_flight_bytes == \old(cc->in_flight_bytes) - 2 * bytes;
*/
void
proof_cc_one_reduction(gn_cc *cc, uint32_t bytes, gn_time first, gn_time second, gn_time now,
                       gn_time later)
{
    gn_cc_on_lost(cc, bytes, first, now);
    gn_cc_on_lost(cc, bytes, second, later);
}

/* What was sent in a period does not make the window grow when it is acknowledged. */
/*@
  requires cc_ok(cc) && 2 * bytes <= cc->in_flight_bytes;
  requires new: !cc_covered(cc, lost) && lost <= now && acked <= now;
  requires order: now <= later && later != GN_NEVER && cc->kind == GN_CC_NEWRENO;
  terminates \true; exits \false;
  assigns *cc;
  ensures window: cc->window_bytes == cc_half(\old(cc->window_bytes), cc_least(cc));
*/
void
proof_cc_no_growth(gn_cc *cc, uint32_t bytes, gn_time lost, gn_time acked, gn_time now,
                   gn_time later)
{
    gn_cc_on_lost(cc, bytes, lost, now);
    gn_cc_on_acked(cc, bytes, acked, later, false);
}
