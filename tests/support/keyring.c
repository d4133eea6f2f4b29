/*
 * keyring.c: see keyring.h.
 */
#include "tests/support/keyring.h"

#include <check.h>
#include <string.h>

#include "crypto/suite_wolfcrypt.h"
#include "wire/version.h"

enum { CID_BYTES = 8, PN_AT = 1 + CID_BYTES, PN_SIZE = 2 };

void
gn_test_keyring_empty(gn_test_keyring *ring, uint32_t slots)
{
    ck_assert_uint_le(slots, GN_TEST_KEYRING_SLOTS);
    memset(ring, 0, sizeof *ring);
    ring->ops = gn_suite_wolfcrypt();
    gn_pool_init(&ring->pool, slots, GN_SUITE_SLOT_BYTES);
    gn_keys_init(&ring->side[0], GN_VERSION_1);
    gn_keys_init(&ring->side[1], GN_VERSION_1);
}

gn_slots
gn_test_keyring_slots(gn_test_keyring *ring)
{
    return (gn_slots){.pool = &ring->pool, .base = ring->memory};
}

void
gn_test_keyring_init(gn_test_keyring *ring, gn_suite_id suite)
{
    const gn_slots slots = gn_test_keyring_slots(ring);
    uint8_t secret[2][GN_SUITE_HASH_MAX];

    gn_test_keyring_empty(ring, GN_TEST_KEYRING_SLOTS);
    for (size_t i = 0; i < GN_SUITE_HASH_MAX; i++) {
        secret[0][i] = (uint8_t)(3 * i + 1);
        secret[1][i] = (uint8_t)(5 * i + 2);
    }
    for (int i = 0; i < 2; i++) {
        gn_keys *keys = &ring->side[i];
        ck_assert_int_eq(gn_keys_install(ring->ops, slots, keys, GN_KEYS_TX, suite, secret[i]),
                         GN_OK);
        ck_assert_int_eq(gn_keys_install(ring->ops, slots, keys, GN_KEYS_RX, suite, secret[1 - i]),
                         GN_OK);
    }
}

gn_test_packet
gn_test_keyring_seal(gn_test_keyring *ring, int from)
{
    gn_keys *keys = &ring->side[from];
    gn_test_packet packet = {.from = from, .pn = ring->next_pn[from]++};
    const size_t payload_len = GN_TEST_KEYRING_PACKET - PN_AT - PN_SIZE - GN_PROTECT_TAG_BYTES;

    packet.len = GN_TEST_KEYRING_PACKET;
    packet.bytes[0] = (uint8_t)(0x40 | gn_keys_phase_bit(keys) << 2 | (PN_SIZE - 1));
    memset(packet.bytes + 1, 0xc1, CID_BYTES);
    packet.bytes[PN_AT] = (uint8_t)(packet.pn / 0x100);
    packet.bytes[PN_AT + 1] = (uint8_t)packet.pn;
    memset(packet.bytes + PN_AT + PN_SIZE, (uint8_t)packet.pn, payload_len);
    ck_assert_int_eq(gn_protect_seal(ring->ops, gn_test_keyring_slots(ring), &keys->tx,
                                     packet.bytes, PN_AT, PN_SIZE, payload_len, packet.pn),
                     GN_OK);
    return packet;
}

gn_err
gn_test_keyring_open(gn_test_keyring *ring, const gn_test_packet *packet, gn_opened *opened)
{
    const int to = 1 - packet->from;
    uint8_t out[GN_TEST_KEYRING_PACKET];
    gn_err err = gn_protect_open_short(ring->ops, gn_test_keyring_slots(ring), &ring->side[to],
                                       packet->bytes, packet->len, PN_AT, ring->expected_pn[to],
                                       ring->now, GN_TEST_KEYRING_PTO, out, opened, &ring->fault);

    if (err != GN_OK)
        return err;
    ck_assert_uint_eq(opened->pn, packet->pn);
    for (size_t i = 0; i < opened->payload_len; i++)
        ck_assert_uint_eq(opened->payload[i], (uint8_t)packet->pn);
    opened->payload = NULL; /* it lay in our own bytes */
    if (opened->pn >= ring->expected_pn[to])
        ring->expected_pn[to] = opened->pn + 1;
    gn_keys_check(&ring->side[to]);
    return GN_OK;
}

uint32_t
gn_test_keyring_pass(gn_test_keyring *ring, int from, gn_err wanted)
{
    const gn_test_packet packet = gn_test_keyring_seal(ring, from);
    gn_opened opened = {0};

    ck_assert_int_eq(gn_test_keyring_open(ring, &packet, &opened), wanted);
    return opened.phase;
}

gn_err
gn_test_keyring_acknowledge(gn_test_keyring *ring, int from, uint32_t phase)
{
    return gn_keys_on_ack(&ring->side[from], ring->next_pn[from] - 1, phase, ring->now,
                          GN_TEST_KEYRING_PTO, &ring->fault);
}

gn_err
gn_test_keyring_update(gn_test_keyring *ring, int side, bool confirmed)
{
    return gn_keys_update(ring->ops, gn_test_keyring_slots(ring), &ring->side[side], confirmed,
                          ring->now);
}

void
gn_test_keyring_warm_up(gn_test_keyring *ring, gn_suite_id suite)
{
    gn_test_keyring_init(ring, suite);
    ring->now = 1000000;
    for (int from = 0; from < 2; from++)
        gn_test_keyring_pass(ring, from, GN_OK);
    for (int from = 0; from < 2; from++)
        ck_assert_int_eq(gn_test_keyring_acknowledge(ring, from, 0), GN_OK);
}
