/*
 * test_conn_delivery.c: what is lost comes again, as it is true by then; nothing else does.
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/forge.h"
#include "tests/support/pair.h"
#include "tests/support/random.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

static gn_test_pair pair;
static gn_test_forge forge;
static uint64_t wanted; /* the frame type whose first packet is lost */
static int sender;
static uint32_t lost;
static uint64_t chance;

static gn_test_fate
lose_first(gn_test_pair *p, gn_test_datagram *d)
{
    const gn_test_side *from = &p->side[sender];
    uint32_t at = from->sents - 1;
    gn_frame frame;

    if (d->to == sender || lost > 0 || !gn_test_pair_sent(p, sender, wanted, &at, &frame))
        return GN_TEST_PASS;
    lost++;
    return GN_TEST_DROP;
}

/* How many packets of a side hold this frame. */
static uint32_t
times_sent(int side, uint64_t type)
{
    gn_frame frame;
    uint32_t times = 0;

    for (uint32_t at = 0; gn_test_pair_sent(&pair, side, type, &at, &frame); at++)
        times++;
    return times;
}

/* Both sides do a bit of everything. */
static void
talk(void)
{
    const uint64_t up = gn_test_pair_open(&pair, CLIENT, false);
    const uint64_t cut = gn_test_pair_open(&pair, CLIENT, false);

    (void)gn_test_pair_write(&pair, CLIENT, up, 0, 200000, true);
    (void)gn_test_pair_write(&pair, CLIENT, cut, 0, 10, false);
    gn_test_pair_settle(&pair);
    ck_assert_int_eq(gn_connection_reset_stream(pair.side[CLIENT].endpoint,
                                                pair.side[CLIENT].connection, cut, 5, pair.now),
                     GN_OK);
    ck_assert_int_eq(gn_connection_stop_stream(pair.side[CLIENT].endpoint,
                                               pair.side[CLIENT].connection, up, 6, pair.now),
                     GN_OK);
    gn_test_pair_pull(&pair, CLIENT);
    gn_test_pair_settle(&pair);
    for (int i = 0; i < 20; i++) {
        const uint64_t stream = gn_test_pair_open(&pair, CLIENT, true);
        (void)gn_test_pair_write(&pair, CLIENT, stream, 0, 10, true);
        gn_test_pair_settle(&pair);
    }
    ck_assert_uint_eq(gn_test_pair_stream(&pair, SERVER, up)->bytes, 200000);
    ck_assert(gn_test_pair_stream(&pair, SERVER, cut)->reset);
    ck_assert_uint_eq(gn_test_pair_stream(&pair, SERVER, cut)->reset_code, 5);
    ck_assert(gn_test_pair_stream(&pair, SERVER, up)->stopped);
    ck_assert_uint_eq(gn_test_pair_stream(&pair, SERVER, up)->stop_code, 6);
}

