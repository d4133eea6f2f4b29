/*
 * test_tls_wolfssl_session.c: handshakes that fail: how, with which error, and never worse.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>

#include <wolfssl/wolfcrypt/memory.h>

#include "suites.h"
#include "tests/support/random.h"
#include "tests/support/tls_pair.h"
#include "tls/tls_wolfssl.h"

enum { CLIENT = GN_TEST_TLS_CLIENT, SERVER = GN_TEST_TLS_SERVER };

static gn_test_tls_pair pair;

/* The handshake fails at that side, for that reason. */
static void
expect_failure(const gn_test_tls_options *options, int where, uint64_t wire_code)
{
    gn_tls_event event;

    ck_assert(!gn_test_tls_pair_talk(&pair, options));
    ck_assert_msg(pair.side[where].failed, "orders %s %s", pair.side[0].order, pair.side[1].order);
    ck_assert_uint_eq(pair.side[where].fault.wire_code, wire_code);
    ck_assert_mem_eq(pair.side[where].fault.why, "RFC ", 4);
    ck_assert(!pair.side[where].complete);
    /* It stays so, and is said once. */
    ck_assert_int_eq(gn_test_tls_pair_give(&pair, where, GN_LEVEL_INITIAL, (const uint8_t *)"", 1),
                     GN_ERR_TLS);
    ck_assert(!gn_tls_wolfssl()->next(pair.side[where].session, &event));
    ck_assert_ptr_eq(strchr(pair.side[where].order, 'F'),
                     pair.side[where].order + strlen(pair.side[where].order) - 1);
    gn_test_tls_pair_end(&pair);
}

/* [R-9000-7-1] [R-9001-4.4-1] */
START_TEST(session_refuses_a_certificate_that_does_not_fit)
{
    static const struct {
        const char *certificate;
        const char *ca;
        const char *name;
        uint64_t wire_code;
    } rows[] = {
        {"server", "ca", "another.example", 0x012a},
        {"server", "ca", "server.example.org", 0x012a},
        {"server", "ca", "example", 0x012a},
        {"server", "ca", "127.0.0.2", 0x012a},
        {"server", "ca", "::2", 0x012a},
        {"server", "other-ca", "server.example", 0x0130},
        {"expired", "ca", "server.example", 0x012d},
        {"client", "ca", "client.example", 0x012a},
        {"other-ca", "ca", "server.example", 0x0130},
        {"foreign", "ca", "server.example", 0x0130},
        {"below", "ca", "server.example", 0x0130}, /* without the one between */
        {"future", "ca", "server.example", 0x012d},
        {"usage", "ca", "server.example", 0x012a},
        {"unsigning", "ca", "server.example", 0x012a},
        {"wild", "ca", "wild.example", 0x012a},
        {"wild", "ca", "a.b.wild.example", 0x012a},
        {"wild", "ca", "awild.example", 0x012a},
    };
    gn_test_tls_options options = gn_test_tls_usual();

    options.certificate[SERVER] = rows[_i].certificate;
    options.ca[CLIENT] = rows[_i].ca;
    options.server_name = rows[_i].name;
    expect_failure(&options, CLIENT, rows[_i].wire_code);
}
END_TEST

START_TEST(session_refuses_a_certificate_not_valid_now)
{
    gn_test_tls_options options = gn_test_tls_usual();

    options.unix_ms = INT64_C(2524608000000); /* 2050 */
    options.ca[CLIENT] = NULL;
    options.config[CLIENT].verify = GN_TLS_VERIFY_NONE;
    ck_assert(gn_test_tls_pair_talk(&pair, &options)); /* dates are part of verifying */
    gn_test_tls_pair_end(&pair);
    options = gn_test_tls_usual();
    options.unix_ms = INT64_C(2524608000000);
    ck_assert_int_eq(gn_test_tls_pair_make(&pair, &options), GN_ERR_CONFIG); /* the CA's dates */
}
END_TEST

