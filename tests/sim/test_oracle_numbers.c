/*
 * test_oracle_numbers.c: what sim/oracle_numbers.h promises, on packets sealed for the purpose.
 */
#include <check.h>
#include <string.h>

#include "base/slots.h"
#include "crypto/keys.h"
#include "crypto/protect.h"
#include "crypto/suite_wolfcrypt.h"
#include "sim/oracle_numbers.h"
#include "suites.h"

#define KEYS 8
#define CID_BYTES 8

static gn_sim_oracle_numbers oracle;
static gn_pool pool;
static gn_suite_slot memory[KEYS];
static gn_keys keys;
static uint8_t secret[32];
static uint8_t packet[128];

static gn_slots
slots(void)
{
    return (gn_slots){.pool = &pool, .base = (uint8_t *)memory};
}

static void
set_up(void)
{
    static const uint64_t cid_bytes[GN_SIM_HOSTS] = {CID_BYTES, CID_BYTES};
    gn_event event = {.kind = GN_EVENT_SECRET,
                      .label = "SERVER_TRAFFIC_SECRET_0",
                      .suite = GN_SUITE_AES_128_GCM_SHA256,
                      .payload = secret,
                      .payload_len = sizeof secret};

    memset(secret, 0x42, sizeof secret);
    gn_sim_oracle_numbers_init(&oracle, gn_suite_wolfcrypt(), cid_bytes, 1);
    gn_sim_oracle_numbers_on_event(&oracle, GN_SIM_SERVER, &event);
    gn_pool_init(&pool, KEYS, sizeof(gn_suite_slot));
    gn_keys_init(&keys, 1);
    ck_assert_int_eq(gn_keys_install(gn_suite_wolfcrypt(), slots(), &keys, GN_KEYS_TX,
                                     GN_SUITE_AES_128_GCM_SHA256, secret),
                     GN_OK);
}

/* The endpoint says it sends this number. */
static void
announce(uint64_t pn)
{
    const gn_event event = {.kind = GN_EVENT_PACKET_SENT,
                            .now = 5,
                            .connection = 1,
                            .pn = pn,
                            .packet = GN_EVENT_ONE_RTT,
                            .space = 2};

    gn_sim_oracle_numbers_on_event(&oracle, GN_SIM_SERVER, &event);
}

/* A 1-RTT packet with this number goes on the wire. */
static void
show(uint64_t pn)
{
    const size_t payload = 40;
    gn_sim_datagram datagram = {.at_us = 6,
                                .bytes = packet,
                                .len = 1 + CID_BYTES + 2 + payload + GN_PROTECT_TAG_BYTES,
                                .from = GN_SIM_SERVER,
                                .to = GN_SIM_CLIENT,
                                .fate = GN_SIM_FATE_SENT};

    memset(packet, 0, sizeof packet);
    packet[0] = 0x41;
    packet[1 + CID_BYTES] = (uint8_t)(pn >> 8);
    packet[2 + CID_BYTES] = (uint8_t)pn;
    keys.tx.last_pn = GN_KEYS_NO_PN; /* the oracle shall see what sealing would refuse */
    keys.tx.first_pn = GN_KEYS_NO_PN;
    ck_assert_int_eq(gn_protect_seal(gn_suite_wolfcrypt(), slots(), &keys.tx, packet, 1 + CID_BYTES,
                                     2, payload, pn),
                     GN_OK);
    gn_sim_oracle_numbers_on_datagram(&oracle, &datagram);
}

/* [R-9000-12.3-1] */
START_TEST(numbers_that_grow_hold)
{
    for (uint64_t pn = 0; pn < 300; pn += 3) {
        announce(pn);
        show(pn);
    }
    ck_assert_msg(!oracle.verdict.broken, "%s", oracle.verdict.what);
    ck_assert_uint_eq(oracle.verdict.checked, 100);
}
END_TEST

START_TEST(numbers_used_twice_break)
{
    announce(7);
    show(7);
    announce(7);
    ck_assert(oracle.verdict.broken);
    ck_assert_str_eq(oracle.verdict.what, "packet 7 of space 2 after packet 7");
}
END_TEST

START_TEST(numbers_that_shrink_break)
{
    announce(7);
    announce(6);
    ck_assert(oracle.verdict.broken);
}
END_TEST

START_TEST(numbers_other_than_announced_break_on_the_wire)
{
    announce(7);
    show(7);
    announce(8);
    show(7);
    ck_assert(oracle.verdict.broken);
    ck_assert_str_eq(oracle.verdict.what, "the wire shows packet number 7 where 8 was announced");
}
END_TEST

START_TEST(numbers_of_unannounced_packets_break)
{
    show(7);
    ck_assert(oracle.verdict.broken);
}
END_TEST

START_TEST(numbers_of_another_connection_begin_again)
{
    gn_event event = {.kind = GN_EVENT_PACKET_SENT, .connection = 2, .pn = 0, .space = 2};

    announce(7);
    gn_sim_oracle_numbers_on_event(&oracle, GN_SIM_SERVER, &event);
    ck_assert(!oracle.verdict.broken);
}
END_TEST

/* A server that forgot its client and takes it in again has other keys. */
START_TEST(numbers_of_another_connection_are_read_with_its_keys)
{
    gn_event event = {.kind = GN_EVENT_SECRET,
                      .connection = 2,
                      .label = "SERVER_TRAFFIC_SECRET_0",
                      .suite = GN_SUITE_AES_128_GCM_SHA256,
                      .payload = secret,
                      .payload_len = sizeof secret};

    announce(7);
    show(7);
    memset(secret, 0x43, sizeof secret);
    gn_sim_oracle_numbers_on_event(&oracle, GN_SIM_SERVER, &event);
    gn_keys_init(&keys, 1);
    ck_assert_int_eq(gn_keys_install(gn_suite_wolfcrypt(), slots(), &keys, GN_KEYS_TX,
                                     GN_SUITE_AES_128_GCM_SHA256, secret),
                     GN_OK);
    event.kind = GN_EVENT_PACKET_SENT;
    event.packet = GN_EVENT_ONE_RTT;
    event.space = 2;
    for (event.pn = 0; event.pn < 20; event.pn++) {
        gn_sim_oracle_numbers_on_event(&oracle, GN_SIM_SERVER, &event);
        show(event.pn);
    }
    ck_assert_msg(!oracle.verdict.broken, "%s", oracle.verdict.what);
}
END_TEST

Suite *
gn_test_oracle_numbers(void)
{
    Suite *suite = suite_create("sim/oracle_numbers");
    TCase *good = tcase_create("good");

    tcase_add_checked_fixture(good, set_up, NULL);
    tcase_add_test(good, numbers_that_grow_hold);
    tcase_add_test(good, numbers_used_twice_break);
    tcase_add_test(good, numbers_that_shrink_break);
    tcase_add_test(good, numbers_other_than_announced_break_on_the_wire);
    tcase_add_test(good, numbers_of_unannounced_packets_break);
    tcase_add_test(good, numbers_of_another_connection_begin_again);
    tcase_add_test(good, numbers_of_another_connection_are_read_with_its_keys);
    suite_add_tcase(suite, good);
    return suite;
}
