/*
 * scenario_others.h: the lists of a scenario that say who else is on the network.
 */
#ifndef GN_SIM_SCENARIO_OTHERS_H
#define GN_SIM_SCENARIO_OTHERS_H

#include "sim/scenario.h"
#include "sim/scenario_reader.h"

/* Read the lists into the scenario, whose routes are known by now. */
void gn_sim_scenario_others_attacks(gn_sim_scenario_reader *reader, const yaml_node_t *node,
                                    gn_sim_scenario *scenario);
void gn_sim_scenario_others_crosses(gn_sim_scenario_reader *reader, const yaml_node_t *node,
                                    gn_sim_scenario *scenario);

#endif
