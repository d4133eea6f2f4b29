/*
 * test_key_update.c: key updates and the limits of keys, in whole connections (RFC 9001 6).
 */
#include <check.h>
#include <string.h>

#include "base/fault.h"
#include "endpoint/endpoint.h"
#include "suites.h"
#include "tests/support/forge.h"
#include "tests/support/pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER, BOTH = 2 };

static gn_test_pair pair;
static gn_test_forge forge;

static gn_keys *
keys_of(int side)
{
    gn_endpoint *ep = pair.side[side].endpoint;

    return &gn_endpoint_seat(ep, 0)->conn.space[GN_SPACE_APP].keys;
}

static gn_err
ask_update(int side)
{
    const gn_err err =
        gn_connection_key_update(pair.side[side].endpoint, pair.side[side].connection, pair.now);

    gn_test_pair_pull(&pair, side);
    return err;
}

/* Something acknowledged each way, so that both may update; then the time that must pass. */
static void
talk(void)
{
    for (int side = 0; side < BOTH; side++)
        (void)gn_test_pair_write(&pair, side, gn_test_pair_open(&pair, side, true), 0, 10, true);
    gn_test_pair_settle(&pair);
    pair.now += GN_SECOND;
}

static uint64_t
probe_timeout(int side)
{
    const gn_info info = gn_test_pair_info(&pair, side);
    const uint64_t var = 4 * info.rtt_var_us > GN_MS ? 4 * info.rtt_var_us : GN_MS;

    return info.rtt_smoothed_us + var + 25 * GN_MS;
}

/* Packets of a side in 1-RTT with this Key Phase bit, from place at on. */
static uint32_t
sent_in_phase(int side, uint32_t at, uint8_t phase)
{
    const gn_test_side *s = &pair.side[side];
    uint32_t count = 0;

    for (; at < s->sents; at++)
        count += s->sent[at].kind == GN_EVENT_ONE_RTT && s->sent[at].key_phase == phase;
    return count;
}

/* [R-9001-6.1-3] [R-9001-6.2-1] [R-9001-6.4-1] */
START_TEST(key_update_on_request_moves_both_sides)
{
    gn_test_pair_shake(&pair);
    talk();
    const uint32_t from[BOTH] = {pair.side[CLIENT].sents, pair.side[SERVER].sents};
    ck_assert_int_eq(ask_update(_i), GN_OK);
    talk();
    talk();
    for (int side = 0; side < BOTH; side++) {
        ck_assert_uint_eq(pair.side[side].generation, 1);
        ck_assert_uint_gt(sent_in_phase(side, from[side], 1), 0);
        ck_assert_uint_eq(keys_of(side)->tx_phase, 1);
        ck_assert_uint_eq(keys_of(side)->rx_phase, 1);
    }
}
END_TEST

/* Nobody waits for anybody: again and again, in turns, all the time that data flow. */
START_TEST(key_update_again_and_again)
{
    enum { TIMES = 12 };

    gn_test_pair_shake(&pair);
    for (uint32_t i = 1; i <= TIMES; i++) {
        talk();
        ck_assert_int_eq(ask_update((int)(i % 2)), GN_OK);
        talk();
        ck_assert_uint_eq(pair.side[CLIENT].generation, i);
        ck_assert_uint_eq(pair.side[SERVER].generation, i);
    }
    for (int side = 0; side < BOTH; side++) /* two keys, the masks, and the next one to read */
        ck_assert_uint_eq(pair.side[side].endpoint->keys.used, 4);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* RFC 9001 6: both begin in the same moment, and neither takes it for a second update. */
START_TEST(key_update_by_both_at_once_is_one_update)
{
    gn_test_pair_shake(&pair);
    talk();
    ck_assert_int_eq(ask_update(CLIENT), GN_OK);
    ck_assert_int_eq(ask_update(SERVER), GN_OK);
    talk();
    for (int side = 0; side < BOTH; side++) {
        ck_assert_uint_eq(pair.side[side].generation, 1);
        ck_assert_uint_eq(keys_of(side)->tx_phase, 1);
    }
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* [R-9001-6.1-1] */
START_TEST(key_update_before_confirmation_is_refused)
{
    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    ck_assert_int_eq(ask_update(CLIENT), GN_ERR_STATE);
    while ((pair.side[CLIENT].states & 1U << GN_STATE_READY) == 0)
        ck_assert(gn_test_pair_step(&pair, GN_SECOND));
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).confirmed, 0);
    ck_assert_int_eq(ask_update(CLIENT), GN_ERR_STATE);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).confirmed, 1);
    talk();
    ck_assert_int_eq(ask_update(CLIENT), GN_OK);
}
END_TEST

