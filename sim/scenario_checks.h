/*
 * scenario_checks.h: what the tables of fields cannot say: which go together, and who is meant.
 */
#ifndef GN_SIM_SCENARIO_CHECKS_H
#define GN_SIM_SCENARIO_CHECKS_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/scenario.h"
#include "sim/scenario_reader.h"

/* The number of the route of that name; false: there is none. */
bool gn_sim_scenario_checks_route(const gn_sim_scenario *scenario, const char *name, uint16_t *out);

/* The routes whose links this one uses exist. */
void gn_sim_scenario_checks_via(gn_sim_scenario_reader *reader, const yaml_node_t *node,
                                const gn_sim_scenario *scenario,
                                const gn_sim_route_settings *route);

/* An event whose given fields are the bits of mask; fills in the numbers of its routes. */
void gn_sim_scenario_checks_event(gn_sim_scenario_reader *reader, const yaml_node_t *node,
                                  const gn_sim_scenario *scenario, gn_sim_happening *event,
                                  uint64_t mask);

/* Whether the row called name is in mask. */
bool gn_sim_scenario_checks_given(const gn_sim_keys *keys, uint64_t mask, const char *name);

/* Refuses what goes with the other host alone, and a first version that is not spoken. */
void gn_sim_scenario_checks_host(gn_sim_scenario_reader *reader, const yaml_node_t *node,
                                 size_t number, const gn_sim_host_settings *host);

#endif
