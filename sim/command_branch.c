/*
 * command_branch.c: gnomon-sim branch: a run from a moment on in every way.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/assert.h"
#include "sim/branch.h"
#include "sim/command_all.h"
#include "sim/report.h"
#include "sim/units.h"

#define BRANCH_NEXT 3
#define BRANCH_LIMIT_S 600

typedef struct command_branch_options {
    gn_sim_command_number at;
    gn_sim_command_number next;
    gn_sim_command_number limit;
    gn_sim_command_texts overrides;
    bool fake;
} command_branch_options;

#define AT(field) offsetof(command_branch_options, field)
/* clang-format off */
static const gn_sim_command_option command_branch_rows[] = {
    {"at", GN_SIM_COMMAND_TIME, AT(at), 0, "T", "branch from this moment on (default: 0)"},
    {"next", GN_SIM_COMMAND_COUNT, AT(next), 1, "K", "at the next K datagrams (default: 3)"},
    {"override", GN_SIM_COMMAND_TEXTS, AT(overrides), 0, "PATH=VALUE", "set a field first"},
    {"limit", GN_SIM_COMMAND_TIME, AT(limit), 1000000, "T", "give up after so long (10min)"},
    {"fake", GN_SIM_COMMAND_FLAG, AT(fake), 0, NULL,
     "stand-ins instead of TLS and packet protection: faster"},
};
/* clang-format on */
#undef AT

static bool
branch_fails(const gn_sim_branch_leaf *leaf)
{
    return leaf->lost != 0 || leaf->trial.verdict != GN_SIM_PASS;
}

static void
branch_tell_leaf(const gn_sim_branch_leaf *leaf)
{
    char finished[GN_SIM_UNITS_TEXT];

    gn_sim_units_show_duration(leaf->trial.finished_us, finished);
    (void)printf("#%-6" PRIu64, leaf->first);
    for (unsigned i = 0; i < leaf->fates; i++)
        (void)printf(" %-9s", gn_sim_script_word((gn_sim_script_fate)leaf->fate[i]));
    if (leaf->lost == UINT8_MAX)
        (void)puts("  crashed");
    else if (leaf->lost != 0)
        (void)printf("  %s: signal %u\n", leaf->lost == 14 ? "hung" : "crashed", leaf->lost);
    else
        (void)printf("  %-6s %12s  %016" PRIx64 "%s%s%s%s\n",
                     gn_sim_report_verdict((gn_sim_verdict)leaf->trial.verdict), finished,
                     leaf->trial.hash, leaf->trial.what[0] != '\0' ? "  " : "", leaf->trial.oracle,
                     leaf->trial.oracle[0] != '\0' ? ": " : "", leaf->trial.what);
}

/* The table, and the leaf that took longest. */
static int
branch_tell(const gn_sim_branch_leaf *leaves, size_t count)
{
    uint64_t failed = 0;
    size_t slowest = 0;
    char finished[GN_SIM_UNITS_TEXT];

    for (size_t i = 0; i < count; i++) {
        branch_tell_leaf(&leaves[i]);
        failed += branch_fails(&leaves[i]) ? 1 : 0;
        if (leaves[i].trial.finished_us > leaves[slowest].trial.finished_us)
            slowest = i;
    }
    if (count == 0)
        return gn_sim_command_refuse("no run came to an end", NULL);
    gn_sim_units_show_duration(leaves[slowest].trial.finished_us, finished);
    (void)printf("%zu leaves, %" PRIu64 " failed; the slowest finished at %s:\n", count, failed,
                 finished);
    branch_tell_leaf(&leaves[slowest]);
    return failed > 0 ? GN_SIM_FAIL : GN_SIM_PASS;
}

static int
command_branch(int argc, char **argv)
{
    command_branch_options options = {.fake = false};
    gn_sim_branch_settings settings = {.next = BRANCH_NEXT, .limit_s = BRANCH_LIMIT_S};
    gn_sim_branch_leaf *leaves;
    gn_sim_scenario *scenario;
    const char *name = NULL;
    size_t count = 0;
    int code = GN_SIM_BAD_INPUT;

    if (!gn_sim_command_read(&gn_sim_command_branch, argc, argv, &options, &name, NULL))
        return GN_SIM_BAD_INPUT;
    if (options.next.given && options.next.value > GN_SIM_BRANCH_NEXT_MAX)
        return gn_sim_command_refuse("--next is at most 6: that is 4096 leaves", NULL);
    if (options.next.given)
        settings.next = (unsigned)options.next.value;
    if (options.limit.given)
        settings.limit_s = (unsigned)(options.limit.value / 1000000);
    settings.at_us = options.at.value;
    settings.fake = options.fake;
    scenario = calloc(1, sizeof *scenario);
    GN_ASSERT(scenario != NULL);
    if (gn_sim_command_load(name, &options.overrides, scenario)) {
        leaves = gn_sim_branch(&settings, scenario, &count);
        code = branch_tell(leaves, count);
        free(leaves);
    }
    gn_sim_scenario_free(scenario);
    free(scenario);
    return code;
}

const gn_sim_command gn_sim_command_branch = {
    .name = "branch",
    .takes = "FILE|NAME",
    .operands_min = 1,
    .operands_max = 1,
    .help = "a run from a moment on with every fate of the next datagrams",
    .options = command_branch_rows,
    .option_count = sizeof command_branch_rows / sizeof command_branch_rows[0],
    .run = command_branch,
};
