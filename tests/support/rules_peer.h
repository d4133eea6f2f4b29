/*
 * rules_peer.h: makes the peer of a rule misbehave; see rules.h.
 */
#ifndef GN_TESTS_SUPPORT_RULES_PEER_H
#define GN_TESTS_SUPPORT_RULES_PEER_H

#include "tests/support/rules.h"

/* Puts itself between the peer of this run and its TLS, and behind what it sends. */
void gn_rules_peer_init(gn_rules *run);

#endif
