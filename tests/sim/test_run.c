/*
 * test_run.c: what sim/run.h promises: whole runs with real endpoints.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/run.h"
#include "sim/shelf.h"
#include "suites.h"

static gn_sim_result result;
static char path[64];

static void
set_up(void)
{
    memset(&result, 0, sizeof result);
    path[0] = '\0';
}

static void
tear_down(void)
{
    gn_sim_result_free(&result);
    if (path[0] != '\0')
        (void)unlink(path);
}

/* Plays a scenario that is written here. */
static void
play(const char *text, const gn_sim_options *options)
{
    FILE *file;

    (void)snprintf(path, sizeof path, "/tmp/gnomon-test-run-%ld.yaml", (long)getpid());
    file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    (void)fputs(text, file);
    (void)fclose(file);
    gn_sim_result_free(&result);
    gn_sim_run(path, options, &result);
}

#define HEAD "name: x\nwhy: y\n"
#define ROUTES "routes: {a: {both: {rate: 20Mbit/s, delay: 10ms, queue: 50kB}}}\n"

START_TEST(run_download_delivers_every_byte)
{
    play(HEAD ROUTES "workload: {kind: download, bytes: 200kB, streams: 3}\n", NULL);
    ck_assert_msg(result.verdict == GN_SIM_PASS, "%s%s", result.report, result.message);
    ck_assert_uint_ge(result.bytes_delivered, 200000);
    ck_assert_uint_eq(result.bytes_delivered, result.bytes_goal);
    ck_assert_uint_eq(result.handshake_us / 1000, 20);
    ck_assert_str_eq(result.message, "");
}
END_TEST

START_TEST(run_upload_delivers_every_byte)
{
    play(HEAD ROUTES "workload: {kind: upload, bytes: 200kB, streams: 3}\n", NULL);
    ck_assert_msg(result.verdict == GN_SIM_PASS, "%s", result.report);
    ck_assert_uint_eq(result.bytes_delivered, 200000);
}
END_TEST

START_TEST(run_requests_come_one_after_the_other)
{
    play(HEAD ROUTES "workload: {kind: requests, count: 20, think: 50ms}\n", NULL);
    ck_assert_msg(result.verdict == GN_SIM_PASS, "%s", result.report);
    ck_assert_uint_eq(result.bytes_delivered, 20 * 1100);
    ck_assert_uint_gt(result.finished_us, 19 * 70000);
}
END_TEST

START_TEST(run_same_seed_has_the_same_hash_and_another_seed_another)
{
    gn_sim_options options = {.size = sizeof options, .has_seed = 1, .seed = 4};
    static const char text[] = HEAD "routes: {a: {both: {rate: 20Mbit/s, delay: 10ms, loss: 3%}}}\n"
                                    "workload: {kind: download, bytes: 200kB}\n";
    uint64_t first;

    play(text, &options);
    first = result.hash;
    play(text, &options);
    ck_assert_uint_eq(result.hash, first);
    options.seed = 5;
    play(text, &options);
    ck_assert_uint_ne(result.hash, first);
}
END_TEST

START_TEST(run_records_and_outputs_do_not_change_the_hash)
{
    gn_sim_options options = {.size = sizeof options, .records = 1, .csv_path = "/dev/null"};
    static const char text[] = HEAD ROUTES "workload: {kind: download, bytes: 50kB}\n";
    uint64_t plain;

    play(text, NULL);
    plain = result.hash;
    ck_assert_uint_eq(result.record_count, 0);
    play(text, &options);
    ck_assert_uint_eq(result.hash, plain);
    ck_assert_uint_gt(result.record_count, 100);
    ck_assert_ptr_nonnull(result.records);
    for (size_t i = 0; i < result.record_count; i++)
        ck_assert_uint_eq(result.records[i].size, sizeof(gn_sim_record));
}
END_TEST

START_TEST(run_broken_expectation_fails)
{
    play(HEAD ROUTES "workload: {kind: download, bytes: 200kB}\nexpect: {finish_before: 30ms}\n",
         NULL);
    ck_assert_uint_eq(result.verdict, GN_SIM_FAIL);
    ck_assert_ptr_nonnull(strstr(result.report, "BROKEN    finish_before"));
}
END_TEST

START_TEST(run_out_of_time_is_a_stall)
{
    play(HEAD "time_limit: 100ms\n" ROUTES "workload: {kind: download, bytes: 20MB}\n", NULL);
    ck_assert_uint_eq(result.verdict, GN_SIM_STALL);
    ck_assert_str_eq(result.message, "the time limit has passed");
    ck_assert_uint_le(result.end_us, 100000);
}
END_TEST

START_TEST(run_with_nobody_there_fails_by_idle_timeout)
{
    play(HEAD "routes: {a: {down: {loss: 100%}}}\nworkload: {kind: download, bytes: 1kB}\n", NULL);
    ck_assert_uint_eq(result.verdict, GN_SIM_FAIL);
    ck_assert_uint_eq(result.bytes_delivered, 0);
    ck_assert_ptr_nonnull(strstr(result.report, "ends: idle"));
}
END_TEST

START_TEST(run_bad_file_is_bad_input_with_a_message)
{
    play(HEAD ROUTES "workload: {kind: download, bytes: 1}\n", NULL);
    ck_assert_uint_eq(result.verdict, GN_SIM_BAD_INPUT);
    ck_assert_ptr_nonnull(strstr(result.message, ":4: field 'workload.bytes': expected a size"));
    ck_assert_str_eq(result.report, "");
}
END_TEST

