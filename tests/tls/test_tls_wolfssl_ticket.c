/*
 * test_tls_wolfssl_ticket.c: tickets, resumption, and 0-RTT accepted or not.
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/tls_pair.h"
#include "tls/tls_wolfssl.h"

enum { CLIENT = GN_TEST_TLS_CLIENT, SERVER = GN_TEST_TLS_SERVER };

static gn_test_tls_pair pair;
static uint8_t state[GN_TLS_STATE_MAX];

static gn_test_tls_options
with_tickets(void)
{
    gn_test_tls_options options = gn_test_tls_usual();

    for (int i = 0; i < 2; i++)
        options.config[i].tickets = 1;
    options.config[SERVER].early_data = 1;
    options.config[SERVER].ticket_life_s = 3600;
    options.terms = (gn_tls_terms){.limit = {1000, 100, 100, 100, 4, 4, 2, 0}, .application = 3};
    options.seed = 1;
    return options;
}

/* A first handshake, and the options of a second one that resumes it two seconds later. */
static gn_test_tls_options
first(gn_test_tls_options options)
{
    ck_assert(gn_test_tls_pair_talk(&pair, &options));
    ck_assert(!pair.side[CLIENT].resumed && !pair.side[SERVER].resumed);
    ck_assert_uint_eq(pair.side[CLIENT].tickets, 1);
    memcpy(state, pair.side[CLIENT].state, pair.side[CLIENT].state_len);
    options.state = gn_span_of(state, pair.side[CLIENT].state_len);
    options.early_data = true;
    options.unix_ms += 2000;
    options.seed = 9;
    return options;
}

/* The second handshake, of the same contexts or fresh ones. */
static void
second(const gn_test_tls_options *options, bool fresh)
{
    if (fresh) {
        gn_test_tls_pair_end(&pair);
        ck_assert_int_eq(gn_test_tls_pair_make(&pair, options), GN_OK);
    } else {
        ck_assert_int_eq(gn_test_tls_pair_again(&pair, options), GN_OK);
    }
    ck_assert_msg(gn_test_tls_pair_run(&pair), "%s %s", pair.side[0].order, pair.side[1].order);
}

static void
expect(bool resumed, bool accepted)
{
    ck_assert_int_eq(pair.side[CLIENT].resumed, resumed);
    ck_assert_int_eq(pair.side[SERVER].resumed, resumed);
    ck_assert(pair.side[CLIENT].early_told);
    ck_assert(pair.side[SERVER].early_told);
    ck_assert_int_eq(pair.side[CLIENT].accepted, accepted);
    ck_assert_int_eq(pair.side[SERVER].accepted, accepted);
    /* A server that does not accept has no key that could open 0-RTT packets. */
    ck_assert_int_eq(pair.side[SERVER].secret[GN_LEVEL_EARLY][GN_TEST_TLS_READ].len > 0, accepted);
    ck_assert_uint_gt(pair.side[CLIENT].secret[GN_LEVEL_EARLY][GN_TEST_TLS_WRITE].len, 0);
    gn_test_tls_pair_end(&pair);
}

START_TEST(ticket_resumes_with_early_data)
{
    const gn_test_tls_options options = first(with_tickets());

    second(&options, false);
    ck_assert_str_eq(pair.side[CLIENT].order, "SiRWEPwhCrT");
    ck_assert_str_eq(pair.side[SERVER].order, "PiRWEShwhaCr");
    ck_assert_mem_eq(pair.side[CLIENT].secret[GN_LEVEL_EARLY][GN_TEST_TLS_WRITE].bytes,
                     pair.side[SERVER].secret[GN_LEVEL_EARLY][GN_TEST_TLS_READ].bytes, 32);
    expect(true, true);
}
END_TEST

START_TEST(ticket_resumes_without_early_data)
{
    gn_test_tls_options options = first(with_tickets());

    options.early_data = false;
    second(&options, false);
    ck_assert(pair.side[CLIENT].resumed && pair.side[SERVER].resumed);
    ck_assert(!pair.side[CLIENT].early_told && !pair.side[SERVER].early_told);
    ck_assert_uint_eq(pair.side[CLIENT].secret[GN_LEVEL_EARLY][GN_TEST_TLS_WRITE].len, 0);
    gn_test_tls_pair_end(&pair);
}
END_TEST

