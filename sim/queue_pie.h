/*
 * queue_pie.h: proportional integral controller enhanced (RFC 8033).
 *
 * Every interval the probability of a signal moves with how far the wait is
 * from the target and how fast it changes. Each arriving packet is then
 * signalled with that probability. The wait is that of the oldest packet
 * (RFC 8033 5.2 allows time stamps). There is no timer: updates that are due
 * are made up for before the next packet is judged.
 */
#ifndef GN_SIM_QUEUE_PIE_H
#define GN_SIM_QUEUE_PIE_H

#include <stdbool.h>
#include <stdint.h>

/* RFC 8033 4.2, 4.4: the values it suggests. */
#define GN_SIM_PIE_TARGET_US 15000
#define GN_SIM_PIE_INTERVAL_US 15000
#define GN_SIM_PIE_BURST_US 150000

struct gn_sim_packet;
struct gn_sim_queue;
struct gn_sim_queue_door;

typedef struct gn_sim_queue_pie_settings {
    uint64_t target_us;
    uint64_t interval_us; /* between updates */
    uint64_t burst_us;    /* how long a first burst goes unjudged */
} gn_sim_queue_pie_settings;

typedef struct gn_sim_queue_pie {
    uint64_t probability; /* 32 fraction bits, at most 1 */
    uint64_t wait_us;     /* at the last update */
    uint64_t burst_us;    /* left of the allowance */
    uint64_t next_us;     /* of the next update; 0: none yet */
} gn_sim_queue_pie;

/* Judges a packet on arrival; false: to be dropped. */
bool gn_sim_queue_pie_admit(struct gn_sim_queue *queue, const struct gn_sim_queue_door *door,
                            struct gn_sim_packet *packet);

/* One update with a wait of so long; for the tests, too. */
void gn_sim_queue_pie_update(gn_sim_queue_pie *pie, const gn_sim_queue_pie_settings *settings,
                             uint64_t wait_us);

#endif
