/*
 * test_tls_terms.c: what 0-RTT needs to be as it was.
 */
#include <check.h>

#include "suites.h"
#include "tls/tls_terms.h"

static const uint8_t key[GN_SIPHASH_KEY_BYTES] = {1, 2, 3};

static gn_tls_terms
usual(void)
{
    return (gn_tls_terms){.limit = {1000, 200, 300, 400, 5, 6, 4, 0}, .application = 77};
}

/* Whether 0-RTT is fine now with a ticket from then. */
static bool
hold(const gn_tls_terms *now, const gn_tls_terms *then, bool strict)
{
    uint8_t bytes[GN_TLS_TERMS_BYTES];

    gn_tls_terms_write(then, 9, bytes);
    return gn_tls_terms_hold(now, 9, bytes, strict);
}

static gn_span
text(const char *name, size_t len)
{
    return gn_span_of((const uint8_t *)name, len);
}

/* [R-9000-7.4.1-4] [R-9000-7.4.1-5] [R-9000-7.4.1-6] */
START_TEST(terms_hold_while_no_limit_is_lower)
{
    const gn_tls_terms then = usual();
    gn_tls_terms now = usual();

    ck_assert(hold(&now, &then, false));
    ck_assert(hold(&now, &then, true));
    now.limit[_i]++;
    ck_assert(hold(&now, &then, false));
    ck_assert(!hold(&now, &then, true)); /* another limit is enough */
    if (then.limit[_i] == 0)
        return;
    now.limit[_i] = then.limit[_i] - 1;
    ck_assert(!hold(&now, &then, false));
}
END_TEST

START_TEST(terms_with_a_limit_that_is_not_known_hold_for_the_same_alone)
{
    gn_tls_terms then = usual();
    gn_tls_terms now = usual();

    then.limit[0] = UINT64_C(1) << 40;
    now.limit[0] = UINT64_C(1) << 39;
    ck_assert(!hold(&now, &then, false));
    now.limit[0] = UINT64_C(1) << 41;
    ck_assert(!hold(&now, &then, false));
    now.limit[0] = UINT64_C(1) << 40;
    ck_assert(hold(&now, &then, false));
    then.limit[0] = UINT32_MAX - 1; /* the largest that is known */
    ck_assert(hold(&now, &then, false));
}
END_TEST

START_TEST(terms_are_bound_to_protocol_name_application_and_key)
{
    gn_tls_terms terms = usual();
    const uint64_t bound = gn_tls_terms_bind(&terms, text("h3", 2), text("a.example", 9), key);
    uint8_t other[GN_SIPHASH_KEY_BYTES] = {1, 2, 4};
    uint8_t bytes[GN_TLS_TERMS_BYTES];

    ck_assert_uint_eq(bound, gn_tls_terms_bind(&terms, text("h3", 2), text("a.example", 9), key));
    ck_assert_uint_ne(bound, gn_tls_terms_bind(&terms, text("h2", 2), text("a.example", 9), key));
    ck_assert_uint_ne(bound, gn_tls_terms_bind(&terms, text("h3", 2), text("b.example", 9), key));
    ck_assert_uint_ne(bound, gn_tls_terms_bind(&terms, text("h3", 2), text("a.example", 9), other));
    /* Where one text ends and the other begins counts, too. */
    ck_assert_uint_ne(bound, gn_tls_terms_bind(&terms, text("h3a", 3), text(".example", 8), key));
    terms.application++;
    ck_assert_uint_ne(bound, gn_tls_terms_bind(&terms, text("h3", 2), text("a.example", 9), key));
    terms.application--;
    gn_tls_terms_write(&terms, bound, bytes);
    ck_assert(gn_tls_terms_hold(&terms, bound, bytes, true));
    ck_assert(!gn_tls_terms_hold(&terms, bound + 1, bytes, false));
}
END_TEST

Suite *
gn_test_tls_terms(void)
{
    Suite *suite = suite_create("tls/tls_terms");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_loop_test(good, terms_hold_while_no_limit_is_lower, 0, GN_TLS_TERMS_LIMITS);
    tcase_add_test(good, terms_are_bound_to_protocol_name_application_and_key);
    tcase_add_test(limits, terms_with_a_limit_that_is_not_known_hold_for_the_same_alone);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    return suite;
}
