/*
 * test_rate.c: what sim/rate.h and sim/opportunities.h promise.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/opportunities.h"
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

static gn_sim_opportunities *
trace_of(const char *text)
{
    size_t line;
    const char *wrong;
    gn_sim_opportunities *trace = gn_sim_opportunities_parse(text, strlen(text), &line, &wrong);

    ck_assert_msg(trace != NULL, "line %zu: %s", line, wrong);
    return trace;
}

/* 1,250 bytes on the wire: 10 ms at 1 Mbit/s, 100 ms at 100 kbit/s. */
START_TEST(rate_steps_hold_from_their_moment_on)
{
    settings.rate_bits = 1000000;
    settings.plan.step_count = 2;
    settings.plan.steps[0] = (gn_sim_rate_step){.at_us = 20000, .bits = 100000};
    settings.plan.steps[1] = (gn_sim_rate_step){.at_us = 220000, .bits = 10000000};
    gn_test_track_init(&track, &settings, 1);
    for (int i = 0; i < 6; i++)
        gn_test_track_send(&track, 1222, 0);
    gn_test_track_run(&track, UINT64_MAX);
    static const uint64_t at_us[] = {10000, 20000, 120000, 220000, 221000, 222000};
    for (int i = 0; i < 6; i++)
        ck_assert_uint_eq(track.at_us[i], at_us[i]);
}
END_TEST

START_TEST(rate_steps_begin_again_with_their_period)
{
    settings.plan.step_count = 2;
    settings.plan.steps[0] = (gn_sim_rate_step){.at_us = 0, .bits = 10000000};
    settings.plan.steps[1] = (gn_sim_rate_step){.at_us = 500000, .bits = 1000000};
    settings.plan.period_us = 1000000;
    settings.queue_bytes = 3000;
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, 10000, 1222, 1000); /* 10 Mbit/s for ten seconds */
    ck_assert_uint_gt(track.arrived, 5450);
    ck_assert_uint_lt(track.arrived, 5600);
}
END_TEST

/* 9,992 bits at a terabit a second leave 0.992 of a nanosecond, which is a second of a kilobit. */
START_TEST(rate_step_carries_no_remainder_of_another)
{
    settings.plan.step_count = 2;
    settings.plan.steps[0] = (gn_sim_rate_step){.at_us = 0, .bits = UINT64_C(1000000000000)};
    settings.plan.steps[1] = (gn_sim_rate_step){.at_us = 1, .bits = 1000};
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_send(&track, 1221, 0);
    gn_test_track_send(&track, 97, 0); /* 1,000 bits: a second, from 9 ns on */
    gn_test_track_run(&track, UINT64_MAX);
    ck_assert_uint_eq(track.at_us[0], 1);
    ck_assert_uint_eq(track.at_us[1], 1000001);
}
END_TEST

START_TEST(rate_trace_carries_a_packet_at_each_opportunity)
{
    settings.plan.trace = trace_of("2\n5\n5\n9\n");
    gn_test_track_init(&track, &settings, 1);
    for (int i = 0; i < 6; i++)
        gn_test_track_send(&track, 1472, 0); /* full: one each */
    gn_test_track_run(&track, UINT64_MAX);
    static const uint64_t at_ms[] = {2, 5, 5, 9, 11, 14};
    for (int i = 0; i < 6; i++)
        ck_assert_uint_eq(track.at_us[i], at_ms[i] * 1000);
    free((void *)(uintptr_t)settings.plan.trace);
}
END_TEST

START_TEST(rate_trace_packs_small_packets_and_splits_large_ones)
{
    settings.plan.trace = trace_of("2\n5\n7\n9\n");
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_send(&track, 722, 0);  /* 750 bytes: half of 2 */
    gn_test_track_send(&track, 722, 0);  /* the other half */
    gn_test_track_send(&track, 2972, 0); /* 3,000 bytes: 5 and 7 */
    gn_test_track_send(&track, 72, 0);
    gn_test_track_run(&track, UINT64_MAX);
    ck_assert_uint_eq(track.at_us[0], 2000);
    ck_assert_uint_eq(track.at_us[1], 2000);
    ck_assert_uint_eq(track.at_us[2], 7000);
    ck_assert_uint_eq(track.at_us[3], 9000);
    free((void *)(uintptr_t)settings.plan.trace);
}
END_TEST

START_TEST(rate_trace_does_not_keep_what_nobody_used)
{
    settings.plan.trace = trace_of("0\n1\n2\n3\n10\n");
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_run(&track, 2500);
    gn_test_track_send(&track, 1472, 0);
    gn_test_track_send(&track, 1472, 0);
    gn_test_track_send(&track, 1472, 0);
    gn_test_track_run(&track, UINT64_MAX);
    ck_assert_uint_eq(track.at_us[0], 3000);
    ck_assert_uint_eq(track.at_us[1], 10000);
    ck_assert_uint_eq(track.at_us[2], 10000); /* the 0 of the second round */
    free((void *)(uintptr_t)settings.plan.trace);
}
END_TEST

