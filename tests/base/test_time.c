/*
 * test_time.c: what base/time.h promises.
 */
#include <check.h>

#include "base/time.h"
#include "suites.h"

START_TEST(time_units_are_microseconds)
{
    ck_assert_uint_eq(GN_MS, 1000);
    ck_assert_uint_eq(GN_SECOND, 1000 * GN_MS);
}
END_TEST

START_TEST(time_after_adds)
{
    ck_assert_uint_eq(gn_time_after(5, 7), 12);
    ck_assert_uint_eq(gn_time_after(0, 0), 0);
    ck_assert_uint_eq(gn_time_after(GN_NEVER - 7, 6), GN_NEVER - 1);
}
END_TEST

START_TEST(time_after_stops_at_never)
{
    ck_assert_uint_eq(gn_time_after(GN_NEVER - 7, 7), GN_NEVER);
    ck_assert_uint_eq(gn_time_after(GN_NEVER - 7, 8), GN_NEVER);
    ck_assert_uint_eq(gn_time_after(GN_NEVER, 1), GN_NEVER);
    ck_assert_uint_eq(gn_time_after(1, GN_NEVER), GN_NEVER);
    ck_assert_uint_eq(gn_time_after(GN_NEVER, GN_NEVER), GN_NEVER);
}
END_TEST

START_TEST(time_since_counts_back_and_never_below_nothing)
{
    ck_assert_uint_eq(gn_time_since(12, 5), 7);
    ck_assert_uint_eq(gn_time_since(5, 5), 0);
    ck_assert_uint_eq(gn_time_since(5, 6), 0);
    ck_assert_uint_eq(gn_time_since(5, 12), 0);
    ck_assert_uint_eq(gn_time_since(5, GN_NEVER), 0);
}
END_TEST

START_TEST(time_min_and_max_choose)
{
    ck_assert_uint_eq(gn_time_min(3, 4), 3);
    ck_assert_uint_eq(gn_time_min(4, 3), 3);
    ck_assert_uint_eq(gn_time_min(4, GN_NEVER), 4);
    ck_assert_uint_eq(gn_time_max(3, 4), 4);
    ck_assert_uint_eq(gn_time_max(4, 3), 4);
    ck_assert_uint_eq(gn_time_max(4, GN_NEVER), GN_NEVER);
}
END_TEST

Suite *
gn_test_time(void)
{
    Suite *s = suite_create("base/time");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_test(good, time_units_are_microseconds);
    tcase_add_test(good, time_after_adds);
    tcase_add_test(good, time_since_counts_back_and_never_below_nothing);
    tcase_add_test(good, time_min_and_max_choose);
    tcase_add_test(limits, time_after_stops_at_never);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    return s;
}
