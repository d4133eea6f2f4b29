/*
 * stage.c: see stage.h.
 */
#include "sim/stage.h"

#include <stdlib.h>

#include "base/assert.h"
#include "crypto/suite_wolfcrypt.h"
#include "sim/fake_suite.h"
#include "sim/fake_tls.h"
#include "sim/heal.h"
#include "tls/tls.h"

/* Looking closely: a digest costs as much as a datagram, so not of all that are ordinary. */
#define STAGE_DROP_EVERY 8
/* What a host says that closes because the scenario wants it. */
#define STAGE_CODE 7
/* After the goodbye: the longest idle timeout and a while for draining. */
#define STAGE_LINGER_US UINT64_C(7200000000)
/* And so many of the longest ways: three probe timeouts, of three round trips each. */
#define STAGE_LINGER_WAYS 32

static gn_sim_about
stage_about(gn_sim_stage *stage)
{
    stage->host_names[GN_SIM_CLIENT] = "client";
    stage->host_names[GN_SIM_SERVER] = "server";
    for (uint64_t i = 0; i < stage->scenario->route_count; i++)
        stage->route_names[i] = stage->scenario->routes[i].name;
    return (gn_sim_about){.scenario = stage->scenario->name,
                          .seed = stage->seed,
                          .unix_ms = GN_SIM_STAGE_UNIX_MS,
                          .host_count = GN_SIM_HOSTS,
                          .route_count = (uint32_t)stage->scenario->route_count,
                          .host_names = stage->host_names,
                          .route_names = stage->route_names};
}

static gn_err
stage_make_hosts(gn_sim_stage *stage, const gn_suite_ops *suite_ops, const gn_tls_ops *tls_ops)
{
    stage->lent = (gn_sim_host_stage){.world = &stage->world,
                                      .network = &stage->network,
                                      .app = &stage->app,
                                      .watch = {.context = &stage->witness,
                                                .on_event = gn_sim_witness_on_event,
                                                .on_change = gn_sim_witness_on_change},
                                      .seed = stage->seed,
                                      .unix_ms = GN_SIM_STAGE_UNIX_MS,
                                      .suite_ops = suite_ops,
                                      .tls_ops = tls_ops,
                                      .tls = stage->scenario->tls,
                                      .resume = &stage->scenario->resume};
    for (uint16_t i = 0; i < GN_SIM_HOSTS; i++) {
        const gn_err err =
            gn_sim_host_init(&stage->hosts[i], i, &stage->scenario->host[i], &stage->lent);

        if (err != GN_OK)
            return err;
    }
    return GN_OK;
}

gn_sim_stage *
gn_sim_stage_new(const gn_sim_scenario *scenario, uint64_t seed, bool fake, bool keep_records,
                 gn_err *err)
{
    gn_sim_stage *stage = calloc(1, sizeof *stage);
    /* Stand-ins know nothing of suites, groups and certificates. */
    fake = fake && !gn_sim_tls_settings_any(&scenario->tls[GN_SIM_CLIENT]) &&
           !gn_sim_tls_settings_any(&scenario->tls[GN_SIM_SERVER]);
    const gn_suite_ops *suite_ops = fake ? gn_sim_fake_suite() : gn_suite_wolfcrypt();
    const gn_tls_ops *tls_ops = fake ? gn_sim_fake_tls() : NULL;

    GN_ASSERT(stage != NULL);
    stage->scenario = scenario;
    stage->seed = seed;
    stage->check_every = GN_SIM_STAGE_CHECK_EVERY;

    const gn_sim_about about = stage_about(stage);

    gn_sim_world_init(&stage->world, scenario->time_limit_us, 0);
    gn_sim_witness_init(&stage->witness, &stage->world, scenario, suite_ops, &about, keep_records);
    gn_sim_network_init(&stage->network, &stage->world, scenario->routes,
                        (uint32_t)scenario->route_count, seed,
                        (gn_sim_network_watch){.context = &stage->witness,
                                               .on_datagram = gn_sim_witness_on_datagram});
    gn_sim_network_add_attacks(&stage->network, scenario->attacks, (uint32_t)scenario->attack_count,
                               suite_ops, seed);
    gn_sim_network_add_crosses(&stage->network, scenario->crosses, (uint32_t)scenario->cross_count,
                               seed);
    stage->network.script = &scenario->script;
    gn_sim_app_init(
        &stage->app, &scenario->workload, &stage->world, seed,
        (gn_sim_app_watch){.context = &stage->witness, .on_progress = gn_sim_witness_on_progress});
    for (unsigned i = 0; i < GN_SIM_HOSTS; i++)
        stage->app.unordered[i] = scenario->host[i].unordered != 0;
    *err = stage_make_hosts(stage, suite_ops, tls_ops);
    if (*err != GN_OK) {
        gn_sim_stage_free(stage);
        return NULL;
    }
    return stage;
}