/* A whole second of 12 Mbit/s, overloaded for ten: exactly what it has room for. */
START_TEST(rate_trace_bounds_what_gets_through)
{
    char text[8000];
    size_t len = 0;

    for (int i = 1; i <= 1000; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%d\n", i);
    settings.plan.trace = trace_of(text);
    settings.queue_bytes = 15000;
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, 20000, 1472, 500);
    ck_assert_uint_ge(track.arrived, 10000);
    ck_assert_uint_le(track.arrived, 10011);
    free((void *)(uintptr_t)settings.plan.trace);
}
END_TEST

START_TEST(rate_opportunities_are_found_in_every_round)
{
    gn_sim_opportunities *trace = trace_of("0\r\n3\n3\n7");

    for (uint64_t us = 0; us < 100000; us += 500) {
        const uint64_t at = gn_sim_opportunities_from(trace, us);

        ck_assert_uint_ge(gn_sim_opportunities_time(trace, at), us);
        if (at > 0)
            ck_assert_uint_lt(gn_sim_opportunities_time(trace, at - 1), us);
    }
    gn_test_track_init(&track, &settings, 1);
    free(trace);
}
END_TEST

START_TEST(rate_opportunities_wrong_lines_are_told)
{
    static const struct {
        const char *text;
        size_t line;
        const char *says;
    } rows[] = {{"1\nx\n", 2, "whole number"},      {"1\n\n2\n", 2, "whole number"},
                {"1\n-2\n", 2, "whole number"},     {"5\n4\n", 2, "not before"},
                {"0\n0\n", 2, "last line above 0"}, {"", 1, "last line above 0"},
                {"4294967296\n", 1, "whole number"}};
    size_t line;
    const char *wrong;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ck_assert_ptr_null(
            gn_sim_opportunities_parse(rows[i].text, strlen(rows[i].text), &line, &wrong));
        ck_assert_uint_eq(line, rows[i].line);
        ck_assert_msg(strstr(wrong, rows[i].says) != NULL, "%s", wrong);
    }
    gn_test_track_init(&track, &settings, 1);
}
END_TEST

/* A queue of 50 ms at 10 Mbit/s holds 50 packets of a millisecond behind the one on the wire. */
START_TEST(rate_queue_time_bounds_the_wait)
{
    settings.rate_bits = 10000000;
    settings.queue_us = 50000;
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_stream(&track, 2000, 1222, 500);
    ck_assert_uint_gt(track.fates[GN_SIM_FATE_DROPPED_QUEUE], 900);
    ck_assert_uint_le(gn_test_track_wait(&track, 0, 0, 100), 51000);
    ck_assert_uint_ge(gn_test_track_wait(&track, 0, 0, 100), 50000);
}
END_TEST

START_TEST(rate_queue_time_of_a_trace_looks_ahead)
{
    settings.plan.trace = trace_of("10\n20\n30\n40\n50\n60\n70\n80\n90\n100\n");
    settings.queue_us = 30000;
    gn_test_track_init(&track, &settings, 1);
    gn_test_track_run(&track, 5000);
    for (int i = 0; i < 10; i++)
        gn_test_track_send(&track, 1472, 0);
    gn_test_track_run(&track, UINT64_MAX);
    ck_assert_uint_eq(track.arrived, 3); /* at 10, 20 and 30; the fourth would begin at 40 */
    free((void *)(uintptr_t)settings.plan.trace);
}
END_TEST

Suite *
gn_test_rate(void)
{
    Suite *suite = suite_create("sim/rate");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(good, set_up, tear_down);
    tcase_add_checked_fixture(limits, set_up, tear_down);
    tcase_add_test(good, rate_steps_hold_from_their_moment_on);
    tcase_add_test(good, rate_steps_begin_again_with_their_period);
    tcase_add_test(good, rate_step_carries_no_remainder_of_another);
    tcase_add_test(good, rate_trace_carries_a_packet_at_each_opportunity);
    tcase_add_test(good, rate_trace_packs_small_packets_and_splits_large_ones);
    tcase_add_test(good, rate_trace_does_not_keep_what_nobody_used);
    tcase_add_test(good, rate_trace_bounds_what_gets_through);
    tcase_add_test(good, rate_opportunities_are_found_in_every_round);
    tcase_add_test(limits, rate_opportunities_wrong_lines_are_told);
    tcase_add_test(limits, rate_queue_time_bounds_the_wait);
    tcase_add_test(limits, rate_queue_time_of_a_trace_looks_ahead);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    return suite;
}
