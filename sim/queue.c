/*
 * queue.c: see queue.h.
 */
#include "sim/queue.h"

#include <stddef.h>
#include <string.h>

#include "base/assert.h"
#include "gnomon.h"

/* How a discipline does its part. NULL: as first in, first out does. */
typedef struct queue_ops {
    void (*start)(gn_sim_queue *queue); /* its state is 0 */
    bool (*admit)(gn_sim_queue *queue, const gn_sim_queue_door *door, gn_sim_packet *packet);
    void (*put)(gn_sim_queue *queue, gn_sim_packet *packet);
    gn_sim_packet *(*pop)(gn_sim_queue *queue, const gn_sim_queue_door *door);
    gn_sim_packet *(*take)(gn_sim_queue *queue);
} queue_ops;

const char *const gn_sim_queue_aqm_words[] = {"none", "codel", "red", "fq-codel",
                                              "pie",  "dualq", NULL};

static void
queue_codel_start(gn_sim_queue *queue)
{
    gn_sim_codel_init(&queue->as.codel, queue->settings.codel_target_us,
                      queue->settings.codel_interval_us);
}

static gn_sim_packet *
queue_codel_pop(gn_sim_queue *queue, const gn_sim_queue_door *door)
{
    gn_sim_packet *packet;

    while ((packet = gn_sim_queue_pull(queue, &queue->list)) != NULL) {
        if (!gn_sim_codel_judge(&queue->as.codel, door->now_us, door->now_us - packet->queued_at_us,
                                queue->bytes, GN_SIM_FULL_PACKET_BYTES) ||
            gn_sim_queue_signal(queue, door, packet))
            break;
        door->drop(door->link, packet, GN_SIM_FATE_DROPPED_AQM);
    }
    return packet;
}

/* clang-format off */
static const queue_ops queue_table[GN_SIM_AQMS] = {
    [GN_SIM_AQM_NONE]     = {NULL, NULL, NULL, NULL, NULL},
    [GN_SIM_AQM_CODEL]    = {queue_codel_start, NULL, NULL, queue_codel_pop, NULL},
    [GN_SIM_AQM_RED]      = {NULL, gn_sim_queue_red_admit, NULL, gn_sim_queue_red_pop, NULL},
    [GN_SIM_AQM_FQ_CODEL] = {gn_sim_queue_fq_start, NULL, gn_sim_queue_fq_put,
                             gn_sim_queue_fq_pop, gn_sim_queue_fq_take},
    [GN_SIM_AQM_PIE]      = {NULL, gn_sim_queue_pie_admit, NULL, NULL, NULL},
    [GN_SIM_AQM_DUALQ]    = {NULL, NULL, gn_sim_queue_dualq_put,
                             gn_sim_queue_dualq_pop, gn_sim_queue_dualq_take},
};
/* clang-format on */

static const queue_ops *
queue_ops_of(const gn_sim_queue *queue)
{
    return &queue_table[queue->settings.aqm];
}

void
gn_sim_queue_init(gn_sim_queue *queue, const gn_sim_queue_settings *settings, uint64_t seed,
                  uint64_t number)
{
    gn_sim_prng salt = gn_sim_prng_for(seed, "flows", number);

    GN_ASSERT(settings->aqm < GN_SIM_AQMS);
    queue->settings = *settings;
    queue->chance = gn_sim_prng_for(seed, "aqm", number);
    queue->salt = gn_sim_prng_next(&salt);
    if (queue_ops_of(queue)->start != NULL)
        queue_ops_of(queue)->start(queue);
}

/* Into the queue without a question asked. */
static void
queue_put(gn_sim_queue *queue, gn_sim_packet *packet)
{
    const queue_ops *ops = queue_ops_of(queue);

    queue->packets++;
    queue->bytes += packet->len + GN_SIM_OVERHEAD_BYTES;
    if (queue->bytes > queue->peak_bytes)
        queue->peak_bytes = queue->bytes;
    if (ops->put != NULL)
        ops->put(queue, packet);
    else
        gn_sim_packet_list_push(&queue->list, packet);
}

