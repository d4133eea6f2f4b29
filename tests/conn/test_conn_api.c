/*
 * test_conn_api.c: what an application asks of a connection, and what comes of it.
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/forge.h"
#include "tests/support/pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

static gn_test_pair pair;
static gn_test_forge forge;

static gn_err
open_stream(int side, bool unidirectional, uint64_t *stream)
{
    const gn_err err = gn_connection_open_stream(
        pair.side[side].endpoint, pair.side[side].connection, unidirectional, pair.now, stream);

    gn_test_pair_pull(&pair, side);
    return err;
}

static gn_err
send_stream(int side, uint64_t stream, size_t len, bool fin)
{
    static const uint8_t bytes[64];
    size_t taken = 0;
    const gn_err err =
        gn_connection_send_stream(pair.side[side].endpoint, pair.side[side].connection, stream,
                                  bytes, len, fin, pair.now, &taken);

    gn_test_pair_pull(&pair, side);
    return err;
}

static gn_err
reset_stream(int side, uint64_t stream, uint64_t code)
{
    const gn_err err = gn_connection_reset_stream(
        pair.side[side].endpoint, pair.side[side].connection, stream, code, pair.now);

    gn_test_pair_pull(&pair, side);
    return err;
}

static gn_err
stop_stream(int side, uint64_t stream, uint64_t code)
{
    const gn_err err = gn_connection_stop_stream(
        pair.side[side].endpoint, pair.side[side].connection, stream, code, pair.now);

    gn_test_pair_pull(&pair, side);
    return err;
}

START_TEST(api_streams_carry_data_both_ways)
{
    gn_test_pair_shake(&pair);
    const uint64_t stream = gn_test_pair_open(&pair, _i, false);
    ck_assert_uint_eq(stream, (unsigned)_i);
    ck_assert_uint_eq(gn_test_pair_write(&pair, _i, stream, 0, 5000, true), 5000);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(gn_test_pair_write(&pair, 1 - _i, stream, 0, 7000, true), 7000);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(gn_test_pair_stream(&pair, 1 - _i, stream)->bytes, 5000);
    ck_assert_uint_eq(gn_test_pair_stream(&pair, _i, stream)->bytes, 7000);
    ck_assert(gn_test_pair_stream(&pair, 0, stream)->fin);
    ck_assert(gn_test_pair_stream(&pair, 1, stream)->fin);
    for (int i = 0; i < 2; i++)
        ck_assert_uint_eq(gn_test_pair_info(&pair, i).streams, 0);
}
END_TEST

/* RFC 9000 4.6: as many as the peer allows, and more when it allows more. */
START_TEST(api_streams_beyond_the_limit_are_full)
{
    uint64_t stream = 77;

    gn_test_pair_init(&pair);
    pair.side[SERVER].config.initial_max_streams_bidi = 3;
    pair.side[SERVER].config.initial_max_streams_uni = 0;
    gn_test_pair_confirm(&pair);
    for (uint64_t i = 0; i < 3; i++)
        ck_assert_uint_eq(gn_test_pair_open(&pair, CLIENT, false), 4 * i);
    ck_assert_int_eq(open_stream(CLIENT, false, &stream), GN_ERR_FULL);
    ck_assert_int_eq(open_stream(CLIENT, true, &stream), GN_ERR_FULL);
    ck_assert_uint_eq(stream, 0);
    for (uint64_t i = 0; i < 3; i++)
        ck_assert_uint_eq(gn_test_pair_write(&pair, CLIENT, 4 * i, 0, 10, true), 10);
    gn_test_pair_settle(&pair);
    for (uint64_t i = 0; i < 3; i++)
        ck_assert_uint_eq(gn_test_pair_write(&pair, SERVER, 4 * i, 0, 0, true), 0);
    gn_test_pair_settle(&pair);
    ck_assert_uint_gt(pair.side[CLIENT].allowed[0], 0);
    ck_assert_uint_eq(gn_test_pair_open(&pair, CLIENT, false), 12);
}
END_TEST