/* [R-9001-6.1-2] */
START_TEST(key_update_waits_for_an_acknowledgement_and_three_pto)
{
    gn_test_pair_shake(&pair);
    talk();
    ck_assert_int_eq(ask_update(_i), GN_OK);
    pair.side[1 - _i].mute = true; /* nothing of the new phase is acknowledged */
    (void)gn_test_pair_write(&pair, _i, gn_test_pair_open(&pair, _i, true), 0, 10, true);
    gn_test_pair_run(&pair, pair.now + 10 * GN_SECOND);
    ck_assert_int_eq(ask_update(_i), GN_ERR_STATE);
    pair.side[1 - _i].mute = false;
    while (keys_of(_i)->tx_acked == 0)
        ck_assert(gn_test_pair_step(&pair, pair.now + 10 * GN_SECOND));
    const gn_time acked = pair.now;
    ck_assert_int_eq(ask_update(_i), GN_ERR_STATE);
    ck_assert_uint_ge(keys_of(_i)->update_after, acked + 3 * probe_timeout(_i));
    gn_test_pair_run(&pair, keys_of(_i)->update_after - 1);
    ck_assert_int_eq(ask_update(_i), GN_ERR_STATE);
    gn_test_pair_run(&pair, keys_of(_i)->update_after);
    ck_assert_int_eq(ask_update(_i), GN_OK);
}
END_TEST

