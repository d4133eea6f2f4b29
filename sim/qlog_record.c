/*
 * qlog_record.c: see qlog_record.h.
 */
#include "sim/qlog_record.h"

#include <string.h>

/* One row an event: its name in each profile. */
static const char *const record_names[GN_SIM_QLOG_NAMES][GN_SIM_QLOG_PROFILES] = {
    [GN_SIM_QLOG_CLOSED] = {"connectivity:connection_closed", "quic:connection_closed"},
    [GN_SIM_QLOG_CONGESTION_STATE] = {"recovery:congestion_state_updated",
                                      "quic:congestion_state_updated"},
    [GN_SIM_QLOG_CONNECTION_STATE] = {"connectivity:connection_state_updated",
                                      "quic:connection_state_updated"},
    [GN_SIM_QLOG_ECN_STATE] = {"recovery:ecn_state_updated", "quic:ecn_state_updated"},
    [GN_SIM_QLOG_KEY_DISCARDED] = {"security:key_discarded", "quic:key_discarded"},
    [GN_SIM_QLOG_KEY_UPDATED] = {"security:key_updated", "quic:key_updated"},
    [GN_SIM_QLOG_MARKER] = {"simulation:marker", "simulation:marker"},
    [GN_SIM_QLOG_METRICS] = {"recovery:metrics_updated", "quic:recovery_metrics_updated"},
    [GN_SIM_QLOG_MIGRATION_STATE] = {"connectivity:migration_state_updated",
                                     "quic:migration_state_updated"},
    [GN_SIM_QLOG_PACKET_BUFFERED] = {"transport:packet_buffered", "quic:packet_buffered"},
    [GN_SIM_QLOG_PACKET_DROPPED] = {"transport:packet_dropped", "quic:packet_dropped"},
    [GN_SIM_QLOG_PACKET_LOST] = {"recovery:packet_lost", "quic:packet_lost"},
    [GN_SIM_QLOG_PACKET_RECEIVED] = {"transport:packet_received", "quic:packet_received"},
    [GN_SIM_QLOG_PACKET_SENT] = {"transport:packet_sent", "quic:packet_sent"},
    [GN_SIM_QLOG_PARAMETERS_SET] = {"transport:parameters_set", "quic:parameters_set"},
    [GN_SIM_QLOG_SCENARIO] = {"simulation:scenario", "simulation:scenario"},
    [GN_SIM_QLOG_TIMER] = {"recovery:loss_timer_updated", "quic:timer_updated"},
    [GN_SIM_QLOG_TUPLE_ASSIGNED] = {"connectivity:path_assigned", "quic:tuple_assigned"},
};

bool
gn_sim_qlog_profile_named(const char *text, gn_sim_qlog_profile *profile)
{
    static const char *const names[GN_SIM_QLOG_PROFILES] = {"compat", "quic-13"};

    for (int i = 0; i < GN_SIM_QLOG_PROFILES; i++) {
        if (strcmp(text, names[i]) == 0) {
            *profile = (gn_sim_qlog_profile)i;
            return true;
        }
    }
    return false;
}

gn_sim_json
gn_sim_qlog_record_open(const gn_sim_qlog_out *out, uint64_t at_us, gn_sim_qlog_name name,
                        const char *tuple)
{
    gn_sim_json json = gn_sim_json_over(out->file);

    (void)fputc(GN_SIM_QLOG_RECORD_SEPARATOR, out->file);
    gn_sim_json_object(&json, NULL);
    gn_sim_json_ms(&json, "time", at_us);
    gn_sim_json_string(&json, "name", record_names[name][out->profile]);
    if (tuple != NULL && out->profile == GN_SIM_QLOG_13)
        gn_sim_json_string(&json, "tuple", tuple);
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
