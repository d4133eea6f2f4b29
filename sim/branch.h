/*
 * branch.h: a run that is taken to a moment, and from there on in every way.
 *
 * The world is saved by fork: the process is the snapshot. At each of the next
 * datagrams it splits in four, one for each fate; every leaf plays on to the
 * end and reports, while the trunk waits. All of memory is copied when it is
 * written to, endpoints, network, oracles and, with real TLS, the library's heap too;
 * what lies outside (files being written, the wall clock) is not, so a branched
 * run writes no files. The copies see the same seed and the same virtual time, so
 * a leaf is the run that its script (script.h) would give from the beginning, hash and all.
 */
#ifndef GN_SIM_BRANCH_H
#define GN_SIM_BRANCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/scenario.h"
#include "sim/trial.h"

/* Datagrams that are branched at: 4^6 leaves. */
#define GN_SIM_BRANCH_NEXT_MAX 6

typedef struct gn_sim_branch_settings {
    uint64_t at_us; /* from this moment on */
    unsigned next;  /* so many datagrams; 1 to GN_SIM_BRANCH_NEXT_MAX */
    bool fake;
    unsigned limit_s; /* of wall clock, from the first branch to the last leaf; 0: none */
} gn_sim_branch_settings;

/* One leaf: the fates of the datagrams, as far as there were any. */
typedef struct gn_sim_branch_leaf {
    uint64_t first;                       /* number of the first datagram */
    uint8_t fate[GN_SIM_BRANCH_NEXT_MAX]; /* gn_sim_script_fate, from first on */
    uint8_t fates;                        /* that were decided */
    uint8_t lost; /* the process ended without a verdict, by this signal (0: it reported) */
    gn_sim_trial trial;
} gn_sim_branch_leaf;

/*
 * Plays all branches. Gives the leaves in order, deliver before drop before duplicate before
 * delay at each datagram; the caller frees them. scenario loses its expectations.
 */
gn_sim_branch_leaf *gn_sim_branch(const gn_sim_branch_settings *settings, gn_sim_scenario *scenario,
                                  size_t *count);

#endif
