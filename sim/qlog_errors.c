/*
 * qlog_errors.c: see qlog_errors.h.
 */
#include "sim/qlog_errors.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/fault.h"

enum { NAME_MAX_BYTES = 40 };

void
gn_sim_qlog_errors_transport(gn_sim_json *json, const char *key, uint64_t code)
{
    const bool crypto = code >= GN_FAULT_CRYPTO && code <= GN_FAULT_CRYPTO + 0xff;
    char name[NAME_MAX_BYTES] = "";

    if (crypto) {
        (void)snprintf(name, sizeof name, "crypto_error_0x%03" PRIx64, code);
    } else if (code <= GN_FAULT_VERSION_NEGOTIATION) {
        const char *from = gn_fault_name(code);

        for (size_t i = 0; from[i] != '\0' && i < sizeof name - 1; i++)
            name[i] = (char)(from[i] >= 'A' && from[i] <= 'Z' ? from[i] + ('a' - 'A') : from[i]);
    } else {
        gn_sim_qlog_errors_application(json, key, code);
        return;
    }
    gn_sim_json_string(json, key, name);
}

void
gn_sim_qlog_errors_application(gn_sim_json *json, const char *key, uint64_t code)
{
    gn_sim_json_string(json, key, "unknown");
    gn_sim_json_uint(json, "error_code", code);
}
