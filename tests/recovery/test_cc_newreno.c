/*
 * test_cc_newreno.c: what recovery/cc_newreno.h promises, through cc.h as it is used.
 */
#include <check.h>

#include "recovery/cc.h"
#include "recovery/cc_newreno.h"
#include "suites.h"

static gn_cc cc;
static gn_time now;

static void
fresh(void)
{
    gn_cc_init(&cc, GN_CC_NEWRENO, 1200);
    now = 0;
}

/* Fills the window, and a round trip later all of it is acknowledged. */
static void
round_trip(void)
{
    const gn_time sent_at = ++now;
    uint32_t count = 0;

    while (gn_cc_allowance(&cc) >= 1200) {
        gn_cc_on_sent(&cc, 1200, sent_at);
        count++;
    }
    now++;
    for (uint32_t i = 0; i < count; i++)
        gn_cc_on_acked(&cc, 1200, sent_at, now, false);
}

START_TEST(cc_newreno_doubles_each_round_trip_in_slow_start)
{
    for (uint64_t window = 12000; window < 1000000; window *= 2) {
        ck_assert_uint_eq(cc.window_bytes, window);
        round_trip();
    }
}
END_TEST

/* [R-9000-13.3-4] [R-9002-7.3.1-1] [R-9002-7.3.2-1] [R-9002-7.3.2-2] */
START_TEST(cc_newreno_halves_on_congestion)
{
    round_trip();
    gn_cc_on_ecn_ce(&cc, now, now);
    ck_assert_uint_eq(cc.window_bytes, 12000);
    ck_assert_uint_eq(cc.ssthresh_bytes, 12000);
    ck_assert(!gn_cc_in_slow_start(&cc));
}
END_TEST

/* [R-9002-7.3.3-1] */
START_TEST(cc_newreno_adds_one_datagram_each_round_trip_after_that)
{
    gn_cc_on_ecn_ce(&cc, now, now);
    for (uint64_t window = 6000; window < 60000; window += 1200) {
        ck_assert_uint_eq(cc.window_bytes, window);
        round_trip();
    }
}
END_TEST

/* [R-9002-7.3.3-1] */
START_TEST(cc_newreno_never_adds_more_than_a_datagram_for_a_window)
{
    gn_cc_on_ecn_ce(&cc, now, now);
    uint64_t acked = 0;
    const uint64_t before = cc.window_bytes;

    for (int i = 0; i < 997; i++) {
        now++;
        gn_cc_on_sent(&cc, 301, now);
        gn_cc_on_acked(&cc, 301, now, now, false);
        acked += 301;
        /* The window of the moment is at least the one before, so this many at the most. */
        ck_assert_uint_le(cc.window_bytes, before + 1200 * (acked / before));
    }
    ck_assert_uint_gt(cc.window_bytes, before + 10 * 1200);
}
END_TEST

START_TEST(cc_newreno_never_falls_below_two_datagrams)
{
    for (int i = 0; i < 10; i++) {
        now++;
        gn_cc_on_ecn_ce(&cc, now, now);
    }
    ck_assert_uint_eq(cc.window_bytes, 2400);
    ck_assert_uint_eq(cc.ssthresh_bytes, 1200);
    ck_assert(!gn_cc_in_slow_start(&cc));
}
END_TEST

START_TEST(cc_newreno_climbs_from_persistent_congestion_to_half_its_window)
{
    gn_cc_on_ecn_ce(&cc, now, now);
    gn_cc_on_persistent(&cc);
    ck_assert_uint_eq(cc.window_bytes, 2400);
    ck_assert_uint_eq(cc.ssthresh_bytes, 6000);
    round_trip();
    ck_assert_uint_eq(cc.window_bytes, 4800);
    round_trip();
    /* 4,800 + 1,200 reaches the threshold; the rest counts towards the next datagram. */
    ck_assert_uint_eq(cc.window_bytes, 6000);
    ck_assert(!gn_cc_in_slow_start(&cc));
}
END_TEST

Suite *
gn_test_cc_newreno(void)
{
    Suite *s = suite_create("recovery/cc_newreno");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(good, fresh, NULL);
    tcase_add_checked_fixture(limits, fresh, NULL);
    tcase_add_test(good, cc_newreno_doubles_each_round_trip_in_slow_start);
    tcase_add_test(good, cc_newreno_halves_on_congestion);
    tcase_add_test(good, cc_newreno_adds_one_datagram_each_round_trip_after_that);
    tcase_add_test(good, cc_newreno_climbs_from_persistent_congestion_to_half_its_window);
    tcase_add_test(limits, cc_newreno_never_adds_more_than_a_datagram_for_a_window);
    tcase_add_test(limits, cc_newreno_never_falls_below_two_datagrams);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    return s;
}
