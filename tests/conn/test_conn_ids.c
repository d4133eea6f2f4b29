/*
 * test_conn_ids.c: what conn/conn_ids.h promises, between two whole endpoints.
 */
#include <check.h>
#include <string.h>

#include "endpoint/endpoint.h"
#include "suites.h"
#include "tests/support/forge.h"
#include "tests/support/pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

static gn_test_pair pair;
static gn_test_forge forge;

static void
lengths(uint8_t client, uint8_t server)
{
    gn_test_pair_init(&pair);
    pair.side[CLIENT].config.cid_len = client;
    pair.side[SERVER].config.cid_len = server;
}

/* The destination of the latest packet that a side sent. */
static gn_cid
latest_dcid(int side)
{
    return pair.side[side].sent[pair.side[side].sents - 1].dcid;
}

static gn_conn *
conn_of(int side)
{
    gn_endpoint *ep = pair.side[side].endpoint;

    return &gn_endpoint_seat(ep, gn_endpoint_slot(ep, pair.side[side].connection))->conn;
}

/* Every length with another on the other side; the last one: nobody has any. */
START_TEST(ids_of_every_length_carry_a_connection)
{
    const uint8_t len = (uint8_t)(_i / 2);

    if (_i == 42)
        lengths(0, 0);
    else
        lengths(_i % 2 == 0 ? len : 5, _i % 2 == 0 ? 5 : len);
    gn_test_pair_confirm(&pair);
    gn_test_pair_expect_alive(&pair);
    ck_assert_uint_eq(latest_dcid(SERVER).len, pair.side[CLIENT].config.cid_len);
    ck_assert_uint_eq(latest_dcid(CLIENT).len, pair.side[SERVER].config.cid_len);
    gn_test_pair_end(&pair);
}
END_TEST

/* A Retry's ID leads to no connection yet, and is as long as a first one has to be. */
START_TEST(ids_of_any_length_survive_a_retry)
{
    static const uint8_t lens[] = {0, 1, 4, 7, 8, 20};

    lengths(8, lens[_i]);
    pair.side[SERVER].config.retry_above = 0;
    gn_test_pair_confirm(&pair);
    gn_test_pair_expect_alive(&pair);
    gn_test_pair_end(&pair);
}
END_TEST

/* [R-9000-19.15-2] */
START_TEST(ids_that_are_empty_are_not_announced)
{
    gn_frame frame;
    uint32_t at = 0;

    lengths(0, 0);
    gn_test_pair_confirm(&pair);
    for (int i = 0; i < 2; i++)
        ck_assert(!gn_test_pair_sent(&pair, i, GN_FRAME_NEW_CONNECTION_ID, &at, &frame));
    /* RFC 9000 10.3.2: nor has the server's a reset token. */
    ck_assert_uint_eq(conn_of(CLIENT)->peer.present & GN_TPARAMS_RESET_TOKEN, 0);
    ck_assert_int_eq(gn_connection_rotate_ids(pair.side[CLIENT].endpoint,
                                              pair.side[CLIENT].connection, pair.now),
                     GN_ERR_STATE);
}
END_TEST

/* [R-9000-19.16-3] */
START_TEST(ids_that_are_empty_cannot_be_retired)
{
    lengths(_i == 1 ? 8 : 0, _i == 1 ? 0 : 8);
    gn_test_pair_confirm(&pair);
    gn_test_forge_take(&forge, &pair, 1 - _i);
    gn_test_forge_say(&forge, "19 00");
    gn_test_pair_expect_fault(&pair, _i, GN_FAULT_PROTOCOL_VIOLATION,
                              "RFC 9000 19.16: a connection ID is retired, though there is none");
}
END_TEST

