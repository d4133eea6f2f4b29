/*
 * test_conn_handshake_tls.c: what TLS can do, seen through two endpoints: groups and hellos of more
 * than one packet, orders of preference, certificates of both sides, names of alerts.
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/pair.h"
#include "tests/support/random.h"
#include "tests/support/tls_pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

enum { HYBRID = 1 << GN_GROUP_X25519MLKEM768 };

static gn_test_pair pair;
static uint64_t target;
static int victim;
static uint64_t chance;
static uint64_t server_sent;

static void
show(int side, const char *name)
{
    const gn_span certificate = gn_test_tls_pem(name, "pem");
    const gn_span key = gn_test_tls_pem(name, "key");

    pair.side[side].config.certificate_pem = (const char *)certificate.ptr;
    pair.side[side].config.certificate_pem_len = certificate.len;
    pair.side[side].config.private_key_pem = (const char *)key.ptr;
    pair.side[side].config.private_key_pem_len = key.len;
}

static void
trust(int side, const char *name)
{
    const gn_span ca = gn_test_tls_pem(name, "pem");

    pair.side[side].config.ca_pem = (const char *)ca.ptr;
    pair.side[side].config.ca_pem_len = ca.len;
}

static void
hybrid(void)
{
    gn_test_pair_init(&pair);
    pair.side[CLIENT].config.groups = HYBRID | 1 << GN_GROUP_X25519;
    pair.side[CLIENT].config.group_order[0] = 1 + GN_GROUP_X25519MLKEM768;
    pair.side[SERVER].config.groups = HYBRID;
}

/* Which suite and group it was can be read at both ends. */
START_TEST(handshake_tells_suite_and_group)
{
    gn_test_pair_init(&pair);
    for (int i = 0; i < 2; i++) {
        pair.side[i].config.groups = (uint8_t)(1 << _i / 3);
        pair.side[i].config.suites = (uint8_t)(1 << _i % 3);
    }
    gn_test_pair_confirm(&pair);
    for (int i = 0; i < 2; i++) {
        ck_assert_uint_eq(gn_test_pair_info(&pair, i).group, (unsigned)_i / 3);
        ck_assert_uint_eq(gn_test_pair_info(&pair, i).suite, (unsigned)_i % 3);
    }
    gn_test_pair_expect_alive(&pair);
    gn_test_pair_end(&pair);
}
END_TEST

/* RFC 8446 4.1.4: the one share is of a group the server does not take; with a Retry before it. */
START_TEST(handshake_completes_after_a_hello_retry_request)
{
    gn_test_pair_init(&pair);
    pair.side[CLIENT].config.groups = 15;
    pair.side[CLIENT].config.group_order[0] = (uint8_t)(1 + _i % 4);
    pair.side[SERVER].config.groups = (uint8_t)(1 << (_i + 1) % 4);
    if (_i >= 4)
        pair.side[SERVER].config.retry_above = 0;
    gn_test_pair_confirm(&pair);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).group, (unsigned)(_i + 1) % 4);
    gn_test_pair_expect_alive(&pair);
    gn_test_pair_end(&pair);
}
END_TEST

static void
pad_count(uint32_t from, uint32_t *initials)
{
    for (*initials = 0; from < pair.side[CLIENT].sents; from++)
        *initials += pair.side[CLIENT].sent[from].kind == GN_EVENT_INITIAL;
}

/* [R-9000-14.1-1] */
START_TEST(handshake_hello_of_two_packets_is_one_flight)
{
    uint32_t initials;

    hybrid();
    gn_test_pair_start(&pair);
    pad_count(0, &initials);
    ck_assert_uint_eq(initials, 2);
    ck_assert_uint_eq(pair.side[CLIENT].datagrams, 2);
    ck_assert_uint_eq(pair.side[CLIENT].bytes, 2 * 1200);
    gn_test_pair_settle(&pair);
    gn_test_pair_expect_alive(&pair);
    ck_assert_uint_eq(pair.side[SERVER].accepted, 1);
    gn_test_pair_end(&pair);
}
END_TEST

