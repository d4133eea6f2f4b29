/*
 * test_json.c: what sim/json.h promises, one promise a test.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "sim/json.h"
#include "suites.h"

static char text[4096];

/* What was written between here and taken. */
static gn_sim_json
fresh(void)
{
    memset(text, 0, sizeof text);
    FILE *out = fmemopen(text, sizeof text, "w");
    ck_assert_ptr_nonnull(out);
    return gn_sim_json_over(out);
}

static const char *
taken(gn_sim_json *json)
{
    ck_assert_uint_eq(json->depth, 0);
    (void)fclose(json->out);
    return text;
}

START_TEST(json_commas_stand_between_brothers_only)
{
    gn_sim_json json = fresh();

    gn_sim_json_object(&json, NULL);
    gn_sim_json_uint(&json, "a", 1);
    gn_sim_json_array(&json, "b");
    gn_sim_json_end(&json);
    gn_sim_json_array(&json, "c");
    gn_sim_json_uint(&json, NULL, 2);
    gn_sim_json_object(&json, NULL);
    gn_sim_json_end(&json);
    gn_sim_json_end(&json);
    gn_sim_json_bool(&json, "d", true);
    gn_sim_json_string(&json, "e", NULL);
    gn_sim_json_end(&json);
    ck_assert_str_eq(taken(&json), "{\"a\":1,\"b\":[],\"c\":[2,{}],\"d\":true,\"e\":null}");
}
END_TEST

START_TEST(json_strings_are_escaped)
{
    gn_sim_json json = fresh();

    gn_sim_json_string(&json, NULL, "a\"b\\c\nd\001e\177");
    ck_assert_str_eq(taken(&json), "\"a\\\"b\\\\c\\nd\\u0001e\\u007f\"");
}
END_TEST

/* Bytes, and what becomes of them. U+FFFD is EF BF BD. */
static const struct {
    const char *bytes;
    const char *json;
} utf8[] = {
    {"\xc3\xa9", "\"\xc3\xa9\""},
    {"\xe2\x82\xac", "\"\xe2\x82\xac\""},
    {"\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\""},
    {"\xff", "\"\xef\xbf\xbd\""},
    {"\xc3", "\"\xef\xbf\xbd\""},
    {"\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
    {"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
    {"\xf4\x90\x80\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
    {"a\xe2\x82z", "\"a\xef\xbf\xbd\xef\xbf\xbdz\""},
};
enum { UTF8 = sizeof utf8 / sizeof utf8[0] };

START_TEST(json_text_is_always_utf8)
{
    gn_sim_json json = fresh();

    gn_sim_json_text(&json, NULL, (const uint8_t *)utf8[_i].bytes, strlen(utf8[_i].bytes));
    ck_assert_str_eq(taken(&json), utf8[_i].json);
}
END_TEST

START_TEST(json_numbers_beyond_a_double_become_strings)
{
    gn_sim_json json = fresh();

    gn_sim_json_array(&json, NULL);
    gn_sim_json_uint(&json, NULL, 0);
    gn_sim_json_uint(&json, NULL, (UINT64_C(1) << 53) - 1);
    gn_sim_json_uint(&json, NULL, UINT64_C(1) << 53);
    gn_sim_json_uint(&json, NULL, UINT64_MAX);
    gn_sim_json_end(&json);
    ck_assert_str_eq(taken(&json),
                     "[0,9007199254740991,\"9007199254740992\",\"18446744073709551615\"]");
}
END_TEST

START_TEST(json_times_keep_their_microseconds)
{
    gn_sim_json json = fresh();

    gn_sim_json_array(&json, NULL);
    gn_sim_json_ms(&json, NULL, 0);
    gn_sim_json_ms(&json, NULL, 7);
    gn_sim_json_ms(&json, NULL, 12345);
    gn_sim_json_ms(&json, NULL, UINT64_MAX);
    gn_sim_json_end(&json);
    ck_assert_str_eq(taken(&json), "[0.000,0.007,12.345,18446744073709551.615]");
}
END_TEST

START_TEST(json_hex_is_lower_case)
{
    const uint8_t bytes[] = {0x00, 0xab, 0xff};
    gn_sim_json json = fresh();

    gn_sim_json_hex(&json, NULL, bytes, sizeof bytes);
    ck_assert_str_eq(taken(&json), "\"00abff\"");
}
END_TEST

START_TEST(json_a_name_in_an_array_traps)
{
    gn_sim_json json = fresh();

    gn_sim_json_array(&json, NULL);
    gn_sim_json_uint(&json, "name", 1);
}
END_TEST

START_TEST(json_too_deep_traps)
{
    gn_sim_json json = fresh();

    for (int i = 0; i < GN_SIM_JSON_DEPTH_MAX; i++)
        gn_sim_json_array(&json, NULL);
}
END_TEST

Suite *
gn_test_json(void)
{
    Suite *suite = suite_create("sim/json");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");

    tcase_add_test(good, json_commas_stand_between_brothers_only);
    tcase_add_test(good, json_strings_are_escaped);
    tcase_add_test(good, json_times_keep_their_microseconds);
    tcase_add_test(good, json_hex_is_lower_case);
    tcase_add_loop_test(hostile, json_text_is_always_utf8, 0, UTF8);
    tcase_add_test(limits, json_numbers_beyond_a_double_become_strings);
    tcase_add_test_raise_signal(limits, json_a_name_in_an_array_traps, 6);
    tcase_add_test_raise_signal(limits, json_too_deep_traps, 6);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    suite_add_tcase(suite, limits);
    return suite;
}
