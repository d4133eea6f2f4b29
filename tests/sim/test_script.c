/*
 * test_script.c: what sim/script.h and sim/heal.h promise, in whole runs with stand-ins.
 */
#include <check.h>
#include <string.h>

#include "sim/heal.h"
#include "sim/stage.h"
#include "sim/trial.h"
#include "suites.h"

static gn_sim_scenario scenario;
static gn_sim_trial plain;
static gn_sim_trial trial;
static uint64_t counted[GN_SIM_FATES];
static uint64_t sent_us[8];
static uint64_t delivered_us[8];

static const char text[] = "name: x\nwhy: y\n"
                           "routes: {a: {both: {rate: 10Mbit/s, delay: 20ms}}}\n"
                           "workload: {kind: requests, count: 2}\n";

static void
set_up(void)
{
    char message[GN_SIM_MESSAGE_BYTES];

    ck_assert(gn_sim_scenario_parse("f", text, strlen(text), &scenario, message));
    gn_sim_trial_play(&scenario, true, NULL, NULL, &plain);
    ck_assert_uint_eq(plain.verdict, GN_SIM_PASS);
}

static void
on_datagram(void *context, const gn_sim_datagram *datagram)
{
    (void)context;
    counted[datagram->fate]++;
    if (datagram->number < 8 && datagram->fate == GN_SIM_FATE_SENT)
        sent_us[datagram->number] = datagram->at_us;
    if (datagram->number < 8 && datagram->fate == GN_SIM_FATE_DELIVERED)
        delivered_us[datagram->number] = datagram->at_us;
}

static void
listen(void *context, gn_sim_stage *stage)
{
    const gn_sim_sink sink = {.on_datagram = on_datagram};

    (void)context;
    memset(counted, 0, sizeof counted);
    gn_sim_witness_add(&stage->witness, &sink);
}

START_TEST(script_with_nothing_in_it_changes_nothing)
{
    gn_sim_trial_play(&scenario, true, NULL, NULL, &trial);
    ck_assert_uint_eq(trial.hash, plain.hash);
}
END_TEST

START_TEST(script_drops_the_datagram_it_names)
{
    ck_assert(gn_sim_script_set(&scenario.script, 0, GN_SIM_SCRIPT_DROP));
    gn_sim_trial_play(&scenario, true, listen, NULL, &trial);
    ck_assert_uint_eq(trial.verdict, GN_SIM_PASS);
    ck_assert_uint_eq(counted[GN_SIM_FATE_DROPPED_LOSS], 1);
    ck_assert_uint_eq(delivered_us[0], 0);
    /* RFC 9002 6.2.2: the first probe comes after a second, less a rounding to 1 ms. */
    ck_assert_uint_ge(trial.finished_us, plain.finished_us + 990000);
}
END_TEST

START_TEST(script_duplicates_the_datagram_it_names)
{
    ck_assert(gn_sim_script_set(&scenario.script, 2, GN_SIM_SCRIPT_DUPLICATE));
    gn_sim_trial_play(&scenario, true, listen, NULL, &trial);
    ck_assert_uint_eq(trial.verdict, GN_SIM_PASS);
    ck_assert_uint_eq(counted[GN_SIM_FATE_DUPLICATED], 1);
    ck_assert_uint_eq(counted[GN_SIM_FATE_DELIVERED], counted[GN_SIM_FATE_SENT] + 1);
}
END_TEST

START_TEST(script_holds_the_datagram_back_for_as_long_as_it_says)
{
    uint64_t usual_us;

    gn_sim_trial_play(&scenario, true, listen, NULL, &trial);
    usual_us = delivered_us[1] - sent_us[1];
    ck_assert(gn_sim_script_set(&scenario.script, 1, GN_SIM_SCRIPT_DELAY));
    scenario.script.delay_us = 123456;
    gn_sim_trial_play(&scenario, true, listen, NULL, &trial);
    ck_assert_uint_eq(trial.verdict, GN_SIM_PASS);
    ck_assert_uint_eq(delivered_us[1] - sent_us[1], usual_us + 123456);
}
END_TEST

START_TEST(script_list_that_is_full_is_said)
{
    for (uint64_t i = 0; i < GN_SIM_SCRIPT_MAX; i++)
        ck_assert(gn_sim_script_set(&scenario.script, i, GN_SIM_SCRIPT_DROP));
    ck_assert(gn_sim_script_set(&scenario.script, 3, GN_SIM_SCRIPT_DROP));
    ck_assert(!gn_sim_script_set(&scenario.script, 99, GN_SIM_SCRIPT_DROP));
    ck_assert(gn_sim_script_set(&scenario.script, 99, GN_SIM_SCRIPT_DELIVER));
}
END_TEST

