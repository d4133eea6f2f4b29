/*
 * loss.h: which datagrams get lost, besides those that find a queue full.
 *
 * Three models side by side; a datagram is lost when any of them says so:
 *   independent   each with the same probability (Bernoulli)
 *   bursts        two states, good and bad, with a probability each
 *                 (Gilbert-Elliott): p leads from good to bad, r back
 *   by number     the nth datagram given to this link, counted from 1
 * Each model draws from a stream of chance of its own.
 */
#ifndef GN_SIM_LOSS_H
#define GN_SIM_LOSS_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/prng.h"

#define GN_SIM_LOSS_NTH_MAX 16

typedef struct gn_sim_loss_settings {
    gn_sim_ratio independent;
    gn_sim_ratio burst_p;    /* good to bad, a datagram; 0: no bursts */
    gn_sim_ratio burst_r;    /* bad to good */
    gn_sim_ratio burst_good; /* lost in the good state */
    gn_sim_ratio burst_bad;  /* lost in the bad state */
    uint64_t nth_count;
    uint64_t nth[GN_SIM_LOSS_NTH_MAX];
} gn_sim_loss_settings;

typedef struct gn_sim_loss {
    gn_sim_prng independent;
    gn_sim_prng state;
    gn_sim_prng burst;
    uint64_t seen; /* datagrams asked about */
    bool bad;
} gn_sim_loss;

/* number tells the links of a run apart. */
void gn_sim_loss_init(gn_sim_loss *loss, uint64_t seed, uint64_t number);

/* Is the next datagram lost? */
bool gn_sim_loss_next(gn_sim_loss *loss, const gn_sim_loss_settings *settings);

#endif
