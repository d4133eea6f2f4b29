/*
 * network.c: see network.h.
 */
#include "sim/network.h"

#include <string.h>

#include "base/assert.h"

#define NETWORK_SERVER_PORT 443

static void
network_tell(gn_sim_network *network, const gn_sim_packet *packet, gn_sim_fate fate)
{
    if (network->watch.on_datagram == NULL)
        return;

    const gn_sim_nat *nat = &network->routes[packet->route].nat;
    const bool up = packet->from == GN_SIM_CLIENT;
    const gn_sim_datagram datagram = {
        .at_us = network->world->now_us,
        .number = packet->number,
        .bytes = packet->bytes,
        .len = packet->len,
        .source = up && fate == GN_SIM_FATE_SENT ? nat->inside : packet->source,
        .destination = !up && fate == GN_SIM_FATE_DELIVERED ? nat->inside : packet->destination,
        .from = packet->from,
        .to = packet->to,
        .route = packet->route,
        .ecn = packet->ecn,
        .fate = (uint8_t)fate,
    };

    network->watch.on_datagram(network->watch.context, &datagram);
}

static void
network_on_fate(void *context, const gn_sim_packet *packet, gn_sim_fate fate)
{
    network_tell(context, packet, fate);
}

void
gn_sim_network_init(gn_sim_network *network, gn_sim_world *world,
                    const gn_sim_route_settings *settings, uint32_t count, uint64_t seed,
                    gn_sim_network_watch watch)
{
    GN_ASSERT(count >= 1 && count <= GN_SIM_ROUTES_MAX);
    network->world = world;
    network->watch = watch;
    network->server = gn_sim_address_v4(203, 0, 113, 1, NETWORK_SERVER_PORT);
    network->datagrams = 0;
    network->route_count = count;
    gn_sim_packet_pool_init(&network->pool);
    for (uint32_t i = 0; i < count; i++)
        gn_sim_route_init(&network->routes[i], world, &network->pool, &settings[i], seed,
                          (uint8_t)i,
                          (gn_sim_link_watch){.context = network, .on_fate = network_on_fate});
}

void
gn_sim_network_free(gn_sim_network *network)
{
    gn_sim_packet_pool_free(&network->pool);
}

static void
network_send(gn_sim_network *network, gn_sim_packet *packet, gn_sim_direction direction)
{
    gn_sim_route *route = &network->routes[packet->route];
    gn_sim_link *link = &route->link[direction];
    bool dropped;

    packet->number = network->datagrams++;
    packet->sent_at_us = network->world->now_us;
    network_tell(network, packet, GN_SIM_FATE_SENT);
    packet->ecn = gn_sim_route_treat(route, packet->ecn, &dropped);
    if (dropped) {
        link->tally.offered++;
        link->tally.fates[GN_SIM_FATE_DROPPED_LOSS]++;
        network_tell(network, packet, GN_SIM_FATE_DROPPED_LOSS);
        gn_sim_packet_pool_give(&network->pool, packet);
        return;
    }
    gn_sim_link_send(link, packet);
}

void
gn_sim_network_send_up(gn_sim_network *network, uint16_t route, const uint8_t *bytes, size_t len,
                       uint8_t ecn)
{
    GN_ASSERT(route < network->route_count);
    gn_sim_packet *packet = gn_sim_packet_pool_take(&network->pool, len);

    memcpy(packet->bytes, bytes, len);
    packet->source = network->routes[route].nat.outside;
    packet->destination = network->server;
    packet->from = GN_SIM_CLIENT;
    packet->to = GN_SIM_SERVER;
    packet->route = route;
    packet->ecn = ecn;
    network_send(network, packet, GN_SIM_UP);
}

void
gn_sim_network_send_down(gn_sim_network *network, const gn_sim_address *to, const uint8_t *bytes,
                         size_t len, uint8_t ecn)
{
    gn_sim_packet *packet = gn_sim_packet_pool_take(&network->pool, len);

    memcpy(packet->bytes, bytes, len);
    packet->source = network->server;
    packet->destination = *to;
    packet->from = GN_SIM_SERVER;
    packet->to = GN_SIM_CLIENT;
    packet->route = gn_sim_network_route_of(network, to);
    packet->ecn = ecn;
    network_send(network, packet, GN_SIM_DOWN);
}

uint16_t
gn_sim_network_route_of(const gn_sim_network *network, const gn_sim_address *outside)
{
    /* The third byte of every client address is its route's number. */
    const uint16_t route = outside->ip[14];

    GN_ASSERT(route < network->route_count);
    return route;
}

bool
gn_sim_network_arrive(gn_sim_network *network, gn_sim_packet *packet)
{
    gn_sim_route *route = &network->routes[packet->route];
    const gn_sim_nat *nat = &route->nat;
    const bool down = packet->to == GN_SIM_CLIENT;

    if (!gn_sim_link_arrives(&route->link[down ? GN_SIM_DOWN : GN_SIM_UP], packet))
        return false;
    if (down && !gn_sim_nat_accepts(nat, &packet->destination, network->world->now_us)) {
        network_tell(network, packet, GN_SIM_FATE_DROPPED_NAT);
        gn_sim_packet_pool_give(&network->pool, packet);
        return false;
    }
    network_tell(network, packet, GN_SIM_FATE_DELIVERED);
    return true;
}

void
gn_sim_network_done(gn_sim_network *network, gn_sim_packet *packet)
{
    gn_sim_packet_pool_give(&network->pool, packet);
}
