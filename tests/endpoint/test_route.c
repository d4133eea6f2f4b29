/*
 * test_route.c: datagrams that find their connection, begin one, or are nobody's.
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/forge.h"
#include "tests/support/pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

static gn_test_pair pair;
static gn_test_forge forge;
static gn_test_datagram first;

/* A server that has heard nothing; first is a client's first datagram. */
static void
begin(void)
{
    gn_test_pair_start(&pair);
    ck_assert_uint_eq(pair.flying, 1);
    first = pair.flight[0];
    pair.flying = 0;
}

static void
give_first(size_t len)
{
    gn_test_pair_give(&pair, SERVER, first.bytes, len, 101, 1);
}

START_TEST(route_first_datagram_begins_a_connection)
{
    gn_test_pair_init(&pair);
    begin();
    give_first(first.len);
    give_first(first.len); /* the same again is for the same connection */
    ck_assert_uint_eq(pair.side[SERVER].accepted, 1);
    ck_assert_uint_eq(gn_endpoint_connections(pair.side[SERVER].endpoint), 1);
    ck_assert_uint_eq(pair.side[SERVER].dropped[GN_DROP_DUPLICATE], 1);
}
END_TEST

/* Whatever is wrong with the first datagram, it leaves no trace. */
/* [R-9000-5.2.2-2] */
START_TEST(route_first_datagram_that_is_wrong_leaves_no_trace)
{
    static const struct {
        size_t at;
        uint8_t change;
        gn_drop_cause cause; /* GN_DROP_CAUSES: none, it is answered */
    } rows[] = {
        {0, 0x40, GN_DROP_HEADER},                             /* the fixed bit */
        {0, 0x20, GN_DROP_UNKNOWN},                            /* a Handshake packet */
        {0, 0x80, GN_DROP_CAUSES},                             /* a short header: a reset */
        {4, 0x01, GN_DROP_UNKNOWN},                            /* version 0: a negotiation */
        {4, 0x40, GN_DROP_CAUSES},  {5, 0x08, GN_DROP_HEADER}, /* a version; no destination ID */
        {5, 0x1d, GN_DROP_HEADER},                             /* 21 bytes */
        {8, 0x01, GN_DROP_AUTH},    {600, 0x01, GN_DROP_AUTH}, {1199, 0x01, GN_DROP_AUTH},
    };

    gn_test_pair_init(&pair);
    begin();
    first.bytes[rows[_i].at] ^= rows[_i].change;
    give_first(first.len);
    const bool answered = rows[_i].cause == GN_DROP_CAUSES;
    if (!answered)
        ck_assert_uint_eq(pair.side[SERVER].dropped[rows[_i].cause], 1);
    ck_assert_uint_eq(gn_endpoint_connections(pair.side[SERVER].endpoint), 0);
    ck_assert_uint_eq(pair.side[SERVER].datagrams, answered ? 1 : 0);
    ck_assert_uint_eq(gn_endpoint_deadline(pair.side[SERVER].endpoint), GN_NEVER);
    first.bytes[rows[_i].at] ^= rows[_i].change;
    give_first(first.len); /* and the right one is welcome */
    ck_assert_uint_eq(pair.side[SERVER].accepted, 1);
}
END_TEST

/* [R-9000-14-4] */
START_TEST(route_small_datagrams_are_nobodys)
{
    gn_test_pair_init(&pair);
    begin();
    for (size_t len = 0; len < 1200; len += len < 60 ? 1 : 57)
        give_first(len);
    ck_assert_uint_eq(gn_endpoint_connections(pair.side[SERVER].endpoint), 0);
    ck_assert_uint_eq(pair.side[SERVER].datagrams, 0);
}
END_TEST

