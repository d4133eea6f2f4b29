/*
 * pacer.h: when the next datagram may leave (RFC 9002 7.7).
 *
 * A token bucket filled at 5/4 of the window in each smoothed round trip. It
 * holds one burst of ten datagrams, so a sender that was quiet may begin with
 * an initial window at once. Tokens are bytes in fixed point: what accrues is
 * rounded down and what is asked for is rounded up, so over any stretch of time no
 * more than rate * time + burst leaves.
 */
#ifndef GN_RECOVERY_PACER_H
#define GN_RECOVERY_PACER_H

#include <stdint.h>

#include "base/time.h"
#include "recovery/rtt.h"

#define GN_PACER_BURST_DATAGRAMS 10
#define GN_PACER_FRACTION_BITS 24
/* The largest window that counts, 64 GiB: its rate over 1 us still fits 64 bits. */
#define GN_PACER_WINDOW_MAX (UINT64_C(1) << 36)

/* Invariant: tokens <= datagram_bytes * GN_PACER_BURST_DATAGRAMS, in fixed point. */
typedef struct gn_pacer {
    uint64_t tokens; /* bytes times 2^GN_PACER_FRACTION_BITS, as of at */
    gn_time at;
    uint32_t datagram_bytes;
    uint32_t reserved;
} gn_pacer;

/* A full bucket. */
void gn_pacer_init(gn_pacer *pacer, uint32_t datagram_bytes, gn_time now);

/* The path takes datagrams of another size from now on. */
void gn_pacer_on_mtu(gn_pacer *pacer, uint32_t datagram_bytes);

/* Fixed-point bytes per microsecond: 5/4 * window / smoothed round trip, at least 1. */
uint64_t gn_pacer_rate(uint64_t window_bytes, const gn_rtt *rtt);

/*
 * When a full datagram may leave: now, or a later moment, never GN_NEVER unless time
 * itself ends. Call it before each datagram, and gn_pacer_on_sent after it.
 */
gn_time gn_pacer_next(gn_pacer *pacer, uint64_t window_bytes, const gn_rtt *rtt, gn_time now);

/* A datagram left. Those that pacing may not hold back, as probes, empty the bucket at most. */
void gn_pacer_on_sent(gn_pacer *pacer, uint64_t bytes);

#endif
