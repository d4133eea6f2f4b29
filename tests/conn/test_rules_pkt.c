/*
 * test_rules_pkt.c: the rules about packets and datagrams, a row each; see rules.h.
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/rules.h"
#include "tests/support/rules_words.h"
#include "wire/header_read.h"

enum {
    ELSEWHERE = 9, /* a route of nobody */
    STREAM = 23    /* a server's sixth unidirectional one; 22 is the client's */
};

static uint8_t bytes[2 * GN_DATAGRAM_MAX];

/* ------------------------------------------------------------------ bits of the first byte */

static void
fixed_bit(gn_rules *run)
{
    gn_rules_take(run);
    run->forge.clear_bits = gn_rules_legal(run) ? 0 : GN_HEADER_FIXED;
    gn_rules_put(run);
    gn_rules_send(run);
    run->forge.clear_bits = 0;
}

/* more: the bits that are set, at the level of the stage. */
static void
reserved_at_stage(gn_rules *run)
{
    uint8_t bits[512];

    ck_assert_uint_eq(gn_rules_bytes(run, run->row->more, bits), 1);
    run->forge.reserved_bits = bits[0];
    gn_rules_put(run);
    gn_rules_send(run);
}

static void
reserved_initial(gn_rules *run)
{
    gn_rules_reach_initial(run);
    reserved_at_stage(run);
}

static void
reserved_handshake(gn_rules *run)
{
    gn_rules_reach_handshake(run);
    reserved_at_stage(run);
}

static void
reserved_1rtt(gn_rules *run)
{
    gn_rules_take(run);
    reserved_at_stage(run);
}

/* ------------------------------------------------------------------ lengths */

/* The bytes of the text as a datagram, when all is well. */
static void
datagram(gn_rules *run)
{
    uint8_t text[512];

    gn_rules_confirm(run);
    gn_rules_give(run, text, gn_rules_bytes(run, run->row->text, text));
}

/* The Length field says one byte more than there is. */
static void
length_too_large(gn_rules *run)
{
    gn_rules_reach_initial(run);
    run->forge.pad_to = 1201;
    gn_rules_put(run);
    const size_t len = gn_test_forge_seal(&run->forge, bytes);
    gn_rules_give(run, bytes, gn_rules_legal(run) ? len : len - 1);
}

/* Four bytes of a packet number and 15 more: no sample for header protection. */
static void
no_sample(gn_rules *run)
{
    enum { SHORT = 1 + 8 + 4 + 15 };

    gn_rules_take(run);
    memset(bytes, 0x41, SHORT);
    memcpy(bytes + 1, run->forge.dcid.bytes, run->forge.dcid.len);
    gn_rules_give(run, bytes, SHORT);
}

static void
no_sample_in_handshake(gn_rules *run)
{
    enum { HEAD = 1 + 4 + 1 + 8 + 1, LENGTH = 4 + 15 };

    gn_rules_reach_handshake(run);
    memset(bytes, 0x41, HEAD + 1 + LENGTH);
    memcpy(bytes, "\xe0\0\0\0\1\x08", 6);
    memcpy(bytes + 6, run->forge.dcid.bytes, 8);
    bytes[14] = 0;
    bytes[HEAD] = LENGTH;
    gn_rules_give(run, bytes, HEAD + 1 + LENGTH);
}

/* The first Initial again, without padding of its own. Its length. */
static size_t
bare_initial(gn_rules *run, uint32_t nth, size_t pad_to)
{
    const gn_test_pair_packet *sent = &run->pair.side[GN_TEST_CLIENT].sent[nth];
    size_t kept = sent->payload_len;

    while (kept > 0 && sent->payload[kept - 1] == 0)
        kept--;
    gn_rules_shadow(run, GN_PACKET_INITIAL);
    run->forge.pn[GN_SPACE_INITIAL] = sent->pn;
    run->forge.dcid = sent->dcid;
    run->forge.pad_to = pad_to;
    gn_test_forge_bytes(&run->forge, sent->payload, kept);
    return gn_test_forge_seal(&run->forge, bytes);
}

static void
small_first(gn_rules *run)
{
    gn_test_pair_start(&run->pair);
    gn_rules_give(run, bytes, bare_initial(run, 0, gn_rules_legal(run) ? 1200 : 1199));
}

