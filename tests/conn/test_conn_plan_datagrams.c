/*
 * test_conn_plan_datagrams.c: what conn/conn_plan_datagrams.h promises.
 */
#include <check.h>
#include <string.h>

#include "conn/conn_plan_datagrams.h"
#include "stream/stream_app.h"
#include "suites.h"
#include "tests/support/plan.h"

enum { RECORDS = 256, FULL = 1100, EVERYTHING = 65535 };

static gn_test_plan p;

static void
quiet(void)
{
    gn_test_plan_init(&p, RECORDS);
    p.conn.peer.max_datagram_frame_size = EVERYTHING;
}

static void
give(uint64_t id, size_t len, int32_t priority, gn_time expires_at)
{
    const gn_datagram_note note = {.id = id, .priority = priority, .expires_at = expires_at};

    ck_assert_int_eq(gn_datagrams_out_push(&p.conn.datagrams_out, p.env.pools.chunks, &note,
                                           gn_test_stream_bytes(id, 0, len), 64, 65536),
                     GN_OK);
}

static void
write_stream(size_t len)
{
    uint64_t id;
    size_t taken;

    ck_assert_int_eq(gn_stream_app_open(&p.conn.streams, p.env.pools, GN_STREAM_BIDI, &id), GN_OK);
    ck_assert_int_eq(gn_stream_app_write(&p.conn.streams, p.env.pools, id,
                                         gn_test_stream_bytes(id, 0, len), false, len, &taken),
                     GN_OK);
    ck_assert_uint_eq(taken, len);
}

static void
packet(uint8_t allowance)
{
    gn_test_plan_packet(&p, GN_SPACE_APP, 0, allowance, FULL);
    ck_assert_uint_eq(p.items, p.frames);
}

static void
assert_datagram(uint32_t at, uint64_t id, size_t len)
{
    ck_assert_uint_lt(at, p.frames);
    ck_assert_uint_eq(p.frame[at].type, GN_FRAME_DATAGRAM_LEN);
    ck_assert_uint_eq(p.frame[at].as.datagram.data.len, len);
    ck_assert(gn_test_stream_equal(id, 0, p.frame[at].as.datagram.data));
    ck_assert_uint_eq(p.item[at].kind, GN_ITEM_DATAGRAM);
    ck_assert_uint_eq(p.item[at].id, id);
}

/* RFC 9221 3: of the frame, and of a packet of 1200 bytes with an ID of 8. */
static const struct {
    uint64_t theirs;
    gn_err err;
    size_t room;
} rooms[] = {{0, GN_ERR_UNSUPPORTED, 0},
             {1, GN_ERR_UNSUPPORTED, 0},
             {2, GN_OK, 0},
             {3, GN_OK, 1},
             {65, GN_OK, 63},
             {66, GN_OK, 63},
             {67, GN_OK, 64},
             {1171, GN_OK, 1168},
             {1172, GN_OK, 1168},
             {EVERYTHING, GN_OK, 1168}};

/* [R-9221-3-1] [R-9221-3-2] */
START_TEST(plan_datagrams_room_is_what_peer_and_path_allow)
{
    size_t room = 0;

    p.conn.peer.max_datagram_frame_size = rooms[_i].theirs;
    ck_assert_int_eq(gn_conn_plan_datagrams_room(&p.conn, &room), rooms[_i].err);
    ck_assert_uint_eq(room, rooms[_i].room);
    if (rooms[_i].err != GN_OK)
        return;
    p.conn.paths.at[0].datagram_bytes = 1300;
    ck_assert_int_eq(gn_conn_plan_datagrams_room(&p.conn, &room), GN_OK);
    ck_assert_uint_eq(room, rooms[_i].theirs == EVERYTHING ? 1268
                            : rooms[_i].theirs == 1172     ? 1169
                                                           : rooms[_i].room);
}
END_TEST

START_TEST(plan_datagrams_go_by_priority_as_many_as_fit)
{
    give(1, 500, 0, GN_NEVER);
    give(2, 500, 3, GN_NEVER);
    give(3, 500, 0, GN_NEVER);
    packet(GN_ALLOW_ALL);
    ck_assert_uint_eq(p.frames, 2);
    assert_datagram(0, 2, 500);
    assert_datagram(1, 1, 500);
    ck_assert(gn_builder_packet_now(&p.builder)->eliciting);
    packet(GN_ALLOW_ALL);
    assert_datagram(0, 3, 500);
    ck_assert(!gn_test_plan_wants(&p, GN_SPACE_APP, 0, GN_ALLOW_ALL));
}
END_TEST

