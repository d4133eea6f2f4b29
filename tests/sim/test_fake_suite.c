/*
 * test_fake_suite.c: the three promises of a stand-in for packet protection (crypto/suite.h).
 */
#include <check.h>
#include <string.h>

#include "sim/fake_suite.h"
#include "suites.h"
#include "support/random.h"

#define LEN 90
#define SUITE GN_SUITE_AES_128_GCM_SHA256

static const gn_suite_ops *ops;
static gn_suite_slot slot;
static uint8_t key[GN_SUITE_KEY_MAX];
static uint8_t nonce[GN_SUITE_NONCE_BYTES];
static uint8_t aad[20];
static uint8_t plain[LEN];
static uint8_t sealed[LEN + GN_SUITE_TAG_BYTES];
static uint8_t opened[LEN + GN_SUITE_TAG_BYTES];

static void
set_up(void)
{
    uint64_t state = 3;

    ops = gn_sim_fake_suite();
    gn_test_random_fill(&state, key, sizeof key);
    gn_test_random_fill(&state, nonce, sizeof nonce);
    gn_test_random_fill(&state, aad, sizeof aad);
    gn_test_random_fill(&state, plain, LEN);
    memcpy(sealed, plain, LEN);
    ops->aead_set(SUITE, &slot, key);
    ops->seal(SUITE, &slot, nonce, aad, sizeof aad, sealed, LEN);
}

static gn_err
open_it(void)
{
    return ops->open(SUITE, &slot, nonce, aad, sizeof aad, sealed, sizeof sealed, opened);
}

START_TEST(fake_suite_opens_what_it_sealed)
{
    ck_assert_int_eq(open_it(), GN_OK);
    ck_assert_mem_eq(opened, plain, LEN);
}
END_TEST

/* A stateless reset token in a frame is none at the end of a packet that was cut there. */
START_TEST(fake_suite_shows_no_text)
{
    for (size_t at = 0; at + 8 <= LEN; at++)
        ck_assert_mem_ne(sealed + at, plain + at, 8);
}
END_TEST

START_TEST(fake_suite_every_bit_of_text_and_tag_counts)
{
    for (size_t bit = 0; bit < sizeof sealed * 8; bit++) {
        sealed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        ck_assert_int_eq(open_it(), GN_ERR_AUTH);
        sealed[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}
END_TEST

START_TEST(fake_suite_every_bit_of_nonce_data_and_key_counts)
{
    for (size_t bit = 0; bit < sizeof nonce * 8; bit++) {
        nonce[bit / 8] ^= (uint8_t)(1u << bit % 8);
        ck_assert_int_eq(open_it(), GN_ERR_AUTH);
        nonce[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t bit = 0; bit < sizeof aad * 8; bit++) {
        aad[bit / 8] ^= (uint8_t)(1u << bit % 8);
        ck_assert_int_eq(open_it(), GN_ERR_AUTH);
        aad[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t bit = 0; bit < 16 * 8; bit++) {
        key[bit / 8] ^= (uint8_t)(1u << bit % 8);
        ops->aead_set(SUITE, &slot, key);
        ck_assert_int_eq(open_it(), GN_ERR_AUTH);
        key[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}
END_TEST

START_TEST(fake_suite_every_cut_is_refused)
{
    for (size_t len = 0; len < sizeof sealed; len++)
        ck_assert_int_eq(ops->open(SUITE, &slot, nonce, aad, sizeof aad, sealed, len, opened),
                         GN_ERR_AUTH);
    ck_assert_int_eq(
        ops->open(SUITE, &slot, nonce, aad, sizeof aad - 1, sealed, sizeof sealed, opened),
        GN_ERR_AUTH);
}
END_TEST

START_TEST(fake_suite_bytes_do_not_move_between_data_and_text)
{
    uint8_t text[40 + GN_SUITE_TAG_BYTES] = {0};

    ops->seal(SUITE, &slot, nonce, text, 0, text, 40);
    ck_assert_int_eq(ops->open(SUITE, &slot, nonce, text, 8, text + 8, sizeof text - 8, opened),
                     GN_ERR_AUTH);
}
END_TEST

static void
expand(size_t info_len, uint8_t *out, size_t out_len)
{
    const gn_suite_expansion one = {aad, info_len, out, out_len};

    ops->hkdf_expand(GN_SUITE_SHA256, key, &one, 1);
}

START_TEST(fake_suite_secrets_labels_and_lengths_give_other_keys)
{
    uint8_t one[GN_SUITE_HASH_MAX];
    uint8_t two[GN_SUITE_HASH_MAX];

    expand(10, one, 16);
    expand(11, two, 16);
    ck_assert_mem_ne(one, two, 16);
    expand(10, two, 12);
    ck_assert_mem_ne(one, two, 12);
    key[0] ^= 1;
    expand(10, two, 16);
    ck_assert_mem_ne(one, two, 16);
    ops->hkdf_extract(GN_SUITE_SHA256, aad, 5, key, 9, one);
    ops->hkdf_extract(GN_SUITE_SHA256, aad, 6, key, 9, two);
    ck_assert_mem_ne(one, two, 16);
}
END_TEST

START_TEST(fake_suite_mask_follows_key_and_sample)
{
    gn_suite_mask mask;
    uint8_t one[GN_SUITE_MASK_OUT_BYTES];
    uint8_t two[GN_SUITE_MASK_OUT_BYTES];

    ops->mask_set(SUITE, &mask, key);
    ops->mask(SUITE, &mask, sealed, one);
    ops->mask(SUITE, &mask, sealed, two);
    ck_assert_mem_eq(one, two, sizeof one);
    ops->mask(SUITE, &mask, sealed + 1, two);
    ck_assert_mem_ne(one, two, sizeof one);
}
END_TEST

Suite *
gn_test_fake_suite(void)
{
    Suite *suite = suite_create("sim/fake_suite");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_checked_fixture(good, set_up, NULL);
    tcase_add_checked_fixture(hostile, set_up, NULL);
    tcase_add_test(good, fake_suite_opens_what_it_sealed);
    tcase_add_test(good, fake_suite_shows_no_text);
    tcase_add_test(good, fake_suite_secrets_labels_and_lengths_give_other_keys);
    tcase_add_test(good, fake_suite_mask_follows_key_and_sample);
    tcase_add_test(hostile, fake_suite_every_bit_of_text_and_tag_counts);
    tcase_add_test(hostile, fake_suite_every_bit_of_nonce_data_and_key_counts);
    tcase_add_test(hostile, fake_suite_every_cut_is_refused);
    tcase_add_test(hostile, fake_suite_bytes_do_not_move_between_data_and_text);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
