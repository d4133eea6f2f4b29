/*
 * test_rtt.c: what recovery/rtt.h promises.
 */
#include <check.h>
#include <signal.h>

#include "recovery/rtt.h"
#include "suites.h"
#include "tests/support/random.h"

static gn_rtt rtt;

static void
fresh(void)
{
    gn_rtt_init(&rtt);
}

static void
sample(uint64_t sample_us, uint64_t delay_us, bool confirmed)
{
    gn_rtt_update(&rtt, 5 * GN_SECOND, sample_us, delay_us, 25 * GN_MS, confirmed);
}

START_TEST(rtt_before_any_sample_probes_after_a_second)
{
    ck_assert(!gn_rtt_sampled(&rtt));
    ck_assert_uint_eq(rtt.smoothed_us, 333 * GN_MS);
    ck_assert_uint_eq(rtt.var_us, 333 * GN_MS / 2);
    ck_assert_uint_eq(gn_rtt_pto_us(&rtt, 0), 999 * GN_MS);
}
END_TEST

/* [R-9002-5.2-1] */
START_TEST(rtt_first_sample_replaces_what_was_assumed)
{
    sample(80 * GN_MS, 20 * GN_MS, false);
    ck_assert(gn_rtt_sampled(&rtt));
    ck_assert_uint_eq(rtt.first_sample_at, 5 * GN_SECOND);
    ck_assert_uint_eq(rtt.latest_us, 80 * GN_MS);
    ck_assert_uint_eq(rtt.min_us, 80 * GN_MS);
    ck_assert_uint_eq(rtt.smoothed_us, 80 * GN_MS);
    ck_assert_uint_eq(rtt.var_us, 40 * GN_MS);
}
END_TEST

/* Worked by hand from RFC 9002 5.3; the first sample is 80 ms, without delay. */
static const struct {
    uint64_t sample_us, delay_us;
    bool confirmed;
    uint64_t smoothed_us, var_us, min_us;
} seconds[] = {
    /* The delay comes off: 120 - 20 = 100; (7 * 80 + 100) / 8; (3 * 40 + 20) / 4. */
    {120000, 20000, true, 82500, 35000, 80000},
    /* Confirmed, only max_ack_delay of 60 comes off: 120 - 25 = 95. */
    {120000, 60000, true, 81875, 33750, 80000},
    /* Not confirmed, all 40 of it: 80. */
    {120000, 40000, false, 80000, 30000, 80000},
    /* It would fall below the least sample, so nothing comes off. */
    {100000, 20001, true, 82500, 35000, 80000},
    /* It falls exactly on it. */
    {100000, 20000, true, 80000, 30000, 80000},
    /* A sample below the least is the least, whatever the delay. */
    {40000, 20000, true, 75000, 40000, 40000},
};

/* [R-9002-5.2-2] [R-9002-5.3-1] [R-9002-5.3-2] */
START_TEST(rtt_second_sample_moves_as_worked_by_hand)
{
    sample(80 * GN_MS, 0, false);
    sample(seconds[_i].sample_us, seconds[_i].delay_us, seconds[_i].confirmed);
    ck_assert_uint_eq(rtt.latest_us, seconds[_i].sample_us);
    ck_assert_uint_eq(rtt.smoothed_us, seconds[_i].smoothed_us);
    ck_assert_uint_eq(rtt.var_us, seconds[_i].var_us);
    ck_assert_uint_eq(rtt.min_us, seconds[_i].min_us);
    ck_assert_uint_eq(rtt.first_sample_at, 5 * GN_SECOND);
}
END_TEST

START_TEST(rtt_pto_adds_the_deviation_and_the_peers_delay)
{
    sample(80 * GN_MS, 0, false);
    ck_assert_uint_eq(gn_rtt_pto_us(&rtt, 0), 240 * GN_MS);
    ck_assert_uint_eq(gn_rtt_pto_us(&rtt, 25 * GN_MS), 265 * GN_MS);
}
END_TEST

/* [R-9002-6.1.2-1] [R-9002-6.2.1-1] */
START_TEST(rtt_no_timer_is_finer_than_the_granularity)
{
    sample(0, 0, false);
    ck_assert_uint_eq(gn_rtt_pto_us(&rtt, 0), GN_MS);
    ck_assert_uint_eq(gn_rtt_loss_delay_us(&rtt), GN_MS);
}
END_TEST

