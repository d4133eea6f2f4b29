/*
 * test_musts_datagrams.c: RFC 9221 between two whole endpoints.
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/forge.h"
#include "tests/support/pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER, EVERYTHING = 65535, LARGEST = 1168 };

static gn_test_pair pair;
static gn_test_forge forge;

/* Both confirmed; the server's limit, and the client's. */
static void
shake(uint64_t server, uint64_t client)
{
    gn_test_pair_init(&pair);
    pair.side[SERVER].config.max_datagram_frame_size = server;
    pair.side[CLIENT].config.max_datagram_frame_size = client;
    gn_test_pair_confirm(&pair);
}

static void
give(int side, uint64_t id, size_t len)
{
    ck_assert_int_eq(gn_test_pair_message(&pair, side, id, len, 0, GN_NEVER), GN_OK);
}

/* Which fate, by its place among those told. */
static void
assert_fate(int side, uint32_t at, uint64_t id, gn_effect_kind kind, uint32_t detail,
            uint32_t flags)
{
    const gn_test_message *fate = &pair.side[side].fate[at];

    ck_assert_uint_lt(at, pair.side[side].fates);
    ck_assert_uint_eq(fate->id, id);
    ck_assert_uint_eq(fate->kind, kind);
    ck_assert_uint_eq(fate->detail, detail);
    ck_assert_uint_eq(fate->flags, flags);
}

START_TEST(datagrams_arrive_whole_and_are_acknowledged)
{
    static const size_t lens[] = {0, 8, 63, 64, 500, LARGEST};

    shake(EVERYTHING, EVERYTHING);
    const gn_info before = gn_test_pair_info(&pair, _i);
    ck_assert_uint_eq(before.datagrams, 1);
    ck_assert_uint_eq(before.largest_datagram, LARGEST);
    for (uint64_t i = 0; i < 6; i++)
        give(_i, i, lens[i]);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(pair.side[1 - _i].messages, 6);
    ck_assert_uint_eq(pair.side[_i].fates, 6);
    for (uint32_t i = 0; i < 6; i++) {
        ck_assert_uint_eq(pair.side[1 - _i].message[i].id, i);
        ck_assert_uint_eq(pair.side[1 - _i].message[i].len, lens[i]);
        assert_fate(_i, i, i, GN_EFFECT_DATAGRAM_ACKED, 0, 0);
    }
    ck_assert_uint_eq(pair.side[_i].messages, 0);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* [R-9221-3-1] */
START_TEST(datagrams_to_a_peer_that_takes_none_are_refused)
{
    shake(0, EVERYTHING);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).datagrams, 0);
    ck_assert_int_eq(gn_test_pair_message(&pair, CLIENT, 1, 8, 0, GN_NEVER), GN_ERR_UNSUPPORTED);
    /* One direction is enough for the other. */
    give(SERVER, 2, 8);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(pair.side[CLIENT].messages, 1);
    ck_assert_uint_eq(pair.side[SERVER].messages, 0);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* [R-9221-3-2] */
START_TEST(datagrams_larger_than_peer_or_path_allow_are_refused)
{
    gn_frame frame;
    uint32_t at = 0;

    shake(100, EVERYTHING);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).largest_datagram, 97);
    ck_assert_int_eq(gn_test_pair_message(&pair, CLIENT, 1, 98, 0, GN_NEVER), GN_ERR_RANGE);
    give(CLIENT, 2, 97);
    ck_assert_int_eq(gn_test_pair_message(&pair, SERVER, 3, LARGEST + 1, 0, GN_NEVER),
                     GN_ERR_RANGE);
    give(SERVER, 4, LARGEST);
    gn_test_pair_settle(&pair);
    gn_test_pair_expect_alive(&pair);
    ck_assert(gn_test_pair_sent(&pair, CLIENT, GN_FRAME_DATAGRAM_LEN, &at, &frame));
    ck_assert_uint_eq(gn_frame_size(&frame), 100);
    ck_assert_uint_eq(pair.side[SERVER].messages, 1);
    ck_assert_uint_eq(pair.side[CLIENT].messages, 1);
}
END_TEST

