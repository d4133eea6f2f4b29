/*
 * test_bytes.c: what base/bytes.h promises.
 */
#include <check.h>
#include <string.h>

#include "base/bytes.h"
#include "suites.h"

START_TEST(bytes_copy_takes_that_many_and_no_more)
{
    const uint8_t from[4] = {1, 2, 3, 4};
    uint8_t to[4] = {9, 9, 9, 9};

    gn_bytes_copy(to, from, 3);
    ck_assert_mem_eq(to, ((uint8_t[]){1, 2, 3, 9}), 4);
}
END_TEST

START_TEST(bytes_fill_sets_that_many_and_no_more)
{
    uint8_t to[4] = {9, 9, 9, 9};

    gn_bytes_fill(to, 0xff, 3);
    ck_assert_mem_eq(to, ((uint8_t[]){0xff, 0xff, 0xff, 9}), 4);
}
END_TEST

START_TEST(bytes_equal_looks_at_every_one)
{
    const uint8_t a[3] = {1, 2, 3};

    ck_assert(gn_bytes_equal(a, (const uint8_t[]){1, 2, 3}, 3));
    ck_assert(!gn_bytes_equal(a, (const uint8_t[]){9, 2, 3}, 3));
    ck_assert(!gn_bytes_equal(a, (const uint8_t[]){1, 2, 9}, 3));
    ck_assert(gn_bytes_equal(a, (const uint8_t[]){1, 2, 9}, 2));
}
END_TEST

START_TEST(bytes_none_are_fine_at_no_address)
{
    gn_bytes_copy(NULL, NULL, 0);
    gn_bytes_fill(NULL, 1, 0);
    ck_assert(gn_bytes_equal(NULL, NULL, 0));
}
END_TEST

Suite *
gn_test_bytes(void)
{
    Suite *s = suite_create("base/bytes");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_test(good, bytes_copy_takes_that_many_and_no_more);
    tcase_add_test(good, bytes_fill_sets_that_many_and_no_more);
    tcase_add_test(good, bytes_equal_looks_at_every_one);
    tcase_add_test(limits, bytes_none_are_fine_at_no_address);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    return s;
}
