/*
 * test_retry.c: what wire/retry.h promises.
 */
#include <check.h>
#include <signal.h>

#include "suites.h"
#include "tests/support/frames.h"
#include "wire/header_read.h"
#include "wire/retry.h"
#include "wire/version.h"

/* RFC 9001 A.4. */
#define PACKET "ff 00000001 00 08 f067a5502a4262b5 746f6b656e 04a265ba2eff4d829058fb3f0f2496ba"

START_TEST(retry_reads_the_packet_of_rfc_9001)
{
    const gn_test_sample bytes = gn_test_hex(PACKET);
    const gn_test_sample token = gn_test_hex("746f6b656e");
    gn_header h = {0};
    gn_retry retry = {0};

    ck_assert_int_eq(gn_header_read(bytes.at, bytes.len, 0, &h), GN_OK);
    ck_assert_int_eq(h.kind, GN_PACKET_RETRY);
    ck_assert_int_eq(gn_retry_read(h.rest, &retry), GN_OK);
    ck_assert(gn_span_equal(retry.token, gn_test_sample_span(&token)));
    ck_assert_uint_eq(retry.tag.len, GN_RETRY_TAG_BYTES);
    ck_assert_uint_eq(retry.tag.ptr[0], 0x04);
    ck_assert_uint_eq(retry.tag.ptr[15], 0xba);
}
END_TEST

START_TEST(retry_writes_the_packet_of_rfc_9001)
{
    const gn_test_sample want = gn_test_hex(PACKET);
    const gn_cid none = gn_cid_from(NULL, 0);
    const gn_cid scid = gn_cid_from(want.at + 7, 8);
    const size_t size = want.len - GN_RETRY_TAG_BYTES;
    uint8_t bytes[64];

    for (size_t cap = 0; cap <= size; cap++) {
        gn_writer w = gn_writer_over(bytes, cap);
        const gn_err err =
            gn_retry_write(&w, 0x0f, GN_VERSION_1, &none, &scid, gn_span_of(want.at + 15, 5));

        ck_assert_int_eq(err, cap < size ? GN_ERR_FULL : GN_OK);
        ck_assert_uint_eq(w.at, cap < size ? 0 : size);
    }
    ck_assert_mem_eq(bytes, want.at, size);
}
END_TEST

/* [R-9000-17.2.5.2-4] */
START_TEST(retry_without_tag_or_token_is_refused)
{
    static const uint8_t rest[17];
    gn_retry retry = {.token = {rest, 99}};

    for (size_t len = 0; len < GN_RETRY_TAG_BYTES; len++)
        ck_assert_int_eq(gn_retry_read(gn_span_of(rest, len), &retry), GN_ERR_SHORT);
    /* RFC 9000 17.2.5.2: no token, no Retry. */
    ck_assert_int_eq(gn_retry_read(gn_span_of(rest, 16), &retry), GN_ERR_FORM);
    ck_assert_uint_eq(retry.token.len, 99);
    ck_assert_int_eq(gn_retry_read(gn_span_of(rest, 17), &retry), GN_OK);
    ck_assert_uint_eq(retry.token.len, 1);
}
END_TEST

START_TEST(retry_without_token_is_not_written)
{
    const gn_cid none = gn_cid_from(NULL, 0);
    uint8_t bytes[64];
    gn_writer w = gn_writer_over(bytes, sizeof bytes);

    ck_abort_msg("no trap, but %d",
                 (int)gn_retry_write(&w, 0, GN_VERSION_1, &none, &none, gn_span_of(NULL, 0)));
}
END_TEST

Suite *
gn_test_retry(void)
{
    Suite *s = suite_create("wire/retry");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_test(good, retry_reads_the_packet_of_rfc_9001);
    tcase_add_test(good, retry_writes_the_packet_of_rfc_9001);
    tcase_add_test(hostile, retry_without_tag_or_token_is_refused);
    tcase_add_test_raise_signal(hostile, retry_without_token_is_not_written, SIGABRT);
    suite_add_tcase(s, good);
    suite_add_tcase(s, hostile);
    return s;
}
