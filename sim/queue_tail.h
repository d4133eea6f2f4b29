/*
 * queue_tail.h: a first-in-first-out queue that refuses what does not fit.
 */
#ifndef GN_SIM_QUEUE_TAIL_H
#define GN_SIM_QUEUE_TAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/packet_pool.h"

/* Room without end. */
#define GN_SIM_QUEUE_UNLIMITED UINT64_MAX

/* Bytes count the IP and UDP headers of datagrams. Invariant: bytes is the sum over the queue. */
typedef struct gn_sim_queue_tail {
    gn_sim_packet *head;
    gn_sim_packet *tail;
    uint64_t bytes;
    uint64_t limit_bytes;
    uint64_t peak_bytes;
} gn_sim_queue_tail;

void gn_sim_queue_tail_init(gn_sim_queue_tail *queue, uint64_t limit_bytes);

/* Appends the packet; false (and nothing done) when it would exceed the limit. */
bool gn_sim_queue_tail_push(gn_sim_queue_tail *queue, gn_sim_packet *packet);

/* The oldest packet, or NULL. */
gn_sim_packet *gn_sim_queue_tail_pop(gn_sim_queue_tail *queue);

#endif
