/*
 * command_exhaust.c: gnomon-sim exhaust: every fate of the first datagrams, or of ECN.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "recovery/ecn.h"
#include "sim/command_all.h"
#include "sim/exhaust.h"
#include "sim/exhaust_ecn.h"
#include "sim/units.h"

#define EXHAUST_LIMIT_MS 60000
#define EXHAUST_FIRST 12

typedef struct command_exhaust_options {
    gn_sim_command_number first;
    gn_sim_command_number jobs;
    gn_sim_command_number limit;
    gn_sim_command_texts overrides;
    bool drop;
    bool duplicate;
    bool delay;
    bool pairs;
    bool ecn;
    bool fake;
} command_exhaust_options;

#define AT(field) offsetof(command_exhaust_options, field)
/* clang-format off */
static const gn_sim_command_option command_exhaust_rows[] = {
    {"first", GN_SIM_COMMAND_COUNT, AT(first), 1, "K", "the first K datagrams (default: 12)"},
    {"drop", GN_SIM_COMMAND_FLAG, AT(drop), 0, NULL, "drop them; with no fate named, all three"},
    {"duplicate", GN_SIM_COMMAND_FLAG, AT(duplicate), 0, NULL, "send them twice"},
    {"delay", GN_SIM_COMMAND_FLAG, AT(delay), 0, NULL, "hold them back by script.delay_by"},
    {"pairs", GN_SIM_COMMAND_FLAG, AT(pairs), 0, NULL, "also each two of them"},
    {"ecn", GN_SIM_COMMAND_FLAG, AT(ecn), 0, NULL,
     "instead: every treatment of ECN before and after every kind of move"},
    {"override", GN_SIM_COMMAND_TEXTS, AT(overrides), 0, "PATH=VALUE", "set a field first"},
    {"jobs", GN_SIM_COMMAND_COUNT, AT(jobs), 1, "N", "worker processes (default: 1)"},
    {"limit", GN_SIM_COMMAND_TIME, AT(limit), 1, "T", "a run that takes longer has hung (60s)"},
    {"fake", GN_SIM_COMMAND_FLAG, AT(fake), 0, NULL,
     "stand-ins instead of TLS and packet protection: faster"},
};
/* clang-format on */
#undef AT

static bool
exhaust_is_single(const gn_sim_exhaust_case *one)
{
    return one->fate[1] == GN_SIM_SCRIPT_DELIVER;
}

static bool
exhaust_fails(const gn_sim_exhaust_result *result, size_t at)
{
    gn_sim_trial_failure failure;

    return gn_sim_trial_failed(&result->trials[at], &result->outcomes[at], &failure);
}

static void
exhaust_tell_delay(const gn_sim_exhaust_result *result, size_t at, char text[GN_SIM_UNITS_TEXT])
{
    const uint64_t delay_us = gn_sim_exhaust_delay_us(result, at);

    if (exhaust_fails(result, at))
        (void)snprintf(text, GN_SIM_UNITS_TEXT, "FAIL");
    else if (delay_us == UINT64_MAX)
        (void)snprintf(text, GN_SIM_UNITS_TEXT, "never");
    else
        gn_sim_units_show_duration(delay_us, text);
}

/* A line a datagram, a column a fate: how much later the workload was complete. */
static void
exhaust_tell_singles(const gn_sim_exhaust_result *result, uint32_t fates)
{
    char text[GN_SIM_UNITS_TEXT];

    (void)printf("%-10s", "datagram");
    for (unsigned fate = GN_SIM_SCRIPT_DROP; fate < GN_SIM_SCRIPT_FATES; fate++)
        if ((fates >> fate & 1) != 0)
            (void)printf(" %14s", gn_sim_script_word((gn_sim_script_fate)fate));
    for (size_t i = 0; i < result->count && exhaust_is_single(&result->cases[i]); i++) {
        if (i == 0 || result->cases[i].number[0] != result->cases[i - 1].number[0])
            (void)printf("\n#%-9" PRIu64, result->cases[i].number[0]);
        exhaust_tell_delay(result, i, text);
        (void)printf(" %14s", text);
    }
    (void)putchar('\n');
}

