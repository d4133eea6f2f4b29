/*
 * test_conn_plan.c: what conn/conn_plan.h promises.
 */
#include <check.h>
#include <string.h>

#include "stream/stream_app.h"
#include "suites.h"
#include "tests/support/plan.h"

enum { RECORDS = 256, FULL = 1100 };

static gn_test_plan p;

static void
quiet(void)
{
    gn_test_plan_init(&p, RECORDS);
}

static void
packet(gn_space_id space, uint8_t allowance, size_t room)
{
    gn_test_plan_packet(&p, space, 0, allowance, room);
    ck_assert_uint_le(p.builder.w.at, p.builder.w.cap);
    ck_assert_uint_eq(p.items, p.frames); /* every frame is remembered */
}

static void
assert_types(const uint64_t *types, uint32_t count)
{
    ck_assert_uint_eq(p.frames, count);
    for (uint32_t i = 0; i < count; i++)
        ck_assert_uint_eq(p.frame[i].type, types[i]);
}

#define ASSERT_TYPES(...)                                                                          \
    assert_types((const uint64_t[]){__VA_ARGS__},                                                  \
                 sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))

static void
ack_is_due(gn_space_id space)
{
    gn_acks_note(&p.conn.space[space].acks, 7, true, GN_ECN_NOT_ECT, p.env.now - 80, 0, 2);
}

static void
crypto(gn_space_id space, size_t len)
{
    const gn_span bytes = gn_test_stream_bytes(space, 0, len);

    ck_assert_uint_eq(gn_send_buf_push(&p.conn.space[space].crypto_out, p.env.pools.chunks,
                                       bytes.ptr, bytes.len, 100000),
                      len);
}

static void
challenge(uint8_t byte)
{
    const uint8_t data[GN_FRAME_CHALLENGE_BYTES] = {byte, 2, 3};

    gn_path_on_challenge(&p.conn.paths.at[0], data);
}

/* Something for every row but DATA_BLOCKED. */
static void
everything(void)
{
    const gn_frame_new_connection_id next = {.seq = 1,
                                             .cid = gn_cid_from((const uint8_t *)"later", 5)};
    gn_fault fault;
    uint64_t id;
    size_t taken;

    quiet();
    ack_is_due(GN_SPACE_APP);
    crypto(GN_SPACE_APP, 100);
    p.conn.handshake.done = GN_DONE_PENDING;
    challenge(1);
    gn_path_probe(&p.conn.paths.at[0], p.env.now, GN_SECOND);
    gn_local_cids_issue(
        &p.conn.local_cids,
        (gn_local_cids_room){.table = p.env.cids, .owner = 1, .rng = &p.rng, .cid_len = 8});
    ck_assert_int_eq(gn_peer_cids_on_new(&p.conn.peer_cids, &next, &fault), GN_OK);
    gn_peer_cids_give(&p.conn.peer_cids, gn_peer_cids_take(&p.conn.peer_cids));
    gn_credit_in_on_received(&p.conn.streams.total_in, 90000);
    gn_credit_in_on_consumed(&p.conn.streams.total_in, 90000);
    ck_assert_int_eq(gn_stream_app_open(&p.conn.streams, p.env.pools, GN_STREAM_BIDI, &id), GN_OK);
    ck_assert_int_eq(gn_stream_app_write(&p.conn.streams, p.env.pools, id,
                                         gn_test_stream_bytes(id, 0, 100), true, 1000, &taken),
                     GN_OK);
}

START_TEST(conn_plan_without_news_is_empty)
{
    for (int space = 0; space < GN_SPACES; space++) {
        ck_assert(!gn_test_plan_wants(&p, (gn_space_id)space, 0, GN_ALLOW_ALL));
        packet((gn_space_id)space, GN_ALLOW_ALL, FULL);
        ck_assert_uint_eq(p.frames, 0);
        ck_assert(!gn_builder_packet_now(&p.builder)->eliciting);
    }
}
END_TEST

