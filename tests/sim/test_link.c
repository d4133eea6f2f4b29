/*
 * test_link.c: what sim/link.h promises of capacity, delay and the dead link.
 */
#include <check.h>

#include "gnomon.h"
#include "sim/link.h"
#include "suites.h"
#include "support/track.h"

static gn_test_track track;
static gn_sim_link_settings settings;

static void
set_up(void)
{
    gn_sim_link_settings_default(&settings);
}

static void
tear_down(void)
{
    ck_assert_uint_eq(track.pool.used, 0);
    gn_test_track_free(&track);
}

START_TEST(link_without_settings_delivers_at_once)
{
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, 10, 1200, 5);
    ck_assert_uint_eq(track.arrived, 10);
    for (uint64_t i = 0; i < 10; i++) {
        ck_assert_uint_eq(track.order[i], i);
        ck_assert_uint_eq(track.took_us[i], 0);
    }
}
END_TEST

START_TEST(link_delay_is_added)
{
    settings.delay_us = 12345;
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, 3, 1200, 5);
    for (uint64_t i = 0; i < 3; i++)
        ck_assert_uint_eq(track.took_us[i], 12345);
}
END_TEST

/* 1200 + 28 bytes at 1 Mbit/s are 9,824 us. */
START_TEST(link_rate_counts_the_headers)
{
    settings.rate_bits = 1000000;
    settings.delay_us = 1000;
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_send(&track, 1200, 0);
    gn_test_track_send(&track, 1200, 0);
    gn_test_track_run(&track, UINT64_MAX);
    ck_assert_uint_eq(track.at_us[0], 9824 + 1000);
    ck_assert_uint_eq(track.at_us[1], 2 * 9824 + 1000);
}
END_TEST

/* 7 Mbit/s divides nothing evenly: after 7,000 datagrams not one bit may be lost. */
START_TEST(link_rate_carries_the_remainder_exactly)
{
    settings.rate_bits = 7000000;
    gn_test_track_init(&track, &settings, 1);
    for (int i = 0; i < 7000; i++)
        gn_test_track_send(&track, 1222, 0);
    gn_test_track_run(&track, UINT64_MAX);
    ck_assert_uint_eq(track.arrived, 7000);
    ck_assert_uint_eq(track.at_us[6999], UINT64_C(1250) * 8 * 7000 / 7);
}
END_TEST

START_TEST(link_rate_bounds_what_gets_through)
{
    settings.rate_bits = 10000000;
    settings.queue_bytes = 50000;
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, 10000, 1222, 100); /* ten times the rate, for a second */
    const uint64_t fits = UINT64_C(10000000) / 8 / 1250 + 50000 / 1250;
    ck_assert_uint_ge(track.arrived, fits - 2);
    ck_assert_uint_le(track.arrived, fits + 2);
    ck_assert_uint_eq(track.arrived + track.fates[GN_SIM_FATE_DROPPED_QUEUE], 10000);
}
END_TEST

START_TEST(link_queue_limit_is_in_bytes_and_exact)
{
    settings.rate_bits = 1000000;
    settings.queue_bytes = UINT64_C(4) * 1228;
    gn_test_track_init(&track, &settings, 1);
    for (int i = 0; i < 6; i++)
        gn_test_track_send(&track, 1200, 0);
    gn_test_track_run(&track, UINT64_MAX);
    ck_assert_uint_eq(track.arrived, 5); /* one on the wire and four waiting */
    ck_assert_uint_eq(track.fates[GN_SIM_FATE_DROPPED_QUEUE], 1);
    ck_assert_uint_eq(track.order[4], 4);
    ck_assert_uint_eq(track.link.queue.peak_bytes, 4 * 1228);
}
END_TEST

START_TEST(link_small_datagrams_still_fit_where_a_large_one_does_not)
{
    settings.rate_bits = 1000000;
    settings.queue_bytes = 2000;
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_send(&track, 1200, 0);
    gn_test_track_send(&track, 1200, 0);
    gn_test_track_send(&track, 1200, 0);
    gn_test_track_send(&track, 40, 0);
    gn_test_track_run(&track, UINT64_MAX);
    ck_assert_uint_eq(track.arrived, 3);
    ck_assert_uint_eq(track.order[2], 3);
}
END_TEST

START_TEST(link_mtu_counts_the_headers)
{
    settings.mtu_bytes = 1228;
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_send(&track, 1200, 0);
    gn_test_track_send(&track, 1201, 0);
    gn_test_track_run(&track, UINT64_MAX);
    ck_assert_uint_eq(track.arrived, 1);
    ck_assert_uint_eq(track.fates[GN_SIM_FATE_DROPPED_MTU], 1);
}
END_TEST

