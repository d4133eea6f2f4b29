/*
 * test_conn_frames.c: frames of an authentic peer that keeps no rule, and of one that just does.
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/forge.h"
#include "tests/support/pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

static gn_test_pair pair;
static gn_test_forge forge;

/* A packet of these frames, 1-RTT, from this side; why NULL: it is legal. */
typedef struct row {
    const char *frames;
    int from;
    uint64_t code;
    const char *why;
} row;

#define VIOLATION GN_FAULT_PROTOCOL_VIOLATION
#define ENCODING GN_FAULT_FRAME_ENCODING

/* clang-format off */
/* Limits of both sides: 64 KiB a connection, 16 KiB a stream, 4 streams of each kind; 0 is open. */
static const row rows[] = {
    /* RFC 9000 12.4: types */
    {"21",                                CLIENT, ENCODING,  "RFC 9000 12.4: a frame of unknown"},
    {"4001",                              CLIENT, VIOLATION, "RFC 9000 12.4: the frame type takes"},
    {"40",                                CLIENT, ENCODING,
     "RFC 9000 12.4: the frame type is cut"},
    {"00 01 00",                          CLIENT, 0, NULL},
    /* RFC 9000 4.1: credit. The last byte allowed, and the next one. */
    {"0e 00 80004000 01 41",              CLIENT, GN_FAULT_FLOW_CONTROL,
     "RFC 9000 4.1: more than the stream's"},
    {"0e 00 7fff 01 41",                  CLIENT, 0, NULL},
    {"0e 00 80004000 00",                 CLIENT, 0, NULL},
    {"0e 00 80004001 00",                 CLIENT, GN_FAULT_FLOW_CONTROL,
     "RFC 9000 4.1: more than the stream's"},
    {"0e 00 80004000 00 0e 04 80004000 00 0e 08 80004000 00 0e 0c 80004000 00",
                                          CLIENT, 0, NULL},
    {"0e 00 80004000 00 0e 04 80004000 00 0e 08 80004000 00 0e 0c 80004000 00 0e 02 01 00",
                                          CLIENT, GN_FAULT_FLOW_CONTROL,
     "RFC 9000 4.1: more than the connection's"},
    {"04 00 07 80004001",                 CLIENT, GN_FAULT_FLOW_CONTROL,
     "RFC 9000 4.1: more than the stream's"},
    {"04 00 07 80004000",                 CLIENT, 0, NULL},
    /* RFC 9000 4.6: streams */
    {"08 0c",                             CLIENT, 0, NULL},
    {"08 10",                             CLIENT, GN_FAULT_STREAM_LIMIT, "RFC 9000 4.6: "},
    {"08 0e",                             CLIENT, 0, NULL},
    {"08 12",                             CLIENT, GN_FAULT_STREAM_LIMIT, "RFC 9000 4.6: "},
    {"08 0d",                             SERVER, 0, NULL},
    {"08 11",                             SERVER, GN_FAULT_STREAM_LIMIT, "RFC 9000 4.6: "},
    {"12 d000000000000001",               CLIENT, ENCODING, "RFC 9000 19.11: "},
    {"12 d000000000000000",               CLIENT, 0, NULL},
    {"16 d000000000000001",               CLIENT, ENCODING, "RFC 9000 19.14: "},
    {"17 d000000000000000",               CLIENT, 0, NULL},
    {"12 01 13 01 10 01",                 CLIENT, 0, NULL}, /* limits that would go down */
    /* RFC 9000 4.5: the final size */
    {"0b 04 02 7c83 0f 04 02 01 17",      CLIENT, GN_FAULT_FINAL_SIZE, "RFC 9000 4.5: "},
    {"0b 04 02 7c83 0e 04 02 01 41",      CLIENT, GN_FAULT_FINAL_SIZE, "RFC 9000 4.5: data beyond"},
    {"0a 04 02 7c83 0f 04 01 00",         CLIENT, GN_FAULT_FINAL_SIZE, "RFC 9000 4.5: "},
    {"0b 04 02 7c83 04 04 00 03",         CLIENT, GN_FAULT_FINAL_SIZE, "RFC 9000 4.5: "},
    {"0b 04 02 7c83 04 04 00 02",         CLIENT, 0, NULL},
    {"0b 08 02 f8ff 0f 08 02 00",         CLIENT, 0, NULL},
    {"04 04 00 05 04 04 00 06",           CLIENT, GN_FAULT_FINAL_SIZE, "RFC 9000 4.5: "},
    /* RFC 9000 19: streams of the wrong direction, or not there yet */
    {"08 03",                             CLIENT, GN_FAULT_STREAM_STATE,
     "RFC 9000 19.8: the stream is send-only"},
    {"04 03 00 00",                       CLIENT, GN_FAULT_STREAM_STATE,
     "RFC 9000 19.8: the stream is send-only"},
    {"15 03 00",                          CLIENT, GN_FAULT_STREAM_STATE,
     "RFC 9000 19.8: the stream is send-only"},
    {"05 02 00",                          CLIENT, GN_FAULT_STREAM_STATE,
     "RFC 9000 19.10: the stream is receive-only"},
    {"11 02 00",                          CLIENT, GN_FAULT_STREAM_STATE,
     "RFC 9000 19.10: the stream is receive-only"},
    {"08 01",                             CLIENT, GN_FAULT_STREAM_STATE,
     "RFC 9000 19.8: the stream is ours"},
    {"05 01 00",                          CLIENT, GN_FAULT_STREAM_STATE,
     "RFC 9000 19.8: the stream is ours"},
    {"11 01 00",                          CLIENT, GN_FAULT_STREAM_STATE,
     "RFC 9000 19.8: the stream is ours"},
    {"11 00 01 05 00 07",                 CLIENT, 0, NULL},
    {"05 00 07",                          SERVER, 0, NULL}, /* the client has opened 0 */
    {"05 04 07",                          SERVER, GN_FAULT_STREAM_STATE,
     "RFC 9000 19.8: the stream is ours"},
    /* RFC 9000 19.15, 19.16: connection IDs */
    {"18 01 02 08 0102030405060708 000102030405060708090a0b0c0d0e0f",
                                          CLIENT, ENCODING, "RFC 9000 19.15: Retire Prior To"},
    {"18 09 00 00 000102030405060708090a0b0c0d0e0f",
                                          CLIENT, ENCODING, "RFC 9000 19.15: a connection ID of"},
    {"18 09 00 15 0102030405060708090a0b0c0d0e0f101112131415 000102030405060708090a0b0c0d0e0f",
                                          CLIENT, ENCODING, "RFC 9000 19.15: a connection ID of"},
    {"18 01 00 08 0102030405060708 000102030405060708090a0b0c0d0e0f",
                                          CLIENT, VIOLATION,
     "RFC 9000 19.15: a connection ID changed its seq"},
    {"18 09 00 08 0102030405060708 000102030405060708090a0b0c0d0e0f",
                                          CLIENT, GN_FAULT_CONNECTION_ID_LIMIT, "RFC 9000 5.1.1: "},
    {"18 09 01 08 0102030405060708 000102030405060708090a0b0c0d0e0f",
                                          CLIENT, 0, NULL},
    {"18 09 09 08 0102030405060708 000102030405060708090a0b0c0d0e0f",
                                          CLIENT, 0, NULL},
    {"18 09 01 08 0102030405060708 000102030405060708090a0b0c0d0e0f"
     "18 09 01 08 0102030405060708 000102030405060708090a0b0c0d0e0f",
                                          CLIENT, 0, NULL},
    {"18 09 01 08 0102030405060708 000102030405060708090a0b0c0d0e0f"
     "18 09 01 08 0102030405060708 000102030405060708090a0b0c0d0e00",
                                          CLIENT, VIOLATION,
     "RFC 9000 19.15: a connection ID changed its reset"},
    {"19 04",                             CLIENT, VIOLATION,
     "RFC 9000 19.16: a connection ID that was never"},
    {"19 00",                             CLIENT, VIOLATION, "RFC 9000 19.16: a packet retires"},
    {"19 01 19 01",                       CLIENT, 0, NULL},
    /* RFC 9000 19.7, 19.20: what only a server sends */
    {"07 01 aa",                          CLIENT, VIOLATION, "RFC 9000 19.7: NEW_TOKEN from"},
    {"07 00",                             SERVER, ENCODING,  "RFC 9000 19.7: the token is empty"},
    {"07 01 aa",                          SERVER, 0, NULL},
    {"1e",                                CLIENT, VIOLATION, "RFC 9000 19.20: HANDSHAKE_DONE from"},
    {"1e 1e",                             SERVER, 0, NULL},
    /* RFC 9000 13.1, 19.3: acknowledgements */
    {"02 7fff 00 00 00",                  CLIENT, VIOLATION, "RFC 9000 13.1: "},
    {"02 7fff 00 00 00",                  SERVER, VIOLATION, "RFC 9000 13.1: "},
    {"02 00 00 00 01",                    CLIENT, ENCODING,  "RFC 9000 19.3: "},
    {"02 05 00 01 00 04 01",              CLIENT, ENCODING,  "RFC 9000 19.3.1: "},
    {"02 00 00 00 00",                    CLIENT, 0, NULL},
    {"03 00 00 00 00 00 00 00",           CLIENT, 0, NULL},
    {"03 00 00 00 00 00 00",              CLIENT, ENCODING,  "RFC 9000 19.3.2: "},
    /* RFC 9221 3 */
    {"30 0102",                           CLIENT, VIOLATION, "RFC 9221 3: "},
    {"31 02 0102",                        SERVER, VIOLATION, "RFC 9221 3: "},
    /* cut short */
    {"0e 00 00 05 41",                    CLIENT, ENCODING,  "RFC 9000 19.8: "},
    {"1a 01020304050607",                 CLIENT, ENCODING,  "RFC 9000 19.17: "},
    {"1b 0102030405060708",               CLIENT, 0, NULL}, /* answers nothing: ignored */
    {"10 7fff 14 00",                     CLIENT, 0, NULL},
};
/* clang-format on */

