/*
 * test_stream_piece.c: what stream/stream_piece.h promises.
 */
#include <check.h>
#include <stdlib.h>

#include "stream/stream_piece.h"
#include "suites.h"
#include "tests/support/streams.h"

enum { ID = 0, WINDOW = 1000, CODE = 42, ROOM = 1200 };

static gn_test_pools pools;
static gn_slots chunks;
static gn_stream s;
static gn_credit_in total;
static gn_stream_piece piece;

static void
client_side(void)
{
    gn_test_pools_init(&pools, 16, 0);
    chunks = gn_test_pools_chunks(&pools);
    gn_stream_init(&s, ID, false, WINDOW, WINDOW);
    gn_credit_in_init(&total, 10 * WINDOW, GN_CREDIT_TOP_BYTES);
}

static void
write(size_t len, uint64_t cap_bytes)
{
    size_t accepted;

    ck_assert_int_eq(gn_stream_write(&s, chunks, gn_test_stream_bytes(ID, s.out.end_off, len),
                                     cap_bytes, &accepted),
                     GN_OK);
}

/* The next piece is of this kind; it is sent and left in piece. */
static void
send(gn_stream_piece_kind kind)
{
    ck_assert(gn_stream_piece_owed(&s, chunks) || gn_stream_piece_fresh(&s));
    ck_assert(gn_stream_piece_next(&s, chunks, UINT64_MAX, ROOM, &piece));
    ck_assert_int_eq(piece.kind, (int)kind);
    ck_assert_uint_eq(piece.id, ID);
    gn_stream_piece_on_sent(&s, chunks, &piece);
    ck_assert(gn_stream_check(&s, chunks));
}

static void
assert_nothing_to_send(void)
{
    ck_assert(!gn_stream_piece_owed(&s, chunks) && !gn_stream_piece_fresh(&s));
    ck_assert(!gn_stream_piece_next(&s, chunks, UINT64_MAX, ROOM, &piece));
}

START_TEST(stream_piece_of_an_idle_stream_is_none)
{
    assert_nothing_to_send();
}
END_TEST

/* [R-9000-3.3-1] */
START_TEST(stream_piece_data_with_fin_acknowledged_ends_the_half)
{
    write(100, WINDOW);
    ck_assert_int_eq(gn_stream_fin(&s), GN_OK);
    ck_assert(gn_stream_piece_fresh(&s) && !gn_stream_piece_owed(&s, chunks));
    send(GN_STREAM_PIECE_DATA);
    ck_assert(piece.len == 100 && piece.fin && piece.is_new);
    ck_assert_int_eq(s.send_state, GN_SEND_DATA_SENT);
    gn_stream_piece_on_acked(&s, chunks, &piece);
    ck_assert_int_eq(s.send_state, GN_SEND_DATA_RECVD);
    gn_stream_piece_on_acked(&s, chunks, &piece);
    gn_stream_piece_on_lost(&s, chunks, &piece);
    assert_nothing_to_send();
}
END_TEST

START_TEST(stream_piece_cut_loses_its_fin)
{
    write(100, WINDOW);
    ck_assert_int_eq(gn_stream_fin(&s), GN_OK);
    ck_assert(gn_stream_piece_next(&s, chunks, UINT64_MAX, ROOM, &piece));
    gn_stream_piece_cut(&piece, 100);
    ck_assert(piece.fin);
    gn_stream_piece_cut(&piece, 60);
    ck_assert(piece.len == 60 && !piece.fin);
    gn_stream_piece_on_sent(&s, chunks, &piece);
    ck_assert(gn_stream_check(&s, chunks));
    send(GN_STREAM_PIECE_DATA);
    ck_assert(piece.off == 60 && piece.len == 40 && piece.fin);
}
END_TEST

/* [R-9000-2.2-3] */
START_TEST(stream_piece_keeps_to_both_credits)
{
    write(3 * WINDOW, 10 * WINDOW);
    ck_assert(gn_stream_piece_next(&s, chunks, 30, ROOM, &piece));
    ck_assert_uint_eq(piece.len, 30);
    ck_assert(!gn_stream_piece_next(&s, chunks, 0, ROOM, &piece));
    send(GN_STREAM_PIECE_DATA);
    ck_assert_uint_eq(piece.len, WINDOW);
}
END_TEST

