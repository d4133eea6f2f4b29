/*
 * test_reset_token.c: what conn/reset_token.h promises.
 */
#include <check.h>
#include <string.h>

#include "conn/reset_token.h"
#include "suites.h"

static gn_reset_token_key key;
static gn_cid cid;
static uint8_t token[GN_RESET_TOKEN_BYTES];

/* The key and message of SipHash's own published vector, its bytes 0 to 14. */
static void
known_key(void)
{
    uint8_t bytes[15];

    for (int half = 0; half < 2; half++)
        for (int i = 0; i < GN_SIPHASH_KEY_BYTES; i++)
            key.half[half][i] = (uint8_t)i;
    for (uint8_t i = 0; i < sizeof bytes; i++)
        bytes[i] = i;
    cid = gn_cid_from(bytes, sizeof bytes);
    gn_reset_token_of(&key, &cid, token);
}

static void
assert_other(const gn_reset_token_key *other_key, const gn_cid *other_cid, size_t from, size_t to)
{
    uint8_t other[GN_RESET_TOKEN_BYTES];

    gn_reset_token_of(other_key, other_cid, other);
    ck_assert_int_ne(memcmp(token + from, other + from, to - from), 0);
}

/* [R-9000-10.3.2-1] */
START_TEST(reset_token_is_two_siphashes)
{
    static const uint8_t half[] = {0xe5, 0x45, 0xbe, 0x49, 0x61, 0xca, 0x29, 0xa1};

    ck_assert_mem_eq(token, half, sizeof half);
    ck_assert_mem_eq(token + sizeof half, half, sizeof half);
}
END_TEST

START_TEST(reset_token_is_the_same_whenever_it_is_asked)
{
    uint8_t again[GN_RESET_TOKEN_BYTES];

    gn_reset_token_of(&key, &cid, again);
    ck_assert_mem_eq(again, token, sizeof again);
}
END_TEST

/* [R-9000-10.3.2-1] */
START_TEST(reset_token_needs_both_halves_of_the_key)
{
    gn_reset_token_key other = key;

    other.half[0][_i] ^= 1;
    assert_other(&other, &cid, 0, 8);
    other = key;
    other.half[1][_i] ^= 1;
    assert_other(&other, &cid, 8, 16);
}
END_TEST

/* [R-9000-10.3.2-5] */
START_TEST(reset_token_follows_every_byte_and_the_length)
{
    gn_cid other;

    for (uint8_t i = 0; i < cid.len; i++) {
        other = cid;
        other.bytes[i] ^= 0x80;
        assert_other(&key, &other, 0, 8);
        assert_other(&key, &other, 8, 16);
    }
    other = gn_cid_from(cid.bytes, cid.len + 1u);
    assert_other(&key, &other, 0, 16);
    other = gn_cid_from(cid.bytes, 0);
    assert_other(&key, &other, 0, 16);
}
END_TEST

/* What comes again has another key for each connection. [R-9000-10.3.2-3] */
START_TEST(reset_token_of_a_short_id_is_of_one_connection_alone)
{
    const size_t len = (size_t)_i;
    const bool own = len < GN_RESET_TOKEN_CID_MIN;
    const gn_reset_token_key keys[] = {gn_reset_token_key_for(&key, len, 1),
                                       gn_reset_token_key_for(&key, len, 2),
                                       gn_reset_token_key_for(&key, len, UINT64_C(1) << 63)};

    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(memcmp(&keys[i], &key, sizeof key) != 0, own);
        for (int k = 0; k < i && own; k++)
            for (int half = 0; half < 2; half++)
                ck_assert_mem_ne(keys[i].half[half], keys[k].half[half], GN_SIPHASH_KEY_BYTES);
        if (own)
            assert_other(&keys[i], &cid, 0, 8);
    }
}
END_TEST

Suite *
gn_test_reset_token(void)
{
    Suite *s = suite_create("conn/reset_token");
    TCase *good = tcase_create("good");

    tcase_add_checked_fixture(good, known_key, NULL);
    tcase_add_test(good, reset_token_is_two_siphashes);
    tcase_add_test(good, reset_token_is_the_same_whenever_it_is_asked);
    tcase_add_loop_test(good, reset_token_needs_both_halves_of_the_key, 0, GN_SIPHASH_KEY_BYTES);
    tcase_add_test(good, reset_token_follows_every_byte_and_the_length);
    tcase_add_loop_test(good, reset_token_of_a_short_id_is_of_one_connection_alone, 1, 21);
    suite_add_tcase(s, good);
    return s;
}