/* [R-9001-6.6-1] [R-9001-6.6-3] */
START_TEST(key_update_comes_by_itself_where_it_is_told)
{
    enum { EVERY = 24, LIMIT = 32 };

    gn_test_pair_init(&pair);
    if (_i == 0)
        pair.side[SERVER].config.key_update_packets = EVERY;
    else
        pair.side[SERVER].config.confidentiality_limit = LIMIT;
    gn_test_pair_confirm(&pair);
    const uint32_t from = pair.side[SERVER].sents;
    uint32_t run = 0;
    uint32_t longest = 0;
    for (int i = 0; i < 12; i++) {
        (void)gn_test_pair_write(&pair, SERVER, gn_test_pair_open(&pair, SERVER, true), 0, 12000,
                                 true);
        gn_test_pair_settle(&pair);
        ck_assert_str_eq(pair.side[SERVER].closed.reason, "");
        pair.now += GN_SECOND / 2;
    }
    for (uint32_t at = from + 1; at < pair.side[SERVER].sents; at++) {
        run = pair.side[SERVER].sent[at].key_phase == pair.side[SERVER].sent[at - 1].key_phase
                  ? run + 1
                  : 1;
        longest = run > longest ? run : longest;
    }
    ck_assert_uint_ge(pair.side[SERVER].generation, 4);
    ck_assert_uint_eq(pair.side[CLIENT].generation, pair.side[SERVER].generation);
    ck_assert_uint_le(longest, _i == 0 ? UINT32_MAX : LIMIT);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* What came in time is read for three probe timeouts, and the old key is gone after them. */
/* [R-9001-6.1-3] */
START_TEST(key_update_keeps_the_old_key_for_three_pto)
{
    uint8_t late[2][GN_DATAGRAM_MAX];
    size_t len[2];

    gn_test_pair_shake(&pair);
    talk();
    gn_test_forge_take(&forge, &pair, _i);
    for (int i = 0; i < 2; i++) {
        gn_test_forge_stream(&forge, (uint64_t)_i + 4, (uint64_t)i * 5, 5, false);
        len[i] = gn_test_forge_seal(&forge, late[i]);
    }
    forge.phase = 1;
    gn_test_forge_say(&forge, "01");
    const int target = 1 - _i;
    ck_assert_uint_eq(pair.side[target].generation, 1);
    ck_assert_uint_eq(pair.side[target].endpoint->keys.used, 4);
    const gn_time until = keys_of(target)->previous_until;
    ck_assert_uint_eq(until, pair.now + 3 * probe_timeout(target));
    gn_test_pair_run(&pair, until - 1);
    ck_assert_uint_eq(pair.side[target].endpoint->keys.used, 5);
    gn_test_pair_give(&pair, target, late[0], len[0], forge.route, forge.host);
    ck_assert_uint_eq(gn_test_pair_stream(&pair, target, (uint64_t)_i + 4)->bytes, 5);
    gn_test_pair_run(&pair, until);
    ck_assert_uint_eq(pair.side[target].endpoint->keys.used, 4);
    gn_test_pair_give(&pair, target, late[1], len[1], forge.route, forge.host);
    ck_assert_uint_eq(gn_test_pair_stream(&pair, target, (uint64_t)_i + 4)->bytes, 5);
    ck_assert_uint_eq(pair.side[target].dropped[GN_DROP_AUTH], 1);
    ck_assert_uint_eq(pair.side[target].closed.times, 0);
}
END_TEST

/* [R-9001-6.4-2] */
START_TEST(key_update_undone_is_a_fault)
{
    gn_test_pair_shake(&pair);
    talk();
    gn_test_forge_take(&forge, &pair, _i);
    forge.phase = 1;
    gn_test_forge_say(&forge, "01");
    forge.phase = 0;
    gn_test_forge_say(&forge, "01");
    gn_test_pair_expect_fault(&pair, 1 - _i, GN_FAULT_KEY_UPDATE, "RFC 9001 6.4: older keys");
}
END_TEST

/* [R-9001-6.2-3] */
START_TEST(key_update_twice_without_an_answer_is_a_fault)
{
    const int target = 1 - _i;

    gn_test_pair_shake(&pair);
    talk();
    gn_test_forge_take(&forge, &pair, _i);
    forge.phase = 1;
    gn_test_forge_say(&forge, "01"); /* not acknowledged yet: a single packet waits */
    ck_assert_uint_eq(sent_in_phase(target, 0, 1), 0);
    forge.phase = 2;
    gn_test_forge_say(&forge, "01");
    gn_test_pair_expect_fault(&pair, target, GN_FAULT_KEY_UPDATE, "RFC 9001 6.2: keys updated twi");
}
END_TEST

/* Our update, and a peer that has read it, for it acknowledges, but still writes the old phase. */
START_TEST(key_update_acknowledged_under_old_keys_is_a_fault)
{
    const int target = 1 - _i;

    gn_test_pair_shake(&pair);
    talk();
    gn_test_forge_take(&forge, &pair, _i);
    ck_assert_int_eq(ask_update(target), GN_OK);
    (void)gn_test_pair_write(&pair, target, gn_test_pair_open(&pair, target, true), 0, 10, true);
    ck_assert_uint_eq(sent_in_phase(target, 0, 1), 1);
    gn_test_forge_say(&forge, "01"); /* the old phase as such is no mistake */
    ck_assert_uint_eq(pair.side[target].closed.times, 0);
    gn_test_forge_ack(&forge);
    gn_test_pair_expect_fault(&pair, target, GN_FAULT_KEY_UPDATE, "RFC 9001 6.2: new keys ackn");
}
END_TEST

/* [R-9001-5.5-2] [R-9001-6.3-2] */
START_TEST(key_update_that_is_forged_changes_nothing)
{
    uint8_t bytes[GN_DATAGRAM_MAX];
    const int target = 1 - _i;

    gn_test_pair_shake(&pair);
    talk();
    gn_test_forge_take(&forge, &pair, _i);
    gn_test_forge_hex(&forge, "01");
    const size_t len = gn_test_forge_seal(&forge, bytes);
    const uint64_t digest = gn_test_pair_digest(&pair, target);
    const uint32_t slots = pair.side[target].endpoint->keys.used;
    bytes[0] ^= 0x04;
    for (int i = 0; i < 5; i++)
        gn_test_pair_give(&pair, target, bytes, len, forge.route, forge.host);
    ck_assert_uint_eq(gn_test_pair_digest(&pair, target), digest);
    ck_assert_uint_eq(pair.side[target].endpoint->keys.used, slots); /* nothing had to be made */
    ck_assert_uint_eq(pair.side[target].generation, 0);
    bytes[0] ^= 0x04;
    gn_test_pair_give(&pair, target, bytes, len, forge.route, forge.host);
    ck_assert_uint_eq(pair.side[target].dropped[GN_DROP_AUTH], 5);
    ck_assert_uint_eq(pair.side[target].closed.times, 0);
}
END_TEST

/* [R-9001-6.6-2] [R-9001-6.6-4] */
START_TEST(key_limit_without_an_update_ends_the_connection)
{
    gn_test_pair_init(&pair);
    pair.side[_i].config.confidentiality_limit = 16;
    pair.side[_i].config.max_idle_timeout_us = 0;
    pair.side[1 - _i].config.max_idle_timeout_us = 0;
    gn_test_pair_confirm(&pair);
    talk();
    const uint32_t from = pair.side[_i].sents;
    pair.side[1 - _i].mute = true;
    (void)gn_test_pair_write(&pair, _i, gn_test_pair_open(&pair, _i, true), 0, 50000, true);
    gn_test_pair_run(&pair, pair.now + 250 * GN_SECOND);
    gn_test_pair_expect_fault(&pair, _i, GN_FAULT_AEAD_LIMIT, "RFC 9001 6.6: the confidentiality");
    gn_test_pair_expect_closed(&pair, 1 - _i, GN_CLOSE_PEER_TRANSPORT, GN_FAULT_AEAD_LIMIT, "");
    ck_assert_uint_le(sent_in_phase(_i, from, 0), 16);
    ck_assert_uint_le(sent_in_phase(_i, from, 1), 16);
}
END_TEST

/* What we have sealed is judged where we seal: no stranger's packet ends the connection for it. */
START_TEST(key_limit_near_is_not_blamed_on_a_packet_that_fails)
{
    static const uint8_t nothing[40] = {0};
    uint8_t bytes[GN_DATAGRAM_MAX];
    const int target = 1 - _i;

    gn_test_pair_shake(&pair);
    talk();
    gn_test_forge_take(&forge, &pair, _i);
    gn_keys *keys = keys_of(target);
    gn_keys_lower_limits(keys, 1000, UINT64_MAX);
    keys->tx.used = 1000 - 1000 / 16;
    gn_test_forge_bytes(&forge, nothing, sizeof nothing);
    const size_t len = gn_test_forge_seal(&forge, bytes);
    bytes[len - 1] ^= 1;
    gn_test_pair_give(&pair, target, bytes, len, forge.route, forge.host);
    ck_assert_uint_eq(pair.side[target].dropped[GN_DROP_AUTH], 1);
    ck_assert_uint_eq(pair.side[target].closed.times, 0);
}
END_TEST

/* Failures count wherever they were: so many of Initial and Handshake packets as well. */
/* [R-9001-6.6-5] [R-9001-6.6-6] */
START_TEST(key_limit_of_failures_counts_every_space)
{
    enum { LIMIT = 6 };
    uint8_t bytes[GN_DATAGRAM_MAX];

    gn_test_pair_init(&pair);
    pair.side[SERVER].config.integrity_limit = LIMIT;
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, 10 * GN_MS);
    gn_test_forge_take(&forge, &pair, CLIENT);
    forge.dcid = pair.side[SERVER].sent[0].scid;
    for (int i = 0; i < LIMIT; i++) {
        ck_assert_uint_eq(pair.side[SERVER].closed.times, 0);
        forge.kind = i % 2 == 0 ? GN_PACKET_INITIAL : GN_PACKET_HANDSHAKE;
        forge.pad_to = 1200;
        gn_test_forge_hex(&forge, "01");
        const size_t len = gn_test_forge_seal(&forge, bytes);
        bytes[len - 1] ^= 1;
        gn_test_pair_give(&pair, SERVER, bytes, len, forge.route, forge.host);
    }
    gn_test_pair_expect_fault(&pair, SERVER, GN_FAULT_AEAD_LIMIT, "RFC 9001 6.6: integrity");
}
END_TEST

