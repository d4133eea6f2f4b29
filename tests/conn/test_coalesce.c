/*
 * test_coalesce.c: what conn/coalesce.h promises.
 */
#include <check.h>

#include "conn/coalesce.h"
#include "suites.h"
#include "tests/support/pair.h"

enum { DELAY_US = 1000, CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

static gn_coalesce c;
static gn_test_pair pair;

static void
fresh(void)
{
    gn_coalesce_init(&c);
}

static bool
holds(gn_coalesce_amount amount, gn_time now)
{
    gn_coalesce_step(&c, amount, DELAY_US, now);
    return c.holds;
}

START_TEST(coalesce_little_waits_until_the_clock_is_over)
{
    ck_assert_uint_eq(gn_coalesce_deadline(&c), GN_NEVER);
    ck_assert(holds(GN_COALESCE_LITTLE, 50));
    ck_assert_uint_eq(gn_coalesce_deadline(&c), 50 + DELAY_US);
    ck_assert(holds(GN_COALESCE_LITTLE, 49 + DELAY_US));
    ck_assert(!holds(GN_COALESCE_LITTLE, 50 + DELAY_US));
    ck_assert_uint_eq(gn_coalesce_deadline(&c), GN_NEVER);
}
END_TEST

START_TEST(coalesce_enough_goes_at_once)
{
    ck_assert(!holds(GN_COALESCE_ENOUGH, 50));
    ck_assert(holds(GN_COALESCE_LITTLE, 60));
    ck_assert_uint_eq(gn_coalesce_deadline(&c), 50 + DELAY_US);
}
END_TEST

START_TEST(coalesce_what_comes_later_does_not_prolong_the_wait)
{
    ck_assert(holds(GN_COALESCE_LITTLE, 50));
    ck_assert(!holds(GN_COALESCE_ENOUGH, 900));
    ck_assert(holds(GN_COALESCE_LITTLE, 900));
    ck_assert_uint_eq(gn_coalesce_deadline(&c), 50 + DELAY_US);
}
END_TEST

START_TEST(coalesce_clock_starts_anew_when_all_went)
{
    ck_assert(holds(GN_COALESCE_LITTLE, 50));
    ck_assert(!holds(GN_COALESCE_NOTHING, 60));
    ck_assert_uint_eq(gn_coalesce_deadline(&c), GN_NEVER);
    ck_assert(holds(GN_COALESCE_LITTLE, 2000));
    ck_assert_uint_eq(gn_coalesce_deadline(&c), 2000 + DELAY_US);
}
END_TEST

START_TEST(coalesce_never_holds_for_nothing_or_at_the_end_of_time)
{
    gn_coalesce_step(&c, GN_COALESCE_LITTLE, 0, 5);
    ck_assert(!c.holds);
    gn_coalesce_init(&c);
    ck_assert(!holds(GN_COALESCE_NOTHING, 5));
}
END_TEST

/* A pair whose client holds data for so long, and a stream of its. */
static uint64_t
patient(uint64_t delay_us)
{
    gn_test_pair_init(&pair);
    pair.side[CLIENT].config.coalesce_us = delay_us;
    gn_test_pair_confirm(&pair);
    return gn_test_pair_open(&pair, CLIENT, true);
}

static gn_time
deadline(void)
{
    return gn_endpoint_deadline(pair.side[CLIENT].endpoint);
}

/* Twenty small writes, a millisecond apart: how many datagrams they take. */
static uint64_t
datagrams(uint64_t delay_us)
{
    const uint64_t stream = patient(delay_us);
    const uint64_t before = pair.side[CLIENT].datagrams;

    for (uint64_t i = 0; i < 20; i++) {
        ck_assert_uint_eq(gn_test_pair_write(&pair, CLIENT, stream, i * 100, 100, i == 19), 100);
        gn_test_pair_run(&pair, pair.now + GN_MS);
    }
    gn_test_pair_run(&pair, pair.now + 50 * GN_MS);
    ck_assert(gn_test_pair_stream(&pair, SERVER, stream)->fin);
    ck_assert_uint_eq(gn_test_pair_stream(&pair, SERVER, stream)->bytes, 2000);
    return pair.side[CLIENT].datagrams - before;
}

START_TEST(coalesce_small_writes_share_packets)
{
    ck_assert_uint_eq(datagrams(0), 20);
    gn_test_pair_end(&pair);
    ck_assert_uint_eq(datagrams(5 * GN_MS), 4);
    gn_test_pair_end(&pair);
    /* A packet is full before the clock is over; what came with that goes when it is. */
    ck_assert_uint_eq(datagrams(15 * GN_MS), 3);
}
END_TEST

START_TEST(coalesce_deadline_is_shown_and_kept)
{
    const uint64_t stream = patient(20 * GN_MS);
    const uint64_t before = pair.side[CLIENT].datagrams;
    const gn_time begun = pair.now;

    (void)gn_test_pair_write(&pair, CLIENT, stream, 0, 10, false);
    ck_assert_uint_eq(deadline(), begun + 20 * GN_MS);
    gn_test_pair_run(&pair, begun + 20 * GN_MS - 1);
    (void)gn_test_pair_write(&pair, CLIENT, stream, 10, 10, false);
    ck_assert_uint_eq(pair.side[CLIENT].datagrams, before);
    ck_assert_uint_eq(deadline(), begun + 20 * GN_MS);
    gn_test_pair_run(&pair, begun + 20 * GN_MS);
    ck_assert_uint_eq(pair.side[CLIENT].datagrams, before + 1);
    ck_assert_uint_gt(deadline(), begun + 20 * GN_MS);
}
END_TEST

START_TEST(coalesce_streams_fill_a_packet_together)
{
    const uint64_t first = patient(20 * GN_MS);
    const uint64_t second = gn_test_pair_open(&pair, CLIENT, true);
    const uint64_t before = pair.side[CLIENT].datagrams;

    (void)gn_test_pair_write(&pair, CLIENT, first, 0, 700, true);
    ck_assert_uint_eq(pair.side[CLIENT].datagrams, before);
    (void)gn_test_pair_write(&pair, CLIENT, second, 0, 700, true);
    ck_assert_uint_eq(pair.side[CLIENT].datagrams, before + 1);
    gn_test_pair_run(&pair, pair.now + 20 * GN_MS);
    ck_assert_uint_eq(pair.side[CLIENT].datagrams, before + 2);
}
END_TEST

START_TEST(coalesce_an_end_without_bytes_goes_at_once)
{
    const uint64_t stream = patient(20 * GN_MS);
    const uint64_t before = pair.side[CLIENT].datagrams;

    (void)gn_test_pair_write(&pair, CLIENT, stream, 0, 0, true);
    ck_assert_uint_eq(pair.side[CLIENT].datagrams, before + 1);
}
END_TEST

START_TEST(coalesce_a_reset_goes_at_once_and_takes_others_along)
{
    const uint64_t first = patient(20 * GN_MS);
    const uint64_t second = gn_test_pair_open(&pair, CLIENT, true);
    const uint64_t before = pair.side[CLIENT].datagrams;

    (void)gn_test_pair_write(&pair, CLIENT, first, 0, 10, false);
    ck_assert_int_eq(gn_connection_reset_stream(pair.side[CLIENT].endpoint,
                                                pair.side[CLIENT].connection, second, 3, pair.now),
                     GN_OK);
    gn_test_pair_pull(&pair, CLIENT);
    ck_assert_uint_eq(pair.side[CLIENT].datagrams, before + 1);
    gn_test_pair_run(&pair, pair.now + 15 * GN_MS);
    ck_assert_uint_eq(gn_test_pair_stream(&pair, SERVER, first)->bytes, 10);
    ck_assert(gn_test_pair_stream(&pair, SERVER, second)->reset);
}
END_TEST

/* What was lost has waited long enough. */
START_TEST(coalesce_lost_bytes_do_not_wait_again)
{
    const uint64_t stream = patient(500 * GN_MS);
    const gn_time begun = pair.now;

    pair.side[CLIENT].mute = true;
    (void)gn_test_pair_write(&pair, CLIENT, stream, 0, 1150, false);
    (void)gn_test_pair_write(&pair, CLIENT, stream, 1150, 1150, false);
    pair.side[CLIENT].mute = false;
    gn_test_pair_run(&pair, begun + 400 * GN_MS);
    ck_assert_uint_ge(gn_test_pair_stream(&pair, SERVER, stream)->bytes, 2300);
}
END_TEST

/* RFC 9000 13.2.1: data that waits delays no acknowledgement, and goes with it. */
START_TEST(coalesce_acks_are_on_time)
{
    const uint64_t stream = patient(500 * GN_MS);
    const uint64_t back = gn_test_pair_open(&pair, SERVER, true);

    gn_test_pair_run(&pair, pair.now + 500 * GN_MS);
    const gn_time begun = pair.now;
    const uint64_t before = pair.side[CLIENT].datagrams;
    (void)gn_test_pair_write(&pair, CLIENT, stream, 0, 10, false);
    ck_assert_uint_eq(pair.side[CLIENT].datagrams, before);
    (void)gn_test_pair_write(&pair, SERVER, back, 0, 3000, false);
    gn_test_pair_run(&pair, begun + 60 * GN_MS);
    ck_assert_uint_gt(pair.side[CLIENT].datagrams, before);
    ck_assert_uint_eq(gn_test_pair_stream(&pair, SERVER, stream)->bytes, 10);
}
END_TEST

START_TEST(coalesce_what_flow_control_cuts_off_does_not_wait)
{
    gn_test_pair_init(&pair);
    pair.side[CLIENT].config.coalesce_us = 500 * GN_MS;
    pair.side[SERVER].config.initial_max_stream_data_uni = 100;
    gn_test_pair_confirm(&pair);
    const uint64_t stream = gn_test_pair_open(&pair, CLIENT, true);
    const uint64_t before = pair.side[CLIENT].datagrams;

    (void)gn_test_pair_write(&pair, CLIENT, stream, 0, 150, false);
    ck_assert_uint_eq(pair.side[CLIENT].datagrams, before + 1);
}
END_TEST

START_TEST(coalesce_delay_is_a_second_at_most)
{
    const char *field = NULL;

    gn_test_pair_init(&pair);
    gn_config *config = &pair.side[CLIENT].config;
    config->coalesce_us = GN_SECOND;
    ck_assert_int_eq(gn_config_check(config, &field), GN_OK);
    config->coalesce_us++;
    ck_assert_int_eq(gn_config_check(config, &field), GN_ERR_CONFIG);
    ck_assert_str_eq(field, "gn_config.coalesce_us");
}
END_TEST

Suite *
gn_test_coalesce(void)
{
    Suite *s = suite_create("conn/coalesce");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(good, fresh, NULL);
    tcase_add_checked_fixture(limits, fresh, NULL);
    tcase_add_test(good, coalesce_little_waits_until_the_clock_is_over);
    tcase_add_test(good, coalesce_enough_goes_at_once);
    tcase_add_test(good, coalesce_what_comes_later_does_not_prolong_the_wait);
    tcase_add_test(good, coalesce_clock_starts_anew_when_all_went);
    tcase_add_test(good, coalesce_small_writes_share_packets);
    tcase_add_test(good, coalesce_deadline_is_shown_and_kept);
    tcase_add_test(good, coalesce_streams_fill_a_packet_together);
    tcase_add_test(good, coalesce_an_end_without_bytes_goes_at_once);
    tcase_add_test(good, coalesce_a_reset_goes_at_once_and_takes_others_along);
    tcase_add_test(good, coalesce_lost_bytes_do_not_wait_again);
    tcase_add_test(good, coalesce_acks_are_on_time);
    tcase_add_test(good, coalesce_what_flow_control_cuts_off_does_not_wait);
    tcase_add_test(limits, coalesce_delay_is_a_second_at_most);
    tcase_add_test(limits, coalesce_never_holds_for_nothing_or_at_the_end_of_time);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    return s;
}
