/*
 * report.h: what happened in a run, for people on one screen, and as JSON.
 */
#ifndef GN_SIM_REPORT_H
#define GN_SIM_REPORT_H

#include <stdint.h>
#include <stdio.h>

#include "sim/stage.h"

void gn_sim_report_write(FILE *out, const gn_sim_stage *stage, uint64_t hash);

/* One JSON object on one line. */
void gn_sim_report_write_json(FILE *out, const gn_sim_stage *stage, uint64_t hash);

/* "pass", "FAIL", ... */
const char *gn_sim_report_verdict(gn_sim_verdict verdict);

#endif
