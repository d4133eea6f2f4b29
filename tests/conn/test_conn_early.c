/*
 * test_conn_early.c: resumption and 0-RTT between two endpoints (RFC 9000 7.4.1, RFC 9001 4.6).
 */
#include <check.h>
#include <string.h>

#include "base/reader.h"
#include "suites.h"
#include "tests/support/pair.h"
#include "tests/support/resume.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

static gn_test_pair pair;
static uint64_t victim;

/* Data and credit in the client's 0-RTT packets; their acknowledgement under 1-RTT keys. */
static void
expect_frames(void)
{
    gn_frame frame;
    gn_fault fault;
    uint32_t at = 0;

    for (uint32_t i = 0; i < pair.side[CLIENT].sents; i++) {
        const gn_test_pair_packet *sent = &pair.side[CLIENT].sent[i];
        gn_reader r = gn_reader_over(sent->payload, sent->payload_len);
        while (sent->kind == GN_EVENT_ZERO_RTT && gn_reader_left(&r) > 0) {
            ck_assert_int_eq(gn_frame_read(&r, &frame, &fault), GN_OK);
            ck_assert_uint_ne(frame.type, GN_FRAME_ACK);
            ck_assert_uint_ne(frame.type, GN_FRAME_CRYPTO);
        }
    }
    while (gn_test_pair_sent(&pair, SERVER, GN_FRAME_ACK, &at, &frame) ||
           gn_test_pair_sent(&pair, SERVER, GN_FRAME_ACK_ECN, &at, &frame)) {
        if (pair.side[SERVER].sent[at].kind == GN_EVENT_ONE_RTT)
            return;
        at++;
    }
    ck_abort_msg("0-RTT packets are not acknowledged");
}

/* [R-9000-13.2.6-3] [R-9000-17.2.3-2] [R-9001-5.6-2] [R-9001-5.6-4] [R-9001-8.3-1] */
START_TEST(early_data_that_are_accepted_arrive_with_the_first_flight)
{
    gn_test_resume_configure(&pair);
    gn_test_resume_first(&pair);
    const gn_time start = pair.now;
    const uint64_t stream = gn_test_resume_begin(&pair, 3000, true);
    gn_test_pair_run(&pair, start + 10 * GN_MS);
    /* Half a round trip later the server has all of it, and its answer need not wait. */
    ck_assert(gn_test_pair_stream(&pair, SERVER, stream)->fin);
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).ready, 0);
    ck_assert_uint_eq(gn_test_pair_write(&pair, SERVER, stream, 0, 500, true), 500);
    ck_assert_uint_eq(gn_test_resume_count(&pair, SERVER, GN_EVENT_ZERO_RTT), 0);
    gn_test_pair_run(&pair, start + 20 * GN_MS);
    ck_assert(gn_test_pair_stream(&pair, CLIENT, stream)->fin);
    expect_frames();
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).resumed, 1);
    const uint32_t early = gn_test_resume_count(&pair, CLIENT, GN_EVENT_ZERO_RTT);
    gn_test_resume_finish(&pair, stream, 3000, true);
    ck_assert_uint_eq(gn_test_resume_count(&pair, CLIENT, GN_EVENT_ZERO_RTT), early);
    ck_assert_uint_eq(pair.side[CLIENT].resumptions, 1); /* for next time */
}
END_TEST

/* [R-9001-4.9.3-1] */
START_TEST(early_keys_go_on_time)
{
    gn_test_resume_configure(&pair);
    gn_test_resume_first(&pair);
    const uint64_t stream = gn_test_resume_begin(&pair, 100, true);
    gn_test_pair_run(&pair, pair.now + 25 * GN_MS);
    ck_assert((pair.side[CLIENT].discarded >> GN_EVENT_ZERO_RTT & 1) != 0);
    ck_assert((pair.side[SERVER].discarded >> GN_EVENT_ZERO_RTT & 1) == 0);
    gn_test_pair_run(&pair, pair.now + 2 * GN_SECOND);
    ck_assert((pair.side[SERVER].discarded >> GN_EVENT_ZERO_RTT & 1) != 0);
    gn_test_resume_finish(&pair, stream, 100, true);
}
END_TEST