/* [R-9000-13.2.6-1] [R-9000-19.7-3] [R-9000-19.21-1] */
START_TEST(conn_plan_rows_come_in_their_order)
{
    ck_assert(gn_test_plan_wants(&p, GN_SPACE_APP, 0, GN_ALLOW_ALL));
    packet(GN_SPACE_APP, GN_ALLOW_ALL, FULL);
    ASSERT_TYPES(GN_FRAME_ACK, GN_FRAME_CRYPTO, GN_FRAME_HANDSHAKE_DONE, GN_FRAME_PATH_RESPONSE,
                 GN_FRAME_PATH_CHALLENGE, GN_FRAME_NEW_CONNECTION_ID, GN_FRAME_NEW_CONNECTION_ID,
                 GN_FRAME_NEW_CONNECTION_ID, GN_FRAME_RETIRE_CONNECTION_ID, GN_FRAME_MAX_DATA,
                 GN_FRAME_STREAM_LAST & ~GN_FRAME_STREAM_BIT_OFF);
    const uint8_t kinds[] = {GN_ITEM_ACK,           GN_ITEM_CRYPTO,         GN_ITEM_HANDSHAKE_DONE,
                             GN_ITEM_PATH_RESPONSE, GN_ITEM_PATH_CHALLENGE, GN_ITEM_NEW_CID,
                             GN_ITEM_NEW_CID,       GN_ITEM_NEW_CID,        GN_ITEM_RETIRE_CID,
                             GN_ITEM_MAX_DATA,      GN_ITEM_STREAM};
    for (uint32_t i = 0; i < p.items; i++)
        ck_assert_uint_eq(p.item[i].kind, kinds[i]);
    ck_assert_uint_eq(p.item[6].id, 2);
    ck_assert_uint_eq(p.item[8].id, 1);
    ck_assert_uint_eq(p.item[9].off, p.frame[9].as.credit.limit);
    ck_assert(gn_builder_packet_now(&p.builder)->eliciting);
    /* All was said, so there is nothing left. */
    ck_assert(!gn_test_plan_wants(&p, GN_SPACE_APP, 0, GN_ALLOW_ALL));
    packet(GN_SPACE_APP, GN_ALLOW_ALL, FULL);
    ck_assert_uint_eq(p.frames, 0);
}
END_TEST

/* RFC 9002 7: what is not in flight needs no window. */
START_TEST(conn_plan_of_a_full_window_has_acks_alone)
{
    ck_assert(!gn_test_plan_wants(&p, GN_SPACE_APP, 0, GN_ALLOW_ACKS));
    packet(GN_SPACE_APP, GN_ALLOW_ACKS, FULL);
    ASSERT_TYPES(GN_FRAME_ACK);
    ck_assert(!gn_builder_packet_now(&p.builder)->eliciting);
}
END_TEST

/* RFC 9000 9.1: more than these would make it a migration. */
START_TEST(conn_plan_of_a_probe_has_probing_frames_alone)
{
    ck_assert(gn_test_plan_wants(&p, GN_SPACE_APP, 0, GN_ALLOW_PROBING));
    packet(GN_SPACE_APP, GN_ALLOW_PROBING, FULL);
    ASSERT_TYPES(GN_FRAME_PATH_RESPONSE, GN_FRAME_PATH_CHALLENGE);
}
END_TEST

/* On the active path an ACK may go along. */
START_TEST(conn_plan_allowances_add_up)
{
    packet(GN_SPACE_APP, GN_ALLOW_ACKS | GN_ALLOW_PROBING, FULL);
    ASSERT_TYPES(GN_FRAME_ACK, GN_FRAME_PATH_RESPONSE, GN_FRAME_PATH_CHALLENGE);
    packet(GN_SPACE_APP, GN_ALLOW_PROBING, FULL);
    ck_assert_uint_eq(p.frames, 0);
}
END_TEST

/* RFC 9000 12.5. */
/* [R-9000-12.5-2] [R-9001-4-1] */
START_TEST(conn_plan_before_one_rtt_has_acks_and_crypto_alone)
{
    const gn_space_id space = _i == 0 ? GN_SPACE_INITIAL : GN_SPACE_HANDSHAKE;

    ck_assert(!gn_test_plan_wants(&p, space, 0, GN_ALLOW_ALL));
    packet(space, GN_ALLOW_ALL, FULL);
    ck_assert_uint_eq(p.frames, 0);
    ack_is_due(space);
    crypto(space, 10);
    packet(space, GN_ALLOW_ALL, FULL);
    ASSERT_TYPES(GN_FRAME_ACK, GN_FRAME_CRYPTO);
}
END_TEST