START_TEST(api_many_streams_at_once_all_arrive)
{
    uint64_t stream[48];

    gn_test_pair_init(&pair);
    pair.side[SERVER].config.initial_max_streams_bidi = 100;
    for (int i = 0; i < 2; i++)
        pair.side[i].config.limits.streams = 64;
    gn_test_pair_confirm(&pair);
    for (int i = 0; i < 48; i++) {
        stream[i] = gn_test_pair_open(&pair, CLIENT, false);
        ck_assert_uint_eq(gn_test_pair_write(&pair, CLIENT, stream[i], 0, 3000, true), 3000);
    }
    gn_test_pair_settle(&pair);
    for (int i = 0; i < 48; i++) {
        ck_assert(gn_test_pair_stream(&pair, SERVER, stream[i])->fin);
        ck_assert_uint_eq(gn_test_pair_stream(&pair, SERVER, stream[i])->bytes, 3000);
    }
}
END_TEST

/* Opens so many streams of the client at most, each with ten bytes; how many. */
static uint64_t
open_some(uint64_t first, uint64_t most, bool fin)
{
    uint64_t stream;
    uint64_t n = 0;

    while (n < most && open_stream(CLIENT, false, &stream) == GN_OK) {
        ck_assert_uint_eq(stream, 4 * (first + n));
        ck_assert_uint_eq(gn_test_pair_write(&pair, CLIENT, stream, 0, 10, fin), 10);
        n++;
    }
    gn_test_pair_run(&pair, pair.now + GN_SECOND);
    return n;
}

/* Ends the client's streams from first to last, from either side or from the server's alone. */
static void
end_some(uint64_t first, uint64_t last, bool both)
{
    for (uint64_t i = first; i < last; i++) {
        if (both)
            ck_assert_uint_eq(gn_test_pair_write(&pair, CLIENT, 4 * i, 10, 0, true), 0);
        ck_assert_uint_eq(gn_test_pair_write(&pair, SERVER, 4 * i, 0, 0, true), 0);
    }
    gn_test_pair_run(&pair, pair.now + GN_SECOND);
}

/* What was promised at first may be more than there is: such streams wait, and none is lost. */
START_TEST(api_streams_without_a_slot_come_when_there_is_one)
{
    gn_test_pair_init(&pair);
    pair.side[SERVER].config.limits.streams = 6;
    pair.side[SERVER].config.initial_max_streams_bidi = 8;
    gn_test_pair_confirm(&pair);
    ck_assert_uint_eq(open_some(0, 8, false), 8);
    ck_assert_uint_gt(pair.side[SERVER].dropped[GN_DROP_ROOM], 0);
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).streams, 6);
    end_some(0, 6, true);
    gn_test_pair_run(&pair, pair.now + 10 * GN_SECOND);
    end_some(6, 8, true);
    gn_test_pair_expect_alive(&pair);
    for (uint64_t i = 0; i < 8; i++)
        ck_assert(gn_test_pair_stream(&pair, SERVER, 4 * i)->fin);
}
END_TEST

/* RFC 9000 4.6: after that no stream is allowed that has no slot. */
START_TEST(api_peer_may_open_the_streams_that_have_slots)
{
    uint64_t stream = 0;
    uint64_t first = 5;

    gn_test_pair_init(&pair);
    pair.side[SERVER].config.limits.streams = 12;
    pair.side[SERVER].config.initial_max_streams_bidi = 8;
    pair.side[SERVER].config.initial_max_streams_uni = 0;
    gn_test_pair_confirm(&pair);
    for (int i = 0; i < 6; i++) {
        ck_assert_int_eq(open_stream(SERVER, true, &stream), GN_OK);
        ck_assert_uint_eq(gn_test_pair_write(&pair, SERVER, stream, 0, 10, false), 10);
    }
    ck_assert_uint_eq(open_some(0, 5, true), 5);
    end_some(0, 5, false);
    for (int round = 0; round < 4; round++) {
        const uint64_t n = open_some(first, 100, true);
        /* Its window of eight would let it open eight. */
        ck_assert_uint_ge(n, 4);
        ck_assert_uint_le(n, 6);
        ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).streams, 6 + n);
        end_some(first, first + n, false);
        first += n;
    }
    ck_assert_uint_eq(pair.side[SERVER].dropped[GN_DROP_ROOM], 0);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* Slots that another connection gives back are offered at once. */
