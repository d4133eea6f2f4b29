/*
 * host_config.c: see host_config.h.
 */
#include "sim/host_config.h"

#include <string.h>

#include "sim/prng.h"
#include "sim/tls_settings.h"
#include "wire/version.h"

#define CONFIG_ALPN "gnomon-sim"
#define CONFIG_OTHER_ALPN "gnomon-sim-2"

/* Connections one host holds: the run's own, and room for those that are draining. */
#define CONFIG_CONNECTIONS 2

const char *const gn_sim_host_config_versions[] = {"v1", "v2", "v1-v2", "v2-v1", NULL};
#define CONFIG_BOTH_VERSIONS 2 /* of them */

/* The same, as the endpoint has them. */
static const uint32_t config_versions[][2] = {{GN_VERSION_1, 0},
                                              {GN_VERSION_2, 0},
                                              {GN_VERSION_1, GN_VERSION_2},
                                              {GN_VERSION_2, GN_VERSION_1}};

bool
gn_sim_host_config_speaks(uint64_t versions, uint32_t version)
{
    return strchr(gn_sim_host_config_versions[versions], (int)('0' + version)) != NULL;
}

void
gn_sim_host_config_mend(gn_sim_host_settings hosts[GN_SIM_HOSTS])
{
    gn_sim_host_settings *client = &hosts[GN_SIM_CLIENT];
    gn_sim_host_settings *server = &hosts[GN_SIM_SERVER];
    bool common = false;

    for (uint32_t version = 1; version <= 2; version++)
        common = common || (gn_sim_host_config_speaks(client->versions, version) &&
                            gn_sim_host_config_speaks(server->versions, version));
    if (!common)
        client->versions = CONFIG_BOTH_VERSIONS;
    if (!gn_sim_host_config_speaks(client->versions, (uint32_t)client->begin_with))
        client->begin_with = 0;
    server->begin_with = 0;
    server->version_probe = 0;
    client->prefers = 0;
    if (server->cid_bytes == 0)
        server->prefers = 0;
}

/* What resuming needs, and what is other about a server that began anew. */
static void
config_resume(gn_config *config, const gn_sim_resume_settings *resume, gn_sim_restart restart)
{
    static const uint8_t other_context[] = "other settings";

    if (resume->tickets == 0)
        return;
    config->session_tickets = (uint8_t)resume->tickets;
    if (config->role == GN_ROLE_CLIENT) {
        config->alpn = CONFIG_ALPN "," CONFIG_OTHER_ALPN;
        return;
    }
    config->allow_early_data = (uint8_t)resume->early_data;
    config->limits.early = (uint32_t)resume->hold;
    switch (restart) {
    case GN_SIM_RESTART_KEY: config->ticket_key[0] = 1; break;
    case GN_SIM_RESTART_LIMITS:
        config->initial_max_data /= 2;
        config->initial_max_stream_data_bidi_remote /= 2;
        break;
    case GN_SIM_RESTART_CONTEXT:
        config->application_context = other_context;
        config->application_context_len = sizeof other_context - 1;
        break;
    case GN_SIM_RESTART_PROTOCOL: config->alpn = CONFIG_OTHER_ALPN; break;
    case GN_SIM_RESTART_NO:
    case GN_SIM_RESTART_SAME:
    case GN_SIM_RESTARTS: break;
    }
}

/* TLS's part. texts live until the endpoint is made. */
static void
config_tls(gn_config *config, gn_sim_host *host, const gn_sim_tls_settings *given,
           gn_sim_tls_texts *texts)
{
    gn_sim_tls_settings usual;
    const gn_sim_tls_settings *own = given == NULL ? &usual : &given[host->number];
    bool others = false;

    gn_sim_tls_settings_default(&usual);
    for (unsigned i = 0; given != NULL && i < GN_SIM_HOSTS; i++)
        others = others || given[i].certificate != usual.certificate;
    gn_sim_tls_settings_apply(own, others, texts, config);
    memcpy(host->server_name, own->server_name, sizeof host->server_name);
}