static void
small_limits(void)
{
    gn_test_pair_init(&pair);
    for (int i = 0; i < 2; i++) {
        gn_config *c = &pair.side[i].config;
        c->initial_max_data = 65536;
        c->initial_max_stream_data_bidi_local = 16384;
        c->initial_max_stream_data_bidi_remote = 16384;
        c->initial_max_stream_data_uni = 16384;
        c->initial_max_streams_bidi = 4;
        c->initial_max_streams_uni = 4;
    }
    gn_test_pair_confirm(&pair);
    ck_assert_uint_eq(gn_test_pair_open(&pair, CLIENT, false), 0);
}

/* [R-9000-4.1-2] [R-9000-4.6-3] [R-9000-10.3-1] [R-9000-11.1-1] [R-9000-12.4-4] [R-9000-13.3-3] */
/* [R-9000-19.3.1-1] [R-9000-19.7-2] [R-9000-19.7-4] [R-9000-19.15-1] [R-9000-19.20-2] */
/* [R-9221-3-3] */
START_TEST(frames_that_break_a_rule_close_and_their_neighbours_do_not)
{
    const row *r = &rows[_i];
    const int target = 1 - r->from;

    small_limits();
    gn_test_forge_take(&forge, &pair, r->from);
    gn_test_forge_say(&forge, r->frames);
    if (r->why != NULL) {
        gn_test_pair_expect_fault(&pair, target, r->code, r->why);
    } else {
        ck_assert_msg(pair.side[target].closed.times == 0, "%s: %s", r->frames,
                      pair.side[target].closed.reason);
        const uint64_t datagrams = pair.side[target].datagrams;
        gn_test_forge_say(&forge, "01");
        gn_test_forge_say(&forge, "01");
        ck_assert_uint_gt(pair.side[target].datagrams, datagrams); /* it goes on acknowledging */
    }
}
END_TEST

