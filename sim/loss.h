/*
 * loss.h: which datagrams get lost, besides those that find a queue full.
 *
 * Models side by side; a datagram is lost when any of them says so:
 *   independent   each with the same probability (Bernoulli)
 *   bursts        two states, good and bad, with a probability each
 *                 (Gilbert-Elliott): p leads from good to bad, r back
 *   by number     the nth datagram given to this link, counted from 1
 *   by turns      of every so many datagrams the last few
 *   by mask       64 bits, over and over: a bit for a datagram, the lowest first
 *   by type       with a probability for each type of packet, by what the first
 *                 bytes of its packets show; coalesced ones count each
 * Each model draws from a stream of chance of its own.
 */
#ifndef GN_SIM_LOSS_H
#define GN_SIM_LOSS_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/packet_pool.h"
#include "sim/prng.h"
#include "wire/header_read.h"

#define GN_SIM_LOSS_NTH_MAX 16

typedef struct gn_sim_loss_settings {
    gn_sim_ratio independent;
    gn_sim_ratio burst_p;    /* good to bad, a datagram; 0: no bursts */
    gn_sim_ratio burst_r;    /* bad to good */
    gn_sim_ratio burst_good; /* lost in the good state */
    gn_sim_ratio burst_bad;  /* lost in the bad state */
    uint64_t nth_count;
    uint64_t nth[GN_SIM_LOSS_NTH_MAX];
    uint64_t run;   /* the last so many ... */
    uint64_t every; /* ... of so many; 0: no turns */
    uint64_t mask;
    gn_sim_ratio type[GN_PACKET_KINDS]; /* by gn_packet_kind */
} gn_sim_loss_settings;

typedef struct gn_sim_loss {
    gn_sim_prng independent;
    gn_sim_prng state;
    gn_sim_prng burst;
    gn_sim_prng type;
    uint64_t seen; /* datagrams asked about */
    bool bad;
    bool armed;  /* some model of the settings may say yes */
    bool simple; /* the independent one, and no other */
    bool typed;  /* the one by type may */
} gn_sim_loss;

/* Every ratio 0, everything off. */
void gn_sim_loss_settings_default(gn_sim_loss_settings *settings);

/* number tells the links of a run apart. */
void gn_sim_loss_init(gn_sim_loss *loss, uint64_t seed, uint64_t number);

/* To be told of settings before they are asked about. */
void gn_sim_loss_change(gn_sim_loss *loss, const gn_sim_loss_settings *settings);

/* The models' answer for the packet, the last one seen. */
bool gn_sim_loss_judge(gn_sim_loss *loss, const gn_sim_loss_settings *settings,
                       const gn_sim_packet *packet);

/* Is the packet, which is the next one, lost? */
static inline bool
gn_sim_loss_next(gn_sim_loss *loss, const gn_sim_loss_settings *settings,
                 const gn_sim_packet *packet)
{
    loss->seen++;
    if (!loss->armed)
        return false;
    return loss->simple ? gn_sim_prng_chance(&loss->independent, settings->independent)
                        : gn_sim_loss_judge(loss, settings, packet);
}

#endif
