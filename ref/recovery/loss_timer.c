/*
 * loss_timer.c: see loss_timer.h.
 */
#include "recovery/loss_timer.h"

#include "base/assert.h"

/* A duration doubled once for every probe timeout in a row; far below 2^64. */
static uint64_t
loss_timer_backed_off(const gn_loss *loss, uint64_t us)
{
    const uint32_t doublings =
        loss->pto_count < GN_LOSS_BACKOFF_MAX ? loss->pto_count : GN_LOSS_BACKOFF_MAX;

    GN_ASSERT(us <= GN_NEVER >> GN_LOSS_BACKOFF_MAX);
    return us << doublings;
}

/* When packets are lost by time; GN_NEVER when none waits for that. */
static gn_time
loss_timer_detect(const gn_loss *loss, gn_loss_alarm *out)
{
    gn_time first = GN_NEVER;

    for (uint32_t i = 0; i < GN_SPACES; i++) {
        if (loss->space[i].loss_time < first) {
            first = loss->space[i].loss_time;
            *out = (gn_loss_alarm){.kind = GN_LOSS_DETECT, .space = (gn_space_id)i, .packets = 0};
        }
    }
    return first;
}

/* When the probe timeout of something in flight fires; GN_NEVER when there is nothing. */
static gn_time
loss_timer_probe(const gn_loss *loss, const gn_rtt *rtt, const gn_loss_situation *s,
                 gn_loss_alarm *out)
{
    gn_time first = GN_NEVER;

    for (uint32_t i = 0; i < GN_SPACES; i++) {
        const gn_loss_space *space = &loss->space[i];
        const bool app = i == GN_SPACE_APP;

        /* RFC 9002 6.2.1: before confirmation the peer may not be able to answer 1-RTT packets.
         * [R-9002-6.2.1-3] */
        if (space->eliciting_in_flight == 0 || (app && !s->handshake_confirmed))
            continue;

        GN_ASSERT(space->eliciting_at != GN_NEVER);
        const uint64_t us = gn_rtt_pto_us(rtt, app ? s->max_ack_delay_us : 0);
        const gn_time at = gn_time_after(space->eliciting_at, loss_timer_backed_off(loss, us));
        /* [R-9002-6.2.1-2] */
        if (at < first) {
            first = at;
            *out = (gn_loss_alarm){
                .kind = GN_LOSS_PROBE,
                .space = (gn_space_id)i,
                .packets = GN_LOSS_PROBES,
            };
        }
    }
    return first;
}

/* When a client has to send so that its server may; GN_NEVER before it sent anything. */
static gn_time
loss_timer_unblock(const gn_loss *loss, const gn_rtt *rtt, const gn_loss_situation *s,
                   gn_loss_alarm *out)
{
    if (loss->idle_from == GN_NEVER)
        return GN_NEVER;
    *out = (gn_loss_alarm){
        .kind = GN_LOSS_PROBE,
        /* [R-9000-8.1-5] [R-9002-6.2.2.1-3] [R-9002-6.2.2.1-4] */
        .space = s->has_handshake_keys ? GN_SPACE_HANDSHAKE : GN_SPACE_INITIAL,
        .packets = 1,
    };
    return gn_time_after(loss->idle_from, loss_timer_backed_off(loss, gn_rtt_pto_us(rtt, 0)));
}

gn_time
gn_loss_timer_next(const gn_loss *loss, const gn_rtt *rtt, const gn_loss_situation *s,
                   gn_loss_alarm *out)
{
    *out = (gn_loss_alarm){.kind = GN_LOSS_NOTHING_DUE, .space = GN_SPACE_INITIAL, .packets = 0};

    /* RFC 9002 6.2.1: no probe timeout while packets wait to be lost by time. [R-9002-6.2.1-5] */
    const gn_time lost_at = loss_timer_detect(loss, out);
    if (lost_at != GN_NEVER)
        return lost_at;

    /* RFC 9002 6.2.2.1: a server that may not send does not probe. [R-9002-6.2.2.1-1] */
    if (s->amplification_blocked)
        return GN_NEVER;
    const gn_time probe_at = loss_timer_probe(loss, rtt, s, out);
    if (probe_at != GN_NEVER)
        return probe_at;

    /* RFC 9002 6.2.2.1: until it knows better, a client answers for its server's credit.
     * [R-9000-8.1-4] [R-9002-6.2.2.1-2] */
    if (loss->peer_validated != 0 || s->handshake_confirmed)
        return GN_NEVER;
    return loss_timer_unblock(loss, rtt, s, out);
}
