/*
 * test_suite_wolfcrypt.c: what crypto/suite.h promises of a table, of wolfCrypt's.
 */
#include <check.h>
#include <string.h>

#include "crypto/suite_wolfcrypt.h"
#include "suites.h"
#include "tests/support/random.h"

enum { TEXT_MAX = 1500, AAD_MAX = 40 };

/* One key, one nonce, some associated data, some text. */
typedef struct sealed {
    gn_suite_id suite;
    gn_suite_slot slot;
    uint8_t nonce[GN_SUITE_NONCE_BYTES];
    uint8_t aad[AAD_MAX];
    size_t aad_len;
    uint8_t text[TEXT_MAX];
    uint8_t bytes[TEXT_MAX + GN_SUITE_TAG_BYTES];
    size_t len; /* of text */
} sealed;

static const gn_suite_ops *
ops(void)
{
    return gn_suite_wolfcrypt();
}

static void
sealed_make(sealed *s, gn_suite_id suite, size_t len, size_t aad_len)
{
    uint64_t state = len * 100 + aad_len + (uint64_t)suite;
    uint8_t key[GN_SUITE_KEY_MAX];

    s->suite = suite;
    s->len = len;
    s->aad_len = aad_len;
    gn_test_random_fill(&state, key, sizeof key);
    gn_test_random_fill(&state, s->nonce, sizeof s->nonce);
    gn_test_random_fill(&state, s->aad, sizeof s->aad);
    gn_test_random_fill(&state, s->text, sizeof s->text);
    memcpy(s->bytes, s->text, len);
    ops()->aead_set(suite, &s->slot, key);
    ops()->seal(suite, &s->slot, s->nonce, s->aad, aad_len, s->bytes, len);
}

static gn_err
sealed_open(const sealed *s, uint8_t *out)
{
    return ops()->open(s->suite, &s->slot, s->nonce, s->aad, s->aad_len, s->bytes,
                       s->len + GN_SUITE_TAG_BYTES, out);
}

START_TEST(suite_opens_what_it_sealed)
{
    static const size_t lens[] = {0, 1, 3, 15, 16, 17, 64, 255, 1162, 1350, TEXT_MAX};
    static sealed s;
    uint8_t out[TEXT_MAX];

    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        sealed_make(&s, (gn_suite_id)_i, lens[i], i * 3 + 1);
        ck_assert(lens[i] < 16 || memcmp(s.bytes, s.text, lens[i]) != 0);
        ck_assert_int_eq(sealed_open(&s, out), GN_OK);
        ck_assert_mem_eq(out, s.text, lens[i]);
    }
}
END_TEST

START_TEST(suite_refuses_any_changed_bit_of_ciphertext_and_tag)
{
    static sealed s;
    uint8_t out[TEXT_MAX];

    sealed_make(&s, (gn_suite_id)_i, 40, 20);
    for (size_t i = 0; i < (s.len + GN_SUITE_TAG_BYTES) * 8; i++) {
        s.bytes[i / 8] ^= (uint8_t)(1u << i % 8);
        ck_assert_int_eq(sealed_open(&s, out), GN_ERR_AUTH);
        s.bytes[i / 8] ^= (uint8_t)(1u << i % 8);
    }
    ck_assert_int_eq(sealed_open(&s, out), GN_OK);
}
END_TEST

START_TEST(suite_refuses_other_associated_data_and_nonce)
{
    static sealed s;
    uint8_t out[TEXT_MAX];

    sealed_make(&s, (gn_suite_id)_i, 40, 20);
    for (size_t i = 0; i < s.aad_len; i++) {
        s.aad[i] ^= 0x10;
        ck_assert_int_eq(sealed_open(&s, out), GN_ERR_AUTH);
        s.aad[i] ^= 0x10;
    }
    for (size_t i = 0; i < sizeof s.nonce; i++) {
        s.nonce[i] ^= 0x01;
        ck_assert_int_eq(sealed_open(&s, out), GN_ERR_AUTH);
        s.nonce[i] ^= 0x01;
    }
    s.aad_len--;
    ck_assert_int_eq(sealed_open(&s, out), GN_ERR_AUTH);
}
END_TEST