/* Everything that a server refuses 0-RTT for; the session is resumed but for its key. */
enum { LIMIT, STREAMS, STRICT, CONTEXT, PROTOCOL, NOT_ALLOWED, KEY, NONE_ISSUED, REASONS };

static void
change(int what)
{
    gn_config *server = &pair.side[SERVER].config;

    switch (what) {
    case LIMIT: server->initial_max_stream_data_bidi_remote /= 2; break;
    case STREAMS: server->initial_max_streams_bidi = 2; break;
    case STRICT:
        server->strict_early_data = 1;
        server->initial_max_data *= 2;
        break;
    case CONTEXT:
        server->application_context = (const uint8_t *)"other settings";
        server->application_context_len = 14;
        break;
    case PROTOCOL: server->alpn = "hr"; break;
    case NOT_ALLOWED: server->allow_early_data = 0; break;
    case KEY: server->ticket_key[7]++; break;
    default:
        server->session_tickets = 0;
        server->allow_early_data = 0;
        break;
    }
}

/* [R-9000-7.4.1-6] [R-9000-17.2.3-1] [R-9001-4.6.2-1] [R-9001-4.6.2-2] */
START_TEST(early_data_that_are_rejected_are_sent_again)
{
    gn_test_resume_configure(&pair);
    pair.side[CLIENT].config.alpn = "hq,hr";
    gn_test_resume_first(&pair);
    change(_i);
    gn_test_resume_replace(&pair);
    const uint64_t stream = gn_test_resume_begin(&pair, 3000, true);
    gn_test_pair_run(&pair, pair.now + 10 * GN_MS);
    ck_assert_uint_eq(gn_test_pair_stream(&pair, SERVER, stream)->bytes, 0);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).resumed, _i != KEY && _i != NONE_ISSUED);
    /* That says nothing of congestion. */
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).packets_lost, 0);
    gn_test_resume_finish(&pair, stream, 3000, false);
}
END_TEST

/* [R-9000-7.4.1-4] [R-9000-7.4.1-7] */
START_TEST(early_data_go_by_the_limits_of_the_ticket)
{
    uint64_t stream = 0;

    gn_test_resume_configure(&pair);
    pair.side[SERVER].config.initial_max_data = 2000;
    pair.side[SERVER].config.initial_max_streams_bidi = 1;
    gn_test_resume_first(&pair);
    pair.side[SERVER].config.initial_max_data = 9000;
    pair.side[SERVER].config.initial_max_streams_bidi = 2;
    gn_test_resume_replace(&pair);
    const uint64_t whole = gn_test_resume_begin(&pair, 5000, true);
    ck_assert_int_eq(gn_connection_open_stream(pair.side[CLIENT].endpoint,
                                               pair.side[CLIENT].connection, false, pair.now,
                                               &stream),
                     GN_ERR_FULL);
    gn_test_pair_run(&pair, pair.now + 12 * GN_MS);
    ck_assert_uint_eq(gn_test_pair_stream(&pair, SERVER, whole)->bytes, 2000);
    gn_test_resume_finish(&pair, whole, 5000, true);
}
END_TEST

/* A first limit of none, and a first limit that is lower than what was sent under the old one. */
START_TEST(early_data_that_are_rejected_go_by_the_new_limits)
{
    gn_test_resume_configure(&pair);
    gn_test_resume_first(&pair);
    pair.side[SERVER].config.initial_max_data = 700;
    pair.side[SERVER].config.initial_max_stream_data_bidi_remote = 400;
    gn_test_resume_replace(&pair);
    const uint64_t stream = gn_test_resume_begin(&pair, 3000, true);
    gn_test_resume_finish(&pair, stream, 3000, false);
}
END_TEST

