/*
 * test_stream_set.c: what stream/stream_set.h promises.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "prop.h"
#include "stream/stream_app.h"
#include "stream/stream_frames.h"
#include "stream/stream_set.h"
#include "suites.h"
#include "tests/support/random.h"
#include "tests/support/streams.h"

enum { CAP = 100000, ROOM = 500 };

static gn_test_pools memory;
static gn_stream_pools pools;
static gn_stream_set set; /* of a client */
static gn_stream_piece piece;

static const gn_stream_limits limits = {
    .max_data = 3000,
    .max_bidi_local = 3000,
    .max_bidi_remote = 2000,
    .max_uni = 1000,
    .streams_bidi = 40,
    .streams_uni = 2,
};

static void
client(void)
{
    gn_test_pools_init(&memory, 32, 64);
    pools = gn_test_pools_both(&memory);
    gn_stream_set_init(&set, false, &limits);
    gn_stream_set_on_limits(&set, pools, &limits);
}

/* Opens stream id with len bytes to send. */
static void
open_with(uint64_t id, size_t len, int32_t priority)
{
    size_t accepted;

    ck_assert_int_eq(gn_stream_app_open_id(&set, pools, id), GN_OK);
    ck_assert_int_eq(gn_stream_app_prioritise(&set, pools, id, priority), GN_OK);
    ck_assert_int_eq(gn_stream_app_write(&set, pools, id, gn_test_stream_bytes(id, 0, len), false,
                                         CAP, &accepted),
                     GN_OK);
    ck_assert_uint_eq(accepted, len);
    ck_assert(gn_stream_set_check(&set, pools));
}

/* It is stream id's turn; one piece of at most ROOM bytes is sent and left in piece. */
static void
send(uint64_t id)
{
    ck_assert(gn_stream_set_wants(&set));
    const uint32_t at = gn_stream_set_next(&set, pools);
    gn_stream *s = gn_stream_set_at(pools, at);

    ck_assert_uint_eq(s->id, id);
    ck_assert(
        gn_stream_piece_next(s, pools.chunks, gn_credit_out_left(&set.total_out), ROOM, &piece));
    gn_stream_set_on_sent(&set, pools, at, &piece);
    gn_stream_set_rotate(&set, pools, at);
    ck_assert(gn_stream_set_check(&set, pools));
}

START_TEST(stream_set_equals_take_turns)
{
    open_with(0, 1000, 0);
    open_with(4, 1000, 0);
    open_with(8, 600, 0);
    send(0);
    send(4);
    send(8);
    send(0);
    send(4);
    send(8);
    ck_assert_uint_eq(piece.len, 100);
    ck_assert(!gn_stream_set_wants(&set));
    ck_assert_uint_eq(gn_stream_set_next(&set, pools), GN_POOL_NONE);
}
END_TEST

START_TEST(stream_set_higher_priority_goes_first_and_may_change)
{
    open_with(0, 1000, 0);
    open_with(4, 1000, 5);
    send(4);
    ck_assert_int_eq(gn_stream_app_prioritise(&set, pools, 0, 9), GN_OK);
    ck_assert(gn_stream_set_check(&set, pools));
    send(0);
    send(0);
    send(4);
}
END_TEST

START_TEST(stream_set_lost_bytes_go_before_new_ones_of_equals_only)
{
    open_with(0, ROOM, 0);
    send(0);
    const gn_stream_piece first = piece;
    open_with(4, 1000, 0);
    gn_stream_set_on_lost(&set, pools, &first);
    send(0);
    ck_assert(!piece.is_new);
    gn_stream_set_on_lost(&set, pools, &piece);
    ck_assert_int_eq(gn_stream_app_prioritise(&set, pools, 4, 1), GN_OK);
    send(4);
    ck_assert(piece.is_new);
}
END_TEST