/* [R-9221-5.4-1] */
START_TEST(plan_datagrams_wait_for_the_window)
{
    give(1, 100, 0, GN_NEVER);
    ck_assert(gn_test_plan_wants(&p, GN_SPACE_APP, 0, GN_ALLOW_ALL));
    ck_assert(!gn_test_plan_wants(&p, GN_SPACE_APP, 0, GN_ALLOW_ACKS | GN_ALLOW_PROBING));
    packet(GN_ALLOW_ACKS | GN_ALLOW_PROBING);
    ck_assert_uint_eq(p.frames, 0);
    ck_assert_uint_eq(p.conn.datagrams_out.count, 1);
}
END_TEST

/* [R-9221-5-1] */
START_TEST(plan_datagrams_stand_in_no_handshake_packet)
{
    give(1, 100, 0, GN_NEVER);
    for (int space = 0; space < GN_SPACE_APP; space++)
        ck_assert(!gn_test_plan_wants(&p, (gn_space_id)space, 0, GN_ALLOW_ALL));
}
END_TEST

START_TEST(plan_datagrams_and_streams_take_turns_at_being_first)
{
    write_stream(9000);
    for (uint64_t id = 0; id < 20; id++)
        give(id, 1000, 0, GN_NEVER);
    for (int i = 0; i < 6; i++) {
        packet(GN_ALLOW_ALL);
        ck_assert_uint_eq(p.frame[0].type == GN_FRAME_DATAGRAM_LEN, i % 2 == 0);
        /* What is left of a packet with a datagram goes to the stream; of the stream's, nothing. */
        ck_assert_uint_eq(p.frames, i % 2 == 0 ? 2 : 1);
    }
}
END_TEST

START_TEST(plan_datagrams_alone_are_always_first)
{
    for (uint64_t id = 0; id < 4; id++) {
        give(id, 1000, 0, GN_NEVER);
        packet(GN_ALLOW_ALL);
        assert_datagram(0, id, 1000);
    }
    write_stream(20);
    give(4, 1000, 0, GN_NEVER);
    packet(GN_ALLOW_ALL);
    assert_datagram(0, 4, 1000);
    ck_assert_uint_eq(p.frames, 2);
}
END_TEST

static void
assert_dropped(uint64_t id, gn_datagram_loss why)
{
    gn_datagram_note note;

    ck_assert(gn_datagrams_out_tell(&p.conn.datagrams_out, p.env.pools.chunks, &note));
    ck_assert_uint_eq(note.id, id);
    ck_assert_uint_eq(note.why, why);
}

START_TEST(plan_datagrams_too_late_or_too_large_are_dropped)
{
    p.conn.paths.at[0].datagram_bytes = 1300;
    give(1, 100, 0, p.env.now);
    give(2, 1200, 0, GN_NEVER);
    give(3, 100, 0, p.env.now + 1);
    p.conn.paths.at[0].datagram_bytes = 1200;
    packet(GN_ALLOW_ALL);
    ck_assert_uint_eq(p.frames, 1);
    assert_datagram(0, 3, 100);
    assert_dropped(1, GN_DATAGRAM_LOST_EXPIRED);
    assert_dropped(2, GN_DATAGRAM_LOST_TOO_LARGE);
    ck_assert(!gn_datagrams_out_any_dropped(&p.conn.datagrams_out));
}
END_TEST

START_TEST(plan_datagrams_stop_where_no_item_can_be_noted)
{
    gn_test_plan_init(&p, 1);
    p.conn.peer.max_datagram_frame_size = EVERYTHING;
    for (uint64_t id = 0; id < 5; id++)
        give(id, 10, 0, GN_NEVER);
    packet(GN_ALLOW_ALL);
    ck_assert_uint_eq(p.frames, GN_SENT_ITEMS);
    ck_assert_uint_eq(p.conn.datagrams_out.count, 5 - GN_SENT_ITEMS);
}
END_TEST

Suite *
gn_test_conn_plan_datagrams(void)
{
    Suite *suite = suite_create("conn/conn_plan_datagrams");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");
    TCase *table = tcase_create("table");

    tcase_add_checked_fixture(good, quiet, NULL);
    tcase_add_checked_fixture(limits, quiet, NULL);
    tcase_add_checked_fixture(table, quiet, NULL);
    tcase_add_test(good, plan_datagrams_go_by_priority_as_many_as_fit);
    tcase_add_test(good, plan_datagrams_and_streams_take_turns_at_being_first);
    tcase_add_test(good, plan_datagrams_alone_are_always_first);
    tcase_add_test(good, plan_datagrams_stand_in_no_handshake_packet);
    tcase_add_test(limits, plan_datagrams_wait_for_the_window);
    tcase_add_test(limits, plan_datagrams_too_late_or_too_large_are_dropped);
    tcase_add_test(limits, plan_datagrams_stop_where_no_item_can_be_noted);
    tcase_add_loop_test(table, plan_datagrams_room_is_what_peer_and_path_allow, 0,
                        (int)(sizeof rooms / sizeof rooms[0]));
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    suite_add_tcase(suite, table);
    return suite;
}
