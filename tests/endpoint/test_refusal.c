/*
 * test_refusal.c: what an endpoint says of an input that it refused, and for how long.
 */
#include "endpoint/refusal.h"

#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

static gn_test_pair pair;

static void
assert_argument(const gn_endpoint *ep, const char *field)
{
    gn_local_error error;

    ck_assert(gn_endpoint_last_error(ep, &error));
    ck_assert_uint_eq(error.code, GN_LOCAL_INVALID_ARGUMENT);
    ck_assert_ptr_nonnull(error.field);
    ck_assert_str_eq(error.field, field);
}

/* RFC 9000 7.2: what may be wrong with a gn_connect, one field at a time. */
static const struct {
    const char *field;
    gn_connect change;
} wrong[] = {
    {"gn_connect.size", {.size = 1}},
    {"gn_connect.token", {.token_len = 1}},
    {"gn_connect.token", {.token = (const uint8_t *)"", .token_len = GN_TOKEN_MAX + 1}},
    {"gn_connect.server_name", {.route = 1}},
    {"gn_connect.source_cid", {.source_cid = (const uint8_t *)"1234567", .source_cid_len = 7}},
    {"gn_connect.source_cid", {.source_cid_len = 8}},
    {"gn_connect.initial_dcid",
     {.initial_dcid = (const uint8_t *)"1234567", .initial_dcid_len = 7}},
    {"gn_connect.initial_dcid",
     {.initial_dcid = (const uint8_t *)"123456789012345678901", .initial_dcid_len = 21}},
    {"gn_connect.original_dcid",
     {.original_dcid = (const uint8_t *)"1234567", .original_dcid_len = 7}},
    {"gn_connect.original_dcid",
     {.original_dcid = (const uint8_t *)"12345678", .original_dcid_len = 8}},
};

