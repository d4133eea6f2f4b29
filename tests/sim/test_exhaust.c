/*
 * test_exhaust.c: what sim/exhaust.h, exhaust_ecn.h and branch.h promise.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/ecn.h"
#include "sim/branch.h"
#include "sim/exhaust.h"
#include "sim/exhaust_ecn.h"
#include "suites.h"

static gn_sim_scenario scenario;
static gn_sim_exhaust_result result;
static gn_sim_exhaust_ecn_result ecn;

static const char text[] = "name: x\nwhy: y\n"
                           "routes: {a: {both: {rate: 10Mbit/s, delay: 20ms}}}\n"
                           "workload: {kind: requests, count: 1}\n"
                           "expect: {max_lost: 0}\n";

static void
set_up(void)
{
    char message[GN_SIM_MESSAGE_BYTES];

    ck_assert(gn_sim_scenario_parse("f", text, strlen(text), &scenario, message));
}

static gn_sim_exhaust_settings
settings_of(uint64_t first)
{
    return (gn_sim_exhaust_settings){.first = first,
                                     .fates = (1u << GN_SIM_SCRIPT_FATES) - 1,
                                     .pairs = true,
                                     .fake = true,
                                     .jobs = 2,
                                     .limit_ms = 60000};
}

START_TEST(exhaust_plays_every_case_once_and_all_end_well)
{
    const gn_sim_exhaust_settings settings = settings_of(4);

    gn_sim_exhaust(&settings, &scenario, &result);
    /* 4 datagrams and 3 fates; 6 pairs and 9 of two fates. */
    ck_assert_uint_eq(result.count, 4 * 3 + 6 * 9);
    ck_assert_uint_eq(result.plain.verdict, GN_SIM_PASS);
    for (size_t i = 0; i < result.count; i++) {
        ck_assert_msg(result.trials[i].verdict == GN_SIM_PASS, "%zu: %s", i, result.trials[i].what);
        ck_assert_uint_lt(gn_sim_exhaust_delay_us(&result, i), 5000000);
        for (size_t j = 0; j < i; j++)
            ck_assert_int_ne(memcmp(&result.cases[i], &result.cases[j], sizeof result.cases[0]), 0);
    }
    gn_sim_exhaust_free(&result);
}
END_TEST

START_TEST(exhaust_loss_of_the_first_datagram_costs_a_probe_timeout)
{
    gn_sim_exhaust_settings settings = settings_of(2);

    settings.fates = 1u << GN_SIM_SCRIPT_DROP;
    settings.pairs = false;
    gn_sim_exhaust(&settings, &scenario, &result);
    ck_assert_uint_eq(result.count, 2);
    ck_assert_uint_eq(result.cases[0].number[0], 0);
    ck_assert_uint_eq(gn_sim_exhaust_delay_us(&result, 0) / 10000, 99);
    gn_sim_exhaust_free(&result);
}
END_TEST

START_TEST(exhaust_asks_for_no_more_datagrams_than_there_are)
{
    gn_sim_exhaust_settings settings = settings_of(64);

    settings.fates = 1u << GN_SIM_SCRIPT_DUPLICATE;
    settings.pairs = false;
    gn_sim_exhaust(&settings, &scenario, &result);
    ck_assert_uint_eq(result.count, result.plain.datagrams);
    ck_assert_uint_lt(result.count, 64);
    gn_sim_exhaust_free(&result);
}
END_TEST

/* What a broken end would look like: nothing gets through any more. */
START_TEST(exhaust_failure_is_seen)
{
    gn_sim_exhaust_settings settings = settings_of(1);

    scenario.time_limit_us = 500000;
    settings.pairs = false;
    settings.fates = 1u << GN_SIM_SCRIPT_DROP;
    gn_sim_exhaust(&settings, &scenario, &result);
    ck_assert_uint_eq(result.plain.verdict, GN_SIM_PASS);
    ck_assert_uint_eq(result.trials[0].verdict, GN_SIM_STALL);
    ck_assert_uint_eq(gn_sim_exhaust_delay_us(&result, 0), UINT64_MAX);
    gn_sim_exhaust_free(&result);
}
END_TEST

/* The judge sees answers that are wrong. */
static void
check_judge(void)
{
    for (size_t i = 0; i < GN_SIM_EXHAUST_ECN_CASES; i++) {
        const gn_sim_exhaust_ecn_case *one = &ecn.cases[i];
        gn_sim_trial *trial = &ecn.trials[i];
        const uint8_t last = one->move == 0 ? one->before : one->after;

        if (one->move == 1)
            continue;
        trial->ecn_state[GN_SIM_CLIENT] = GN_ECN_CAPABLE;
        if (last == GN_SIM_ECN_BLEACH)
            ck_assert_ptr_nonnull(gn_sim_exhaust_ecn_judge(&ecn, i));
        trial->ecn_state[GN_SIM_CLIENT] = GN_ECN_FAILED;
        if (last == GN_SIM_ECN_PASS)
            ck_assert_ptr_nonnull(gn_sim_exhaust_ecn_judge(&ecn, i));
    }
}

