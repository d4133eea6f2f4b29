/*
 * route.c: see route.h.
 */
#include "sim/route.h"

#include "gnomon.h"

#define ROUTE_CLIENT_PORT 50000

const char *const gn_sim_route_ecn_words[] = {
    [GN_SIM_ECN_PASS] = "pass",     [GN_SIM_ECN_BLEACH] = "bleach",
    [GN_SIM_ECN_REMARK] = "remark", [GN_SIM_ECN_MARK_ALL] = "mark-all",
    [GN_SIM_ECN_DROP] = "drop",     [GN_SIM_ECN_DROP + 1] = NULL};

/* The link's own MTU counts before the route's. */
static gn_sim_link_settings
route_link_settings(const gn_sim_route_settings *settings, unsigned direction)
{
    gn_sim_link_settings link = settings->link[direction];

    if (link.mtu_bytes == 0)
        link.mtu_bytes = settings->mtu_bytes;
    return link;
}

void
gn_sim_route_init(gn_sim_route *route, gn_sim_world *world, gn_sim_packet_pool *pool,
                  const gn_sim_route_settings *settings, uint64_t seed, uint8_t number,
                  gn_sim_link_watch watch)
{
    *route = (gn_sim_route){.settings = *settings};
    for (unsigned i = 0; i < GN_SIM_DIRECTIONS; i++) {
        const gn_sim_link_settings link = route_link_settings(settings, i);

        gn_sim_link_init(&route->link[i], world, pool, &link, seed,
                         (uint64_t)number * GN_SIM_DIRECTIONS + i, watch);
    }
    /* RFC 1918 inside, the benchmark range of RFC 2544 outside. */
    gn_sim_nat_init(&route->nat, gn_sim_address_v4(10, 0, number, 2, ROUTE_CLIENT_PORT),
                    gn_sim_address_v4(198, 18, number, 1, ROUTE_CLIENT_PORT));
    gn_sim_route_set_up(route, settings->up_state != 0);
}

void
gn_sim_route_change(gn_sim_route *route, const gn_sim_route_settings *settings)
{
    route->settings = *settings;
    for (unsigned i = 0; i < GN_SIM_DIRECTIONS; i++) {
        const gn_sim_link_settings link = route_link_settings(settings, i);

        gn_sim_link_change(&route->link[i], &link);
    }
    gn_sim_route_set_up(route, settings->up_state != 0);
}

void
gn_sim_route_set_up(gn_sim_route *route, bool up)
{
    route->up = up;
    route->settings.up_state = up ? 1 : 0;
    for (unsigned i = 0; i < GN_SIM_DIRECTIONS; i++)
        gn_sim_link_set_up(&route->link[i], up);
}

uint8_t
gn_sim_route_treat(const gn_sim_route *route, uint8_t mark, bool *dropped)
{
    *dropped = route->settings.ecn == GN_SIM_ECN_DROP && mark != GN_MARK_NOT_ECT;
    switch (route->settings.ecn) {
    case GN_SIM_ECN_BLEACH: return GN_MARK_NOT_ECT;
    case GN_SIM_ECN_REMARK: return mark == GN_MARK_ECT0 ? GN_MARK_ECT1 : mark;
    case GN_SIM_ECN_MARK_ALL: return mark != GN_MARK_NOT_ECT ? GN_MARK_CE : mark;
    default: return mark;
    }
}
