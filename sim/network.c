/*
 * network.c: see network.h. The functions stand in the order of a datagram's journey.
 */
#include "sim/network.h"

#include <string.h>

#include "base/assert.h"
#include "sim/icmp.h"

#define NETWORK_SERVER_PORT 443

/* What is no datagram between the hosts, and is told to nobody. */
#define NETWORK_SILENT (GN_SIM_PACKET_CROSS | GN_SIM_PACKET_TOO_BIG)

static void
network_tell(gn_sim_network *network, const gn_sim_packet *packet, gn_sim_fate fate)
{
    if (network->watch.on_datagram == NULL || (packet->flags & NETWORK_SILENT) != 0)
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
network_drop(gn_sim_network *network, gn_sim_packet *packet, gn_sim_fate why)
{
    network_tell(network, packet, why);
    gn_sim_packet_pool_give(&network->pool, packet);
}

/* RFC 1191 4: the router that would not forward it tells the sender, the other way. */
static void
network_answer_too_big(gn_sim_network *network, const gn_sim_packet *packet)
{
    const gn_sim_route *route = &network->routes[packet->route];
    uint8_t bytes[GN_SIM_ICMP_BYTES_MAX];
    const gn_sim_icmp message = {
        .source = packet->source,
        .destination = packet->destination,
        .mtu_bytes = (uint32_t)gn_sim_network_link(network, packet)->settings.mtu_bytes,
        .packet_bytes = packet->len + GN_SIM_OVERHEAD_BYTES,
        .quote = packet->bytes,
        .quote_len = packet->len};

    if (route->settings.too_big == 0 || (packet->flags & NETWORK_SILENT) != 0)
        return;

    const size_t len = gn_sim_icmp_write(&message, bytes);
    gn_sim_packet *answer = gn_sim_packet_pool_take(&network->pool, len);

    memcpy(answer->bytes, bytes, len);
    answer->source = packet->destination; /* the router's own address would say nothing more */
    answer->destination = packet->source;
    answer->from = packet->to;
    answer->to = packet->from;
    answer->route = packet->route;
    answer->flags = GN_SIM_PACKET_TOO_BIG | GN_SIM_PACKET_RELEASED;
    network->too_big++;
    gn_sim_world_at(network->world, network->world->now_us, GN_SIM_CLASS_HELD, answer);
}

static void
network_on_fate(void *context, const gn_sim_packet *packet, gn_sim_fate fate)
{
    gn_sim_network *network = context;

    if ((packet->flags & GN_SIM_PACKET_CROSS) != 0) {
        gn_sim_cross_on_fate(&network->crosses[packet->flow], packet, fate);
        return;
    }
    network_tell(network, packet, fate);
    if (fate == GN_SIM_FATE_DROPPED_MTU)
        network_answer_too_big(network, packet);
}

static uint16_t
network_route_called(const gn_sim_network *network, const char *name)
{
    uint16_t route = 0;

    while (route < network->route_count && strcmp(network->routes[route].settings.name, name) != 0)
        route++;
    GN_ASSERT(route < network->route_count);
    return route;
}

static void
network_find_via(gn_sim_network *network, uint16_t route)
{
    for (unsigned i = 0; i < GN_SIM_DIRECTIONS; i++) {
        const char *name = network->routes[route].settings.via[i];

        network->via[route][i] = name[0] != '\0' ? network_route_called(network, name) : route;
    }
}

void
gn_sim_network_init(gn_sim_network *network, gn_sim_world *world,
                    const gn_sim_route_settings *settings, uint32_t count, uint64_t seed,
                    gn_sim_network_watch watch)
{
    GN_ASSERT(count >= 1 && count <= GN_SIM_ROUTES_MAX);
    network->world = world;
    network->watch = watch;
    for (uint8_t i = 0; i < GN_SIM_SERVER_ADDRESSES; i++)
        network->server[i] = gn_sim_address_v4(203, 0, 113, 1 + i, NETWORK_SERVER_PORT);
    network->datagrams = 0;
    network->route_count = count;
    gn_sim_packet_pool_init(&network->pool);
    for (uint32_t i = 0; i < count; i++)
        gn_sim_route_init(&network->routes[i], world, &network->pool, &settings[i], seed,
                          (uint8_t)i,
                          (gn_sim_link_watch){.context = network, .on_fate = network_on_fate});
    for (uint32_t i = 0; i < count; i++)
        network_find_via(network, (uint16_t)i);
}

void
gn_sim_network_free(gn_sim_network *network)
{
    gn_sim_packet_pool_free(&network->pool);
}

void
gn_sim_network_add_attacks(gn_sim_network *network, const gn_sim_attack_settings *settings,
                           uint32_t count, const gn_suite_ops *ops, uint64_t seed)
{
    GN_ASSERT(count <= GN_SIM_ATTACKERS_MAX);
    network->attack_count = count;
    for (uint32_t i = 0; i < count; i++)
        gn_sim_attack_init(&network->attacks[i], &settings[i], ops, seed, (uint8_t)i);
}

void
gn_sim_network_add_crosses(gn_sim_network *network, const gn_sim_cross_settings *settings,
                           uint32_t count, uint64_t seed)
{
    GN_ASSERT(count <= GN_SIM_CROSS_MAX);
    network->cross_count = count;
    for (uint32_t i = 0; i < count; i++) {
        gn_sim_route *route = &network->routes[settings[i].route];

        gn_sim_cross_init(&network->crosses[i], network->world, &network->pool,
                          &route->link[settings[i].direction], &settings[i], seed, (uint8_t)i);
    }
}

void
gn_sim_network_change(gn_sim_network *network, uint16_t route,
                      const gn_sim_route_settings *settings)
{
    gn_sim_route_change(&network->routes[route], settings);
    network_find_via(network, route);
}

/* 1. */
static void
network_send(gn_sim_network *network, gn_sim_packet *packet)
{
    const uint64_t leave_us = network->leave_us[packet->from];

    packet->number = network->datagrams++;
    packet->sent_at_us = network->world->now_us;
    network_tell(network, packet, GN_SIM_FATE_SENT);
    if (network->chooser.choose != NULL)
        network->chooser.choose(network->chooser.context, packet->number);
    if (leave_us > network->world->now_us)
        gn_sim_world_at(network->world, leave_us, GN_SIM_CLASS_HELD, packet);
    else
        gn_sim_network_release(network, packet);
}

void
gn_sim_network_send_up(gn_sim_network *network, uint16_t route, const uint8_t *bytes, size_t len,
                       uint8_t ecn)
{
    GN_ASSERT(route < network->route_count);
    gn_sim_packet *packet = gn_sim_packet_pool_take(&network->pool, len);

    memcpy(packet->bytes, bytes, len);
    packet->destination = *gn_sim_network_server(network, route);
    packet->from = GN_SIM_CLIENT;
    packet->to = GN_SIM_SERVER;
    packet->route = route;
    packet->ecn = ecn;
    network_send(network, packet);
}

void
gn_sim_network_send_down(gn_sim_network *network, const gn_sim_address *to, const uint8_t *bytes,
                         size_t len, uint8_t ecn)
{
    const uint16_t route = gn_sim_network_route_of(network, to);
    gn_sim_packet *packet = gn_sim_packet_pool_take(&network->pool, len);

    memcpy(packet->bytes, bytes, len);
    packet->destination = *to;
    packet->from = GN_SIM_SERVER;
    packet->to = GN_SIM_CLIENT;
    packet->route = route != GN_SIM_NO_ROUTE ? route : 0; /* a stranger is behind no route */
    packet->source = *gn_sim_network_server(network, packet->route);
    packet->ecn = ecn;
    network_send(network, packet);
}

const gn_sim_address *
gn_sim_network_server(const gn_sim_network *network, uint16_t route)
{
    return &network->server[network->routes[route].settings.leads_to];
}

uint16_t
gn_sim_network_route_of(const gn_sim_network *network, const gn_sim_address *outside)
{
    /* The third byte of every client address is its route's number. */
    const uint16_t route = outside->ip[14];

    if (route < network->route_count && gn_sim_route_owns(&network->routes[route], outside))
        return route;
    return GN_SIM_NO_ROUTE;
}

static gn_sim_direction
network_direction(const gn_sim_packet *packet)
{
    return packet->to == GN_SIM_SERVER ? GN_SIM_UP : GN_SIM_DOWN;
}

gn_sim_link *
gn_sim_network_link(gn_sim_network *network, const gn_sim_packet *packet)
{
    const gn_sim_direction direction = network_direction(packet);

    return &network->routes[network->via[packet->route][direction]].link[direction];
}

/* 2. False: nobody is behind that address. */
static bool
network_translate(gn_sim_network *network, gn_sim_packet *packet)
{
    gn_sim_route *route = &network->routes[packet->route];

    if (packet->from == GN_SIM_CLIENT) {
        packet->source = gn_sim_nat_outbound(&route->nat, network->world->now_us);
    } else if (!gn_sim_route_owns(route, &packet->destination)) {
        network_drop(network, packet, GN_SIM_FATE_DROPPED_NAT);
        return false;
    }
    return true;
}

/* 4. False: it does not go on now. */
static bool
network_pass(gn_sim_network *network, gn_sim_packet *packet)
{
    for (uint32_t i = 0; i < network->attack_count; i++)
        if (!gn_sim_attack_on_pass(&network->attacks[i], network, packet))
            return false;
    return true;
}

/* 5 and 6. */
static void
network_enter_link(gn_sim_network *network, gn_sim_packet *packet)
{
    const gn_sim_direction direction = network_direction(packet);
    gn_sim_route *route = &network->routes[network->via[packet->route][direction]];
    bool dropped;

    packet->ecn = gn_sim_route_treat(route, direction, packet->ecn, &dropped);
    if (dropped)
        network_drop(network, packet, GN_SIM_FATE_DROPPED_ECN);
    else
        gn_sim_link_send(&route->link[direction], packet);
}

/* Behind the script: at once, or as late as it says. */
static void
network_go_on(gn_sim_network *network, gn_sim_packet *packet, uint64_t delay_us)
{
    packet->flags |= GN_SIM_PACKET_SCRIPTED;
    if (delay_us != 0)
        gn_sim_world_at(network->world, network->world->now_us + delay_us, GN_SIM_CLASS_HELD,
                        packet);
    else if (network_pass(network, packet))
        network_enter_link(network, packet);
}

/* 3: what the script says about this very datagram. */
static void
network_play(gn_sim_network *network, gn_sim_packet *packet)
{
    const gn_sim_script_settings *script = network->script;
    const uint64_t number = packet->number;
    const bool delayed = gn_sim_script_names(&script->delay, number);
    const uint64_t delay_us = delayed ? script->delay_us : 0;

    if (gn_sim_script_names(&script->drop, number)) {
        gn_sim_link_tally *tally = &gn_sim_network_link(network, packet)->tally;

        tally->offered++;
        tally->fates[GN_SIM_FATE_DROPPED_LOSS]++;
        network_drop(network, packet, GN_SIM_FATE_DROPPED_LOSS);
        return;
    }
    if (gn_sim_script_names(&script->duplicate, number)) {
        gn_sim_packet *copy = gn_sim_packet_pool_copy(&network->pool, packet);

        copy->flags |= GN_SIM_PACKET_DUPLICATE;
        network_tell(network, copy, GN_SIM_FATE_DUPLICATED);
        network_go_on(network, copy, delay_us);
    }
    network_go_on(network, packet, delay_us);
}

void
gn_sim_network_release(gn_sim_network *network, gn_sim_packet *packet)
{
    if ((packet->flags & GN_SIM_PACKET_RELEASED) != 0) {
        if ((packet->flags & GN_SIM_PACKET_TOO_BIG) == 0)
            network->injected--;
        network_enter_link(network, packet);
    } else if ((packet->flags & GN_SIM_PACKET_SCRIPTED) != 0) {
        network_go_on(network, packet, 0);
    } else if (network_translate(network, packet)) {
        if (network->script != NULL)
            network_play(network, packet);
        else
            network_go_on(network, packet, 0);
    }
}

void
gn_sim_network_keep(gn_sim_network *network, gn_sim_packet *packet)
{
    network_drop(network, packet, GN_SIM_FATE_DROPPED_ATTACKER);
}

void
gn_sim_network_hold(gn_sim_network *network, gn_sim_packet *packet, uint64_t for_us)
{
    packet->flags |= GN_SIM_PACKET_RELEASED;
    network->injected++;
    gn_sim_world_at(network->world, network->world->now_us + for_us, GN_SIM_CLASS_HELD, packet);
}

void
gn_sim_network_modified(gn_sim_network *network, gn_sim_packet *packet)
{
    packet->flags |= GN_SIM_PACKET_CORRUPTED;
    network_tell(network, packet, GN_SIM_FATE_CORRUPTED);
}

void
gn_sim_network_inject(gn_sim_network *network, gn_sim_packet *packet, uint64_t after_us)
{
    packet->number = network->datagrams++;
    packet->sent_at_us = network->world->now_us;
    packet->flags |= GN_SIM_PACKET_INJECTED;
    network->injected++;
    network_tell(network, packet, GN_SIM_FATE_INJECTED);
    gn_sim_world_at(network->world, network->world->now_us + after_us, GN_SIM_CLASS_ARRIVAL,
                    packet);
}

/* 7. */
bool
gn_sim_network_arrive(gn_sim_network *network, gn_sim_packet *packet)
{
    if ((packet->flags & GN_SIM_PACKET_CROSS) != 0) {
        gn_sim_cross_on_arrival(&network->crosses[packet->flow], packet);
        return false;
    }
    const bool injected = (packet->flags & GN_SIM_PACKET_INJECTED) != 0;
    if (!injected && !gn_sim_link_arrives(gn_sim_network_link(network, packet), packet))
        return false;
    if (injected)
        network->injected--;
    if (packet->to == GN_SIM_CLIENT &&
        !gn_sim_nat_inbound(&network->routes[packet->route].nat, &packet->destination,
                            network->world->now_us)) {
        network_drop(network, packet, GN_SIM_FATE_DROPPED_NAT);
        return false;
    }
    return true;
}

/* 8. */
void
gn_sim_network_read(gn_sim_network *network, const gn_sim_packet *packet)
{
    network_tell(network, packet, GN_SIM_FATE_DELIVERED);
}

void
gn_sim_network_refuse(gn_sim_network *network, gn_sim_packet *packet)
{
    network_drop(network, packet, GN_SIM_FATE_DROPPED_HOST);
}

void
gn_sim_network_done(gn_sim_network *network, gn_sim_packet *packet)
{
    gn_sim_packet_pool_give(&network->pool, packet);
}

void
gn_sim_network_quiet(gn_sim_network *network)
{
    for (uint32_t i = 0; i < network->cross_count; i++)
        gn_sim_cross_stop(&network->crosses[i]);
}

void
gn_sim_network_disarm(gn_sim_network *network)
{
    for (uint32_t i = 0; i < network->attack_count; i++)
        gn_sim_attack_stop(&network->attacks[i]);
}
