/*
 * cc.h: how much may be in flight on one path (RFC 9002 section 7).
 *
 * One struct for every controller; what all of them share is kept here, the
 * rest is a union. Each call switches on the kind: no function pointers, so
 * that every call is visible and the state stays plain bytes.
 */
#ifndef GN_RECOVERY_CC_H
#define GN_RECOVERY_CC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/time.h"

typedef enum gn_cc_kind { GN_CC_NEWRENO, GN_CC_KINDS } gn_cc_kind;

/* RFC 9002 7.2: the initial window is this many datagrams, within a bound in bytes. */
#define GN_CC_INITIAL_DATAGRAMS 10
#define GN_CC_INITIAL_BYTES 14720
/* RFC 9002 7.2, 4.8: the least window. */
#define GN_CC_MIN_DATAGRAMS 2

/* No window and no count grows beyond; nothing real comes near. */
#define GN_CC_BYTES_MAX (UINT64_C(1) << 62)

/* See cc_newreno.h. */
typedef struct gn_cc_newreno {
    uint64_t acked_bytes; /* acknowledged in congestion avoidance since the window last grew */
} gn_cc_newreno;

/*
 * Invariant: window_bytes is at least GN_CC_MIN_DATAGRAMS * datagram_bytes and at
 * most GN_CC_BYTES_MAX, as are in_flight_bytes and the counts of a controller.
 */
typedef struct gn_cc {
    uint64_t window_bytes;
    uint64_t ssthresh_bytes;  /* UINT64_MAX until the first congestion event */
    uint64_t in_flight_bytes; /* sent on this path, and neither acknowledged, lost nor forgotten */
    gn_time recovery_at;      /* when the recovery period began; GN_NEVER: there was none */
    uint32_t datagram_bytes;  /* the largest datagram this path takes */
    uint8_t kind;             /* gn_cc_kind */
    uint8_t rescue;           /* 1: one datagram may go beyond the window (RFC 9002 7.3.2) */
    uint8_t reserved[2];
    union {
        uint64_t words[8]; /* room for any controller */
        gn_cc_newreno newreno;
    } as;
} gn_cc;

_Static_assert(sizeof(gn_cc) <= 128, "a controller fits two cache lines");

/*
 * cc_least: no window is smaller. cc_covered: what left at sent_at belongs to the recovery period
 * or before it. cc_half: what a period leaves of a window. cc_room: what is free of the window.
 */
/*@
  logic integer cc_initial(integer datagram) =
    10 * datagram < 14720 ? 10 * datagram : 2 * datagram > 14720 ? 2 * datagram : 14720;
  logic integer cc_least{L}(gn_cc *cc) = GN_CC_MIN_DATAGRAMS * cc->datagram_bytes;
  predicate cc_window_ok{L}(gn_cc *cc) =
    cc->kind < GN_CC_KINDS && cc->datagram_bytes >= GN_DATAGRAM_MIN && cc->rescue <= 1 &&
    cc_least(cc) <= cc->window_bytes <= GN_CC_BYTES_MAX;
  predicate cc_ok{L}(gn_cc *cc) =
    \valid(cc) && cc_window_ok(cc) && cc->in_flight_bytes <= GN_CC_BYTES_MAX &&
    cc->as.newreno.acked_bytes <= GN_CC_BYTES_MAX;
  predicate cc_covered{L}(gn_cc *cc, integer sent_at) =
    cc->recovery_at != GN_NEVER && sent_at <= cc->recovery_at;
  logic integer cc_sum(integer a, integer b) = a + b < GN_CC_BYTES_MAX ? a + b : GN_CC_BYTES_MAX;
  logic integer cc_half(integer window, integer least) = window / 2 > least ? window / 2 : least;
  logic integer cc_room{L}(gn_cc *cc) =
    cc->window_bytes > cc->in_flight_bytes ? cc->window_bytes - cc->in_flight_bytes : 0;
*/

