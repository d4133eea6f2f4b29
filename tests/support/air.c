/*
 * air.c: see air.h.
 */
#include "tests/support/air.h"

#include <check.h>
#include <string.h>

static void
air_on_datagram(void *context, const gn_sim_datagram *datagram)
{
    gn_test_air *air = context;

    air->fates[datagram->fate]++;
    air->last[datagram->fate] = *datagram;
}

void
gn_test_air_init(gn_test_air *air, uint64_t up_us, uint64_t down_us)
{
    memset(air, 0, sizeof *air);
    for (int i = 0; i < GN_TEST_AIR_ROUTES; i++) {
        gn_sim_route_settings_default(&air->routes[i]);
        air->routes[i].name[0] = (char)('a' + i);
        air->routes[i].link[GN_SIM_UP].delay_us = up_us;
        air->routes[i].link[GN_SIM_DOWN].delay_us = down_us;
    }
    gn_sim_world_init(&air->world, UINT64_MAX, 0);
}

void
gn_test_air_begin(gn_test_air *air)
{
    gn_sim_network_init(&air->network, &air->world, air->routes, GN_TEST_AIR_ROUTES, 1,
                        (gn_sim_network_watch){.context = air, .on_datagram = air_on_datagram});
}

void
gn_test_air_end(gn_test_air *air)
{
    gn_sim_network_free(&air->network);
    gn_sim_world_free(&air->world);
}

static void
air_keep(gn_test_air *air, gn_sim_packet *packet)
{
    gn_sim_network_read(&air->network, packet);
    ck_assert_uint_lt(air->arrivals, GN_TEST_AIR_ARRIVALS);
    air->arrived_us[air->arrivals] = air->world.now_us;
    air->arrived[air->arrivals++] = packet;
}

void
gn_test_air_run(gn_test_air *air, uint64_t until_us)
{
    gn_sim_entry entry;

    air->world.limit_us = until_us;
    while (gn_sim_world_next(&air->world, &entry) == GN_SIM_STEP_GO)
        switch (gn_sim_entry_class(&entry)) {
        case GN_SIM_CLASS_TRANSMIT: gn_sim_link_transmit(entry.what); break;
        case GN_SIM_CLASS_CROSS: gn_sim_cross_on_turn(entry.what); break;
        case GN_SIM_CLASS_HELD: gn_sim_network_release(&air->network, entry.what); break;
        default:
            if (gn_sim_network_arrive(&air->network, entry.what))
                air_keep(air, entry.what);
            break;
        }
    if (until_us != UINT64_MAX)
        air->world.now_us = until_us;
}
