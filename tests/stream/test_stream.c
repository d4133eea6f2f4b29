/*
 * test_stream.c: what stream/stream.h promises.
 */
#include <check.h>
#include <stdlib.h>

#include "stream/stream.h"
#include "suites.h"
#include "tests/support/streams.h"

enum { ID = 0, WINDOW = 5000, TOTAL = 6000, CODE = 42 };

static gn_test_pools pools;
static gn_slots chunks;
static gn_stream s; /* opened by the client, seen by the server */
static gn_credit_in total;
static gn_fault fault;

static void
server_side(void)
{
    gn_test_pools_init(&pools, 8, 0);
    chunks = gn_test_pools_chunks(&pools);
    gn_stream_init(&s, ID, true, WINDOW, WINDOW);
    gn_credit_in_init(&total, TOTAL, GN_CREDIT_TOP_BYTES);
}

static gn_err
data(uint64_t off, size_t len, bool fin)
{
    const gn_frame_stream frame = {
        .id = ID, .off = off, .data = gn_test_stream_bytes(ID, off, len), .fin = fin};
    const gn_err err = gn_stream_on_data(&s, chunks, &total, &frame, &fault);

    ck_assert(gn_stream_check(&s, chunks));
    return err;
}

static gn_err
reset(uint64_t final_size)
{
    const gn_frame_reset_stream frame = {.id = ID, .error_code = CODE, .final_size = final_size};
    const gn_err err = gn_stream_on_reset(&s, chunks, &total, &frame, &fault);

    ck_assert(gn_stream_check(&s, chunks));
    return err;
}

static void
assert_fault(gn_err err, uint64_t code, const char *why)
{
    ck_assert_int_eq(err, GN_ERR_FORM);
    ck_assert_uint_eq(fault.wire_code, code);
    ck_assert_str_eq(fault.why, why);
}

START_TEST(stream_has_the_halves_that_its_id_says)
{
    static const struct {
        uint64_t id;
        bool server, sends, receives;
    } row[] = {
        {0, true, true, true},   {0, false, true, true},  {1, true, true, true},
        {2, true, false, true},  {2, false, true, false}, {3, true, true, false},
        {3, false, false, true}, {1, false, true, true},
    };

    gn_stream_init(&s, row[_i].id, row[_i].server, WINDOW, WINDOW);
    ck_assert_int_eq(gn_stream_sending(&s), row[_i].sends);
    ck_assert_int_eq(gn_stream_receiving(&s), row[_i].receives);
    ck_assert_uint_eq(s.credit_out.limit, row[_i].sends ? WINDOW : 0);
    ck_assert_uint_eq(s.credit_in.limit, row[_i].receives ? WINDOW : 0);
    ck_assert(gn_stream_check(&s, chunks) && !gn_stream_finished(&s));
}
END_TEST

START_TEST(stream_data_and_fin_are_delivered_and_end_the_half)
{
    uint64_t off;
    gn_span bytes;
    bool fin;

    ck_assert_int_eq(data(0, 100, true), GN_OK);
    ck_assert_int_eq(s.recv_state, GN_RECV_DATA_RECVD);
    ck_assert(gn_stream_peek(&s, chunks, &off, &bytes, &fin));
    ck_assert_uint_eq(bytes.len, 100);
    ck_assert(fin);
    gn_stream_consume(&s, chunks, &total, 60);
    ck_assert_int_eq(s.recv_state, GN_RECV_DATA_RECVD);
    gn_stream_consume(&s, chunks, &total, 40);
    ck_assert_int_eq(s.recv_state, GN_RECV_DATA_READ);
    ck_assert(!gn_stream_readable(&s));
    ck_assert_uint_eq(total.consumed, 100);
}
END_TEST

START_TEST(stream_bare_fin_is_news_on_its_own)
{
    uint64_t off;
    gn_span bytes;
    bool fin;

    ck_assert_int_eq(data(0, 0, true), GN_OK);
    ck_assert(gn_stream_readable(&s));
    ck_assert(gn_stream_peek(&s, chunks, &off, &bytes, &fin));
    ck_assert(bytes.len == 0 && fin);
    gn_stream_consume(&s, chunks, &total, 0);
    ck_assert_int_eq(s.recv_state, GN_RECV_DATA_READ);
}
END_TEST

