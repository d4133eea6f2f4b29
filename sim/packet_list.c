/*
 * packet_list.c: see packet_list.h.
 */
#include "sim/packet_list.h"

#include <stddef.h>

#include "base/assert.h"

void
gn_sim_packet_list_push(gn_sim_packet_list *list, gn_sim_packet *packet)
{
    packet->next = NULL;
    if (list->head == NULL)
        list->head = packet;
    else
        list->tail->next = packet;
    list->tail = packet;
    list->bytes += packet->len + GN_SIM_OVERHEAD_BYTES;
}

gn_sim_packet *
gn_sim_packet_list_pop(gn_sim_packet_list *list)
{
    gn_sim_packet *packet = list->head;

    if (packet == NULL)
        return NULL;
    GN_ASSERT(list->bytes >= packet->len + GN_SIM_OVERHEAD_BYTES);
    list->head = packet->next;
    list->bytes -= packet->len + GN_SIM_OVERHEAD_BYTES;
    packet->next = NULL;
    return packet;
}

uint64_t
gn_sim_packet_list_wait(const gn_sim_packet_list *list, uint64_t now_us)
{
    if (list->head == NULL || list->head->queued_at_us >= now_us)
        return 0;
    return now_us - list->head->queued_at_us;
}
