/*
 * test_around.c: whole runs that show what lies around the links: hosts, handovers, attackers.
 *
 * Each knob of a scenario is shown to bite: with it the run is another one than
 * without it, and by as much as it says.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/run.h"
#include "suites.h"

static gn_sim_result result;

static void
set_up(void)
{
    memset(&result, 0, sizeof result);
}

static void
tear_down(void)
{
    gn_sim_result_free(&result);
}

#define ROUTES                                                                                     \
    "routes: {a: {both: {rate: 20Mbit/s, delay: 10ms, queue: 100kB}},"                             \
    " b: {state: down, both: {rate: 20Mbit/s, delay: 15ms, queue: 100kB}}}\n"

/* Plays a scenario with stand-ins: what follows the routes. */
static void
play(const char *text)
{
    const gn_sim_options options = {.size = sizeof options, .fake_tls = 1};
    char path[64];
    FILE *file;

    (void)snprintf(path, sizeof path, "/tmp/gnomon-test-around-%ld.yaml", (long)getpid());
    file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    (void)fprintf(file, "name: x\nwhy: y\n%s", text);
    (void)fclose(file);
    gn_sim_result_free(&result);
    gn_sim_run(path, &options, &result);
    (void)unlink(path);
    ck_assert_msg(result.verdict != GN_SIM_BAD_INPUT, "%s", result.message);
}

static void
expect_pass(void)
{
    ck_assert_msg(result.verdict == GN_SIM_PASS, "%s", result.report);
}

#define DOWNLOAD "workload: {kind: download, bytes: 1MB}\n"

/* 850 full datagrams at 2 ms each take 1.7 s; the line alone takes half a second. */
START_TEST(around_receive_time_is_the_bottleneck)
{
    play(ROUTES DOWNLOAD);
    expect_pass();
    ck_assert_uint_lt(result.finished_us, 700000);
    play("client: {receive_time: 2ms}\n" ROUTES DOWNLOAD);
    expect_pass();
    ck_assert_uint_ge(result.finished_us, 1700000);
    ck_assert_uint_lt(result.finished_us, 2500000);
}
END_TEST

START_TEST(around_send_time_is_the_bottleneck)
{
    play("server: {send_time: 2ms}\n" ROUTES DOWNLOAD);
    expect_pass();
    ck_assert_uint_ge(result.finished_us, 1700000);
    ck_assert_uint_lt(result.finished_us, 2500000);
}
END_TEST

/* _i: with a short queue datagrams are lost at the host, with a long one none is. */
START_TEST(around_receive_queue_drops_what_does_not_fit)
{
    play(_i == 0 ? "client: {receive_time: 1ms, receive_queue: 8}\n" ROUTES DOWNLOAD
                   "expect: {min_dropped: 5, min_lost: 5}\n"
                 : "client: {receive_time: 1ms}\n" ROUTES DOWNLOAD "expect: {max_dropped: 0}\n");
    expect_pass();
    ck_assert((strstr(result.report, ": host ") != NULL) == (_i == 0));
}
END_TEST

/* Nothing is read for two seconds, timers and application included. */
START_TEST(around_suspended_host_does_nothing)
{
    play(ROUTES DOWNLOAD "events: [{at: 300ms, do: suspend, host: client, for: 2s}]\n"
                         "expect: {gap_below: 3s}\n");
    expect_pass();
    ck_assert_uint_ge(result.finished_us, 2400000);
    play(ROUTES "workload: {kind: requests, count: 3, think: 100ms}\n"
                "events: [{at: 150ms, do: suspend, host: client, for: 2s}]\n");
    expect_pass();
    ck_assert_uint_ge(result.finished_us, 2150000);
    play(ROUTES "workload: {kind: requests, count: 3, think: 100ms}\n"
                "events: [{at: 150ms, do: suspend, host: server, for: 2s}]\n");
    expect_pass();
    ck_assert_uint_ge(result.finished_us, 2150000);
}
END_TEST

START_TEST(around_handover_makes_before_it_breaks)
{
    play(ROUTES "workload: {kind: download, bytes: 3MB}\n"
                "events: [{at: 300ms, do: handover, route: b, from: a, for: 200ms}]\n"
                "expect: {final_route: b, max_moves: 1, gap_below: 100ms}\n");
    expect_pass();
    ck_assert_ptr_nonnull(strstr(result.report, "300.000 ms  *       hand over to b"));
    ck_assert_ptr_nonnull(strstr(result.report, "500.000 ms  *       hand over to b"));
}
END_TEST