START_TEST(stream_end_is_told_with_the_last_chunk_only)
{
    uint64_t off;
    gn_span bytes;
    bool fin;

    ck_assert_int_eq(data(0, 3000, true), GN_OK);
    ck_assert(gn_stream_peek(&s, chunks, &off, &bytes, &fin));
    ck_assert(bytes.len == GN_CHUNK_BYTES && !fin);
    gn_stream_consume(&s, chunks, &total, bytes.len);
    ck_assert(gn_stream_peek(&s, chunks, &off, &bytes, &fin));
    ck_assert(bytes.len == 3000 - GN_CHUNK_BYTES && fin);
}
END_TEST

/* The next piece is these bytes, and the stream ends behind it or not; it is delivered. */
static void
assert_told(uint64_t off, size_t len, bool fin)
{
    uint64_t at;
    gn_span bytes;
    bool ends;

    ck_assert(gn_stream_readable(&s));
    ck_assert(gn_stream_peek(&s, chunks, &at, &bytes, &ends));
    ck_assert_uint_eq(at, off);
    ck_assert_uint_eq(bytes.len, len);
    ck_assert(gn_test_stream_equal(ID, off, bytes));
    ck_assert_int_eq(ends, fin);
    gn_stream_consume(&s, chunks, &total, len);
    ck_assert(gn_stream_check(&s, chunks));
}

START_TEST(stream_unordered_tells_the_end_last_and_where_it_is)
{
    s.flags |= GN_STREAM_UNORDERED;
    ck_assert_int_eq(data(200, 100, true), GN_OK);
    assert_told(200, 100, false);
    ck_assert(!gn_stream_readable(&s));
    ck_assert_int_eq(data(0, 100, false), GN_OK);
    assert_told(0, 100, false);
    ck_assert_int_eq(data(50, 160, false), GN_OK);
    ck_assert_int_eq(s.recv_state, GN_RECV_DATA_RECVD);
    assert_told(100, 100, false);
    assert_told(300, 0, true);
    ck_assert_int_eq(s.recv_state, GN_RECV_DATA_READ);
    ck_assert(!gn_stream_readable(&s));
    ck_assert_uint_eq(total.consumed, 300);
}
END_TEST

START_TEST(stream_unordered_end_comes_with_the_last_bytes_where_they_are_last)
{
    s.flags |= GN_STREAM_UNORDERED;
    ck_assert_int_eq(data(100, 50, true), GN_OK);
    ck_assert_int_eq(data(0, 100, false), GN_OK);
    assert_told(0, 150, true);
    ck_assert_int_eq(s.recv_state, GN_RECV_DATA_READ);
}
END_TEST

/* RFC 9000 4.1: what was taken makes room, though a gap is below. */
START_TEST(stream_unordered_credit_follows_what_was_told)
{
    s.flags |= GN_STREAM_UNORDERED;
    ck_assert_int_eq(data(1000, WINDOW - 1000, false), GN_OK);
    while (gn_stream_readable(&s)) {
        uint64_t off;
        gn_span bytes;
        bool fin;
        ck_assert(gn_stream_peek(&s, chunks, &off, &bytes, &fin));
        gn_stream_consume(&s, chunks, &total, bytes.len);
    }
    ck_assert_uint_eq(gn_credit_in_next(&s.credit_in), WINDOW - 1000 + WINDOW);
    ck_assert_uint_eq(total.consumed, WINDOW - 1000);
}
END_TEST

