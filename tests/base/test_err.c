/*
 * test_err.c: what base/err.h promises.
 */
#include <check.h>

#include "base/err.h"
#include "suites.h"

static const struct {
    gn_err err;
    const char *name;
} rows[] = {
    {GN_OK, "GN_OK"},
    {GN_ERR_SHORT, "GN_ERR_SHORT"},
    {GN_ERR_FULL, "GN_ERR_FULL"},
    {GN_ERR_RANGE, "GN_ERR_RANGE"},
    {GN_ERR_STATE, "GN_ERR_STATE"},
    {GN_ERR_FORM, "GN_ERR_FORM"},
    {GN_ERR_AUTH, "GN_ERR_AUTH"},
    {GN_ERR_NONE, "GN_ERR_NONE"},
    {GN_ERR_UNSUPPORTED, "GN_ERR_UNSUPPORTED"},
    {GN_ERR_TLS, "GN_ERR_TLS"},
    {GN_ERR_CONFIG, "GN_ERR_CONFIG"},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

START_TEST(err_name_is_as_spelt_in_the_header)
{
    ck_assert_int_eq((int)rows[_i].err, _i);
    ck_assert_str_eq(gn_err_name(rows[_i].err), rows[_i].name);
}
END_TEST

START_TEST(err_table_here_has_every_one)
{
    ck_assert_int_eq(ROWS, GN_ERRS);
}
END_TEST

START_TEST(err_name_of_no_error_is_a_question_mark)
{
    ck_assert_str_eq(gn_err_name(GN_ERRS), "GN_ERR_?");
}
END_TEST

Suite *
gn_test_err(void)
{
    Suite *s = suite_create("base/err");
    TCase *table = tcase_create("table");

    tcase_add_loop_test(table, err_name_is_as_spelt_in_the_header, 0, ROWS);
    tcase_add_test(table, err_table_here_has_every_one);
    tcase_add_test(table, err_name_of_no_error_is_a_question_mark);
    suite_add_tcase(s, table);
    return s;
}
