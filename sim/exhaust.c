/*
 * exhaust.c: see exhaust.h.
 */
#include "sim/exhaust.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

typedef struct exhaust_context {
    const gn_sim_scenario *scenario;
    bool fake;
} exhaust_context;

void
gn_sim_exhaust_script(const gn_sim_exhaust_case *one, gn_sim_scenario *scenario)
{
    for (unsigned i = 0; i < 2; i++)
        GN_ASSERT(gn_sim_script_set(&scenario->script, one->number[i], one->fate[i]));
}

/* In a worker. */
static void
exhaust_work(void *context, const void *job, void *result)
{
    const exhaust_context *exhaust = context;
    gn_sim_scenario *scenario = malloc(sizeof *scenario);

    GN_ASSERT(scenario != NULL);
    *scenario = *exhaust->scenario;
    gn_sim_exhaust_script(job, scenario);
    gn_sim_trial_play(scenario, exhaust->fake, NULL, NULL, result);
    free(scenario);
}

static void
exhaust_add(gn_sim_exhaust_result *result, size_t cap, uint64_t a, unsigned fate_a, uint64_t b,
            unsigned fate_b)
{
    GN_ASSERT(result->count < cap);
    result->cases[result->count++] = (gn_sim_exhaust_case){
        .number = {a, b}, .fate = {(gn_sim_script_fate)fate_a, (gn_sim_script_fate)fate_b}};
}

/* All pairs of fates for two datagrams. */
static void
exhaust_pair(const gn_sim_exhaust_settings *settings, gn_sim_exhaust_result *result, size_t cap,
             uint64_t a, uint64_t b)
{
    for (unsigned i = GN_SIM_SCRIPT_DROP; i < GN_SIM_SCRIPT_FATES; i++)
        for (unsigned j = GN_SIM_SCRIPT_DROP; j < GN_SIM_SCRIPT_FATES; j++)
            if ((settings->fates >> i & 1) != 0 && (settings->fates >> j & 1) != 0)
                exhaust_add(result, cap, a, i, b, j);
}

static void
exhaust_cases(const gn_sim_exhaust_settings *settings, gn_sim_exhaust_result *result)
{
    const size_t first = (size_t)result->first;
    const size_t cap = 3 * first + 9 * first * first / 2;

    result->cases = calloc(cap + 1, sizeof *result->cases);
    GN_ASSERT(result->cases != NULL);
    for (uint64_t a = 0; a < first; a++)
        for (unsigned fate = GN_SIM_SCRIPT_DROP; fate < GN_SIM_SCRIPT_FATES; fate++)
            if ((settings->fates >> fate & 1) != 0)
                exhaust_add(result, cap, a, fate, 0, GN_SIM_SCRIPT_DELIVER);
    for (uint64_t a = 0; settings->pairs && a < first; a++)
        for (uint64_t b = a + 1; b < first; b++)
            exhaust_pair(settings, result, cap, a, b);
}

void
gn_sim_exhaust(const gn_sim_exhaust_settings *settings, gn_sim_scenario *scenario,
               gn_sim_exhaust_result *result)
{
    exhaust_context context = {.scenario = scenario, .fake = settings->fake};
    const gn_sim_crew_order order = {.context = &context,
                                     .work = exhaust_work,
                                     .job_bytes = sizeof(gn_sim_exhaust_case),
                                     .result_bytes = sizeof(gn_sim_trial),
                                     .workers = settings->jobs,
                                     .limit_ms = settings->limit_ms};
    gn_sim_crew *crew = malloc(sizeof *crew);

    GN_ASSERT(crew != NULL && settings->first <= GN_SIM_EXHAUST_FIRST_MAX);
    memset(result, 0, sizeof *result);
    scenario->expect = (gn_sim_expect){.keys = 0};
    gn_sim_trial_play(scenario, settings->fake, NULL, NULL, &result->plain);
    result->first =
        settings->first < result->plain.datagrams ? settings->first : result->plain.datagrams;
    exhaust_cases(settings, result);
    result->trials = calloc(result->count + 1, sizeof *result->trials);
    result->outcomes = calloc(result->count + 1, sizeof *result->outcomes);
    GN_ASSERT(result->trials != NULL && result->outcomes != NULL);
    gn_sim_crew_open(crew, &order);
    gn_sim_crew_run(crew, result->cases, result->count, result->trials, result->outcomes, NULL,
                    NULL);
    gn_sim_crew_close(crew);
    free(crew);
}

void
gn_sim_exhaust_free(gn_sim_exhaust_result *result)
{
    free(result->cases);
    free(result->trials);
    free(result->outcomes);
    memset(result, 0, sizeof *result);
}

uint64_t
gn_sim_exhaust_delay_us(const gn_sim_exhaust_result *result, size_t at)
{
    const uint64_t finished_us = result->trials[at].finished_us;

    if (result->outcomes[at].end != GN_SIM_CREW_DONE || finished_us == 0)
        return UINT64_MAX;
    return finished_us > result->plain.finished_us ? finished_us - result->plain.finished_us : 0;
}
