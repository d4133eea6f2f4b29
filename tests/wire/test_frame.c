/*
 * test_frame.c: what wire/frame.h promises of frames as such, and of the headers of data.
 */
#include <check.h>

#include "prop.h"
#include "suites.h"
#include "tests/support/frames.h"
#include "tests/support/random.h"
#include "wire/frame.h"
#include "wire/frame_rules.h"

START_TEST(frame_reads_one_after_the_other)
{
    /* PING, MAX_DATA 5, three PADDING, STREAM 0 without length. */
    const gn_test_sample bytes = gn_test_hex("01 1005 000000 0800 6869");
    const uint64_t types[] = {GN_FRAME_PING, GN_FRAME_MAX_DATA, GN_FRAME_PADDING, GN_FRAME_STREAM};
    const size_t ends[] = {1, 3, 6, 10};
    gn_reader r = gn_reader_over(bytes.at, bytes.len);
    gn_frame f = {0};
    gn_fault fault = {0};

    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(gn_frame_read(&r, &f, &fault), GN_OK);
        ck_assert_uint_eq(f.type, types[i]);
        ck_assert_uint_eq(r.at, ends[i]);
    }
    ck_assert_uint_eq(f.as.stream.data.len, 2);
    ck_assert_ptr_eq(f.as.stream.data.ptr, bytes.at + 8);
}
END_TEST

/* [R-9000-12.4-4] */
START_TEST(frame_of_an_unknown_type_is_refused)
{
    static const char *const samples[] = {"1f",
                                          "21",
                                          "2f",
                                          "32",
                                          "3f",
                                          "404f",
                                          "7fff",
                                          "bfffffff",
                                          "c000000000000021",
                                          "ffffffffffffffff"};

    gn_test_frames_refuse(samples[_i], GN_FAULT_FRAME_ENCODING,
                          "RFC 9000 12.4: a frame of unknown type");
}
END_TEST

/* [R-9000-12.4-5] */
START_TEST(frame_type_in_more_bytes_than_it_needs_is_refused)
{
    static const char *const samples[] = {"4001", "80000001", "c000000000000001",
                                          "4000", "400800",   "4030"};

    gn_test_frames_refuse(samples[_i], GN_FAULT_PROTOCOL_VIOLATION,
                          "RFC 9000 12.4: the frame type takes more bytes than it needs");
}
END_TEST

START_TEST(frame_type_cut_short_is_refused)
{
    static const char *const samples[] = {"", "40", "800000", "c0000000000000"};

    gn_test_frames_refuse(samples[_i], GN_FAULT_FRAME_ENCODING,
                          "RFC 9000 12.4: the frame type is cut short");
}
END_TEST

START_TEST(frame_types_are_read_exactly_where_there_is_a_rule)
{
    /* Zeros behind the type are enough of a body for every frame but two. */
    uint8_t bytes[64] = {(uint8_t)_i};
    gn_reader r = gn_reader_over(bytes, sizeof bytes);
    gn_frame f = {0};
    gn_fault fault = {.why = ""};

    const gn_err err = gn_frame_read(&r, &f, &fault);
    if (gn_frame_rules_of((uint64_t)_i) == NULL) {
        ck_assert_int_eq(err, GN_ERR_FORM);
        ck_assert_str_eq(fault.why, "RFC 9000 12.4: a frame of unknown type");
        f.type = (uint64_t)_i;
        gn_test_frames_do_not_write(&f);
        ck_assert_uint_eq(gn_frame_size(&f), 0);
    } else if (_i == 0x07 || _i == 0x18) {
        ck_assert_int_eq(err, GN_ERR_FORM);
        ck_assert_uint_eq(fault.frame_type, (uint64_t)_i);
    } else {
        ck_assert_int_eq(err, GN_OK);
        ck_assert_uint_eq(f.type, (uint64_t)_i);
    }
}
END_TEST

START_TEST(frame_fit_is_the_most_that_fits)
{
    const size_t room = (size_t)_i;
    const size_t len = gn_frame_fit(room);

    if (room == 0)
        ck_assert_uint_eq(len, 0);
    else
        ck_assert_uint_le(gn_varint_size(len) + len, room);
    ck_assert_uint_gt(gn_varint_size(len + 1) + len + 1, room);
}
END_TEST