/* RFC 9000 7.2: a first destination ID has 8 bytes at least. */
/* [R-9000-5.2.2-2] [R-9000-7.2-1] */
START_TEST(route_short_first_id_is_refused)
{
    uint8_t bytes[GN_DATAGRAM_MAX];

    gn_test_pair_init(&pair);
    begin();
    gn_test_forge_take(&forge, &pair, CLIENT);
    forge.kind = GN_PACKET_INITIAL;
    forge.pad_to = 1200;
    forge.dcid.len = _i == 0 ? 7 : 8;
    forge.original = forge.dcid;
    gn_test_forge_hex(&forge, "01");
    const size_t len = gn_test_forge_seal(&forge, bytes);
    gn_test_pair_give(&pair, SERVER, bytes, len, 101, 1);
    ck_assert_uint_eq(pair.side[SERVER].accepted, (unsigned)_i);
    ck_assert_uint_eq(pair.side[SERVER].dropped[GN_DROP_HEADER], 1 - (unsigned)_i);
}
END_TEST

START_TEST(route_client_accepts_nobody)
{
    gn_test_pair_init(&pair);
    begin();
    gn_test_pair_give(&pair, CLIENT, first.bytes, first.len, 1, 1);
    ck_assert_uint_eq(pair.side[CLIENT].dropped[GN_DROP_UNKNOWN], 1);
    ck_assert_uint_eq(gn_endpoint_connections(pair.side[CLIENT].endpoint), 1);
}
END_TEST

START_TEST(route_full_server_drops_newcomers_and_serves_the_rest)
{
    static gn_test_pair other;

    gn_test_pair_init(&other);
    other.side[CLIENT].config.seed[0] = 99;
    gn_test_pair_start(&other);
    first = other.flight[0];
    gn_test_pair_init(&pair);
    pair.side[SERVER].config.limits.connections = 1;
    if (_i == 1) {
        pair.side[SERVER].config.limits.connections = 2;
        pair.side[SERVER].config.limits.keys = 8;
    }
    gn_test_pair_confirm(&pair);
    gn_test_side *server = &pair.side[SERVER];
    const gn_connection served = server->connection;
    const uint64_t digest = gn_test_pair_digest(&pair, SERVER);
    give_first(first.len);
    if (_i == 0) {
        ck_assert_uint_eq(server->dropped[GN_DROP_ROOM], 1);
    } else { /* room to begin, none to go on: the newcomer is told */
        ck_assert_uint_eq(server->accepted, 2);
        gn_test_pair_expect_fault(&pair, SERVER, GN_FAULT_INTERNAL, "RFC 9000 20.1: ");
        memset(&server->closed, 0, sizeof server->closed);
    }
    server->connection = served;
    ck_assert_uint_eq(gn_test_pair_digest(&pair, SERVER), digest);
    gn_test_pair_run(&pair, pair.now + GN_SECOND);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* What is longer than we said we take is dropped whole (RFC 9000 18.2). */
/* [R-9000-14-4] */
START_TEST(route_oversized_datagram_is_dropped)
{
    static uint8_t bytes[1501];

    gn_test_pair_init(&pair);
    begin();
    memcpy(bytes, first.bytes, first.len);
    gn_test_pair_give(&pair, SERVER, bytes, sizeof bytes, 101, 1);
    ck_assert_uint_eq(pair.side[SERVER].accepted, 0);
    gn_test_pair_give(&pair, SERVER, bytes, 1500, 101, 1);
    ck_assert_uint_eq(pair.side[SERVER].accepted, 1);
}
END_TEST

Suite *
gn_test_route(void)
{
    Suite *suite = suite_create("endpoint/route");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");

    tcase_add_test(good, route_first_datagram_begins_a_connection);
    tcase_add_loop_test(hostile, route_first_datagram_that_is_wrong_leaves_no_trace, 0, 10);
    tcase_add_test(hostile, route_small_datagrams_are_nobodys);
    tcase_add_loop_test(hostile, route_short_first_id_is_refused, 0, 2);
    tcase_add_test(hostile, route_client_accepts_nobody);
    tcase_add_loop_test(limits, route_full_server_drops_newcomers_and_serves_the_rest, 0, 2);
    tcase_add_test(limits, route_oversized_datagram_is_dropped);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    suite_add_tcase(suite, limits);
    return suite;
}
