/*
 * test_builder.c: what conn/builder.h promises.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "conn/builder.h"
#include "crypto/protect.h"
#include "suites.h"
#include "tests/support/recovery.h"
#include "wire/version.h"

enum { ROOM = 1200, RUBBISH = 0xa5 };

static gn_builder b;
static gn_slots sent;
static uint8_t bytes[ROOM + 64];
static gn_cid dcid;
static gn_cid scid;

static const gn_frame ping = {.type = GN_FRAME_PING};
static const gn_item ping_item = {.kind = GN_ITEM_PING};

static void
start(size_t room, uint32_t slots)
{
    sent = gn_test_sent_slots(slots);
    memset(bytes, RUBBISH, sizeof bytes);
    gn_builder_init(&b, bytes, room, sent);
}

static void
roomy(void)
{
    dcid = gn_cid_from((const uint8_t *)"destined", 8);
    scid = gn_cid_from((const uint8_t *)"source", 6);
    start(ROOM, 16);
}

static gn_builder_header
header_of(gn_packet_kind kind)
{
    return (gn_builder_header){.kind = kind,
                               .space = kind == GN_PACKET_INITIAL     ? GN_SPACE_INITIAL
                                        : kind == GN_PACKET_HANDSHAKE ? GN_SPACE_HANDSHAKE
                                                                      : GN_SPACE_APP,
                               .dcid = &dcid,
                               .scid = &scid,
                               .version = GN_VERSION_1,
                               .pn = 5};
}

static gn_err
begin(gn_packet_kind kind)
{
    const gn_builder_header header = header_of(kind);

    return gn_builder_begin(&b, &header);
}

static void
write_ping(void)
{
    ck_assert_int_eq(gn_builder_frame(&b, &ping, &ping_item, true), GN_OK);
}

/* Fills the packet with PINGs until so many bytes are left. */
static void
fill_to(size_t left)
{
    ck_assert_uint_ge(gn_builder_left(&b), left);
    const gn_err err = gn_writer_fill(&b.w, 1, gn_builder_left(&b) - left);
    ck_assert_int_eq(err, GN_OK);
    ck_assert(gn_builder_can_note(&b));
    gn_builder_note(&b, &ping_item, true);
}

static void
packet(gn_packet_kind kind, size_t payload)
{
    ck_assert_int_eq(begin(kind), GN_OK);
    fill_to(gn_builder_left(&b) - payload);
    ck_assert(gn_builder_end(&b));
}

/* Reads all headers of the datagram and checks that they say what the builder says. */
static void
assert_headers(size_t total)
{
    gn_header header;
    size_t at = 0;

    ck_assert_uint_eq(gn_builder_bytes(&b), total);
    for (uint32_t i = 0; i < b.count; i++) {
        const gn_builder_packet *p = &b.packet[i];
        const size_t len = gn_builder_finish(&b, i);
        ck_assert_uint_eq(p->start, at);
        ck_assert_int_eq(gn_header_read(bytes + at, total - at, dcid.len, &header), GN_OK);
        ck_assert_int_eq(header.kind, p->kind);
        ck_assert_uint_eq(header.packet_len, len);
        ck_assert_uint_eq(header.pn_at, p->pn_at - at);
        ck_assert(gn_cid_equal(&header.dcid, &dcid));
        ck_assert_uint_eq(p->payload_at, p->pn_at + (bytes[at] & GN_HEADER_PN_SIZE) + 1u);
        ck_assert_uint_eq(p->end + GN_PROTECT_TAG_BYTES, at + len);
        at += len;
    }
    ck_assert_uint_eq(at, total);
    for (size_t i = total; i < sizeof bytes; i++)
        ck_assert_uint_eq(bytes[i], RUBBISH);
}

START_TEST(builder_begins_with_an_empty_datagram)
{
    ck_assert_uint_eq(b.count, 0);
    ck_assert_uint_eq(gn_builder_bytes(&b), 0);
}
END_TEST

START_TEST(builder_packet_has_header_frames_and_room_for_the_tag)
{
    const gn_packet_kind kinds[] = {GN_PACKET_INITIAL, GN_PACKET_HANDSHAKE, GN_PACKET_ONE_RTT};

    ck_assert_int_eq(begin(kinds[_i]), GN_OK);
    const gn_builder_packet *p = gn_builder_packet_now(&b);
    ck_assert_uint_eq(p->payload_at + gn_builder_left(&b) + GN_PROTECT_TAG_BYTES, ROOM);
    ck_assert(!p->eliciting && !p->padded);
    fill_to(0);
    ck_assert(gn_builder_end(&b));
    ck_assert(p->eliciting && !p->padded);
    ck_assert_uint_eq(p->pn, 5);
    assert_headers(ROOM);
}
END_TEST