START_TEST(stream_piece_says_blocked_once_a_limit_and_again_when_lost)
{
    write(3 * WINDOW, 10 * WINDOW);
    send(GN_STREAM_PIECE_DATA);
    send(GN_STREAM_PIECE_BLOCKED);
    ck_assert_uint_eq(piece.off, WINDOW);
    assert_nothing_to_send();
    gn_stream_piece_on_lost(&s, chunks, &piece);
    send(GN_STREAM_PIECE_BLOCKED);
    gn_stream_on_max_data(&s, 2 * WINDOW);
    gn_stream_piece_on_lost(&s, chunks, &piece);
    send(GN_STREAM_PIECE_DATA);
    send(GN_STREAM_PIECE_BLOCKED);
    ck_assert_uint_eq(piece.off, 2 * WINDOW);
}
END_TEST

START_TEST(stream_piece_lost_data_needs_no_credit)
{
    write(WINDOW, WINDOW);
    send(GN_STREAM_PIECE_DATA);
    gn_stream_piece_on_lost(&s, chunks, &piece);
    ck_assert(gn_stream_piece_owed(&s, chunks));
    ck_assert(gn_stream_piece_next(&s, chunks, 0, ROOM, &piece));
    ck_assert(piece.len == WINDOW && !piece.is_new);
}
END_TEST

/* [R-9000-3.3-2] [R-9000-13.3-1] */
START_TEST(stream_piece_reset_silences_data_and_is_sent_until_acknowledged)
{
    write(500, WINDOW);
    send(GN_STREAM_PIECE_DATA);
    const gn_stream_piece data = piece;
    write(500, WINDOW);
    ck_assert_int_eq(gn_stream_reset(&s, chunks, CODE), GN_OK);
    gn_stream_piece_on_lost(&s, chunks, &data);
    send(GN_STREAM_PIECE_RESET);
    ck_assert(piece.off == 500 && piece.code == CODE);
    assert_nothing_to_send();
    gn_stream_piece_on_lost(&s, chunks, &piece);
    send(GN_STREAM_PIECE_RESET);
    gn_stream_piece_on_acked(&s, chunks, &data);
    ck_assert_int_eq(s.send_state, GN_SEND_RESET_SENT);
    gn_stream_piece_on_acked(&s, chunks, &piece);
    ck_assert_int_eq(s.send_state, GN_SEND_RESET_RECVD);
    gn_stream_piece_on_lost(&s, chunks, &piece);
    assert_nothing_to_send();
}
END_TEST

START_TEST(stream_piece_stop_is_sent_again_until_the_size_is_settled)
{
    const gn_frame_reset_stream reset = {.id = ID, .final_size = 0};
    gn_fault fault;

    ck_assert_int_eq(gn_stream_stop(&s, chunks, &total, CODE), GN_OK);
    send(GN_STREAM_PIECE_STOP);
    ck_assert_uint_eq(piece.code, CODE);
    gn_stream_piece_on_lost(&s, chunks, &piece);
    send(GN_STREAM_PIECE_STOP);
    gn_stream_piece_on_acked(&s, chunks, &piece);
    ck_assert_int_eq(s.recv_state, GN_RECV_RECV);
    ck_assert_int_eq(gn_stream_on_reset(&s, chunks, &total, &reset, &fault), GN_OK);
    gn_stream_piece_on_lost(&s, chunks, &piece);
    assert_nothing_to_send();
}
END_TEST

