/*
 * words.h: the names of what happens in a run, shared by everything that writes text.
 *
 * All strings are static; "?" stands for a number that means nothing.
 */
#ifndef GN_SIM_WORDS_H
#define GN_SIM_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/sink.h"

const char *gn_sim_words_record(uint32_t kind); /* gn_sim_record_kind: "sent" */
const char *gn_sim_words_event(uint32_t kind);  /* gn_event_kind: "packet_sent" */
const char *gn_sim_words_packet(uint32_t kind); /* gn_event_packet: "initial" */
const char *gn_sim_words_space(uint64_t space); /* "initial", "handshake", "application" */
const char *gn_sim_words_mark(uint32_t mark);   /* the ECN field: "ect0" */
const char *gn_sim_words_path(uint64_t change); /* gn_path_change: "probing" */
const char *gn_sim_words_state(uint64_t state); /* as in GN_SIM_STATE: "ready", "idle" */
const char *gn_sim_words_close(uint64_t cause); /* gn_close_cause: "peer_application" */
const char *gn_sim_words_drop(uint64_t cause);  /* gn_drop_cause: "auth" */
const char *gn_sim_words_lost(uint64_t cause);  /* of PACKET_LOST: "time" */
const char *gn_sim_words_host(const gn_sim_about *about, uint32_t host);
/* gn_ecn_state: "testing", "unknown", "capable", "failed"; up to a NULL. */
extern const char *const gn_sim_words_ecn_states[];
/* gn_zero_rtt: "accepted"; up to a NULL. */
extern const char *const gn_sim_words_zero_rtt[];

/* Why a connection ended, by gn_close_cause, and then a NULL: for scenarios. */
extern const char *const gn_sim_words_ends[];
/* "-" for a route that the scenario does not know. */
const char *gn_sim_words_route(const gn_sim_about *about, uint32_t route);
/* Whether the host is one that listens: its name begins with "server". */
bool gn_sim_words_is_server(const gn_sim_about *about, uint32_t host);

#endif
