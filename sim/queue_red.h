/*
 * queue_red.h: random early detection, the classic way.
 *
 * The average length of the queue is an exponentially weighted one, taken as
 * each packet arrives; while the queue is empty it decays as if small packets
 * had arrived at the line's rate. Below min nothing happens. From min to max
 * the probability of a signal grows to probability, spread evenly by counting
 * the packets since the last one. At max and above everything is dropped.
 */
#ifndef GN_SIM_QUEUE_RED_H
#define GN_SIM_QUEUE_RED_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/prng.h"

#define GN_SIM_RED_WEIGHT 9 /* 1/512 */

struct gn_sim_packet;
struct gn_sim_queue;
struct gn_sim_queue_door;

typedef struct gn_sim_queue_red_settings {
    uint64_t min_bytes;
    uint64_t max_bytes;
    gn_sim_ratio probability; /* as the average reaches max_bytes */
    uint64_t weight;          /* of one packet in the average: 1 / 2^weight */
} gn_sim_queue_red_settings;

typedef struct gn_sim_queue_red {
    uint64_t average;      /* bytes * 2^16 */
    uint64_t since;        /* packets since the last signal */
    uint64_t idle_from_us; /* when the queue was last seen not empty */
} gn_sim_queue_red;

/* Judges a packet on arrival; false: to be dropped. */
bool gn_sim_queue_red_admit(struct gn_sim_queue *queue, const struct gn_sim_queue_door *door,
                            struct gn_sim_packet *packet);

/* Remembers when the queue was last in use. */
struct gn_sim_packet *gn_sim_queue_red_pop(struct gn_sim_queue *queue,
                                           const struct gn_sim_queue_door *door);

#endif