/* [R-9000-4.1-1] [R-9000-19.9-1] */
START_TEST(stream_set_without_connection_credit_sends_only_what_needs_none)
{
    open_with(0, 2000, 0);
    open_with(4, 2000, 0);
    for (int i = 0; i < 3; i++) {
        send(0);
        send(4);
    }
    ck_assert_uint_eq(gn_credit_out_left(&set.total_out), 0);
    ck_assert(!gn_stream_set_wants(&set));
    ck_assert(gn_stream_set_wants_data_blocked(&set));
    gn_stream_set_on_lost(&set, pools, &piece);
    send(4);
    ck_assert(!gn_stream_set_wants(&set));
    ck_assert_int_eq(gn_stream_app_stop(&set, pools, 0, 7), GN_OK);
    send(0);
    ck_assert_int_eq(piece.kind, GN_STREAM_PIECE_STOP);
    ck_assert(gn_stream_frames_on_max_data(&set, 3100));
    ck_assert(!gn_stream_set_wants_data_blocked(&set));
    ck_assert(gn_stream_set_wants(&set));
}
END_TEST

START_TEST(stream_set_data_blocked_is_said_once_a_limit)
{
    open_with(0, 2000, 0);
    open_with(4, 2000, 0);
    while (gn_stream_set_wants(&set))
        send(gn_stream_set_at(pools, gn_stream_set_next(&set, pools))->id);
    ck_assert(gn_stream_set_wants_data_blocked(&set));
    gn_credit_out_on_blocked_sent(&set.total_out);
    ck_assert(!gn_stream_set_wants_data_blocked(&set));
}
END_TEST

START_TEST(stream_set_limits_of_the_peer_reach_streams_opened_before)
{
    gn_stream_limits more = limits;

    open_with(0, 2500, 0);
    more.max_bidi_remote = 2400;
    more.max_data = 10;
    gn_stream_set_on_limits(&set, pools, &more);
    const gn_stream *s = gn_stream_set_at(pools, gn_stream_set_find(&set, pools, 0));
    ck_assert_uint_eq(s->credit_out.limit, 2400);
    ck_assert_uint_eq(set.total_out.limit, 3000);
    ck_assert(gn_stream_set_check(&set, pools));
}
END_TEST

/* [R-9000-4.4-1] */
START_TEST(stream_set_finished_stream_gives_its_slot_back_and_its_news_are_nobodys)
{
    size_t accepted;

    open_with(2, 100, 0);
    ck_assert_int_eq(gn_stream_app_write(&set, pools, 2, gn_span_of(NULL, 0), true, CAP, &accepted),
                     GN_OK);
    send(2);
    gn_stream_set_on_acked(&set, pools, &piece);
    ck_assert_uint_eq(gn_stream_set_find(&set, pools, 2), GN_POOL_NONE);
    ck_assert_uint_eq(memory.stream_pool.used + memory.chunk_pool.used, 0);
    gn_stream_set_on_acked(&set, pools, &piece);
    gn_stream_set_on_lost(&set, pools, &piece);
    ck_assert_int_eq(gn_stream_app_open_id(&set, pools, 2), GN_ERR_STATE);
}
END_TEST

START_TEST(stream_set_finds_every_stream_among_many)
{
    for (uint64_t i = 0; i < 40; i++)
        open_with(4 * i, 0, 0);
    for (uint64_t i = 0; i < 40; i++) {
        const uint32_t at = gn_stream_set_find(&set, pools, 4 * i);
        ck_assert_uint_eq(gn_stream_set_at(pools, at)->id, 4 * i);
    }
    ck_assert_uint_eq(gn_stream_set_find(&set, pools, 4 * 40), GN_POOL_NONE);
    ck_assert_uint_eq(gn_stream_set_find(&set, pools, 1), GN_POOL_NONE);
}
END_TEST

