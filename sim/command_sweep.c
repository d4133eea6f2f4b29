/*
 * command_sweep.c: gnomon-sim sweep: a scenario again and again, with fields that change.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "sim/command_all.h"
#include "sim/report.h"
#include "sim/run_scenario.h"
#include "sim/sweep.h"
#include "sim/units.h"

#define SWEEP_FIELDS_MAX 8

typedef struct command_sweep_options {
    gn_sim_command_number seed;
    gn_sim_command_number repeat;
    gn_sim_command_texts overrides;
    bool json;
    bool csv;
    bool fake;
} command_sweep_options;

#define AT(field) offsetof(command_sweep_options, field)
/* clang-format off */
static const gn_sim_command_option command_sweep_rows[] = {
    {"seed", GN_SIM_COMMAND_COUNT, AT(seed), 0, "N", "begin with seed N, not with the scenario's"},
    {"repeat", GN_SIM_COMMAND_COUNT, AT(repeat), 1, "K", "each value with K seeds"},
    {"override", GN_SIM_COMMAND_TEXTS, AT(overrides), 0, "PATH=VALUE", "set a field in every run"},
    {"json", GN_SIM_COMMAND_FLAG, AT(json), 0, NULL, "one JSON object a run, a line each"},
    {"csv", GN_SIM_COMMAND_FLAG, AT(csv), 0, NULL, "a table with commas"},
    {"fake", GN_SIM_COMMAND_FLAG, AT(fake), 0, NULL,
     "stand-ins instead of TLS and packet protection: faster"},
};
/* clang-format on */
#undef AT

typedef struct command_sweep_state {
    const char *name;
    command_sweep_options options;
    gn_sim_sweep *fields; /* field_count of them */
    size_t field_count;
    gn_sim_scenario *scenario;
    int code;
} command_sweep_state;

static const char *
sweep_value(const command_sweep_state *state, const size_t *at, size_t field)
{
    return state->fields[field].value[at[field]];
}

static void
sweep_head(const command_sweep_state *state)
{
    for (size_t i = 0; i < state->field_count; i++)
        (void)printf("%s,", state->fields[i].path);
    (void)puts("seed,verdict,finished_us,handshake_us,datagrams,dropped,lost,ptos,bytes,hash");
}

static void
sweep_line_csv(const command_sweep_state *state, const size_t *at, const gn_sim_result *result)
{
    for (size_t i = 0; i < state->field_count; i++)
        (void)printf("%s,", sweep_value(state, at, i));
    (void)printf("%" PRIu64 ",%s,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64
                 ",%" PRIu64 ",%" PRIu64 ",%016" PRIx64 "\n",
                 result->seed, gn_sim_report_verdict((gn_sim_verdict)result->verdict),
                 result->finished_us, result->handshake_us, result->datagrams,
                 result->datagrams_dropped, result->packets_lost, result->ptos,
                 result->bytes_delivered, result->hash);
}

/* The run's own object with the values in front. */
static void
sweep_line_json(const command_sweep_state *state, const size_t *at, const gn_sim_result *result)
{
    (void)fputs("{\"sweep\":{", stdout);
    for (size_t i = 0; i < state->field_count; i++)
        (void)printf("%s\"%s\":\"%s\"", i > 0 ? "," : "", state->fields[i].path,
                     sweep_value(state, at, i));
    (void)printf("},%s\n", result->summary + 1);
}

static void
sweep_line(const command_sweep_state *state, const size_t *at, const gn_sim_result *result)
{
    char finished[GN_SIM_UNITS_TEXT];

    gn_sim_units_show_duration(result->finished_us, finished);
    for (size_t i = 0; i < state->field_count; i++)
        (void)printf("%s=%-10s ", state->fields[i].path, sweep_value(state, at, i));
    (void)printf("seed %-8" PRIu64 " %-6s %12s  %8" PRIu64 " datagrams  dropped %-6" PRIu64
                 " lost %-6" PRIu64 " probe timeouts %-4" PRIu64 " %016" PRIx64 "%s%s\n",
                 result->seed, gn_sim_report_verdict((gn_sim_verdict)result->verdict), finished,
                 result->datagrams, result->datagrams_dropped, result->packets_lost, result->ptos,
                 result->hash, result->message[0] != '\0' ? "  " : "", result->message);
}