/* The ClientHello takes two packets; the second comes in a datagram that is too small. */
static void
small_second(gn_rules *run)
{
    static const uint8_t head[] = {0x3a, 0x45, 0x78}; /* an unknown parameter of 1400 bytes */

    memcpy(run->parameters, head, sizeof head);
    run->add = gn_span_of(run->parameters, sizeof head + 1400);
    gn_test_pair_start(&run->pair);
    ck_assert_uint_ge(run->pair.flying, 2);
    run->pair.flying = 1;
    gn_test_pair_run(&run->pair, 11 * GN_MS);
    gn_rules_give(run, bytes, bare_initial(run, 1, gn_rules_legal(run) ? 1200 : 1199));
    gn_rules_want(
        run, !gn_rules_legal(run) || run->pair.side[GN_TEST_SERVER].has_secret[0][GN_TEST_SERVER],
        "the ClientHello is whole");
}

static gn_test_fate
zeros_outside(gn_test_pair *pair, gn_test_datagram *d)
{
    gn_rules *run = (gn_rules *)pair;

    if (d->to != run->sut || d->nth > 0)
        return GN_TEST_PASS;
    memset(bytes, 0, sizeof bytes);
    const size_t len = bare_initial(run, 0, 0);
    gn_rules_want(run, len < 1100, "the packet is small");
    memcpy(d->bytes, bytes, d->len);
    gn_rules_want(run, d->len == 1200, "the datagram is not");
    return GN_TEST_PASS;
}

static void
padding_outside(gn_rules *run)
{
    run->pair.hook = zeros_outside;
    gn_test_pair_start(&run->pair);
}

/* As small as a packet can be: our ID is short, the frame is PING. */
static void
tiny(gn_rules *run)
{
    run->pair.side[run->sut].config.cid_len = 4;
    gn_rules_in_1rtt(run);
}

/* ------------------------------------------------------------------ damage and copies */

static void
bit_flipped(gn_rules *run)
{
    gn_rules_take(run);
    gn_test_forge_stream(&run->forge, (uint64_t)run->peer, 0, 20, false);
    const size_t len = gn_test_forge_seal(&run->forge, bytes);
    bytes[len - 20] ^= gn_rules_legal(run) ? 0 : 1;
    gn_rules_give(run, bytes, len);
}

/* more: how many packets come in between, in hexadecimal of two bytes. */
static void
copy(gn_rules *run)
{
    uint8_t count[512];

    ck_assert_uint_eq(gn_rules_bytes(run, run->row->more, count), 2);
    gn_rules_take(run);
    gn_test_forge_stream(&run->forge, (uint64_t)run->peer, 0, 20, false);
    const size_t len = gn_test_forge_seal(&run->forge, bytes);
    gn_rules_give(run, bytes, len);
    for (int i = count[0] << 8 | count[1]; i > 0; i--)
        gn_test_forge_say(&run->forge, "01");
    gn_rules_give(run, bytes, len);
    gn_rules_want(run, gn_test_pair_stream(&run->pair, run->sut, (uint64_t)run->peer)->bytes == 20,
                  "the data come once");
}

/* A packet that cannot be opened, and behind it one that can: the text. */
static void
behind_garbage(gn_rules *run, const gn_cid *dcid, gn_packet_kind kind)
{
    gn_rules_reach_handshake(run);
    gn_test_forge_hex(&run->forge, "01");
    const size_t len = gn_test_forge_seal(&run->forge, bytes);
    bytes[len - 1] ^= 1;
    if (dcid != NULL)
        run->forge.dcid = *dcid;
    run->forge.kind = kind;
    gn_rules_put(run);
    run->forge.pad_to = kind == GN_PACKET_INITIAL ? 1200 : 0;
    gn_rules_give(run, bytes, len + gn_test_forge_seal(&run->forge, bytes + len));
}

static void
garbage_first(gn_rules *run)
{
    behind_garbage(run, NULL, GN_PACKET_HANDSHAKE);
}

