/*
 * test_writer.c: what base/writer.h promises.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "base/writer.h"
#include "prop.h"
#include "suites.h"
#include "tests/support/random.h"

START_TEST(writer_puts_each_width_in_turn)
{
    static const uint8_t expected[15] = {0x01, 0xf2, 0x03, 0x84, 0x05, 0x06, 0x07, 0x98,
                                         0x09, 0x0a, 0x0b, 0xbc, 0x0d, 0x0e, 0x0f};
    uint8_t out[17];
    gn_writer w = gn_writer_over(out, sizeof out);

    memset(out, 0x77, sizeof out);
    ck_assert_int_eq(gn_writer_u8(&w, 0x01), GN_OK);
    ck_assert_int_eq(gn_writer_u16(&w, 0xf203), GN_OK);
    ck_assert_int_eq(gn_writer_u32(&w, 0x84050607), GN_OK);
    ck_assert_int_eq(gn_writer_u64(&w, UINT64_C(0x98090a0bbc0d0e0f)), GN_OK);
    ck_assert_mem_eq(out, expected, 15);
    ck_assert_uint_eq(out[15], 0x77);
    ck_assert_uint_eq(w.at, 15);
    ck_assert_uint_eq(gn_writer_left(&w), 2);
}
END_TEST

START_TEST(writer_bytes_and_fill_write_that_many_and_no_more)
{
    uint8_t out[8];
    gn_writer w = gn_writer_over(out, sizeof out);

    memset(out, 0x77, sizeof out);
    ck_assert_int_eq(gn_writer_bytes(&w, (const uint8_t[]){1, 2, 3}, 3), GN_OK);
    ck_assert_int_eq(gn_writer_fill(&w, 0xee, 2), GN_OK);
    ck_assert_mem_eq(out, ((uint8_t[]){1, 2, 3, 0xee, 0xee, 0x77, 0x77, 0x77}), 8);
    ck_assert_uint_eq(w.at, 5);
    ck_assert_ptr_eq(gn_writer_here(&w), out + 5);
}
END_TEST

/* _i is how much room there is; every verb asks for one more. */
START_TEST(writer_one_byte_too_few_is_full_and_changes_nothing)
{
    const size_t n = (size_t)_i;
    const volatile size_t far_too_many = SIZE_MAX;
    const uint8_t from[9] = {0};
    uint8_t out[9];
    gn_writer w = gn_writer_over(out, n);

    memset(out, 0x77, sizeof out);
    if (n < 1)
        ck_assert_int_eq(gn_writer_u8(&w, 0), GN_ERR_FULL);
    if (n < 2)
        ck_assert_int_eq(gn_writer_u16(&w, 0), GN_ERR_FULL);
    if (n < 4)
        ck_assert_int_eq(gn_writer_u32(&w, 0), GN_ERR_FULL);
    ck_assert_int_eq(gn_writer_u64(&w, 0), GN_ERR_FULL);
    ck_assert_int_eq(gn_writer_bytes(&w, from, n + 1), GN_ERR_FULL);
    ck_assert_int_eq(gn_writer_fill(&w, 0, n + 1), GN_ERR_FULL);
    ck_assert_int_eq(gn_writer_fill(&w, 0, far_too_many), GN_ERR_FULL);

    ck_assert_uint_eq(w.at, 0);
    for (size_t i = 0; i < sizeof out; i++)
        ck_assert_uint_eq(out[i], 0x77);
}
END_TEST

START_TEST(writer_over_nothing_is_full)
{
    gn_writer w = gn_writer_over(NULL, 0);

    ck_assert_uint_eq(gn_writer_left(&w), 0);
    ck_assert_ptr_null(gn_writer_here(&w));
    ck_assert_int_eq(gn_writer_bytes(&w, NULL, 0), GN_OK);
    ck_assert_int_eq(gn_writer_fill(&w, 0, 0), GN_OK);
    ck_assert_int_eq(gn_writer_u8(&w, 0), GN_ERR_FULL);
}
END_TEST

START_TEST(writer_past_its_end_traps)
{
    uint8_t out[2];
    const gn_writer w = {.base = out, .cap = 1, .at = 2};

    (void)gn_writer_left(&w);
}
END_TEST

START_TEST(writer_agrees_with_an_index)
{
    uint64_t state = (uint64_t)_i;
    uint8_t ops[200];

    gn_test_random_fill(&state, ops, sizeof ops);
    ck_assert(gn_prop_writer(ops, sizeof ops));
}
END_TEST

Suite *
gn_test_writer(void)
{
    Suite *s = suite_create("base/writer");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_test(good, writer_puts_each_width_in_turn);
    tcase_add_test(good, writer_bytes_and_fill_write_that_many_and_no_more);
    tcase_add_loop_test(hostile, writer_one_byte_too_few_is_full_and_changes_nothing, 0, 8);
    tcase_add_test(limits, writer_over_nothing_is_full);
    tcase_add_test_raise_signal(limits, writer_past_its_end_traps, SIGABRT);
    tcase_add_loop_test(random, writer_agrees_with_an_index, 0, 200);
    suite_add_tcase(s, good);
    suite_add_tcase(s, hostile);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