/* What the other side may receive: 9 bytes of frame. */
static const struct {
    const char *frames;
    uint32_t messages; /* that arrive; none: it is a fault */
} sizes[] = {
    {"31 07 61626364656667", 1},        {"31 08 6162636465666768", 0},
    {"30 6162636465666768", 1},         {"30 616263646566676869", 0},
    {"31 4006 616263646566", 1},        {"31 4007 61626364656667", 0}, /* a longer length counts */
    {"31 00 31 00 31 03 616263 30", 4},
};

/* [R-9221-3-4] */
START_TEST(datagrams_larger_than_announced_close)
{
    const int to = _i % 2;

    shake(9, 9);
    gn_test_forge_take(&forge, &pair, 1 - to);
    gn_test_forge_say(&forge, sizes[_i / 2].frames);
    if (sizes[_i / 2].messages == 0)
        gn_test_pair_expect_fault(&pair, to, GN_FAULT_PROTOCOL_VIOLATION,
                                  "RFC 9221 3: a DATAGRAM frame is larger than allowed");
    else
        ck_assert_uint_eq(pair.side[to].closed.times, 0);
    ck_assert_uint_eq(pair.side[to].messages, sizes[_i / 2].messages);
}
END_TEST

/* [R-9221-3-3] */
START_TEST(datagrams_though_none_were_allowed_close)
{
    shake(0, 0);
    gn_test_forge_take(&forge, &pair, 1 - _i / 2);
    gn_test_forge_say(&forge, _i % 2 == 0 ? "31 01 61" : "30 61");
    gn_test_pair_expect_fault(&pair, _i / 2, GN_FAULT_PROTOCOL_VIOLATION,
                              "RFC 9221 3: a DATAGRAM frame, though none were allowed");
}
END_TEST

static uint64_t victims[2]; /* of the client's datagrams: from, to */
static gn_time held_us;     /* 0: they are lost */

static gn_test_fate
lose(gn_test_pair *unused, gn_test_datagram *d)
{
    (void)unused;
    if (d->to != SERVER || d->nth < victims[0] || d->nth >= victims[1])
        return GN_TEST_PASS;
    d->at += held_us;
    return held_us == 0 ? GN_TEST_DROP : GN_TEST_PASS;
}

/* The next so many datagrams of the client have this fate. */
static void
next_ones(uint64_t count, gn_time hold_us)
{
    victims[0] = pair.side[CLIENT].datagrams;
    victims[1] = victims[0] + count;
    held_us = hold_us;
    pair.hook = lose;
}

static uint32_t
times_sent(uint64_t id)
{
    uint32_t times = 0;
    gn_frame frame;

    for (uint32_t at = 0; gn_test_pair_sent(&pair, CLIENT, GN_FRAME_DATAGRAM_LEN, &at, &frame);
         at++)
        times += frame.as.datagram.data.len >= 8 && frame.as.datagram.data.ptr[7] == id;
    return times;
}

START_TEST(datagrams_lost_are_told_and_never_sent_again)
{
    shake(EVERYTHING, 0);
    next_ones(2, 0);
    for (uint64_t id = 0; id < 8; id++)
        give(CLIENT, id, 1000);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(pair.side[SERVER].messages, 6);
    ck_assert_uint_eq(pair.side[CLIENT].fates, 8);
    uint32_t lost = 0;
    for (uint32_t i = 0; i < 8; i++) {
        const gn_test_message *fate = &pair.side[CLIENT].fate[i];
        if (fate->kind != GN_EFFECT_DATAGRAM_LOST)
            continue;
        ck_assert_uint_lt(fate->id, 2);
        ck_assert_uint_eq(fate->detail, GN_DATAGRAM_LOST_IN_FLIGHT);
        lost++;
    }
    ck_assert_uint_eq(lost, 2);
    for (uint64_t id = 0; id < 8; id++)
        ck_assert_uint_eq(times_sent(id), 1);
}
END_TEST

