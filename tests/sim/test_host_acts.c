/*
 * test_host_acts.c: what hosts do when a scenario or a router wants it: preferred addresses,
 * smaller datagrams, a server that begins anew, tokens; each knob makes its difference.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "sim/run_scenario.h"
#include "sim/scenario.h"
#include "suites.h"

static gn_sim_result result;
static char message[GN_SIM_MESSAGE_BYTES];

static bool
parses(const char *text, gn_sim_scenario *scenario)
{
    static char file[2048];

    (void)snprintf(file, sizeof file, "name: x\nwhy: y\n%s", text);
    return gn_sim_scenario_parse("here", file, strlen(file), scenario, message);
}

/* Plays a scenario with stand-ins; whether all held. */
static bool
play(const char *text)
{
    const gn_sim_options options = {.size = sizeof options, .fake_tls = 1};
    gn_sim_scenario scenario;

    ck_assert_msg(parses(text, &scenario), "%s", message);
    gn_sim_result_free(&result);
    gn_sim_run_scenario(&scenario, &options, &result);
    gn_sim_scenario_free(&scenario);
    return result.verdict == GN_SIM_PASS;
}

#define LINE "{both: {rate: 20Mbit/s, delay: 10ms, queue: 100kB}}"
#define PREFERRED "routes: {a: " LINE ", b: {to: preferred, both: {rate: 20Mbit/s, delay: 10ms}}}\n"
#define DOWNLOAD "workload: {kind: download, bytes: 1MB}\n"
#define MOVE "events: [{at: 200ms, do: migrate, route: b}]\n"

/* RFC 9000 9.6: also where the server forbids other moves. */
START_TEST(host_acts_client_moves_to_the_preferred_address_that_is_offered)
{
    ck_assert_msg(play("server: {preferred: on, forbid_migration: on}\n" PREFERRED DOWNLOAD MOVE
                       "expect: {final_route: b, paths_validated: 1, max_moves: 1}\n"),
                  "%s", result.report);
    ck_assert_msg(play(PREFERRED DOWNLOAD MOVE "expect: {final_route: a, min_refused: 1}\n"), "%s",
                  result.report);
    ck_assert_msg(play("server: {preferred: on, forbid_migration: on}\n"
                       "routes: {a: " LINE ", b: " LINE "}\n" DOWNLOAD MOVE
                       "expect: {final_route: a, min_refused: 1}\n"),
                  "%s", result.report);
}
END_TEST

static const struct {
    const char *text;
    const char *says;
} refused[] = {
    {"routes: {a: {to: preferred, both: {rate: 1Mbit/s}}}\n" DOWNLOAD, "first route leads"},
    {"client: {preferred: on}\nroutes: {a: " LINE "}\n" DOWNLOAD, "'preferred' is for a server"},
    {"server: {preferred: on, cid_length: 0}\nroutes: {a: " LINE "}\n" DOWNLOAD,
     "'preferred' is for a server"},
    {PREFERRED DOWNLOAD "events: [{at: 1s, do: change, route: b, to: first}]\n",
     "a route leads where it leads"},
    {"routes: {a: " LINE "}\n" DOWNLOAD "events: [{at: 1s, do: restart, route: a}]\n",
     "takes no route"},
    {"routes: {a: " LINE "}\n" DOWNLOAD "events: [{at: 1s, do: restart, host: server}]\n",
     "'host' goes with"},
};

START_TEST(host_acts_that_make_no_sense_are_refused)
{
    gn_sim_scenario scenario;

    ck_assert(!parses(refused[_i].text, &scenario));
    ck_assert_msg(strstr(message, refused[_i].says) != NULL, "%s", message);
}
END_TEST

#define NARROW(ptb)                                                                                \
    "client: {max_datagram: 1450B}\nserver: {max_datagram: 1450B, idle_timeout: 5s}\n"             \
    "routes: {a: {ptb: " ptb ", both: {rate: 20Mbit/s, delay: 10ms, queue: 100kB}}}\n" DOWNLOAD    \
    "events: [{at: 100ms, do: change, route: a, mtu: 1300B}]\n"