START_TEST(session_refuses_a_client_it_does_not_know)
{
    static const struct {
        const char *certificate;
        const char *ca;
        uint64_t wire_code;
        gn_tls_ask ask;
    } rows[] = {{NULL, "ca", 0x0174, GN_TLS_ASK_REQUIRED},
                {"client", "other-ca", 0x0130, GN_TLS_ASK_REQUIRED},
                {"other-ca", "ca", 0x0130, GN_TLS_ASK_REQUIRED},
                {"expired", "ca", 0x012d, GN_TLS_ASK_REQUIRED},
                {"ed25519", "ca", 0x012a, GN_TLS_ASK_REQUIRED}, /* good for servers only */
                /* Who shows one when asked shows a good one. */
                {"client", "other-ca", 0x0130, GN_TLS_ASK_OPTIONAL}};
    gn_test_tls_options options = gn_test_tls_usual();

    options.config[SERVER].ask = rows[_i].ask;
    options.certificate[CLIENT] = rows[_i].certificate;
    options.ca[SERVER] = rows[_i].ca;
    expect_failure(&options, SERVER, rows[_i].wire_code);
}
END_TEST

/* RFC 9001 8.1 */
/* [R-9001-8.1-2] [R-9001-8.1-4] */
START_TEST(session_without_a_common_protocol_fails)
{
    gn_test_tls_options options = gn_test_tls_usual();

    options.config[CLIENT].alpn = "hq-29,smtp";
    expect_failure(&options, SERVER, 0x0178);
}
END_TEST

/* [R-9001-8.1-1] */
START_TEST(session_takes_the_protocol_both_know)
{
    gn_test_tls_options options = gn_test_tls_usual();

    options.config[CLIENT].alpn = "smtp,hq-interop";
    ck_assert(gn_test_tls_pair_talk(&pair, &options));
    ck_assert_str_eq(pair.side[CLIENT].alpn, "hq-interop");
    gn_test_tls_pair_end(&pair);
}
END_TEST

START_TEST(session_without_a_common_suite_fails)
{
    gn_test_tls_options options = gn_test_tls_usual();

    options.config[CLIENT].suites_count = 1;
    options.config[CLIENT].suites[0] = GN_SUITE_AES_256_GCM_SHA384;
    options.config[SERVER].suites_count = 1;
    options.config[SERVER].suites[0] = GN_SUITE_CHACHA20_POLY1305_SHA256;
    expect_failure(&options, SERVER, 0x0128);
}
END_TEST

/* Where the extension of this type begins in the run, or NULL. found: with this length. */
static uint8_t *
find_extension(uint8_t *bytes, size_t len, uint16_t type)
{
    for (size_t i = 40; i + 4 <= len; i++) {
        size_t body = (size_t)bytes[i + 2] * 256 + bytes[i + 3];
        if (bytes[i] == type / 256 && bytes[i + 1] == type % 256 && body > 0 && body < 64)
            return bytes + i;
    }
    return NULL;
}

static int change_from;
static gn_level change_level;
static uint16_t change_type;

/* Gives the extension a number that nobody knows. */
static void
change_rename(int from, gn_level level, uint8_t *bytes, size_t *len, size_t cap)
{
    (void)cap;
    if (from != change_from || level != change_level)
        return;
    if (level == GN_LEVEL_HANDSHAKE && bytes[0] != 8)
        return;
    /* EncryptedExtensions begin at once: the search would miss them 40 bytes in. */
    uint8_t *at = level == GN_LEVEL_HANDSHAKE ? NULL : find_extension(bytes, *len, change_type);
    for (size_t i = 6; at == NULL && level == GN_LEVEL_HANDSHAKE && i + 4 < *len && i < 60;) {
        if (bytes[i] == change_type / 256 && bytes[i + 1] == change_type % 256)
            at = bytes + i;
        i += 4 + (size_t)bytes[i + 2] * 256 + bytes[i + 3];
    }
    ck_assert_ptr_nonnull(at);
    at[0] = 0x7a;
    at[1] = 0x7a;
}