/* [R-9000-12.4-5] */
START_TEST(frame_headers_are_as_long_as_told_and_read_back)
{
    static const struct {
        uint64_t id;
        uint64_t off;
        size_t len;
    } rows[] = {
        {0, 0, 0}, {4, 0, 63}, {63, 64, 64}, {64, 16384, 300}, {16384, GN_VARINT_MAX - 9, 9}};
    const bool has_len = _i % 2 == 1;
    const size_t at = (size_t)_i / 2;
    const size_t len = rows[at].len;
    uint8_t bytes[512] = {0};
    gn_writer w = gn_writer_over(bytes, sizeof bytes);
    gn_frame f = {0};
    gn_fault fault = {0};

    ck_assert_int_eq(
        gn_frame_stream_write_header(&w, rows[at].id, rows[at].off, len, has_len, true), GN_OK);
    ck_assert_uint_eq(w.at, gn_frame_stream_overhead(rows[at].id, rows[at].off, len, has_len));
    gn_reader r = gn_reader_over(bytes, w.at + len);
    ck_assert_int_eq(gn_frame_read(&r, &f, &fault), GN_OK);
    ck_assert_uint_eq(f.as.stream.id, rows[at].id);
    ck_assert_uint_eq(f.as.stream.off, rows[at].off);
    ck_assert_uint_eq(f.as.stream.data.len, len);
    ck_assert(f.as.stream.fin);

    w = gn_writer_over(bytes, sizeof bytes);
    ck_assert_int_eq(gn_frame_crypto_write_header(&w, rows[at].off, len), GN_OK);
    ck_assert_uint_eq(w.at, gn_frame_crypto_overhead(rows[at].off, len));
    r = gn_reader_over(bytes, w.at + len);
    ck_assert_int_eq(gn_frame_read(&r, &f, &fault), GN_OK);
    ck_assert_uint_eq(f.type, GN_FRAME_CRYPTO);
    ck_assert_uint_eq(f.as.crypto.off, rows[at].off);
    ck_assert_uint_eq(f.as.crypto.data.len, len);

    w = gn_writer_over(bytes, sizeof bytes);
    ck_assert_int_eq(gn_frame_datagram_write_header(&w, len, has_len), GN_OK);
    ck_assert_uint_eq(w.at, gn_frame_datagram_overhead(len, has_len));
    r = gn_reader_over(bytes, w.at + len);
    ck_assert_int_eq(gn_frame_read(&r, &f, &fault), GN_OK);
    ck_assert_uint_eq(f.type, has_len ? GN_FRAME_DATAGRAM_LEN : GN_FRAME_DATAGRAM);
    ck_assert_uint_eq(f.as.datagram.data.len, len);
}
END_TEST

START_TEST(frame_headers_that_do_not_fit_move_nothing)
{
    uint8_t bytes[32];

    for (size_t cap = 0; cap < gn_frame_stream_overhead(64, 64, 64, true); cap++) {
        gn_writer w = gn_writer_over(bytes, cap);
        ck_assert_int_eq(gn_frame_stream_write_header(&w, 64, 64, 64, true, false), GN_ERR_FULL);
        ck_assert_uint_eq(w.at, 0);
    }
    for (size_t cap = 0; cap < gn_frame_crypto_overhead(64, 64); cap++) {
        gn_writer w = gn_writer_over(bytes, cap);
        ck_assert_int_eq(gn_frame_crypto_write_header(&w, 64, 64), GN_ERR_FULL);
        ck_assert_uint_eq(w.at, 0);
    }
    for (size_t cap = 0; cap < gn_frame_datagram_overhead(64, true); cap++) {
        gn_writer w = gn_writer_over(bytes, cap);
        ck_assert_int_eq(gn_frame_datagram_write_header(&w, 64, true), GN_ERR_FULL);
        ck_assert_uint_eq(w.at, 0);
    }
}
END_TEST

START_TEST(frame_headers_past_the_end_of_a_stream_are_out_of_range)
{
    uint8_t bytes[64];
    gn_writer w = gn_writer_over(bytes, sizeof bytes);

    ck_assert_int_eq(gn_frame_stream_write_header(&w, 0, GN_VARINT_MAX, 1, true, false),
                     GN_ERR_RANGE);
    ck_assert_int_eq(gn_frame_stream_write_header(&w, 0, GN_VARINT_MAX + 1, 0, true, false),
                     GN_ERR_RANGE);
    ck_assert_int_eq(gn_frame_stream_write_header(&w, GN_VARINT_MAX + 1, 0, 0, true, false),
                     GN_ERR_RANGE);
    ck_assert_int_eq(gn_frame_crypto_write_header(&w, GN_VARINT_MAX, 1), GN_ERR_RANGE);
    ck_assert_int_eq(gn_frame_crypto_write_header(&w, UINT64_MAX, 0), GN_ERR_RANGE);
    ck_assert_uint_eq(w.at, 0);
    ck_assert_int_eq(gn_frame_stream_write_header(&w, 0, GN_VARINT_MAX, 0, true, false), GN_OK);
}
END_TEST

START_TEST(frame_holds_its_property_on_random_bytes)
{
    uint64_t state = (uint64_t)_i;
    uint8_t bytes[200];

    gn_test_random_fill(&state, bytes, sizeof bytes);
    ck_assert(gn_prop_frame(bytes, sizeof bytes));
    /* Most random types are unknown, and small numbers are what fields hold: once more so. */
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = bytes[i] < 0xd0 ? bytes[i] % 0x20 : bytes[i];
    ck_assert(gn_prop_frame(bytes, sizeof bytes));
}
END_TEST

Suite *
gn_test_frame(void)
{
    Suite *s = suite_create("wire/frame");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_test(good, frame_reads_one_after_the_other);
    tcase_add_loop_test(good, frame_headers_are_as_long_as_told_and_read_back, 0, 10);
    tcase_add_loop_test(hostile, frame_of_an_unknown_type_is_refused, 0, 10);
    tcase_add_loop_test(hostile, frame_type_in_more_bytes_than_it_needs_is_refused, 0, 6);
    tcase_add_loop_test(hostile, frame_type_cut_short_is_refused, 0, 4);
    tcase_add_loop_test(hostile, frame_types_are_read_exactly_where_there_is_a_rule, 0, 0x40);
    tcase_add_loop_test(limits, frame_fit_is_the_most_that_fits, 0, 70);
    tcase_add_loop_test(limits, frame_fit_is_the_most_that_fits, 16380, 16392);
    tcase_add_test(limits, frame_headers_that_do_not_fit_move_nothing);
    tcase_add_test(limits, frame_headers_past_the_end_of_a_stream_are_out_of_range);
    tcase_add_loop_test(random, frame_holds_its_property_on_random_bytes, 0, 200);
    suite_add_tcase(s, good);
    suite_add_tcase(s, hostile);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
