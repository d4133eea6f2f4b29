/*
 * queue_dualq.h: two queues coupled, DualPI2 (RFC 9332, appendix A).
 *
 *     ECT(1), CE ----> L  |--- p_L = max(ramp(wait of L), k * p') --- mark
 *                         |                 ^
 *                         |                 | coupled
 *     all others ----> C  |--- p_C = p' * p' ------------------------ mark or drop
 *                               p' follows the wait of C (a PI controller)
 *
 * A scalable sender answers a mark with a step that is linear in the rate of
 * marks, a classic one with the square root; squaring one side and coupling
 * by k makes the two share the link. L goes first unless C has waited longer
 * by shift_us (time-shifted first in, first out). Signals are spread evenly by
 * adding up probabilities, so nothing is drawn by chance. There is no timer:
 * updates that are due are made up for before the next packet leaves.
 */
#ifndef GN_SIM_QUEUE_DUALQ_H
#define GN_SIM_QUEUE_DUALQ_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/packet_list.h"

/* RFC 9332 A.1: the values it suggests, for round trips of 100 ms at the most. */
#define GN_SIM_DUALQ_TARGET_US 15000
#define GN_SIM_DUALQ_INTERVAL_US 16000
#define GN_SIM_DUALQ_RAMP_MIN_US 800
#define GN_SIM_DUALQ_RAMP_MAX_US 1200
#define GN_SIM_DUALQ_SHIFT_US 30000
#define GN_SIM_DUALQ_COUPLING 2

struct gn_sim_queue;
struct gn_sim_queue_door;

typedef struct gn_sim_queue_dualq_settings {
    uint64_t target_us;   /* wait of C to aim at */
    uint64_t interval_us; /* between updates of p' */
    uint64_t ramp_min_us; /* wait of L from which it marks */
    uint64_t ramp_max_us; /* wait of L from which it marks everything */
    uint64_t shift_us;    /* the head start of L */
    uint64_t coupling;    /* k */
} gn_sim_queue_dualq_settings;

/* Probabilities of 32 fraction bits. */
typedef struct gn_sim_queue_dualq {
    gn_sim_packet_list l;
    gn_sim_packet_list c;
    uint64_t base;    /* p' */
    uint64_t classic; /* p_C = p'^2 */
    uint64_t coupled; /* p_CL = k p', at most 1 */
    uint64_t l_sum;   /* of likelihoods since the last signal, below 1 */
    uint64_t c_sum;
    uint64_t wait_us; /* of C at the last update */
    uint64_t next_us; /* of the next update; 0: none yet */
} gn_sim_queue_dualq;

void gn_sim_queue_dualq_put(struct gn_sim_queue *queue, struct gn_sim_packet *packet);
struct gn_sim_packet *gn_sim_queue_dualq_pop(struct gn_sim_queue *queue,
                                             const struct gn_sim_queue_door *door);
struct gn_sim_packet *gn_sim_queue_dualq_take(struct gn_sim_queue *queue);

/* p' moves by alpha times the distance from the target and beta times the change of the wait. */
void gn_sim_queue_dualq_update(gn_sim_queue_dualq *dualq,
                               const gn_sim_queue_dualq_settings *settings, uint64_t wait_us);

/* What L marks by its own wait: 0 to 1 on the ramp. */
uint64_t gn_sim_queue_dualq_native(const gn_sim_queue_dualq_settings *settings, uint64_t wait_us);

#endif
