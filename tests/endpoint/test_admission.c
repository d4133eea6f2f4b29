/*
 * test_admission.c: who may begin a connection, and with which token (RFC 9000 8.1).
 */
#include <check.h>
#include <string.h>

#include "crypto/token.h"
#include "endpoint/endpoint.h"
#include "suites.h"
#include "tests/support/forge.h"
#include "tests/support/pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

static gn_test_pair pair;
static int chosen;

/* A pair whose server wants a token of everybody. */
static void
init_strict(void)
{
    gn_test_pair_init(&pair);
    pair.side[SERVER].config.retry_above = 0;
}

/* The client's second Initial, with the token of a Retry, has left and not arrived. */
static gn_test_datagram *
until_second_initial(void)
{
    gn_test_pair_start(&pair);
    while (pair.side[CLIENT].datagrams < 2)
        ck_assert(gn_test_pair_step(&pair, GN_SECOND));
    ck_assert_uint_eq(pair.flying, 1);
    ck_assert_uint_eq(pair.side[SERVER].datagrams, 1); /* the Retry */
    return &pair.flight[0];
}

static size_t
initials_with_a_token(void)
{
    size_t count = 0;

    for (uint32_t i = 0; i < pair.side[CLIENT].sents; i++)
        count += pair.side[CLIENT].sent[i].kind == GN_EVENT_INITIAL;
    return count;
}

/* [R-9000-8.1.2-1] [R-9000-17.2.5.1-1] [R-9000-17.2.5.1-3] [R-9000-17.2.5.1-4]
 * [R-9000-17.2.5.2-5] [R-9000-17.2.5.3-1] [R-9000-17.2.5.3-2] */
START_TEST(admission_with_a_retry_completes_the_handshake)
{
    init_strict();
    gn_test_pair_confirm(&pair);
    ck_assert_uint_eq(pair.side[SERVER].accepted, 1);
    /* The first Initial was answered by the Retry alone. */
    ck_assert_uint_ge(initials_with_a_token(), 2);
    const gn_test_pair_packet *sent = pair.side[CLIENT].sent;
    ck_assert(!gn_cid_equal(&sent[0].dcid, &sent[1].dcid));
    ck_assert(gn_cid_equal(&sent[0].scid, &sent[1].scid));
    ck_assert_uint_gt(sent[1].pn, sent[0].pn);
    gn_frame before, after;
    uint32_t at = 0;
    ck_assert(gn_test_pair_sent(&pair, CLIENT, GN_FRAME_CRYPTO, &at, &before));
    at = 1;
    ck_assert(gn_test_pair_sent(&pair, CLIENT, GN_FRAME_CRYPTO, &at, &after));
    ck_assert_uint_eq(before.as.crypto.off, after.as.crypto.off);
    ck_assert_mem_eq(before.as.crypto.data.ptr, after.as.crypto.data.ptr, 100);
    gn_test_pair_expect_alive(&pair);
    gn_test_pair_end(&pair);
}
END_TEST

static gn_test_fate
drop_chosen(gn_test_pair *p, gn_test_datagram *datagram)
{
    const uint64_t nth = datagram->to == SERVER ? datagram->nth * 2 : datagram->nth * 2 + 1;

    (void)p;
    return nth == (uint64_t)chosen ? GN_TEST_DROP : GN_TEST_PASS;
}

/* [R-9000-8.1.3-6] */
START_TEST(admission_with_a_retry_survives_the_loss_of_any_datagram)
{
    init_strict();
    chosen = _i;
    pair.hook = drop_chosen;
    gn_test_pair_confirm(&pair);
    ck_assert_uint_eq(pair.side[SERVER].accepted, 1);
    gn_test_pair_end(&pair);
}
END_TEST

/* RFC 9000 8.1.2: what came back with the token may be answered without limit, nothing else. */
START_TEST(admission_by_token_proves_the_address)
{
    gn_test_pair_init(&pair);
    if (_i == 1)
        pair.side[SERVER].config.retry_above = 0;
    gn_test_pair_start(&pair);
    while (pair.side[SERVER].accepted == 0)
        ck_assert(gn_test_pair_step(&pair, GN_SECOND));
    const gn_path *path = &gn_endpoint_seat(pair.side[SERVER].endpoint, 0)->conn.paths.at[0];
    ck_assert_int_eq(path->proved, _i == 1);
    ck_assert_int_eq(gn_path_budget(path) == UINT64_MAX, _i == 1);
    gn_test_pair_end(&pair);
}
END_TEST

