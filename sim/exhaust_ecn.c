/*
 * exhaust_ecn.c: see exhaust_ecn.h.
 */
#include "sim/exhaust_ecn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "recovery/ecn.h"
#include "sim/scenario_keys.h"

const char *const gn_sim_exhaust_ecn_moves[] = {"none", "passive", "active"};
const char *const gn_sim_exhaust_ecn_amounts[] = {"nothing", "few", "many"};

#define ECN_RATE_BITS 20000000
#define ECN_DELAY_US 10000
#define ECN_EXCHANGES 6
#define ECN_BYTES 24000
#define ECN_GRACE_US 1000000
#define ECN_LIMIT_US UINT64_C(600000000)

/* From the confirmed handshake to the move: next to nothing, a few packets, many. */
static const uint64_t ecn_wait_us[GN_SIM_EXHAUST_ECN_AMOUNTS] = {1000, 25000, 200000};

static void
ecn_route(gn_sim_route_settings *route, const char *name, uint8_t treatment)
{
    gn_sim_scenario_default_route(route);
    (void)snprintf(route->name, sizeof route->name, "%s", name);
    route->ecn = treatment;
    for (unsigned i = 0; i < GN_SIM_DIRECTIONS; i++) {
        route->link[i].rate_bits = ECN_RATE_BITS;
        route->link[i].delay_us = ECN_DELAY_US;
    }
}

static gn_sim_happening *
ecn_event(gn_sim_scenario *scenario, uint64_t at_us, gn_sim_action action, uint16_t route)
{
    gn_sim_happening *event = &scenario->events[scenario->event_count++];

    gn_sim_scenario_default_event(event);
    event->at_us = at_us;
    event->action = action;
    event->route = route;
    memcpy(event->route_name, scenario->routes[route].name, sizeof event->route_name);
    return event;
}

void
gn_sim_exhaust_ecn_scenario(const gn_sim_exhaust_ecn_case *one, uint64_t confirmed_us,
                            gn_sim_scenario *scenario)
{
    const uint64_t at_us = confirmed_us + ecn_wait_us[one->amount];
    const gn_sim_key *ecn = gn_sim_scenario_keys_find(&gn_sim_scenario_keys_route, "ecn");

    gn_sim_scenario_default(scenario);
    (void)snprintf(scenario->name, sizeof scenario->name, "ecn-%s-%s-%s-%s",
                   gn_sim_route_ecn_words[one->before], gn_sim_route_ecn_words[one->after],
                   gn_sim_exhaust_ecn_moves[one->move], gn_sim_exhaust_ecn_amounts[one->amount]);
    (void)snprintf(scenario->why, sizeof scenario->why,
                   "what the way does to ECN changes with a move");
    scenario->time_limit_us = ECN_LIMIT_US;
    scenario->route_count = 2;
    ecn_route(&scenario->routes[0], "old", one->before);
    ecn_route(&scenario->routes[1], "new", one->after);
    scenario->workload = (gn_sim_app_settings){.kind = GN_SIM_REQUESTS,
                                               .streams = 1,
                                               .count = ECN_EXCHANGES,
                                               .request_bytes = ECN_BYTES,
                                               .response_bytes = ECN_BYTES};
    if (one->move == 2) {
        (void)ecn_event(scenario, at_us, GN_SIM_DO_MIGRATE, 1);
    } else if (one->move == 1) {
        gn_sim_happening *change = ecn_event(scenario, at_us, GN_SIM_DO_CHANGE, 0);

        /* Who only listens behind a dead binding is lost to everybody, with ECN or without. */
        scenario->routes[0].nat.grace_us = ECN_GRACE_US;
        change->route_keys = UINT64_C(1) << (ecn - gn_sim_scenario_keys_route.rows);
        change->change.ecn = one->after;
        (void)ecn_event(scenario, at_us, GN_SIM_DO_REBIND_PORT, 0);
    }
}

typedef struct ecn_context {
    bool fake;
    uint64_t confirmed_us[GN_SIM_EXHAUST_ECN_TREATMENTS];
} ecn_context;

/* In a worker. */
static void
ecn_work(void *context, const void *job, void *result)
{
    const ecn_context *ecn = context;
    const gn_sim_exhaust_ecn_case *one = job;
    gn_sim_scenario *scenario = malloc(sizeof *scenario);

    GN_ASSERT(scenario != NULL);
    gn_sim_exhaust_ecn_scenario(one, ecn->confirmed_us[one->before], scenario);
    gn_sim_trial_play(scenario, ecn->fake, NULL, NULL, result);
    free(scenario);
}

