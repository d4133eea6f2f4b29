/*
 * test_spin_watch.c: what an observer reads from spin bits, on datagrams made for it and in runs.
 */
#include "sim/spin_watch.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "sim/network.h"
#include "sim/run_scenario.h"
#include "sim/scenario.h"
#include "suites.h"

static gn_sim_spin_watch watch;

static void
show(uint64_t at_us, uint8_t first, gn_sim_fate fate, uint16_t to)
{
    const gn_sim_datagram datagram = {
        .at_us = at_us, .bytes = &first, .len = 1, .to = to, .fate = (uint8_t)fate};

    gn_sim_spin_watch_on_datagram(&watch, &datagram);
}

static void
arrive(uint64_t at_us, bool bit)
{
    show(at_us, bit ? 0x60 : 0x40, GN_SIM_FATE_DELIVERED, GN_SIM_CLIENT);
}

START_TEST(spin_watch_counts_turns_and_the_time_between_them)
{
    arrive(0, false);
    arrive(10, false);
    ck_assert_uint_eq(gn_sim_spin_watch_median_us(&watch), UINT64_MAX);
    arrive(100, true); /* turns at 100, 190, 300, 1000 */
    arrive(150, true);
    arrive(190, false);
    arrive(300, true);
    arrive(1000, false);
    ck_assert_uint_eq(watch.turns, 4);
    ck_assert_uint_eq(watch.count, 3);
    ck_assert_uint_eq(gn_sim_spin_watch_median_us(&watch), 110);
}
END_TEST

START_TEST(spin_watch_looks_at_short_headers_that_reach_the_client)
{
    arrive(0, false);
    show(1, 0xe0, GN_SIM_FATE_DELIVERED, GN_SIM_CLIENT);
    show(2, 0x60, GN_SIM_FATE_SENT, GN_SIM_CLIENT);
    show(3, 0x60, GN_SIM_FATE_DROPPED_LOSS, GN_SIM_CLIENT);
    show(4, 0x60, GN_SIM_FATE_DELIVERED, GN_SIM_SERVER);
    ck_assert_uint_eq(watch.turns, 0);
    show(5, 0x20, GN_SIM_FATE_DELIVERED, GN_SIM_CLIENT); /* whatever the fixed bit is */
    ck_assert_uint_eq(watch.turns, 1);
}
END_TEST

START_TEST(spin_watch_keeps_so_many_times)
{
    for (uint64_t i = 0; i < 2 * GN_SIM_SPIN_WATCH_SPANS; i++)
        arrive(10 * i, i % 2 != 0);
    ck_assert_uint_eq(watch.turns, 2 * GN_SIM_SPIN_WATCH_SPANS - 1);
    ck_assert_uint_eq(watch.count, GN_SIM_SPIN_WATCH_SPANS);
    ck_assert_uint_eq(gn_sim_spin_watch_median_us(&watch), 10);
}
END_TEST

/* A run with these words; whether all that is expected of it held. */
static bool
holds(const char *client, const char *server, uint64_t seed, const char *expect)
{
    static char text[1024];
    static char message[GN_SIM_MESSAGE_BYTES];
    const gn_sim_options options = {
        .size = sizeof options, .fake_tls = 1, .seed = seed, .has_seed = 1};
    gn_sim_scenario scenario;
    gn_sim_result result;

    (void)snprintf(text, sizeof text,
                   "name: x\nwhy: y\nclient: {spin: %s}\nserver: {spin: %s}\n"
                   "routes: {a: {both: {rate: 20Mbit/s, delay: 20ms, queue: 20kB}}}\n"
                   "workload: {kind: download, bytes: 1MB}\nexpect: {%s}\n",
                   client, server, expect);
    ck_assert_msg(gn_sim_scenario_parse("here", text, strlen(text), &scenario, message), "%s",
                  message);
    gn_sim_run_scenario(&scenario, &options, &result);
    const bool passed = result.verdict == GN_SIM_PASS;
    gn_sim_result_free(&result);
    gn_sim_scenario_free(&scenario);
    return passed;
}

/*
 * RFC 9000 17.4: at least one connection in 16 shows nothing though both ends may; either end
 * chooses, so of 64 about 8 do. In all others the wave is the round trip.
 */
START_TEST(spin_watch_sees_the_round_trip_but_in_one_of_sixteen)
{
    int waves = 0;
    int still = 0;

    for (uint64_t seed = 1; seed <= 64; seed++) {
        const bool wave = holds("on", "on", seed, "min_spin_turns: 6");
        waves += wave;
        still += holds("on", "on", seed, "max_spin_turns: 2");
        if (wave)
            ck_assert_msg(holds("on", "on", seed, "spin_off_below: 15ms"), "seed %lu",
                          (unsigned long)seed);
    }
    ck_assert_int_eq(waves + still, 64);
    ck_assert_int_ge(still, 2);
    ck_assert_int_le(still, 18);
}
END_TEST

START_TEST(spin_watch_sees_nothing_unless_both_ends_agree)
{
    static const char *const words[] = {"off", "on"};

    for (int i = 0; i < 3; i++)
        for (uint64_t seed = 1; seed <= 4; seed++) {
            ck_assert(holds(words[i & 1], words[i >> 1], seed, "max_spin_turns: 1"));
            ck_assert(!holds(words[i & 1], words[i >> 1], seed, "min_spin_turns: 6"));
            ck_assert(!holds(words[i & 1], words[i >> 1], seed, "spin_off_below: 15ms"));
        }
}
END_TEST

static void
set_up(void)
{
    watch = (gn_sim_spin_watch){0};
}

Suite *
gn_test_spin_watch(void)
{
    Suite *suite = suite_create("sim/spin_watch");
    TCase *good = tcase_create("good");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, set_up, NULL);
    tcase_set_timeout(random, 120);
    tcase_add_test(good, spin_watch_counts_turns_and_the_time_between_them);
    tcase_add_test(good, spin_watch_looks_at_short_headers_that_reach_the_client);
    tcase_add_test(good, spin_watch_keeps_so_many_times);
    tcase_add_test(random, spin_watch_sees_the_round_trip_but_in_one_of_sixteen);
    tcase_add_test(random, spin_watch_sees_nothing_unless_both_ends_agree);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, random);
    return suite;
}
