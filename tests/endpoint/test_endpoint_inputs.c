/*
 * test_endpoint_inputs.c: inputs that are wrong, each with the error that gnomon.h names.
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

static gn_test_pair pair;

START_TEST(inputs_connect_refuses)
{
    char name[300];
    gn_connect connect;
    gn_connection out = 0;

    gn_test_pair_shake(&pair);
    gn_endpoint *client = pair.side[CLIENT].endpoint;
    memset(name, 'a', sizeof name);
    name[256] = '\0';
    gn_connect_default(&connect);
    ck_assert_uint_eq(connect.size, sizeof connect);
    ck_assert_int_eq(gn_endpoint_connect(client, NULL, pair.now, &out), GN_ERR_CONFIG);
    ck_assert_int_eq(gn_endpoint_connect(client, &connect, pair.now, &out), GN_ERR_CONFIG);
    connect.server_name = name;
    ck_assert_int_eq(gn_endpoint_connect(client, &connect, pair.now, &out), GN_ERR_CONFIG);
    connect.server_name = "server.example";
    ck_assert_int_eq(gn_endpoint_connect(client, &connect, pair.now, NULL), GN_ERR_CONFIG);
    connect.size--;
    ck_assert_int_eq(gn_endpoint_connect(client, &connect, pair.now, &out), GN_ERR_CONFIG);
    connect.size++;
    ck_assert_int_eq(gn_endpoint_connect(client, &connect, 0, &out), GN_ERR_RANGE);
    ck_assert_int_eq(gn_endpoint_connect(pair.side[SERVER].endpoint, &connect, pair.now, &out),
                     GN_ERR_STATE);
    ck_assert_uint_eq(out, 0);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

START_TEST(inputs_receive_refuses_a_wrong_struct_only)
{
    uint8_t bytes[2000] = {0x40};
    gn_datagram datagram = {.size = sizeof datagram, .bytes = bytes, .len = 100, .route = 1};

    gn_test_pair_shake(&pair);
    gn_endpoint *ep = pair.side[SERVER].endpoint;
    ck_assert_int_eq(gn_endpoint_receive(ep, NULL, pair.now), GN_ERR_CONFIG);
    datagram.size--;
    ck_assert_int_eq(gn_endpoint_receive(ep, &datagram, pair.now), GN_ERR_CONFIG);
    datagram.size++;
    datagram.ecn = 4;
    ck_assert_int_eq(gn_endpoint_receive(ep, &datagram, pair.now), GN_ERR_CONFIG);
    datagram.ecn = 3;
    datagram.bytes = NULL;
    ck_assert_int_eq(gn_endpoint_receive(ep, &datagram, pair.now), GN_ERR_CONFIG);
    datagram.len = 0;
    ck_assert_int_eq(gn_endpoint_receive(ep, &datagram, pair.now), GN_OK);
    datagram.bytes = bytes;
    for (datagram.len = 0; datagram.len < sizeof bytes; datagram.len += 37)
        ck_assert_int_eq(gn_endpoint_receive(ep, &datagram, pair.now), GN_OK);
    ck_assert_int_eq(gn_endpoint_receive(ep, &datagram, pair.now - 1), GN_ERR_RANGE);
    gn_test_pair_pull(&pair, SERVER);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* Time never goes back, at any door, and never reaches its end. */