/* Each frame that exists, and where RFC 9000 12.4 lets it be: Initial 1, Handshake 2. */
static const struct {
    const char *frame;
    int allowed;
} levels[] = {
    {"00", 3},
    {"01", 3},
    {"04 00 00 00", 0},
    {"05 00 00", 0},
    {"06 00 00", 3},
    {"07 01 aa", 0},
    {"08 00", 0},
    {"0f 00 00 00", 0},
    {"10 00", 0},
    {"11 00 00", 0},
    {"12 00", 0},
    {"13 00", 0},
    {"14 00", 0},
    {"15 00 00", 0},
    {"16 00", 0},
    {"17 00", 0},
    {"18 01 00 01 01 000102030405060708090a0b0c0d0e0f", 0},
    {"19 00", 0},
    {"1a 0102030405060708", 0},
    {"1b 0102030405060708", 0},
    {"1d 00 00", 0},
    {"1e", 0},
    {"31 00", 0},
};

enum { LEVELS = sizeof levels / sizeof levels[0] };

/* [R-9000-12.4-3] [R-9000-17.2.4-1] [R-9221-5-1] */
START_TEST(frames_in_packets_that_may_not_hold_them_close)
{
    const int bit = _i / LEVELS + 1;
    const int at = _i % LEVELS;

    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, 10 * GN_MS);
    gn_test_forge_take(&forge, &pair, CLIENT);
    forge.dcid = pair.side[SERVER].sent[0].scid;
    forge.kind = bit == 1 ? GN_PACKET_INITIAL : GN_PACKET_HANDSHAKE;
    forge.pad_to = 1200;
    gn_test_forge_say(&forge, levels[at].frame);
    if ((levels[at].allowed & bit) != 0)
        ck_assert_uint_eq(pair.side[SERVER].closed.times, 0);
    else
        gn_test_pair_expect_fault(&pair, SERVER, VIOLATION,
                                  bit == 1 ? "RFC 9000 17.2.2: " : "RFC 9000 17.2.4: ");
}
END_TEST

