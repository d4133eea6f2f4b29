/*
 * cross.h: other people's traffic on a link, sharing its queue with ours.
 *
 * A flow enters one link as the datagrams of our hosts do, meets the same loss,
 * queue and marking, and ends at the link's far end. Three kinds send whatever
 * becomes of it; the fourth slows down:
 *
 *   constant  one packet every size / rate, exactly; with on and off it pauses
 *   poisson   the same rate on average, with exponential gaps
 *   aimd      a window: doubled each round trip until something is lost, then
 *             one packet more a round trip, and halved for a drop or a CE mark,
 *             at most once a round trip (RFC 5681 3.1; RFC 3168 6.1.2)
 *
 * An acknowledgement of aimd comes back after `back`, by a way of its own.
 */
#ifndef GN_SIM_CROSS_H
#define GN_SIM_CROSS_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/fate.h"
#include "sim/packet_pool.h"
#include "sim/prng.h"
#include "sim/route.h"
#include "sim/world.h"

#define GN_SIM_CROSS_MAX 8

/* The largest window of aimd, in packets: more than any queue that makes sense. */
#define GN_SIM_CROSS_WINDOW_MAX 4096

typedef enum gn_sim_cross_kind {
    GN_SIM_CROSS_CONSTANT,
    GN_SIM_CROSS_POISSON,
    GN_SIM_CROSS_AIMD,
    GN_SIM_CROSS_KINDS
} gn_sim_cross_kind;

typedef struct gn_sim_cross_settings {
    char route_name[GN_SIM_NAME_BYTES];
    uint64_t route; /* its number */
    uint64_t kind;  /* gn_sim_cross_kind */
    uint64_t direction;
    uint64_t rate_bits;  /* a second, headers included; not of aimd */
    uint64_t size_bytes; /* of each datagram, headers not included */
    uint64_t at_us;      /* when it begins */
    uint64_t for_us;     /* how long it lasts; 0: to the end */
    uint64_t on_us;      /* constant: sends for so long, ... */
    uint64_t off_us;     /* ... and is silent for so long; 0: never */
    uint64_t back_us;    /* aimd: how long an acknowledgement takes */
    uint64_t ecn;        /* sends ECT(0); else what CoDel marks is dropped */
} gn_sim_cross_settings;

typedef struct gn_sim_cross_tally {
    uint64_t sent;
    uint64_t arrived;
    uint64_t arrived_bytes; /* headers included */
    uint64_t dropped;
    uint64_t marked;
    uint64_t cuts; /* aimd: times the window was halved */
} gn_sim_cross_tally;

typedef struct gn_sim_cross {
    gn_sim_cross_settings settings;
    gn_sim_world *world;
    gn_sim_packet_pool *pool;
    gn_sim_link *link;
    gn_sim_prng prng;
    uint64_t next_ns;     /* constant, poisson: when the next one is due */
    uint64_t carry;       /* remainder of the last division, below rate_bits */
    uint64_t window;      /* aimd: in packets, times 2^16 */
    uint64_t threshold;   /* likewise: from here on one packet more a round trip */
    uint64_t in_flight;   /* packets */
    uint64_t next_number; /* of the next packet of this flow */
    uint64_t cut_number;  /* what was sent before this does not cut the window again */
    gn_sim_cross_tally tally;
    uint8_t number;
    bool over;
    bool waiting; /* aimd: a CROSS entry is in the world */
    bool stopped; /* aimd: something was dropped on entering; no more at this instant */
} gn_sim_cross;

void gn_sim_cross_settings_default(gn_sim_cross_settings *settings);

/* number tells the flows of a run apart. Nothing happens before the first CROSS entry. */
void gn_sim_cross_init(gn_sim_cross *cross, gn_sim_world *world, gn_sim_packet_pool *pool,
                       gn_sim_link *link, const gn_sim_cross_settings *settings, uint64_t seed,
                       uint8_t number);

/* A CROSS entry came up. */
void gn_sim_cross_on_turn(gn_sim_cross *cross);

/* One of its packets met this fate, and is about to be given back when it was dropped. */
void gn_sim_cross_on_fate(gn_sim_cross *cross, const gn_sim_packet *packet, gn_sim_fate fate);

/* One of its packets arrived, or came back as an acknowledgement; takes it over. */
void gn_sim_cross_on_arrival(gn_sim_cross *cross, gn_sim_packet *packet);

/* Sends nothing more. */
void gn_sim_cross_stop(gn_sim_cross *cross);

/* "constant", "poisson", "aimd". */
extern const char *const gn_sim_cross_kind_words[];

#endif
