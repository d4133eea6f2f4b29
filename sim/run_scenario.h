/*
 * run_scenario.h: a run (run.h) of a scenario in memory, for callers in C.
 */
#ifndef GN_SIM_RUN_SCENARIO_H
#define GN_SIM_RUN_SCENARIO_H

#include "sim/run.h"
#include "sim/scenario.h"

/* As gn_sim_run; the scenario is not changed. */
void gn_sim_run_scenario(const gn_sim_scenario *scenario, const gn_sim_options *options,
                         gn_sim_result *result);

#endif
