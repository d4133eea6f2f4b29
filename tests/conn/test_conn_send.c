/*
 * test_conn_send.c: the datagrams that leave: sizes, limits, levels, and what is said at the end.
 */
#include <check.h>
#include <string.h>

#include "endpoint/endpoint.h"
#include "suites.h"
#include "tests/support/forge.h"
#include "tests/support/pair.h"
#include "tests/support/random.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

static gn_test_pair pair;
static gn_test_forge forge;
static uint64_t chance;

static bool
holds(const gn_test_pair_packet *sent, uint64_t type)
{
    gn_reader r = gn_reader_over(sent->payload, sent->payload_len);
    gn_frame frame;
    gn_fault fault;

    while (gn_reader_left(&r) > 0) {
        ck_assert_int_eq(gn_frame_read(&r, &frame, &fault), GN_OK);
        if (frame.type == type)
            return true;
    }
    return false;
}

/* RFC 9000 14.1, seen on the wire; every third datagram is lost. */
static gn_test_fate
watch_sizes(gn_test_pair *p, gn_test_datagram *d)
{
    const gn_test_side *from = &p->side[1 - d->to];
    const bool initial = (d->bytes[0] & 0xf0) == 0xc0;
    bool eliciting = false;

    for (uint32_t i = from->sents; i-- > 0 && from->sent[i].at == p->now;)
        if (from->sent[i].kind == GN_EVENT_INITIAL)
            eliciting |=
                holds(&from->sent[i], GN_FRAME_CRYPTO) || holds(&from->sent[i], GN_FRAME_PING);
    if (initial && (d->to == SERVER || eliciting))
        ck_assert_uint_ge(d->len, 1200);
    return gn_test_random(&chance) % 3 == 0 ? GN_TEST_DROP : GN_TEST_PASS;
}

/* [R-9000-8.1-3] [R-9000-14.1-1] [R-9000-14.1-2] [R-9001-9.3-1] [R-9002-6.2.2.1-4] */
START_TEST(send_pads_what_begins_with_an_initial)
{
    gn_test_pair_init(&pair);
    chance = (uint64_t)_i;
    pair.hook = watch_sizes;
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, 5 * GN_SECOND);
    pair.hook = NULL;
    gn_test_pair_settle(&pair);
    gn_test_pair_expect_alive(&pair);
    for (int i = 0; i < 2; i++)
        ck_assert_uint_le(pair.side[i].largest, 1200);
}
END_TEST

/* RFC 9000 12.3: in each space the numbers rise, one by one or more. */
/* [R-9000-12.3-1] [R-9000-12.3-2] */
START_TEST(send_never_uses_a_packet_number_twice)
{
    gn_test_pair_init(&pair);
    chance = 100;
    pair.hook = watch_sizes;
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, 5 * GN_SECOND);
    for (int side = 0; side < 2; side++) {
        uint64_t next[GN_EVENT_VNEG] = {0};
        ck_assert_uint_gt(pair.side[side].sents, 3);
        for (uint32_t i = 0; i < pair.side[side].sents; i++) {
            const gn_test_pair_packet *sent = &pair.side[side].sent[i];
            ck_assert_uint_ge(sent->pn, next[sent->kind]);
            next[sent->kind] = sent->pn + 1;
        }
    }
}
END_TEST

/* RFC 9000 8.1: three times what came, whatever it was, and no byte more. */
/* [R-9000-8-1] [R-9000-8.1-1] [R-9000-8.1-2] [R-9000-14.1-4] */
START_TEST(send_keeps_to_the_amplification_limit_exactly)
{
    uint8_t junk[1200] = {0};

    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, 10 * GN_MS);
    pair.side[CLIENT].mute = true;
    gn_test_pair_run(&pair, 5 * GN_SECOND);
    ck_assert_uint_eq(pair.side[SERVER].received_bytes, 1200);
    ck_assert_uint_le(pair.side[SERVER].bytes, 3600);
    ck_assert_uint_gt(pair.side[SERVER].bytes, 2400);
    ck_assert_uint_eq(pair.flying, 0);
    /* Bytes that do not authenticate count when they are for this connection. */
    junk[0] = 0xe0;
    junk[4] = 1;
    junk[5] = pair.side[SERVER].sent[0].scid.len;
    memcpy(junk + 6, pair.side[SERVER].sent[0].scid.bytes, junk[5]);
    for (int i = 1; i <= 3; i++) {
        gn_test_pair_give(&pair, SERVER, junk, sizeof junk, 101, 1);
        gn_test_pair_run(&pair, pair.now + 5 * GN_SECOND);
        ck_assert_uint_le(pair.side[SERVER].bytes, 3 * pair.side[SERVER].received_bytes);
    }
    ck_assert_uint_gt(pair.side[SERVER].bytes, 3600);
}
END_TEST