START_TEST(builder_short_header_says_the_key_phase)
{
    gn_builder_header header = header_of(GN_PACKET_ONE_RTT);

    header.key_phase = _i != 0;
    ck_assert_int_eq(gn_builder_begin(&b, &header), GN_OK);
    ck_assert_int_eq((bytes[0] & GN_HEADER_KEY_PHASE) != 0, _i);
    ck_assert_uint_eq(gn_builder_packet_now(&b)->length_at, 0);
}
END_TEST

/* RFC 9000 17.1: as many bytes as the numbers not acknowledged need. */
/* [R-9000-17.1-1] */
START_TEST(builder_packet_number_is_as_long_as_it_must_be)
{
    const struct {
        uint64_t pn, acked_plus_one;
        size_t size;
    } rows[] = {{0, 0, 1}, {126, 0, 1}, {128, 0, 2}, {70000, 69999, 1}, {70000, 0, 3}};
    gn_builder_header header = header_of(GN_PACKET_ONE_RTT);

    header.pn = rows[_i].pn;
    header.largest_acked_plus_one = rows[_i].acked_plus_one;
    ck_assert_int_eq(gn_builder_begin(&b, &header), GN_OK);
    const gn_builder_packet *p = gn_builder_packet_now(&b);
    ck_assert_uint_eq(p->payload_at - p->pn_at, rows[_i].size);
}
END_TEST

START_TEST(builder_frames_are_noted_in_the_record)
{
    gn_item item;

    ck_assert_int_eq(begin(GN_PACKET_ONE_RTT), GN_OK);
    for (uint64_t id = 0; id < 10; id++)
        ck_assert_int_eq(
            gn_builder_frame(&b, &ping, &(gn_item){.kind = GN_ITEM_NEW_CID, .id = id}, id == 9),
            GN_OK);
    ck_assert(gn_builder_packet_now(&b)->eliciting);
    gn_sent_items it = gn_sent_items_over(gn_builder_packet_now(&b)->record);
    for (uint64_t id = 0; id < 10; id++) {
        ck_assert(gn_sent_items_next(sent, &it, &item));
        ck_assert_uint_eq(item.kind, GN_ITEM_NEW_CID);
        ck_assert_uint_eq(item.id, id);
    }
    ck_assert(!gn_sent_items_next(sent, &it, &item));
}
END_TEST

START_TEST(builder_packet_without_eliciting_frames_is_not_eliciting)
{
    ck_assert_int_eq(begin(GN_PACKET_ONE_RTT), GN_OK);
    ck_assert_int_eq(gn_builder_frame(&b, &ping, &ping_item, false), GN_OK);
    ck_assert(gn_builder_end(&b));
    ck_assert(!b.packet[0].eliciting);
    ck_assert(b.packet[0].padded); /* too short for a sample: a padding packet is in flight */
}
END_TEST

START_TEST(builder_three_packets_share_a_datagram)
{
    packet(GN_PACKET_INITIAL, 100);
    packet(GN_PACKET_HANDSHAKE, 200);
    packet(GN_PACKET_ONE_RTT, 300);
    ck_assert_uint_eq(b.count, 3);
    ck_assert_uint_eq(sent.pool->used, 3);
    assert_headers(b.packet[2].end + GN_PROTECT_TAG_BYTES);
    gn_builder_pad(&b, ROOM);
    ck_assert(b.packet[2].padded && !b.packet[0].padded);
    assert_headers(ROOM);
}
END_TEST

/* RFC 9001 5.4.2. */
START_TEST(builder_short_payload_is_padded_for_the_sample)
{
    ck_assert_int_eq(begin(GN_PACKET_ONE_RTT), GN_OK);
    write_ping();
    ck_assert(gn_builder_end(&b));
    const gn_builder_packet *p = &b.packet[0];
    ck_assert(p->padded);
    ck_assert_uint_eq(p->end - p->pn_at, GN_PROTECT_TEXT_MIN);
    for (size_t i = p->payload_at + 1; i < p->end; i++)
        ck_assert_uint_eq(bytes[i], 0);
    assert_headers(p->end + GN_PROTECT_TAG_BYTES);
}
END_TEST

