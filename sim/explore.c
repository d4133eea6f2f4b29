/*
 * explore.c: see explore.h.
 */
#include "sim/explore.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "sim/crew.h"
#include "sim/genes.h"
#include "sim/scenario_writer.h"

/* Mutants that wait for a batch; more are forgotten. */
#define EXPLORE_QUEUE_MAX 4096

/* A line of progress this often where nobody watches it move. */
#define EXPLORE_LINE_MS 10000

typedef struct explore_state {
    const gn_sim_explore_settings *settings;
    gn_sim_explore_result *result;
    gn_sim_crew crew;
    gn_sim_genome batch[GN_SIM_EXPLORE_BATCH];
    gn_sim_trial trials[GN_SIM_EXPLORE_BATCH];
    gn_sim_crew_outcome outcomes[GN_SIM_EXPLORE_BATCH];
    gn_sim_genome queue[EXPLORE_QUEUE_MAX];
    size_t queue_at;
    size_t queue_count;
    uint64_t next; /* seed */
    bool seeds_left;
    uint64_t begun_ms;
    uint64_t said_ms;
    bool terminal;
} explore_state;

/* In a worker. */
static void
explore_work(void *context, const void *job, void *result)
{
    const gn_sim_explore_settings *settings = context;
    gn_sim_trial *trial = result;
    gn_sim_scenario *scenario = calloc(1, sizeof *scenario);
    char message[GN_SIM_MESSAGE_BYTES];

    GN_ASSERT(scenario != NULL);
    if (gn_sim_genes_express(job, settings->overrides, scenario, message)) {
        gn_sim_trial_play(scenario, settings->fake, NULL, NULL, trial);
    } else {
        trial->verdict = GN_SIM_BAD_INPUT;
        (void)snprintf(trial->what, sizeof trial->what, "%.*s", (int)sizeof trial->what - 1,
                       message);
    }
    gn_sim_scenario_free(scenario);
    free(scenario);
}

static void
explore_progress(explore_state *state, size_t in_batch)
{
    const gn_sim_explore_result *result = state->result;
    const uint64_t now_ms = gn_sim_crew_clock_ms();
    const uint64_t spent_ms = now_ms - state->begun_ms + 1;
    const uint64_t runs = result->runs + in_batch;

    if (state->settings->progress == NULL ||
        now_ms - state->said_ms < (state->terminal ? 200 : EXPLORE_LINE_MS))
        return;
    state->said_ms = now_ms;
    (void)fprintf(state->settings->progress,
                  "%s%" PRIu64 " runs, %" PRIu64 " failed, %" PRIu64 " runs/s, %" PRIu32
                  " pairs, %zu mutants waiting%s",
                  state->terminal ? "\r\033[K" : "", runs, result->failures, runs * 1000 / spent_ms,
                  gn_sim_coverage_count(&result->coverage), state->queue_count,
                  state->terminal ? "" : "\n");
    (void)fflush(state->settings->progress);
}

static void
explore_on_done(void *context, size_t done)
{
    explore_progress(context, done);
}

static void
explore_breed(explore_state *state, const gn_sim_genome *parent)
{
    for (uint32_t i = 0; i < state->settings->mutants; i++) {
        const size_t at = (state->queue_at + state->queue_count) % EXPLORE_QUEUE_MAX;

        if (state->queue_count == EXPLORE_QUEUE_MAX ||
            !gn_sim_genome_mutate(parent, i, &state->queue[at]))
            return;
        state->queue_count++;
    }
}

static size_t
explore_fill(explore_state *state)
{
    size_t count = 0;

    while (count < GN_SIM_EXPLORE_BATCH && state->queue_count > 0) {
        state->batch[count++] = state->queue[state->queue_at];
        state->queue_at = (state->queue_at + 1) % EXPLORE_QUEUE_MAX;
        state->queue_count--;
    }
    while (count < GN_SIM_EXPLORE_BATCH && state->seeds_left) {
        const gn_sim_explore_settings *settings = state->settings;
        gn_sim_genome *genome = &state->batch[count++];

        *genome = settings->first;
        genome->seed = state->next;
        state->result->seeds++;
        state->seeds_left =
            settings->last >= state->next && settings->last - state->next >= settings->shards;
        state->next += settings->shards;
    }
    return count;
}

