/*
 * scenario_trace.h: the files that a scenario's links take their rate from.
 *
 * Each is read once, when the scenario is, and stays until it is freed; links
 * only look at it.
 */
#ifndef GN_SIM_SCENARIO_TRACE_H
#define GN_SIM_SCENARIO_TRACE_H

#include <stdint.h>

#include "sim/rate.h"
#include "sim/scenario_reader.h"

#define GN_SIM_TRACES_MAX 16

typedef struct gn_sim_scenario_trace {
    char path[GN_SIM_RATE_PATH_BYTES]; /* the whole path */
    gn_sim_opportunities *opportunities;
} gn_sim_scenario_trace;

typedef struct gn_sim_scenario_traces {
    uint64_t count;
    gn_sim_scenario_trace rows[GN_SIM_TRACES_MAX];
} gn_sim_scenario_traces;

/*
 * Gives the plan, which the mapping was read into, the trace it names, if any.
 * A relative path begins where the scenario's file lies; the plan then has the
 * whole path, so that what is written of the scenario reads back anywhere. What
 * is wrong is refused with the line of the trace.
 */
void gn_sim_scenario_trace_resolve(gn_sim_scenario_traces *traces, gn_sim_scenario_reader *reader,
                                   const yaml_node_t *mapping, gn_sim_rate_plan *plan);

/* Gives the plan the trace it names from those that were read before. */
void gn_sim_scenario_trace_find(const gn_sim_scenario_traces *traces, gn_sim_rate_plan *plan);

void gn_sim_scenario_trace_free(gn_sim_scenario_traces *traces);

#endif