/* Whoever has confirmed holds four keys: two directions, the masks, and the next to read. */
/* [R-9001-4.9.1-1] [R-9001-4.9.1-2] [R-9001-4.9.2-1] */
START_TEST(keys_of_the_handshake_go_in_their_moment)
{
    uint32_t gone[BOTH] = {0};

    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    while (gn_test_pair_step(&pair, GN_SECOND)) {
        for (int side = 0; side < BOTH; side++) {
            const gn_test_side *s = &pair.side[side];
            bool initial = s->discarded & 1U << GN_EVENT_INITIAL;
            bool sent = false;
            for (uint32_t i = 0; i < s->sents; i++)
                sent |= s->sent[i].kind == GN_EVENT_HANDSHAKE;
            if (side == CLIENT)
                ck_assert_int_eq(initial, sent);
            const bool handshake = s->discarded & 1U << GN_EVENT_HANDSHAKE;
            const bool confirmed = s->states & 1U << GN_STATE_CONFIRMED;
            ck_assert_int_eq(handshake, confirmed);
            gone[side] += initial + handshake;
        }
    }
    for (int side = 0; side < BOTH; side++) {
        ck_assert_uint_gt(gone[side], 0);
        ck_assert_uint_eq(pair.side[side].endpoint->keys.used, 4);
    }
}
END_TEST

