/*
 * test_conn_plan_streams.c: what conn/conn_plan_streams.h promises.
 */
#include <check.h>
#include <string.h>

#include "conn/conn_plan_streams.h"
#include "stream/stream_app.h"
#include "stream/stream_frames.h"
#include "suites.h"
#include "tests/support/plan.h"

enum { FULL = 1100 };

static gn_test_plan p;
static uint64_t first;
static uint64_t second;

static uint64_t
open(uint32_t kind)
{
    uint64_t id;

    ck_assert_int_eq(gn_stream_app_open(&p.conn.streams, p.env.pools, kind, &id), GN_OK);
    return id;
}

static void
two_streams(void)
{
    gn_test_plan_init(&p, 256);
    first = open(GN_STREAM_BIDI);
    second = open(GN_STREAM_BIDI);
}

static void
give(uint64_t id, uint64_t off, size_t len, bool fin)
{
    size_t taken = 0;

    ck_assert_int_eq(gn_stream_app_write(&p.conn.streams, p.env.pools, id,
                                         gn_test_stream_bytes(id, off, len), fin, 100000, &taken),
                     GN_OK);
    ck_assert_uint_eq(taken, len);
}

static void
packet(size_t room)
{
    gn_test_plan_packet(&p, GN_SPACE_APP, 0, GN_ALLOW_ALL, room);
    ck_assert_uint_eq(p.items, p.frames);
    ck_assert(gn_stream_set_check(&p.conn.streams, p.env.pools));
}

static bool
wants(void)
{
    return gn_test_plan_wants(&p, GN_SPACE_APP, 0, GN_ALLOW_ALL);
}

static bool
is_stream(const gn_frame *frame)
{
    return frame->type >= GN_FRAME_STREAM && frame->type <= GN_FRAME_STREAM_LAST;
}

static void
assert_stream(uint32_t nth, uint64_t id, uint64_t off, size_t len, bool fin)
{
    const gn_frame_stream *frame = &p.frame[nth].as.stream;

    ck_assert_uint_lt(nth, p.frames);
    ck_assert(is_stream(&p.frame[nth]));
    ck_assert_uint_eq(frame->id, id);
    ck_assert_uint_eq(frame->off, off);
    ck_assert_uint_eq(frame->data.len, len);
    ck_assert_int_eq(frame->fin, fin);
    ck_assert(gn_test_stream_equal(id, off, frame->data));
    ck_assert_uint_eq(p.item[nth].kind, GN_ITEM_STREAM);
    ck_assert_uint_eq(p.item[nth].id, id);
    ck_assert_uint_eq(p.item[nth].off, off);
    ck_assert_uint_eq(p.item[nth].len, len);
    ck_assert_uint_eq(p.item[nth].fin, fin);
}

static void
assert_limit(uint32_t nth, uint64_t type, uint64_t id, uint64_t limit, uint8_t item)
{
    ck_assert_uint_lt(nth, p.frames);
    ck_assert_uint_eq(p.frame[nth].type, type);
    ck_assert_uint_eq(p.frame[nth].as.credit.id, id);
    ck_assert_uint_eq(p.frame[nth].as.credit.limit, limit);
    ck_assert_uint_eq(p.item[nth].kind, item);
    ck_assert_uint_eq(p.item[nth].off, limit);
}

START_TEST(conn_plan_streams_data_goes_once_and_whole)
{
    give(first, 0, 100, false);
    give(second, 0, 200, true);
    ck_assert(wants());
    packet(FULL);
    ck_assert_uint_eq(p.frames, 2);
    assert_stream(0, first, 0, 100, false);
    assert_stream(1, second, 0, 200, true);
    ck_assert(!wants());
    give(first, 100, 50, true);
    packet(FULL);
    ck_assert_uint_eq(p.frames, 1);
    assert_stream(0, first, 100, 50, true);
}
END_TEST

START_TEST(conn_plan_streams_end_alone_is_an_empty_frame)
{
    give(first, 0, 0, true);
    packet(FULL);
    ck_assert_uint_eq(p.frames, 1);
    assert_stream(0, first, 0, 0, true);
    ck_assert(!wants());
}
END_TEST

/* Without fairness a stream goes on until it has nothing left; priority comes before either. */
START_TEST(conn_plan_streams_unfair_ones_go_one_after_the_other)
{
    p.config.stream_fairness = _i == 0 ? 1 : 0;
    give(first, 0, 3000, true);
    give(second, 0, 3000, true);
    packet(FULL);
    const size_t len = p.frame[0].as.stream.data.len;
    assert_stream(0, first, 0, len, false);
    packet(FULL);
    if (_i == 0)
        ck_assert_uint_eq(p.frame[0].as.stream.id, second);
    else
        ck_assert_uint_eq(p.frame[0].as.stream.id, first);
    ck_assert_int_eq(gn_stream_app_prioritise(&p.conn.streams, p.env.pools, second, 1), GN_OK);
    for (int i = 0; i < 2; i++) {
        packet(FULL);
        ck_assert_uint_eq(p.frame[0].as.stream.id, second);
    }
}
END_TEST