/* The second one is for an ID of the same connection, if there is one, but not the first one's. */
static void
another_id(gn_rules *run)
{
    static const gn_cid nobody = {.len = 8, .bytes = {1, 2, 3}};
    gn_cid id = nobody;

    if (run->sut == GN_TEST_CLIENT) {
        behind_garbage(run, &id, GN_PACKET_HANDSHAKE);
        return;
    }
    /* The client chooses the ID of its first Initial from its seed: it is the same each time. */
    gn_test_pair_start(&run->pair);
    id = run->pair.side[GN_TEST_CLIENT].sent[0].dcid;
    gn_test_pair_end(&run->pair);
    gn_test_pair_init(&run->pair);
    behind_garbage(run, &id, GN_PACKET_INITIAL);
}

static void
empty_handshake(gn_rules *run)
{
    gn_rules_reach_handshake(run);
    gn_rules_send(run);
}

/* ------------------------------------------------------------------ from where, for whom, when */

static void
server_0rtt(gn_rules *run)
{
    gn_rules_reach_handshake(run);
    gn_rules_put(run);
    const size_t len = gn_test_forge_seal(&run->forge, bytes);
    if (!gn_rules_legal(run))
        bytes[0] = (uint8_t)((bytes[0] & 0xcf) | 0x10);
    gn_rules_give(run, bytes, len);
}

static void
server_token(gn_rules *run)
{
    gn_rules_reach_initial(run);
    run->forge.token = gn_span_of((const uint8_t *)"token", gn_rules_legal(run) ? 0 : 5);
    gn_rules_put(run);
    gn_rules_send(run);
}

static void
from_elsewhere(gn_rules *run)
{
    gn_rules_take(run);
    gn_rules_put(run);
    const size_t len = gn_test_forge_seal(&run->forge, bytes);
    gn_rules_mark(run);
    gn_test_pair_give(&run->pair, run->sut, bytes, len,
                      gn_rules_legal(run) ? run->forge.route : ELSEWHERE, run->forge.host);
}

static void
another_source(gn_rules *run)
{
    gn_rules_reach_handshake(run);
    run->forge.scid.bytes[0] ^= gn_rules_legal(run) ? 0 : 1;
    gn_rules_put(run);
    gn_rules_send(run);
}

/* The client's first Initial, to an ID of seven bytes; eight are the ones that it chose. */
static void
short_id(gn_rules *run)
{
    gn_test_pair_start(&run->pair);
    const gn_test_pair_packet *sent = &run->pair.side[GN_TEST_CLIENT].sent[0];
    gn_rules_shadow(run, GN_PACKET_INITIAL);
    run->forge.pn[GN_SPACE_INITIAL] = 0;
    run->forge.original = gn_cid_from(sent->dcid.bytes, gn_rules_legal(run) ? 8 : 7);
    run->forge.dcid = run->forge.original;
    gn_test_forge_bytes(&run->forge, sent->payload, sent->payload_len);
    gn_rules_send(run);
}

static void
late_initial(gn_rules *run)
{
    gn_rules_confirm(run);
    gn_rules_shadow(run, GN_PACKET_INITIAL);
    run->forge.pad_to = 1200;
    gn_rules_put(run);
    gn_rules_send(run);
}

static void
late_handshake(gn_rules *run)
{
    gn_rules_confirm(run);
    gn_rules_shadow(run, GN_PACKET_HANDSHAKE);
    gn_rules_put(run);
    gn_rules_send(run);
}

/* The client's Finished is lost once. */
static gn_test_fate
lose_handshake(gn_test_pair *pair, gn_test_datagram *d)
{
    gn_header h;

    if (d->to == GN_TEST_CLIENT || pair->now > 30 * GN_MS ||
        gn_header_read(d->bytes, d->len, 8, &h) != GN_OK)
        return GN_TEST_PASS;
    return h.kind == GN_PACKET_ONE_RTT || d->nth == 0 ? GN_TEST_PASS : GN_TEST_DROP;
}

/* The server hears of the client's data before it hears of the end of the handshake. */
static void
early_for_server(gn_rules *run)
{
    const gn_test_side *server = &run->pair.side[GN_TEST_SERVER];

    run->pair.hook = lose_handshake;
    gn_test_pair_start(&run->pair);
    while ((run->pair.side[GN_TEST_CLIENT].states & 1u << GN_STATE_READY) == 0)
        ck_assert(gn_test_pair_step(&run->pair, GN_SECOND));
    const uint64_t id = gn_test_pair_open(&run->pair, GN_TEST_CLIENT, true);
    (void)gn_test_pair_write(&run->pair, GN_TEST_CLIENT, id, 0, 20, true);
    const uint64_t received = server->received;
    gn_test_pair_run(&run->pair, run->pair.now + 12 * GN_MS);
    gn_rules_want(run, server->received > received, "the data arrived");
    gn_rules_want(run, server->streams == 0, "and were not read");
    for (uint32_t i = 0; i < server->sents; i++)
        gn_rules_want(run, server->sent[i].kind != GN_EVENT_ONE_RTT, "nor acknowledged");
}

