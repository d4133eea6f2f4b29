/*
 * genes.c: see genes.h. One function a gene, in the order of gn_sim_gene.
 */
#include "sim/genes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "sim/draw.h"
#include "sim/host_config.h"
#include "sim/link_rules.h"
#include "sim/scenario_keys.h"
#include "sim/scenario_writer.h"

#define GENES_SECOND_US UINT64_C(1000000)
#define GENES_DAY_US (86400 * GENES_SECOND_US)
#define GENES_YEAR_US (365 * GENES_DAY_US)

/* What is wrong before the network heals takes at most this; in a run of long round trips more. */
#define GENES_UNSAFE_US (60 * GENES_SECOND_US)
#define GENES_LONG_UNSAFE_US (20 * GENES_DAY_US)
#define GENES_LONG_DELAY_US (4 * GENES_DAY_US)

#define GENES_PATIENCE_US (3600 * GENES_SECOND_US)

#define GENES_ROUTES_MAX 4
#define GENES_EVENTS_MAX 12
#define GENES_BULK_BYTES 400000
#define GENES_CID_BYTES 8

static const gn_sim_ratio genes_rare = {1, 12};
static const gn_sim_ratio genes_some = {1, 4};
static const gn_sim_ratio genes_half = {1, 2};

typedef struct genes_draft {
    const gn_sim_genome *genome;
    gn_sim_scenario *scenario;
    uint64_t link_mask; /* rows that may be odd */
    uint64_t route_mask;
    uint64_t aqm; /* of the links that have any */
    uint64_t heal_us;
    bool is_long; /* round trips may take weeks */
} genes_draft;

static gn_sim_prng
genes_prng(const genes_draft *draft, gn_sim_gene gene)
{
    return gn_sim_genome_prng(draft->genome, gene);
}

static void
genes_draw_time(genes_draft *draft)
{
    gn_sim_prng prng = genes_prng(draft, GN_SIM_GENE_TIME);

    draft->is_long = gn_sim_prng_chance(&prng, genes_rare);
    draft->heal_us =
        gn_sim_draw_number(&prng, 1000, draft->is_long ? GENES_LONG_UNSAFE_US : GENES_UNSAFE_US);
}

static void
genes_draw_faults(genes_draft *draft)
{
    gn_sim_prng prng = genes_prng(draft, GN_SIM_GENE_FAULTS);
    const gn_sim_ratio share = gn_sim_prng_chance(&prng, genes_half) ? genes_some : genes_half;

    const gn_sim_key *aqm = gn_sim_scenario_keys_find(&gn_sim_scenario_keys_link, "aqm");

    draft->link_mask =
        gn_sim_link_rules_complete(gn_sim_draw_mask(&prng, &gn_sim_scenario_keys_link, share));
    draft->route_mask = gn_sim_draw_mask(&prng, &gn_sim_scenario_keys_route, share);
    draft->aqm = 1 + gn_sim_prng_below(&prng, GN_SIM_AQMS - 1);
    if ((draft->link_mask >> (aqm - gn_sim_scenario_keys_link.rows) & 1) != 0)
        draft->link_mask |= gn_sim_link_rules_of_aqm(draft->aqm);
}

/* Fields that only make sense together. */
static void
genes_mend_link(const genes_draft *draft, gn_sim_link_settings *link)
{
    gn_sim_link_settings standard;
    uint64_t given = 0;

    gn_sim_link_settings_default(&standard);
    if (link->aqm != GN_SIM_AQM_NONE)
        link->aqm = draft->aqm;
    for (size_t i = 0; i < gn_sim_scenario_keys_link.count; i++)
        if (!gn_sim_scenario_keys_same(&gn_sim_scenario_keys_link.rows[i], link, &standard))
            given |= UINT64_C(1) << i;
    (void)gn_sim_link_rules_mend(link, given);
}

/* The sane line that faults are added to. */
static void
genes_plain_link(gn_sim_prng *prng, gn_sim_link_settings *link)
{
    if (gn_sim_prng_chance(prng, genes_half))
        link->rate_bits = gn_sim_draw_number(prng, 1000000, 100000000);
    link->delay_us = gn_sim_draw_number(prng, 0, 200000);
}