/* [R-9000-8.1.3-1] [R-9000-8.1.3-2] [R-9000-8.1.3-7] */
START_TEST(admission_with_a_token_for_next_time_needs_no_retry)
{
    gn_test_pair_init(&pair);
    for (int i = 0; i < 2; i++)
        gn_limits_default(&pair.side[i].config.limits, 4);
    pair.side[SERVER].config.retry_above = 0;
    gn_test_pair_confirm(&pair);
    ck_assert_uint_eq(pair.side[CLIENT].tokens, 1);
    const uint64_t before = pair.side[CLIENT].datagrams;
    const gn_time began = pair.now;
    gn_test_pair_connect(&pair);
    while (pair.side[SERVER].accepted < 2)
        ck_assert(gn_test_pair_step(&pair, began + GN_SECOND));
    ck_assert_uint_eq(pair.side[CLIENT].datagrams, before + 1);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).confirmed, 1);
    gn_test_pair_end(&pair);
}
END_TEST

/* [R-9000-8.1.3-4] [R-9000-8.1.4-5] */
START_TEST(admission_takes_each_token_once)
{
    uint8_t token[GN_TOKEN_MAX];

    gn_test_pair_init(&pair);
    for (int i = 0; i < 2; i++)
        gn_limits_default(&pair.side[i].config.limits, 4);
    pair.side[SERVER].config.retry_above = 0;
    gn_test_pair_confirm(&pair);
    const size_t len = pair.side[CLIENT].token_len;
    memcpy(token, pair.side[CLIENT].token, len);
    gn_test_pair_connect(&pair);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(pair.side[CLIENT].tokens, 2);
    ck_assert_mem_ne(pair.side[CLIENT].token, token, len);
    memcpy(pair.side[CLIENT].token, token, len);
    const uint64_t before = pair.side[CLIENT].datagrams;
    gn_test_pair_connect(&pair);
    while (pair.side[SERVER].accepted < 3)
        ck_assert(gn_test_pair_step(&pair, pair.now + GN_SECOND));
    ck_assert_uint_ge(pair.side[CLIENT].datagrams, before + 2); /* by way of a Retry */
    gn_test_pair_end(&pair);
}
END_TEST

/* RFC 9000 8.1.3: what is expired, foreign or of another address is no token. [R-9000-8.1.4-4] */
START_TEST(admission_takes_a_bad_token_for_none)
{
    gn_test_pair_init(&pair);
    for (int i = 0; i < 2; i++)
        gn_limits_default(&pair.side[i].config.limits, 4);
    pair.side[SERVER].config.new_token_life_us = 100 * GN_SECOND;
    gn_test_pair_confirm(&pair);
    switch (_i) {
    case 0: pair.side[CLIENT].token[30] ^= 1; break;
    case 1: pair.side[CLIENT].token_len--; break;
    case 2: pair.host[1] = 99; break;
    default: gn_test_pair_run(&pair, pair.now + 101 * GN_SECOND); break;
    }
    gn_test_pair_connect(&pair);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(pair.side[SERVER].accepted, 2);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).confirmed, 1);
    gn_test_pair_end(&pair);
}
END_TEST

/* RFC 9000 8.1.3: a second Retry would not be taken, so there is only refusing. */
START_TEST(admission_refuses_a_bad_token_of_a_retry)
{
    static const char *const whys[] = {
        "RFC 9000 8.1.3: the token of the Retry has expired",
        "RFC 9000 8.1.3: the token of the Retry comes from elsewhere"};
    gn_frame close;
    uint32_t at = 0;

    init_strict();
    if (_i == 0)
        pair.side[SERVER].config.retry_token_life_us = GN_MS;
    const gn_test_datagram second = *until_second_initial();
    gn_test_pair_run(&pair, pair.now + 5 * GN_MS);
    pair.flying = 0;
    gn_test_pair_give(&pair, SERVER, second.bytes, second.len, second.route + (_i == 1 ? 1 : 0), 1);
    ck_assert_uint_eq(pair.side[SERVER].accepted, 0);
    ck_assert(gn_test_pair_sent(&pair, SERVER, GN_FRAME_CLOSE, &at, &close));
    ck_assert_uint_eq(close.as.close.error_code, GN_FAULT_INVALID_TOKEN);
    ck_assert_mem_eq(close.as.close.reason.ptr, whys[_i], strlen(whys[_i]));
    /* The application never hears of it, and nothing is left. */
    pair.side[CLIENT].mute = true;
    gn_test_pair_run(&pair, pair.now + 10 * GN_SECOND);
    ck_assert_uint_eq(pair.side[SERVER].closed.times, 0);
    ck_assert_uint_eq(pair.side[SERVER].closed.forgotten, 0);
    ck_assert_uint_eq(gn_endpoint_connections(pair.side[SERVER].endpoint), 0);
    gn_test_pair_end(&pair);
}
END_TEST