static void
early_1rtt(gn_rules *run)
{
    if (run->sut == GN_TEST_SERVER) {
        early_for_server(run);
        return;
    }
    gn_test_pair_start(&run->pair);
    gn_rules_run_until_sent(run, GN_TEST_SERVER, GN_EVENT_HANDSHAKE);
    gn_rules_shadow(run, GN_PACKET_ONE_RTT);
    run->forge.dcid = run->pair.side[GN_TEST_CLIENT].sent[0].scid;
    gn_test_forge_stream(&run->forge, STREAM, 0, 20, false);
    gn_rules_send(run);
    gn_rules_want(run, run->pair.side[GN_TEST_CLIENT].streams == 0, "nothing was read");
    gn_rules_want(run, run->pair.side[GN_TEST_CLIENT].datagrams == 1, "nothing was answered");
    gn_test_pair_run(&run->pair, run->pair.now + GN_SECOND);
    gn_rules_want(run, run->pair.side[GN_TEST_CLIENT].streams == 1, "it was read in the end");
}

static void
number_jumps(gn_rules *run)
{
    gn_rules_take(run);
    run->forge.pn[GN_SPACE_APP] += 1u << 20;
    gn_rules_put(run);
    gn_rules_send(run);
}

#define BYE "1c 07 00 00" /* CONNECTION_CLOSE */
#define ID19 "0102030405060708090a0b0c0d0e0f10111213"
#define ID20 ID19 "14"

