/*
 * resume.h: a pair of endpoints that connect twice, the second time with a ticket of the first.
 */
#ifndef GN_TESTS_SUPPORT_RESUME_H
#define GN_TESTS_SUPPORT_RESUME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/support/pair.h"

/* An empty pair with tickets, a ticket key of its own and 0-RTT allowed. */
void gn_test_resume_configure(gn_test_pair *pair);

/* What both sides were told so far is forgotten. */
void gn_test_resume_forget(gn_test_pair *pair);

/* A first connection, from its begin to its end. */
void gn_test_resume_first(gn_test_pair *pair);

/* A server anew, long enough after its predecessor that its register knows all that may come. */
void gn_test_resume_replace(gn_test_pair *pair);

/* Whether a side was told this. */
bool gn_test_resume_told(gn_test_pair *pair, int side, gn_zero_rtt status);

/* Packets of this gn_event_packet that a side sent. */
uint32_t gn_test_resume_count(gn_test_pair *pair, int side, uint8_t kind);

/* The second connection begins, and writes len bytes at once. */
uint64_t gn_test_resume_begin(gn_test_pair *pair, size_t len, bool fin);

/* It comes to rest, with the whole stream at the server and everything alive; ends the pair. */
void gn_test_resume_finish(gn_test_pair *pair, uint64_t stream, size_t len, bool accepted);

#endif
