/*
 * test_forgery.c: what sim/forgery.h promises: what an observer without secrets can make.
 */
#include <check.h>
#include <string.h>

#include "crypto/initial.h"
#include "crypto/suite_wolfcrypt.h"
#include "sim/forgery.h"
#include "suites.h"
#include "tests/support/pair.h"
#include "wire/header_read.h"
#include "wire/retry.h"
#include "wire/vneg.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

static gn_test_pair pair;
static gn_sim_forgery forgery;
static gn_sim_prng prng;
static uint8_t out[GN_SIM_FORGERY_BYTES];
static uint8_t seen[GN_DATAGRAM_MAX];
static size_t seen_len;

/* Watches the wire of a pair. */
static gn_test_fate
watch(gn_test_pair *p, gn_test_datagram *datagram)
{
    (void)p;
    gn_sim_forgery_learn(&forgery, datagram->to == SERVER, datagram->bytes, datagram->len);
    memcpy(seen, datagram->bytes, datagram->len);
    seen_len = datagram->len;
    return GN_TEST_PASS;
}

static void
set_up(void)
{
    memset(&forgery, 0, sizeof forgery);
    prng = gn_sim_prng_for(1, "test", 0);
    gn_test_pair_init(&pair);
    pair.hook = watch;
}

static void
tear_down(void)
{
    gn_test_pair_end(&pair);
}

static size_t
make(gn_sim_forgery_kind kind, bool to_client)
{
    const gn_sim_forgery_order order = {
        .kind = kind, .to_client = to_client, .seen = seen, .seen_len = seen_len, .len = 100};

    return gn_sim_forgery_write(&forgery, &order, gn_suite_wolfcrypt(), &prng, out);
}

/* By the way that the other end's datagrams come. */
static void
give(int at, size_t len)
{
    gn_test_pair_give(&pair, at, out, len, at == CLIENT ? 1 : pair.outside[1],
                      at == CLIENT ? 200 : pair.host[1]);
}

START_TEST(forgery_knows_nothing_before_it_saw_anything)
{
    gn_test_pair_start(&pair);
    memset(&forgery, 0, sizeof forgery);
    ck_assert_uint_eq(make(GN_SIM_FORGERY_VNEG, true), 0);
    ck_assert_uint_eq(make(GN_SIM_FORGERY_RETRY, true), 0);
    ck_assert_uint_eq(make(GN_SIM_FORGERY_CLOSE, false), 0);
}
END_TEST

START_TEST(forgery_answers_bear_the_ids_of_the_connection)
{
    gn_header header;
    gn_vneg vneg;
    gn_retry retry;

    gn_test_pair_confirm(&pair);
    size_t len = make(GN_SIM_FORGERY_VNEG, true);
    ck_assert_int_eq(gn_header_read(out, len, 8, &header), GN_OK);
    ck_assert_int_eq(header.kind, GN_PACKET_VNEG);
    ck_assert_mem_eq(header.dcid_bytes.ptr, forgery.client.bytes, forgery.client.len);
    ck_assert_mem_eq(header.scid_bytes.ptr, forgery.original.bytes, forgery.original.len);
    ck_assert_int_eq(gn_vneg_read(header.rest, &vneg), GN_OK);
    ck_assert(!gn_vneg_has(&vneg, 1));
    len = make(GN_SIM_FORGERY_RETRY, true);
    ck_assert_int_eq(gn_header_read(out, len, 8, &header), GN_OK);
    ck_assert_int_eq(header.kind, GN_PACKET_RETRY);
    ck_assert_int_eq(gn_retry_read(header.rest, &retry), GN_OK);
}
END_TEST

/*
 * RFC 9000 21.2: who sees the first flight can end a handshake; the forged packet is as authentic
 * as any Initial. _i: at which end.
 */
START_TEST(forgery_close_ends_a_handshake)
{
    const int at = _i == 0 ? CLIENT : SERVER;

    gn_test_pair_start(&pair);
    for (int steps = 0; steps < 100 && (!forgery.knows_server || !pair.side[SERVER].accepted);
         steps++)
        (void)gn_test_pair_step(&pair, pair.now + GN_SECOND);
    ck_assert_int_eq(pair.side[at].closed.times, 0);
    const size_t len = make(GN_SIM_FORGERY_CLOSE, at == CLIENT);
    ck_assert_uint_eq(len, 1200);
    give(at, len);
    ck_assert_int_eq(pair.side[at].closed.times, 1);
    ck_assert_uint_eq(pair.side[at].closed.detail, GN_CLOSE_PEER_TRANSPORT);
}
END_TEST

/* Once the Initial keys are gone it is worth nothing; and all else never was. */
START_TEST(forgery_changes_nothing_after_the_handshake)
{
    for (int kind = 0; kind < GN_SIM_FORGERY_KINDS; kind++)
        for (int at = 0; at < 2; at++) {
            gn_test_pair_init(&pair);
            pair.hook = watch;
            gn_test_pair_confirm(&pair);
            for (int i = 0; i < 20; i++) {
                const uint64_t before = gn_test_pair_digest(&pair, at);
                const size_t len = make((gn_sim_forgery_kind)kind, at == CLIENT);
                ck_assert_uint_gt(len, 0);
                give(at, len);
                ck_assert_uint_eq(gn_test_pair_digest(&pair, at), before);
            }
            gn_test_pair_expect_alive(&pair);
            gn_test_pair_end(&pair);
        }
    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
}
END_TEST

START_TEST(forgery_header_is_what_was_seen_and_the_rest_is_not)
{
    gn_test_pair_confirm(&pair);
    ck_assert_uint_eq(make(GN_SIM_FORGERY_HEADER, true), 100);
    ck_assert_mem_eq(out, seen, 21);
    ck_assert_mem_ne(out + 21, seen + 21, seen_len > 40 ? 19 : 8);
}
END_TEST

Suite *
gn_test_forgery(void)
{
    Suite *suite = suite_create("sim/forgery");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_checked_fixture(good, set_up, tear_down);
    tcase_add_checked_fixture(hostile, set_up, tear_down);
    tcase_add_test(good, forgery_knows_nothing_before_it_saw_anything);
    tcase_add_test(good, forgery_answers_bear_the_ids_of_the_connection);
    tcase_add_test(good, forgery_header_is_what_was_seen_and_the_rest_is_not);
    tcase_add_loop_test(hostile, forgery_close_ends_a_handshake, 0, 2);
    tcase_add_test(hostile, forgery_changes_nothing_after_the_handshake);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
