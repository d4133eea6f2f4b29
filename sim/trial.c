/*
 * trial.c: see trial.h.
 */
#include "sim/trial.h"

#include <stdio.h>
#include <string.h>

#include "gnomon.h"
#include "sim/report.h"
#include "sim/stage.h"
#include "sim/trace.h"

static void
trial_judge(const gn_sim_stage *stage, gn_sim_trial *trial)
{
    const gn_sim_panel *panel = &stage->witness.panel;

    trial->verdict = stage->verdict;
    if (stage->why != NULL)
        (void)snprintf(trial->what, sizeof trial->what, "%s", stage->why);
    for (size_t i = panel->count; i-- > 0;) {
        if (!panel->verdicts[i]->broken)
            continue;
        (void)snprintf(trial->oracle, sizeof trial->oracle, "%s", panel->verdicts[i]->name);
        (void)snprintf(trial->what, sizeof trial->what, "%s", panel->verdicts[i]->what);
    }
}

static void
trial_count(const gn_sim_stage *stage, gn_sim_trial *trial)
{
    const gn_sim_stats *stats = &stage->witness.stats;

    trial->end_us = stage->world.now_us;
    trial->finished_us = stage->app.done ? stage->app.done_us : 0;
    trial->confirmed_us = stats->host[GN_SIM_CLIENT].confirmed_us;
    trial->gap_us = stats->gap_us;
    trial->datagrams = stats->datagrams;
    trial->events = stage->world.events;
    for (unsigned i = 0; i < GN_SIM_HOSTS; i++) {
        trial->ptos += stats->host[i].ptos;
        trial->lost += stats->host[i].packets_lost;
        trial->ce_marks += stats->host[i].ce_marks;
    }
}

void
gn_sim_trial_play(const gn_sim_scenario *scenario, bool fake, gn_sim_trial_before *before,
                  void *context, gn_sim_trial *trial)
{
    gn_sim_coverage coverage;
    gn_sim_trace trace;
    gn_sim_sink sink = {0};
    gn_err err = GN_OK;
    gn_sim_stage *stage = gn_sim_stage_new(scenario, scenario->seed, fake, false, &err);

    memset(trial, 0, sizeof *trial);
    if (stage == NULL) {
        trial->verdict = GN_SIM_BAD_INPUT;
        (void)snprintf(trial->what, sizeof trial->what, "an endpoint refuses its configuration: %s",
                       gn_err_name(err));
        return;
    }
    (void)gn_sim_trace_open(&trace, NULL, &sink);
    gn_sim_witness_add(&stage->witness, &sink);
    gn_sim_coverage_open(&coverage, &sink);
    gn_sim_witness_add(&stage->witness, &sink);
    gn_sim_stage_look_closely(stage);
    if (before != NULL)
        before(context, stage);
    gn_sim_stage_play(stage);
    (void)gn_sim_witness_end(&stage->witness);
    trial->hash = gn_sim_trace_hash(&trace);
    trial->coverage = coverage.map;
    for (unsigned i = 0; i < GN_SIM_HOSTS; i++)
        trial->ecn_state[i] = coverage.host[i].ecn;
    trial_judge(stage, trial);
    trial_count(stage, trial);
    gn_sim_stage_free(stage);
}

bool
gn_sim_trial_failed(const gn_sim_trial *trial, const gn_sim_crew_outcome *outcome,
                    gn_sim_trial_failure *failure)
{
    memset(failure, 0, sizeof *failure);
    failure->end = outcome->end;
    if (outcome->end != GN_SIM_CREW_DONE) {
        gn_sim_crew_tell(outcome, failure->what, sizeof failure->what);
        return true;
    }
    failure->verdict = trial->verdict;
    (void)snprintf(failure->what, sizeof failure->what, "%s",
                   trial->oracle[0] != '\0' ? trial->oracle : trial->what);
    return trial->verdict != GN_SIM_PASS;
}

bool
gn_sim_trial_same(const gn_sim_trial_failure *a, const gn_sim_trial_failure *b)
{
    return a->end == b->end && a->verdict == b->verdict && strcmp(a->what, b->what) == 0;
}

void
gn_sim_trial_tell(const gn_sim_trial *trial, const gn_sim_crew_outcome *outcome, char *text,
                  size_t cap)
{
    if (outcome->end != GN_SIM_CREW_DONE)
        gn_sim_crew_tell(outcome, text, cap);
    else
        (void)snprintf(text, cap, "%s%s%s%s%s",
                       gn_sim_report_verdict((gn_sim_verdict)trial->verdict),
                       trial->oracle[0] != '\0' ? ": " : "", trial->oracle,
                       trial->what[0] != '\0' ? ": " : "", trial->what);
}
