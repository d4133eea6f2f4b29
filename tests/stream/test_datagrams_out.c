/*
 * test_datagrams_out.c: what stream/datagrams_out.h promises.
 */
#include <check.h>
#include <signal.h>

#include "prop.h"
#include "stream/datagrams_out.h"
#include "suites.h"
#include "tests/support/random.h"
#include "tests/support/streams.h"

enum { MOST = 8, MOST_BYTES = 4000 };

static gn_test_pools pools;
static gn_slots chunks;
static gn_datagrams_out q;

static void
empty(void)
{
    gn_test_pools_init(&pools, 16, 0);
    chunks = gn_test_pools_chunks(&pools);
    gn_datagrams_out_init(&q);
}

static gn_err
push(uint64_t id, int32_t priority, gn_time expires_at, size_t len)
{
    const gn_datagram_note note = {.id = id, .expires_at = expires_at, .priority = priority};

    return gn_datagrams_out_push(&q, chunks, &note, gn_test_stream_bytes(id, 0, len), MOST,
                                 MOST_BYTES);
}

static void
give(uint64_t id, int32_t priority)
{
    ck_assert_int_eq(push(id, priority, GN_NEVER, 100), GN_OK);
}

static void
assert_sent(uint64_t id)
{
    const gn_datagram_kept *kept = gn_datagrams_out_first(&q, chunks);

    ck_assert_ptr_nonnull(kept);
    ck_assert_uint_eq(kept->note.id, id);
    ck_assert(gn_test_stream_equal(id, 0, gn_span_of(kept->bytes, kept->len)));
    gn_datagrams_out_on_sent(&q, chunks);
    ck_assert(gn_datagrams_out_check(&q, chunks));
}

static void
assert_told(uint64_t id, uint32_t why)
{
    gn_datagram_note note;

    ck_assert(gn_datagrams_out_tell(&q, chunks, &note));
    ck_assert_uint_eq(note.id, id);
    ck_assert_uint_eq(note.why, why);
}

START_TEST(datagrams_out_higher_goes_first_and_equals_in_their_order)
{
    give(1, 0);
    give(2, 5);
    give(3, 0);
    give(4, -7);
    give(5, 5);
    ck_assert_uint_eq(q.count, 5);
    ck_assert_uint_eq(q.bytes, 500);
    assert_sent(2);
    assert_sent(5);
    assert_sent(1);
    assert_sent(3);
    assert_sent(4);
    ck_assert(!gn_datagrams_out_wants(&q));
    ck_assert_uint_eq(chunks.pool->used, 0);
}
END_TEST

START_TEST(datagrams_out_refuse_what_is_too_many_or_too_much)
{
    for (uint64_t i = 0; i < MOST; i++)
        give(i, 0);
    ck_assert_int_eq(push(9, 9, GN_NEVER, 0), GN_ERR_FULL);
    gn_datagrams_out_wipe(&q, chunks);
    ck_assert_int_eq(push(1, 0, GN_NEVER, GN_DATAGRAM_MAX), GN_OK);
    ck_assert_int_eq(push(2, 0, GN_NEVER, GN_DATAGRAM_MAX), GN_OK);
    ck_assert_int_eq(push(3, 0, GN_NEVER, MOST_BYTES - 2 * GN_DATAGRAM_MAX + 1), GN_ERR_FULL);
    ck_assert_int_eq(push(3, 0, GN_NEVER, MOST_BYTES - 2 * GN_DATAGRAM_MAX), GN_OK);
    ck_assert_int_eq(push(4, 0, GN_NEVER, 1), GN_ERR_FULL);
    ck_assert_int_eq(push(4, 0, GN_NEVER, 0), GN_OK);
}
END_TEST

START_TEST(datagrams_out_leave_the_spare_chunks_alone)
{
    gn_test_pools_init(&pools, GN_CHUNKS_SPARE + 1, 0);
    chunks = gn_test_pools_chunks(&pools);
    give(1, 0);
    ck_assert_int_eq(push(2, 0, GN_NEVER, 1), GN_ERR_FULL);
    ck_assert_uint_eq(q.count, 1);
}
END_TEST

/* RFC 9221 5.4 */
START_TEST(datagrams_out_expire_at_their_moment_and_are_told)
{
    ck_assert_int_eq(push(1, 0, 200, 10), GN_OK);
    ck_assert_int_eq(push(2, 0, 100, 10), GN_OK);
    give(3, 0);
    ck_assert_uint_eq(gn_datagrams_out_deadline(&q, chunks), 100);
    gn_datagrams_out_expire(&q, chunks, 99, 7);
    ck_assert(!gn_datagrams_out_any_dropped(&q));
    gn_datagrams_out_expire(&q, chunks, 100, 7);
    ck_assert_uint_eq(gn_datagrams_out_deadline(&q, chunks), 200);
    gn_datagrams_out_drop(&q, chunks, 8);
    ck_assert_uint_eq(gn_datagrams_out_deadline(&q, chunks), GN_NEVER);
    ck_assert(gn_datagrams_out_any_dropped(&q));
    assert_told(2, 7);
    assert_told(1, 8);
    ck_assert(!gn_datagrams_out_any_dropped(&q));
    assert_sent(3);
    ck_assert_uint_eq(chunks.pool->used, 0);
}
END_TEST

START_TEST(datagrams_out_sent_from_nothing_traps)
{
    gn_datagrams_out_on_sent(&q, chunks);
}
END_TEST

START_TEST(datagrams_out_agree_with_a_plain_array)
{
    uint64_t state = (uint64_t)_i;
    uint8_t ops[601];

    gn_test_random_fill(&state, ops, sizeof ops);
    ck_assert(gn_prop_datagrams_out(ops, sizeof ops));
}
END_TEST

Suite *
gn_test_datagrams_out(void)
{
    Suite *suite = suite_create("stream/datagrams_out");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, empty, NULL);
    tcase_add_checked_fixture(limits, empty, NULL);
    tcase_add_test(good, datagrams_out_higher_goes_first_and_equals_in_their_order);
    tcase_add_test(good, datagrams_out_expire_at_their_moment_and_are_told);
    tcase_add_test(limits, datagrams_out_refuse_what_is_too_many_or_too_much);
    tcase_add_test(limits, datagrams_out_leave_the_spare_chunks_alone);
    tcase_add_test_raise_signal(limits, datagrams_out_sent_from_nothing_traps, SIGABRT);
    tcase_add_loop_test(random, datagrams_out_agree_with_a_plain_array, 0, 200);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    suite_add_tcase(suite, random);
    return suite;
}