/* The three policies for another ClientHello after the Retry. */
START_TEST(admission_looks_at_the_hello_when_it_is_told_to)
{
    static gn_test_pair other;

    /* Two clients, two seeds: one sends its ClientHello under the token of the other. */
    init_strict();
    pair.side[SERVER].config.retry_hello = (uint8_t)_i;
    (void)until_second_initial();
    gn_test_pair_init(&other);
    other.side[CLIENT].config.seed[0] ^= 1;
    gn_test_pair_start(&other);
    /* The forger speaks for the client, with a ClientHello of its own. */
    gn_test_forge forge;
    gn_test_forge_take(&forge, &pair, CLIENT);
    const gn_test_pair_packet *again = &pair.side[CLIENT].sent[pair.side[CLIENT].sents - 1];
    forge.kind = GN_PACKET_INITIAL;
    forge.original = again->dcid;
    forge.dcid = again->dcid;
    forge.scid = again->scid;
    forge.pad_to = 1200;
    forge.token =
        gn_span_of(pair.flight[0].bytes + 1 + 4 + 1 + again->dcid.len + 1 + again->scid.len + 2,
                   GN_TOKEN_BYTES);
    gn_frame hello;
    uint32_t at = 0;
    ck_assert(gn_test_pair_sent(&other, CLIENT, GN_FRAME_CRYPTO, &at, &hello));
    gn_test_forge_frame(&forge, &hello);
    gn_test_forge_send(&forge);
    ck_assert_uint_eq(pair.side[SERVER].accepted, _i == GN_RETRY_HELLO_ANY ? 1 : 0);
    ck_assert_uint_eq(pair.side[SERVER].dropped[GN_DROP_STATE], _i == GN_RETRY_HELLO_DROP ? 1 : 0);
    gn_frame close;
    at = 0;
    if (_i == GN_RETRY_HELLO_CLOSE) {
        ck_assert(gn_test_pair_sent(&pair, SERVER, GN_FRAME_CLOSE, &at, &close));
        ck_assert_uint_eq(close.as.close.error_code, GN_FAULT_PROTOCOL_VIOLATION);
    }
    gn_test_pair_end(&pair);
    gn_test_pair_end(&other);
}
END_TEST

START_TEST(admission_lets_the_same_hello_pass_every_policy)
{
    init_strict();
    pair.side[SERVER].config.retry_hello = (uint8_t)_i;
    gn_test_pair_confirm(&pair);
    ck_assert_uint_eq(pair.side[SERVER].accepted, 1);
    gn_test_pair_end(&pair);
}
END_TEST

START_TEST(admission_wants_tokens_only_while_many_handshakes_are_under_way)
{
    gn_test_pair_init(&pair);
    for (int i = 0; i < 2; i++)
        gn_limits_default(&pair.side[i].config.limits, 8);
    pair.side[SERVER].config.retry_above = 2;
    gn_test_pair_start(&pair);
    gn_test_pair_connect(&pair);
    gn_test_pair_connect(&pair);
    gn_test_pair_run(&pair, pair.now + 12 * GN_MS);
    ck_assert_uint_eq(pair.side[SERVER].accepted, 2); /* the third has to come again */
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(pair.side[SERVER].accepted, 3);
    /* All handshakes are over: the next one is let in at once. */
    pair.side[CLIENT].token_len = 0;
    gn_test_pair_connect(&pair);
    gn_test_pair_run(&pair, pair.now + 12 * GN_MS);
    ck_assert_uint_eq(pair.side[SERVER].accepted, 4);
    gn_test_pair_end(&pair);
}
END_TEST

