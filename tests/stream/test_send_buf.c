/*
 * test_send_buf.c: what stream/send_buf.h promises.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "prop.h"
#include "stream/send_buf.h"
#include "suites.h"
#include "tests/support/random.h"
#include "tests/support/streams.h"

enum { CHUNKS = 8, CAP = 1 << 20 };

static gn_test_pools pools;
static gn_slots chunks;
static gn_send_buf b;

static void
empty(void)
{
    gn_test_pools_init(&pools, CHUNKS, 0);
    chunks = gn_test_pools_chunks(&pools);
    gn_send_buf_init(&b);
}

static size_t
push(size_t len)
{
    return gn_send_buf_push(&b, chunks, gn_test_stream_bytes(0, b.end_off, len).ptr, len, CAP);
}

/* Sends one piece and checks that it is the one expected, bytes included. */
static void
send(size_t room, uint64_t off, uint32_t len, bool fin)
{
    static uint8_t bytes[1 << 16];
    gn_send_piece piece;

    ck_assert(gn_send_buf_wants(&b, chunks, UINT64_MAX));
    ck_assert(gn_send_buf_next(&b, chunks, UINT64_MAX, room, &piece));
    ck_assert_uint_eq(piece.off, off);
    ck_assert_uint_eq(piece.len, len);
    ck_assert_int_eq(piece.fin, fin);
    gn_send_buf_copy(&b, chunks, piece.off, piece.len, bytes);
    ck_assert(gn_test_stream_equal(0, off, gn_span_of(bytes, len)));
    gn_send_buf_on_sent(&b, chunks, &piece);
    ck_assert(gn_send_buf_check(&b, chunks));
}

static void
acked(uint64_t off, uint64_t len, bool fin)
{
    gn_send_buf_on_acked(&b, chunks, off, len, fin);
    ck_assert(gn_send_buf_check(&b, chunks));
}

static void
lost(uint64_t off, uint64_t len, bool fin)
{
    gn_send_buf_on_lost(&b, chunks, off, len, fin);
    ck_assert(gn_send_buf_check(&b, chunks));
}

START_TEST(send_buf_sends_in_order_and_forgets_what_is_acknowledged)
{
    ck_assert_uint_eq(push(5000), 5000);
    send(1200, 0, 1200, false);
    send(9000, 1200, 3800, false);
    ck_assert(!gn_send_buf_wants(&b, chunks, UINT64_MAX));
    acked(0, 1200, false);
    ck_assert_uint_eq(gn_send_buf_held(&b), 3800);
    acked(1200, 3800, false);
    ck_assert_uint_eq(pools.chunk_pool.used, 0);
    ck_assert(!gn_send_buf_all_acked(&b));
    ck_assert_uint_eq(push(10), 10);
    send(1200, 5000, 10, false);
}
END_TEST

START_TEST(send_buf_offers_new_bytes_below_the_limit_only)
{
    gn_send_piece piece;

    ck_assert_uint_eq(push(100), 100);
    ck_assert(gn_send_buf_next(&b, chunks, 60, 1200, &piece));
    ck_assert_uint_eq(piece.len, 60);
    gn_send_buf_on_sent(&b, chunks, &piece);
    ck_assert(!gn_send_buf_next(&b, chunks, 60, 1200, &piece));
    ck_assert(!gn_send_buf_wants(&b, chunks, 60));
    ck_assert(gn_send_buf_blocked(&b, 60));
    ck_assert(!gn_send_buf_blocked(&b, 61));
    lost(0, 60, false);
    ck_assert(gn_send_buf_wants(&b, chunks, 60));
}
END_TEST

START_TEST(send_buf_fin_goes_with_the_last_byte)
{
    ck_assert_uint_eq(push(100), 100);
    gn_send_buf_fin(&b);
    send(40, 0, 40, false);
    send(60, 40, 60, true);
    acked(40, 60, true);
    ck_assert(!gn_send_buf_all_acked(&b));
    acked(0, 40, false);
    ck_assert(gn_send_buf_all_acked(&b));
}
END_TEST

START_TEST(send_buf_fin_alone_goes_without_room_or_credit)
{
    gn_send_piece piece;

    ck_assert_uint_eq(push(100), 100);
    send(200, 0, 100, false);
    gn_send_buf_fin(&b);
    ck_assert(gn_send_buf_wants_again(&b, chunks));
    ck_assert(gn_send_buf_next(&b, chunks, 0, 0, &piece));
    ck_assert_uint_eq(piece.len, 0);
    ck_assert(piece.fin && piece.is_new);
    send(0, 100, 0, true);
    ck_assert(!gn_send_buf_wants(&b, chunks, UINT64_MAX));
}
END_TEST

