/*
 * test_units.c: what sim/units.h promises, one promise a test.
 */
#include <check.h>
#include <inttypes.h>

#include "sim/units.h"
#include "suites.h"
#include "support/random.h"

typedef bool reader(const char *text, uint64_t *out);
typedef void printer(uint64_t value, char text[GN_SIM_UNITS_TEXT]);

typedef struct sample {
    reader *read;
    const char *text;
    uint64_t value;
} sample;

static const sample good[] = {
    {gn_sim_units_read_duration, "20ms", 20000},
    {gn_sim_units_read_duration, "1.5s", 1500000},
    {gn_sim_units_read_duration, "250us", 250},
    {gn_sim_units_read_duration, "0", 0},
    {gn_sim_units_read_duration, "0ms", 0},
    {gn_sim_units_read_duration, "2 min", 120000000},
    {gn_sim_units_read_duration, "0.001ms", 1},
    {gn_sim_units_read_duration, "1.500000000000000000s", 1500000},
    {gn_sim_units_read_duration, "5124095576h", UINT64_C(18446744073600000000)},
    {gn_sim_units_read_rate, "5Mbit/s", 5000000},
    {gn_sim_units_read_rate, "2.5Gbit/s", UINT64_C(2500000000)},
    {gn_sim_units_read_rate, "0.5kbit/s", 500},
    {gn_sim_units_read_rate, "unlimited", 0},
    {gn_sim_units_read_bytes, "12kB", 12000},
    {gn_sim_units_read_bytes, "64KiB", 65536},
    {gn_sim_units_read_bytes, "1200B", 1200},
    {gn_sim_units_read_bytes, "0.5KiB", 512},
    {gn_sim_units_read_bytes, "10MB", 10000000},
    {gn_sim_units_read_count, "0", 0},
    {gn_sim_units_read_count, "18446744073709551615", UINT64_MAX},
    {gn_sim_units_read_count, "0xff", 255},
};

static const sample bad[] = {
    {gn_sim_units_read_duration, "", 0},
    {gn_sim_units_read_duration, "20", 0},
    {gn_sim_units_read_duration, "ms", 0},
    {gn_sim_units_read_duration, "-1ms", 0},
    {gn_sim_units_read_duration, "0.3us", 0},
    {gn_sim_units_read_duration, "1.ms", 0},
    {gn_sim_units_read_duration, ".5ms", 0},
    {gn_sim_units_read_duration, "1,5ms", 0},
    {gn_sim_units_read_duration, "20 ms ", 0},
    {gn_sim_units_read_duration, "20MS", 0},
    {gn_sim_units_read_duration, "1e3ms", 0},
    {gn_sim_units_read_duration, "5124095577h", 0},
    {gn_sim_units_read_duration, "99999999999999999999us", 0},
    {gn_sim_units_read_rate, "5Mb/s", 0},
    {gn_sim_units_read_rate, "5Mbit", 0},
    {gn_sim_units_read_rate, "0", 0},
    {gn_sim_units_read_rate, "0Mbit/s", 0},
    {gn_sim_units_read_rate, "0.1bit/s", 0},
    {gn_sim_units_read_bytes, "12K", 0},
    {gn_sim_units_read_bytes, "1.5B", 0},
    {gn_sim_units_read_bytes, "12kBx", 0},
    {gn_sim_units_read_count, "1.0", 0},
    {gn_sim_units_read_count, "12ms", 0},
    {gn_sim_units_read_count, "0x", 0},
    {gn_sim_units_read_count, "0xg", 0},
    {gn_sim_units_read_count, "0x11112222333344445", 0},
    {gn_sim_units_read_count, "18446744073709551616", 0},
};

START_TEST(units_read_is_exact)
{
    uint64_t value = 7;

    ck_assert(good[_i].read(good[_i].text, &value));
    ck_assert_uint_eq(value, good[_i].value);
}
END_TEST

START_TEST(units_read_of_anything_else_is_refused_and_changes_nothing)
{
    uint64_t value = 7;

    ck_assert_msg(!bad[_i].read(bad[_i].text, &value), "'%s'", bad[_i].text);
    ck_assert_uint_eq(value, 7);
}
END_TEST

static const struct {
    const char *text;
    uint32_t num;
    uint32_t den;
} ratios[] = {{"1%", 1, 100}, {"0.05%", 1, 2000}, {"100%", 1, 1}, {"0%", 0, 1},  {"0", 0, 1},
              {"none", 0, 1}, {"1/3", 1, 3},      {"50 %", 1, 2}, {"2/4", 1, 2}, {"12.5%", 1, 8}};

