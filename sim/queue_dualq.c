/*
 * queue_dualq.c: see queue_dualq.h.
 */
#include "sim/queue_dualq.h"

#include "gnomon.h"
#include "sim/queue.h"

/*
 * RFC 9332 A.1: alpha 0.16 and beta 3.2 a second, for an interval of 16 ms and
 * round trips of 100 ms: of 32 fraction bits, 8 more, a microsecond.
 */
#define DUALQ_ALPHA INT64_C(175922)
#define DUALQ_BETA INT64_C(3518437)
#define DUALQ_GAIN_FRACTION 256

/* Waits beyond this are all alike. */
#define DUALQ_WAIT_MAX_US UINT64_C(100000000)

/* After so many updates without a packet nothing is left to forget. */
#define DUALQ_UPDATES_MAX 1024

void
gn_sim_queue_dualq_update(gn_sim_queue_dualq *dualq, const gn_sim_queue_dualq_settings *settings,
                          uint64_t wait_us)
{
    const uint64_t now_us = wait_us < DUALQ_WAIT_MAX_US ? wait_us : DUALQ_WAIT_MAX_US;
    const int64_t off_us = (int64_t)now_us - (int64_t)settings->target_us;
    const int64_t change_us = (int64_t)now_us - (int64_t)dualq->wait_us;
    int64_t base = (int64_t)dualq->base +
                   (DUALQ_ALPHA * off_us + DUALQ_BETA * change_us) / DUALQ_GAIN_FRACTION;

    if (base < 0)
        base = 0;
    if (base > (int64_t)GN_SIM_CERTAIN)
        base = (int64_t)GN_SIM_CERTAIN;
    dualq->base = (uint64_t)base;
    dualq->wait_us = now_us;
    dualq->classic = gn_sim_queue_multiply(dualq->base, dualq->base);
    dualq->coupled = dualq->base * settings->coupling;
    if (dualq->coupled > GN_SIM_CERTAIN)
        dualq->coupled = GN_SIM_CERTAIN;
}

/* The updates that were due by now. */
static void
dualq_catch_up(gn_sim_queue_dualq *dualq, const gn_sim_queue_dualq_settings *settings,
               uint64_t now_us)
{
    if (dualq->next_us == 0)
        dualq->next_us = now_us + settings->interval_us;
    for (unsigned i = 0; i < DUALQ_UPDATES_MAX && dualq->next_us <= now_us; i++) {
        gn_sim_queue_dualq_update(dualq, settings,
                                  gn_sim_packet_list_wait(&dualq->c, dualq->next_us));
        dualq->next_us += settings->interval_us;
    }
    if (dualq->next_us <= now_us)
        dualq->next_us = now_us + settings->interval_us;
}

uint64_t
gn_sim_queue_dualq_native(const gn_sim_queue_dualq_settings *settings, uint64_t wait_us)
{
    if (wait_us >= settings->ramp_max_us)
        return GN_SIM_CERTAIN;
    if (wait_us <= settings->ramp_min_us)
        return 0;
    return (wait_us - settings->ramp_min_us) * GN_SIM_CERTAIN /
           (settings->ramp_max_us - settings->ramp_min_us);
}

/* True as often as the likelihood says, as evenly as can be. */
static bool
dualq_recurs(uint64_t *sum, uint64_t likelihood)
{
    *sum += likelihood;
    if (*sum < GN_SIM_CERTAIN)
        return false;
    *sum -= GN_SIM_CERTAIN;
    return true;
}

/* RFC 9332 2.5.1.1: what says it is scalable, and what was marked before. */
void
gn_sim_queue_dualq_put(gn_sim_queue *queue, gn_sim_packet *packet)
{
    gn_sim_queue_dualq *dualq = &queue->as.dualq;
    const bool scalable = packet->ecn == GN_MARK_ECT1 || packet->ecn == GN_MARK_CE;

    gn_sim_packet_list_push(scalable ? &dualq->l : &dualq->c, packet);
}

static bool
dualq_turn_of_l(const gn_sim_queue_dualq *dualq, uint64_t shift_us)
{
    if (dualq->l.head == NULL || dualq->c.head == NULL)
        return dualq->l.head != NULL;
    return dualq->l.head->queued_at_us <= dualq->c.head->queued_at_us + shift_us;
}

/* False: to be dropped, which happens in L only when C cannot mark enough any more. */
static bool
dualq_judge_l(gn_sim_queue *queue, const gn_sim_queue_door *door, gn_sim_packet *packet)
{
    gn_sim_queue_dualq *dualq = &queue->as.dualq;
    const uint64_t native =
        gn_sim_queue_dualq_native(&queue->settings.dualq, door->now_us - packet->queued_at_us);
    uint64_t likelihood = native > dualq->coupled ? native : dualq->coupled;

    /* RFC 9332 A.1, overload: drop as C does, and go on marking. */
    if (dualq->coupled >= GN_SIM_CERTAIN) {
        if (dualq_recurs(&dualq->c_sum, dualq->classic))
            return false;
        likelihood = dualq->coupled;
    }
    return !dualq_recurs(&dualq->l_sum, likelihood) || gn_sim_queue_signal(queue, door, packet);
}

static bool
dualq_judge_c(gn_sim_queue *queue, const gn_sim_queue_door *door, gn_sim_packet *packet)
{
    gn_sim_queue_dualq *dualq = &queue->as.dualq;

    if (!dualq_recurs(&dualq->c_sum, dualq->classic))
        return true;
    /* RFC 9332 A.1: p_Cmax = 1 / k^2, where L is at its end. */
    return dualq->coupled < GN_SIM_CERTAIN && gn_sim_queue_signal(queue, door, packet);
}

gn_sim_packet *
gn_sim_queue_dualq_pop(gn_sim_queue *queue, const gn_sim_queue_door *door)
{
    gn_sim_queue_dualq *dualq = &queue->as.dualq;
    const gn_sim_queue_dualq_settings *settings = &queue->settings.dualq;

    dualq_catch_up(dualq, settings, door->now_us);
    while (queue->packets > 0) {
        const bool turn_of_l = dualq_turn_of_l(dualq, settings->shift_us);
        gn_sim_packet *packet = gn_sim_queue_pull(queue, turn_of_l ? &dualq->l : &dualq->c);

        if (turn_of_l ? dualq_judge_l(queue, door, packet) : dualq_judge_c(queue, door, packet))
            return packet;
        door->drop(door->link, packet, GN_SIM_FATE_DROPPED_AQM);
    }
    return NULL;
}

gn_sim_packet *
gn_sim_queue_dualq_take(gn_sim_queue *queue)
{
    gn_sim_queue_dualq *dualq = &queue->as.dualq;

    return gn_sim_queue_pull(queue, dualq->l.head != NULL ? &dualq->l : &dualq->c);
}
