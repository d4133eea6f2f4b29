/*
 * scenario.c: see scenario.h. One function a kind of mapping.
 */
#include "sim/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "sim/link_rules.h"
#include "sim/scenario_checks.h"
#include "sim/scenario_keys.h"
#include "sim/scenario_others.h"
#include "sim/scenario_override.h"
#include "sim/scenario_reader.h"

/* No file a person writes is longer. */
#define SCENARIO_FILE_BYTES_MAX (1 << 20)

#define SCENARIO_SEED 1
#define SCENARIO_TIME_LIMIT_US UINT64_C(60000000)
#define SCENARIO_SCRIPT_DELAY_US 1000000

void
gn_sim_scenario_default_route(gn_sim_route_settings *route)
{
    gn_sim_route_settings_default(route);
}

void
gn_sim_scenario_default_event(gn_sim_happening *event)
{
    *event = (gn_sim_happening){.direction = GN_SIM_BOTH, .times = 1};
    gn_sim_scenario_default_route(&event->change);
}

void
gn_sim_scenario_default(gn_sim_scenario *scenario)
{
    memset(scenario, 0, sizeof *scenario);
    scenario->seed = SCENARIO_SEED;
    scenario->time_limit_us = SCENARIO_TIME_LIMIT_US;
    gn_sim_host_settings_default(&scenario->host[GN_SIM_CLIENT]);
    gn_sim_host_settings_default(&scenario->host[GN_SIM_SERVER]);
    gn_sim_tls_settings_default(&scenario->tls[GN_SIM_CLIENT]);
    gn_sim_tls_settings_default(&scenario->tls[GN_SIM_SERVER]);
    scenario->workload = (gn_sim_app_settings){
        .streams = 1, .count = 1, .request_bytes = 100, .response_bytes = 1000};
    scenario->script.delay_us = SCENARIO_SCRIPT_DELAY_US;
}

/* A mapping whose fields are all rows of one table. */
static void
scenario_plain(gn_sim_scenario_reader *reader, const yaml_node_t *node, const gn_sim_keys *keys,
               void *base, uint64_t *mask)
{
    const size_t count = gn_sim_scenario_reader_mapping(reader, node);
    uint64_t given = 0;

    for (size_t i = 0; i < count; i++) {
        const gn_sim_scenario_field field = gn_sim_scenario_reader_field(reader, node, i);

        if (!gn_sim_scenario_reader_take(reader, keys, &field, base, &given))
            gn_sim_scenario_reader_unknown(reader, &field, keys, NULL);
    }
    gn_sim_scenario_reader_require(reader, node, keys, given);
    *mask |= given;
}

static void
scenario_link_check(gn_sim_scenario_reader *reader, const yaml_node_t *node,
                    gn_sim_scenario_traces *traces, gn_sim_link_settings *link, uint64_t given)
{
    char room[GN_SIM_LINK_RULES_BYTES];

    if (!gn_sim_scenario_reader_well(reader))
        return;

    const char *wrong = gn_sim_link_rules_broken(link, given, room);

    if (wrong != NULL)
        gn_sim_scenario_reader_refuse(reader, node, wrong, NULL);
    else
        gn_sim_scenario_trace_resolve(traces, reader, node, &link->plan);
}

/* The fields of a route that lead to its links: up, down, both. False: another field. */
static bool
scenario_links(gn_sim_scenario_reader *reader, const gn_sim_scenario_field *field,
               gn_sim_scenario_traces *traces, gn_sim_route_settings *route,
               uint64_t masks[GN_SIM_DIRECTIONS])
{
    const bool both = strcmp(field->name, "both") == 0;
    const bool up = strcmp(field->name, "up") == 0;

    if (!both && !up && strcmp(field->name, "down") != 0)
        return false;

    const size_t before = gn_sim_scenario_reader_enter(reader, field->name);

    if (both && (masks[GN_SIM_UP] | masks[GN_SIM_DOWN]) != 0)
        gn_sim_scenario_reader_refuse(reader, field->key, "must stand before up and down", NULL);
    for (unsigned i = 0; i < GN_SIM_DIRECTIONS; i++) {
        if (!both && up != (i == GN_SIM_UP))
            continue;
        scenario_plain(reader, field->value, &gn_sim_scenario_keys_link, &route->link[i],
                       &masks[i]);
        scenario_link_check(reader, field->value, traces, &route->link[i], masks[i]);
    }
    gn_sim_scenario_reader_leave(reader, before);
    return true;
}

