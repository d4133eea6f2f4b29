/*
 * test_link_chance.c: every knob of sim/link.h that draws chance bites, and as hard as it says.
 */
#include <check.h>

#include "gnomon.h"
#include "sim/link.h"
#include "suites.h"
#include "support/track.h"

#define MANY 100000

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

START_TEST(link_loss_is_as_often_as_it_says)
{
    settings.loss.independent = (gn_sim_ratio){1, 50};
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, MANY, 100, 1);
    ck_assert_uint_gt(track.fates[GN_SIM_FATE_DROPPED_LOSS], 1800);
    ck_assert_uint_lt(track.fates[GN_SIM_FATE_DROPPED_LOSS], 2200);
    ck_assert_uint_eq(track.arrived + track.fates[GN_SIM_FATE_DROPPED_LOSS], MANY);
}
END_TEST

/* Share of bad: p / (p + r); length of a bad spell: 1 / r; here 1/21 and 10. */
START_TEST(link_bursts_are_as_long_and_as_often_as_they_say)
{
    uint64_t lost = 0;
    uint64_t bursts = 0;
    bool before = false;

    settings.loss.burst_p = (gn_sim_ratio){1, 200};
    settings.loss.burst_r = (gn_sim_ratio){1, 10};
    settings.loss.burst_bad = (gn_sim_ratio){1, 1};
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, MANY, 100, 1);
    for (uint64_t i = 0, at = 0; i < MANY; i++) {
        const bool here = at < track.arrived && track.order[at] == i;

        at += here ? 1 : 0;
        lost += here ? 0 : 1;
        bursts += !here && !before ? 1 : 0;
        before = !here;
    }
    ck_assert_uint_gt(lost, MANY / 21 * 85 / 100);
    ck_assert_uint_lt(lost, MANY / 21 * 115 / 100);
    ck_assert_uint_gt(lost * 10 / bursts, 85);
    ck_assert_uint_lt(lost * 10 / bursts, 115);
}
END_TEST

START_TEST(link_loss_in_the_good_state_is_separate)
{
    settings.loss.burst_p = (gn_sim_ratio){1, 1000000};
    settings.loss.burst_r = (gn_sim_ratio){1, 1};
    settings.loss.burst_good = (gn_sim_ratio){1, 10};
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, 10000, 100, 1);
    ck_assert_uint_gt(track.fates[GN_SIM_FATE_DROPPED_LOSS], 850);
    ck_assert_uint_lt(track.fates[GN_SIM_FATE_DROPPED_LOSS], 1150);
}
END_TEST

START_TEST(link_nth_loses_those_and_no_others)
{
    settings.loss.nth_count = 3;
    settings.loss.nth[0] = 1;
    settings.loss.nth[1] = 4;
    settings.loss.nth[2] = 9;
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, 9, 100, 1);
    static const uint64_t left[] = {1, 2, 4, 5, 6, 7};
    ck_assert_uint_eq(track.arrived, 6);
    for (int i = 0; i < 6; i++)
        ck_assert_uint_eq(track.order[i], left[i]);
}
END_TEST

START_TEST(link_jitter_spreads_evenly_and_keeps_order)
{
    uint64_t sum = 0;

    settings.delay_us = 10000;
    settings.jitter_us = 1000;
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, 20000, 100, 2000); /* further apart than the jitter */
    for (uint64_t i = 0; i < track.arrived; i++) {
        ck_assert_uint_eq(track.order[i], i);
        ck_assert_uint_ge(track.took_us[i], 10000);
        ck_assert_uint_le(track.took_us[i], 11000);
        sum += track.took_us[i] - 10000;
    }
    ck_assert_uint_gt(sum / track.arrived, 485);
    ck_assert_uint_lt(sum / track.arrived, 515);
}
END_TEST

START_TEST(link_jitter_in_order_never_reorders_however_close)
{
    settings.jitter_us = 5000;
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, 20000, 100, 10);
    for (uint64_t i = 0; i < track.arrived; i++)
        ck_assert_uint_eq(track.order[i], i);
}
END_TEST

START_TEST(link_jitter_in_free_order_reorders)
{
    uint64_t overtaken = 0;

    settings.jitter_us = 5000;
    settings.jitter_order = GN_SIM_JITTER_FREE;
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, 20000, 100, 1000);
    for (uint64_t i = 1; i < track.arrived; i++)
        overtaken += track.order[i] < track.order[i - 1] ? 1 : 0;
    ck_assert_uint_eq(track.arrived, 20000);
    ck_assert_uint_gt(overtaken, 4000);
}
END_TEST

START_TEST(link_jitter_tail_is_mostly_small_and_sometimes_long)
{
    uint64_t beyond[6] = {0};

    settings.jitter_us = 1000;
    settings.jitter_shape = GN_SIM_JITTER_TAIL;
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, MANY, 100, 20000);
    for (uint64_t i = 0; i < track.arrived; i++)
        for (uint64_t k = 0; k < 6; k++)
            beyond[k] += track.took_us[i] > k * 1000 ? 1 : 0;
    for (uint64_t k = 1; k < 6; k++) { /* each further spread halves what is beyond */
        ck_assert_uint_gt(beyond[k] * 100, beyond[k - 1] * (k == 1 ? 47 : 45));
        ck_assert_uint_lt(beyond[k] * 100, beyond[k - 1] * 55);
    }
}
END_TEST