/* A new path that takes datagrams of this many bytes, at least 1200. */
/*@
  requires \valid(cc) && kind < GN_CC_KINDS && datagram_bytes >= GN_DATAGRAM_MIN;
  terminates \true; exits \false;
  assigns *cc;
  ensures ok: cc_ok(cc);
  ensures window: cc->window_bytes == cc_initial(datagram_bytes) && cc->in_flight_bytes == 0;
  ensures fresh: cc->ssthresh_bytes == UINT64_MAX && cc->recovery_at == GN_NEVER;
  ensures size: cc->datagram_bytes == datagram_bytes && cc->rescue == 0;
*/
void gn_cc_init(gn_cc *cc, gn_cc_kind kind, uint32_t datagram_bytes);

/* The window a path begins with (RFC 9002 7.2). */
/*@
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == cc_initial(datagram_bytes);
*/
uint64_t gn_cc_initial_window(uint32_t datagram_bytes);

/* The least window of this path. */
/*@
  requires \valid_read(cc);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == cc_least(cc);
*/
uint64_t gn_cc_min_window(const gn_cc *cc);

/* The path takes datagrams of another size from now on (RFC 9002 7.2). */
/*@
  requires cc_ok(cc) && datagram_bytes >= GN_DATAGRAM_MIN;
  terminates \true; exits \false;
  assigns cc->datagram_bytes, cc->window_bytes;
  ensures ok: cc_ok(cc);
  ensures size: cc->datagram_bytes == datagram_bytes;
  ensures window: cc->window_bytes == (\old(cc->window_bytes) > cc_least(cc) ?
    \old(cc->window_bytes) : cc_least(cc)) || cc->window_bytes == cc_initial(datagram_bytes);
  ensures kept: \old(cc->ssthresh_bytes) != UINT64_MAX ==>
    cc->window_bytes >= \old(cc->window_bytes);
*/
void gn_cc_on_mtu(gn_cc *cc, uint32_t datagram_bytes);

/* A packet of this many bytes left and counts as in flight. */
/*@
  requires cc_ok(cc) && now != GN_NEVER;
  requires room: bytes <= GN_CC_BYTES_MAX - cc->in_flight_bytes;
  terminates \true; exits \false;
  assigns cc->in_flight_bytes, cc->rescue;
  ensures ok: cc_ok(cc);
  ensures sum: cc->in_flight_bytes == \old(cc->in_flight_bytes) + bytes;
  ensures rescued: cc->rescue == 0;
*/
void gn_cc_on_sent(gn_cc *cc, uint32_t bytes, gn_time now);

/*
 * An in-flight packet sent at sent_at was acknowledged. app_limited: the
 * window was not what held the sender back, so it does not grow (RFC 9002 7.8).
 */
/*@
  requires cc_ok(cc) && sent_at <= now && bytes <= cc->in_flight_bytes;
  terminates \true; exits \false;
  assigns cc->in_flight_bytes, cc->window_bytes, cc->as.newreno.acked_bytes;
  ensures ok: cc_ok(cc);
  ensures rest: cc->in_flight_bytes == \old(cc->in_flight_bytes) - bytes;
  ensures grows: cc->window_bytes >= \old(cc->window_bytes);
  ensures same: app_limited || \old(cc_covered(cc, sent_at)) ==>
    cc->window_bytes == \old(cc->window_bytes);
  ensures start: cc->kind == GN_CC_NEWRENO && !app_limited && !\old(cc_covered(cc, sent_at)) &&
    \old(cc->window_bytes) < cc->ssthresh_bytes ==>
    cc->window_bytes == cc_sum(\old(cc->window_bytes), bytes);
  ensures slow: cc->kind == GN_CC_NEWRENO && \old(cc->window_bytes) >= cc->ssthresh_bytes ==>
    cc->window_bytes <= \old(cc->window_bytes) + cc->datagram_bytes;
*/
void gn_cc_on_acked(gn_cc *cc, uint32_t bytes, gn_time sent_at, gn_time now, bool app_limited);