static void
scenario_route(gn_sim_scenario_reader *reader, const yaml_node_t *node,
               gn_sim_scenario_traces *traces, gn_sim_route_settings *route)
{
    const size_t count = gn_sim_scenario_reader_mapping(reader, node);
    uint64_t masks[GN_SIM_DIRECTIONS] = {0};

    for (size_t i = 0; i < count; i++) {
        const gn_sim_scenario_field field = gn_sim_scenario_reader_field(reader, node, i);

        if (!scenario_links(reader, &field, traces, route, masks) &&
            !gn_sim_scenario_reader_take(reader, &gn_sim_scenario_keys_route, &field, route, NULL))
            gn_sim_scenario_reader_unknown(reader, &field, &gn_sim_scenario_keys_route,
                                           "up down both");
    }
}

static void
scenario_routes(gn_sim_scenario_reader *reader, const yaml_node_t *node, gn_sim_scenario *scenario)
{
    const size_t count = gn_sim_scenario_reader_mapping(reader, node);

    if (count == 0 || count > GN_SIM_ROUTES_MAX) {
        gn_sim_scenario_reader_refuse(reader, node, "needs 1 to 8 routes", NULL);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const gn_sim_scenario_field field = gn_sim_scenario_reader_field(reader, node, i);
        gn_sim_route_settings *route = &scenario->routes[i];
        const size_t before = gn_sim_scenario_reader_enter(reader, field.name);

        gn_sim_scenario_default_route(route);
        if (strlen(field.name) >= sizeof route->name || field.name[0] == '\0')
            gn_sim_scenario_reader_refuse(reader, field.key, "a name of 1 to 31 bytes", field.name);
        (void)snprintf(route->name, sizeof route->name, "%s", field.name);
        scenario_route(reader, field.value, &scenario->traces, route);
        gn_sim_scenario_reader_leave(reader, before);
    }
    scenario->route_count = count;
    for (size_t i = 0; i < count; i++)
        gn_sim_scenario_checks_via(reader, node, scenario, &scenario->routes[i]);
    if (gn_sim_scenario_reader_well(reader) && scenario->routes[0].leads_to != GN_SIM_SERVER_FIRST)
        gn_sim_scenario_reader_refuse(reader, node,
                                      "the first route leads to the server's first address", NULL);
    if (gn_sim_scenario_reader_well(reader) && scenario->routes[0].up_state == 0)
        gn_sim_scenario_reader_refuse(
            reader, node, "the first route is where the client starts; it must be up", NULL);
}

static void
scenario_event(gn_sim_scenario_reader *reader, const yaml_node_t *node, gn_sim_scenario *scenario,
               gn_sim_happening *event)
{
    const size_t count = gn_sim_scenario_reader_mapping(reader, node);
    uint64_t mask = 0;

    gn_sim_scenario_default_event(event);
    for (size_t i = 0; i < count; i++) {
        const gn_sim_scenario_field field = gn_sim_scenario_reader_field(reader, node, i);

        if (!gn_sim_scenario_reader_take(reader, &gn_sim_scenario_keys_event, &field, event,
                                         &mask) &&
            !gn_sim_scenario_reader_take(reader, &gn_sim_scenario_keys_route, &field,
                                         &event->change, &event->route_keys) &&
            !scenario_links(reader, &field, &scenario->traces, &event->change, event->link_keys))
            gn_sim_scenario_reader_unknown(reader, &field, &gn_sim_scenario_keys_event,
                                           "state mtu ecn nat_grace ... up down both");
    }
    gn_sim_scenario_reader_require(reader, node, &gn_sim_scenario_keys_event, mask);
    gn_sim_scenario_checks_event(reader, node, scenario, event, mask);
}

