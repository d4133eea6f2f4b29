/*
 * test_musts.c: requirements that only show between two whole endpoints, once they are connected.
 */
#include <check.h>
#include <string.h>

#include "endpoint/endpoint.h"
#include "suites.h"
#include "tests/support/forge.h"
#include "tests/support/pair.h"
#include "wire/header_read.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER, STRANGER = 999 };

static gn_test_pair pair;
static gn_test_forge forge;

/* [R-9000-17.4-2] */
START_TEST(musts_spin_bit_of_the_peer_is_ignored)
{
    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, _i);
    forge.reserved_bits = GN_HEADER_SPIN;
    gn_test_forge_stream(&forge, (uint64_t)_i, 0, 20, true);
    gn_test_forge_send(&forge);
    ck_assert_uint_eq(pair.side[1 - _i].closed.times, 0);
    ck_assert(gn_test_pair_stream(&pair, 1 - _i, (uint64_t)_i)->fin);
}
END_TEST

/* No two IDs of a connection have anything in common but their length. */
/* [R-9000-5.1-1] */
START_TEST(musts_connection_ids_tell_nothing_of_each_other)
{
    uint64_t together[8] = {0};
    uint32_t count = 0;
    uint32_t at = 0;
    gn_frame frame;

    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    for (uint8_t seq = 1; seq < 40; seq++) {
        const uint8_t retire[2] = {GN_FRAME_RETIRE_CONNECTION_ID, seq};
        gn_test_forge_bytes(&forge, retire, sizeof retire);
        gn_test_forge_send(&forge);
    }
    for (; gn_test_pair_sent(&pair, SERVER, GN_FRAME_NEW_CONNECTION_ID, &at, &frame); at++) {
        for (int i = 0; i < 8; i++)
            together[i] |= UINT64_C(1) << (frame.as.new_connection_id.cid.bytes[i] % 64);
        count++;
    }
    ck_assert_uint_gt(count, 30);
    for (int i = 0; i < 8; i++) /* every byte takes many values */
        ck_assert_int_gt(__builtin_popcountll(together[i]), 12);
}
END_TEST

/* The client came elsewhere in a small datagram; the packet behind the challenge to it there. */
static uint32_t
challenged_small(gn_frame *challenge)
{
    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    forge.route = STRANGER;
    forge.pad_to = 60;
    uint32_t at = pair.side[SERVER].sents;
    gn_test_forge_say(&forge, "01");
    do
        ck_assert(gn_test_pair_sent(&pair, SERVER, GN_FRAME_PATH_CHALLENGE, &at, challenge));
    while (pair.side[SERVER].sent[at++].route != STRANGER);
    return at;
}

/* [R-9000-8.2.1-3] [R-9000-8.2.3-1] */
START_TEST(musts_path_proved_by_a_small_datagram_is_tested_again)
{
    gn_frame frame;

    uint32_t at = challenged_small(&frame);
    ck_assert_uint_le(pair.side[SERVER].sent[at - 1].len, 180);
    frame.type = GN_FRAME_PATH_RESPONSE;
    gn_test_forge_frame(&forge, &frame);
    at = pair.side[SERVER].sents;
    gn_test_forge_send(&forge);
    ck_assert_uint_ne(gn_test_pair_noted(&pair, SERVER, STRANGER, GN_PATH_VALIDATED), UINT32_MAX);
    ck_assert(gn_test_pair_sent(&pair, SERVER, GN_FRAME_PATH_CHALLENGE, &at, &frame));
    ck_assert_uint_eq(pair.side[SERVER].sent[at].route, STRANGER);
    ck_assert_uint_ge(pair.side[SERVER].sent[at].len, 1200);
}
END_TEST

/* Once what is small comes through and 1200 bytes do not, the path is used no more; silence says
 * nothing about its size. [R-9000-14.2-1] */
START_TEST(musts_path_too_small_for_1200_bytes_is_left)
{
    gn_frame frame;

    (void)challenged_small(&frame);
    frame.type = GN_FRAME_PATH_RESPONSE;
    gn_test_forge_frame(&forge, &frame);
    gn_test_forge_send(&forge);
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).route, STRANGER);
    for (int i = 0; i < 40 && pair.side[SERVER].closed.times == 0; i++) {
        gn_test_pair_run(&pair, pair.now + 200 * GN_MS);
        if (_i == 0 && pair.side[SERVER].closed.times == 0)
            gn_test_forge_say(&forge, "01");
    }
    const bool failed = gn_test_pair_noted(&pair, SERVER, STRANGER, GN_PATH_FAILED) != UINT32_MAX;
    ck_assert_int_eq(failed, _i == 0);
    if (_i == 0)
        gn_test_pair_expect_closed(&pair, SERVER, GN_CLOSE_NO_PATH, 0, "");
    else
        ck_assert_uint_eq(pair.side[SERVER].closed.times, 0);
}
END_TEST

