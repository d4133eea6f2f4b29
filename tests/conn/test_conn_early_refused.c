/*
 * test_conn_early_refused.c: 0-RTT that may not be, or may not be processed (RFC 9000 12.5,
 * RFC 9001 5.6, 9.2).
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/forge.h"
#include "tests/support/pair.h"
#include "tests/support/resume.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

static gn_test_pair pair;
static gn_test_datagram flight[8];
static uint32_t flights;

static gn_test_fate
keep_first_flight(gn_test_pair *p, gn_test_datagram *datagram)
{
    if (datagram->to == SERVER && p->side[CLIENT].datagrams > 0 && flights < 4 &&
        (datagram->bytes[0] & 0x80) != 0)
        flight[flights++] = *datagram;
    return GN_TEST_PASS;
}

/* [R-9001-9.2-1] */
START_TEST(early_data_that_are_replayed_are_not_processed)
{
    gn_test_resume_configure(&pair);
    gn_test_resume_first(&pair);
    flights = 0;
    pair.hook = keep_first_flight;
    const uint64_t stream = gn_test_resume_begin(&pair, 500, true);
    pair.hook = NULL;
    ck_assert_uint_gt(flights, 0);
    gn_test_pair_settle(&pair);
    ck_assert(gn_test_pair_stream(&pair, SERVER, stream)->fin);
    ck_assert_int_eq(gn_connection_close(pair.side[CLIENT].endpoint, pair.side[CLIENT].connection,
                                         0, "", 0, pair.now),
                     GN_OK);
    gn_test_pair_pull(&pair, CLIENT);
    gn_test_pair_run(&pair, pair.now + 3 * GN_SECOND);
    gn_test_resume_forget(&pair);
    /* The same bytes, from the same place: there is a connection, but nothing is read. */
    for (uint32_t i = 0; i < flights; i++)
        gn_test_pair_give(&pair, SERVER, flight[i].bytes, flight[i].len, flight[i].route, 1);
    ck_assert_uint_eq(pair.side[SERVER].accepted, 1);
    ck_assert_uint_eq(pair.side[SERVER].streams, 0);
    ck_assert(!gn_test_resume_told(&pair, SERVER, GN_ZERO_RTT_ACCEPTED));
    gn_test_pair_end(&pair);
}
END_TEST

START_TEST(early_ticket_is_good_once)
{
    uint8_t state[GN_RESUMPTION_MAX];

    gn_test_resume_configure(&pair);
    gn_test_resume_first(&pair);
    memcpy(state, pair.side[CLIENT].state, sizeof state);
    uint64_t stream = gn_test_resume_begin(&pair, 100, true);
    gn_test_pair_settle(&pair);
    ck_assert(gn_test_resume_told(&pair, CLIENT, GN_ZERO_RTT_ACCEPTED));
    gn_test_resume_forget(&pair);
    memcpy(pair.side[CLIENT].state, state, sizeof state);
    stream = gn_test_resume_begin(&pair, 100, true);
    gn_test_resume_finish(&pair, stream, 100, false);
}
END_TEST

START_TEST(early_data_need_a_wish)
{
    uint64_t stream = 0;

    gn_test_resume_configure(&pair);
    gn_test_resume_first(&pair);
    pair.early = false;
    gn_test_pair_connect(&pair);
    ck_assert(gn_test_resume_told(&pair, CLIENT, GN_ZERO_RTT_NOT_ATTEMPTED));
    ck_assert_int_eq(gn_connection_open_stream(pair.side[CLIENT].endpoint,
                                               pair.side[CLIENT].connection, false, pair.now,
                                               &stream),
                     GN_ERR_STATE);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).resumed, 1);
    ck_assert_uint_eq(gn_test_resume_count(&pair, CLIENT, GN_EVENT_ZERO_RTT), 0);
    gn_test_pair_expect_alive(&pair);
    gn_test_pair_end(&pair);
}
END_TEST