START_TEST(stream_piece_stop_with_known_size_ends_the_half_when_acknowledged)
{
    const gn_frame_stream frame = {
        .id = ID, .off = 100, .data = gn_test_stream_bytes(ID, 100, 10), .fin = true};
    gn_fault fault;

    ck_assert_int_eq(gn_stream_on_data(&s, chunks, &total, &frame, &fault), GN_OK);
    ck_assert_int_eq(gn_stream_stop(&s, chunks, &total, CODE), GN_OK);
    ck_assert_int_eq(s.recv_state, GN_RECV_SIZE_KNOWN);
    send(GN_STREAM_PIECE_STOP);
    gn_stream_piece_on_acked(&s, chunks, &piece);
    ck_assert_int_eq(s.recv_state, GN_RECV_DATA_READ);
    ck_assert_uint_eq(total.consumed, 110);
}
END_TEST

START_TEST(stream_piece_max_data_follows_reading_and_loss)
{
    const gn_frame_stream frame = {.id = ID, .data = gn_test_stream_bytes(ID, 0, 700)};
    gn_fault fault;

    ck_assert_int_eq(gn_stream_on_data(&s, chunks, &total, &frame, &fault), GN_OK);
    assert_nothing_to_send();
    gn_stream_consume(&s, chunks, &total, 700);
    send(GN_STREAM_PIECE_MAX_DATA);
    ck_assert_uint_eq(piece.off, WINDOW + 700);
    ck_assert_uint_eq(s.credit_in.limit, WINDOW + 700);
    gn_stream_piece_on_lost(&s, chunks, &piece);
    send(GN_STREAM_PIECE_MAX_DATA);
    const gn_frame_stream end = {.id = ID, .off = 800, .fin = true};
    ck_assert_int_eq(gn_stream_on_data(&s, chunks, &total, &end, &fault), GN_OK);
    gn_stream_piece_on_lost(&s, chunks, &piece);
    assert_nothing_to_send();
}
END_TEST

START_TEST(stream_piece_acknowledged_wakes_a_starved_writer_at_half)
{
    write(900, 600);
    send(GN_STREAM_PIECE_DATA);
    ck_assert_uint_eq(piece.len, 600);
    gn_stream_piece part = piece;
    part.len = 299;
    gn_stream_piece_on_acked(&s, chunks, &part);
    ck_assert_uint_eq(s.events, 0);
    part.len = 300;
    gn_stream_piece_on_acked(&s, chunks, &part);
    ck_assert(gn_stream_take(&s, GN_STREAM_EVENT_WRITABLE));
    gn_stream_piece_on_acked(&s, chunks, &piece);
    ck_assert_uint_eq(s.events, 0);
}
END_TEST

START_TEST(stream_piece_control_goes_before_data)
{
    write(100, WINDOW);
    ck_assert_int_eq(gn_stream_stop(&s, chunks, &total, CODE), GN_OK);
    send(GN_STREAM_PIECE_STOP);
    send(GN_STREAM_PIECE_DATA);
}
END_TEST

Suite *
gn_test_stream_piece(void)
{
    Suite *suite = suite_create("stream/stream_piece");
    TCase *good = tcase_create("good");

    tcase_add_checked_fixture(good, client_side, NULL);
    tcase_add_test(good, stream_piece_of_an_idle_stream_is_none);
    tcase_add_test(good, stream_piece_data_with_fin_acknowledged_ends_the_half);
    tcase_add_test(good, stream_piece_cut_loses_its_fin);
    tcase_add_test(good, stream_piece_keeps_to_both_credits);
    tcase_add_test(good, stream_piece_says_blocked_once_a_limit_and_again_when_lost);
    tcase_add_test(good, stream_piece_lost_data_needs_no_credit);
    tcase_add_test(good, stream_piece_reset_silences_data_and_is_sent_until_acknowledged);
    tcase_add_test(good, stream_piece_stop_is_sent_again_until_the_size_is_settled);
    tcase_add_test(good, stream_piece_stop_with_known_size_ends_the_half_when_acknowledged);
    tcase_add_test(good, stream_piece_max_data_follows_reading_and_loss);
    tcase_add_test(good, stream_piece_acknowledged_wakes_a_starved_writer_at_half);
    tcase_add_test(good, stream_piece_control_goes_before_data);
    suite_add_tcase(suite, good);
    return suite;
}