/* Of all pairs with these two fates: how many failed, and the worst of the others. */
static void
exhaust_tell_pair(const gn_sim_exhaust_result *result, unsigned a, unsigned b)
{
    char text[GN_SIM_UNITS_TEXT];
    uint64_t cases = 0;
    uint64_t failed = 0;
    size_t worst = SIZE_MAX;

    for (size_t i = 0; i < result->count; i++) {
        const gn_sim_exhaust_case *one = &result->cases[i];

        if (exhaust_is_single(one) || one->fate[0] != a || one->fate[1] != b)
            continue;
        cases++;
        if (exhaust_fails(result, i))
            failed++;
        else if (worst == SIZE_MAX ||
                 gn_sim_exhaust_delay_us(result, i) > gn_sim_exhaust_delay_us(result, worst))
            worst = i;
    }
    if (cases == 0)
        return;
    (void)printf("%-10s %-10s %6" PRIu64 " pairs, %" PRIu64 " failed",
                 gn_sim_script_word((gn_sim_script_fate)a),
                 gn_sim_script_word((gn_sim_script_fate)b), cases, failed);
    if (worst != SIZE_MAX) {
        exhaust_tell_delay(result, worst, text);
        (void)printf(", at most %s later (#%" PRIu64 " and #%" PRIu64 ")", text,
                     result->cases[worst].number[0], result->cases[worst].number[1]);
    }
    (void)putchar('\n');
}

static void
exhaust_tell_case(const gn_sim_exhaust_result *result, size_t at, const char *name, bool fake)
{
    const gn_sim_exhaust_case *one = &result->cases[at];
    char text[GN_SIM_CREW_SAID_BYTES];

    gn_sim_trial_tell(&result->trials[at], &result->outcomes[at], text, sizeof text);
    (void)printf("%s\n    gnomon-sim run %s%s", text, name, fake ? " --fake" : "");
    if (!exhaust_is_single(one) && one->fate[0] == one->fate[1])
        (void)printf(" --override 'script.%s=[%" PRIu64 ", %" PRIu64 "]'",
                     gn_sim_script_word(one->fate[0]), one->number[0], one->number[1]);
    else
        for (unsigned i = 0; i < 2 && one->fate[i] != GN_SIM_SCRIPT_DELIVER; i++)
            (void)printf(" --override script.%s=%" PRIu64, gn_sim_script_word(one->fate[i]),
                         one->number[i]);
    (void)putchar('\n');
}

static int
exhaust_tell(const gn_sim_exhaust_result *result, const char *name,
             const gn_sim_exhaust_settings *settings)
{
    uint64_t failed = 0;

    exhaust_tell_singles(result, settings->fates);
    for (unsigned a = GN_SIM_SCRIPT_DROP; a < GN_SIM_SCRIPT_FATES; a++)
        for (unsigned b = GN_SIM_SCRIPT_DROP; b < GN_SIM_SCRIPT_FATES; b++)
            exhaust_tell_pair(result, a, b);
    for (size_t i = 0; i < result->count; i++)
        if (exhaust_fails(result, i) && failed++ < 10)
            exhaust_tell_case(result, i, name, settings->fake);
    (void)printf("%zu runs, %" PRIu64 " failed\n", result->count, failed);
    return failed > 0 ? GN_SIM_FAIL : GN_SIM_PASS;
}

