/*
 * scenario_checks.c: see scenario_checks.h.
 */
#include "sim/scenario_checks.h"

#include <string.h>

#include "base/assert.h"
#include "sim/host_config.h"

bool
gn_sim_scenario_checks_given(const gn_sim_keys *keys, uint64_t mask, const char *name)
{
    const gn_sim_key *key = gn_sim_scenario_keys_find(keys, name);

    GN_ASSERT(key != NULL);
    return (mask >> (key - keys->rows) & 1) != 0;
}

bool
gn_sim_scenario_checks_route(const gn_sim_scenario *scenario, const char *name, uint16_t *out)
{
    for (uint16_t i = 0; i < scenario->route_count; i++)
        if (strcmp(scenario->routes[i].name, name) == 0) {
            *out = i;
            return true;
        }
    return false;
}

static void
checks_name(gn_sim_scenario_reader *reader, const yaml_node_t *node,
            const gn_sim_scenario *scenario, const char *field, const char *name, uint16_t *route)
{
    if (gn_sim_scenario_checks_route(scenario, name, route))
        return;

    const size_t before = gn_sim_scenario_reader_enter(reader, field);

    gn_sim_scenario_reader_refuse(reader, node, "the name of a route", name);
    gn_sim_scenario_reader_leave(reader, before);
}

void
gn_sim_scenario_checks_via(gn_sim_scenario_reader *reader, const yaml_node_t *node,
                           const gn_sim_scenario *scenario, const gn_sim_route_settings *route)
{
    static const char *const fields[GN_SIM_DIRECTIONS] = {"up_via", "down_via"};
    uint16_t number;

    for (unsigned i = 0; i < GN_SIM_DIRECTIONS; i++)
        if (route->via[i][0] != '\0')
            checks_name(reader, node, scenario, fields[i], route->via[i], &number);
}

void
gn_sim_scenario_checks_host(gn_sim_scenario_reader *reader, const yaml_node_t *node, size_t number,
                            const gn_sim_host_settings *host)
{
    if (!gn_sim_scenario_reader_well(reader))
        return;
    if (number == GN_SIM_SERVER && (host->begin_with != 0 || host->version_probe != 0))
        gn_sim_scenario_reader_refuse(
            reader, node, "'begin_with' and 'version_probe' are a client's alone", NULL);
    if (host->begin_with != 0 &&
        !gn_sim_host_config_speaks(host->versions, (uint32_t)host->begin_with))
        gn_sim_scenario_reader_refuse(reader, node, "'begin_with' must be one of 'versions'", NULL);
    if (host->prefers != 0 && (number != GN_SIM_SERVER || host->cid_bytes == 0))
        gn_sim_scenario_reader_refuse(reader, node,
                                      "'preferred' is for a server that has connection IDs", NULL);
}

#define CHECKS_BIT(action) (UINT32_C(1) << (action))

/* What happens to links for a time. */
#define CHECKS_INTERRUPTIONS                                                                       \
    (CHECKS_BIT(GN_SIM_DO_BLACKOUT) | CHECKS_BIT(GN_SIM_DO_SUSPEND_RECEIVE) |                      \
     CHECKS_BIT(GN_SIM_DO_SUSPEND_TRANSMIT))

/* Which actions a field goes with, and whether they need it. */
static const struct {
    const char *field;
    uint32_t may;
    uint32_t must;
    const char *says;
} checks_fields[] = {
    {"for", CHECKS_INTERRUPTIONS | CHECKS_BIT(GN_SIM_DO_SUSPEND) | CHECKS_BIT(GN_SIM_DO_HANDOVER),
     CHECKS_INTERRUPTIONS | CHECKS_BIT(GN_SIM_DO_SUSPEND),
     "'for' goes with 'do: blackout', suspend* and handover, and only there"},
    {"direction", CHECKS_INTERRUPTIONS, 0,
     "'direction' goes with 'do: blackout' and 'suspend-*' only"},
    {"rebind", CHECKS_BIT(GN_SIM_DO_CHANGE), 0, "'rebind' goes with 'do: change' only"},
    {"from", CHECKS_BIT(GN_SIM_DO_HANDOVER), CHECKS_BIT(GN_SIM_DO_HANDOVER),
     "'from' goes with 'do: handover', and only there"},
    {"host",
     CHECKS_BIT(GN_SIM_DO_SUSPEND) | CHECKS_BIT(GN_SIM_DO_CLOSE) |
         CHECKS_BIT(GN_SIM_DO_UPDATE_KEYS),
     CHECKS_BIT(GN_SIM_DO_SUSPEND) | CHECKS_BIT(GN_SIM_DO_CLOSE),
     "'host' goes with 'do: suspend', close and update-keys, and only there"},
    {"every", ~CHECKS_BIT(GN_SIM_DO_HANDOVER), 0, "a handover takes place once"},
};

/* What every action but a few needs. */
static void
checks_event_route(gn_sim_scenario_reader *reader, const yaml_node_t *node,
                   const gn_sim_scenario *scenario, gn_sim_happening *event)
{
    const bool routeless = gn_sim_scenario_is_routeless(event->action);

    if (routeless != (event->route_name[0] == '\0'))
        gn_sim_scenario_reader_refuse(reader, node,
                                      routeless ? "this takes no route" : "needs a route", NULL);
    else if (!routeless)
        checks_name(reader, node, scenario, "route", event->route_name, &event->route);
    if (event->action == GN_SIM_DO_HANDOVER && event->from_name[0] != '\0')
        checks_name(reader, node, scenario, "from", event->from_name, &event->from);
}

void
gn_sim_scenario_checks_event(gn_sim_scenario_reader *reader, const yaml_node_t *node,
                             const gn_sim_scenario *scenario, gn_sim_happening *event,
                             uint64_t mask)
{
    const gn_sim_keys *keys = &gn_sim_scenario_keys_event;
    const bool changes =
        (event->route_keys | event->link_keys[GN_SIM_UP] | event->link_keys[GN_SIM_DOWN]) != 0;
    const bool change = event->action == GN_SIM_DO_CHANGE;

    if (!gn_sim_scenario_reader_well(reader))
        return;
    if (changes && !change)
        gn_sim_scenario_reader_refuse(reader, node, "only 'do: change' takes fields of a route",
                                      NULL);
    if (gn_sim_scenario_checks_given(&gn_sim_scenario_keys_route, event->route_keys, "to"))
        gn_sim_scenario_reader_refuse(reader, node, "a route leads where it leads", NULL);
    if (change && !changes && event->rebind == 0)
        gn_sim_scenario_reader_refuse(reader, node, "changes nothing", NULL);
    for (size_t i = 0; i < sizeof checks_fields / sizeof checks_fields[0]; i++) {
        const bool given = gn_sim_scenario_checks_given(keys, mask, checks_fields[i].field);
        const uint32_t bit = CHECKS_BIT(event->action);

        if (given ? (checks_fields[i].may & bit) == 0 : (checks_fields[i].must & bit) != 0)
            gn_sim_scenario_reader_refuse(reader, node, checks_fields[i].says, NULL);
    }
    if ((event->every_us != 0) != (event->times > 1))
        gn_sim_scenario_reader_refuse(reader, node, "'every' and 'times' go together", NULL);
    checks_event_route(reader, node, scenario, event);
    gn_sim_scenario_checks_via(reader, node, scenario, &event->change);
}
