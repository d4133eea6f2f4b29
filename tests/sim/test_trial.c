/*
 * test_trial.c: what sim/trial.h and sim/coverage.h promise, one promise a test.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "recovery/ecn.h"
#include "sim/run_scenario.h"
#include "sim/stage.h"
#include "sim/trial.h"
#include "suites.h"

static gn_sim_scenario scenario;
static gn_sim_trial trial;
static const gn_sim_crew_outcome done = {.end = GN_SIM_CREW_DONE};

#define HEAD "name: x\nwhy: y\n"
#define ROUTES "routes: {a: {both: {rate: 20Mbit/s, delay: 10ms, loss: 2%}}}\n"
#define WORK "workload: {kind: download, bytes: 100kB}\n"

static void
play(const char *text)
{
    char message[GN_SIM_MESSAGE_BYTES];

    ck_assert_msg(gn_sim_scenario_parse("f", text, strlen(text), &scenario, message), "%s",
                  message);
    gn_sim_trial_play(&scenario, true, NULL, NULL, &trial);
}

START_TEST(trial_has_the_hash_and_the_numbers_of_a_run)
{
    const gn_sim_options options = {.size = sizeof options, .fake_tls = 1};
    gn_sim_result result;

    play(HEAD ROUTES WORK);
    gn_sim_run_scenario(&scenario, &options, &result);
    ck_assert_uint_eq(trial.hash, result.hash);
    ck_assert_uint_eq(trial.verdict, result.verdict);
    ck_assert_uint_eq(trial.finished_us, result.finished_us);
    ck_assert_uint_eq(trial.datagrams, result.datagrams);
    ck_assert_uint_eq(trial.ptos, result.ptos);
    ck_assert_uint_eq(trial.lost, result.packets_lost);
    gn_sim_result_free(&result);
}
END_TEST

START_TEST(trial_failures_are_the_same_by_verdict_and_oracle)
{
    gn_sim_trial_failure a;
    gn_sim_trial_failure b;
    char text[256];

    play(HEAD ROUTES WORK);
    ck_assert(!gn_sim_trial_failed(&trial, &done, &a));
    play(HEAD ROUTES WORK "expect: {max_lost: 0}\n");
    ck_assert(gn_sim_trial_failed(&trial, &done, &a));
    gn_sim_trial_tell(&trial, &done, text, sizeof text);
    ck_assert_msg(strstr(text, "FAIL: max_lost: ") == text, "%s", text);
    play(HEAD "seed: 9\n" ROUTES WORK "expect: {max_lost: 0}\n");
    ck_assert(gn_sim_trial_failed(&trial, &done, &b));
    ck_assert(gn_sim_trial_same(&a, &b));
    play(HEAD ROUTES WORK "expect: {finish_before: 1ms}\n");
    ck_assert(gn_sim_trial_failed(&trial, &done, &b));
    ck_assert(!gn_sim_trial_same(&a, &b));
}
END_TEST

static uint64_t looked;

static void
look(void *context, gn_sim_stage *stage)
{
    gn_sim_oracle_drop *drop = &stage->witness.panel.drop;

    (void)context;
    looked = stage->check_every;
    ck_assert_uint_eq(stage->witness.panel.numbers.every, 1);
    ck_assert(gn_sim_oracle_drop_wants(drop, 8, 0));
    gn_sim_oracle_drop_init(drop);
    ck_assert(!gn_sim_oracle_drop_wants(drop, 8, 0));
    ck_assert(gn_sim_oracle_drop_wants(drop, 3, GN_SIM_PACKET_DUPLICATE));
}

START_TEST(trial_looks_closely)
{
    play(HEAD ROUTES WORK);
    gn_sim_trial_play(&scenario, true, look, NULL, &trial);
    ck_assert_uint_eq(looked, 1);
}
END_TEST

#define DEAD "routes: {a: {down: {loss: 100%}}}\n"

/* Nobody answers: the handshake is given up. */
START_TEST(trial_may_close_says_when_an_end_without_the_goal_is_fine)
{
    play(HEAD DEAD WORK);
    ck_assert_uint_eq(trial.verdict, GN_SIM_FAIL);
    play(HEAD DEAD WORK "expect: {may_close: never}\n");
    ck_assert_uint_eq(trial.verdict, GN_SIM_FAIL);
    play(HEAD DEAD WORK "expect: {may_close: handshake}\n");
    ck_assert_msg(trial.verdict == GN_SIM_PASS, "%s", trial.what);
    play(HEAD DEAD WORK "expect: {may_close: always}\n");
    ck_assert_msg(trial.verdict == GN_SIM_PASS, "%s", trial.what);
    ck_assert_uint_eq(trial.finished_us, 0);
}
END_TEST

