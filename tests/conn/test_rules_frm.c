/*
 * test_rules_frm.c: the rules about frames and where they may stand, a row each; see rules.h.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "endpoint/endpoint.h"
#include "suites.h"
#include "tests/support/rules.h"
#include "tests/support/rules_words.h"

/* 1100 bytes of PADDING, then PING. */
static void
padded_ping(gn_rules *run)
{
    static const uint8_t zeros[1100];

    gn_rules_take(run);
    gn_test_forge_bytes(&run->forge, zeros, sizeof zeros);
    gn_test_forge_hex(&run->forge, "01");
    gn_rules_send(run);
}

/* Several packets are acknowledged, so that the side under test has sent as many; then the text. */
static void
after_some(gn_rules *run)
{
    gn_rules_take(run);
    for (int i = 0; i < 4; i++) {
        gn_test_forge_say(&run->forge, "01");
        gn_test_pair_run(&run->pair, run->pair.now + 30 * GN_MS);
    }
    gn_rules_put(run);
    gn_rules_send(run);
}

/* Of every other number there is no packet; all up to the last are acknowledged, or that alone. */
static void
numbers_left_out(gn_rules *run)
{
    const gn_test_side *side = &run->pair.side[run->sut];
    gn_frame ack = {.type = GN_FRAME_ACK};

    run->pair.side[run->sut].config.skip_packets = 1;
    gn_rules_take(run);
    for (int i = 0; i < 8; i++) {
        gn_test_forge_say(&run->forge, "01");
        gn_test_pair_run(&run->pair, run->pair.now + 30 * GN_MS);
    }
    ack.as.ack.largest = side->sent[side->sents - 1].pn;
    ack.as.ack.first_range = gn_rules_legal(run) ? 0 : 4;
    gn_rules_want(run, ack.as.ack.largest > 2 * 4, "numbers are left out");
    gn_test_forge_frame(&run->forge, &ack);
    gn_rules_send(run);
}

/* Frames with all integers in eight bytes, of which no beginning is a frame. */
#define BIG "c000000000000000"
static const char *const whole[] = {
    "02 " BIG BIG "c000000000000001" BIG BIG BIG,
    "03 " BIG BIG BIG BIG BIG BIG BIG,
    "04 PB " BIG BIG,
    "05 SB " BIG,
    "06 " BIG "c000000000000002 aabb",
    "07 c000000000000002 aabb",
    "0f PB " BIG "c000000000000002 aabb",
    "10 " BIG,
    "11 SB " BIG,
    "12 " BIG,
    "13 " BIG,
    "14 " BIG,
    "15 PB " BIG,
    "16 " BIG,
    "17 " BIG,
    "18 " BIG BIG "08 0102030405060708 000102030405060708090a0b0c0d0e0f",
    "19 " BIG,
    "1a 0102030405060708",
    "1b 0102030405060708",
    "1c " BIG BIG "c000000000000002 aabb",
    "1d " BIG "c000000000000002 aabb",
};

/* Every beginning of each of them, against the same connection each time. */
static void
cut_anywhere(gn_rules *run)
{
    gn_test_side *side = &run->pair.side[run->sut];
    uint8_t bytes[512];

    gn_rules_take(run);
    /* The copy shall own nothing outside: a connection that ends gives its session back. */
    gn_conn *conn = &gn_endpoint_seat(side->endpoint, 0)->conn;
    void *tls = conn->handshake.tls;
    conn->handshake.tls = NULL;
    uint8_t *before = malloc(side->block_bytes);
    const uint32_t sents = side->sents;
    ck_assert_ptr_nonnull(before);
    memcpy(before, side->block, side->block_bytes);
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++) {
        const size_t len = gn_rules_bytes(run, whole[i], bytes);
        for (size_t cut = 1; cut < len; cut++) {
            gn_test_forge_bytes(&run->forge, bytes, cut);
            gn_rules_send(run);
            gn_rules_want(run, side->closed.times == 1 && side->closed.code == ENCODING, whole[i]);
            gn_rules_want(run, side->sents == sents + 1, "it says so once");
            memcpy(side->block, before, side->block_bytes);
            memset(&side->closed, 0, sizeof side->closed);
            side->sents = sents;
        }
    }
    conn->handshake.tls = tls;
    free(before);
}

/* more: the largest DATAGRAM frame that the side under test takes, type included. */
static void
datagram_allowed(gn_rules *run)
{
    uint8_t most[512];

    (void)gn_rules_bytes(run, run->row->more, most);
    run->pair.side[run->sut].config.max_datagram_frame_size = most[0];
    gn_rules_in_1rtt(run);
}