/* RFC 9000 13.3 */
START_TEST(delivery_repeats_what_was_lost)
{
    static const struct {
        uint64_t type;
        int from;
    } rows[] = {{GN_FRAME_STREAM, CLIENT},
                {GN_FRAME_RESET_STREAM, CLIENT},
                {GN_FRAME_STOP_SENDING, CLIENT},
                {GN_FRAME_CRYPTO, CLIENT},
                {GN_FRAME_CRYPTO, SERVER},
                {GN_FRAME_MAX_DATA, SERVER},
                {GN_FRAME_MAX_STREAM_DATA, SERVER},
                {GN_FRAME_MAX_STREAMS_UNI, SERVER},
                {GN_FRAME_NEW_CONNECTION_ID, SERVER},
                {GN_FRAME_NEW_CONNECTION_ID, CLIENT},
                {GN_FRAME_HANDSHAKE_DONE, SERVER}};

    gn_test_pair_init(&pair);
    pair.side[SERVER].config.initial_max_data = 65536;
    pair.side[SERVER].config.initial_max_stream_data_bidi_remote = 32768;
    wanted = rows[_i].type;
    sender = rows[_i].from;
    pair.hook = lose_first;
    gn_test_pair_confirm(&pair);
    talk();
    ck_assert_uint_eq(lost, 1);
    ck_assert_uint_ge(times_sent(sender, wanted), 2);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

START_TEST(delivery_repeats_the_retirement_of_an_id)
{
    gn_test_pair_init(&pair);
    wanted = GN_FRAME_RETIRE_CONNECTION_ID;
    sender = CLIENT;
    pair.hook = lose_first;
    gn_test_pair_confirm(&pair);
    for (gn_route route = 2; route < 8; route++) {
        ck_assert_int_eq(gn_connection_migrate(pair.side[CLIENT].endpoint,
                                               pair.side[CLIENT].connection, route, pair.now),
                         GN_OK);
        gn_test_pair_pull(&pair, CLIENT);
        gn_test_pair_settle(&pair);
    }
    ck_assert_uint_eq(lost, 1);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* RFC 9002 6.1.1: three later packets acknowledged, and the hole is filled at once. */
START_TEST(delivery_takes_reordering_for_loss_after_three)
{
    gn_frame frame;
    uint64_t offs[5];

    gn_test_pair_shake(&pair);
    const uint64_t stream = gn_test_pair_open(&pair, SERVER, true);
    gn_test_forge_take(&forge, &pair, CLIENT);
    const uint32_t first = pair.side[SERVER].sents;
    for (uint32_t i = 0; i < 5; i++) {
        offs[i] = 50 * i;
        (void)gn_test_pair_write(&pair, SERVER, stream, offs[i], 50, false);
    }
    ck_assert_uint_eq(pair.side[SERVER].sents, first + 5);
    const uint64_t pn = pair.side[SERVER].sent[first].pn;
    gn_frame ack = {.type = GN_FRAME_ACK};
    for (uint32_t i = 2; i < 4; i++) {
        uint32_t at = pair.side[SERVER].sents;
        ack.as.ack = (gn_frame_ack){.largest = pn + i, .first_range = i - 1};
        gn_test_forge_frame(&forge, &ack);
        gn_test_forge_send(&forge);
        ck_assert(gn_test_pair_sent(&pair, SERVER, GN_FRAME_STREAM, &at, &frame) == (i == 3));
    }
    ck_assert_uint_eq(frame.as.stream.off, 0);
    ck_assert_uint_eq(frame.as.stream.data.len, 50);
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).packets_lost, 1);
    ck_assert_uint_eq(pair.side[SERVER].events[GN_EVENT_PACKET_LOST], 1);
}
END_TEST

/* RFC 9000 13.1: what was never sent cannot have arrived, in any space. */
START_TEST(delivery_of_what_was_never_sent_is_a_fault)
{
    gn_frame ack = {.type = GN_FRAME_ACK};

    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, _i);
    const gn_test_side *other = &pair.side[1 - _i];
    const uint64_t last = other->sent[other->sents - 1].pn;
    ack.as.ack = (gn_frame_ack){.largest = last};
    gn_test_forge_frame(&forge, &ack);
    gn_test_forge_send(&forge);
    ck_assert_uint_eq(other->closed.times, 0);
    ack.as.ack.largest = last + 1000;
    gn_test_forge_frame(&forge, &ack);
    gn_test_forge_send(&forge);
    gn_test_pair_expect_fault(&pair, 1 - _i, GN_FAULT_PROTOCOL_VIOLATION, "RFC 9000 13.1: ");
}
END_TEST

/* RFC 9000 13.2.6: an Initial ACK is about Initial packets. */
/* [R-9000-13.2.6-2] [R-9000-17.2.3-3] */
START_TEST(delivery_spaces_do_not_mix)
{
    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, 10 * GN_MS);
    gn_test_forge_take(&forge, &pair, CLIENT);
    forge.dcid = pair.side[SERVER].sent[0].scid;
    forge.kind = _i == 0 ? GN_PACKET_INITIAL : GN_PACKET_HANDSHAKE;
    forge.pad_to = 1200;
    gn_test_forge_say(&forge, "02 09 00 00 00");
    gn_test_pair_expect_fault(&pair, SERVER, GN_FAULT_PROTOCOL_VIOLATION, "RFC 9000 13.1: ");
}
END_TEST