/* [R-9001-4.6.1-1]: with 0xffffffff, or the gate would have refused it. */
START_TEST(ticket_of_a_server_without_early_data_offers_none)
{
    gn_test_tls_options options = with_tickets();

    options.config[SERVER].early_data = 0;
    options = first(options);
    second(&options, false);
    ck_assert(pair.side[CLIENT].resumed);
    ck_assert(!pair.side[CLIENT].early_told);
    gn_test_tls_pair_end(&pair);
}
END_TEST

/* [R-9001-9.2-1] */
START_TEST(ticket_brings_early_data_once)
{
    gn_test_tls_options options = first(with_tickets());

    second(&options, false);
    ck_assert(pair.side[SERVER].accepted);
    second(&options, false);
    expect(true, false);
}
END_TEST

/* A server begun anew cannot know what the one before it has accepted. */
START_TEST(ticket_from_before_a_server_began_waits)
{
    gn_test_tls_options options = with_tickets();

    memset(options.config[SERVER].ticket_key, 7, sizeof options.config[SERVER].ticket_key);
    options = first(options);
    second(&options, true);
    expect(true, false);
}
END_TEST

/* What changes between the two handshakes, and what is left. */
enum { LIMIT, RAISED, STRICT, APPLICATION, PROTOCOL, NOT_ALLOWED, OTHER_KEY, ASKS, CHANGES };

static void
change(gn_test_tls_options *options, int what)
{
    switch (what) {
    case LIMIT: options->terms.limit[2]--; break;
    case RAISED: options->terms.limit[2]++; break;
    case STRICT:
        options->terms.limit[2]++;
        options->config[SERVER].early_strict = true;
        break;
    case APPLICATION: options->terms.application++; break;
    case PROTOCOL: options->config[SERVER].alpn = "hq-interop"; break;
    case NOT_ALLOWED: options->config[SERVER].early_data = 0; break;
    case ASKS:
        options->config[SERVER].ask = GN_TLS_ASK_OPTIONAL;
        options->ca[SERVER] = "ca";
        break;
    case OTHER_KEY: options->config[SERVER].ticket_key[3]++; break;
    default: break;
    }
}

/* [R-9000-7.4.1-6] */
START_TEST(ticket_brings_early_data_under_its_terms_only)
{
    gn_test_tls_options options = with_tickets();

    memset(options.config[SERVER].ticket_key, 7, sizeof options.config[SERVER].ticket_key);
    options = first(options);
    change(&options, _i);
    /* Late enough for a server that began with this handshake's contexts. */
    gn_test_tls_pair_end(&pair);
    options.unix_ms -= 60000;
    ck_assert_int_eq(gn_test_tls_pair_make(&pair, &options), GN_OK);
    options.unix_ms += 60000;
    second(&options, false);
    expect(_i != OTHER_KEY && _i != ASKS, _i == RAISED);
}
END_TEST

/* RFC 8446 4.2.10: what is asked to come again comes without early data. */
START_TEST(ticket_brings_no_early_data_after_a_retry_request)
{
    gn_test_tls_options options = with_tickets();

    options.config[CLIENT].groups_count = 2;
    options.config[CLIENT].groups[0] = GN_TLS_X25519;
    options.config[CLIENT].groups[1] = GN_TLS_SECP256R1;
    options = first(options);
    gn_test_tls_pair_end(&pair);
    options.unix_ms -= 60000;
    options.config[SERVER].groups_count = 1;
    options.config[SERVER].groups[0] = GN_TLS_SECP256R1;
    ck_assert_int_eq(gn_test_tls_pair_make(&pair, &options), GN_OK);
    options.unix_ms += 60000;
    second(&options, false);
    ck_assert_ptr_nonnull(strstr(pair.side[SERVER].order, "ii"));
    expect(pair.side[CLIENT].resumed, false);
}
END_TEST

START_TEST(ticket_ends_with_its_lifetime)
{
    gn_test_tls_options options = first(with_tickets());

    options.unix_ms += 3601 * 1000;
    second(&options, false);
    ck_assert(!pair.side[CLIENT].resumed && !pair.side[SERVER].resumed);
    ck_assert(!pair.side[SERVER].accepted);
    gn_test_tls_pair_end(&pair);
}
END_TEST

