/*
 * test_marks.c: what stream/marks.h promises.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "prop.h"
#include "stream/marks.h"
#include "suites.h"
#include "tests/support/random.h"
#include "tests/support/streams.h"

static gn_test_pools pools;
static gn_slots chunks;
static gn_marks s;

static void
empty(void)
{
    gn_test_pools_init(&pools, GN_CHUNKS_SPARE + 1, 0);
    chunks = gn_test_pools_chunks(&pools);
    gn_marks_init(&s);
}

static void
no_chunks(void)
{
    gn_test_pools_init(&pools, GN_CHUNKS_SPARE, 0);
    chunks = gn_test_pools_chunks(&pools);
    gn_marks_init(&s);
}

static void
assert_first(uint64_t from, uint64_t to)
{
    gn_range range;

    ck_assert(gn_marks_find(&s, chunks, 0, &range));
    ck_assert_uint_eq(range.from, from);
    ck_assert_uint_eq(range.to, to);
    ck_assert(gn_marks_check(&s, chunks));
}

START_TEST(marks_cost_nothing_while_one_range)
{
    ck_assert(gn_marks_empty(&s));
    ck_assert_int_eq(gn_marks_add(&s, chunks, 10, 20), GN_OK);
    ck_assert_int_eq(gn_marks_add(&s, chunks, 20, 30), GN_OK);
    ck_assert_int_eq(gn_marks_add(&s, chunks, 5, 11), GN_OK);
    assert_first(5, 30);
    ck_assert_uint_eq(pools.chunk_pool.used, 0);
}
END_TEST

START_TEST(marks_second_range_takes_a_chunk_and_merging_gives_it_back)
{
    ck_assert_int_eq(gn_marks_add(&s, chunks, 10, 20), GN_OK);
    ck_assert_int_eq(gn_marks_add(&s, chunks, 30, 40), GN_OK);
    ck_assert_uint_eq(pools.chunk_pool.used, 1);
    ck_assert_int_eq(gn_marks_add(&s, chunks, 20, 30), GN_OK);
    ck_assert_uint_eq(pools.chunk_pool.used, 0);
    assert_first(10, 40);
}
END_TEST

START_TEST(marks_cut_in_the_middle_splits)
{
    gn_range range;

    ck_assert_int_eq(gn_marks_add(&s, chunks, 10, 40), GN_OK);
    ck_assert_int_eq(gn_marks_cut(&s, chunks, 20, 30), GN_OK);
    assert_first(10, 20);
    ck_assert(gn_marks_find(&s, chunks, 20, &range));
    ck_assert_uint_eq(range.from, 30);
    ck_assert(gn_marks_hole(&s, chunks, 15, 35, &range));
    ck_assert_uint_eq(range.from, 20);
    ck_assert_uint_eq(range.to, 30);
    gn_marks_cut_below(&s, chunks, 30);
    assert_first(30, 40);
    ck_assert_uint_eq(pools.chunk_pool.used, 0);
}
END_TEST

START_TEST(marks_wipe_gives_the_chunk_back)
{
    ck_assert_int_eq(gn_marks_add(&s, chunks, 10, 20), GN_OK);
    ck_assert_int_eq(gn_marks_add(&s, chunks, 30, 40), GN_OK);
    gn_marks_wipe(&s, chunks);
    ck_assert(gn_marks_empty(&s));
    ck_assert_uint_eq(pools.chunk_pool.used, 0);
}
END_TEST

START_TEST(marks_without_a_chunk_refuse_a_second_range_and_stay)
{
    ck_assert_int_eq(gn_marks_add(&s, chunks, 10, 20), GN_OK);
    ck_assert_int_eq(gn_marks_add(&s, chunks, 30, 40), GN_ERR_FULL);
    ck_assert_int_eq(gn_marks_cut(&s, chunks, 12, 14), GN_ERR_FULL);
    assert_first(10, 20);
}
END_TEST

START_TEST(marks_add_wide_without_a_chunk_swallows_the_gap)
{
    gn_marks_add_wide(&s, chunks, 10, 20);
    gn_marks_add_wide(&s, chunks, 30, 40);
    assert_first(10, 40);
    gn_marks_add_wide(&s, chunks, 2, 4);
    assert_first(2, 40);
}
END_TEST

START_TEST(marks_add_wide_when_full_stretches_the_nearest)
{
    gn_range range;

    for (uint64_t i = 0; i < GN_RANGES_MAX; i++)
        ck_assert_int_eq(gn_marks_add(&s, chunks, 100 * i, 100 * i + 10), GN_OK);
    ck_assert_int_eq(gn_marks_add(&s, chunks, 540, 550), GN_ERR_FULL);
    gn_marks_add_wide(&s, chunks, 540, 550);
    ck_assert(gn_marks_find(&s, chunks, 500, &range));
    ck_assert_uint_eq(range.from, 500);
    ck_assert_uint_eq(range.to, 550);
    gn_marks_add_wide(&s, chunks, 680, 690);
    ck_assert(gn_marks_find(&s, chunks, 680, &range));
    ck_assert_uint_eq(range.from, 680);
    ck_assert_uint_eq(range.to, 710);
    ck_assert(gn_marks_check(&s, chunks));
}
END_TEST

START_TEST(marks_add_nothing_traps)
{
    ck_assert_int_eq(gn_marks_add(&s, chunks, 5, 5), GN_OK);
}
END_TEST

START_TEST(marks_agree_with_a_plain_set)
{
    uint64_t state = (uint64_t)_i;
    uint8_t ops[600];

    gn_test_random_fill(&state, ops, sizeof ops);
    ck_assert(gn_prop_marks(ops, sizeof ops));
}
END_TEST

Suite *
gn_test_marks(void)
{
    Suite *suite = suite_create("stream/marks");
    TCase *good = tcase_create("good");
    TCase *full = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, empty, NULL);
    tcase_add_checked_fixture(full, no_chunks, NULL);
    tcase_add_test(good, marks_cost_nothing_while_one_range);
    tcase_add_test(good, marks_second_range_takes_a_chunk_and_merging_gives_it_back);
    tcase_add_test(good, marks_cut_in_the_middle_splits);
    tcase_add_test(good, marks_wipe_gives_the_chunk_back);
    tcase_add_test(good, marks_add_wide_when_full_stretches_the_nearest);
    tcase_add_test(full, marks_without_a_chunk_refuse_a_second_range_and_stay);
    tcase_add_test(full, marks_add_wide_without_a_chunk_swallows_the_gap);
    tcase_add_test_raise_signal(full, marks_add_nothing_traps, SIGABRT);
    tcase_add_loop_test(random, marks_agree_with_a_plain_set, 0, 200);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, full);
    suite_add_tcase(suite, random);
    return suite;
}
