/*
 * test_recv_gaps.c: what stream/recv_gaps.h promises.
 */
#include <check.h>
#include <stdlib.h>

#include "base/chunks.h"
#include "base/limits.h"
#include "prop.h"
#include "stream/recv_gaps.h"
#include "suites.h"
#include "tests/support/random.h"
#include "tests/support/streams.h"

enum { CHUNKS = 8 };

static gn_test_pools pools;
static gn_slots chunks;
static gn_recv_buf b;
static gn_marks came;

static void
empty(void)
{
    gn_test_pools_init(&pools, CHUNKS, 0);
    chunks = gn_test_pools_chunks(&pools);
    gn_recv_buf_init(&b);
    gn_marks_init(&came);
}

static void
check(void)
{
    ck_assert(gn_recv_buf_check(&b, chunks));
    ck_assert(gn_recv_gaps_check(&b, &came, chunks));
}

static gn_err
write(uint64_t off, size_t len)
{
    const gn_err err =
        gn_recv_gaps_write(&b, &came, chunks, off, gn_test_stream_bytes(0, off, len).ptr, len);

    check();
    return err;
}

/* The next piece is these bytes; it is delivered. */
static void
assert_told(uint64_t off, size_t len)
{
    uint64_t at;
    gn_span bytes;

    ck_assert(gn_recv_gaps_peek(&b, chunks, &at, &bytes));
    ck_assert_uint_eq(at, off);
    ck_assert_uint_eq(bytes.len, len);
    ck_assert(gn_test_stream_equal(0, off, bytes));
    gn_recv_gaps_consume(&b, &came, chunks, len);
    check();
}

static void
assert_nothing(void)
{
    uint64_t at;
    gn_span bytes;

    ck_assert(!gn_recv_gaps_any(&b));
    ck_assert(!gn_recv_gaps_peek(&b, chunks, &at, &bytes));
}

START_TEST(recv_gaps_bytes_beyond_a_gap_are_told_at_once)
{
    ck_assert_int_eq(write(5000, 100), GN_OK);
    assert_told(5000, 100);
    assert_nothing();
    ck_assert_int_eq(write(0, 100), GN_OK);
    assert_told(0, 100);
    ck_assert_int_eq(write(100, 4900), GN_OK);
    assert_told(100, GN_CHUNK_BYTES - 100);
    assert_told(GN_CHUNK_BYTES, GN_CHUNK_BYTES);
    assert_told(2 * GN_CHUNK_BYTES, 5000 - 2 * GN_CHUNK_BYTES);
    assert_nothing();
    ck_assert_uint_eq(b.read_off, 5100);
}
END_TEST

START_TEST(recv_gaps_the_lowest_bytes_are_told_first)
{
    ck_assert_int_eq(write(3000, 10), GN_OK);
    ck_assert_int_eq(write(1000, 10), GN_OK);
    ck_assert_int_eq(write(0, 10), GN_OK);
    assert_told(0, 10);
    assert_told(1000, 10);
    assert_told(3000, 10);
    assert_nothing();
}
END_TEST

START_TEST(recv_gaps_bytes_that_were_told_are_not_told_again)
{
    ck_assert_int_eq(write(1000, 100), GN_OK);
    assert_told(1000, 100);
    ck_assert_int_eq(write(1000, 100), GN_OK);
    assert_nothing();
    ck_assert_int_eq(write(950, 200), GN_OK);
    assert_told(950, 50);
    assert_told(1100, 50);
    ck_assert_int_eq(write(0, 1150), GN_OK);
    assert_told(0, 950);
    assert_nothing();
    ck_assert_int_eq(write(0, 1150), GN_OK);
    assert_nothing();
}
END_TEST

START_TEST(recv_gaps_part_of_a_piece_may_be_told)
{
    ck_assert_int_eq(write(4000, 300), GN_OK);
    ck_assert_int_eq(write(9000, 10), GN_OK);
    ck_assert(gn_recv_gaps_any(&b));
    gn_recv_gaps_consume(&b, &came, chunks, 40);
    check();
    assert_told(4040, 4096 - 4040);
    assert_told(4096, 204);
    assert_told(9000, 10);
    assert_nothing();
}
END_TEST

