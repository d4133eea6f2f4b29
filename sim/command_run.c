/*
 * command_run.c: gnomon-sim run: plays a scenario and reports.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/assert.h"
#include "sim/command_all.h"
#include "sim/qlog_record.h"
#include "sim/report.h"
#include "sim/run_scenario.h"
#include "sim/units.h"

typedef struct command_run_options {
    gn_sim_command_number seed;
    gn_sim_command_number repeat;
    gn_sim_command_texts overrides;
    bool twice;
    bool json;
    bool fake;
    const char *qlog_dir;
    const char *qlog_profile;
    gn_sim_qlog_profile profile; /* read from qlog_profile */
    const char *pcap_path;
    const char *csv_path;
    const char *trace_path;
} command_run_options;

#define AT(field) offsetof(command_run_options, field)
/* clang-format off */
static const gn_sim_command_option command_run_rows[] = {
    {"seed", GN_SIM_COMMAND_COUNT, AT(seed), 0, "N",
     "draw all chance from N instead of the scenario's seed"},
    {"twice", GN_SIM_COMMAND_FLAG, AT(twice), 0, NULL,
     "play it twice and compare the hashes of the two traces"},
    {"repeat", GN_SIM_COMMAND_COUNT, AT(repeat), 1, "K",
     "play it with K seeds, from the first one upwards, a line each"},
    {"override", GN_SIM_COMMAND_TEXTS, AT(overrides), 0, "PATH=VALUE",
     "set a field, such as routes.wifi.up.loss=5%; may be given again"},
    {"json", GN_SIM_COMMAND_FLAG, AT(json), 0, NULL, "print one JSON object instead of the report"},
    {"qlog", GN_SIM_COMMAND_TEXT, AT(qlog_dir), 0, "DIR",
     "write a qlog file for each end of each connection"},
    {"qlog-profile", GN_SIM_COMMAND_TEXT, AT(qlog_profile), 0, "compat|quic-13",
     "the names of events: those that viewers draw, or those of the draft"},
    {"pcap", GN_SIM_COMMAND_TEXT, AT(pcap_path), 0, "FILE",
     "write a packet capture with the keys in it"},
    {"csv", GN_SIM_COMMAND_TEXT, AT(csv_path), 0, "FILE", "write the series of records"},
    {"trace", GN_SIM_COMMAND_TEXT, AT(trace_path), 0, "FILE",
     "write one line for everything that happens"},
    {"fake", GN_SIM_COMMAND_FLAG, AT(fake), 0, NULL,
     "stand-ins instead of TLS and packet protection: faster"},
};
/* clang-format on */
#undef AT

static gn_sim_options
command_run_how(const command_run_options *options)
{
    return (gn_sim_options){.size = sizeof(gn_sim_options),
                            .seed = options->seed.value,
                            .has_seed = options->seed.given ? 1 : 0,
                            .fake_tls = options->fake ? 1 : 0,
                            .qlog_profile = (uint8_t)options->profile,
                            .qlog_dir = options->qlog_dir,
                            .pcap_path = options->pcap_path,
                            .csv_path = options->csv_path,
                            .trace_path = options->trace_path};
}

/* Says what went wrong before anything ran. */
static int
command_run_bad_input(const gn_sim_result *result)
{
    (void)fprintf(stderr, "%s\n", result->message);
    return (int)result->verdict;
}

/* Plays it again, without files to write, and compares. */
static int
command_run_again(const gn_sim_scenario *scenario, const command_run_options *options,
                  const gn_sim_result *first)
{
    const gn_sim_options again = {.size = sizeof again,
                                  .seed = options->seed.value,
                                  .has_seed = options->seed.given ? 1 : 0,
                                  .fake_tls = options->fake ? 1 : 0};
    FILE *out = options->json ? stderr : stdout;
    gn_sim_result second;
    int code = (int)first->verdict;

    gn_sim_run_scenario(scenario, &again, &second);
    if (second.hash == first->hash) {
        (void)fprintf(out, "same hash twice\n");
    } else {
        (void)fprintf(out, "different hashes: %016" PRIx64 " and %016" PRIx64 "\n", first->hash,
                      second.hash);
        code = GN_SIM_FAIL;
    }
    gn_sim_result_free(&second);
    return code;
}

