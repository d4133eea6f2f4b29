/*
 * shrink_state.h: a shrinking under way; for shrink.c and shrink_fields.c only.
 */
#ifndef GN_SIM_SHRINK_STATE_H
#define GN_SIM_SHRINK_STATE_H

#include "sim/shrink.h"

typedef struct gn_sim_shrink_state {
    const gn_sim_shrink_settings *settings;
    gn_sim_shrink_result *result;
    gn_sim_crew crew;
    gn_sim_scenario best;     /* the smallest so far */
    gn_sim_scenario next;     /* what is to be tried: best, changed */
    gn_sim_scenario standard; /* defaults */
    gn_sim_route_settings standard_route;
    gn_sim_trial trial; /* the latest one that failed the same way */
    gn_sim_crew_outcome outcome;
} gn_sim_shrink_state;

/* Plays next. True: it fails the same way, and is best from now on; else next is best again. */
bool gn_sim_shrink_state_try(gn_sim_shrink_state *state);

/* Goes over all fields of all tables once; true when something became smaller. */
bool gn_sim_shrink_fields(gn_sim_shrink_state *state);

#endif
