/*
 * trace_text.h: a run as text, one line an event, made to be read and to be compared with diff.
 *
 *        0.000000 client wifi  c1 packet_sent initial pn 0, 1200 bytes: CRYPTO PADDING
 *        0.000000 client wifi  #0 sent 1200 bytes not-ect 10.0.0.2:50000 > 192.0.2.1:4433 ...
 *
 * Seconds of virtual time, host, route, then what the line is about: c for a
 * connection, # for a datagram. Nothing on a line depends on the lines before.
 */
#ifndef GN_SIM_TRACE_TEXT_H
#define GN_SIM_TRACE_TEXT_H

#include <stdint.h>
#include <stdio.h>

#include "sim/sink.h"

void gn_sim_trace_text_begin(FILE *out, const gn_sim_about *about);
void gn_sim_trace_text_datagram(FILE *out, const gn_sim_about *about,
                                const gn_sim_datagram *datagram);
void gn_sim_trace_text_event(FILE *out, const gn_sim_about *about, uint16_t host, uint16_t route,
                             const gn_event *event);
/* Only what no other line says: changes of state, progress of streams, events of the scenario. */
void gn_sim_trace_text_record(FILE *out, const gn_sim_about *about, const gn_sim_record *record);
void gn_sim_trace_text_end(FILE *out, uint64_t at_us, uint64_t hash);

#endif
