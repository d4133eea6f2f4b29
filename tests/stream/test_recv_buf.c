/*
 * test_recv_buf.c: what stream/recv_buf.h promises.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "prop.h"
#include "stream/recv_buf.h"
#include "suites.h"
#include "tests/support/random.h"
#include "tests/support/streams.h"

enum { CHUNKS = 6, FRAME = 8 };

static gn_test_pools pools;
static gn_slots chunks;
static gn_recv_buf b;

static void
empty(void)
{
    gn_test_pools_init(&pools, CHUNKS, 0);
    chunks = gn_test_pools_chunks(&pools);
    gn_recv_buf_init(&b);
}

static gn_err
write(uint64_t off, size_t len)
{
    const gn_err fits = gn_recv_buf_fits(&b, chunks, off, len);
    const gn_err err =
        gn_recv_buf_write(&b, chunks, off, gn_test_stream_bytes(0, off, len).ptr, len);

    ck_assert_int_eq(fits, err);
    ck_assert(gn_recv_buf_check(&b, chunks));
    return err;
}

/* Reads as much as there is, checks the bytes, and says how much it was. */
static uint64_t
read_all(void)
{
    uint64_t n = 0;
    gn_span bytes;

    while (gn_recv_buf_peek(&b, chunks, &bytes)) {
        ck_assert(gn_test_stream_equal(0, b.read_off, bytes));
        gn_recv_buf_consume(&b, chunks, bytes.len);
        ck_assert(gn_recv_buf_check(&b, chunks));
        n += bytes.len;
    }
    return n;
}

/* [R-9000-2.2-1] */
START_TEST(recv_buf_in_order_is_read_as_it_came_and_frees_its_chunks)
{
    ck_assert_int_eq(write(0, 1200), GN_OK);
    ck_assert_int_eq(write(1200, 1200), GN_OK);
    ck_assert_uint_eq(gn_recv_buf_ready(&b), 2400);
    ck_assert_uint_eq(gn_recv_buf_highest(&b), 2400);
    ck_assert_uint_eq(read_all(), 2400);
    ck_assert_uint_eq(pools.chunk_pool.used, 0);
    ck_assert_int_eq(write(2400, 10), GN_OK);
    ck_assert_uint_eq(read_all(), 10);
}
END_TEST

/* [R-9000-2.2-1] */
START_TEST(recv_buf_bytes_behind_a_gap_wait)
{
    ck_assert_int_eq(write(5000, 100), GN_OK);
    ck_assert_uint_eq(gn_recv_buf_ready(&b), 0);
    ck_assert_uint_eq(pools.chunk_pool.used, 1);
    ck_assert_int_eq(write(0, 4999), GN_OK);
    ck_assert_uint_eq(gn_recv_buf_ready(&b), 4999);
    ck_assert_int_eq(write(4999, 1), GN_OK);
    ck_assert_uint_eq(read_all(), 5100);
}
END_TEST

START_TEST(recv_buf_overlapping_and_repeated_bytes_are_delivered_once)
{
    ck_assert_int_eq(write(100, 100), GN_OK);
    ck_assert_int_eq(write(300, 100), GN_OK);
    ck_assert_int_eq(write(50, 400), GN_OK);
    ck_assert_int_eq(write(0, 120), GN_OK);
    ck_assert_int_eq(write(0, 450), GN_OK);
    ck_assert_uint_eq(read_all(), 450);
    ck_assert_int_eq(write(0, 450), GN_OK);
    ck_assert_uint_eq(read_all(), 0);
    ck_assert_uint_eq(pools.chunk_pool.used, 0);
}
END_TEST

