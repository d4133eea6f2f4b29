/*
 * test_keys.c: what crypto/keys.h promises.
 */
#include <check.h>
#include <string.h>

#include "crypto/keys.h"
#include "suites.h"
#include "tests/support/keyring.h"
#include "wire/version.h"

enum { A = 0, B = 1, PTO = GN_TEST_KEYRING_PTO };

/* Static, for it is big; every test runs in its own process or begins anew. */
static gn_test_keyring ring;

START_TEST(keys_open_what_the_other_side_sealed)
{
    gn_test_keyring_init(&ring, (gn_suite_id)_i);
    for (int i = 0; i < 10; i++) {
        ck_assert_uint_eq(gn_test_keyring_pass(&ring, A, GN_OK), 0);
        ck_assert_uint_eq(gn_test_keyring_pass(&ring, B, GN_OK), 0);
    }
    ck_assert_uint_eq(ring.side[A].tx.used, 10);
    ck_assert_uint_eq(ring.side[B].rx.used, 0);
    ck_assert_uint_eq(ring.pool.used, 6);
}
END_TEST

/* [R-9001-6.2-1] */
START_TEST(keys_update_by_either_side_moves_both)
{
    const int first = _i % 2;
    const int other = 1 - first;

    gn_test_keyring_warm_up(&ring, (gn_suite_id)(_i / 2));
    ck_assert_int_eq(gn_test_keyring_update(&ring, first, true), GN_OK);
    ck_assert_uint_eq(gn_keys_phase_bit(&ring.side[first]), 1);
    /* Until the other side has seen the new keys its packets come under the old ones. */
    ck_assert_uint_eq(gn_test_keyring_pass(&ring, other, GN_OK), 0);
    ck_assert_uint_eq(gn_test_keyring_pass(&ring, first, GN_OK), 1);
    ck_assert_uint_eq(gn_keys_phase_bit(&ring.side[other]), 1);
    ck_assert_uint_eq(gn_test_keyring_pass(&ring, other, GN_OK), 1);
    ck_assert_uint_eq(ring.side[first].rx_phase, 1);
    ck_assert_uint_eq(ring.side[first].tx.used, 1);
}
END_TEST

/* [R-9001-6.4-1] */
START_TEST(keys_update_many_times)
{
    gn_test_keyring_warm_up(&ring, GN_SUITE_AES_128_GCM_SHA256);
    for (uint32_t phase = 1; phase <= 20; phase++) {
        const int first = (int)(phase % 2);
        ck_assert_int_eq(gn_test_keyring_update(&ring, first, true), GN_OK);
        ck_assert_uint_eq(gn_test_keyring_pass(&ring, first, GN_OK), phase);
        ck_assert_uint_eq(gn_test_keyring_pass(&ring, 1 - first, GN_OK), phase);
        ck_assert_int_eq(gn_test_keyring_acknowledge(&ring, first, phase), GN_OK);
        ck_assert_int_eq(gn_test_keyring_acknowledge(&ring, 1 - first, phase), GN_OK);
        ring.now += 3 * PTO;
        for (int i = 0; i < 2; i++)
            gn_keys_on_tick(ring.ops, gn_test_keyring_slots(&ring), &ring.side[i], ring.now);
    }
    /* Per side: two keys, the masks, and the next reading key. */
    ck_assert_uint_eq(ring.pool.used, 8);
    ck_assert_uint_le(ring.pool.peak, 2 * GN_KEYS_SLOTS_MAX);
}
END_TEST

/* RFC 9001 6.1 */
/* [R-9001-6.1-1] [R-9001-6.1-2] */
START_TEST(keys_update_is_refused_before_its_time)
{
    gn_test_keyring_init(&ring, GN_SUITE_AES_128_GCM_SHA256);
    ring.now = 1000000;
    ck_assert_int_eq(gn_test_keyring_update(&ring, A, true),
                     GN_ERR_STATE); /* nothing acknowledged */
    gn_test_keyring_pass(&ring, A, GN_OK);
    ck_assert_int_eq(gn_test_keyring_acknowledge(&ring, A, 0), GN_OK);
    ck_assert_int_eq(gn_test_keyring_update(&ring, A, false), GN_ERR_STATE); /* not confirmed */
    ck_assert_int_eq(gn_test_keyring_update(&ring, A, true), GN_OK);
    ck_assert_int_eq(gn_test_keyring_update(&ring, A, true),
                     GN_ERR_STATE); /* the peer has not followed */
    gn_test_keyring_pass(&ring, A, GN_OK);
    gn_test_keyring_pass(&ring, B, GN_OK);
    ck_assert_int_eq(gn_test_keyring_update(&ring, A, true),
                     GN_ERR_STATE); /* not acknowledged in this generation */
    ck_assert_int_eq(gn_test_keyring_acknowledge(&ring, A, 1), GN_OK);
    ring.now += 3 * PTO - 1;
    ck_assert_int_eq(gn_test_keyring_update(&ring, A, true),
                     GN_ERR_STATE); /* RFC 9001 6.5: three probe timeouts */
    ring.now += 1;
    ck_assert_int_eq(gn_test_keyring_update(&ring, A, true), GN_OK);
    ck_assert_uint_eq(ring.side[A].tx_phase, 2);
}
END_TEST

