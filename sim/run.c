/*
 * run.c: see run.h.
 */
#include "sim/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "sim/csv.h"
#include "sim/pcapng.h"
#include "sim/qlog.h"
#include "sim/report.h"
#include "sim/run_scenario.h"
#include "sim/scenario.h"
#include "sim/stage.h"
#include "sim/trace.h"

/* All that a run needs and the result does not keep. */
typedef struct run_state {
    gn_sim_scenario scenario;
    gn_sim_trace trace;
    char message[GN_SIM_MESSAGE_BYTES];
} run_state;

static char *
run_copy(const char *text)
{
    const size_t bytes = strlen(text) + 1;
    char *copy = malloc(bytes);

    GN_ASSERT(copy != NULL);
    memcpy(copy, text, bytes);
    return copy;
}

/* Opens one sink; false: the message says what went wrong. */
static bool
run_add(gn_sim_stage *stage, const gn_sim_sink *sink, const char *wrong, const char *path,
        char *message)
{
    if (wrong != NULL) {
        (void)snprintf(message, GN_SIM_MESSAGE_BYTES, "%s: %s", path != NULL ? path : "trace",
                       wrong);
        return false;
    }
    gn_sim_witness_add(&stage->witness, sink);
    return true;
}

static bool
run_open_sinks(gn_sim_stage *stage, const gn_sim_options *options, run_state *state)
{
    gn_sim_sink sink = {0};
    char *message = state->message;
    const char *untraced = gn_sim_trace_open(&state->trace, options->trace_path, &sink);
    bool good = run_add(stage, &sink, untraced, options->trace_path, message);

    if (good && options->qlog_dir != NULL) {
        const gn_sim_qlog_profile profile = (gn_sim_qlog_profile)options->qlog_profile;
        const char *wrong = profile < GN_SIM_QLOG_PROFILES
                                ? gn_sim_qlog_open(options->qlog_dir, profile, &sink)
                                : "no such profile of qlog";

        good = run_add(stage, &sink, wrong, options->qlog_dir, message);
    }
    if (good && options->pcap_path != NULL) {
        const char *wrong = gn_sim_pcapng_open(options->pcap_path, &sink);

        good = run_add(stage, &sink, wrong, options->pcap_path, message);
    }
    if (good && options->csv_path != NULL) {
        const char *wrong = gn_sim_csv_open(options->csv_path, &sink);

        good = run_add(stage, &sink, wrong, options->csv_path, message);
    }
    return good;
}

typedef void run_writer(FILE *out, const gn_sim_stage *stage, uint64_t hash);

static char *
run_text(run_writer *write, const gn_sim_stage *stage, uint64_t hash)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    GN_ASSERT(out != NULL);
    write(out, stage, hash);
    (void)fclose(out);
    return text;
}

static void
run_fill(gn_sim_result *result, gn_sim_stage *stage, uint64_t hash)
{
    const gn_sim_stats *stats = &stage->witness.stats;

    result->verdict = stage->verdict;
    result->seed = stage->seed;
    result->hash = hash;
    result->end_us = stage->world.now_us;
    result->datagrams = stats->datagrams;
    result->events = stage->world.events;
    result->bytes_goal = stage->app.goal_bytes;
    result->bytes_delivered = stage->app.delivered_bytes;
    result->handshake_us = stats->host[GN_SIM_CLIENT].ready_us;
    result->finished_us = stage->app.done_us;
    for (unsigned i = 0; i < GN_SIM_HOSTS; i++) {
        result->packets_sent += stats->host[i].packets_sent;
        result->packets_lost += stats->host[i].packets_lost;
        result->ptos += stats->host[i].ptos;
    }
    result->datagrams_dropped = stats->dropped;
    result->datagrams_marked = stats->fates[GN_SIM_FATE_MARKED];
    result->records = stage->witness.records;
    result->record_count = stage->witness.record_count;
    stage->witness.records = NULL;
    result->report = run_text(gn_sim_report_write, stage, hash);
    result->summary = run_text(gn_sim_report_write_json, stage, hash);
}

/* The scenario is good: plays it. */
static void
run_play(run_state *state, const gn_sim_options *options, gn_sim_result *result)
{
    const uint64_t seed = options->has_seed != 0 ? options->seed : state->scenario.seed;
    gn_err err = GN_OK;
    gn_sim_stage *stage = gn_sim_stage_new(&state->scenario, seed, options->fake_tls != 0,
                                           options->records != 0, &err);

    if (stage == NULL) {
        (void)snprintf(state->message, sizeof state->message,
                       "an endpoint refuses its configuration: %s", gn_err_name(err));
        return;
    }
    if (!run_open_sinks(stage, options, state)) {
        (void)gn_sim_witness_end(&stage->witness);
        gn_sim_stage_free(stage);
        return;
    }
    gn_sim_stage_play(stage);

    const char *wrong = gn_sim_witness_end(&stage->witness);

    run_fill(result, stage, gn_sim_trace_hash(&state->trace));
    if (wrong != NULL) {
        (void)snprintf(state->message, sizeof state->message, "%s", wrong);
        result->verdict = GN_SIM_FAIL;
    } else if (stage->why != NULL) {
        (void)snprintf(state->message, sizeof state->message, "%s", stage->why);
    }
    gn_sim_stage_free(stage);
}

static void
run_finish(run_state *state, gn_sim_result *result)
{
    if (result->report == NULL)
        result->report = run_copy("");
    if (result->summary == NULL)
        result->summary = run_copy("{}");
    result->message = run_copy(state->message);
    gn_sim_scenario_free(&state->scenario);
    free(state);
}

static run_state *
run_begin(gn_sim_result *result)
{
    run_state *state = calloc(1, sizeof *state);

    GN_ASSERT(state != NULL);
    *result = (gn_sim_result){.size = sizeof *result, .verdict = GN_SIM_BAD_INPUT};
    return state;
}

void
gn_sim_run(const char *path, const gn_sim_options *options, gn_sim_result *result)
{
    static const gn_sim_options none = {.size = sizeof none};
    run_state *state = run_begin(result);

    if (gn_sim_scenario_load(path, &state->scenario, state->message))
        run_play(state, options != NULL ? options : &none, result);
    run_finish(state, result);
}

void
gn_sim_run_scenario(const gn_sim_scenario *scenario, const gn_sim_options *options,
                    gn_sim_result *result)
{
    run_state *state = run_begin(result);

    state->scenario = *scenario;
    state->scenario.traces = (gn_sim_scenario_traces){0}; /* the caller's */
    run_play(state, options, result);
    run_finish(state, result);
}

/* What the result owns was made here, so it may be freed through its const pointers. */
static void
run_free(const void *owned)
{
    free((void *)(uintptr_t)owned);
}

void
gn_sim_result_free(gn_sim_result *result)
{
    run_free(result->records);
    run_free(result->report);
    run_free(result->summary);
    run_free(result->message);
    *result = (gn_sim_result){0};
}

size_t
gn_sim_layout(uint32_t which)
{
    static const size_t sizes[] = {sizeof(gn_sim_options), sizeof(gn_sim_record),
                                   sizeof(gn_sim_result)};

    return which < sizeof sizes / sizeof sizes[0] ? sizes[which] : 0;
}