/* Everything is wrong for 3 s, on both routes; the second does not even exist. */
static const char broken[] =
    "name: x\nwhy: y\nseed: 4\n"
    "client: {idle_timeout: 0}\nserver: {idle_timeout: 0}\n"
    "routes:\n"
    "  a: {ecn: drop, mtu: 1228B, both: {rate: 100kbit/s, delay: 300ms, loss: 100%}}\n"
    "  b: {state: down}\n"
    "events:\n"
    "  - {at: 1s, do: blackout, for: 1h, route: a}\n"
    "  - {at: 2s, do: rebind-port, route: a}\n"
    "  - {at: 3s, do: heal}\n"
    "workload: {kind: download, bytes: 500kB}\n";

START_TEST(heal_lets_everything_through)
{
    char message[GN_SIM_MESSAGE_BYTES];

    ck_assert_msg(gn_sim_scenario_parse("f", broken, strlen(broken), &scenario, message), "%s",
                  message);
    gn_sim_trial_play(&scenario, true, listen, NULL, &trial);
    ck_assert_msg(trial.verdict == GN_SIM_PASS, "%s", trial.what);
    ck_assert_uint_gt(trial.finished_us, 3000000);
    ck_assert_uint_lt(trial.finished_us, 8000000);
    /* Only what was sent before got lost, and what a full queue of the fair line refused. */
    ck_assert_uint_eq(counted[GN_SIM_FATE_DROPPED_NAT], 0);
    ck_assert_uint_gt(counted[GN_SIM_FATE_DROPPED_LOSS] + counted[GN_SIM_FATE_DROPPED_BLACKOUT], 0);
}
END_TEST

START_TEST(heal_is_what_saved_it)
{
    char message[GN_SIM_MESSAGE_BYTES];

    ck_assert(gn_sim_scenario_parse("f", broken, strlen(broken), &scenario, message));
    scenario.event_count = 2;
    gn_sim_trial_play(&scenario, true, NULL, NULL, &trial);
    ck_assert_uint_ne(trial.verdict, GN_SIM_PASS);
    ck_assert_uint_eq(trial.finished_us, 0);
}
END_TEST

/* As above, and others who keep everything; none of it has an end of its own. */
static const char beset[] =
    "name: x\nwhy: y\nseed: 4\n"
    "client: {idle_timeout: 0}\nserver: {idle_timeout: 0}\n"
    "routes:\n"
    "  a: {up_via: b, both: {rate: 1Mbit/s, delay: 30ms}}\n"
    "  b: {both: {delay: 20ms}}\n"
    "attackers:\n"
    "  - {kind: drop, route: a, direction: down, at: 150ms, times: 1000000}\n"
    "cross: [{kind: constant, route: a, rate: 900kbit/s}]\n"
    "events:\n"
    "  - {at: 1s, do: suspend-transmit, for: 1h, route: a}\n"
    "  - {at: 1s, do: suspend-receive, for: 1h, route: b}\n"
    "  - {at: 3s, do: heal}\n"
    "workload: {kind: download, bytes: 500kB}\n";

START_TEST(heal_stops_attackers_pauses_and_other_traffic)
{
    char message[GN_SIM_MESSAGE_BYTES];

    ck_assert_msg(gn_sim_scenario_parse("f", beset, strlen(beset), &scenario, message), "%s",
                  message);
    gn_sim_trial_play(&scenario, true, listen, NULL, &trial);
    ck_assert_msg(trial.verdict == GN_SIM_PASS, "%s", trial.what);
    ck_assert_uint_gt(trial.finished_us, 3000000);
    ck_assert_uint_lt(trial.finished_us, 8000000);
    ck_assert_uint_gt(counted[GN_SIM_FATE_DROPPED_ATTACKER], 0);
    /* Without it nothing comes through. */
    scenario.event_count = 2;
    gn_sim_trial_play(&scenario, true, NULL, NULL, &trial);
    ck_assert_uint_ne(trial.verdict, GN_SIM_PASS);
}
END_TEST

Suite *
gn_test_script(void)
{
    Suite *suite = suite_create("sim/script");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(good, set_up, NULL);
    tcase_add_checked_fixture(limits, set_up, NULL);
    tcase_add_test(good, script_with_nothing_in_it_changes_nothing);
    tcase_add_test(good, script_drops_the_datagram_it_names);
    tcase_add_test(good, script_duplicates_the_datagram_it_names);
    tcase_add_test(good, script_holds_the_datagram_back_for_as_long_as_it_says);
    tcase_add_test(good, heal_lets_everything_through);
    tcase_add_test(good, heal_is_what_saved_it);
    tcase_add_test(good, heal_stops_attackers_pauses_and_other_traffic);
    tcase_add_test(limits, script_list_that_is_full_is_said);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    return suite;
}
