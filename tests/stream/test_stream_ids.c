/*
 * test_stream_ids.c: what stream/stream_ids.h promises.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "stream/stream_ids.h"
#include "suites.h"
#include "tests/support/streams.h"

enum { MAX_BIDI = 100, MAX_UNI = 3 };

static gn_test_pools pools;
static gn_slots chunks;
static gn_stream_ids ids; /* of a server */

static void
server(void)
{
    gn_test_pools_init(&pools, GN_CHUNKS_SPARE + 1, 0);
    chunks = gn_test_pools_chunks(&pools);
    gn_stream_ids_init(&ids, true, MAX_BIDI, MAX_UNI);
}

static void
use(uint64_t id)
{
    ck_assert_int_eq(gn_stream_ids_use(&ids, chunks, id), GN_OK);
    ck_assert(gn_stream_ids_check(&ids, chunks));
}

static void
assert_standing(uint64_t id, gn_stream_standing standing)
{
    ck_assert_int_eq(gn_stream_ids_standing(&ids, chunks, id), standing);
}

START_TEST(stream_ids_within_the_limit_are_fresh_and_beyond_it_are_not)
{
    assert_standing(4 * (MAX_BIDI - 1), GN_STREAM_FRESH);
    assert_standing(4 * MAX_BIDI, GN_STREAM_BEYOND);
    assert_standing(2 + 4 * (MAX_UNI - 1), GN_STREAM_FRESH);
    assert_standing(2 + 4 * MAX_UNI, GN_STREAM_BEYOND);
    assert_standing(1, GN_STREAM_BEYOND);
    ck_assert(gn_stream_ids_is_local(&ids, 1) && !gn_stream_ids_is_local(&ids, 2));
}
END_TEST

/* [R-9000-3.2-1] */
START_TEST(stream_ids_used_out_of_order_open_all_lower_ones)
{
    use(4 * 8);
    assert_standing(4 * 8, GN_STREAM_OPENED);
    assert_standing(4 * 7, GN_STREAM_SKIPPED);
    assert_standing(0, GN_STREAM_SKIPPED);
    assert_standing(4 * 9, GN_STREAM_FRESH);
    use(4 * 3);
    use(0);
    assert_standing(4 * 3, GN_STREAM_OPENED);
    assert_standing(4 * 2, GN_STREAM_SKIPPED);
    ck_assert_uint_eq(gn_stream_ids_live(&ids, chunks, GN_STREAM_BIDI), 3);
    ck_assert_uint_eq(gn_stream_ids_live(&ids, chunks, GN_STREAM_UNI), 0);
}
END_TEST

START_TEST(stream_ids_in_order_cost_no_memory)
{
    for (uint64_t i = 0; i < MAX_BIDI; i++)
        use(4 * i);
    ck_assert_uint_eq(pools.chunk_pool.used, 0);
    ck_assert(gn_marks_empty(&ids.skipped[0]));
}
END_TEST

/* [R-9000-4.6-5] */
START_TEST(stream_ids_that_are_over_are_granted_anew)
{
    gn_credit_in *granted = &ids.granted[GN_STREAM_UNI];

    for (uint64_t i = 0; i < MAX_UNI; i++)
        use(2 + 4 * i);
    ck_assert(!gn_credit_in_wants(granted));
    gn_stream_ids_on_over(&ids, 2);
    ck_assert(!gn_credit_in_wants(granted));
    gn_stream_ids_on_over(&ids, 6);
    ck_assert(gn_credit_in_wants(granted));
    gn_credit_in_on_sent(granted, gn_credit_in_next(granted));
    assert_standing(2 + 4 * 4, GN_STREAM_FRESH);
    assert_standing(2 + 4 * 5, GN_STREAM_BEYOND);
    ck_assert_uint_eq(gn_stream_ids_live(&ids, chunks, GN_STREAM_UNI), 1);
}
END_TEST

