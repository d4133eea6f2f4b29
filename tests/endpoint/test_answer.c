/*
 * test_answer.c: what an endpoint says to datagrams of no connection (RFC 9000 6.1, 10.3).
 */
#include <check.h>
#include <string.h>

#include "conn/reset_token.h"
#include "endpoint/answer.h"
#include "suites.h"
#include "tests/support/pair.h"
#include "wire/vneg.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

static gn_test_pair pair;
static uint8_t bytes[GN_DATAGRAM_MAX];

/* Gives a side bytes from a stranger; what it answers, len 0 when nothing. */
static gn_test_datagram
answer_to(int side, size_t len)
{
    static gn_test_datagram none;

    pair.flying = 0;
    gn_test_pair_give(&pair, side, bytes, len, side == SERVER ? 101 : 1, 1);
    ck_assert_uint_le(pair.flying, 1);
    return pair.flying == 1 ? pair.flight[0] : none;
}

/* A packet of a version nobody knows, with IDs of these lengths. */
static void
unknown_version(size_t dcid_len, size_t scid_len)
{
    memset(bytes, 0x11, sizeof bytes);
    bytes[0] = 0xc0;
    memcpy(bytes + 1, "\x1a\x2a\x3a\x4b", 4);
    bytes[5] = (uint8_t)dcid_len;
    memset(bytes + 6, 0xd1, dcid_len);
    bytes[6 + dcid_len] = (uint8_t)scid_len;
    memset(bytes + 7 + dcid_len, 0x5c, scid_len);
}

/* [R-9000-6.1-1] [R-9000-17.2.1-2] [R-9000-17.2.1-3] [R-9000-17.2.1-4] [R-9000-17.2.1-5]
 * [R-9000-17.2.1-6] */
START_TEST(answer_to_an_unknown_version_names_ours)
{
    static const size_t lens[][2] = {{8, 8}, {0, 0}, {20, 0}, {255, 255}, {9, 200}};
    gn_header header;
    gn_vneg list;

    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    unknown_version(lens[_i][0], lens[_i][1]);
    const gn_test_datagram answer = answer_to(SERVER, 1200);
    ck_assert_uint_lt(answer.len, 1200);
    ck_assert_int_eq(gn_header_read(answer.bytes, answer.len, 8, &header), GN_OK);
    ck_assert_int_eq(header.kind, GN_PACKET_VNEG);
    ck_assert_uint_eq(header.version, 0);
    ck_assert_uint_eq(header.dcid_bytes.len, lens[_i][1]);
    ck_assert_uint_eq(header.scid_bytes.len, lens[_i][0]);
    ck_assert(lens[_i][1] == 0 || header.dcid_bytes.ptr[0] == 0x5c);
    ck_assert(lens[_i][0] == 0 || header.scid_bytes.ptr[0] == 0xd1);
    ck_assert_int_eq(gn_vneg_read(header.rest, &list), GN_OK);
    ck_assert(gn_vneg_has(&list, 1));
    bool reserved = false;
    for (size_t i = 0; i < gn_vneg_count(&list); i++)
        reserved |= (gn_vneg_at(&list, i) & 0x0f0f0f0f) == 0x0a0a0a0a;
    ck_assert(reserved);
    ck_assert_uint_eq(gn_endpoint_connections(pair.side[SERVER].endpoint), 0);
    gn_test_pair_end(&pair);
}
END_TEST

START_TEST(answer_to_small_datagrams_and_to_servers_is_none)
{
    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    unknown_version(8, 8);
    ck_assert_uint_eq(answer_to(SERVER, 1199).len, 0);
    ck_assert_uint_eq(answer_to(CLIENT, 1200).len, 0);
    memset(bytes + 1, 0, 4); /* a Version Negotiation packet */
    ck_assert_uint_eq(answer_to(SERVER, 1200).len, 0);
    gn_test_pair_end(&pair);
}
END_TEST

static void
short_packet(size_t len)
{
    for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)(37 * i + 5);
    bytes[0] = 0x45;
}

/* [R-9000-10.3-2] [R-9000-10.3-4] [R-9000-10.3.3-1] */
START_TEST(answer_to_a_packet_of_nobody_is_a_reset)
{
    static const size_t lens[] = {22, 23, 40, 43, 44, 45, 100, 1200};
    const size_t len = lens[_i];
    const int side = len % 2 == 0 ? SERVER : CLIENT;
    uint8_t token[GN_RESET_TOKEN_BYTES];

    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    short_packet(len);
    const gn_test_datagram answer = answer_to(side, len);
    ck_assert_uint_lt(answer.len, len);
    ck_assert_uint_ge(answer.len, 21);
    ck_assert_uint_le(answer.len, 43);
    ck_assert_uint_eq(answer.bytes[0] & 0xc0, 0x40);
    const gn_cid id = gn_cid_from(bytes + 1, pair.side[side].config.cid_len);
    gn_reset_token_of(&pair.side[side].endpoint->reset_key, &id, token);
    ck_assert_mem_eq(answer.bytes + answer.len - sizeof token, token, sizeof token);
    gn_test_pair_end(&pair);
}
END_TEST

