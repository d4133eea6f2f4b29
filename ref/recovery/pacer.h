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
/* A byte in fixed point. */
#define GN_PACER_BYTE (UINT64_C(1) << 24)
/* The largest window that counts, 64 GiB: its rate over 1 us still fits 64 bits. */
#define GN_PACER_WINDOW_MAX (UINT64_C(1) << 36)

/* Invariant: tokens <= datagram_bytes * GN_PACER_BURST_DATAGRAMS, in fixed point. */
typedef struct gn_pacer {
    uint64_t tokens; /* bytes times GN_PACER_BYTE, as of at */
    gn_time at;
    uint32_t datagram_bytes;
    uint32_t reserved;
} gn_pacer;

/*@
  logic integer pacer_capacity{L}(gn_pacer *p) =
    p->datagram_bytes * (GN_PACER_BURST_DATAGRAMS * GN_PACER_BYTE);
  predicate pacer_ok{L}(gn_pacer *p) = p->datagram_bytes > 0 && p->tokens <= pacer_capacity(p);
  logic integer pacer_window(integer bytes) =
    bytes < GN_PACER_WINDOW_MAX ? bytes : GN_PACER_WINDOW_MAX;
*/

/* A full bucket. datagram_bytes is not 0. */
/*@
  requires \valid(pacer) && datagram_bytes > 0;
  terminates \true; exits \false;
  assigns *pacer;
  ensures ok: pacer_ok(pacer);
  ensures full: pacer->tokens == pacer_capacity(pacer) && pacer->at == now;
*/
void gn_pacer_init(gn_pacer *pacer, uint32_t datagram_bytes, gn_time now);

/* The path takes datagrams of another size, not 0, from now on. */
/*@
  requires \valid(pacer) && pacer_ok(pacer) && datagram_bytes > 0;
  terminates \true; exits \false;
  assigns pacer->datagram_bytes, pacer->tokens;
  ensures ok: pacer_ok(pacer);
  ensures size: pacer->datagram_bytes == datagram_bytes;
  ensures no_gain: pacer->tokens <= \old(pacer->tokens);
*/
void gn_pacer_on_mtu(gn_pacer *pacer, uint32_t datagram_bytes);

/* Fixed-point bytes per microsecond: 5/4 * window / smoothed round trip, at least 1. */
/*@
  requires \valid_read(rtt) && rtt_ok(rtt);
  terminates \true; exits \false;
  assigns \nothing;
  ensures least: \result >= 1;
  ensures bound: rtt->smoothed_us > 0 && \result > 1 ==>
    4 * rtt->smoothed_us * \result <= 5 * GN_PACER_BYTE * pacer_window(window_bytes);
*/
uint64_t gn_pacer_rate(uint64_t window_bytes, const gn_rtt *rtt);

/*
 * When a full datagram may leave: now, or a later moment, never GN_NEVER unless time
 * itself ends. Call it before each datagram, and gn_pacer_on_sent after it.
 */
/*@
  requires \valid(pacer) && pacer_ok(pacer) && now >= pacer->at;
  requires \valid_read(rtt) && rtt_ok(rtt) && \separated(pacer, rtt);
  terminates \true; exits \false;
  assigns pacer->tokens, pacer->at;
  ensures ok: pacer_ok(pacer);
  ensures upto: pacer->at == now && pacer->tokens >= \old(pacer->tokens);
  ensures later: \result >= now;
  ensures ready: pacer->tokens >= pacer->datagram_bytes * GN_PACER_BYTE ==> \result == now;
  ensures held: pacer->tokens < pacer->datagram_bytes * GN_PACER_BYTE && now < GN_NEVER ==>
    \result > now;
*/
gn_time gn_pacer_next(gn_pacer *pacer, uint64_t window_bytes, const gn_rtt *rtt, gn_time now);

/* A datagram left. Those that pacing may not hold back, as probes, empty the bucket at most. */
/*@
  requires \valid(pacer) && pacer_ok(pacer);
  terminates \true; exits \false;
  assigns pacer->tokens;
  ensures ok: pacer_ok(pacer);
  ensures paid: pacer->tokens == \old(pacer->tokens) - bytes * GN_PACER_BYTE ||
    pacer->tokens < GN_PACER_BYTE;
  ensures no_gain: pacer->tokens <= \old(pacer->tokens);
*/
void gn_pacer_on_sent(gn_pacer *pacer, uint64_t bytes);

#endif
