/*
 * test_endpoint.c: endpoints as a whole: their memory, determinism, copies, many connections.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "prop.h"
#include "endpoint/endpoint.h"
#include "suites.h"
#include "tests/support/forge.h"
#include "tests/support/pair.h"
#include "tests/support/random.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

static gn_test_pair pair;
static uint64_t chance;

START_TEST(endpoint_says_how_much_memory_it_needs)
{
    gn_limits limits;

    ck_assert_uint_eq(gn_abi(), GN_ABI);
    gn_limits_default(&limits, 1);
    const size_t one = gn_endpoint_size(&limits);
    ck_assert_uint_gt(one, 0);
    ck_assert_uint_eq(one % 16, 0);
    gn_limits_default(&limits, 3);
    ck_assert_uint_gt(gn_endpoint_size(&limits), 2 * one);
    for (int i = 0; i < 7; i++) {
        gn_limits_default(&limits, 1);
        switch (i) {
        case 0: limits.connections = 0; break;
        case 1: limits.connections = 65537; break;
        case 2: limits.streams = 0; break;
        case 3: limits.chunks = 0; break;
        case 4: limits.sent = 0; break;
        case 5: limits.keys = 0; break;
        default: limits.size = 0; break;
        }
        ck_assert_uint_eq(gn_endpoint_size(&limits), 0);
    }
}
END_TEST

START_TEST(endpoint_init_says_what_is_wrong)
{
    gn_endpoint *out = NULL;

    gn_test_pair_init(&pair);
    gn_config *c = &pair.side[CLIENT].config;
    size_t size = gn_endpoint_size(&c->limits);
    uint8_t *block = aligned_alloc(64, (size + 127) / 64 * 64);
    void *at = block;
    gn_err wanted = GN_ERR_CONFIG;
    const gn_config *given = c;

    ck_assert_ptr_nonnull(block);
    switch (_i) {
    case 0: at = NULL; break;
    case 1: at = block + 8; break;
    case 2: given = NULL; break;
    case 3: c->size--; break;
    case 4: c->alpn = NULL; break;
    case 5: c->alpn = ""; break;
    case 6: c->ca_pem = NULL; break;
    case 7: c->role = GN_ROLE_SERVER; break;
    case 8: c->cid_len = 255; break;
    case 9: c->cid_len = 21; break;
    case 10: c->max_udp_payload_size = 1199; break;
    case 11: c->max_datagram_out = 1501; break;
    case 12: c->suites = 0; break;
    case 13: c->limits.keys = 0; break;
    case 14: c->active_connection_id_limit = 1; break;
    case 15: c->ack_delay_exponent = 21; break;
    case 16: c->max_ack_delay_us = (UINT64_C(1) << 14) * GN_MS; break;
    case 17:
        c->ca_pem = "no certificate";
        c->ca_pem_len = 14;
        wanted = GN_ERR_TLS;
        break;
    case 18:
        size--;
        wanted = GN_ERR_FULL;
        break;
    default: wanted = GN_OK; break;
    }
    ck_assert_int_eq(gn_endpoint_init(at, size, given, &out), wanted);
    ck_assert(wanted == GN_OK ? out == at : out == NULL);
    ck_assert_int_eq(gn_endpoint_init(block, size, c, NULL), GN_ERR_CONFIG);
    if (out != NULL)
        gn_endpoint_wipe(out);
    free(block);
}
END_TEST

static gn_test_fate
shake_all(gn_test_pair *p, gn_test_datagram *d)
{
    const uint64_t word = gn_test_random(&chance);

    (void)p;
    d->at += word % (20 * GN_MS);
    return word >> 32 & 7 ? GN_TEST_PASS : GN_TEST_DROP;
}

/* A whole life with loss, data, a move and an end; the hash of all effects of both sides. */
static void
live(uint8_t seed, uint64_t trace[2])
{
    gn_test_pair_init(&pair);
    for (int i = 0; i < 2; i++)
        pair.side[i].config.seed[31] = (uint8_t)(seed + i);
    chance = 5;
    pair.hook = shake_all;
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, 8 * GN_SECOND);
    const uint64_t stream = gn_test_pair_open(&pair, CLIENT, false);
    (void)gn_test_pair_write(&pair, CLIENT, stream, 0, 40000, true);
    gn_test_pair_run(&pair, 9 * GN_SECOND);
    ck_assert_int_eq(gn_connection_migrate(pair.side[CLIENT].endpoint, pair.side[CLIENT].connection,
                                           2, pair.now),
                     GN_OK);
    gn_test_pair_pull(&pair, CLIENT);
    gn_test_pair_run(&pair, 20 * GN_SECOND);
    ck_assert_int_eq(gn_connection_close(pair.side[CLIENT].endpoint, pair.side[CLIENT].connection,
                                         1, "end", 3, pair.now),
                     GN_OK);
    gn_test_pair_run(&pair, 60 * GN_SECOND);
    trace[0] = pair.side[0].trace;
    trace[1] = pair.side[1].trace;
    gn_test_pair_end(&pair);
}

START_TEST(endpoint_with_the_same_seed_does_the_same)
{
    uint64_t first[2];
    uint64_t again[2];
    uint64_t other[2];

    live(1, first);
    live(1, again);
    live(2, other);
    ck_assert_mem_eq(first, again, sizeof first);
    ck_assert_uint_ne(first[0], other[0]);
    ck_assert_uint_ne(first[1], other[1]);
}
END_TEST

