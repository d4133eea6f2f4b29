/*
 * test_frame_path.c: what wire/frame.h promises of frames about connection IDs, paths and tokens.
 */
#include <check.h>

#include "suites.h"
#include "tests/support/frames.h"
#include "wire/frame.h"

#define TOKEN "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"
#define CID_20 "000102030405060708090a0b0c0d0e0f10111213"

START_TEST(frame_path_reads_a_new_connection_id)
{
    const gn_test_sample bytes = gn_test_hex("18 4100 07 04 01020304" TOKEN);
    const gn_test_sample token = gn_test_hex(TOKEN);
    const gn_frame f = gn_test_frames_read(&bytes);
    const gn_cid want = gn_cid_from((const uint8_t[]){1, 2, 3, 4}, 4);

    ck_assert_uint_eq(f.as.new_connection_id.seq, 256);
    ck_assert_uint_eq(f.as.new_connection_id.retire_prior_to, 7);
    ck_assert(gn_cid_equal(&f.as.new_connection_id.cid, &want));
    ck_assert_mem_eq(f.as.new_connection_id.reset_token, token.at, GN_RESET_TOKEN_BYTES);
}
END_TEST

START_TEST(frame_path_reads_the_others)
{
    const gn_test_sample token = gn_test_hex("07 03 010203");
    const gn_test_sample retire = gn_test_hex("19 4100");
    const gn_test_sample challenge = gn_test_hex("1a 0102030405060708");
    const gn_test_sample response = gn_test_hex("1b 0102030405060708");
    gn_frame f = gn_test_frames_read(&token);

    ck_assert_uint_eq(f.as.new_token.token.len, 3);
    ck_assert_ptr_eq(f.as.new_token.token.ptr, token.at + 2);
    f = gn_test_frames_read(&retire);
    ck_assert_uint_eq(f.as.retire_connection_id.seq, 256);
    f = gn_test_frames_read(&challenge);
    ck_assert_uint_eq(f.type, GN_FRAME_PATH_CHALLENGE);
    ck_assert_mem_eq(f.as.path.data, challenge.at + 1, GN_FRAME_CHALLENGE_BYTES);
    f = gn_test_frames_read(&response);
    ck_assert_uint_eq(f.type, GN_FRAME_PATH_RESPONSE);
    ck_assert_mem_eq(f.as.path.data, challenge.at + 1, GN_FRAME_CHALLENGE_BYTES);
}
END_TEST

START_TEST(frame_path_keeps_the_promises_of_a_codec)
{
    static const char *const samples[] = {
        "07 01 00",
        "07 4040 " TOKEN TOKEN TOKEN TOKEN,
        "18 00 00 01 ff" TOKEN,
        "18 07 07 14 " CID_20 TOKEN,
        "18 ffffffffffffffff ffffffffffffffff 08 0102030405060708" TOKEN,
        "19 00",
        "19 ffffffffffffffff",
        "1a 0102030405060708",
        "1b 0102030405060708",
    };

    gn_test_frames_keep_promises(samples[_i], 0);
}
END_TEST

/* [R-9000-19.7-2] [R-9000-19.15-1] [R-9000-19.15-6] */
START_TEST(frame_path_is_refused)
{
    static const struct {
        const char *bytes;
        const char *why;
    } rows[] = {
        {"07 00", "RFC 9000 19.7: the token is empty"},
        {"07 4000", "RFC 9000 19.7: the token is empty"},
        {"07 ffffffffffffffff 00", "RFC 9000 19.7: the NEW_TOKEN frame is cut short"},
        {"18 07 08 04 01020304" TOKEN,
         "RFC 9000 19.15: Retire Prior To is above the sequence number"},
        {"18 07 00 00 " TOKEN, "RFC 9000 19.15: a connection ID of 0 or more than 20 bytes"},
        {"18 07 00 15 " CID_20 "14" TOKEN,
         "RFC 9000 19.15: a connection ID of 0 or more than 20 bytes"},
        {"18 07 00 ff " CID_20 "14" TOKEN,
         "RFC 9000 19.15: a connection ID of 0 or more than 20 bytes"},
        {"18 07 00 05 01020304" TOKEN, "RFC 9000 19.15: the NEW_CONNECTION_ID frame is cut short"},
        {"1a 01020304050607", "RFC 9000 19.17: the PATH_CHALLENGE frame is cut short"},
        {"1b", "RFC 9000 19.18: the PATH_RESPONSE frame is cut short"},
        {"19 40", "RFC 9000 19.16: the RETIRE_CONNECTION_ID frame is cut short"},
    };

    gn_test_frames_refuse(rows[_i].bytes, GN_FAULT_FRAME_ENCODING, rows[_i].why);
}
END_TEST

/* [R-9000-19.7-1] [R-9000-19.15-5] */
START_TEST(frame_path_out_of_range_is_not_written)
{
    const gn_frame bad[] = {
        {.type = GN_FRAME_NEW_TOKEN},
        {.type = GN_FRAME_NEW_CONNECTION_ID, .as.new_connection_id = {.cid.len = 0}},
        {.type = GN_FRAME_NEW_CONNECTION_ID, .as.new_connection_id = {.cid.len = 21}},
        {.type = GN_FRAME_NEW_CONNECTION_ID,
         .as.new_connection_id = {.retire_prior_to = 1, .cid.len = 4}},
        {.type = GN_FRAME_NEW_CONNECTION_ID,
         .as.new_connection_id = {.seq = GN_VARINT_MAX + 1, .cid.len = 4}},
        {.type = GN_FRAME_RETIRE_CONNECTION_ID,
         .as.retire_connection_id = {.seq = GN_VARINT_MAX + 1}},
    };

    gn_test_frames_do_not_write(&bad[_i]);
}
END_TEST

Suite *
gn_test_frame_path(void)
{
    Suite *s = suite_create("wire/frame_path");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_test(good, frame_path_reads_a_new_connection_id);
    tcase_add_test(good, frame_path_reads_the_others);
    tcase_add_loop_test(good, frame_path_keeps_the_promises_of_a_codec, 0, 9);
    tcase_add_loop_test(hostile, frame_path_is_refused, 0, 11);
    tcase_add_loop_test(hostile, frame_path_out_of_range_is_not_written, 0, 6);
    suite_add_tcase(s, good);
    suite_add_tcase(s, hostile);
    return s;
}
