/*
 * test_held.c: what conn/held.h promises, alone and in whole connections.
 */
#include <check.h>
#include <string.h>

#include "conn/held.h"
#include "endpoint/endpoint.h"
#include "suites.h"
#include "tests/support/pair.h"
#include "wire/header_read.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER, SLOTS = 10 };

static gn_test_pair pair;

static _Alignas(16) gn_held_packet memory[SLOTS];
static gn_pool pool;
static gn_held one, two;

static gn_slots
slots(void)
{
    return (gn_slots){.pool = &pool, .base = (uint8_t *)memory};
}

static bool
push(gn_held *held, uint8_t byte, size_t len)
{
    uint8_t bytes[GN_DATAGRAM_MAX + 1];
    const gn_datagram datagram = {.size = sizeof datagram, .route = byte, .ecn = GN_MARK_CE};

    memset(bytes, byte, sizeof bytes);
    const bool held_now = gn_held_push(held, slots(), &datagram, bytes, len, 100u + byte);
    ck_assert(gn_held_check(held, slots()));
    return held_now;
}

static void
expect_pop(gn_held *held, uint8_t byte)
{
    const uint32_t at = gn_held_pop(held, slots());

    ck_assert_uint_ne(at, GN_POOL_NONE);
    const gn_held_packet *packet = gn_held_at(slots(), at);
    ck_assert_uint_eq(packet->bytes[0], byte);
    ck_assert_uint_eq(packet->bytes[packet->len - 1], byte);
    ck_assert_uint_eq(packet->route, byte);
    ck_assert_uint_eq(packet->at, 100u + byte);
    ck_assert_uint_eq(packet->ecn, GN_MARK_CE);
    gn_slots_give(slots(), at);
    ck_assert(gn_held_check(held, slots()));
}

static void
begin(void)
{
    gn_pool_init(&pool, SLOTS, sizeof memory[0]);
    gn_held_init(&one);
    gn_held_init(&two);
}

START_TEST(held_packets_come_back_in_order)
{
    for (uint8_t i = 1; i <= 4; i++)
        ck_assert(push(&one, i, 10u + i));
    expect_pop(&one, 1);
    const uint32_t at = gn_held_pop(&one, slots());
    gn_held_return(&one, slots(), at);
    expect_pop(&one, 3);
    expect_pop(&one, 4);
    expect_pop(&one, 2);
    ck_assert_uint_eq(gn_held_pop(&one, slots()), GN_POOL_NONE);
    ck_assert_uint_eq(pool.used, 0);
    ck_assert(push(&one, 9, GN_DATAGRAM_MAX));
    expect_pop(&one, 9);
}
END_TEST

START_TEST(held_packets_are_bounded)
{
    for (uint8_t i = 0; i < GN_HELD_MAX; i++)
        ck_assert(push(&one, i, 20));
    ck_assert(!push(&one, 99, 20)); /* so many of one connection */
    ck_assert_uint_eq(pool.used, GN_HELD_MAX);
    for (uint8_t i = 0; i < SLOTS - GN_HELD_MAX; i++)
        ck_assert(push(&two, i, 20));
    ck_assert(!push(&two, 99, 20)); /* so many of all */
    gn_held_wipe(&one, slots());
    gn_held_wipe(&one, slots());
    ck_assert_uint_eq(pool.used, SLOTS - GN_HELD_MAX);
    ck_assert(push(&two, 99, 20));
    gn_held_wipe(&two, slots());
    ck_assert_uint_eq(pool.used, 0);
}
END_TEST

START_TEST(held_copies_and_giants_are_not_kept)
{
    ck_assert(push(&one, 1, 20));
    ck_assert(!push(&one, 1, 20));
    ck_assert(push(&one, 1, 21));
    ck_assert(!push(&one, 2, GN_DATAGRAM_MAX + 1));
    ck_assert_uint_eq(one.count, 2);
}
END_TEST

/* The first packet of the server's first datagram comes last in it. */
static gn_test_fate
first_comes_last(gn_test_pair *p, gn_test_datagram *d)
{
    uint8_t bytes[GN_DATAGRAM_MAX];
    gn_header first;

    (void)p;
    if (d->to != CLIENT || d->nth != 0)
        return GN_TEST_PASS;
    ck_assert_int_eq(gn_header_read(d->bytes, d->len, 8, &first), GN_OK);
    ck_assert_uint_lt(first.packet_len, d->len);
    const size_t rest = d->len - first.packet_len;
    memcpy(bytes, d->bytes + first.packet_len, rest);
    memcpy(bytes + rest, d->bytes, first.packet_len);
    memcpy(d->bytes, bytes, d->len);
    return GN_TEST_PASS;
}

