/*
 * test_frame_ack.c: what wire/frame.h promises of ACK frames.
 */
#include <check.h>
#include <string.h>

#include "base/ranges.h"
#include "prop.h"
#include "suites.h"
#include "tests/support/frames.h"
#include "tests/support/random.h"
#include "wire/ack_iter.h"
#include "wire/frame.h"

#define BELOW_ZERO_FIRST "RFC 9000 19.3: the first ACK range goes below 0"
#define BELOW_ZERO "RFC 9000 19.3.1: an ACK range goes below 0"
#define CUT "RFC 9000 19.3: the ACK frame is cut short"
#define CUT_ECN "RFC 9000 19.3.2: the ACK frame is cut short"

/* [R-9000-19.3-1] */
START_TEST(frame_ack_reads_every_field)
{
    /* 10 to 8, then 5 to 4 below a gap of 6 and 7, then 0 below 1 to 3. */
    const gn_test_sample bytes = gn_test_hex("03 0a 4100 02 02 0101 0200 07 08 4100");
    const gn_frame f = gn_test_frames_read(&bytes);

    ck_assert_uint_eq(f.type, GN_FRAME_ACK_ECN);
    ck_assert_uint_eq(f.as.ack.largest, 10);
    ck_assert_uint_eq(f.as.ack.delay, 256);
    ck_assert_uint_eq(f.as.ack.range_count, 2);
    ck_assert_uint_eq(f.as.ack.first_range, 2);
    ck_assert_ptr_eq(f.as.ack.ranges.ptr, bytes.at + 6);
    ck_assert_uint_eq(f.as.ack.ranges.len, 4);
    ck_assert(f.as.ack.has_ecn);
    ck_assert_uint_eq(f.as.ack.ect0, 7);
    ck_assert_uint_eq(f.as.ack.ect1, 8);
    ck_assert_uint_eq(f.as.ack.ce, 256);
}
END_TEST

/* [R-9000-19.3-1] */
START_TEST(frame_ack_without_ecn_has_no_counts)
{
    const gn_test_sample bytes = gn_test_hex("02 00 00 00 00");
    const gn_frame f = gn_test_frames_read(&bytes);

    ck_assert(!f.as.ack.has_ecn);
    ck_assert_uint_eq(f.as.ack.ect0 + f.as.ack.ect1 + f.as.ack.ce, 0);
    ck_assert_uint_eq(f.as.ack.ranges.len, 0);
}
END_TEST

START_TEST(frame_ack_keeps_the_promises_of_a_codec)
{
    static const char *const samples[] = {
        "02 00 00 00 00",
        "02 05 00 00 05",
        "02 0a 4100 02 02 0101 0200",
        "03 0a 4100 02 02 0101 0200 07 08 4100",
        "03 00 00 00 00 00 00 00",
        "02 ffffffffffffffff ffffffffffffffff 00 ffffffffffffffff",
        "02 ffffffffffffffff 00 01 00 fffffffffffffffd 00",
    };

    gn_test_frames_keep_promises(samples[_i], 0);
}
END_TEST

/* [R-9000-19.3.1-1] */
START_TEST(frame_ack_is_refused)
{
    static const struct {
        const char *bytes;
        const char *why;
    } rows[] = {
        {"02 00 00 00 01", BELOW_ZERO_FIRST},
        {"03 00 00 00 0f 00 00 00", BELOW_ZERO_FIRST},
        {"02 ffffffffffffffff 00 00 ffffffffffffffff ", NULL},
        {"02 05 00 01 05 00 00", BELOW_ZERO}, /* nothing is left below 0 */
        {"02 05 00 01 04 00 00", BELOW_ZERO}, /* 1, then a gap of one reaches -1 */
        {"02 05 00 01 03 00 01", BELOW_ZERO}, /* 2, then 0, then one more */
        {"02 05 00 01 03 00 00", NULL},       /* 2, then 0: allowed */
        {"02 0a 00 02 00 00 00 ffffffffffffffff 00", BELOW_ZERO},
        {"02 0a 00 02 00 00 00 00 ffffffffffffffff", BELOW_ZERO},
        {"02 0a 00 ffffffffffffffff 00 00 00", CUT},
        {"02 0a 00 02 00 00 00", CUT},
        {"03 0a 00 00 00 00 00", CUT_ECN},
    };

    if (rows[_i].why != NULL) {
        gn_test_frames_refuse(rows[_i].bytes, GN_FAULT_FRAME_ENCODING, rows[_i].why);
    } else {
        const gn_test_sample bytes = gn_test_hex(rows[_i].bytes);
        (void)gn_test_frames_read(&bytes);
    }
}
END_TEST

START_TEST(frame_ack_that_reading_refuses_is_not_written)
{
    const gn_test_sample bytes = gn_test_hex("02 0a 00 01 02 0101");
    const gn_frame good = gn_test_frames_read(&bytes);
    gn_frame bad[8];

    for (size_t i = 0; i < 8; i++)
        bad[i] = good;
    bad[0].type = GN_FRAME_ACK_ECN;
    bad[1].as.ack.first_range = 11;
    bad[2].as.ack.largest = 5;
    bad[3].as.ack.range_count = 0;
    bad[4].as.ack.range_count = 2;
    bad[5].as.ack.delay = GN_VARINT_MAX + 1;
    bad[6].as.ack.largest = GN_VARINT_MAX + 1;
    bad[7].as.ack.ranges.len = 1;
    gn_test_frames_do_not_write(&bad[_i]);
}
END_TEST