/* An ID so short that others will have it too: its token is told to nobody. [R-9000-10.3.2-4] */
START_TEST(answer_to_a_packet_with_a_short_id_is_none)
{
    gn_test_pair_init(&pair);
    pair.side[SERVER].config.cid_len = (uint8_t)_i;
    gn_test_pair_start(&pair);
    short_packet(100);
    ck_assert_int_eq(answer_to(SERVER, 100).len > 0, _i >= GN_RESET_TOKEN_CID_MIN);
    gn_test_pair_end(&pair);
}
END_TEST

/* What a forgotten connection leaves behind ends at the other side, and goes no further. */
START_TEST(answer_reset_ends_what_only_the_peer_remembers)
{
    gn_test_pair_shake(&pair);
    /* The server starts anew, with the same seed. */
    gn_endpoint_wipe(pair.side[SERVER].endpoint);
    ck_assert_int_eq(gn_endpoint_init(pair.side[SERVER].block, pair.side[SERVER].block_bytes,
                                      &pair.side[SERVER].config, &pair.side[SERVER].endpoint),
                     GN_OK);
    const uint64_t stream = gn_test_pair_open(&pair, CLIENT, false);
    (void)gn_test_pair_write(&pair, CLIENT, stream, 0, 500, true);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(pair.side[CLIENT].closed.detail, GN_CLOSE_STATELESS_RESET);
    ck_assert_uint_eq(pair.flying, 0);
    gn_test_pair_end(&pair);
}
END_TEST

START_TEST(answer_of_resets_can_be_switched_off)
{
    gn_test_pair_init(&pair);
    pair.side[SERVER].config.stateless_reset = 0;
    gn_test_pair_start(&pair);
    short_packet(100);
    ck_assert_uint_eq(answer_to(SERVER, 100).len, 0);
    ck_assert_uint_eq(pair.side[SERVER].dropped[GN_DROP_UNKNOWN], 1);
    gn_test_pair_end(&pair);
}
END_TEST

START_TEST(answer_to_what_is_as_small_as_a_reset_is_none)
{
    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    short_packet(21);
    ck_assert_uint_eq(answer_to(SERVER, 21).len, 0);
    gn_test_pair_end(&pair);
}
END_TEST

START_TEST(answer_of_resets_has_a_rate)
{
    unsigned answers = 0;

    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    short_packet(100);
    for (int i = 0; i < 100; i++)
        answers += answer_to(SERVER, 100).len > 0;
    ck_assert_uint_eq(answers, GN_ANSWER_RESETS_MAX);
    pair.flying = 0;
    gn_test_pair_run(&pair, pair.now + 5 * GN_ANSWER_RESET_PAUSE_US);
    for (int i = 0; i < 100; i++)
        answers += answer_to(SERVER, 100).len > 0;
    ck_assert_uint_eq(answers, GN_ANSWER_RESETS_MAX + 5);
    gn_test_pair_end(&pair);
}
END_TEST

START_TEST(answers_nobody_pulls_are_bounded)
{
    gn_datagram datagram = {.size = sizeof datagram, .bytes = bytes, .len = 1200, .route = 101};
    gn_effect effect = {.size = sizeof effect};
    unsigned answers = 0;

    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    unknown_version(8, 8);
    gn_endpoint *server = pair.side[SERVER].endpoint;
    for (int i = 0; i < 50; i++)
        ck_assert_int_eq(gn_endpoint_receive(server, &datagram, pair.now), GN_OK);
    ck_assert_uint_eq(gn_endpoint_deadline(server), pair.now);
    while (gn_endpoint_next_effect(server, &effect)) {
        ck_assert_uint_eq(effect.kind, GN_EFFECT_SEND);
        ck_assert_uint_eq(effect.connection, 0);
        answers++;
    }
    ck_assert_uint_eq(answers, GN_OUTBOX_MAX);
    gn_test_pair_end(&pair);
}
END_TEST

Suite *
gn_test_answer(void)
{
    Suite *suite = suite_create("endpoint/answer");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_loop_test(good, answer_to_an_unknown_version_names_ours, 0, 5);
    tcase_add_test(good, answer_to_small_datagrams_and_to_servers_is_none);
    tcase_add_loop_test(good, answer_to_a_packet_of_nobody_is_a_reset, 0, 8);
    tcase_add_loop_test(good, answer_to_a_packet_with_a_short_id_is_none, 0, 21);
    tcase_add_test(good, answer_reset_ends_what_only_the_peer_remembers);
    tcase_add_test(good, answer_of_resets_can_be_switched_off);
    tcase_add_test(limits, answer_to_what_is_as_small_as_a_reset_is_none);
    tcase_add_test(limits, answer_of_resets_has_a_rate);
    tcase_add_test(limits, answers_nobody_pulls_are_bounded);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    return suite;
}
