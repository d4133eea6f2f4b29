/*
 * heal.c: see heal.h.
 */
#include "sim/heal.h"

#include <string.h>

#include "sim/scenario.h"

static void
heal_route(gn_sim_network *network, uint16_t number)
{
    gn_sim_route *route = &network->routes[number];
    gn_sim_route_settings fair;

    gn_sim_scenario_default_route(&fair);
    memcpy(fair.name, route->settings.name, sizeof fair.name);
    for (unsigned i = 0; i < GN_SIM_DIRECTIONS; i++) {
        fair.link[i].rate_bits = GN_SIM_HEAL_RATE_BITS;
        fair.link[i].delay_us = GN_SIM_HEAL_DELAY_US;
        fair.link[i].queue_bytes = GN_SIM_HEAL_QUEUE_BYTES;
    }
    gn_sim_nat_open(&route->nat);
    gn_sim_network_change(network, number, &fair);
    for (unsigned i = 0; i < GN_SIM_DIRECTIONS; i++)
        gn_sim_link_resume(&route->link[i]);
}

void
gn_sim_heal(gn_sim_network *network)
{
    gn_sim_network_disarm(network);
    gn_sim_network_quiet(network);
    for (uint16_t i = 0; i < network->route_count; i++)
        heal_route(network, i);
}