/* What cannot be read, in the name of a connection that is there, brings no stateless reset,
 * whether it is open, closing or draining. [R-9000-11-1] */
START_TEST(musts_no_reset_while_there_is_a_connection)
{
    uint8_t bytes[600];

    gn_test_pair_shake(&pair);
    memset(bytes, 0x5a, sizeof bytes);
    gn_test_forge_shadow(&forge, &pair, CLIENT);
    memcpy(bytes + 1, forge.dcid.bytes, forge.dcid.len);
    if (_i > 0) {
        const int who = _i == 1 ? SERVER : CLIENT;
        ck_assert_int_eq(gn_connection_close(pair.side[who].endpoint, pair.side[who].connection, 0,
                                             "", 0, pair.now),
                         GN_OK);
        gn_test_pair_pull(&pair, who);
        gn_test_pair_run(&pair, pair.now + 15 * GN_MS);
        ck_assert_uint_eq(pair.side[SERVER].closed.times, 1);
        ck_assert_uint_eq(pair.side[SERVER].closed.forgotten, 0);
    }
    const uint64_t before = pair.side[SERVER].datagrams;
    for (int i = 0; i < 20; i++)
        gn_test_pair_give(&pair, SERVER, bytes, sizeof bytes, 101, 1);
    ck_assert_uint_eq(pair.side[SERVER].datagrams, before);
    bytes[1] ^= 1; /* nobody's */
    gn_test_pair_give(&pair, SERVER, bytes, sizeof bytes, 101, 1);
    ck_assert_uint_eq(pair.side[SERVER].datagrams, before + 1);
}
END_TEST

/* [R-9000-9.3.2-2] */
START_TEST(musts_without_a_proved_address_the_connection_ends_in_silence)
{
    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    forge.route = STRANGER;
    forge.host = 66;
    forge.pad_to = 1200;
    gn_test_forge_say(&forge, "01");
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).route, STRANGER);
    gn_test_pair_run(&pair, pair.now + 10 * GN_SECOND); /* nobody answers anywhere */
    ck_assert_uint_ne(gn_test_pair_noted(&pair, SERVER, STRANGER, GN_PATH_FAILED), UINT32_MAX);
    ck_assert_uint_ne(gn_test_pair_noted(&pair, SERVER, 101, GN_PATH_FAILED), UINT32_MAX);
    gn_test_pair_expect_closed(&pair, SERVER, GN_CLOSE_NO_PATH, 0, "");
    ck_assert_uint_eq(pair.side[SERVER].closed.forgotten, 1);
    uint32_t at = 0;
    gn_frame frame;
    ck_assert(!gn_test_pair_sent(&pair, SERVER, GN_FRAME_CLOSE, &at, &frame));
}
END_TEST

/* Who comes by an ID not used before moves on purpose; without an ID of its it hears nothing. */
/* [R-9000-9.5-2] */
START_TEST(musts_peer_that_moves_without_a_spare_id_is_not_answered)
{
    gn_frame frame;
    uint32_t at = 0;

    gn_test_pair_shake(&pair);
    ck_assert(gn_test_pair_sent(&pair, SERVER, GN_FRAME_NEW_CONNECTION_ID, &at, &frame));
    const gn_cid fresh = frame.as.new_connection_id.cid;
    gn_test_forge_take(&forge, &pair, CLIENT);
    if (_i == 1) /* the client takes all IDs back but one, which the server then uses */
        gn_test_forge_say(&forge, "18 09 09 08 0102030405060708 000102030405060708090a0b0c0d0e0f");
    const gn_cid used = pair.side[SERVER].sent[pair.side[SERVER].sents - 1].dcid;
    const uint32_t before = pair.side[SERVER].sents;
    forge.dcid = fresh;
    forge.route = STRANGER;
    forge.pad_to = 1200;
    gn_test_forge_say(&forge, "01");
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).route, _i == 1 ? 101 : STRANGER);
    for (at = before; at < pair.side[SERVER].sents; at++)
        if (pair.side[SERVER].sent[at].route == STRANGER) {
            ck_assert_int_eq(_i, 0); /* it is read, and hears nothing */
            ck_assert(!gn_cid_equal(&pair.side[SERVER].sent[at].dcid, &used));
        }
}
END_TEST

