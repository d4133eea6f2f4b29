/*
 * shrink.c: see shrink.h. Events, routes, expectations and the seed; fields are in shrink_fields.c.
 */
#include "sim/shrink.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "sim/scenario_keys.h"
#include "sim/scenario_writer.h"
#include "sim/shrink_state.h"

typedef struct shrink_job {
    gn_sim_scenario scenario;
    bool fake;
} shrink_job;

/* In a worker. */
static void
shrink_work(void *context, const void *job, void *result)
{
    const shrink_job *one = job;

    (void)context;
    gn_sim_trial_play(&one->scenario, one->fake, NULL, NULL, result);
}

/* Whether an event comes after one that heals; its later acts do at the same instant, too. */
static bool
shrink_is_late(const gn_sim_scenario *scenario)
{
    uint64_t heal_us = UINT64_MAX;
    uint64_t last_us = 0;

    for (uint64_t i = 0; i < scenario->event_count; i++) {
        const gn_sim_happening *event = &scenario->events[i];
        const uint64_t acts = gn_sim_scenario_acts(event);
        const uint64_t later_us = acts > 1 ? (acts - 1) * gn_sim_scenario_pause_us(event) + 1 : 0;
        const uint64_t end_us = event->at_us + later_us;

        if (event->action == GN_SIM_DO_HEAL)
            heal_us = event->at_us < heal_us ? event->at_us : heal_us;
        else if (end_us > last_us)
            last_us = end_us;
    }
    return last_us > heal_us;
}

/*
 * Its file is read back: what the reader refuses is no scenario. The traces stay
 * those of the scenario at the start: workers have copies of them.
 */
static bool
shrink_is_sound(gn_sim_scenario *scenario)
{
    char message[GN_SIM_MESSAGE_BYTES];
    char *text = gn_sim_scenario_write_text(scenario);
    gn_sim_scenario *read = malloc(sizeof *read);
    bool good;

    GN_ASSERT(read != NULL);
    good = gn_sim_scenario_parse("shrunk", text, strlen(text), read, message);
    if (good) {
        gn_sim_scenario_borrow(read, scenario);
        *scenario = *read;
    }
    free(read);
    free(text);
    return good;
}

static void
shrink_play(gn_sim_shrink_state *state, const gn_sim_scenario *scenario, gn_sim_trial *trial,
            gn_sim_crew_outcome *outcome)
{
    shrink_job *job = calloc(1, sizeof *job);

    GN_ASSERT(job != NULL);
    job->scenario = *scenario;
    job->fake = state->settings->fake;
    gn_sim_crew_run(&state->crew, job, 1, trial, outcome, NULL, NULL);
    state->result->runs++;
    free(job);
}

bool
gn_sim_shrink_state_try(gn_sim_shrink_state *state)
{
    gn_sim_trial_failure failure;
    gn_sim_trial trial;
    gn_sim_crew_outcome outcome;
    bool same = false;

    if (state->result->runs < state->settings->runs_max && !shrink_is_late(&state->next) &&
        shrink_is_sound(&state->next)) {
        shrink_play(state, &state->next, &trial, &outcome);
        same = gn_sim_trial_failed(&trial, &outcome, &failure) &&
               gn_sim_trial_same(&failure, &state->result->failure);
    }
    if (same) {
        state->best = state->next;
        state->trial = trial;
        state->outcome = outcome;
        state->result->steps++;
    } else {
        state->next = state->best;
    }
    return same;
}

/* Takes count events from at on away, but for those that heal. */
static bool
shrink_cut_events(gn_sim_shrink_state *state, uint64_t at, uint64_t count)
{
    gn_sim_scenario *next = &state->next;
    uint64_t kept = 0;

    for (uint64_t i = 0; i < state->best.event_count; i++)
        if (i < at || i >= at + count || state->best.events[i].action == GN_SIM_DO_HEAL)
            next->events[kept++] = state->best.events[i];
    if (kept == state->best.event_count)
        return false;
    next->event_count = kept;
    return gn_sim_shrink_state_try(state);
}

static bool
shrink_events(gn_sim_shrink_state *state)
{
    bool any = false;

    for (uint64_t chunk = state->best.event_count; chunk > 0; chunk /= 2)
        for (uint64_t at = 0; at < state->best.event_count;) {
            if (shrink_cut_events(state, at, chunk))
                any = true;
            else
                at += chunk;
        }
    return any;
}

