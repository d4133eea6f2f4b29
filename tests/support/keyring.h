/*
 * keyring.h: packet keys for tests: a pool of slots, and two sides that share secrets.
 */
#ifndef GN_TESTS_SUPPORT_KEYRING_H
#define GN_TESTS_SUPPORT_KEYRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/fault.h"
#include "base/pool.h"
#include "base/slots.h"
#include "crypto/keys.h"
#include "crypto/protect.h"
#include "crypto/suite.h"

enum {
    GN_TEST_KEYRING_SLOTS = 12,
    GN_TEST_KEYRING_PTO = 1000, /* microseconds: the probe timeout of both sides */
    GN_TEST_KEYRING_PACKET = 64 /* bytes of every packet it sends, short header */
};

/* Two sides of a connection's application data space, with one pool. */
typedef struct gn_test_keyring {
    const gn_suite_ops *ops;
    gn_pool pool;
    gn_keys side[2];
    uint64_t next_pn[2];     /* the number of the next packet each side sends */
    uint64_t expected_pn[2]; /* one more than the highest that each side received */
    gn_time now;
    gn_fault fault;
    _Alignas(16) uint8_t memory[GN_TEST_KEYRING_SLOTS * GN_SUITE_SLOT_BYTES];
} gn_test_keyring;

/* A packet on its way. */
typedef struct gn_test_packet {
    uint8_t bytes[GN_TEST_KEYRING_PACKET];
    size_t len;
    uint64_t pn;
    int from;
} gn_test_packet;

/* An empty pool of so many slots, and no keys. */
void gn_test_keyring_empty(gn_test_keyring *ring, uint32_t slots);

/* All slots, with both sides' keys installed. */
void gn_test_keyring_init(gn_test_keyring *ring, gn_suite_id suite);

/* The ring's pool as the functions under test take it. */
gn_slots gn_test_keyring_slots(gn_test_keyring *ring);

/* A side seals its next packet; the payload says its number. Fails the test when it cannot. */
gn_test_packet gn_test_keyring_seal(gn_test_keyring *ring, int from);

/* The other side opens it. The verdict; the fault is in ring->fault. */
gn_err gn_test_keyring_open(gn_test_keyring *ring, const gn_test_packet *packet, gn_opened *opened);

/* Seals and opens; fails the test unless the verdict is as wanted. The generation it came in. */
uint32_t gn_test_keyring_pass(gn_test_keyring *ring, int from, gn_err wanted);

/* The other side acknowledges from's newest packet, in a packet of generation phase. */
gn_err gn_test_keyring_acknowledge(gn_test_keyring *ring, int from, uint32_t phase);

/* A side starts a key update. */
gn_err gn_test_keyring_update(gn_test_keyring *ring, int side, bool confirmed);

/* All slots; both sides have sent and acknowledged, so that either may update. */
void gn_test_keyring_warm_up(gn_test_keyring *ring, gn_suite_id suite);

#endif