/* RFC 9001 8.1, 8.2 */
/* [R-9001-8.1-3] [R-9001-8.2-2] */
START_TEST(session_without_a_needed_extension_fails)
{
    static const struct {
        int from;
        gn_level level;
        uint16_t type;
        uint64_t wire_code;
    } rows[] = {
        {CLIENT, GN_LEVEL_INITIAL, 0x39, 0x016d}, {CLIENT, GN_LEVEL_INITIAL, 16, 0x0178},
        {CLIENT, GN_LEVEL_INITIAL, 43, 0x0146},   {SERVER, GN_LEVEL_HANDSHAKE, 0x39, 0x016d},
        {SERVER, GN_LEVEL_HANDSHAKE, 16, 0x0178},
    };
    gn_test_tls_options options = gn_test_tls_usual();

    change_from = rows[_i].from;
    change_level = rows[_i].level;
    change_type = rows[_i].type;
    options.change = change_rename;
    expect_failure(&options, 1 - rows[_i].from, rows[_i].wire_code);
}
END_TEST

/* The server answers with a protocol that was not offered. */
static void
change_protocol(int from, gn_level level, uint8_t *bytes, size_t *len, size_t cap)
{
    (void)cap;
    if (from != SERVER || level != GN_LEVEL_HANDSHAKE)
        return;
    for (size_t i = 0; i + 3 < *len && i < 60; i++) {
        if (bytes[i] == 2 && bytes[i + 1] == 'h' && bytes[i + 2] == '3')
            bytes[i + 2] = '9';
    }
}

/* [R-9001-8.1-5] */
START_TEST(session_refuses_a_protocol_it_did_not_offer)
{
    gn_test_tls_options options = gn_test_tls_usual();

    options.change = change_protocol;
    expect_failure(&options, CLIENT, 0x0178);
}
END_TEST

/* Appends bytes to the first flight of one side. */
static const uint8_t *append_bytes;
static size_t append_len;

static void
change_append(int from, gn_level level, uint8_t *bytes, size_t *len, size_t cap)
{
    if (from != change_from || level != change_level)
        return;
    ck_assert_uint_le(*len + append_len, cap);
    memcpy(bytes + *len, append_bytes, append_len);
    *len += append_len;
}

/* RFC 9001 4.1.3 */
/* [R-9001-4.1.3-1] [R-9001-4.1.3-2] */
START_TEST(session_refuses_more_bytes_of_an_earlier_level)
{
    static const uint8_t finished[] = {20, 0, 0, 1, 0};
    gn_test_tls_options options = gn_test_tls_usual();

    change_from = _i % 2;
    change_level = GN_LEVEL_INITIAL;
    append_bytes = finished;
    append_len = (size_t)(_i < 2 ? 1 : 5);
    options.change = change_append;
    options.piece = (size_t)(_i < 4 ? 0 : 3);
    expect_failure(&options, 1 - change_from, GN_FAULT_PROTOCOL_VIOLATION);
}
END_TEST

START_TEST(session_refuses_a_second_client_hello)
{
    const gn_test_tls_options options = gn_test_tls_usual();

    ck_assert(gn_test_tls_pair_talk(&pair, &options));
    ck_assert_int_eq(gn_test_tls_pair_give(&pair, SERVER, GN_LEVEL_INITIAL, pair.side[CLIENT].out,
                                           pair.side[CLIENT].run[0].len),
                     GN_ERR_TLS);
    ck_assert_uint_eq(pair.side[SERVER].fault.wire_code, GN_FAULT_PROTOCOL_VIOLATION);
    gn_test_tls_pair_end(&pair);
}
END_TEST

START_TEST(session_refuses_messages_of_other_moments)
{
    static const struct {
        int to;
        gn_level level;
        uint8_t bytes[5];
        uint64_t wire_code;
    } rows[] = {
        {CLIENT, GN_LEVEL_INITIAL, {1, 0, 0, 1, 0}, 0x010a},  /* ClientHello to a client */
        {CLIENT, GN_LEVEL_INITIAL, {20, 0, 0, 1, 0}, 0x010a}, /* Finished in Initial */
        {CLIENT, GN_LEVEL_INITIAL, {24, 0, 0, 1, 0}, 0x010a}, /* KeyUpdate */
        {CLIENT, GN_LEVEL_HANDSHAKE, {8, 0, 0, 1, 0}, 0x0a},  /* before ServerHello */
        {SERVER, GN_LEVEL_INITIAL, {2, 0, 0, 1, 0}, 0x010a},  /* ServerHello to a server */
        {SERVER, GN_LEVEL_EARLY, {5, 0, 0, 0, 0}, 0x0a},      /* RFC 9001 8.3 */
        {SERVER, GN_LEVEL_APP, {24, 0, 0, 1, 0}, 0x0a},
        {SERVER, GN_LEVEL_INITIAL, {1, 0, 0, 1, 0}, 0x0132}, /* a hello of one byte */
    };
    const gn_test_tls_options options = gn_test_tls_usual();
    gn_test_tls_side *side = &pair.side[rows[_i].to];

    ck_assert_int_eq(gn_test_tls_pair_make(&pair, &options), GN_OK);
    if (rows[_i].to == CLIENT)
        ck_assert_int_eq(gn_tls_wolfssl()->start(side->session, pair.unix_ms), GN_OK);
    ck_assert_int_eq(gn_test_tls_pair_give(&pair, rows[_i].to, rows[_i].level, rows[_i].bytes, 5),
                     GN_ERR_TLS);
    ck_assert(side->failed);
    ck_assert_uint_eq(side->fault.wire_code, rows[_i].wire_code);
    gn_test_tls_pair_end(&pair);
}
END_TEST