/* A server that would rather be reached elsewhere (RFC 9000 9.6). */
static void
config_preferred(gn_config *config, const gn_sim_host_settings *settings,
                 const gn_sim_host_stage *stage)
{
    const gn_sim_address *address = &stage->network->server[GN_SIM_SERVER_PREFERRED];

    if (settings->prefers == 0 || config->role != GN_ROLE_SERVER)
        return;
    memcpy(config->preferred_ipv4, address->ip + sizeof address->ip - sizeof config->preferred_ipv4,
           sizeof config->preferred_ipv4);
    config->preferred_ipv4_port = address->port;
}

void
gn_sim_host_config_fill(gn_config *config, gn_sim_tls_texts *texts, gn_sim_host *host,
                        const gn_sim_host_settings *settings, const gn_sim_host_stage *stage,
                        gn_sim_restart restart)
{
    gn_sim_prng prng = gn_sim_prng_for(stage->seed, "host", host->number);

    gn_config_default(config, host->number == GN_SIM_CLIENT ? GN_ROLE_CLIENT : GN_ROLE_SERVER);
    gn_sim_prng_fill(&prng, config->seed, sizeof config->seed);
    config->unix_ms = stage->unix_ms - (int64_t)(settings->clock_us / 1000);
    gn_limits_default(&config->limits, CONFIG_CONNECTIONS);
    config->ecn = (uint8_t)settings->ecn;
    config->cc = (uint8_t)settings->congestion;
    config->cid_len = (uint8_t)settings->cid_bytes;
    config->max_idle_timeout_us = settings->idle_timeout_us;
    config->max_ack_delay_us = settings->max_ack_delay_us;
    config->ack_threshold = settings->ack_threshold;
    config->initial_max_data = settings->window_bytes;
    config->initial_max_stream_data_bidi_local = settings->stream_window_bytes;
    config->initial_max_stream_data_bidi_remote = settings->stream_window_bytes;
    config->initial_max_stream_data_uni = settings->stream_window_bytes;
    config->initial_max_streams_bidi = settings->streams;
    config->initial_max_streams_uni = settings->streams;
    config->active_connection_id_limit = settings->cid_limit;
    config->max_datagram_frame_size = settings->datagram_frame;
    config->rotate_ids_packets = settings->rotate_packets;
    config->rotate_ids_us = settings->rotate_after_us;
    config->skip_packets = (uint32_t)settings->skip_packets;
    config->spin_bit = (uint8_t)settings->spin;
    config->max_datagram_out = settings->max_datagram_bytes;
    config->send_buffer_bytes = settings->send_buffer_bytes;
    config->disable_active_migration = (uint8_t)settings->forbid_migration;
    config->retry_above = (uint32_t)settings->retry_above;
    config->new_tokens = (uint8_t)settings->new_tokens;
    config->allow_peer_migration = (uint8_t)settings->follow_peer;
    config->keep_alive_us = settings->keep_alive_us;
    config->key_update_packets = settings->key_update_packets;
    config->confidentiality_limit = settings->confidentiality_limit;
    config->integrity_limit = settings->integrity_limit;
    memset(config->versions, 0, sizeof config->versions);
    memcpy(config->versions, config_versions[settings->versions], sizeof config_versions[0]);
    config->reserved_version_probe = (uint8_t)settings->version_probe;
    config->grease_quic_bit = (uint8_t)settings->grease_bit;
    config_preferred(config, settings, stage);
    config->deliver_unordered = (uint8_t)settings->unordered;
    config->coalesce_us = settings->coalesce_us;
    config->suite_ops = stage->suite_ops;
    config->tls_ops = stage->tls_ops;
    config_tls(config, host, stage->tls, texts);
    config_resume(config, stage->resume, restart);
}