START_TEST(link_down_drops_what_comes_and_what_waits_but_not_what_flies)
{
    settings.rate_bits = 1000000;
    settings.delay_us = 50000;
    gn_test_track_init(&track, &settings, 1);
    for (int i = 0; i < 4; i++)
        gn_test_track_send(&track, 1200, 0);
    gn_test_track_run(&track, 10000); /* one in the air, one on the wire, two wait */
    gn_sim_link_set_up(&track.link, false);
    gn_test_track_send(&track, 1200, 0);
    gn_test_track_run(&track, UINT64_MAX);
    ck_assert_uint_eq(track.arrived, 2);
    ck_assert_uint_eq(track.fates[GN_SIM_FATE_DROPPED_BLACKOUT], 3);
    gn_sim_link_set_up(&track.link, true);
    gn_test_track_send(&track, 1200, 0);
    gn_test_track_run(&track, UINT64_MAX);
    ck_assert_uint_eq(track.arrived, 3);
}
END_TEST

START_TEST(link_blackout_ends_by_itself)
{
    settings.delay_us = 10;
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_run(&track, 1000);
    gn_sim_link_blackout(&track.link, 3000);
    gn_test_track_stream(&track, 40, 100, 100); /* from 1000 to 4900 */
    ck_assert_uint_eq(track.fates[GN_SIM_FATE_DROPPED_BLACKOUT], 20);
    ck_assert_uint_eq(track.arrived, 20);
    ck_assert_uint_eq(track.at_us[0], 3010);
}
END_TEST

START_TEST(link_change_leaves_what_flies_alone)
{
    gn_sim_link_settings changed;

    settings.delay_us = 100000;
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_send(&track, 100, 0);
    gn_test_track_run(&track, 10);
    changed = settings;
    changed.delay_us = 1000;
    gn_sim_link_change(&track.link, &changed);
    gn_test_track_send(&track, 100, 0);
    gn_test_track_run(&track, UINT64_MAX);
    ck_assert_uint_eq(track.order[0], 1);
    ck_assert_uint_eq(track.at_us[0], 1010);
    ck_assert_uint_eq(track.order[1], 0);
    ck_assert_uint_eq(track.at_us[1], 100000);
}
END_TEST

START_TEST(link_change_of_rate_meets_what_waits)
{
    gn_sim_link_settings changed;

    settings.rate_bits = 1000000;
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_send(&track, 1222, 0);
    gn_test_track_send(&track, 1222, 0);
    changed = settings;
    changed.rate_bits = 10000000;
    gn_sim_link_change(&track.link, &changed);
    gn_test_track_run(&track, UINT64_MAX);
    ck_assert_uint_eq(track.at_us[0], 10000);
    ck_assert_uint_eq(track.at_us[1], 11000);
}
END_TEST

START_TEST(link_lost_datagrams_use_no_capacity)
{
    settings.rate_bits = 1000000;
    settings.loss.nth_count = 1;
    settings.loss.nth[0] = 1;
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_send(&track, 1222, 0);
    gn_test_track_send(&track, 1222, 0);
    gn_test_track_run(&track, UINT64_MAX);
    ck_assert_uint_eq(track.arrived, 1);
    ck_assert_uint_eq(track.at_us[0], 10000);
}
END_TEST

Suite *
gn_test_link(void)
{
    Suite *suite = suite_create("sim/link");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(good, set_up, tear_down);
    tcase_add_checked_fixture(limits, set_up, tear_down);
    tcase_add_test(good, link_without_settings_delivers_at_once);
    tcase_add_test(good, link_delay_is_added);
    tcase_add_test(good, link_rate_counts_the_headers);
    tcase_add_test(good, link_rate_carries_the_remainder_exactly);
    tcase_add_test(good, link_rate_bounds_what_gets_through);
    tcase_add_test(good, link_change_leaves_what_flies_alone);
    tcase_add_test(good, link_change_of_rate_meets_what_waits);
    tcase_add_test(good, link_lost_datagrams_use_no_capacity);
    tcase_add_test(limits, link_queue_limit_is_in_bytes_and_exact);
    tcase_add_test(limits, link_small_datagrams_still_fit_where_a_large_one_does_not);
    tcase_add_test(limits, link_mtu_counts_the_headers);
    tcase_add_test(limits, link_down_drops_what_comes_and_what_waits_but_not_what_flies);
    tcase_add_test(limits, link_blackout_ends_by_itself);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    return suite;
}