START_TEST(rtt_loss_delay_is_nine_eighths_of_the_longer_one)
{
    sample(80 * GN_MS, 0, false);
    ck_assert_uint_eq(gn_rtt_loss_delay_us(&rtt), 90 * GN_MS);
    sample(160 * GN_MS, 0, false);
    ck_assert_uint_eq(gn_rtt_loss_delay_us(&rtt), 180 * GN_MS);
    sample(40 * GN_MS, 0, false);
    ck_assert_uint_eq(rtt.smoothed_us, (7 * 90 * GN_MS + 40 * GN_MS) / 8);
    ck_assert_uint_eq(gn_rtt_loss_delay_us(&rtt), rtt.smoothed_us + rtt.smoothed_us / 8);
}
END_TEST

START_TEST(rtt_persistent_congestion_forgets_the_least)
{
    sample(10 * GN_MS, 0, true);
    sample(70 * GN_MS, 0, true);
    ck_assert_uint_eq(rtt.min_us, 10 * GN_MS);
    gn_rtt_on_persistent(&rtt);
    ck_assert_uint_eq(rtt.min_us, 70 * GN_MS);
}
END_TEST

START_TEST(rtt_endless_samples_and_delays_are_cut)
{
    for (int i = 0; i < 100; i++)
        sample(UINT64_MAX - (uint64_t)i, i % 3 == 0 ? UINT64_MAX : 0, i % 2 == 0);
    ck_assert_uint_eq(rtt.latest_us, GN_RTT_MAX_US);
    ck_assert_uint_le(rtt.smoothed_us, GN_RTT_MAX_US);
    ck_assert_uint_le(gn_rtt_pto_us(&rtt, GN_RTT_MAX_US), 6 * GN_RTT_MAX_US + GN_MS);
    ck_assert_uint_le(gn_rtt_loss_delay_us(&rtt), 2 * GN_RTT_MAX_US);
}
END_TEST

START_TEST(rtt_sample_at_never_traps)
{
    gn_rtt_update(&rtt, GN_NEVER, 1, 0, 0, false);
}
END_TEST

START_TEST(rtt_average_stays_within_the_samples)
{
    uint64_t state = (uint64_t)_i;
    uint64_t least = UINT64_MAX;
    uint64_t most = 0;

    for (int i = 0; i < 200; i++) {
        const uint64_t us = gn_test_random(&state) % (1 + (UINT64_C(1) << (_i % 32)));

        least = us < least ? us : least;
        most = us > most ? us : most;
        sample(us, gn_test_random(&state) % 50000, gn_test_random(&state) % 2 == 0);
        ck_assert_uint_eq(rtt.min_us, least);
        ck_assert_uint_le(rtt.smoothed_us, most);
        /* Each step rounds down by less than 1, and a step keeps 7/8 of that. */
        ck_assert_uint_ge(rtt.smoothed_us + 8, least);
        ck_assert_uint_le(rtt.var_us, most);
    }
}
END_TEST

Suite *
gn_test_rtt(void)
{
    Suite *s = suite_create("recovery/rtt");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");
    TCase *table = tcase_create("table");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, fresh, NULL);
    tcase_add_checked_fixture(limits, fresh, NULL);
    tcase_add_checked_fixture(table, fresh, NULL);
    tcase_add_checked_fixture(random, fresh, NULL);
    tcase_add_test(good, rtt_before_any_sample_probes_after_a_second);
    tcase_add_test(good, rtt_first_sample_replaces_what_was_assumed);
    tcase_add_test(good, rtt_pto_adds_the_deviation_and_the_peers_delay);
    tcase_add_test(good, rtt_loss_delay_is_nine_eighths_of_the_longer_one);
    tcase_add_test(good, rtt_persistent_congestion_forgets_the_least);
    tcase_add_test(limits, rtt_no_timer_is_finer_than_the_granularity);
    tcase_add_test(limits, rtt_endless_samples_and_delays_are_cut);
    tcase_add_test_raise_signal(limits, rtt_sample_at_never_traps, SIGABRT);
    tcase_add_loop_test(table, rtt_second_sample_moves_as_worked_by_hand, 0,
                        (int)(sizeof seconds / sizeof seconds[0]));
    tcase_add_loop_test(random, rtt_average_stays_within_the_samples, 0, 100);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, table);
    suite_add_tcase(s, random);
    return s;
}
