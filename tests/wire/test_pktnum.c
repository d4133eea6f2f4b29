/*
 * test_pktnum.c: what wire/pktnum.h promises.
 */
#include <check.h>
#include <signal.h>

#include "prop.h"
#include "suites.h"
#include "tests/support/random.h"
#include "tests/support/vectors.h"
#include "wire/pktnum.h"

static gn_test_vectors v;

/* One more than the number under this key, 0 when the case has none. */
static uint64_t
one_more(const char *key)
{
    return gn_test_vectors_has(&v, key) ? gn_test_vectors_u64(&v, key) + 1 : 0;
}

/* [R-9000-17.1-1] [R-9000-17.1-2] */
START_TEST(pktnum_is_shortened_as_in_the_samples)
{
    unsigned cases = 0;

    gn_test_vectors_open(&v, "rfc9000_a2_pktnum_encode.txt");
    while (gn_test_vectors_next(&v)) {
        const uint64_t pn = gn_test_vectors_u64(&v, "pn");
        const size_t size = gn_pktnum_size(pn, one_more("acked"));

        ck_assert_uint_eq(size, gn_test_vectors_u64(&v, "size"));
        ck_assert_uint_eq(gn_pktnum_truncate(pn, size), gn_test_vectors_u64(&v, "truncated"));
        cases++;
    }
    ck_assert_uint_eq(cases, 12);
}
END_TEST

START_TEST(pktnum_is_found_again_as_in_the_samples)
{
    unsigned cases = 0;

    gn_test_vectors_open(&v, "rfc9000_a3_pktnum_decode.txt");
    while (gn_test_vectors_next(&v)) {
        const uint64_t truncated = gn_test_vectors_u64(&v, "truncated");
        const size_t size = (size_t)gn_test_vectors_u64(&v, "size");

        ck_assert_uint_eq(gn_pktnum_expand(truncated, size, one_more("largest")),
                          gn_test_vectors_u64(&v, "pn"));
        cases++;
    }
    ck_assert_uint_eq(cases, 11);
}
END_TEST

START_TEST(pktnum_too_far_ahead_still_takes_four_bytes)
{
    ck_assert_uint_eq(gn_pktnum_size(UINT64_C(1) << 31, 0), 4);
    ck_assert_uint_eq(gn_pktnum_size(GN_PKTNUM_MAX, 0), 4);
}
END_TEST

/* The one-byte number nearest to expected, by trying them all; the upper of two as near. */
static uint64_t
nearest(uint64_t truncated, uint64_t expected)
{
    const uint64_t from = expected < 512 ? 0 : expected - 512;
    uint64_t best = UINT64_MAX;
    uint64_t best_way = UINT64_MAX;

    for (uint64_t pn = from; pn <= expected + 512 && pn <= GN_PKTNUM_MAX; pn++) {
        const uint64_t way = pn < expected ? expected - pn : pn - expected;
        if (pn % 256 == truncated && way <= best_way) {
            best = pn;
            best_way = way;
        }
    }
    return best;
}

/* [R-9000-17.1-2] */
START_TEST(pktnum_found_is_the_nearest)
{
    static const uint64_t places[] = {0,
                                      1,
                                      0x7f,
                                      0x80,
                                      0x1000,
                                      0xffffffff,
                                      GN_PKTNUM_MAX,
                                      GN_PKTNUM_MAX - 0x80,
                                      0xabcd,
                                      0x123456789,
                                      GN_PKTNUM_MAX - 0xff};

    for (uint64_t truncated = 0; truncated < 256; truncated++)
        ck_assert_uint_eq(gn_pktnum_expand(truncated, 1, places[_i]),
                          nearest(truncated, places[_i]));
}
END_TEST

START_TEST(pktnum_after_the_last_is_never_above_it)
{
    for (uint64_t truncated = 0; truncated < 256; truncated++)
        ck_assert_uint_eq(gn_pktnum_expand(truncated, 1, GN_PKTNUM_MAX + 1),
                          GN_PKTNUM_MAX - 255 + truncated);
}
END_TEST

START_TEST(pktnum_size_of_what_is_acknowledged_already_traps)
{
    (void)gn_pktnum_size(5, 6);
}
END_TEST

START_TEST(pktnum_of_no_bytes_traps)
{
    (void)gn_pktnum_truncate(5, 0);
}
END_TEST

START_TEST(pktnum_of_five_bytes_traps)
{
    (void)gn_pktnum_expand(5, 5, 0);
}
END_TEST

START_TEST(pktnum_larger_than_its_bytes_traps)
{
    (void)gn_pktnum_expand(256, 1, 0);
}
END_TEST

START_TEST(pktnum_holds_its_property)
{
    uint64_t state = (uint64_t)_i;
    uint8_t bytes[24];

    gn_test_random_fill(&state, bytes, sizeof bytes);
    ck_assert(gn_prop_pktnum(bytes, sizeof bytes));
}
END_TEST

Suite *
gn_test_pktnum(void)
{
    Suite *s = suite_create("wire/pktnum");
    TCase *vectors = tcase_create("vectors");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_test(vectors, pktnum_is_shortened_as_in_the_samples);
    tcase_add_test(vectors, pktnum_is_found_again_as_in_the_samples);
    tcase_add_test(limits, pktnum_too_far_ahead_still_takes_four_bytes);
    tcase_add_loop_test(limits, pktnum_found_is_the_nearest, 0, 11);
    tcase_add_test(limits, pktnum_after_the_last_is_never_above_it);
    tcase_add_test_raise_signal(limits, pktnum_size_of_what_is_acknowledged_already_traps, SIGABRT);
    tcase_add_test_raise_signal(limits, pktnum_of_no_bytes_traps, SIGABRT);
    tcase_add_test_raise_signal(limits, pktnum_of_five_bytes_traps, SIGABRT);
    tcase_add_test_raise_signal(limits, pktnum_larger_than_its_bytes_traps, SIGABRT);
    tcase_add_loop_test(random, pktnum_holds_its_property, 0, 1000);
    suite_add_tcase(s, vectors);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
