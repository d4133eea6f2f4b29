/*
 * test_conn_recv.c: packets that arrive: what is dropped without a trace, what closes, what counts.
 */
#include <check.h>
#include <string.h>

#include "crypto/protect.h"
#include "endpoint/endpoint.h"
#include "suites.h"
#include "tests/support/forge.h"
#include "tests/support/pair.h"
#include "tests/support/random.h"
#include "wire/header_read.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER, BOTH = 2 };

static gn_test_pair pair;
static gn_test_forge forge;

/* The state of the target is what it was, and it has nothing to say. */
static void
expect_untouched(int target, uint64_t digest, uint64_t datagrams)
{
    ck_assert_uint_eq(gn_test_pair_digest(&pair, target), digest);
    ck_assert_uint_eq(pair.side[target].datagrams, datagrams);
    ck_assert_uint_eq(pair.side[target].closed.times, 0);
}

/* [R-9000-5.2-1] [R-9000-10.3-3] [R-9000-13.1-1] [R-9001-5.4.2-1] [R-9001-5.5-1] */
START_TEST(recv_damaged_packet_changes_nothing)
{
    const int target = 1 - _i;
    uint8_t bytes[GN_DATAGRAM_MAX];

    gn_test_pair_init(&pair);
    pair.side[target].config.stateless_reset = 0; /* else it answers where the ID was damaged */
    gn_test_pair_confirm(&pair);
    gn_test_forge_take(&forge, &pair, _i);
    gn_test_forge_stream(&forge, (uint64_t)_i, 0, 20, false);
    const size_t len = gn_test_forge_seal(&forge, bytes);
    const uint64_t digest = gn_test_pair_digest(&pair, target);
    const uint64_t datagrams = pair.side[target].datagrams;
    for (size_t at = 0; at < len; at++) {
        bytes[at] ^= 0x20;
        gn_test_pair_give(&pair, target, bytes, len, forge.route, forge.host);
        bytes[at] ^= 0x20;
        expect_untouched(target, digest, datagrams);
    }
    for (size_t cut = 0; cut < len; cut++)
        gn_test_pair_give(&pair, target, bytes, cut, forge.route, forge.host);
    expect_untouched(target, digest, datagrams);
    gn_test_pair_give(&pair, target, bytes, len, forge.route, forge.host);
    ck_assert_uint_eq(gn_test_pair_stream(&pair, target, (uint64_t)_i)->bytes, 20);
}
END_TEST

START_TEST(recv_garbage_for_a_known_id_changes_nothing)
{
    uint64_t state = 77;
    uint8_t bytes[200];

    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, _i);
    const uint64_t digest = gn_test_pair_digest(&pair, 1 - _i);
    const uint64_t datagrams = pair.side[1 - _i].datagrams;
    for (int i = 0; i < 500; i++) {
        const size_t len = gn_test_random(&state) % sizeof bytes;
        gn_test_random_fill(&state, bytes, len);
        if (len > 9) {
            bytes[0] = (uint8_t)(bytes[0] & 0x3f) | 0x40;
            memcpy(bytes + 1, forge.dcid.bytes, forge.dcid.len);
        }
        gn_test_pair_give(&pair, 1 - _i, bytes, len, forge.route, forge.host);
    }
    expect_untouched(1 - _i, digest, datagrams);
}
END_TEST

/* [R-9000-12.3-4] [R-9000-12.3-5] */
START_TEST(recv_copy_of_a_packet_is_dropped)
{
    uint8_t bytes[GN_DATAGRAM_MAX];

    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    gn_test_forge_stream(&forge, 0, 0, 20, true);
    const size_t len = gn_test_forge_seal(&forge, bytes);
    gn_test_pair_give(&pair, SERVER, bytes, len, forge.route, forge.host);
    ck_assert(gn_test_pair_stream(&pair, SERVER, 0)->fin);
    for (int i = 0; i < _i; i++)
        gn_test_forge_say(&forge, "01");
    const uint64_t digest = gn_test_pair_digest(&pair, SERVER);
    const uint64_t datagrams = pair.side[SERVER].datagrams;
    gn_test_pair_give(&pair, SERVER, bytes, len, forge.route, forge.host);
    expect_untouched(SERVER, digest, datagrams);
    ck_assert_uint_ge(pair.side[SERVER].dropped[GN_DROP_DUPLICATE], 1);
}
END_TEST

