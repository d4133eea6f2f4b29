/*
 * sink.h: who listens to a run: traces, qlog, captures, tables, oracles.
 *
 * A run tells every registered sink all that happens, in the order in which it
 * happens. A sink only watches: it cannot change the run, so the same run with
 * other sinks has the same trace.
 */
#ifndef GN_SIM_SINK_H
#define GN_SIM_SINK_H

#include <stddef.h>
#include <stdint.h>

#include "gnomon.h"
#include "sim/address.h"
#include "sim/fate.h"
#include "sim/run.h"

#define GN_SIM_SINKS_MAX 6

/* What a run is about, told before anything happens. Strings live as long as the run. */
typedef struct gn_sim_about {
    const char *scenario;
    uint64_t seed;
    int64_t unix_ms; /* the wall clock at virtual time 0 */
    uint32_t host_count;
    uint32_t route_count;
    const char *const *host_names;  /* "client", "server" */
    const char *const *route_names; /* as in the scenario file */
} gn_sim_about;

/*
 * A datagram and one step of its fate. The addresses are the ones a capture at
 * that place would show: at SENT those on the sender's wire, later those
 * behind the NAT. bytes live for the call.
 */
typedef struct gn_sim_datagram {
    uint64_t at_us;
    uint64_t number; /* counts the datagrams of a run from 0; a duplicate keeps its number */
    const uint8_t *bytes;
    size_t len;
    gn_sim_address source;
    gn_sim_address destination;
    uint16_t from;  /* the host that sent it */
    uint16_t to;    /* the host it goes to */
    uint16_t route; /* the scenario's route */
    uint8_t ecn;    /* gn_ecn_mark, as it is now */
    uint8_t fate;   /* gn_sim_fate */
} gn_sim_datagram;

/*
 * Any function may be NULL. on_record: SENT and RECEIVED records are made only
 * when some sink sets wants_packets (they cost a walk over the frames), so a
 * sink that must not depend on the others, such as the trace hash, ignores
 * those two kinds.
 */
typedef struct gn_sim_sink {
    void *context;
    void (*on_begin)(void *context, const gn_sim_about *about);
    void (*on_datagram)(void *context, const gn_sim_datagram *datagram);
    /* route: the scenario's route that event->route stands for at that host; 0xffff: none. */
    void (*on_event)(void *context, uint16_t host, uint16_t route, const gn_event *event);
    void (*on_record)(void *context, const gn_sim_record *record);
    /* The run is over: write what is left, free context. NULL, or what went wrong (static). */
    const char *(*on_end)(void *context, uint64_t at_us);
    uint8_t wants_packets;
    uint8_t reserved[7];
} gn_sim_sink;

#endif