void
gn_sim_stage_free(gn_sim_stage *stage)
{
    for (uint16_t i = 0; i < GN_SIM_HOSTS; i++)
        gn_sim_host_free(&stage->hosts[i]);
    gn_sim_app_free(&stage->app);
    gn_sim_network_free(&stage->network);
    gn_sim_witness_free(&stage->witness);
    gn_sim_world_free(&stage->world);
    free(stage);
}

static uint64_t
stage_digest(const gn_sim_host *host)
{
    return host->connection != 0 ? gn_connection_digest(host->endpoint, host->connection) : 0;
}

/* The host's CPU turns to a packet. */
static void
stage_read(gn_sim_stage *stage, gn_sim_packet *packet)
{
    gn_sim_oracle_drop *drop = &stage->witness.panel.drop;
    gn_sim_host *host = &stage->hosts[packet->to];

    gn_sim_network_read(&stage->network, packet);

    const bool look = gn_sim_oracle_drop_wants(drop, packet->number, packet->flags);

    if (look)
        gn_sim_oracle_drop_before(drop, stage_digest(host));
    gn_sim_host_receive(host, packet);
    if (look)
        gn_sim_oracle_drop_after(drop, stage->world.now_us, stage_digest(host));
    gn_sim_network_done(&stage->network, packet);
    gn_sim_host_settle(host);
}

/* An ICMP message: what is not believed is dropped, and changes nothing (RFC 9000 14.2.1). */
static void
stage_hear_router(gn_sim_stage *stage, gn_sim_host *host, const gn_sim_packet *packet)
{
    gn_sim_oracle_drop *drop = &stage->witness.panel.drop;

    gn_sim_oracle_drop_before(drop, stage_digest(host));
    if (!gn_sim_host_on_too_big(host, packet))
        gn_sim_oracle_drop_refused(drop);
    gn_sim_oracle_drop_after(drop, stage->world.now_us, stage_digest(host));
    gn_sim_host_settle(host);
}

static void
stage_arrive(gn_sim_stage *stage, gn_sim_packet *packet)
{
    gn_sim_host *host = &stage->hosts[packet->to];

    if (!gn_sim_network_arrive(&stage->network, packet))
        return;
    if ((packet->flags & GN_SIM_PACKET_TOO_BIG) != 0) {
        stage_hear_router(stage, host, packet);
        gn_sim_network_done(&stage->network, packet);
    } else if (gn_sim_host_take(host, packet)) {
        stage_read(stage, packet);
    }
}

/* A host's CPU is free: what is due, and what waits. */
static void
stage_go_on(gn_sim_stage *stage, gn_sim_host *host)
{
    gn_sim_packet *packet = gn_sim_host_next(host);

    if (packet != NULL)
        stage_read(stage, packet);
    else
        gn_sim_host_settle(host);
}

/* A blackout or a pause, of the links that the event names. */
static void
stage_interrupt(gn_sim_stage *stage, const gn_sim_happening *event, gn_sim_route *route)
{
    const uint64_t until_us = stage->world.now_us + event->for_us;

    for (unsigned i = 0; i < GN_SIM_DIRECTIONS; i++) {
        if (event->direction != GN_SIM_BOTH &&
            (event->direction == GN_SIM_BOTH_UP) != (i == GN_SIM_UP))
            continue;
        if (event->action == GN_SIM_DO_BLACKOUT)
            gn_sim_link_blackout(&route->link[i], until_us);
        else
            gn_sim_link_suspend(&route->link[i],
                                event->action == GN_SIM_DO_SUSPEND_RECEIVE
                                    ? GN_SIM_SUSPEND_RECEIVE
                                    : GN_SIM_SUSPEND_TRANSMIT,
                                until_us);
    }
}