START_TEST(refusal_names_the_field_of_a_struct)
{
    gn_connect connect = wrong[_i].change;
    gn_connection out = 99;

    gn_test_pair_shake(&pair);
    gn_endpoint *ep = pair.side[CLIENT].endpoint;
    if (connect.size == 0)
        connect.size = sizeof connect;
    if (connect.route == 0)
        connect.server_name = "server.example";
    ck_assert_int_eq(gn_endpoint_connect(ep, &connect, pair.now, &out), GN_ERR_CONFIG);
    assert_argument(ep, wrong[_i].field);
    ck_assert_uint_eq(out, 0);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

START_TEST(refusal_of_a_datagram_names_its_field)
{
    gn_datagram datagram = {.size = sizeof datagram, .len = 1};

    gn_test_pair_shake(&pair);
    gn_endpoint *ep = pair.side[SERVER].endpoint;
    ck_assert_int_eq(gn_endpoint_receive(ep, &datagram, pair.now), GN_ERR_CONFIG);
    assert_argument(ep, "gn_datagram.bytes");
    datagram.ecn = 4;
    datagram.len = 0;
    ck_assert_int_eq(gn_endpoint_receive(ep, &datagram, pair.now), GN_ERR_CONFIG);
    assert_argument(ep, "gn_datagram.ecn");
    datagram.size = 0;
    ck_assert_int_eq(gn_endpoint_receive(ep, &datagram, pair.now), GN_ERR_CONFIG);
    assert_argument(ep, "gn_datagram.size");
    ck_assert_int_eq(gn_endpoint_receive(ep, NULL, pair.now), GN_ERR_CONFIG);
    assert_argument(ep, "datagram");
    ck_assert_int_eq(gn_endpoint_timeout(ep, pair.now - 1), GN_ERR_RANGE);
    assert_argument(ep, "now");
}
END_TEST

/* A connection that is not there is named all the same, and so is its stream. */
START_TEST(refusal_names_a_connection_that_is_not_there)
{
    gn_local_error error;
    size_t taken = 9;

    gn_test_pair_shake(&pair);
    gn_endpoint *ep = pair.side[CLIENT].endpoint;
    ck_assert_int_eq(gn_connection_send_stream(ep, 77, 4, NULL, 0, true, pair.now, &taken),
                     GN_ERR_NONE);
    ck_assert(gn_endpoint_last_error(ep, &error));
    ck_assert_uint_eq(error.code, GN_LOCAL_UNSUPPORTED_OPERATION);
    ck_assert_uint_eq(error.connection, 77);
    ck_assert_uint_eq(error.stream, 4);
    ck_assert_uint_eq(taken, 0);
    ck_assert_int_eq(gn_connection_key_update(ep, 78, pair.now), GN_ERR_NONE);
    ck_assert(gn_endpoint_last_error(ep, &error));
    ck_assert_uint_eq(error.connection, 78);
    ck_assert_uint_eq(error.stream, GN_STREAM_NONE);
}
END_TEST

START_TEST(refusal_of_the_wrong_role_and_of_no_room)
{
    gn_connect connect;
    gn_connection out = 9;
    gn_local_error error;
    gn_err err = GN_OK;

    gn_test_pair_shake(&pair);
    gn_connect_default(&connect);
    connect.server_name = "server.example";
    ck_assert_int_eq(gn_endpoint_connect(pair.side[SERVER].endpoint, &connect, pair.now, &out),
                     GN_ERR_STATE);
    ck_assert(gn_endpoint_last_error(pair.side[SERVER].endpoint, &error));
    ck_assert_uint_eq(error.code, GN_LOCAL_UNSUPPORTED_OPERATION);
    gn_endpoint *ep = pair.side[CLIENT].endpoint;
    while (err == GN_OK)
        err = gn_endpoint_connect(ep, &connect, pair.now, &out);
    ck_assert_int_eq(err, GN_ERR_FULL);
    ck_assert(gn_endpoint_last_error(ep, &error));
    ck_assert_uint_eq(error.code, GN_LOCAL_NO_ROOM);
    ck_assert_uint_eq(out, 0);
}
END_TEST

START_TEST(refusal_is_forgotten_at_the_next_input_that_is_taken)
{
    gn_local_error error;

    gn_test_pair_shake(&pair);
    gn_endpoint *ep = pair.side[CLIENT].endpoint;
    ck_assert(!gn_endpoint_last_error(ep, &error));
    ck_assert_uint_eq(error.code, GN_LOCAL_NONE);
    ck_assert_int_eq(gn_connection_key_update(ep, 78, pair.now), GN_ERR_NONE);
    gn_test_pair_pull(&pair, CLIENT);
    ck_assert(gn_endpoint_last_error(ep, &error));
    ck_assert_int_eq(gn_endpoint_timeout(ep, pair.now), GN_OK);
    ck_assert(!gn_endpoint_last_error(ep, &error));
    ck_assert_uint_eq(error.code, GN_LOCAL_NONE);
    ck_assert_uint_eq(error.stream, GN_STREAM_NONE);
    ck_assert_ptr_null(error.why);
}
END_TEST

/* Nowhere is a pointer followed that is not there. */
START_TEST(refusal_of_null_everywhere)
{
    gn_connect connect;
    gn_datagram datagram = {.size = sizeof datagram};
    gn_connection connection = 9;
    uint64_t stream = 9;
    size_t taken = 9;
    gn_effect effect;
    gn_info info;
    gn_local_error error;

    gn_connect_default(&connect);
    ck_assert_int_eq(gn_endpoint_connect(NULL, &connect, 0, &connection), GN_ERR_CONFIG);
    ck_assert_int_eq(gn_endpoint_receive(NULL, &datagram, 0), GN_ERR_CONFIG);
    ck_assert_int_eq(gn_endpoint_timeout(NULL, 0), GN_ERR_CONFIG);
    ck_assert_int_eq(gn_connection_open_stream(NULL, 1, false, 0, &stream), GN_ERR_CONFIG);
    ck_assert_int_eq(gn_connection_send_stream(NULL, 1, 0, NULL, 0, true, 0, &taken),
                     GN_ERR_CONFIG);
    ck_assert_int_eq(gn_connection_set_priority(NULL, 1, 0, 0, 0), GN_ERR_CONFIG);
    ck_assert_int_eq(gn_connection_reset_stream(NULL, 1, 0, 0, 0), GN_ERR_CONFIG);
    ck_assert_int_eq(gn_connection_stop_stream(NULL, 1, 0, 0, 0), GN_ERR_CONFIG);
    ck_assert_int_eq(gn_connection_close(NULL, 1, 0, NULL, 0, 0), GN_ERR_CONFIG);
    ck_assert_int_eq(gn_connection_migrate(NULL, 1, 0, 0), GN_ERR_CONFIG);
    ck_assert_int_eq(gn_connection_key_update(NULL, 1, 0), GN_ERR_CONFIG);
    ck_assert_uint_eq(connection + stream + taken, 0);
    ck_assert(!gn_endpoint_next_effect(NULL, &effect));
    ck_assert_int_eq(gn_connection_info(NULL, 1, &info), GN_ERR_CONFIG);
    ck_assert(!gn_endpoint_last_error(NULL, &error));
    ck_assert_uint_eq(gn_endpoint_deadline(NULL), GN_NEVER);
    ck_assert_uint_eq(gn_endpoint_connections(NULL), 0);
    ck_assert_uint_eq(gn_connection_digest(NULL, 1), 0);
    ck_assert(!gn_endpoint_has_effects(NULL) && !gn_endpoint_has_stream_data(NULL));
    ck_assert_uint_eq(gn_endpoint_size(NULL), 0);
    gn_endpoint_wipe(NULL);
    gn_config_fill(NULL, 0, GN_ROLE_CLIENT);
    gn_connect_fill(NULL, 0);
    gn_limits_fill(NULL, 0, 1);

    gn_test_pair_shake(&pair);
    gn_endpoint *ep = pair.side[CLIENT].endpoint;
    const gn_connection c = pair.side[CLIENT].connection;
    ck_assert_int_eq(gn_endpoint_connect(ep, NULL, pair.now, &connection), GN_ERR_CONFIG);
    assert_argument(ep, "connect");
    ck_assert_int_eq(gn_endpoint_connect(ep, &connect, pair.now, NULL), GN_ERR_CONFIG);
    assert_argument(ep, "out");
    ck_assert_int_eq(gn_connection_open_stream(ep, c, false, pair.now, NULL), GN_ERR_CONFIG);
    assert_argument(ep, "stream");
    ck_assert_int_eq(gn_connection_send_stream(ep, c, 0, NULL, 0, true, pair.now, NULL),
                     GN_ERR_CONFIG);
    assert_argument(ep, "taken");
    ck_assert_int_eq(gn_connection_send_stream(ep, c, 0, NULL, 1, true, pair.now, &taken),
                     GN_ERR_CONFIG);
    assert_argument(ep, "bytes");
    ck_assert_int_eq(gn_connection_close(ep, c, 0, NULL, 1, pair.now), GN_ERR_CONFIG);
    assert_argument(ep, "reason");
    ck_assert(!gn_endpoint_next_effect(ep, NULL));
    ck_assert_int_eq(gn_connection_read_info(ep, c, NULL, sizeof info), GN_ERR_CONFIG);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* The two that follow from a status alone. */
START_TEST(refusal_codes_of_statuses)
{
    static const struct {
        gn_err err;
        gn_local_error_code code;
    } rows[] = {{GN_ERR_FULL, GN_LOCAL_NO_ROOM},
                {GN_ERR_TLS, GN_LOCAL_TLS},
                {GN_ERR_RANGE, GN_LOCAL_INVALID_ARGUMENT},
                {GN_ERR_CONFIG, GN_LOCAL_INVALID_ARGUMENT},
                {GN_ERR_STATE, GN_LOCAL_UNSUPPORTED_OPERATION},
                {GN_ERR_NONE, GN_LOCAL_UNSUPPORTED_OPERATION},
                {GN_ERR_UNSUPPORTED, GN_LOCAL_UNSUPPORTED_OPERATION}};
    gn_local_error error;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ck_assert_int_eq(gn_refusal_set(&error, rows[i].err, 5, "because"), rows[i].err);
        ck_assert_uint_eq(error.code, rows[i].code);
        ck_assert_uint_eq(error.status, rows[i].err);
        ck_assert_uint_eq(error.connection, 5);
        ck_assert_uint_eq(error.stream, GN_STREAM_NONE);
        ck_assert_str_eq(error.why, "because");
    }
    ck_assert_int_eq(gn_refusal_argument(NULL, GN_ERR_CONFIG, "x"), GN_ERR_CONFIG);
}
END_TEST

Suite *
gn_test_refusal(void)
{
    Suite *suite = suite_create("endpoint/refusal");
    TCase *table = tcase_create("table");

    tcase_add_loop_test(table, refusal_names_the_field_of_a_struct, 0,
                        (int)(sizeof wrong / sizeof wrong[0]));
    tcase_add_test(table, refusal_of_a_datagram_names_its_field);
    tcase_add_test(table, refusal_names_a_connection_that_is_not_there);
    tcase_add_test(table, refusal_of_the_wrong_role_and_of_no_room);
    tcase_add_test(table, refusal_is_forgotten_at_the_next_input_that_is_taken);
    tcase_add_test(table, refusal_of_null_everywhere);
    tcase_add_test(table, refusal_codes_of_statuses);
    suite_add_tcase(suite, table);
    return suite;
}