static const char *const bad_ratios[] = {"1.5ms", "1",     "101%",          "2/1", "1/0",
                                         "1/",    "/2",    "-1%",           "%",   "1%%",
                                         "0.5",   "1.5/2", "0.00000000001%"};

START_TEST(units_read_ratio_is_exact_and_reduced)
{
    gn_sim_ratio ratio = {7, 9};

    ck_assert(gn_sim_units_read_ratio(ratios[_i].text, &ratio));
    ck_assert_uint_eq(ratio.num, ratios[_i].num);
    ck_assert_uint_eq(ratio.den, ratios[_i].den);
}
END_TEST

START_TEST(units_read_ratio_of_anything_else_is_refused)
{
    gn_sim_ratio ratio = {7, 9};

    ck_assert_msg(!gn_sim_units_read_ratio(bad_ratios[_i], &ratio), "'%s'", bad_ratios[_i]);
    ck_assert_uint_eq(ratio.num, 7);
}
END_TEST

START_TEST(units_print_then_read_gives_the_same)
{
    static const struct {
        reader *read;
        printer *print;
    } pairs[] = {{gn_sim_units_read_duration, gn_sim_units_print_duration},
                 {gn_sim_units_read_rate, gn_sim_units_print_rate},
                 {gn_sim_units_read_bytes, gn_sim_units_print_bytes}};
    uint64_t state = 5;

    for (int i = 0; i < 1000; i++) {
        const uint64_t scale[] = {1, 1000, 1000000, 1024};
        const uint64_t number = (gn_test_random(&state) >> 40) * scale[gn_test_random(&state) % 4];

        for (size_t pair = 0; pair < 3; pair++) {
            char text[GN_SIM_UNITS_TEXT];
            uint64_t back = 7;

            pairs[pair].print(number, text);
            ck_assert_msg(pairs[pair].read(text, &back), "'%s'", text);
            ck_assert_uint_eq(back, number);
        }
    }
}
END_TEST

START_TEST(units_print_ratio_then_read_gives_the_same)
{
    uint64_t state = 5;

    for (int i = 0; i < 1000; i++) {
        const uint32_t den = (uint32_t)(1 + gn_test_random(&state) % 100000);
        gn_sim_ratio ratio = {(uint32_t)(gn_test_random(&state) % (den + 1)), den};
        gn_sim_ratio back = {0, 0};
        char text[GN_SIM_UNITS_TEXT];

        gn_sim_units_print_ratio(ratio, text);
        ck_assert_msg(gn_sim_units_read_ratio(text, &back), "'%s'", text);
        ck_assert_uint_eq((uint64_t)back.num * ratio.den, (uint64_t)ratio.num * back.den);
    }
}
END_TEST

START_TEST(units_flags_have_six_words)
{
    static const char *const words[] = {"off", "no", "false", "on", "yes", "true"};
    bool flag = false;

    for (int i = 0; i < 6; i++) {
        ck_assert(gn_sim_units_read_flag(words[i], &flag));
        ck_assert(flag == (i >= 3));
    }
    ck_assert(!gn_sim_units_read_flag("1", &flag));
    ck_assert(!gn_sim_units_read_flag("On", &flag));
}
END_TEST

START_TEST(units_show_duration_has_three_decimals)
{
    char text[GN_SIM_UNITS_TEXT];

    gn_sim_units_show_duration(1234, text);
    ck_assert_str_eq(text, "1.234 ms");
    gn_sim_units_show_duration(2400999, text);
    ck_assert_str_eq(text, "2.400 s");
    gn_sim_units_show_duration(0, text);
    ck_assert_str_eq(text, "0.000 ms");
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

Suite *
gn_test_units(void)
{
    Suite *suite = suite_create("sim/units");
    TCase *table = tcase_create("table");
    TCase *hostile = tcase_create("hostile");
    TCase *random = tcase_create("random");

    tcase_add_loop_test(table, units_read_is_exact, 0, COUNT(good));
    tcase_add_loop_test(table, units_read_ratio_is_exact_and_reduced, 0, COUNT(ratios));
    tcase_add_test(table, units_flags_have_six_words);
    tcase_add_test(table, units_show_duration_has_three_decimals);
    tcase_add_loop_test(hostile, units_read_of_anything_else_is_refused_and_changes_nothing, 0,
                        COUNT(bad));
    tcase_add_loop_test(hostile, units_read_ratio_of_anything_else_is_refused, 0,
                        COUNT(bad_ratios));
    tcase_add_test(random, units_print_then_read_gives_the_same);
    tcase_add_test(random, units_print_ratio_then_read_gives_the_same);
    suite_add_tcase(suite, table);
    suite_add_tcase(suite, hostile);
    suite_add_tcase(suite, random);
    return suite;
}