/* RFC 9000 14.2.1: without a router's word datagrams that are too large are lost for good. */
START_TEST(host_acts_on_the_word_of_a_router)
{
    ck_assert_msg(play(NARROW("on") "expect: {min_ptb_believed: 1, finish_before: 3s}\n"), "%s",
                  result.report);
    ck_assert(!play(NARROW("off") "expect: {max_ptb_believed: 0, finish_before: 3s}\n"));
    ck_assert_ptr_null(strstr(result.report, "BROKEN    max_ptb_believed"));
    ck_assert_ptr_nonnull(strstr(result.report, "BROKEN    finish_before"));
    ck_assert(!play(NARROW("on") "expect: {max_ptb_believed: 0}\n"));
    ck_assert(!play(NARROW("off") "expect: {min_ptb_believed: 1}\n"));
}
END_TEST

/* Forged ones, to either end: they change nothing, which is looked at each time. */
START_TEST(host_acts_on_no_forged_word)
{
    ck_assert_msg(
        play("client: {max_datagram: 1450B}\nserver: {max_datagram: 1450B}\n"
             "routes: {a: " LINE "}\n" DOWNLOAD
             "attackers: [{kind: too-big, route: a, direction: down, target: back, size: 1250B,"
             " times: 9}, {kind: too-big, route: a, direction: up, target: back, size: 1250B,"
             " times: 9}]\nexpect: {min_ptb: 18, max_ptb_believed: 0}\n"),
        "%s", result.report);
    ck_assert_ptr_null(strstr(result.report, "nothing to check"));
}
END_TEST

START_TEST(host_acts_restart_ends_the_client_by_a_stateless_reset)
{
    static const char upload[] = "routes: {a: " LINE "}\n"
                                 "workload: {kind: upload, bytes: 20MB}\n";
    static char text[1024];

    (void)snprintf(text, sizeof text,
                   "%sevents: [{at: 300ms, do: restart}]\n"
                   "expect: {may_close: always, client_end: stateless_reset}\n",
                   upload);
    ck_assert_msg(play(text), "%s", result.report);
    ck_assert_ptr_nonnull(strstr(result.report, "restart the server"));
    ck_assert_uint_lt(result.bytes_delivered, 20000000);
    (void)snprintf(text, sizeof text,
                   "%sexpect: {may_close: always, client_end: stateless_reset}\n", upload);
    ck_assert(!play(text));
}
END_TEST

#define STRICT(token)                                                                              \
    "server: {retry_above: 0}\nroutes: {a: " LINE "}\nresume: {tickets: 1, token: " token "}\n"    \
    "workload: {kind: upload, bytes: 20kB}\n"

/* RFC 9000 8.1.3 */
START_TEST(host_acts_token_of_the_first_connection_spares_the_second_a_retry)
{
    ck_assert_msg(play(STRICT("on") "expect: {min_retries: 1, max_retries: 1}\n"), "%s",
                  result.report);
    ck_assert_msg(play(STRICT("off") "expect: {min_retries: 2, max_retries: 2}\n"), "%s",
                  result.report);
    ck_assert(!play(STRICT("on") "expect: {min_retries: 2}\n"));
    ck_assert(!play(STRICT("off") "expect: {max_retries: 1}\n"));
}
END_TEST

static void
tear_down(void)
{
    gn_sim_result_free(&result);
}

Suite *
gn_test_host_acts(void)
{
    Suite *suite = suite_create("sim/host_acts");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_checked_fixture(good, NULL, tear_down);
    tcase_add_checked_fixture(hostile, NULL, tear_down);
    tcase_set_timeout(good, 60);
    tcase_add_test(good, host_acts_client_moves_to_the_preferred_address_that_is_offered);
    tcase_add_test(good, host_acts_on_the_word_of_a_router);
    tcase_add_test(good, host_acts_restart_ends_the_client_by_a_stateless_reset);
    tcase_add_test(good, host_acts_token_of_the_first_connection_spares_the_second_a_retry);
    tcase_add_test(hostile, host_acts_on_no_forged_word);
    tcase_add_loop_test(hostile, host_acts_that_make_no_sense_are_refused, 0,
                        (int)(sizeof refused / sizeof refused[0]));
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
