/*
 * test_cid.c: what wire/cid.h promises.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "suites.h"
#include "wire/cid.h"

static const uint8_t bytes[21] = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11,
                                  12, 13, 14, 15, 16, 17, 18, 19, 20, 21};

START_TEST(cid_of_any_length_holds_its_bytes_and_zeros)
{
    static const uint8_t zeros[GN_CID_MAX];
    const size_t len = (size_t)_i;
    const gn_cid cid = gn_cid_from(bytes, len);
    const gn_span span = gn_cid_span(&cid);

    ck_assert_uint_eq(cid.len, len);
    ck_assert_int_eq(memcmp(cid.bytes, bytes, len), 0);
    ck_assert_int_eq(memcmp(cid.bytes + len, zeros, GN_CID_MAX - len), 0);
    ck_assert_ptr_eq(span.ptr, cid.bytes);
    ck_assert_uint_eq(span.len, len);
}
END_TEST

START_TEST(cid_equals_only_the_same_bytes_of_the_same_length)
{
    const gn_cid a = gn_cid_from(bytes, 8);
    const gn_cid b = gn_cid_from(bytes, 8);
    const gn_cid shorter = gn_cid_from(bytes, 7);
    const gn_cid other = gn_cid_from(bytes + 1, 8);
    const gn_cid empty = gn_cid_from(NULL, 0);
    const gn_cid zero = gn_cid_from((const uint8_t[1]){0}, 1);

    ck_assert(gn_cid_equal(&a, &b));
    ck_assert_int_eq(memcmp(&a, &b, sizeof a), 0);
    ck_assert(!gn_cid_equal(&a, &shorter));
    ck_assert(!gn_cid_equal(&a, &other));
    ck_assert(gn_cid_equal(&empty, &empty));
    ck_assert(!gn_cid_equal(&empty, &zero));
}
END_TEST

/* [R-9000-17.2-2] */
START_TEST(cid_longer_than_20_bytes_traps)
{
    (void)gn_cid_from(bytes, 21);
}
END_TEST

Suite *
gn_test_cid(void)
{
    Suite *s = suite_create("wire/cid");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_loop_test(good, cid_of_any_length_holds_its_bytes_and_zeros, 0, GN_CID_MAX + 1);
    tcase_add_test(good, cid_equals_only_the_same_bytes_of_the_same_length);
    tcase_add_test_raise_signal(limits, cid_longer_than_20_bytes_traps, SIGABRT);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    return s;
}
