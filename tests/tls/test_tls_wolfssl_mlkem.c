/*
 * test_tls_wolfssl_mlkem.c: ML-KEM-768 as the library has it, which X25519MLKEM768 is made with.
 *
 * The library's own texts come from an earlier draft; what is pinned here was
 * computed from FIPS 203 by another implementation: the digests of keys and
 * ciphertext, and both secrets, for randomness that counts from 0.
 */
#include <check.h>
#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>

#include <wolfssl/wolfcrypt/kyber.h>
#include <wolfssl/wolfcrypt/sha256.h>
#include <wolfssl/wolfcrypt/wc_kyber.h>

#include "base/bytes.h"
#include "suites.h"
#include "tests/support/tls_pair.h"
#include "tests/support/vectors.h"

enum { CLIENT = GN_TEST_TLS_CLIENT, SERVER = GN_TEST_TLS_SERVER };

static uint8_t public[KYBER768_PUBLIC_KEY_SIZE];
static uint8_t private[KYBER768_PRIVATE_KEY_SIZE];
static uint8_t text[KYBER768_CIPHER_TEXT_SIZE];

static void
expect_hex(const uint8_t *bytes, size_t len, const char *wanted)
{
    char hex[2 * 32 + 1];

    ck_assert_uint_le(len, 32);
    for (size_t i = 0; i < len; i++)
        snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
    ck_assert_str_eq(hex, wanted);
}

static void
expect_digest(const uint8_t *bytes, size_t len, const char *wanted)
{
    uint8_t digest[32];
    wc_Sha256 sha;

    ck_assert_int_eq(wc_InitSha256(&sha), 0);
    ck_assert_int_eq(wc_Sha256Update(&sha, bytes, (word32)len), 0);
    ck_assert_int_eq(wc_Sha256Final(&sha, digest), 0);
    expect_hex(digest, sizeof digest, wanted);
}

START_TEST(mlkem_makes_the_keys_and_secrets_of_fips_203)
{
    static KyberKey key, other;
    uint8_t random[96], secret[KYBER_SS_SZ];

    for (size_t i = 0; i < sizeof random; i++)
        random[i] = (uint8_t)i;
    ck_assert_int_eq(wc_KyberKey_Init(KYBER768, &key, NULL, INVALID_DEVID), 0);
    ck_assert_int_eq(wc_KyberKey_MakeKeyWithRandom(&key, random, 64), 0);
    ck_assert_int_eq(wc_KyberKey_EncodePublicKey(&key, public, sizeof public), 0);
    ck_assert_int_eq(wc_KyberKey_EncodePrivateKey(&key, private, sizeof private), 0);
    expect_digest(public, sizeof public,
                  "0b7934c83125c788995e2ba6bd761e33046b3e40571be53e023309a29f398cc9");
    expect_digest(private, sizeof private,
                  "dac268bde6a8dd238e9887117d6b664e7a7a9350ad6b7c08a948e504809572a5");
    ck_assert_int_eq(wc_KyberKey_Init(KYBER768, &other, NULL, INVALID_DEVID), 0);
    ck_assert_int_eq(wc_KyberKey_DecodePublicKey(&other, public, sizeof public), 0);
    ck_assert_int_eq(wc_KyberKey_EncapsulateWithRandom(&other, text, secret, random + 64, 32), 0);
    expect_digest(text, sizeof text,
                  "dbf4e9aa48b078ad46ec1c9c47bda8c2d2fec9d0e7a21bd48d2238a2abedb856");
    expect_hex(secret, sizeof secret,
               "9cddd089ffe70e3996e76f7c8d06746df34d07e8657bc0fcf2bb0e1c3084aea1");
    ck_assert_int_eq(wc_KyberKey_DecodePrivateKey(&other, private, sizeof private), 0);
    ck_assert_int_eq(wc_KyberKey_Decapsulate(&other, secret, text, sizeof text), 0);
    expect_hex(secret, sizeof secret,
               "9cddd089ffe70e3996e76f7c8d06746df34d07e8657bc0fcf2bb0e1c3084aea1");
    /* A changed ciphertext gives a secret that nobody knows, and no error. */
    text[0] ^= 1;
    ck_assert_int_eq(wc_KyberKey_Decapsulate(&other, secret, text, sizeof text), 0);
    expect_hex(secret, sizeof secret,
               "dcfc80c6db46ff7028e3a4398651c063ae7a42c107a6dc8cb07141861698ab92");
}
END_TEST

/* Where the one key share of a ClientHello or ServerHello begins; its length is asserted. */
static uint8_t *
share_of(uint8_t *hello, size_t len, size_t share_len)
{
    const uint8_t head[] = {0x11, 0xec, (uint8_t)(share_len >> 8), (uint8_t)share_len};

    for (size_t i = 0; i + sizeof head + share_len <= len; i++)
        if (memcmp(hello + i, head, sizeof head) == 0)
            return hello + i + sizeof head;
    ck_abort_msg("no X25519MLKEM768 share");
    return NULL;
}

enum { CLIENT_SHARE = 1184 + 32, SERVER_SHARE = 1088 + 32 };

static size_t changed_at;
static uint8_t changed_to;

