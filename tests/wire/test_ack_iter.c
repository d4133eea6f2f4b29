/*
 * test_ack_iter.c: what wire/ack_iter.h promises.
 */
#include <check.h>
#include <signal.h>

#include "suites.h"
#include "tests/support/frames.h"
#include "wire/ack_iter.h"

START_TEST(ack_iter_tells_every_range_downwards)
{
    const gn_test_sample bytes = gn_test_hex("02 0a 00 02 02 0101 0200");
    const gn_frame f = gn_test_frames_read(&bytes);
    gn_ack_iter it = gn_ack_iter_over(&f.as.ack);
    gn_range range = {7, 7};

    ck_assert(gn_ack_iter_next(&it, &range));
    ck_assert_uint_eq(range.from, 8);
    ck_assert_uint_eq(range.to, 11);
    ck_assert(gn_ack_iter_next(&it, &range));
    ck_assert_uint_eq(range.from, 4);
    ck_assert_uint_eq(range.to, 6);
    ck_assert(gn_ack_iter_next(&it, &range));
    ck_assert_uint_eq(range.from, 0);
    ck_assert_uint_eq(range.to, 1);
    ck_assert(!gn_ack_iter_next(&it, &range));
    ck_assert(!gn_ack_iter_next(&it, &range));
    ck_assert_uint_eq(range.from, 0);
}
END_TEST

START_TEST(ack_iter_reaches_both_ends_of_the_number_space)
{
    const gn_test_sample bytes = gn_test_hex("02 ffffffffffffffff 00 01 00 fffffffffffffffd 00");
    const gn_frame f = gn_test_frames_read(&bytes);
    gn_ack_iter it = gn_ack_iter_over(&f.as.ack);
    gn_range range = {0};

    ck_assert(gn_ack_iter_next(&it, &range));
    ck_assert_uint_eq(range.from, GN_VARINT_MAX);
    ck_assert_uint_eq(range.to, GN_VARINT_MAX + 1);
    ck_assert(gn_ack_iter_next(&it, &range));
    ck_assert_uint_eq(range.from, 0);
    ck_assert_uint_eq(range.to, 1);
    ck_assert(!gn_ack_iter_next(&it, &range));
}
END_TEST

START_TEST(ack_iter_over_a_frame_nobody_judged_traps)
{
    const gn_frame_ack ack = {.largest = 5, .range_count = 1};
    gn_ack_iter it = gn_ack_iter_over(&ack);
    gn_range range = {0};

    (void)gn_ack_iter_next(&it, &range);
}
END_TEST

Suite *
gn_test_ack_iter(void)
{
    Suite *s = suite_create("wire/ack_iter");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_test(good, ack_iter_tells_every_range_downwards);
    tcase_add_test(limits, ack_iter_reaches_both_ends_of_the_number_space);
    tcase_add_test_raise_signal(limits, ack_iter_over_a_frame_nobody_judged_traps, SIGABRT);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    return s;
}