static int
exhaust_fates(const command_exhaust_options *options, const char *name)
{
    gn_sim_exhaust_settings settings = {
        .first = options->first.given ? options->first.value : EXHAUST_FIRST,
        .fates = (options->drop ? 1u << GN_SIM_SCRIPT_DROP : 0) |
                 (options->duplicate ? 1u << GN_SIM_SCRIPT_DUPLICATE : 0) |
                 (options->delay ? 1u << GN_SIM_SCRIPT_DELAY : 0),
        .pairs = options->pairs,
        .fake = options->fake,
        .jobs = options->jobs.given ? (unsigned)options->jobs.value : 1,
        .limit_ms = options->limit.given ? options->limit.value / 1000 + 1 : EXHAUST_LIMIT_MS};
    gn_sim_scenario *scenario;
    gn_sim_exhaust_result result;
    int code = GN_SIM_BAD_INPUT;

    if (settings.first > GN_SIM_EXHAUST_FIRST_MAX)
        return gn_sim_command_refuse("--first is at most 64", NULL);
    if (settings.fates == 0)
        settings.fates = (1u << GN_SIM_SCRIPT_FATES) - 1;
    scenario = calloc(1, sizeof *scenario);
    GN_ASSERT(scenario != NULL);
    if (gn_sim_command_load(name, &options->overrides, scenario)) {
        gn_sim_exhaust(&settings, scenario, &result);
        if (result.plain.verdict == GN_SIM_PASS)
            code = exhaust_tell(&result, name, &settings);
        else
            code = gn_sim_command_refuse("the undisturbed run fails:", result.plain.what);
        gn_sim_exhaust_free(&result);
    }
    gn_sim_scenario_free(scenario);
    free(scenario);
    return code;
}

static int
exhaust_ecn(const command_exhaust_options *options)
{
    static const char *const states[] = {"testing", "unknown", "capable", "failed"};
    gn_sim_exhaust_ecn_result *result = calloc(1, sizeof *result);
    uint64_t failed = 0;

    GN_ASSERT(result != NULL);
    gn_sim_exhaust_ecn(options->fake, options->jobs.given ? (unsigned)options->jobs.value : 1,
                       options->limit.given ? options->limit.value / 1000 + 1 : EXHAUST_LIMIT_MS,
                       result);
    (void)printf("%-9s %-9s %-8s %-8s %12s  %-8s %-8s\n", "before", "after", "move", "carried",
                 "finished", "client", "server");
    for (size_t i = 0; i < GN_SIM_EXHAUST_ECN_CASES; i++) {
        const gn_sim_exhaust_ecn_case *one = &result->cases[i];
        const gn_sim_trial *trial = &result->trials[i];
        const char *wrong = gn_sim_exhaust_ecn_judge(result, i);
        char finished[GN_SIM_UNITS_TEXT];

        failed += wrong != NULL ? 1 : 0;
        gn_sim_units_show_duration(trial->finished_us, finished);
        (void)printf("%-9s %-9s %-8s %-8s %12s  %-8s %-8s%s%s\n",
                     gn_sim_route_ecn_words[one->before], gn_sim_route_ecn_words[one->after],
                     gn_sim_exhaust_ecn_moves[one->move], gn_sim_exhaust_ecn_amounts[one->amount],
                     finished, states[trial->ecn_state[GN_SIM_CLIENT]],
                     states[trial->ecn_state[GN_SIM_SERVER]], wrong != NULL ? "  FAIL: " : "",
                     wrong != NULL ? wrong : "");
    }
    (void)printf("%d runs, %" PRIu64 " failed\n", GN_SIM_EXHAUST_ECN_CASES, failed);
    free(result);
    return failed > 0 ? GN_SIM_FAIL : GN_SIM_PASS;
}

static int
command_exhaust(int argc, char **argv)
{
    command_exhaust_options options = {.ecn = false};
    const char *name = NULL;
    size_t count = 0;

    if (!gn_sim_command_read(&gn_sim_command_exhaust, argc, argv, &options, &name, &count))
        return GN_SIM_BAD_INPUT;
    if (options.jobs.given && options.jobs.value > GN_SIM_CREW_WORKERS_MAX)
        return gn_sim_command_refuse("--jobs is at most 64", NULL);
    if (options.ecn == (count == 1))
        return gn_sim_command_refuse(options.ecn ? "--ecn takes no scenario, not"
                                                 : "exhaust needs a scenario or --ecn",
                                     name);
    return options.ecn ? exhaust_ecn(&options) : exhaust_fates(&options, name);
}

const gn_sim_command gn_sim_command_exhaust = {
    .name = "exhaust",
    .takes = "FILE|NAME, or --ecn",
    .operands_min = 0,
    .operands_max = 1,
    .help = "every fate of the first datagrams, or every treatment of ECN",
    .options = command_exhaust_rows,
    .option_count = sizeof command_exhaust_rows / sizeof command_exhaust_rows[0],
    .run = command_exhaust,
};
