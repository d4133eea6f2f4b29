/*
 * branch.c: see branch.h.
 */
#include "sim/branch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/assert.h"
#include "sim/stage.h"

/* What a process of the tree knows: where it is, and the file that all append to. */
typedef struct branch_state {
    const gn_sim_branch_settings *settings;
    gn_sim_scenario *scenario;
    const gn_sim_stage *stage;
    gn_sim_branch_leaf leaf;
    int leaves; /* opened before the first fork: one position for all */
} branch_state;

static void
branch_report(const branch_state *state, const gn_sim_branch_leaf *leaf)
{
    const uint8_t *at = (const uint8_t *)leaf;
    size_t left = sizeof *leaf;

    while (left > 0) {
        const ssize_t put = write(state->leaves, at, left);

        GN_ASSERT(put > 0 || errno == EINTR);
        if (put > 0) {
            at += put;
            left -= (size_t)put;
        }
    }
}

/* A subtree that ended by a signal or a sanitizer stands as one leaf. */
static void
branch_wait(const branch_state *state, pid_t child, gn_sim_script_fate fate)
{
    gn_sim_branch_leaf leaf = state->leaf;
    int status = 0;

    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return;
    leaf.fate[leaf.fates++] = (uint8_t)fate;
    leaf.lost = WIFSIGNALED(status) ? (uint8_t)WTERMSIG(status) : UINT8_MAX;
    branch_report(state, &leaf);
}

static void
branch_take(branch_state *state, uint64_t number, gn_sim_script_fate fate)
{
    state->leaf.fate[state->leaf.fates++] = (uint8_t)fate;
    GN_ASSERT(gn_sim_script_set(&state->scenario->script, number, fate));
}

/*
 * A datagram is about to be sent. Children take the other fates, one after the
 * other, and come back here for the datagrams that follow; this process delivers it.
 */
static void
branch_choose(void *context, uint64_t number)
{
    branch_state *state = context;

    if (state->stage->world.now_us < state->settings->at_us ||
        state->leaf.fates == state->settings->next)
        return;
    if (state->leaf.fates == 0)
        state->leaf.first = number;
    for (unsigned fate = GN_SIM_SCRIPT_DROP; fate < GN_SIM_SCRIPT_FATES; fate++) {
        const pid_t child = fork();

        GN_ASSERT(child >= 0);
        if (child == 0) {
            if (state->settings->limit_s != 0)
                (void)alarm(state->settings->limit_s);
            branch_take(state, number, (gn_sim_script_fate)fate);
            return;
        }
        branch_wait(state, child, (gn_sim_script_fate)fate);
    }
    branch_take(state, number, GN_SIM_SCRIPT_DELIVER);
}

static void
branch_begin(void *context, gn_sim_stage *stage)
{
    branch_state *state = context;

    state->stage = stage;
    stage->network.chooser = (gn_sim_network_chooser){.context = state, .choose = branch_choose};
}

/* The trunk, in a process of its own; every process of the tree ends here. */
static void
branch_play(branch_state *state)
{
    if (state->settings->limit_s != 0)
        (void)alarm(state->settings->limit_s);
    gn_sim_trial_play(state->scenario, state->settings->fake, branch_begin, state,
                      &state->leaf.trial);
    branch_report(state, &state->leaf);
    _exit(0);
}

static int
branch_compare(const void *a, const void *b)
{
    const gn_sim_branch_leaf *left = a;
    const gn_sim_branch_leaf *right = b;

    return memcmp(left->fate, right->fate, sizeof left->fate);
}

static gn_sim_branch_leaf *
branch_collect(FILE *file, size_t *count)
{
    long bytes;
    gn_sim_branch_leaf *leaves;

    GN_ASSERT(fseek(file, 0, SEEK_END) == 0);
    bytes = ftell(file);
    GN_ASSERT(bytes >= 0);
    *count = (size_t)bytes / sizeof *leaves;
    leaves = calloc(*count + 1, sizeof *leaves);
    GN_ASSERT(leaves != NULL && fseek(file, 0, SEEK_SET) == 0);
    GN_ASSERT(fread(leaves, sizeof *leaves, *count, file) == *count);
    qsort(leaves, *count, sizeof *leaves, branch_compare);
    return leaves;
}

gn_sim_branch_leaf *
gn_sim_branch(const gn_sim_branch_settings *settings, gn_sim_scenario *scenario, size_t *count)
{
    FILE *file = tmpfile();
    branch_state *state = calloc(1, sizeof *state);
    gn_sim_branch_leaf *leaves;
    pid_t trunk;

    GN_ASSERT(file != NULL && state != NULL && settings->next <= GN_SIM_BRANCH_NEXT_MAX);
    scenario->expect = (gn_sim_expect){.keys = 0};
    *state = (branch_state){.settings = settings, .scenario = scenario, .leaves = fileno(file)};
    (void)fflush(NULL);
    trunk = fork();
    GN_ASSERT(trunk >= 0);
    if (trunk == 0)
        branch_play(state);

    branch_wait(state, trunk, GN_SIM_SCRIPT_DELIVER);
    leaves = branch_collect(file, count);
    (void)fclose(file);
    free(state);
    return leaves;
}
