/*
 * test_ranges.c: what base/ranges.h promises.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "base/ranges.h"
#include "prop.h"
#include "suites.h"
#include "tests/support/random.h"

static gn_ranges set;

static void
empty(void)
{
    memset(&set, 0xff, sizeof set);
    gn_ranges_init(&set);
}

static void
add(uint64_t from, uint64_t to)
{
    ck_assert_int_eq(gn_ranges_add(&set, from, to), GN_OK);
    ck_assert(gn_ranges_check(&set));
}

static void
cut(uint64_t from, uint64_t to)
{
    ck_assert_int_eq(gn_ranges_cut(&set, from, to), GN_OK);
    ck_assert(gn_ranges_check(&set));
}

/* 10-20, 30-40, 50-60 ... as many as there is room for. */
static void
fill_up(void)
{
    for (uint64_t i = 1; i <= GN_RANGES_MAX; i++)
        add(20 * i - 10, 20 * i);
    ck_assert_uint_eq(set.count, GN_RANGES_MAX);
}

static void
expect(const gn_range *ranges, uint32_t count)
{
    ck_assert_uint_eq(set.count, count);
    for (uint32_t i = 0; i < count; i++) {
        ck_assert_uint_eq(set.at[i].from, ranges[i].from);
        ck_assert_uint_eq(set.at[i].to, ranges[i].to);
    }
}

#define EXPECT(...)                                                                                \
    expect((const gn_range[]){__VA_ARGS__}, sizeof((gn_range[]){__VA_ARGS__}) / sizeof(gn_range))

START_TEST(ranges_init_makes_an_empty_set)
{
    ck_assert_uint_eq(set.count, 0);
    ck_assert(gn_ranges_check(&set));
    ck_assert_uint_eq(gn_ranges_end(&set), 0);
    ck_assert(!gn_ranges_has(&set, 0));
    ck_assert(!gn_ranges_covers(&set, 0, 1));
    ck_assert(gn_ranges_covers(&set, 5, 5));
}
END_TEST

START_TEST(ranges_add_in_order_stays_one_range)
{
    for (uint64_t v = 0; v < 1000; v++)
        add(v, v + 1);
    EXPECT({0, 1000});
    ck_assert_uint_eq(gn_ranges_end(&set), 1000);
}
END_TEST

START_TEST(ranges_add_nothing_changes_nothing)
{
    add(7, 7);
    ck_assert_uint_eq(set.count, 0);
}
END_TEST

START_TEST(ranges_add_apart_keeps_them_sorted)
{
    add(50, 60);
    add(10, 20);
    add(30, 40);
    EXPECT({10, 20}, {30, 40}, {50, 60});
}
END_TEST

START_TEST(ranges_add_between_two_merges_both)
{
    add(10, 20);
    add(30, 40);
    add(20, 30);
    EXPECT({10, 40});
}
END_TEST

START_TEST(ranges_add_over_many_swallows_them)
{
    add(10, 20);
    add(30, 40);
    add(50, 60);
    add(70, 80);
    add(15, 55);
    EXPECT({10, 60}, {70, 80});
    add(0, 100);
    EXPECT({0, 100});
}
END_TEST

START_TEST(ranges_add_what_is_there_changes_nothing)
{
    add(10, 20);
    add(10, 20);
    add(12, 15);
    EXPECT({10, 20});
}
END_TEST

START_TEST(ranges_has_knows_the_edges)
{
    add(10, 20);
    add(30, 40);
    ck_assert(!gn_ranges_has(&set, 9));
    ck_assert(gn_ranges_has(&set, 10));
    ck_assert(gn_ranges_has(&set, 19));
    ck_assert(!gn_ranges_has(&set, 20));
    ck_assert(gn_ranges_has(&set, 30));
    ck_assert(!gn_ranges_has(&set, 40));
    ck_assert(!gn_ranges_has(&set, UINT64_MAX));
}
END_TEST

START_TEST(ranges_covers_wants_all_of_it)
{
    add(10, 20);
    add(30, 40);
    ck_assert(gn_ranges_covers(&set, 10, 20));
    ck_assert(gn_ranges_covers(&set, 35, 36));
    ck_assert(!gn_ranges_covers(&set, 10, 21));
    ck_assert(!gn_ranges_covers(&set, 9, 20));
    ck_assert(!gn_ranges_covers(&set, 15, 35));
    ck_assert(!gn_ranges_covers(&set, 22, 25));
}
END_TEST

START_TEST(ranges_cut_trims_splits_and_removes)
{
    add(10, 20);
    add(30, 40);
    add(50, 60);
    cut(15, 30);
    EXPECT({10, 15}, {30, 40}, {50, 60});
    cut(33, 35);
    EXPECT({10, 15}, {30, 33}, {35, 40}, {50, 60});
    cut(12, 55);
    EXPECT({10, 12}, {55, 60});
    cut(12, 55);
    EXPECT({10, 12}, {55, 60});
    cut(0, UINT64_MAX);
    ck_assert_uint_eq(set.count, 0);
}
END_TEST

START_TEST(ranges_cut_below_keeps_what_is_above)
{
    add(10, 20);
    add(30, 40);
    add(50, 60);
    gn_ranges_cut_below(&set, 10);
    EXPECT({10, 20}, {30, 40}, {50, 60});
    gn_ranges_cut_below(&set, 20);
    EXPECT({30, 40}, {50, 60});
    gn_ranges_cut_below(&set, 35);
    EXPECT({35, 40}, {50, 60});
    gn_ranges_cut_below(&set, 100);
    ck_assert_uint_eq(set.count, 0);
    ck_assert(gn_ranges_check(&set));
}
END_TEST

