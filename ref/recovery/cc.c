/*
 * cc.c: see cc.h.
 */
#include "recovery/cc.h"

#include "base/assert.h"
#include "base/limits.h"
#include "recovery/cc_newreno.h"

uint64_t
gn_cc_initial_window(uint32_t datagram_bytes)
{
    const uint64_t least = GN_CC_MIN_DATAGRAMS * (uint64_t)datagram_bytes;
    const uint64_t ten = GN_CC_INITIAL_DATAGRAMS * (uint64_t)datagram_bytes;
    const uint64_t bound = least > GN_CC_INITIAL_BYTES ? least : GN_CC_INITIAL_BYTES;

    return ten < bound ? ten : bound;
}

uint64_t
gn_cc_min_window(const gn_cc *cc)
{
    return GN_CC_MIN_DATAGRAMS * (uint64_t)cc->datagram_bytes;
}

void
gn_cc_init(gn_cc *cc, gn_cc_kind kind, uint32_t datagram_bytes)
{
    GN_ASSERT(datagram_bytes >= GN_DATAGRAM_MIN && kind < GN_CC_KINDS);
    *cc = (gn_cc){
        .window_bytes = gn_cc_initial_window(datagram_bytes),
        .ssthresh_bytes = UINT64_MAX,
        .recovery_at = GN_NEVER,
        .datagram_bytes = datagram_bytes,
        .kind = (uint8_t)kind,
    };

    switch (kind) {
    case GN_CC_NEWRENO: gn_cc_newreno_init(cc); break;
    case GN_CC_KINDS: break;
    }
    GN_ASSERT(gn_cc_check(cc));
}

void
gn_cc_on_mtu(gn_cc *cc, uint32_t datagram_bytes)
{
    GN_ASSERT(datagram_bytes >= GN_DATAGRAM_MIN);
    const bool fresh = cc->window_bytes == gn_cc_initial_window(cc->datagram_bytes) &&
                       cc->ssthresh_bytes == UINT64_MAX;

    /* RFC 9002 7.2: the initial window follows the size; one that has moved only stays legal. */
    cc->datagram_bytes = datagram_bytes;
    if (fresh)
        cc->window_bytes = gn_cc_initial_window(datagram_bytes);
    if (cc->window_bytes < gn_cc_min_window(cc))
        cc->window_bytes = gn_cc_min_window(cc);
    GN_ASSERT(gn_cc_check(cc));
}

void
gn_cc_on_sent(gn_cc *cc, uint32_t bytes, gn_time now)
{
    GN_ASSERT(now != GN_NEVER);
    GN_ASSERT(bytes <= GN_CC_BYTES_MAX - cc->in_flight_bytes);
    cc->in_flight_bytes += bytes;
    cc->rescue = 0;
}

/* RFC 9002 B.5: whether what left at sent_at belongs to the recovery period or before it. */
/*@
  requires \valid_read(cc);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> cc_covered(cc, sent_at);
*/
static bool
cc_in_recovery(const gn_cc *cc, gn_time sent_at)
{
    return cc->recovery_at != GN_NEVER && sent_at <= cc->recovery_at;
}

/* Bytes are no longer in flight. */
/*@
  requires cc_ok(cc) && bytes <= cc->in_flight_bytes;
  terminates \true; exits \false;
  assigns cc->in_flight_bytes;
  ensures ok: cc_ok(cc);
  ensures rest: cc->in_flight_bytes == \old(cc->in_flight_bytes) - bytes;
*/
static void
cc_take_out(gn_cc *cc, uint64_t bytes)
{
    GN_ASSERT(cc->in_flight_bytes >= bytes);
    cc->in_flight_bytes -= bytes;
}

