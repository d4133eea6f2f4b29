/*
 * test_first_keys.c: the keys of a client's first packet are made once, and given back.
 */
#include <check.h>

#include "crypto/suite_wolfcrypt.h"
#include "suites.h"
#include "tests/support/pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER, FORGERIES = 50 };

static gn_test_pair pair;
static gn_suite_ops counting;
static unsigned extracts;

static void
count_extract(gn_suite_hash hash, const uint8_t *salt, size_t salt_len, const uint8_t *ikm,
              size_t ikm_len, uint8_t *prk)
{
    extracts++;
    gn_suite_wolfcrypt()->hkdf_extract(hash, salt, salt_len, ikm, ikm_len, prk);
}

/* Every datagram to the server comes damaged first, some fifty times, and then as it was. */
static gn_test_fate
after_forgeries(gn_test_pair *p, gn_test_datagram *d)
{
    uint8_t bytes[GN_DATAGRAM_MAX];

    if (d->to != SERVER || d->nth > 0)
        return GN_TEST_PASS;
    for (size_t i = 0; i < FORGERIES; i++) {
        memcpy(bytes, d->bytes, d->len);
        bytes[d->len - 1 - i] ^= 1;
        gn_test_pair_give(p, SERVER, bytes, d->len, 300 + i, 9);
    }
    return GN_TEST_PASS;
}

START_TEST(first_keys_are_derived_once)
{
    counting = *gn_suite_wolfcrypt();
    counting.hkdf_extract = count_extract;
    extracts = 0;
    gn_test_pair_init(&pair);
    pair.side[SERVER].config.suite_ops = &counting;
    gn_test_pair_confirm(&pair);
    ck_assert_uint_eq(extracts, 1);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* RFC 9369 4: answered in another version, both versions have keys. */
START_TEST(first_keys_of_a_version_that_changes_are_made_anew)
{
    gn_test_pair_init(&pair);
    pair.side[SERVER].config.versions[0] = UINT32_C(0x6b3343cf);
    pair.side[SERVER].config.versions[1] = 1;
    pair.side[CLIENT].config.versions[0] = 1;
    pair.side[CLIENT].config.versions[1] = UINT32_C(0x6b3343cf);
    gn_test_pair_confirm(&pair);
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).version, UINT32_C(0x6b3343cf));
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* There are keys for one handshake and two more: what fifty forgeries kept would be missing. */
START_TEST(first_keys_of_forgeries_are_given_back)
{
    gn_test_pair_init(&pair);
    pair.side[SERVER].config.limits.keys = 16;
    pair.hook = after_forgeries;
    gn_test_pair_confirm(&pair);
    ck_assert_uint_eq(pair.side[SERVER].dropped[GN_DROP_AUTH], FORGERIES);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

Suite *
gn_test_first_keys(void)
{
    Suite *suite = suite_create("conn/first_keys");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_test(good, first_keys_are_derived_once);
    tcase_add_test(good, first_keys_of_a_version_that_changes_are_made_anew);
    tcase_add_test(hostile, first_keys_of_forgeries_are_given_back);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