static void
explore_fail(explore_state *state, const gn_sim_genome *genome, const gn_sim_trial *trial,
             const gn_sim_crew_outcome *outcome)
{
    gn_sim_explore_result *result = state->result;
    gn_sim_explore_failure *failure;
    gn_sim_scenario *scenario;
    char message[GN_SIM_MESSAGE_BYTES];
    char text[GN_SIM_GENOME_TEXT];

    result->failures++;
    if (result->failure_count == GN_SIM_EXPLORE_FAILURES_MAX)
        return;
    failure = &result->failure[result->failure_count++];
    *failure = (gn_sim_explore_failure){.genome = *genome, .hash = trial->hash};
    gn_sim_trial_tell(trial, outcome, failure->what, sizeof failure->what);
    scenario = calloc(1, sizeof *scenario);
    GN_ASSERT(scenario != NULL);
    gn_sim_genome_print(genome, text);
    if (gn_sim_genes_express(genome, state->settings->overrides, scenario, message)) {
        (void)mkdir(state->settings->out, 0777);
        (void)snprintf(failure->path, sizeof failure->path, "%s/explored-%s.yaml",
                       state->settings->out, text);
        if (!gn_sim_scenario_save(failure->path, scenario, NULL))
            failure->path[0] = '\0';
    }
    gn_sim_scenario_free(scenario);
    free(scenario);
}

static void
explore_judge(explore_state *state, size_t at)
{
    gn_sim_explore_result *result = state->result;
    const gn_sim_trial *trial = &state->trials[at];
    gn_sim_trial_failure failure;

    result->runs++;
    result->datagrams += trial->datagrams;
    result->virtual_us += trial->end_us;
    result->finished += trial->finished_us != 0 ? 1 : 0;
    result->digest = (result->digest ^ trial->hash) * UINT64_C(0x9e3779b97f4a7c15);
    if (gn_sim_trial_failed(trial, &state->outcomes[at], &failure))
        explore_fail(state, &state->batch[at], trial, &state->outcomes[at]);
    if (gn_sim_coverage_merge(&result->coverage, &trial->coverage) > 0) {
        result->finders++;
        result->last_new = result->runs;
        explore_breed(state, &state->batch[at]);
    }
}

static void
explore_loop(explore_state *state)
{
    const gn_sim_explore_settings *settings = state->settings;
    size_t count = explore_fill(state);

    while (count > 0) {
        gn_sim_crew_run(&state->crew, state->batch, count, state->trials, state->outcomes,
                        explore_on_done, state);
        for (size_t i = 0; i < count; i++)
            explore_judge(state, i);
        if (settings->time_ms != 0 &&
            gn_sim_crew_clock_ms() - state->begun_ms >= settings->time_ms) {
            state->result->complete = !state->seeds_left && state->queue_count == 0;
            return;
        }
        count = explore_fill(state);
    }
    state->result->complete = true;
}

void
gn_sim_explore(const gn_sim_explore_settings *settings, gn_sim_explore_result *result)
{
    explore_state *state = calloc(1, sizeof *state);
    /* The context is only read, by the workers. */
    const gn_sim_crew_order order = {.context = (void *)(uintptr_t)settings,
                                     .work = explore_work,
                                     .job_bytes = sizeof(gn_sim_genome),
                                     .result_bytes = sizeof(gn_sim_trial),
                                     .workers = settings->jobs,
                                     .limit_ms = settings->limit_ms};

    GN_ASSERT(state != NULL && settings->shards > 0);
    memset(result, 0, sizeof *result);
    state->settings = settings;
    state->result = result;
    state->next = settings->first.seed + settings->shard;
    state->seeds_left =
        settings->shard == 0 || (settings->last >= settings->first.seed &&
                                 settings->last - settings->first.seed >= settings->shard);
    state->begun_ms = state->said_ms = gn_sim_crew_clock_ms();
    state->terminal = settings->progress != NULL && isatty(fileno(settings->progress)) != 0;
    gn_sim_crew_open(&state->crew, &order);
    explore_loop(state);
    gn_sim_crew_close(&state->crew);
    result->elapsed_ms = gn_sim_crew_clock_ms() - state->begun_ms;
    if (state->terminal)
        (void)fputs("\r\033[K", settings->progress);
    free(state);
}
