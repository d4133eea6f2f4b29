/*
 * test_conn_life.c: how connections begin, and that nothing is left when they are gone.
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

/* Every pool and the map of IDs are as at the beginning. */
static void
expect_nothing_held(int side)
{
    const gn_endpoint *ep = pair.side[side].endpoint;

    ck_assert_uint_eq(ep->seats.used, 0);
    ck_assert_uint_eq(ep->keys.used, 0);
    ck_assert_uint_eq(ep->sent.used, 0);
    ck_assert_uint_eq(ep->streams.used, 0);
    ck_assert_uint_eq(ep->chunks.used, 0);
    ck_assert_uint_eq(ep->cids.used, 0);
    ck_assert_uint_eq(ep->scheduled, 0);
}

/* RFC 9000 7.2, 14.1 */
/* [R-9000-7.2-1] */
START_TEST(life_client_begins_with_ids_that_nobody_can_guess)
{
    gn_cid first[8];

    for (int i = 0; i < 8; i++) {
        gn_test_pair_init(&pair);
        pair.side[CLIENT].config.seed[0] = (uint8_t)i;
        gn_test_pair_start(&pair);
        const gn_test_side *client = &pair.side[CLIENT];
        ck_assert_uint_eq(client->datagrams, 1);
        ck_assert_uint_eq(client->bytes, 1200);
        ck_assert_uint_ge(client->sent[0].dcid.len, 8);
        ck_assert_uint_eq(client->sent[0].scid.len, 8);
        first[i] = client->sent[0].dcid;
        for (int k = 0; k < i; k++)
            ck_assert(!gn_cid_equal(&first[k], &first[i]));
        gn_test_pair_end(&pair);
    }
}
END_TEST

/* [R-9000-7.2-2] [R-9000-7.2-5] */
START_TEST(life_client_keeps_its_first_choice_until_the_server_speaks)
{
    gn_test_pair_init(&pair);
    pair.cut[1] = true;
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, 8 * GN_SECOND);
    const gn_test_side *client = &pair.side[CLIENT];
    ck_assert_uint_gt(client->sents, 2);
    for (uint32_t i = 0; i < client->sents; i++)
        ck_assert(gn_cid_equal(&client->sent[i].dcid, &client->sent[0].dcid));
    pair.cut[1] = false;
    gn_test_pair_run(&pair, 20 * GN_SECOND);
    gn_test_pair_expect_alive(&pair);
    ck_assert(!gn_cid_equal(&client->sent[client->sents - 1].dcid, &client->sent[0].dcid));
}
END_TEST

START_TEST(life_ends_with_nothing_held)
{
    gn_test_pair_shake(&pair);
    const uint64_t up = gn_test_pair_open(&pair, CLIENT, false);
    (void)gn_test_pair_open(&pair, SERVER, true);
    (void)gn_test_pair_write(&pair, CLIENT, up, 0, 100000, false);
    if (_i == 1)
        gn_test_pair_run(&pair, pair.now + 25 * GN_MS); /* in the middle of it */
    else
        gn_test_pair_settle(&pair);
    ck_assert_int_eq(gn_connection_close(pair.side[CLIENT].endpoint, pair.side[CLIENT].connection,
                                         1, "", 0, pair.now),
                     GN_OK);
    gn_test_pair_pull(&pair, CLIENT);
    gn_test_pair_settle(&pair);
    expect_nothing_held(CLIENT);
    expect_nothing_held(SERVER);
    gn_test_pair_end(&pair);
}
END_TEST

START_TEST(life_of_a_handshake_that_failed_leaves_nothing)
{
    gn_test_pair_init(&pair);
    pair.side[CLIENT].config.alpn = "h9";
    gn_test_pair_start(&pair);
    gn_test_pair_settle(&pair);
    expect_nothing_held(CLIENT);
    expect_nothing_held(SERVER);
}
END_TEST

START_TEST(life_nobody_answers_ends_by_the_idle_timeout)
{
    gn_test_pair_init(&pair);
    pair.cut[1] = true;
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, 100 * GN_SECOND);
    gn_test_pair_expect_closed(&pair, CLIENT, GN_CLOSE_IDLE, 0, "");
    expect_nothing_held(CLIENT);
}
END_TEST

