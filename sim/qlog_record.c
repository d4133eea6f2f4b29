/*
 * qlog_record.c: see qlog_record.h.
 */
#include "sim/qlog_record.h"

gn_sim_json
gn_sim_qlog_record_open(FILE *out, uint64_t at_us, const char *name)
{
    gn_sim_json json = gn_sim_json_over(out);

    (void)fputc(GN_SIM_QLOG_RECORD_SEPARATOR, out);
    gn_sim_json_object(&json, NULL);
    gn_sim_json_ms(&json, "time", at_us);
    gn_sim_json_string(&json, "name", name);
    gn_sim_json_object(&json, "data");
    return json;
}

void
gn_sim_qlog_record_close(gn_sim_json *json)
{
    while (json->depth > 0)
        gn_sim_json_end(json);
    (void)fputc('\n', json->out);
}