/* Everything about a route that the event names, the NAT's binding included, at once. */
static void
stage_change(gn_sim_stage *stage, const gn_sim_happening *event)
{
    gn_sim_route *route = &stage->network.routes[event->route];
    gn_sim_route_settings settings = route->settings;

    gn_sim_scenario_apply(event, &settings);
    gn_sim_network_change(&stage->network, event->route, &settings);
    if (event->rebind != 0)
        gn_sim_nat_rebind(&route->nat, (gn_sim_nat_part)(event->rebind - 1), stage->world.now_us);
}

/* The new route is there before the old one goes: first act, and second. */
static gn_err
stage_hand_over(gn_sim_stage *stage, const gn_sim_happening *event, bool first)
{
    if (!first) {
        gn_sim_route_set_up(&stage->network.routes[event->from], false);
        return GN_OK;
    }
    gn_sim_route_set_up(&stage->network.routes[event->route], true);
    return gn_sim_host_migrate(&stage->hosts[GN_SIM_CLIENT], event->route);
}

/* The server forgets everything but what it is made of. */
static gn_err
stage_restart(gn_sim_stage *stage)
{
    return gn_sim_host_restart(&stage->hosts[GN_SIM_SERVER], &stage->scenario->host[GN_SIM_SERVER],
                               &stage->lent);
}

/* An event of the scenario takes place. */
static void
stage_happen(gn_sim_stage *stage, const gn_sim_happening *event)
{
    const uint16_t number = (uint16_t)(event - stage->scenario->events);
    gn_sim_route *route = &stage->network.routes[event->route];
    gn_sim_host *client = &stage->hosts[GN_SIM_CLIENT];
    const uint64_t now_us = stage->world.now_us;
    const uint64_t act = stage->acts[number]++;
    gn_err err = GN_OK;

    switch ((gn_sim_action)event->action) {
    case GN_SIM_DO_CUT: gn_sim_route_set_up(route, false); break;
    case GN_SIM_DO_RESTORE: gn_sim_route_set_up(route, true); break;
    case GN_SIM_DO_CHANGE: stage_change(stage, event); break;
    case GN_SIM_DO_BLACKOUT:
    case GN_SIM_DO_SUSPEND_RECEIVE:
    case GN_SIM_DO_SUSPEND_TRANSMIT: stage_interrupt(stage, event, route); break;
    case GN_SIM_DO_REBIND_PORT: gn_sim_nat_rebind(&route->nat, GN_SIM_NAT_PORT, now_us); break;
    case GN_SIM_DO_REBIND_ADDRESS:
        gn_sim_nat_rebind(&route->nat, GN_SIM_NAT_ADDRESS, now_us);
        break;
    case GN_SIM_DO_MIGRATE: err = gn_sim_host_migrate(client, event->route); break;
    case GN_SIM_DO_UPDATE_KEYS: err = gn_sim_host_update_keys(&stage->hosts[event->host]); break;
    case GN_SIM_DO_CLOSE: err = gn_sim_host_abort(&stage->hosts[event->host], STAGE_CODE); break;
    case GN_SIM_DO_HANDOVER: err = stage_hand_over(stage, event, act == 0); break;
    case GN_SIM_DO_SUSPEND: gn_sim_host_suspend(&stage->hosts[event->host], event->for_us); break;
    case GN_SIM_DO_HEAL: gn_sim_heal(&stage->network); break;
    case GN_SIM_DO_RESTART:
        gn_sim_panel_on_restart(&stage->witness.panel, GN_SIM_SERVER);
        err = stage_restart(stage);
        break;
    case GN_SIM_ACTIONS: break;
    }
    if (stage->acts[number] < gn_sim_scenario_acts(event))
        gn_sim_world_at(&stage->world, now_us + gn_sim_scenario_pause_us(event),
                        GN_SIM_CLASS_SCENARIO, (void *)(uintptr_t)event);
    gn_sim_witness_on_happening(&stage->witness, number,
                                event->route_name[0] == '\0' ? GN_SIM_NO_ROUTE : event->route,
                                err != GN_OK);
    gn_sim_host_settle(&stage->hosts[GN_SIM_CLIENT]);
    if (event->host == GN_SIM_SERVER)
        gn_sim_host_settle(&stage->hosts[GN_SIM_SERVER]);
}

static void
stage_end(gn_sim_stage *stage, gn_sim_verdict verdict, const char *why)
{
    stage->verdict = verdict;
    stage->why = why;
}