Suite *
gn_test_key_update(void)
{
    Suite *suite = suite_create("conn/key_update");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");

    tcase_add_loop_test(good, key_update_on_request_moves_both_sides, 0, BOTH);
    tcase_add_test(good, key_update_again_and_again);
    tcase_add_test(good, key_update_by_both_at_once_is_one_update);
    tcase_add_test(good, key_update_before_confirmation_is_refused);
    tcase_add_loop_test(good, key_update_waits_for_an_acknowledgement_and_three_pto, 0, BOTH);
    tcase_add_loop_test(good, key_update_comes_by_itself_where_it_is_told, 0, 2);
    tcase_add_loop_test(good, key_update_keeps_the_old_key_for_three_pto, 0, BOTH);
    tcase_add_test(good, keys_of_the_handshake_go_in_their_moment);
    tcase_add_loop_test(hostile, key_update_undone_is_a_fault, 0, BOTH);
    tcase_add_loop_test(hostile, key_update_twice_without_an_answer_is_a_fault, 0, BOTH);
    tcase_add_loop_test(hostile, key_update_acknowledged_under_old_keys_is_a_fault, 0, BOTH);
    tcase_add_loop_test(hostile, key_update_that_is_forged_changes_nothing, 0, BOTH);
    tcase_add_loop_test(limits, key_limit_without_an_update_ends_the_connection, 0, BOTH);
    tcase_add_loop_test(limits, key_limit_near_is_not_blamed_on_a_packet_that_fails, 0, BOTH);
    tcase_add_test(limits, key_limit_of_failures_counts_every_space);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    suite_add_tcase(suite, limits);
    return suite;
}
