/*
 * test_stream_frames.c: what stream/stream_frames.h promises.
 */
#include <check.h>
#include <stdlib.h>

#include "prop.h"
#include "stream/stream_app.h"
#include "stream/stream_frames.h"
#include "suites.h"
#include "tests/support/random.h"
#include "tests/support/streams.h"

enum {
    CLIENT_BIDI = 0,
    SERVER_BIDI = 1,
    CLIENT_UNI = 2,
    SERVER_UNI = 3,
    STREAMS = 20,
};

static gn_test_pools memory;
static gn_stream_pools pools;
static gn_stream_set set; /* of a server */
static gn_fault fault;

static const gn_stream_limits limits = {
    .max_data = 6000,
    .max_bidi_local = 3000,
    .max_bidi_remote = 2000,
    .max_uni = 1000,
    .streams_bidi = 16,
    .streams_uni = 2,
};

static void
server(void)
{
    gn_test_pools_init(&memory, 8, STREAMS);
    pools = gn_test_pools_both(&memory);
    gn_stream_set_init(&set, true, &limits);
    gn_stream_set_on_limits(&set, pools, &limits);
}

/* One frame of each type for a stream. */
static gn_err
tell(uint64_t type, uint64_t id)
{
    const gn_frame_reset_stream reset = {.id = id, .error_code = 9};
    const gn_frame_stop_sending stop = {.id = id, .error_code = 9};
    const gn_frame_credit credit = {.id = id, .limit = 5000};
    const gn_frame_stream data = {.id = id, .data = gn_test_stream_bytes(id, 0, 10)};
    gn_err err = GN_ERR_NONE;

    switch (type) {
    case GN_FRAME_RESET_STREAM: err = gn_stream_frames_on_reset(&set, pools, &reset, &fault); break;
    case GN_FRAME_STOP_SENDING:
        err = gn_stream_frames_on_stop_sending(&set, pools, &stop, &fault);
        break;
    case GN_FRAME_MAX_STREAM_DATA:
        err = gn_stream_frames_on_max_stream_data(&set, pools, &credit, &fault);
        break;
    case GN_FRAME_STREAM_DATA_BLOCKED:
        err = gn_stream_frames_on_stream_data_blocked(&set, pools, &credit, &fault);
        break;
    default: err = gn_stream_frames_on_data(&set, pools, &data, &fault); break;
    }
    ck_assert(gn_stream_set_check(&set, pools));
    return err;
}

static const uint64_t type[] = {GN_FRAME_STREAM, GN_FRAME_RESET_STREAM,
                                GN_FRAME_STREAM_DATA_BLOCKED, GN_FRAME_STOP_SENDING,
                                GN_FRAME_MAX_STREAM_DATA};
enum { TYPES = 5, FOR_RECEIVER = 3 }; /* the first three are about the half that receives */

static void
assert_fault(gn_err err, uint64_t code, uint64_t frame_type)
{
    ck_assert_int_eq(err, GN_ERR_FORM);
    ck_assert_uint_eq(fault.wire_code, code);
    ck_assert_uint_eq(fault.frame_type, frame_type);
}

/* [R-9000-19.4-1] [R-9000-19.5-2] [R-9000-19.8-1] [R-9000-19.10-2] [R-9000-19.13-1] */
START_TEST(stream_frames_for_a_half_that_does_not_exist_are_faults)
{
    uint64_t ours;
    const bool for_receiver = _i < FOR_RECEIVER;

    ck_assert_int_eq(gn_stream_app_open(&set, pools, GN_STREAM_UNI, &ours), GN_OK);
    assert_fault(tell(type[_i], for_receiver ? ours : CLIENT_UNI), GN_FAULT_STREAM_STATE, type[_i]);
    ck_assert_str_eq(fault.why, for_receiver ? "RFC 9000 19.8: the stream is send-only"
                                             : "RFC 9000 19.10: the stream is receive-only");
    ck_assert_int_eq(tell(type[_i], for_receiver ? CLIENT_UNI : ours), GN_OK);
}
END_TEST