/* A 1-RTT packet that says HANDSHAKE_DONE, before the client has finished. */
static void
early_done(gn_rules *run)
{
    gn_test_pair_start(&run->pair);
    gn_rules_run_until_sent(run, run->peer, GN_EVENT_HANDSHAKE);
    gn_rules_shadow(run, GN_PACKET_ONE_RTT);
    run->forge.dcid = run->pair.side[run->sut].sent[0].scid;
    gn_test_forge_hex(&run->forge, "1e");
    gn_rules_send(run);
    const gn_test_side *client = &run->pair.side[run->sut];
    gn_rules_want(run, client->states == 0, "nothing is confirmed yet");
    gn_test_pair_run(&run->pair, run->pair.now + GN_SECOND);
    gn_rules_want(run, (client->states >> GN_STATE_CONFIRMED & 1) == 1, "it was kept, or comes");
    gn_rules_want(run, client->closed.times == 0, "the client goes on");
}

#define SMALL "4007"                /* 7 in two bytes */
#define TOO_MANY "d000000000000001" /* 2^60 + 1 */
#define MOST "d000000000000000"     /* 2^60 */
#define FAR "ffffffffffffffff"      /* 2^62 - 1 */

#define NEW_ID "18 01 00 08 0102030405060708 000102030405060708090a0b0c0d0e0f"
#define IN_1RTT(text) gn_rules_in_1rtt, text, NULL
#define HANDSHAKE(text) gn_rules_in_handshake, text, NULL

/* clang-format off */
static const gn_rule rows[] = {
    {"FRM-001", "RFC 9000 12.4", BOTH, CLOSE, ENCODING, IN_1RTT("21")},
    {"FRM-001+", "RFC 9000 12.4", BOTH, ACK, 0, IN_1RTT("01")},
    {"FRM-003", "RFC 9000 12.4", BOTH, CLOSE, ENCODING, IN_1RTT("c000000000000021 01")},
    {"FRM-004", "RFC 9000 20.1", BOTH, WANTS, 0, cut_anywhere, NULL, NULL},
    {"FRM-005", "RFC 9000 19.3.1", BOTH, CLOSE, ENCODING, IN_1RTT("02 00 00 00 01")},
    {"FRM-005+", "RFC 9000 19.3.1", BOTH, LIVE, 0, IN_1RTT("02 00 00 00 00")},
    {"FRM-006", "RFC 9000 19.3.1", BOTH, CLOSE, ENCODING, IN_1RTT("02 02 00 01 00 01 00")},
    {"FRM-006+", "RFC 9000 19.3.1", BOTH, LIVE, 0, after_some, "02 02 00 01 00 00 00", NULL},
    {"FRM-007", "RFC 9000 13.1", BOTH, CLOSE, VIOLATION, IN_1RTT("02 43e8 00 00 00")},
    {"FRM-008", "RFC 9000 21.4", BOTH, CLOSE, VIOLATION, numbers_left_out, NULL, NULL},
    {"FRM-008+", "RFC 9000 21.4", BOTH, LIVE, 0, numbers_left_out, NULL, NULL},
    {"FRM-010", "RFC 9000 19.3.2", BOTH, ACK, 0, IN_1RTT("03 00 00 00 00 00 00 00 01")},
    {"FRM-011", "RFC 9000 19.6", BOTH, CLOSE, ENCODING, HANDSHAKE("06 " FAR " 01 00")},
    {"FRM-011+", "RFC 9000 19.6", BOTH, LIVE, 0, HANDSHAKE("06 00 00")},
    {"FRM-012", "RFC 9000 19.8", BOTH, CLOSE, ENCODING, IN_1RTT("0e PB " FAR " 01 61")},
    {"FRM-012+", "RFC 9000 19.8", BOTH, ACK, 0, IN_1RTT("0e PB 7fff 00")},
    {"FRM-013", "RFC 9000 19.11", BOTH, CLOSE, ENCODING, IN_1RTT("12 " TOO_MANY)},
    {"FRM-013+", "RFC 9000 19.11", BOTH, ACK, 0, IN_1RTT("12 " MOST)},
    {"FRM-014", "RFC 9000 19.11", BOTH, CLOSE, ENCODING, IN_1RTT("13 " TOO_MANY)},
    {"FRM-014+", "RFC 9000 19.11", BOTH, ACK, 0, IN_1RTT("13 " MOST)},
    {"FRM-015", "RFC 9000 19.14", BOTH, CLOSE, ENCODING, IN_1RTT("16 " TOO_MANY)},
    {"FRM-015", "RFC 9000 19.14", BOTH, CLOSE, ENCODING, IN_1RTT("17 " TOO_MANY)},
    {"FRM-015+", "RFC 9000 19.14", BOTH, ACK, 0, IN_1RTT("16 " MOST " 17 " MOST)},
    {"FRM-017", "RFC 9000 19.7", CLIENT, CLOSE, ENCODING, IN_1RTT("07 00")},
    {"FRM-017+", "RFC 9000 19.7", CLIENT, ACK, 0, IN_1RTT("07 01 aa")},
    {"FRM-018", "RFC 9000 19.20", SERVER, CLOSE, VIOLATION, IN_1RTT("1e")},
    {"FRM-018+", "RFC 9000 19.20", CLIENT, ACK, 0, IN_1RTT("1e")},
    {"FRM-019", "RFC 9001 4.1.2", CLIENT, WANTS, 0, early_done, NULL, NULL},
    {"FRM-020", "RFC 9000 19.19", BOTH, CLOSE, ENCODING, IN_1RTT("1c 00 00 05 61")},
    {"FRM-021", "RFC 9221 3", BOTH, CLOSE, VIOLATION, IN_1RTT("30 61")},
    {"FRM-022", "RFC 9221 3", BOTH, CLOSE, VIOLATION, datagram_allowed, "30 6162636465", "05"},
    {"FRM-022", "RFC 9221 3", BOTH, CLOSE, VIOLATION, datagram_allowed, "31 04 61626364 01", "05"},
    {"FRM-022+", "RFC 9221 3", BOTH, ACK, 0, datagram_allowed, "30 61626364", "05"},
    {"FRM-022+", "RFC 9221 3", BOTH, ACK, 0, datagram_allowed, "31 03 616263 01", "05"},
    {"FRM-024", "RFC 9000 12.4", BOTH, ACK, 0, padded_ping, NULL, NULL},
};