/* RFC 9221 5.2, RFC 9002 6.2.4: a probe asks for an acknowledgement, and repeats no datagram. */
START_TEST(datagrams_last_in_flight_are_probed_for_and_told_lost)
{
    shake(EVERYTHING, 0);
    next_ones(1, 0);
    give(CLIENT, 1, 300);
    gn_test_pair_settle(&pair);
    ck_assert_uint_gt(gn_test_pair_info(&pair, CLIENT).ptos, 0);
    ck_assert_uint_eq(times_sent(1), 1);
    ck_assert_uint_eq(pair.side[CLIENT].fates, 1);
    assert_fate(CLIENT, 0, 1, GN_EFFECT_DATAGRAM_LOST, GN_DATAGRAM_LOST_IN_FLIGHT, 0);
}
END_TEST

START_TEST(datagrams_that_come_after_all_are_told_late)
{
    shake(EVERYTHING, 0);
    next_ones(1, 300 * GN_MS);
    for (uint64_t id = 0; id < 6; id++)
        give(CLIENT, id, 1000);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(pair.side[SERVER].messages, 6);
    ck_assert_uint_eq(pair.side[SERVER].message[5].id, 0);
    ck_assert_uint_eq(pair.side[CLIENT].fates, 7);
    assert_fate(CLIENT, 6, 0, GN_EFFECT_DATAGRAM_ACKED, 0, GN_EFFECT_LATE);
    ck_assert_uint_eq(times_sent(0), 1);
}
END_TEST

static gn_test_fate
twice(gn_test_pair *unused, gn_test_datagram *d)
{
    (void)unused;
    (void)d;
    return GN_TEST_TWICE;
}

START_TEST(datagrams_doubled_by_the_network_arrive_once)
{
    shake(EVERYTHING, 0);
    pair.hook = twice;
    for (uint64_t id = 0; id < 6; id++)
        give(CLIENT, id, 700);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(pair.side[SERVER].messages, 6);
    ck_assert_uint_eq(pair.side[CLIENT].fates, 6);
}
END_TEST

/* [R-9221-5.4-1] */
START_TEST(datagrams_wait_for_the_window_and_the_queue_is_bounded)
{
    uint64_t given = 0;
    gn_err err;

    shake(EVERYTHING, 0);
    pair.cut[1] = true;
    while ((err = gn_test_pair_message(&pair, CLIENT, given, 1000, 0, GN_NEVER)) == GN_OK)
        given++;
    ck_assert_int_eq(err, GN_ERR_FULL);
    const gn_info info = gn_test_pair_info(&pair, CLIENT);
    ck_assert_uint_eq(info.datagrams_waiting, 64);
    ck_assert_uint_le(info.in_flight_bytes, info.window_bytes);
    ck_assert_uint_ge(info.in_flight_bytes, (given - 64) * 1000);
    ck_assert_uint_gt(given, 64 + 5);
    pair.cut[1] = false;
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(pair.side[CLIENT].fates, given);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).datagrams_waiting, 0);
}
END_TEST

/* The knobs of the queue bite. */
START_TEST(datagrams_queue_is_as_long_as_configured)
{
    const uint32_t count = _i == 0 ? 3 : 64;
    const uint64_t most = _i == 0 ? 3 : 5;
    uint64_t given = 0;

    gn_test_pair_init(&pair);
    pair.side[SERVER].config.max_datagram_frame_size = EVERYTHING;
    pair.side[CLIENT].config.datagram_queue_count = count;
    if (_i == 1)
        pair.side[CLIENT].config.datagram_queue_bytes = 5 * LARGEST;
    gn_test_pair_confirm(&pair);
    pair.cut[1] = true;
    while (gn_test_pair_message(&pair, CLIENT, given, LARGEST, 0, GN_NEVER) == GN_OK)
        given++;
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).datagrams_waiting, most);
}
END_TEST