/* RFC 9000 9.5: the server's IDs are enough for both. */
START_TEST(ids_of_the_client_may_be_empty_when_it_moves)
{
    lengths(0, 8);
    gn_test_pair_confirm(&pair);
    const gn_cid before = latest_dcid(CLIENT);
    for (gn_route route = 2; route < 6; route++) {
        ck_assert_int_eq(gn_connection_migrate(pair.side[CLIENT].endpoint,
                                               pair.side[CLIENT].connection, route, pair.now),
                         GN_OK);
        gn_test_pair_pull(&pair, CLIENT);
        gn_test_pair_settle(&pair);
        ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).route, route);
        ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).route, pair.outside[route]);
        gn_test_pair_expect_alive(&pair);
    }
    const gn_cid after = latest_dcid(CLIENT);
    ck_assert(!gn_cid_equal(&before, &after));
    ck_assert_uint_eq(latest_dcid(SERVER).len, 0);
}
END_TEST

START_TEST(ids_of_the_client_may_be_empty_when_it_is_rebound)
{
    lengths(0, 8);
    gn_test_pair_confirm(&pair);
    pair.outside[1] = 500;
    gn_test_pair_expect_alive(&pair);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).route, 500);
}
END_TEST

/* RFC 9000 9: who has no IDs cannot be reached from elsewhere, on purpose or not. */
START_TEST(ids_of_the_server_that_are_empty_forbid_moving)
{
    lengths(8, 0);
    gn_test_pair_confirm(&pair);
    ck_assert_int_eq(gn_connection_migrate(pair.side[CLIENT].endpoint, pair.side[CLIENT].connection,
                                           2, pair.now),
                     GN_ERR_STATE);
    gn_test_pair_expect_alive(&pair);
    pair.outside[1] = 500;
    const uint64_t stream = gn_test_pair_open(&pair, CLIENT, false);
    (void)gn_test_pair_write(&pair, CLIENT, stream, 0, 100, true);
    gn_test_pair_run(&pair, pair.now + GN_SECOND);
    ck_assert_uint_gt(pair.side[SERVER].dropped[GN_DROP_UNKNOWN], 0);
    ck_assert_uint_eq(gn_test_pair_stream(&pair, SERVER, stream)->bytes, 0);
    /* RFC 9000 10.3.2: there is no token that would be this connection's alone. */
    ck_assert_uint_eq(pair.side[CLIENT].closed.times, 0);
    pair.outside[1] = 101;
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* RFC 9000 5.1: one route, one connection. [R-9000-5.1-3] */
START_TEST(ids_that_are_empty_make_a_route_one_connections_own)
{
    gn_test_side *client = &pair.side[CLIENT];
    gn_connect connect;
    gn_connection second = 0;

    lengths(0, 8);
    gn_test_pair_confirm(&pair);
    gn_connect_default(&connect);
    connect.server_name = "server.example";
    connect.route = 1;
    ck_assert_int_eq(gn_endpoint_connect(client->endpoint, &connect, pair.now, &second),
                     GN_ERR_STATE);
    gn_test_pair_expect_alive(&pair);
    connect.route = 2;
    ck_assert_int_eq(gn_endpoint_connect(client->endpoint, &connect, pair.now, &second), GN_OK);
    gn_test_pair_pull(&pair, CLIENT);
    gn_test_pair_settle(&pair);
    gn_info info;
    ck_assert_int_eq(gn_connection_info(client->endpoint, second, &info), GN_OK);
    ck_assert_uint_eq(info.confirmed, 1);
    ck_assert_int_eq(gn_connection_migrate(client->endpoint, second, 1, pair.now), GN_ERR_STATE);
    ck_assert_int_eq(gn_connection_migrate(client->endpoint, second, 3, pair.now), GN_OK);
    ck_assert_int_eq(gn_connection_migrate(client->endpoint, client->connection, 3, pair.now),
                     GN_ERR_STATE);
}
END_TEST

static gn_err
rotate(int side)
{
    const gn_err err =
        gn_connection_rotate_ids(pair.side[side].endpoint, pair.side[side].connection, pair.now);

    gn_test_pair_pull(&pair, side);
    return err;
}

/* RFC 9000 5.1.2: both names change, whoever asks. */
START_TEST(ids_rotated_on_request_change_both_ways)
{
    gn_test_pair_shake(&pair);
    for (int round = 0; round < 5; round++) {
        const gn_cid before[2] = {latest_dcid(CLIENT), latest_dcid(SERVER)};
        ck_assert_int_eq(rotate(_i), GN_OK);
        /* Ours wait to be retired. */
        ck_assert_int_eq(gn_local_cids_rotate(&conn_of(_i)->local_cids, (gn_local_cids_room){0}, 0),
                         GN_ERR_STATE);
        gn_test_pair_settle(&pair);
        gn_test_pair_expect_alive(&pair);
        for (int side = 0; side < 2; side++) {
            const gn_cid after = latest_dcid(side);
            ck_assert(!gn_cid_equal(&before[side], &after));
        }
        ck_assert_uint_eq(conn_of(CLIENT)->peer_cids.retiring_count, 0);
        ck_assert_uint_eq(conn_of(SERVER)->peer_cids.retiring_count, 0);
        ck_assert_uint_eq(conn_of(_i)->local_cids.count, 4);
    }
}
END_TEST

START_TEST(ids_before_the_handshake_is_confirmed_stay)
{
    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    ck_assert_int_eq(rotate(CLIENT), GN_ERR_STATE);
    ck_assert_int_eq(gn_connection_rotate_ids(pair.side[CLIENT].endpoint, 999, pair.now),
                     GN_ERR_NONE);
}
END_TEST

/* Destinations that the side's 1-RTT packets had, one after the other. */
static uint32_t
names(int side)
{
    uint32_t count = 0;
    gn_cid last = {0};

    for (uint32_t i = 0; i < pair.side[side].sents; i++) {
        const gn_test_pair_packet *sent = &pair.side[side].sent[i];
        if (sent->kind != GN_EVENT_ONE_RTT || gn_cid_equal(&sent->dcid, &last))
            continue;
        last = sent->dcid;
        count++;
    }
    return count;
}

static gn_test_fate
lose_every_fifth(gn_test_pair *unused, gn_test_datagram *d)
{
    (void)unused;
    return d->nth > 20 && d->nth % 5 == 0 ? GN_TEST_DROP : GN_TEST_PASS;
}

/* The knobs bite, also where much is lost. Row 0: none, 1: packets, 2: time, 3: packets, loss. */
START_TEST(ids_rotate_after_packets_and_after_time)
{
    gn_test_pair_init(&pair);
    if (_i % 2 == 1)
        pair.side[CLIENT].config.rotate_ids_packets = 30;
    if (_i == 2)
        pair.side[CLIENT].config.rotate_ids_us = GN_SECOND;
    if (_i == 3)
        pair.hook = lose_every_fifth;
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, GN_SECOND / 2);
    for (int i = 0; i < 6; i++) {
        const uint64_t stream = gn_test_pair_open(&pair, CLIENT, true);
        (void)gn_test_pair_write(&pair, CLIENT, stream, 0, 40000, true);
        gn_test_pair_run(&pair, pair.now + GN_SECOND);
    }
    for (int side = 0; side < 2; side++) {
        if (_i == 0)
            ck_assert_uint_eq(names(side), 1);
        else
            ck_assert_uint_ge(names(side), 5);
        ck_assert_uint_le(names(side), 16);
        ck_assert_uint_eq(pair.side[side].closed.times, 0);
    }
    gn_test_pair_run(&pair, pair.now + 2 * GN_SECOND);
    for (uint64_t stream = 2; stream < 26; stream += 4) /* whole, in spite of all */
        ck_assert_uint_eq(gn_test_pair_stream(&pair, SERVER, stream)->bytes, 40000);
}
END_TEST