#define IN_HANDSHAKE(text) CLOSE, VIOLATION, HANDSHAKE(text)
#define IN_INITIAL(text) CLOSE, VIOLATION, gn_rules_in_initial, text, NULL

static const gn_rule levels[] = {
    {"LVL-H01", "RFC 9000 12.4", BOTH, IN_HANDSHAKE("04 PB 00 00")},
    {"LVL-H03", "RFC 9000 12.4", BOTH, IN_HANDSHAKE("07 01 aa")},
    {"LVL-H04", "RFC 9000 12.4", BOTH, IN_HANDSHAKE("0a PB 01 61")},
    {"LVL-H05", "RFC 9000 12.4", BOTH, IN_HANDSHAKE("10 " SMALL)},
    {"LVL-H06", "RFC 9000 12.4", BOTH, IN_HANDSHAKE("11 SB " SMALL)},
    {"LVL-H07", "RFC 9000 12.4", BOTH, IN_HANDSHAKE("12 " SMALL)},
    {"LVL-H08", "RFC 9000 12.4", BOTH, IN_HANDSHAKE("13 " SMALL)},
    {"LVL-H10", "RFC 9000 12.4", BOTH, IN_HANDSHAKE("15 PB " SMALL)},
    {"LVL-H11", "RFC 9000 12.4", BOTH, IN_HANDSHAKE("16 " SMALL)},
    {"LVL-H12", "RFC 9000 12.4", BOTH, IN_HANDSHAKE("17 " SMALL)},
    {"LVL-H13", "RFC 9000 12.4", BOTH, IN_HANDSHAKE(NEW_ID)},
    {"LVL-H14", "RFC 9000 12.4", BOTH, IN_HANDSHAKE("19 00")},
    {"LVL-H15", "RFC 9000 12.4", BOTH, IN_HANDSHAKE("1a 0102030405060708")},
    {"LVL-H17", "RFC 9000 12.4", BOTH, IN_HANDSHAKE("1d 00 00")},
    {"LVL-H18", "RFC 9000 12.4", BOTH, IN_HANDSHAKE("1e")},
    /* PADDING, PING, ACK and CRYPTO are at home there; so is CONNECTION_CLOSE of the transport. */
    {"LVL-H01+", "RFC 9000 12.4", BOTH, LIVE, 0, HANDSHAKE("00 01 06 00 00")},
    {"LVL-I01", "RFC 9000 12.4", BOTH, IN_INITIAL("0a PB 01 61")},
    {"LVL-I02", "RFC 9000 12.4", BOTH, IN_INITIAL("1e")},
    {"LVL-I03", "RFC 9000 12.4", BOTH, IN_INITIAL(NEW_ID)},
    {"LVL-I04", "RFC 9000 12.4", BOTH, IN_INITIAL("1d 07 00")},
    {"LVL-I01+", "RFC 9000 12.4", BOTH, LIVE, 0, gn_rules_in_initial, "00 01 06 00 00", NULL},
};
/* clang-format on */

enum { ROWS = sizeof rows / sizeof rows[0], LEVELS = sizeof levels / sizeof levels[0] };

/* [R-9000-21.4-1] */
START_TEST(rules_frm_reaction_is_the_one_required)
{
    gn_rules_expect(rows, _i);
}
END_TEST

START_TEST(rules_lvl_reaction_is_the_one_required)
{
    gn_rules_expect(levels, _i);
}
END_TEST

Suite *
gn_test_rules_frm(void)
{
    Suite *suite = suite_create("conn/rules_frm");
    TCase *table = tcase_create("table");

    tcase_add_loop_test(table, rules_frm_reaction_is_the_one_required, 0, 2 * ROWS);
    tcase_add_loop_test(table, rules_lvl_reaction_is_the_one_required, 0, 2 * LEVELS);
    suite_add_tcase(suite, table);
    return suite;
}
