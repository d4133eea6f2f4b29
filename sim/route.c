/*
 * route.c: see route.h.
 */
#include "sim/route.h"

#include <string.h>

#include "base/assert.h"
#include "gnomon.h"

#define ROUTE_CLIENT_PORT 50000
#define ROUTE_MTU_BYTES 1500

/* clang-format off */
#define ROUTE_ECN_WORDS "pass", "bleach", "remark", "mark-all", "drop", "remark-ect0", \
                        "unmark", "drop-ect", "drop-ce", NULL
const char *const gn_sim_route_ecn_words[] = {ROUTE_ECN_WORDS};
const char *const gn_sim_route_ecn_way_words[] = {"as-ecn", ROUTE_ECN_WORDS};

/* What a mark becomes; GONE: the datagram is dropped. Columns in wire order of the ECN field. */
enum { NOT = GN_MARK_NOT_ECT, ECT1 = GN_MARK_ECT1, ECT0 = GN_MARK_ECT0, CE = GN_MARK_CE, GONE };
static const uint8_t route_marks[GN_SIM_ECN_TREATMENTS][GONE] = {
    /*                           NOT  ECT1  ECT0  CE   */
    [GN_SIM_ECN_PASS]        = { NOT, ECT1, ECT0, CE   },
    [GN_SIM_ECN_BLEACH]      = { NOT, NOT,  NOT,  NOT  },
    [GN_SIM_ECN_REMARK]      = { NOT, ECT1, ECT1, CE   },
    [GN_SIM_ECN_MARK_ALL]    = { NOT, CE,   CE,   CE   },
    [GN_SIM_ECN_DROP]        = { NOT, GONE, GONE, GONE },
    [GN_SIM_ECN_REMARK_ECT0] = { NOT, ECT0, ECT0, CE   },
    [GN_SIM_ECN_UNMARK]      = { NOT, ECT1, ECT0, ECT0 },
    [GN_SIM_ECN_DROP_ECT]    = { NOT, GONE, GONE, CE   },
    [GN_SIM_ECN_DROP_CE]     = { NOT, ECT1, ECT0, GONE },
};
/* clang-format on */

void
gn_sim_route_settings_default(gn_sim_route_settings *settings)
{
    *settings =
        (gn_sim_route_settings){.up_state = 1, .mtu_bytes = ROUTE_MTU_BYTES, .ecn_share = {1, 1}};
    gn_sim_link_settings_default(&settings->link[GN_SIM_UP]);
    gn_sim_link_settings_default(&settings->link[GN_SIM_DOWN]);
}

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
        route->treat[i] = gn_sim_prng_for(seed, "treat", (uint64_t)number * GN_SIM_DIRECTIONS + i);
    }
    /* RFC 1918 inside, the benchmark range of RFC 2544 outside. */
    gn_sim_nat_init(&route->nat, &settings->nat,
                    gn_sim_address_v4(10, 0, number, 2, ROUTE_CLIENT_PORT),
                    gn_sim_address_v4(198, 18, number, 1, ROUTE_CLIENT_PORT));
    gn_sim_route_set_up(route, settings->up_state != 0);
}

void
gn_sim_route_change(gn_sim_route *route, const gn_sim_route_settings *settings)
{
    route->settings = *settings;
    route->nat.settings = settings->nat;
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
gn_sim_route_treat(gn_sim_route *route, gn_sim_direction direction, uint8_t mark, bool *dropped)
{
    const uint64_t way = route->settings.ecn_way[direction];
    const uint64_t treatment = way != 0 ? way - 1 : route->settings.ecn;

    GN_ASSERT(mark < GONE && treatment < GN_SIM_ECN_TREATMENTS);
    const uint8_t out = route_marks[treatment][mark];

    *dropped = false;
    if (out == mark || !gn_sim_prng_chance(&route->treat[direction], route->settings.ecn_share))
        return mark;
    *dropped = out == GONE;
    return *dropped ? mark : out;
}

bool
gn_sim_route_owns(const gn_sim_route *route, const gn_sim_address *outside)
{
    /* All but the last byte, which counts the NAT's addresses. */
    return memcmp(route->nat.outside.ip, outside->ip, sizeof outside->ip - 1) == 0;
}
