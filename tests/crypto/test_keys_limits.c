/*
 * test_keys_limits.c: what crypto/keys.h promises when something is used up.
 */
#include <check.h>
#include <string.h>

#include "crypto/keys.h"
#include "suites.h"
#include "tests/support/keyring.h"

enum { A = 0, B = 1 };

static gn_test_keyring ring;

/* RFC 9001 6.6 */
/* [R-9001-5.3-3] [R-9001-6.6-1] [R-9001-6.6-2] */
START_TEST(keys_near_their_limit_want_an_update_then_end)
{
    gn_keys *a = &ring.side[A];
    uint64_t sealed = 0;

    gn_test_keyring_init(&ring, GN_SUITE_AES_128_GCM_SHA256);
    gn_keys_lower_limits(a, 16, 100);
    while (!gn_keys_wants_update(a)) {
        gn_test_keyring_seal(&ring, A);
        sealed++;
    }
    ck_assert_uint_eq(sealed, 12);
    while (gn_keys_judge_used(a, 2, &ring.fault) == GN_OK) {
        gn_test_keyring_seal(&ring, A);
        sealed++;
    }
    ck_assert_uint_eq(sealed, 14);
    ck_assert_str_eq(ring.fault.why, "RFC 9001 6.6: the confidentiality limit is reached");
    /* What we have sealed is no reason to blame a packet that came. */
    ck_assert_int_eq(gn_keys_judge_failures(a, 0, &ring.fault), GN_OK);
    ck_assert_uint_eq(ring.fault.wire_code, GN_FAULT_AEAD_LIMIT);
    gn_test_keyring_seal(&ring, A);
    gn_test_keyring_seal(&ring, A);
    uint8_t packet[64] = {0x40, 0, 1, 2, 3, 4};
    ck_assert_int_eq(
        gn_protect_seal(ring.ops, gn_test_keyring_slots(&ring), &a->tx, packet, 1, 1, 4, 1000),
        GN_ERR_STATE);
    ck_assert_uint_eq(packet[0], 0x40);
    gn_keys_check(a);
}
END_TEST

/* [R-9001-6.6-1] */
START_TEST(keys_limits_count_anew_after_an_update)
{
    gn_keys *a = &ring.side[A];

    gn_test_keyring_warm_up(&ring, GN_SUITE_AES_128_GCM_SHA256);
    gn_keys_lower_limits(a, 16, 100);
    while (!gn_keys_wants_update(a))
        gn_test_keyring_pass(&ring, A, GN_OK);
    ck_assert_int_eq(gn_test_keyring_update(&ring, A, true), GN_OK);
    ck_assert(!gn_keys_wants_update(a));
    ck_assert_uint_eq(a->tx.limit, 16);
    gn_keys_lower_limits(a, 1000, 1000);
    ck_assert_uint_eq(a->tx.limit, 16);
    ck_assert_uint_eq(a->rx.limit, 100);
}
END_TEST

/* The point of an update may be nearer than the limit asks for, and never farther. */
/* [R-9001-6.6-3] */
START_TEST(keys_want_an_update_where_they_are_told)
{
    static const struct {
        uint64_t told, at;
    } rows[] = {{0, 12}, {1, 1}, {5, 5}, {12, 12}, {13, 12}, {UINT64_MAX, 12}};
    gn_keys *a = &ring.side[A];
    uint64_t sealed = 0;

    gn_test_keyring_init(&ring, GN_SUITE_AES_128_GCM_SHA256);
    gn_keys_lower_limits(a, 16, 100);
    gn_keys_update_after(a, rows[_i].told);
    for (; !gn_keys_wants_update(a); sealed++)
        gn_test_keyring_seal(&ring, A);
    ck_assert_uint_eq(sealed, rows[_i].at);
}
END_TEST

/* Each suite's own limits (RFC 9001 B): AES-GCM 2^23 and 2^52, ChaCha20 2^62 at least and 2^36. */
START_TEST(keys_limits_are_the_suites)
{
    static const struct {
        uint64_t seal, open;
    } rows[GN_SUITES] = {
        [GN_SUITE_AES_128_GCM_SHA256] = {UINT64_C(1) << 23, UINT64_C(1) << 52},
        [GN_SUITE_AES_256_GCM_SHA384] = {UINT64_C(1) << 23, UINT64_C(1) << 52},
        [GN_SUITE_CHACHA20_POLY1305_SHA256] = {UINT64_C(1) << 62, UINT64_C(1) << 36},
    };

    gn_test_keyring_init(&ring, (gn_suite_id)_i);
    ck_assert_uint_eq(ring.side[A].tx.limit, rows[_i].seal);
    ck_assert_uint_eq(ring.side[A].rx.limit, rows[_i].open);
}
END_TEST

