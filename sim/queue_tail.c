/*
 * queue_tail.c: see queue_tail.h.
 */
#include "sim/queue_tail.h"

#include <stddef.h>

#include "base/assert.h"

void
gn_sim_queue_tail_init(gn_sim_queue_tail *queue, uint64_t limit_bytes)
{
    *queue = (gn_sim_queue_tail){.limit_bytes = limit_bytes};
}

bool
gn_sim_queue_tail_push(gn_sim_queue_tail *queue, gn_sim_packet *packet)
{
    const uint64_t bytes = queue->bytes + packet->len + GN_SIM_OVERHEAD_BYTES;

    if (bytes > queue->limit_bytes)
        return false;
    queue->bytes = bytes;
    if (bytes > queue->peak_bytes)
        queue->peak_bytes = bytes;
    packet->next = NULL;
    if (queue->head == NULL)
        queue->head = packet;
    else
        queue->tail->next = packet;
    queue->tail = packet;
    return true;
}

gn_sim_packet *
gn_sim_queue_tail_pop(gn_sim_queue_tail *queue)
{
    gn_sim_packet *packet = queue->head;

    if (packet == NULL)
        return NULL;
    queue->head = packet->next;
    packet->next = NULL;
    GN_ASSERT(queue->bytes >= packet->len + GN_SIM_OVERHEAD_BYTES);
    queue->bytes -= packet->len + GN_SIM_OVERHEAD_BYTES;
    return packet;
}
