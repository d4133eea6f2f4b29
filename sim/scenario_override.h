/*
 * scenario_override.h: a field of a scenario set from outside its file.
 *
 * An override is "PATH=VALUE": routes.wifi.up.loss=5%, client.ecn=off,
 * events[0].at=3s, workload.bytes=1MB, routes.wifi.up.drop_nth=[1, 2]. It is
 * put into the document before anything is read, so what it says goes through
 * the same tables, bounds and messages as a line of the file. It may add a
 * field and the section that the field stands in, but neither a route nor an event. A
 * path through "both" stands for up and down.
 */
#ifndef GN_SIM_SCENARIO_OVERRIDE_H
#define GN_SIM_SCENARIO_OVERRIDE_H

#include <stddef.h>

#include "sim/scenario_reader.h"

/* Puts the reader's override of that number into its document, or refuses it. */
void gn_sim_scenario_override_apply(gn_sim_scenario_reader *reader, size_t number);

#endif
