/*
 * test_conn_handshake.c: handshakes of two endpoints: which succeed, how others fail, and that
 * loss, repetition, disorder and damage only delay them.
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/forge.h"
#include "tests/support/pair.h"
#include "tests/support/random.h"
#include "tests/support/tls_pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

static gn_test_pair pair;
static gn_test_forge forge;
static uint64_t target;
static int victim;
static uint64_t chance;

/* [R-9001-4.9.1-1] */
START_TEST(handshake_completes_with_each_suite)
{
    gn_test_pair_init(&pair);
    pair.side[CLIENT].config.suites = (uint8_t)(1 << _i);
    gn_test_pair_confirm(&pair);
    for (int i = 0; i < 2; i++) {
        ck_assert_uint_eq(pair.side[i].suite, (unsigned)_i);
        ck_assert_str_eq(pair.side[i].alpn, "hq");
        ck_assert_uint_eq(pair.side[i].states & 6u,
                          1u << GN_STATE_READY | 1u << GN_STATE_CONFIRMED);
        ck_assert_uint_eq(pair.side[i].discarded & 5u,
                          1u << GN_EVENT_INITIAL | 1u << GN_EVENT_HANDSHAKE);
    }
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* [R-9000-7-2] [R-9000-10.2.1-2] [R-9001-8.1-2] [R-9001-8.1-4] */
START_TEST(handshake_without_a_common_protocol_fails)
{
    gn_test_pair_init(&pair);
    pair.side[CLIENT].config.alpn = "h9,smtp";
    gn_test_pair_start(&pair);
    gn_test_pair_settle(&pair);
    gn_test_pair_expect_fault(&pair, SERVER, 0x178, "RFC ");
    gn_test_pair_expect_closed(&pair, CLIENT, GN_CLOSE_PEER_TRANSPORT, 0x178, "RFC ");
    ck_assert_uint_eq(pair.side[CLIENT].states, 0);
    /* RFC 9000 8.1: not even refusing goes beyond the limit. */
    ck_assert_uint_le(pair.side[SERVER].bytes, 3 * pair.side[SERVER].received_bytes);
}
END_TEST

/* [R-9001-4.4-1] [R-9001-4.8-1] */
START_TEST(handshake_with_a_certificate_that_does_not_fit_fails)
{
    static const struct {
        const char *certificate;
        const char *ca;
        uint64_t code;
    } rows[] = {{"server", "other-ca", 0x130}, {"expired", "ca", 0x12d}, {"client", "ca", 0x12a}};
    gn_test_pair_init(&pair);
    const gn_span ca = gn_test_tls_pem(rows[_i].ca, "pem");
    const gn_span certificate = gn_test_tls_pem(rows[_i].certificate, "pem");
    const gn_span key = gn_test_tls_pem(rows[_i].certificate, "key");
    pair.side[CLIENT].config.ca_pem = (const char *)ca.ptr;
    pair.side[CLIENT].config.ca_pem_len = ca.len;
    pair.side[SERVER].config.certificate_pem = (const char *)certificate.ptr;
    pair.side[SERVER].config.certificate_pem_len = certificate.len;
    pair.side[SERVER].config.private_key_pem = (const char *)key.ptr;
    pair.side[SERVER].config.private_key_pem_len = key.len;
    gn_test_pair_start(&pair);
    gn_test_pair_settle(&pair);
    gn_test_pair_expect_fault(&pair, CLIENT, rows[_i].code, "RFC ");
    gn_test_pair_expect_closed(&pair, SERVER, GN_CLOSE_PEER_TRANSPORT, rows[_i].code, "");
    ck_assert_uint_eq(pair.side[CLIENT].states & 1u << GN_STATE_READY, 0);
}
END_TEST

static gn_test_fate
drop_target(gn_test_pair *p, gn_test_datagram *d)
{
    (void)p;
    return d->to != victim && d->nth == target ? GN_TEST_DROP : GN_TEST_PASS;
}

/* [R-9001-4-1] [R-9001-4.9-1] */
START_TEST(handshake_survives_the_loss_of_any_datagram)
{
    gn_test_pair_init(&pair);
    victim = _i % 2;
    target = (uint64_t)_i / 2;
    pair.hook = drop_target;
    gn_test_pair_confirm(&pair);
    gn_test_pair_expect_alive(&pair);
    ck_assert_uint_lt(pair.now, 20 * GN_SECOND);
}
END_TEST

static gn_test_fate
drop_two_done(gn_test_pair *p, gn_test_datagram *d)
{
    gn_frame frame;
    uint32_t at = 0;
    uint32_t times = 0;

    for (at = 0; gn_test_pair_sent(p, SERVER, GN_FRAME_HANDSHAKE_DONE, &at, &frame); at++)
        times++;
    return d->to == CLIENT && times > 0 && times <= 2 ? GN_TEST_DROP : GN_TEST_PASS;
}

/* [R-9000-13.3-2] */
START_TEST(handshake_done_is_sent_until_it_arrives)
{
    gn_test_pair_init(&pair);
    pair.hook = drop_two_done;
    gn_test_pair_confirm(&pair);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* A third is lost, a third comes twice, all come in any order; for ten seconds. */
static gn_test_fate
storm(gn_test_pair *p, gn_test_datagram *d)
{
    const uint64_t word = gn_test_random(&chance);

    if (p->now > 10 * GN_SECOND)
        return GN_TEST_PASS;
    d->at += word % (50 * GN_MS);
    switch (word >> 32 & 7) {
    case 0:
    case 1: return GN_TEST_DROP;
    case 2:
    case 3: return GN_TEST_TWICE;
    case 4: d->bytes[(word >> 40) % d->len] ^= (uint8_t)(1 << (word >> 60 & 7)); break;
    default: break;
    }
    return GN_TEST_PASS;
}

START_TEST(handshake_survives_loss_disorder_copies_and_damage)
{
    gn_test_pair_init(&pair);
    chance = (uint64_t)_i;
    pair.hook = storm;
    gn_test_pair_confirm(&pair);
    gn_test_pair_expect_alive(&pair);
    gn_test_pair_end(&pair);
}
END_TEST

static gn_test_fate
mangle_first(gn_test_pair *p, gn_test_datagram *d)
{
    if (p->now == 0 && d->to == SERVER)
        d->bytes[d->len - 1] ^= 1;
    return GN_TEST_PASS;
}

START_TEST(handshake_begins_with_an_initial_that_opens)
{
    gn_test_pair_init(&pair);
    pair.hook = mangle_first;
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, 20 * GN_MS);
    ck_assert_uint_eq(gn_endpoint_connections(pair.side[SERVER].endpoint), 0);
    ck_assert_uint_eq(pair.side[SERVER].datagrams, 0);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(pair.side[SERVER].accepted, 1);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* RFC 9000 7.5: the last byte that we keep, and the first that we do not. */
/* [R-9000-7.5-1] [R-9000-7.5-2] */
START_TEST(handshake_crypto_data_too_far_ahead_is_a_fault)
{
    const uint64_t last = 65536 - 16;
    gn_frame crypto = {.type = GN_FRAME_CRYPTO};
    const uint8_t bytes[16] = {0};

    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, _i);
    crypto.as.crypto = (gn_frame_crypto){.off = last, .data = gn_span_of(bytes, 16)};
    gn_test_forge_frame(&forge, &crypto);
    gn_test_forge_send(&forge);
    ck_assert_uint_eq(pair.side[1 - _i].closed.times, 0);
    crypto.as.crypto.off = last + 1;
    gn_test_forge_frame(&forge, &crypto);
    gn_test_forge_send(&forge);
    gn_test_pair_expect_fault(&pair, 1 - _i, GN_FAULT_CRYPTO_BUFFER, "RFC 9000 7.5: ");
}
END_TEST

/* [R-9001-6-2] */
START_TEST(handshake_takes_messages_of_tls_only_where_they_belong)
{
    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, _i);
    gn_test_forge_say(&forge, "06 00 05 18 000001 00"); /* a KeyUpdate of TLS (RFC 9001 6) */
    gn_test_pair_expect_fault(&pair, 1 - _i, 0x10a, "RFC 9001 6");
}
END_TEST

