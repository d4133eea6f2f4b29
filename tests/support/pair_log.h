/*
 * pair_log.h: what the two sides of a gn_test_pair say, kept. For pair.c.
 */
#ifndef GN_TESTS_SUPPORT_PAIR_LOG_H
#define GN_TESTS_SUPPORT_PAIR_LOG_H

#include "gnomon.h"
#include "tests/support/pair.h"

/* The observer of a side; context is the gn_test_side. */
void gn_test_pair_log_event(void *context, const gn_event *event);

/* Keeps one effect of a side. */
void gn_test_pair_log_effect(gn_test_side *side, const gn_effect *effect, gn_time now);

#endif
