/*
 * loss.c: see loss.h.
 */
#include "sim/loss.h"

void
gn_sim_loss_settings_default(gn_sim_loss_settings *settings)
{
    *settings = (gn_sim_loss_settings){.independent = GN_SIM_RATIO_ZERO,
                                       .burst_p = GN_SIM_RATIO_ZERO,
                                       .burst_r = GN_SIM_RATIO_ZERO,
                                       .burst_good = GN_SIM_RATIO_ZERO,
                                       .burst_bad = GN_SIM_RATIO_ZERO};
    for (unsigned i = 0; i < GN_PACKET_KINDS; i++)
        settings->type[i] = GN_SIM_RATIO_ZERO;
}

void
gn_sim_loss_init(gn_sim_loss *loss, uint64_t seed, uint64_t number)
{
    *loss = (gn_sim_loss){.independent = gn_sim_prng_for(seed, "loss", number),
                          .state = gn_sim_prng_for(seed, "burst state", number),
                          .burst = gn_sim_prng_for(seed, "burst loss", number),
                          .type = gn_sim_prng_for(seed, "type loss", number)};
}

void
gn_sim_loss_change(gn_sim_loss *loss, const gn_sim_loss_settings *settings)
{
    loss->typed = false;
    for (unsigned i = 0; i < GN_PACKET_KINDS; i++)
        loss->typed = loss->typed || settings->type[i].num != 0;
    loss->simple = !loss->typed && settings->burst_p.num == 0 && settings->nth_count == 0 &&
                   settings->every == 0 && settings->mask == 0;
    loss->armed = !loss->simple || settings->independent.num != 0;
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
loss_by_count(const gn_sim_loss *loss, const gn_sim_loss_settings *settings)
{
    for (uint64_t i = 0; i < settings->nth_count; i++)
        if (settings->nth[i] == loss->seen)
            return true;
    if (settings->every != 0 &&
        (loss->seen - 1) % settings->every + settings->run >= settings->every)
        return true;
    return (settings->mask >> ((loss->seen - 1) % 64) & 1) != 0;
}

/* Each packet of the datagram is asked about, so that the draws do not depend on the answers. */
static bool
loss_by_type(gn_sim_loss *loss, const gn_sim_loss_settings *settings, const gn_sim_packet *packet)
{
    bool lost = false;
    size_t at = 0;

    while (at < packet->len) {
        gn_header header;

        if (gn_header_read(packet->bytes + at, packet->len - at, 0, &header) != GN_OK)
            break;
        lost = gn_sim_prng_chance(&loss->type, settings->type[header.kind]) || lost;
        at += header.packet_len;
    }
    return lost;
}

bool
gn_sim_loss_judge(gn_sim_loss *loss, const gn_sim_loss_settings *settings,
                  const gn_sim_packet *packet)
{
    const bool independent = gn_sim_prng_chance(&loss->independent, settings->independent);
    const bool burst = loss_burst(loss, settings);
    const bool type = loss->typed && loss_by_type(loss, settings, packet);

    return independent || burst || type || loss_by_count(loss, settings);
}