/* A share of the second group comes with the hello, and spares the round trip. */
START_TEST(handshake_key_shares_are_as_many_as_asked)
{
    gn_test_pair_init(&pair);
    pair.side[CLIENT].config.key_shares = (uint8_t)(1 + _i);
    pair.side[SERVER].config.groups = 1 << GN_GROUP_SECP256R1;
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, 25 * GN_MS);
    ck_assert_uint_eq(pair.side[CLIENT].states >> GN_STATE_READY & 1, (unsigned)_i);
    gn_test_pair_settle(&pair);
    gn_test_pair_expect_alive(&pair);
    gn_test_pair_end(&pair);
}
END_TEST

/* RFC 9000 8.1: whatever is lost or comes twice, the server never goes beyond the limit. */
static void
watch_amplification(gn_test_pair *p, const gn_test_datagram *d)
{
    if (d->to == CLIENT && p->side[SERVER].states == 0)
        ck_assert_uint_le(p->side[SERVER].bytes, 3 * p->side[SERVER].received_bytes);
}

static gn_test_fate
drop_target(gn_test_pair *p, gn_test_datagram *d)
{
    watch_amplification(p, d);
    return d->to != victim && d->nth == target ? GN_TEST_DROP : GN_TEST_PASS;
}

START_TEST(handshake_of_a_large_hello_survives_the_loss_of_any_datagram)
{
    hybrid();
    show(SERVER, "rsa");
    victim = _i % 2;
    target = (uint64_t)_i / 2;
    pair.hook = drop_target;
    if (_i >= 24)
        pair.side[SERVER].config.retry_above = 0;
    target %= 12;
    gn_test_pair_confirm(&pair);
    gn_test_pair_expect_alive(&pair);
    ck_assert_uint_lt(pair.now, 20 * GN_SECOND);
    gn_test_pair_end(&pair);
}
END_TEST

static gn_test_fate
second_first(gn_test_pair *p, gn_test_datagram *d)
{
    if (p->now == 0 && d->to == SERVER && d->nth == 0)
        d->at += 15 * GN_MS;
    watch_amplification(p, d);
    return GN_TEST_PASS;
}

/* The end of a hello makes no connection more than its beginning does. */
START_TEST(handshake_of_a_large_hello_in_any_order_is_one_connection)
{
    hybrid();
    pair.hook = second_first;
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, 12 * GN_MS);
    ck_assert_uint_eq(gn_endpoint_connections(pair.side[SERVER].endpoint), 1);
    ck_assert_uint_eq(pair.side[SERVER].states, 1u << GN_STATE_ACCEPTED);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(pair.side[SERVER].accepted, 1);
    gn_test_pair_expect_alive(&pair);
    gn_test_pair_end(&pair);
}
END_TEST

static gn_test_fate
storm(gn_test_pair *p, gn_test_datagram *d)
{
    const uint64_t word = gn_test_random(&chance);

    watch_amplification(p, d);
    if (p->now > 3 * GN_SECOND)
        return GN_TEST_PASS;
    d->at += word % (50 * GN_MS);
    switch (word >> 32 & 7) {
    case 0:
    case 1: return GN_TEST_DROP;
    case 2: return GN_TEST_TWICE;
    case 3: d->bytes[(word >> 40) % d->len] ^= (uint8_t)(1 << (word >> 60 & 7)); break;
    default: break;
    }
    return GN_TEST_PASS;
}

/* With HelloRetryRequest, with Retry, with both, with neither. */
START_TEST(handshake_of_a_large_hello_survives_a_storm)
{
    hybrid();
    if ((_i & 1) != 0)
        pair.side[CLIENT].config.group_order[0] = 1 + GN_GROUP_X25519;
    if ((_i & 2) != 0)
        pair.side[SERVER].config.retry_above = 0;
    chance = (uint64_t)_i + 100;
    pair.hook = storm;
    gn_test_pair_confirm(&pair);
    gn_test_pair_expect_alive(&pair);
    gn_test_pair_end(&pair);
}
END_TEST