static void
scenario_events(gn_sim_scenario_reader *reader, const yaml_node_t *node, gn_sim_scenario *scenario)
{
    const size_t count = gn_sim_scenario_reader_list(reader, node);

    if (count > GN_SIM_EVENTS_MAX) {
        gn_sim_scenario_reader_refuse(reader, node, "has more than 64 events", NULL);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        char name[16];

        (void)snprintf(name, sizeof name, "[%zu]", i);
        const size_t before = gn_sim_scenario_reader_enter(reader, name);

        scenario_event(reader, gn_sim_scenario_reader_item(reader, node, i), scenario,
                       &scenario->events[i]);
        gn_sim_scenario_reader_leave(reader, before);
    }
    scenario->event_count = count;
}

static void
scenario_workload_check(gn_sim_scenario_reader *reader, const yaml_node_t *node,
                        const gn_sim_app_settings *workload)
{
    if (!gn_sim_scenario_reader_well(reader))
        return;
    if (workload->kind == GN_SIM_REQUESTS && workload->bytes != 0)
        gn_sim_scenario_reader_refuse(reader, node, "'bytes' is not for requests", NULL);
    if (workload->kind != GN_SIM_REQUESTS && workload->bytes < workload->streams)
        gn_sim_scenario_reader_refuse(reader, node, "needs 'bytes', at least one a stream", NULL);
}

static void
scenario_expect_check(gn_sim_scenario_reader *reader, const yaml_node_t *node,
                      gn_sim_scenario *scenario)
{
    gn_sim_expect *expect = &scenario->expect;
    uint16_t route = 0;

    if (!gn_sim_scenario_reader_well(reader) || expect->final_route_name[0] == '\0')
        return;
    const size_t before = gn_sim_scenario_reader_enter(reader, "final_route");

    if (!gn_sim_scenario_checks_route(scenario, expect->final_route_name, &route))
        gn_sim_scenario_reader_refuse(reader, node, "the name of a route",
                                      expect->final_route_name);
    expect->final_route = route;
    gn_sim_scenario_reader_leave(reader, before);
}

static void
scenario_tls(gn_sim_scenario_reader *reader, const yaml_node_t *node, gn_sim_tls_settings *tls)
{
    const char *expected = NULL;
    uint64_t mask = 0;

    scenario_plain(reader, node, &gn_sim_scenario_keys_tls, tls, &mask);
    if (!gn_sim_scenario_reader_well(reader))
        return;

    const char *field = gn_sim_tls_settings_broken(tls, &expected);

    if (field == NULL)
        return;
    const size_t before = gn_sim_scenario_reader_enter(reader, field);

    gn_sim_scenario_reader_refuse(reader, node, expected, NULL);
    gn_sim_scenario_reader_leave(reader, before);
}

/* The mappings at the top, in an order in which later ones may name what earlier ones made. */
static void
scenario_section(gn_sim_scenario_reader *reader, size_t section, const yaml_node_t *node,
                 gn_sim_scenario *scenario)
{
    uint64_t mask = 0;

    switch (section) {
    case 0:
    case 1:
        scenario_plain(reader, node, &gn_sim_scenario_keys_host, &scenario->host[section], &mask);
        gn_sim_scenario_checks_host(reader, node, section, &scenario->host[section]);
        break;
    case 2: scenario_routes(reader, node, scenario); break;
    case 3: scenario_events(reader, node, scenario); break;
    case 4:
        scenario_plain(reader, node, &gn_sim_scenario_keys_workload, &scenario->workload, &mask);
        scenario_workload_check(reader, node, &scenario->workload);
        break;
    case 5: gn_sim_scenario_others_attacks(reader, node, scenario); break;
    case 6: gn_sim_scenario_others_crosses(reader, node, scenario); break;
    case 7:
        scenario_plain(reader, node, &gn_sim_scenario_keys_expect, &scenario->expect,
                       &scenario->expect.keys);
        scenario_expect_check(reader, node, scenario);
        break;
    case 8:
        scenario_plain(reader, node, &gn_sim_scenario_keys_script, &scenario->script, &mask);
        break;
    case 9:
        scenario_plain(reader, node, &gn_sim_scenario_keys_resume, &scenario->resume, &mask);
        break;
    default: scenario_tls(reader, node, &scenario->tls[section - 10]); break;
    }
}

static const char *const scenario_sections[] = {
    "client", "server", "routes", "events", "workload",   "attackers",
    "cross",  "expect", "script", "resume", "client_tls", "server_tls"};