/* RFC 9000 13.2.5, 18.2: our exponent counts in 1-RTT packets, else the default. */
/* [R-9000-13.2.5-1] */
START_TEST(conn_plan_ack_delay_is_in_our_units)
{
    p.config.ack_delay_exponent = 4;
    ack_is_due((gn_space_id)_i);
    packet((gn_space_id)_i, GN_ALLOW_ALL, FULL);
    ASSERT_TYPES(GN_FRAME_ACK);
    ck_assert_uint_eq(p.frame[0].as.ack.largest, 7);
    ck_assert_uint_eq(p.frame[0].as.ack.delay, _i == GN_SPACE_APP ? 80 >> 4 : 80 >> 3);
    ck_assert_uint_eq(p.item[0].id, 7);
    packet((gn_space_id)_i, GN_ALLOW_ALL, FULL);
    ck_assert_uint_eq(p.frames, 0);
}
END_TEST

START_TEST(conn_plan_crypto_is_cut_into_packets_without_a_gap)
{
    uint64_t off = 0;

    crypto(GN_SPACE_HANDSHAKE, 5000);
    for (int packets = 0; off < 5000; packets++) {
        ck_assert_int_lt(packets, 10);
        ck_assert(gn_test_plan_wants(&p, GN_SPACE_HANDSHAKE, 0, GN_ALLOW_ALL));
        packet(GN_SPACE_HANDSHAKE, GN_ALLOW_ALL, 800);
        for (uint32_t i = 0; i < p.frames; i++) {
            const gn_frame_crypto *frame = &p.frame[i].as.crypto;
            ck_assert_uint_eq(p.frame[i].type, GN_FRAME_CRYPTO);
            ck_assert_uint_eq(frame->off, off);
            ck_assert(gn_test_stream_equal(GN_SPACE_HANDSHAKE, off, frame->data));
            ck_assert_uint_eq(p.item[i].off, off);
            ck_assert_uint_eq(p.item[i].len, frame->data.len);
            off += frame->data.len;
        }
    }
    ck_assert_uint_eq(off, 5000);
    ck_assert(!gn_test_plan_wants(&p, GN_SPACE_HANDSHAKE, 0, GN_ALLOW_ALL));
}
END_TEST

START_TEST(conn_plan_answers_every_challenge_of_the_path)
{
    for (uint8_t i = 10; i < 10 + GN_PATH_RESPONSES; i++)
        challenge(i);
    packet(GN_SPACE_APP, GN_ALLOW_ALL, FULL);
    ck_assert_uint_eq(p.frames, GN_PATH_RESPONSES);
    for (uint8_t i = 0; i < GN_PATH_RESPONSES; i++)
        ck_assert_uint_eq(p.frame[i].as.path.data[0], 10 + i);
}
END_TEST

START_TEST(conn_plan_is_about_the_path_it_is_for)
{
    const uint8_t host[16] = {2};
    const gn_path_start start = {.route = 2, .host = host, .datagram_bytes = 1200};
    const uint8_t other = gn_paths_add(&p.conn.paths, &start, p.env.now);

    challenge(1);
    ck_assert(!gn_test_plan_wants(&p, GN_SPACE_APP, other, GN_ALLOW_PROBING));
    gn_test_plan_packet(&p, GN_SPACE_APP, other, GN_ALLOW_PROBING, FULL);
    ck_assert_uint_eq(p.frames, 0);
    gn_path_probe(&p.conn.paths.at[other], p.env.now, GN_SECOND);
    gn_test_plan_packet(&p, GN_SPACE_APP, other, GN_ALLOW_PROBING, FULL);
    ASSERT_TYPES(GN_FRAME_PATH_CHALLENGE);
    ck_assert_uint_eq(gn_paths_on_response(&p.conn.paths, p.frame[0].as.path.data), other);
    packet(GN_SPACE_APP, GN_ALLOW_PROBING, FULL);
    ASSERT_TYPES(GN_FRAME_PATH_RESPONSE);
}
END_TEST

/* RFC 9000 19.16: the packet may be addressed with what is to be retired. */
/* [R-9000-19.16-2] */
START_TEST(conn_plan_does_not_retire_what_a_path_still_uses)
{
    const gn_frame_new_connection_id next = {
        .seq = 1, .retire_prior_to = 1, .cid = gn_cid_from((const uint8_t *)"later", 5)};
    gn_fault fault;

    ck_assert_int_eq(gn_peer_cids_on_new(&p.conn.peer_cids, &next, &fault), GN_OK);
    ck_assert(!gn_test_plan_wants(&p, GN_SPACE_APP, 0, GN_ALLOW_ALL));
    gn_peer_cids_give(&p.conn.peer_cids, 0);
    packet(GN_SPACE_APP, GN_ALLOW_ALL, FULL);
    ASSERT_TYPES(GN_FRAME_RETIRE_CONNECTION_ID);
    ck_assert_uint_eq(p.frame[0].as.retire_connection_id.seq, 0);
}
END_TEST

