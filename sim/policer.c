/*
 * policer.c: see policer.h.
 */
#include "sim/policer.h"

/* Tokens of a bit. A bucket of a gigabyte still fits. */
#define POLICER_SCALE UINT64_C(1000000)

static void
policer_fill(gn_sim_policer *policer, const gn_sim_policer_settings *settings, uint64_t now_us)
{
    const uint64_t full = settings->burst_bytes * 8 * POLICER_SCALE;
    const uint64_t passed_us = now_us - policer->since_us;

    if (!policer->used || passed_us > full / settings->rate_bits)
        policer->tokens = full;
    else
        policer->tokens += settings->rate_bits * passed_us;
    if (policer->tokens > full)
        policer->tokens = full;
    policer->since_us = now_us;
    policer->used = true;
}

bool
gn_sim_policer_passes(gn_sim_policer *policer, const gn_sim_policer_settings *settings,
                      uint64_t now_us, uint64_t bytes)
{
    const uint64_t price = bytes * 8 * POLICER_SCALE;

    policer_fill(policer, settings, now_us);
    if (policer->tokens < price)
        return false;
    policer->tokens -= price;
    return true;
}
