/*
 * nat.c: see nat.h.
 */
#include "sim/nat.h"

/* How far the port moves; a number that makes it easy to see in a capture. */
#define NAT_PORT_STEP 17

/* Ports below this one are not handed out again after the numbers have run round. */
#define NAT_PORT_FIRST 1024

void
gn_sim_nat_init(gn_sim_nat *nat, gn_sim_address inside, gn_sim_address outside)
{
    *nat = (gn_sim_nat){.inside = inside, .outside = outside};
}

static void
nat_retire(gn_sim_nat *nat, uint64_t now_us, uint64_t grace_us)
{
    nat->old[nat->old_at] =
        (gn_sim_nat_old){.outside = nat->outside, .until_us = now_us + grace_us};
    nat->old_at = (nat->old_at + 1) % GN_SIM_NAT_OLD_MAX;
    nat->rebindings++;
}

void
gn_sim_nat_rebind_port(gn_sim_nat *nat, uint64_t now_us, uint64_t grace_us)
{
    nat_retire(nat, now_us, grace_us);
    nat->outside.port = (uint16_t)(nat->outside.port + NAT_PORT_STEP);
    if (nat->outside.port < NAT_PORT_FIRST)
        nat->outside.port = (uint16_t)(nat->outside.port + NAT_PORT_FIRST);
}

void
gn_sim_nat_rebind_address(gn_sim_nat *nat, uint64_t now_us, uint64_t grace_us)
{
    gn_sim_nat_rebind_port(nat, now_us, grace_us);
    nat->outside.ip[15]++;
}

bool
gn_sim_nat_accepts(const gn_sim_nat *nat, const gn_sim_address *outside, uint64_t now_us)
{
    if (gn_sim_address_equal(&nat->outside, outside))
        return true;
    for (uint32_t i = 0; i < GN_SIM_NAT_OLD_MAX; i++)
        if (now_us < nat->old[i].until_us && gn_sim_address_equal(&nat->old[i].outside, outside))
            return true;
    return false;
}
