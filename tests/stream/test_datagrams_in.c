/*
 * test_datagrams_in.c: what stream/datagrams_in.h promises.
 */
#include <check.h>

#include "prop.h"
#include "stream/datagrams_in.h"
#include "suites.h"
#include "tests/support/random.h"
#include "tests/support/streams.h"

static gn_test_pools pools;
static gn_slots chunks;
static gn_datagrams_in q;

static void
empty(void)
{
    gn_test_pools_init(&pools, 2 * GN_DATAGRAMS_IN_PAGES, 0);
    chunks = gn_test_pools_chunks(&pools);
    gn_datagrams_in_init(&q);
}

static bool
push(uint64_t id, size_t len)
{
    return gn_datagrams_in_push(&q, chunks, gn_test_stream_bytes(id, 0, len));
}

static void
assert_pop(uint64_t id, size_t len)
{
    gn_span out;

    ck_assert(gn_datagrams_in_pop(&q, chunks, &out));
    ck_assert_uint_eq(out.len, len);
    ck_assert(gn_test_stream_equal(id, 0, out));
}

/* RFC 9221 4: empty ones are datagrams, too. */
START_TEST(datagrams_in_come_out_whole_and_in_order)
{
    gn_span out;

    ck_assert(!gn_datagrams_in_pop(&q, chunks, &out));
    ck_assert(push(1, GN_DATAGRAM_MAX));
    ck_assert(push(2, 0));
    ck_assert(push(3, GN_DATAGRAM_MAX));
    ck_assert_uint_eq(q.pages, 2);
    assert_pop(1, GN_DATAGRAM_MAX);
    assert_pop(2, 0);
    assert_pop(3, GN_DATAGRAM_MAX);
    ck_assert(!gn_datagrams_in_pop(&q, chunks, &out));
    ck_assert_uint_eq(chunks.pool->used, 0);
}
END_TEST

/* A packet full of empty DATAGRAM frames: two bytes each. */
START_TEST(datagrams_in_of_one_packet_fit_one_page)
{
    for (uint64_t i = 0; i < GN_DATAGRAM_MAX / 2; i++)
        ck_assert(push(i, 0));
    ck_assert_uint_eq(q.pages, 1);
}
END_TEST

START_TEST(datagrams_in_without_reader_are_bounded)
{
    uint64_t taken = 0;

    while (push(taken, 1000))
        taken++;
    ck_assert_uint_eq(taken, 2 * GN_DATAGRAMS_IN_PAGES);
    ck_assert_uint_eq(chunks.pool->used, GN_DATAGRAMS_IN_PAGES);
    ck_assert(gn_datagrams_in_check(&q, chunks));
    ck_assert(push(taken, 20)); /* the last page has room for a small one */
    assert_pop(0, 1000);
    gn_datagrams_in_wipe(&q, chunks);
    ck_assert_uint_eq(chunks.pool->used, 0);
}
END_TEST

START_TEST(datagrams_in_leave_the_spare_chunks_alone)
{
    gn_test_pools_init(&pools, GN_CHUNKS_SPARE, 0);
    chunks = gn_test_pools_chunks(&pools);
    ck_assert(!push(1, 1));
    ck_assert_uint_eq(chunks.pool->used, 0);
}
END_TEST

START_TEST(datagrams_in_agree_with_a_plain_array)
{
    uint64_t state = (uint64_t)_i;
    uint8_t ops[1201];

    gn_test_random_fill(&state, ops, sizeof ops);
    ck_assert(gn_prop_datagrams_in(ops, sizeof ops));
}
END_TEST

Suite *
gn_test_datagrams_in(void)
{
    Suite *suite = suite_create("stream/datagrams_in");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, empty, NULL);
    tcase_add_checked_fixture(limits, empty, NULL);
    tcase_add_test(good, datagrams_in_come_out_whole_and_in_order);
    tcase_add_test(good, datagrams_in_of_one_packet_fit_one_page);
    tcase_add_test(limits, datagrams_in_without_reader_are_bounded);
    tcase_add_test(limits, datagrams_in_leave_the_spare_chunks_alone);
    tcase_add_loop_test(random, datagrams_in_agree_with_a_plain_array, 0, 200);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    suite_add_tcase(suite, random);
    return suite;
}