START_TEST(builder_pads_with_zeros_to_the_size_asked_for)
{
    packet(GN_PACKET_INITIAL, 10);
    const size_t end = b.packet[0].end;

    gn_builder_pad(&b, end);
    ck_assert_uint_eq(b.packet[0].end, end);
    ck_assert(!b.packet[0].padded);
    gn_builder_pad(&b, 1000);
    for (size_t i = end; i < 1000 - GN_PROTECT_TAG_BYTES; i++)
        ck_assert_uint_eq(bytes[i], 0);
    assert_headers(1000);
    gn_builder_pad(&b, 99999);
    assert_headers(ROOM);
}
END_TEST

/* [R-9000-12.4-1] */
START_TEST(builder_packet_without_frames_is_taken_back)
{
    ck_assert_int_eq(begin(GN_PACKET_INITIAL), GN_OK);
    ck_assert(!gn_builder_end(&b));
    ck_assert_uint_eq(b.count, 0);
    ck_assert_uint_eq(gn_builder_bytes(&b), 0);
    ck_assert_uint_eq(sent.pool->used, 0);
    packet(GN_PACKET_ONE_RTT, 20);
    assert_headers(b.packet[0].end + GN_PROTECT_TAG_BYTES);
}
END_TEST

/* The packet before it is then the last one, and what is padded. */
START_TEST(builder_pads_the_packet_before_one_taken_back)
{
    packet(GN_PACKET_INITIAL, 10);
    const size_t end = b.packet[0].end;

    ck_assert_int_eq(begin(GN_PACKET_HANDSHAKE), GN_OK);
    ck_assert(!gn_builder_end(&b));
    ck_assert_uint_eq(b.count, 1);
    ck_assert_uint_eq(sent.pool->used, 1);
    gn_builder_pad(&b, _i == 0 ? ROOM : 600);
    for (size_t i = end; i < b.packet[0].end; i++)
        ck_assert_uint_eq(bytes[i], 0);
    /* The header of what was taken back may still lie behind. */
    memset(bytes + gn_builder_bytes(&b), RUBBISH, sizeof bytes - gn_builder_bytes(&b));
    assert_headers(_i == 0 ? ROOM : 600);
}
END_TEST

/* However little room is left, failing to begin leaves a datagram that can be padded. */
START_TEST(builder_pads_the_packet_before_one_that_did_not_fit)
{
    ck_assert_int_eq(begin(GN_PACKET_INITIAL), GN_OK);
    fill_to((size_t)_i);
    ck_assert(gn_builder_end(&b));
    const gn_builder before = b;
    const bool is_long = _i % 2 == 0;
    const int needs = (is_long ? 1 + 4 + 1 + 8 + 1 + 6 + 2 + 1 : 1 + 8 + 1) + 9;
    const gn_err err = begin(is_long ? GN_PACKET_HANDSHAKE : GN_PACKET_ONE_RTT);

    ck_assert_int_eq(err, _i >= needs + GN_PROTECT_TAG_BYTES ? GN_OK : GN_ERR_FULL);
    if (err == GN_OK) {
        ck_assert(!gn_builder_end(&b));
    } else {
        ck_assert_mem_eq(&b.packet, &before.packet, sizeof b.packet);
        ck_assert_uint_eq(b.w.at, before.w.at);
        ck_assert_uint_eq(b.count, 1);
    }
    ck_assert_uint_eq(sent.pool->used, 1);
    gn_builder_pad(&b, ROOM);
    assert_headers(ROOM);
}
END_TEST

START_TEST(builder_without_a_record_is_full)
{
    start(ROOM, 1);
    packet(GN_PACKET_INITIAL, 10);
    ck_assert_int_eq(begin(GN_PACKET_HANDSHAKE), GN_ERR_FULL);
    ck_assert_uint_eq(b.count, 1);
    gn_builder_pad(&b, ROOM);
    assert_headers(ROOM);
}
END_TEST

