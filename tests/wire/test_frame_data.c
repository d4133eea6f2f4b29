/*
 * test_frame_data.c: what wire/frame.h promises of CRYPTO, STREAM and DATAGRAM.
 */
#include <check.h>

#include "suites.h"
#include "tests/support/frames.h"
#include "wire/frame.h"

START_TEST(frame_data_reads_a_stream_with_every_field)
{
    const gn_test_sample bytes = gn_test_hex("0f 4100 4064 03 616263");
    const gn_frame f = gn_test_frames_read(&bytes);

    ck_assert_uint_eq(f.type, 0x0f);
    ck_assert_uint_eq(f.as.stream.id, 256);
    ck_assert_uint_eq(f.as.stream.off, 100);
    ck_assert_ptr_eq(f.as.stream.data.ptr, bytes.at + 6);
    ck_assert_uint_eq(f.as.stream.data.len, 3);
    ck_assert(f.as.stream.fin);
}
END_TEST

START_TEST(frame_data_of_a_stream_without_length_runs_to_the_end)
{
    const gn_test_sample bytes = gn_test_hex("08 04 6162636465");
    const gn_frame f = gn_test_frames_read(&bytes);

    ck_assert_uint_eq(f.as.stream.off, 0);
    ck_assert_uint_eq(f.as.stream.data.len, 5);
    ck_assert(!f.as.stream.fin);
}
END_TEST

START_TEST(frame_data_of_a_stream_with_length_stops_there)
{
    const gn_test_sample bytes = gn_test_hex("0a 04 02 6162 01");
    gn_reader r = gn_reader_over(bytes.at, bytes.len);
    gn_frame f = {0};
    gn_fault fault = {0};

    ck_assert_int_eq(gn_frame_read(&r, &f, &fault), GN_OK);
    ck_assert_uint_eq(r.at, 5);
    ck_assert_int_eq(gn_frame_read(&r, &f, &fault), GN_OK);
    ck_assert_uint_eq(f.type, GN_FRAME_PING);
}
END_TEST

START_TEST(frame_data_reads_crypto_and_datagram)
{
    const gn_test_sample crypto = gn_test_hex("06 8000ffff 02 0102");
    const gn_test_sample datagram = gn_test_hex("31 02 0304");
    const gn_test_sample to_the_end = gn_test_hex("30 0506");
    const gn_test_sample empty = gn_test_hex("30");
    gn_frame f = gn_test_frames_read(&crypto);

    ck_assert_uint_eq(f.as.crypto.off, 0xffff);
    ck_assert_uint_eq(f.as.crypto.data.len, 2);
    ck_assert_ptr_eq(f.as.crypto.data.ptr, crypto.at + 6);
    f = gn_test_frames_read(&datagram);
    ck_assert_uint_eq(f.as.datagram.data.len, 2);
    ck_assert_ptr_eq(f.as.datagram.data.ptr, datagram.at + 2);
    f = gn_test_frames_read(&to_the_end);
    ck_assert_uint_eq(f.as.datagram.data.len, 2);
    /* RFC 9221 4: an empty one is a datagram too. */
    f = gn_test_frames_read(&empty);
    ck_assert_uint_eq(f.as.datagram.data.len, 0);
}
END_TEST

START_TEST(frame_data_keeps_the_promises_of_a_codec)
{
    static const struct {
        const char *bytes;
        size_t needs;
    } rows[] = {
        {"08 04 6162", 2},
        {"09 04", 0},
        {"0a 04 02 6162", 0},
        {"0b 04 00", 0},
        {"0c 4100 07 6162", 4},
        {"0d 00 00", 0}, /* an offset of 0 may be said */
        {"0e 04 ffffffffffffffff 00", 0},
        {"0f 04 fffffffffffffffe 01 61", 0},
        {"06 00 00", 0},
        {"06 4100 03 010203", 0},
        {"06 fffffffffffffffd 02 0102", 0},
        {"30 0102", 1},
        {"31 00", 0},
        {"31 03 010203", 0},
    };

    gn_test_frames_keep_promises(rows[_i].bytes, rows[_i].needs);
}
END_TEST

#define PAST_STREAM "RFC 9000 19.8: the stream goes past 2^62-1 bytes"
#define PAST_CRYPTO "RFC 9000 19.6: the CRYPTO stream goes past 2^62-1 bytes"

/* [R-9000-19.6-1] [R-9000-19.8-2] */
START_TEST(frame_data_is_refused)
{
    static const struct {
        const char *bytes;
        const char *why;
    } rows[] = {
        {"0e 04 ffffffffffffffff 01 61", PAST_STREAM},
        {"0c 04 ffffffffffffffff 61", PAST_STREAM},
        {"0f 04 fffffffffffffffe 02 6162", PAST_STREAM},
        {"06 ffffffffffffffff 01 61", PAST_CRYPTO},
        {"0a 04 ffffffffffffffff 61", "RFC 9000 19.8: the STREAM frame is cut short"},
        {"06 00 ffffffffffffffff 61", "RFC 9000 19.6: the CRYPTO frame is cut short"},
        {"31 02 61", "RFC 9221 4: the DATAGRAM frame is cut short"},
    };

    gn_test_frames_refuse(rows[_i].bytes, GN_FAULT_FRAME_ENCODING, rows[_i].why);
}
END_TEST

START_TEST(frame_data_that_contradict_the_type_are_not_written)
{
    static const uint8_t byte[1] = {0};
    const gn_span one = {byte, 1};
    const gn_frame bad[] = {
        {.type = 0x08, .as.stream = {.fin = true}},
        {.type = 0x09, .as.stream = {.fin = false}},
        {.type = 0x08, .as.stream = {.off = 1}},
        {.type = 0x0c, .as.stream = {.off = GN_VARINT_MAX, .data = one}},
        {.type = 0x0c, .as.stream = {.off = GN_VARINT_MAX + 1}},
        {.type = 0x08, .as.stream = {.id = GN_VARINT_MAX + 1}},
        {.type = 0x06, .as.crypto = {.off = GN_VARINT_MAX, .data = one}},
        {.type = 0x06, .as.crypto = {.off = UINT64_MAX, .data = one}},
    };

    gn_test_frames_do_not_write(&bad[_i]);
}
END_TEST

Suite *
gn_test_frame_data(void)
{
    Suite *s = suite_create("wire/frame_data");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_test(good, frame_data_reads_a_stream_with_every_field);
    tcase_add_test(good, frame_data_of_a_stream_without_length_runs_to_the_end);
    tcase_add_test(good, frame_data_of_a_stream_with_length_stops_there);
    tcase_add_test(good, frame_data_reads_crypto_and_datagram);
    tcase_add_loop_test(good, frame_data_keeps_the_promises_of_a_codec, 0, 14);
    tcase_add_loop_test(hostile, frame_data_is_refused, 0, 7);
    tcase_add_loop_test(hostile, frame_data_that_contradict_the_type_are_not_written, 0, 8);
    suite_add_tcase(s, good);
    suite_add_tcase(s, hostile);
    return s;
}