/* RFC 9001 6.6 */
/* [R-9001-6.6-5] [R-9001-6.6-6] */
START_TEST(keys_forged_too_often_end_the_connection)
{
    gn_opened opened;

    gn_test_keyring_warm_up(&ring, GN_SUITE_AES_128_GCM_SHA256);
    gn_keys_lower_limits(&ring.side[B], 1000, 8);
    gn_test_packet forged = gn_test_keyring_seal(&ring, A);
    forged.bytes[40] ^= 1;
    for (int i = 0; i < 7; i++) {
        ck_assert_int_eq(gn_test_keyring_open(&ring, &forged, &opened), GN_ERR_AUTH);
        ck_assert_int_eq(gn_keys_judge_failures(&ring.side[B], 0, &ring.fault), GN_OK);
    }
    /* What failed in other spaces counts too. */
    ck_assert_int_eq(gn_keys_judge_failures(&ring.side[B], 1, &ring.fault), GN_ERR_FORM);
    ck_assert_int_eq(gn_keys_judge_failures(&ring.side[B], UINT64_MAX, &ring.fault), GN_ERR_FORM);
    ck_assert_int_eq(gn_test_keyring_open(&ring, &forged, &opened), GN_ERR_AUTH);
    ck_assert_int_eq(gn_keys_judge_failures(&ring.side[B], 0, &ring.fault), GN_ERR_FORM);
    ck_assert_uint_eq(ring.fault.wire_code, GN_FAULT_AEAD_LIMIT);
    ck_assert_int_eq(gn_test_keyring_open(&ring, &forged, &opened), GN_ERR_AUTH);
    gn_keys_check(&ring.side[B]);
}
END_TEST

/* [R-9001-6.6-5] */
START_TEST(keys_count_failures_of_all_generations_together)
{
    gn_opened opened;

    gn_test_keyring_warm_up(&ring, GN_SUITE_AES_128_GCM_SHA256);
    gn_test_packet forged = gn_test_keyring_seal(&ring, A);
    forged.bytes[40] ^= 1;
    ck_assert_int_eq(gn_test_keyring_open(&ring, &forged, &opened), GN_ERR_AUTH);
    ck_assert_int_eq(gn_test_keyring_update(&ring, A, true), GN_OK);
    gn_test_keyring_pass(&ring, A, GN_OK);
    ck_assert_uint_eq(ring.side[B].rx.used, 1);
    ck_assert_int_eq(gn_test_keyring_open(&ring, &forged, &opened), GN_ERR_AUTH);
    ck_assert_uint_eq(ring.side[B].rx.used, 2);
}
END_TEST

START_TEST(keys_without_a_free_slot_drop_what_needs_the_next_key)
{
    gn_opened opened;

    gn_test_keyring_warm_up(&ring, GN_SUITE_AES_128_GCM_SHA256);
    ck_assert_int_eq(gn_test_keyring_update(&ring, A, true), GN_OK);
    const gn_test_packet packet = gn_test_keyring_seal(&ring, A);
    const uint32_t slots = ring.pool.slots;
    ring.pool.slots = ring.pool.used;
    ck_assert_int_eq(gn_test_keyring_open(&ring, &packet, &opened), GN_ERR_FULL);
    ck_assert_uint_eq(ring.side[B].rx.used, 0);
    ring.pool.slots = slots;
    ck_assert_int_eq(gn_test_keyring_open(&ring, &packet, &opened), GN_OK);
}
END_TEST

START_TEST(keys_install_without_room_changes_nothing)
{
    const uint8_t secret[GN_SUITE_HASH_MAX] = {1};
    static gn_test_keyring before;

    gn_test_keyring_empty(&ring, (uint32_t)_i);
    before = ring;
    ck_assert_int_eq(gn_keys_install(ring.ops, gn_test_keyring_slots(&ring), &ring.side[A],
                                     GN_KEYS_RX, GN_SUITE_AES_128_GCM_SHA256, secret),
                     GN_ERR_FULL);
    ck_assert_mem_eq(&ring, &before, sizeof ring);
}
END_TEST

Suite *
gn_test_keys_limits(void)
{
    Suite *suite = suite_create("crypto/keys_limits");
    TCase *limits = tcase_create("limits");

    tcase_add_test(limits, keys_near_their_limit_want_an_update_then_end);
    tcase_add_test(limits, keys_limits_count_anew_after_an_update);
    tcase_add_loop_test(limits, keys_want_an_update_where_they_are_told, 0, 6);
    tcase_add_loop_test(limits, keys_limits_are_the_suites, 0, GN_SUITES);
    tcase_add_test(limits, keys_forged_too_often_end_the_connection);
    tcase_add_test(limits, keys_count_failures_of_all_generations_together);
    tcase_add_test(limits, keys_without_a_free_slot_drop_what_needs_the_next_key);
    tcase_add_loop_test(limits, keys_install_without_room_changes_nothing, 0, 2);
    suite_add_tcase(suite, limits);
    return suite;
}