/* RFC 9000 17.2, 17.3.1: authentic, so it closes. */
/* [R-9000-17.3.1-3] */
START_TEST(recv_reserved_bits_are_a_fault)
{
    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, _i);
    forge.reserved_bits = 0x08;
    gn_test_forge_say(&forge, "01");
    gn_test_pair_expect_fault(&pair, 1 - _i, GN_FAULT_PROTOCOL_VIOLATION,
                              "RFC 9000 17.3.1: reserved bits are set");
}
END_TEST

/* [R-9000-17.2-5] */
START_TEST(recv_reserved_bits_of_a_handshake_packet_are_a_fault)
{
    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, 10 * GN_MS);
    gn_test_forge_take(&forge, &pair, CLIENT);
    pair.side[SERVER].mute = true;
    forge.dcid = pair.side[SERVER].sent[0].scid;
    forge.kind = GN_PACKET_HANDSHAKE;
    forge.reserved_bits = 0x04;
    gn_test_forge_say(&forge, "01 00");
    gn_test_pair_expect_fault(&pair, SERVER, GN_FAULT_PROTOCOL_VIOLATION,
                              "RFC 9000 17.2: reserved bits are set");
}
END_TEST

/* [R-9000-12.4-2] */
START_TEST(recv_packet_without_frames_is_a_fault)
{
    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, _i);
    gn_test_forge_send(&forge);
    gn_test_pair_expect_fault(&pair, 1 - _i, GN_FAULT_PROTOCOL_VIOLATION,
                              "RFC 9000 12.4: a packet without a frame");
}
END_TEST

/* [R-9000-13.2.3-2] */
START_TEST(recv_jump_of_the_packet_number_is_understood)
{
    gn_frame frame;

    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, _i);
    forge.pn[GN_SPACE_APP] += 1u << 20;
    uint32_t at = pair.side[1 - _i].sents;
    gn_test_forge_say(&forge, "01");
    gn_test_pair_run(&pair, pair.now + 30 * GN_MS);
    const bool acked = gn_test_pair_sent(&pair, 1 - _i, GN_FRAME_ACK, &at, &frame) ||
                       gn_test_pair_sent(&pair, 1 - _i, GN_FRAME_ACK_ECN, &at, &frame);
    ck_assert(acked);
    ck_assert_uint_eq(frame.as.ack.largest, forge.pn[GN_SPACE_APP] - 1);
}
END_TEST

/* RFC 9000 12.2: what does not open does not harm what follows; other IDs are ignored. */
/* [R-9000-12.2-1] [R-9000-12.2-3] [R-9000-12.2-4] */
START_TEST(recv_packets_of_a_datagram_are_judged_one_by_one)
{
    uint8_t bytes[GN_DATAGRAM_MAX];
    uint8_t both[2 * GN_DATAGRAM_MAX];

    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, 10 * GN_MS);
    gn_test_forge_take(&forge, &pair, CLIENT);
    pair.side[SERVER].mute = true;
    forge.dcid = pair.side[SERVER].sent[0].scid;
    forge.kind = GN_PACKET_HANDSHAKE;
    gn_test_forge_hex(&forge, "01 000000");
    const size_t first = gn_test_forge_seal(&forge, both);
    if (_i == 0) /* does not open */
        both[first - 1] ^= 1;
    else
        forge.dcid.bytes[0] ^= (uint8_t)(_i == 1);
    gn_test_forge_hex(&forge, "1c 07 00 00");
    const size_t second = gn_test_forge_seal(&forge, bytes);
    memcpy(both + first, bytes, second);
    gn_test_pair_give(&pair, SERVER, both, first + second, forge.route, forge.host);
    ck_assert_uint_eq(pair.side[SERVER].closed.times, _i == 1 ? 0 : 1);
    ck_assert_uint_eq(pair.side[SERVER].dropped[GN_DROP_AUTH], _i == 0 ? 1 : 0);
    ck_assert_uint_eq(pair.side[SERVER].dropped[GN_DROP_UNKNOWN], _i == 1 ? 1 : 0);
}
END_TEST

