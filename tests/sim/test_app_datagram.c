/*
 * test_app_datagram.c: what sim/app_datagram.h promises, and that its knobs bite.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/app.h"
#include "sim/run.h"
#include "suites.h"

static gn_sim_result result;
static gn_sim_app_datagrams d;
static gn_sim_content content;

static void
set_up(void)
{
    const gn_sim_app_datagram_settings settings = {.count = 4, .bytes = 8, .from = 0};

    memset(&result, 0, sizeof result);
    gn_sim_content_init(&content, 1);
    gn_sim_app_datagram_init(&d, &settings);
    d.side[0].given = 3;
}

static void
tear_down(void)
{
    gn_sim_app_datagram_free(&d);
    gn_sim_result_free(&result);
}

static void
arrives(uint8_t number, size_t len)
{
    const uint8_t bytes[9] = {number};
    const gn_sim_app_seat seat = {.host = 1};
    const gn_effect effect = {.kind = GN_EFFECT_DATAGRAM, .bytes = bytes, .len = len};

    gn_sim_app_datagram_on_effect(&d, &content, &seat, &effect);
}

static void
told(gn_effect_kind kind, uint64_t number, uint32_t flags)
{
    const gn_sim_app_seat seat = {.host = 0};
    const gn_effect effect = {.kind = (uint32_t)kind, .code = number, .flags = flags};

    d.side[0].given = 4; /* nothing more is given */
    gn_sim_app_datagram_on_effect(&d, &content, &seat, &effect);
}

START_TEST(app_datagram_good_reports_hold)
{
    arrives(0, 8);
    arrives(2, 8);
    told(GN_EFFECT_DATAGRAM_ACKED, 0, 0);
    told(GN_EFFECT_DATAGRAM_LOST, 1, 0);
    told(GN_EFFECT_DATAGRAM_LOST, 2, 0);
    ck_assert(!gn_sim_app_datagram_done(&d));
    told(GN_EFFECT_DATAGRAM_LOST, 3, 0);
    ck_assert(gn_sim_app_datagram_done(&d));
    told(GN_EFFECT_DATAGRAM_ACKED, 2, GN_EFFECT_LATE);
    gn_sim_app_datagram_on_end(&d, 9);
    ck_assert_msg(!d.verdict.broken, "%s", d.verdict.what);
    ck_assert_uint_eq(d.verdict.checked, 7);
    ck_assert_uint_eq(d.side[0].late, 1);
}
END_TEST

/* Each of these breaks the oracle, and nothing before it does. */
START_TEST(app_datagram_bad_reports_are_seen)
{
    arrives(0, 8);
    told(GN_EFFECT_DATAGRAM_ACKED, 0, 0);
    told(GN_EFFECT_DATAGRAM_LOST, 1, 0);
    ck_assert(!d.verdict.broken);
    switch (_i) {
    case 0: arrives(0, 8); break;                                     /* twice */
    case 1: arrives(9, 8); break;                                     /* never sent */
    case 2: arrives(1, 7); break;                                     /* no number */
    case 3: arrives(1, 9); break;                                     /* another byte */
    case 4: told(GN_EFFECT_DATAGRAM_ACKED, 0, 0); break;              /* told twice */
    case 5: told(GN_EFFECT_DATAGRAM_LOST, 0, 0); break;               /* two fates */
    case 6: told(GN_EFFECT_DATAGRAM_ACKED, 1, 0); break;              /* late, but not called so */
    case 7: told(GN_EFFECT_DATAGRAM_ACKED, 2, GN_EFFECT_LATE); break; /* late, but not lost */
    case 8: told(GN_EFFECT_DATAGRAM_LOST, 9, 0); break;               /* never sent */
    default:
        told(GN_EFFECT_DATAGRAM_ACKED, 3, 0);
        gn_sim_app_datagram_on_end(&d, 9); /* it did not arrive */
        break;
    }
    ck_assert(d.verdict.broken);
}
END_TEST

#define ENDS "client: {datagram_frame: 65535}\nserver: {datagram_frame: 65535}\n"
#define ROUTE "routes: {a: {both: {rate: 5Mbit/s, delay: 10ms, queue: 50kB}}}\n"

static void
play(const char *text)
{
    const gn_sim_options options = {.size = sizeof options, .fake_tls = 1};
    char path[64];

    (void)snprintf(path, sizeof path, "/tmp/gnomon-test-datagram-%ld.yaml", (long)getpid());
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    (void)fprintf(file, "name: x\nwhy: y\n%s", text);
    (void)fclose(file);
    gn_sim_result_free(&result);
    gn_sim_run(path, &options, &result);
    (void)unlink(path);
    ck_assert_msg(result.verdict != GN_SIM_BAD_INPUT, "%s", result.message);
}

START_TEST(app_datagram_knobs_bite)
{
    play(ROUTE "workload: {kind: requests}\n");
    ck_assert_msg(result.verdict == GN_SIM_PASS, "%s", result.report);
    const uint64_t without_us = result.finished_us;
    play(ENDS ROUTE "workload: {kind: requests, datagrams: 300, datagram_bytes: 1000}\n");
    ck_assert_msg(result.verdict == GN_SIM_PASS, "%s", result.report);
    ck_assert_ptr_nonnull(strstr(result.report, "datagrams arrive once"));
    const uint64_t large = result.datagrams;
    ck_assert_uint_gt(result.finished_us, without_us + 400000); /* 300 kB at 5 Mbit/s */
    ck_assert_uint_gt(large, 300);                              /* no two fit into a packet */
    play(ENDS ROUTE "workload: {kind: requests, datagrams: 300, datagram_bytes: 100}\n");
    ck_assert_uint_lt(result.datagrams, large);
    /* Nobody takes what the server sends. */
    play("server: {datagram_frame: 65535}\n" ROUTE
         "workload: {kind: requests, datagrams: 3, datagram_from: both}\n");
    ck_assert_int_ne(result.verdict, GN_SIM_PASS);
}
END_TEST

Suite *
gn_test_app_datagram(void)
{
    Suite *suite = suite_create("sim/app_datagram");
    TCase *oracle = tcase_create("hostile");
    TCase *runs = tcase_create("good");

    tcase_add_checked_fixture(oracle, set_up, tear_down);
    tcase_add_checked_fixture(runs, set_up, tear_down);
    tcase_add_test(oracle, app_datagram_good_reports_hold);
    tcase_add_loop_test(oracle, app_datagram_bad_reports_are_seen, 0, 10);
    tcase_add_test(runs, app_datagram_knobs_bite);
    suite_add_tcase(suite, oracle);
    suite_add_tcase(suite, runs);
    return suite;
}
