/*
 * qlog_errors.h: error codes by the names of qlog quic-13.
 */
#ifndef GN_SIM_QLOG_ERRORS_H
#define GN_SIM_QLOG_ERRORS_H

#include <stdint.h>

#include "sim/json.h"

/*
 * Writes a member with the name of a transport error (RFC 9000 20.1): "no_error",
 * "crypto_error_0x12a"; "unknown" and a member error_code where there is no name.
 */
void gn_sim_qlog_errors_transport(gn_sim_json *json, const char *key, uint64_t code);

/* The same for an application's error, whose names only the application knows. */
void gn_sim_qlog_errors_application(gn_sim_json *json, const char *key, uint64_t code);

#endif