/* A bit of the ticket, wherever it is: a full handshake or none, never a resumed one. */
START_TEST(ticket_that_was_changed_resumes_nothing)
{
    gn_test_tls_options options = first(with_tickets());
    const size_t at = options.state.len - 8 - (size_t)_i * 16;

    state[at] ^= 1;
    ck_assert_int_eq(gn_test_tls_pair_again(&pair, &options), GN_OK);
    const bool shook = gn_test_tls_pair_run(&pair);
    ck_assert_msg(!shook || (!pair.side[SERVER].resumed && !pair.side[SERVER].accepted), "at %zu",
                  at);
    gn_test_tls_pair_end(&pair);
}
END_TEST

START_TEST(ticket_state_that_is_none_is_no_use)
{
    gn_test_tls_options options = first(with_tickets());
    const size_t whole = options.state.len;

    for (size_t len = 0; len < whole; len += 7) {
        options.state.len = len;
        second(&options, false);
        ck_assert(!pair.side[CLIENT].resumed);
        ck_assert(!pair.side[CLIENT].early_told);
    }
    options.state.len = whole;
    state[0] = 77; /* a suite nobody has */
    second(&options, false);
    ck_assert(!pair.side[CLIENT].resumed);
    gn_test_tls_pair_end(&pair);
}
END_TEST

START_TEST(ticket_of_a_suite_we_do_not_allow_is_no_use)
{
    gn_test_tls_options options = first(with_tickets());

    options.config[CLIENT].suites_count = 1;
    options.config[CLIENT].suites[0] = GN_SUITE_CHACHA20_POLY1305_SHA256;
    second(&options, true);
    ck_assert(!pair.side[CLIENT].resumed);
    ck_assert_int_eq(pair.side[CLIENT].suite, GN_SUITE_CHACHA20_POLY1305_SHA256);
    gn_test_tls_pair_end(&pair);
}
END_TEST

START_TEST(tickets_are_as_many_as_both_want)
{
    gn_test_tls_options options = with_tickets();

    options.config[SERVER].tickets = 3;
    options.config[CLIENT].tickets = (uint8_t)_i;
    ck_assert(gn_test_tls_pair_talk(&pair, &options));
    ck_assert_uint_eq(pair.side[CLIENT].tickets, _i < 3 ? (unsigned)_i : 3);
    gn_test_tls_pair_end(&pair);
}
END_TEST

/* The library's memory is kept for a ticket that is wanted, and not longer. */
START_TEST(ticket_may_come_after_the_session_settled)
{
    gn_test_tls_options options = with_tickets();
    const gn_tls_ops *tls = gn_tls_wolfssl();

    ck_assert_int_eq(gn_test_tls_pair_make(&pair, &options), GN_OK);
    pair.side[CLIENT].runs_given = 0;
    ck_assert(gn_test_tls_pair_run(&pair));
    tls->settle(pair.side[CLIENT].session);
    ck_assert_uint_eq(pair.side[CLIENT].tickets, 1);
    const size_t after = tls->memory(pair.side[CLIENT].session);
    options.config[SERVER].tickets = 0;
    options.config[SERVER].early_data = 0;
    gn_test_tls_pair_end(&pair);
    ck_assert(gn_test_tls_pair_talk(&pair, &options));
    tls->settle(pair.side[CLIENT].session);
    ck_assert_uint_gt(tls->memory(pair.side[CLIENT].session), after + 4096);
    gn_test_tls_pair_end(&pair);
}
END_TEST

Suite *
gn_test_tls_wolfssl_ticket(void)
{
    Suite *suite = suite_create("tls/tls_wolfssl_ticket");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_test(good, ticket_resumes_with_early_data);
    tcase_add_test(good, ticket_resumes_without_early_data);
    tcase_add_test(good, ticket_of_a_server_without_early_data_offers_none);
    tcase_add_test(good, ticket_brings_early_data_once);
    tcase_add_test(good, ticket_from_before_a_server_began_waits);
    tcase_add_loop_test(good, ticket_brings_early_data_under_its_terms_only, 0, CHANGES);
    tcase_add_test(good, ticket_brings_no_early_data_after_a_retry_request);
    tcase_add_test(good, ticket_ends_with_its_lifetime);
    tcase_add_loop_test(good, tickets_are_as_many_as_both_want, 0, 5);
    tcase_add_test(good, ticket_may_come_after_the_session_settled);
    tcase_add_loop_test(hostile, ticket_that_was_changed_resumes_nothing, 0, 11);
    tcase_add_test(hostile, ticket_state_that_is_none_is_no_use);
    tcase_add_test(hostile, ticket_of_a_suite_we_do_not_allow_is_no_use);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
