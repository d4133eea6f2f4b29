/*
 * test_endpoint_effects.c: pulling effects, deadlines and queries of an endpoint.
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

static gn_test_pair pair;

START_TEST(effects_of_an_endpoint_at_rest_are_none)
{
    gn_effect effect = {.kind = 77};

    gn_test_pair_shake(&pair);
    for (int i = 0; i < 2; i++) {
        ck_assert(!gn_endpoint_next_effect(pair.side[i].endpoint, &effect));
        ck_assert_uint_eq(effect.kind, 77);
        ck_assert_uint_gt(gn_endpoint_deadline(pair.side[i].endpoint), pair.now);
    }
}
END_TEST

/* While effects wait the deadline is now, so that a caller who forgot them comes back. */
START_TEST(effects_that_wait_make_the_deadline_now)
{
    uint64_t stream = 0;

    gn_test_pair_shake(&pair);
    gn_endpoint *ep = pair.side[CLIENT].endpoint;
    ck_assert_int_eq(
        gn_connection_open_stream(ep, pair.side[CLIENT].connection, true, pair.now, &stream),
        GN_OK);
    ck_assert_uint_eq(gn_endpoint_deadline(ep), pair.now);
    gn_test_pair_pull(&pair, CLIENT);
    ck_assert_uint_gt(gn_endpoint_deadline(ep), pair.now);
}
END_TEST

START_TEST(effects_end_with_one_that_frees_the_handle)
{
    gn_effect effect;
    gn_info info;
    uint32_t closed = 0;

    gn_test_pair_shake(&pair);
    gn_endpoint *ep = pair.side[CLIENT].endpoint;
    const gn_connection c = pair.side[CLIENT].connection;
    ck_assert_int_eq(gn_connection_close(ep, c, 9, "so", 2, pair.now), GN_OK);
    while (gn_endpoint_next_effect(ep, &effect))
        closed += effect.kind == GN_EFFECT_CLOSED && effect.flags == 0 && effect.code == 9 &&
                  effect.len == 2 && memcmp(effect.bytes, "so", 2) == 0;
    ck_assert_uint_eq(closed, 1);
    ck_assert_int_eq(gn_connection_info(ep, c, &info), GN_OK);
    ck_assert_uint_eq(info.ending, 1);
    const gn_time end = gn_endpoint_deadline(ep);
    ck_assert_int_eq(gn_endpoint_timeout(ep, end), GN_OK);
    ck_assert(gn_endpoint_next_effect(ep, &effect));
    ck_assert_uint_eq(effect.kind, GN_EFFECT_CLOSED);
    ck_assert_uint_eq(effect.flags, GN_EFFECT_FORGOTTEN);
    ck_assert_uint_eq(effect.code, 9);
    ck_assert_uint_eq(effect.connection, c);
    ck_assert(!gn_endpoint_next_effect(ep, &effect));
    ck_assert_int_eq(gn_connection_info(ep, c, &info), GN_ERR_NONE);
    ck_assert_uint_eq(gn_endpoint_connections(ep), 0);
    ck_assert_uint_eq(gn_endpoint_deadline(ep), GN_NEVER);
}
END_TEST

START_TEST(effects_info_says_what_is_known)
{
    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    gn_info info = gn_test_pair_info(&pair, CLIENT);
    ck_assert_uint_eq(info.size, sizeof info);
    ck_assert(!info.ready && !info.confirmed && !info.ending);
    ck_assert_uint_eq(info.route, 1);
    ck_assert_uint_eq(info.paths, 1);
    ck_assert_uint_gt(info.in_flight_bytes, 0);
    gn_test_pair_settle(&pair);
    info = gn_test_pair_info(&pair, SERVER);
    ck_assert(info.ready && info.confirmed && !info.ending);
    ck_assert_uint_eq(info.route, 101);
    ck_assert_uint_eq(info.rtt_min_us, 20 * GN_MS);
    (void)gn_test_pair_open(&pair, SERVER, false);
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).streams, 1);
}
END_TEST

Suite *
gn_test_endpoint_effects(void)
{
    Suite *suite = suite_create("endpoint/endpoint_effects");
    TCase *good = tcase_create("good");

    tcase_add_test(good, effects_of_an_endpoint_at_rest_are_none);
    tcase_add_test(good, effects_that_wait_make_the_deadline_now);
    tcase_add_test(good, effects_end_with_one_that_frees_the_handle);
    tcase_add_test(good, effects_info_says_what_is_known);
    suite_add_tcase(suite, good);
    return suite;
}
