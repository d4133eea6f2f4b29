/*
 * recovery.h: what the tests of ref/recovery share: a pool of records, ACK frames made of ranges.
 */
#ifndef GN_TESTS_SUPPORT_RECOVERY_H
#define GN_TESTS_SUPPORT_RECOVERY_H

#include <stdint.h>

#include "base/ranges.h"
#include "base/slots.h"
#include "recovery/sent.h"
#include "wire/frame.h"

/* The most slots that gn_test_sent_slots can be asked for. */
#define GN_TEST_SENT_SLOTS 2048

/* The pool of all recovery tests, emptied. */
gn_slots gn_test_sent_slots(uint32_t slots);

/* A record with a PING item, filled but not linked, or GN_POOL_NONE. */
uint32_t gn_test_record(gn_slots slots, uint8_t space, uint64_t pn, gn_time at, uint16_t bytes,
                        uint8_t flags);

/* The ACK frame for a set of numbers, which must not be empty; good until the next call. */
gn_frame_ack gn_test_ack_of(const gn_ranges *set);

/* The same for from .. to, half open. */
gn_frame_ack gn_test_ack(uint64_t from, uint64_t to);

#endif
