/*
 * test_tparams_field.c: what wire/tparams_field.h promises.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "suites.h"
#include "wire/tparams_field.h"

START_TEST(tparams_field_set_is_the_one_found)
{
    const gn_tparams_row row = gn_tparams_table_at((size_t)_i);
    gn_tparams p;

    if (row.kind != GN_TPARAMS_INTEGER)
        return;
    gn_tparams_init(&p);
    gn_tparams_field_set_integer(&p, row.id, row.min + 7);
    for (size_t at = 0; at < GN_TPARAMS_ROWS; at++) {
        const gn_tparams_row other = gn_tparams_table_at(at);

        if (other.kind == GN_TPARAMS_INTEGER)
            ck_assert_uint_eq(gn_tparams_field_integer(&p, other.id),
                              at == (size_t)_i ? row.min + 7 : other.otherwise);
    }
}
END_TEST

START_TEST(tparams_field_of_each_cid_is_its_own)
{
    gn_tparams p;

    gn_tparams_init(&p);
    ck_assert_ptr_eq(gn_tparams_field_cid(&p, 0x00), &p.original_dcid);
    ck_assert_ptr_eq(gn_tparams_field_cid(&p, 0x0f), &p.initial_scid);
    ck_assert_ptr_eq(gn_tparams_field_cid(&p, 0x10), &p.retry_scid);
}
END_TEST

START_TEST(tparams_field_of_a_cid_is_no_integer)
{
    gn_tparams p;

    gn_tparams_init(&p);
    (void)gn_tparams_field_integer(&p, 0x0f);
}
END_TEST

START_TEST(tparams_field_of_an_integer_is_no_cid)
{
    gn_tparams p;

    gn_tparams_init(&p);
    (void)gn_tparams_field_cid(&p, 0x01);
}
END_TEST

START_TEST(tparams_field_that_is_shorter_leaves_zeros)
{
    static const uint8_t bytes[] = {1, 2, 3, 4, 5};
    gn_tparams p;
    gn_tparams again;
    const char *why = NULL;

    gn_tparams_init(&p);
    ck_assert_int_eq(gn_tparams_field_read(gn_span_of(bytes, 5), 15, &p, &why), GN_OK);
    ck_assert_int_eq(gn_tparams_field_read(gn_span_of(bytes, 2), 15, &p, &why), GN_OK);
    gn_tparams_init(&again);
    ck_assert_int_eq(gn_tparams_field_read(gn_span_of(bytes, 2), 15, &again, &why), GN_OK);
    ck_assert_mem_eq(&p, &again, sizeof p);
}
END_TEST

START_TEST(tparams_field_refused_is_left_alone)
{
    static const uint8_t bytes[64] = {0xff};
    gn_tparams p;
    gn_tparams before;
    const char *why = NULL;

    gn_tparams_init(&p);
    memcpy(&before, &p, sizeof p);
    ck_assert_int_eq(gn_tparams_field_read(gn_span_of(bytes, sizeof bytes), (size_t)_i, &p, &why),
                     GN_ERR_FORM);
    ck_assert_ptr_eq(strstr(why, "RFC "), why);
    ck_assert_mem_eq(&p, &before, sizeof p);
}
END_TEST

Suite *
gn_test_tparams_field(void)
{
    Suite *s = suite_create("wire/tparams_field");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_loop_test(good, tparams_field_set_is_the_one_found, 0, GN_TPARAMS_ROWS);
    tcase_add_test(good, tparams_field_of_each_cid_is_its_own);
    tcase_add_test(good, tparams_field_that_is_shorter_leaves_zeros);
    tcase_add_loop_test(hostile, tparams_field_refused_is_left_alone, 0, GN_TPARAMS_ROWS);
    tcase_add_test_raise_signal(hostile, tparams_field_of_a_cid_is_no_integer, SIGABRT);
    tcase_add_test_raise_signal(hostile, tparams_field_of_an_integer_is_no_cid, SIGABRT);
    suite_add_tcase(s, good);
    suite_add_tcase(s, hostile);
    return s;
}