START_TEST(exhaust_ecn_all_treatments_and_moves_end_well)
{
    uint32_t known = 0;

    gn_sim_exhaust_ecn(true, 2, 60000, &ecn);
    for (size_t i = 0; i < GN_SIM_EXHAUST_ECN_CASES; i++) {
        const char *wrong = gn_sim_exhaust_ecn_judge(&ecn, i);

        ck_assert_msg(wrong == NULL, "before %u after %u move %u carried %u: %s",
                      ecn.cases[i].before, ecn.cases[i].after, ecn.cases[i].move,
                      ecn.cases[i].amount, wrong);
        known += ecn.trials[i].finished_us == 0 ? 1 : 0;
    }
    /* See exhaust_ecn.h: a way that begins to drop marks where nobody knows of a move. */
    ck_assert_uint_eq(known, GN_SIM_EXHAUST_ECN_AMOUNTS);
    check_judge();
}
END_TEST

/* 0: stand-ins, 1: real TLS. */
START_TEST(branch_that_delivers_everything_is_the_plain_run)
{
    const gn_sim_branch_settings settings = {
        .at_us = 21000, .next = 3, .fake = _i == 0, .limit_s = 100};
    gn_sim_branch_leaf *leaves;
    gn_sim_trial plain;
    size_t count = 0;

    leaves = gn_sim_branch(&settings, &scenario, &count);
    gn_sim_trial_play(&scenario, _i == 0, NULL, NULL, &plain);
    ck_assert_uint_ge(count, 4 * 4);
    ck_assert_uint_le(count, 4 * 4 * 4);
    ck_assert_uint_eq(leaves[0].trial.hash, plain.hash);
    for (size_t i = 0; i < count; i++) {
        gn_sim_scenario scripted = scenario;
        gn_sim_trial trial;

        ck_assert_uint_eq(leaves[i].lost, 0);
        ck_assert_msg(leaves[i].trial.verdict == GN_SIM_PASS, "%s", leaves[i].trial.what);
        if (i % 7 != 0)
            continue;
        /* Each leaf is the run that its script gives from the beginning. */
        for (unsigned j = 0; j < leaves[i].fates; j++)
            ck_assert(gn_sim_script_set(&scripted.script, leaves[i].first + j,
                                        (gn_sim_script_fate)leaves[i].fate[j]));
        gn_sim_trial_play(&scripted, _i == 0, NULL, NULL, &trial);
        ck_assert_uint_eq(trial.hash, leaves[i].trial.hash);
    }
    free(leaves);
}
END_TEST

START_TEST(branch_leaves_are_all_different_and_in_order)
{
    const gn_sim_branch_settings settings = {.at_us = 0, .next = 2, .fake = true, .limit_s = 100};
    size_t count = 0;
    gn_sim_branch_leaf *leaves = gn_sim_branch(&settings, &scenario, &count);

    ck_assert_uint_eq(count, 16);
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(leaves[i].fates, 2);
        ck_assert_uint_eq(leaves[i].fate[0], i / 4);
        ck_assert_uint_eq(leaves[i].fate[1], i % 4);
        ck_assert_uint_eq(leaves[i].first, 0);
    }
    free(leaves);
}
END_TEST

START_TEST(branch_behind_the_end_has_one_leaf)
{
    const gn_sim_branch_settings settings = {
        .at_us = 3600000000, .next = 2, .fake = true, .limit_s = 100};
    size_t count = 0;
    gn_sim_branch_leaf *leaves = gn_sim_branch(&settings, &scenario, &count);

    ck_assert_uint_eq(count, 1);
    ck_assert_uint_eq(leaves[0].fates, 0);
    ck_assert_uint_eq(leaves[0].trial.verdict, GN_SIM_PASS);
    free(leaves);
}
END_TEST

Suite *
gn_test_exhaust(void)
{
    Suite *suite = suite_create("sim/exhaust");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(good, set_up, NULL);
    tcase_add_checked_fixture(limits, set_up, NULL);
    tcase_add_test(good, exhaust_plays_every_case_once_and_all_end_well);
    tcase_add_test(good, exhaust_loss_of_the_first_datagram_costs_a_probe_timeout);
    tcase_add_test(good, exhaust_ecn_all_treatments_and_moves_end_well);
    tcase_add_loop_test(good, branch_that_delivers_everything_is_the_plain_run, 0, 2);
    tcase_add_test(good, branch_leaves_are_all_different_and_in_order);
    tcase_add_test(limits, exhaust_asks_for_no_more_datagrams_than_there_are);
    tcase_add_test(limits, exhaust_failure_is_seen);
    tcase_add_test(limits, branch_behind_the_end_has_one_leaf);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    return suite;
}
