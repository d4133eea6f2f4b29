/*
 * queue_pie.c: see queue_pie.h.
 */
#include "sim/queue_pie.h"

#include "sim/queue.h"

/* RFC 8033 4.2: alpha is 1/8, beta 1 1/4 a second: of 32 fraction bits, 8 more, a microsecond. */
#define PIE_ALPHA INT64_C(137439)
#define PIE_BETA INT64_C(1374390)
#define PIE_GAIN_FRACTION 256

/* Waits beyond this are all alike. */
#define PIE_WAIT_MAX_US UINT64_C(100000000)

/* After so many updates without a packet nothing is left to forget. */
#define PIE_UPDATES_MAX 1024

/* RFC 8033 4.1, 5.1: from here on even ECN-capable packets are dropped. */
#define PIE_MARK_MAX (GN_SIM_CERTAIN / 10)

/* RFC 8033 4.2: the smaller the probability, the smaller its steps. */
static int64_t
pie_tuned(uint64_t probability, int64_t step)
{
    static const struct {
        uint64_t below; /* one in so many */
        int64_t divisor;
    } rows[] = {{1000000, 2048}, {100000, 512}, {10000, 128}, {1000, 32}, {100, 8}, {10, 2}};

    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (probability < GN_SIM_CERTAIN / rows[i].below)
            return step / rows[i].divisor;
    return step;
}

static int64_t
pie_step(const gn_sim_queue_pie *pie, uint64_t target_us, uint64_t wait_us)
{
    const int64_t certain = (int64_t)GN_SIM_CERTAIN;
    const int64_t off_us = (int64_t)wait_us - (int64_t)target_us;
    const int64_t change_us = (int64_t)wait_us - (int64_t)pie->wait_us;
    int64_t step = (PIE_ALPHA * off_us + PIE_BETA * change_us) / PIE_GAIN_FRACTION;

    step = pie_tuned(pie->probability, step);
    /* RFC 8033 5.5: no leaps when it is high already; 4.2: two percent more beyond 250 ms. */
    if (pie->probability >= GN_SIM_CERTAIN / 10 && step > certain / 50)
        step = certain / 50;
    if (wait_us > 250000)
        step += certain / 50;
    return step;
}

void
gn_sim_queue_pie_update(gn_sim_queue_pie *pie, const gn_sim_queue_pie_settings *settings,
                        uint64_t wait_us)
{
    const uint64_t now_us = wait_us < PIE_WAIT_MAX_US ? wait_us : PIE_WAIT_MAX_US;
    int64_t next = (int64_t)pie->probability + pie_step(pie, settings->target_us, now_us);

    /* RFC 8033 4.2: it decays while nothing waits. */
    if (now_us == 0 && pie->wait_us == 0)
        next -= (int64_t)(pie->probability / 64);
    if (next < 0)
        next = 0;
    if (next > (int64_t)GN_SIM_CERTAIN)
        next = (int64_t)GN_SIM_CERTAIN;
    pie->burst_us =
        pie->burst_us > settings->interval_us ? pie->burst_us - settings->interval_us : 0;
    if (next == 0 && now_us < settings->target_us / 2 && pie->wait_us < settings->target_us / 2)
        pie->burst_us = settings->burst_us;
    pie->probability = (uint64_t)next;
    pie->wait_us = now_us;
}

/* The updates that were due by now. */
static void
pie_catch_up(gn_sim_queue *queue, uint64_t now_us)
{
    gn_sim_queue_pie *pie = &queue->as.pie;
    const gn_sim_queue_pie_settings *settings = &queue->settings.pie;

    if (pie->next_us == 0) {
        pie->next_us = now_us + settings->interval_us;
        pie->burst_us = settings->burst_us;
    }
    for (unsigned i = 0; i < PIE_UPDATES_MAX && pie->next_us <= now_us; i++) {
        gn_sim_queue_pie_update(pie, settings, gn_sim_packet_list_wait(&queue->list, pie->next_us));
        pie->next_us += settings->interval_us;
    }
    if (pie->next_us <= now_us)
        pie->next_us = now_us + settings->interval_us;
}

bool
gn_sim_queue_pie_admit(gn_sim_queue *queue, const gn_sim_queue_door *door, gn_sim_packet *packet)
{
    const gn_sim_queue_pie *pie = &queue->as.pie;

    pie_catch_up(queue, door->now_us);
    /* RFC 8033 4.1: never in the first burst, with little delay, or with two packets. */
    if (pie->burst_us > 0 || queue->bytes < UINT64_C(2) * GN_SIM_FULL_PACKET_BYTES)
        return true;
    if (pie->wait_us < queue->settings.pie.target_us / 2 && pie->probability < GN_SIM_CERTAIN / 5)
        return true;
    if (gn_sim_prng_below(&queue->chance, GN_SIM_CERTAIN) >= pie->probability)
        return true;
    return pie->probability <= PIE_MARK_MAX && gn_sim_queue_signal(queue, door, packet);
}
