/*
 * jitter.h: how much longer than the link's delay a datagram takes.
 *
 * Three shapes, all in whole microseconds:
 *   uniform   anything from 0 to spread, equally likely
 *   tail      mostly small, sometimes many times spread: halving with each
 *             further spread, 1.5 spread on average, 16 spread at the most
 *   wifi      spread on average, for the air is shared (Poisson, spread out);
 *             one datagram in 256 finds it taken, and waits for some 12 (Poisson
 *             again) slots of 7.5 spread: those behind it pile up, when order is kept
 * and two orders: kept, where a datagram waits for those before it, and free,
 * where it may overtake them. The link applies the order.
 */
#ifndef GN_SIM_JITTER_H
#define GN_SIM_JITTER_H

#include <stdint.h>

#include "sim/prng.h"

#define GN_SIM_JITTER_WIFI_EVERY 256

typedef enum gn_sim_jitter_shape {
    GN_SIM_JITTER_UNIFORM,
    GN_SIM_JITTER_TAIL,
    GN_SIM_JITTER_WIFI
} gn_sim_jitter_shape;

typedef enum gn_sim_jitter_order { GN_SIM_JITTER_KEPT, GN_SIM_JITTER_FREE } gn_sim_jitter_order;

/* The extra delay of the next datagram, microseconds. Draws nothing when spread_us is 0. */
uint64_t gn_sim_jitter_next(gn_sim_prng *prng, gn_sim_jitter_shape shape, uint64_t spread_us);

#endif
