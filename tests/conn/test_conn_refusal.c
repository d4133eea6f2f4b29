/*
 * test_conn_refusal.c: each local error is provoked, and says whom it is about.
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

static gn_test_pair pair;
static gn_endpoint *ep;
static gn_connection c;

static void
shake(void)
{
    gn_test_pair_shake(&pair);
    ep = pair.side[CLIENT].endpoint;
    c = pair.side[CLIENT].connection;
}

/* The latest input to the client was refused like this. */
static void
assert_refused(gn_err err, gn_err status, gn_local_error_code code, uint64_t stream)
{
    gn_local_error error;

    ck_assert_int_eq(err, status);
    ck_assert(gn_endpoint_last_error(ep, &error));
    ck_assert_uint_eq(error.size, sizeof error);
    ck_assert_uint_eq(error.code, code);
    ck_assert_uint_eq(error.status, status);
    ck_assert_uint_eq(error.connection, c);
    ck_assert_uint_eq(error.stream, stream);
    ck_assert_ptr_nonnull(error.why);
}

static gn_err
send(uint64_t stream, size_t len, bool fin)
{
    size_t taken = 99;
    const gn_err err = gn_connection_send_stream(ep, c, stream, (const uint8_t *)"bytes", len, fin,
                                                 pair.now, &taken);

    ck_assert_uint_eq(taken, err == GN_OK ? len : 0);
    gn_test_pair_pull(&pair, CLIENT);
    return err;
}

START_TEST(refusal_before_the_handshake_is_unsupported)
{
    uint64_t stream = 99;

    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    ep = pair.side[CLIENT].endpoint;
    c = pair.side[CLIENT].connection;
    assert_refused(gn_connection_open_stream(ep, c, false, pair.now, &stream), GN_ERR_STATE,
                   GN_LOCAL_UNSUPPORTED_OPERATION, GN_STREAM_NONE);
    ck_assert_uint_eq(stream, 0);
    assert_refused(gn_connection_migrate(ep, c, 2, pair.now), GN_ERR_STATE,
                   GN_LOCAL_UNSUPPORTED_OPERATION, GN_STREAM_NONE);
    assert_refused(gn_connection_key_update(ep, c, pair.now), GN_ERR_STATE,
                   GN_LOCAL_UNSUPPORTED_OPERATION, GN_STREAM_NONE);
}
END_TEST

START_TEST(refusal_of_a_stream_that_never_was_is_about_its_id)
{
    static const uint64_t never[] = {0, 1, 2, 4000, UINT64_C(1) << 62, UINT64_MAX - 1};

    shake();
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
        assert_refused(send(never[i], 5, false), GN_ERR_NONE, GN_LOCAL_INVALID_STREAM_ID, never[i]);
        assert_refused(gn_connection_reset_stream(ep, c, never[i], 1, pair.now), GN_ERR_NONE,
                       GN_LOCAL_INVALID_STREAM_ID, never[i]);
        assert_refused(gn_connection_set_priority(ep, c, never[i], 1, pair.now), GN_ERR_NONE,
                       GN_LOCAL_INVALID_STREAM_ID, never[i]);
    }
    assert_refused(gn_connection_stop_stream(ep, c, 0, 1, pair.now), GN_ERR_NONE,
                   GN_LOCAL_INVALID_STREAM_ID, 0);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* RFC 9000 2.1: a unidirectional stream has one half at each end. */