void
gn_cc_on_acked(gn_cc *cc, uint32_t bytes, gn_time sent_at, gn_time now, bool app_limited)
{
    GN_ASSERT(sent_at <= now);
    cc_take_out(cc, bytes);
    /* RFC 9002 7.8, 7.3.2: no growth for a window nobody used, nor in recovery. */
    if (app_limited || cc_in_recovery(cc, sent_at))
        return;

    switch ((gn_cc_kind)cc->kind) {
    case GN_CC_NEWRENO: gn_cc_newreno_on_acked(cc, bytes); break;
    case GN_CC_KINDS: break;
    }
    GN_ASSERT(gn_cc_check(cc));
}

/* RFC 9002 7.3.2: the first sign of congestion among packets not yet covered begins a period.
 * [R-9002-7.3.1-1] */
/*@
  requires cc_ok(cc) && sent_at <= now && now != GN_NEVER;
  terminates \true; exits \false;
  assigns cc->window_bytes, cc->ssthresh_bytes, cc->recovery_at, cc->rescue,
    cc->as.newreno.acked_bytes;
  ensures ok: cc_ok(cc);
  ensures covered: cc_covered(cc, sent_at);
  ensures once: \old(cc_covered(cc, sent_at)) ==> cc->window_bytes == \old(cc->window_bytes) &&
    cc->ssthresh_bytes == \old(cc->ssthresh_bytes) && cc->rescue == \old(cc->rescue) &&
    cc->recovery_at == \old(cc->recovery_at);
  ensures begins: !\old(cc_covered(cc, sent_at)) ==> cc->recovery_at == now && cc->rescue == 1;
  ensures half: cc->kind == GN_CC_NEWRENO && !\old(cc_covered(cc, sent_at)) ==>
    cc->ssthresh_bytes == \old(cc->window_bytes) / 2 &&
    cc->window_bytes == cc_half(\old(cc->window_bytes), cc_least(cc));
*/
static void
cc_on_congestion(gn_cc *cc, gn_time sent_at, gn_time now)
{
    GN_ASSERT(sent_at <= now && now != GN_NEVER);
    if (cc_in_recovery(cc, sent_at))
        return;
    cc->recovery_at = now;
    cc->rescue = 1;

    switch ((gn_cc_kind)cc->kind) {
    case GN_CC_NEWRENO: gn_cc_newreno_on_congestion(cc); break;
    case GN_CC_KINDS: break;
    }
    GN_ASSERT(gn_cc_check(cc));
}

void
gn_cc_on_lost(gn_cc *cc, uint32_t bytes, gn_time sent_at, gn_time now)
{
    cc_take_out(cc, bytes);
    cc_on_congestion(cc, sent_at, now);
}

void
gn_cc_on_ecn_ce(gn_cc *cc, gn_time sent_at, gn_time now)
{
    cc_on_congestion(cc, sent_at, now);
}

void
gn_cc_on_persistent(gn_cc *cc)
{
    cc->recovery_at = GN_NEVER;
    cc->rescue = 0;

    switch ((gn_cc_kind)cc->kind) {
    case GN_CC_NEWRENO: gn_cc_newreno_on_persistent(cc); break;
    case GN_CC_KINDS: break;
    }
    GN_ASSERT(gn_cc_check(cc));
}

void
gn_cc_on_forgotten(gn_cc *cc, uint64_t bytes)
{
    cc_take_out(cc, bytes);
}

uint64_t
gn_cc_allowance(const gn_cc *cc)
{
    const uint64_t room =
        cc->window_bytes > cc->in_flight_bytes ? cc->window_bytes - cc->in_flight_bytes : 0;

    if (cc->rescue != 0 && room < cc->datagram_bytes)
        return cc->datagram_bytes;
    return room;
}

bool
gn_cc_in_slow_start(const gn_cc *cc)
{
    return cc->window_bytes < cc->ssthresh_bytes;
}

bool
gn_cc_check(const gn_cc *cc)
{
    return cc->kind < GN_CC_KINDS && cc->datagram_bytes >= GN_DATAGRAM_MIN &&
           cc->window_bytes >= gn_cc_min_window(cc) && cc->window_bytes <= GN_CC_BYTES_MAX &&
           cc->rescue <= 1;
}