START_TEST(recv_gaps_what_was_told_costs_no_chunks)
{
    /* One byte is withheld, and the stream goes on far beyond what the pool holds. */
    for (uint64_t off = 1; off < 100 * GN_CHUNK_BYTES; off += 1000) {
        ck_assert_int_eq(write(off, 1000), GN_OK);
        while (gn_recv_gaps_any(&b)) {
            uint64_t at;
            gn_span bytes;
            ck_assert(gn_recv_gaps_peek(&b, chunks, &at, &bytes));
            gn_recv_gaps_consume(&b, &came, chunks, bytes.len);
        }
        ck_assert_uint_eq(chunks.pool->used, 0);
    }
    ck_assert_int_eq(write(0, 1), GN_OK);
    assert_told(0, 1);
    ck_assert_uint_eq(b.read_off, b.high_off);
}
END_TEST

START_TEST(recv_gaps_all_came_when_the_last_gap_is_filled)
{
    ck_assert_int_eq(write(100, 100), GN_OK);
    gn_recv_buf_set_final(&b, 200);
    ck_assert(!gn_recv_gaps_complete(&b, &came, chunks));
    assert_told(100, 100);
    ck_assert(!gn_recv_gaps_complete(&b, &came, chunks));
    ck_assert_int_eq(write(0, 100), GN_OK);
    ck_assert(gn_recv_gaps_complete(&b, &came, chunks));
}
END_TEST

START_TEST(recv_gaps_too_many_gaps_are_refused_until_one_closes)
{
    for (uint64_t i = 1; i <= GN_RANGES_MAX; i++) {
        ck_assert_int_eq(write(i * 10, 5), GN_OK);
        assert_told(i * 10, 5);
    }
    ck_assert_int_eq(write((GN_RANGES_MAX + 1) * 10, 5), GN_ERR_FULL);
    assert_nothing();
    ck_assert_int_eq(write(15, 5), GN_OK);
    assert_told(15, 5);
    ck_assert_int_eq(write((GN_RANGES_MAX + 1) * 10, 5), GN_OK);
    assert_told((GN_RANGES_MAX + 1) * 10, 5);
}
END_TEST

START_TEST(recv_gaps_bytes_ahead_leave_the_spare_chunks_to_the_gap)
{
    uint64_t off = 10000;

    while (write(off, 1) == GN_OK)
        off += GN_CHUNK_BYTES;
    ck_assert_uint_ge(gn_slots_left(chunks), GN_CHUNKS_SPARE);
    ck_assert_int_eq(write(0, GN_CHUNK_BYTES), GN_OK);
    assert_told(0, GN_CHUNK_BYTES);
}
END_TEST

START_TEST(recv_gaps_agrees_with_a_plain_array)
{
    uint64_t state = 77 + (uint64_t)_i;
    uint8_t ops[2000];

    gn_test_random_fill(&state, ops, sizeof ops);
    ck_assert(gn_prop_recv_gaps(ops, sizeof ops));
}
END_TEST

Suite *
gn_test_recv_gaps(void)
{
    Suite *s = suite_create("stream/recv_gaps");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, empty, NULL);
    tcase_add_checked_fixture(limits, empty, NULL);
    tcase_add_test(good, recv_gaps_bytes_beyond_a_gap_are_told_at_once);
    tcase_add_test(good, recv_gaps_the_lowest_bytes_are_told_first);
    tcase_add_test(good, recv_gaps_bytes_that_were_told_are_not_told_again);
    tcase_add_test(good, recv_gaps_part_of_a_piece_may_be_told);
    tcase_add_test(good, recv_gaps_what_was_told_costs_no_chunks);
    tcase_add_test(good, recv_gaps_all_came_when_the_last_gap_is_filled);
    tcase_add_test(limits, recv_gaps_too_many_gaps_are_refused_until_one_closes);
    tcase_add_test(limits, recv_gaps_bytes_ahead_leave_the_spare_chunks_to_the_gap);
    tcase_add_loop_test(random, recv_gaps_agrees_with_a_plain_array, 0, 150);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
