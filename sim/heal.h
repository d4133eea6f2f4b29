/*
 * heal.h: the network becomes a good one: the end of what may go wrong.
 *
 * A run that is allowed everything has a moment from which on nothing is wrong any
 * more, and from there on it has to come to an end. Every route is up, by its
 * own links; those lose, change, hold back and reorder nothing and mark nothing, and
 * pauses end; rate, delay, queue and MTU are those of a fair line. A NAT keeps the
 * binding it has, and lets in what is sent to those before it. Attackers and
 * other people's traffic stop. What is in the air stays there.
 */
#ifndef GN_SIM_HEAL_H
#define GN_SIM_HEAL_H

#include "sim/network.h"

#define GN_SIM_HEAL_RATE_BITS UINT64_C(20000000)
#define GN_SIM_HEAL_DELAY_US UINT64_C(10000)
#define GN_SIM_HEAL_QUEUE_BYTES UINT64_C(100000)

void gn_sim_heal(gn_sim_network *network);

#endif
