/*
 * test_tls_wolfssl.c: handshakes that succeed: what tls/tls.h promises of them.
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/tls_pair.h"
#include "tls/tls_wolfssl.h"

enum { CLIENT = GN_TEST_TLS_CLIENT, SERVER = GN_TEST_TLS_SERVER };

static gn_test_tls_pair pair;

/* Both sides have the secrets that belong together, of the suite's length. */
static void
expect_secrets(gn_level level)
{
    for (int from = 0; from < 2; from++) {
        const gn_tls_secret *w = &pair.side[from].secret[level][GN_TEST_TLS_WRITE];
        const gn_tls_secret *r = &pair.side[1 - from].secret[level][GN_TEST_TLS_READ];
        ck_assert_uint_eq(w->len, gn_suite_of(pair.side[0].suite)->hash_len);
        ck_assert_uint_eq(w->suite, pair.side[0].suite);
        ck_assert_uint_eq(r->suite, pair.side[0].suite);
        ck_assert_uint_eq(w->len, r->len);
        ck_assert_mem_eq(w->bytes, r->bytes, w->len);
    }
    ck_assert_mem_ne(pair.side[0].secret[level][0].bytes, pair.side[0].secret[level][1].bytes, 32);
}

static void
expect_success(const gn_test_tls_options *options)
{
    if (!gn_test_tls_pair_talk(&pair, options))
        ck_abort_msg("client %s %s, server %s %s", pair.side[0].order,
                     pair.side[0].failed ? pair.side[0].fault.why : "", pair.side[1].order,
                     pair.side[1].failed ? pair.side[1].fault.why : "");
    expect_secrets(GN_LEVEL_HANDSHAKE);
    expect_secrets(GN_LEVEL_APP);
    ck_assert_str_eq(pair.side[CLIENT].alpn, pair.side[SERVER].alpn);
    ck_assert_int_eq(pair.side[CLIENT].suite, pair.side[SERVER].suite);
    ck_assert_int_eq(pair.side[CLIENT].group, pair.side[SERVER].group);
    ck_assert_uint_eq(pair.side[CLIENT].parameters[5], 0x31);
    ck_assert_uint_eq(pair.side[SERVER].parameters[5], 0x30);
    ck_assert_uint_eq(pair.side[CLIENT].parameters_len, 6);
    ck_assert_uint_eq(pair.side[SERVER].parameters_len, 6);
}

/* [R-9000-7-1] [R-9001-4.2-1] [R-9001-8.4-1] */
START_TEST(tls_sessions_agree_on_every_suite)
{
    gn_test_tls_options options = gn_test_tls_usual();

    options.config[_i % 2].suites[0] = (uint8_t)(_i / 2);
    options.config[_i % 2].suites_count = 1;
    expect_success(&options);
    ck_assert_int_eq(pair.side[CLIENT].suite, _i / 2);
    gn_test_tls_pair_end(&pair);
}
END_TEST

/* [R-9001-8.1-1] */
START_TEST(tls_sessions_prefer_aes_128_and_the_first_protocol)
{
    const gn_test_tls_options options = gn_test_tls_usual();

    expect_success(&options);
    ck_assert_int_eq(pair.side[CLIENT].suite, GN_SUITE_AES_128_GCM_SHA256);
    ck_assert_str_eq(pair.side[CLIENT].alpn, "h3");
    ck_assert_str_eq(pair.side[SERVER].server_name, "server.example");
    ck_assert_str_eq(pair.side[CLIENT].server_name, "");
    gn_test_tls_pair_end(&pair);
}
END_TEST

START_TEST(tls_sessions_agree_with_every_kind_of_certificate)
{
    static const char *const names[] = {"server", "ed25519", "rsa", "p384", "chain"};
    gn_test_tls_options options = gn_test_tls_usual();

    options.certificate[SERVER] = names[_i];
    expect_success(&options);
    gn_test_tls_pair_end(&pair);
}
END_TEST

START_TEST(tls_sessions_verify_names_and_addresses)
{
    static const char *const names[] = {"server.example", "localhost",      "127.0.0.1",
                                        "SERVER.example", "a.wild.example", "::1",
                                        "0:0:0:0:0:0:0:1"};
    gn_test_tls_options options = gn_test_tls_usual();

    options.server_name = names[_i];
    if (_i == 4)
        options.certificate[SERVER] = "wild";
    expect_success(&options);
    /* RFC 6066 3: an address is not sent as a name. */
    if (_i == 2 || _i > 4)
        ck_assert_str_eq(pair.side[SERVER].server_name, "");
    gn_test_tls_pair_end(&pair);
}
END_TEST

