/*
 * test_link_suspend.c: pauses of a link, sim/suspend.h: nothing is lost, everything waits.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "sim/stage.h"
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

START_TEST(link_suspend_receive_holds_arrivals_and_keeps_their_order)
{
    settings.delay_us = 10000;
    gn_test_track_init(&track, &settings, 1);
    for (uint64_t i = 0; i < 60; i++) {
        gn_test_track_run(&track, i * 1000);
        if (i == 15)
            gn_sim_link_suspend(&track.link, GN_SIM_SUSPEND_RECEIVE, 40000);
        gn_test_track_send(&track, 100, 0);
    }
    gn_test_track_run(&track, UINT64_MAX);
    ck_assert_uint_eq(track.arrived, 60);
    for (uint64_t i = 0; i < 60; i++) {
        const uint64_t due_us = i * 1000 + 10000;

        ck_assert_uint_eq(track.order[i], i);
        ck_assert_uint_eq(track.at_us[i], due_us > 15000 && due_us < 40000 ? 40000 : due_us);
    }
}
END_TEST

START_TEST(link_suspend_transmit_lets_the_queue_wait)
{
    settings.rate_bits = 10000000;
    settings.queue_bytes = 12500;
    settings.delay_us = 10000;
    gn_test_track_init(&track, &settings, 1);
    gn_sim_link_suspend(&track.link, GN_SIM_SUSPEND_TRANSMIT, 40000);
    gn_test_track_stream(&track, 60, 1222, 1000);
    ck_assert_uint_eq(track.at_us[0], 51000);
    ck_assert_uint_eq(track.at_us[1], 52000);
    ck_assert_uint_eq(track.order[9], 9);
    ck_assert_uint_eq(track.order[10], 40); /* ten had room; 40 on the wire by then */
    ck_assert_uint_eq(track.fates[GN_SIM_FATE_DROPPED_QUEUE], 30);
}
END_TEST

START_TEST(link_suspend_every_takes_the_end_of_each_period)
{
    uint64_t held = 0;

    settings.suspend = (gn_sim_suspend_settings){.every_us = 100000, .for_us = 25000};
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, 10000, 100, 1000);
    for (uint64_t i = 0; i < track.arrived; i++) {
        const uint64_t within_us = i * 1000 % 100000;

        ck_assert_uint_eq(track.took_us[i], within_us < 75000 ? 0 : 100000 - within_us);
        held += track.took_us[i] > 0 ? 1 : 0;
    }
    ck_assert_uint_eq(held, 2500);
}
END_TEST

START_TEST(link_suspend_as_long_as_its_period_makes_clumps)
{
    settings.suspend = (gn_sim_suspend_settings){.every_us = 50000, .for_us = 50000};
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, 1000, 100, 700);
    for (uint64_t i = 0; i < track.arrived; i++) {
        ck_assert_uint_eq(track.at_us[i] % 50000, 0);
        ck_assert_uint_lt(track.took_us[i], 50000);
        ck_assert_uint_eq(track.order[i], i);
    }
}
END_TEST

START_TEST(link_suspend_transmit_every_period_stops_the_serialiser)
{
    settings.rate_bits = 10000000;
    settings.suspend = (gn_sim_suspend_settings){
        .every_us = 100000, .for_us = 25000, .side = GN_SIM_SUSPEND_TRANSMIT};
    gn_test_track_init(&track, &settings, 1);
    for (int i = 0; i < 7500; i++)
        gn_test_track_send(&track, 1222, 0);
    gn_test_track_run(&track, UINT64_MAX);
    /* 75 a period of 100 ms: the last of 100 periods leaves as its own 75 ms end. */
    ck_assert_uint_eq(track.at_us[7499], 99 * 100000 + 75000);
}
END_TEST

/* The events of a scenario reach the links they name, and nothing is lost by them. */
START_TEST(link_suspend_is_an_event_of_a_scenario)
{
    static gn_sim_scenario scenario;
    static char message[GN_SIM_MESSAGE_BYTES];
    static const char *const actions[] = {"suspend-receive", "suspend-transmit"};

    for (int i = 0; i < 2; i++) {
        char text[512];
        gn_err err;

        (void)snprintf(text, sizeof text,
                       "name: x\nwhy: y\n"
                       "routes: {a: {both: {rate: 10Mbit/s, delay: 10ms}}}\n"
                       "events: [{at: 1s, do: %s, route: a, for: 700ms, direction: down}]\n"
                       "workload: {kind: download, bytes: 3MB}\n",
                       actions[i]);
        ck_assert_msg(gn_sim_scenario_parse("x", text, strlen(text), &scenario, message), "%s",
                      message);

        gn_sim_stage *stage = gn_sim_stage_new(&scenario, 1, true, false, &err);

        ck_assert_ptr_nonnull(stage);
        gn_sim_stage_play(stage);
        ck_assert_int_eq(stage->verdict, GN_SIM_PASS);
        ck_assert_uint_eq(stage->witness.stats.dropped, 0);
        ck_assert_uint_gt(stage->witness.stats.gap_us, 690000);
        ck_assert_uint_lt(stage->witness.stats.gap_us, 720000);
        ck_assert_uint_gt(stage->witness.stats.gap_at_us, 990000);
        ck_assert_uint_lt(stage->witness.stats.gap_at_us, 1020000);
        gn_sim_stage_free(stage);
    }
    gn_test_track_init(&track, &settings, 1);
}
END_TEST

Suite *
gn_test_link_suspend(void)
{
    Suite *suite = suite_create("sim/link_suspend");
    TCase *good = tcase_create("good");

    tcase_add_checked_fixture(good, set_up, tear_down);
    tcase_add_test(good, link_suspend_receive_holds_arrivals_and_keeps_their_order);
    tcase_add_test(good, link_suspend_transmit_lets_the_queue_wait);
    tcase_add_test(good, link_suspend_every_takes_the_end_of_each_period);
    tcase_add_test(good, link_suspend_as_long_as_its_period_makes_clumps);
    tcase_add_test(good, link_suspend_transmit_every_period_stops_the_serialiser);
    tcase_add_test(good, link_suspend_is_an_event_of_a_scenario);
    suite_add_tcase(suite, good);
    return suite;
}