static int
command_run_once(const gn_sim_scenario *scenario, const command_run_options *options)
{
    const gn_sim_options how = command_run_how(options);
    gn_sim_result result;
    int code;

    gn_sim_run_scenario(scenario, &how, &result);
    code = (int)result.verdict;
    if (result.verdict == GN_SIM_BAD_INPUT) {
        (void)command_run_bad_input(&result);
    } else {
        (void)fputs(options->json ? result.summary : result.report, stdout);
        if (options->json)
            (void)fputc('\n', stdout);
        if (options->twice)
            code = command_run_again(scenario, options, &result);
    }
    gn_sim_result_free(&result);
    return code;
}

static void
command_run_line(const gn_sim_result *result)
{
    char finished[GN_SIM_UNITS_TEXT];

    gn_sim_units_show_duration(result->finished_us, finished);
    (void)printf("seed %-12" PRIu64 " %-6s %12s  %8" PRIu64 " datagrams  lost %-6" PRIu64
                 " probe timeouts %-4" PRIu64 " %016" PRIx64 "%s%s\n",
                 result->seed, gn_sim_report_verdict((gn_sim_verdict)result->verdict), finished,
                 result->datagrams, result->packets_lost, result->ptos, result->hash,
                 result->message[0] != '\0' ? "  " : "", result->message);
}

/* Seeds one after the other; the first bad verdict is the exit code. */
static int
command_run_many(const gn_sim_scenario *scenario, const command_run_options *options)
{
    gn_sim_options how = command_run_how(options);
    int code = GN_SIM_PASS;

    for (uint64_t i = 0; i < options->repeat.value; i++) {
        gn_sim_result result;

        gn_sim_run_scenario(scenario, &how, &result);
        if (result.verdict == GN_SIM_BAD_INPUT) {
            code = command_run_bad_input(&result);
            gn_sim_result_free(&result);
            return code;
        }
        if (options->json)
            (void)puts(result.summary);
        else
            command_run_line(&result);
        if (code == GN_SIM_PASS)
            code = (int)result.verdict;
        how.seed = result.seed + 1;
        how.has_seed = 1;
        gn_sim_result_free(&result);
    }
    return code;
}

static int
command_run(int argc, char **argv)
{
    command_run_options options = {.repeat = {.given = false}};
    gn_sim_scenario *scenario;
    const char *name = NULL;
    int code = GN_SIM_BAD_INPUT;

    if (!gn_sim_command_read(&gn_sim_command_run, argc, argv, &options, &name, NULL))
        return GN_SIM_BAD_INPUT;
    if (options.qlog_profile != NULL &&
        !gn_sim_qlog_profile_named(options.qlog_profile, &options.profile))
        return gn_sim_command_refuse("--qlog-profile: compat or quic-13, not",
                                     options.qlog_profile);
    if (options.qlog_profile != NULL && options.qlog_dir == NULL)
        return gn_sim_command_refuse("--qlog-profile says nothing without --qlog", NULL);
    if (options.twice && options.repeat.given)
        return gn_sim_command_refuse("--twice and --repeat do not go together", NULL);
    scenario = calloc(1, sizeof *scenario);
    GN_ASSERT(scenario != NULL);
    if (gn_sim_command_load(name, &options.overrides, scenario))
        code = options.repeat.given ? command_run_many(scenario, &options)
                                    : command_run_once(scenario, &options);
    gn_sim_scenario_free(scenario);
    free(scenario);
    return code;
}

const gn_sim_command gn_sim_command_run = {
    .name = "run",
    .takes = "FILE|NAME",
    .operands_min = 1,
    .operands_max = 1,
    .help = "play a scenario and report",
    .options = command_run_rows,
    .option_count = sizeof command_run_rows / sizeof command_run_rows[0],
    .run = command_run,
};