/* Whatever the room, all of it is said in the end, and nothing twice. */
START_TEST(conn_plan_in_little_room_says_all_in_more_packets)
{
    const size_t room = 40 + 7 * (size_t)_i;
    uint32_t frames = 0;
    uint32_t stream_bytes = 0;
    uint32_t crypto_bytes = 0;

    for (int packets = 0; gn_test_plan_wants(&p, GN_SPACE_APP, 0, GN_ALLOW_ALL); packets++) {
        ck_assert_int_lt(packets, 60);
        packet(GN_SPACE_APP, GN_ALLOW_ALL, room);
        for (uint32_t i = 0; i < p.frames; i++) {
            if (p.item[i].kind == GN_ITEM_CRYPTO)
                crypto_bytes += p.item[i].len;
            else if (p.item[i].kind == GN_ITEM_STREAM)
                stream_bytes += p.item[i].len;
            else
                frames++;
        }
    }
    ck_assert_uint_eq(frames, 9);
    ck_assert_uint_eq(crypto_bytes, 100);
    ck_assert_uint_eq(stream_bytes, 100);
}
END_TEST

START_TEST(conn_plan_without_any_room_writes_nothing)
{
    packet(GN_SPACE_APP, GN_ALLOW_ALL, (size_t)_i);
    ck_assert_uint_le(p.frames, (uint32_t)_i);
    ck_assert(gn_test_plan_wants(&p, GN_SPACE_APP, 0, GN_ALLOW_ALL));
}
END_TEST

/* What cannot be remembered is not written. */
START_TEST(conn_plan_stops_where_the_records_end)
{
    everything();
    gn_slots left = p.env.sent;
    while (gn_slots_left(left) > 1 + (uint32_t)_i)
        (void)gn_slots_take(left);
    packet(GN_SPACE_APP, GN_ALLOW_ALL, FULL);
    const uint32_t most = GN_SENT_ITEMS + (uint32_t)_i * GN_SENT_MORE_ITEMS;
    ck_assert_uint_eq(p.frames, most < 11 ? most : 11);
    ck_assert_int_eq(gn_test_plan_wants(&p, GN_SPACE_APP, 0, GN_ALLOW_ALL), most < 11);
}
END_TEST

Suite *
gn_test_conn_plan(void)
{
    Suite *s = suite_create("conn/conn_plan");
    TCase *good = tcase_create("good");
    TCase *full = tcase_create("limits");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(good, quiet, NULL);
    tcase_add_checked_fixture(full, everything, NULL);
    tcase_add_checked_fixture(limits, everything, NULL);
    tcase_add_test(good, conn_plan_without_news_is_empty);
    tcase_add_loop_test(good, conn_plan_ack_delay_is_in_our_units, 0, GN_SPACES);
    tcase_add_test(good, conn_plan_crypto_is_cut_into_packets_without_a_gap);
    tcase_add_test(good, conn_plan_answers_every_challenge_of_the_path);
    tcase_add_test(good, conn_plan_is_about_the_path_it_is_for);
    tcase_add_test(good, conn_plan_does_not_retire_what_a_path_still_uses);
    tcase_add_test(full, conn_plan_rows_come_in_their_order);
    tcase_add_test(full, conn_plan_of_a_full_window_has_acks_alone);
    tcase_add_test(full, conn_plan_of_a_probe_has_probing_frames_alone);
    tcase_add_test(full, conn_plan_allowances_add_up);
    tcase_add_loop_test(full, conn_plan_before_one_rtt_has_acks_and_crypto_alone, 0, 2);
    tcase_add_loop_test(limits, conn_plan_in_little_room_says_all_in_more_packets, 0, 60);
    tcase_add_loop_test(limits, conn_plan_without_any_room_writes_nothing, 0, 30);
    tcase_add_loop_test(limits, conn_plan_stops_where_the_records_end, 0, 5);
    suite_add_tcase(s, good);
    suite_add_tcase(s, full);
    suite_add_tcase(s, limits);
    return s;
}
