/*
 * test_siphash.c: what base/siphash.h promises.
 */
#include <check.h>

#include "base/siphash.h"
#include "prop.h"
#include "suites.h"
#include "tests/support/random.h"
#include "tests/support/vectors.h"

START_TEST(siphash_gives_the_reference_outputs)
{
    static gn_test_vectors v;
    unsigned cases = 0;

    gn_test_vectors_open(&v, "siphash24.txt");
    while (gn_test_vectors_next(&v)) {
        const size_t len = (size_t)gn_test_vectors_u64(&v, "length");
        uint8_t key[GN_SIPHASH_KEY_BYTES];
        uint8_t expected[8];
        uint8_t message[64];
        uint64_t word = 0;

        ck_assert_uint_eq(gn_test_vectors_bytes(&v, "key", key, sizeof key), sizeof key);
        ck_assert_uint_eq(gn_test_vectors_bytes(&v, "hash", expected, 8), 8);
        ck_assert_uint_le(len, sizeof message);
        for (size_t i = 0; i < len; i++)
            message[i] = (uint8_t)i;
        for (unsigned i = 0; i < 8; i++)
            word |= (uint64_t)expected[i] << (8 * i);
        ck_assert_uint_eq(gn_siphash(key, message, len), word);
        cases++;
    }
    ck_assert_uint_eq(cases, 64);
}
END_TEST

START_TEST(siphash_of_nothing_reads_nothing)
{
    const uint8_t key[GN_SIPHASH_KEY_BYTES] = {0};

    ck_assert_uint_eq(gn_siphash(key, NULL, 0), gn_siphash(key, key, 0));
}
END_TEST

START_TEST(siphash_depends_on_every_bit)
{
    uint64_t state = (uint64_t)_i;
    uint8_t bytes[80];
    const size_t len = 16 + (size_t)(gn_test_random(&state) % 64);

    gn_test_random_fill(&state, bytes, sizeof bytes);
    ck_assert(gn_prop_siphash(bytes, len));
}
END_TEST

Suite *
gn_test_siphash(void)
{
    Suite *s = suite_create("base/siphash");
    TCase *vectors = tcase_create("vectors");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_test(vectors, siphash_gives_the_reference_outputs);
    tcase_add_test(limits, siphash_of_nothing_reads_nothing);
    tcase_add_loop_test(random, siphash_depends_on_every_bit, 0, 100);
    suite_add_tcase(s, vectors);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
