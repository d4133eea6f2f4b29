/*
 * packet_list.h: packets one after the other, first in, first out.
 *
 * The links are in the packets themselves, so a list takes no memory of its own.
 */
#ifndef GN_SIM_PACKET_LIST_H
#define GN_SIM_PACKET_LIST_H

#include <stdint.h>

#include "sim/packet_pool.h"

/* Bytes count the IP and UDP headers. Invariant: bytes is the sum over the list. */
typedef struct gn_sim_packet_list {
    gn_sim_packet *head; /* NULL: empty; tail is not to be read then */
    gn_sim_packet *tail;
    uint64_t bytes;
} gn_sim_packet_list;

void gn_sim_packet_list_push(gn_sim_packet_list *list, gn_sim_packet *packet);

/* The oldest packet, or NULL. */
gn_sim_packet *gn_sim_packet_list_pop(gn_sim_packet_list *list);

/* How long the oldest has waited, microseconds; 0 when there is none. */
uint64_t gn_sim_packet_list_wait(const gn_sim_packet_list *list, uint64_t now_us);

#endif