/* [R-9000-4.6-2] */
START_TEST(stream_ids_next_gives_ours_in_order_up_to_what_the_peer_allows)
{
    uint64_t id = 99;

    ck_assert_int_eq(gn_stream_ids_next(&ids, GN_STREAM_BIDI, &id), GN_ERR_NONE);
    ck_assert_uint_eq(id, 99);
    ck_assert(gn_stream_ids_wants_blocked(&ids, GN_STREAM_BIDI));
    ck_assert(gn_stream_ids_allow(&ids, GN_STREAM_BIDI, 2));
    ck_assert(!gn_stream_ids_wants_blocked(&ids, GN_STREAM_BIDI));
    ck_assert(!gn_stream_ids_allow(&ids, GN_STREAM_BIDI, 1));
    ck_assert_int_eq(gn_stream_ids_next(&ids, GN_STREAM_BIDI, &id), GN_OK);
    ck_assert_uint_eq(id, 1);
    use(1);
    ck_assert_int_eq(gn_stream_ids_next(&ids, GN_STREAM_BIDI, &id), GN_OK);
    ck_assert_uint_eq(id, 5);
    use(5);
    ck_assert_int_eq(gn_stream_ids_next(&ids, GN_STREAM_BIDI, &id), GN_ERR_NONE);
    ck_assert(gn_stream_ids_allow(&ids, GN_STREAM_UNI, 1));
    ck_assert_int_eq(gn_stream_ids_next(&ids, GN_STREAM_UNI, &id), GN_OK);
    ck_assert_uint_eq(id, 3);
}
END_TEST

START_TEST(stream_ids_blocked_is_said_once_a_limit)
{
    uint64_t id;

    ck_assert_int_eq(gn_stream_ids_next(&ids, GN_STREAM_UNI, &id), GN_ERR_NONE);
    gn_credit_out_on_blocked_sent(&ids.allowed[GN_STREAM_UNI]);
    ck_assert_int_eq(gn_stream_ids_next(&ids, GN_STREAM_UNI, &id), GN_ERR_NONE);
    ck_assert(!gn_stream_ids_wants_blocked(&ids, GN_STREAM_UNI));
    gn_credit_out_on_blocked_lost(&ids.allowed[GN_STREAM_UNI], 0);
    ck_assert(gn_stream_ids_wants_blocked(&ids, GN_STREAM_UNI));
}
END_TEST

START_TEST(stream_ids_that_cannot_be_remembered_can_be_used_from_the_lowest)
{
    /* Every second id, until no further range can be noted. */
    uint64_t index = 1;
    while (gn_stream_ids_use(&ids, chunks, 4 * index) == GN_OK)
        index += 2;
    ck_assert_uint_eq(index, 2 * GN_RANGES_MAX + 1);
    assert_standing(4 * index, GN_STREAM_FRESH);
    for (uint64_t id = gn_stream_ids_lowest(&ids, chunks, 4 * index); id <= 4 * index; id += 4)
        use(id);
    assert_standing(4 * index, GN_STREAM_OPENED);
    assert_standing(4 * (index - 1), GN_STREAM_OPENED);
    assert_standing(0, GN_STREAM_SKIPPED);
}
END_TEST

START_TEST(stream_ids_without_a_chunk_split_a_range_from_its_lower_end)
{
    gn_test_pools_init(&pools, GN_CHUNKS_SPARE, 0);
    use(4 * 9);
    ck_assert_int_eq(gn_stream_ids_use(&ids, chunks, 4 * 2), GN_ERR_FULL);
    ck_assert_uint_eq(gn_stream_ids_lowest(&ids, chunks, 4 * 2), 0);
    use(0);
    use(4);
    use(8);
    assert_standing(12, GN_STREAM_SKIPPED);
}
END_TEST

START_TEST(stream_ids_wipe_gives_chunks_back)
{
    use(4 * 9);
    use(4 * 2);
    ck_assert_uint_eq(pools.chunk_pool.used, 1);
    gn_stream_ids_wipe(&ids, chunks);
    ck_assert_uint_eq(pools.chunk_pool.used, 0);
}
END_TEST

