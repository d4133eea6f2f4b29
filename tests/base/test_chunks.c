/*
 * test_chunks.c: what base/chunks.h promises.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "base/chunks.h"
#include "suites.h"
#include "tests/support/streams.h"

static gn_test_pools pools;
static gn_slots chunks;

static void
three_chunks(void)
{
    gn_test_pools_init(&pools, 3, 0);
    chunks = gn_test_pools_chunks(&pools);
}

START_TEST(chunks_base_rounds_down_to_a_chunk)
{
    ck_assert_uint_eq(gn_chunks_base(0), 0);
    ck_assert_uint_eq(gn_chunks_base(GN_CHUNK_BYTES - 1), 0);
    ck_assert_uint_eq(gn_chunks_base(GN_CHUNK_BYTES), GN_CHUNK_BYTES);
    ck_assert_uint_eq(gn_chunks_base(5 * GN_CHUNK_BYTES + 7), 5 * GN_CHUNK_BYTES);
}
END_TEST

START_TEST(chunks_taken_know_their_place_and_successor)
{
    const uint32_t last = gn_chunks_take(chunks, GN_CHUNK_BYTES, GN_POOL_NONE);
    const uint32_t first = gn_chunks_take(chunks, 0, last);

    ck_assert_uint_eq(gn_chunks_at(chunks, first)->base_off, 0);
    ck_assert_uint_eq(gn_chunks_at(chunks, first)->next, last);
    ck_assert_uint_eq(gn_chunks_at(chunks, last)->base_off, GN_CHUNK_BYTES);
    ck_assert_uint_eq(gn_chunks_at(chunks, last)->next, GN_POOL_NONE);
}
END_TEST

START_TEST(chunks_take_leaves_the_bytes_alone)
{
    const uint32_t at = gn_chunks_take(chunks, 0, GN_POOL_NONE);

    for (size_t i = 0; i < GN_CHUNK_BYTES; i++)
        ck_assert_uint_eq(gn_chunks_at(chunks, at)->bytes[i], 0xa5);
}
END_TEST

START_TEST(chunks_give_tells_the_next_and_give_all_gives_all)
{
    const uint32_t last = gn_chunks_take(chunks, 2 * GN_CHUNK_BYTES, GN_POOL_NONE);
    const uint32_t middle = gn_chunks_take(chunks, GN_CHUNK_BYTES, last);
    const uint32_t first = gn_chunks_take(chunks, 0, middle);

    ck_assert_uint_eq(gn_chunks_give(chunks, first), middle);
    ck_assert_uint_eq(gn_slots_left(chunks), 1);
    gn_chunks_give_all(chunks, middle);
    ck_assert_uint_eq(gn_slots_left(chunks), 3);
    gn_chunks_give_all(chunks, GN_POOL_NONE);
    ck_assert_uint_eq(gn_slots_left(chunks), 3);
}
END_TEST

START_TEST(chunks_take_from_an_empty_pool_is_none)
{
    for (int i = 0; i < 3; i++)
        ck_assert_uint_ne(gn_chunks_take(chunks, 0, GN_POOL_NONE), GN_POOL_NONE);
    ck_assert_uint_eq(gn_chunks_take(chunks, 0, GN_POOL_NONE), GN_POOL_NONE);
}
END_TEST

START_TEST(chunks_take_at_a_crooked_offset_traps)
{
    (void)gn_chunks_take(chunks, 1, GN_POOL_NONE);
}
END_TEST

Suite *
gn_test_chunks(void)
{
    Suite *s = suite_create("base/chunks");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(good, three_chunks, NULL);
    tcase_add_checked_fixture(limits, three_chunks, NULL);
    tcase_add_test(good, chunks_base_rounds_down_to_a_chunk);
    tcase_add_test(good, chunks_taken_know_their_place_and_successor);
    tcase_add_test(good, chunks_take_leaves_the_bytes_alone);
    tcase_add_test(good, chunks_give_tells_the_next_and_give_all_gives_all);
    tcase_add_test(limits, chunks_take_from_an_empty_pool_is_none);
    tcase_add_test_raise_signal(limits, chunks_take_at_a_crooked_offset_traps, SIGABRT);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    return s;
}