START_TEST(conn_plan_streams_take_turns)
{
    uint64_t sent[2] = {0, 0};

    give(first, 0, 8000, false);
    give(second, 0, 8000, false);
    for (int i = 0; i < 8; i++) {
        packet(1000);
        for (uint32_t k = 0; k < p.frames; k++)
            sent[p.item[k].id == second] += p.item[k].len;
    }
    ck_assert_uint_gt(sent[0] + sent[1], 7800);
    ck_assert_uint_gt(sent[0], 3000);
    ck_assert_uint_gt(sent[1], 3000);
}
END_TEST

START_TEST(conn_plan_streams_room_is_used_to_the_end_but_not_for_crumbs)
{
    give(first, 0, 5000, false);
    packet((size_t)_i);
    if (p.frames == 0) {
        ck_assert_int_lt(_i, 32 + 8);
    } else {
        ck_assert_uint_eq(p.frames, 1);
        ck_assert_uint_ge(p.item[0].len, 32);
        ck_assert_uint_le(gn_builder_left(&p.builder), 8);
        assert_stream(0, first, 0, p.item[0].len, false);
    }
}
END_TEST

/* [R-9000-2.2-3] [R-9000-19.10-3] */
START_TEST(conn_plan_streams_respect_the_limit_of_a_stream)
{
    uint64_t sent = 0;
    bool blocked = false;

    give(first, 0, 10001, false);
    for (int i = 0; i < 20 && wants(); i++) {
        packet(FULL);
        for (uint32_t k = 0; k < p.frames; k++) {
            if (is_stream(&p.frame[k])) {
                sent += p.item[k].len;
                continue;
            }
            assert_limit(k, GN_FRAME_STREAM_DATA_BLOCKED, first, 10000,
                         GN_ITEM_STREAM_DATA_BLOCKED);
            blocked = true;
        }
    }
    ck_assert_uint_eq(sent, 10000);
    ck_assert(blocked);
    ck_assert(!wants());
}
END_TEST

/* [R-9000-4.1-1] [R-9000-19.9-1] */
START_TEST(conn_plan_streams_respect_the_limit_of_the_connection)
{
    uint64_t sent = 0;
    uint32_t blocked = 0;

    p.conn.streams.total_out.limit = 1500;
    give(first, 0, 1000, false);
    give(second, 0, 1000, false);
    for (int i = 0; i < 20 && wants(); i++) {
        packet(700);
        for (uint32_t k = 0; k < p.frames; k++) {
            if (is_stream(&p.frame[k])) {
                sent += p.item[k].len;
                continue;
            }
            assert_limit(k, GN_FRAME_DATA_BLOCKED, 0, 1500, GN_ITEM_DATA_BLOCKED);
            blocked++;
        }
    }
    ck_assert_uint_eq(sent, 1500);
    ck_assert_uint_eq(blocked, 1);
    ck_assert(!wants());
    ck_assert(gn_stream_frames_on_max_data(&p.conn.streams, 2000));
    ck_assert(wants());
    packet(FULL);
    for (uint32_t k = 0; k < p.frames; k++)
        sent += p.item[k].len;
    ck_assert_uint_eq(sent, 2000);
}
END_TEST

START_TEST(conn_plan_streams_say_that_no_more_may_be_opened)
{
    const uint32_t kind = _i == 0 ? GN_STREAM_BIDI : GN_STREAM_UNI;
    uint64_t id;

    if (kind == GN_STREAM_UNI) {
        (void)open(kind);
        (void)open(kind);
    }
    ck_assert_int_eq(gn_stream_app_open(&p.conn.streams, p.env.pools, kind, &id), GN_ERR_NONE);
    ck_assert(wants());
    packet(FULL);
    ck_assert_uint_eq(p.frames, 1);
    assert_limit(0, _i == 0 ? GN_FRAME_STREAMS_BLOCKED_BIDI : GN_FRAME_STREAMS_BLOCKED_UNI, 0, 2,
                 GN_ITEM_STREAMS_BLOCKED);
    ck_assert_uint_eq(p.item[0].id, kind);
    ck_assert(!wants());
}
END_TEST

