/*
 * loss.c: see loss.h.
 */
#include "sim/loss.h"

void
gn_sim_loss_init(gn_sim_loss *loss, uint64_t seed, uint64_t number)
{
    *loss = (gn_sim_loss){.independent = gn_sim_prng_for(seed, "loss", number),
                          .state = gn_sim_prng_for(seed, "burst state", number),
                          .burst = gn_sim_prng_for(seed, "burst loss", number)};
}

static bool
loss_burst(gn_sim_loss *loss, const gn_sim_loss_settings *settings)
{
    if (settings->burst_p.num == 0)
        return false;
    if (gn_sim_prng_chance(&loss->state, loss->bad ? settings->burst_r : settings->burst_p))
        loss->bad = !loss->bad;
    return gn_sim_prng_chance(&loss->burst, loss->bad ? settings->burst_bad : settings->burst_good);
}

static bool
loss_nth(const gn_sim_loss *loss, const gn_sim_loss_settings *settings)
{
    for (uint64_t i = 0; i < settings->nth_count; i++)
        if (settings->nth[i] == loss->seen)
            return true;
    return false;
}

bool
gn_sim_loss_next(gn_sim_loss *loss, const gn_sim_loss_settings *settings)
{
    loss->seen++;

    const bool independent = gn_sim_prng_chance(&loss->independent, settings->independent);
    const bool burst = loss_burst(loss, settings);

    return independent || burst || loss_nth(loss, settings);
}
