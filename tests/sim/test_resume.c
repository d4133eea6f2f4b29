/*
 * test_resume.c: runs that resume: every key of resume: makes a difference, with real TLS and with
 * the stand-in.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "sim/run_scenario.h"
#include "sim/scenario.h"
#include "suites.h"

enum { REAL, FAKE, KINDS };

static gn_sim_result result;

/* Plays a scenario with these settings of resume:, and what is expected of it. */
static bool
play(int kind, const char *resume, const char *expect)
{
    const gn_sim_options options = {.size = sizeof options, .fake_tls = kind == FAKE};
    gn_sim_scenario scenario;
    char message[GN_SIM_MESSAGE_BYTES];
    char text[1024];

    (void)snprintf(text, sizeof text,
                   "name: x\nwhy: y\n"
                   "routes: {a: {both: {rate: 20Mbit/s, delay: 10ms, queue: 50kB}}}\n"
                   "resume: {%s}\nworkload: {kind: upload, bytes: 20kB}\nexpect: {%s}\n",
                   resume, expect);
    ck_assert_msg(gn_sim_scenario_parse("here", text, strlen(text), &scenario, message), "%s",
                  message);
    gn_sim_result_free(&result);
    gn_sim_run_scenario(&scenario, &options, &result);
    gn_sim_scenario_free(&scenario);
    return result.verdict == GN_SIM_PASS;
}

static void
expect(int kind, const char *resume, const char *status)
{
    char wish[64];

    (void)snprintf(wish, sizeof wish, "zero_rtt: %s", status);
    ck_assert_msg(play(kind, resume, wish), "%s: %s", resume, result.report);
}

START_TEST(resume_tickets_bring_a_connection_before)
{
    ck_assert(play(_i, "", "max_lost: 0"));
    const uint64_t once = result.datagrams;
    ck_assert(play(_i, "tickets: 1", "max_lost: 0"));
    ck_assert_uint_ge(result.datagrams, once + 5);
    ck_assert_uint_eq(result.bytes_delivered, 20000);
    expect(_i, "tickets: 1", "not-attempted");
}
END_TEST

START_TEST(resume_early_data_save_a_round_trip)
{
    expect(_i, "tickets: 1, early_data: off", "not-attempted");
    const uint64_t late = result.finished_us;
    expect(_i, "tickets: 1, early_data: on", "accepted");
    ck_assert_uint_le(result.finished_us + 20000, late);
}
END_TEST

START_TEST(resume_after_so_long)
{
    expect(_i, "tickets: 1, early_data: on", "accepted");
    const uint64_t soon = result.finished_us;
    expect(_i, "tickets: 1, early_data: on, after: 3s", "accepted");
    ck_assert_uint_eq(result.finished_us, soon + 3000000);
}
END_TEST

START_TEST(resume_restart_decides_what_becomes_of_early_data)
{
    static const char *const others[] = {"key", "limits", "context", "protocol"};
    char resume[128];

    expect(_i, "tickets: 1, early_data: on, restart: same, after: 20s", "accepted");
    expect(_i, "tickets: 1, early_data: on, restart: same", "rejected");
    for (int k = 0; k < 4; k++) {
        (void)snprintf(resume, sizeof resume, "tickets: 1, early_data: on, after: 20s, restart: %s",
                       others[k]);
        expect(_i, resume, "rejected");
    }
    ck_assert(!play(_i, "tickets: 1, early_data: on", "zero_rtt: rejected"));
}
END_TEST

START_TEST(resume_runs_are_the_same_twice)
{
    uint64_t hash = 0;

    for (int i = 0; i < 2; i++) {
        expect(_i, "tickets: 2, early_data: on, restart: key, after: 20s, hold: 4", "rejected");
        ck_assert(i == 0 || result.hash == hash);
        hash = result.hash;
    }
}
END_TEST

static void
tear_down(void)
{
    gn_sim_result_free(&result);
}

Suite *
gn_test_resume(void)
{
    Suite *suite = suite_create("sim/resume");
    TCase *good = tcase_create("good");

    tcase_add_checked_fixture(good, NULL, tear_down);
    tcase_add_loop_test(good, resume_tickets_bring_a_connection_before, 0, KINDS);
    tcase_add_loop_test(good, resume_early_data_save_a_round_trip, 0, KINDS);
    tcase_add_loop_test(good, resume_after_so_long, 0, KINDS);
    tcase_add_loop_test(good, resume_restart_decides_what_becomes_of_early_data, 0, KINDS);
    tcase_add_loop_test(good, resume_runs_are_the_same_twice, 0, KINDS);
    suite_add_tcase(suite, good);
    return suite;
}