static void
genes_draw_routes(genes_draft *draft)
{
    gn_sim_prng count = genes_prng(draft, GN_SIM_GENE_ROUTES);
    gn_sim_prng prng = genes_prng(draft, GN_SIM_GENE_LINKS);
    gn_sim_scenario *scenario = draft->scenario;

    scenario->route_count = 1 + gn_sim_prng_below(&count, GENES_ROUTES_MAX);
    for (uint64_t i = 0; i < scenario->route_count; i++) {
        gn_sim_route_settings *route = &scenario->routes[i];

        gn_sim_scenario_default_route(route);
        (void)snprintf(route->name, sizeof route->name, "r%u", (unsigned)i);
        gn_sim_draw_rows(&prng, &gn_sim_scenario_keys_route, draft->route_mask, genes_half, route);
        for (unsigned j = 0; j < GN_SIM_DIRECTIONS; j++) {
            genes_plain_link(&prng, &route->link[j]);
            gn_sim_draw_rows(&prng, &gn_sim_scenario_keys_link, draft->link_mask, genes_half,
                             &route->link[j]);
            if (draft->is_long)
                route->link[j].delay_us = gn_sim_draw_number(&prng, 0, GENES_LONG_DELAY_US);
            genes_mend_link(draft, &route->link[j]);
        }
    }
    scenario->routes[0].up_state = 1;
    scenario->routes[0].leads_to = GN_SIM_SERVER_FIRST;
}

static void
genes_draw_host(genes_draft *draft, gn_sim_gene gene, gn_sim_host_settings *host)
{
    gn_sim_prng prng = genes_prng(draft, gene);
    const uint64_t mask = gn_sim_draw_mask(&prng, &gn_sim_scenario_keys_host, genes_some);

    gn_sim_draw_rows(&prng, &gn_sim_scenario_keys_host, mask, genes_half, host);
    /* RFC 9000 9: who has no connection IDs cannot be found after a move, and so need not be. */
    if (host->cid_bytes == 0)
        host->cid_bytes = GENES_CID_BYTES;
}

/*
 * Patient endpoints outlast all that is wrong before the network heals, so once the
 * handshake is confirmed they must finish. Others may end whenever they were left alone for
 * so long, and nobody knows of a server that does not follow.
 */
static void
genes_draw_idle(genes_draft *draft)
{
    gn_sim_prng prng = genes_prng(draft, GN_SIM_GENE_IDLE);
    gn_sim_scenario *scenario = draft->scenario;
    const bool patient = !draft->is_long && gn_sim_prng_chance(&prng, genes_half);
    const gn_sim_key *timeout =
        gn_sim_scenario_keys_find(&gn_sim_scenario_keys_host, "idle_timeout");
    const gn_sim_key *may_close =
        gn_sim_scenario_keys_find(&gn_sim_scenario_keys_expect, "may_close");

    for (unsigned i = 0; i < GN_SIM_HOSTS; i++) {
        gn_sim_draw_row(&prng, timeout, &scenario->host[i]);
        if (!patient)
            continue;
        scenario->host[i].idle_timeout_us = GENES_PATIENCE_US;
        scenario->host[i].follow_peer = 1;
    }
    scenario->expect.keys |= UINT64_C(1) << (may_close - gn_sim_scenario_keys_expect.rows);
    scenario->expect.may_close = patient ? GN_SIM_MAY_CLOSE_HANDSHAKE : GN_SIM_MAY_CLOSE_ALWAYS;
}

static void
genes_draw_workload(genes_draft *draft)
{
    gn_sim_prng prng = genes_prng(draft, GN_SIM_GENE_WORKLOAD);
    gn_sim_app_settings *workload = &draft->scenario->workload;

    workload->kind = gn_sim_prng_below(&prng, GN_SIM_REQUESTS + 1);
    if (workload->kind == GN_SIM_REQUESTS) {
        workload->count = gn_sim_draw_number(&prng, 1, 30);
        workload->request_bytes = gn_sim_draw_number(&prng, 1, 20000);
        workload->response_bytes = gn_sim_draw_number(&prng, 1, 20000);
        workload->think_us = gn_sim_draw_number(&prng, 0, 10 * GENES_SECOND_US);
        return;
    }
    workload->streams = gn_sim_draw_number(&prng, 1, 40);
    workload->bytes = workload->streams + gn_sim_draw_number(&prng, 0, GENES_BULK_BYTES);
}

static uint64_t
genes_bit(const gn_sim_keys *keys, const char *name)
{
    return UINT64_C(1) << (gn_sim_scenario_keys_find(keys, name) - keys->rows);
}