void
gn_sim_queue_change(gn_sim_queue *queue, const gn_sim_queue_settings *settings)
{
    gn_sim_queue_settings before = queue->settings;
    gn_sim_packet_list kept = {0};
    gn_sim_packet *packet;

    GN_ASSERT(settings->aqm < GN_SIM_AQMS);
    before.limit_bytes = settings->limit_bytes;
    before.drops_ect = settings->drops_ect;
    if (memcmp(&before, settings, sizeof before) == 0) {
        queue->settings = *settings;
        return;
    }
    while ((packet = gn_sim_queue_take(queue)) != NULL)
        gn_sim_packet_list_push(&kept, packet);
    memset(&queue->as, 0, sizeof queue->as);
    queue->settings = *settings;
    if (queue_ops_of(queue)->start != NULL)
        queue_ops_of(queue)->start(queue);
    while ((packet = gn_sim_packet_list_pop(&kept)) != NULL)
        queue_put(queue, packet);
}

/* Room for the packet, where the discipline has its own idea of who must go. */
static bool
queue_make_room(gn_sim_queue *queue, const gn_sim_queue_door *door, uint64_t bytes)
{
    const uint64_t limit = queue->settings.limit_bytes;

    if (queue->bytes + bytes <= limit)
        return true;
    if (queue->settings.aqm != GN_SIM_AQM_FQ_CODEL || bytes > limit)
        return false;
    while (queue->bytes + bytes > limit)
        door->drop(door->link, gn_sim_queue_take(queue), GN_SIM_FATE_DROPPED_QUEUE);
    return true;
}

void
gn_sim_queue_push(gn_sim_queue *queue, const gn_sim_queue_door *door, gn_sim_packet *packet)
{
    const queue_ops *ops = queue_ops_of(queue);

    if (!queue_make_room(queue, door, packet->len + GN_SIM_OVERHEAD_BYTES)) {
        door->drop(door->link, packet, GN_SIM_FATE_DROPPED_QUEUE);
        return;
    }
    if (ops->admit != NULL && !ops->admit(queue, door, packet)) {
        door->drop(door->link, packet, GN_SIM_FATE_DROPPED_AQM);
        return;
    }
    queue_put(queue, packet);
}

gn_sim_packet *
gn_sim_queue_pop(gn_sim_queue *queue, const gn_sim_queue_door *door)
{
    const queue_ops *ops = queue_ops_of(queue);

    return ops->pop != NULL ? ops->pop(queue, door) : gn_sim_queue_pull(queue, &queue->list);
}

gn_sim_packet *
gn_sim_queue_take(gn_sim_queue *queue)
{
    const queue_ops *ops = queue_ops_of(queue);

    return ops->take != NULL ? ops->take(queue) : gn_sim_queue_pull(queue, &queue->list);
}

gn_sim_packet *
gn_sim_queue_pull(gn_sim_queue *queue, gn_sim_packet_list *list)
{
    gn_sim_packet *packet = gn_sim_packet_list_pop(list);

    if (packet == NULL)
        return NULL;
    GN_ASSERT(queue->packets > 0 && queue->bytes >= packet->len + GN_SIM_OVERHEAD_BYTES);
    queue->packets--;
    queue->bytes -= packet->len + GN_SIM_OVERHEAD_BYTES;
    return packet;
}

bool
gn_sim_queue_signal(const gn_sim_queue *queue, const gn_sim_queue_door *door, gn_sim_packet *packet)
{
    /* RFC 3168 5: only a datagram that says it understands may be marked. */
    if (packet->ecn == GN_MARK_NOT_ECT || queue->settings.drops_ect != 0)
        return false;
    if (packet->ecn != GN_MARK_CE)
        door->mark(door->link, packet);
    return true;
}

uint64_t
gn_sim_queue_multiply(uint64_t a, uint64_t b)
{
    /* Neither is above 2^32: only 1 * 1 would not fit. */
    return a >= GN_SIM_CERTAIN ? b : b >= GN_SIM_CERTAIN ? a : a * b >> 32;
}
