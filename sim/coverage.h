/*
 * coverage.h: which events an endpoint met in which states.
 *
 * What an observer reports is cut into events (a frame sent, a frame read, a
 * packet dropped for a cause, lost, a probe timeout, a path's change, the
 * end) and followed as states along five lines: the connection, its latest path
 * change, recovery (phase and probe timeouts), ECN, streams. A pair is an
 * event while one of the lines was in one of its states, for client and server
 * apart. A run's pairs are a set of bits; what a new run adds to all before it is
 * what it is worth.
 */
#ifndef GN_SIM_COVERAGE_H
#define GN_SIM_COVERAGE_H

#include <stdint.h>

#include "sim/network.h"
#include "sim/sink.h"

#define GN_SIM_COVERAGE_STATES 32
#define GN_SIM_COVERAGE_EVENTS 128
#define GN_SIM_COVERAGE_BYTES (GN_SIM_HOSTS * GN_SIM_COVERAGE_STATES * GN_SIM_COVERAGE_EVENTS / 8)

/* The lines: where the states of each begin. */
enum {
    GN_SIM_COVERAGE_CONNECTION = 0, /* begun, handshake keys, 1-RTT keys, confirmed, closed */
    GN_SIM_COVERAGE_PATH = 5,       /* none, and gn_path_change */
    GN_SIM_COVERAGE_RECOVERY = 10,  /* phase of the controller times probe timeouts: 0, 1, more */
    GN_SIM_COVERAGE_ECN = 19,       /* gn_ecn_state */
    GN_SIM_COVERAGE_STREAMS = 23,   /* no data yet, data, an end */
    GN_SIM_COVERAGE_STATES_END = 26
};

typedef struct gn_sim_coverage_map {
    uint8_t bits[GN_SIM_COVERAGE_BYTES];
} gn_sim_coverage_map;

/* Where one host is on each line; numbers from 0. */
typedef struct gn_sim_coverage_host {
    uint8_t connection;
    uint8_t path;
    uint8_t recovery;
    uint8_t ecn;
    uint8_t streams;
    uint8_t phase; /* of the controller; with the probe timeouts it makes recovery */
    uint8_t ptos;
} gn_sim_coverage_host;

typedef struct gn_sim_coverage {
    gn_sim_coverage_map map;
    gn_sim_coverage_host host[GN_SIM_HOSTS];
} gn_sim_coverage;

/* Starts with nothing met, and makes *sink tell it. Lives in the caller's memory. */
void gn_sim_coverage_open(gn_sim_coverage *coverage, gn_sim_sink *sink);

/* Adds the pairs of one map to another; returns how many were new. */
uint32_t gn_sim_coverage_merge(gn_sim_coverage_map *into, const gn_sim_coverage_map *from);

uint32_t gn_sim_coverage_count(const gn_sim_coverage_map *map);

/* Pairs that a host met in one state. */
uint32_t gn_sim_coverage_in(const gn_sim_coverage_map *map, uint16_t host, uint32_t state);

#endif