START_TEST(link_duplicates_come_as_often_as_they_say_and_say_so)
{
    uint64_t flagged = 0;

    settings.duplicate = (gn_sim_ratio){1, 20};
    settings.delay_us = 1000;
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, 20000, 100, 100);
    for (uint64_t i = 0; i < track.arrived; i++)
        flagged += (track.flags[i] & GN_SIM_PACKET_DUPLICATE) != 0 ? 1 : 0;
    ck_assert_uint_eq(track.arrived, 20000 + flagged);
    ck_assert_uint_eq(track.fates[GN_SIM_FATE_DUPLICATED], flagged);
    ck_assert_uint_gt(flagged, 850);
    ck_assert_uint_lt(flagged, 1150);
}
END_TEST

START_TEST(link_corruption_changes_exactly_one_byte)
{
    gn_sim_packet *packet;
    gn_sim_entry entry;
    int wrong = 0;

    settings.corrupt = (gn_sim_ratio){1, 1};
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_send(&track, 500, 0);
    ck_assert_int_eq(gn_sim_world_next(&track.world, &entry), GN_SIM_STEP_GO);
    packet = entry.what;
    for (size_t i = 0; i < packet->len; i++)
        wrong += packet->bytes[i] != 0 ? 1 : 0;
    ck_assert_int_eq(wrong, 1);
    ck_assert_uint_eq(packet->flags, GN_SIM_PACKET_CORRUPTED);
    ck_assert_uint_eq(track.fates[GN_SIM_FATE_CORRUPTED], 1);
    gn_sim_packet_pool_give(&track.pool, packet);
}
END_TEST

/* 10 Mbit/s offered for 2 s to a link of 5: a queue stands, and CoDel speaks. */
static void
overload(uint8_t mark)
{
    settings.rate_bits = 5000000;
    settings.aqm = GN_SIM_AQM_CODEL;
    gn_test_track_init(&track, &settings, 1);
    for (uint64_t i = 0; i < 2000; i++) {
        gn_test_track_run(&track, i * 1000);
        gn_test_track_send(&track, 1222, mark);
    }
    gn_test_track_run(&track, UINT64_MAX);
}

START_TEST(link_codel_marks_what_is_ecn_capable)
{
    uint64_t marked = 0;

    overload(GN_MARK_ECT0);
    for (uint64_t i = 0; i < track.arrived; i++)
        marked += track.ecn[i] == GN_MARK_CE ? 1 : 0;
    ck_assert_uint_gt(marked, 10);
    ck_assert_uint_eq(track.fates[GN_SIM_FATE_MARKED], marked);
    ck_assert_uint_eq(track.fates[GN_SIM_FATE_DROPPED_AQM], 0);
    ck_assert_uint_eq(track.arrived, 2000);
}
END_TEST

START_TEST(link_codel_drops_what_is_not)
{
    overload(GN_MARK_NOT_ECT);
    ck_assert_uint_gt(track.fates[GN_SIM_FATE_DROPPED_AQM], 10);
    ck_assert_uint_eq(track.fates[GN_SIM_FATE_MARKED], 0);
    ck_assert_uint_eq(track.arrived + track.fates[GN_SIM_FATE_DROPPED_AQM], 2000);
}
END_TEST

START_TEST(link_codel_is_silent_without_a_standing_queue)
{
    settings.rate_bits = 5000000;
    settings.aqm = GN_SIM_AQM_CODEL;
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, 1000, 1222, 2000);
    ck_assert_uint_eq(track.arrived, 1000);
}
END_TEST

/* The loss of each datagram is its own: jitter, duplicates and corruption do not move it. */
START_TEST(link_one_kind_of_chance_does_not_shift_another)
{
    static uint64_t lost_alone;

    settings.loss.independent = (gn_sim_ratio){1, 50};
    gn_test_track_init(&track, &settings, 7);
    gn_test_track_stream(&track, 5000, 100, 10);
    lost_alone = track.fates[GN_SIM_FATE_DROPPED_LOSS];
    gn_test_track_free(&track);
    settings.jitter_us = 100;
    settings.duplicate = (gn_sim_ratio){1, 10};
    settings.corrupt = (gn_sim_ratio){1, 10};
    gn_test_track_init(&track, &settings, 7);
    gn_test_track_stream(&track, 5000, 100, 10);
    ck_assert_uint_eq(track.fates[GN_SIM_FATE_DROPPED_LOSS], lost_alone);
}
END_TEST

Suite *
gn_test_link_chance(void)
{
    Suite *suite = suite_create("sim/link_chance");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(random, set_up, tear_down);
    tcase_add_test(random, link_loss_is_as_often_as_it_says);
    tcase_add_test(random, link_bursts_are_as_long_and_as_often_as_they_say);
    tcase_add_test(random, link_loss_in_the_good_state_is_separate);
    tcase_add_test(random, link_nth_loses_those_and_no_others);
    tcase_add_test(random, link_jitter_spreads_evenly_and_keeps_order);
    tcase_add_test(random, link_jitter_in_order_never_reorders_however_close);
    tcase_add_test(random, link_jitter_in_free_order_reorders);
    tcase_add_test(random, link_jitter_tail_is_mostly_small_and_sometimes_long);
    tcase_add_test(random, link_duplicates_come_as_often_as_they_say_and_say_so);
    tcase_add_test(random, link_corruption_changes_exactly_one_byte);
    tcase_add_test(random, link_codel_marks_what_is_ecn_capable);
    tcase_add_test(random, link_codel_drops_what_is_not);
    tcase_add_test(random, link_codel_is_silent_without_a_standing_queue);
    tcase_add_test(random, link_one_kind_of_chance_does_not_shift_another);
    suite_add_tcase(suite, random);
    return suite;
}