/* [R-9000-19.5-1] [R-9000-19.8-1] [R-9000-19.10-1] */
START_TEST(stream_frames_for_a_stream_of_ours_that_is_not_created_are_faults)
{
    assert_fault(tell(type[_i], SERVER_BIDI), GN_FAULT_STREAM_STATE, type[_i]);
    ck_assert_str_eq(fault.why, "RFC 9000 19.8: the stream is ours and not created");
    ck_assert_int_eq(gn_stream_app_open_id(&set, pools, SERVER_BIDI + 4), GN_OK);
    ck_assert_int_eq(tell(type[_i], SERVER_BIDI), GN_OK);
    assert_fault(tell(type[_i], SERVER_BIDI + 8), GN_FAULT_STREAM_STATE, type[_i]);
}
END_TEST

/* [R-9000-4.6-3] [R-9000-19.11-4] */
START_TEST(stream_frames_for_a_stream_beyond_the_limit_are_faults)
{
    assert_fault(tell(type[_i], CLIENT_BIDI + 4 * 16), GN_FAULT_STREAM_LIMIT, type[_i]);
    ck_assert_str_eq(fault.why, "RFC 9000 4.6: the stream is beyond the limit");
    ck_assert_int_eq(tell(type[_i], CLIENT_BIDI + 4 * 15), GN_OK);
    ck_assert_uint_eq(set.count, 1);
}
END_TEST

/* [R-9000-3.2-1] */
START_TEST(stream_frames_create_the_stream_and_leave_lower_ones_usable)
{
    ck_assert_int_eq(tell(type[_i], CLIENT_BIDI + 8), GN_OK);
    ck_assert_uint_eq(set.count, 1);
    ck_assert_int_eq(tell(type[_i], CLIENT_BIDI), GN_OK);
    ck_assert_int_eq(tell(type[_i], CLIENT_BIDI + 4), GN_OK);
    ck_assert_uint_eq(set.count, 3);
    ck_assert_int_eq(tell(type[_i], CLIENT_BIDI + 4), GN_OK);
    ck_assert_uint_eq(set.count, 3);
}
END_TEST

START_TEST(stream_frames_for_a_stream_that_is_over_are_ignored)
{
    ck_assert_int_eq(tell(GN_FRAME_RESET_STREAM, CLIENT_UNI), GN_OK);
    ck_assert(gn_stream_app_take(&set, pools, gn_stream_app_readable(&set), GN_STREAM_EVENT_RESET));
    ck_assert_uint_eq(set.count, 0);
    ck_assert_uint_eq(memory.stream_pool.used, 0);
    ck_assert_int_eq(tell(GN_FRAME_STREAM, CLIENT_UNI), GN_OK);
    ck_assert_int_eq(tell(GN_FRAME_RESET_STREAM, CLIENT_UNI), GN_OK);
    ck_assert_int_eq(tell(GN_FRAME_STREAM_DATA_BLOCKED, CLIENT_UNI), GN_OK);
    ck_assert_uint_eq(set.count, 0);
    ck_assert_uint_eq(set.total_in.received, 0);
}
END_TEST

/* [R-9000-19.9-2] */
START_TEST(stream_frames_together_keep_to_the_connection_limit)
{
    gn_frame_stream data = {.data = gn_test_stream_bytes(0, 0, 2000)};

    for (data.id = 0; data.id < 12; data.id += 4)
        ck_assert_int_eq(gn_stream_frames_on_data(&set, pools, &data, &fault), GN_OK);
    data.data.len = 1;
    assert_fault(gn_stream_frames_on_data(&set, pools, &data, &fault), GN_FAULT_FLOW_CONTROL,
                 GN_FRAME_STREAM);
    ck_assert_str_eq(fault.why, "RFC 9000 4.1: more than the connection's limit");
    ck_assert(gn_stream_set_check(&set, pools));
}
END_TEST

