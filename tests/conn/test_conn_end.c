/*
 * test_conn_end.c: what conn/conn_end.h promises: the pools of an endpoint whose connection ends.
 */
#include <check.h>

#include "endpoint/endpoint.h"
#include "suites.h"
#include "tests/support/forge.h"
#include "tests/support/pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

static gn_test_pair pair;
static gn_test_forge forge;

typedef struct room {
    uint32_t sent;
    uint32_t held;
    uint32_t streams;
    uint32_t chunks;
    uint32_t keys;
} room;

static room
room_of(int side)
{
    const gn_env env = gn_endpoint_env(pair.side[side].endpoint, 0);

    return (room){.sent = gn_slots_left(env.sent),
                  .held = gn_slots_left(env.held),
                  .streams = gn_slots_left(env.pools.streams),
                  .chunks = gn_slots_left(env.pools.chunks),
                  .keys = gn_slots_left(env.keys)};
}

/* Of an endpoint in which nothing has begun yet. */
static room
nothing(int side)
{
    const gn_limits *limits = &pair.side[side].config.limits;

    return (room){.sent = limits->sent,
                  .held = limits->held,
                  .streams = limits->streams,
                  .chunks = limits->chunks,
                  .keys = limits->keys};
}

static const gn_conn *
conn_of(int side)
{
    gn_endpoint *ep = pair.side[side].endpoint;

    return &gn_endpoint_seat(ep, gn_endpoint_slot(ep, pair.side[side].connection))->conn;
}

static gn_test_fate
lose_all(gn_test_pair *unused, gn_test_datagram *d)
{
    (void)unused;
    (void)d;
    return GN_TEST_DROP;
}

/* Data in flight and in buffers on both sides, streams half done. */
static void
busy(void)
{
    gn_test_pair_init(&pair);
    for (int i = 0; i < 2; i++)
        pair.side[i].config.max_datagram_frame_size = 65535;
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, GN_SECOND / 2);
    pair.hook = lose_all;
    for (int i = 0; i < 2; i++) {
        const uint64_t stream = gn_test_pair_open(&pair, i, false);
        (void)gn_test_pair_write(&pair, i, stream, 0, 100000, false);
    }
    gn_test_pair_run(&pair, pair.now + 50 * GN_MS);
    pair.hook = NULL;
    for (int i = 0; i < 2; i++) {
        const room now = room_of(i), empty = nothing(i);
        ck_assert_uint_lt(now.sent, empty.sent);
        ck_assert_uint_lt(now.streams, empty.streams);
        ck_assert_uint_lt(now.chunks, empty.chunks);
    }
}

static void
close_side(int side)
{
    ck_assert_int_eq(gn_connection_close(pair.side[side].endpoint, pair.side[side].connection, 7,
                                         "done", 4, pair.now),
                     GN_OK);
    gn_test_pair_pull(&pair, side);
}

/* All but keys is as if there were no connection. */
static void
assert_light(int side, const room *empty)
{
    const room now = room_of(side);

    ck_assert_uint_eq(now.sent, empty->sent);
    ck_assert_uint_eq(now.held, empty->held);
    ck_assert_uint_eq(now.streams, empty->streams);
    ck_assert_uint_eq(now.chunks, empty->chunks);
    ck_assert_ptr_null(conn_of(side)->handshake.tls);
    gn_endpoint_check(pair.side[side].endpoint);
}

/* RFC 9000 10.2.1, 10.2.2: who closes keeps keys to answer with, the other not even those. */
START_TEST(end_gives_back_at_once_what_nobody_needs)
{
    busy();
    const room empty[2] = {nothing(CLIENT), nothing(SERVER)};
    close_side(_i);
    assert_light(_i, &empty[_i]);
    ck_assert_uint_lt(room_of(_i).keys, empty[_i].keys);
    gn_test_pair_run(&pair, pair.now + 15 * GN_MS);
    ck_assert_uint_eq(pair.side[1 - _i].closed.times, 1);
    assert_light(1 - _i, &empty[1 - _i]);
    ck_assert_uint_eq(room_of(1 - _i).keys, empty[1 - _i].keys);
    ck_assert_uint_eq(gn_endpoint_connections(pair.side[1 - _i].endpoint), 1);
}
END_TEST

/* Its names still lead to it, and what comes is answered, now and then; nothing piles up. */
START_TEST(end_that_is_light_still_answers)
{
    gn_test_pair_init(&pair);
    gn_test_pair_confirm(&pair);
    const room empty = nothing(_i);
    gn_test_forge_take(&forge, &pair, 1 - _i);
    close_side(_i);
    const uint64_t before = pair.side[_i].datagrams;
    for (int i = 0; i < 16; i++) {
        gn_test_forge_hex(&forge, "01");
        gn_test_forge_send(&forge);
        assert_light(_i, &empty);
    }
    ck_assert_uint_ge(pair.side[_i].datagrams - before, 4);
    ck_assert_uint_le(pair.side[_i].datagrams - before, 5);
    /* The forger speaks for a peer that closes, too: from then on there is silence. */
    const uint64_t last = pair.side[_i].datagrams;
    gn_test_forge_hex(&forge, "1c 00 00 00");
    gn_test_forge_send(&forge);
    ck_assert_uint_eq(room_of(_i).keys, empty.keys);
    for (int i = 0; i < 4; i++) {
        gn_test_forge_hex(&forge, "01");
        gn_test_forge_send(&forge);
    }
    ck_assert_uint_eq(pair.side[_i].datagrams, last);
    gn_test_pair_run(&pair, pair.now + 10 * GN_SECOND);
    ck_assert_uint_eq(gn_endpoint_connections(pair.side[_i].endpoint), 0);
}
END_TEST

/* In the middle of a handshake there is as little to keep. */
START_TEST(end_of_a_handshake_gives_back_too)
{
    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    const room empty = nothing(CLIENT);
    close_side(CLIENT);
    assert_light(CLIENT, &empty);
    ck_assert_int_eq(gn_connection_close(pair.side[CLIENT].endpoint, pair.side[CLIENT].connection,
                                         7, "done", 4, pair.now),
                     GN_ERR_STATE);
}
END_TEST

Suite *
gn_test_conn_end(void)
{
    Suite *suite = suite_create("conn/conn_end");
    TCase *good = tcase_create("good");

    tcase_add_loop_test(good, end_gives_back_at_once_what_nobody_needs, 0, 2);
    tcase_add_loop_test(good, end_that_is_light_still_answers, 0, 2);
    tcase_add_test(good, end_of_a_handshake_gives_back_too);
    suite_add_tcase(suite, good);
    return suite;
}
