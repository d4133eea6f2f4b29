/*
 * policer.h: a token bucket that lets through what fits, and drops the rest.
 *
 * Tokens come at rate_bits a second up to a bucket of burst_bytes; a datagram
 * takes as many as it has bits, IP and UDP headers included. Nothing waits: this
 * is what an operator does to who sends faster than was agreed.
 */
#ifndef GN_SIM_POLICER_H
#define GN_SIM_POLICER_H

#include <stdbool.h>
#include <stdint.h>

#define GN_SIM_POLICER_BURST_BYTES 64000

typedef struct gn_sim_policer_settings {
    uint64_t rate_bits; /* 0: no policer */
    uint64_t burst_bytes;
} gn_sim_policer_settings;

typedef struct gn_sim_policer {
    uint64_t tokens;   /* bits * 10^6 */
    uint64_t since_us; /* when they were counted */
    bool used;         /* else the bucket is full, whatever tokens says */
} gn_sim_policer;

/* Does a datagram of so many bytes, headers included, conform? Then its tokens are gone. */
bool gn_sim_policer_passes(gn_sim_policer *policer, const gn_sim_policer_settings *settings,
                           uint64_t now_us, uint64_t bytes);

#endif
