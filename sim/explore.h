/*
 * explore.h: many runs, each drawn from a seed, by worker processes.
 *
 * Runs go in batches of a fixed size. What a batch found is judged in the order
 * of its runs, whichever worker was first: a run that met a pair of state and
 * event that no run before it had met leaves mutants, which go first in the
 * next batch. So which runs there are follows from the seeds alone, however many workers
 * there are; a time limit only says after which batch it ends.
 */
#ifndef GN_SIM_EXPLORE_H
#define GN_SIM_EXPLORE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/coverage.h"
#include "sim/genome.h"
#include "sim/trial.h"

#define GN_SIM_EXPLORE_BATCH 256

/* Failures that are kept whole; more are only counted. */
#define GN_SIM_EXPLORE_FAILURES_MAX 64

typedef struct gn_sim_explore_settings {
    gn_sim_genome first; /* the first run; when last is below its seed, the only one */
    uint64_t last;       /* seed of the last one */
    uint64_t shard;      /* from 0: only seeds first + shard, first + shard + shards, ... */
    uint64_t shards;
    uint64_t mutants;  /* of each run that found something new */
    uint64_t time_ms;  /* of wall clock; 0: no limit */
    uint64_t limit_ms; /* of wall clock, for one run; 0: none */
    unsigned jobs;
    bool fake;
    const gn_sim_overrides *overrides;
    const char *out; /* the directory that failing scenarios are written to */
    FILE *progress;  /* NULL: none */
} gn_sim_explore_settings;

typedef struct gn_sim_explore_failure {
    gn_sim_genome genome;
    uint64_t hash; /* 0 when the worker was lost */
    char what[GN_SIM_CREW_SAID_BYTES];
    char path[256]; /* of its scenario; empty: it could not be written */
} gn_sim_explore_failure;

typedef struct gn_sim_explore_result {
    uint64_t runs;
    uint64_t seeds; /* runs that were no mutants */
    uint64_t failures;
    uint64_t datagrams;
    uint64_t finished; /* runs that completed their workload */
    uint64_t virtual_us;
    uint64_t elapsed_ms;
    uint64_t finders;  /* runs that met something new */
    uint64_t last_new; /* the number of the last of them, from 1 */
    uint64_t digest;   /* over the hashes of all runs, in order */
    bool complete;     /* no time limit ended it */
    gn_sim_coverage_map coverage;
    size_t failure_count;
    gn_sim_explore_failure failure[GN_SIM_EXPLORE_FAILURES_MAX];
} gn_sim_explore_result;

void gn_sim_explore(const gn_sim_explore_settings *settings, gn_sim_explore_result *result);

#endif
