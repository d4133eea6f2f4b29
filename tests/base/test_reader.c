/*
 * test_reader.c: what base/reader.h promises.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "base/reader.h"
#include "prop.h"
#include "suites.h"
#include "tests/support/random.h"

static const uint8_t bytes[17] = {0x01, 0xf2, 0x03, 0x84, 0x05, 0x06, 0x07, 0x98, 0x09,
                                  0x0a, 0x0b, 0xbc, 0x0d, 0x0e, 0x0f, 0x10, 0x11};

START_TEST(reader_takes_each_width_in_turn)
{
    gn_reader r = gn_reader_over(bytes, sizeof bytes);
    uint8_t a = 0;
    uint16_t b = 0;
    uint32_t c = 0;
    uint64_t d = 0;

    ck_assert_int_eq(gn_reader_u8(&r, &a), GN_OK);
    ck_assert_int_eq(gn_reader_u16(&r, &b), GN_OK);
    ck_assert_int_eq(gn_reader_u32(&r, &c), GN_OK);
    ck_assert_int_eq(gn_reader_u64(&r, &d), GN_OK);
    ck_assert_uint_eq(a, 0x01);
    ck_assert_uint_eq(b, 0xf203);
    ck_assert_uint_eq(c, 0x84050607);
    ck_assert_uint_eq(d, UINT64_C(0x98090a0bbc0d0e0f));
    ck_assert_uint_eq(r.at, 15);
    ck_assert_uint_eq(gn_reader_left(&r), 2);
}
END_TEST

START_TEST(reader_bytes_shows_them_where_they_lie)
{
    gn_reader r = gn_reader_over(bytes, sizeof bytes);
    gn_span span = {0};

    ck_assert_int_eq(gn_reader_skip(&r, 3), GN_OK);
    ck_assert_ptr_eq(gn_reader_here(&r), bytes + 3);
    ck_assert_int_eq(gn_reader_bytes(&r, 14, &span), GN_OK);
    ck_assert_ptr_eq(span.ptr, bytes + 3);
    ck_assert_uint_eq(span.len, 14);
    ck_assert_uint_eq(gn_reader_left(&r), 0);
    ck_assert_int_eq(gn_reader_bytes(&r, 0, &span), GN_OK);
    ck_assert_uint_eq(span.len, 0);
}
END_TEST

START_TEST(reader_copy_takes_that_many_and_no_more)
{
    gn_reader r = gn_reader_over(bytes, sizeof bytes);
    uint8_t out[5] = {9, 9, 9, 9, 9};

    ck_assert_int_eq(gn_reader_copy(&r, out, 4), GN_OK);
    ck_assert_mem_eq(out, bytes, 4);
    ck_assert_uint_eq(out[4], 9);
    ck_assert_uint_eq(r.at, 4);
}
END_TEST

/* _i is how many bytes there are; every verb asks for one more. */
START_TEST(reader_one_byte_too_few_is_short_and_moves_nothing)
{
    const size_t n = (size_t)_i;
    gn_reader r = gn_reader_over(bytes, n);
    uint8_t out[17];
    uint8_t a = 0x77;
    uint16_t b = 0x77;
    uint32_t c = 0x77;
    uint64_t d = 0x77;
    gn_span span = {.ptr = bytes, .len = 0x77};

    memset(out, 0x77, sizeof out);
    if (n < 1)
        ck_assert_int_eq(gn_reader_u8(&r, &a), GN_ERR_SHORT);
    if (n < 2)
        ck_assert_int_eq(gn_reader_u16(&r, &b), GN_ERR_SHORT);
    if (n < 4)
        ck_assert_int_eq(gn_reader_u32(&r, &c), GN_ERR_SHORT);
    ck_assert_int_eq(gn_reader_u64(&r, &d), GN_ERR_SHORT);
    ck_assert_int_eq(gn_reader_bytes(&r, n + 1, &span), GN_ERR_SHORT);
    ck_assert_int_eq(gn_reader_copy(&r, out, n + 1), GN_ERR_SHORT);
    ck_assert_int_eq(gn_reader_skip(&r, n + 1), GN_ERR_SHORT);
    ck_assert_int_eq(gn_reader_skip(&r, SIZE_MAX), GN_ERR_SHORT);

    ck_assert_uint_eq(r.at, 0);
    ck_assert_uint_eq(a, 0x77);
    ck_assert_uint_eq(b, 0x77);
    ck_assert_uint_eq(c, 0x77);
    ck_assert_uint_eq(d, 0x77);
    ck_assert_ptr_eq(span.ptr, bytes);
    ck_assert_uint_eq(span.len, 0x77);
    for (size_t i = 0; i < sizeof out; i++)
        ck_assert_uint_eq(out[i], 0x77);
}
END_TEST

START_TEST(reader_over_nothing_is_empty)
{
    gn_reader r = gn_reader_over(NULL, 0);
    gn_span span = {.ptr = bytes, .len = 1};

    ck_assert_uint_eq(gn_reader_left(&r), 0);
    ck_assert_ptr_null(gn_reader_here(&r));
    ck_assert_int_eq(gn_reader_copy(&r, NULL, 0), GN_OK);
    ck_assert_int_eq(gn_reader_bytes(&r, 0, &span), GN_OK);
    ck_assert_uint_eq(span.len, 0);
}
END_TEST

START_TEST(reader_past_its_end_traps)
{
    const gn_reader r = {.base = bytes, .len = 1, .at = 2};

    (void)gn_reader_left(&r);
}
END_TEST

START_TEST(reader_agrees_with_an_index)
{
    uint64_t state = (uint64_t)_i;
    uint8_t ops[200];

    gn_test_random_fill(&state, ops, sizeof ops);
    ck_assert(gn_prop_reader(ops, sizeof ops));
}
END_TEST

Suite *
gn_test_reader(void)
{
    Suite *s = suite_create("base/reader");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_test(good, reader_takes_each_width_in_turn);
    tcase_add_test(good, reader_bytes_shows_them_where_they_lie);
    tcase_add_test(good, reader_copy_takes_that_many_and_no_more);
    tcase_add_loop_test(hostile, reader_one_byte_too_few_is_short_and_moves_nothing, 0, 8);
    tcase_add_test(limits, reader_over_nothing_is_empty);
    tcase_add_test_raise_signal(limits, reader_past_its_end_traps, SIGABRT);
    tcase_add_loop_test(random, reader_agrees_with_an_index, 0, 200);
    suite_add_tcase(s, good);
    suite_add_tcase(s, hostile);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
