/*
 * test_vectors_crypto.c: HKDF and the suites against the facts of RFC 9001 A and RFC 9369 A.
 *
 * Version 2 and the Retry Integrity Tag are not spoken here; what they are
 * made of is the same HKDF, the same AEADs and the same masks.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "crypto/hkdf.h"
#include "crypto/suite.h"
#include "crypto/suite_wolfcrypt.h"
#include "suites.h"
#include "tests/support/vectors.h"

enum { PACKET_MAX = 1500, VERSION_2 = 0x6b3343cf };

static gn_test_vectors v;

/* Derives what the label of the case's version says, "quic key" or "quicv2 key". */
static void
derive(const uint8_t *secret, const char *what, uint8_t *out, size_t len)
{
    char label[32];

    snprintf(label, sizeof label, "%s %s",
             gn_test_vectors_u64(&v, "version") == VERSION_2 ? "quicv2" : "quic", what);
    gn_hkdf_expand_label(gn_suite_wolfcrypt(), GN_SUITE_SHA256, secret, label, out, len);
}

static void
expect_derived(const uint8_t *secret, const char *what, const char *key)
{
    uint8_t wanted[32], out[32];
    const size_t len = gn_test_vectors_bytes(&v, key, wanted, sizeof wanted);

    derive(secret, what, out, len);
    gn_test_vectors_assert(&v, memcmp(out, wanted, len) == 0);
}

START_TEST(vectors_crypto_initial_keys_follow_from_salt_and_id)
{
    static const char *const names[] = {"rfc9001_a1_keys.txt", "rfc9369_a1_keys.txt"};
    static const char *const sides[] = {"client", "server"};
    uint8_t salt[32], dcid[20], initial[32], wanted[32], secret[32];
    char text[32];

    gn_test_vectors_open(&v, names[_i]);
    ck_assert(gn_test_vectors_next(&v));
    const size_t salt_len = gn_test_vectors_bytes(&v, "salt", salt, sizeof salt);
    const size_t dcid_len = gn_test_vectors_bytes(&v, "dcid", dcid, sizeof dcid);
    gn_suite_wolfcrypt()->hkdf_extract(GN_SUITE_SHA256, salt, salt_len, dcid, dcid_len, initial);
    for (size_t side = 0; side < 2; side++) {
        snprintf(text, sizeof text, "%s in", sides[side]);
        gn_hkdf_expand_label(gn_suite_wolfcrypt(), GN_SUITE_SHA256, initial, text, secret, 32);
        gn_test_vectors_bytes(&v, sides[side], wanted, sizeof wanted);
        gn_test_vectors_assert(&v, memcmp(secret, wanted, 32) == 0);
        snprintf(text, sizeof text, "%s_key", sides[side]);
        expect_derived(secret, "key", text);
        snprintf(text, sizeof text, "%s_iv", sides[side]);
        expect_derived(secret, "iv", text);
        snprintf(text, sizeof text, "%s_hp", sides[side]);
        expect_derived(secret, "hp", text);
    }
    ck_assert(!gn_test_vectors_next(&v));
}
END_TEST

START_TEST(vectors_crypto_keys_follow_from_a_secret)
{
    static const char *const names[] = {"rfc9001_a5_keys.txt", "rfc9369_a5_keys.txt"};
    uint8_t secret[32];

    gn_test_vectors_open(&v, names[_i]);
    ck_assert(gn_test_vectors_next(&v));
    gn_test_vectors_bytes(&v, "secret", secret, sizeof secret);
    expect_derived(secret, "key", "key");
    expect_derived(secret, "iv", "iv");
    expect_derived(secret, "hp", "hp");
    expect_derived(secret, "ku", "ku");
    ck_assert(!gn_test_vectors_next(&v));
}
END_TEST

