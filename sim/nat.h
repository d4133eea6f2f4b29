/*
 * nat.h: one client behind a network address translator.
 *
 * The client's address on its side never changes. Outside it has a binding: an
 * address and port that the NAT may replace at any moment (a rebinding, RFC
 * 9000 9.3 and 9.4). An old binding is dead at once or after a grace, in which
 * what is sent to it still arrives.
 */
#ifndef GN_SIM_NAT_H
#define GN_SIM_NAT_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/address.h"

/* Old bindings that can be in their grace at a time; one more forgets the oldest. */
#define GN_SIM_NAT_OLD_MAX 4

typedef struct gn_sim_nat_old {
    gn_sim_address outside;
    uint64_t until_us; /* dead from here on */
} gn_sim_nat_old;

typedef struct gn_sim_nat {
    gn_sim_address inside;
    gn_sim_address outside;
    gn_sim_nat_old old[GN_SIM_NAT_OLD_MAX];
    uint32_t old_at; /* where the next old one goes */
    uint32_t rebindings;
} gn_sim_nat;

void gn_sim_nat_init(gn_sim_nat *nat, gn_sim_address inside, gn_sim_address outside);

/* A new port, 17 further. The old binding lives on for grace_us. */
void gn_sim_nat_rebind_port(gn_sim_nat *nat, uint64_t now_us, uint64_t grace_us);

/* A new address, the next one, and a new port. */
void gn_sim_nat_rebind_address(gn_sim_nat *nat, uint64_t now_us, uint64_t grace_us);

/* Does what is sent to this outside address reach the client now? */
bool gn_sim_nat_accepts(const gn_sim_nat *nat, const gn_sim_address *outside, uint64_t now_us);

#endif