/* RFC 9001 6 */
/* [R-9001-6-2] */
START_TEST(session_refuses_key_updates_after_completion)
{
    static const uint8_t key_update[] = {24, 0, 0, 1, (uint8_t)0};
    const gn_test_tls_options options = gn_test_tls_usual();

    ck_assert(gn_test_tls_pair_talk(&pair, &options));
    ck_assert_int_eq(gn_test_tls_pair_give(&pair, _i, GN_LEVEL_APP, key_update, sizeof key_update),
                     GN_ERR_TLS);
    ck_assert_uint_eq(pair.side[_i].fault.wire_code, 0x010a);
    gn_test_tls_pair_end(&pair);
}
END_TEST

static int flip_from;
static size_t flip_at;
static size_t flip_seen;
static uint8_t flip_bits;

/* Changes one byte of everything that a side sends. */
static void
change_flip(int from, gn_level level, uint8_t *bytes, size_t *len, size_t cap)
{
    (void)level;
    (void)cap;
    if (from != flip_from)
        return;
    if (flip_at >= flip_seen && flip_at < flip_seen + *len)
        bytes[flip_at - flip_seen] ^= flip_bits;
    flip_seen += *len;
}

/* [R-9000-7-1] */
START_TEST(session_with_any_byte_changed_never_completes_on_both_sides)
{
    for (uint64_t seed = (uint64_t)_i; seed < 400; seed += 10) {
        gn_test_tls_options options = gn_test_tls_usual();
        uint64_t state = seed;

        options.change = change_flip;
        options.piece = (size_t)(gn_test_random(&state) % 3 * 11);
        flip_from = (int)(seed % 2);
        flip_at = (size_t)(gn_test_random(&state) % (flip_from == CLIENT ? 340 : 1000));
        flip_bits = (uint8_t)(1u << gn_test_random(&state) % 8);
        flip_seen = 0;
        ck_assert_msg(!gn_test_tls_pair_talk(&pair, &options) || flip_at >= flip_seen, "seed %u",
                      (unsigned)seed);
        gn_test_tls_pair_end(&pair);
    }
}
END_TEST

/* Memory that ends after so many allocations. */
static size_t memory_left;
static size_t memory_live;

static void *
memory_take(size_t len)
{
    if (memory_left == 0)
        return NULL;
    memory_left--;
    memory_live++;
    return malloc(len);
}

static void
memory_give(void *block)
{
    if (block != NULL)
        memory_live--;
    free(block);
}

static void *
memory_resize(void *block, size_t len)
{
    if (memory_left == 0)
        return NULL;
    memory_left--;
    if (block == NULL)
        memory_live++;
    return realloc(block, len);
}

START_TEST(session_without_memory_fails_and_gives_all_back)
{
    const gn_test_tls_options options = gn_test_tls_usual();
    bool enough = false;

    ck_assert_int_eq(wolfSSL_SetAllocators(memory_take, memory_give, memory_resize), 0);
    for (size_t count = 0; count < 1000 && !enough; count++) {
        memory_left = count;
        const gn_err err = gn_test_tls_pair_make(&pair, &options);
        if (err == GN_OK) {
            enough = gn_test_tls_pair_run(&pair);
            /* Whoever fails says so. */
            ck_assert(enough || pair.side[CLIENT].failed || pair.side[SERVER].failed);
        }
        memory_left = SIZE_MAX;
        gn_test_tls_pair_end(&pair);
        ck_assert_uint_eq(memory_live, 0);
    }
    ck_assert(enough);
}
END_TEST