/* RFC 9002 6.2.2.1: the server may not send more; the client must make itself heard. */
/* [R-9000-8.1-4] */
START_TEST(handshake_does_not_stall_when_the_server_may_not_send)
{
    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, 15 * GN_MS); /* the first flight is on its way to the client */
    ck_assert_uint_gt(pair.flying, 0);
    pair.flying = 0;
    gn_test_pair_settle(&pair);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* [R-9001-4.9.2-1] */
START_TEST(handshake_keys_are_not_needed_when_all_is_confirmed)
{
    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    forge.pad_to = 1200;
    forge.kind = _i == 0 ? GN_PACKET_INITIAL : GN_PACKET_HANDSHAKE;
    const uint64_t before = gn_test_pair_digest(&pair, SERVER);
    gn_test_forge_say(&forge, "1c 00 00 00");
    ck_assert_uint_eq(pair.side[SERVER].dropped[GN_DROP_KEYS], 1);
    ck_assert_uint_eq(gn_test_pair_digest(&pair, SERVER), before);
}
END_TEST

Suite *
gn_test_conn_handshake(void)
{
    Suite *suite = suite_create("conn/conn_handshake");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *random = tcase_create("random");

    tcase_add_loop_test(good, handshake_completes_with_each_suite, 0, 3);
    tcase_add_test(good, handshake_done_is_sent_until_it_arrives);
    tcase_add_test(good, handshake_does_not_stall_when_the_server_may_not_send);
    tcase_add_loop_test(good, handshake_survives_the_loss_of_any_datagram, 0, 40);
    tcase_add_test(hostile, handshake_without_a_common_protocol_fails);
    tcase_add_loop_test(hostile, handshake_with_a_certificate_that_does_not_fit_fails, 0, 3);
    tcase_add_test(hostile, handshake_begins_with_an_initial_that_opens);
    tcase_add_loop_test(hostile, handshake_crypto_data_too_far_ahead_is_a_fault, 0, 2);
    tcase_add_loop_test(hostile, handshake_takes_messages_of_tls_only_where_they_belong, 0, 2);
    tcase_add_loop_test(hostile, handshake_keys_are_not_needed_when_all_is_confirmed, 0, 2);
    tcase_add_loop_test(random, handshake_survives_loss_disorder_copies_and_damage, 0, 20);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    suite_add_tcase(suite, random);
    return suite;
}