static bool
shrink_others(gn_sim_shrink_state *state)
{
    gn_sim_scenario *next = &state->next;
    bool any = false;

    for (uint64_t i = state->best.attack_count; i-- > 0;) {
        next->attack_count--;
        memmove(&next->attacks[i], &next->attacks[i + 1],
                (size_t)(next->attack_count - i) * sizeof next->attacks[0]);
        any = gn_sim_shrink_state_try(state) || any;
    }
    for (uint64_t i = state->best.cross_count; i-- > 0;) {
        next->cross_count--;
        memmove(&next->crosses[i], &next->crosses[i + 1],
                (size_t)(next->cross_count - i) * sizeof next->crosses[0]);
        any = gn_sim_shrink_state_try(state) || any;
    }
    return any;
}

/* A route goes, and all that happens to it. What else names it makes the rest unsound. */
static bool
shrink_cut_route(gn_sim_shrink_state *state, uint64_t route)
{
    gn_sim_scenario *next = &state->next;
    uint64_t kept = 0;

    next->route_count--;
    memmove(&next->routes[route], &next->routes[route + 1],
            (size_t)(next->route_count - route) * sizeof next->routes[0]);
    for (uint64_t i = 0; i < state->best.event_count; i++)
        if (strcmp(state->best.events[i].route_name, state->best.routes[route].name) != 0)
            next->events[kept++] = state->best.events[i];
    next->event_count = kept;
    return gn_sim_shrink_state_try(state);
}

static bool
shrink_routes(gn_sim_shrink_state *state)
{
    bool any = false;

    for (uint64_t i = state->best.route_count; i-- > 0;)
        if (state->best.route_count > 1 && shrink_cut_route(state, i))
            any = true;
    return any;
}

/* All expectations but when it is fine to end. */
static bool
shrink_expectations(gn_sim_shrink_state *state)
{
    const gn_sim_keys *keys = &gn_sim_scenario_keys_expect;
    bool any = false;

    for (size_t i = 0; i < keys->count; i++) {
        if ((state->best.expect.keys >> i & 1) == 0 || strcmp(keys->rows[i].name, "may_close") == 0)
            continue;
        state->next.expect.keys &= ~(UINT64_C(1) << i);
        gn_sim_scenario_keys_copy(keys, UINT64_C(1) << i, &state->standard.expect,
                                  &state->next.expect);
        any = gn_sim_shrink_state_try(state) || any;
    }
    return any;
}

static bool
shrink_seed(gn_sim_shrink_state *state)
{
    bool any = false;

    for (uint64_t seed = 0; seed < 4 && seed < state->best.seed; seed++) {
        state->next.seed = seed;
        if (gn_sim_shrink_state_try(state))
            return true;
    }
    while (state->best.seed > 4) {
        state->next.seed = state->best.seed / 2;
        if (!gn_sim_shrink_state_try(state))
            break;
        any = true;
    }
    return any;
}

static void
shrink_all(gn_sim_shrink_state *state)
{
    bool any = true;

    while (any && state->result->runs < state->settings->runs_max) {
        any = shrink_events(state);
        any = shrink_others(state) || any;
        any = shrink_routes(state) || any;
        any = shrink_expectations(state) || any;
        any = gn_sim_shrink_fields(state) || any;
        any = shrink_seed(state) || any;
    }
}

bool
gn_sim_shrink(const gn_sim_shrink_settings *settings, gn_sim_scenario *scenario,
              gn_sim_shrink_result *result)
{
    gn_sim_shrink_state *state = calloc(1, sizeof *state);
    const gn_sim_crew_order order = {.work = shrink_work,
                                     .job_bytes = sizeof(shrink_job),
                                     .result_bytes = sizeof(gn_sim_trial),
                                     .workers = 1,
                                     .limit_ms = settings->limit_ms};
    bool fails;

    GN_ASSERT(state != NULL);
    memset(result, 0, sizeof *result);
    state->settings = settings;
    state->result = result;
    state->best = state->next = *scenario;
    gn_sim_scenario_default(&state->standard);
    gn_sim_scenario_default_route(&state->standard_route);
    gn_sim_crew_open(&state->crew, &order);
    shrink_play(state, scenario, &state->trial, &state->outcome);
    fails = gn_sim_trial_failed(&state->trial, &state->outcome, &result->failure);
    if (fails) {
        shrink_all(state);
        *scenario = state->best;
        result->hash = state->trial.hash;
        gn_sim_trial_tell(&state->trial, &state->outcome, result->what, sizeof result->what);
    }
    gn_sim_crew_close(&state->crew);
    free(state);
    return fails;
}
