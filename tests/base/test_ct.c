/*
 * test_ct.c: what base/ct.h promises, but for the time it takes.
 */
#include <check.h>
#include <string.h>

#include "base/ct.h"
#include "suites.h"
#include "tests/support/random.h"

/* [R-9000-10.3.1-4] */
START_TEST(ct_equal_sees_any_one_bit)
{
    uint64_t state = 1;
    uint8_t a[24];
    uint8_t b[24];

    gn_test_random_fill(&state, a, sizeof a);
    memcpy(b, a, sizeof b);
    ck_assert(gn_ct_equal(a, b, sizeof a));
    for (size_t bit = 0; bit < 8 * sizeof a; bit++) {
        b[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        ck_assert(!gn_ct_equal(a, b, sizeof a));
        b[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
}
END_TEST

START_TEST(ct_equal_looks_no_further_than_told)
{
    const uint8_t a[3] = {1, 2, 3};
    const uint8_t b[3] = {1, 2, 4};

    ck_assert(gn_ct_equal(a, b, 2));
    ck_assert(gn_ct_equal(NULL, NULL, 0));
}
END_TEST

START_TEST(ct_wipe_clears_that_many_and_no_more)
{
    uint8_t bytes[6] = {1, 2, 3, 4, 5, 6};

    gn_ct_wipe(bytes + 1, 4);
    ck_assert_mem_eq(bytes, ((uint8_t[]){1, 0, 0, 0, 0, 6}), 6);
    gn_ct_wipe(bytes, 0);
    ck_assert_uint_eq(bytes[0], 1);
}
END_TEST

/* Eight bytes at a time is no reason to touch a ninth. */
START_TEST(ct_wipe_is_exact_wherever_it_begins_and_ends)
{
    uint64_t room[8];
    uint8_t *bytes = (uint8_t *)room;

    for (size_t from = 0; from < 12; from++)
        for (size_t len = 0; from + len <= sizeof room; len++) {
            memset(room, 0xa5, sizeof room);
            gn_ct_wipe(bytes + from, len);
            for (size_t i = 0; i < sizeof room; i++)
                ck_assert_uint_eq(bytes[i], i < from || i >= from + len ? 0xa5 : 0);
        }
}
END_TEST

Suite *
gn_test_ct(void)
{
    Suite *s = suite_create("base/ct");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_test(good, ct_equal_sees_any_one_bit);
    tcase_add_test(good, ct_wipe_clears_that_many_and_no_more);
    tcase_add_test(good, ct_wipe_is_exact_wherever_it_begins_and_ends);
    tcase_add_test(limits, ct_equal_looks_no_further_than_told);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    return s;
}