/* [R-9001-5.6-1] */
START_TEST(early_data_need_a_state_that_fits)
{
    gn_connect connect;
    gn_connection other = 0;

    gn_test_resume_configure(&pair);
    gn_test_resume_first(&pair);
    gn_connect_default(&connect);
    connect.server_name = "server.example";
    connect.route = 1;
    connect.attempt_early_data = 1;
    connect.resumption_state = pair.side[CLIENT].state;
    connect.resumption_state_len = pair.side[CLIENT].state_len;
    if (_i == 0)
        connect.server_name = "another.example";
    else if (_i == 1)
        connect.resumption_state_len = 0;
    else {
        pair.side[CLIENT].config.application_context = (const uint8_t *)"x";
        pair.side[CLIENT].config.application_context_len = 1;
        gn_test_pair_replace(&pair, CLIENT);
    }
    ck_assert_int_eq(gn_endpoint_connect(pair.side[CLIENT].endpoint, &connect, pair.now, &other),
                     GN_OK);
    gn_test_pair_pull(&pair, CLIENT);
    ck_assert(gn_test_resume_told(&pair, CLIENT, GN_ZERO_RTT_UNAVAILABLE));
    ck_assert_uint_eq(gn_test_resume_count(&pair, CLIENT, GN_EVENT_ZERO_RTT), 0);
    gn_test_pair_end(&pair);
}
END_TEST

START_TEST(early_state_that_is_damaged_is_an_error)
{
    gn_connect connect;
    gn_connection other = 77;

    gn_test_resume_configure(&pair);
    gn_test_resume_first(&pair);
    gn_connect_default(&connect);
    connect.server_name = "server.example";
    connect.resumption_state = pair.side[CLIENT].state;
    connect.resumption_state_len = pair.side[CLIENT].state_len;
    pair.side[CLIENT].state[20] ^= 1;
    ck_assert_int_eq(gn_endpoint_connect(pair.side[CLIENT].endpoint, &connect, pair.now, &other),
                     GN_ERR_FORM);
    ck_assert_uint_eq(other, 0);
    connect.resumption_state = NULL;
    ck_assert_int_eq(gn_endpoint_connect(pair.side[CLIENT].endpoint, &connect, pair.now, &other),
                     GN_ERR_CONFIG);
    ck_assert_uint_eq(gn_endpoint_connections(pair.side[CLIENT].endpoint), 0);
    gn_test_pair_end(&pair);
}
END_TEST

/* RFC 9000 12.5 */
START_TEST(early_packet_with_a_forbidden_frame_closes)
{
    static const struct {
        const char *frame;
        const char *why;
    } rows[] = {{"02 00 00 00 00", "RFC 9000 12.5"},
                {"06 00 01 00", "RFC 9000 12.5"},
                {"07 01 00", "RFC 9000 12.5"},
                {"19 00", "RFC 9000 12.5"},
                {"1b 00 00 00 00 00 00 00 00", "RFC 9000 12.5"},
                {"1e", "RFC 9000 12.5"}};
    gn_test_forge forge;

    gn_test_resume_configure(&pair);
    gn_test_resume_first(&pair);
    (void)gn_test_resume_begin(&pair, 10, false);
    gn_test_pair_run(&pair, pair.now + 12 * GN_MS);
    gn_test_forge_take(&forge, &pair, CLIENT);
    forge.kind = GN_PACKET_ZERO_RTT;
    gn_test_forge_say(&forge, rows[_i].frame);
    gn_test_pair_expect_fault(&pair, SERVER, GN_FAULT_PROTOCOL_VIOLATION, rows[_i].why);
    gn_test_pair_end(&pair);
}
END_TEST

Suite *
gn_test_conn_early_refused(void)
{
    Suite *suite = suite_create("conn/conn_early_refused");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_test(good, early_data_need_a_wish);
    tcase_add_loop_test(good, early_data_need_a_state_that_fits, 0, 3);
    tcase_add_test(hostile, early_data_that_are_replayed_are_not_processed);
    tcase_add_test(hostile, early_ticket_is_good_once);
    tcase_add_test(hostile, early_state_that_is_damaged_is_an_error);
    tcase_add_loop_test(hostile, early_packet_with_a_forbidden_frame_closes, 0, 6);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
