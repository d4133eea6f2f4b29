/*
 * test_suite.c: what crypto/suite.h promises of the numbers.
 */
#include <check.h>

#include "crypto/suite.h"
#include "suites.h"

START_TEST(suite_is_found_by_its_tls_number)
{
    const gn_suite *suite = gn_suite_of((gn_suite_id)_i);
    gn_suite_id id = GN_SUITES;

    ck_assert_uint_eq(suite->tls_code, 0x1301u + (unsigned)_i);
    ck_assert_int_eq(gn_suite_from_tls(suite->tls_code, &id), GN_OK);
    ck_assert_int_eq(id, _i);
}
END_TEST

START_TEST(suite_lengths_fit_their_bounds)
{
    const gn_suite *suite = gn_suite_of((gn_suite_id)_i);

    ck_assert_uint_le(suite->key_len, GN_SUITE_KEY_MAX);
    ck_assert_uint_eq(suite->hash_len, gn_suite_hash_len(suite->hash));
    ck_assert_uint_le(suite->hash_len, GN_SUITE_HASH_MAX);
    ck_assert_uint_gt(suite->confidentiality_limit, 0);
}
END_TEST

/* [R-9001-5.3-1] */
START_TEST(suite_of_another_number_is_none)
{
    static const uint16_t codes[] = {0, 0x1300, 0x1304, 0x1305, 0xc02f, 0xffff};
    gn_suite_id id = GN_SUITES;

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        ck_assert_int_eq(gn_suite_from_tls(codes[i], &id), GN_ERR_NONE);
    ck_assert_int_eq(id, GN_SUITES);
}
END_TEST

/* RFC 9001 6.6 */
START_TEST(suite_limits_are_those_of_the_rfc)
{
    const gn_suite *aes = gn_suite_of(GN_SUITE_AES_128_GCM_SHA256);
    const gn_suite *aes256 = gn_suite_of(GN_SUITE_AES_256_GCM_SHA384);
    const gn_suite *chacha = gn_suite_of(GN_SUITE_CHACHA20_POLY1305_SHA256);

    ck_assert_uint_eq(aes->confidentiality_limit, 8388608);
    ck_assert_uint_eq(aes->integrity_limit, 4503599627370496);
    ck_assert_uint_eq(aes256->confidentiality_limit, 8388608);
    ck_assert_uint_eq(aes256->integrity_limit, 4503599627370496);
    ck_assert_uint_ge(chacha->confidentiality_limit, UINT64_C(1) << 62);
    ck_assert_uint_eq(chacha->integrity_limit, 68719476736);
}
END_TEST

Suite *
gn_test_suite(void)
{
    Suite *suite = suite_create("crypto/suite");
    TCase *good = tcase_create("good");
    TCase *table = tcase_create("table");

    tcase_add_loop_test(table, suite_is_found_by_its_tls_number, 0, GN_SUITES);
    tcase_add_loop_test(table, suite_lengths_fit_their_bounds, 0, GN_SUITES);
    tcase_add_test(table, suite_limits_are_those_of_the_rfc);
    tcase_add_test(good, suite_of_another_number_is_none);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, table);
    return suite;
}
