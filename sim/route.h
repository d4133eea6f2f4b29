/*
 * route.h: a way between client and server: two links, a NAT, what happens to ECN.
 *
 * A change of route is one event: rate, delay, MTU, ECN treatment and all else
 * change together, at one instant, for what is sent from then on. What is in
 * the air arrives by the old physics.
 */
#ifndef GN_SIM_ROUTE_H
#define GN_SIM_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/link.h"
#include "sim/nat.h"

#define GN_SIM_ROUTES_MAX 8
#define GN_SIM_NAME_BYTES 32 /* of a route or scenario, with the closing zero */

/* What the way does to the ECN field of what enters it (RFC 3168 has it pass). */
typedef enum gn_sim_ecn {
    GN_SIM_ECN_PASS,
    GN_SIM_ECN_BLEACH,      /* everything becomes Not-ECT */
    GN_SIM_ECN_REMARK,      /* ECT(0) becomes ECT(1) */
    GN_SIM_ECN_MARK_ALL,    /* every ECT becomes CE */
    GN_SIM_ECN_DROP,        /* whatever is not Not-ECT is dropped */
    GN_SIM_ECN_REMARK_ECT0, /* ECT(1) becomes ECT(0) */
    GN_SIM_ECN_UNMARK,      /* CE becomes ECT(0): congestion is hidden */
    GN_SIM_ECN_DROP_ECT,    /* ECT(0) and ECT(1) are dropped */
    GN_SIM_ECN_DROP_CE,     /* CE is dropped */
    GN_SIM_ECN_TREATMENTS
} gn_sim_ecn;

/* Which of the server's addresses a route leads to. */
typedef enum gn_sim_server_address {
    GN_SIM_SERVER_FIRST,
    GN_SIM_SERVER_PREFERRED, /* the one it may offer (RFC 9000 9.6) */
    GN_SIM_SERVER_ADDRESSES
} gn_sim_server_address;

typedef enum gn_sim_direction { GN_SIM_UP, GN_SIM_DOWN, GN_SIM_DIRECTIONS } gn_sim_direction;

typedef struct gn_sim_route_settings {
    char name[GN_SIM_NAME_BYTES];
    uint64_t up_state;                   /* the route exists; else it is cut until restored */
    uint64_t mtu_bytes;                  /* of both links, where they do not say otherwise;
                                             0: no limit */
    uint64_t too_big;                    /* what is larger is answered by an ICMP message
                                             (RFC 1191 4); else it just disappears */
    uint64_t ecn;                        /* gn_sim_ecn, both ways */
    uint64_t leads_to;                   /* gn_sim_server_address; the first route: to FIRST */
    uint64_t ecn_way[GN_SIM_DIRECTIONS]; /* 0: as ecn says; else one more than a gn_sim_ecn */
    gn_sim_ratio ecn_share;              /* of the datagrams, that are treated so */
    gn_sim_nat_settings nat;
    /* The route whose link carries what goes this way; empty: this one's. */
    char via[GN_SIM_DIRECTIONS][GN_SIM_NAME_BYTES];
    gn_sim_link_settings link[GN_SIM_DIRECTIONS];
} gn_sim_route_settings;

typedef struct gn_sim_route {
    gn_sim_route_settings settings;
    gn_sim_link link[GN_SIM_DIRECTIONS];
    gn_sim_prng treat[GN_SIM_DIRECTIONS]; /* which datagrams are treated */
    gn_sim_nat nat;
    bool up;
} gn_sim_route;

/* An up route of default links, 1500 bytes wide, that leaves marks alone. */
void gn_sim_route_settings_default(gn_sim_route_settings *settings);

/* number tells the routes of a run apart; it also appears in the addresses. */
void gn_sim_route_init(gn_sim_route *route, gn_sim_world *world, gn_sim_packet_pool *pool,
                       const gn_sim_route_settings *settings, uint64_t seed, uint8_t number,
                       gn_sim_link_watch watch);

/* Everything in settings takes effect now, the state included. */
void gn_sim_route_change(gn_sim_route *route, const gn_sim_route_settings *settings);

/* Cut or restored, both directions. */
void gn_sim_route_set_up(gn_sim_route *route, bool up);

/* The mark that leaves the treatment; sets *dropped when the datagram does not. */
uint8_t gn_sim_route_treat(gn_sim_route *route, gn_sim_direction direction, uint8_t mark,
                           bool *dropped);

/* Whether an outside address is one of this route's NAT, now or at another time. */
bool gn_sim_route_owns(const gn_sim_route *route, const gn_sim_address *outside);

/* "pass", "bleach", ...; in the order of gn_sim_ecn; and with "as-ecn" in front. */
extern const char *const gn_sim_route_ecn_words[];
extern const char *const gn_sim_route_ecn_way_words[];

#endif