/* The server's order decides; each field bites. */
START_TEST(handshake_server_orders_suites_and_groups)
{
    gn_test_pair_init(&pair);
    for (int i = 0; i < 2; i++)
        pair.side[i].config.groups = 15;
    pair.side[CLIENT].config.key_shares = 4;
    pair.side[SERVER].config.suite_order[0] = (uint8_t)(1 + _i);
    pair.side[SERVER].config.group_order[0] = (uint8_t)(1 + _i + 1);
    gn_test_pair_confirm(&pair);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).suite, (unsigned)_i);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).group, (unsigned)_i + 1);
    gn_test_pair_end(&pair);
}
END_TEST

static gn_err
certificate_of(int side, gn_certificate *out)
{
    *out = (gn_certificate){.size = sizeof *out};
    return gn_connection_certificate(pair.side[side].endpoint, pair.side[side].connection, out);
}

START_TEST(handshake_asks_the_client_for_its_certificate)
{
    static const struct {
        const char *certificate;
        const char *ca;
        uint8_t verify;
        uint64_t code; /* 0: it completes */
        const char *name;
    } rows[] = {
        {"client", "ca", GN_VERIFY_CLIENT_REQUIRE, 0, NULL},
        {"client-ed25519", "ca", GN_VERIFY_CLIENT_ASK, 0, NULL},
        {NULL, "ca", GN_VERIFY_CLIENT_ASK, 0, NULL},
        {"client", "ca", GN_VERIFY_CLIENT_NONE, 0, NULL},
        {NULL, "ca", GN_VERIFY_CLIENT_REQUIRE, 0x174, "certificate_required"},
        {"client", "other-ca", GN_VERIFY_CLIENT_ASK, 0x130, "unknown_ca"},
        {"expired", "ca", GN_VERIFY_CLIENT_REQUIRE, 0x12d, "certificate_expired"},
    };
    gn_certificate shown;

    gn_test_pair_init(&pair);
    trust(SERVER, rows[_i].ca);
    pair.side[SERVER].config.verify_client = rows[_i].verify;
    pair.side[SERVER].config.keep_certificate = 1;
    if (rows[_i].certificate != NULL)
        show(CLIENT, rows[_i].certificate);
    if (rows[_i].code == 0) {
        gn_test_pair_confirm(&pair);
        const bool any = rows[_i].certificate != NULL && rows[_i].verify != 0;
        ck_assert_int_eq(certificate_of(SERVER, &shown), any ? GN_OK : GN_ERR_NONE);
        ck_assert_int_eq(certificate_of(CLIENT, &shown), GN_ERR_NONE);
        gn_test_pair_expect_alive(&pair);
    } else {
        gn_test_pair_start(&pair);
        gn_test_pair_settle(&pair);
        /* The client had finished before it was judged (RFC 8446 4.4.2.4). */
        gn_test_pair_expect_fault(&pair, SERVER, rows[_i].code, "RFC ");
        gn_test_pair_expect_closed(&pair, CLIENT, GN_CLOSE_PEER_TRANSPORT, rows[_i].code, "");
        ck_assert_str_eq(gn_code_name(pair.side[CLIENT].closed.code), rows[_i].name);
        ck_assert_uint_eq(pair.side[SERVER].states & 1u << GN_STATE_READY, 0);
    }
    gn_test_pair_end(&pair);
}
END_TEST

START_TEST(handshake_keeps_the_peers_certificate)
{
    gn_certificate shown;

    gn_test_pair_init(&pair);
    pair.side[CLIENT].config.keep_certificate = 1;
    pair.side[CLIENT].config.verify_peer = (uint8_t)_i;
    gn_test_pair_start(&pair);
    ck_assert_int_eq(certificate_of(CLIENT, &shown), GN_ERR_NONE);
    gn_test_pair_settle(&pair);
    ck_assert_int_eq(certificate_of(CLIENT, &shown), GN_OK);
    ck_assert_uint_eq(shown.size, sizeof shown);
    ck_assert_uint_eq(shown.der[0], 0x30);
    ck_assert_uint_eq(shown.len, 4u + shown.der[2] * 256u + shown.der[3]);
    ck_assert_uint_eq(shown.verified, (unsigned)_i);
    ck_assert_int_eq(gn_connection_certificate(pair.side[CLIENT].endpoint, 99, &shown),
                     GN_ERR_NONE);
    gn_test_pair_end(&pair);
}
END_TEST

