/*
 * scenario_writer.h: a scenario as a file that reads back to the same scenario.
 *
 * What is at its default is left out, but for fields that are required, those
 * an event changes and those something is expected of. Everything follows the rows of
 * scenario_keys.h; a new row needs nothing here.
 */
#ifndef GN_SIM_SCENARIO_WRITER_H
#define GN_SIM_SCENARIO_WRITER_H

#include <stdbool.h>
#include <stdio.h>

#include "sim/scenario.h"

void gn_sim_scenario_write(FILE *out, const gn_sim_scenario *scenario);

/* The file's text, which the caller frees. */
char *gn_sim_scenario_write_text(const gn_sim_scenario *scenario);

/* Into a file, comment (without '#', one line; NULL: none) first. False: it cannot be written. */
bool gn_sim_scenario_save(const char *path, const gn_sim_scenario *scenario, const char *comment);

#endif