/* Without an overlap what is in flight is lost: a break that the one above has not. */
START_TEST(around_handover_without_overlap_breaks)
{
    play(ROUTES "workload: {kind: download, bytes: 3MB}\n"
                "events: [{at: 300ms, do: handover, route: b, from: a}]\n"
                "expect: {final_route: b, min_dropped: 1, min_lost: 1}\n");
    expect_pass();
    ck_assert_ptr_nonnull(strstr(result.report, "blackout"));
}
END_TEST

START_TEST(around_event_takes_place_as_often_as_it_says)
{
    const char *at;
    int times = 0;

    play("routes: {a: {nat_grace: 30ms, both: {rate: 20Mbit/s, delay: 10ms, queue: 100kB}}}\n"
         "workload: {kind: download, bytes: 3MB}\n"
         "events: [{at: 300ms, do: rebind-port, route: a, every: 150ms, times: 5}]\n"
         "expect: {paths_validated: 5}\n");
    expect_pass();
    for (at = result.report; (at = strstr(at, "rebind the port")) != NULL; at++)
        times++;
    ck_assert_int_ge(times, 2); /* the report shows the first lines of the story */
}
END_TEST

/* Time is relative: the same run, to the bit, whatever the clocks show. Tokens say when. */
START_TEST(around_clocks_change_nothing)
{
    static const char *const clocks[] = {
        "client: {clock: 4294s}\nserver: {new_tokens: 0, clock: 4294967295us}\n",
        "client: {clock: 9007199254740us}\nserver: {new_tokens: 0, clock: 1007199254s}\n",
        "client: {clock: 1125899906s}\nserver: {new_tokens: 0, clock: 1us}\n"};
#define LOSSY                                                                                      \
    "routes: {a: {both: {rate: 20Mbit/s, delay: 10ms, loss: 2%, queue: 100kB}}}\n"                 \
    "workload: {kind: requests, count: 5, response: 300kB, think: 50ms}\n"                         \
    "events: [{at: 300ms, do: rebind-port, route: a}]\n"
    char text[600];

    play("server: {new_tokens: 0}\n" LOSSY);
    expect_pass();
    const uint64_t hash = result.hash;
    (void)snprintf(text, sizeof text, "%s%s", clocks[_i], LOSSY);
    play(text);
    ck_assert_uint_eq(result.hash, hash);
}
END_TEST

/* One event: the way is longer, its NAT new, its marks gone. */
START_TEST(around_change_moves_everything_at_once)
{
    play("routes: {a: {nat_grace: 50ms, both: {rate: 20Mbit/s, delay: 10ms, queue: 100kB}}}\n"
         "workload: {kind: download, bytes: 3MB}\n"
         "events: [{at: 400ms, do: change, route: a, ecn: bleach, mtu: 1300B, rebind: address,"
         " both: {delay: 50ms, rate: 10Mbit/s}}]\n"
         "expect: {paths_validated: 1, sender_ecn: failed, max_moves: 1}\n");
    expect_pass();
    ck_assert_uint_gt(result.finished_us, 2000000); /* at 10 Mbit/s, not at 20 */
}
END_TEST

/* _i: what takes a share of the line takes it from us. */
START_TEST(around_cross_traffic_takes_its_share)
{
    static const char *const flows[] = {"kind: constant, rate: 15Mbit/s",
                                        "kind: poisson, rate: 15Mbit/s", "kind: aimd"};
    char text[400];

    play(ROUTES DOWNLOAD);
    const uint64_t alone_us = result.finished_us;
    (void)snprintf(text, sizeof text, ROUTES DOWNLOAD "cross: [{route: a, %s}]\n", flows[_i]);
    play(text);
    expect_pass();
    ck_assert_uint_gt(result.finished_us, alone_us + alone_us / 4);
    ck_assert_ptr_nonnull(strstr(result.report, "  cross "));
}
END_TEST

/* What nobody used for two seconds is gone; the client's next request opens another binding. */
START_TEST(around_nat_binding_expires)
{
    play("routes: {a: {nat_lifetime: 2s, both: {rate: 20Mbit/s, delay: 10ms}}}\n"
         "workload: {kind: requests, count: 3, think: 5s}\n"
         "expect: {min_expired: 1, paths_validated: 1}\n");
    expect_pass();
}
END_TEST