/* RFC 9001 6.5 */
/* [R-9001-6.1-3] */
START_TEST(keys_open_late_packets_of_the_previous_generation_for_three_pto)
{
    gn_opened opened;

    gn_test_keyring_warm_up(&ring, GN_SUITE_AES_128_GCM_SHA256);
    gn_test_packet late = gn_test_keyring_seal(&ring, A);
    gn_test_packet later = gn_test_keyring_seal(&ring, A);
    ck_assert_int_eq(gn_test_keyring_update(&ring, A, true), GN_OK);
    ck_assert_uint_eq(gn_test_keyring_pass(&ring, A, GN_OK), 1);
    ck_assert_uint_eq(gn_keys_deadline(&ring.side[B]), ring.now + PTO);
    ring.now += PTO;
    gn_keys_on_tick(ring.ops, gn_test_keyring_slots(&ring), &ring.side[B], ring.now);
    ck_assert_uint_eq(gn_keys_deadline(&ring.side[B]), ring.now + 2 * PTO);
    ring.now += 2 * PTO - 1;
    ck_assert_int_eq(gn_test_keyring_open(&ring, &late, &opened), GN_OK);
    ck_assert_uint_eq(opened.phase, 0);
    ring.now += 1;
    ck_assert_int_eq(gn_test_keyring_open(&ring, &later, &opened), GN_ERR_AUTH);
    gn_keys_on_tick(ring.ops, gn_test_keyring_slots(&ring), &ring.side[B], ring.now);
    ck_assert_uint_eq(gn_keys_deadline(&ring.side[B]), GN_NEVER);
    ck_assert_int_eq(gn_test_keyring_open(&ring, &later, &opened), GN_ERR_AUTH);
    ck_assert_uint_eq(gn_test_keyring_pass(&ring, A, GN_OK), 1);
}
END_TEST

/* [R-9001-5.5-2] */
START_TEST(keys_ignore_a_forged_phase_bit)
{
    gn_opened opened;
    gn_keys before;

    gn_test_keyring_warm_up(&ring, GN_SUITE_AES_128_GCM_SHA256);
    gn_test_packet forged = gn_test_keyring_seal(&ring, A);
    forged.bytes[0] ^= 0x04;
    ck_assert_int_eq(gn_test_keyring_open(&ring, &forged, &opened), GN_ERR_AUTH);
    before = ring.side[B];
    /* The next key is there now; what happens again changes nothing but the count. */
    ck_assert_int_eq(gn_test_keyring_open(&ring, &forged, &opened), GN_ERR_AUTH);
    ck_assert_uint_eq(ring.side[B].rx.used, before.rx.used + 1);
    ring.side[B].rx.used = before.rx.used;
    ck_assert_mem_eq(&ring.side[B], &before, sizeof before);
    ck_assert_uint_eq(ring.side[B].rx_phase, 0);
    gn_test_keyring_pass(&ring, A, GN_OK);
}
END_TEST

/* RFC 9001 6.4 */
/* [R-9001-6.4-2] */
START_TEST(keys_older_on_a_higher_number_is_a_fault)
{
    gn_opened opened;
    static gn_test_keyring past;

    gn_test_keyring_warm_up(&ring, GN_SUITE_AES_128_GCM_SHA256);
    past = ring;
    ck_assert_int_eq(gn_test_keyring_update(&ring, A, true), GN_OK);
    gn_test_keyring_pass(&ring, A, GN_OK);
    /* A side that forgot its update seals a higher number with the old key. */
    past.next_pn[A] = ring.next_pn[A] + 5;
    const gn_test_packet packet = gn_test_keyring_seal(&past, A);
    ck_assert_int_eq(gn_test_keyring_open(&ring, &packet, &opened), GN_ERR_FORM);
    ck_assert_uint_eq(ring.fault.wire_code, GN_FAULT_KEY_UPDATE);
    ck_assert_str_eq(ring.fault.why, "RFC 9001 6.4: older keys on a higher packet number");
}
END_TEST