#define CUT                                                                                        \
    "routes: {a: {both: {rate: 1Mbit/s, delay: 10ms}}}\n"                                          \
    "events: [{at: 300ms, do: cut, route: a}]\n"

START_TEST(trial_may_close_in_the_handshake_is_not_after_it)
{
    play(HEAD CUT WORK "expect: {may_close: handshake}\n");
    ck_assert_uint_eq(trial.verdict, GN_SIM_FAIL);
    play(HEAD CUT WORK "expect: {may_close: always}\n");
    ck_assert_msg(trial.verdict == GN_SIM_PASS, "%s", trial.what);
}
END_TEST

/* Both ends go all the way; a server meets nothing before it has keys, nor after the close. */
START_TEST(coverage_follows_every_line)
{
    play(HEAD "routes: {a: {both: {delay: 10ms, loss: 10%}}, b: {}}\n"
              "workload: {kind: requests, count: 3, request: 50kB, response: 50kB}\n"
              "events: [{at: 2s, do: migrate, route: b}]\n");
    for (uint16_t host = 0; host < GN_SIM_HOSTS; host++) {
        for (uint32_t state = GN_SIM_COVERAGE_CONNECTION; state < GN_SIM_COVERAGE_PATH; state++)
            if (host == GN_SIM_CLIENT || (state != 0 && state != 4))
                ck_assert_msg(gn_sim_coverage_in(&trial.coverage, host, state) > 0,
                              "host %u is never in state %u", host, state);
        ck_assert_uint_gt(gn_sim_coverage_in(&trial.coverage, host, GN_SIM_COVERAGE_PATH), 10);
        for (uint32_t state = GN_SIM_COVERAGE_STREAMS; state < GN_SIM_COVERAGE_STATES_END; state++)
            ck_assert_uint_gt(gn_sim_coverage_in(&trial.coverage, host, state), 3);
    }
    /* A path was validated and used, a probe timeout met, marks found to arrive. */
    ck_assert_uint_gt(gn_sim_coverage_in(&trial.coverage, GN_SIM_CLIENT,
                                         GN_SIM_COVERAGE_PATH + 1 + GN_PATH_ACTIVE),
                      0);
    ck_assert_uint_gt(
        gn_sim_coverage_in(&trial.coverage, GN_SIM_CLIENT, GN_SIM_COVERAGE_RECOVERY + 1), 0);
    ck_assert_uint_gt(
        gn_sim_coverage_in(&trial.coverage, GN_SIM_CLIENT, GN_SIM_COVERAGE_ECN + GN_ECN_CAPABLE),
        3);
    ck_assert_uint_eq(
        gn_sim_coverage_in(&trial.coverage, GN_SIM_CLIENT, GN_SIM_COVERAGE_STATES_END), 0);
}
END_TEST

