/*
 * qlog_events.h: one event of an endpoint, or one record of a run, as qlog records.
 */
#ifndef GN_SIM_QLOG_EVENTS_H
#define GN_SIM_QLOG_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/qlog_metrics.h"
#include "sim/sink.h"

/* What one file has said so far, so that only changes are said again. All zero at the start. */
typedef struct gn_sim_qlog_events {
    gn_sim_qlog_metrics metrics;
    const char *state; /* of the connection; NULL: none said yet */
    uint16_t route;    /* of the last path that became active */
    bool has_route;
    uint8_t reserved[5];
} gn_sim_qlog_events;

/* Writes the first record: the header of the file. event is the first event, or NULL. */
void gn_sim_qlog_events_begin(const gn_sim_qlog_out *out, const gn_sim_about *about, uint32_t host,
                              const gn_event *event);

/* Writes what qlog has for this event, one record or several. */
void gn_sim_qlog_events_event(gn_sim_qlog_events *said, const gn_sim_qlog_out *out,
                              const gn_sim_about *about, uint16_t route, const gn_event *event);

/* Writes what qlog has for this record: a change of state, or an event of the scenario. */
void gn_sim_qlog_events_record(gn_sim_qlog_events *said, const gn_sim_qlog_out *out,
                               const gn_sim_record *record);

#endif