/* RFC 9000 21.2: a forged Initial ends a handshake; after it, it ends nothing. _i: when. */
START_TEST(around_forged_close_ends_handshakes_only)
{
    static const char *const when[] = {"packets: initial, first: 1", "at: 200ms"};
    char text[400];

    (void)snprintf(text, sizeof text,
                   ROUTES DOWNLOAD "attackers: [{kind: close, route: a, direction: down, %s}]\n"
                                   "expect: {min_attacks: 1}\n",
                   when[_i]);
    play(text);
    ck_assert_int_eq(result.verdict, _i == 0 ? GN_SIM_FAIL : GN_SIM_PASS);
    if (_i == 0)
        ck_assert_ptr_nonnull(strstr(result.report, "client  ends: peer_transport"));
}
END_TEST

/* Every datagram from 200 ms on goes on 300 ms later: the round trip shows it. */
START_TEST(around_attacker_on_the_path_delays)
{
    play(ROUTES "workload: {kind: requests, count: 5}\n");
    expect_pass();
    const uint64_t before_us = result.finished_us;
    play(ROUTES "workload: {kind: requests, count: 5}\n"
                "attackers: [{kind: delay, route: a, delay: 300ms, at: 40ms, times: 100}]\n");
    expect_pass();
    ck_assert_uint_gt(result.finished_us, before_us + 300000);
}
END_TEST

/* The run goes on until what an attacker has recorded was played. */
START_TEST(around_replay_after_the_end_is_waited_for)
{
    play(ROUTES DOWNLOAD
         "attackers: [{kind: copy, route: a, packets: short, times: 3, delay: 20s}]\n");
    expect_pass();
    ck_assert_uint_ge(result.end_us, 20000000);
}
END_TEST

/* A wish that nothing fulfils is a broken one. */
START_TEST(around_expectations_can_be_broken)
{
    static const char *const wishes[] = {"min_attacks: 1", "min_refused: 1", "min_ptb: 1",
                                         "min_expired: 1", "sender_ecn: failed"};
    char text[400];

    (void)snprintf(text, sizeof text, ROUTES DOWNLOAD "expect: {%s}\n", wishes[_i]);
    play(text);
    ck_assert_int_eq(result.verdict, GN_SIM_FAIL);
}
END_TEST

START_TEST(around_refused_event_is_counted)
{
    play("server: {forbid_migration: on}\n" ROUTES DOWNLOAD
         "events: [{at: 300ms, do: migrate, route: b}]\n"
         "expect: {min_refused: 1, final_route: a}\n");
    expect_pass();
}
END_TEST

START_TEST(around_routers_say_what_is_too_big)
{
    play("server: {max_datagram: 1400B}\nclient: {max_datagram: 1400B}\ntime_limit: 3s\n"
         "routes: {a: {mtu: 1300B, ptb: on, both: {rate: 20Mbit/s, delay: 10ms}}}\n" DOWNLOAD
         "expect: {min_ptb: 1}\n");
    ck_assert_ptr_nonnull(strstr(result.report, "  ptb "));
    ck_assert_ptr_nonnull(strstr(result.report, "min_ptb"));
    ck_assert_ptr_null(strstr(result.report, "BROKEN    min_ptb"));
}
END_TEST

Suite *
gn_test_around(void)
{
    Suite *suite = suite_create("sim/around");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_checked_fixture(good, set_up, tear_down);
    tcase_add_checked_fixture(hostile, set_up, tear_down);
    tcase_set_timeout(good, 60);
    tcase_set_timeout(hostile, 60);
    tcase_add_test(good, around_receive_time_is_the_bottleneck);
    tcase_add_test(good, around_send_time_is_the_bottleneck);
    tcase_add_loop_test(good, around_receive_queue_drops_what_does_not_fit, 0, 2);
    tcase_add_test(good, around_suspended_host_does_nothing);
    tcase_add_test(good, around_handover_makes_before_it_breaks);
    tcase_add_test(good, around_handover_without_overlap_breaks);
    tcase_add_test(good, around_event_takes_place_as_often_as_it_says);
    tcase_add_loop_test(good, around_clocks_change_nothing, 0, 3);
    tcase_add_test(good, around_change_moves_everything_at_once);
    tcase_add_loop_test(good, around_cross_traffic_takes_its_share, 0, 3);
    tcase_add_test(good, around_nat_binding_expires);
    tcase_add_test(good, around_refused_event_is_counted);
    tcase_add_test(good, around_routers_say_what_is_too_big);
    tcase_add_loop_test(hostile, around_forged_close_ends_handshakes_only, 0, 2);
    tcase_add_test(hostile, around_attacker_on_the_path_delays);
    tcase_add_test(hostile, around_replay_after_the_end_is_waited_for);
    tcase_add_loop_test(hostile, around_expectations_can_be_broken, 0, 5);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