/* clang-format off */
static const gn_rule rows[] = {
    {"PKT-002", "RFC 9000 17.3.1", BOTH, DROP, 0, fixed_bit, "01", NULL},
    {"PKT-002+", "RFC 9000 17.3.1", BOTH, ACK, 0, fixed_bit, "01", NULL},
    {"PKT-003", "RFC 9000 17.2", BOTH, CLOSE, VIOLATION, reserved_initial, "01", "04"},
    {"PKT-003", "RFC 9000 17.2", BOTH, CLOSE, VIOLATION, reserved_initial, "01", "08"},
    {"PKT-004", "RFC 9000 17.2", BOTH, CLOSE, VIOLATION, reserved_handshake, "01", "04"},
    {"PKT-004", "RFC 9000 17.2", BOTH, CLOSE, VIOLATION, reserved_handshake, "01", "08"},
    {"PKT-005", "RFC 9000 17.3.1", BOTH, CLOSE, VIOLATION, reserved_1rtt, "01", "08"},
    {"PKT-005", "RFC 9000 17.3.1", BOTH, CLOSE, VIOLATION, reserved_1rtt, "01", "10"},
    /* The spin bit is anybody's. */
    {"PKT-005+", "RFC 9000 17.4", BOTH, ACK, 0, reserved_1rtt, "01", "20"},
    {"PKT-007", "RFC 9000 17.2", BOTH, DROP, 0, datagram,
     "c0 00000001 15" ID20 "15 08 0102030405060708 00 20" ID20 ID20, NULL},
    {"PKT-009", "RFC 9000 12.2", BOTH, DROP, 0, length_too_large, BYE, NULL},
    {"PKT-009+", "RFC 9000 12.2", BOTH, HEAR, 7, length_too_large, BYE, NULL},
    {"PKT-010", "RFC 9001 5.4.2", BOTH, DROP, 0, no_sample, NULL, NULL},
    {"PKT-010", "RFC 9001 5.4.2", BOTH, DROP, 0, no_sample_in_handshake, NULL, NULL},
    {"PKT-011", "RFC 9000 12.2", BOTH, DROP, 0, bit_flipped, NULL, NULL},
    {"PKT-011+", "RFC 9000 12.2", BOTH, ACK, 0, bit_flipped, NULL, NULL},
    {"PKT-012", "RFC 9000 12.3", BOTH, DROP, 0, copy, NULL, "0000"},
    {"PKT-013", "RFC 9000 12.2", BOTH, HEAR, 7, garbage_first, BYE, NULL},
    {"PKT-014", "RFC 9000 12.2", BOTH, DROP, 0, another_id, BYE, NULL},
    {"PKT-016", "RFC 9000 12.4", BOTH, CLOSE, VIOLATION, empty_handshake, NULL, NULL},
    {"PKT-017", "RFC 9000 12.4", BOTH, CLOSE, VIOLATION, gn_rules_in_1rtt, "", NULL},
    {"PKT-018", "RFC 9000 14.1", SERVER, DROP, 0, small_first, NULL, NULL},
    {"PKT-018+", "RFC 9000 14.1", SERVER, LIVE, 0, small_first, NULL, NULL},
    {"PKT-019", "RFC 9000 14.1", SERVER, DROP, 0, small_second, NULL, NULL},
    {"PKT-019+", "RFC 9000 14.1", SERVER, LIVE, 0, small_second, NULL, NULL},
    {"PKT-020", "RFC 9000 14.1", SERVER, LIVE, 0, padding_outside, NULL, NULL},
    {"PKT-021", "RFC 9001 5.6", CLIENT, DROP, 0, server_0rtt, BYE, NULL},
    {"PKT-021+", "RFC 9001 5.6", CLIENT, HEAR, 7, server_0rtt, BYE, NULL},
    {"PKT-023", "RFC 9000 17.2.2", CLIENT, DROP, 0, server_token, BYE, NULL},
    {"PKT-023+", "RFC 9000 17.2.2", CLIENT, HEAR, 7, server_token, BYE, NULL},
    {"PKT-024", "RFC 9000 9", CLIENT, DROP, 0, from_elsewhere, BYE, NULL},
    {"PKT-024+", "RFC 9000 9", CLIENT, HEAR, 7, from_elsewhere, BYE, NULL},
    {"PKT-025", "RFC 9000 7.2", CLIENT, DROP, 0, another_source, BYE, NULL},
    {"PKT-025+", "RFC 9000 7.2", CLIENT, HEAR, 7, another_source, BYE, NULL},
    {"PKT-026", "RFC 9000 7.2", SERVER, DROP, 0, short_id, NULL, NULL},
    {"PKT-026+", "RFC 9000 7.2", SERVER, LIVE, 0, short_id, NULL, NULL},
    {"PKT-027", "RFC 9001 4.9.1", SERVER, DROP, 0, late_initial, BYE, NULL},
    {"PKT-028", "RFC 9001 4.9.2", BOTH, DROP, 0, late_handshake, BYE, NULL},
    {"PKT-030", "RFC 9001 5.7", SERVER, LIVE, 0, early_1rtt, NULL, NULL},
    /* Held until the handshake is complete; then the server that the forger is not sees a number
     * acknowledged that it never sent. */
    {"PKT-030", "RFC 9001 5.7", CLIENT, WANTS, 0, early_1rtt, NULL, NULL},
    {"PKT-031", "RFC 9000 17.1", BOTH, ACK, 0, number_jumps, "01", NULL},
    {"PKT-032", "RFC 9000 14", BOTH, ACK, 0, tiny, "01", NULL},
    {"PKT-033", "RFC 9000 10.3", BOTH, DROP, 0, datagram, "", NULL},
    {"PKT-033", "RFC 9000 10.3", BOTH, DROP, 0, datagram, "40", NULL},
    {"PKT-033", "RFC 9000 10.3", BOTH, DROP, 0, datagram, "c0", NULL},
    {"PKT-033", "RFC 9000 10.3", BOTH, DROP, 0, datagram, "40" ID19, NULL},
    {"PKT-034", "RFC 9000 12.3", BOTH, DROP, 0, copy, NULL, "03e8"},
    {"PKT-035", "RFC 9000 12.4", BOTH, CLOSE, VIOLATION, gn_rules_in_1rtt, "4001", NULL},
};
/* clang-format on */

enum { ROWS = sizeof rows / sizeof rows[0] };

START_TEST(rules_pkt_reaction_is_the_one_required)
{
    gn_rules_expect(rows, _i);
}
END_TEST

Suite *
gn_test_rules_pkt(void)
{
    return gn_rules_suite("conn/rules_pkt", rules_pkt_reaction_is_the_one_required, ROWS);
}
