/*
 * qlog_record.h: the envelope of a qlog record (RFC 7464; qlog main schema), in either profile.
 */
#ifndef GN_SIM_QLOG_RECORD_H
#define GN_SIM_QLOG_RECORD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/json.h"

/* RFC 7464 2.2: every text of a sequence stands between this byte and a line feed. */
#define GN_SIM_QLOG_RECORD_SEPARATOR 0x1e

/* Whose names the events and their members have. */
typedef enum gn_sim_qlog_profile {
    GN_SIM_QLOG_COMPAT, /* those of qlog 0.3, which viewers draw */
    GN_SIM_QLOG_13,     /* those of draft-ietf-quic-qlog-quic-events-13 */
    GN_SIM_QLOG_PROFILES
} gn_sim_qlog_profile;

/* A file and the names it is written in. */
typedef struct gn_sim_qlog_out {
    FILE *file;
    gn_sim_qlog_profile profile;
    uint32_t reserved;
} gn_sim_qlog_out;

typedef enum gn_sim_qlog_name {
    GN_SIM_QLOG_CLOSED,
    GN_SIM_QLOG_CONGESTION_STATE,
    GN_SIM_QLOG_CONNECTION_STATE,
    GN_SIM_QLOG_ECN_STATE,
    GN_SIM_QLOG_KEY_DISCARDED,
    GN_SIM_QLOG_KEY_UPDATED,
    GN_SIM_QLOG_MARKER,
    GN_SIM_QLOG_METRICS,
    GN_SIM_QLOG_MIGRATION_STATE,
    GN_SIM_QLOG_PACKET_BUFFERED,
    GN_SIM_QLOG_PACKET_DROPPED,
    GN_SIM_QLOG_PACKET_LOST,
    GN_SIM_QLOG_PACKET_RECEIVED,
    GN_SIM_QLOG_PACKET_SENT,
    GN_SIM_QLOG_PARAMETERS_SET,
    GN_SIM_QLOG_SCENARIO,
    GN_SIM_QLOG_TIMER,
    GN_SIM_QLOG_TUPLE_ASSIGNED,
    GN_SIM_QLOG_NAMES
} gn_sim_qlog_name;

/* "compat" or "quic-13"; false: neither. */
bool gn_sim_qlog_profile_named(const char *text, gn_sim_qlog_profile *profile);

/*
 * Begins a record with its time and name; the caller fills "data", which is open.
 * tuple: the path that the event belongs to, NULL for none; only quic-13 has a place for it.
 */
gn_sim_json gn_sim_qlog_record_open(const gn_sim_qlog_out *out, uint64_t at_us,
                                    gn_sim_qlog_name name, const char *tuple);

/* Closes all that is open and ends the record. */
void gn_sim_qlog_record_close(gn_sim_json *json);

#endif
