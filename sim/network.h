/*
 * network.h: everything between the hosts: the routes, and the datagrams on them.
 *
 * One client, number 0, has an address on each route; one server, number 1,
 * has one address that all routes lead to. Whoever watches is told each step
 * of each datagram's fate.
 */
#ifndef GN_SIM_NETWORK_H
#define GN_SIM_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/packet_pool.h"
#include "sim/route.h"
#include "sim/sink.h"
#include "sim/world.h"

enum { GN_SIM_CLIENT = 0, GN_SIM_SERVER = 1, GN_SIM_HOSTS = 2 };

typedef struct gn_sim_network_watch {
    void *context;
    void (*on_datagram)(void *context, const gn_sim_datagram *datagram);
} gn_sim_network_watch;

typedef struct gn_sim_network {
    gn_sim_world *world;
    gn_sim_packet_pool pool;
    gn_sim_network_watch watch;
    gn_sim_address server;
    uint64_t datagrams; /* sent so far; the next one's number */
    uint32_t route_count;
    gn_sim_route routes[GN_SIM_ROUTES_MAX];
} gn_sim_network;

/* settings: count of them, 1 to GN_SIM_ROUTES_MAX. */
void gn_sim_network_init(gn_sim_network *network, gn_sim_world *world,
                         const gn_sim_route_settings *settings, uint32_t count, uint64_t seed,
                         gn_sim_network_watch watch);
void gn_sim_network_free(gn_sim_network *network);

/* The client sends by a route. The bytes are copied; len is at most 65,507. */
void gn_sim_network_send_up(gn_sim_network *network, uint16_t route, const uint8_t *bytes,
                            size_t len, uint8_t ecn);

/* The server sends to an address outside a client's NAT. */
void gn_sim_network_send_down(gn_sim_network *network, const gn_sim_address *to,
                              const uint8_t *bytes, size_t len, uint8_t ecn);

/* The route that an outside address belongs to. */
uint16_t gn_sim_network_route_of(const gn_sim_network *network, const gn_sim_address *outside);

/*
 * An ARRIVAL entry came up. True: the packet reached its host, which reads it
 * and then gives it to gn_sim_network_done. False: it is gone, as
 * nobody lives there, or it comes up again after a pause.
 */
bool gn_sim_network_arrive(gn_sim_network *network, gn_sim_packet *packet);
void gn_sim_network_done(gn_sim_network *network, gn_sim_packet *packet);

#endif
