/*
 * test_sweep.c: what sim/sweep.h promises: the values of a range, exact and with their units.
 */
#include <check.h>
#include <string.h>

#include "sim/sweep.h"
#include "suites.h"

static gn_sim_sweep sweep;

/* A text, and its values joined with blanks. */
static const struct {
    const char *text;
    const char *path;
    const char *values;
} rights[] = {
    {"a.loss=0%..2%/0.5%", "a.loss", "0% 0.5% 1% 1.5% 2%"},
    {"a=0..5%/2%", "a", "0% 2% 4%"},
    {"a=10ms..30ms/10ms", "a", "10ms 20ms 30ms"},
    {"a=1..3/1", "a", "1 2 3"},
    {"rate=1Mbit/s..3Mbit/s/1Mbit/s", "rate", "1Mbit/s 2Mbit/s 3Mbit/s"},
    {"a=0.1..0.4/0.1", "a", "0.1 0.2 0.3 0.4"},
    {"a=0.95..1.05/0.05", "a", "0.95 1 1.05"},
    {"a=7..7/2", "a", "7"},
    {"cc=newreno,cubic", "cc", "newreno cubic"},
    {"ecn=off", "ecn", "off"},
};

START_TEST(sweep_values_are_exact_and_keep_their_units)
{
    char joined[256] = "";

    ck_assert_ptr_null(gn_sim_sweep_read(rights[_i].text, &sweep));
    for (size_t i = 0; i < sweep.count; i++) {
        if (i > 0)
            strncat(joined, " ", sizeof joined - strlen(joined) - 1);
        strncat(joined, sweep.value[i], sizeof joined - strlen(joined) - 1);
    }
    ck_assert_str_eq(sweep.path, rights[_i].path);
    ck_assert_str_eq(joined, rights[_i].values);
}
END_TEST

static const struct {
    const char *text;
    const char *says;
} wrongs[] = {
    {"a", "not of the form"},
    {"=1..2/1", "not of the form"},
    {"a=1..2", "a range is"},
    {"a=1..x/1", "a range is"},
    {"a=1ms..2s/1ms", "one unit"},
    {"a=1..2ms/1s", "one unit"},
    {"a=2..1/1", "upwards"},
    {"a=1..2/0", "upwards"},
    {"a=0..1000000/1", "1000 values"},
    {"a=1,,2", "a list is"},
    {"a=0.0000001..1/1", "a range is"},
};

START_TEST(sweep_mistake_is_said)
{
    const char *said = gn_sim_sweep_read(wrongs[_i].text, &sweep);

    ck_assert_ptr_nonnull(said);
    ck_assert_msg(strstr(said, wrongs[_i].says) != NULL, "%s", said);
}
END_TEST

Suite *
gn_test_sweep(void)
{
    Suite *suite = suite_create("sim/sweep");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_loop_test(good, sweep_values_are_exact_and_keep_their_units, 0,
                        (int)(sizeof rights / sizeof rights[0]));
    tcase_add_loop_test(hostile, sweep_mistake_is_said, 0, (int)(sizeof wrongs / sizeof wrongs[0]));
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