START_TEST(recv_buf_bytes_that_are_here_stay_when_others_claim_their_place)
{
    uint8_t wrong[300];
    gn_span bytes;

    memset(wrong, 0xee, sizeof wrong);
    ck_assert_int_eq(write(100, 100), GN_OK);
    ck_assert_int_eq(gn_recv_buf_write(&b, chunks, 0, wrong, sizeof wrong), GN_OK);
    ck_assert(gn_recv_buf_peek(&b, chunks, &bytes));
    ck_assert_uint_eq(bytes.len, 300);
    ck_assert_uint_eq(bytes.ptr[99], 0xee);
    ck_assert(gn_test_stream_equal(0, 100, gn_span_of(bytes.ptr + 100, 100)));
    ck_assert_uint_eq(bytes.ptr[200], 0xee);
}
END_TEST

START_TEST(recv_buf_consume_may_span_chunks)
{
    ck_assert_int_eq(write(0, 5000), GN_OK);
    gn_recv_buf_consume(&b, chunks, 4500);
    ck_assert_uint_eq(pools.chunk_pool.used, 1);
    ck_assert_uint_eq(read_all(), 500);
}
END_TEST

START_TEST(recv_buf_ends_when_the_final_size_is_read)
{
    gn_fault fault;

    ck_assert_int_eq(gn_recv_buf_judge(&b, 10, true, FRAME, &fault), GN_OK);
    gn_recv_buf_set_final(&b, 10);
    ck_assert(!gn_recv_buf_complete(&b));
    ck_assert_int_eq(write(0, 10), GN_OK);
    ck_assert(gn_recv_buf_complete(&b) && !gn_recv_buf_finished(&b));
    ck_assert_uint_eq(read_all(), 10);
    ck_assert(gn_recv_buf_finished(&b));
}
END_TEST

/* [R-9000-4.5-3] */
START_TEST(recv_buf_data_past_final_size_is_a_fault)
{
    gn_fault fault;

    gn_recv_buf_set_final(&b, 10);
    ck_assert_int_eq(gn_recv_buf_judge(&b, 11, false, FRAME, &fault), GN_ERR_FORM);
    ck_assert_uint_eq(fault.wire_code, GN_FAULT_FINAL_SIZE);
    ck_assert_uint_eq(fault.frame_type, FRAME);
    ck_assert_str_eq(fault.why, "RFC 9000 4.5: data beyond the final size");
    ck_assert_int_eq(gn_recv_buf_judge(&b, 10, false, FRAME, &fault), GN_OK);
}
END_TEST

/* [R-9000-4.5-3] */
START_TEST(recv_buf_changed_final_size_is_a_fault)
{
    gn_fault fault;

    gn_recv_buf_set_final(&b, 10);
    ck_assert_int_eq(gn_recv_buf_judge(&b, 9, true, FRAME, &fault), GN_ERR_FORM);
    ck_assert_str_eq(fault.why, "RFC 9000 4.5: the final size changed");
    ck_assert_int_eq(gn_recv_buf_judge(&b, 10, true, FRAME, &fault), GN_OK);
}
END_TEST

/* [R-9000-4.5-3] */
START_TEST(recv_buf_final_size_below_what_arrived_is_a_fault)
{
    gn_fault fault;

    ck_assert_int_eq(write(100, 10), GN_OK);
    ck_assert_int_eq(gn_recv_buf_judge(&b, 109, true, FRAME, &fault), GN_ERR_FORM);
    ck_assert_uint_eq(fault.wire_code, GN_FAULT_FINAL_SIZE);
    ck_assert_str_eq(fault.why, "RFC 9000 4.5: the final size is below data that arrived");
    ck_assert_int_eq(gn_recv_buf_judge(&b, 110, true, FRAME, &fault), GN_OK);
}
END_TEST

START_TEST(recv_buf_bytes_ahead_leave_the_spare_chunks_to_the_gap)
{
    /* One byte in each chunk: the fragments stop where the gap could no longer be filled. */
    uint64_t off = GN_CHUNK_BYTES;
    while (write(off, 1) == GN_OK)
        off += GN_CHUNK_BYTES;
    ck_assert_uint_eq(gn_slots_left(chunks), GN_CHUNKS_SPARE);
    ck_assert_int_eq(write(0, GN_CHUNK_BYTES), GN_OK);
    ck_assert_uint_eq(read_all(), GN_CHUNK_BYTES + 1);
}
END_TEST

