/*
 * test_retry_tag.c: what crypto/retry_tag.h promises.
 */
#include <check.h>
#include <string.h>

#include "crypto/retry_tag.h"
#include "crypto/suite_wolfcrypt.h"
#include "suites.h"
#include "tests/support/vectors.h"
#include "wire/version.h"

static gn_test_vectors v;
static uint8_t packet[64];
static size_t len;
static gn_cid original;
static uint32_t version;

/* The Retry packet of RFC 9001 A.4, or of RFC 9369 A.4. */
static void
load(int which)
{
    static const char *const names[] = {"rfc9001_a4_retry.txt", "rfc9369_a4_retry.txt"};
    uint8_t odcid[GN_CID_MAX];

    gn_test_vectors_open(&v, names[which]);
    ck_assert(gn_test_vectors_next(&v));
    version = (uint32_t)gn_test_vectors_u64(&v, "version");
    original = gn_cid_from(odcid, gn_test_vectors_bytes(&v, "odcid", odcid, sizeof odcid));
    len = gn_test_vectors_bytes(&v, "packet", packet, sizeof packet);
}

static bool
holds(void)
{
    return gn_retry_tag_holds(gn_suite_wolfcrypt(), version, &original, gn_span_of(packet, len));
}

START_TEST(retry_tag_is_that_of_the_rfc)
{
    uint8_t tag[GN_SUITE_TAG_BYTES];

    load(_i);
    ck_assert_int_eq(gn_retry_tag(gn_suite_wolfcrypt(), version, &original,
                                  gn_span_of(packet, len - sizeof tag), tag),
                     GN_OK);
    ck_assert_mem_eq(tag, packet + len - sizeof tag, sizeof tag);
    ck_assert(holds());
}
END_TEST

START_TEST(retry_tag_sees_any_one_bit)
{
    load(_i);
    for (size_t bit = 0; bit < 8 * len; bit++) {
        packet[bit / 8] ^= (uint8_t)(1 << bit % 8);
        ck_assert(!holds());
        packet[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    original.bytes[7] ^= 1;
    ck_assert(!holds());
    original.bytes[7] ^= 1;
    original.len--;
    ck_assert(!holds());
}
END_TEST

START_TEST(retry_tag_of_another_version_is_another)
{
    load(_i);
    version = version == GN_VERSION_1 ? GN_VERSION_2 : GN_VERSION_1;
    ck_assert(!holds());
    version = 0x1a2a3a4a;
    ck_assert(!holds());
}
END_TEST

START_TEST(retry_tag_of_a_packet_cut_anywhere_does_not_hold)
{
    load(0);
    while (len > 0) {
        len--;
        ck_assert(!holds());
    }
}
END_TEST

START_TEST(retry_tag_has_a_bound)
{
    static uint8_t large[GN_RETRY_TAG_PACKET_MAX + 1];
    uint8_t tag[GN_SUITE_TAG_BYTES];

    load(0);
    ck_assert_int_eq(gn_retry_tag(gn_suite_wolfcrypt(), version, &original,
                                  gn_span_of(large, sizeof large - 1), tag),
                     GN_OK);
    ck_assert_int_eq(gn_retry_tag(gn_suite_wolfcrypt(), version, &original,
                                  gn_span_of(large, sizeof large), tag),
                     GN_ERR_RANGE);
    ck_assert_int_eq(gn_retry_tag(gn_suite_wolfcrypt(), 0, &original, gn_span_of(large, 40), tag),
                     GN_ERR_UNSUPPORTED);
}
END_TEST

Suite *
gn_test_retry_tag(void)
{
    Suite *suite = suite_create("crypto/retry_tag");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");

    tcase_add_loop_test(good, retry_tag_is_that_of_the_rfc, 0, 2);
    tcase_add_loop_test(hostile, retry_tag_sees_any_one_bit, 0, 2);
    tcase_add_loop_test(hostile, retry_tag_of_another_version_is_another, 0, 2);
    tcase_add_test(hostile, retry_tag_of_a_packet_cut_anywhere_does_not_hold);
    tcase_add_test(limits, retry_tag_has_a_bound);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    suite_add_tcase(suite, limits);
    return suite;
}