START_TEST(tls_sessions_agree_on_every_group)
{
    gn_test_tls_options options = gn_test_tls_usual();

    options.config[SERVER].groups_count = 1;
    options.config[SERVER].groups[0] = (uint8_t)_i;
    options.config[CLIENT].groups_count = GN_TLS_GROUPS_MAX;
    for (int i = 0; i < GN_TLS_GROUPS_MAX; i++)
        options.config[CLIENT].groups[i] = (uint8_t)((_i + i) % GN_TLS_GROUPS);
    expect_success(&options);
    ck_assert_str_eq(pair.side[SERVER].order, "PiRWhwhCr");
    ck_assert_int_eq(pair.side[SERVER].group, _i);
    gn_test_tls_pair_end(&pair);
}
END_TEST

/* RFC 8446 4.1.4: the client's first key share is of a group the server does not take. */
START_TEST(tls_sessions_agree_after_a_hello_retry_request)
{
    const uint8_t first = (uint8_t)(_i / GN_TLS_GROUPS), second = (uint8_t)(_i % GN_TLS_GROUPS);
    gn_test_tls_options options = gn_test_tls_usual();

    if (first == second)
        return;
    options.piece = (size_t)(_i % 3);
    options.config[CLIENT].groups_count = 2;
    options.config[CLIENT].groups[0] = first;
    options.config[CLIENT].groups[1] = second;
    options.config[SERVER].groups_count = 1;
    options.config[SERVER].groups[0] = second;
    expect_success(&options);
    ck_assert_int_eq(pair.side[CLIENT].run[0].level, GN_LEVEL_INITIAL);
    ck_assert_int_eq(pair.side[CLIENT].run[1].level, GN_LEVEL_INITIAL);
    gn_test_tls_pair_end(&pair);
}
END_TEST

START_TEST(tls_sessions_agree_when_bytes_come_in_pieces)
{
    static const char *const names[] = {"server", "ed25519", "rsa"};
    gn_test_tls_options options = gn_test_tls_usual();

    options.piece = (size_t)_i;
    options.certificate[SERVER] = names[_i % 3];
    expect_success(&options);
    gn_test_tls_pair_end(&pair);
}
END_TEST

/* The share of the second group spares the server a HelloRetryRequest. */
START_TEST(tls_client_offers_as_many_shares_as_asked)
{
    gn_test_tls_options options = gn_test_tls_usual();

    options.config[CLIENT].shares = (uint8_t)_i;
    options.config[SERVER].groups_count = 1;
    options.config[SERVER].groups[0] = GN_TLS_SECP256R1;
    expect_success(&options);
    ck_assert_int_eq(pair.side[CLIENT].group, GN_TLS_SECP256R1);
    ck_assert_int_eq(pair.side[CLIENT].run[1].level == GN_LEVEL_INITIAL, _i < 2);
    gn_test_tls_pair_end(&pair);
}
END_TEST

/* The server's order counts, for suites, and for groups that there is a share of. */
START_TEST(tls_server_prefers_what_it_lists_first)
{
    gn_test_tls_options options = gn_test_tls_usual();

    for (uint8_t i = 0; i < GN_SUITES; i++)
        options.config[SERVER].suites[i] = (uint8_t)((i + _i) % GN_SUITES);
    options.config[SERVER].suites_count = GN_SUITES;
    for (uint8_t i = 0; i < GN_TLS_GROUPS_MAX; i++) {
        options.config[SERVER].groups[i] = (uint8_t)((i + _i) % GN_TLS_GROUPS);
        options.config[CLIENT].groups[i] = i;
    }
    options.config[SERVER].groups_count = GN_TLS_GROUPS_MAX;
    options.config[CLIENT].groups_count = GN_TLS_GROUPS_MAX;
    options.config[CLIENT].shares = GN_TLS_GROUPS_MAX;
    expect_success(&options);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(pair.side[i].suite, _i);
        ck_assert_int_eq(pair.side[i].group, _i);
    }
    gn_test_tls_pair_end(&pair);
}
END_TEST

START_TEST(tls_sessions_authenticate_the_client_when_asked)
{
    static const char *const names[] = {"client", "client-ed25519", NULL};
    gn_test_tls_options options = gn_test_tls_usual();

    options.config[SERVER].ask = _i == 2 ? GN_TLS_ASK_OPTIONAL : GN_TLS_ASK_REQUIRED;
    options.ca[SERVER] = "ca";
    options.certificate[CLIENT] = names[_i];
    options.piece = (size_t)(_i * 7);
    expect_success(&options);
    gn_test_tls_pair_end(&pair);
}
END_TEST

START_TEST(tls_client_that_does_not_verify_takes_any_server)
{
    gn_test_tls_options options = gn_test_tls_usual();

    options.ca[CLIENT] = NULL;
    options.config[CLIENT].verify = GN_TLS_VERIFY_NONE;
    options.server_name = _i == 0 ? NULL : "another.example";
    options.certificate[SERVER] = "expired";
    expect_success(&options);
    gn_test_tls_pair_end(&pair);
}
END_TEST

START_TEST(tls_session_may_leave_verifying_out_too)
{
    gn_test_tls_options options = gn_test_tls_usual();

    options.verify = GN_TLS_VERIFY_NONE;
    options.server_name = "another.example";
    expect_success(&options);
    gn_test_tls_pair_end(&pair);
}
END_TEST