/* RFC 9000 14.1: 1199 bytes are too few, zeros behind the packet count. */
/* [R-9000-14.1-3] */
START_TEST(recv_small_datagram_with_an_initial_is_dropped)
{
    static const struct {
        size_t cut;
        bool taken;
    } rows[] = {{1199, false}, {1200, true}};
    uint8_t bytes[GN_DATAGRAM_MAX] = {0};

    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    const gn_test_pair_packet *first = &pair.side[CLIENT].sent[0];
    forge.kind = GN_PACKET_INITIAL;
    forge.pn[GN_SPACE_INITIAL] = 0;
    size_t kept = first->payload_len; /* without the padding */
    while (kept > 0 && first->payload[kept - 1] == 0)
        kept--;
    gn_test_forge_bytes(&forge, first->payload, kept);
    ck_assert_uint_lt(gn_test_forge_seal(&forge, bytes), 1199);
    gn_test_pair_give(&pair, SERVER, bytes, rows[_i].cut, 101, 1);
    ck_assert_uint_eq(pair.side[SERVER].accepted, rows[_i].taken);
    ck_assert_uint_eq(pair.side[SERVER].dropped[GN_DROP_SMALL], !rows[_i].taken);
    ck_assert_uint_eq(pair.side[SERVER].datagrams > 0, rows[_i].taken);
}
END_TEST

/* [R-9000-14.1-3] */
START_TEST(recv_later_small_initial_is_dropped_too)
{
    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, 10 * GN_MS);
    gn_test_forge_take(&forge, &pair, CLIENT);
    const uint64_t digest = gn_test_pair_digest(&pair, SERVER);
    const uint64_t datagrams = pair.side[SERVER].datagrams;
    forge.kind = GN_PACKET_INITIAL;
    forge.pad_to = 1199;
    gn_test_forge_say(&forge, "01");
    ck_assert_uint_eq(pair.side[SERVER].dropped[GN_DROP_SMALL], 1);
    ck_assert_uint_eq(gn_test_pair_digest(&pair, SERVER), digest);
    forge.pad_to = 1200;
    gn_test_forge_say(&forge, "01");
    ck_assert_uint_gt(pair.side[SERVER].datagrams, datagrams);
}
END_TEST

/* RFC 9000 7.2: after the first packet the source ID stays. */
/* [R-9000-7.2-6] */
START_TEST(recv_other_source_id_is_dropped)
{
    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, 10 * GN_MS);
    gn_test_forge_take(&forge, &pair, CLIENT);
    const uint64_t digest = gn_test_pair_digest(&pair, SERVER);
    forge.kind = GN_PACKET_INITIAL;
    forge.pad_to = 1200;
    forge.scid.bytes[0] ^= 1;
    gn_test_forge_say(&forge, "1c 00 00 00");
    ck_assert_uint_eq(pair.side[SERVER].dropped[GN_DROP_UNKNOWN], 1);
    ck_assert_uint_eq(gn_test_pair_digest(&pair, SERVER), digest);
    ck_assert_uint_eq(pair.side[SERVER].closed.times, 0);
}
END_TEST

/* RFC 9000 9: a client takes nothing from where it has never sent to. */
/* [R-9000-9-5] */
START_TEST(recv_client_ignores_unknown_routes)
{
    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, SERVER);
    const uint64_t digest = gn_test_pair_digest(&pair, CLIENT);
    forge.route = 9;
    gn_test_forge_say(&forge, "1c 00 00 00");
    ck_assert_uint_eq(pair.side[CLIENT].dropped[GN_DROP_PATH], 1);
    expect_untouched(CLIENT, digest, pair.side[CLIENT].datagrams);
}
END_TEST

