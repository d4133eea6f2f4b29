/*
 * command_explore.c: gnomon-sim explore: everything drawn from a seed, for many seeds.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "sim/command_all.h"
#include "sim/explore.h"
#include "sim/json.h"

typedef struct command_explore_options {
    const char *seeds;
    const char *shard;
    const char *out;
    gn_sim_command_number jobs;
    gn_sim_command_number time;
    gn_sim_command_number limit;
    gn_sim_command_number mutants;
    gn_sim_command_texts overrides;
    bool fake;
    bool json;
} command_explore_options;

#define AT(field) offsetof(command_explore_options, field)
/* clang-format off */
static const gn_sim_command_option command_explore_rows[] = {
    {"seeds", GN_SIM_COMMAND_TEXT, AT(seeds), 0, "A..B",
     "the runs A to B; or one, such as 17 or the mutant 17~3 (default: 1..1000)"},
    {"jobs", GN_SIM_COMMAND_COUNT, AT(jobs), 1, "N", "worker processes (default: 1)"},
    {"shard", GN_SIM_COMMAND_TEXT, AT(shard), 0, "I/N", "only the Ith of N parts of the seeds"},
    {"time", GN_SIM_COMMAND_TIME, AT(time), 1, "T", "begin nothing new after so long"},
    {"limit", GN_SIM_COMMAND_TIME, AT(limit), 1, "T", "a run that takes longer has hung (60s)"},
    {"mutants", GN_SIM_COMMAND_COUNT, AT(mutants), 0, "M",
     "of each run that met something new (default: 4; 0: none)"},
    {"override", GN_SIM_COMMAND_TEXTS, AT(overrides), 0, "PATH=VALUE", "set a field in every run"},
    {"out", GN_SIM_COMMAND_TEXT, AT(out), 0, "DIR",
     "where failing scenarios are written (default: failures)"},
    {"fake", GN_SIM_COMMAND_FLAG, AT(fake), 0, NULL,
     "stand-ins instead of TLS and packet protection: faster"},
    {"json", GN_SIM_COMMAND_FLAG, AT(json), 0, NULL, "the result as one JSON object"},
};
/* clang-format on */
#undef AT

#define EXPLORE_LIMIT_MS 60000

/* "A..B" or the name of one run. */
static bool
explore_read_seeds(const char *text, gn_sim_explore_settings *settings)
{
    char first[GN_SIM_GENOME_TEXT];
    const char *dots = strstr(text, "..");
    gn_sim_genome last;
    const size_t len = dots != NULL ? (size_t)(dots - text) : strlen(text);

    if (len >= sizeof first)
        return false;
    memcpy(first, text, len);
    first[len] = '\0';
    if (!gn_sim_genome_read(first, &settings->first))
        return false;
    settings->last = settings->first.seed;
    if (dots == NULL || strcmp(dots + 2, first) == 0)
        return true;
    if (settings->first.depth != 0 || !gn_sim_genome_read(dots + 2, &last) || last.depth != 0 ||
        last.seed < settings->first.seed)
        return false;
    settings->last = last.seed;
    return true;
}

static bool
explore_read_shard(const char *text, gn_sim_explore_settings *settings)
{
    char *end = NULL;
    const unsigned long part = strtoul(text, &end, 10);
    unsigned long parts = 0;

    if (end == text || *end != '/')
        return false;
    text = end + 1;
    parts = strtoul(text, &end, 10);
    if (end == text || *end != '\0' || part < 1 || part > parts || parts > 1000000)
        return false;
    settings->shard = part - 1;
    settings->shards = parts;
    return true;
}

static bool
explore_is_one(const gn_sim_explore_settings *settings)
{
    return settings->last == settings->first.seed;
}

static void
explore_tell_failure(const gn_sim_explore_settings *settings, const gn_sim_explore_failure *failure)
{
    const char *fake = settings->fake ? " --fake" : "";
    char text[GN_SIM_GENOME_TEXT];

    gn_sim_genome_print(&failure->genome, text);
    (void)printf("run %s: %s\n    gnomon-sim explore --seeds %s%s", text, failure->what, text,
                 fake);
    for (size_t i = 0; settings->overrides != NULL && i < settings->overrides->count; i++)
        (void)printf(" --override '%s'", settings->overrides->texts[i]);
    if (failure->path[0] != '\0')
        (void)printf("\n    gnomon-sim run %s%s    # %016" PRIx64, failure->path, fake,
                     failure->hash);
    (void)putchar('\n');
}