START_TEST(api_slots_of_one_connection_are_for_another)
{
    uint64_t stream = 0;

    gn_test_pair_init(&pair);
    for (int i = 0; i < 2; i++)
        pair.side[i].config.limits.connections = 2;
    pair.side[SERVER].config.limits.streams = 8;
    pair.side[SERVER].config.initial_max_streams_bidi = 8;
    pair.side[SERVER].config.initial_max_streams_uni = 6;
    gn_test_pair_confirm(&pair);
    const gn_connection before = pair.side[SERVER].connection;
    for (int i = 0; i < 6; i++) {
        ck_assert_int_eq(open_stream(CLIENT, true, &stream), GN_OK);
        ck_assert_uint_eq(gn_test_pair_write(&pair, CLIENT, stream, 0, 10, false), 10);
    }
    gn_test_pair_settle(&pair);
    gn_test_pair_connect(&pair);
    gn_test_pair_settle(&pair);
    ck_assert_uint_ne(pair.side[SERVER].connection, before);
    for (uint64_t first = 0; first < 6; first += 2) {
        ck_assert_uint_eq(open_some(first, 2, true), 2);
        end_some(first, first + 2, false);
    }
    ck_assert_uint_eq(open_some(6, 100, true), 2);
    ck_assert_uint_eq(pair.side[CLIENT].allowed[0], 0);
    ck_assert_int_eq(gn_connection_close(pair.side[SERVER].endpoint, before, 0, NULL, 0, pair.now),
                     GN_OK);
    gn_test_pair_pull(&pair, SERVER);
    gn_test_pair_run(&pair, pair.now + 50 * GN_MS);
    ck_assert_uint_gt(pair.side[CLIENT].allowed[0], 0);
    ck_assert_uint_eq(pair.side[SERVER].dropped[GN_DROP_ROOM], 0);
}
END_TEST

START_TEST(api_our_own_room_for_streams_ends_as_full)
{
    uint64_t stream;
    gn_err err = GN_OK;
    int opened = 0;

    gn_test_pair_init(&pair);
    pair.side[CLIENT].config.limits.streams = 4;
    gn_test_pair_confirm(&pair);
    for (; opened < 16 && err == GN_OK; opened++)
        err = open_stream(CLIENT, false, &stream);
    ck_assert_int_eq(err, GN_ERR_FULL);
    ck_assert_int_le(opened, 5);
    gn_test_pair_settle(&pair);
}
END_TEST

/* A full send buffer takes what it can and says when it can again. */
START_TEST(api_short_write_is_followed_by_writable)
{
    gn_test_pair_init(&pair);
    pair.side[CLIENT].config.send_buffer_bytes = 10000;
    gn_test_pair_confirm(&pair);
    const uint64_t stream = gn_test_pair_open(&pair, CLIENT, false);
    uint64_t off = gn_test_pair_write(&pair, CLIENT, stream, 0, 25000, true);
    ck_assert_uint_gt(off, 0);
    ck_assert_uint_le(off, 10000);
    const gn_test_pair_log *here = gn_test_pair_stream(&pair, CLIENT, stream);
    for (uint32_t turn = 1; off < 25000; turn++) {
        for (int i = 0; i < 1000 && here->writable < turn; i++)
            (void)gn_test_pair_step(&pair, GN_NEVER - 1);
        ck_assert_uint_eq(here->writable, turn);
        off += gn_test_pair_write(&pair, CLIENT, stream, off, 25000 - off, true);
    }
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(gn_test_pair_stream(&pair, SERVER, stream)->bytes, 25000);
    ck_assert(gn_test_pair_stream(&pair, SERVER, stream)->fin);
}
END_TEST

/* RFC 9000 4.1: no byte beyond the peer's limits, and on as they rise. */
START_TEST(api_small_windows_are_kept_and_raised)
{
    gn_test_pair_init(&pair);
    pair.side[SERVER].config.initial_max_data = 2500;
    pair.side[SERVER].config.initial_max_stream_data_bidi_remote = 1000;
    gn_test_pair_confirm(&pair);
    uint64_t stream[3];
    for (int i = 0; i < 3; i++) {
        stream[i] = gn_test_pair_open(&pair, CLIENT, false);
        ck_assert_uint_eq(gn_test_pair_write(&pair, CLIENT, stream[i], 0, 20000, true), 20000);
    }
    gn_test_pair_settle(&pair);
    for (int i = 0; i < 3; i++) {
        ck_assert(gn_test_pair_stream(&pair, SERVER, stream[i])->fin);
        ck_assert_uint_eq(gn_test_pair_stream(&pair, SERVER, stream[i])->bytes, 20000);
    }
}
END_TEST