/* RFC 9000 8.1: a Handshake packet proves the address. */
START_TEST(send_is_free_once_the_address_is_proved)
{
    gn_test_pair_shake(&pair);
    const uint64_t stream = gn_test_pair_open(&pair, SERVER, true);
    const uint64_t before = pair.side[SERVER].bytes;
    (void)gn_test_pair_write(&pair, SERVER, stream, 0, 60000, true);
    gn_test_pair_settle(&pair);
    ck_assert_uint_gt(pair.side[SERVER].bytes - before, 60000);
    ck_assert(gn_test_pair_stream(&pair, CLIENT, stream)->fin);
}
END_TEST

/* RFC 9000 10.2.3: during the handshake the application's code and reason stay ours. */
/* [R-9000-10.2.3-2] [R-9000-10.2.3-3] */
START_TEST(send_hides_an_early_close_of_the_application)
{
    gn_frame frame;
    uint32_t at;
    const int side = _i;
    const char reason[] = "private";

    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, (side == CLIENT ? 9 : 10) * GN_MS);
    at = pair.side[side].sents;
    ck_assert_int_eq(gn_connection_close(pair.side[side].endpoint, pair.side[side].connection, 77,
                                         reason, strlen(reason), pair.now),
                     GN_OK);
    gn_test_pair_pull(&pair, side);
    ck_assert_uint_lt(at, pair.side[side].sents);
    for (; at < pair.side[side].sents; at++) {
        if (pair.side[side].sent[at].kind == GN_EVENT_ONE_RTT) {
            ck_assert(holds(&pair.side[side].sent[at], GN_FRAME_CLOSE_APP));
            continue;
        }
        uint32_t here = at;
        ck_assert(gn_test_pair_sent(&pair, side, GN_FRAME_CLOSE, &here, &frame));
        ck_assert_uint_eq(here, at);
        ck_assert_uint_eq(frame.as.close.error_code, GN_FAULT_APPLICATION);
        ck_assert_uint_eq(frame.as.close.reason.len, 0);
    }
    gn_test_pair_expect_closed(&pair, side, GN_CLOSE_LOCAL_APPLICATION, 77, reason);
}
END_TEST

/* [R-9000-10.2.3-1] */
START_TEST(send_close_reaches_the_peer_whole)
{
    const char reason[] = "that was all";

    gn_test_pair_shake(&pair);
    ck_assert_int_eq(gn_connection_close(pair.side[_i].endpoint, pair.side[_i].connection,
                                         GN_VARINT_MAX, reason, strlen(reason), pair.now),
                     GN_OK);
    gn_test_pair_pull(&pair, _i);
    gn_test_pair_settle(&pair);
    gn_test_pair_expect_closed(&pair, _i, GN_CLOSE_LOCAL_APPLICATION, GN_VARINT_MAX, reason);
    gn_test_pair_expect_closed(&pair, 1 - _i, GN_CLOSE_PEER_APPLICATION, GN_VARINT_MAX, reason);
    for (int i = 0; i < 2; i++) {
        ck_assert_uint_eq(pair.side[i].closed.forgotten, 1);
        ck_assert_uint_eq(gn_endpoint_connections(pair.side[i].endpoint), 0);
        ck_assert_uint_eq(gn_endpoint_deadline(pair.side[i].endpoint), GN_NEVER);
    }
}
END_TEST

/* RFC 9000 10.2.1: what still comes is answered, ever more rarely, with the same. */
START_TEST(send_answers_ever_more_rarely_while_closing)
{
    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, _i);
    gn_test_forge_say(&forge, "21");
    ck_assert_uint_eq(pair.side[1 - _i].closed.times, 1);
    const uint64_t before = pair.side[1 - _i].datagrams;
    for (int i = 0; i < 100; i++) {
        const uint32_t at = pair.side[1 - _i].sents;
        gn_test_forge_say(&forge, "01");
        for (uint32_t k = at; k < pair.side[1 - _i].sents; k++)
            ck_assert(holds(&pair.side[1 - _i].sent[k], GN_FRAME_CLOSE));
    }
    ck_assert_uint_eq(pair.side[1 - _i].datagrams - before, 7); /* 1, 2, 4, ... 64 */
    ck_assert_uint_eq(pair.side[1 - _i].closed.times, 1);
}
END_TEST

