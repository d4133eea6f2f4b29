/*
 * test_conn_tick.c: what time does to connections, to the microsecond.
 */
#include <check.h>

#include "endpoint/endpoint.h"
#include "suites.h"
#include "tests/support/forge.h"
#include "tests/support/pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

static gn_test_pair pair;
static gn_test_forge forge;

/* RFC 9000 10.1: the smaller of both timeouts, from the last packet that came; then silence. */
START_TEST(tick_idle_timeout_is_exact)
{
    gn_test_pair_init(&pair);
    pair.side[CLIENT].config.max_idle_timeout_us = (_i == 0 ? 30 : 9) * GN_SECOND;
    pair.side[SERVER].config.max_idle_timeout_us = (_i == 0 ? 9 : 0) * GN_SECOND;
    gn_test_pair_confirm(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    pair.now += GN_SECOND;
    const gn_time last = pair.now;
    gn_test_forge_say(&forge, "01");
    gn_test_pair_run(&pair, last + GN_SECOND);
    const uint64_t datagrams = pair.side[SERVER].datagrams;
    gn_test_pair_run(&pair, last + 9 * GN_SECOND - 1);
    ck_assert_uint_eq(pair.side[SERVER].closed.times, 0);
    gn_test_pair_run(&pair, last + 9 * GN_SECOND);
    gn_test_pair_expect_closed(&pair, SERVER, GN_CLOSE_IDLE, 0, "");
    ck_assert_uint_eq(pair.side[SERVER].closed.forgotten, 1);
    ck_assert_uint_eq(pair.side[SERVER].datagrams, datagrams);
}
END_TEST

/* RFC 9000 8.2.4: the only path has failed, and no other comes: the silence has another name. */
START_TEST(tick_silence_without_a_path_is_told_as_such)
{
    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    gn_endpoint *ep = pair.side[SERVER].endpoint;
    gn_paths *paths = &gn_endpoint_seat(ep, 0)->conn.paths;
    paths->at[paths->active].state = GN_PATH_DEAD;
    gn_test_pair_run(&pair, pair.now + 40 * GN_SECOND);
    gn_test_pair_expect_closed(&pair, SERVER, GN_CLOSE_NO_PATH, 0, "");
}
END_TEST

START_TEST(tick_nothing_that_is_dropped_keeps_a_connection_alive)
{
    uint8_t bytes[GN_DATAGRAM_MAX];

    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    gn_test_forge_hex(&forge, "01");
    const size_t len = gn_test_forge_seal(&forge, bytes);
    bytes[len - 1] ^= 1;
    for (int i = 0; i < 31 && pair.side[SERVER].closed.times == 0; i++) {
        gn_test_pair_run(&pair, pair.now + GN_SECOND);
        gn_test_pair_give(&pair, SERVER, bytes, len, forge.route, forge.host);
    }
    gn_test_pair_expect_closed(&pair, SERVER, GN_CLOSE_IDLE, 0, "");
}
END_TEST

/* RFC 9000 10.1: never shorter than three probe timeouts. */
/* [R-9000-10.1-1] */
START_TEST(tick_idle_timeout_gives_time_to_repeat)
{
    gn_test_pair_init(&pair);
    for (int i = 0; i < 2; i++) {
        pair.side[i].config.max_idle_timeout_us = GN_MS;
        pair.side[i].delay_us = 100 * GN_MS;
    }
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, 500 * GN_MS);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).confirmed, 1);
    gn_test_pair_run(&pair, 60 * GN_SECOND);
    gn_test_pair_expect_closed(&pair, CLIENT, GN_CLOSE_IDLE, 0, "");
    gn_test_pair_expect_closed(&pair, SERVER, GN_CLOSE_IDLE, 0, "");
    ck_assert_uint_gt(pair.side[CLIENT].closed.at, 500 * GN_MS + 3 * 200 * GN_MS);
}
END_TEST

