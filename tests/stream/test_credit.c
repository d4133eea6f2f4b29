/*
 * test_credit.c: what stream/credit.h promises (RFC 9000 section 4).
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "stream/credit.h"
#include "suites.h"
#include "tests/support/random.h"

static gn_credit_in in;
static gn_credit_out out;

static void
thousand(void)
{
    gn_credit_in_init(&in, 1000, GN_CREDIT_TOP_BYTES);
    gn_credit_out_init(&out, 1000);
}

START_TEST(credit_in_allows_up_to_the_limit_and_not_one_more)
{
    ck_assert(gn_credit_in_allows(&in, 1000));
    ck_assert(!gn_credit_in_allows(&in, 1001));
}
END_TEST

/* [R-9000-4.2-1] */
START_TEST(credit_in_wants_once_less_than_half_the_window_is_left)
{
    gn_credit_in_on_received(&in, 1000);
    gn_credit_in_on_consumed(&in, 500);
    ck_assert(!gn_credit_in_wants(&in));
    gn_credit_in_on_consumed(&in, 1);
    ck_assert(gn_credit_in_wants(&in));
    ck_assert_uint_eq(gn_credit_in_next(&in), 1501);
    gn_credit_in_on_sent(&in, 1501);
    ck_assert(!gn_credit_in_wants(&in));
    ck_assert(gn_credit_in_allows(&in, 1501));
}
END_TEST

START_TEST(credit_in_of_one_is_renewed_when_used)
{
    gn_credit_in_init(&in, 1, GN_CREDIT_TOP_STREAMS);
    gn_credit_in_on_received(&in, 1);
    ck_assert(!gn_credit_in_wants(&in));
    gn_credit_in_on_consumed(&in, 1);
    ck_assert(gn_credit_in_wants(&in));
    ck_assert_uint_eq(gn_credit_in_next(&in), 2);
}
END_TEST

START_TEST(credit_in_of_nothing_never_wants)
{
    gn_credit_in_init(&in, 0, GN_CREDIT_TOP_STREAMS);
    ck_assert(!gn_credit_in_wants(&in));
    ck_assert(!gn_credit_in_allows(&in, 1));
}
END_TEST

START_TEST(credit_in_lost_announcement_is_made_again_with_what_is_true_now)
{
    gn_credit_in_on_received(&in, 600);
    gn_credit_in_on_consumed(&in, 600);
    gn_credit_in_on_sent(&in, gn_credit_in_next(&in));
    gn_credit_in_on_received(&in, 700);
    gn_credit_in_on_consumed(&in, 100);
    ck_assert(!gn_credit_in_wants(&in));
    gn_credit_in_on_lost(&in, 1600);
    ck_assert(gn_credit_in_wants(&in));
    ck_assert_uint_eq(gn_credit_in_next(&in), 1700);
    gn_credit_in_on_sent(&in, 1700);
    gn_credit_in_on_lost(&in, 1600);
    ck_assert(!gn_credit_in_wants(&in));
}
END_TEST

START_TEST(credit_in_never_passes_the_top)
{
    gn_credit_in_init(&in, 10, 12);
    gn_credit_in_on_received(&in, 10);
    gn_credit_in_on_consumed(&in, 3);
    ck_assert_uint_eq(gn_credit_in_next(&in), 12);
    gn_credit_in_on_consumed(&in, 6);
    ck_assert_uint_eq(gn_credit_in_next(&in), 12);
    gn_credit_in_on_sent(&in, 12);
    gn_credit_in_on_consumed(&in, 1);
    ck_assert_uint_eq(gn_credit_in_next(&in), 12);
    ck_assert(!gn_credit_in_wants(&in));
    ck_assert(gn_credit_in_check(&in));
}
END_TEST

START_TEST(credit_in_widened_announces_the_wider_window_and_never_narrows)
{
    gn_credit_in_widen(&in, 4000);
    ck_assert(gn_credit_in_wants(&in));
    ck_assert_uint_eq(gn_credit_in_next(&in), 4000);
    gn_credit_in_widen(&in, 10);
    ck_assert_uint_eq(gn_credit_in_next(&in), 4000);
}
END_TEST

START_TEST(credit_in_receiving_beyond_the_limit_traps)
{
    gn_credit_in_on_received(&in, 1001);
}
END_TEST

START_TEST(credit_in_consuming_more_than_received_traps)
{
    gn_credit_in_on_consumed(&in, 1);
}
END_TEST

