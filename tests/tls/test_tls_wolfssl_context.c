/*
 * test_tls_wolfssl_context.c: which configurations tls/tls.h takes.
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/tls_pair.h"
#include "tls/tls_wolfssl.h"

static gn_tls_config
usual(gn_tls_role role)
{
    gn_tls_config config = {.role = role, .alpn = "h3", .unix_ms = GN_TEST_TLS_UNIX_MS};

    if (role == GN_TLS_CLIENT) {
        config.ca_pem = gn_test_tls_pem("ca", "pem");
    } else {
        config.certificate_pem = gn_test_tls_pem("server", "pem");
        config.key_pem = gn_test_tls_pem("server", "key");
    }
    return config;
}

static void
expect(const gn_tls_config *config, gn_err wanted)
{
    static int nothing;
    void *context = &nothing;

    ck_assert_int_eq(gn_tls_wolfssl()->context_new(config, &context), wanted);
    if (wanted == GN_OK)
        gn_tls_wolfssl()->context_free(context);
    else
        ck_assert_ptr_eq(context, &nothing);
}

START_TEST(context_takes_the_usual)
{
    gn_tls_config config = usual((gn_tls_role)_i);

    expect(&config, GN_OK);
    gn_tls_wolfssl()->context_free(NULL);
}
END_TEST

START_TEST(context_refuses_lists_of_protocols_that_are_none)
{
    static const char *const lists[] = {NULL, "", ",", "h3,", ",h3", "h3,,hq"};
    static char long_list[300];
    gn_tls_config config = usual(GN_TLS_CLIENT);

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        config.alpn = lists[i];
        expect(&config, GN_ERR_CONFIG);
    }
    memset(long_list, 'a', sizeof long_list - 1);
    config.alpn = long_list;
    expect(&config, GN_ERR_CONFIG);
}
END_TEST

START_TEST(context_refuses_suites_and_groups_that_are_none)
{
    gn_tls_config config = usual(GN_TLS_CLIENT);

    config.suites_count = 1;
    config.suites[0] = GN_SUITES;
    expect(&config, GN_ERR_CONFIG);
    config.suites_count = GN_SUITES + 1;
    config.suites[0] = 0;
    expect(&config, GN_ERR_CONFIG);
    config = usual(GN_TLS_CLIENT);
    config.groups_count = 1;
    config.groups[0] = GN_TLS_GROUPS;
    expect(&config, GN_ERR_CONFIG);
    config.groups_count = GN_TLS_GROUPS_MAX + 1;
    config.groups[0] = 0;
    expect(&config, GN_ERR_CONFIG);
}
END_TEST

START_TEST(context_refuses_certificates_that_do_not_fit)
{
    gn_tls_config config = usual(GN_TLS_SERVER);
    const gn_span garbage = gn_span_of((const uint8_t *)"garbage", 7);

    config.key_pem = gn_test_tls_pem("client", "key"); /* another's */
    expect(&config, GN_ERR_CONFIG);
    config.key_pem = gn_span_of(NULL, 0);
    expect(&config, GN_ERR_CONFIG);
    config = usual(GN_TLS_SERVER);
    config.certificate_pem = gn_span_of(NULL, 0);
    expect(&config, GN_ERR_CONFIG);
    config.certificate_pem = garbage;
    expect(&config, GN_ERR_CONFIG);
    config = usual(GN_TLS_SERVER);
    config.key_pem = garbage;
    expect(&config, GN_ERR_CONFIG);
    config = usual(GN_TLS_SERVER);
    config.key_pem = gn_span_of(NULL, 0);
    config.certificate_pem = gn_span_of(NULL, 0);
    expect(&config, GN_ERR_CONFIG);
}
END_TEST

START_TEST(context_that_verifies_needs_an_authority)
{
    gn_tls_config config = usual(GN_TLS_CLIENT);

    config.ca_pem = gn_span_of(NULL, 0);
    expect(&config, GN_ERR_CONFIG);
    config.verify = GN_TLS_VERIFY_NONE;
    expect(&config, GN_OK);
    config.ca_pem = gn_span_of((const uint8_t *)"garbage", 7);
    expect(&config, GN_ERR_CONFIG);
    config = usual(GN_TLS_SERVER);
    config.ask = GN_TLS_ASK_REQUIRED;
    expect(&config, GN_ERR_CONFIG);
    config.ask = GN_TLS_ASK_OPTIONAL;
    expect(&config, GN_ERR_CONFIG);
    config.ca_pem = gn_test_tls_pem("ca", "pem");
    expect(&config, GN_OK);
    config.ask = GN_TLS_ASKS;
    expect(&config, GN_ERR_CONFIG);
}
END_TEST

START_TEST(context_refuses_more_shares_than_groups)
{
    gn_tls_config config = usual(GN_TLS_CLIENT);

    config.shares = 2;
    expect(&config, GN_OK);
    config.shares = 3;
    expect(&config, GN_ERR_CONFIG);
    config.groups_count = 1;
    config.shares = 2;
    expect(&config, GN_ERR_CONFIG);
}
END_TEST

START_TEST(context_takes_tickets_that_can_be)
{
    gn_tls_config config = usual(GN_TLS_SERVER);

    config.early_data = 1; /* 0-RTT needs tickets, */
    expect(&config, GN_ERR_CONFIG);
    config.tickets = 1; /* tickets need a lifetime, */
    expect(&config, GN_ERR_CONFIG);
    config.ticket_life_s = 7 * 24 * 3600; /* of a week at most, */
    expect(&config, GN_OK);
    config.ticket_life_s++;
    expect(&config, GN_ERR_CONFIG);
    config.ticket_life_s = 1;
    config.tickets = GN_TLS_TICKETS_MAX; /* and there is an end of them. */
    expect(&config, GN_OK);
    config.tickets++;
    expect(&config, GN_ERR_CONFIG);
}
END_TEST

/* A seed that never changes is one that the library itself would refuse. */
START_TEST(context_works_with_any_seed)
{
    gn_test_tls_options options = gn_test_tls_usual();
    static gn_test_tls_pair pair;

    options.seed = (uint8_t)_i;
    ck_assert(gn_test_tls_pair_talk(&pair, &options));
    gn_test_tls_pair_end(&pair);
}
END_TEST

Suite *
gn_test_tls_wolfssl_context(void)
{
    Suite *suite = suite_create("tls/tls_wolfssl_context");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_loop_test(good, context_takes_the_usual, 0, 2);
    tcase_add_loop_test(good, context_works_with_any_seed, 0, 10);
    tcase_add_test(hostile, context_refuses_lists_of_protocols_that_are_none);
    tcase_add_test(hostile, context_refuses_suites_and_groups_that_are_none);
    tcase_add_test(hostile, context_refuses_certificates_that_do_not_fit);
    tcase_add_test(hostile, context_that_verifies_needs_an_authority);
    tcase_add_test(hostile, context_refuses_more_shares_than_groups);
    tcase_add_test(hostile, context_takes_tickets_that_can_be);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