/* Room for a header and one small frame, or nothing. */
START_TEST(builder_in_little_room_is_full_or_useful)
{
    start((size_t)_i, 4);
    if (begin(GN_PACKET_ONE_RTT) == GN_OK) {
        const gn_frame challenge = {.type = GN_FRAME_PATH_CHALLENGE};
        ck_assert_int_ge(_i, 1 + 8 + 1 + 9 + GN_PROTECT_TAG_BYTES);
        ck_assert_int_eq(gn_builder_frame(&b, &challenge, &ping_item, true), GN_OK);
        ck_assert(gn_builder_end(&b));
        ck_assert_uint_le(gn_builder_bytes(&b), (size_t)_i);
    } else {
        ck_assert_int_lt(_i, 1 + 8 + 1 + 9 + GN_PROTECT_TAG_BYTES);
        ck_assert_uint_eq(gn_builder_bytes(&b), 0);
        ck_assert_uint_eq(sent.pool->used, 0);
    }
}
END_TEST

START_TEST(builder_frame_that_does_not_fit_changes_nothing)
{
    const gn_frame challenge = {.type = GN_FRAME_PATH_CHALLENGE};

    ck_assert_int_eq(begin(GN_PACKET_ONE_RTT), GN_OK);
    fill_to(8);
    const gn_builder before = b;
    ck_assert_int_eq(gn_builder_frame(&b, &challenge, &ping_item, true), GN_ERR_FULL);
    ck_assert_mem_eq(&b, &before, sizeof b);
    ck_assert_uint_eq(gn_sent_at(sent, b.packet[0].record)->item_count, 1);
}
END_TEST

START_TEST(builder_frame_that_cannot_be_noted_is_not_written)
{
    start(ROOM, 1);
    ck_assert_int_eq(begin(GN_PACKET_ONE_RTT), GN_OK);
    for (int i = 0; i < GN_SENT_ITEMS; i++)
        write_ping();
    ck_assert(!gn_builder_can_note(&b));
    const size_t left = gn_builder_left(&b);
    ck_assert_int_eq(gn_builder_frame(&b, &ping, &ping_item, true), GN_ERR_FULL);
    ck_assert_uint_eq(gn_builder_left(&b), left);
}
END_TEST

START_TEST(builder_fourth_packet_traps)
{
    for (int i = 0; i < 4; i++)
        packet(GN_PACKET_ONE_RTT, 10);
}
END_TEST

START_TEST(builder_padding_nothing_traps)
{
    gn_builder_pad(&b, ROOM);
}
END_TEST

START_TEST(builder_finishing_what_is_not_there_traps)
{
    (void)gn_builder_finish(&b, 0);
}
END_TEST

Suite *
gn_test_builder(void)
{
    Suite *s = suite_create("conn/builder");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(good, roomy, NULL);
    tcase_add_checked_fixture(limits, roomy, NULL);
    tcase_add_test(good, builder_begins_with_an_empty_datagram);
    tcase_add_loop_test(good, builder_packet_has_header_frames_and_room_for_the_tag, 0, 3);
    tcase_add_loop_test(good, builder_short_header_says_the_key_phase, 0, 2);
    tcase_add_loop_test(good, builder_packet_number_is_as_long_as_it_must_be, 0, 5);
    tcase_add_test(good, builder_frames_are_noted_in_the_record);
    tcase_add_test(good, builder_packet_without_eliciting_frames_is_not_eliciting);
    tcase_add_test(good, builder_three_packets_share_a_datagram);
    tcase_add_test(good, builder_short_payload_is_padded_for_the_sample);
    tcase_add_test(good, builder_pads_with_zeros_to_the_size_asked_for);
    tcase_add_test(good, builder_packet_without_frames_is_taken_back);
    tcase_add_loop_test(good, builder_pads_the_packet_before_one_taken_back, 0, 2);
    tcase_add_loop_test(limits, builder_pads_the_packet_before_one_that_did_not_fit, 0, 80);
    tcase_add_test(limits, builder_without_a_record_is_full);
    tcase_add_loop_test(limits, builder_in_little_room_is_full_or_useful, 0, 50);
    tcase_add_test(limits, builder_frame_that_does_not_fit_changes_nothing);
    tcase_add_test(limits, builder_frame_that_cannot_be_noted_is_not_written);
    tcase_add_test_raise_signal(limits, builder_fourth_packet_traps, SIGABRT);
    tcase_add_test_raise_signal(limits, builder_padding_nothing_traps, SIGABRT);
    tcase_add_test_raise_signal(limits, builder_finishing_what_is_not_there_traps, SIGABRT);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    return s;
}