/* RFC 9001 6.4 */
START_TEST(keys_newer_on_a_lower_number_is_a_fault)
{
    gn_opened opened;
    static gn_test_keyring past;

    gn_test_keyring_warm_up(&ring, GN_SUITE_AES_128_GCM_SHA256);
    past = ring;
    gn_test_keyring_pass(&ring, A, GN_OK);
    gn_test_keyring_pass(&ring, A, GN_OK);
    /* The side that updated uses a number below one already used with the old key. */
    ck_assert_int_eq(
        gn_keys_update(past.ops, gn_test_keyring_slots(&past), &past.side[A], true, past.now),
        GN_OK);
    const gn_test_packet packet = gn_test_keyring_seal(&past, A);
    ck_assert_int_eq(gn_test_keyring_open(&ring, &packet, &opened), GN_ERR_FORM);
    ck_assert_uint_eq(ring.fault.wire_code, GN_FAULT_KEY_UPDATE);
    ck_assert_str_eq(ring.fault.why, "RFC 9001 6.4: newer keys on a lower packet number");
    ck_assert_uint_eq(ring.side[B].rx_phase, 0);
}
END_TEST

/* RFC 9001 6.4: the same, once the update is done. */
START_TEST(keys_current_below_the_previous_ones_is_a_fault)
{
    gn_opened opened;
    static gn_test_keyring past;

    gn_test_keyring_warm_up(&ring, GN_SUITE_AES_128_GCM_SHA256);
    past = ring;
    const gn_test_packet late = gn_test_keyring_seal(&ring, A);
    gn_test_keyring_seal(&ring, A);
    ck_assert_int_eq(gn_test_keyring_update(&ring, A, true), GN_OK);
    gn_test_keyring_pass(&ring, A, GN_OK);
    ck_assert_int_eq(gn_test_keyring_open(&ring, &late, &opened), GN_OK);
    /* The number just opened with the previous key, and below it one with the current key. */
    past.side[A] = ring.side[A];
    past.side[A].tx.last_pn = GN_KEYS_NO_PN;
    past.side[A].tx.first_pn = GN_KEYS_NO_PN;
    memcpy(past.memory, ring.memory, sizeof ring.memory);
    past.next_pn[A] = 0;
    const gn_test_packet packet = gn_test_keyring_seal(&past, A);
    ck_assert_int_eq(gn_test_keyring_open(&ring, &packet, &opened), GN_ERR_FORM);
    ck_assert_uint_eq(ring.fault.wire_code, GN_FAULT_KEY_UPDATE);
    ck_assert_str_eq(ring.fault.why, "RFC 9001 6.4: newer keys on a lower packet number");
}
END_TEST

/* RFC 9001 6.2 */
/* [R-9001-6.2-3] */
START_TEST(keys_updated_twice_without_waiting_is_a_fault)
{
    gn_test_keyring_warm_up(&ring, GN_SUITE_AES_128_GCM_SHA256);
    ck_assert_int_eq(gn_test_keyring_update(&ring, A, true), GN_OK);
    gn_test_keyring_pass(&ring, A, GN_OK);
    /* A pretends that B followed and acknowledged, though B sent nothing. */
    ring.side[A].rx_phase = 1;
    ring.side[A].tx_acked = 1;
    ring.side[A].update_after = 0;
    ck_assert_int_eq(gn_test_keyring_update(&ring, A, true), GN_OK);
    gn_test_keyring_pass(&ring, A, GN_ERR_FORM);
    ck_assert_uint_eq(ring.fault.wire_code, GN_FAULT_KEY_UPDATE);
    ck_assert_str_eq(ring.fault.why, "RFC 9001 6.2: keys updated twice without an acknowledgement");
}
END_TEST

/* RFC 9001 6.2 */
START_TEST(keys_acknowledged_under_older_ones_is_a_fault)
{
    gn_test_keyring_warm_up(&ring, GN_SUITE_AES_128_GCM_SHA256);
    ck_assert_int_eq(gn_test_keyring_update(&ring, A, true), GN_OK);
    /* Acknowledging what came before the update is no mistake. */
    ck_assert_int_eq(gn_test_keyring_acknowledge(&ring, A, 0), GN_OK);
    gn_test_keyring_pass(&ring, A, GN_OK);
    ck_assert_int_eq(gn_test_keyring_acknowledge(&ring, A, 0), GN_ERR_FORM);
    ck_assert_uint_eq(ring.fault.wire_code, GN_FAULT_KEY_UPDATE);
    ck_assert_int_eq(gn_test_keyring_acknowledge(&ring, A, 1), GN_OK);
}
END_TEST

