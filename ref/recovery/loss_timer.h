/*
 * loss_timer.h: when loss detection has to look again, and why (RFC 9002 6.2, A.8).
 *
 * Called by loss.c only. Computed from scratch each time, so that no timer
 * has to be restarted when packets leave, arrive or lose their keys.
 */
#ifndef GN_RECOVERY_LOSS_TIMER_H
#define GN_RECOVERY_LOSS_TIMER_H

#include "base/time.h"
#include "recovery/loss.h"
#include "recovery/rtt.h"

/*
 * loss_timer_doubled: a duration doubled so many times. loss_timer_pto_us: the probe timeout with
 * its backoff. loss_timer_probe: when that of a space fires. All of them stop at GN_NEVER.
 * loss_timer_lost: packets wait to be lost by time.
 */
/*@
  logic integer loss_timer_after(integer at, integer us) = at + us < GN_NEVER ? at + us : GN_NEVER;
  logic integer loss_timer_doubled(integer us, integer times) = times <= 0 ? us :
    loss_timer_after(loss_timer_doubled(us, times - 1), loss_timer_doubled(us, times - 1));
  logic integer loss_timer_pto_us{L}(gn_loss *l, gn_rtt *r, integer delay_us) =
    loss_timer_doubled(
      r->smoothed_us + rtt_greater(4 * r->var_us, GN_RTT_GRANULARITY_US) + delay_us,
      rtt_lesser(l->pto_count, GN_LOSS_BACKOFF_MAX));
  predicate loss_timer_lost{L}(gn_loss *l) =
    \exists integer i; 0 <= i < GN_SPACES && l->space[i].loss_time != GN_NEVER;
  logic integer loss_timer_probe{L}(gn_loss *l, gn_rtt *r, gn_loss_situation *s, integer i) =
    l->space[i].eliciting_in_flight == 0 || (i == GN_SPACE_APP && s->handshake_confirmed == 0) ?
    GN_NEVER :
    loss_timer_after(l->space[i].eliciting_at,
      loss_timer_pto_us(l, r, i == GN_SPACE_APP ? s->max_ack_delay_us : 0));
*/

/* The next moment and, in *out, what is due then; GN_NEVER with GN_LOSS_NOTHING_DUE. */
/*@
  requires \valid_read(loss) && \valid_read(rtt) && \valid_read(s) && \valid(out);
  requires \separated(out, loss) && \separated(out, rtt) && \separated(out, s);
  requires rtt_ok(rtt) && loss_armed(loss, s);
  terminates \true; exits \false;
  assigns *out;
  ensures lost: loss_timer_lost(loss) ==> out->kind == GN_LOSS_DETECT && out->space < GN_SPACES &&
    \result == loss->space[out->space].loss_time &&
    \forall integer i; 0 <= i < GN_SPACES ==> \result <= loss->space[i].loss_time;
  ensures blocked: !loss_timer_lost(loss) && s->amplification_blocked != 0 ==>
    \result == GN_NEVER && out->kind == GN_LOSS_NOTHING_DUE;
  ensures first: \old(!loss_timer_lost(loss) && s->amplification_blocked == 0) ==>
    \forall integer i; 0 <= i < GN_SPACES ==>
      \result <= \old(loss_timer_probe(loss, rtt, s, i));
  ensures probe: out->packets == GN_LOSS_PROBES ==> out->kind == GN_LOSS_PROBE &&
    out->space < GN_SPACES && \result == loss_timer_probe(loss, rtt, s, out->space);
  ensures unblock: out->packets == 1 ==> out->kind == GN_LOSS_PROBE &&
    loss->peer_validated == 0 && s->handshake_confirmed == 0 &&
    out->space == (s->has_handshake_keys != 0 ? GN_SPACE_HANDSHAKE : GN_SPACE_INITIAL) &&
    \result == loss_timer_after(loss->idle_from, loss_timer_pto_us(loss, rtt, 0));
  ensures nothing: out->kind == GN_LOSS_NOTHING_DUE ==> \result == GN_NEVER;
  ensures packets: out->kind == GN_LOSS_PROBE ?
    out->packets == 1 || out->packets == GN_LOSS_PROBES : out->packets == 0;
*/
gn_time gn_loss_timer_next(const gn_loss *loss, const gn_rtt *rtt, const gn_loss_situation *s,
                           gn_loss_alarm *out);

#endif