#define SCENARIO_SECTIONS (sizeof scenario_sections / sizeof scenario_sections[0])

static size_t
scenario_section_of(const char *name)
{
    size_t section = 0;

    while (section < SCENARIO_SECTIONS && strcmp(scenario_sections[section], name) != 0)
        section++;
    return section;
}

static void
scenario_top(gn_sim_scenario_reader *reader, const yaml_node_t *root, gn_sim_scenario *scenario)
{
    const size_t count = gn_sim_scenario_reader_mapping(reader, root);
    const yaml_node_t *sections[SCENARIO_SECTIONS] = {NULL};
    uint64_t mask = 0;

    for (size_t i = 0; i < count; i++) {
        const gn_sim_scenario_field field = gn_sim_scenario_reader_field(reader, root, i);
        const size_t section = scenario_section_of(field.name);

        if (section < SCENARIO_SECTIONS)
            sections[section] = field.value;
        else if (!gn_sim_scenario_reader_take(reader, &gn_sim_scenario_keys_top, &field, scenario,
                                              &mask))
            gn_sim_scenario_reader_unknown(
                reader, &field, &gn_sim_scenario_keys_top,
                "client server client_tls server_tls routes events workload attackers cross "
                "expect script resume");
    }
    gn_sim_scenario_reader_require(reader, root, &gn_sim_scenario_keys_top, mask);
    for (size_t i = 0; i < SCENARIO_SECTIONS; i++) {
        const bool required = i == 2 || i == 4;
        const size_t before = gn_sim_scenario_reader_enter(reader, scenario_sections[i]);

        if (sections[i] != NULL)
            scenario_section(reader, i, sections[i], scenario);
        else if (required)
            gn_sim_scenario_reader_refuse(reader, root, "missing, and required", NULL);
        gn_sim_scenario_reader_leave(reader, before);
    }
}

bool
gn_sim_scenario_parse_with(const char *name, const char *text, size_t len,
                           const gn_sim_overrides *overrides, gn_sim_scenario *scenario,
                           char *message)
{
    gn_sim_scenario_reader reader;

    gn_sim_scenario_default(scenario);
    if (!gn_sim_scenario_reader_open(&reader, name, text, len, message))
        return false;

    const yaml_node_t *root = yaml_document_get_root_node(&reader.document);

    reader.overrides = overrides;
    for (size_t i = 0; root != NULL && overrides != NULL && i < overrides->count; i++)
        gn_sim_scenario_override_apply(&reader, i);
    if (root == NULL)
        (void)snprintf(message, GN_SIM_MESSAGE_BYTES, "%s:1: the file is empty", name);
    else if (gn_sim_scenario_reader_well(&reader))
        scenario_top(&reader, yaml_document_get_root_node(&reader.document), scenario);
    gn_sim_scenario_reader_close(&reader);
    if (message[0] != '\0')
        gn_sim_scenario_free(scenario);
    return message[0] == '\0';
}

void
gn_sim_scenario_free(gn_sim_scenario *scenario)
{
    gn_sim_scenario_trace_free(&scenario->traces);
}

static void
scenario_borrow_route(gn_sim_route_settings *route, const gn_sim_scenario_traces *traces)
{
    for (unsigned i = 0; i < GN_SIM_DIRECTIONS; i++)
        gn_sim_scenario_trace_find(traces, &route->link[i].plan);
}

void
gn_sim_scenario_borrow(gn_sim_scenario *scenario, const gn_sim_scenario *owner)
{
    gn_sim_scenario_trace_free(&scenario->traces);
    scenario->traces = owner->traces;
    for (uint64_t i = 0; i < scenario->route_count; i++)
        scenario_borrow_route(&scenario->routes[i], &scenario->traces);
    for (uint64_t i = 0; i < scenario->event_count; i++)
        scenario_borrow_route(&scenario->events[i].change, &scenario->traces);
}

bool
gn_sim_scenario_parse(const char *name, const char *text, size_t len, gn_sim_scenario *scenario,
                      char *message)
{
    return gn_sim_scenario_parse_with(name, text, len, NULL, scenario, message);
}

bool
gn_sim_scenario_load(const char *path, gn_sim_scenario *scenario, char *message)
{
    return gn_sim_scenario_load_with(path, NULL, scenario, message);
}

