/*
 * trace.h: the 64-bit hash of all that happens in a run, and the same as text.
 *
 * Two runs are the same exactly when their hashes are. Hashed is: the seed;
 * each step of each datagram with its time, hosts, route, addresses, mark and
 * fate, with all bytes at SENT and CORRUPTED, where they are new; each
 * endpoint event with all its fields and bytes, but for the clear payload of
 * packets, which the bytes on the wire stand for; each record but SENT and
 * RECEIVED, which are made only when somebody wants them. Text and other
 * sinks change nothing.
 *
 * The hash takes 8 bytes a step in four lanes, reads bytes in a fixed
 * order and so is the same on every machine. It finds differences; it does not
 * withstand somebody who makes collisions.
 */
#ifndef GN_SIM_TRACE_H
#define GN_SIM_TRACE_H

#include <stdint.h>
#include <stdio.h>

#include "sim/sink.h"

/* Lives in the caller's memory, and stays readable after the run. */
typedef struct gn_sim_trace {
    uint64_t lane[4];
    uint64_t blocks; /* of 32 bytes, hashed so far */
    FILE *text;      /* NULL: hash only */
    gn_sim_about about;
} gn_sim_trace;

/*
 * Starts a trace and makes *sink tell it. text_path is where one line an event
 * goes, or NULL. Returns NULL, or what went wrong (static).
 */
const char *gn_sim_trace_open(gn_sim_trace *trace, const char *text_path, gn_sim_sink *sink);

/* The hash of everything up to now. */
uint64_t gn_sim_trace_hash(const gn_sim_trace *trace);

#endif