START_TEST(session_start_is_for_clients_and_once)
{
    const gn_test_tls_options options = gn_test_tls_usual();

    ck_assert_int_eq(gn_test_tls_pair_make(&pair, &options), GN_OK);
    ck_assert_int_eq(gn_tls_wolfssl()->start(pair.side[SERVER].session, pair.unix_ms),
                     GN_ERR_STATE);
    ck_assert_int_eq(gn_tls_wolfssl()->start(pair.side[CLIENT].session, pair.unix_ms), GN_OK);
    ck_assert_int_eq(gn_tls_wolfssl()->start(pair.side[CLIENT].session, pair.unix_ms),
                     GN_ERR_STATE);
    gn_test_tls_pair_end(&pair);
}
END_TEST

/* [R-9001-8.2-1] */
START_TEST(session_configuration_is_judged)
{
    static char long_name[300];
    gn_test_tls_options options = gn_test_tls_usual();
    gn_tls_session_config config = {.server_name = "server.example"};
    void *session = &pair;

    ck_assert_int_eq(gn_test_tls_pair_make(&pair, &options), GN_OK);
    /* No transport parameters. */
    ck_assert_int_eq(gn_tls_wolfssl()->session_new(pair.side[CLIENT].context, &config, &session),
                     GN_ERR_CONFIG);
    ck_assert_int_eq(gn_tls_wolfssl()->session_new(pair.side[SERVER].context, &config, &session),
                     GN_ERR_CONFIG);
    /* RFC 9001 4.4: nobody to verify. */
    config.parameters = gn_span_of((const uint8_t *)"\1\1\1", 3);
    config.server_name = NULL;
    ck_assert_int_eq(gn_tls_wolfssl()->session_new(pair.side[CLIENT].context, &config, &session),
                     GN_ERR_CONFIG);
    memset(long_name, 'a', sizeof long_name - 1);
    config.server_name = long_name;
    ck_assert_int_eq(gn_tls_wolfssl()->session_new(pair.side[CLIENT].context, &config, &session),
                     GN_ERR_CONFIG);
    ck_assert_ptr_eq(session, &pair);
    gn_tls_wolfssl()->session_free(NULL);
    gn_test_tls_pair_end(&pair);
}
END_TEST

Suite *
gn_test_tls_wolfssl_session(void)
{
    Suite *suite = suite_create("tls/tls_wolfssl_session");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_test(good, session_takes_the_protocol_both_know);
    tcase_add_loop_test(hostile, session_refuses_a_certificate_that_does_not_fit, 0, 17);
    tcase_add_test(hostile, session_refuses_a_certificate_not_valid_now);
    tcase_add_loop_test(hostile, session_refuses_a_client_it_does_not_know, 0, 6);
    tcase_add_test(hostile, session_without_a_common_protocol_fails);
    tcase_add_test(hostile, session_without_a_common_suite_fails);
    tcase_add_loop_test(hostile, session_without_a_needed_extension_fails, 0, 5);
    tcase_add_test(hostile, session_refuses_a_protocol_it_did_not_offer);
    tcase_add_loop_test(hostile, session_refuses_more_bytes_of_an_earlier_level, 0, 6);
    tcase_add_test(hostile, session_refuses_a_second_client_hello);
    tcase_add_loop_test(hostile, session_refuses_messages_of_other_moments, 0, 8);
    tcase_add_loop_test(hostile, session_refuses_key_updates_after_completion, 0, 2);
    tcase_add_test(limits, session_without_memory_fails_and_gives_all_back);
    tcase_add_test(limits, session_start_is_for_clients_and_once);
    tcase_add_test(limits, session_configuration_is_judged);
    tcase_add_loop_test(random, session_with_any_byte_changed_never_completes_on_both_sides, 0, 10);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    suite_add_tcase(suite, limits);
    suite_add_tcase(suite, random);
    return suite;
}
