/*
 * cc_newreno.h: the window by NewReno's rules (RFC 9002 7.3, appendix B).
 *
 * Called by cc.c only, which keeps bytes in flight and what is common.
 */
#ifndef GN_RECOVERY_CC_NEWRENO_H
#define GN_RECOVERY_CC_NEWRENO_H

#include <stdint.h>

#include "base/time.h"
#include "recovery/cc.h"

/* Slow start from an infinite threshold. */
/*@
  requires \valid(cc);
  terminates \true; exits \false;
  assigns cc->as.newreno.acked_bytes;
  ensures cc->as.newreno.acked_bytes == 0;
*/
void gn_cc_newreno_init(gn_cc *cc);

/* Grows the window for bytes acknowledged outside recovery. */
/*@
  requires cc_ok(cc);
  terminates \true; exits \false;
  assigns cc->window_bytes, cc->as.newreno.acked_bytes;
  ensures ok: cc_ok(cc);
  ensures grows: cc->window_bytes >= \old(cc->window_bytes);
  behavior start:
    assumes cc->window_bytes < cc->ssthresh_bytes;
    ensures window: cc->window_bytes == cc_sum(\old(cc->window_bytes), bytes);
    ensures kept: cc->as.newreno.acked_bytes == \old(cc->as.newreno.acked_bytes);
  behavior part:
    assumes cc->window_bytes >= cc->ssthresh_bytes;
    assumes cc_sum(cc->as.newreno.acked_bytes, bytes) < cc->window_bytes;
    ensures window: cc->window_bytes == \old(cc->window_bytes);
    ensures sum: cc->as.newreno.acked_bytes == \old(cc->as.newreno.acked_bytes) + bytes;
  behavior whole:
    assumes cc->window_bytes >= cc->ssthresh_bytes;
    assumes cc_sum(cc->as.newreno.acked_bytes, bytes) >= cc->window_bytes;
    ensures window: cc->window_bytes == cc_sum(\old(cc->window_bytes), cc->datagram_bytes);
    ensures rest: cc->as.newreno.acked_bytes ==
      cc_sum(\old(cc->as.newreno.acked_bytes), bytes) - \old(cc->window_bytes);
  complete behaviors; disjoint behaviors;
*/
void gn_cc_newreno_on_acked(gn_cc *cc, uint32_t bytes);

/* A recovery period begins: halves the window. */
/*@
  requires cc_ok(cc);
  terminates \true; exits \false;
  assigns cc->window_bytes, cc->ssthresh_bytes, cc->as.newreno.acked_bytes;
  ensures ok: cc_ok(cc);
  ensures half: cc->ssthresh_bytes == \old(cc->window_bytes) / 2;
  ensures window: cc->window_bytes == cc_half(\old(cc->window_bytes), cc_least(cc));
  ensures none: cc->as.newreno.acked_bytes == 0;
*/
void gn_cc_newreno_on_congestion(gn_cc *cc);

/* Falls to the least window, into slow start. */
/*@
  requires cc_ok(cc);
  terminates \true; exits \false;
  assigns cc->window_bytes, cc->as.newreno.acked_bytes;
  ensures ok: cc_ok(cc);
  ensures least: cc->window_bytes == cc_least(cc) && cc->as.newreno.acked_bytes == 0;
*/
void gn_cc_newreno_on_persistent(gn_cc *cc);

#endif