/* The first connection has brought its ticket: it ends, and when nobody knows it any more ... */
static void
stage_rehearsed(gn_sim_stage *stage)
{
    gn_sim_host *client = &stage->hosts[GN_SIM_CLIENT];
    const gn_sim_host *server = &stage->hosts[GN_SIM_SERVER];
    const bool restarts = stage->scenario->resume.restart != GN_SIM_RESTART_NO;

    if (!client->resume.waits)
        return;
    if (!client->closed) {
        gn_sim_host_close(client);
        return;
    }
    if (stage->resumes || client->forgotten < client->connections ||
        (!restarts && server->forgotten < server->connections))
        return;
    stage->resumes = true;
    gn_sim_witness_on_resume(&stage->witness);
    if (restarts && stage_restart(stage) != GN_OK)
        stage_end(stage, GN_SIM_FAIL, "the server cannot begin anew");
    gn_sim_world_at(&stage->world, stage->world.now_us + stage->scenario->resume.after_us,
                    GN_SIM_CLASS_RESUME, client);
}

/* ... the second begins. */
static void
stage_resume(gn_sim_stage *stage)
{
    gn_sim_host *client = &stage->hosts[GN_SIM_CLIENT];

    client->resume.waits = false;
    client->resume.rehearses = false;
    client->closed = false;
    if (gn_sim_host_connect(client, 0) != GN_OK)
        stage_end(stage, GN_SIM_FAIL, "the client cannot connect again");
}

static void
stage_check(gn_sim_stage *stage, const gn_sim_host *host)
{
    if (stage->inputs++ % stage->check_every == 0)
        gn_endpoint_check(host->endpoint);
}

static void
stage_step(gn_sim_stage *stage, const gn_sim_entry *entry)
{
    gn_sim_packet *packet;
    gn_sim_host *host;

    switch (gn_sim_entry_class(entry)) {
    case GN_SIM_CLASS_SCENARIO: stage_happen(stage, entry->what); break;
    case GN_SIM_CLASS_TRANSMIT: gn_sim_link_transmit(entry->what); break;
    case GN_SIM_CLASS_ARRIVAL:
        packet = entry->what;
        host = &stage->hosts[packet->to];
        stage_arrive(stage, packet);
        stage_check(stage, host);
        break;
    case GN_SIM_CLASS_HOST:
        gn_sim_host_wake(entry->what);
        stage_check(stage, entry->what);
        break;
    case GN_SIM_CLASS_APP: gn_sim_host_wake_app(&stage->hosts[GN_SIM_CLIENT]); break;
    case GN_SIM_CLASS_HELD: gn_sim_network_release(&stage->network, entry->what); break;
    case GN_SIM_CLASS_CROSS: gn_sim_cross_on_turn(entry->what); break;
    case GN_SIM_CLASS_READ:
        stage_go_on(stage, entry->what);
        stage_check(stage, entry->what);
        break;
    case GN_SIM_CLASS_RESUME: stage_resume(stage); break;
    case GN_SIM_CLASSES: break;
    }
    if (stage->hosts[GN_SIM_CLIENT].resume.rehearses)
        stage_rehearsed(stage);
}

/* Every connection that was begun is forgotten, and no attacker has anything on the way. */
static bool
stage_over(const gn_sim_stage *stage)
{
    if (stage->network.injected > 0 || stage->hosts[GN_SIM_CLIENT].resume.waits)
        return false;
    for (unsigned i = 0; i < GN_SIM_HOSTS; i++)
        if (stage->hosts[i].forgotten < stage->hosts[i].connections)
            return false;
    return true;
}

/* RFC 9000 8.2.4, 9.3.2: whom no path is left to may end in silence, at once or after a while. */
static bool
stage_no_path(const gn_sim_host_stats *host)
{
    return host->closed_us != GN_SIM_STATS_NONE && host->close_cause == GN_CLOSE_NO_PATH;
}

/* The scenario is content with an end without the goal. */
static bool
stage_may_close(const gn_sim_stage *stage)
{
    const gn_sim_host_stats *host = stage->witness.stats.host;

    switch ((gn_sim_may_close)stage->scenario->expect.may_close) {
    case GN_SIM_MAY_CLOSE_HANDSHAKE:
        return host[GN_SIM_CLIENT].confirmed_us == GN_SIM_STATS_NONE ||
               host[GN_SIM_SERVER].confirmed_us == GN_SIM_STATS_NONE ||
               stage_no_path(&host[GN_SIM_CLIENT]) || stage_no_path(&host[GN_SIM_SERVER]);
    case GN_SIM_MAY_CLOSE_ALWAYS: return true;
    default: return false;
    }
}