START_TEST(stream_unordered_reset_and_stop_settle_the_credit)
{
    s.flags |= GN_STREAM_UNORDERED;
    ck_assert_int_eq(data(1000, 100, false), GN_OK);
    assert_told(1000, 100, false);
    ck_assert_int_eq(data(3000, 100, false), GN_OK);
    if (_i == 0) {
        ck_assert_int_eq(reset(4000), GN_OK);
        ck_assert(gn_stream_take(&s, GN_STREAM_EVENT_RESET));
    } else {
        ck_assert_int_eq(gn_stream_stop(&s, chunks, &total, CODE), GN_OK);
        ck_assert_int_eq(data(3900, 100, true), GN_OK);
    }
    ck_assert(!gn_stream_readable(&s));
    ck_assert_uint_eq(total.consumed, 4000);
    ck_assert_uint_eq(total.received, 4000);
    ck_assert_uint_eq(chunks.pool->used, 0);
}
END_TEST

/* [R-9000-4.1-2] [R-9000-19.10-4] */
START_TEST(stream_beyond_its_limit_is_a_fault_also_for_a_bare_fin)
{
    ck_assert_int_eq(data(WINDOW - 1, 1, false), GN_OK);
    assert_fault(data(WINDOW, 1, false), GN_FAULT_FLOW_CONTROL,
                 "RFC 9000 4.1: more than the stream's limit");
    assert_fault(data(WINDOW + 1, 0, true), GN_FAULT_FLOW_CONTROL,
                 "RFC 9000 4.1: more than the stream's limit");
    assert_fault(reset(WINDOW + 1), GN_FAULT_FLOW_CONTROL,
                 "RFC 9000 4.1: more than the stream's limit");
    ck_assert_uint_eq(total.received, WINDOW);
}
END_TEST

/* [R-9000-4.1-2] [R-9000-19.9-2] */
START_TEST(stream_beyond_the_connection_limit_is_a_fault)
{
    gn_credit_in_on_received(&total, TOTAL - 10);
    assert_fault(data(0, 11, false), GN_FAULT_FLOW_CONTROL,
                 "RFC 9000 4.1: more than the connection's limit");
    assert_fault(reset(11), GN_FAULT_FLOW_CONTROL,
                 "RFC 9000 4.1: more than the connection's limit");
    ck_assert_int_eq(data(0, 10, false), GN_OK);
    ck_assert_int_eq(data(0, 10, false), GN_OK);
    ck_assert_uint_eq(total.received, TOTAL);
}
END_TEST

START_TEST(stream_final_size_may_not_change)
{
    ck_assert_int_eq(data(0, 10, true), GN_OK);
    assert_fault(data(0, 9, true), GN_FAULT_FINAL_SIZE, "RFC 9000 4.5: the final size changed");
    assert_fault(data(10, 1, false), GN_FAULT_FINAL_SIZE,
                 "RFC 9000 4.5: data beyond the final size");
    assert_fault(reset(9), GN_FAULT_FINAL_SIZE, "RFC 9000 4.5: the final size changed");
    ck_assert_int_eq(reset(10), GN_OK);
    ck_assert_int_eq(s.recv_state, GN_RECV_DATA_RECVD);
}
END_TEST

START_TEST(stream_reset_below_what_arrived_is_a_fault)
{
    ck_assert_int_eq(data(50, 10, false), GN_OK);
    assert_fault(reset(59), GN_FAULT_FINAL_SIZE,
                 "RFC 9000 4.5: the final size is below data that arrived");
}
END_TEST

/* [R-9000-4.5-1] */
START_TEST(stream_reset_counts_its_final_size_and_drops_what_was_not_read)
{
    ck_assert_int_eq(data(0, 100, false), GN_OK);
    ck_assert_int_eq(reset(400), GN_OK);
    ck_assert_uint_eq(total.received, 400);
    ck_assert_uint_eq(total.consumed, 400);
    ck_assert_uint_eq(pools.chunk_pool.used, 0);
    ck_assert_uint_eq(s.peer_reset_code, CODE);
    ck_assert(gn_stream_readable(&s));
    ck_assert(gn_stream_take(&s, GN_STREAM_EVENT_RESET));
    ck_assert(!gn_stream_take(&s, GN_STREAM_EVENT_RESET));
    ck_assert_int_eq(s.recv_state, GN_RECV_RESET_READ);
    ck_assert_int_eq(data(100, 100, false), GN_OK);
    ck_assert_uint_eq(pools.chunk_pool.used, 0);
}
END_TEST

