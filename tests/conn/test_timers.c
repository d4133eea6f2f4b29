/*
 * test_timers.c: what conn/timers.h promises.
 */
#include <check.h>

#include "conn/timers.h"
#include "suites.h"

static gn_timers timers;

static void
all_off(void)
{
    for (int i = 0; i < GN_TIMERS; i++)
        timers.at[i] = (gn_time)i;
    gn_timers_init(&timers);
}

START_TEST(timers_init_switches_every_one_off)
{
    for (int i = 0; i < GN_TIMERS; i++)
        ck_assert_uint_eq(timers.at[i], GN_NEVER);
    ck_assert_uint_eq(gn_timers_next(&timers), GN_NEVER);
}
END_TEST

START_TEST(timers_next_is_the_only_one_that_is_on)
{
    timers.at[_i] = 7;
    ck_assert_uint_eq(gn_timers_next(&timers), 7);
}
END_TEST

START_TEST(timers_next_is_the_first_of_all)
{
    for (int i = 0; i < GN_TIMERS; i++)
        timers.at[i] = 1000 + (gn_time)((i + _i) % GN_TIMERS);
    ck_assert_uint_eq(gn_timers_next(&timers), 1000);
    timers.at[_i] = 0;
    ck_assert_uint_eq(gn_timers_next(&timers), 0);
}
END_TEST

Suite *
gn_test_timers(void)
{
    Suite *s = suite_create("conn/timers");
    TCase *good = tcase_create("good");

    tcase_add_checked_fixture(good, all_off, NULL);
    tcase_add_test(good, timers_init_switches_every_one_off);
    tcase_add_loop_test(good, timers_next_is_the_only_one_that_is_on, 0, GN_TIMERS);
    tcase_add_loop_test(good, timers_next_is_the_first_of_all, 0, GN_TIMERS);
    suite_add_tcase(s, good);
    return s;
}
