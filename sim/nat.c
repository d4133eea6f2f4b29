/*
 * nat.c: see nat.h.
 */
#include "sim/nat.h"

#include <stddef.h>

/* How far the port moves; a number that makes it easy to see in a capture. */
#define NAT_PORT_STEP 17

/* Ports below this one are not handed out again after the numbers have run round. */
#define NAT_PORT_FIRST 1024

const char *const gn_sim_nat_refresh_words[] = {
    [GN_SIM_NAT_OUTBOUND] = "outbound", [GN_SIM_NAT_BOTH] = "both", [GN_SIM_NAT_BOTH + 1] = NULL};
const char *const gn_sim_nat_part_words[] = {
    [GN_SIM_NAT_PORT] = "port", [GN_SIM_NAT_ADDRESS] = "address", [GN_SIM_NAT_ADDRESS + 1] = NULL};

void
gn_sim_nat_init(gn_sim_nat *nat, const gn_sim_nat_settings *settings, gn_sim_address inside,
                gn_sim_address outside)
{
    *nat = (gn_sim_nat){.settings = *settings, .inside = inside, .outside = outside};
}

/* The binding is old from now on, and dead from until_us on. */
static void
nat_replace(gn_sim_nat *nat, gn_sim_nat_part part, uint64_t until_us)
{
    nat->old[nat->old_at] = (gn_sim_nat_old){.outside = nat->outside, .until_us = until_us};
    nat->old_at = (nat->old_at + 1) % GN_SIM_NAT_OLD_MAX;
    nat->rebindings++;
    nat->outside.port = (uint16_t)(nat->outside.port + NAT_PORT_STEP);
    if (nat->outside.port < NAT_PORT_FIRST)
        nat->outside.port = (uint16_t)(nat->outside.port + NAT_PORT_FIRST);
    if (part == GN_SIM_NAT_ADDRESS)
        nat->outside.ip[15]++;
}

void
gn_sim_nat_rebind(gn_sim_nat *nat, gn_sim_nat_part part, uint64_t now_us)
{
    nat_replace(nat, part, now_us + nat->settings.grace_us);
    nat->used_us = now_us;
}

static bool
nat_expired(const gn_sim_nat *nat, uint64_t now_us)
{
    return nat->settings.lifetime_us != 0 && now_us - nat->used_us >= nat->settings.lifetime_us;
}

gn_sim_address
gn_sim_nat_outbound(gn_sim_nat *nat, uint64_t now_us)
{
    if (nat_expired(nat, now_us)) {
        nat_replace(nat, (gn_sim_nat_part)nat->settings.expiry, now_us);
        nat->expiries++;
    }
    nat->used_us = now_us;
    return nat->outside;
}

void
gn_sim_nat_open(gn_sim_nat *nat)
{
    nat->open = true;
}

bool
gn_sim_nat_inbound(gn_sim_nat *nat, const gn_sim_address *outside, uint64_t now_us)
{
    if (nat->open)
        return true;
    if (gn_sim_address_equal(&nat->outside, outside)) {
        if (nat_expired(nat, now_us))
            return false;
        if (nat->settings.refresh == GN_SIM_NAT_BOTH)
            nat->used_us = now_us;
        return true;
    }
    for (uint32_t i = 0; i < GN_SIM_NAT_OLD_MAX; i++)
        if (now_us < nat->old[i].until_us && gn_sim_address_equal(&nat->old[i].outside, outside))
            return true;
    return false;
}