static int rotator;

/* What has no room for NEW_CONNECTION_ID: acknowledgments alone. */
static gn_test_fate
lose_acks(gn_test_pair *unused, gn_test_datagram *d)
{
    (void)unused;
    return d->to == 1 - rotator && d->len < 60 ? GN_TEST_DROP : GN_TEST_PASS;
}

/* RFC 9000 5.1.2: retirements that the peer does not know acknowledged do not pile up there. */
START_TEST(ids_rotated_often_while_acks_are_lost_stay_within_the_limits)
{
    int changes = 0;

    gn_test_pair_shake(&pair);
    rotator = _i;
    pair.hook = lose_acks;
    for (int round = 0; round < 40; round++) {
        changes += rotate(_i) == GN_OK;
        gn_test_pair_run(&pair, pair.now + 50 * GN_MS);
        ck_assert_uint_eq(pair.side[1 - _i].closed.times, 0);
        ck_assert_uint_le(conn_of(1 - _i)->peer_cids.retiring_count, 2 * 4);
    }
    ck_assert_int_ge(changes, 10);
    pair.hook = NULL;
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* The client's 1-RTT packets; the first comes behind its last Handshake packet. */
static gn_test_fate
lose_1rtt(gn_test_pair *unused, gn_test_datagram *d)
{
    (void)unused;
    if (d->to == SERVER && d->nth == 1)
        d->bytes[d->len - 1] ^= 1;
    return d->to == SERVER && (d->bytes[0] & 0x80) == 0 ? GN_TEST_DROP : GN_TEST_PASS;
}

/* RFC 9000 9.5: who changes its ID, or demands it, has to leave the server one to answer with. */
START_TEST(ids_rotated_before_the_peer_has_others_survive_a_nat)
{
    gn_test_pair_init(&pair);
    pair.hook = lose_1rtt;
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, GN_SECOND / 2);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).confirmed, 1);
    ck_assert(!gn_peer_cids_spare(&conn_of(SERVER)->peer_cids));
    (void)rotate(_i);
    gn_test_pair_run(&pair, pair.now + GN_SECOND);
    pair.hook = NULL;
    pair.outside[1] = 500;
    gn_test_pair_expect_alive(&pair);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).route, 500);
    ck_assert_int_eq(rotate(_i), GN_OK);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