/* The reset token of the ID that a side sends to, or of one it has not used. */
static const uint8_t *
token_of(int side, gn_peer_cid_state state)
{
    gn_endpoint *ep = pair.side[side].endpoint;
    const gn_conn *conn =
        &gn_endpoint_seat(ep, gn_endpoint_slot(ep, pair.side[side].connection))->conn;

    for (int i = 0; i < GN_PEER_CIDS_MAX; i++)
        if (conn->peer_cids.at[i].state == (uint8_t)state && conn->peer_cids.at[i].has_token)
            return conn->peer_cids.at[i].reset_token;
    ck_abort_msg("no token");
    return NULL;
}

/* Something like a stateless reset of so many bytes, for the client. */
static void
reset(const uint8_t *token, size_t len)
{
    uint8_t bytes[64];

    memset(bytes, 0x5a, sizeof bytes);
    memcpy(bytes + 1, forge.dcid.bytes, forge.dcid.len);
    memcpy(bytes + len - GN_RESET_TOKEN_BYTES, token, GN_RESET_TOKEN_BYTES);
    gn_test_pair_give(&pair, CLIENT, bytes, len, forge.route, forge.host);
}

/* [R-9000-10.3.1-2] [R-9000-10.3.1-5] */
START_TEST(recv_stateless_reset_ends_the_connection_silently)
{
    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, SERVER);
    const uint64_t datagrams = pair.side[CLIENT].datagrams;
    reset(token_of(CLIENT, GN_PEER_CID_USED), 40);
    gn_test_pair_expect_closed(&pair, CLIENT, GN_CLOSE_STATELESS_RESET, 0, "");
    ck_assert_uint_eq(pair.side[CLIENT].closed.forgotten, 0);
    gn_test_pair_run(&pair, pair.now + 10 * GN_SECOND);
    ck_assert_uint_eq(pair.side[CLIENT].closed.forgotten, 1);
    ck_assert_uint_eq(pair.side[CLIENT].datagrams, datagrams);
    ck_assert_uint_eq(gn_endpoint_connections(pair.side[CLIENT].endpoint), 0);
}
END_TEST

/* RFC 9000 10.3.1: a reset is addressed to nobody in particular. */
/* [R-9000-10.3.1-1] */
START_TEST(recv_stateless_reset_for_an_id_of_nobody_ends_the_connection)
{
    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, SERVER);
    forge.dcid.bytes[0] ^= 0xff;
    reset(token_of(CLIENT, GN_PEER_CID_USED), 40);
    gn_test_pair_expect_closed(&pair, CLIENT, GN_CLOSE_STATELESS_RESET, 0, "");
}
END_TEST

/* RFC 9000 10.3: an endpoint may answer long headers with what looks like one. */
/* [R-9000-10.3-5] */
START_TEST(recv_stateless_reset_may_have_any_header)
{
    uint8_t bytes[60];

    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, SERVER);
    memset(bytes, 0x2a, sizeof bytes);
    bytes[0] = 0xe0; /* a Handshake packet for us, or for nobody */
    memcpy(bytes + 1, "\0\0\0\1\x08", 5);
    memcpy(bytes + 6, forge.dcid.bytes, 8);
    bytes[6] ^= _i == 1 ? 0xff : 0;
    bytes[14] = 0;  /* no source ID */
    bytes[15] = 44; /* to the end */
    memcpy(bytes + sizeof bytes - GN_RESET_TOKEN_BYTES, token_of(CLIENT, GN_PEER_CID_USED),
           GN_RESET_TOKEN_BYTES);
    gn_test_pair_give(&pair, CLIENT, bytes, sizeof bytes, forge.route, forge.host);
    gn_test_pair_expect_closed(&pair, CLIENT, GN_CLOSE_STATELESS_RESET, 0, "");
}
END_TEST