/* RFC 9000 12.4: the packet is judged whole before any of it counts. */
/* [R-9000-5.2-1] */
START_TEST(frames_before_a_malformed_one_are_not_applied)
{
    static const char *const thirds[] = {"21", "4001", "18 01 02 01 01", "07 01 aa"};

    small_limits();
    gn_test_forge_take(&forge, &pair, CLIENT);
    gn_test_forge_stream(&forge, 4, 0, 10, true);
    gn_test_forge_hex(&forge, "05 00 07");
    gn_test_forge_hex(&forge, thirds[_i]);
    gn_test_forge_send(&forge);
    ck_assert_uint_eq(pair.side[SERVER].closed.times, 1);
    ck_assert_uint_eq(gn_test_pair_stream(&pair, SERVER, 4)->bytes, 0);
    ck_assert(!gn_test_pair_stream(&pair, SERVER, 0)->stopped);
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).streams, 0);
}
END_TEST

/* RFC 9000 8.2.2: each challenge is answered with its data, where it came from. */
/* [R-9000-8.2.2-1] [R-9000-8.2.2-2] [R-9000-8.2.2-5] [R-9000-8.2.2-7] [R-9000-19.17-1] */
START_TEST(frames_path_challenge_is_echoed)
{
    gn_frame frame;

    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, _i);
    uint32_t at = pair.side[1 - _i].sents;
    gn_test_forge_say(&forge, "1a 0102030405060708");
    ck_assert(gn_test_pair_sent(&pair, 1 - _i, GN_FRAME_PATH_RESPONSE, &at, &frame));
    ck_assert_mem_eq(frame.as.path.data, "\1\2\3\4\5\6\7\10", 8);
    ck_assert_uint_ge(pair.side[1 - _i].sent[at].len, 1200);
    at++;
    ck_assert(!gn_test_pair_sent(&pair, 1 - _i, GN_FRAME_PATH_RESPONSE, &at, &frame));
}
END_TEST

/* Unacknowledged answers do not pile up: none is remembered once it was sent. */
START_TEST(frames_flood_of_challenges_costs_nothing)
{
    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    for (int i = 0; i < 200; i++)
        gn_test_forge_say(&forge, "1a 0102030405060708 1a 0102030405060709 1a 010203040506070a "
                                  "1a 010203040506070b 1a 010203040506070c 1a 010203040506070d");
    ck_assert_uint_eq(pair.side[SERVER].closed.times, 0);
    ck_assert_uint_le(pair.side[SERVER].sents, 400);
}
END_TEST