/* 0, 2 to 3, 5 to 9, 100 to 200. */
static gn_ranges
some_ranges(void)
{
    gn_ranges set;

    gn_ranges_init(&set);
    ck_assert_int_eq(gn_ranges_add(&set, 0, 1), GN_OK);
    ck_assert_int_eq(gn_ranges_add(&set, 2, 4), GN_OK);
    ck_assert_int_eq(gn_ranges_add(&set, 5, 10), GN_OK);
    ck_assert_int_eq(gn_ranges_add(&set, 100, 201), GN_OK);
    return set;
}

START_TEST(frame_ack_write_tells_a_set_newest_first)
{
    const gn_ranges set = some_ranges();
    const gn_frame_ecn ecn = {1, 2, 3};
    const gn_test_sample want = gn_test_hex("03 40c8 05 03 4064 4059 04 00 01 00 00 01 02 03");
    uint8_t bytes[64];
    gn_writer w = gn_writer_over(bytes, sizeof bytes);

    ck_assert_int_eq(gn_frame_ack_write(&w, &set, 5, &ecn, GN_RANGES_MAX), GN_OK);
    ck_assert_uint_eq(w.at, want.len);
    ck_assert_mem_eq(bytes, want.at, want.len);
}
END_TEST

START_TEST(frame_ack_write_leaves_the_oldest_out)
{
    /* With max_ranges 1 to 4, and with room for 1 to 4 ranges. */
    static const size_t sizes[] = {8, 11, 13, 15};
    const gn_ranges set = some_ranges();
    const size_t told = (size_t)_i % 4 + 1;
    const bool by_room = _i >= 4;
    uint8_t bytes[64];
    gn_writer w = gn_writer_over(bytes, by_room ? sizes[told - 1] : sizeof bytes);
    gn_range range = {0};

    ck_assert_int_eq(gn_frame_ack_write(&w, &set, 64, NULL, by_room ? 99 : told), GN_OK);
    ck_assert_uint_eq(w.at, sizes[told - 1]);
    gn_test_sample written = {.len = w.at};
    memcpy(written.at, bytes, w.at);
    const gn_frame f = gn_test_frames_read(&written);
    gn_ack_iter it = gn_ack_iter_over(&f.as.ack);
    for (size_t i = 0; i < told; i++) {
        ck_assert(gn_ack_iter_next(&it, &range));
        ck_assert_uint_eq(range.from, set.at[3 - i].from);
        ck_assert_uint_eq(range.to, set.at[3 - i].to);
    }
    ck_assert(!gn_ack_iter_next(&it, &range));
}
END_TEST

START_TEST(frame_ack_write_without_room_for_one_range_moves_nothing)
{
    const gn_ranges set = some_ranges();
    const gn_frame_ecn ecn = {64, 64, 64};
    uint8_t bytes[64];

    for (size_t cap = 0; cap < 14; cap++) {
        gn_writer w = gn_writer_over(bytes, cap);
        const gn_err want = cap < 13 ? GN_ERR_FULL : GN_OK;

        ck_assert_int_eq(gn_frame_ack_write(&w, &set, 5, &ecn, 9), want);
        ck_assert_uint_eq(w.at, cap < 13 ? 0 : 13);
    }
}
END_TEST

START_TEST(frame_ack_write_refuses_numbers_that_no_varint_holds)
{
    const gn_ranges set = some_ranges();
    const gn_frame_ecn ecn = {0, 0, GN_VARINT_MAX + 1};
    gn_ranges far;
    uint8_t bytes[64];
    gn_writer w = gn_writer_over(bytes, sizeof bytes);

    gn_ranges_init(&far);
    ck_assert_int_eq(gn_ranges_add(&far, 0, GN_VARINT_MAX + 2), GN_OK);
    ck_assert_int_eq(gn_frame_ack_write(&w, &far, 0, NULL, 1), GN_ERR_RANGE);
    ck_assert_int_eq(gn_frame_ack_write(&w, &set, GN_VARINT_MAX + 1, NULL, 1), GN_ERR_RANGE);
    ck_assert_int_eq(gn_frame_ack_write(&w, &set, 0, &ecn, 1), GN_ERR_RANGE);
    ck_assert_uint_eq(w.at, 0);
}
END_TEST

START_TEST(frame_ack_holds_its_property_on_random_bytes)
{
    uint64_t state = (uint64_t)_i;
    uint8_t bytes[300];

    gn_test_random_fill(&state, bytes, sizeof bytes);
    ck_assert(gn_prop_ack(bytes, (size_t)_i % sizeof bytes));
}
END_TEST

Suite *
gn_test_frame_ack(void)
{
    Suite *s = suite_create("wire/frame_ack");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_test(good, frame_ack_reads_every_field);
    tcase_add_test(good, frame_ack_without_ecn_has_no_counts);
    tcase_add_loop_test(good, frame_ack_keeps_the_promises_of_a_codec, 0, 7);
    tcase_add_test(good, frame_ack_write_tells_a_set_newest_first);
    tcase_add_loop_test(hostile, frame_ack_is_refused, 0, 12);
    tcase_add_loop_test(hostile, frame_ack_that_reading_refuses_is_not_written, 0, 8);
    tcase_add_loop_test(limits, frame_ack_write_leaves_the_oldest_out, 0, 8);
    tcase_add_test(limits, frame_ack_write_without_room_for_one_range_moves_nothing);
    tcase_add_test(limits, frame_ack_write_refuses_numbers_that_no_varint_holds);
    tcase_add_loop_test(random, frame_ack_holds_its_property_on_random_bytes, 0, 300);
    suite_add_tcase(s, good);
    suite_add_tcase(s, hostile);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