START_TEST(datagrams_that_wait_expire_at_their_moment)
{
    uint64_t given = 0;

    shake(EVERYTHING, 0);
    pair.cut[1] = true;
    /* The window is full: from here on they wait. */
    while (gn_test_pair_info(&pair, CLIENT).datagrams_waiting == 0)
        give(CLIENT, given++, 1000);
    const gn_time at = pair.now + 7 * GN_MS;
    ck_assert_int_eq(gn_test_pair_message(&pair, CLIENT, given, 1000, 9, at), GN_OK);
    gn_test_pair_run(&pair, at - 1);
    ck_assert_uint_eq(pair.side[CLIENT].fates, 0);
    gn_test_pair_run(&pair, at);
    ck_assert_uint_eq(pair.side[CLIENT].fates, 1);
    assert_fate(CLIENT, 0, given, GN_EFFECT_DATAGRAM_LOST, GN_DATAGRAM_LOST_EXPIRED, 0);
    ck_assert_uint_eq(times_sent(given), 0);
}
END_TEST

START_TEST(datagrams_of_higher_priority_leave_first)
{
    uint64_t given = 0;

    shake(EVERYTHING, 0);
    pair.cut[1] = true;
    while (gn_test_pair_info(&pair, CLIENT).datagrams_waiting < 4)
        give(CLIENT, given++, 1000);
    ck_assert_int_eq(gn_test_pair_message(&pair, CLIENT, given, 1000, 5, GN_NEVER), GN_OK);
    pair.cut[1] = false;
    gn_test_pair_settle(&pair);
    ck_assert_uint_ge(pair.side[SERVER].messages, 5);
    ck_assert_uint_eq(pair.side[SERVER].message[0].id, given);
}
END_TEST

/* A download and a queue that is never empty: neither waits for the end of the other. */
START_TEST(datagrams_and_streams_starve_nobody)
{
    enum { BYTES = 100000 };
    uint64_t given = 0;
    uint64_t bytes_at_half = 0;
    uint64_t messages_at_half = 0;

    shake(EVERYTHING, 0);
    const uint64_t stream = gn_test_pair_open(&pair, CLIENT, true);
    ck_assert_uint_eq(gn_test_pair_write(&pair, CLIENT, stream, 0, BYTES, true), BYTES);
    for (int i = 0; i < 2000 && given < 100; i++) {
        if (gn_test_pair_info(&pair, CLIENT).datagrams_waiting < 2)
            give(CLIENT, given++, 1000);
        else
            (void)gn_test_pair_step(&pair, pair.now + GN_SECOND);
        if (given == 50 && messages_at_half == 0) {
            bytes_at_half = gn_test_pair_stream(&pair, SERVER, stream)->bytes;
            messages_at_half = pair.side[SERVER].messages;
        }
    }
    ck_assert_uint_eq(given, 100);
    ck_assert_uint_ge(messages_at_half, 20);
    ck_assert_uint_ge(bytes_at_half, BYTES / 5);
    ck_assert_uint_le(bytes_at_half, BYTES * 4 / 5);
    gn_test_pair_settle(&pair);
    ck_assert(gn_test_pair_stream(&pair, SERVER, stream)->fin);
    ck_assert_uint_eq(pair.side[SERVER].messages, 100);
}
END_TEST