START_TEST(tls_sessions_of_the_same_seed_say_the_same)
{
    static const char *const names[] = {"server", "ed25519", "rsa"};
    static gn_test_tls_pair first;
    gn_test_tls_options options = gn_test_tls_usual();

    options.certificate[SERVER] = names[_i];
    expect_success(&options);
    gn_test_tls_pair_end(&pair);
    first = pair;
    /* What was made before, and how bytes are cut, has no influence. */
    options.piece = 5;
    expect_success(&options);
    for (int i = 0; i < 2; i++) {
        ck_assert_uint_eq(pair.side[i].out_len, first.side[i].out_len);
        ck_assert_mem_eq(pair.side[i].out, first.side[i].out, first.side[i].out_len);
        ck_assert_mem_eq(pair.side[i].secret, first.side[i].secret, sizeof first.side[i].secret);
    }
    gn_test_tls_pair_end(&pair);
}
END_TEST

START_TEST(tls_sessions_of_another_seed_say_something_else)
{
    gn_test_tls_options options = gn_test_tls_usual();
    uint8_t random[2][GN_TLS_RANDOM_BYTES];

    for (int i = 0; i < 2; i++) {
        options.seed = (uint8_t)(10 * i);
        expect_success(&options);
        ck_assert(gn_tls_wolfssl()->client_random(pair.side[CLIENT].session, random[i]));
        gn_test_tls_pair_end(&pair);
    }
    ck_assert_mem_ne(random[0], random[1], sizeof random[0]);
}
END_TEST

START_TEST(tls_session_that_settled_is_small_and_still_judges)
{
    static const uint8_t ticket[] = {4, 0, 0, 14, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 7, 0, 0};
    static const uint8_t key_update[] = {24, 0, 0, 1, 0};
    const gn_test_tls_options options = gn_test_tls_usual();
    const gn_tls_ops *tls = gn_tls_wolfssl();

    ck_assert_int_eq(gn_test_tls_pair_make(&pair, &options), GN_OK);
    tls->settle(pair.side[CLIENT].session); /* nothing yet */
    ck_assert(gn_test_tls_pair_run(&pair));
    for (int i = 0; i < 2; i++) {
        ck_assert_uint_gt(tls->memory(pair.side[i].session), 2000);
        tls->settle(pair.side[i].session);
        tls->settle(pair.side[i].session);
        ck_assert_uint_lt(tls->memory(pair.side[i].session), 400);
    }
    pair.piece = (size_t)_i;
    ck_assert_int_eq(gn_test_tls_pair_give(&pair, CLIENT, GN_LEVEL_APP, ticket, sizeof ticket),
                     GN_OK);
    ck_assert_int_eq(
        gn_test_tls_pair_give(&pair, CLIENT, GN_LEVEL_APP, key_update, sizeof key_update),
        GN_ERR_TLS);
    ck_assert(pair.side[CLIENT].failed);
    ck_assert_uint_eq(pair.side[CLIENT].fault.wire_code, 0x010a);
    gn_test_tls_pair_end(&pair);
}
END_TEST

Suite *
gn_test_tls_wolfssl(void)
{
    Suite *suite = suite_create("tls/tls_wolfssl");
    TCase *good = tcase_create("good");
    TCase *table = tcase_create("table");

    tcase_add_loop_test(table, tls_sessions_agree_on_every_suite, 0, 2 * GN_SUITES);
    tcase_add_loop_test(table, tls_sessions_agree_with_every_kind_of_certificate, 0, 5);
    tcase_add_loop_test(table, tls_sessions_verify_names_and_addresses, 0, 7);
    tcase_add_loop_test(table, tls_sessions_agree_on_every_group, 0, GN_TLS_GROUPS);
    tcase_add_loop_test(table, tls_sessions_agree_when_bytes_come_in_pieces, 1, 10);
    tcase_add_loop_test(table, tls_sessions_agree_after_a_hello_retry_request, 0,
                        GN_TLS_GROUPS * GN_TLS_GROUPS);
    tcase_add_test(good, tls_sessions_prefer_aes_128_and_the_first_protocol);
    tcase_add_loop_test(good, tls_sessions_authenticate_the_client_when_asked, 0, 3);
    tcase_add_loop_test(good, tls_client_offers_as_many_shares_as_asked, 0, 3);
    tcase_add_loop_test(good, tls_server_prefers_what_it_lists_first, 0, GN_SUITES);
    tcase_add_loop_test(good, tls_client_that_does_not_verify_takes_any_server, 0, 2);
    tcase_add_test(good, tls_session_may_leave_verifying_out_too);
    tcase_add_loop_test(good, tls_sessions_of_the_same_seed_say_the_same, 0, 3);
    tcase_add_test(good, tls_sessions_of_another_seed_say_something_else);
    tcase_add_loop_test(good, tls_session_that_settled_is_small_and_still_judges, 0, 3);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, table);
    return suite;
}
