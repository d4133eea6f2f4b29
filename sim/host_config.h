/*
 * host_config.h: the configuration of a host's endpoint, from what the scenario says.
 */
#ifndef GN_SIM_HOST_CONFIG_H
#define GN_SIM_HOST_CONFIG_H

#include "gnomon.h"
#include "sim/host.h"

/*
 * All but the observer. texts is what the configuration points to until the endpoint is made.
 * restart: how this endpoint differs from the one before it.
 */
void gn_sim_host_config_fill(gn_config *config, gn_sim_tls_texts *texts, gn_sim_host *host,
                             const gn_sim_host_settings *settings, const gn_sim_host_stage *stage,
                             gn_sim_restart restart);

/* "v1", "v2", "v1-v2", "v2-v1": by preference; up to a NULL. */
extern const char *const gn_sim_host_config_versions[];

/* Whether version 1 or 2 is in such a list, told by its place above. */
bool gn_sim_host_config_speaks(uint64_t versions, uint32_t version);

/* Makes settings that were drawn apart fit: without a version in common the client speaks both. */
void gn_sim_host_config_mend(gn_sim_host_settings hosts[GN_SIM_HOSTS]);

#endif