START_TEST(inputs_refuse_a_clock_that_runs_backwards)
{
    uint64_t stream = 0;
    size_t taken = 0;

    gn_test_pair_shake(&pair);
    gn_endpoint *ep = pair.side[CLIENT].endpoint;
    const gn_connection c = pair.side[CLIENT].connection;
    const gn_time past = pair.now - 1;
    ck_assert_int_eq(gn_endpoint_timeout(ep, pair.now), GN_OK);
    gn_test_pair_pull(&pair, CLIENT);
    const uint64_t digest = gn_test_pair_digest(&pair, CLIENT);
    ck_assert_int_eq(gn_endpoint_timeout(ep, past), GN_ERR_RANGE);
    ck_assert_int_eq(gn_endpoint_timeout(ep, GN_NEVER), GN_ERR_RANGE);
    ck_assert_int_eq(gn_connection_open_stream(ep, c, true, past, &stream), GN_ERR_RANGE);
    ck_assert_int_eq(gn_connection_send_stream(ep, c, 0, NULL, 0, true, past, &taken),
                     GN_ERR_RANGE);
    ck_assert_int_eq(gn_connection_reset_stream(ep, c, 0, 0, past), GN_ERR_RANGE);
    ck_assert_int_eq(gn_connection_stop_stream(ep, c, 0, 0, past), GN_ERR_RANGE);
    ck_assert_int_eq(gn_connection_close(ep, c, 0, NULL, 0, past), GN_ERR_RANGE);
    ck_assert_int_eq(gn_connection_migrate(ep, c, 2, past), GN_ERR_RANGE);
    ck_assert_int_eq(gn_connection_key_update(ep, c, past), GN_ERR_RANGE);
    ck_assert_uint_eq(gn_test_pair_digest(&pair, CLIENT), digest);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* A handle that is nobody's, or nobody's any more. */
START_TEST(inputs_refuse_a_connection_that_is_not_there)
{
    static const gn_connection strange[] = {0, 3, 12345, UINT64_MAX};
    const gn_connection c = strange[_i];
    uint64_t stream = 5;
    size_t taken = 5;
    gn_info info;

    gn_test_pair_shake(&pair);
    gn_endpoint *ep = pair.side[CLIENT].endpoint;
    ck_assert_int_eq(gn_connection_open_stream(ep, c, true, pair.now, &stream), GN_ERR_NONE);
    ck_assert_int_eq(gn_connection_send_stream(ep, c, 0, NULL, 0, true, pair.now, &taken),
                     GN_ERR_NONE);
    ck_assert_int_eq(gn_connection_reset_stream(ep, c, 0, 0, pair.now), GN_ERR_NONE);
    ck_assert_int_eq(gn_connection_stop_stream(ep, c, 0, 0, pair.now), GN_ERR_NONE);
    ck_assert_int_eq(gn_connection_close(ep, c, 0, NULL, 0, pair.now), GN_ERR_NONE);
    ck_assert_int_eq(gn_connection_migrate(ep, c, 2, pair.now), GN_ERR_NONE);
    ck_assert_int_eq(gn_connection_key_update(ep, c, pair.now), GN_ERR_NONE);
    ck_assert_int_eq(gn_connection_info(ep, c, &info), GN_ERR_NONE);
    ck_assert_uint_eq(gn_connection_digest(ep, c), 0);
    ck_assert_uint_eq(stream, 0);
    ck_assert_uint_eq(taken, 0);
}
END_TEST

START_TEST(inputs_refuse_bytes_that_are_not_there)
{
    size_t taken = 5;

    gn_test_pair_shake(&pair);
    gn_endpoint *ep = pair.side[CLIENT].endpoint;
    const gn_connection c = pair.side[CLIENT].connection;
    const uint64_t stream = gn_test_pair_open(&pair, CLIENT, false);
    ck_assert_int_eq(gn_connection_send_stream(ep, c, stream, NULL, 1, true, pair.now, &taken),
                     GN_ERR_CONFIG);
    ck_assert_int_eq(
        gn_connection_send_stream(ep, c, stream, (const uint8_t *)"", 0, true, pair.now, NULL),
        GN_ERR_CONFIG);
    ck_assert_int_eq(gn_connection_close(ep, c, 0, NULL, 1, pair.now), GN_ERR_CONFIG);
    ck_assert_uint_eq(taken, 0);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

Suite *
gn_test_endpoint_inputs(void)
{
    Suite *suite = suite_create("endpoint/endpoint_inputs");
    TCase *limits = tcase_create("limits");

    tcase_add_test(limits, inputs_connect_refuses);
    tcase_add_test(limits, inputs_receive_refuses_a_wrong_struct_only);
    tcase_add_test(limits, inputs_refuse_a_clock_that_runs_backwards);
    tcase_add_loop_test(limits, inputs_refuse_a_connection_that_is_not_there, 0, 4);
    tcase_add_test(limits, inputs_refuse_bytes_that_are_not_there);
    suite_add_tcase(suite, limits);
    return suite;
}