/* RFC 9000 5.1.2: a peer that retires and retires, and hears nothing, is stopped. */
/* [R-9000-5.1.2-3] */
START_TEST(frames_flood_of_retirements_is_bounded)
{
    gn_frame frame = {.type = GN_FRAME_NEW_CONNECTION_ID};
    uint64_t seq = 4;

    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    for (; seq < 200 && pair.side[SERVER].closed.times == 0; seq++) {
        frame.as.new_connection_id = (gn_frame_new_connection_id){
            .seq = seq,
            .retire_prior_to = seq,
            .cid = gn_cid_from((const uint8_t[4]){1, 2, 3, (uint8_t)seq}, 4)};
        gn_test_forge_frame(&forge, &frame);
        gn_test_forge_send(&forge);
    }
    ck_assert_uint_lt(seq, 100);
    gn_test_pair_expect_fault(&pair, SERVER, GN_FAULT_CONNECTION_ID_LIMIT, "RFC 9000 5.1.2: ");
}
END_TEST

/* A retired ID is replaced, and packets for it are for nobody (RFC 9000 5.1.1). */
/* [R-9000-5.1.1-2] */
START_TEST(frames_retired_id_is_replaced)
{
    gn_frame frame;
    uint32_t at = 0;

    gn_test_pair_init(&pair);
    pair.side[SERVER].config.stateless_reset = 0;
    gn_test_pair_confirm(&pair);
    ck_assert(gn_test_pair_sent(&pair, SERVER, GN_FRAME_NEW_CONNECTION_ID, &at, &frame));
    const gn_cid retired = frame.as.new_connection_id.cid;
    ck_assert_uint_eq(frame.as.new_connection_id.seq, 1);
    gn_test_forge_take(&forge, &pair, CLIENT);
    at = pair.side[SERVER].sents;
    gn_test_forge_say(&forge, "19 01");
    ck_assert(gn_test_pair_sent(&pair, SERVER, GN_FRAME_NEW_CONNECTION_ID, &at, &frame));
    ck_assert_uint_eq(frame.as.new_connection_id.seq, 4);
    forge.dcid = retired;
    gn_test_forge_say(&forge, "1c 00 00 00");
    ck_assert_uint_eq(pair.side[SERVER].closed.times, 0);
    ck_assert_uint_eq(pair.side[SERVER].dropped[GN_DROP_UNKNOWN], 1);
}
END_TEST

/* RFC 9000 5.1.2: the peer takes back the ID we send to; we take another and say so. */
/* [R-9000-5.1.2-1] */
START_TEST(frames_revoked_id_in_use_is_left)
{
    gn_frame frame;

    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    const gn_cid before = pair.side[SERVER].sent[pair.side[SERVER].sents - 1].dcid;
    uint32_t at = pair.side[SERVER].sents;
    gn_test_forge_say(&forge, "18 04 01 04 01020304 000102030405060708090a0b0c0d0e0f");
    ck_assert(gn_test_pair_sent(&pair, SERVER, GN_FRAME_RETIRE_CONNECTION_ID, &at, &frame));
    ck_assert_uint_eq(frame.as.retire_connection_id.seq, 0);
    ck_assert(!gn_cid_equal(&pair.side[SERVER].sent[at].dcid, &before));
}
END_TEST

Suite *
gn_test_conn_frames(void)
{
    Suite *suite = suite_create("conn/conn_frames");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *table = tcase_create("table");

    tcase_add_loop_test(good, frames_path_challenge_is_echoed, 0, 2);
    tcase_add_test(good, frames_retired_id_is_replaced);
    tcase_add_test(good, frames_revoked_id_in_use_is_left);
    tcase_add_loop_test(hostile, frames_before_a_malformed_one_are_not_applied, 0, 4);
    tcase_add_test(hostile, frames_flood_of_challenges_costs_nothing);
    tcase_add_test(hostile, frames_flood_of_retirements_is_bounded);
    tcase_add_loop_test(table, frames_that_break_a_rule_close_and_their_neighbours_do_not, 0,
                        (int)(sizeof rows / sizeof rows[0]));
    tcase_add_loop_test(table, frames_in_packets_that_may_not_hold_them_close, 0, 2 * LEVELS);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    suite_add_tcase(suite, table);
    return suite;
}
