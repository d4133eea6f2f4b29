/*
 * queue_red.c: see queue_red.h.
 */
#include "sim/queue_red.h"

#include "sim/queue.h"

#define RED_FRACTION 16
#define RED_US_PER_S UINT64_C(1000000)

/* Packets that could have passed while the queue was empty, which all would have met no bytes. */
static uint64_t
red_missed(const gn_sim_queue *queue, const gn_sim_queue_door *door)
{
    const uint64_t idle_us = door->now_us - queue->as.red.idle_from_us;
    const uint64_t packet_bits = UINT64_C(8) * GN_SIM_FULL_PACKET_BYTES;

    if (door->rate_bits == 0)
        return idle_us;
    if (idle_us >= RED_US_PER_S)
        return (door->rate_bits / packet_bits + 1) * (idle_us / RED_US_PER_S);
    return idle_us * (door->rate_bits / 1000) / (packet_bits * (RED_US_PER_S / 1000));
}

static void
red_average(gn_sim_queue *queue, const gn_sim_queue_door *door)
{
    gn_sim_queue_red *red = &queue->as.red;
    const uint64_t weight = queue->settings.red.weight;
    const uint64_t now = queue->bytes << RED_FRACTION;

    if (queue->packets == 0)
        for (uint64_t i = red_missed(queue, door); i > 0 && red->average > 0; i--)
            red->average -= (red->average >> weight) + 1;
    if (now >= red->average)
        red->average += (now - red->average) >> weight;
    else
        red->average -= (red->average - now) >> weight;
}

/* pb / (1 - since * pb), where pb grows linearly between the two marks. */
static bool
red_signals(gn_sim_queue *queue, uint64_t average_bytes)
{
    const gn_sim_queue_red_settings *settings = &queue->settings.red;
    gn_sim_queue_red *red = &queue->as.red;
    const uint64_t top = GN_SIM_CERTAIN * settings->probability.num / settings->probability.den;
    const uint64_t over = (average_bytes - settings->min_bytes) << 16;
    const uint64_t share = over / (settings->max_bytes - settings->min_bytes); /* of 2^16 */
    const uint64_t base = (top >> 16) * share;
    const uint64_t spent = base * red->since;

    red->since++;
    if (base == 0)
        return false;
    if (spent < GN_SIM_CERTAIN && gn_sim_prng_below(&queue->chance, GN_SIM_CERTAIN - spent) >= base)
        return false;
    red->since = 0;
    return true;
}

bool
gn_sim_queue_red_admit(gn_sim_queue *queue, const gn_sim_queue_door *door, gn_sim_packet *packet)
{
    const gn_sim_queue_red_settings *settings = &queue->settings.red;

    red_average(queue, door);

    const uint64_t average_bytes = queue->as.red.average >> RED_FRACTION;

    queue->as.red.idle_from_us = door->now_us;
    if (average_bytes < settings->min_bytes) {
        queue->as.red.since = 0;
        return true;
    }
    if (average_bytes >= settings->max_bytes) {
        queue->as.red.since = 0;
        return false;
    }
    return !red_signals(queue, average_bytes) || gn_sim_queue_signal(queue, door, packet);
}

gn_sim_packet *
gn_sim_queue_red_pop(gn_sim_queue *queue, const gn_sim_queue_door *door)
{
    queue->as.red.idle_from_us = door->now_us;
    return gn_sim_queue_pull(queue, &queue->list);
}