START_TEST(early_stream_that_was_reset_and_rejected_is_reset_again)
{
    gn_test_resume_configure(&pair);
    gn_test_resume_first(&pair);
    change(KEY);
    gn_test_resume_replace(&pair);
    const uint64_t stream = gn_test_resume_begin(&pair, 3000, false);
    const uint64_t other = gn_test_pair_open(&pair, CLIENT, false);
    (void)gn_test_pair_write(&pair, CLIENT, other, 0, 100, true);
    ck_assert_int_eq(gn_connection_reset_stream(pair.side[CLIENT].endpoint,
                                                pair.side[CLIENT].connection, stream, 9, pair.now),
                     GN_OK);
    gn_test_pair_pull(&pair, CLIENT);
    gn_test_pair_settle(&pair);
    ck_assert(gn_test_pair_stream(&pair, SERVER, stream)->reset);
    ck_assert_uint_eq(gn_test_pair_stream(&pair, SERVER, stream)->reset_size, 0);
    gn_test_resume_finish(&pair, other, 100, false);
}
END_TEST

/* More streams than the server takes now: there is no honest way to go on. */
START_TEST(early_streams_beyond_what_is_allowed_after_a_rejection_end_it)
{
    gn_test_resume_configure(&pair);
    gn_test_resume_first(&pair);
    change(KEY);
    pair.side[SERVER].config.initial_max_streams_bidi = 1;
    gn_test_resume_replace(&pair);
    (void)gn_test_resume_begin(&pair, 10, true);
    (void)gn_test_pair_open(&pair, CLIENT, false);
    gn_test_pair_run(&pair, pair.now + 100 * GN_MS);
    gn_test_pair_expect_closed(&pair, CLIENT, GN_CLOSE_LOCAL_TRANSPORT, 1, "RFC 9001 4.6.2");
    gn_test_pair_end(&pair);
}
END_TEST

/* RFC 9000 17.2.5.3 */
START_TEST(early_data_go_on_after_a_retry)
{
    gn_test_resume_configure(&pair);
    gn_test_resume_first(&pair);
    pair.side[SERVER].config.retry_above = 0;
    gn_test_resume_replace(&pair);
    const uint64_t stream = gn_test_resume_begin(&pair, 2000, true);
    gn_test_pair_settle(&pair);
    /* Numbers went on: nothing was sent under one that was used before. */
    uint64_t last = 0;
    for (uint32_t i = 0; i < pair.side[CLIENT].sents; i++)
        if (pair.side[CLIENT].sent[i].kind == GN_EVENT_ZERO_RTT) {
            ck_assert(i == 0 || last == 0 || pair.side[CLIENT].sent[i].pn > last);
            last = pair.side[CLIENT].sent[i].pn;
        }
    gn_test_resume_finish(&pair, stream, 2000, true);
}
END_TEST

static gn_test_fate
lose_one(gn_test_pair *p, gn_test_datagram *datagram)
{
    (void)p;
    return datagram->nth == victim ? GN_TEST_DROP : GN_TEST_PASS;
}

START_TEST(early_data_survive_the_loss_of_any_datagram)
{
    gn_test_resume_configure(&pair);
    gn_test_resume_first(&pair);
    if (_i >= 8) {
        change(KEY);
        gn_test_resume_replace(&pair);
    }
    /* Of either side, whichever comes first. */
    victim = pair.side[CLIENT].datagrams + (uint64_t)(_i % 8);
    pair.hook = lose_one;
    const uint64_t stream = gn_test_resume_begin(&pair, 6000, true);
    gn_test_resume_finish(&pair, stream, 6000, _i < 8);
}
END_TEST

Suite *
gn_test_conn_early(void)
{
    Suite *suite = suite_create("conn/conn_early");
    TCase *good = tcase_create("good");

    tcase_add_test(good, early_data_that_are_accepted_arrive_with_the_first_flight);
    tcase_add_test(good, early_keys_go_on_time);
    tcase_add_loop_test(good, early_data_that_are_rejected_are_sent_again, 0, REASONS);
    tcase_add_test(good, early_data_go_by_the_limits_of_the_ticket);
    tcase_add_test(good, early_data_that_are_rejected_go_by_the_new_limits);
    tcase_add_test(good, early_stream_that_was_reset_and_rejected_is_reset_again);
    tcase_add_test(good, early_streams_beyond_what_is_allowed_after_a_rejection_end_it);
    tcase_add_test(good, early_data_go_on_after_a_retry);
    tcase_add_loop_test(good, early_data_survive_the_loss_of_any_datagram, 0, 16);
    suite_add_tcase(suite, good);
    return suite;
}