START_TEST(keys_discard_gives_everything_back_and_wipes)
{
    const uint8_t zero[GN_SUITE_HASH_MAX] = {0};
    const uint8_t secret[GN_SUITE_HASH_MAX] = {1};
    const gn_slots slots = gn_test_keyring_slots(&ring);

    gn_test_keyring_warm_up(&ring, GN_SUITE_AES_256_GCM_SHA384);
    ck_assert_int_eq(gn_test_keyring_update(&ring, A, true), GN_OK);
    gn_test_keyring_pass(&ring, A, GN_OK);
    for (int i = 0; i < 2; i++) {
        gn_keys *keys = &ring.side[i];
        gn_keys_discard(slots, keys);
        gn_keys_discard(slots, keys);
        ck_assert(!gn_keys_can_seal(keys));
        ck_assert(!gn_keys_can_open(keys));
        ck_assert_mem_eq(keys->tx.secret, zero, sizeof zero);
        ck_assert_mem_eq(keys->rx.secret, zero, sizeof zero);
        ck_assert_uint_eq(gn_keys_deadline(keys), GN_NEVER);
        ck_assert_int_eq(
            gn_keys_install(ring.ops, slots, keys, GN_KEYS_TX, GN_SUITE_AES_128_GCM_SHA256, secret),
            GN_ERR_STATE);
        gn_keys_check(keys);
    }
    ck_assert_uint_eq(ring.pool.used, 0);
    /* A slot given back holds nothing but the pool's own link. */
    for (size_t i = 0; i < sizeof ring.memory; i++)
        ck_assert(i % GN_SUITE_SLOT_BYTES < 8 || ring.memory[i] == 0);
}
END_TEST

START_TEST(keys_may_be_installed_again_in_the_same_slots)
{
    const uint8_t one[GN_SUITE_HASH_MAX] = {1};
    const uint8_t two[GN_SUITE_HASH_MAX] = {2};
    const gn_slots slots = gn_test_keyring_slots(&ring);
    gn_keys *a = &ring.side[A];

    gn_test_keyring_empty(&ring, 2);
    ck_assert_int_eq(
        gn_keys_install(ring.ops, slots, a, GN_KEYS_TX, GN_SUITE_AES_256_GCM_SHA384, one), GN_OK);
    gn_test_keyring_seal(&ring, A);
    ck_assert_int_eq(
        gn_keys_install(ring.ops, slots, a, GN_KEYS_TX, GN_SUITE_AES_128_GCM_SHA256, two), GN_OK);
    ck_assert_uint_eq(ring.pool.used, 2);
    ck_assert_uint_eq(a->tx.used, 0);
    ck_assert_uint_eq(a->tx.first_pn, GN_KEYS_NO_PN);
    ck_assert_mem_eq(a->tx.secret, two, sizeof two);
}
END_TEST

START_TEST(keys_of_an_unknown_version_trap)
{
    gn_keys keys;

    gn_keys_init(&keys, 0x1a2a3a4a);
}
END_TEST

START_TEST(keys_version_may_change_while_there_are_none)
{
    gn_keys keys;

    gn_keys_init(&keys, GN_VERSION_1);
    gn_keys_set_version(&keys, GN_VERSION_1);
    ck_assert_uint_eq(keys.version, GN_VERSION_1);
}
END_TEST

START_TEST(keys_version_changed_too_late_traps)
{
    gn_test_keyring_init(&ring, GN_SUITE_AES_128_GCM_SHA256);
    gn_keys_set_version(&ring.side[A], GN_VERSION_1);
}
END_TEST