START_TEST(run_output_that_cannot_be_written_is_bad_input)
{
    const gn_sim_options options = {.size = sizeof options, .csv_path = "/nonexistent/x.csv"};

    play(HEAD ROUTES "workload: {kind: download, bytes: 1kB}\n", &options);
    ck_assert_uint_eq(result.verdict, GN_SIM_BAD_INPUT);
    ck_assert_ptr_nonnull(strstr(result.message, "/nonexistent/x.csv"));
}
END_TEST

START_TEST(run_moves_to_another_route_and_says_so)
{
    play(HEAD "routes: {a: {both: {rate: 10Mbit/s, delay: 10ms}},"
              " b: {both: {rate: 10Mbit/s, delay: 15ms}}}\n"
              "workload: {kind: download, bytes: 1MB}\n"
              "events: [{at: 200ms, do: migrate, route: b}]\n"
              "expect: {final_route: b, paths_validated: 1}\n",
         NULL);
    ck_assert_msg(result.verdict == GN_SIM_PASS, "%s", result.report);
    ck_assert_ptr_nonnull(strstr(result.report, "migrate to b"));
}
END_TEST

START_TEST(run_with_stand_ins_does_the_same_work)
{
    const gn_sim_options options = {.size = sizeof options, .fake_tls = 1};
    static const char text[] =
        HEAD "routes: {a: {both: {rate: 20Mbit/s, delay: 10ms, loss: 2%, corrupt: 1%}}}\n"
             "workload: {kind: download, bytes: 200kB, streams: 3}\n"
             "events: [{at: 60ms, do: update-keys}]\n";
    uint64_t first;

    play(text, &options);
    first = result.hash;
    ck_assert_msg(result.verdict == GN_SIM_PASS, "%s%s", result.report, result.message);
    ck_assert_uint_eq(result.bytes_delivered, result.bytes_goal);
    play(text, &options);
    ck_assert_uint_eq(result.hash, first);
    play(text, NULL);
    ck_assert_uint_ne(result.hash, first);
}
END_TEST

START_TEST(run_summary_is_one_json_object_on_one_line)
{
    play(HEAD ROUTES "workload: {kind: download, bytes: 1kB}\n", NULL);
    ck_assert_int_eq(result.summary[0], '{');
    ck_assert_int_eq(result.summary[strlen(result.summary) - 1], '}');
    ck_assert_ptr_null(strchr(result.summary, '\n'));
    ck_assert_ptr_nonnull(strstr(result.summary, "\"verdict\":\"pass\""));
}
END_TEST

START_TEST(run_layout_is_what_the_header_says)
{
    ck_assert_uint_eq(gn_sim_layout(0), sizeof(gn_sim_options));
    ck_assert_uint_eq(gn_sim_layout(1), sizeof(gn_sim_record));
    ck_assert_uint_eq(gn_sim_layout(2), sizeof(gn_sim_result));
    ck_assert_uint_eq(gn_sim_layout(3), 0);
}
END_TEST

/* Those that are there to be measured are left to be measured. */
static void
play_shelf(const char *name, const char *file)
{
    if (strncmp(name, "bench-", 6) == 0)
        return;
    gn_sim_result_free(&result);
    gn_sim_run(file, NULL, &result);
    ck_assert_msg(result.verdict == GN_SIM_PASS, "%s\n%s", result.report, result.message);
}

START_TEST(run_every_scenario_that_comes_along_passes)
{
    ck_assert_uint_gt(gn_sim_shelf_each(play_shelf), 10);
}
END_TEST

START_TEST(shelf_names_are_looked_up_and_paths_taken_as_they_are)
{
    char found[GN_SIM_SHELF_PATH_BYTES];

    ck_assert(gn_sim_shelf_find("ideal", found));
    ck_assert_ptr_nonnull(strstr(found, "/ideal.yaml"));
    ck_assert(!gn_sim_shelf_find("no-such-scenario", found));
    ck_assert(!gn_sim_shelf_find("./ideal", found));
}
END_TEST

Suite *
gn_test_run(void)
{
    Suite *suite = suite_create("sim/run");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *shelf = tcase_create("table");

    tcase_add_checked_fixture(good, set_up, tear_down);
    tcase_add_checked_fixture(hostile, set_up, tear_down);
    tcase_add_checked_fixture(shelf, set_up, tear_down);
    tcase_set_timeout(good, 60);
    tcase_set_timeout(shelf, 500);
    tcase_add_test(good, run_download_delivers_every_byte);
    tcase_add_test(good, run_upload_delivers_every_byte);
    tcase_add_test(good, run_requests_come_one_after_the_other);
    tcase_add_test(good, run_same_seed_has_the_same_hash_and_another_seed_another);
    tcase_add_test(good, run_records_and_outputs_do_not_change_the_hash);
    tcase_add_test(good, run_moves_to_another_route_and_says_so);
    tcase_add_test(good, run_with_stand_ins_does_the_same_work);
    tcase_add_test(good, run_summary_is_one_json_object_on_one_line);
    tcase_add_test(good, run_layout_is_what_the_header_says);
    tcase_add_test(hostile, run_broken_expectation_fails);
    tcase_add_test(hostile, run_out_of_time_is_a_stall);
    tcase_add_test(hostile, run_with_nobody_there_fails_by_idle_timeout);
    tcase_add_test(hostile, run_bad_file_is_bad_input_with_a_message);
    tcase_add_test(hostile, run_output_that_cannot_be_written_is_bad_input);
    tcase_add_test(shelf, run_every_scenario_that_comes_along_passes);
    tcase_add_test(shelf, shelf_names_are_looked_up_and_paths_taken_as_they_are);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    suite_add_tcase(suite, shelf);
    return suite;
}