START_TEST(api_reset_and_stop_reach_the_peer)
{
    gn_test_pair_shake(&pair);
    const uint64_t stream = gn_test_pair_open(&pair, _i, false);
    ck_assert_uint_eq(gn_test_pair_write(&pair, _i, stream, 0, 100, false), 100);
    gn_test_pair_settle(&pair);
    ck_assert_int_eq(reset_stream(_i, stream, 71), GN_OK);
    ck_assert_int_eq(stop_stream(_i, stream, 72), GN_OK);
    gn_test_pair_settle(&pair);
    const gn_test_pair_log *there = gn_test_pair_stream(&pair, 1 - _i, stream);
    ck_assert(there->reset && there->stopped);
    ck_assert_uint_eq(there->reset_code, 71);
    ck_assert_uint_eq(there->reset_size, 100);
    ck_assert_uint_eq(there->stop_code, 72);
    ck_assert_int_eq(send_stream(_i, stream, 1, false) == GN_OK, 0);
    for (int i = 0; i < 2; i++)
        ck_assert_uint_eq(gn_test_pair_info(&pair, i).streams, 0);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* RFC 9000 3.5, 3.3: who is told to stop resets, with that code, and sends no more data. */
START_TEST(api_stopped_sender_resets)
{
    gn_frame frame;

    gn_test_pair_shake(&pair);
    const uint64_t stream = gn_test_pair_open(&pair, SERVER, true);
    (void)gn_test_pair_write(&pair, SERVER, stream, 0, 50000, false);
    gn_test_pair_run(&pair, pair.now + 12 * GN_MS);
    gn_test_forge_take(&forge, &pair, CLIENT);
    uint32_t at = pair.side[SERVER].sents;
    gn_test_forge_say(&forge, "05 03 4999");
    gn_test_forge_ack(&forge); /* else the window is full */
    uint32_t from = at;
    ck_assert(gn_test_pair_sent(&pair, SERVER, GN_FRAME_RESET_STREAM, &from, &frame));
    ck_assert_uint_eq(frame.as.reset_stream.error_code, 0x999);
    gn_test_pair_run(&pair, pair.now + 3 * GN_SECOND);
    ck_assert(!gn_test_pair_sent(&pair, SERVER, GN_FRAME_STREAM, &at, &frame));
}
END_TEST

START_TEST(api_refuses_what_is_out_of_place)
{
    uint64_t stream = 99;

    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    ck_assert_int_eq(open_stream(CLIENT, false, &stream), GN_ERR_STATE);
    ck_assert_int_eq(send_stream(CLIENT, 0, 1, false), GN_ERR_STATE);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(stream, 0);
    ck_assert_int_eq(send_stream(CLIENT, 0, 1, false), GN_ERR_NONE); /* not opened */
    ck_assert_int_eq(reset_stream(CLIENT, 0, 1), GN_ERR_NONE);
    ck_assert_int_eq(stop_stream(CLIENT, 0, 1), GN_ERR_NONE);
    const uint64_t uni = gn_test_pair_open(&pair, CLIENT, true);
    ck_assert_int_ne(stop_stream(CLIENT, uni, 1), GN_OK); /* nobody sends there */
    ck_assert_int_eq(reset_stream(CLIENT, uni, GN_VARINT_MAX + 1), GN_ERR_RANGE);
    ck_assert_int_eq(stop_stream(CLIENT, uni, GN_VARINT_MAX + 1), GN_ERR_RANGE);
    ck_assert_int_eq(send_stream(CLIENT, uni, 0, true), GN_OK);
    ck_assert_int_eq(send_stream(CLIENT, uni, 1, false), GN_ERR_STATE);
    gn_test_pair_settle(&pair);
    ck_assert_int_ne(send_stream(SERVER, uni, 1, false), GN_OK); /* not ours to send on */
    ck_assert_int_ne(reset_stream(SERVER, uni, 1), GN_OK);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

START_TEST(api_close_is_said_once)
{
    uint64_t stream;
    char reason[200];

    gn_test_pair_shake(&pair);
    memset(reason, 'r', sizeof reason);
    gn_endpoint *ep = pair.side[CLIENT].endpoint;
    const gn_connection c = pair.side[CLIENT].connection;
    ck_assert_int_eq(gn_connection_close(ep, c, GN_VARINT_MAX + 1, "", 0, pair.now), GN_ERR_RANGE);
    gn_test_pair_pull(&pair, CLIENT);
    ck_assert_int_eq(gn_connection_close(ep, c, 1, reason, sizeof reason, pair.now), GN_OK);
    ck_assert_int_eq(gn_connection_close(ep, c, 2, "", 0, pair.now), GN_ERR_STATE);
    gn_test_pair_pull(&pair, CLIENT);
    ck_assert_int_eq(open_stream(CLIENT, false, &stream), GN_ERR_STATE);
    ck_assert_int_eq(gn_connection_key_update(ep, c, pair.now), GN_ERR_STATE);
    ck_assert_int_eq(gn_connection_migrate(ep, c, 2, pair.now), GN_ERR_STATE);
    gn_test_pair_pull(&pair, CLIENT);
    gn_test_pair_settle(&pair);
    reason[128] = '\0'; /* cut, as the header says */
    gn_test_pair_expect_closed(&pair, SERVER, GN_CLOSE_PEER_APPLICATION, 1, reason);
    ck_assert_uint_eq(strlen(pair.side[SERVER].closed.reason), 128);
    ck_assert_int_eq(gn_connection_close(ep, c, 2, "", 0, pair.now), GN_ERR_NONE);
    ck_assert_int_eq(gn_connection_open_stream(ep, c, false, pair.now, &stream), GN_ERR_NONE);
}
END_TEST

/* RFC 9000 2.3: of two streams that wait, the more important one arrives first. */
START_TEST(api_higher_priority_is_sent_first)
{
    static const uint8_t bytes[900];
    gn_frame frame;
    uint32_t at = 0;
    uint64_t stream[2];

    gn_test_pair_shake(&pair);
    gn_endpoint *ep = pair.side[CLIENT].endpoint;
    const gn_connection c = pair.side[CLIENT].connection;
    for (int i = 0; i < 2; i++)
        stream[i] = gn_test_pair_open(&pair, CLIENT, true);
    ck_assert(!gn_endpoint_has_stream_data(ep));
    ck_assert_int_eq(gn_connection_set_priority(ep, c, stream[1], _i == 0 ? 1 : -1, pair.now),
                     GN_OK);
    for (int i = 0; i < 2; i++) {
        size_t taken = 0;
        ck_assert_int_eq(gn_connection_send_stream(ep, c, stream[i], bytes, sizeof bytes, true,
                                                   pair.now, &taken),
                         GN_OK);
    }
    ck_assert(gn_endpoint_has_stream_data(ep));
    pair.side[CLIENT].sents = 0;
    gn_test_pair_pull(&pair, CLIENT);
    ck_assert(!gn_endpoint_has_stream_data(ep));
    ck_assert(gn_test_pair_sent(&pair, CLIENT, GN_FRAME_STREAM, &at, &frame));
    ck_assert_uint_eq(frame.as.stream.id, stream[_i == 0 ? 1 : 0]);
}
END_TEST

Suite *
gn_test_conn_api(void)
{
    Suite *suite = suite_create("conn/conn_api");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_loop_test(good, api_streams_carry_data_both_ways, 0, 2);
    tcase_add_test(good, api_many_streams_at_once_all_arrive);
    tcase_add_test(good, api_streams_without_a_slot_come_when_there_is_one);
    tcase_add_test(good, api_peer_may_open_the_streams_that_have_slots);
    tcase_add_test(good, api_slots_of_one_connection_are_for_another);
    tcase_add_test(good, api_short_write_is_followed_by_writable);
    tcase_add_loop_test(good, api_reset_and_stop_reach_the_peer, 0, 2);
    tcase_add_test(good, api_stopped_sender_resets);
    tcase_add_test(good, api_close_is_said_once);
    tcase_add_loop_test(good, api_higher_priority_is_sent_first, 0, 2);
    tcase_add_test(limits, api_streams_beyond_the_limit_are_full);
    tcase_add_test(limits, api_our_own_room_for_streams_ends_as_full);
    tcase_add_test(limits, api_small_windows_are_kept_and_raised);
    tcase_add_test(limits, api_refuses_what_is_out_of_place);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    return suite;
}
