/*
 * queue_fq.h: a queue for each flow, by turns, a CoDel on each (RFC 8290).
 *
 * A flow is what has the same two addresses and ports; a salted hash puts it
 * into one of some queues. New flows are served before old ones, each for a
 * quantum of bytes at a time, so a thin flow does not wait for a thick one.
 * When there is no room, the longest queue loses its oldest packets.
 */
#ifndef GN_SIM_QUEUE_FQ_H
#define GN_SIM_QUEUE_FQ_H

#include <stdint.h>

#include "sim/codel.h"
#include "sim/packet_list.h"

/* RFC 8290 4.1 has 1,024; a simulated link sees a few flows, and is copied. */
#define GN_SIM_FQ_FLOWS_MAX 32
#define GN_SIM_FQ_QUANTUM_BYTES 1514

struct gn_sim_queue;
struct gn_sim_queue_door;

typedef struct gn_sim_queue_fq_settings {
    uint64_t flows; /* queues in use, 1 to GN_SIM_FQ_FLOWS_MAX */
    uint64_t quantum_bytes;
} gn_sim_queue_fq_settings;

typedef enum gn_sim_fq_place { GN_SIM_FQ_IDLE, GN_SIM_FQ_NEW, GN_SIM_FQ_OLD } gn_sim_fq_place;

typedef struct gn_sim_fq_flow {
    gn_sim_packet_list list;
    gn_sim_codel codel;
    int64_t credit_bytes;
    uint8_t place; /* gn_sim_fq_place */
    uint8_t next;  /* flow behind it in that place */
    uint8_t reserved[6];
} gn_sim_fq_flow;

/* The flows of a place, in turn. */
typedef struct gn_sim_fq_turns {
    uint8_t head;
    uint8_t tail;
    uint8_t count;
} gn_sim_fq_turns;

/* Invariant: a flow with packets is in exactly one place. */
typedef struct gn_sim_queue_fq {
    gn_sim_fq_turns places[3]; /* GN_SIM_FQ_IDLE: unused */
    gn_sim_fq_flow flows[GN_SIM_FQ_FLOWS_MAX];
} gn_sim_queue_fq;

void gn_sim_queue_fq_start(struct gn_sim_queue *queue);
void gn_sim_queue_fq_put(struct gn_sim_queue *queue, struct gn_sim_packet *packet);
struct gn_sim_packet *gn_sim_queue_fq_pop(struct gn_sim_queue *queue,
                                          const struct gn_sim_queue_door *door);
/* The oldest of the longest queue. */
struct gn_sim_packet *gn_sim_queue_fq_take(struct gn_sim_queue *queue);

#endif
