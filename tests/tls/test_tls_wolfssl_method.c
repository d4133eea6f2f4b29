/*
 * test_tls_wolfssl_method.c: what tls/tls.h promises of the order of events.
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/tls_pair.h"
#include "tls/tls_wolfssl.h"

enum { CLIENT = GN_TEST_TLS_CLIENT, SERVER = GN_TEST_TLS_SERVER };

static gn_test_tls_pair pair;

/* RFC 9001 4.1.4, 5.7 */
/* [R-9001-4.9-2] */
START_TEST(method_events_come_in_the_promised_order)
{
    const gn_test_tls_options options = gn_test_tls_usual();

    ck_assert(gn_test_tls_pair_talk(&pair, &options));
    ck_assert_str_eq(pair.side[CLIENT].order, "iRWPwhCr");
    ck_assert_str_eq(pair.side[SERVER].order, "PiRWhwhCr");
    gn_test_tls_pair_end(&pair);
}
END_TEST

/* [R-9001-5.7-1] [R-9001-5.7-3] */
START_TEST(method_keeps_back_what_reads_1rtt_until_the_end)
{
    const gn_test_tls_options options = gn_test_tls_usual();
    const gn_tls_secret *read = &pair.side[SERVER].secret[GN_LEVEL_APP][GN_TEST_TLS_READ];
    gn_test_tls_side *client = &pair.side[CLIENT];

    ck_assert_int_eq(gn_test_tls_pair_make(&pair, &options), GN_OK);
    ck_assert_int_eq(gn_tls_wolfssl()->start(client->session, pair.unix_ms), GN_OK);
    gn_test_tls_pair_take(&pair, CLIENT);
    ck_assert_int_eq(
        gn_test_tls_pair_give(&pair, SERVER, GN_LEVEL_INITIAL, client->out, client->out_len),
        GN_OK);
    ck_assert_uint_gt(pair.side[SERVER].secret[GN_LEVEL_APP][GN_TEST_TLS_WRITE].len, 0);
    ck_assert_uint_eq(read->len, 0);
    ck_assert(!pair.side[SERVER].complete);
    gn_test_tls_pair_end(&pair);
}
END_TEST

START_TEST(method_keeps_the_client_random)
{
    const gn_test_tls_options options = gn_test_tls_usual();
    uint8_t random[GN_TLS_RANDOM_BYTES];

    ck_assert_int_eq(gn_test_tls_pair_make(&pair, &options), GN_OK);
    for (int i = 0; i < 2; i++)
        ck_assert(!gn_tls_wolfssl()->client_random(pair.side[i].session, random));
    ck_assert(gn_test_tls_pair_run(&pair));
    for (int i = 0; i < 2; i++) {
        ck_assert(gn_tls_wolfssl()->client_random(pair.side[i].session, random));
        ck_assert_mem_eq(random, pair.side[CLIENT].out + 6, sizeof random);
    }
    gn_test_tls_pair_end(&pair);
}
END_TEST

/* RFC 8446 4.1.2: the random of the second hello is that of the first. */
START_TEST(method_keeps_the_client_random_over_a_retry)
{
    gn_test_tls_options options = gn_test_tls_usual();
    uint8_t random[GN_TLS_RANDOM_BYTES];

    options.config[SERVER].groups_count = 1;
    options.config[SERVER].groups[0] = GN_TLS_SECP384R1;
    options.config[CLIENT].groups_count = 2;
    options.config[CLIENT].groups[1] = GN_TLS_SECP384R1;
    ck_assert(gn_test_tls_pair_talk(&pair, &options));
    ck_assert_str_eq(pair.side[CLIENT].order, "iiRWPwhCr");
    ck_assert_str_eq(pair.side[SERVER].order, "PiiRWhwhCr");
    for (int i = 0; i < 2; i++) {
        ck_assert(gn_tls_wolfssl()->client_random(pair.side[i].session, random));
        ck_assert_mem_eq(random, pair.side[CLIENT].out + 6, sizeof random);
    }
    gn_test_tls_pair_end(&pair);
}
END_TEST

Suite *
gn_test_tls_wolfssl_method(void)
{
    Suite *suite = suite_create("tls/tls_wolfssl_method");
    TCase *good = tcase_create("good");

    tcase_add_test(good, method_events_come_in_the_promised_order);
    tcase_add_test(good, method_keeps_back_what_reads_1rtt_until_the_end);
    tcase_add_test(good, method_keeps_the_client_random);
    tcase_add_test(good, method_keeps_the_client_random_over_a_retry);
    suite_add_tcase(suite, good);
    return suite;
}
