/*
 * damage.h: what a bad wire does to the bytes of a datagram.
 */
#ifndef GN_SIM_DAMAGE_H
#define GN_SIM_DAMAGE_H

#include <stdint.h>

#include "sim/packet_pool.h"
#include "sim/prng.h"

typedef struct gn_sim_damage {
    gn_sim_prng place; /* where, and how the first byte changes */
    gn_sim_prng run;   /* how those behind it do */
    gn_sim_prng cut;   /* where a datagram ends */
} gn_sim_damage;

/* number tells the links of a run apart. */
void gn_sim_damage_init(gn_sim_damage *damage, uint64_t seed, uint64_t number);

/*
 * Changes run bytes (at least one, as far as the packet goes) to other values,
 * beginning anywhere in the first within bytes; 0: in all of it. The packet is
 * not empty.
 */
void gn_sim_damage_corrupt(gn_sim_damage *damage, gn_sim_packet *packet, uint64_t within,
                           uint64_t run);

/* Cuts the packet, which has two bytes at least, anywhere behind the first byte. */
void gn_sim_damage_truncate(gn_sim_damage *damage, gn_sim_packet *packet);

#endif
