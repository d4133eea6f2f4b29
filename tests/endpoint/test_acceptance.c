/*
 * test_acceptance.c: what whoever takes the library in asks of it first, through gnomon.h alone.
 *
 * The packets that the RFCs print, the opening of a connection, every kind of effect. The same
 * in Python: tests/python/test_acceptance.py.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "gnomon.h"
#include "suites.h"
#include "tests/support/pair.h"
#include "tests/support/vectors.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER, BYTES = 1500, LEAST = 1200 };

static gn_test_pair pair;
static gn_test_vectors v;
static const char *const rfcs[] = {"rfc9001", "rfc9369"}; /* versions 1 and 2 */
static uint8_t bytes[BYTES];
static uint8_t wanted[BYTES];

static void
set_up(void)
{
    gn_test_pair_init(&pair);
    for (int i = 0; i < 2; i++)
        pair.side[i].config.inspect_packets = 1;
}

/* Case number nth, from 0, of the file of this name about version _i. */
static void
vector(int rfc, const char *name, int nth)
{
    char file[64];

    (void)snprintf(file, sizeof file, "%s_%s.txt", rfcs[rfc], name);
    gn_test_vectors_open(&v, file);
    for (int i = 0; i <= nth; i++)
        ck_assert(gn_test_vectors_next(&v));
}

/* The endpoints are there; nobody connects yet. */
static gn_endpoint *
made(int side)
{
    gn_test_side *it = &pair.side[side];

    it->block_bytes = gn_endpoint_size(&it->config.limits);
    it->block = aligned_alloc(64, (it->block_bytes + 63) / 64 * 64);
    ck_assert_int_eq(gn_endpoint_init(it->block, it->block_bytes, &it->config, &it->endpoint),
                     GN_OK);
    return it->endpoint;
}

static void
give(gn_endpoint *endpoint, const uint8_t *packet, size_t len)
{
    const gn_datagram datagram = {.size = sizeof datagram, .bytes = packet, .len = len, .route = 1};

    ck_assert_int_eq(gn_endpoint_receive(endpoint, &datagram, 1000), GN_OK);
}

/* The next effect of this kind; the ones before are let go. */
static gn_effect
next(gn_endpoint *endpoint, gn_effect_kind kind)
{
    gn_effect effect = {0};

    while (gn_endpoint_next_effect(endpoint, &effect))
        if (effect.kind == (uint32_t)kind)
            return effect;
    ck_abort_msg("there is no effect of kind %d", (int)kind);
    return effect;
}

/* A client that has begun with the ID that the RFCs begin with, and this version. */
static gn_endpoint *
client_of(uint32_t version, gn_effect *first)
{
    static const uint8_t original[] = {0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08};
    gn_connection connection = 0;
    gn_connect connect;
    gn_effect rest;

    pair.side[CLIENT].config.cid_len = 0;
    pair.side[CLIENT].config.versions[0] = version;
    gn_endpoint *client = made(CLIENT);
    gn_connect_default(&connect);
    connect.server_name = "server.example";
    connect.route = 1;
    connect.initial_dcid = original;
    connect.initial_dcid_len = sizeof original;
    ck_assert_int_eq(gn_endpoint_connect(client, &connect, 0, &connection), GN_OK);
    *first = next(client, GN_EFFECT_SEND);
    while (gn_endpoint_next_effect(client, &rest))
        continue;
    return client;
}

/* RFC 9001 A.2, RFC 9369 A.2 */
START_TEST(acceptance_server_opens_the_client_initial_of_the_rfc)
{
    vector(_i, "a_packets", 0);
    gn_endpoint *server = made(SERVER);
    give(server, bytes, gn_test_vectors_bytes(&v, "packet", bytes, BYTES));
    const gn_effect effect = next(server, GN_EFFECT_PACKET);
    const size_t len = gn_test_vectors_bytes(&v, "payload", wanted, BYTES);
    ck_assert_uint_eq(effect.packet->kind, GN_EVENT_INITIAL);
    ck_assert_uint_eq(effect.packet->pn, gn_test_vectors_u64(&v, "pn"));
    ck_assert_uint_eq(effect.packet->version, gn_test_vectors_u64(&v, "version"));
    ck_assert_uint_eq(effect.packet->payload_len, len);
    ck_assert_mem_eq(effect.packet->payload, wanted, len);
}
END_TEST

/* RFC 9001 A.3, RFC 9369 A.3 */
START_TEST(acceptance_client_opens_the_server_initial_of_the_rfc)
{
    gn_effect first;

    vector(_i, "a_packets", 1);
    gn_endpoint *client = client_of((uint32_t)gn_test_vectors_u64(&v, "version"), &first);
    give(client, bytes, gn_test_vectors_bytes(&v, "packet", bytes, BYTES));
    const gn_effect effect = next(client, GN_EFFECT_PACKET);
    const size_t len = gn_test_vectors_bytes(&v, "payload", wanted, BYTES);
    ck_assert_uint_eq(effect.packet->outbound, 0);
    ck_assert_uint_eq(effect.packet->payload_len, len);
    ck_assert_mem_eq(effect.packet->payload, wanted, len);
}
END_TEST