static uint32_t
slots_used(int side)
{
    return pair.side[side].endpoint->held.used;
}

static void
until_ready(int side)
{
    while ((pair.side[side].states & 1U << GN_STATE_READY) == 0)
        ck_assert(gn_test_pair_step(&pair, GN_SECOND));
}

/* A handshake with this hook, up to the moment at which the client may send. */
static void
shake(gn_test_hook hook)
{
    gn_test_pair_init(&pair);
    pair.hook = hook;
    gn_test_pair_start(&pair);
    until_ready(CLIENT);
}

START_TEST(held_flight_of_the_server_needs_no_repetition)
{
    shake(first_comes_last);
    ck_assert_uint_gt(pair.side[CLIENT].events[GN_EVENT_PACKET_HELD], 0);
    ck_assert_uint_eq(pair.side[CLIENT].dropped[GN_DROP_KEYS], 0);
    ck_assert_uint_eq(slots_used(CLIENT), 0);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(pair.side[SERVER].events[GN_EVENT_PTO], 0);
    ck_assert_uint_eq(pair.side[SERVER].events[GN_EVENT_PACKET_LOST], 0);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* The client's last handshake datagram is late: 1-RTT packets come before it (RFC 9001 5.7). */
static gn_test_fate
finished_comes_last(gn_test_pair *p, gn_test_datagram *d)
{
    static uint64_t late;

    if (d->to == SERVER && late == 0 && d->bytes[0] & 0x80 &&
        p->side[CLIENT].states & 1U << GN_STATE_READY)
        late = d->nth + 1;
    if (d->to == SERVER && d->nth + 1 == late)
        d->at += 15 * GN_MS;
    return GN_TEST_PASS;
}

/* The client's stream, of so many bytes, comes before its Finished, and waits. */
static uint64_t
write_early(size_t len)
{
    shake(finished_comes_last);
    const uint64_t stream = gn_test_pair_open(&pair, CLIENT, false);
    (void)gn_test_pair_write(&pair, CLIENT, stream, 0, len, true);
    while (slots_used(SERVER) == 0)
        ck_assert(gn_test_pair_step(&pair, GN_SECOND));
    return stream;
}

/* [R-9001-5.7-1] [R-9001-5.7-2] */
START_TEST(held_one_rtt_packets_wait_for_the_clients_finished)
{
    const uint64_t stream = write_early(3000);

    ck_assert_uint_eq(gn_test_pair_stream(&pair, SERVER, stream)->bytes, 0);
    until_ready(SERVER);
    ck_assert_uint_ge(gn_test_pair_stream(&pair, SERVER, stream)->bytes, 1000);
    ck_assert_uint_eq(slots_used(SERVER), 0);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(pair.side[SERVER].dropped[GN_DROP_KEYS], 0);
    ck_assert_uint_eq(pair.side[CLIENT].events[GN_EVENT_PACKET_LOST], 0);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* Somebody sends what looks like Handshake packets before the server answers. */
static void
flood(uint32_t count, uint8_t first)
{
    uint8_t bytes[200] = {0xe0, 0, 0, 0, 1};
    const gn_test_pair_packet *sent = &pair.side[CLIENT].sent[0];
    size_t at = 5;

    bytes[at++] = (uint8_t)sent->scid.len;
    memcpy(bytes + at, sent->scid.bytes, sent->scid.len);
    at += sent->scid.len;
    bytes[at++] = 0;
    bytes[at++] = 0x40;
    bytes[at] = (uint8_t)(sizeof bytes - at - 1);
    for (uint32_t i = 0; i < count; i++) {
        bytes[sizeof bytes - 1] = (uint8_t)(first + i);
        gn_test_pair_give(&pair, CLIENT, bytes, sizeof bytes, 1, 200);
    }
}

/* A client that has begun, with room for so many packets that have to wait; 0: the usual. */
static void
begin_alone(uint32_t held)
{
    gn_test_pair_init(&pair);
    if (held != 0)
        pair.side[CLIENT].config.limits.held = held;
    gn_test_pair_start(&pair);
}

START_TEST(held_flood_is_bounded_and_changes_nothing)
{
    begin_alone(0);
    const uint64_t digest = gn_test_pair_digest(&pair, CLIENT);
    const uint64_t datagrams = pair.side[CLIENT].datagrams;
    flood(100, 0);
    ck_assert_uint_eq(slots_used(CLIENT), GN_HELD_MAX);
    ck_assert_uint_eq(pair.side[CLIENT].dropped[GN_DROP_KEYS], 100 - GN_HELD_MAX);
    ck_assert_uint_eq(gn_test_pair_digest(&pair, CLIENT), digest);
    ck_assert_uint_eq(pair.side[CLIENT].datagrams, datagrams);
    gn_test_pair_settle(&pair); /* the true ones come, and the false ones fail */
    ck_assert_uint_eq(slots_used(CLIENT), 0);
    ck_assert_uint_ge(pair.side[CLIENT].dropped[GN_DROP_AUTH] +
                          pair.side[CLIENT].dropped[GN_DROP_UNKNOWN],
                      GN_HELD_MAX);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

START_TEST(held_packets_go_with_the_connection)
{
    begin_alone(0);
    pair.side[SERVER].mute = true;
    flood(5, 0);
    ck_assert_uint_eq(slots_used(CLIENT), 5);
    if (_i == 0)
        ck_assert_int_eq(gn_connection_close(pair.side[CLIENT].endpoint,
                                             pair.side[CLIENT].connection, 0, NULL, 0, pair.now),
                         GN_OK);
    else
        gn_test_pair_run(&pair, pair.now + 60 * GN_SECOND);
    gn_test_pair_pull(&pair, CLIENT);
    ck_assert_uint_eq(slots_used(CLIENT), 0);
}
END_TEST

/* A limit of one: the endpoint has one slot for all its connections. */
START_TEST(held_room_is_a_limit_of_the_endpoint)
{
    begin_alone(1);
    flood(3, 0);
    ck_assert_uint_eq(slots_used(CLIENT), 1);
    ck_assert_uint_eq(pair.side[CLIENT].dropped[GN_DROP_KEYS], 2);
}
END_TEST

/* RFC 9000 13.2.5: the time it waited is told in the acknowledgement. */
START_TEST(held_time_is_told_as_acknowledgement_delay)
{
    gn_frame frame;

    (void)write_early(300);
    const gn_time came = pair.now;
    uint32_t at = pair.side[SERVER].sents;
    while (slots_used(SERVER) > 0)
        ck_assert(gn_test_pair_step(&pair, GN_SECOND));
    while (at < pair.side[SERVER].sents && pair.side[SERVER].sent[at].kind != GN_EVENT_ONE_RTT)
        at++;
    const bool acked = gn_test_pair_sent(&pair, SERVER, GN_FRAME_ACK, &at, &frame) ||
                       gn_test_pair_sent(&pair, SERVER, GN_FRAME_ACK_ECN, &at, &frame);
    ck_assert(acked);
    ck_assert_uint_gt(pair.side[SERVER].sent[at].at, came);
    ck_assert_uint_eq(frame.as.ack.delay, (pair.side[SERVER].sent[at].at - came) >> 3);
}
END_TEST

Suite *
gn_test_held(void)
{
    Suite *suite = suite_create("conn/held");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(good, begin, NULL);
    tcase_add_checked_fixture(hostile, begin, NULL);
    tcase_add_checked_fixture(limits, begin, NULL);
    tcase_add_test(good, held_packets_come_back_in_order);
    tcase_add_test(good, held_flight_of_the_server_needs_no_repetition);
    tcase_add_test(good, held_one_rtt_packets_wait_for_the_clients_finished);
    tcase_add_test(good, held_time_is_told_as_acknowledgement_delay);
    tcase_add_test(hostile, held_flood_is_bounded_and_changes_nothing);
    tcase_add_test(hostile, held_copies_and_giants_are_not_kept);
    tcase_add_loop_test(hostile, held_packets_go_with_the_connection, 0, 2);
    tcase_add_test(limits, held_packets_are_bounded);
    tcase_add_test(limits, held_room_is_a_limit_of_the_endpoint);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    suite_add_tcase(suite, limits);
    return suite;
}