/* One point of the sweep, with all its seeds. False: the scenario is no good there. */
static bool
sweep_point(command_sweep_state *state, const size_t *at)
{
    gn_sim_command_texts given = state->options.overrides;
    static char text[SWEEP_FIELDS_MAX][GN_SIM_SWEEP_PATH + GN_SIM_SWEEP_TEXT];
    const uint64_t runs = state->options.repeat.given ? state->options.repeat.value : 1;
    gn_sim_options how = {.size = sizeof how, .fake_tls = state->options.fake ? 1 : 0};

    for (size_t i = 0; i < state->field_count; i++) {
        (void)snprintf(text[i], sizeof text[i], "%s=%s", state->fields[i].path,
                       sweep_value(state, at, i));
        if (given.count == GN_SIM_COMMAND_TEXTS_MAX)
            return false;
        given.text[given.count++] = text[i];
    }
    if (!gn_sim_command_load(state->name, &given, state->scenario))
        return false;
    how.has_seed = 1;
    how.seed = state->options.seed.given ? state->options.seed.value : state->scenario->seed;
    for (uint64_t i = 0; i < runs; i++, how.seed++) {
        gn_sim_result result;

        gn_sim_run_scenario(state->scenario, &how, &result);
        if (state->options.json)
            sweep_line_json(state, at, &result);
        else if (state->options.csv)
            sweep_line_csv(state, at, &result);
        else
            sweep_line(state, at, &result);
        if (state->code == GN_SIM_PASS)
            state->code = (int)result.verdict;
        gn_sim_result_free(&result);
    }
    gn_sim_scenario_free(state->scenario);
    return true;
}

/* All combinations, the last field fastest. */
static int
sweep_all(command_sweep_state *state)
{
    size_t at[SWEEP_FIELDS_MAX] = {0};
    size_t field;

    if (state->options.csv)
        sweep_head(state);
    do {
        if (!sweep_point(state, at))
            return GN_SIM_BAD_INPUT;
        field = state->field_count;
        while (field > 0 && ++at[field - 1] == state->fields[field - 1].count)
            at[--field] = 0;
    } while (field > 0);
    return state->code;
}

static int
command_sweep(int argc, char **argv)
{
    command_sweep_state state = {.code = GN_SIM_PASS};
    const char *operands[SWEEP_FIELDS_MAX + 1];
    const char *wrong = NULL;
    size_t count = 0;
    int code;

    if (!gn_sim_command_read(&gn_sim_command_sweep, argc, argv, &state.options, operands, &count))
        return GN_SIM_BAD_INPUT;
    if (state.options.json && state.options.csv)
        return gn_sim_command_refuse("--json and --csv do not go together", NULL);
    state.name = operands[0];
    state.field_count = count - 1;
    state.fields = calloc(state.field_count, sizeof *state.fields);
    state.scenario = malloc(sizeof *state.scenario);
    GN_ASSERT(state.fields != NULL && state.scenario != NULL);
    for (size_t i = 0; i < state.field_count && wrong == NULL; i++) {
        wrong = gn_sim_sweep_read(operands[i + 1], &state.fields[i]);
        if (wrong != NULL)
            (void)fprintf(stderr, "gnomon-sim: %s: %s\n", operands[i + 1], wrong);
    }
    code = wrong != NULL ? GN_SIM_BAD_INPUT : sweep_all(&state);
    free(state.fields);
    free(state.scenario);
    return code;
}

const gn_sim_command gn_sim_command_sweep = {
    .name = "sweep",
    .takes = "FILE|NAME PATH=A..B/STEP ...",
    .operands_min = 2,
    .operands_max = SWEEP_FIELDS_MAX + 1,
    .help = "play a scenario for every value of some fields",
    .options = command_sweep_rows,
    .option_count = sizeof command_sweep_rows / sizeof command_sweep_rows[0],
    .run = command_sweep,
};