/* RFC 9001 6.3: the next key is made in time, so that using it costs no more than another. */
/* [R-9001-6.3-2] */
START_TEST(keys_tick_makes_the_next_key_a_probe_timeout_after_an_update)
{
    const gn_slots slots = gn_test_keyring_slots(&ring);
    gn_keys *b = &ring.side[B];

    gn_test_keyring_warm_up(&ring, GN_SUITE_AES_128_GCM_SHA256);
    ck_assert_int_eq(gn_test_keyring_update(&ring, A, true), GN_OK);
    gn_test_keyring_pass(&ring, A, GN_OK);
    gn_keys_on_tick(ring.ops, slots, b, ring.now);
    ck_assert_uint_ne(b->previous.slot, GN_POOL_NONE);
    ck_assert_uint_eq(b->next.slot, GN_POOL_NONE);
    ring.now = gn_keys_deadline(b);
    if (_i == 1) /* without a slot it waits for that of the previous generation */
        ring.pool.slots = ring.pool.used;
    gn_keys_on_tick(ring.ops, slots, b, ring.now);
    ck_assert_uint_ne(b->previous.slot, GN_POOL_NONE);
    ck_assert_uint_eq(b->next.slot != GN_POOL_NONE, _i == 0);
    ring.now = gn_keys_deadline(b);
    gn_keys_on_tick(ring.ops, slots, b, ring.now);
    ck_assert_uint_eq(b->previous.slot, GN_POOL_NONE);
    ck_assert_uint_ne(b->next.slot, GN_POOL_NONE);
    ck_assert_uint_eq(gn_keys_deadline(b), GN_NEVER);
    gn_keys_check(b);
}
END_TEST

/* RFC 9001 6.3, 9.5: nothing is derived when a packet comes, a true one or a forged one. */
START_TEST(keys_prepared_beforehand_leave_nothing_to_do)
{
    gn_opened opened;

    gn_test_keyring_warm_up(&ring, GN_SUITE_AES_128_GCM_SHA256);
    for (int i = 0; i < 2; i++)
        gn_keys_prepare(ring.ops, gn_test_keyring_slots(&ring), &ring.side[B]);
    ck_assert_uint_eq(ring.pool.used, 7);
    const gn_keys before = ring.side[B];
    gn_test_packet forged = gn_test_keyring_seal(&ring, A);
    forged.bytes[0] ^= 0x04;
    ck_assert_int_eq(gn_test_keyring_open(&ring, &forged, &opened), GN_ERR_AUTH);
    ring.side[B].rx.used = before.rx.used;
    ck_assert_mem_eq(&ring.side[B], &before, sizeof before);
    ring.pool.slots = ring.pool.used; /* no slot is needed to follow */
    ck_assert_int_eq(gn_test_keyring_update(&ring, A, true), GN_OK);
    ck_assert_uint_eq(gn_test_keyring_pass(&ring, A, GN_OK), 1);
}
END_TEST

START_TEST(keys_prepared_without_a_key_to_read_are_none)
{
    gn_test_keyring_empty(&ring, 5);
    gn_keys_prepare(ring.ops, gn_test_keyring_slots(&ring), &ring.side[A]);
    ck_assert_uint_eq(ring.pool.used, 0);
}
END_TEST

Suite *
gn_test_keys(void)
{
    Suite *suite = suite_create("crypto/keys");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");

    tcase_add_loop_test(good, keys_open_what_the_other_side_sealed, 0, GN_SUITES);
    tcase_add_loop_test(good, keys_update_by_either_side_moves_both, 0, 2 * GN_SUITES);
    tcase_add_test(good, keys_update_many_times);
    tcase_add_test(good, keys_open_late_packets_of_the_previous_generation_for_three_pto);
    tcase_add_loop_test(good, keys_tick_makes_the_next_key_a_probe_timeout_after_an_update, 0, 2);
    tcase_add_test(good, keys_prepared_beforehand_leave_nothing_to_do);
    tcase_add_test(limits, keys_prepared_without_a_key_to_read_are_none);
    tcase_add_test(good, keys_version_may_change_while_there_are_none);
    tcase_add_test(good, keys_discard_gives_everything_back_and_wipes);
    tcase_add_test(good, keys_may_be_installed_again_in_the_same_slots);
    tcase_add_test(hostile, keys_update_is_refused_before_its_time);
    tcase_add_test(hostile, keys_ignore_a_forged_phase_bit);
    tcase_add_test(hostile, keys_older_on_a_higher_number_is_a_fault);
    tcase_add_test(hostile, keys_newer_on_a_lower_number_is_a_fault);
    tcase_add_test(hostile, keys_current_below_the_previous_ones_is_a_fault);
    tcase_add_test(hostile, keys_updated_twice_without_waiting_is_a_fault);
    tcase_add_test(hostile, keys_acknowledged_under_older_ones_is_a_fault);
    tcase_add_test_raise_signal(limits, keys_of_an_unknown_version_trap, 6);
    tcase_add_test_raise_signal(limits, keys_version_changed_too_late_traps, 6);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    suite_add_tcase(suite, limits);
    return suite;
}