START_TEST(send_buf_lost_fin_is_sent_once_more_only)
{
    gn_send_buf_fin(&b);
    send(0, 0, 0, true);
    lost(0, 0, true);
    send(0, 0, 0, true);
    ck_assert(!gn_send_buf_wants(&b, chunks, UINT64_MAX));
    acked(0, 0, true);
    lost(0, 0, true);
    ck_assert(!gn_send_buf_wants(&b, chunks, UINT64_MAX));
    ck_assert(gn_send_buf_all_acked(&b));
}
END_TEST

START_TEST(send_buf_lost_bytes_go_first_lowest_first)
{
    ck_assert_uint_eq(push(1000), 1000);
    for (uint64_t off = 0; off < 800; off += 100)
        send(100, off, 100, false);
    lost(500, 100, false);
    lost(200, 100, false);
    send(60, 200, 60, false);
    send(60, 260, 40, false);
    send(1200, 500, 100, false);
    send(1200, 800, 200, false);
}
END_TEST

START_TEST(send_buf_never_sends_again_what_was_acknowledged_meanwhile)
{
    ck_assert_uint_eq(push(1000), 1000);
    send(1000, 0, 1000, false);
    acked(300, 100, false);
    lost(200, 400, false);
    send(1200, 200, 100, false);
    acked(420, 30, false);
    send(1200, 400, 20, false);
    send(1200, 450, 150, false);
    ck_assert(!gn_send_buf_wants(&b, chunks, UINT64_MAX));
    lost(0, 1000, false);
    acked(0, 1000, false);
    ck_assert(!gn_send_buf_wants(&b, chunks, UINT64_MAX));
}
END_TEST

START_TEST(send_buf_acknowledged_above_a_gap_waits_for_the_gap)
{
    ck_assert_uint_eq(push(6000), 6000);
    send(6000, 0, 6000, false);
    acked(1000, 5000, false);
    ck_assert_uint_eq(pools.chunk_pool.used, 3);
    ck_assert_uint_eq(b.acked_off, 0);
    acked(0, 1000, false);
    ck_assert_uint_eq(b.acked_off, 6000);
    ck_assert_uint_eq(pools.chunk_pool.used, 0);
}
END_TEST

START_TEST(send_buf_chunk_ends_are_no_seams)
{
    ck_assert_uint_eq(push(3 * GN_CHUNK_BYTES), 3 * GN_CHUNK_BYTES);
    send(GN_CHUNK_BYTES, 0, GN_CHUNK_BYTES, false);
    acked(0, GN_CHUNK_BYTES, false);
    ck_assert_uint_eq(pools.chunk_pool.used, 2);
    send(GN_CHUNK_BYTES + 1, GN_CHUNK_BYTES, GN_CHUNK_BYTES + 1, false);
    lost(GN_CHUNK_BYTES, GN_CHUNK_BYTES + 1, false);
    send(CAP, GN_CHUNK_BYTES, GN_CHUNK_BYTES + 1, false);
    send(CAP, 2 * GN_CHUNK_BYTES + 1, GN_CHUNK_BYTES - 1, false);
}
END_TEST

START_TEST(send_buf_copies_new_bytes_from_the_cursor)
{
    ck_assert_uint_eq(push(5 * GN_CHUNK_BYTES), 5 * GN_CHUNK_BYTES);
    send(4 * GN_CHUNK_BYTES + 5, 0, 4 * GN_CHUNK_BYTES + 5, false);
    ck_assert_uint_eq(gn_chunks_at(chunks, b.chain.hint)->base_off, 4 * GN_CHUNK_BYTES);
    lost(10, 20, false);
    send(100, 10, 20, false);
    ck_assert_uint_eq(gn_chunks_at(chunks, b.chain.hint)->base_off, 4 * GN_CHUNK_BYTES);
}
END_TEST

START_TEST(send_buf_push_stops_at_the_cap_and_at_the_spare_chunks)
{
    const gn_span bytes = gn_test_stream_bytes(0, 0, 30000);

    ck_assert_uint_eq(gn_send_buf_push(&b, chunks, bytes.ptr, 1000, 600), 600);
    ck_assert_uint_eq(gn_send_buf_push(&b, chunks, bytes.ptr, 1000, 600), 0);
    const size_t room = (CHUNKS - GN_CHUNKS_SPARE) * GN_CHUNK_BYTES;
    ck_assert_uint_eq(gn_send_buf_push(&b, chunks, bytes.ptr + 600, 29400, CAP), room - 600);
    ck_assert_uint_eq(gn_slots_left(chunks), GN_CHUNKS_SPARE);
    ck_assert(gn_send_buf_check(&b, chunks));
}
END_TEST