/* What an event changes: some of the fields that may be odd in this run, with their masks. */
static void
genes_draw_change(genes_draft *draft, gn_sim_prng *prng, gn_sim_happening *event)
{
    const uint64_t fixed = genes_bit(&gn_sim_scenario_keys_route, "state") |
                           genes_bit(&gn_sim_scenario_keys_route, "to");
    const gn_sim_key *delay = gn_sim_scenario_keys_find(&gn_sim_scenario_keys_link, "delay");

    for (unsigned i = 0; i < GN_SIM_DIRECTIONS; i++) {
        event->link_keys[i] =
            draft->link_mask & gn_sim_draw_mask(prng, &gn_sim_scenario_keys_link, genes_half);
        gn_sim_draw_rows(prng, &gn_sim_scenario_keys_link, event->link_keys[i],
                         (gn_sim_ratio){1, 1}, &event->change.link[i]);
        event->link_keys[i] = gn_sim_link_rules_mend(&event->change.link[i], event->link_keys[i]);
    }
    event->route_keys = draft->route_mask & ~fixed &
                        gn_sim_draw_mask(prng, &gn_sim_scenario_keys_route, genes_half);
    gn_sim_draw_rows(prng, &gn_sim_scenario_keys_route, event->route_keys, (gn_sim_ratio){1, 1},
                     &event->change);
    if ((event->route_keys | event->link_keys[0] | event->link_keys[1]) != 0)
        return;
    /* An event must change something. */
    event->link_keys[GN_SIM_UP] = UINT64_C(1) << (delay - gn_sim_scenario_keys_link.rows);
    event->change.link[GN_SIM_UP].delay_us = gn_sim_draw_number(prng, 0, 300000);
}

/* What healing does not undo ends before it. */
static void
genes_draw_lasting(genes_draft *draft, gn_sim_prng *prng, gn_sim_happening *event)
{
    const gn_sim_scenario *scenario = draft->scenario;

    if (event->action == GN_SIM_DO_SUSPEND) {
        event->for_us = gn_sim_draw_number(prng, 1, draft->heal_us - event->at_us);
        event->host = gn_sim_prng_below(prng, GN_SIM_HOSTS);
        return;
    }
    event->for_us = gn_sim_draw_number(prng, 0, draft->heal_us - 1 - event->at_us);
    event->from = (uint16_t)gn_sim_prng_below(prng, scenario->route_count);
    memcpy(event->from_name, scenario->routes[event->from].name, sizeof event->from_name);
}

static void
genes_draw_event(genes_draft *draft, gn_sim_prng *prng, gn_sim_prng *changes, uint64_t actions,
                 gn_sim_happening *event)
{
    const gn_sim_scenario *scenario = draft->scenario;
    uint64_t action = gn_sim_prng_below(prng, GN_SIM_DO_HEAL);

    while ((actions >> action & 1) == 0)
        action = (action + 1) % GN_SIM_DO_HEAL;
    gn_sim_scenario_default_event(event);
    event->action = action;
    event->at_us = gn_sim_prng_chance(prng, genes_half)
                       ? gn_sim_prng_below(prng, draft->heal_us)
                       : gn_sim_draw_number(prng, 0, draft->heal_us - 1);
    if (!gn_sim_scenario_is_routeless(action)) {
        event->route = (uint16_t)gn_sim_prng_below(prng, scenario->route_count);
        memcpy(event->route_name, scenario->routes[event->route].name, sizeof event->route_name);
    }
    if (action == GN_SIM_DO_BLACKOUT || action == GN_SIM_DO_SUSPEND_RECEIVE ||
        action == GN_SIM_DO_SUSPEND_TRANSMIT) {
        event->for_us = gn_sim_draw_number(prng, 1, draft->heal_us);
        event->direction = gn_sim_prng_below(prng, GN_SIM_BOTH + 1);
    }
    if (action == GN_SIM_DO_HANDOVER || action == GN_SIM_DO_SUSPEND)
        genes_draw_lasting(draft, prng, event);
    if (action == GN_SIM_DO_UPDATE_KEYS)
        event->host = gn_sim_prng_below(prng, GN_SIM_HOSTS);
    if (action == GN_SIM_DO_CHANGE)
        genes_draw_change(draft, changes, event);
}

