/*
 * test_span.c: what base/span.h promises.
 */
#include <check.h>

#include "base/span.h"
#include "suites.h"

static const uint8_t abc[] = {'a', 'b', 'c', 'a', 'b', 'd'};

START_TEST(span_of_holds_what_it_was_given)
{
    const gn_span span = gn_span_of(abc, 3);

    ck_assert_ptr_eq(span.ptr, abc);
    ck_assert_uint_eq(span.len, 3);
}
END_TEST

START_TEST(span_equal_compares_bytes_not_addresses)
{
    ck_assert(gn_span_equal(gn_span_of(abc, 2), gn_span_of(abc + 3, 2)));
    ck_assert(!gn_span_equal(gn_span_of(abc, 3), gn_span_of(abc + 3, 3)));
}
END_TEST

START_TEST(span_of_another_length_is_not_equal)
{
    ck_assert(!gn_span_equal(gn_span_of(abc, 2), gn_span_of(abc, 3)));
    ck_assert(!gn_span_equal(gn_span_of(abc, 3), gn_span_of(abc, 2)));
}
END_TEST

START_TEST(span_empty_equals_empty_at_any_address)
{
    ck_assert(gn_span_equal(gn_span_of(NULL, 0), gn_span_of(abc, 0)));
    ck_assert(gn_span_equal(gn_span_of(NULL, 0), gn_span_of(NULL, 0)));
}
END_TEST

Suite *
gn_test_span(void)
{
    Suite *s = suite_create("base/span");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_test(good, span_of_holds_what_it_was_given);
    tcase_add_test(good, span_equal_compares_bytes_not_addresses);
    tcase_add_test(good, span_of_another_length_is_not_equal);
    tcase_add_test(limits, span_empty_equals_empty_at_any_address);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    return s;
}
