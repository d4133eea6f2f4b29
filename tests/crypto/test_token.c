/*
 * test_token.c: what crypto/token.h promises.
 */
#include <check.h>
#include <string.h>

#include "crypto/suite_wolfcrypt.h"
#include "crypto/token.h"
#include "prop.h"
#include "suites.h"
#include "tests/support/random.h"

static const uint8_t seed[GN_RNG_SEED_BYTES] = {7};
static const uint8_t host[GN_TOKEN_HOST_BYTES] = {[10] = 0xff, 0xff, 10, 0, 0, 1};
static gn_token_maker maker;
static uint8_t bytes[GN_TOKEN_BYTES];

static gn_token
retry_token(size_t cid_len)
{
    static const uint8_t id[GN_CID_MAX] = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                           11, 12, 13, 14, 15, 16, 17, 18, 19, 20};

    return (gn_token){.issued = 123456789,
                      .route = 42,
                      .original = gn_cid_from(id, cid_len),
                      .kind = GN_TOKEN_RETRY,
                      .hello_len = 99,
                      .hello = 0x0123456789abcdef};
}

static void
seal(const gn_token *token)
{
    gn_token_init(&maker, gn_suite_wolfcrypt(), seed);
    gn_token_seal(&maker, gn_suite_wolfcrypt(), token, host, bytes);
}

static gn_err
open_token(const uint8_t *from, gn_token *out)
{
    return gn_token_open(&maker, gn_suite_wolfcrypt(), gn_span_of(bytes, sizeof bytes), from, out);
}

/* [R-9000-8.1.1-1] */
START_TEST(token_says_what_was_sealed)
{
    const gn_token token = retry_token((size_t)_i);
    gn_token out;

    seal(&token);
    ck_assert_int_eq(open_token(host, &out), GN_OK);
    ck_assert_uint_eq(out.issued, token.issued);
    ck_assert_uint_eq(out.route, token.route);
    ck_assert_uint_eq(out.kind, token.kind);
    ck_assert_uint_eq(out.hello, token.hello);
    ck_assert_uint_eq(out.hello_len, token.hello_len);
    ck_assert(gn_cid_equal(&out.original, &token.original));
}
END_TEST

/* [R-9000-8.1.4-2] */
START_TEST(token_sees_any_one_bit)
{
    const gn_token token = retry_token(8);
    gn_token out;

    seal(&token);
    for (size_t bit = 0; bit < 8 * sizeof bytes; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        ck_assert_int_eq(open_token(host, &out), GN_ERR_AUTH);
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t len = 0; len < sizeof bytes; len++)
        ck_assert_int_eq(
            gn_token_open(&maker, gn_suite_wolfcrypt(), gn_span_of(bytes, len), host, &out),
            GN_ERR_AUTH);
}
END_TEST

/* [R-9000-8.1.4-3] */
START_TEST(token_of_another_address_or_endpoint_does_not_open)
{
    const gn_token token = retry_token(8);
    const uint8_t other_seed[GN_RNG_SEED_BYTES] = {8};
    uint8_t other[GN_TOKEN_HOST_BYTES];
    gn_token out;

    seal(&token);
    memcpy(other, host, sizeof other);
    other[15] ^= 1;
    ck_assert_int_eq(open_token(other, &out), GN_ERR_AUTH);
    gn_token_init(&maker, gn_suite_wolfcrypt(), other_seed);
    ck_assert_int_eq(open_token(host, &out), GN_ERR_AUTH);
}
END_TEST

/* [R-9000-8.1.3-3] [R-9000-8.1.3-4] [R-9000-8.1.4-1] */
START_TEST(tokens_that_say_the_same_have_nothing_in_common)
{
    const gn_token token = {.issued = 5, .kind = GN_TOKEN_NEW};
    uint8_t other[GN_TOKEN_BYTES];
    unsigned equal = 0;

    seal(&token);
    gn_token_seal(&maker, gn_suite_wolfcrypt(), &token, host, other);
    for (size_t i = 0; i < sizeof bytes; i++)
        equal += bytes[i] == other[i];
    ck_assert_uint_lt(equal, 8);
}
END_TEST

START_TEST(token_opens_whatever_comes)
{
    uint8_t noise[GN_TOKEN_BYTES + 8];

    uint64_t state = (uint64_t)_i;

    gn_test_random_fill(&state, noise, sizeof noise);
    ck_assert(gn_prop_token(noise, (size_t)_i % sizeof noise));
    ck_assert(gn_prop_token(noise, sizeof noise));
}
END_TEST

Suite *
gn_test_token(void)
{
    Suite *suite = suite_create("crypto/token");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *random = tcase_create("random");

    tcase_add_loop_test(good, token_says_what_was_sealed, 0, GN_CID_MAX + 1);
    tcase_add_test(good, tokens_that_say_the_same_have_nothing_in_common);
    tcase_add_test(hostile, token_sees_any_one_bit);
    tcase_add_test(hostile, token_of_another_address_or_endpoint_does_not_open);
    tcase_add_loop_test(random, token_opens_whatever_comes, 0, 200);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    suite_add_tcase(suite, random);
    return suite;
}
