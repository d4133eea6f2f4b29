/*
 * bench_pair.c: see bench_pair.h.
 */
#include "tools/bench_pair.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "sim/certificates.h"

#define PAIR_ROUTE 1

gn_endpoint *
bench_pair_endpoint(gn_role role, uint32_t pairs)
{
    gn_config config;
    gn_endpoint *endpoint = NULL;

    gn_config_default(&config, role);
    gn_limits_default(&config.limits, pairs);
    config.limits.keys = 12 * pairs;
    memset(config.seed, role == GN_ROLE_CLIENT ? 1 : 2, sizeof config.seed);
    config.unix_ms = INT64_C(1767225600000);
    config.alpn = "bench";
    if (role == GN_ROLE_CLIENT) {
        config.ca_pem = gn_sim_certificates_ca;
        config.ca_pem_len = strlen(gn_sim_certificates_ca);
    } else {
        config.certificate_pem = gn_sim_certificates_server;
        config.certificate_pem_len = strlen(gn_sim_certificates_server);
        config.private_key_pem = gn_sim_certificates_server_key;
        config.private_key_pem_len = strlen(gn_sim_certificates_server_key);
    }

    const size_t bytes = gn_endpoint_size(&config.limits);
    const gn_err err = gn_endpoint_init(aligned_alloc(16, bytes), bytes, &config, &endpoint);

    GN_ASSERT(err == GN_OK);
    return endpoint;
}

void
bench_pair_connect(gn_endpoint *client, gn_time now)
{
    gn_connect connect;
    gn_connection connection = 0;

    gn_connect_default(&connect);
    connect.server_name = "server.example";
    connect.route = PAIR_ROUTE;

    const gn_err err = gn_endpoint_connect(client, &connect, now, &connection);

    GN_ASSERT(err == GN_OK);
}

/* Carries what one endpoint sends to the other; says whether there was anything. */
static bool
carry(gn_endpoint *from, gn_endpoint *to, gn_time now, uint32_t *confirmed)
{
    gn_effect effect = {.size = sizeof effect};
    bool any = false;

    while (gn_endpoint_next_effect(from, &effect)) {
        any = true;
        if (effect.kind == GN_EFFECT_STATE && effect.detail == GN_STATE_CONFIRMED)
            *confirmed += 1;
        if (effect.kind != GN_EFFECT_SEND)
            continue;

        const gn_datagram datagram = {
            .size = sizeof datagram, .bytes = effect.bytes, .len = effect.len, .route = PAIR_ROUTE};
        const gn_err err = gn_endpoint_receive(to, &datagram, now);

        GN_ASSERT(err == GN_OK);
    }
    return any;
}

gn_time
bench_pair_play(gn_endpoint *client, gn_endpoint *server, gn_time now, gn_time until,
                uint32_t *confirmed)
{
    for (;;) {
        const bool up = carry(client, server, now, confirmed);
        const bool down = carry(server, client, now, confirmed);

        if (up || down)
            continue;

        const gn_time next =
            gn_time_min(gn_endpoint_deadline(client), gn_endpoint_deadline(server));

        if (next > until)
            return now;
        now = next > now ? next : now;

        const gn_err first = gn_endpoint_timeout(client, now);
        const gn_err second = gn_endpoint_timeout(server, now);

        GN_ASSERT(first == GN_OK && second == GN_OK);
    }
}
