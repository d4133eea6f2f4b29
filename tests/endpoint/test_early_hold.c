/*
 * test_early_hold.c: datagrams that wait for their Initial: which, how many, how long.
 */
#include <check.h>
#include <string.h>

#include "endpoint/early_hold.h"
#include "suites.h"
#include "tests/support/pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER, PLACES = 4 };

static gn_early_hold hold;
static gn_early_datagram places[PLACES];
static gn_test_pair pair;
static gn_test_datagram first;
static uint32_t passed;

static void
begin(void)
{
    const gn_config config = {.early_held_bytes = 1000, .early_held_us = 50};

    gn_early_hold_init(&hold, PLACES, &config);
}

static gn_cid
cid(uint8_t what)
{
    uint8_t bytes[8] = {what};

    return gn_cid_from(bytes, sizeof bytes);
}

static bool
add(uint8_t whose, uint8_t what, size_t len, gn_time now)
{
    uint8_t bytes[GN_DATAGRAM_MAX];
    const gn_datagram datagram = {.bytes = bytes, .len = len, .route = what, .ecn = GN_MARK_ECT0};
    const gn_cid dcid = cid(whose);

    memset(bytes, what, len);
    return gn_early_hold_add(&hold, places, &datagram, &dcid, now);
}

/* Which one was taken; 0: none. */
static uint8_t
take(uint8_t whose, gn_time now)
{
    const gn_cid dcid = cid(whose);
    gn_early_datagram held;

    if (!gn_early_hold_take(&hold, places, &dcid, now, &held))
        return 0;
    ck_assert_uint_eq(held.ecn, GN_MARK_ECT0);
    ck_assert_uint_eq(held.bytes[held.len - 1], held.route);
    return (uint8_t)held.route;
}

START_TEST(early_hold_gives_each_its_own_in_their_order)
{
    ck_assert(add(1, 11, 30, 0) && add(2, 21, 40, 0) && add(1, 12, 50, 1));
    ck_assert_uint_eq(take(1, 2), 11);
    ck_assert_uint_eq(take(1, 2), 12);
    ck_assert_uint_eq(take(1, 2), 0);
    ck_assert_uint_eq(take(3, 2), 0);
    ck_assert_uint_eq(take(2, 2), 21);
    ck_assert_uint_eq(hold.count, 0);
    ck_assert_uint_eq(hold.bytes, 0);
}
END_TEST

START_TEST(early_hold_is_bounded_in_number)
{
    for (uint8_t i = 1; i <= PLACES; i++)
        ck_assert(add(1, i, 10, 0));
    ck_assert(!add(1, 9, 10, 0));
    ck_assert_uint_eq(take(1, 0), 1);
    ck_assert(add(1, 9, 10, 0));
}
END_TEST

START_TEST(early_hold_is_bounded_in_bytes)
{
    ck_assert(add(1, 1, 600, 0));
    ck_assert(!add(1, 2, 401, 0));
    ck_assert(add(1, 3, 400, 0));
    ck_assert(!add(1, 4, 1, 0));
}
END_TEST

START_TEST(early_hold_is_bounded_in_time)
{
    ck_assert(add(1, 1, 10, 0) && add(1, 2, 10, 30));
    ck_assert_uint_eq(take(2, 50), 0);
    ck_assert_uint_eq(hold.count, 2);
    ck_assert_uint_eq(take(1, 51), 2);
    ck_assert_uint_eq(hold.count, 0);
}
END_TEST

/* The first datagram of the second connection comes last. */
static gn_test_fate
hold_back_the_first(gn_test_pair *p, gn_test_datagram *datagram)
{
    (void)p;
    if (datagram->to != SERVER || passed++ > 0)
        return GN_TEST_PASS;
    first = *datagram;
    return GN_TEST_DROP;
}

/* RFC 9000 5.2.2: with and without the buffer. */
START_TEST(early_packets_before_their_initial_are_held_if_there_is_room)
{
    gn_test_pair_init(&pair);
    for (int i = 0; i < 2; i++)
        pair.side[i].config.session_tickets = 1;
    pair.side[SERVER].config.allow_early_data = 1;
    pair.side[SERVER].config.limits.early = (uint32_t)_i;
    gn_test_pair_confirm(&pair);
    pair.resumes = true;
    pair.early = true;
    pair.hook = hold_back_the_first;
    passed = 0;
    gn_test_pair_connect(&pair);
    const uint64_t stream = gn_test_pair_open(&pair, CLIENT, false);
    ck_assert_uint_eq(gn_test_pair_write(&pair, CLIENT, stream, 0, 4000, true), 4000);
    ck_assert_uint_ge(passed, 3);
    pair.hook = NULL;
    const uint32_t unknown = pair.side[SERVER].dropped[GN_DROP_UNKNOWN];
    const uint32_t behind = passed - 1;
    gn_test_pair_run(&pair, pair.now + 11 * GN_MS);
    const uint32_t held = behind < (uint32_t)_i ? behind : (uint32_t)_i;
    ck_assert_uint_eq(pair.side[SERVER].dropped[GN_DROP_UNKNOWN] - unknown, behind - held);
    gn_test_pair_give(&pair, SERVER, first.bytes, first.len, first.route, 1);
    ck_assert_int_eq(gn_test_pair_stream(&pair, SERVER, stream)->bytes > 0, held > 0);
    if (held == behind)
        ck_assert(gn_test_pair_stream(&pair, SERVER, stream)->fin);
    else
        ck_assert(!gn_test_pair_stream(&pair, SERVER, stream)->fin);
    gn_test_pair_settle(&pair);
    ck_assert(gn_test_pair_stream(&pair, SERVER, stream)->fin);
    gn_test_pair_end(&pair);
}
END_TEST

Suite *
gn_test_early_hold(void)
{
    Suite *suite = suite_create("endpoint/early_hold");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(good, begin, NULL);
    tcase_add_checked_fixture(limits, begin, NULL);
    tcase_add_test(good, early_hold_gives_each_its_own_in_their_order);
    tcase_add_loop_test(good, early_packets_before_their_initial_are_held_if_there_is_room, 0, 6);
    tcase_add_test(limits, early_hold_is_bounded_in_number);
    tcase_add_test(limits, early_hold_is_bounded_in_bytes);
    tcase_add_test(limits, early_hold_is_bounded_in_time);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    return suite;
}