static void
explore_tell(const gn_sim_explore_settings *settings, const gn_sim_explore_result *result)
{
    const uint64_t ms = result->elapsed_ms + 1;

    for (size_t i = 0; i < result->failure_count; i++)
        explore_tell_failure(settings, &result->failure[i]);
    if (result->failures > result->failure_count)
        (void)printf("and %" PRIu64 " more failures\n", result->failures - result->failure_count);
    (void)printf("%" PRIu64 " runs (%" PRIu64 " seeds, %" PRIu64 " mutants), %" PRIu64
                 " failed; %" PRIu64 " completed their workload\n",
                 result->runs, result->seeds, result->runs - result->seeds, result->failures,
                 result->finished);
    (void)printf("%" PRIu64 ".%" PRIu64 " s, %" PRIu64 " runs/s, %" PRIu64 " datagrams/s%s\n",
                 ms / 1000, ms / 100 % 10, result->runs * 1000 / ms, result->datagrams * 1000 / ms,
                 result->complete ? "" : "; ended by --time before the last seed");
    (void)printf("coverage: %" PRIu32 " pairs of state and event; %" PRIu64
                 " runs met new ones, run number %" PRIu64 " the last\n",
                 gn_sim_coverage_count(&result->coverage), result->finders, result->last_new);
    (void)printf("hash over all runs: %016" PRIx64 "\n", result->digest);
}

static void
explore_tell_json(const gn_sim_explore_result *result)
{
    gn_sim_json json = gn_sim_json_over(stdout);
    char text[GN_SIM_GENOME_TEXT];

    gn_sim_json_object(&json, NULL);
    gn_sim_json_uint(&json, "runs", result->runs);
    gn_sim_json_uint(&json, "seeds", result->seeds);
    gn_sim_json_uint(&json, "failures", result->failures);
    gn_sim_json_uint(&json, "finished", result->finished);
    gn_sim_json_uint(&json, "datagrams", result->datagrams);
    gn_sim_json_uint(&json, "elapsed_ms", result->elapsed_ms);
    gn_sim_json_uint(&json, "pairs", gn_sim_coverage_count(&result->coverage));
    gn_sim_json_bool(&json, "complete", result->complete);
    (void)snprintf(text, sizeof text, "%016" PRIx64, result->digest);
    gn_sim_json_string(&json, "hash", text);
    gn_sim_json_array(&json, "failing");
    for (size_t i = 0; i < result->failure_count; i++) {
        gn_sim_json_object(&json, NULL);
        gn_sim_genome_print(&result->failure[i].genome, text);
        gn_sim_json_string(&json, "run", text);
        gn_sim_json_string(&json, "what", result->failure[i].what);
        gn_sim_json_string(&json, "file", result->failure[i].path);
        (void)snprintf(text, sizeof text, "%016" PRIx64, result->failure[i].hash);
        gn_sim_json_string(&json, "hash", text);
        gn_sim_json_end(&json);
    }
    gn_sim_json_end(&json);
    gn_sim_json_end(&json);
    (void)putchar('\n');
}

static int
command_explore(int argc, char **argv)
{
    command_explore_options options = {.seeds = "1..1000", .shard = "1/1", .out = "failures"};
    gn_sim_explore_settings settings = {.jobs = 1, .mutants = 4, .limit_ms = EXPLORE_LIMIT_MS};
    gn_sim_overrides overrides;
    gn_sim_explore_result *result;
    int code;

    if (!gn_sim_command_read(&gn_sim_command_explore, argc, argv, &options, NULL, NULL))
        return GN_SIM_BAD_INPUT;
    if (!explore_read_seeds(options.seeds, &settings))
        return gn_sim_command_refuse("--seeds needs A..B or one run such as 17~3, not",
                                     options.seeds);
    if (!explore_read_shard(options.shard, &settings))
        return gn_sim_command_refuse("--shard needs I/N, I from 1 to N, not", options.shard);
    if (options.jobs.given && options.jobs.value > GN_SIM_CREW_WORKERS_MAX)
        return gn_sim_command_refuse("--jobs is at most 64", NULL);
    settings.jobs = options.jobs.given ? (unsigned)options.jobs.value : 1;
    settings.time_ms = options.time.value / 1000;
    if (options.limit.given)
        settings.limit_ms = options.limit.value / 1000 + 1;
    if (options.mutants.given || explore_is_one(&settings))
        settings.mutants = options.mutants.value;
    settings.fake = options.fake;
    settings.out = options.out;
    settings.progress = stderr;
    overrides =
        (gn_sim_overrides){.texts = options.overrides.text, .count = options.overrides.count};
    settings.overrides = overrides.count > 0 ? &overrides : NULL;
    result = malloc(sizeof *result);
    GN_ASSERT(result != NULL);
    gn_sim_explore(&settings, result);
    if (options.json)
        explore_tell_json(result);
    else
        explore_tell(&settings, result);
    code = result->failures > 0 ? GN_SIM_FAIL : GN_SIM_PASS;
    free(result);
    return code;
}

const gn_sim_command gn_sim_command_explore = {
    .name = "explore",
    .takes = "",
    .help = "runs of which everything is drawn from a seed",
    .options = command_explore_rows,
    .option_count = sizeof command_explore_rows / sizeof command_explore_rows[0],
    .run = command_explore,
};
