/*
 * test_frame_misc.c: what wire/frame.h promises of the frames that have no family.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "suites.h"
#include "tests/support/frames.h"
#include "wire/frame.h"

START_TEST(frame_misc_reads_a_run_of_padding_as_one)
{
    /* Any length around the stride, ended by another frame or by the packet. */
    for (size_t ended = 0; ended < 2; ended++) {
        /* As long as it is read, so that sanitizers see a step too far. */
        const size_t count = (size_t)_i;
        uint8_t *bytes = calloc(1, count + ended);
        gn_reader r = gn_reader_over(bytes, count + ended);
        gn_frame f = {0};
        gn_fault fault = {0};

        ck_assert_ptr_nonnull(bytes);
        if (ended == 1)
            bytes[count] = 0x01;
        ck_assert_int_eq(gn_frame_read(&r, &f, &fault), GN_OK);
        ck_assert_uint_eq(f.type, GN_FRAME_PADDING);
        ck_assert_uint_eq(f.as.padding.count, count);
        ck_assert_uint_eq(r.at, count);
        ck_assert_uint_eq(gn_frame_size(&f), count);
        free(bytes);
    }
}
END_TEST

START_TEST(frame_misc_reads_reset_and_stop)
{
    const gn_test_sample reset = gn_test_hex("04 08 4101 4102");
    const gn_test_sample stop = gn_test_hex("05 08 4101");
    gn_frame f = gn_test_frames_read(&reset);

    ck_assert_uint_eq(f.as.reset_stream.id, 8);
    ck_assert_uint_eq(f.as.reset_stream.error_code, 257);
    ck_assert_uint_eq(f.as.reset_stream.final_size, 258);
    f = gn_test_frames_read(&stop);
    ck_assert_uint_eq(f.as.stop_sending.id, 8);
    ck_assert_uint_eq(f.as.stop_sending.error_code, 257);
}
END_TEST

START_TEST(frame_misc_reads_both_closes)
{
    const gn_test_sample transport = gn_test_hex("1c 0a 08 02 6869");
    const gn_test_sample application = gn_test_hex("1d 4101 02 6869");
    gn_frame f = gn_test_frames_read(&transport);

    ck_assert_uint_eq(f.type, GN_FRAME_CLOSE);
    ck_assert_uint_eq(f.as.close.error_code, 0x0a);
    ck_assert_uint_eq(f.as.close.frame_type, 0x08);
    ck_assert_uint_eq(f.as.close.reason.len, 2);
    ck_assert_int_eq(memcmp(f.as.close.reason.ptr, "hi", 2), 0);
    f = gn_test_frames_read(&application);
    ck_assert_uint_eq(f.type, GN_FRAME_CLOSE_APP);
    ck_assert_uint_eq(f.as.close.error_code, 257);
    ck_assert_uint_eq(f.as.close.frame_type, 0);
    ck_assert_uint_eq(f.as.close.reason.len, 2);
}
END_TEST

START_TEST(frame_misc_keeps_the_promises_of_a_codec)
{
    static const struct {
        const char *bytes;
        size_t needs;
    } rows[] = {
        {"00", 0},
        {"0000000000", 1},
        {"01", 0},
        {"1e", 0},
        {"04 08 4101 4102", 0},
        {"04 ffffffffffffffff ffffffffffffffff ffffffffffffffff", 0},
        {"05 08 4101", 0},
        {"1c 00 00 00", 0},
        {"1c 4128 06 02 6869", 0},
        {"1d 4101 00", 0},
        {"1d 00 03 616263", 0},
    };

    gn_test_frames_keep_promises(rows[_i].bytes, rows[_i].needs);
}
END_TEST

START_TEST(frame_misc_cut_short_is_refused)
{
    static const struct {
        const char *bytes;
        const char *why;
    } rows[] = {
        {"04 08 00", "RFC 9000 19.4: the RESET_STREAM frame is cut short"},
        {"05 08", "RFC 9000 19.5: the STOP_SENDING frame is cut short"},
        {"1c 00 00 ffffffffffffffff 68", "RFC 9000 19.19: the CONNECTION_CLOSE frame is cut short"},
        {"1d 00 03 6869", "RFC 9000 19.19: the CONNECTION_CLOSE frame is cut short"},
    };

    gn_test_frames_refuse(rows[_i].bytes, GN_FAULT_FRAME_ENCODING, rows[_i].why);
}
END_TEST

START_TEST(frame_misc_out_of_range_is_not_written)
{
    const uint64_t big = GN_VARINT_MAX + 1;
    const gn_frame bad[] = {
        {.type = GN_FRAME_PADDING},
        {.type = GN_FRAME_RESET_STREAM, .as.reset_stream = {.id = big}},
        {.type = GN_FRAME_RESET_STREAM, .as.reset_stream = {.error_code = big}},
        {.type = GN_FRAME_RESET_STREAM, .as.reset_stream = {.final_size = big}},
        {.type = GN_FRAME_STOP_SENDING, .as.stop_sending = {.id = big}},
        {.type = GN_FRAME_STOP_SENDING, .as.stop_sending = {.error_code = big}},
        {.type = GN_FRAME_CLOSE, .as.close = {.error_code = big}},
        {.type = GN_FRAME_CLOSE, .as.close = {.frame_type = big}},
        {.type = GN_FRAME_CLOSE_APP, .as.close = {.frame_type = 1}},
    };

    gn_test_frames_do_not_write(&bad[_i]);
}
END_TEST

Suite *
gn_test_frame_misc(void)
{
    Suite *s = suite_create("wire/frame_misc");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_loop_test(good, frame_misc_reads_a_run_of_padding_as_one, 1, 200);
    tcase_add_test(good, frame_misc_reads_reset_and_stop);
    tcase_add_test(good, frame_misc_reads_both_closes);
    tcase_add_loop_test(good, frame_misc_keeps_the_promises_of_a_codec, 0, 11);
    tcase_add_loop_test(hostile, frame_misc_cut_short_is_refused, 0, 4);
    tcase_add_loop_test(hostile, frame_misc_out_of_range_is_not_written, 0, 9);
    suite_add_tcase(s, good);
    suite_add_tcase(s, hostile);
    return s;
}
