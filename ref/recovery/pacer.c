/*
 * pacer.c: see pacer.h.
 */
#include "recovery/pacer.h"

#include "base/assert.h"

/* Bytes in fixed point. */
/*@
  requires bytes <= UINT64_MAX / GN_PACER_BYTE;
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == bytes * GN_PACER_BYTE;
*/
static uint64_t
pacer_fixed(uint64_t bytes)
{
    GN_ASSERT(bytes <= UINT64_MAX / GN_PACER_BYTE);
    return bytes * GN_PACER_BYTE;
}

/* The tokens of a full bucket. */
/*@
  requires \valid_read(pacer);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == pacer_capacity(pacer);
*/
static uint64_t
pacer_capacity(const gn_pacer *pacer)
{
    return pacer_fixed((uint64_t)pacer->datagram_bytes * GN_PACER_BURST_DATAGRAMS);
}

void
gn_pacer_init(gn_pacer *pacer, uint32_t datagram_bytes, gn_time now)
{
    GN_ASSERT(datagram_bytes > 0);
    pacer->at = now;
    pacer->datagram_bytes = datagram_bytes;
    pacer->reserved = 0;
    pacer->tokens = pacer_capacity(pacer);
}

void
gn_pacer_on_mtu(gn_pacer *pacer, uint32_t datagram_bytes)
{
    GN_ASSERT(datagram_bytes > 0);
    pacer->datagram_bytes = datagram_bytes;
    if (pacer->tokens > pacer_capacity(pacer))
        pacer->tokens = pacer_capacity(pacer);
}

uint64_t
gn_pacer_rate(uint64_t window_bytes, const gn_rtt *rtt)
{
    const uint64_t window = window_bytes < GN_PACER_WINDOW_MAX ? window_bytes : GN_PACER_WINDOW_MAX;
    const uint64_t trip_us = rtt->smoothed_us > 0 ? rtt->smoothed_us : 1;
    /* RFC 9002 7.7: a quarter above the window in each round trip, so that none of it idles. */
    const uint64_t rate = pacer_fixed(5 * window) / (4 * trip_us);

    return rate > 0 ? rate : 1;
}

/* What accrues at this rate, where there is room for so much. */
/*@
  requires rate > 0;
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <= room;
*/
static uint64_t
pacer_accrued(uint64_t elapsed_us, uint64_t rate, uint64_t room)
{
    //@ assert down: (room / rate) * rate <= room;
    if (elapsed_us > room / rate)
        return room;
    //@ assert fits: elapsed_us * rate <= (room / rate) * rate;
    return elapsed_us * rate;
}

/* Brings the tokens up to now. [R-9002-7.7-1] */
/*@
  requires \valid(pacer) && pacer_ok(pacer) && now >= pacer->at && rate > 0;
  terminates \true; exits \false;
  assigns pacer->tokens, pacer->at;
  ensures ok: pacer_ok(pacer);
  ensures upto: pacer->at == now && pacer->tokens >= \old(pacer->tokens);
*/
static void
pacer_refill(gn_pacer *pacer, uint64_t rate, gn_time now)
{
    const uint64_t elapsed_us = now - pacer->at;
    const uint64_t room = pacer_capacity(pacer) - pacer->tokens;

    pacer->tokens += pacer_accrued(elapsed_us, rate, room);
    pacer->at = now;
    GN_ASSERT(pacer->tokens <= pacer_capacity(pacer));
}

gn_time
gn_pacer_next(gn_pacer *pacer, uint64_t window_bytes, const gn_rtt *rtt, gn_time now)
{
    const uint64_t rate = gn_pacer_rate(window_bytes, rtt);
    const uint64_t need = pacer_fixed(pacer->datagram_bytes);

    GN_ASSERT(now >= pacer->at);
    pacer_refill(pacer, rate, now);
    if (pacer->tokens >= need)
        return now;

    const uint64_t missing = need - pacer->tokens;
    return gn_time_after(now, missing / rate + (missing % rate != 0 ? 1 : 0));
}

void
gn_pacer_on_sent(gn_pacer *pacer, uint64_t bytes)
{
    const uint64_t whole = pacer->tokens / GN_PACER_BYTE;

    pacer->tokens -= pacer_fixed(bytes < whole ? bytes : whole);
    GN_ASSERT(pacer->tokens <= pacer_capacity(pacer));
}