/* RFC 9000 10.3.1: a token is believed of an ID in use, in 21 bytes at least. */
/* [R-9000-10.3.1-3] */
START_TEST(recv_token_that_does_not_count_changes_nothing)
{
    uint8_t token[GN_RESET_TOKEN_BYTES];

    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, SERVER);
    const uint64_t digest = gn_test_pair_digest(&pair, CLIENT);
    memcpy(token, token_of(CLIENT, _i == 0 ? GN_PEER_CID_UNUSED : GN_PEER_CID_USED), sizeof token);
    token[7] ^= _i == 1 ? 1 : 0;
    reset(token, _i == 2 ? 20 : 40);
    expect_untouched(CLIENT, digest, pair.side[CLIENT].datagrams);
}
END_TEST

/* RFC 9001 6.6: packets that fail are counted, and too many end the connection. */
/* [R-9001-6.6-6] */
START_TEST(recv_too_many_forgeries_end_the_connection)
{
    uint8_t bytes[GN_DATAGRAM_MAX];

    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    gn_endpoint *ep = pair.side[SERVER].endpoint;
    gn_conn *conn = &gn_endpoint_seat(ep, 0)->conn;
    const uint64_t failed = conn->space[GN_SPACE_APP].keys.rx.used;
    gn_keys_lower_limits(&conn->space[GN_SPACE_APP].keys, UINT64_MAX, failed + 10);
    gn_test_forge_hex(&forge, "01");
    const size_t len = gn_test_forge_seal(&forge, bytes);
    bytes[len - 1] ^= 1;
    for (int i = 0; i < 9; i++)
        gn_test_pair_give(&pair, SERVER, bytes, len, forge.route, forge.host);
    ck_assert_uint_eq(pair.side[SERVER].closed.times, 0);
    gn_test_pair_give(&pair, SERVER, bytes, len, forge.route, forge.host);
    gn_test_pair_expect_fault(&pair, SERVER, GN_FAULT_AEAD_LIMIT, "RFC 9001 6.6: integrity");
}
END_TEST

Suite *
gn_test_conn_recv(void)
{
    Suite *suite = suite_create("conn/conn_recv");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");

    tcase_add_loop_test(good, recv_jump_of_the_packet_number_is_understood, 0, BOTH);
    tcase_add_loop_test(good, recv_packets_of_a_datagram_are_judged_one_by_one, 0, 3);
    tcase_add_test(good, recv_stateless_reset_ends_the_connection_silently);
    tcase_add_test(good, recv_stateless_reset_for_an_id_of_nobody_ends_the_connection);
    tcase_add_loop_test(good, recv_stateless_reset_may_have_any_header, 0, 2);
    tcase_add_loop_test(hostile, recv_damaged_packet_changes_nothing, 0, BOTH);
    tcase_add_loop_test(hostile, recv_garbage_for_a_known_id_changes_nothing, 0, BOTH);
    tcase_add_loop_test(hostile, recv_copy_of_a_packet_is_dropped, 0, 2);
    tcase_add_loop_test(hostile, recv_reserved_bits_are_a_fault, 0, BOTH);
    tcase_add_test(hostile, recv_reserved_bits_of_a_handshake_packet_are_a_fault);
    tcase_add_loop_test(hostile, recv_packet_without_frames_is_a_fault, 0, BOTH);
    tcase_add_test(hostile, recv_other_source_id_is_dropped);
    tcase_add_test(hostile, recv_client_ignores_unknown_routes);
    tcase_add_loop_test(hostile, recv_token_that_does_not_count_changes_nothing, 0, 3);
    tcase_add_loop_test(limits, recv_small_datagram_with_an_initial_is_dropped, 0, 2);
    tcase_add_test(limits, recv_later_small_initial_is_dropped_too);
    tcase_add_test(limits, recv_too_many_forgeries_end_the_connection);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    suite_add_tcase(suite, limits);
    return suite;
}
