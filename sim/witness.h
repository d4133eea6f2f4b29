/*
 * witness.h: hears everything that happens in a run, and tells everybody who listens.
 *
 * The network, the hosts and the application report here. The witness keeps
 * the numbers, asks the oracles, makes records and passes all of it to the
 * sinks, in the order in which it happened.
 */
#ifndef GN_SIM_WITNESS_H
#define GN_SIM_WITNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/panel.h"
#include "sim/sink.h"
#include "sim/stats.h"
#include "sim/world.h"

typedef struct gn_sim_witness {
    const gn_sim_world *world;
    gn_sim_about about;
    gn_sim_stats stats;
    gn_sim_panel panel;
    gn_sim_sink sinks[GN_SIM_SINKS_MAX];
    size_t sink_count;
    gn_sim_record *records;
    size_t record_count;
    size_t record_cap;
    bool keeps_records;
    bool wants_packets;
} gn_sim_witness;

void gn_sim_witness_init(gn_sim_witness *witness, const gn_sim_world *world,
                         const gn_sim_scenario *scenario, const gn_suite_ops *ops,
                         const gn_sim_about *about, bool keep_records);
void gn_sim_witness_free(gn_sim_witness *witness);

/* Before the run begins; tells the sink what it is about. */
void gn_sim_witness_add(gn_sim_witness *witness, const gn_sim_sink *sink);

/* What network, hosts and application call; context is the witness. */
void gn_sim_witness_on_datagram(void *context, const gn_sim_datagram *datagram);
void gn_sim_witness_on_event(void *context, uint16_t host, uint16_t route, const gn_event *event);
void gn_sim_witness_on_change(void *context, uint16_t host, uint16_t route,
                              const gn_effect *effect);
void gn_sim_witness_on_progress(void *context, uint16_t host, uint64_t stream, uint64_t bytes);

/* The scenario's event took place on a route. */
/* The second connection begins (resume.h): what was seen of the first one's life is over. */
void gn_sim_witness_on_resume(gn_sim_witness *witness);

void gn_sim_witness_on_happening(gn_sim_witness *witness, uint16_t number, uint16_t route,
                                 bool refused);

/* Lets the sinks finish. NULL, or what went wrong with one of them. */
const char *gn_sim_witness_end(gn_sim_witness *witness);

#endif
