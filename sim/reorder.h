/*
 * reorder.h: a share of the datagrams is overtaken by those behind.
 *
 * Either by a number of datagrams: such a one waits until so many have passed
 * and arrives right behind the last of them, or after for_us when too few come.
 * Or, with no number, by a duration: it arrives for_us later than it would.
 */
#ifndef GN_SIM_REORDER_H
#define GN_SIM_REORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/packet_pool.h"
#include "sim/prng.h"

/* Datagrams that wait to be overtaken at a time; the next goes straight on. */
#define GN_SIM_REORDER_HELD_MAX 16

#define GN_SIM_REORDER_FOR_US 1000000

typedef struct gn_sim_reorder_settings {
    gn_sim_ratio share;
    uint64_t by; /* datagrams; 0: by the duration alone */
    uint64_t for_us;
} gn_sim_reorder_settings;

typedef struct gn_sim_reorder_held {
    gn_sim_packet *packet;
    uint64_t left;     /* datagrams that are still to pass */
    uint64_t until_us; /* and no later */
} gn_sim_reorder_held;

typedef struct gn_sim_reorder {
    gn_sim_prng prng;
    uint64_t count;
    gn_sim_reorder_held held[GN_SIM_REORDER_HELD_MAX]; /* oldest first */
} gn_sim_reorder;

/* number tells the links of a run apart. */
void gn_sim_reorder_init(gn_sim_reorder *reorder, uint64_t seed, uint64_t number);

/* Is the next datagram one of the share? */
bool gn_sim_reorder_wants(gn_sim_reorder *reorder, const gn_sim_reorder_settings *settings);

/* Holds the packet until so many pass, or a moment. False: there is no room. */
bool gn_sim_reorder_hold(gn_sim_reorder *reorder, gn_sim_packet *packet, uint64_t by,
                         uint64_t until_us);

/* A datagram has passed all that are held. */
void gn_sim_reorder_passed(gn_sim_reorder *reorder);

/* The oldest that enough have passed, or whose time is up at now_us; NULL: none. */
gn_sim_packet *gn_sim_reorder_next(gn_sim_reorder *reorder, uint64_t now_us);

#endif
