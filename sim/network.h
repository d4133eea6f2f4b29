/*
 * network.h: everything between the hosts: the routes, and the datagrams on them.
 *
 * One client, number 0, has an address on each route; one server, number 1,
 * has two addresses, and each route leads to one of them. Whoever watches is told each step
 * of each datagram's fate. A datagram's journey:
 *
 *   1. sent       the sender's CPU lets it go
 *   2. NAT        upwards: the binding's address; one that expired is replaced
 *   3. script     dropped, sent twice or held back, when the scenario names its number
 *   4. attackers  on its route and direction, in the scenario's order
 *   5. ECN        pass, bleach, re-mark or drop, as the route whose link it takes says
 *   6. link       see link.h; for an MTU that is too small perhaps an ICMP message back
 *   7. NAT        downwards: is there a binding?
 *   8. the host   its receive queue, then its endpoint
 */
#ifndef GN_SIM_NETWORK_H
#define GN_SIM_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/attack.h"
#include "sim/cross.h"
#include "sim/packet_pool.h"
#include "sim/route.h"
#include "sim/script.h"
#include "sim/sink.h"
#include "sim/world.h"

enum { GN_SIM_CLIENT = 0, GN_SIM_SERVER = 1, GN_SIM_HOSTS = 2 };

/* No route of the scenario. */
#define GN_SIM_NO_ROUTE 0xffff

typedef struct gn_sim_network_watch {
    void *context;
    void (*on_datagram)(void *context, const gn_sim_datagram *datagram);
} gn_sim_network_watch;

/* Asked about each datagram before the script is read, which it may change until then. */
typedef struct gn_sim_network_chooser {
    void *context;
    void (*choose)(void *context, uint64_t number);
} gn_sim_network_chooser;

typedef struct gn_sim_network {
    gn_sim_world *world;
    gn_sim_packet_pool pool;
    gn_sim_network_watch watch;
    gn_sim_network_chooser chooser;
    const gn_sim_script_settings *script; /* NULL: none */
    gn_sim_address server[GN_SIM_SERVER_ADDRESSES];
    uint64_t datagrams; /* sent so far; the next one's number */
    uint64_t injected;  /* attackers' packets under way, and datagrams that they hold */
    uint64_t too_big;   /* ICMP messages that routers sent */
    uint64_t leave_us[GN_SIM_HOSTS]; /* what a host sends leaves it then; past: at once */
    uint32_t route_count;
    uint32_t attack_count;
    uint32_t cross_count;
    gn_sim_route routes[GN_SIM_ROUTES_MAX];
    uint16_t via[GN_SIM_ROUTES_MAX][GN_SIM_DIRECTIONS]; /* the route whose link is taken */
    gn_sim_attack attacks[GN_SIM_ATTACKERS_MAX];
    gn_sim_cross crosses[GN_SIM_CROSS_MAX];
} gn_sim_network;

/* settings: count of them, 1 to GN_SIM_ROUTES_MAX. */
void gn_sim_network_init(gn_sim_network *network, gn_sim_world *world,
                         const gn_sim_route_settings *settings, uint32_t count, uint64_t seed,
                         gn_sim_network_watch watch);
void gn_sim_network_free(gn_sim_network *network);

/* Who else is there; once, after init. */
void gn_sim_network_add_attacks(gn_sim_network *network, const gn_sim_attack_settings *settings,
                                uint32_t count, const gn_suite_ops *ops, uint64_t seed);
void gn_sim_network_add_crosses(gn_sim_network *network, const gn_sim_cross_settings *settings,
                                uint32_t count, uint64_t seed);

/* A route's settings change, as a whole, now. */
void gn_sim_network_change(gn_sim_network *network, uint16_t route,
                           const gn_sim_route_settings *settings);

/* The client sends by a route. The bytes are copied; len is at most 65,507. */
void gn_sim_network_send_up(gn_sim_network *network, uint16_t route, const uint8_t *bytes,
                            size_t len, uint8_t ecn);

/* The server sends to an address outside a client's NAT, or to one where nobody lives. */
void gn_sim_network_send_down(gn_sim_network *network, const gn_sim_address *to,
                              const uint8_t *bytes, size_t len, uint8_t ecn);

/* The server's address that a route leads to. */
const gn_sim_address *gn_sim_network_server(const gn_sim_network *network, uint16_t route);

/* The route that an outside address belongs to, or GN_SIM_NO_ROUTE. */
uint16_t gn_sim_network_route_of(const gn_sim_network *network, const gn_sim_address *outside);

/* The link that a packet of its route takes from where it is sent. */
gn_sim_link *gn_sim_network_link(gn_sim_network *network, const gn_sim_packet *packet);

/* A HELD entry came up: the packet goes on where it stopped. */
void gn_sim_network_release(gn_sim_network *network, gn_sim_packet *packet);

/* For attackers: keeps a datagram, holds it for a time, tells that it was modified. */
void gn_sim_network_keep(gn_sim_network *network, gn_sim_packet *packet);
void gn_sim_network_hold(gn_sim_network *network, gn_sim_packet *packet, uint64_t for_us);
void gn_sim_network_modified(gn_sim_network *network, gn_sim_packet *packet);

/* For attackers: a packet of their own, which arrives after_us from now. */
void gn_sim_network_inject(gn_sim_network *network, gn_sim_packet *packet, uint64_t after_us);

/*
 * An ARRIVAL entry came up. True: the packet reached its host, which reads it
 * or refuses it. False: nobody lives there, or it was not for a host, and it is
 * gone; or it comes up again after a pause.
 */
bool gn_sim_network_arrive(gn_sim_network *network, gn_sim_packet *packet);

/* The host reads it now, and then gives it to done; or its receive queue is full. */
void gn_sim_network_read(gn_sim_network *network, const gn_sim_packet *packet);
void gn_sim_network_refuse(gn_sim_network *network, gn_sim_packet *packet);
void gn_sim_network_done(gn_sim_network *network, gn_sim_packet *packet);

/* The work is done: other people's traffic ends. */
void gn_sim_network_quiet(gn_sim_network *network);

/* Attackers do nothing more; what they hold and have sent goes on. */
void gn_sim_network_disarm(gn_sim_network *network);

#endif