START_TEST(suite_refuses_another_key)
{
    static sealed s;
    uint8_t out[TEXT_MAX];
    const uint8_t key[GN_SUITE_KEY_MAX] = {1};

    sealed_make(&s, (gn_suite_id)_i, 40, 20);
    ops()->aead_set(s.suite, &s.slot, key);
    ck_assert_int_eq(sealed_open(&s, out), GN_ERR_AUTH);
}
END_TEST

START_TEST(suite_refuses_less_than_a_tag)
{
    static sealed s;
    uint8_t out[TEXT_MAX];

    sealed_make(&s, (gn_suite_id)_i, 40, 20);
    for (size_t len = 0; len < 40 + GN_SUITE_TAG_BYTES; len++)
        ck_assert_int_eq(
            ops()->open(s.suite, &s.slot, s.nonce, s.aad, s.aad_len, s.bytes, len, out),
            GN_ERR_AUTH);
}
END_TEST

START_TEST(suite_open_leaves_its_input_alone)
{
    static sealed s;
    static sealed before;
    uint8_t out[TEXT_MAX];

    for (int flip = 0; flip < 2; flip++) {
        sealed_make(&s, (gn_suite_id)_i, 1200, 20);
        s.bytes[7] ^= (uint8_t)flip;
        before = s;
        ck_assert_int_eq(sealed_open(&s, out), flip ? GN_ERR_AUTH : GN_OK);
        ck_assert_mem_eq(&s, &before, sizeof s);
    }
}
END_TEST

START_TEST(suite_slot_may_be_copied)
{
    static sealed s;
    static sealed copy;
    uint8_t out[TEXT_MAX];

    sealed_make(&s, (gn_suite_id)_i, 100, 20);
    copy = s;
    memset(&s, 0xff, sizeof s);
    ck_assert_int_eq(sealed_open(&copy, out), GN_OK);
}
END_TEST

START_TEST(suite_slot_is_the_same_for_the_same_key)
{
    gn_suite_slot a, b;
    gn_suite_mask c, d;
    const uint8_t key[GN_SUITE_KEY_MAX] = {1, 2, 3};

    memset(&a, 0x00, sizeof a);
    memset(&b, 0xff, sizeof b);
    memset(&c, 0x00, sizeof c);
    memset(&d, 0xff, sizeof d);
    ops()->aead_set((gn_suite_id)_i, &a, key);
    ops()->aead_set((gn_suite_id)_i, &b, key);
    ops()->mask_set((gn_suite_id)_i, &c, key);
    ops()->mask_set((gn_suite_id)_i, &d, key);
    ck_assert_mem_eq(&a, &b, sizeof a);
    ck_assert_mem_eq(&c, &d, sizeof c);
}
END_TEST

/* [R-9001-5.3-1] */
START_TEST(suite_masks_depend_on_key_and_sample)
{
    uint8_t key[GN_SUITE_KEY_MAX] = {9};
    uint8_t sample[GN_SUITE_SAMPLE_BYTES] = {7};
    uint8_t one[GN_SUITE_MASK_OUT_BYTES], two[GN_SUITE_MASK_OUT_BYTES];
    gn_suite_mask mask;

    ops()->mask_set((gn_suite_id)_i, &mask, key);
    ops()->mask((gn_suite_id)_i, &mask, sample, one);
    for (size_t i = 0; i < sizeof sample; i++) {
        sample[i] ^= 0x80;
        ops()->mask((gn_suite_id)_i, &mask, sample, two);
        ck_assert_mem_ne(one, two, sizeof one);
        sample[i] ^= 0x80;
    }
    key[gn_suite_of((gn_suite_id)_i)->key_len - 1] ^= 1;
    ops()->mask_set((gn_suite_id)_i, &mask, key);
    ops()->mask((gn_suite_id)_i, &mask, sample, two);
    ck_assert_mem_ne(one, two, sizeof one);
}
END_TEST

