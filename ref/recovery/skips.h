/*
 * skips.h: packet numbers that are left out on purpose (RFC 9000 21.4).
 *
 * Who acknowledges packets that it did not receive makes us send more than the
 * way carries. Nobody but such a one acknowledges a number that was never used,
 * and which these are cannot be told from outside: a gap looks like a loss.
 */
#ifndef GN_RECOVERY_SKIPS_H
#define GN_RECOVERY_SKIPS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rng.h"
#include "wire/frame.h"

/* The latest are remembered: an acknowledgment of older numbers changes nothing any more. */
#define GN_SKIPS_MAX 4

#define GN_SKIPS_NONE UINT64_MAX

/* Invariant: next is above all that were left out. */
typedef struct gn_skips {
    uint64_t next;                   /* the number to leave out next, or GN_SKIPS_NONE */
    uint64_t left_out[GN_SKIPS_MAX]; /* the latest, each plus 1; 0: none */
    uint32_t mean;                   /* one in so many; 0: none */
    uint32_t at;                     /* where the next one goes in left_out */
} gn_skips;

/* One number in mean is left out, which ones is drawn; mean 0: none, and nothing is drawn. */
void gn_skips_init(gn_skips *skips, uint32_t mean, gn_rng *rng);

/* The number for a packet when pn is free: that one, or the next. */
uint64_t gn_skips_pass(const gn_skips *skips, uint64_t pn);

/* A packet with this number has left. */
void gn_skips_on_sent(gn_skips *skips, uint64_t pn, gn_rng *rng);

/* Whether an ACK covers a number that was left out. */
bool gn_skips_told(const gn_skips *skips, const gn_frame_ack *ack);

#endif
