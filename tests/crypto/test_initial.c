/*
 * test_initial.c: what crypto/initial.h promises.
 */
#include <check.h>
#include <string.h>

#include "crypto/hkdf.h"
#include "crypto/initial.h"
#include "crypto/suite_wolfcrypt.h"
#include "suites.h"
#include "tests/support/vectors.h"
#include "wire/version.h"

static void
expect_derived(const gn_test_vectors *v, const uint8_t *secret, const char *label, const char *key)
{
    uint8_t wanted[32], out[32];
    size_t len = gn_test_vectors_bytes(v, key, wanted, sizeof wanted);

    gn_hkdf_expand_label(gn_suite_wolfcrypt(), GN_SUITE_SHA256, secret, label, out, len);
    ck_assert_mem_eq(out, wanted, len);
}

/* [R-9001-5.2-1] */
START_TEST(initial_secrets_and_keys_are_those_of_the_rfc)
{
    static gn_test_vectors v;
    uint8_t dcid[20], client[32], server[32], wanted[32];
    const gn_initial_row *row = gn_initial_row_of(GN_VERSION_1);

    gn_test_vectors_open(&v, "rfc9001_a1_keys.txt");
    ck_assert(gn_test_vectors_next(&v));
    size_t dcid_len = gn_test_vectors_bytes(&v, "dcid", dcid, sizeof dcid);
    ck_assert_int_eq(gn_initial_secrets(gn_suite_wolfcrypt(),
                                        (uint32_t)gn_test_vectors_u64(&v, "version"), dcid,
                                        dcid_len, client, server),
                     GN_OK);
    gn_test_vectors_bytes(&v, "client", wanted, sizeof wanted);
    ck_assert_mem_eq(client, wanted, 32);
    gn_test_vectors_bytes(&v, "server", wanted, sizeof wanted);
    ck_assert_mem_eq(server, wanted, 32);
    expect_derived(&v, client, row->key_label, "client_key");
    expect_derived(&v, client, row->iv_label, "client_iv");
    expect_derived(&v, client, row->mask_label, "client_hp");
    expect_derived(&v, server, row->key_label, "server_key");
    expect_derived(&v, server, row->iv_label, "server_iv");
    expect_derived(&v, server, row->mask_label, "server_hp");
    ck_assert(!gn_test_vectors_next(&v));
}
END_TEST

START_TEST(initial_secrets_exist_for_every_length_of_id)
{
    uint8_t dcid[20] = {0}, client[32], server[32], last[32] = {0};

    for (size_t len = 0; len <= sizeof dcid; len++) {
        ck_assert_int_eq(
            gn_initial_secrets(gn_suite_wolfcrypt(), GN_VERSION_1, dcid, len, client, server),
            GN_OK);
        ck_assert_mem_ne(client, server, 32);
        ck_assert_mem_ne(client, last, 32);
        memcpy(last, client, 32);
    }
}
END_TEST

START_TEST(initial_secrets_of_another_version_are_refused)
{
    uint8_t client[32] = {5}, server[32] = {6};
    const uint8_t dcid[8] = {0};

    ck_assert_ptr_null(gn_initial_row_of(0));
    ck_assert_ptr_null(gn_initial_row_of(0x1a2a3a4a));
    ck_assert_int_eq(
        gn_initial_secrets(gn_suite_wolfcrypt(), 0x1a2a3a4a, dcid, sizeof dcid, client, server),
        GN_ERR_UNSUPPORTED);
    ck_assert_uint_eq(client[0], 5);
    ck_assert_uint_eq(server[0], 6);
}
END_TEST

Suite *
gn_test_initial(void)
{
    Suite *suite = suite_create("crypto/initial");
    TCase *vectors = tcase_create("vectors");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_test(vectors, initial_secrets_and_keys_are_those_of_the_rfc);
    tcase_add_test(good, initial_secrets_exist_for_every_length_of_id);
    tcase_add_test(hostile, initial_secrets_of_another_version_are_refused);
    suite_add_tcase(suite, vectors);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