/* Each pool so small that connecting must fail: it says so, and holds nothing. */
START_TEST(life_connecting_without_room_is_full)
{
    gn_connect connect;
    gn_connection second = 0;
    gn_limits *limits = &pair.side[CLIENT].config.limits;

    gn_test_pair_init(&pair);
    limits->connections = _i == 0 ? 1 : 2;
    limits->keys = _i == 1 ? 5 : 24;
    limits->chunks = _i == 2 ? 3 : 512;
    gn_test_pair_start(&pair);
    gn_connect_default(&connect);
    connect.server_name = "server.example";
    connect.route = 1;
    const uint32_t keys = pair.side[CLIENT].endpoint->keys.used;
    ck_assert_int_eq(gn_endpoint_connect(pair.side[CLIENT].endpoint, &connect, 0, &second),
                     GN_ERR_FULL);
    ck_assert_uint_eq(second, 0);
    ck_assert_uint_eq(pair.side[CLIENT].endpoint->keys.used, keys);
    ck_assert_uint_eq(gn_endpoint_connections(pair.side[CLIENT].endpoint), 1);
    gn_endpoint_check(pair.side[CLIENT].endpoint);
}
END_TEST

/*
 * Any pool at any small size: the handshake completes or the connection ends
 * in an orderly way; no time stands still and nothing is left behind.
 */
START_TEST(life_with_tiny_pools_is_orderly)
{
    const uint32_t size = 1 + (uint32_t)_i / 4;
    gn_test_pair_init(&pair);
    gn_limits *limits = &pair.side[_i % 2].config.limits;
    limits->connections = 1;
    limits->streams = 2;
    if (_i / 2 % 2 == 0)
        limits->sent = size;
    else
        limits->chunks = size;
    limits->keys = 12;
    pair.side[0].config.max_idle_timeout_us = 3 * GN_SECOND;
    if (_i % 2 == CLIENT && limits->chunks < 3)
        return; /* the ClientHello does not fit: that is the test above */
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, GN_SECOND);
    if (gn_endpoint_connections(pair.side[CLIENT].endpoint) > 0 &&
        gn_test_pair_info(&pair, CLIENT).ready) {
        const uint64_t stream = gn_test_pair_open(&pair, CLIENT, false);
        (void)gn_test_pair_write(&pair, CLIENT, stream, 0, 20000, true);
    }
    gn_test_pair_run(&pair, 100 * GN_SECOND);
    ck_assert_uint_eq(pair.flying, 0);
    expect_nothing_held(CLIENT);
    expect_nothing_held(SERVER);
}
END_TEST

/* A datagram of the first flight that comes again much later begins nothing. */
START_TEST(life_late_copy_of_the_first_datagram_is_dropped)
{
    static gn_test_datagram first;

    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    first = pair.flight[0];
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(pair.side[SERVER].accepted, 1);
    gn_test_pair_give(&pair, SERVER, first.bytes, first.len, first.route, 1);
    ck_assert_uint_eq(pair.side[SERVER].accepted, 1);
    ck_assert_uint_eq(gn_endpoint_connections(pair.side[SERVER].endpoint), 1);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* RFC 9000 7.3: parameters name the IDs of the handshake, and both sides' are told. */
/* [R-9001-8.2-1] */
START_TEST(life_parameters_are_told_to_the_observer)
{
    gn_test_pair_shake(&pair);
    for (int i = 0; i < 2; i++)
        ck_assert_uint_eq(pair.side[i].events[GN_EVENT_PARAMETERS], 2);
}
END_TEST

START_TEST(life_close_in_the_first_packet_is_survived)
{
    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    pair.flying = 0;
    gn_test_forge_take(&forge, &pair, CLIENT);
    forge.kind = GN_PACKET_INITIAL;
    forge.pad_to = 1200;
    gn_test_forge_say(&forge, _i == 0 ? "1c 00 00 00" : "01");
    gn_test_pair_run(&pair, 100 * GN_SECOND);
    expect_nothing_held(SERVER);
}
END_TEST

static gn_connect
opening(gn_connect ids)
{
    gn_connect connect = ids;

    connect.size = sizeof connect;
    connect.server_name = "server.example";
    connect.route = 1;
    return connect;
}

/* An opening with IDs of the caller's choice: they are on the wire, and the handshake completes. */
START_TEST(life_opens_with_the_ids_that_the_caller_chose)
{
    const gn_connect connect =
        opening((gn_connect){.source_cid = (const uint8_t *)"OUR-ID-1",
                             .source_cid_len = 8,
                             .initial_dcid = (const uint8_t *)"first destination",
                             .initial_dcid_len = 17});

    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    gn_test_side *client = &pair.side[CLIENT];
    client->sents = 0;
    ck_assert_int_eq(gn_endpoint_connect(client->endpoint, &connect, pair.now, &client->connection),
                     GN_OK);
    gn_test_pair_pull(&pair, CLIENT);
    ck_assert_uint_ge(client->sents, 1);
    ck_assert_uint_eq(client->sent[0].scid.len, 8);
    ck_assert_mem_eq(client->sent[0].scid.bytes, "OUR-ID-1", 8);
    ck_assert_uint_eq(client->sent[0].dcid.len, 17);
    ck_assert_mem_eq(client->sent[0].dcid.bytes, "first destination", 17);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).confirmed, 1);
    /* The ID is taken now. */
    gn_connection second = 0;
    const gn_connect again =
        opening((gn_connect){.source_cid = (const uint8_t *)"OUR-ID-1", .source_cid_len = 8});
    gn_limits_default(&pair.side[CLIENT].config.limits, 4);
    ck_assert_int_ne(gn_endpoint_connect(client->endpoint, &again, pair.now, &second), GN_OK);
    ck_assert_uint_eq(second, 0);
    gn_endpoint_check(client->endpoint);
}
END_TEST