Suite *
gn_test_conn_ids(void)
{
    Suite *suite = suite_create("conn/conn_ids");
    TCase *good = tcase_create("good");
    TCase *empty = tcase_create("limits");
    TCase *rotation = tcase_create("table");

    tcase_add_loop_test(good, ids_of_every_length_carry_a_connection, 0, 43);
    tcase_add_loop_test(good, ids_of_any_length_survive_a_retry, 0, 6);
    tcase_add_test(empty, ids_that_are_empty_are_not_announced);
    tcase_add_loop_test(empty, ids_that_are_empty_cannot_be_retired, 0, 2);
    tcase_add_test(empty, ids_of_the_client_may_be_empty_when_it_moves);
    tcase_add_test(empty, ids_of_the_client_may_be_empty_when_it_is_rebound);
    tcase_add_test(empty, ids_of_the_server_that_are_empty_forbid_moving);
    tcase_add_test(empty, ids_that_are_empty_make_a_route_one_connections_own);
    tcase_add_loop_test(rotation, ids_rotated_on_request_change_both_ways, 0, 2);
    tcase_add_test(rotation, ids_before_the_handshake_is_confirmed_stay);
    tcase_add_loop_test(rotation, ids_rotated_often_while_acks_are_lost_stay_within_the_limits, 0,
                        2);
    tcase_add_loop_test(rotation, ids_rotated_before_the_peer_has_others_survive_a_nat, 0, 2);
    tcase_add_loop_test(rotation, ids_rotate_after_packets_and_after_time, 0, 4);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, empty);
    suite_add_tcase(suite, rotation);
    return suite;
}