START_TEST(stream_set_of_long_life_remembers_nothing_of_what_is_over)
{
    gn_fault fault;

    for (uint64_t i = 0; i < 2000; i++) {
        const gn_frame_stream data = {
            .id = 3 + 4 * i, .data = gn_test_stream_bytes(3, 0, 10), .fin = true};
        gn_credit_in *granted = &set.ids.granted[GN_STREAM_UNI];

        ck_assert_int_eq(gn_stream_frames_on_data(&set, pools, &data, &fault), GN_OK);
        gn_stream_app_consume(&set, pools, gn_stream_app_readable(&set), 10);
        if (gn_credit_in_wants(granted))
            gn_credit_in_on_sent(granted, gn_credit_in_next(granted));
        if (gn_credit_in_wants(&set.total_in))
            gn_credit_in_on_sent(&set.total_in, gn_credit_in_next(&set.total_in));
    }
    ck_assert_uint_eq(memory.stream_pool.peak, 1);
    ck_assert_uint_eq(memory.chunk_pool.used, 0);
    ck_assert_uint_eq(set.ids.granted[GN_STREAM_UNI].consumed, 2000);
    ck_assert(gn_stream_set_check(&set, pools));
}
END_TEST

START_TEST(stream_set_goes_on_in_copied_memory)
{
    static gn_test_pools elsewhere;

    open_with(0, 1000, 0);
    open_with(4, 1000, 0);
    send(0);
    memcpy(&elsewhere, &memory, sizeof memory);
    gn_stream_set copy = set;
    const gn_stream_pools other = gn_test_pools_both(&elsewhere);
    memset(&memory, 0, sizeof memory);
    ck_assert(gn_stream_set_check(&copy, other));
    ck_assert_uint_eq(gn_stream_set_at(other, gn_stream_set_next(&copy, other))->id, 4);
}
END_TEST

START_TEST(stream_set_wipe_gives_everything_back)
{
    for (uint64_t i = 0; i < 10; i++)
        open_with(4 * i, 100, (int32_t)i);
    gn_stream_set_wipe(&set, pools);
    ck_assert_uint_eq(memory.stream_pool.used + memory.chunk_pool.used, 0);
    ck_assert(!gn_stream_set_wants(&set));
    ck_assert_uint_eq(gn_stream_set_find(&set, pools, 0), GN_POOL_NONE);
}
END_TEST

START_TEST(stream_set_pairs_deliver_whatever_the_network_does)
{
    uint64_t state = (uint64_t)_i;
    uint8_t ops[2400];

    gn_test_random_fill(&state, ops, sizeof ops);
    ck_assert(gn_prop_stream_set(ops, sizeof ops));
}
END_TEST

Suite *
gn_test_stream_set(void)
{
    Suite *s = suite_create("stream/stream_set");
    TCase *good = tcase_create("good");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, client, NULL);
    tcase_add_test(good, stream_set_equals_take_turns);
    tcase_add_test(good, stream_set_higher_priority_goes_first_and_may_change);
    tcase_add_test(good, stream_set_lost_bytes_go_before_new_ones_of_equals_only);
    tcase_add_test(good, stream_set_without_connection_credit_sends_only_what_needs_none);
    tcase_add_test(good, stream_set_data_blocked_is_said_once_a_limit);
    tcase_add_test(good, stream_set_limits_of_the_peer_reach_streams_opened_before);
    tcase_add_test(good, stream_set_finished_stream_gives_its_slot_back_and_its_news_are_nobodys);
    tcase_add_test(good, stream_set_finds_every_stream_among_many);
    tcase_add_test(good, stream_set_of_long_life_remembers_nothing_of_what_is_over);
    tcase_add_test(good, stream_set_goes_on_in_copied_memory);
    tcase_add_test(good, stream_set_wipe_gives_everything_back);
    tcase_add_loop_test(random, stream_set_pairs_deliver_whatever_the_network_does, 0, 120);
    suite_add_tcase(s, good);
    suite_add_tcase(s, random);
    return s;
}