START_TEST(ranges_drop_first_takes_the_lowest)
{
    add(10, 20);
    add(30, 40);
    gn_ranges_drop_first(&set);
    EXPECT({30, 40});
    ck_assert(gn_ranges_check(&set));
}
END_TEST

START_TEST(ranges_reach_from_nothing_to_the_end_of_numbers)
{
    add(UINT64_MAX - 1, UINT64_MAX);
    add(0, 1);
    EXPECT({0, 1}, {UINT64_MAX - 1, UINT64_MAX});
    add(1, UINT64_MAX - 1);
    EXPECT({0, UINT64_MAX});
    cut(0, 1);
    EXPECT({1, UINT64_MAX});
    gn_ranges_cut_below(&set, UINT64_MAX);
    ck_assert_uint_eq(set.count, 0);
}
END_TEST

START_TEST(ranges_add_one_too_many_is_full_and_changes_nothing)
{
    fill_up();
    const gn_ranges before = set;

    ck_assert_int_eq(gn_ranges_add(&set, 0, 1), GN_ERR_FULL);
    ck_assert_int_eq(gn_ranges_add(&set, 25, 26), GN_ERR_FULL);
    ck_assert_int_eq(gn_ranges_add(&set, 10000, 10001), GN_ERR_FULL);
    ck_assert_mem_eq(&set, &before, sizeof set);

    /* What touches or overlaps needs no room. */
    add(20, 21);
    add(5, 10);
    ck_assert_uint_eq(set.count, GN_RANGES_MAX);
    gn_ranges_drop_first(&set);
    add(10000, 10001);
    ck_assert_uint_eq(set.count, GN_RANGES_MAX);
}
END_TEST

START_TEST(ranges_cut_that_splits_one_too_many_is_full_and_changes_nothing)
{
    fill_up();
    const gn_ranges before = set;

    ck_assert_int_eq(gn_ranges_cut(&set, 12, 13), GN_ERR_FULL);
    ck_assert_mem_eq(&set, &before, sizeof set);
    cut(10, 13);
    cut(17, 32);
    ck_assert_uint_eq(set.count, GN_RANGES_MAX);
    cut(32, 40);
    cut(14, 15);
    ck_assert_uint_eq(set.count, GN_RANGES_MAX);
}
END_TEST

START_TEST(ranges_equal_sets_are_equal_bytes)
{
    add(10, 20);
    const gn_ranges once = set;

    add(30, 40);
    add(50, 60);
    cut(25, 100);
    ck_assert_mem_eq(&set, &once, sizeof set);
}
END_TEST

START_TEST(ranges_drop_first_of_nothing_traps)
{
    gn_ranges_drop_first(&set);
}
END_TEST

START_TEST(ranges_add_backwards_traps)
{
    ck_assert_int_eq(gn_ranges_add(&set, 2, 1), GN_ERR_RANGE);
}
END_TEST

START_TEST(ranges_check_sees_what_is_broken)
{
    add(10, 20);
    add(30, 40);
    const gn_ranges good = set;

    set.at[1].from = 20;
    ck_assert(!gn_ranges_check(&set));
    set = good;
    set.at[0].to = 10;
    ck_assert(!gn_ranges_check(&set));
    set = good;
    set.count = GN_RANGES_MAX + 1;
    ck_assert(!gn_ranges_check(&set));
    set = good;
    set.reserved = 1;
    ck_assert(!gn_ranges_check(&set));
    set = good;
    set.at[2].to = 1;
    ck_assert(!gn_ranges_check(&set));
}
END_TEST

START_TEST(ranges_agree_with_a_plain_set)
{
    uint64_t state = (uint64_t)_i;
    uint8_t ops[400];

    gn_test_random_fill(&state, ops, sizeof ops);
    ck_assert(gn_prop_ranges(ops, sizeof ops));
}
END_TEST

Suite *
gn_test_ranges(void)
{
    Suite *s = suite_create("base/ranges");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, empty, NULL);
    tcase_add_checked_fixture(limits, empty, NULL);
    tcase_add_test(good, ranges_init_makes_an_empty_set);
    tcase_add_test(good, ranges_add_in_order_stays_one_range);
    tcase_add_test(good, ranges_add_nothing_changes_nothing);
    tcase_add_test(good, ranges_add_apart_keeps_them_sorted);
    tcase_add_test(good, ranges_add_between_two_merges_both);
    tcase_add_test(good, ranges_add_over_many_swallows_them);
    tcase_add_test(good, ranges_add_what_is_there_changes_nothing);
    tcase_add_test(good, ranges_has_knows_the_edges);
    tcase_add_test(good, ranges_covers_wants_all_of_it);
    tcase_add_test(good, ranges_cut_trims_splits_and_removes);
    tcase_add_test(good, ranges_cut_below_keeps_what_is_above);
    tcase_add_test(good, ranges_drop_first_takes_the_lowest);
    tcase_add_test(good, ranges_equal_sets_are_equal_bytes);
    tcase_add_test(good, ranges_check_sees_what_is_broken);
    tcase_add_test(limits, ranges_reach_from_nothing_to_the_end_of_numbers);
    tcase_add_test(limits, ranges_add_one_too_many_is_full_and_changes_nothing);
    tcase_add_test(limits, ranges_cut_that_splits_one_too_many_is_full_and_changes_nothing);
    tcase_add_test_raise_signal(limits, ranges_drop_first_of_nothing_traps, SIGABRT);
    tcase_add_test_raise_signal(limits, ranges_add_backwards_traps, SIGABRT);
    tcase_add_loop_test(random, ranges_agree_with_a_plain_set, 0, 300);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