/* [R-9000-2.1-1] */
START_TEST(stream_ids_used_twice_traps)
{
    ck_assert_int_eq(gn_stream_ids_use(&ids, chunks, 0), GN_OK);
    ck_assert_int_eq(gn_stream_ids_use(&ids, chunks, 0), GN_OK);
}
END_TEST

/* The peer's first n bidirectional streams were used, and are over. */
static void
run_through(uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        use(4 * i);
        gn_stream_ids_on_over(&ids, 4 * i);
    }
}

/* RFC 9000 4.6: no stream is promised that has no slot. */
START_TEST(stream_ids_grants_no_more_than_there_are_slots_for)
{
    run_through(60);
    use(4 * 60);
    /* It may open 39 more, and 3 of the other kind. */
    ck_assert(gn_stream_ids_wants_grant(&ids, chunks, GN_STREAM_BIDI, 1000));
    ck_assert_uint_eq(gn_stream_ids_grant(&ids, chunks, GN_STREAM_BIDI, 1000), 160);
    ck_assert(!gn_stream_ids_lacks_slots(&ids, chunks, 1000));
    ck_assert_uint_eq(gn_stream_ids_grant(&ids, chunks, GN_STREAM_BIDI, 52), 110);
    ck_assert(gn_stream_ids_lacks_slots(&ids, chunks, 52));
    ck_assert(!gn_stream_ids_wants_grant(&ids, chunks, GN_STREAM_BIDI, 42));
    ck_assert(gn_stream_ids_lacks_slots(&ids, chunks, 42));
    /* Those that were skipped have no slots yet. */
    use(4 * 70);
    ck_assert_uint_eq(gn_stream_ids_grant(&ids, chunks, GN_STREAM_BIDI, 51), 110);
}
END_TEST

START_TEST(stream_ids_grants_one_where_all_are_opened_and_a_slot_is_free)
{
    run_through(MAX_BIDI);
    ck_assert_uint_eq(gn_stream_ids_grant(&ids, chunks, GN_STREAM_BIDI, 2), MAX_BIDI + 1);
    ck_assert(gn_stream_ids_wants_grant(&ids, chunks, GN_STREAM_BIDI, 2));
    ck_assert(!gn_stream_ids_wants_grant(&ids, chunks, GN_STREAM_BIDI, 0));
    ck_assert(gn_stream_ids_lacks_slots(&ids, chunks, 0));
}
END_TEST

Suite *
gn_test_stream_ids(void)
{
    Suite *s = suite_create("stream/stream_ids");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(good, server, NULL);
    tcase_add_checked_fixture(limits, server, NULL);
    tcase_add_test(good, stream_ids_within_the_limit_are_fresh_and_beyond_it_are_not);
    tcase_add_test(good, stream_ids_used_out_of_order_open_all_lower_ones);
    tcase_add_test(good, stream_ids_grants_no_more_than_there_are_slots_for);
    tcase_add_test(good, stream_ids_grants_one_where_all_are_opened_and_a_slot_is_free);
    tcase_add_test(good, stream_ids_in_order_cost_no_memory);
    tcase_add_test(good, stream_ids_that_are_over_are_granted_anew);
    tcase_add_test(good, stream_ids_next_gives_ours_in_order_up_to_what_the_peer_allows);
    tcase_add_test(good, stream_ids_blocked_is_said_once_a_limit);
    tcase_add_test(good, stream_ids_wipe_gives_chunks_back);
    tcase_add_test(limits, stream_ids_that_cannot_be_remembered_can_be_used_from_the_lowest);
    tcase_add_test(limits, stream_ids_without_a_chunk_split_a_range_from_its_lower_end);
    tcase_add_test_raise_signal(limits, stream_ids_used_twice_traps, SIGABRT);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    return s;
}
