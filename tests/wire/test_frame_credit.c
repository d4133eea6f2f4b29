/*
 * test_frame_credit.c: what wire/frame.h promises of the six frames of flow control.
 */
#include <check.h>

#include "suites.h"
#include "tests/support/frames.h"
#include "wire/frame.h"

START_TEST(frame_credit_reads_limit_and_stream)
{
    static const struct {
        const char *bytes;
        uint64_t id;
        uint64_t limit;
    } rows[] = {
        {"10 4100", 0, 256},
        {"11 04 4100", 4, 256},
        {"12 05", 0, 5},
        {"13 05", 0, 5},
        {"14 4100", 0, 256},
        {"15 08 4100", 8, 256},
        {"16 05", 0, 5},
        {"17 05", 0, 5},
        {"10 ffffffffffffffff", 0, GN_VARINT_MAX},
        {"12 d000000000000000", 0, UINT64_C(1) << 60},
    };
    const gn_test_sample bytes = gn_test_hex(rows[_i].bytes);
    const gn_frame f = gn_test_frames_read(&bytes);

    ck_assert_uint_eq(f.type, bytes.at[0]);
    ck_assert_uint_eq(f.as.credit.id, rows[_i].id);
    ck_assert_uint_eq(f.as.credit.limit, rows[_i].limit);
    gn_test_frames_keep_promises(rows[_i].bytes, 0);
}
END_TEST

/* [R-9000-4.6-1] [R-9000-19.11-1] [R-9000-19.14-1] */
START_TEST(frame_credit_for_more_streams_than_there_are_is_refused)
{
    static const struct {
        const char *bytes;
        const char *why;
    } rows[] = {
        {"12 d000000000000001", "RFC 9000 19.11: MAX_STREAMS above 2^60"},
        {"13 ffffffffffffffff", "RFC 9000 19.11: MAX_STREAMS above 2^60"},
        {"16 d000000000000001", "RFC 9000 19.14: STREAMS_BLOCKED above 2^60"},
        {"17 d000000000000001", "RFC 9000 19.14: STREAMS_BLOCKED above 2^60"},
        {"15 08", "RFC 9000 19.13: the STREAM_DATA_BLOCKED frame is cut short"},
        {"11 40", "RFC 9000 19.10: the MAX_STREAM_DATA frame is cut short"},
        {"10", "RFC 9000 19.9: the MAX_DATA frame is cut short"},
        {"14 c0", "RFC 9000 19.12: the DATA_BLOCKED frame is cut short"},
    };

    gn_test_frames_refuse(rows[_i].bytes, GN_FAULT_FRAME_ENCODING, rows[_i].why);
}
END_TEST

START_TEST(frame_credit_out_of_range_is_not_written)
{
    const gn_frame bad[] = {
        {.type = GN_FRAME_MAX_DATA, .as.credit = {.limit = GN_VARINT_MAX + 1}},
        {.type = GN_FRAME_MAX_DATA, .as.credit = {.id = 1}},
        {.type = GN_FRAME_MAX_STREAM_DATA, .as.credit = {.id = GN_VARINT_MAX + 1}},
        {.type = GN_FRAME_MAX_STREAMS_UNI, .as.credit = {.limit = GN_FRAME_STREAMS_MAX + 1}},
        {.type = GN_FRAME_STREAMS_BLOCKED_BIDI, .as.credit = {.limit = GN_FRAME_STREAMS_MAX + 1}},
    };

    gn_test_frames_do_not_write(&bad[_i]);
}
END_TEST

Suite *
gn_test_frame_credit(void)
{
    Suite *s = suite_create("wire/frame_credit");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_loop_test(good, frame_credit_reads_limit_and_stream, 0, 10);
    tcase_add_loop_test(hostile, frame_credit_for_more_streams_than_there_are_is_refused, 0, 8);
    tcase_add_loop_test(hostile, frame_credit_out_of_range_is_not_written, 0, 5);
    suite_add_tcase(s, good);
    suite_add_tcase(s, hostile);
    return s;
}
