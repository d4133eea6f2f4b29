/*
 * test_conn_effects.c: what applications are told of a connection, in which order, and by whom it
 * ended.
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/forge.h"
#include "tests/support/pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

static gn_test_pair pair;
static gn_test_forge forge;

/* The next effect of a side that is no datagram; its kind is GN_EFFECT_KINDS when there is none. */
static gn_effect
next_told(int side)
{
    gn_effect effect;

    while (gn_endpoint_next_effect(pair.side[side].endpoint, &effect))
        if (effect.kind != GN_EFFECT_SEND)
            return effect;
    return (gn_effect){.kind = GN_EFFECT_KINDS};
}

START_TEST(effects_of_a_handshake_come_in_order)
{
    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, 10 * GN_MS);
    ck_assert_uint_eq(pair.side[SERVER].states, 1u << GN_STATE_ACCEPTED);
    gn_test_pair_run(&pair, 20 * GN_MS);
    ck_assert_uint_eq(pair.side[CLIENT].states, 1u << GN_STATE_READY);
    gn_test_pair_run(&pair, 30 * GN_MS);
    ck_assert_uint_eq(pair.side[SERVER].states,
                      1u << GN_STATE_ACCEPTED | 1u << GN_STATE_READY | 1u << GN_STATE_CONFIRMED);
    gn_test_pair_run(&pair, 40 * GN_MS);
    ck_assert_uint_eq(pair.side[CLIENT].states, 1u << GN_STATE_READY | 1u << GN_STATE_CONFIRMED);
}
END_TEST

/* Every way to end, as both sides hear of it. */
START_TEST(effects_tell_why_a_connection_ended)
{
    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    switch (_i) {
    case 0:
        gn_test_forge_say(&forge, "1d 4007 03 627965");
        gn_test_pair_expect_closed(&pair, SERVER, GN_CLOSE_PEER_APPLICATION, 7, "bye");
        ck_assert_uint_eq(pair.side[SERVER].closed.frame_type, 0);
        break;
    case 1:
        gn_test_forge_say(&forge, "1c 0a 08 03 627965");
        gn_test_pair_expect_closed(&pair, SERVER, GN_CLOSE_PEER_TRANSPORT, 10, "bye");
        ck_assert_uint_eq(pair.side[SERVER].closed.frame_type, 8);
        break;
    case 2:
        gn_test_forge_say(&forge, "08 03");
        gn_test_pair_expect_closed(&pair, SERVER, GN_CLOSE_LOCAL_TRANSPORT, GN_FAULT_STREAM_STATE,
                                   "RFC 9000 19.8: ");
        ck_assert_uint_eq(pair.side[SERVER].closed.frame_type, GN_FRAME_STREAM);
        break;
    default:
        gn_test_pair_run(&pair, pair.now + 40 * GN_SECOND);
        gn_test_pair_expect_closed(&pair, SERVER, GN_CLOSE_IDLE, 0, "");
        break;
    }
    gn_test_pair_run(&pair, pair.now + 40 * GN_SECOND);
    ck_assert_uint_eq(pair.side[SERVER].closed.times, 1);
    ck_assert_uint_eq(pair.side[SERVER].closed.forgotten, 1);
}
END_TEST

/* The reason is kept up to 128 bytes, whatever bytes they are. */
START_TEST(effects_close_with_a_long_reason_is_cut)
{
    uint8_t reason[300];
    gn_frame frame = {.type = GN_FRAME_CLOSE_APP};

    memset(reason, 'a', sizeof reason);
    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, SERVER);
    frame.as.close.reason = gn_span_of(reason, sizeof reason);
    gn_test_forge_frame(&forge, &frame);
    gn_test_forge_send(&forge);
    ck_assert_uint_eq(strlen(pair.side[CLIENT].closed.reason), 128);
}
END_TEST

/* What arrived before the close is still given to the application, and before it. */
START_TEST(effects_data_come_before_the_close)
{
    uint8_t bytes[GN_DATAGRAM_MAX];

    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    gn_test_forge_stream(&forge, 0, 0, 10, true);
    gn_test_forge_hex(&forge, "1d 00 00");
    const size_t len = gn_test_forge_seal(&forge, bytes);
    gn_datagram datagram = {.size = sizeof datagram, .bytes = bytes, .len = len, .route = 101};
    ck_assert_int_eq(gn_endpoint_receive(pair.side[SERVER].endpoint, &datagram, pair.now), GN_OK);
    const gn_effect first = next_told(SERVER);
    ck_assert_uint_eq(first.kind, GN_EFFECT_STREAM_DATA);
    ck_assert_uint_eq(first.len, 10);
    ck_assert_uint_eq(first.flags, GN_EFFECT_FIN);
    ck_assert_uint_eq(next_told(SERVER).kind, GN_EFFECT_CLOSED);
    ck_assert_uint_eq(next_told(SERVER).kind, GN_EFFECT_KINDS);
}
END_TEST

START_TEST(effects_tell_of_streams_allowed)
{
    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    gn_test_forge_say(&forge, "12 14 13 18");
    ck_assert_uint_eq(pair.side[SERVER].allowed[0], 20);
    ck_assert_uint_eq(pair.side[SERVER].allowed[1], 24);
    gn_test_forge_say(&forge, "12 13"); /* less than before says nothing */
    ck_assert_uint_eq(pair.side[SERVER].allowed[0], 20);
}
END_TEST

/* Who never pulls loses no event that matters, and nothing traps. */
START_TEST(effects_not_pulled_for_long_keep_what_is_precious)
{
    uint8_t bytes[GN_DATAGRAM_MAX];
    bool closed = false;

    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    gn_datagram datagram = {.size = sizeof datagram, .bytes = bytes};
    for (uint8_t i = 0; i < 100; i++) {
        gn_frame credit = {.type = GN_FRAME_MAX_STREAMS_UNI, .as.credit.limit = 20u + i};
        gn_test_forge_frame(&forge, &credit);
        datagram.len = gn_test_forge_seal(&forge, bytes);
        datagram.route = 300u + i % 9;
        datagram.host[15] = i;
        ck_assert_int_eq(gn_endpoint_receive(pair.side[SERVER].endpoint, &datagram, pair.now),
                         GN_OK);
        gn_endpoint_check(pair.side[SERVER].endpoint);
    }
    gn_test_forge_hex(&forge, "1d 00 00");
    datagram.len = gn_test_forge_seal(&forge, bytes);
    ck_assert_int_eq(gn_endpoint_receive(pair.side[SERVER].endpoint, &datagram, pair.now), GN_OK);
    for (gn_effect e = next_told(SERVER); e.kind != GN_EFFECT_KINDS; e = next_told(SERVER))
        closed |= e.kind == GN_EFFECT_CLOSED;
    ck_assert(closed);
}
END_TEST

Suite *
gn_test_conn_effects(void)
{
    Suite *suite = suite_create("conn/conn_effects");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_test(good, effects_of_a_handshake_come_in_order);
    tcase_add_loop_test(good, effects_tell_why_a_connection_ended, 0, 4);
    tcase_add_test(good, effects_data_come_before_the_close);
    tcase_add_test(good, effects_tell_of_streams_allowed);
    tcase_add_test(limits, effects_close_with_a_long_reason_is_cut);
    tcase_add_test(limits, effects_not_pulled_for_long_keep_what_is_precious);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    return suite;
}
