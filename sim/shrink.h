/*
 * shrink.h: from a scenario that fails to the smallest one that fails the same way.
 *
 * One thing after the other is taken away or made smaller, and stays so when
 * the run still fails as it did: the same verdict by the same oracle, or the
 * same crash. Events go, in halves first; attackers and cross traffic, routes,
 * expectations, settings that are not at their default, what events change,
 * scripted fates; then numbers are halved and rounded, and the seed goes towards 0.
 * It ends when nothing more can go, or after a number of runs.
 *
 * What would make anything fail stays: an event that heals, and that no other
 * comes after it; the time limit of a run that stalls; the numbers of
 * expectations; when it is fine to end, and then idle timeouts and who follows whom.
 */
#ifndef GN_SIM_SHRINK_H
#define GN_SIM_SHRINK_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/scenario.h"
#include "sim/trial.h"

typedef struct gn_sim_shrink_settings {
    bool fake;
    uint64_t runs_max;
    uint64_t limit_ms; /* of wall clock, for one run */
} gn_sim_shrink_settings;

typedef struct gn_sim_shrink_result {
    gn_sim_trial_failure failure;
    uint64_t runs;
    uint64_t steps; /* things that went away or became smaller */
    uint64_t hash;  /* of the smallest one's run; 0: it is lost with its worker */
    char what[GN_SIM_CREW_SAID_BYTES];
} gn_sim_shrink_result;

/* Makes the scenario as small as it gets. False: it does not fail, and is as it was. */
bool gn_sim_shrink(const gn_sim_shrink_settings *settings, gn_sim_scenario *scenario,
                   gn_sim_shrink_result *result);

#endif