/* A quiet connection stays quiet: ACKs are not answered, and ask for no answer. */
/* [R-9000-13.2.1-5] */
START_TEST(musts_acknowledgements_do_not_chase_each_other)
{
    gn_test_pair_shake(&pair);
    const uint64_t stream = gn_test_pair_open(&pair, CLIENT, true);
    (void)gn_test_pair_write(&pair, CLIENT, stream, 0, 60000, true);
    gn_test_pair_settle(&pair);
    const uint64_t sent[2] = {pair.side[0].datagrams, pair.side[1].datagrams};
    gn_test_pair_run(&pair, pair.now + 20 * GN_SECOND);
    for (int i = 0; i < 2; i++)
        ck_assert_uint_eq(pair.side[i].datagrams, sent[i]);
}
END_TEST

static gn_conn *
conn_of(int side)
{
    gn_endpoint *ep = pair.side[side].endpoint;

    return &gn_endpoint_seat(ep, gn_endpoint_slot(ep, pair.side[side].connection))->conn;
}

/* [R-9002-6.2-1] [R-9002-6.2.4-1] [R-9002-6.2.4-2] [R-9002-7.5-1] [R-9002-7.5-2] */
START_TEST(musts_probe_timeout_loses_nothing)
{
    gn_test_pair_shake(&pair);
    const uint64_t stream = gn_test_pair_open(&pair, SERVER, true);
    pair.side[CLIENT].mute = true;
    (void)gn_test_pair_write(&pair, SERVER, stream, 0, 30000, true);
    gn_test_pair_run(&pair, pair.now + 20 * GN_MS);
    gn_conn *conn = conn_of(SERVER);
    const gn_cc *cc = &gn_paths_active(&conn->paths)->cc;
    const uint64_t window = cc->window_bytes;
    ck_assert_uint_lt(gn_cc_allowance(cc), 1200); /* the window is full */
    uint32_t sents = pair.side[SERVER].sents;
    for (uint64_t ptos = conn->counters.ptos; ptos < 3; ptos++) {
        const uint64_t in_flight = cc->in_flight_bytes;
        while (conn->counters.ptos == ptos)
            ck_assert(gn_test_pair_step(&pair, pair.now + 5 * GN_SECOND));
        ck_assert_uint_gt(pair.side[SERVER].sents, sents);
        ck_assert_uint_gt(cc->in_flight_bytes, in_flight);
        for (; sents < pair.side[SERVER].sents; sents++)
            ck_assert_uint_ne(pair.side[SERVER].sent[sents].payload[0], GN_FRAME_ACK);
    }
    ck_assert_uint_eq(conn->counters.packets_lost, 0);
    ck_assert_uint_eq(cc->window_bytes, window);
}
END_TEST

static gn_test_fate
watch_window(gn_test_pair *p, gn_test_datagram *d)
{
    const gn_conn *conn = conn_of(SERVER);
    const gn_cc *cc = &conn->paths.at[conn->paths.active].cc;

    /* What is large holds data and counts; one such packet begins a recovery period (7.3.2). */
    if (d->to == CLIENT && d->len > 200 && conn->counters.ptos == 0 && cc->recovery_at != p->now)
        ck_assert_uint_le(cc->in_flight_bytes, cc->window_bytes);
    return d->to == CLIENT && d->nth % 37 == 36 ? GN_TEST_DROP : GN_TEST_PASS;
}

/* [R-9002-7-1] */
START_TEST(musts_bytes_in_flight_stay_within_the_window)
{
    gn_test_pair_shake(&pair);
    const uint64_t stream = gn_test_pair_open(&pair, SERVER, true);
    uint64_t off = 0;
    pair.hook = watch_window;
    for (int i = 0; i < 6; i++) {
        off += gn_test_pair_write(&pair, SERVER, stream, off, 60000, false);
        gn_test_pair_settle(&pair);
    }
    ck_assert_uint_gt(off, 200000);
    ck_assert_uint_gt(conn_of(SERVER)->counters.packets_lost, 0);
}
END_TEST

Suite *
gn_test_musts(void)
{
    Suite *suite = suite_create("conn/musts");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_test(good, musts_connection_ids_tell_nothing_of_each_other);
    tcase_add_test(good, musts_path_proved_by_a_small_datagram_is_tested_again);
    tcase_add_loop_test(good, musts_path_too_small_for_1200_bytes_is_left, 0, 2);
    tcase_add_loop_test(good, musts_no_reset_while_there_is_a_connection, 0, 3);
    tcase_add_test(good, musts_acknowledgements_do_not_chase_each_other);
    tcase_add_test(good, musts_probe_timeout_loses_nothing);
    tcase_add_test(good, musts_bytes_in_flight_stay_within_the_window);
    tcase_add_loop_test(good, musts_spin_bit_of_the_peer_is_ignored, 0, 2);
    tcase_add_test(hostile, musts_without_a_proved_address_the_connection_ends_in_silence);
    tcase_add_loop_test(hostile, musts_peer_that_moves_without_a_spare_id_is_not_answered, 0, 2);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
