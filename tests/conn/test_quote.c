/*
 * test_quote.c: a router's word about the MTU counts when it quotes a packet of ours, only then.
 */
#include "conn/quote.h"

#include <check.h>
#include <string.h>

#include "endpoint/endpoint.h"
#include "suites.h"
#include "tests/support/pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER, BIG = 1400 };

static gn_test_pair pair;
static uint8_t sent[GN_DATAGRAM_MAX];
static size_t sent_len;

static gn_test_fate
keep(gn_test_pair *p, gn_test_datagram *d)
{
    (void)p;
    if (d->to == SERVER) {
        sent_len = d->len;
        memcpy(sent, d->bytes, d->len);
    }
    return GN_TEST_PASS;
}

static gn_err
told(const uint8_t *quoted, size_t len, uint64_t max, gn_route route)
{
    const gn_path_mtu mtu = {.size = sizeof mtu,
                             .route = route,
                             .max_datagram = max,
                             .quoted = quoted,
                             .quoted_len = len};
    const gn_err err = gn_endpoint_path_mtu(pair.side[CLIENT].endpoint, &mtu, pair.now);

    gn_test_pair_pull(&pair, CLIENT);
    return err;
}

/* Sends a lot; the largest datagram that left for it. */
static size_t
largest(void)
{
    const uint64_t stream = gn_test_pair_open(&pair, CLIENT, true);

    pair.side[CLIENT].largest = 0;
    (void)gn_test_pair_write(&pair, CLIENT, stream, 0, 20000, true);
    gn_test_pair_settle(&pair);
    return pair.side[CLIENT].largest;
}

static void
shake(void)
{
    gn_test_pair_init(&pair);
    pair.side[CLIENT].config.max_datagram_out = BIG;
    pair.hook = keep;
    gn_test_pair_confirm(&pair);
}

/* [R-9000-14.2.1-3] */
START_TEST(quote_of_our_packet_makes_datagrams_smaller)
{
    shake();
    ck_assert_uint_eq(largest(), BIG);
    ck_assert_int_eq(told(sent, 28, 1300, 1), GN_OK);
    ck_assert_uint_eq(largest(), 1300);
    /* It never grows again by this. */
    ck_assert_int_eq(told(sent, 28, 1450, 1), GN_OK);
    ck_assert_uint_eq(largest(), 1300);
    ck_assert_int_eq(told(sent, sent_len, 1200, 1), GN_OK);
    ck_assert_uint_eq(largest(), 1200);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* [R-9000-14.2.1-1] */
START_TEST(quote_that_claims_less_than_quic_needs_is_ignored)
{
    gn_local_error error;

    shake();
    ck_assert_int_eq(told(sent, 28, 1199, 1), GN_ERR_RANGE);
    ck_assert(gn_endpoint_last_error(pair.side[CLIENT].endpoint, &error));
    ck_assert_str_eq(error.field, "gn_path_mtu.max_datagram");
    ck_assert_int_eq(told(sent, 28, 0, 1), GN_ERR_RANGE);
    ck_assert_uint_eq(largest(), BIG);
}
END_TEST

/* [R-9000-14.2.1-2] */
START_TEST(quote_of_anything_else_is_ignored)
{
    uint8_t forged[GN_DATAGRAM_MAX];

    shake();
    ck_assert_uint_eq(largest(), BIG);
    memcpy(forged, sent, sent_len);
    for (size_t cut = 0; cut < 9; cut++)
        ck_assert_int_eq(told(forged, cut, 1200, 1), GN_ERR_AUTH);
    ck_assert_int_eq(told(forged, sent_len, 1200, 2), GN_ERR_AUTH);
    for (size_t at = 1; at < 9; at++) {
        forged[at] ^= 1;
        ck_assert_int_eq(told(forged, sent_len, 1200, 1), GN_ERR_AUTH);
        forged[at] ^= 1;
    }
    ck_assert_int_eq(told(NULL, 0, 1200, 1), GN_ERR_AUTH);
    ck_assert_int_eq(told(NULL, 1, 1200, 1), GN_ERR_CONFIG);
    ck_assert_uint_eq(largest(), BIG);
    const gn_path_mtu small = {.size = sizeof small - 1};
    ck_assert_int_eq(gn_endpoint_path_mtu(pair.side[CLIENT].endpoint, &small, pair.now),
                     GN_ERR_CONFIG);
    ck_assert_int_eq(gn_endpoint_path_mtu(pair.side[CLIENT].endpoint, NULL, pair.now),
                     GN_ERR_CONFIG);
    ck_assert_int_eq(gn_endpoint_path_mtu(NULL, &small, pair.now), GN_ERR_CONFIG);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* A long header: its version and both IDs, each byte of them. */
START_TEST(quote_of_a_long_header_counts_by_both_ids)
{
    gn_test_pair_init(&pair);
    pair.side[CLIENT].config.max_datagram_out = BIG;
    pair.hook = keep;
    gn_test_pair_start(&pair);
    const size_t ids_end = 7 + sent[5] + 8u;
    ck_assert_uint_eq(sent[0] & 0x80, 0x80);
    for (size_t at = 1; at < ids_end; at++) {
        sent[at] ^= 1;
        ck_assert_int_eq(told(sent, 60, 1300, 1), GN_ERR_AUTH);
        sent[at] ^= 1;
    }
    ck_assert_int_eq(told(sent, ids_end - 1, 1300, 1), GN_ERR_AUTH);
    ck_assert_int_eq(told(sent, ids_end, 1300, 1), GN_OK);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(largest(), 1300);
}
END_TEST

Suite *
gn_test_quote(void)
{
    Suite *suite = suite_create("conn/quote");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_test(good, quote_of_our_packet_makes_datagrams_smaller);
    tcase_add_test(good, quote_of_a_long_header_counts_by_both_ids);
    tcase_add_test(hostile, quote_that_claims_less_than_quic_needs_is_ignored);
    tcase_add_test(hostile, quote_of_anything_else_is_ignored);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
