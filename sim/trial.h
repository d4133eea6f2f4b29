/*
 * trial.h: one scenario played for its verdict alone, quickly and many times.
 *
 * No report, no records, and oracles that look closely: what failed, the hash, and
 * which pairs of state and event were met. The hash is the one `gnomon-sim run` gives for
 * the same scenario. An outcome is plain bytes, so that a worker process can send it.
 */
#ifndef GN_SIM_TRIAL_H
#define GN_SIM_TRIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/coverage.h"
#include "sim/crew.h"
#include "sim/oracle.h"
#include "sim/run.h"
#include "sim/scenario.h"

#define GN_SIM_TRIAL_ORACLE_BYTES 64

typedef struct gn_sim_trial {
    uint32_t verdict;                 /* gn_sim_verdict */
    uint32_t ecn_state[GN_SIM_HOSTS]; /* gn_ecn_state at the end, as far as it was reported */
    uint64_t hash;
    uint64_t end_us;
    uint64_t confirmed_us; /* the handshake, at the client; GN_SIM_STATS_NONE: never */
    uint64_t finished_us;  /* when the workload was complete; 0: never */
    uint64_t gap_us;       /* longest pause in delivery */
    uint64_t datagrams;
    uint64_t events;
    uint64_t ptos;
    uint64_t lost;
    uint64_t ce_marks; /* that the client's or server's peer told of */
    /* The first oracle that was broken, and how; empty: none. */
    char oracle[GN_SIM_TRIAL_ORACLE_BYTES];
    char what[GN_SIM_ORACLE_WHAT_BYTES];
    gn_sim_coverage_map coverage;
} gn_sim_trial;

/*
 * Plays the scenario with its own seed. before, if not NULL, is called with the stage (a
 * gn_sim_stage) just before the first event.
 */
struct gn_sim_stage;
typedef void gn_sim_trial_before(void *context, struct gn_sim_stage *stage);
void gn_sim_trial_play(const gn_sim_scenario *scenario, bool fake, gn_sim_trial_before *before,
                       void *context, gn_sim_trial *trial);

/* How a trial failed, in a way that two failures can be compared; lost workers included. */
typedef struct gn_sim_trial_failure {
    gn_sim_crew_end end;
    uint32_t verdict;
    char what[GN_SIM_ORACLE_WHAT_BYTES]; /* the oracle's name, or what the worker said */
} gn_sim_trial_failure;

/* False: it did not fail. */
bool gn_sim_trial_failed(const gn_sim_trial *trial, const gn_sim_crew_outcome *outcome,
                         gn_sim_trial_failure *failure);

bool gn_sim_trial_same(const gn_sim_trial_failure *a, const gn_sim_trial_failure *b);

/* "FAIL: packet numbers used once: ...", one line for people. */
void gn_sim_trial_tell(const gn_sim_trial *trial, const gn_sim_crew_outcome *outcome, char *text,
                       size_t cap);

#endif