static void
change_client(int from, gn_level level, uint8_t *bytes, size_t *len, size_t cap)
{
    (void)cap;
    if (from == CLIENT && level == GN_LEVEL_INITIAL)
        memset(share_of(bytes, *len, CLIENT_SHARE) + changed_at, changed_to,
               changed_at == CLIENT_SHARE - 32 ? 32 : 3);
}

static void
change_first(int from, gn_level level, uint8_t *bytes, size_t *len, size_t cap)
{
    if (*len > CLIENT_SHARE)
        change_client(from, level, bytes, len, cap);
}

static void
change_server(int from, gn_level level, uint8_t *bytes, size_t *len, size_t cap)
{
    (void)cap;
    if (from == SERVER && level == GN_LEVEL_INITIAL)
        memset(share_of(bytes, *len, SERVER_SHARE) + changed_at, changed_to,
               changed_at == SERVER_SHARE - 32 ? 32 : 3);
}

static gn_test_tls_options
hybrid(void)
{
    gn_test_tls_options options = gn_test_tls_usual();

    for (int i = 0; i < 2; i++) {
        options.config[i].groups_count = 1;
        options.config[i].groups[0] = GN_TLS_X25519MLKEM768;
    }
    return options;
}

/* FIPS 203 7.2, RFC 7748 6.1: a share that no honest client makes is illegal_parameter. */
START_TEST(hybrid_share_out_of_range_is_refused_by_the_server)
{
    static gn_test_tls_pair pair;
    static const struct {
        size_t at;
        uint8_t to;
    } row[] = {{0, 0xff}, {1149, 0xff}, {CLIENT_SHARE - 32, 0}};
    gn_test_tls_options options = hybrid();

    changed_at = row[_i].at;
    changed_to = row[_i].to;
    options.change = change_client;
    ck_assert(!gn_test_tls_pair_talk(&pair, &options));
    ck_assert_str_eq(pair.side[SERVER].order, "F");
    ck_assert_uint_eq(pair.side[SERVER].fault.wire_code, 0x012f);
    gn_test_tls_pair_end(&pair);
}
END_TEST

/* A server whose own list lacks the group does no work for it, and asks for another. */
START_TEST(hybrid_share_that_nobody_wants_is_not_looked_at)
{
    static gn_test_tls_pair pair;
    gn_test_tls_options options = hybrid();

    options.config[SERVER].groups[0] = GN_TLS_X25519;
    options.config[CLIENT].groups_count = 2;
    options.config[CLIENT].groups[1] = GN_TLS_X25519;
    changed_at = 0;
    changed_to = 0xff;
    options.change = change_first;
    /* Two hellos: the share was wrong, and only the transcript gave it away. */
    ck_assert(!gn_test_tls_pair_talk(&pair, &options));
    ck_assert_uint_eq(pair.side[CLIENT].runs, 2);
    ck_assert(!pair.side[SERVER].failed);
    ck_assert_uint_eq(pair.side[CLIENT].fault.wire_code, 0x0133);
    gn_test_tls_pair_end(&pair);
}
END_TEST

/* A zero X25519 share is refused; another ciphertext gives other keys. */
START_TEST(hybrid_answer_that_was_changed_does_not_complete)
{
    static gn_test_tls_pair pair;
    gn_test_tls_options options = hybrid();

    changed_at = _i == 0 ? SERVER_SHARE - 32 : 5;
    changed_to = 0;
    options.change = change_server;
    ck_assert(!gn_test_tls_pair_talk(&pair, &options));
    ck_assert(pair.side[CLIENT].failed);
    if (_i == 0)
        ck_assert_uint_eq(pair.side[CLIENT].fault.wire_code, 0x012f);
    gn_test_tls_pair_end(&pair);
}
END_TEST

/* The hello is larger than an Initial packet, and the same for the same seed. */
START_TEST(hybrid_hello_takes_two_packets_and_comes_from_the_seed)
{
    static gn_test_tls_pair first, second;
    const gn_test_tls_options options = hybrid();

    ck_assert(gn_test_tls_pair_talk(&first, &options));
    gn_test_tls_pair_end(&first);
    ck_assert(gn_test_tls_pair_talk(&second, &options));
    gn_test_tls_pair_end(&second);
    ck_assert_uint_gt(first.side[CLIENT].run[0].len, 1200);
    for (int i = 0; i < 2; i++) {
        ck_assert_uint_eq(first.side[i].out_len, second.side[i].out_len);
        ck_assert_mem_eq(first.side[i].out, second.side[i].out, first.side[i].out_len);
    }
}
END_TEST

Suite *
gn_test_tls_wolfssl_mlkem(void)
{
    Suite *suite = suite_create("tls/tls_wolfssl_mlkem");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_test(good, mlkem_makes_the_keys_and_secrets_of_fips_203);
    tcase_add_test(good, hybrid_hello_takes_two_packets_and_comes_from_the_seed);
    tcase_add_test(good, hybrid_share_that_nobody_wants_is_not_looked_at);
    tcase_add_loop_test(hostile, hybrid_share_out_of_range_is_refused_by_the_server, 0, 3);
    tcase_add_loop_test(hostile, hybrid_answer_that_was_changed_does_not_complete, 0, 2);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