START_TEST(admission_refuses_more_clients_than_are_wanted)
{
    gn_test_pair_init(&pair);
    for (int i = 0; i < 2; i++)
        gn_limits_default(&pair.side[i].config.limits, 4);
    pair.side[SERVER].config.max_server_connections = 1;
    gn_test_pair_confirm(&pair);
    const gn_connection first = pair.side[CLIENT].connection;
    gn_test_pair_connect(&pair);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(pair.side[SERVER].accepted, 1);
    gn_test_pair_expect_closed(&pair, CLIENT, GN_CLOSE_PEER_TRANSPORT, GN_FAULT_CONNECTION_REFUSED,
                               "RFC 9000 5.2.2: no room for another connection");
    ck_assert_uint_eq(gn_endpoint_connections(pair.side[SERVER].endpoint), 1);
    /* Who was refused takes no place, though it is still closing when the first one has ended. */
    const uint64_t refused = 2;
    for (uint64_t i = 0; i < refused; i++) {
        gn_test_pair_connect(&pair);
        gn_test_pair_run(&pair, pair.now + 25 * GN_MS);
    }
    ck_assert_uint_eq(gn_endpoint_connections(pair.side[SERVER].endpoint), 1 + refused);
    ck_assert_uint_eq(pair.side[SERVER].endpoint->accepted, 1);
    gn_test_pair_settle(&pair);
    ck_assert_int_eq(gn_connection_close(pair.side[CLIENT].endpoint, first, 0, "", 0, pair.now),
                     GN_OK);
    gn_test_pair_pull(&pair, CLIENT);
    gn_test_pair_settle(&pair);
    gn_test_pair_connect(&pair);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(pair.side[SERVER].accepted, 2);
    gn_test_pair_end(&pair);
}
END_TEST

START_TEST(admission_gives_as_many_tokens_as_it_is_told)
{
    gn_test_pair_init(&pair);
    pair.side[SERVER].config.new_tokens = (uint8_t)_i;
    gn_test_pair_confirm(&pair);
    ck_assert_uint_eq(pair.side[CLIENT].tokens, _i > 0 ? 1 : 0); /* told of the newest */
    int count = 0;
    for (uint32_t i = 0; i < pair.side[SERVER].sents; i++) {
        const gn_test_pair_packet *sent = &pair.side[SERVER].sent[i];
        gn_reader r = gn_reader_over(sent->payload, sent->payload_len);
        gn_frame frame;
        gn_fault fault;

        while (gn_reader_left(&r) > 0) {
            ck_assert_int_eq(gn_frame_read(&r, &frame, &fault), GN_OK);
            count += frame.type == GN_FRAME_NEW_TOKEN;
        }
    }
    ck_assert_int_eq(count, _i);
    gn_test_pair_end(&pair);
}
END_TEST

Suite *
gn_test_admission(void)
{
    Suite *suite = suite_create("endpoint/admission");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");

    tcase_add_test(good, admission_with_a_retry_completes_the_handshake);
    tcase_add_loop_test(good, admission_with_a_retry_survives_the_loss_of_any_datagram, 0, 14);
    tcase_add_loop_test(good, admission_by_token_proves_the_address, 0, 2);
    tcase_add_test(good, admission_with_a_token_for_next_time_needs_no_retry);
    tcase_add_loop_test(good, admission_lets_the_same_hello_pass_every_policy, 0,
                        GN_RETRY_HELLO_KINDS);
    tcase_add_loop_test(good, admission_gives_as_many_tokens_as_it_is_told, 0, 4);
    tcase_add_test(hostile, admission_takes_each_token_once);
    tcase_add_loop_test(hostile, admission_takes_a_bad_token_for_none, 0, 4);
    tcase_add_loop_test(hostile, admission_refuses_a_bad_token_of_a_retry, 0, 2);
    tcase_add_loop_test(hostile, admission_looks_at_the_hello_when_it_is_told_to, 0,
                        GN_RETRY_HELLO_KINDS);
    tcase_add_test(limits, admission_wants_tokens_only_while_many_handshakes_are_under_way);
    tcase_add_test(limits, admission_refuses_more_clients_than_are_wanted);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    suite_add_tcase(suite, limits);
    return suite;
}