START_TEST(conn_plan_streams_raise_the_limits_that_were_used)
{
    gn_stream_set *set = &p.conn.streams;
    gn_credit_in *credits[] = {&set->total_in, &set->ids.granted[GN_STREAM_BIDI],
                               &set->ids.granted[GN_STREAM_UNI]};
    const uint64_t types[] = {GN_FRAME_MAX_DATA, GN_FRAME_MAX_STREAMS_BIDI,
                              GN_FRAME_MAX_STREAMS_UNI};
    const uint64_t window = credits[_i]->window;

    credits[_i]->received = credits[_i]->consumed = window;
    ck_assert(wants());
    gn_test_plan_packet(&p, GN_SPACE_APP, 0, GN_ALLOW_ALL, FULL);
    ck_assert_uint_eq(p.frames, 1);
    assert_limit(0, types[_i], 0, 2 * window, _i == 0 ? GN_ITEM_MAX_DATA : GN_ITEM_MAX_STREAMS);
    ck_assert_uint_eq(p.item[0].id, _i == 2 ? GN_STREAM_UNI : 0);
    ck_assert(!wants());
}
END_TEST

START_TEST(conn_plan_streams_reset_tells_what_was_sent)
{
    give(first, 0, 100, false);
    packet(FULL);
    give(first, 100, 100, false);
    ck_assert_int_eq(gn_stream_app_reset(&p.conn.streams, p.env.pools, first, 55), GN_OK);
    packet(FULL);
    ck_assert_uint_eq(p.frames, 1);
    ck_assert_uint_eq(p.frame[0].type, GN_FRAME_RESET_STREAM);
    ck_assert_uint_eq(p.frame[0].as.reset_stream.id, first);
    ck_assert_uint_eq(p.frame[0].as.reset_stream.error_code, 55);
    ck_assert_uint_eq(p.frame[0].as.reset_stream.final_size, 100);
    ck_assert_uint_eq(p.item[0].kind, GN_ITEM_RESET_STREAM);
    ck_assert_uint_eq(p.item[0].id, first);
    ck_assert(!wants());
}
END_TEST

START_TEST(conn_plan_streams_stop_is_asked_once)
{
    ck_assert_int_eq(gn_stream_app_stop(&p.conn.streams, p.env.pools, second, 66), GN_OK);
    packet(FULL);
    ck_assert_uint_eq(p.frames, 1);
    ck_assert_uint_eq(p.frame[0].type, GN_FRAME_STOP_SENDING);
    ck_assert_uint_eq(p.frame[0].as.stop_sending.id, second);
    ck_assert_uint_eq(p.frame[0].as.stop_sending.error_code, 66);
    ck_assert_uint_eq(p.item[0].kind, GN_ITEM_STOP_SENDING);
    ck_assert_uint_eq(p.item[0].id, second);
    ck_assert(!wants());
}
END_TEST

/* A full packet or a full record: what did not fit is wanted still. */
START_TEST(conn_plan_streams_what_does_not_fit_stays)
{
    if (_i == 0) {
        ck_assert_int_eq(gn_stream_app_stop(&p.conn.streams, p.env.pools, first, 1), GN_OK);
        packet(2);
    } else {
        give(first, 0, 10, true);
        packet(5);
    }
    ck_assert_uint_eq(p.frames, 0);
    ck_assert(wants());
    packet(FULL);
    ck_assert_uint_eq(p.frames, 1);
    ck_assert(!wants());
}
END_TEST

Suite *
gn_test_conn_plan_streams(void)
{
    Suite *s = suite_create("conn/conn_plan_streams");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(good, two_streams, NULL);
    tcase_add_checked_fixture(limits, two_streams, NULL);
    tcase_add_test(good, conn_plan_streams_data_goes_once_and_whole);
    tcase_add_test(good, conn_plan_streams_end_alone_is_an_empty_frame);
    tcase_add_test(good, conn_plan_streams_take_turns);
    tcase_add_loop_test(good, conn_plan_streams_unfair_ones_go_one_after_the_other, 0, 2);
    tcase_add_test(good, conn_plan_streams_respect_the_limit_of_a_stream);
    tcase_add_test(good, conn_plan_streams_respect_the_limit_of_the_connection);
    tcase_add_loop_test(good, conn_plan_streams_say_that_no_more_may_be_opened, 0, 2);
    tcase_add_loop_test(good, conn_plan_streams_raise_the_limits_that_were_used, 0, 3);
    tcase_add_test(good, conn_plan_streams_reset_tells_what_was_sent);
    tcase_add_test(good, conn_plan_streams_stop_is_asked_once);
    tcase_add_loop_test(limits, conn_plan_streams_room_is_used_to_the_end_but_not_for_crumbs, 0,
                        120);
    tcase_add_loop_test(limits, conn_plan_streams_what_does_not_fit_stays, 0, 2);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    return s;
}