/* RFC 9002 5.3: the peer's word about its delay is believed up to max_ack_delay. */
START_TEST(delivery_huge_ack_delay_does_not_spoil_the_measure)
{
    gn_frame ack = {.type = GN_FRAME_ACK};

    gn_test_pair_shake(&pair);
    const uint64_t stream = gn_test_pair_open(&pair, SERVER, true);
    gn_test_forge_take(&forge, &pair, CLIENT);
    (void)gn_test_pair_write(&pair, SERVER, stream, 0, 50, false);
    gn_test_pair_run(&pair, pair.now + 40 * GN_MS);
    ack.as.ack = (gn_frame_ack){.largest = pair.side[SERVER].sent[pair.side[SERVER].sents - 1].pn,
                                .delay = GN_VARINT_MAX};
    gn_test_forge_frame(&forge, &ack);
    gn_test_forge_send(&forge);
    const gn_info info = gn_test_pair_info(&pair, SERVER);
    ck_assert_uint_eq(pair.side[SERVER].closed.times, 0);
    ck_assert_uint_ge(info.rtt_smoothed_us, 14 * GN_MS);
    ck_assert_uint_le(info.rtt_smoothed_us, 80 * GN_MS);
}
END_TEST

static gn_test_fate
storm(gn_test_pair *p, gn_test_datagram *d)
{
    const uint64_t word = gn_test_random(&chance);

    (void)p;
    d->at += word % (30 * GN_MS);
    switch (word >> 32 & 15) {
    case 0:
    case 1: return GN_TEST_DROP;
    case 2: return GN_TEST_TWICE;
    default: return GN_TEST_PASS;
    }
}

START_TEST(delivery_through_a_storm_is_complete)
{
    gn_test_pair_shake(&pair);
    chance = (uint64_t)_i;
    pair.hook = storm;
    const uint64_t up = gn_test_pair_open(&pair, CLIENT, false);
    const uint64_t down = gn_test_pair_open(&pair, SERVER, false);
    (void)gn_test_pair_write(&pair, CLIENT, up, 0, 60000, true);
    (void)gn_test_pair_write(&pair, SERVER, down, 0, 60000, true);
    gn_test_pair_run(&pair, pair.now + 25 * GN_SECOND);
    pair.hook = NULL;
    gn_test_pair_settle(&pair);
    ck_assert(gn_test_pair_stream(&pair, SERVER, up)->fin);
    ck_assert(gn_test_pair_stream(&pair, CLIENT, down)->fin);
    ck_assert_uint_gt(gn_test_pair_info(&pair, CLIENT).packets_lost, 0);
    gn_test_pair_expect_alive(&pair);
    gn_test_pair_end(&pair);
}
END_TEST

Suite *
gn_test_conn_delivery(void)
{
    Suite *suite = suite_create("conn/conn_delivery");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *random = tcase_create("random");

    tcase_add_loop_test(good, delivery_repeats_what_was_lost, 0, 11);
    tcase_add_test(good, delivery_repeats_the_retirement_of_an_id);
    tcase_add_test(good, delivery_takes_reordering_for_loss_after_three);
    tcase_add_loop_test(hostile, delivery_of_what_was_never_sent_is_a_fault, 0, 2);
    tcase_add_loop_test(hostile, delivery_spaces_do_not_mix, 0, 2);
    tcase_add_test(hostile, delivery_huge_ack_delay_does_not_spoil_the_measure);
    tcase_add_loop_test(random, delivery_through_a_storm_is_complete, 0, 10);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    suite_add_tcase(suite, random);
    return suite;
}
