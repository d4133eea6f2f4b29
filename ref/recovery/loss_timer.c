/*
 * loss_timer.c: see loss_timer.h.
 */
#include "recovery/loss_timer.h"

#include "base/assert.h"

/* A duration doubled once for every probe timeout in a row; GN_NEVER where that does not fit. */
/*@
  requires \valid_read(loss);
  terminates \true; exits \false;
  assigns \nothing;
  ensures value: \result ==
    loss_timer_doubled(us, rtt_lesser(loss->pto_count, GN_LOSS_BACKOFF_MAX));
  ensures least: \result >= us;
*/
static uint64_t
loss_timer_backed_off(const gn_loss *loss, uint64_t us)
{
    const uint32_t doublings =
        loss->pto_count < GN_LOSS_BACKOFF_MAX ? loss->pto_count : GN_LOSS_BACKOFF_MAX;

    /*@
      loop invariant 0 <= i <= doublings;
      loop invariant us == loss_timer_doubled(\at(us, Pre), i) && us >= \at(us, Pre);
      loop assigns i, us;
      loop variant doublings - i;
    */
    for (uint32_t i = 0; i < doublings; i++)
        us = gn_time_after(us, us);
    return us;
}

/* A moment that is due in a space. */
typedef struct loss_timer_due {
    gn_time at;
    gn_space_id space;
} loss_timer_due;

/* When packets are first lost by time; GN_NEVER when none waits for that. */
/*@
  requires \valid_read(loss);
  terminates \true; exits \false;
  assigns \nothing;
  ensures space: \result.space < GN_SPACES;
  ensures least: \forall integer i; 0 <= i < GN_SPACES ==> \result.at <= loss->space[i].loss_time;
  ensures one: \result.at == loss->space[\result.space].loss_time;
*/
static loss_timer_due
loss_timer_detect(const gn_loss *loss)
{
    gn_time at = loss->space[0].loss_time;
    uint32_t space = 0;

    /*@
      loop invariant 1 <= i <= GN_SPACES && space < GN_SPACES;
      loop invariant \forall integer k; 0 <= k < i ==> at <= loss->space[k].loss_time;
      loop invariant at == loss->space[space].loss_time;
      loop assigns i, at, space;
      loop variant GN_SPACES - i;
    */
    for (uint32_t i = 1; i < GN_SPACES; i++) {
        if (loss->space[i].loss_time < at) {
            at = loss->space[i].loss_time;
            space = i;
        }
    }
    return (loss_timer_due){.at = at, .space = (gn_space_id)space};
}

/* When the probe timeout of a space fires; GN_NEVER when it has none. */
/*@
  requires \valid_read(loss) && \valid_read(rtt) && \valid_read(s) && i < GN_SPACES;
  requires rtt_ok(rtt) && loss_armed(loss, s);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == loss_timer_probe(loss, rtt, s, i);
*/
static gn_time
loss_timer_probe_at(const gn_loss *loss, const gn_rtt *rtt, const gn_loss_situation *s, uint32_t i)
{
    const gn_loss_space *space = &loss->space[i];
    const bool app = i == GN_SPACE_APP;

    /* RFC 9002 6.2.1: before confirmation the peer may not be able to answer 1-RTT packets.
     * [R-9002-6.2.1-3] */
    if (space->eliciting_in_flight == 0 || (app && !s->handshake_confirmed))
        return GN_NEVER;

    GN_ASSERT(space->eliciting_at != GN_NEVER);
    const uint64_t us = gn_rtt_pto_us(rtt, app ? s->max_ack_delay_us : 0);
    return gn_time_after(space->eliciting_at, loss_timer_backed_off(loss, us));
}

/* When the first probe timeout fires; GN_NEVER when nothing is in flight. [R-9002-6.2.1-2] */
/*@
  requires \valid_read(loss) && \valid_read(rtt) && \valid_read(s);
  requires rtt_ok(rtt) && loss_armed(loss, s);
  terminates \true; exits \false;
  assigns \nothing;
  ensures space: \result.space < GN_SPACES;
  ensures least: \forall integer i; 0 <= i < GN_SPACES ==>
    \result.at <= loss_timer_probe(loss, rtt, s, i);
  ensures one: \result.at == loss_timer_probe(loss, rtt, s, \result.space);
*/
static loss_timer_due
loss_timer_probe(const gn_loss *loss, const gn_rtt *rtt, const gn_loss_situation *s)
{
    gn_time at = loss_timer_probe_at(loss, rtt, s, 0);
    uint32_t space = 0;

    /*@
      loop invariant 1 <= i <= GN_SPACES && space < GN_SPACES;
      loop invariant \forall integer k; 0 <= k < i ==> at <= loss_timer_probe(loss, rtt, s, k);
      loop invariant at == loss_timer_probe(loss, rtt, s, space);
      loop assigns i, at, space;
      loop variant GN_SPACES - i;
    */
    for (uint32_t i = 1; i < GN_SPACES; i++) {
        const gn_time next = loss_timer_probe_at(loss, rtt, s, i);

        if (next < at) {
            at = next;
            space = i;
        }
    }
    return (loss_timer_due){.at = at, .space = (gn_space_id)space};
}

gn_time
gn_loss_timer_next(const gn_loss *loss, const gn_rtt *rtt, const gn_loss_situation *s,
                   gn_loss_alarm *out)
{
    const gn_loss_alarm nothing = {
        .kind = GN_LOSS_NOTHING_DUE,
        .space = GN_SPACE_INITIAL,
        .packets = 0,
    };

    /* RFC 9002 6.2.1: no probe timeout while packets wait to be lost by time. [R-9002-6.2.1-5] */
    const loss_timer_due lost = loss_timer_detect(loss);
    if (lost.at != GN_NEVER) {
        *out = (gn_loss_alarm){.kind = GN_LOSS_DETECT, .space = lost.space, .packets = 0};
        return lost.at;
    }

    /* RFC 9002 6.2.2.1: a server that may not send does not probe. [R-9002-6.2.2.1-1] */
    if (s->amplification_blocked) {
        *out = nothing;
        return GN_NEVER;
    }
    const loss_timer_due probe = loss_timer_probe(loss, rtt, s);
    if (probe.at != GN_NEVER) {
        *out = (gn_loss_alarm){
            .kind = GN_LOSS_PROBE,
            .space = probe.space,
            .packets = GN_LOSS_PROBES,
        };
        return probe.at;
    }

    /* RFC 9002 6.2.2.1: until it knows better, a client has to send so that its server may.
     * [R-9000-8.1-4] [R-9002-6.2.2.1-2] */
    if (loss->peer_validated != 0 || s->handshake_confirmed || loss->idle_from == GN_NEVER) {
        *out = nothing;
        return GN_NEVER;
    }
    const uint64_t us = loss_timer_backed_off(loss, gn_rtt_pto_us(rtt, 0));
    const gn_time at = gn_time_after(loss->idle_from, us);
    *out = (gn_loss_alarm){
        .kind = GN_LOSS_PROBE,
        /* [R-9000-8.1-5] [R-9002-6.2.2.1-3] [R-9002-6.2.2.1-4] */
        .space = s->has_handshake_keys ? GN_SPACE_HANDSHAKE : GN_SPACE_INITIAL,
        .packets = 1,
    };
    return at;
}
