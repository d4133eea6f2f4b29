/*
 * test_hkdf.c: what crypto/hkdf.h promises.
 */
#include <check.h>
#include <string.h>

#include "crypto/hkdf.h"
#include "crypto/suite_wolfcrypt.h"
#include "suites.h"
#include "tests/support/vectors.h"

START_TEST(hkdf_labels_give_the_keys_of_the_rfc)
{
    static const struct {
        const char *label;
        const char *key;
    } rows[] = {{"quic key", "key"}, {"quic iv", "iv"}, {"quic hp", "hp"}, {"quic ku", "ku"}};
    static gn_test_vectors v;
    uint8_t secret[32], wanted[32], out[32];

    gn_test_vectors_open(&v, "rfc9001_a5_keys.txt");
    ck_assert(gn_test_vectors_next(&v));
    ck_assert_uint_eq(gn_test_vectors_bytes(&v, "secret", secret, sizeof secret), 32);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t len = gn_test_vectors_bytes(&v, rows[i].key, wanted, sizeof wanted);
        gn_hkdf_expand_label(gn_suite_wolfcrypt(), GN_SUITE_SHA256, secret, rows[i].label, out,
                             len);
        ck_assert_mem_eq(out, wanted, len);
    }
    ck_assert(!gn_test_vectors_next(&v));
}
END_TEST

/* RFC 8446 7.1: the length wanted is part of the input, so a shorter key is no prefix. */
START_TEST(hkdf_of_another_length_is_another_key)
{
    uint8_t secret[GN_SUITE_HASH_MAX] = {1};
    uint8_t shorter[16], longer[32];

    gn_hkdf_expand_label(gn_suite_wolfcrypt(), (gn_suite_hash)_i, secret, "quic key", shorter,
                         sizeof shorter);
    gn_hkdf_expand_label(gn_suite_wolfcrypt(), (gn_suite_hash)_i, secret, "quic key", longer,
                         sizeof longer);
    ck_assert_mem_ne(shorter, longer, sizeof shorter);
}
END_TEST

START_TEST(hkdf_uses_the_whole_secret)
{
    uint8_t secret[GN_SUITE_HASH_MAX] = {1};
    uint8_t one[16], two[16];

    gn_hkdf_expand_label(gn_suite_wolfcrypt(), (gn_suite_hash)_i, secret, "quic key", one, 16);
    secret[gn_suite_hash_len((gn_suite_hash)_i) - 1] ^= 1;
    gn_hkdf_expand_label(gn_suite_wolfcrypt(), (gn_suite_hash)_i, secret, "quic key", two, 16);
    ck_assert_mem_ne(one, two, 16);
}
END_TEST

/* Several keys of one secret are what each is by itself. */
START_TEST(hkdf_at_once_is_one_by_one)
{
    const gn_suite_hash hash = (gn_suite_hash)_i;
    uint8_t secret[GN_SUITE_HASH_MAX] = {7, 1};
    uint8_t all[3][100], one[100];
    const gn_hkdf_key keys[3] = {{"quic key", all[0], 16}, {"x", all[1], 100}, {"", all[2], 32}};

    gn_hkdf_expand_labels(gn_suite_wolfcrypt(), hash, secret, keys, 3);
    for (size_t i = 0; i < 3; i++) {
        gn_hkdf_expand_label(gn_suite_wolfcrypt(), hash, secret, keys[i].label, one,
                             keys[i].out_len);
        ck_assert_mem_eq(all[i], one, keys[i].out_len);
    }
}
END_TEST

START_TEST(hkdf_label_that_is_too_long_traps)
{
    uint8_t secret[32] = {0}, out[16];

    gn_hkdf_expand_label(gn_suite_wolfcrypt(), GN_SUITE_SHA256, secret, "nineteen characters", out,
                         sizeof out);
}
END_TEST

Suite *
gn_test_hkdf(void)
{
    Suite *suite = suite_create("crypto/hkdf");
    TCase *vectors = tcase_create("vectors");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_test(vectors, hkdf_labels_give_the_keys_of_the_rfc);
    tcase_add_loop_test(good, hkdf_of_another_length_is_another_key, 0, 2);
    tcase_add_loop_test(good, hkdf_uses_the_whole_secret, 0, 2);
    tcase_add_loop_test(good, hkdf_at_once_is_one_by_one, 0, 2);
    tcase_add_test_raise_signal(limits, hkdf_label_that_is_too_long_traps, 6);
    suite_add_tcase(suite, vectors);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    return suite;
}