/* RFC 9001 A.4, RFC 9369 A.4: with any bit changed it is dropped. */
START_TEST(acceptance_client_follows_the_retry_of_the_rfc_and_no_other)
{
    gn_effect first;

    vector(_i, "a4_retry", 0);
    gn_endpoint *client = client_of((uint32_t)gn_test_vectors_u64(&v, "version"), &first);
    const size_t len = gn_test_vectors_bytes(&v, "packet", bytes, BYTES);
    const size_t token_len = gn_test_vectors_bytes(&v, "token", wanted, BYTES);
    for (size_t bit = 0; bit < 8 * len; bit++) {
        gn_effect effect;
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        give(client, bytes, len);
        while (gn_endpoint_next_effect(client, &effect))
            ck_assert_uint_ne(effect.kind, GN_EFFECT_SEND);
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    give(client, bytes, len);
    const gn_effect effect = next(client, GN_EFFECT_PACKET);
    ck_assert_uint_eq(effect.packet->token_len, token_len);
    ck_assert_mem_eq(effect.packet->token, wanted, token_len);
    ck_assert_uint_eq(gn_test_vectors_bytes(&v, "scid", wanted, BYTES), effect.packet->dcid_len);
    ck_assert_mem_eq(effect.packet->dcid, wanted, effect.packet->dcid_len);
}
END_TEST

/* RFC 9000 14.1, 17.2.2; RFC 9001 4.3 */
START_TEST(acceptance_opening_is_a_full_initial_with_a_client_hello)
{
    gn_connection connection = 0;
    gn_connect connect;
    gn_effect effect;

    gn_endpoint *client = made(CLIENT);
    gn_connect_default(&connect);
    connect.server_name = "server.example";
    connect.route = 7;
    ck_assert_int_eq(gn_endpoint_connect(client, &connect, 0, &connection), GN_OK);
    uint32_t sends = 0;
    uint32_t hellos = 0;
    while (gn_endpoint_next_effect(client, &effect)) {
        ck_assert_uint_eq(effect.connection, connection);
        ck_assert_uint_eq(effect.route, 7);
        if (effect.kind == GN_EFFECT_SEND) {
            ck_assert_uint_ge(effect.len, LEAST);
            sends++;
        } else if (effect.packet->payload[0] == 0x06 && effect.packet->payload[1] == 0) {
            const uint8_t *hello = effect.packet->payload + 4; /* type, offset, length of two */
            ck_assert_uint_eq(hello[0], 1);                    /* ClientHello */
            hellos++;
        }
    }
    ck_assert_uint_eq(sends, 1);
    ck_assert_uint_eq(hellos, 1);
}
END_TEST

/* A connection that does whatever there is to do. */
static void
do_everything(void)
{
    gn_test_side *client = &pair.side[CLIENT];

    gn_test_pair_confirm(&pair);
    uint64_t stream = gn_test_pair_open(&pair, CLIENT, false);
    ck_assert_uint_eq(gn_test_pair_write(&pair, CLIENT, stream, 0, 9000, false), 4096);
    ck_assert_int_eq(gn_test_pair_message(&pair, CLIENT, 1, 20, 0, GN_NEVER), GN_OK);
    gn_test_pair_settle(&pair);
    ck_assert_int_eq(gn_test_pair_message(&pair, CLIENT, 2, 20, 0, pair.now), GN_OK);
    ck_assert_int_eq(
        gn_connection_stop_stream(client->endpoint, client->connection, stream, 2, pair.now),
        GN_OK);
    ck_assert_int_eq(
        gn_connection_reset_stream(client->endpoint, client->connection, stream, 1, pair.now),
        GN_OK);
    ck_assert_int_eq(gn_connection_migrate(client->endpoint, client->connection, 7, pair.now),
                     GN_OK);
    gn_test_pair_pull(&pair, CLIENT);
    gn_test_pair_settle(&pair);
    ck_assert_int_eq(
        gn_connection_close(client->endpoint, client->connection, 9, "enough", 6, pair.now), GN_OK);
    gn_test_pair_pull(&pair, CLIENT);
    gn_test_pair_settle(&pair);
    pair.resumes = true;
    pair.early = true;
    gn_test_pair_connect(&pair);
    stream = gn_test_pair_open(&pair, CLIENT, false);
    gn_test_pair_settle(&pair);
}

START_TEST(acceptance_every_kind_of_effect_is_seen)
{
    gn_config *server = &pair.side[SERVER].config;

    for (int i = 0; i < 2; i++) {
        gn_config *config = &pair.side[i].config;
        gn_limits_default(&config->limits, 4);
        config->session_tickets = 1;
        config->max_datagram_frame_size = 65535;
        config->initial_max_streams_bidi = 1;
        config->send_buffer_bytes = 4096;
    }
    server->allow_early_data = 1;
    server->preferred_ipv4_port = 443;
    do_everything();
    for (int kind = 0; kind < GN_EFFECT_KINDS; kind++)
        ck_assert_msg(pair.side[CLIENT].effects[kind] + pair.side[SERVER].effects[kind] > 0,
                      "no effect of kind %d", kind);
    gn_test_pair_end(&pair);
}
END_TEST

Suite *
gn_test_acceptance(void)
{
    Suite *suite = suite_create("endpoint/acceptance");
    TCase *good = tcase_create("good");
    TCase *vectors = tcase_create("vectors");

    tcase_add_checked_fixture(good, set_up, NULL);
    tcase_add_checked_fixture(vectors, set_up, NULL);
    tcase_add_loop_test(vectors, acceptance_server_opens_the_client_initial_of_the_rfc, 0, 2);
    tcase_add_loop_test(vectors, acceptance_client_opens_the_server_initial_of_the_rfc, 0, 2);
    tcase_add_loop_test(vectors, acceptance_client_follows_the_retry_of_the_rfc_and_no_other, 0, 2);
    tcase_add_test(good, acceptance_opening_is_a_full_initial_with_a_client_hello);
    tcase_add_test(good, acceptance_every_kind_of_effect_is_seen);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, vectors);
    return suite;
}
