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
void gn_cc_newreno_init(gn_cc *cc);

/* Grows the window for bytes acknowledged outside recovery. */
void gn_cc_newreno_on_acked(gn_cc *cc, uint32_t bytes);

/* A recovery period begins: halves the window. */
void gn_cc_newreno_on_congestion(gn_cc *cc);

/* Falls to the least window, into slow start. */
void gn_cc_newreno_on_persistent(gn_cc *cc);

#endif