START_TEST(datagrams_at_the_wrong_moment_are_refused)
{
    gn_send_datagram datagram;

    gn_test_pair_init(&pair);
    pair.side[SERVER].config.max_datagram_frame_size = EVERYTHING;
    gn_test_pair_start(&pair);
    const gn_test_side *client = &pair.side[CLIENT];
    gn_send_datagram_default(&datagram);
    ck_assert_int_eq(gn_test_pair_message(&pair, CLIENT, 1, 8, 0, GN_NEVER), GN_ERR_STATE);
    gn_test_pair_settle(&pair);
    ck_assert_int_eq(
        gn_connection_send_datagram(client->endpoint, client->connection + 1, &datagram, pair.now),
        GN_ERR_NONE);
    ck_assert_int_eq(
        gn_connection_send_datagram(client->endpoint, client->connection, NULL, pair.now),
        GN_ERR_CONFIG);
    datagram.len = 1;
    ck_assert_int_eq(
        gn_connection_send_datagram(client->endpoint, client->connection, &datagram, pair.now),
        GN_ERR_CONFIG);
    datagram.len = 0;
    datagram.size--;
    ck_assert_int_eq(
        gn_connection_send_datagram(client->endpoint, client->connection, &datagram, pair.now),
        GN_ERR_CONFIG);
    datagram.size++;
    ck_assert_int_eq(
        gn_connection_send_datagram(client->endpoint, client->connection, &datagram, pair.now),
        GN_OK);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(pair.side[SERVER].messages, 1);
    ck_assert_int_eq(
        gn_connection_close(client->endpoint, client->connection, 0, NULL, 0, pair.now), GN_OK);
    ck_assert_int_eq(gn_test_pair_message(&pair, CLIENT, 1, 8, 0, GN_NEVER), GN_ERR_STATE);
}
END_TEST

/* RFC 9221 5.3: a flood that nobody could have room for costs what it may and no more. */
START_TEST(datagrams_without_room_for_them_are_dropped_and_counted)
{
    gn_test_pair_init(&pair);
    pair.side[SERVER].config.max_datagram_frame_size = EVERYTHING;
    pair.side[SERVER].config.limits.chunks = 12;
    gn_test_pair_confirm(&pair);
    const uint64_t stream = gn_test_pair_open(&pair, SERVER, true);
    (void)gn_test_pair_write(&pair, SERVER, stream, 0, 0, false);
    pair.side[CLIENT].mute = true; /* nothing of what the server holds is acknowledged */
    ck_assert_uint_gt(gn_test_pair_write(&pair, SERVER, stream, 0, 60000, false), 0);
    pair.side[CLIENT].mute = false;
    give(CLIENT, 1, 1000);
    gn_test_pair_run(&pair, pair.now + 10 * GN_MS);
    ck_assert_uint_eq(pair.side[SERVER].messages, 0);
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).datagrams_dropped, 1);
    gn_test_pair_settle(&pair);
    assert_fate(CLIENT, 0, 1, GN_EFFECT_DATAGRAM_ACKED, 0, 0);
}
END_TEST

Suite *
gn_test_musts_datagrams(void)
{
    Suite *suite = suite_create("conn/musts_datagrams");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");
    TCase *hostile = tcase_create("hostile");

    tcase_add_loop_test(good, datagrams_arrive_whole_and_are_acknowledged, 0, 2);
    tcase_add_test(good, datagrams_lost_are_told_and_never_sent_again);
    tcase_add_test(good, datagrams_last_in_flight_are_probed_for_and_told_lost);
    tcase_add_test(good, datagrams_that_come_after_all_are_told_late);
    tcase_add_test(good, datagrams_doubled_by_the_network_arrive_once);
    tcase_add_test(good, datagrams_of_higher_priority_leave_first);
    tcase_add_test(good, datagrams_and_streams_starve_nobody);
    tcase_add_test(limits, datagrams_to_a_peer_that_takes_none_are_refused);
    tcase_add_test(limits, datagrams_larger_than_peer_or_path_allow_are_refused);
    tcase_add_test(limits, datagrams_wait_for_the_window_and_the_queue_is_bounded);
    tcase_add_loop_test(limits, datagrams_queue_is_as_long_as_configured, 0, 2);
    tcase_add_test(limits, datagrams_that_wait_expire_at_their_moment);
    tcase_add_test(limits, datagrams_at_the_wrong_moment_are_refused);
    tcase_add_test(limits, datagrams_without_room_for_them_are_dropped_and_counted);
    tcase_add_loop_test(hostile, datagrams_larger_than_announced_close, 0,
                        2 * (int)(sizeof sizes / sizeof sizes[0]));
    tcase_add_loop_test(hostile, datagrams_though_none_were_allowed_close, 0, 4);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    suite_add_tcase(suite, hostile);
    return suite;
}