static void
genes_draw_events(genes_draft *draft)
{
    gn_sim_prng kinds = genes_prng(draft, GN_SIM_GENE_ACTIONS);
    gn_sim_prng prng = genes_prng(draft, GN_SIM_GENE_EVENTS);
    gn_sim_prng changes = genes_prng(draft, GN_SIM_GENE_CHANGES);
    gn_sim_scenario *scenario = draft->scenario;
    const uint64_t all = (UINT64_C(1) << GN_SIM_DO_HEAL) - 1;
    const uint64_t actions = gn_sim_prng_next(&kinds) & all;
    uint64_t count = gn_sim_draw_number(&prng, 0, GENES_EVENTS_MAX);

    if (actions == 0)
        count = 0;
    for (uint64_t i = 0; i < count; i++)
        genes_draw_event(draft, &prng, &changes, actions, &scenario->events[i]);
    gn_sim_scenario_default_event(&scenario->events[count]);
    scenario->events[count].at_us = draft->heal_us;
    scenario->events[count].action = GN_SIM_DO_HEAL;
    scenario->event_count = count + 1;
}

/*
 * How long everything may take at most: what was wrong, and probe timeouts that
 * doubled meanwhile; round trips by the longest way, which paths and probes measure
 * and which what is in the air still takes; idle timeouts; what the workload waits.
 */
static uint64_t
genes_limit(const genes_draft *draft)
{
    const gn_sim_scenario *scenario = draft->scenario;
    uint64_t way_us = 0;
    uint64_t limit_us = 4 * GENES_PATIENCE_US + 4 * draft->heal_us;

    for (uint64_t i = 0; i < scenario->route_count; i++)
        for (unsigned j = 0; j < GN_SIM_DIRECTIONS; j++) {
            const gn_sim_link_settings *link = &scenario->routes[i].link[j];

            if (link->delay_us + link->jitter_us > way_us)
                way_us = link->delay_us + link->jitter_us;
        }
    limit_us += 48 * way_us + scenario->workload.count * scenario->workload.think_us;
    return limit_us < GENES_YEAR_US ? limit_us : GENES_YEAR_US;
}

/* Fields of endpoints and links that draw.c could not know to be impossible go back. */
static void
genes_retreat(gn_sim_scenario *scenario)
{
    for (unsigned i = 0; i < GN_SIM_HOSTS; i++)
        gn_sim_host_settings_default(&scenario->host[i]);
    scenario->expect = (gn_sim_expect){.keys = 0};
    for (uint64_t i = 0; i < scenario->route_count; i++)
        for (unsigned j = 0; j < GN_SIM_DIRECTIONS; j++)
            gn_sim_link_settings_default(&scenario->routes[i].link[j]);
    /* The last event heals; the others may have changed the impossible. */
    scenario->events[0] = scenario->events[scenario->event_count - 1];
    scenario->event_count = 1;
}

static bool
genes_read_back(gn_sim_scenario *scenario, const gn_sim_overrides *overrides, char *message)
{
    char *text = gn_sim_scenario_write_text(scenario);
    gn_sim_scenario *read = malloc(sizeof *read);
    bool good;

    GN_ASSERT(read != NULL);
    good = gn_sim_scenario_parse_with("explored", text, strlen(text), overrides, read, message);
    if (good)
        *scenario = *read;
    free(read);
    free(text);
    return good;
}

bool
gn_sim_genes_express(const gn_sim_genome *genome, const gn_sim_overrides *overrides,
                     gn_sim_scenario *scenario, char *message)
{
    genes_draft draft = {.genome = genome, .scenario = scenario};
    gn_sim_prng chance = gn_sim_genome_prng(genome, GN_SIM_GENE_CHANCE);
    char text[GN_SIM_GENOME_TEXT];

    gn_sim_scenario_default(scenario);
    gn_sim_genome_print(genome, text);
    (void)snprintf(scenario->name, sizeof scenario->name, "explored-%.16s", text);
    (void)snprintf(scenario->why, sizeof scenario->why, "drawn from %s", text);
    scenario->seed = gn_sim_prng_next(&chance);
    genes_draw_time(&draft);
    genes_draw_faults(&draft);
    genes_draw_routes(&draft);
    genes_draw_host(&draft, GN_SIM_GENE_CLIENT, &scenario->host[GN_SIM_CLIENT]);
    genes_draw_host(&draft, GN_SIM_GENE_SERVER, &scenario->host[GN_SIM_SERVER]);
    gn_sim_host_config_mend(scenario->host);
    genes_draw_idle(&draft);
    genes_draw_workload(&draft);
    genes_draw_events(&draft);
    scenario->time_limit_us = genes_limit(&draft);
    if (!genes_read_back(scenario, NULL, message)) {
        genes_retreat(scenario);
        genes_draw_idle(&draft);
        if (!genes_read_back(scenario, NULL, message))
            return false;
    }
    return overrides == NULL || genes_read_back(scenario, overrides, message);
}
