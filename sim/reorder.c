/*
 * reorder.c: see reorder.h.
 */
#include "sim/reorder.h"

#include <stddef.h>

void
gn_sim_reorder_init(gn_sim_reorder *reorder, uint64_t seed, uint64_t number)
{
    *reorder = (gn_sim_reorder){.prng = gn_sim_prng_for(seed, "reorder", number)};
}

bool
gn_sim_reorder_wants(gn_sim_reorder *reorder, const gn_sim_reorder_settings *settings)
{
    return gn_sim_prng_chance(&reorder->prng, settings->share);
}

bool
gn_sim_reorder_hold(gn_sim_reorder *reorder, gn_sim_packet *packet, uint64_t by, uint64_t until_us)
{
    if (reorder->count == GN_SIM_REORDER_HELD_MAX)
        return false;
    reorder->held[reorder->count++] =
        (gn_sim_reorder_held){.packet = packet, .left = by, .until_us = until_us};
    return true;
}

void
gn_sim_reorder_passed(gn_sim_reorder *reorder)
{
    for (uint64_t i = 0; i < reorder->count; i++)
        reorder->held[i].left--;
}

gn_sim_packet *
gn_sim_reorder_next(gn_sim_reorder *reorder, uint64_t now_us)
{
    for (uint64_t i = 0; i < reorder->count; i++) {
        gn_sim_packet *packet = reorder->held[i].packet;

        if (reorder->held[i].left > 0 && now_us < reorder->held[i].until_us)
            continue;
        reorder->count--;
        for (uint64_t j = i; j < reorder->count; j++)
            reorder->held[j] = reorder->held[j + 1];
        return packet;
    }
    return NULL;
}
