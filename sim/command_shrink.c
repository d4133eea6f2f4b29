/*
 * command_shrink.c: gnomon-sim shrink: the smallest scenario that fails the same way.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/assert.h"
#include "sim/command_all.h"
#include "sim/genes.h"
#include "sim/scenario_writer.h"
#include "sim/shrink.h"

#define SHRINK_RUNS 2000
#define SHRINK_LIMIT_MS 60000

typedef struct command_shrink_options {
    gn_sim_command_number runs;
    gn_sim_command_number limit;
    gn_sim_command_texts overrides;
    bool fake;
    const char *out;
} command_shrink_options;

#define AT(field) offsetof(command_shrink_options, field)
/* clang-format off */
static const gn_sim_command_option command_shrink_rows[] = {
    {"runs", GN_SIM_COMMAND_COUNT, AT(runs), 1, "N", "at most N runs (default: 2000)"},
    {"limit", GN_SIM_COMMAND_TIME, AT(limit), 1, "T", "a run that takes longer has hung (60s)"},
    {"override", GN_SIM_COMMAND_TEXTS, AT(overrides), 0, "PATH=VALUE", "set a field first"},
    {"out", GN_SIM_COMMAND_TEXT, AT(out), 0, "FILE", "where to (default: shrunk.yaml)"},
    {"fake", GN_SIM_COMMAND_FLAG, AT(fake), 0, NULL,
     "stand-ins instead of TLS and packet protection: faster"},
};
/* clang-format on */
#undef AT

/* A run of an exploration, or a file. */
static bool
shrink_load(const char *name, const gn_sim_command_texts *texts, gn_sim_scenario *scenario)
{
    const gn_sim_overrides overrides = {.texts = texts->text, .count = texts->count};
    char message[GN_SIM_MESSAGE_BYTES];
    gn_sim_genome genome;

    if (!gn_sim_genome_read(name, &genome))
        return gn_sim_command_load(name, texts, scenario);
    if (gn_sim_genes_express(&genome, &overrides, scenario, message))
        return true;
    (void)fprintf(stderr, "%s\n", message);
    return false;
}

static int
shrink_finish(const command_shrink_options *options, const gn_sim_scenario *scenario,
              const gn_sim_shrink_result *result)
{
    const char *out = options->out != NULL ? options->out : "shrunk.yaml";

    if (!gn_sim_scenario_save(out, scenario, NULL))
        return gn_sim_command_refuse("cannot write", out);
    (void)printf("%s\n%" PRIu64 " steps in %" PRIu64
                 " runs\n    gnomon-sim run %s%s    # %016" PRIx64 "\n",
                 result->what, result->steps, result->runs, out, options->fake ? " --fake" : "",
                 result->hash);
    return GN_SIM_PASS;
}

static int
command_shrink(int argc, char **argv)
{
    command_shrink_options options = {.out = NULL};
    gn_sim_shrink_settings settings = {.runs_max = SHRINK_RUNS, .limit_ms = SHRINK_LIMIT_MS};
    gn_sim_scenario *scenario;
    gn_sim_shrink_result result;
    const char *name = NULL;
    int code = GN_SIM_BAD_INPUT;

    if (!gn_sim_command_read(&gn_sim_command_shrink, argc, argv, &options, &name, NULL))
        return GN_SIM_BAD_INPUT;
    settings.fake = options.fake;
    if (options.runs.given)
        settings.runs_max = options.runs.value;
    if (options.limit.given)
        settings.limit_ms = options.limit.value / 1000 + 1;
    scenario = calloc(1, sizeof *scenario);
    GN_ASSERT(scenario != NULL);
    if (shrink_load(name, &options.overrides, scenario)) {
        if (gn_sim_shrink(&settings, scenario, &result))
            code = shrink_finish(&options, scenario, &result);
        else
            code = gn_sim_command_refuse("this does not fail:", name);
    }
    gn_sim_scenario_free(scenario);
    free(scenario);
    return code;
}

const gn_sim_command gn_sim_command_shrink = {
    .name = "shrink",
    .takes = "FILE|NAME|RUN",
    .operands_min = 1,
    .operands_max = 1,
    .help = "the smallest scenario that fails as this one does",
    .options = command_shrink_rows,
    .option_count = sizeof command_shrink_rows / sizeof command_shrink_rows[0],
    .run = command_shrink,
};