START_TEST(refusal_of_the_half_that_is_not_there_is_about_its_direction)
{
    shake();
    const uint64_t ours = gn_test_pair_open(&pair, CLIENT, true);
    const uint64_t theirs = gn_test_pair_open(&pair, SERVER, true);
    (void)gn_test_pair_write(&pair, SERVER, theirs, 0, 10, false);
    gn_test_pair_settle(&pair);
    assert_refused(gn_connection_stop_stream(ep, c, ours, 1, pair.now), GN_ERR_STATE,
                   GN_LOCAL_INVALID_STREAM_DIRECTION, ours);
    assert_refused(send(theirs, 5, false), GN_ERR_STATE, GN_LOCAL_INVALID_STREAM_DIRECTION, theirs);
    assert_refused(gn_connection_reset_stream(ep, c, theirs, 1, pair.now), GN_ERR_STATE,
                   GN_LOCAL_INVALID_STREAM_DIRECTION, theirs);
    assert_refused(gn_connection_set_priority(ep, c, theirs, 1, pair.now), GN_ERR_STATE,
                   GN_LOCAL_INVALID_STREAM_DIRECTION, theirs);
    /* Of streams, too, that are over or never were. */
    assert_refused(send(4003, 5, false), GN_ERR_NONE, GN_LOCAL_INVALID_STREAM_DIRECTION, 4003);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

START_TEST(refusal_after_reset_says_that_the_send_side_is_closed)
{
    shake();
    const uint64_t stream = gn_test_pair_open(&pair, CLIENT, false);
    ck_assert_int_eq(gn_connection_reset_stream(ep, c, stream, 1, pair.now), GN_OK);
    assert_refused(send(stream, 5, false), GN_ERR_STATE, GN_LOCAL_SEND_SIDE_CLOSED, stream);
    assert_refused(gn_connection_reset_stream(ep, c, stream, 1, pair.now), GN_ERR_STATE,
                   GN_LOCAL_SEND_SIDE_CLOSED, stream);
    assert_refused(gn_connection_set_priority(ep, c, stream, 3, pair.now), GN_ERR_STATE,
                   GN_LOCAL_SEND_SIDE_CLOSED, stream);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* RFC 9000 4.5: bytes behind the end would change it; another end at the same place would not. */
START_TEST(refusal_of_bytes_behind_the_end_is_a_final_size_conflict)
{
    shake();
    const uint64_t stream = gn_test_pair_open(&pair, CLIENT, true);
    ck_assert_uint_eq(gn_test_pair_write(&pair, CLIENT, stream, 0, 3, true), 3);
    assert_refused(send(stream, 2, false), GN_ERR_STATE, GN_LOCAL_FINAL_SIZE_CONFLICT, stream);
    assert_refused(send(stream, 0, true), GN_ERR_STATE, GN_LOCAL_SEND_SIDE_CLOSED, stream);
    gn_test_pair_settle(&pair);
    /* All was acknowledged: there is no end to conflict with any more. */
    assert_refused(send(stream, 2, false), GN_ERR_NONE, GN_LOCAL_SEND_SIDE_CLOSED, stream);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

START_TEST(refusal_after_stop_or_end_says_that_the_receive_side_is_closed)
{
    shake();
    const uint64_t stopped = gn_test_pair_open(&pair, CLIENT, false);
    const uint64_t over = gn_test_pair_open(&pair, SERVER, true);
    ck_assert_int_eq(gn_connection_stop_stream(ep, c, stopped, 1, pair.now), GN_OK);
    assert_refused(gn_connection_stop_stream(ep, c, stopped, 1, pair.now), GN_ERR_STATE,
                   GN_LOCAL_RECEIVE_SIDE_CLOSED, stopped);
    (void)gn_test_pair_write(&pair, SERVER, over, 0, 10, true);
    gn_test_pair_settle(&pair);
    assert_refused(gn_connection_stop_stream(ep, c, over, 1, pair.now), GN_ERR_NONE,
                   GN_LOCAL_RECEIVE_SIDE_CLOSED, over);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* RFC 9000 4.6: what would break the peer's limit, and what would break our own. */
START_TEST(refusal_of_one_stream_too_many_tells_whose_limit_it_is)
{
    const bool unidirectional = _i == 1;
    uint64_t stream = 0;
    gn_err err;
    uint32_t opened = 0;

    gn_test_pair_init(&pair);
    pair.side[SERVER].config.initial_max_streams_bidi = 3;
    pair.side[SERVER].config.initial_max_streams_uni = 3;
    pair.side[CLIENT].config.limits.streams = _i == 2 ? 2 : 48;
    gn_test_pair_confirm(&pair);
    ep = pair.side[CLIENT].endpoint;
    c = pair.side[CLIENT].connection;
    while ((err = gn_connection_open_stream(ep, c, unidirectional, pair.now, &stream)) == GN_OK)
        opened++;
    ck_assert_uint_eq(opened, _i == 2 ? 2 : 3);
    assert_refused(err, GN_ERR_FULL, _i == 2 ? GN_LOCAL_NO_ROOM : GN_LOCAL_FLOW_CONTROL_VIOLATION,
                   GN_STREAM_NONE);
    ck_assert_uint_eq(stream, 0);
}
END_TEST

START_TEST(refusal_of_a_code_beyond_the_protocol_names_it)
{
    gn_local_error error;

    shake();
    const uint64_t stream = gn_test_pair_open(&pair, CLIENT, false);
    assert_refused(gn_connection_reset_stream(ep, c, stream, UINT64_C(1) << 62, pair.now),
                   GN_ERR_RANGE, GN_LOCAL_INVALID_ARGUMENT, stream);
    ck_assert(gn_endpoint_last_error(ep, &error));
    ck_assert_str_eq(error.field, "code");
    assert_refused(gn_connection_stop_stream(ep, c, stream, UINT64_MAX, pair.now), GN_ERR_RANGE,
                   GN_LOCAL_INVALID_ARGUMENT, stream);
    assert_refused(gn_connection_close(ep, c, UINT64_C(1) << 62, NULL, 0, pair.now), GN_ERR_RANGE,
                   GN_LOCAL_INVALID_ARGUMENT, GN_STREAM_NONE);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

START_TEST(refusal_while_ending_is_unsupported)
{
    shake();
    const uint64_t stream = gn_test_pair_open(&pair, CLIENT, false);
    ck_assert_int_eq(gn_connection_close(ep, c, 1, "bye", 3, pair.now), GN_OK);
    assert_refused(send(stream, 5, false), GN_ERR_STATE, GN_LOCAL_UNSUPPORTED_OPERATION, stream);
    assert_refused(gn_connection_close(ep, c, 1, "bye", 3, pair.now), GN_ERR_STATE,
                   GN_LOCAL_UNSUPPORTED_OPERATION, GN_STREAM_NONE);
}
END_TEST

/* RFC 9221 3: a peer that takes no datagrams, and one that takes small ones. */
START_TEST(refusal_of_a_datagram_says_whether_any_would_do)
{
    static const uint8_t bytes[1400];
    gn_send_datagram datagram;

    gn_test_pair_init(&pair);
    pair.side[SERVER].config.max_datagram_frame_size = _i == 0 ? 0 : 100;
    gn_test_pair_confirm(&pair);
    ep = pair.side[CLIENT].endpoint;
    c = pair.side[CLIENT].connection;
    gn_send_datagram_default(&datagram);
    datagram.bytes = bytes;
    datagram.len = _i == 0 ? 1 : 101;
    if (_i == 0)
        assert_refused(gn_connection_send_datagram(ep, c, &datagram, pair.now), GN_ERR_UNSUPPORTED,
                       GN_LOCAL_DATAGRAM_NOT_SUPPORTED, GN_STREAM_NONE);
    else
        assert_refused(gn_connection_send_datagram(ep, c, &datagram, pair.now), GN_ERR_RANGE,
                       GN_LOCAL_DATAGRAM_TOO_LARGE, GN_STREAM_NONE);
    datagram.size--;
    ck_assert_int_eq(gn_connection_send_datagram(ep, c, &datagram, pair.now), GN_ERR_CONFIG);
}
END_TEST

Suite *
gn_test_conn_refusal(void)
{
    Suite *suite = suite_create("conn/conn_refusal");
    TCase *table = tcase_create("table");

    tcase_add_test(table, refusal_before_the_handshake_is_unsupported);
    tcase_add_test(table, refusal_of_a_stream_that_never_was_is_about_its_id);
    tcase_add_test(table, refusal_of_the_half_that_is_not_there_is_about_its_direction);
    tcase_add_test(table, refusal_after_reset_says_that_the_send_side_is_closed);
    tcase_add_test(table, refusal_of_bytes_behind_the_end_is_a_final_size_conflict);
    tcase_add_test(table, refusal_after_stop_or_end_says_that_the_receive_side_is_closed);
    tcase_add_loop_test(table, refusal_of_one_stream_too_many_tells_whose_limit_it_is, 0, 3);
    tcase_add_test(table, refusal_of_a_code_beyond_the_protocol_names_it);
    tcase_add_loop_test(table, refusal_of_a_datagram_says_whether_any_would_do, 0, 2);
    tcase_add_test(table, refusal_while_ending_is_unsupported);
    suite_add_tcase(suite, table);
    return suite;
}