START_TEST(recv_buf_refuses_one_range_too_many_and_takes_it_when_a_gap_closed)
{
    uint64_t i = 0;

    while (i < 100 && write(2 + 2 * i, 1) == GN_OK)
        i++;
    ck_assert_uint_eq(i, GN_RANGES_MAX);
    ck_assert_int_eq(write(0, 3), GN_OK);
    ck_assert_int_eq(write(2 + 2 * i, 1), GN_OK);
    ck_assert_uint_eq(read_all(), 3);
}
END_TEST

START_TEST(recv_buf_write_of_nothing_is_fine)
{
    ck_assert_int_eq(write(0, 0), GN_OK);
    ck_assert_int_eq(write(1000, 0), GN_OK);
    ck_assert_uint_eq(pools.chunk_pool.used, 0);
}
END_TEST

START_TEST(recv_buf_wipe_gives_all_chunks_back_and_keeps_the_sizes)
{
    ck_assert_int_eq(write(0, 10), GN_OK);
    ck_assert_int_eq(write(100, 10), GN_OK);
    ck_assert_int_eq(write(200, 10), GN_OK);
    gn_recv_buf_set_final(&b, 300);
    gn_recv_buf_wipe(&b, chunks);
    ck_assert_uint_eq(pools.chunk_pool.used, 0);
    ck_assert_uint_eq(gn_recv_buf_highest(&b), 210);
    ck_assert_uint_eq(b.final_size, 300);
    ck_assert(gn_recv_buf_check(&b, chunks));
}
END_TEST

START_TEST(recv_buf_consuming_more_than_ready_traps)
{
    gn_recv_buf_consume(&b, chunks, 1);
}
END_TEST

START_TEST(recv_buf_agrees_with_a_plain_array)
{
    uint64_t state = (uint64_t)_i;
    uint8_t ops[2000];

    gn_test_random_fill(&state, ops, sizeof ops);
    ck_assert(gn_prop_recv_buf(ops, sizeof ops));
}
END_TEST

Suite *
gn_test_recv_buf(void)
{
    Suite *s = suite_create("stream/recv_buf");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, empty, NULL);
    tcase_add_checked_fixture(hostile, empty, NULL);
    tcase_add_checked_fixture(limits, empty, NULL);
    tcase_add_test(good, recv_buf_in_order_is_read_as_it_came_and_frees_its_chunks);
    tcase_add_test(good, recv_buf_bytes_behind_a_gap_wait);
    tcase_add_test(good, recv_buf_overlapping_and_repeated_bytes_are_delivered_once);
    tcase_add_test(good, recv_buf_consume_may_span_chunks);
    tcase_add_test(good, recv_buf_ends_when_the_final_size_is_read);
    tcase_add_test(good, recv_buf_wipe_gives_all_chunks_back_and_keeps_the_sizes);
    tcase_add_test(hostile, recv_buf_bytes_that_are_here_stay_when_others_claim_their_place);
    tcase_add_test(hostile, recv_buf_data_past_final_size_is_a_fault);
    tcase_add_test(hostile, recv_buf_changed_final_size_is_a_fault);
    tcase_add_test(hostile, recv_buf_final_size_below_what_arrived_is_a_fault);
    tcase_add_test(hostile, recv_buf_bytes_ahead_leave_the_spare_chunks_to_the_gap);
    tcase_add_test(limits, recv_buf_refuses_one_range_too_many_and_takes_it_when_a_gap_closed);
    tcase_add_test(limits, recv_buf_write_of_nothing_is_fine);
    tcase_add_test_raise_signal(limits, recv_buf_consuming_more_than_ready_traps, SIGABRT);
    tcase_add_loop_test(random, recv_buf_agrees_with_a_plain_array, 0, 150);
    suite_add_tcase(s, good);
    suite_add_tcase(s, hostile);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