START_TEST(stream_frames_without_a_slot_or_chunk_are_refused)
{
    gn_test_pools_init(&memory, 0, 1);
    ck_assert_int_eq(tell(GN_FRAME_STREAM, CLIENT_BIDI), GN_ERR_FULL);
    ck_assert_uint_eq(set.total_in.received, 0);
    ck_assert_int_eq(tell(GN_FRAME_MAX_STREAM_DATA, CLIENT_BIDI), GN_OK);
    ck_assert_int_eq(tell(GN_FRAME_MAX_STREAM_DATA, CLIENT_BIDI + 4), GN_ERR_FULL);
    ck_assert_uint_eq(set.count, 1);
}
END_TEST

START_TEST(stream_frames_that_skip_too_often_create_what_they_skip)
{
    /* Without a chunk for a second range, the skipped streams get slots of their own. */
    gn_test_pools_init(&memory, GN_CHUNKS_SPARE, STREAMS);
    ck_assert_int_eq(tell(GN_FRAME_MAX_STREAM_DATA, CLIENT_BIDI + 4 * 6), GN_OK);
    ck_assert_uint_eq(set.count, 1);
    ck_assert_int_eq(tell(GN_FRAME_MAX_STREAM_DATA, CLIENT_BIDI + 4 * 9), GN_OK);
    ck_assert_uint_eq(set.count, 4);
    ck_assert_int_eq(tell(GN_FRAME_MAX_STREAM_DATA, CLIENT_BIDI + 4 * 2), GN_OK);
    ck_assert_uint_eq(set.count, 7);
}
END_TEST

/* [R-9000-4.6-4] [R-9000-19.11-2] */
START_TEST(stream_frames_limits_only_rise)
{
    ck_assert(!gn_stream_frames_on_max_data(&set, 6000));
    ck_assert(gn_stream_frames_on_max_data(&set, 6001));
    ck_assert(!gn_stream_frames_on_max_streams(&set, GN_STREAM_UNI, 2));
    ck_assert(gn_stream_frames_on_max_streams(&set, GN_STREAM_UNI, 3));
}
END_TEST

START_TEST(stream_frames_of_any_kind_keep_the_set_sound)
{
    uint64_t state = (uint64_t)_i;
    uint8_t ops[1600];

    gn_test_random_fill(&state, ops, sizeof ops);
    ck_assert(gn_prop_stream_frames(ops, sizeof ops));
}
END_TEST

Suite *
gn_test_stream_frames(void)
{
    Suite *s = suite_create("stream/stream_frames");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *full = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, server, NULL);
    tcase_add_checked_fixture(hostile, server, NULL);
    tcase_add_checked_fixture(full, server, NULL);
    tcase_add_loop_test(good, stream_frames_create_the_stream_and_leave_lower_ones_usable, 0,
                        TYPES);
    tcase_add_test(good, stream_frames_for_a_stream_that_is_over_are_ignored);
    tcase_add_test(good, stream_frames_limits_only_rise);
    tcase_add_loop_test(hostile, stream_frames_for_a_half_that_does_not_exist_are_faults, 0, TYPES);
    tcase_add_loop_test(hostile, stream_frames_for_a_stream_of_ours_that_is_not_created_are_faults,
                        0, TYPES);
    tcase_add_loop_test(hostile, stream_frames_for_a_stream_beyond_the_limit_are_faults, 0, TYPES);
    tcase_add_test(hostile, stream_frames_together_keep_to_the_connection_limit);
    tcase_add_test(full, stream_frames_without_a_slot_or_chunk_are_refused);
    tcase_add_test(full, stream_frames_that_skip_too_often_create_what_they_skip);
    tcase_add_loop_test(random, stream_frames_of_any_kind_keep_the_set_sound, 0, 120);
    suite_add_tcase(s, good);
    suite_add_tcase(s, hostile);
    suite_add_tcase(s, full);
    suite_add_tcase(s, random);
    return s;
}
