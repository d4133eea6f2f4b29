/*
 * test_csv.c: what sim/csv.h promises, one promise a test.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "sim/csv.h"
#include "suites.h"
#include "support/feed.h"

static char text[8192];
static char folder[64];
static char path[128];

static void
set_up(void)
{
    gn_test_feed_folder(folder);
    (void)snprintf(path, sizeof path, "%s/run.csv", folder);
}

static void
tear_down(void)
{
    gn_test_feed_remove(folder);
}

static void
tell_story(void)
{
    gn_sim_sink sink;

    ck_assert_ptr_null(gn_sim_csv_open(path, &sink));
    ck_assert_uint_eq(sink.wants_packets, 1);
    ck_assert_ptr_null(gn_test_feed_story(&sink));
    (void)gn_test_feed_read(folder, "run.csv", text, sizeof text);
}

START_TEST(csv_every_line_has_every_column)
{
    size_t commas = 0;
    size_t lines = 0;

    tell_story();
    for (const char *at = text; *at != '\0'; at++) {
        commas += *at == ',';
        if (*at == '\n') {
            ck_assert_uint_eq(commas, 13);
            commas = 0;
            lines += 1;
        }
    }
    ck_assert_uint_eq(lines, 1 + GN_SIM_RECORD_KINDS);
}
END_TEST

static const char *const wanted[] = {
    "at_us,host,route,connection,event,number,bytes,space,detail,stream_end,",
    "4000,client,wifi,1,sent,1,2,application,,3,,,,\n",
    "4000,client,wifi,1,lost,1,2,application,?,,,,,\n",
    "4000,client,wifi,1,metrics,,,,,,1,2,2,4\n",
    "4000,client,wifi,1,path,,,,failed,,,,,\n",
    "4000,client,wifi,1,pto,1,,application,,,,,,\n",
    "4000,client,wifi,1,state,,,,ready,,,,,\n",
    "4000,client,wifi,1,progress,1,2,,,,,,,\n",
    "4000,client,wifi,1,marker,1,,,,,,,,\n",
};
enum { WANTED = sizeof wanted / sizeof wanted[0] };

START_TEST(csv_a_record_fills_its_own_columns)
{
    tell_story();
    ck_assert_msg(strstr(text, wanted[_i]) != NULL, "%s is not in\n%s", wanted[_i], text);
}
END_TEST

START_TEST(csv_names_with_commas_are_quoted)
{
    static const char *const hosts[] = {"a,\"b\""};
    const gn_sim_about about = {.scenario = "", .host_count = 1, .host_names = hosts};
    const gn_sim_record record = {.kind = GN_SIM_MARKER, .a = 9};
    gn_sim_sink sink;

    ck_assert_ptr_null(gn_sim_csv_open(path, &sink));
    sink.on_begin(sink.context, &about);
    sink.on_record(sink.context, &record);
    ck_assert_ptr_null(sink.on_end(sink.context, 0));
    (void)gn_test_feed_read(folder, "run.csv", text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, "\n0,\"a,\"\"b\"\"\",-,,marker,9,"));
}
END_TEST

START_TEST(csv_a_path_that_cannot_be_written_is_said)
{
    gn_sim_sink sink;

    ck_assert_ptr_nonnull(gn_sim_csv_open("/dev/null/run.csv", &sink));
}
END_TEST

START_TEST(csv_a_full_disk_is_said)
{
    gn_sim_sink sink;

    ck_assert_ptr_null(gn_sim_csv_open("/dev/full", &sink));
    ck_assert_ptr_nonnull(gn_test_feed_story(&sink));
}
END_TEST

Suite *
gn_test_csv(void)
{
    Suite *suite = suite_create("sim/csv");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_checked_fixture(good, set_up, tear_down);
    tcase_add_test(good, csv_every_line_has_every_column);
    tcase_add_loop_test(good, csv_a_record_fills_its_own_columns, 0, WANTED);
    tcase_add_test(good, csv_names_with_commas_are_quoted);
    tcase_add_test(hostile, csv_a_path_that_cannot_be_written_is_said);
    tcase_add_test(hostile, csv_a_full_disk_is_said);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