START_TEST(tick_without_a_timeout_waits_for_ever)
{
    gn_test_pair_init(&pair);
    pair.side[CLIENT].config.max_idle_timeout_us = 0;
    pair.side[SERVER].config.max_idle_timeout_us = 0;
    gn_test_pair_confirm(&pair);
    for (int i = 0; i < 2; i++)
        ck_assert_uint_eq(gn_endpoint_deadline(pair.side[i].endpoint), GN_NEVER);
    gn_test_pair_run(&pair, 100000 * GN_SECOND);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* RFC 9000 10.1.2: on, the connection outlives its idle timeout many times; off, it dies. */
START_TEST(tick_keep_alive_keeps_or_not)
{
    gn_test_pair_init(&pair);
    pair.side[CLIENT].config.max_idle_timeout_us = 9 * GN_SECOND;
    if (_i < 2)
        pair.side[_i].config.keep_alive_us = 60 * GN_SECOND;
    gn_test_pair_confirm(&pair);
    const uint64_t datagrams = pair.side[CLIENT].datagrams + pair.side[SERVER].datagrams;
    gn_test_pair_run(&pair, pair.now + 100 * GN_SECOND);
    if (_i == 2) {
        gn_test_pair_expect_closed(&pair, CLIENT, GN_CLOSE_IDLE, 0, "");
        gn_test_pair_expect_closed(&pair, SERVER, GN_CLOSE_IDLE, 0, "");
        return;
    }
    /* Every four and a half seconds a PING, and its acknowledgement. */
    const uint64_t more = pair.side[CLIENT].datagrams + pair.side[SERVER].datagrams - datagrams;
    ck_assert_uint_ge(more, 2 * 20);
    ck_assert_uint_le(more, 2 * 23);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* Nobody there: it is no way to live for ever, and time does not stand still. */
START_TEST(tick_keep_alive_does_not_outlive_the_peer)
{
    gn_test_pair_init(&pair);
    pair.side[_i].config.keep_alive_us = 5 * GN_SECOND;
    gn_test_pair_confirm(&pair);
    pair.side[1 - _i].mute = true;
    const gn_time last = pair.now;
    gn_test_pair_run(&pair, last + 100 * GN_SECOND);
    gn_test_pair_expect_closed(&pair, _i, GN_CLOSE_IDLE, 0, "");
    ck_assert_uint_le(pair.side[_i].closed.at, last + 36 * GN_SECOND);
}
END_TEST

/* RFC 9000 13.2.1: a single packet waits for max_ack_delay, and no longer. */
/* [R-9000-13.2.1-1] */
START_TEST(tick_acknowledges_in_time)
{
    gn_frame frame;

    gn_test_pair_init(&pair);
    pair.side[CLIENT].config.ecn = 0;
    pair.side[SERVER].config.max_ack_delay_us = 40 * GN_MS;
    gn_test_pair_confirm(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    uint32_t at = pair.side[SERVER].sents;
    const gn_time came = pair.now;
    gn_test_forge_say(&forge, "01");
    ck_assert_uint_eq(pair.side[SERVER].sents, at);
    gn_test_pair_run(&pair, came + 40 * GN_MS);
    ck_assert(gn_test_pair_sent(&pair, SERVER, GN_FRAME_ACK, &at, &frame));
    ck_assert_uint_eq(pair.side[SERVER].sent[at].at, came + 40 * GN_MS);
    ck_assert_uint_eq(frame.as.ack.delay, 40 * GN_MS >> 3);
    at = pair.side[SERVER].sents;
    gn_test_forge_say(&forge, "01");
    ck_assert_uint_eq(pair.side[SERVER].sents, at);
    gn_test_forge_say(&forge, "01"); /* 13.2.2: the second is not kept waiting */
    ck_assert_uint_eq(pair.side[SERVER].sents, at + 1);
}
END_TEST

/* RFC 9002 6.2.1: each probe timeout is twice the one before. */
/* [R-9002-6.2.1-4] [R-9002-6.2.4-1] */
START_TEST(tick_probes_back_off)
{
    gn_time times[6];
    uint32_t count = 0;

    gn_test_pair_shake(&pair);
    const uint64_t stream = gn_test_pair_open(&pair, SERVER, true);
    gn_test_forge_take(&forge, &pair, CLIENT);
    uint32_t at = pair.side[SERVER].sents;
    (void)gn_test_pair_write(&pair, SERVER, stream, 0, 100, true);
    gn_test_pair_run(&pair, pair.now + 25 * GN_SECOND);
    for (; at < pair.side[SERVER].sents && count < 6; at++)
        if (count == 0 || times[count - 1] != pair.side[SERVER].sent[at].at)
            times[count++] = pair.side[SERVER].sent[at].at;
    ck_assert_uint_eq(count, 6);
    for (uint32_t i = 2; i < count; i++)
        ck_assert_uint_eq(times[i] - times[i - 1], 2 * (times[i - 1] - times[i - 2]));
    ck_assert_uint_gt(gn_test_pair_info(&pair, SERVER).ptos, 4);
}
END_TEST

/* Nothing that the server sends comes back before the client's first probe. */
static gn_test_fate
server_unheard(gn_test_pair *p, gn_test_datagram *datagram)
{
    const bool late = p->side[CLIENT].discarded & 1U << GN_EVENT_INITIAL;

    return datagram->to == CLIENT && late ? GN_TEST_DROP : GN_TEST_PASS;
}

/*
 * RFC 9002 6.2.4: the server has the whole handshake, and no Handshake keys any more; the client
 * does not know. Its probe for the Handshake space carries what is in flight in 1-RTT, too.
 */
START_TEST(tick_probe_carries_what_other_spaces_have_in_flight)
{
    gn_test_pair_init(&pair);
    pair.hook = server_unheard;
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, pair.now + GN_SECOND / 20);
    ck_assert(pair.side[CLIENT].states & 1U << GN_STATE_READY);
    ck_assert(!(pair.side[CLIENT].states & 1U << GN_STATE_CONFIRMED));
    (void)gn_test_pair_write(&pair, CLIENT, gn_test_pair_open(&pair, CLIENT, false), 0, 10, true);
    const uint32_t before = pair.side[CLIENT].sents;
    gn_test_pair_run(&pair, pair.now + 3 * GN_SECOND);
    uint32_t probes = 0;
    for (uint32_t i = before; i + 1 < pair.side[CLIENT].sents; i++)
        probes += pair.side[CLIENT].sent[i].kind == GN_EVENT_HANDSHAKE &&
                  pair.side[CLIENT].sent[i + 1].kind == GN_EVENT_ONE_RTT &&
                  pair.side[CLIENT].sent[i].at == pair.side[CLIENT].sent[i + 1].at;
    ck_assert_uint_ge(probes, 2);
}
END_TEST

/* RFC 9000 10.2: closing and draining last three probe timeouts. */
START_TEST(tick_closing_ends)
{
    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    const gn_info info = gn_test_pair_info(&pair, SERVER);
    const uint64_t var = 4 * info.rtt_var_us > GN_MS ? 4 * info.rtt_var_us : GN_MS;
    const uint64_t pto = info.rtt_smoothed_us + var + 25 * GN_MS;
    gn_test_forge_say(&forge, _i == 0 ? "21" : "1c 00 00 00");
    gn_test_pair_run(&pair, pair.now + 10 * GN_SECOND);
    const gn_test_closed *closed = &pair.side[SERVER].closed;
    ck_assert_uint_eq(closed->forgotten, 1);
    ck_assert_uint_eq(closed->forgotten_at - closed->at, 3 * pto);
}
END_TEST

/* Whatever the caller does with time, nothing is due in the past once it was asked. */
START_TEST(tick_early_and_late_calls_do_no_harm)
{
    gn_test_pair_shake(&pair);
    const uint64_t stream = gn_test_pair_open(&pair, CLIENT, false);
    (void)gn_test_pair_write(&pair, CLIENT, stream, 0, 30000, true);
    for (int i = 0; i < 200; i++) {
        (void)gn_test_pair_step(&pair, pair.now + 20 * GN_MS);
        for (int side = 0; side < 2; side++) {
            ck_assert_int_eq(gn_endpoint_timeout(pair.side[side].endpoint, pair.now), GN_OK);
            gn_test_pair_pull(&pair, side);
        }
    }
    gn_test_pair_settle(&pair);
    pair.now += 20 * GN_SECOND; /* late, but below the idle timeout */
    gn_test_pair_expect_alive(&pair);
    ck_assert(gn_test_pair_stream(&pair, SERVER, stream)->fin);
}
END_TEST

Suite *
gn_test_conn_tick(void)
{
    Suite *suite = suite_create("conn/conn_tick");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");

    tcase_add_test(good, tick_acknowledges_in_time);
    tcase_add_test(good, tick_probes_back_off);
    tcase_add_test(good, tick_probe_carries_what_other_spaces_have_in_flight);
    tcase_add_loop_test(good, tick_closing_ends, 0, 2);
    tcase_add_test(good, tick_early_and_late_calls_do_no_harm);
    tcase_add_test(good, tick_silence_without_a_path_is_told_as_such);
    tcase_add_loop_test(good, tick_keep_alive_keeps_or_not, 0, 3);
    tcase_add_loop_test(hostile, tick_keep_alive_does_not_outlive_the_peer, 0, 2);
    tcase_add_test(hostile, tick_nothing_that_is_dropped_keeps_a_connection_alive);
    tcase_add_loop_test(limits, tick_idle_timeout_is_exact, 0, 2);
    tcase_add_test(limits, tick_idle_timeout_gives_time_to_repeat);
    tcase_add_test(limits, tick_without_a_timeout_waits_for_ever);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    suite_add_tcase(suite, limits);
    return suite;
}