bool
gn_sim_scenario_load_with(const char *path, const gn_sim_overrides *overrides,
                          gn_sim_scenario *scenario, char *message)
{
    FILE *file = fopen(path, "rb");
    char *text = malloc(SCENARIO_FILE_BYTES_MAX);
    bool good = false;

    GN_ASSERT(text != NULL);
    if (file == NULL) {
        (void)snprintf(message, GN_SIM_MESSAGE_BYTES, "%s: cannot be opened", path);
    } else {
        const size_t len = fread(text, 1, SCENARIO_FILE_BYTES_MAX, file);

        if (ferror(file) != 0 || len == SCENARIO_FILE_BYTES_MAX)
            (void)snprintf(message, GN_SIM_MESSAGE_BYTES, "%s: cannot be read, or is too long",
                           path);
        else
            good = gn_sim_scenario_parse_with(path, text, len, overrides, scenario, message);
        (void)fclose(file);
    }
    free(text);
    return good;
}

bool
gn_sim_scenario_is_routeless(uint64_t action)
{
    return action == GN_SIM_DO_UPDATE_KEYS || action == GN_SIM_DO_SUSPEND ||
           action == GN_SIM_DO_CLOSE || action == GN_SIM_DO_HEAL || action == GN_SIM_DO_RESTART;
}

void
gn_sim_scenario_apply(const gn_sim_happening *happening, gn_sim_route_settings *route)
{
    gn_sim_scenario_keys_copy(&gn_sim_scenario_keys_route, happening->route_keys,
                              &happening->change, route);
    for (unsigned i = 0; i < GN_SIM_DIRECTIONS; i++) {
        gn_sim_scenario_keys_copy(&gn_sim_scenario_keys_link, happening->link_keys[i],
                                  &happening->change.link[i], &route->link[i]);
        gn_sim_link_rules_settle(&route->link[i], happening->link_keys[i]);
    }
}

uint64_t
gn_sim_scenario_acts(const gn_sim_happening *happening)
{
    return happening->action == GN_SIM_DO_HANDOVER ? 2 : happening->times;
}

uint64_t
gn_sim_scenario_pause_us(const gn_sim_happening *happening)
{
    return happening->action == GN_SIM_DO_HANDOVER ? happening->for_us : happening->every_us;
}

void
gn_sim_scenario_tell(const gn_sim_happening *happening, char text[GN_SIM_HAPPENING_TEXT])
{
    static const char *const words[GN_SIM_ACTIONS] = {
        [GN_SIM_DO_CUT] = "cut",
        [GN_SIM_DO_RESTORE] = "restore",
        [GN_SIM_DO_CHANGE] = "change",
        [GN_SIM_DO_BLACKOUT] = "black out",
        [GN_SIM_DO_REBIND_PORT] = "rebind the port of",
        [GN_SIM_DO_REBIND_ADDRESS] = "rebind the address of",
        [GN_SIM_DO_MIGRATE] = "migrate to",
        [GN_SIM_DO_UPDATE_KEYS] = "update keys of the",
        [GN_SIM_DO_SUSPEND_RECEIVE] = "hold what arrives by",
        [GN_SIM_DO_SUSPEND_TRANSMIT] = "hold what waits for",
        [GN_SIM_DO_HANDOVER] = "hand over to",
        [GN_SIM_DO_SUSPEND] = "suspend the",
        [GN_SIM_DO_HEAL] = "heal everything",
        [GN_SIM_DO_CLOSE] = "close at the",
        [GN_SIM_DO_RESTART] = "restart the server",
    };

    static const char *const hosts[GN_SIM_HOSTS] = {"client", "server"};

    GN_ASSERT(happening->action < GN_SIM_ACTIONS && happening->host < GN_SIM_HOSTS);
    const bool of_host = happening->action == GN_SIM_DO_SUSPEND ||
                         happening->action == GN_SIM_DO_UPDATE_KEYS ||
                         happening->action == GN_SIM_DO_CLOSE;
    (void)snprintf(text, GN_SIM_HAPPENING_TEXT, "%s %s", words[happening->action],
                   of_host ? hosts[happening->host] : happening->route_name);
}