/* RFC 9000 10.2.2 */
/* [R-9000-10.2.2-1] [R-9000-10.2.2-2] */
START_TEST(send_is_silent_while_draining)
{
    gn_test_pair_shake(&pair);
    const uint64_t stream = gn_test_pair_open(&pair, SERVER, true);
    gn_test_forge_take(&forge, &pair, CLIENT);
    gn_test_forge_say(&forge, "1d 05 02 6f6b");
    gn_test_pair_expect_closed(&pair, SERVER, GN_CLOSE_PEER_APPLICATION, 5, "ok");
    const uint64_t before = pair.side[SERVER].datagrams;
    uint64_t taken = 0;
    for (int i = 0; i < 20; i++)
        gn_test_forge_say(&forge, "01");
    ck_assert_int_eq(gn_connection_send_stream(pair.side[SERVER].endpoint,
                                               pair.side[SERVER].connection, stream,
                                               (const uint8_t *)"x", 1, true, pair.now, &taken),
                     GN_ERR_STATE);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(pair.side[SERVER].datagrams, before);
    ck_assert_uint_eq(pair.side[SERVER].closed.forgotten, 1);
}
END_TEST

/* RFC 9000 10.2.2: who is closing and hears the peer's close goes silent, too. */
/* [R-9000-10.2.2-1] */
START_TEST(send_stops_when_both_close)
{
    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    gn_test_forge_say(&forge, "21");
    gn_test_forge_say(&forge, "1c 00 00 00");
    const uint64_t before = pair.side[SERVER].datagrams;
    for (int i = 0; i < 10; i++)
        gn_test_forge_say(&forge, "01");
    ck_assert_uint_eq(pair.side[SERVER].datagrams, before);
    gn_test_pair_expect_fault(&pair, SERVER, GN_FAULT_FRAME_ENCODING, "RFC 9000 12.4: ");
}
END_TEST

/* RFC 9000 18.2: the peer says how much it takes. */
START_TEST(send_keeps_to_the_peers_datagram_size)
{
    gn_test_pair_init(&pair);
    pair.side[SERVER].config.max_datagram_out = 1500;
    pair.side[CLIENT].config.max_udp_payload_size = _i == 0 ? 1500 : 1300;
    gn_test_pair_confirm(&pair);
    const uint64_t stream = gn_test_pair_open(&pair, SERVER, true);
    (void)gn_test_pair_write(&pair, SERVER, stream, 0, 50000, true);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(pair.side[SERVER].largest, _i == 0 ? 1500 : 1300);
    ck_assert(gn_test_pair_stream(&pair, CLIENT, stream)->fin);
}
END_TEST

/* RFC 9001 6.6: no key protects more packets than it may, even if nobody lets us update. */
/* [R-9001-6.6-4] */
START_TEST(send_ends_before_a_key_is_spent)
{
    gn_test_pair_shake(&pair);
    gn_endpoint *ep = pair.side[SERVER].endpoint;
    gn_keys *keys = &gn_endpoint_seat(ep, 0)->conn.space[GN_SPACE_APP].keys;
    const uint64_t stream = gn_test_pair_open(&pair, SERVER, true);

    gn_keys_lower_limits(keys, keys->tx.used + 8, UINT64_MAX);
    pair.side[CLIENT].mute = true;
    (void)gn_test_pair_write(&pair, SERVER, stream, 0, 50000, true);
    gn_test_pair_expect_fault(&pair, SERVER, GN_FAULT_AEAD_LIMIT, "RFC 9001 6.6: ");
    gn_test_pair_settle(&pair);
    gn_test_pair_expect_closed(&pair, CLIENT, GN_CLOSE_PEER_TRANSPORT, GN_FAULT_AEAD_LIMIT, "");
}
END_TEST

Suite *
gn_test_conn_send(void)
{
    Suite *suite = suite_create("conn/conn_send");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");

    tcase_add_loop_test(good, send_pads_what_begins_with_an_initial, 0, 10);
    tcase_add_test(good, send_never_uses_a_packet_number_twice);
    tcase_add_test(good, send_is_free_once_the_address_is_proved);
    tcase_add_loop_test(good, send_close_reaches_the_peer_whole, 0, 2);
    tcase_add_loop_test(hostile, send_hides_an_early_close_of_the_application, 0, 2);
    tcase_add_loop_test(hostile, send_answers_ever_more_rarely_while_closing, 0, 2);
    tcase_add_test(hostile, send_is_silent_while_draining);
    tcase_add_test(hostile, send_stops_when_both_close);
    tcase_add_test(limits, send_keeps_to_the_amplification_limit_exactly);
    tcase_add_loop_test(limits, send_keeps_to_the_peers_datagram_size, 0, 2);
    tcase_add_test(limits, send_ends_before_a_key_is_spent);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    suite_add_tcase(suite, limits);
    return suite;
}