/* RFC 9001 5.3, 5.4: seals the case's packet with the suite alone; the bytes it takes. */
static size_t
seal(uint8_t *out, gn_suite_id suite, const uint8_t *secret)
{
    const gn_suite_ops *ops = gn_suite_wolfcrypt();
    const size_t key_len = gn_suite_of(suite)->key_len;
    const uint64_t pn = gn_test_vectors_u64(&v, "pn");
    const size_t pn_size = (size_t)gn_test_vectors_u64(&v, "pn_size");
    uint8_t key[32], nonce[12], hp[32], mask[5];
    gn_suite_slot slot;
    gn_suite_mask prepared;

    derive(secret, "key", key, key_len);
    derive(secret, "iv", nonce, sizeof nonce);
    derive(secret, "hp", hp, key_len);
    for (size_t i = 0; i < 8; i++)
        nonce[4 + i] ^= (uint8_t)(pn >> (8 * (7 - i)));

    const size_t header = gn_test_vectors_bytes(&v, "header", out, PACKET_MAX);
    const size_t len = gn_test_vectors_bytes(&v, "payload", out + header, PACKET_MAX - header);
    ops->aead_set(suite, &slot, key);
    ops->seal(suite, &slot, nonce, out, header, out + header, len);
    ops->mask_set(suite, &prepared, hp);
    ops->mask(suite, &prepared, out + header - pn_size + 4, mask);
    out[0] ^= mask[0] & (out[0] & 0x80 ? 0x0f : 0x1f);
    for (size_t i = 0; i < pn_size; i++)
        out[header - pn_size + i] ^= mask[1 + i];
    return header + len + GN_SUITE_TAG_BYTES;
}

START_TEST(vectors_crypto_packets_are_sealed_to_the_same_bytes)
{
    static const char *const names[] = {"rfc9001_a_packets.txt", "rfc9369_a_packets.txt"};
    size_t cases = 0;

    for (gn_test_vectors_open(&v, names[_i]); gn_test_vectors_next(&v); cases++) {
        uint8_t secret[32], out[PACKET_MAX], wanted[PACKET_MAX];
        gn_suite_id suite;

        ck_assert_int_eq(gn_suite_from_tls((uint16_t)gn_test_vectors_u64(&v, "suite"), &suite),
                         GN_OK);
        gn_test_vectors_bytes(&v, "secret", secret, sizeof secret);
        const size_t len = seal(out, suite, secret);
        gn_test_vectors_assert(&v,
                               len == gn_test_vectors_bytes(&v, "packet", wanted, sizeof wanted));
        gn_test_vectors_assert(&v, memcmp(out, wanted, len) == 0);
    }
    ck_assert_uint_eq(cases, 3);
}
END_TEST

/* RFC 9001 5.8: the tag authenticates the connection ID that is answered, and the packet. */
START_TEST(vectors_crypto_retry_tags_follow_from_the_packet)
{
    static const char *const names[] = {"rfc9001_a4_retry.txt", "rfc9369_a4_retry.txt"};
    const gn_suite_ops *ops = gn_suite_wolfcrypt();
    uint8_t key[16], nonce[12], aad[PACKET_MAX], tag[16], wanted[16];
    gn_suite_slot slot;

    gn_test_vectors_open(&v, names[_i]);
    ck_assert(gn_test_vectors_next(&v));
    ck_assert_uint_eq(gn_test_vectors_bytes(&v, "key", key, sizeof key), 16);
    ck_assert_uint_eq(gn_test_vectors_bytes(&v, "nonce", nonce, sizeof nonce), 12);
    ck_assert_uint_eq(gn_test_vectors_bytes(&v, "tag", wanted, sizeof wanted), 16);
    aad[0] = (uint8_t)gn_test_vectors_bytes(&v, "odcid", aad + 1, 20);
    const size_t at = 1 + (size_t)aad[0];
    const size_t len = gn_test_vectors_bytes(&v, "packet", aad + at, sizeof aad - at);
    gn_test_vectors_assert(&v, memcmp(aad + at + len - 16, wanted, 16) == 0);
    ops->aead_set(GN_SUITE_AES_128_GCM_SHA256, &slot, key);
    ops->seal(GN_SUITE_AES_128_GCM_SHA256, &slot, nonce, aad, at + len - 16, tag, 0);
    gn_test_vectors_assert(&v, memcmp(tag, wanted, 16) == 0);
    ck_assert(!gn_test_vectors_next(&v));
}
END_TEST

Suite *
gn_test_vectors_crypto(void)
{
    Suite *suite = suite_create("crypto/vectors_crypto");
    TCase *vectors = tcase_create("vectors");

    tcase_add_loop_test(vectors, vectors_crypto_initial_keys_follow_from_salt_and_id, 0, 2);
    tcase_add_loop_test(vectors, vectors_crypto_keys_follow_from_a_secret, 0, 2);
    tcase_add_loop_test(vectors, vectors_crypto_packets_are_sealed_to_the_same_bytes, 0, 2);
    tcase_add_loop_test(vectors, vectors_crypto_retry_tags_follow_from_the_packet, 0, 2);
    suite_add_tcase(suite, vectors);
    return suite;
}