/*
 * An in-flight packet was lost; with several at once, call it for each. It is
 * a congestion event unless a recovery period covers sent_at already.
 */
/*@
  requires cc_ok(cc) && sent_at <= now && now != GN_NEVER && bytes <= cc->in_flight_bytes;
  terminates \true; exits \false;
  assigns cc->in_flight_bytes, cc->window_bytes, cc->ssthresh_bytes, cc->recovery_at, cc->rescue,
    cc->as.newreno.acked_bytes;
  ensures ok: cc_ok(cc);
  ensures rest: cc->in_flight_bytes == \old(cc->in_flight_bytes) - bytes;
  ensures covered: cc_covered(cc, sent_at);
  ensures once: \old(cc_covered(cc, sent_at)) ==> cc->window_bytes == \old(cc->window_bytes) &&
    cc->ssthresh_bytes == \old(cc->ssthresh_bytes) && cc->rescue == \old(cc->rescue) &&
    cc->recovery_at == \old(cc->recovery_at);
  ensures begins: !\old(cc_covered(cc, sent_at)) ==> cc->recovery_at == now && cc->rescue == 1;
  ensures half: cc->kind == GN_CC_NEWRENO && !\old(cc_covered(cc, sent_at)) ==>
    cc->ssthresh_bytes == \old(cc->window_bytes) / 2 &&
    cc->window_bytes == cc_half(\old(cc->window_bytes), cc_least(cc));
*/
void gn_cc_on_lost(gn_cc *cc, uint32_t bytes, gn_time sent_at, gn_time now);

/* The peer reported CE marks; sent_at is when the largest packet it acknowledged left. */
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
void gn_cc_on_ecn_ce(gn_cc *cc, gn_time sent_at, gn_time now);

/* Persistent congestion was established (RFC 9002 7.6.2). */
/*@
  requires cc_ok(cc);
  terminates \true; exits \false;
  assigns cc->window_bytes, cc->recovery_at, cc->rescue, cc->as.newreno.acked_bytes;
  ensures ok: cc_ok(cc);
  ensures least: cc->window_bytes == cc_least(cc);
  ensures over: cc->recovery_at == GN_NEVER && cc->rescue == 0;
*/
void gn_cc_on_persistent(gn_cc *cc);

/* Bytes in flight left the count without a verdict: keys discarded, or a probe of the MTU lost. */
/*@
  requires cc_ok(cc) && bytes <= cc->in_flight_bytes;
  terminates \true; exits \false;
  assigns cc->in_flight_bytes;
  ensures ok: cc_ok(cc);
  ensures rest: cc->in_flight_bytes == \old(cc->in_flight_bytes) - bytes;
*/
void gn_cc_on_forgotten(gn_cc *cc, uint64_t bytes);

/* Bytes that may be sent now; 0 when the window is full. Probes need not ask (RFC 9002 7.5). */
/*@
  requires \valid_read(cc);
  terminates \true; exits \false;
  assigns \nothing;
  ensures window: cc->rescue == 0 || cc_room(cc) >= cc->datagram_bytes ==> \result == cc_room(cc);
  ensures rescue: cc->rescue != 0 && cc_room(cc) < cc->datagram_bytes ==>
    \result == cc->datagram_bytes;
*/
uint64_t gn_cc_allowance(const gn_cc *cc);

/* Whether the window is below the slow start threshold. */
/*@
  requires \valid_read(cc);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> cc->window_bytes < cc->ssthresh_bytes;
*/
bool gn_cc_in_slow_start(const gn_cc *cc);

/* Whether the invariant holds. */
/*@
  requires \valid_read(cc);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> cc_window_ok(cc);
*/
bool gn_cc_check(const gn_cc *cc);

#endif