START_TEST(send_buf_without_room_for_marks_sends_more_rather_than_less)
{
    /* All but the spare chunks hold data, so that a second range cannot be noted. */
    ck_assert_uint_eq(push((CHUNKS - GN_CHUNKS_SPARE) * GN_CHUNK_BYTES),
                      (CHUNKS - GN_CHUNKS_SPARE) * GN_CHUNK_BYTES);
    send(6000, 0, 6000, false);
    acked(1000, 100, false);
    acked(3000, 100, false);
    send(6000, 3000, 100, false);
    lost(500, 100, false);
    lost(4000, 100, false);
    send(6000, 500, 500, false);
    send(6000, 1100, 3000, false);
    acked(0, 6000, false);
    ck_assert(!gn_send_buf_wants_again(&b, chunks));
}
END_TEST

START_TEST(send_buf_wipe_gives_all_chunks_back)
{
    ck_assert_uint_eq(push(9000), 9000);
    send(6000, 0, 6000, false);
    acked(1000, 100, false);
    acked(3000, 100, false);
    lost(500, 100, false);
    lost(4000, 100, false);
    gn_send_buf_wipe(&b, chunks);
    ck_assert_uint_eq(pools.chunk_pool.used, 0);
    ck_assert_uint_eq(b.next_off, 6000);
    ck_assert(gn_send_buf_check(&b, chunks));
    ck_assert(!gn_send_buf_wants(&b, chunks, UINT64_MAX));
}
END_TEST

START_TEST(send_buf_next_without_room_is_nothing_and_touches_nothing)
{
    gn_send_piece piece = {.len = 7};

    ck_assert_uint_eq(push(10), 10);
    ck_assert(!gn_send_buf_next(&b, chunks, UINT64_MAX, 0, &piece));
    ck_assert_uint_eq(piece.len, 7);
}
END_TEST

/* [R-9000-4.5-2] */
START_TEST(send_buf_push_after_fin_traps)
{
    gn_send_buf_fin(&b);
    (void)push(1);
}
END_TEST

START_TEST(send_buf_acknowledging_what_was_not_sent_traps)
{
    (void)push(10);
    gn_send_buf_on_acked(&b, chunks, 0, 10, false);
}
END_TEST

/* [R-9000-2.2-2] */
START_TEST(send_buf_delivers_once_in_order_whatever_the_network_does)
{
    uint64_t state = (uint64_t)_i;
    uint8_t ops[3000];

    gn_test_random_fill(&state, ops, sizeof ops);
    ck_assert(gn_prop_send_buf(ops, sizeof ops));
}
END_TEST

Suite *
gn_test_send_buf(void)
{
    Suite *s = suite_create("stream/send_buf");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, empty, NULL);
    tcase_add_checked_fixture(limits, empty, NULL);
    tcase_add_test(good, send_buf_sends_in_order_and_forgets_what_is_acknowledged);
    tcase_add_test(good, send_buf_offers_new_bytes_below_the_limit_only);
    tcase_add_test(good, send_buf_fin_goes_with_the_last_byte);
    tcase_add_test(good, send_buf_fin_alone_goes_without_room_or_credit);
    tcase_add_test(good, send_buf_lost_fin_is_sent_once_more_only);
    tcase_add_test(good, send_buf_lost_bytes_go_first_lowest_first);
    tcase_add_test(good, send_buf_never_sends_again_what_was_acknowledged_meanwhile);
    tcase_add_test(good, send_buf_acknowledged_above_a_gap_waits_for_the_gap);
    tcase_add_test(good, send_buf_chunk_ends_are_no_seams);
    tcase_add_test(good, send_buf_copies_new_bytes_from_the_cursor);
    tcase_add_test(good, send_buf_wipe_gives_all_chunks_back);
    tcase_add_test(limits, send_buf_push_stops_at_the_cap_and_at_the_spare_chunks);
    tcase_add_test(limits, send_buf_without_room_for_marks_sends_more_rather_than_less);
    tcase_add_test(limits, send_buf_next_without_room_is_nothing_and_touches_nothing);
    tcase_add_test_raise_signal(limits, send_buf_push_after_fin_traps, SIGABRT);
    tcase_add_test_raise_signal(limits, send_buf_acknowledging_what_was_not_sent_traps, SIGABRT);
    tcase_add_loop_test(random, send_buf_delivers_once_in_order_whatever_the_network_does, 0, 120);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
