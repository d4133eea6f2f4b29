/*
 * test_rng.c: what base/rng.h promises.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "base/rng.h"
#include "prop.h"
#include "suites.h"
#include "tests/support/random.h"

static const uint8_t seed[GN_RNG_SEED_BYTES] = {
    0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
    16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
};

static gn_rng
stream(const char *purpose, uint64_t number)
{
    gn_rng rng;

    memset(&rng, 0xff, sizeof rng);
    gn_rng_init(&rng, seed, purpose, number);
    return rng;
}

/* A fixed point: whatever changes these numbers changes every recorded run. */
START_TEST(rng_numbers_never_change)
{
    gn_rng rng = stream("test", 7);

    ck_assert_uint_eq(gn_rng_u64(&rng), UINT64_C(0xc8b4d547a03b5206));
    ck_assert_uint_eq(gn_rng_u64(&rng), UINT64_C(0x203f5090ab8cd0b1));
    ck_assert_uint_eq(rng.drawn, 2);
}
END_TEST

START_TEST(rng_same_choice_gives_the_same_numbers)
{
    gn_rng a = stream("cid", 3);
    gn_rng b = stream("cid", 3);

    for (int i = 0; i < 100; i++)
        ck_assert_uint_eq(gn_rng_u64(&a), gn_rng_u64(&b));
}
END_TEST

START_TEST(rng_streams_do_not_shift_each_other)
{
    gn_rng a = stream("cid", 3);
    gn_rng b = stream("challenge", 3);
    const uint64_t first = gn_rng_u64(&b);
    const uint64_t second = gn_rng_u64(&b);

    b = stream("challenge", 3);
    ck_assert_uint_eq(gn_rng_u64(&b), first);
    (void)gn_rng_u64(&a);
    ck_assert_uint_eq(gn_rng_u64(&b), second);
}
END_TEST

START_TEST(rng_purpose_number_and_seed_all_matter)
{
    uint8_t other[GN_RNG_SEED_BYTES];
    gn_rng base = stream("cid", 3);
    const uint64_t first = gn_rng_u64(&base);
    gn_rng rng = stream("ci", 3);

    ck_assert_uint_ne(gn_rng_u64(&rng), first);
    rng = stream("cid", 4);
    ck_assert_uint_ne(gn_rng_u64(&rng), first);
    rng = stream("", 3);
    ck_assert_uint_ne(gn_rng_u64(&rng), first);
    for (size_t i = 0; i < sizeof other; i++) {
        memcpy(other, seed, sizeof other);
        other[i] ^= 0x80;
        gn_rng_init(&rng, other, "cid", 3);
        ck_assert_uint_ne(gn_rng_u64(&rng), first);
    }
}
END_TEST

START_TEST(rng_fill_is_the_numbers_low_byte_first)
{
    gn_rng a = stream("fill", 0);
    gn_rng b = stream("fill", 0);
    uint8_t out[12];

    memset(out, 0, sizeof out);
    gn_rng_fill(&a, out, 11);
    const uint64_t words[2] = {gn_rng_u64(&b), gn_rng_u64(&b)};
    for (size_t i = 0; i < 11; i++)
        ck_assert_uint_eq(out[i], (uint8_t)(words[i / 8] >> (8 * (i % 8))));
    ck_assert_uint_eq(out[11], 0);
    ck_assert_uint_eq(a.drawn, 2);
    gn_rng_fill(&a, NULL, 0);
    ck_assert_uint_eq(a.drawn, 2);
}
END_TEST

START_TEST(rng_below_stays_below_and_reaches_all)
{
    gn_rng rng = stream("below", 0);
    unsigned seen[6] = {0};

    for (int i = 0; i < 6000; i++) {
        const uint64_t draw = gn_rng_below(&rng, 6);
        ck_assert_uint_lt(draw, 6);
        seen[draw]++;
    }
    for (int i = 0; i < 6; i++) {
        ck_assert_uint_gt(seen[i], 850);
        ck_assert_uint_lt(seen[i], 1150);
    }
    ck_assert_uint_eq(gn_rng_below(&rng, 1), 0);
}
END_TEST

START_TEST(rng_below_draws_again_rather_than_lean)
{
    gn_rng rng = stream("below", 1);
    const uint64_t bound = (UINT64_C(1) << 63) + 1;

    for (int i = 0; i < 64; i++)
        ck_assert_uint_lt(gn_rng_below(&rng, bound), bound);
    ck_assert_uint_gt(rng.drawn, 80);
}
END_TEST

START_TEST(rng_bits_are_balanced)
{
    gn_rng rng = stream("bits", 0);
    unsigned ones[64] = {0};

    for (int i = 0; i < 4096; i++) {
        const uint64_t word = gn_rng_u64(&rng);
        for (unsigned bit = 0; bit < 64; bit++)
            ones[bit] += (unsigned)(word >> bit & 1);
    }
    for (int bit = 0; bit < 64; bit++) {
        ck_assert_uint_gt(ones[bit], 2048 - 192);
        ck_assert_uint_lt(ones[bit], 2048 + 192);
    }
}
END_TEST

START_TEST(rng_below_nothing_traps)
{
    gn_rng rng = stream("below", 0);

    (void)gn_rng_below(&rng, 0);
}
END_TEST

START_TEST(rng_purpose_too_long_traps)
{
    (void)stream("a purpose of thirty-two letters.", 0);
}
END_TEST

START_TEST(rng_holds_its_property)
{
    uint64_t state = (uint64_t)_i;
    uint8_t bytes[64];

    gn_test_random_fill(&state, bytes, sizeof bytes);
    ck_assert(gn_prop_rng(bytes, sizeof bytes));
}
END_TEST

Suite *
gn_test_rng(void)
{
    Suite *s = suite_create("base/rng");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_test(good, rng_numbers_never_change);
    tcase_add_test(good, rng_same_choice_gives_the_same_numbers);
    tcase_add_test(good, rng_streams_do_not_shift_each_other);
    tcase_add_test(good, rng_purpose_number_and_seed_all_matter);
    tcase_add_test(good, rng_fill_is_the_numbers_low_byte_first);
    tcase_add_test(good, rng_below_stays_below_and_reaches_all);
    tcase_add_test(good, rng_below_draws_again_rather_than_lean);
    tcase_add_test(good, rng_bits_are_balanced);
    tcase_add_test_raise_signal(limits, rng_below_nothing_traps, SIGABRT);
    tcase_add_test_raise_signal(limits, rng_purpose_too_long_traps, SIGABRT);
    tcase_add_loop_test(random, rng_holds_its_property, 0, 100);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