/* When the handshake is confirmed under each treatment. */
static void
ecn_measure(ecn_context *context)
{
    gn_sim_scenario *scenario = malloc(sizeof *scenario);
    gn_sim_trial trial;

    GN_ASSERT(scenario != NULL);
    for (uint8_t i = 0; i < GN_SIM_EXHAUST_ECN_TREATMENTS; i++) {
        const gn_sim_exhaust_ecn_case still = {.before = i, .after = i};

        gn_sim_exhaust_ecn_scenario(&still, 0, scenario);
        gn_sim_trial_play(scenario, context->fake, NULL, NULL, &trial);
        context->confirmed_us[i] = trial.confirmed_us < ECN_LIMIT_US ? trial.confirmed_us : 0;
    }
    free(scenario);
}

static void
ecn_cases(gn_sim_exhaust_ecn_result *result)
{
    for (size_t i = 0; i < GN_SIM_EXHAUST_ECN_CASES; i++) {
        size_t rest = i;
        gn_sim_exhaust_ecn_case *one = &result->cases[i];

        one->amount = (uint8_t)(rest % GN_SIM_EXHAUST_ECN_AMOUNTS);
        rest /= GN_SIM_EXHAUST_ECN_AMOUNTS;
        one->move = (uint8_t)(rest % GN_SIM_EXHAUST_ECN_MOVES);
        rest /= GN_SIM_EXHAUST_ECN_MOVES;
        one->after = (uint8_t)(rest % GN_SIM_EXHAUST_ECN_TREATMENTS);
        one->before = (uint8_t)(rest / GN_SIM_EXHAUST_ECN_TREATMENTS);
    }
}

void
gn_sim_exhaust_ecn(bool fake, unsigned jobs, uint64_t limit_ms, gn_sim_exhaust_ecn_result *result)
{
    ecn_context context = {.fake = fake};
    const gn_sim_crew_order order = {.context = &context,
                                     .work = ecn_work,
                                     .job_bytes = sizeof(gn_sim_exhaust_ecn_case),
                                     .result_bytes = sizeof(gn_sim_trial),
                                     .workers = jobs,
                                     .limit_ms = limit_ms};
    gn_sim_crew *crew = malloc(sizeof *crew);

    GN_ASSERT(crew != NULL);
    ecn_measure(&context);
    ecn_cases(result);
    gn_sim_crew_open(crew, &order);
    gn_sim_crew_run(crew, result->cases, GN_SIM_EXHAUST_ECN_CASES, result->trials, result->outcomes,
                    NULL, NULL);
    gn_sim_crew_close(crew);
    free(crew);
}

const char *
gn_sim_exhaust_ecn_judge(const gn_sim_exhaust_ecn_result *result, size_t at)
{
    const gn_sim_exhaust_ecn_case *one = &result->cases[at];
    const gn_sim_trial *trial = &result->trials[at];
    const uint8_t last = one->move == 0 ? one->before : one->after;
    /* Who is moved by a NAT does not know, and keeps what it found out before. */
    const bool knows = one->move != 1 || one->before == GN_SIM_ECN_PASS;
    const bool unmarked = last == GN_SIM_ECN_BLEACH || last == GN_SIM_ECN_REMARK;

    if (result->outcomes[at].end != GN_SIM_CREW_DONE)
        return result->outcomes[at].end == GN_SIM_CREW_HUNG ? "hung" : "crashed";
    if (one->move == 1 && one->before == GN_SIM_ECN_PASS && last == GN_SIM_ECN_DROP)
        return NULL;
    if (trial->verdict != GN_SIM_PASS)
        return trial->what;
    /* RFC 9000 13.4.2: marks that do not arrive are no working ECN. */
    for (unsigned i = 0; unmarked && i < GN_SIM_HOSTS; i++)
        if (trial->ecn_state[i] == GN_ECN_CAPABLE)
            return "capable, though no mark arrives";
    /* Marks that do arrive are used, once they could be seen to. */
    if (last == GN_SIM_ECN_PASS && knows && trial->ecn_state[GN_SIM_CLIENT] != GN_ECN_CAPABLE)
        return "not capable, though every mark arrives";
    return NULL;
}
