/*
 * test_vneg.c: what wire/vneg.h promises.
 */
#include <check.h>
#include <signal.h>

#include "prop.h"
#include "suites.h"
#include "tests/support/frames.h"
#include "tests/support/random.h"
#include "wire/header_read.h"
#include "wire/version.h"
#include "wire/vneg.h"

START_TEST(vneg_lists_its_versions)
{
    const gn_test_sample rest = gn_test_hex("00000001 6b3343cf 1a2a3a4a");
    gn_vneg v = {0};

    ck_assert_int_eq(gn_vneg_read(gn_test_sample_span(&rest), &v), GN_OK);
    ck_assert_uint_eq(gn_vneg_count(&v), 3);
    ck_assert_uint_eq(gn_vneg_at(&v, 0), GN_VERSION_1);
    ck_assert_uint_eq(gn_vneg_at(&v, 2), 0x1a2a3a4a);
    ck_assert(gn_vneg_has(&v, 0x6b3343cf));
    ck_assert(gn_vneg_has(&v, GN_VERSION_1));
    ck_assert(!gn_vneg_has(&v, 0x00016b33));
    ck_assert(!gn_vneg_has(&v, 2));
}
END_TEST

START_TEST(vneg_cut_or_empty_is_refused)
{
    static const char *const rests[] = {"", "00", "000000", "0000000100", "00000001 6b3343"};
    const gn_test_sample rest = gn_test_hex(rests[_i]);
    const uint8_t before = 0;
    gn_vneg v = {.versions = {&before, 1}};

    ck_assert_int_eq(gn_vneg_read(gn_test_sample_span(&rest), &v), GN_ERR_FORM);
    ck_assert_ptr_eq(v.versions.ptr, &before);
}
END_TEST

START_TEST(vneg_written_is_read_the_same)
{
    const uint32_t versions[] = {GN_VERSION_1, 0x5a6a7a8a};
    const gn_test_sample want = gn_test_hex("d5 00000000 03 010203 02 0405 00000001 5a6a7a8a");
    const gn_test_sample ids = gn_test_hex("0102030405");
    uint8_t bytes[64];
    gn_writer w = gn_writer_over(bytes, sizeof bytes);
    gn_header h = {0};
    gn_vneg v = {0};

    ck_assert_int_eq(
        gn_vneg_write(&w, 0x15, gn_span_of(ids.at, 3), gn_span_of(ids.at + 3, 2), versions, 2),
        GN_OK);
    ck_assert_uint_eq(w.at, want.len);
    ck_assert_mem_eq(bytes, want.at, want.len);
    ck_assert_int_eq(gn_header_read(bytes, w.at, 8, &h), GN_OK);
    ck_assert_int_eq(h.kind, GN_PACKET_VNEG);
    ck_assert_int_eq(gn_vneg_read(h.rest, &v), GN_OK);
    ck_assert_uint_eq(gn_vneg_at(&v, 1), 0x5a6a7a8a);
}
END_TEST

START_TEST(vneg_echoes_the_longest_connection_ids)
{
    const uint32_t version = GN_VERSION_1;
    uint8_t id[255] = {7};
    uint8_t bytes[600];
    gn_writer w = gn_writer_over(bytes, sizeof bytes);

    ck_assert_int_eq(gn_vneg_write(&w, 0, gn_span_of(id, 255), gn_span_of(id, 255), &version, 1),
                     GN_OK);
    ck_assert_uint_eq(w.at, 1 + 4 + 2 * 256 + 4);
    for (size_t cap = 0; cap < 1 + 4 + 2 * 256 + 4; cap++) {
        w = gn_writer_over(bytes, cap);
        ck_assert_int_eq(
            gn_vneg_write(&w, 0, gn_span_of(id, 255), gn_span_of(id, 255), &version, 1),
            GN_ERR_FULL);
        ck_assert_uint_eq(w.at, 0);
    }
}
END_TEST

START_TEST(vneg_of_no_version_traps)
{
    uint8_t bytes[64];
    gn_writer w = gn_writer_over(bytes, sizeof bytes);
    const gn_span none = {0};

    ck_abort_msg("no trap, but %d", (int)gn_vneg_write(&w, 0, none, none, NULL, 0));
}
END_TEST

START_TEST(vneg_holds_its_property_on_random_bytes)
{
    uint64_t state = (uint64_t)_i;
    uint8_t bytes[100];

    gn_test_random_fill(&state, bytes, sizeof bytes);
    ck_assert(gn_prop_vneg(bytes, (size_t)_i % sizeof bytes));
}
END_TEST

Suite *
gn_test_vneg(void)
{
    Suite *s = suite_create("wire/vneg");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_test(good, vneg_lists_its_versions);
    tcase_add_test(good, vneg_written_is_read_the_same);
    tcase_add_loop_test(hostile, vneg_cut_or_empty_is_refused, 0, 5);
    tcase_add_test(limits, vneg_echoes_the_longest_connection_ids);
    tcase_add_test_raise_signal(limits, vneg_of_no_version_traps, SIGABRT);
    tcase_add_loop_test(random, vneg_holds_its_property_on_random_bytes, 0, 100);
    suite_add_tcase(s, good);
    suite_add_tcase(s, hostile);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
