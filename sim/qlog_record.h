/*
 * qlog_record.h: the envelope of a qlog record (RFC 7464; qlog main schema).
 */
#ifndef GN_SIM_QLOG_RECORD_H
#define GN_SIM_QLOG_RECORD_H

#include <stdint.h>
#include <stdio.h>

#include "sim/json.h"

/* RFC 7464 2.2: every text of a sequence stands between this byte and a line feed. */
#define GN_SIM_QLOG_RECORD_SEPARATOR 0x1e

/* Begins a record with its time and name; the caller fills "data", which is open. */
gn_sim_json gn_sim_qlog_record_open(FILE *out, uint64_t at_us, const char *name);

/* Closes all that is open and ends the record. */
void gn_sim_qlog_record_close(gn_sim_json *json);

#endif