START_TEST(stream_without_a_chunk_refuses_and_changes_nothing)
{
    gn_test_pools_init(&pools, 0, 0);
    ck_assert_int_eq(data(0, 10, true), GN_ERR_FULL);
    ck_assert_uint_eq(total.received, 0);
    ck_assert_int_eq(s.recv_state, GN_RECV_RECV);
}
END_TEST

START_TEST(stream_stopped_counts_what_arrives_and_drops_it)
{
    ck_assert_int_eq(data(0, 100, false), GN_OK);
    ck_assert_int_eq(gn_stream_stop(&s, chunks, &total, CODE), GN_OK);
    ck_assert_int_eq(gn_stream_stop(&s, chunks, &total, CODE), GN_ERR_STATE);
    ck_assert_int_eq(data(100, 100, false), GN_OK);
    ck_assert_uint_eq(total.received, 200);
    ck_assert_uint_eq(total.consumed, 200);
    ck_assert_uint_eq(pools.chunk_pool.used, 0);
    ck_assert(!gn_stream_readable(&s));
    ck_assert_uint_eq(s.pending, GN_STREAM_PENDING_STOP);
    ck_assert_int_eq(data(300, 0, true), GN_OK);
    ck_assert_int_eq(s.recv_state, GN_RECV_DATA_READ);
    ck_assert_uint_eq(s.pending, 0);
    ck_assert_uint_eq(total.consumed, 300);
}
END_TEST

START_TEST(stream_stopped_and_reset_ends_without_news)
{
    ck_assert_int_eq(gn_stream_stop(&s, chunks, &total, CODE), GN_OK);
    ck_assert_int_eq(reset(70), GN_OK);
    ck_assert_int_eq(s.recv_state, GN_RECV_RESET_READ);
    ck_assert_uint_eq(s.events, 0);
    ck_assert_uint_eq(total.consumed, 70);
}
END_TEST

START_TEST(stream_stop_when_all_is_here_asks_for_nothing)
{
    ck_assert_int_eq(data(0, 100, true), GN_OK);
    ck_assert_int_eq(gn_stream_stop(&s, chunks, &total, CODE), GN_OK);
    ck_assert_uint_eq(s.pending, 0);
    ck_assert_int_eq(s.recv_state, GN_RECV_DATA_READ);
    ck_assert_uint_eq(total.consumed, 100);
    ck_assert_int_eq(gn_stream_stop(&s, chunks, &total, CODE), GN_ERR_STATE);
}
END_TEST

/* [R-9000-3.5-1] [R-9000-3.5-2] [R-9000-11.2-1] */
START_TEST(stream_stop_sending_is_answered_with_a_reset_of_the_same_code)
{
    size_t accepted;

    ck_assert_int_eq(gn_stream_write(&s, chunks, gn_test_stream_bytes(ID, 0, 100), 1000, &accepted),
                     GN_OK);
    gn_stream_on_stop_sending(&s, chunks, CODE);
    ck_assert_int_eq(s.send_state, GN_SEND_RESET_SENT);
    ck_assert_uint_eq(s.reset_code, CODE);
    ck_assert_uint_eq(s.peer_stop_code, CODE);
    ck_assert_uint_eq(s.pending, GN_STREAM_PENDING_RESET);
    ck_assert_uint_eq(pools.chunk_pool.used, 0);
    ck_assert(gn_stream_take(&s, GN_STREAM_EVENT_STOP));
    gn_stream_on_stop_sending(&s, chunks, CODE + 1);
    ck_assert_uint_eq(s.reset_code, CODE);
    ck_assert_uint_eq(s.events, 0);
    ck_assert_int_eq(gn_stream_write(&s, chunks, gn_test_stream_bytes(ID, 0, 1), 1000, &accepted),
                     GN_ERR_STATE);
}
END_TEST

