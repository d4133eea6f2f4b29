/*
 * test_pacer.c: what recovery/pacer.h promises.
 */
#include <check.h>
#include <signal.h>

#include "prop.h"
#include "recovery/pacer.h"
#include "suites.h"
#include "tests/support/random.h"

static gn_pacer pacer;
static gn_rtt rtt;

/* 5/4 of 12,000 bytes in 120 ms: 1/8 byte a microsecond, a datagram in 9.6 ms. */
#define GAP 9600

static void
fresh(void)
{
    gn_pacer_init(&pacer, 1200, GN_SECOND);
    gn_rtt_init(&rtt);
    gn_rtt_update(&rtt, 0, 120 * GN_MS, 0, 0, true);
}

static gn_time
next(gn_time now)
{
    return gn_pacer_next(&pacer, 12000, &rtt, now);
}

static void
burst(gn_time now)
{
    for (int i = 0; i < 10; i++) {
        ck_assert_uint_eq(next(now), now);
        gn_pacer_on_sent(&pacer, 1200);
    }
    ck_assert_uint_gt(next(now), now);
}

/* [R-9002-7.7-1] */
START_TEST(pacer_lets_ten_datagrams_go_and_then_spaces_them)
{
    burst(GN_SECOND);
    for (gn_time now = GN_SECOND; now < 2 * GN_SECOND;) {
        ck_assert_uint_eq(next(now), now + GAP);
        now += GAP;
        ck_assert_uint_eq(next(now - 1), now);
        ck_assert_uint_eq(next(now), now);
        gn_pacer_on_sent(&pacer, 1200);
    }
}
END_TEST

START_TEST(pacer_that_was_quiet_has_one_burst_and_no_more)
{
    burst(GN_SECOND);
    burst(1000 * GN_SECOND);
}
END_TEST

START_TEST(pacer_small_datagrams_cost_less)
{
    burst(GN_SECOND);
    ck_assert_uint_eq(next(GN_SECOND + GAP), GN_SECOND + GAP);
    gn_pacer_on_sent(&pacer, 600);
    ck_assert_uint_eq(next(GN_SECOND + GAP), GN_SECOND + GAP + GAP / 2);
}
END_TEST

START_TEST(pacer_follows_the_window_and_the_round_trip)
{
    burst(GN_SECOND);
    ck_assert_uint_eq(gn_pacer_next(&pacer, 24000, &rtt, GN_SECOND), GN_SECOND + GAP / 2);
    rtt.smoothed_us = 60 * GN_MS;
    ck_assert_uint_eq(gn_pacer_next(&pacer, 24000, &rtt, GN_SECOND), GN_SECOND + GAP / 4);
}
END_TEST

START_TEST(pacer_probe_empties_the_bucket_at_most)
{
    burst(GN_SECOND);
    gn_pacer_on_sent(&pacer, 1200);
    gn_pacer_on_sent(&pacer, UINT64_MAX);
    ck_assert_uint_eq(next(GN_SECOND), GN_SECOND + GAP);
}
END_TEST

START_TEST(pacer_takes_another_datagram_size)
{
    burst(GN_SECOND);
    gn_pacer_on_mtu(&pacer, 1500);
    ck_assert_uint_eq(next(GN_SECOND), GN_SECOND + GAP * 5 / 4);

    /* A smaller one makes the bucket smaller, too. */
    gn_pacer_init(&pacer, 1500, GN_SECOND);
    gn_pacer_on_mtu(&pacer, 1200);
    burst(GN_SECOND);
}
END_TEST

/* Windows and round trips at the ends of what there is. */
static const struct {
    uint64_t window_bytes, smoothed_us;
} extremes[] = {{0, 1},
                {0, GN_RTT_MAX_US},
                {1, GN_RTT_MAX_US},
                {2400, GN_RTT_MAX_US},
                {2400, 0},
                {UINT64_MAX, 0},
                {UINT64_MAX, 1},
                {UINT64_MAX, GN_RTT_MAX_US},
                {GN_PACER_WINDOW_MAX, 1},
                {GN_PACER_WINDOW_MAX + 1, GN_MS}};

START_TEST(pacer_keeps_its_word_at_the_ends)
{
    gn_time now = GN_SECOND;

    rtt.smoothed_us = extremes[_i].smoothed_us;
    ck_assert_uint_gt(gn_pacer_rate(extremes[_i].window_bytes, &rtt), 0);
    for (int i = 0; i < 100; i++) {
        const gn_time at = gn_pacer_next(&pacer, extremes[_i].window_bytes, &rtt, now);

        ck_assert_uint_ge(at, now);
        ck_assert_uint_ne(at, GN_NEVER);
        ck_assert_uint_eq(gn_pacer_next(&pacer, extremes[_i].window_bytes, &rtt, at), at);
        gn_pacer_on_sent(&pacer, 1200);
        now = at;
    }
    ck_assert_uint_eq(gn_pacer_next(&pacer, extremes[_i].window_bytes, &rtt, GN_NEVER), GN_NEVER);
}
END_TEST

START_TEST(pacer_time_that_runs_back_traps)
{
    next(GN_SECOND - 1);
}
END_TEST

/* [R-9002-7.7-1] */
START_TEST(pacer_never_lets_more_go_than_its_rate)
{
    uint64_t state = (uint64_t)_i;
    uint8_t ops[900];

    gn_test_random_fill(&state, ops, sizeof ops);
    ck_assert(gn_prop_pacer(ops, sizeof ops));
}
END_TEST

Suite *
gn_test_pacer(void)
{
    Suite *s = suite_create("recovery/pacer");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, fresh, NULL);
    tcase_add_checked_fixture(limits, fresh, NULL);
    tcase_add_test(good, pacer_lets_ten_datagrams_go_and_then_spaces_them);
    tcase_add_test(good, pacer_that_was_quiet_has_one_burst_and_no_more);
    tcase_add_test(good, pacer_small_datagrams_cost_less);
    tcase_add_test(good, pacer_follows_the_window_and_the_round_trip);
    tcase_add_test(good, pacer_probe_empties_the_bucket_at_most);
    tcase_add_test(good, pacer_takes_another_datagram_size);
    tcase_add_loop_test(limits, pacer_keeps_its_word_at_the_ends, 0,
                        (int)(sizeof extremes / sizeof extremes[0]));
    tcase_add_test_raise_signal(limits, pacer_time_that_runs_back_traps, SIGABRT);
    tcase_add_loop_test(random, pacer_never_lets_more_go_than_its_rate, 0, 200);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