/* A client that was told a Retry before goes on from there; who only says so is found out. */
START_TEST(life_goes_on_after_a_retry_seen_elsewhere)
{
    gn_test_pair_init(&pair);
    pair.side[SERVER].config.retry_above = 0;
    gn_limits_default(&pair.side[CLIENT].config.limits, 4);
    gn_limits_default(&pair.side[SERVER].config.limits, 4);
    gn_test_pair_start(&pair);
    gn_test_side *client = &pair.side[CLIENT];
    const gn_cid original = client->sent[0].dcid;
    /* The Retry reaches the first connection, which says what it needs. */
    while (client->endpoint->seats.used > 0 &&
           !gn_endpoint_seat(client->endpoint, 0)->conn.token.retried)
        ck_assert(gn_test_pair_step(&pair, 10 * GN_SECOND));
    const gn_conn *first = &gn_endpoint_seat(client->endpoint, 0)->conn;
    const gn_address_token token = first->token;
    pair.flying = 0; /* whatever it says with the token is lost, and so is the connection */
    ck_assert_int_eq(
        gn_connection_close(client->endpoint, client->connection, 0, NULL, 0, pair.now), GN_OK);
    pair.side[CLIENT].mute = true;
    gn_test_pair_pull(&pair, CLIENT);
    pair.side[CLIENT].mute = false;
    const gn_connect connect = opening(
        (gn_connect){.token = token.bytes,
                     .token_len = token.len,
                     .initial_dcid = token.retry_scid.bytes,
                     .initial_dcid_len = token.retry_scid.len,
                     .original_dcid = _i == 0 ? original.bytes : (const uint8_t *)"another one",
                     .original_dcid_len = 8});
    ck_assert_int_eq(gn_endpoint_connect(client->endpoint, &connect, pair.now, &client->connection),
                     GN_OK);
    gn_test_pair_pull(&pair, CLIENT);
    memset(&client->closed, 0, sizeof client->closed);
    gn_test_pair_run(&pair, pair.now + GN_SECOND);
    if (_i == 0)
        ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).confirmed, 1);
    else
        ck_assert_uint_eq(client->closed.code, GN_FAULT_TRANSPORT_PARAMETER);
}
END_TEST

Suite *
gn_test_conn_life(void)
{
    Suite *suite = suite_create("conn/conn_life");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");

    tcase_add_test(good, life_opens_with_the_ids_that_the_caller_chose);
    tcase_add_loop_test(good, life_goes_on_after_a_retry_seen_elsewhere, 0, 2);
    tcase_add_test(good, life_client_begins_with_ids_that_nobody_can_guess);
    tcase_add_test(good, life_client_keeps_its_first_choice_until_the_server_speaks);
    tcase_add_loop_test(good, life_ends_with_nothing_held, 0, 2);
    tcase_add_test(good, life_of_a_handshake_that_failed_leaves_nothing);
    tcase_add_test(good, life_nobody_answers_ends_by_the_idle_timeout);
    tcase_add_test(good, life_parameters_are_told_to_the_observer);
    tcase_add_test(hostile, life_late_copy_of_the_first_datagram_is_dropped);
    tcase_add_loop_test(hostile, life_close_in_the_first_packet_is_survived, 0, 2);
    tcase_add_loop_test(limits, life_connecting_without_room_is_full, 0, 3);
    tcase_add_loop_test(limits, life_with_tiny_pools_is_orderly, 0, 48);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    suite_add_tcase(suite, limits);
    return suite;
}
