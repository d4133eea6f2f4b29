/*
 * packet_pool.h: datagrams in flight, stored by their length.
 *
 * A packet lies in a slot of the smallest size class that holds it, so an
 * acknowledgement does not cost what a full datagram costs. Slots come from
 * blocks that are never given back before the end: once a run has reached its
 * peak, nothing is allocated any more.
 */
#ifndef GN_SIM_PACKET_POOL_H
#define GN_SIM_PACKET_POOL_H

#include <stddef.h>
#include <stdint.h>

#include "sim/address.h"

/* Bytes of IPv4 and UDP header that every datagram carries on a link. */
#define GN_SIM_OVERHEAD_BYTES 28

enum {
    GN_SIM_PACKET_DUPLICATE = 1, /* a copy made by a link */
    GN_SIM_PACKET_CORRUPTED = 2, /* bytes were changed or cut off by a link */
    GN_SIM_PACKET_HELD = 4,      /* its arrival was put off by a pause */
    GN_SIM_PACKET_INJECTED = 8,  /* no host sent it: an attacker did */
    GN_SIM_PACKET_CROSS = 16,    /* of a cross flow, between other hosts */
    GN_SIM_PACKET_TOO_BIG = 32,  /* no datagram: an ICMP message that quotes one */
    GN_SIM_PACKET_RELEASED = 64, /* it was held back before its link, and let go */
    GN_SIM_PACKET_BACK = 128,    /* of a cross flow: an acknowledgement on its way */
    GN_SIM_PACKET_SCRIPTED = 256 /* what a script says of it was done */
};

typedef struct gn_sim_packet {
    struct gn_sim_packet *next; /* in a queue, or among the free ones */
    uint64_t number;
    uint64_t sent_at_us;
    uint64_t queued_at_us;
    gn_sim_address source;      /* behind the NAT */
    gn_sim_address destination; /* where it was addressed to */
    uint32_t len;
    uint16_t from; /* host */
    uint16_t to;   /* host */
    uint16_t route;
    uint16_t flags; /* GN_SIM_PACKET_* */
    uint8_t ecn;    /* gn_ecn_mark */
    uint8_t size_class;
    uint8_t flow;    /* CROSS: whose it is */
    uint8_t bytes[]; /* len of them */
} gn_sim_packet;

#define GN_SIM_PACKET_CLASSES 5

typedef struct gn_sim_packet_pool {
    gn_sim_packet *free_list[GN_SIM_PACKET_CLASSES];
    void *blocks;  /* the latest; each begins with the address of the one before */
    uint64_t used; /* packets taken now */
    uint64_t peak; /* the most that were */
    uint64_t allocated_bytes;
} gn_sim_packet_pool;

void gn_sim_packet_pool_init(gn_sim_packet_pool *pool);

/* Frees all memory; packets still out are gone with it. */
void gn_sim_packet_pool_free(gn_sim_packet_pool *pool);

/* A packet with room for len bytes (at most 65,535); len is set, bytes are not, the rest is 0. */
gn_sim_packet *gn_sim_packet_pool_take(gn_sim_packet_pool *pool, size_t len);

void gn_sim_packet_pool_give(gn_sim_packet_pool *pool, gn_sim_packet *packet);

/* A copy of all fields and bytes. */
gn_sim_packet *gn_sim_packet_pool_copy(gn_sim_packet_pool *pool, const gn_sim_packet *packet);

#endif
