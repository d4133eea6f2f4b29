/*
 * genes.h: a scenario drawn from a genome.
 *
 * Everything is drawn: routes, links, endpoints, workload, what happens when.
 * Which faults there may be at all is drawn first and the rest stays off, since
 * faults that always come together hide one another. Up to a drawn moment
 * anything may be wrong; then the network heals (heal.h), and within the time
 * limit, which follows from what was drawn, the workload must be complete and
 * both connections over. Where an endpoint may give up by itself, in the
 * handshake or after its idle timeout, ending is enough.
 */
#ifndef GN_SIM_GENES_H
#define GN_SIM_GENES_H

#include "sim/genome.h"
#include "sim/scenario.h"

/*
 * The scenario is what its own file (scenario_writer.h) reads back as, with overrides
 * (NULL: none). False: an override was refused, and message says why.
 */
bool gn_sim_genes_express(const gn_sim_genome *genome, const gn_sim_overrides *overrides,
                          gn_sim_scenario *scenario, char *message);

#endif
