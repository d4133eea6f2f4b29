/*
 * host_acts.c: see host.h; what the scenario asks of a host, and what routers tell it.
 */
#include <string.h>

#include "sim/host.h"
#include "sim/icmp.h"

/* What its clock shows. */
static uint64_t
acts_now_us(const gn_sim_host *host)
{
    return host->world->now_us + host->clock_us;
}

gn_err
gn_sim_host_migrate(gn_sim_host *host, uint16_t route)
{
    const gn_sim_route_settings *settings = &host->network->routes[route].settings;
    gn_move move = {.size = sizeof move, .route = route, .reason = GN_MOVE_PREFERRED};

    if (settings->leads_to != GN_SIM_SERVER_PREFERRED)
        return gn_connection_migrate(host->endpoint, host->connection, route, acts_now_us(host));
    memcpy(move.host, gn_sim_network_server(host->network, route)->ip, sizeof move.host);
    return gn_connection_move(host->endpoint, host->connection, &move, acts_now_us(host));
}

gn_err
gn_sim_host_update_keys(gn_sim_host *host)
{
    return gn_connection_key_update(host->endpoint, host->connection, acts_now_us(host));
}

gn_err
gn_sim_host_abort(gn_sim_host *host, uint64_t code)
{
    static const char reason[] = "enough";

    return gn_connection_close(host->endpoint, host->connection, code, reason, sizeof reason - 1,
                               acts_now_us(host));
}

void
gn_sim_host_close(gn_sim_host *host)
{
    static const char reason[] = "done";

    if (gn_connection_close(host->endpoint, host->connection, 0, reason, sizeof reason - 1,
                            acts_now_us(host)) == GN_OK)
        gn_sim_host_settle(host);
}

/* The host's gn_route of the way that a message is about. False: it never heard of it. */
static bool
acts_route(const gn_sim_host *host, const gn_sim_packet *packet, const gn_sim_icmp *message,
           gn_route *route)
{
    if (host->number == GN_SIM_CLIENT) {
        *route = packet->route;
        return true;
    }
    for (size_t i = 0; i < host->heard_count; i++)
        if (gn_sim_address_equal(&host->heard[i], &message->destination)) {
            *route = i + 1;
            return true;
        }
    return false;
}

bool
gn_sim_host_on_too_big(gn_sim_host *host, const gn_sim_packet *packet)
{
    gn_path_mtu mtu = {.size = sizeof mtu};
    gn_sim_icmp message;

    if (!gn_sim_icmp_read(packet->bytes, packet->len, &message))
        return false;
    host->too_big++;
    if (message.mtu_bytes <= GN_SIM_OVERHEAD_BYTES ||
        !acts_route(host, packet, &message, &mtu.route))
        return false;
    mtu.max_datagram = message.mtu_bytes - GN_SIM_OVERHEAD_BYTES;
    mtu.quoted = message.quote;
    mtu.quoted_len = message.quote_len;
    if (gn_endpoint_path_mtu(host->endpoint, &mtu, acts_now_us(host)) != GN_OK)
        return false;
    host->believed++;
    return true;
}