/* RFC 9001 8.1: the client's order decides; none in common is told at both ends. */
START_TEST(handshake_protocol_is_the_first_that_both_know)
{
    static const struct {
        const char *client;
        const char *server;
        const char *both;
    } rows[] = {
        {"a,b,c", "c,b", "b"}, {"hq", "h3,hq", "hq"}, {"x,hq", "hq", "hq"}, {"x", "y", NULL}};

    gn_test_pair_init(&pair);
    pair.side[CLIENT].config.alpn = rows[_i].client;
    pair.side[SERVER].config.alpn = rows[_i].server;
    gn_test_pair_start(&pair);
    gn_test_pair_settle(&pair);
    if (rows[_i].both == NULL) {
        gn_test_pair_expect_closed(&pair, CLIENT, GN_CLOSE_PEER_TRANSPORT, 0x178, "");
        ck_assert_str_eq(gn_code_name(0x178), "no_application_protocol");
    } else {
        for (int i = 0; i < 2; i++)
            ck_assert_str_eq(pair.side[i].alpn, rows[_i].both);
    }
    gn_test_pair_end(&pair);
}
END_TEST

START_TEST(handshake_codes_have_names)
{
    ck_assert_str_eq(gn_code_name(0x0a), "PROTOCOL_VIOLATION");
    ck_assert_str_eq(gn_code_name(0x100), "close_notify");
    ck_assert_str_eq(gn_code_name(0x130), "unknown_ca");
    ck_assert_str_eq(gn_code_name(0x1ff), "unknown_alert");
    ck_assert_str_eq(gn_code_name(0x200), "UNKNOWN_ERROR");
}
END_TEST

/* A full house of handshakes: each hello of two packets takes one place, not two. */
START_TEST(handshake_of_a_large_hello_takes_one_place)
{
    hybrid();
    pair.side[SERVER].config.max_server_connections = 1;
    gn_test_pair_confirm(&pair);
    server_sent = pair.side[SERVER].datagrams;
    gn_test_pair_expect_alive(&pair);
    ck_assert_uint_eq(pair.side[CLIENT].closed.times, 0);
    gn_test_pair_connect(&pair); /* no place for another */
    gn_test_pair_settle(&pair);
    gn_test_pair_expect_closed(&pair, CLIENT, GN_CLOSE_PEER_TRANSPORT, 0x02, "");
    ck_assert_uint_gt(pair.side[SERVER].datagrams, server_sent);
    gn_test_pair_end(&pair);
}
END_TEST

Suite *
gn_test_conn_handshake_tls(void)
{
    Suite *suite = suite_create("conn/conn_handshake_tls");
    TCase *good = tcase_create("good");
    TCase *random = tcase_create("random");

    tcase_set_timeout(random, 60);
    tcase_add_loop_test(good, handshake_tells_suite_and_group, 0, 3 * GN_GROUP_KINDS);
    tcase_add_loop_test(good, handshake_completes_after_a_hello_retry_request, 0, 8);
    tcase_add_test(good, handshake_hello_of_two_packets_is_one_flight);
    tcase_add_loop_test(good, handshake_key_shares_are_as_many_as_asked, 0, 2);
    tcase_add_loop_test(good, handshake_of_a_large_hello_survives_the_loss_of_any_datagram, 0, 48);
    tcase_add_test(good, handshake_of_a_large_hello_in_any_order_is_one_connection);
    tcase_add_test(good, handshake_of_a_large_hello_takes_one_place);
    tcase_add_loop_test(good, handshake_server_orders_suites_and_groups, 0, 3);
    tcase_add_loop_test(good, handshake_asks_the_client_for_its_certificate, 0, 7);
    tcase_add_loop_test(good, handshake_keeps_the_peers_certificate, 0, 2);
    tcase_add_loop_test(good, handshake_protocol_is_the_first_that_both_know, 0, 4);
    tcase_add_test(good, handshake_codes_have_names);
    tcase_add_loop_test(random, handshake_of_a_large_hello_survives_a_storm, 0, 24);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, random);
    return suite;
}