/* [R-9000-4.1-3] [R-9000-13.3-3] */
START_TEST(credit_out_only_rises)
{
    ck_assert(!gn_credit_out_raise(&out, 1000));
    ck_assert(!gn_credit_out_raise(&out, 10));
    ck_assert_uint_eq(gn_credit_out_left(&out), 1000);
    ck_assert(gn_credit_out_raise(&out, 1001));
    ck_assert_uint_eq(gn_credit_out_left(&out), 1001);
}
END_TEST

START_TEST(credit_out_says_blocked_once_a_limit)
{
    ck_assert(!gn_credit_out_wants_blocked(&out));
    gn_credit_out_use(&out, 1000);
    ck_assert(gn_credit_out_wants_blocked(&out));
    gn_credit_out_on_blocked_sent(&out);
    ck_assert(!gn_credit_out_wants_blocked(&out));
    gn_credit_out_on_blocked_lost(&out, 1000);
    ck_assert(gn_credit_out_wants_blocked(&out));
    gn_credit_out_on_blocked_sent(&out);
    ck_assert(gn_credit_out_raise(&out, 1500));
    ck_assert(!gn_credit_out_wants_blocked(&out));
    gn_credit_out_use(&out, 500);
    gn_credit_out_on_blocked_lost(&out, 1000);
    ck_assert(gn_credit_out_wants_blocked(&out));
}
END_TEST

START_TEST(credit_out_blocked_lost_at_an_old_limit_is_not_said_again)
{
    gn_credit_out_use(&out, 1000);
    gn_credit_out_on_blocked_sent(&out);
    ck_assert(gn_credit_out_raise(&out, 1500));
    gn_credit_out_use(&out, 500);
    gn_credit_out_on_blocked_sent(&out);
    gn_credit_out_on_blocked_lost(&out, 1000);
    ck_assert(!gn_credit_out_wants_blocked(&out));
}
END_TEST

START_TEST(credit_out_using_more_than_left_traps)
{
    gn_credit_out_use(&out, 1001);
}
END_TEST

START_TEST(credit_both_ends_agree_whatever_is_lost)
{
    uint64_t state = (uint64_t)_i;
    uint64_t sent[8] = {0};

    for (int i = 0; i < 400; i++) {
        const uint64_t r = gn_test_random(&state);
        const uint64_t left = gn_credit_out_left(&out);

        if (left > 0)
            gn_credit_out_use(&out, r / 8 % left);
        ck_assert(gn_credit_in_allows(&in, out.used));
        gn_credit_in_on_received(&in, out.used);
        gn_credit_in_on_consumed(&in, (in.received - in.consumed) / (1 + r % 3));
        if (gn_credit_in_wants(&in)) {
            const uint64_t before = in.limit;
            sent[r % 8] = gn_credit_in_next(&in);
            gn_credit_in_on_sent(&in, sent[r % 8]);
            ck_assert_uint_ge(in.limit, before);
        }
        /* Announcements arrive late, out of order, or are lost. */
        if (r / 64 % 3 > 0)
            (void)gn_credit_out_raise(&out, sent[r / 256 % 8]);
        else
            gn_credit_in_on_lost(&in, sent[r / 256 % 8]);
        ck_assert(gn_credit_in_check(&in) && gn_credit_out_check(&out));
    }
}
END_TEST

Suite *
gn_test_credit(void)
{
    Suite *s = suite_create("stream/credit");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, thousand, NULL);
    tcase_add_checked_fixture(limits, thousand, NULL);
    tcase_add_checked_fixture(random, thousand, NULL);
    tcase_add_test(good, credit_in_allows_up_to_the_limit_and_not_one_more);
    tcase_add_test(good, credit_in_wants_once_less_than_half_the_window_is_left);
    tcase_add_test(good, credit_in_lost_announcement_is_made_again_with_what_is_true_now);
    tcase_add_test(good, credit_in_widened_announces_the_wider_window_and_never_narrows);
    tcase_add_test(good, credit_out_only_rises);
    tcase_add_test(good, credit_out_says_blocked_once_a_limit);
    tcase_add_test(good, credit_out_blocked_lost_at_an_old_limit_is_not_said_again);
    tcase_add_test(limits, credit_in_of_one_is_renewed_when_used);
    tcase_add_test(limits, credit_in_of_nothing_never_wants);
    tcase_add_test(limits, credit_in_never_passes_the_top);
    tcase_add_test_raise_signal(limits, credit_in_receiving_beyond_the_limit_traps, SIGABRT);
    tcase_add_test_raise_signal(limits, credit_in_consuming_more_than_received_traps, SIGABRT);
    tcase_add_test_raise_signal(limits, credit_out_using_more_than_left_traps, SIGABRT);
    tcase_add_loop_test(random, credit_both_ends_agree_whatever_is_lost, 0, 100);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
