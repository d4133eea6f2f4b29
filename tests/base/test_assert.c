/*
 * test_assert.c: what base/assert.h promises.
 */
#include <check.h>
#include <signal.h>

#include "base/assert.h"
#include "suites.h"

START_TEST(assert_true_goes_on)
{
    int seen = 0;

    GN_ASSERT(++seen == 1);
    ck_assert_int_eq(seen, 1);
}
END_TEST

START_TEST(assert_false_stops_the_program)
{
    GN_ASSERT(_i == 1);
}
END_TEST

Suite *
gn_test_assert(void)
{
    Suite *s = suite_create("base/assert");
    TCase *good = tcase_create("good");
    TCase *trap = tcase_create("limits");

    tcase_add_test(good, assert_true_goes_on);
    tcase_add_test_raise_signal(trap, assert_false_stops_the_program, SIGABRT);
    suite_add_tcase(s, good);
    suite_add_tcase(s, trap);
    return s;
}
