/*
 * loss_timer.h: when loss detection has to look again, and why (RFC 9002 6.2, A.8).
 *
 * Called by loss.c only. Computed from scratch each time, so that no timer
 * has to be restarted when packets leave, arrive or lose their keys.
 */
#ifndef GN_RECOVERY_LOSS_TIMER_H
#define GN_RECOVERY_LOSS_TIMER_H

#include "base/time.h"
#include "recovery/loss.h"
#include "recovery/rtt.h"

/* The next moment and, in *out, what is due then; GN_NEVER with GN_LOSS_NOTHING_DUE. */
gn_time gn_loss_timer_next(const gn_loss *loss, const gn_rtt *rtt, const gn_loss_situation *s,
                           gn_loss_alarm *out);

#endif