/* RFC 5869 A.1 */
START_TEST(suite_hkdf_gives_the_output_of_its_rfc)
{
    static const uint8_t prk_wanted[32] = {0x07, 0x77, 0x09, 0x36, 0x2c, 0x2e, 0x32, 0xdf,
                                           0x0d, 0xdc, 0x3f, 0x0d, 0xc4, 0x7b, 0xba, 0x63,
                                           0x90, 0xb6, 0xc7, 0x3b, 0xb5, 0x0f, 0x9c, 0x31,
                                           0x22, 0xec, 0x84, 0x4a, 0xd7, 0xc2, 0xb3, 0xe5};
    static const uint8_t okm_wanted[42] = {
        0x3c, 0xb2, 0x5f, 0x25, 0xfa, 0xac, 0xd5, 0x7a, 0x90, 0x43, 0x4f, 0x64, 0xd0, 0x36,
        0x2f, 0x2a, 0x2d, 0x2d, 0x0a, 0x90, 0xcf, 0x1a, 0x5a, 0x4c, 0x5d, 0xb0, 0x2d, 0x56,
        0xec, 0xc4, 0xc5, 0xbf, 0x34, 0x00, 0x72, 0x08, 0xd5, 0xb8, 0x87, 0x18, 0x58, 0x65};
    uint8_t ikm[22], salt[13], info[10], prk[32], okm[42];

    memset(ikm, 0x0b, sizeof ikm);
    for (size_t i = 0; i < sizeof salt; i++)
        salt[i] = (uint8_t)i;
    for (size_t i = 0; i < sizeof info; i++)
        info[i] = (uint8_t)(0xf0 + i);
    ops()->hkdf_extract(GN_SUITE_SHA256, salt, sizeof salt, ikm, sizeof ikm, prk);
    ck_assert_mem_eq(prk, prk_wanted, sizeof prk);
    /* One block and two: shorter output is the beginning of longer. */
    for (size_t len = 1; len <= sizeof okm; len++) {
        memset(okm, 0xee, sizeof okm);
        const gn_suite_expansion one = {info, sizeof info, okm, len};
        ops()->hkdf_expand(GN_SUITE_SHA256, prk, &one, 1);
        ck_assert_mem_eq(okm, okm_wanted, len);
        ck_assert(len == sizeof okm || okm[len] == 0xee);
    }
}
END_TEST

Suite *
gn_test_suite_wolfcrypt(void)
{
    Suite *suite = suite_create("crypto/suite_wolfcrypt");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_loop_test(good, suite_opens_what_it_sealed, 0, GN_SUITES);
    tcase_add_loop_test(good, suite_slot_may_be_copied, 0, GN_SUITES);
    tcase_add_loop_test(good, suite_slot_is_the_same_for_the_same_key, 0, GN_SUITES);
    tcase_add_loop_test(good, suite_masks_depend_on_key_and_sample, 0, GN_SUITES);
    tcase_add_test(good, suite_hkdf_gives_the_output_of_its_rfc);
    tcase_add_loop_test(hostile, suite_refuses_any_changed_bit_of_ciphertext_and_tag, 0, GN_SUITES);
    tcase_add_loop_test(hostile, suite_refuses_other_associated_data_and_nonce, 0, GN_SUITES);
    tcase_add_loop_test(hostile, suite_refuses_another_key, 0, GN_SUITES);
    tcase_add_loop_test(hostile, suite_refuses_less_than_a_tag, 0, GN_SUITES);
    tcase_add_loop_test(hostile, suite_open_leaves_its_input_alone, 0, GN_SUITES);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
