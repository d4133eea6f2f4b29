/*
 * air.h: a network without hosts, for tests of sim/: two routes, and whatever arrives is kept.
 *
 *   1. gn_test_air_init, then change routes
 *   2. gn_test_air_begin
 *   3. send with gn_sim_network_send_up and _down, and gn_test_air_run
 *   4. gn_test_air_end
 */
#ifndef GN_TESTS_SUPPORT_AIR_H
#define GN_TESTS_SUPPORT_AIR_H

#include <stddef.h>
#include <stdint.h>

#include "sim/network.h"
#include "sim/world.h"

/* Packets that arrive, at most. */
enum { GN_TEST_AIR_ARRIVALS = 20000, GN_TEST_AIR_ROUTES = 2 };

typedef struct gn_test_air {
    gn_sim_world world;
    gn_sim_network network;
    gn_sim_route_settings routes[GN_TEST_AIR_ROUTES]; /* "a" and "b" */
    gn_sim_datagram last[GN_SIM_FATES];               /* the latest of each fate */
    uint64_t fates[GN_SIM_FATES];
    size_t arrivals;
    gn_sim_packet *arrived[GN_TEST_AIR_ARRIVALS];
    uint64_t arrived_us[GN_TEST_AIR_ARRIVALS];
} gn_test_air;

/* Nothing has happened; the delays of both routes, us. */
void gn_test_air_init(gn_test_air *air, uint64_t up_us, uint64_t down_us);

/* The network as the routes say; air must not move afterwards. */
void gn_test_air_begin(gn_test_air *air);

void gn_test_air_end(gn_test_air *air);

/* Everything up to a moment, which then is now; UINT64_MAX: all that will ever happen. */
void gn_test_air_run(gn_test_air *air, uint64_t until_us);

#endif