static uint64_t
stage_linger_us(const gn_sim_scenario *scenario)
{
    uint64_t longest_us = 0;

    for (uint64_t i = 0; i < scenario->route_count; i++)
        for (unsigned j = 0; j < GN_SIM_DIRECTIONS; j++)
            if (scenario->routes[i].link[j].delay_us > longest_us)
                longest_us = scenario->routes[i].link[j].delay_us;
    return STAGE_LINGER_US + STAGE_LINGER_WAYS * longest_us;
}

static void
stage_goodbye(gn_sim_stage *stage)
{
    if (!stage->app.done || stage->said_goodbye)
        return;
    stage->said_goodbye = true;
    gn_sim_network_quiet(&stage->network);
    gn_sim_host_close(&stage->hosts[GN_SIM_CLIENT]);
    /* The goal is reached: from here on only the end has to come. */
    stage->world.limit_us = stage->world.now_us + stage_linger_us(stage->scenario);
}

static void
stage_loop(gn_sim_stage *stage)
{
    gn_sim_entry entry;
    gn_sim_step step = gn_sim_world_next(&stage->world, &entry);

    for (; step == GN_SIM_STEP_GO; step = gn_sim_world_next(&stage->world, &entry)) {
        stage_step(stage, &entry);
        stage_goodbye(stage);
        if (stage->hosts[GN_SIM_CLIENT].runaway || stage->hosts[GN_SIM_SERVER].runaway) {
            stage_end(stage, GN_SIM_ZENO, "an endpoint gives effects without end");
            return;
        }
        if (stage_over(stage)) {
            if (!stage->app.done && !stage_may_close(stage))
                stage_end(stage, GN_SIM_FAIL, "the connection ended before");
            return;
        }
    }
    if (step == GN_SIM_STEP_ZENO)
        stage_end(stage, GN_SIM_ZENO, "time stands still: too many events at one instant");
    else if (step == GN_SIM_STEP_LATE)
        stage_end(stage, GN_SIM_STALL,
                  stage->app.done ? "the connections never end" : "the time limit has passed");
    else
        stage_end(stage, GN_SIM_STALL,
                  stage->app.done ? "an end was never forgotten" : "nothing is left to happen");
}

/* What can be counted at the end. */
static void
stage_count(gn_sim_stage *stage)
{
    const gn_sim_network *network = &stage->network;
    gn_sim_stats *stats = &stage->witness.stats;

    for (uint32_t i = 0; i < network->attack_count; i++)
        stats->attacks += network->attacks[i].done;
    for (uint32_t i = 0; i < network->route_count; i++)
        stats->expired += network->routes[i].nat.expiries;
    for (uint32_t i = 0; i < GN_SIM_HOSTS; i++) {
        stats->too_big += stage->hosts[i].too_big;
        stats->believed += stage->hosts[i].believed;
    }
}

void
gn_sim_stage_look_closely(gn_sim_stage *stage)
{
    stage->check_every = 1;
    stage->witness.panel.numbers.every = 1;
    stage->witness.panel.drop.every = STAGE_DROP_EVERY;
}

void
gn_sim_stage_play(gn_sim_stage *stage)
{
    const gn_sim_scenario *scenario = stage->scenario;

    for (uint64_t i = 0; i < scenario->event_count; i++)
        gn_sim_world_at(&stage->world, scenario->events[i].at_us, GN_SIM_CLASS_SCENARIO,
                        (void *)(uintptr_t)&scenario->events[i]);
    if (gn_sim_host_connect(&stage->hosts[GN_SIM_CLIENT], 0) != GN_OK)
        stage_end(stage, GN_SIM_FAIL, "the client cannot connect");
    else
        stage_loop(stage);
    stage_count(stage);
    gn_sim_app_datagram_on_end(&stage->app.datagrams, stage->world.now_us);
    gn_sim_panel_on_end(&stage->witness.panel, scenario, &stage->witness.stats, &stage->app,
                        stage->world.now_us, stage->why);
    if (stage->verdict == GN_SIM_PASS && !gn_sim_panel_holds(&stage->witness.panel))
        stage_end(stage, GN_SIM_FAIL, "an oracle was broken");
}