/* No pointer into the block is kept: it may be moved while nobody is in a call. */
START_TEST(endpoint_works_from_another_address)
{
    gn_test_pair_shake(&pair);
    const uint64_t stream = gn_test_pair_open(&pair, CLIENT, false);
    (void)gn_test_pair_write(&pair, CLIENT, stream, 0, 30000, false);
    gn_test_pair_run(&pair, pair.now + 15 * GN_MS);
    for (int i = 0; i < 2; i++) {
        gn_test_side *side = &pair.side[i];
        void *copy = aligned_alloc(64, (side->block_bytes + 63) / 64 * 64);
        ck_assert_ptr_nonnull(copy);
        const uint64_t digest = gn_test_pair_digest(&pair, i);
        memcpy(copy, side->block, side->block_bytes);
        memset(side->block, 0xa5, side->block_bytes);
        free(side->block);
        side->block = copy;
        side->endpoint = copy;
        gn_endpoint_check(side->endpoint);
        ck_assert_uint_eq(gn_test_pair_digest(&pair, i), digest);
    }
    (void)gn_test_pair_write(&pair, CLIENT, stream, 30000, 10, true);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(gn_test_pair_stream(&pair, SERVER, stream)->bytes, 30010);
    gn_test_pair_expect_alive(&pair);
    gn_test_pair_end(&pair);
}
END_TEST

/* Handles are never used twice, and rooms are used again. */
START_TEST(endpoint_serves_one_connection_after_the_other)
{
    gn_connect connect;
    gn_connection seen[6];

    gn_test_pair_init(&pair);
    for (int i = 0; i < 2; i++)
        pair.side[i].config.limits.connections = 1;
    gn_test_pair_confirm(&pair);
    gn_test_side *client = &pair.side[CLIENT];
    for (int i = 0; i < 6; i++) {
        seen[i] = client->connection;
        for (int k = 0; k < i; k++)
            ck_assert_uint_ne(seen[k], seen[i]);
        ck_assert_int_eq(
            gn_connection_close(client->endpoint, client->connection, 0, "", 0, pair.now), GN_OK);
        gn_test_pair_pull(&pair, CLIENT);
        gn_test_pair_settle(&pair);
        ck_assert_uint_eq(gn_connection_digest(client->endpoint, seen[i]), 0);
        gn_connect_default(&connect);
        connect.server_name = "server.example";
        connect.route = 1;
        ck_assert_int_eq(
            gn_endpoint_connect(client->endpoint, &connect, pair.now, &client->connection), GN_OK);
        gn_test_pair_pull(&pair, CLIENT);
        gn_test_pair_settle(&pair);
        ck_assert_uint_eq(pair.side[SERVER].accepted, (unsigned)i + 2);
    }
}
END_TEST

START_TEST(endpoint_carries_many_connections)
{
    enum { MANY = 12 };
    gn_connection all[MANY];
    gn_connect connect;
    gn_connection none = 9;

    gn_test_pair_init(&pair);
    for (int i = 0; i < 2; i++) {
        gn_limits_default(&pair.side[i].config.limits, MANY);
        pair.side[i].config.limits.chunks = 2048;
        pair.side[i].config.limits.sent = 4096;
    }
    gn_test_pair_start(&pair);
    all[0] = pair.side[CLIENT].connection;
    gn_connect_default(&connect);
    connect.server_name = "server.example";
    for (int i = 1; i < MANY; i++) {
        connect.route = 1 + (gn_route)i % 8;
        ck_assert_int_eq(
            gn_endpoint_connect(pair.side[CLIENT].endpoint, &connect, pair.now, &all[i]), GN_OK);
    }
    ck_assert_int_eq(gn_endpoint_connect(pair.side[CLIENT].endpoint, &connect, pair.now, &none),
                     GN_ERR_FULL);
    ck_assert_uint_eq(none, 0);
    gn_test_pair_pull(&pair, CLIENT);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(pair.side[SERVER].accepted, MANY);
    ck_assert_uint_eq(gn_endpoint_connections(pair.side[SERVER].endpoint), MANY);
    for (int i = 0; i < MANY; i++) {
        gn_info info;
        ck_assert_int_eq(gn_connection_info(pair.side[CLIENT].endpoint, all[i], &info), GN_OK);
        ck_assert_uint_eq(info.confirmed, 1);
    }
    gn_test_pair_end(&pair);
}
END_TEST

START_TEST(endpoint_keeps_its_promises_whatever_comes)
{
    uint64_t state = (uint64_t)_i;
    uint8_t bytes[400];

    for (int turn = 0; turn < 10; turn++) {
        const size_t len = gn_test_random(&state) % sizeof bytes;
        gn_test_random_fill(&state, bytes, len);
        ck_assert(gn_prop_endpoint(bytes, len));
    }
}
END_TEST

Suite *
gn_test_endpoint(void)
{
    Suite *suite = suite_create("endpoint/endpoint");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_test(good, endpoint_says_how_much_memory_it_needs);
    tcase_add_test(good, endpoint_with_the_same_seed_does_the_same);
    tcase_add_test(good, endpoint_works_from_another_address);
    tcase_add_test(good, endpoint_serves_one_connection_after_the_other);
    tcase_add_test(good, endpoint_carries_many_connections);
    tcase_add_loop_test(limits, endpoint_init_says_what_is_wrong, 0, 20);
    tcase_add_loop_test(random, endpoint_keeps_its_promises_whatever_comes, 0, 12);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    suite_add_tcase(suite, random);
    return suite;
}