START_TEST(coverage_grows_with_what_happens_and_only_then)
{
    gn_sim_coverage_map all = {.bits = {0}};
    uint32_t calm;

    play(HEAD "routes: {a: {both: {delay: 10ms}}}\n" WORK);
    calm = gn_sim_coverage_count(&trial.coverage);
    ck_assert_uint_gt(calm, 50);
    ck_assert_uint_eq(gn_sim_coverage_merge(&all, &trial.coverage), calm);
    ck_assert_uint_eq(gn_sim_coverage_merge(&all, &trial.coverage), 0);
    /* Other numbers, but nothing that was not there before. */
    play(HEAD "seed: 2\nroutes: {a: {both: {delay: 11ms}}}\n" WORK);
    ck_assert_uint_eq(gn_sim_coverage_merge(&all, &trial.coverage), 0);
    /* Losses, probes, and a move. */
    play(HEAD "routes: {a: {both: {delay: 10ms, loss: 20%}}, b: {}}\n" WORK
              "events: [{at: 100ms, do: migrate, route: b}]\n");
    ck_assert_uint_gt(gn_sim_coverage_merge(&all, &trial.coverage), 50);
    ck_assert_uint_gt(gn_sim_coverage_count(&all), calm + 50);
}
END_TEST

/* What looks wrong and is not: no oracle breaks. */
static const char *const innocent[] = {
    /* Two Retries are under way, and the client takes the first. */
    HEAD "server: {retry_above: 0}\nroutes: {a: {down: {delay: 2s}}}\n" WORK,
    /* Whose token came back may be sent more than three times what came. */
    HEAD "client: {idle_timeout: 0}\nserver: {idle_timeout: 0, retry_above: 0}\n"
         "routes: {a: {both: {delay: 10ms}, up: {drop_nth: [3, 4, 5, 6, 7, 8]},\n"
         "    down: {drop_nth: [2, 3, 4, 5, 6, 7, 8, 9]}}}\n" WORK,
    /* The server has fallen silent and forgotten; the client is slow and has not. */
    HEAD "seed: 0\nclient: {idle_timeout: 1ms, receive_time: 20ms}\n"
         "server: {max_ack_delay: 0us}\nroutes: {a: {up: {drop_run: 1, drop_every: 3}}}\n"
         "events: [{at: 0us, do: heal}]\n"
         "workload: {kind: upload, bytes: 80kB, streams: 19}\nexpect: {may_close: always}\n",
    /* Its address changes while the Retry is on its way. */
    HEAD "server: {retry_above: 0}\nroutes: {a: {nat_grace: 1s, both: {delay: 10ms}}}\n"
         "events: [{at: 15ms, do: rebind-port, route: a}]\n" WORK
         "expect: {may_close: handshake}\n",
    /* The way back takes longer than the token lives. */
    HEAD "time_limit: 1h\nclient: {idle_timeout: 0}\nserver: {idle_timeout: 0, retry_above: 0}\n"
         "routes: {a: {both: {delay: 11s}}}\n" WORK "expect: {may_close: handshake}\n"};

START_TEST(trial_ends_that_are_nobodys_fault_are_fine)
{
    play(innocent[_i]);
    ck_assert_msg(trial.verdict == GN_SIM_PASS, "%s: %s", trial.oracle, trial.what);
}
END_TEST

Suite *
gn_test_trial(void)
{
    Suite *suite = suite_create("sim/trial");
    TCase *good = tcase_create("good");

    tcase_add_test(good, trial_has_the_hash_and_the_numbers_of_a_run);
    tcase_add_test(good, trial_failures_are_the_same_by_verdict_and_oracle);
    tcase_add_test(good, trial_may_close_says_when_an_end_without_the_goal_is_fine);
    tcase_add_test(good, trial_may_close_in_the_handshake_is_not_after_it);
    tcase_add_test(good, trial_looks_closely);
    tcase_add_test(good, coverage_follows_every_line);
    tcase_add_test(good, coverage_grows_with_what_happens_and_only_then);
    tcase_add_loop_test(good, trial_ends_that_are_nobodys_fault_are_fine, 0,
                        (int)(sizeof innocent / sizeof innocent[0]));
    suite_add_tcase(suite, good);
    return suite;
}
