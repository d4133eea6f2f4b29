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
    GN_SIM_ECN_BLEACH,   /* everything becomes Not-ECT */
    GN_SIM_ECN_REMARK,   /* ECT(0) becomes ECT(1) */
    GN_SIM_ECN_MARK_ALL, /* every ECT becomes CE */
    GN_SIM_ECN_DROP      /* whatever is not Not-ECT is dropped */
} gn_sim_ecn;

typedef enum gn_sim_direction { GN_SIM_UP, GN_SIM_DOWN, GN_SIM_DIRECTIONS } gn_sim_direction;

typedef struct gn_sim_route_settings {
    char name[GN_SIM_NAME_BYTES];
    uint64_t up_state;     /* the route exists; else it is cut until restored */
    uint64_t mtu_bytes;    /* of both links, where they do not say otherwise; 0: no limit */
    uint64_t ecn;          /* gn_sim_ecn */
    uint64_t nat_grace_us; /* how long an old binding lives after a rebinding */
    gn_sim_link_settings link[GN_SIM_DIRECTIONS];
} gn_sim_route_settings;

typedef struct gn_sim_route {
    gn_sim_route_settings settings;
    gn_sim_link link[GN_SIM_DIRECTIONS];
    gn_sim_nat nat;
    bool up;
} gn_sim_route;

/* number tells the routes of a run apart; it also appears in the addresses. */
void gn_sim_route_init(gn_sim_route *route, gn_sim_world *world, gn_sim_packet_pool *pool,
                       const gn_sim_route_settings *settings, uint64_t seed, uint8_t number,
                       gn_sim_link_watch watch);

/* Everything in settings takes effect now, the state included. */
void gn_sim_route_change(gn_sim_route *route, const gn_sim_route_settings *settings);

/* Cut or restored, both directions. */
void gn_sim_route_set_up(gn_sim_route *route, bool up);

/* The mark that leaves the treatment; sets *dropped when the datagram does not. */
uint8_t gn_sim_route_treat(const gn_sim_route *route, uint8_t mark, bool *dropped);

/* "pass", "bleach", ...; in the order of gn_sim_ecn. */
extern const char *const gn_sim_route_ecn_words[];

#endif