/* [R-9000-4.5-2] */
START_TEST(stream_ended_takes_no_more_from_the_application)
{
    size_t accepted;

    ck_assert_int_eq(gn_stream_fin(&s), GN_OK);
    ck_assert_int_eq(gn_stream_fin(&s), GN_ERR_STATE);
    ck_assert_int_eq(gn_stream_write(&s, chunks, gn_test_stream_bytes(ID, 0, 1), 1000, &accepted),
                     GN_ERR_STATE);
    ck_assert_int_eq(gn_stream_reset(&s, chunks, CODE), GN_OK);
    ck_assert_int_eq(gn_stream_reset(&s, chunks, CODE), GN_ERR_STATE);
    ck_assert(gn_stream_check(&s, chunks));
}
END_TEST

START_TEST(stream_write_without_any_chunk_is_full)
{
    size_t accepted = 7;

    gn_test_pools_init(&pools, GN_CHUNKS_SPARE, 0);
    ck_assert_int_eq(gn_stream_write(&s, chunks, gn_test_stream_bytes(ID, 0, 100), 1000, &accepted),
                     GN_ERR_FULL);
    ck_assert_uint_eq(accepted, 7);
}
END_TEST

/* [R-9000-4.1-3] */
START_TEST(stream_max_data_only_rises)
{
    gn_stream_on_max_data(&s, WINDOW - 1);
    ck_assert_uint_eq(s.credit_out.limit, WINDOW);
    gn_stream_on_max_data(&s, WINDOW + 1);
    ck_assert_uint_eq(s.credit_out.limit, WINDOW + 1);
}
END_TEST

START_TEST(stream_is_small)
{
    ck_assert_uint_le(sizeof(gn_stream), 512);
}
END_TEST

Suite *
gn_test_stream(void)
{
    Suite *suite = suite_create("stream/stream");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(good, server_side, NULL);
    tcase_add_checked_fixture(hostile, server_side, NULL);
    tcase_add_checked_fixture(limits, server_side, NULL);
    tcase_add_loop_test(good, stream_has_the_halves_that_its_id_says, 0, 8);
    tcase_add_test(good, stream_data_and_fin_are_delivered_and_end_the_half);
    tcase_add_test(good, stream_bare_fin_is_news_on_its_own);
    tcase_add_test(good, stream_end_is_told_with_the_last_chunk_only);
    tcase_add_test(good, stream_unordered_tells_the_end_last_and_where_it_is);
    tcase_add_test(good, stream_unordered_end_comes_with_the_last_bytes_where_they_are_last);
    tcase_add_test(good, stream_unordered_credit_follows_what_was_told);
    tcase_add_loop_test(good, stream_unordered_reset_and_stop_settle_the_credit, 0, 2);
    tcase_add_test(good, stream_reset_counts_its_final_size_and_drops_what_was_not_read);
    tcase_add_test(good, stream_stopped_counts_what_arrives_and_drops_it);
    tcase_add_test(good, stream_stopped_and_reset_ends_without_news);
    tcase_add_test(good, stream_stop_when_all_is_here_asks_for_nothing);
    tcase_add_test(good, stream_stop_sending_is_answered_with_a_reset_of_the_same_code);
    tcase_add_test(good, stream_ended_takes_no_more_from_the_application);
    tcase_add_test(good, stream_max_data_only_rises);
    tcase_add_test(hostile, stream_beyond_its_limit_is_a_fault_also_for_a_bare_fin);
    tcase_add_test(hostile, stream_beyond_the_connection_limit_is_a_fault);
    tcase_add_test(hostile, stream_final_size_may_not_change);
    tcase_add_test(hostile, stream_reset_below_what_arrived_is_a_fault);
    tcase_add_test(limits, stream_without_a_chunk_refuses_and_changes_nothing);
    tcase_add_test(limits, stream_write_without_any_chunk_is_full);
    tcase_add_test(limits, stream_is_small);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    suite_add_tcase(suite, limits);
    return suite;
}
