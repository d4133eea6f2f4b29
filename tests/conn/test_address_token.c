/*
 * test_address_token.c: what conn/address_token.h promises.
 */
#include <check.h>
#include <string.h>

#include "conn/address_token.h"
#include "suites.h"

START_TEST(address_token_is_kept_up_to_its_bound)
{
    static gn_address_token token;
    uint8_t bytes[GN_TOKEN_MAX + 1];

    memset(bytes, 5, sizeof bytes);
    ck_assert(gn_address_token_keep(&token, gn_span_of(bytes, GN_TOKEN_MAX)));
    ck_assert(gn_span_equal(gn_address_token_span(&token), gn_span_of(bytes, GN_TOKEN_MAX)));
    ck_assert(!gn_address_token_keep(&token, gn_span_of(bytes, GN_TOKEN_MAX + 1)));
    ck_assert_uint_eq(token.len, GN_TOKEN_MAX);
    ck_assert(gn_address_token_keep(&token, gn_span_of(NULL, 0)));
    ck_assert_uint_eq(gn_address_token_span(&token).len, 0);
}
END_TEST

Suite *
gn_test_address_token(void)
{
    Suite *suite = suite_create("conn/address_token");
    TCase *limits = tcase_create("limits");

    tcase_add_test(limits, address_token_is_kept_up_to_its_bound);
    suite_add_tcase(suite, limits);
    return suite;
}
