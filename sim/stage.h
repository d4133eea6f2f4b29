/*
 * stage.h: a scenario set up and played from its first event to its last.
 *
 *   1. gn_sim_stage_new makes world, network, hosts and witness
 *   2. gn_sim_witness_add for every sink that shall listen
 *   3. gn_sim_stage_play runs it; verdict and why then say how it went
 *   4. gn_sim_stage_free
 */
#ifndef GN_SIM_STAGE_H
#define GN_SIM_STAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "gnomon.h"
#include "sim/app.h"
#include "sim/host.h"
#include "sim/network.h"
#include "sim/run.h"
#include "sim/scenario.h"
#include "sim/witness.h"
#include "sim/world.h"

/* The wall clock at virtual time 0: the first second of 2026, UTC. */
#define GN_SIM_STAGE_UNIX_MS INT64_C(1767225600000)

/* Every so many inputs of a host its endpoint is made to check its own invariants. */
#define GN_SIM_STAGE_CHECK_EVERY 64

typedef struct gn_sim_stage {
    const gn_sim_scenario *scenario;
    uint64_t seed;
    gn_sim_world world;
    gn_sim_network network;
    gn_sim_app app;
    gn_sim_host hosts[GN_SIM_HOSTS];
    gn_sim_witness witness;
    gn_sim_host_stage lent;
    const char *host_names[GN_SIM_HOSTS];
    const char *route_names[GN_SIM_ROUTES_MAX];
    uint64_t acts[GN_SIM_EVENTS_MAX]; /* how often each event took place */
    uint64_t inputs;                  /* datagrams and timeouts given to endpoints */
    uint64_t check_every;             /* GN_SIM_STAGE_CHECK_EVERY, if nobody looks closely */
    gn_sim_verdict verdict;
    const char *why; /* how it ended when it did not end well (static), else NULL */
    bool said_goodbye;
    bool resumes; /* the second connection has its moment */
} gn_sim_stage;

/*
 * The scenario must outlive the stage. fake: stand-ins for TLS and packet
 * protection. *err says why there is none (NULL returned): an endpoint
 * refused its configuration.
 */
gn_sim_stage *gn_sim_stage_new(const gn_sim_scenario *scenario, uint64_t seed, bool fake,
                               bool keep_records, gn_err *err);
void gn_sim_stage_free(gn_sim_stage *stage);

/*
 * Before the run: endpoints check themselves at every input, every packet number is read
 * on the wire, and one in 8 datagrams is watched for changes should it be dropped. Slower,
 * and the same run.
 */
void gn_sim_stage_look_closely(gn_sim_stage *stage);

void gn_sim_stage_play(gn_sim_stage *stage);

#endif
