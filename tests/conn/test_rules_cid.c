/*
 * test_rules_cid.c: the rules about connection IDs and stateless resets, a row each; see rules.h.
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/rules.h"
#include "tests/support/rules_words.h"

enum {
    FIRST_FREE = 4, /* the peer has used 0 to 3: as many as the side under test allows */
    IDS_MAX = 64
};

#define IN_1RTT(text) gn_rules_in_1rtt, text, NULL
#define ID "0102030405060708"
#define ANOTHER "1112131415161718"
#define TOKEN "000102030405060708090a0b0c0d0e0f"
#define ANOTHER_TOKEN "101112131415161718191a1b1c1d1e1f"

/* The forger says this, and what is due in answer has time. */
static void
say(gn_rules *run, const char *text)
{
    gn_test_forge_say(&run->forge, text);
    gn_test_pair_run(&run->pair, run->pair.now + 30 * GN_MS);
}

/* The NEW_CONNECTION_ID frames that a side has sent, each sequence number once. */
static uint32_t
issued(const gn_rules *run, int side, gn_frame_new_connection_id out[IDS_MAX])
{
    uint32_t count = 0;
    gn_frame frame;

    for (uint32_t at = 0;
         gn_test_pair_sent(&run->pair, side, GN_FRAME_NEW_CONNECTION_ID, &at, &frame); at++) {
        /* A packet may hold several. */
        const gn_test_pair_packet *sent = &run->pair.side[side].sent[at];
        gn_reader r = gn_reader_over(sent->payload, sent->payload_len);
        gn_fault fault;
        while (gn_reader_left(&r) > 0 && gn_frame_read(&r, &frame, &fault) == GN_OK) {
            bool known = frame.type != GN_FRAME_NEW_CONNECTION_ID;
            for (uint32_t i = 0; i < count && !known; i++)
                known = out[i].seq == frame.as.new_connection_id.seq;
            if (!known && count < IDS_MAX)
                out[count++] = frame.as.new_connection_id;
        }
    }
    return count;
}

/* Whether the side under test has retired this one of the peer's. */
static bool
retired(const gn_rules *run, uint64_t seq)
{
    gn_frame frame;
    gn_fault fault;

    for (uint32_t i = 0; i < run->pair.side[run->sut].sents; i++) {
        const gn_test_pair_packet *sent = &run->pair.side[run->sut].sent[i];
        gn_reader r = gn_reader_over(sent->payload, sent->payload_len);
        while (gn_reader_left(&r) > 0 && gn_frame_read(&r, &frame, &fault) == GN_OK)
            if (frame.type == GN_FRAME_RETIRE_CONNECTION_ID &&
                frame.as.retire_connection_id.seq == seq)
                return true;
    }
    return false;
}

static const gn_cid *
last_dcid(const gn_rules *run)
{
    const gn_test_side *side = &run->pair.side[run->sut];

    return &side->sent[side->sents - 1].dcid;
}

static bool
is_id(const gn_cid *cid)
{
    return cid->len == 8 && cid->bytes[0] == 1 && cid->bytes[7] == 8;
}

/* ------------------------------------------------------------------ said twice */

/* An ID of the peer's again, changed by change. */
static void
again(gn_rules *run, void (*change)(gn_frame_new_connection_id *))
{
    gn_frame_new_connection_id ids[IDS_MAX];
    gn_frame frame = {.type = GN_FRAME_NEW_CONNECTION_ID};

    gn_rules_take(run);
    const uint32_t count = issued(run, run->peer, ids);
    ck_assert_uint_eq(count, FIRST_FREE - 1);
    frame.as.new_connection_id = ids[0];
    if (change != NULL)
        change(&frame.as.new_connection_id);
    gn_test_forge_frame(&run->forge, &frame);
    gn_rules_send(run);
}

static void
change_id(gn_frame_new_connection_id *id)
{
    id->cid.bytes[0] ^= 1;
}

static void
change_seq(gn_frame_new_connection_id *id)
{
    id->seq = FIRST_FREE;
}

static void
change_token(gn_frame_new_connection_id *id)
{
    id->reset_token[0] ^= 1;
}

static void
repeated(gn_rules *run)
{
    again(run, NULL);
}

static void
repeated_with_another_id(gn_rules *run)
{
    again(run, change_id);
}

static void
repeated_with_another_seq(gn_rules *run)
{
    again(run, change_seq);
}

static void
repeated_with_another_token(gn_rules *run)
{
    again(run, change_token);
}

/* The peer, or (more) the side under test, has no IDs. */
static void
without_ids(gn_rules *run)
{
    run->pair.side[run->row->more == NULL ? run->peer : run->sut].config.cid_len = 0;
    gn_rules_in_1rtt(run);
}

/* ------------------------------------------------------------------ retired */

static void
below_retired(gn_rules *run)
{
    gn_rules_take(run);
    say(run, "18 06 06 08" ANOTHER TOKEN);
    gn_rules_want(run, !retired(run, 5), "5 is not known yet");
    say(run, "18 05 00 08" ID ANOTHER_TOKEN);
    gn_rules_want(run, retired(run, 5), "5 is retired at once");
    for (uint32_t i = 0; i < run->pair.side[run->sut].sents; i++)
        gn_rules_want(run, !is_id(&run->pair.side[run->sut].sent[i].dcid), "5 is never used");
}

static void
retired_in_use(gn_rules *run)
{
    gn_rules_take(run);
    say(run, "18 04 04 08" ID TOKEN);
    for (uint64_t seq = 0; seq < FIRST_FREE; seq++)
        gn_rules_want(run, retired(run, seq), "all IDs below are retired");
    gn_rules_want(run, is_id(last_dcid(run)), "the new ID is used");
}

/* The ID that the packet is for; a legal neighbour comes by another one. */
static void
retired_by_itself(gn_rules *run)
{
    gn_frame_new_connection_id ids[IDS_MAX];

    gn_rules_take(run);
    ck_assert_uint_ge(issued(run, run->sut, ids), 1);
    if (gn_rules_legal(run))
        run->forge.dcid = ids[0].cid;
    gn_rules_put(run);
    gn_rules_send(run);
}

/* Retires one after the other: each time the next one comes, and never more than are wanted. */
static void
replaced(gn_rules *run)
{
    gn_frame_new_connection_id ids[IDS_MAX];
    const uint32_t limit = gn_rules_legal(run) ? 3 : 2;

    run->pair.side[run->peer].config.active_connection_id_limit = limit;
    gn_rules_take(run);
    for (uint8_t seq = 1; seq < 10; seq++) {
        const uint8_t frame[] = {GN_FRAME_RETIRE_CONNECTION_ID, seq};
        const uint32_t count = issued(run, run->sut, ids);
        gn_rules_want(run, count == limit - 2 + seq, "there are as many as are allowed");
        for (uint32_t i = 0; i < count; i++) {
            gn_rules_want(run, ids[i].seq == i + 1, "each has the next number");
            for (uint32_t j = 0; j < i; j++)
                gn_rules_want(
                    run,
                    !gn_cid_equal(&ids[i].cid, &ids[j].cid) &&
                        memcmp(ids[i].reset_token, ids[j].reset_token, GN_RESET_TOKEN_BYTES) != 0,
                    "no ID and no token comes twice");
        }
        gn_test_forge_bytes(&run->forge, frame, sizeof frame);
        gn_test_forge_send(&run->forge);
        gn_test_pair_run(&run->pair, run->pair.now + 30 * GN_MS);
    }
}

static void
each_id(gn_rules *run)
{
    gn_test_side *side = &run->pair.side[run->sut];
    gn_frame_new_connection_id ids[IDS_MAX];

    gn_rules_take(run);
    const uint32_t count = issued(run, run->sut, ids);
    const gn_cid first = run->forge.dcid;
    gn_rules_want(run, count == 3, "there are several");
    for (uint32_t i = 0; i < count; i++) {
        const uint64_t received = gn_test_pair_info(&run->pair, run->sut).packets_received;
        run->forge.dcid = ids[i].cid;
        say(run, "01");
        gn_rules_want(run, gn_test_pair_info(&run->pair, run->sut).packets_received == received + 1,
                      "each is listened to");
    }
    gn_rules_want(run, side->dropped[GN_DROP_UNKNOWN] == 0, "nothing was dropped");
    run->forge.dcid = first;
    say(run, "19 02");
    run->forge.dcid = ids[1].cid; /* number 2 */
    const uint64_t received = gn_test_pair_info(&run->pair, run->sut).packets_received;
    gn_test_forge_say(&run->forge, "01");
    gn_rules_want(run, gn_test_pair_info(&run->pair, run->sut).packets_received == received,
                  "a retired one is not");
    run->forge.dcid = first;
}

/* ------------------------------------------------------------------ stateless resets */

/* A datagram of so many bytes that ends in the text; with a long header if first says so. */
static void
give_reset(gn_rules *run, uint8_t first, const char version[4], const char *token)
{
    enum { RESET_BYTES = 60 };
    uint8_t bytes[RESET_BYTES];
    uint8_t end[512];

    memset(bytes, 0x5a, sizeof bytes);
    bytes[0] = first;
    memcpy(bytes + 1, version, 4);
    bytes[5] = 8;
    memcpy(bytes + 6, "nobody's", 8);
    bytes[14] = 0;
    bytes[15] = sizeof bytes - 16;
    const size_t len = gn_rules_bytes(run, token, end);
    memcpy(bytes + sizeof bytes - len, end, len);
    gn_rules_give(run, bytes, sizeof bytes);
}

static void
want_reset(gn_rules *run)
{
    gn_test_side *side = &run->pair.side[run->sut];

    gn_rules_want(run, side->closed.detail == GN_CLOSE_STATELESS_RESET, "it is told of the reset");
    const uint64_t datagrams = side->datagrams;
    gn_rules_want(run, datagrams == run->datagrams, "it says nothing");
    gn_test_forge_say(&run->forge, "01");
    gn_test_pair_run(&run->pair, run->pair.now + 10 * GN_SECOND);
    gn_rules_want(run, side->datagrams == datagrams, "it stays silent");
    gn_rules_want(run, gn_endpoint_connections(side->endpoint) == 0, "and goes");
}

/* Strangers are not answered, so that what is ignored leaves no trace. */
static void
take_quiet(gn_rules *run)
{
    run->pair.side[run->sut].config.stateless_reset = 0;
    gn_rules_take(run);
}

/* The token is that of the server's parameters. */
static void
reset_first(gn_rules *run)
{
    run->cut = "02";
    run->add = gn_span_of(run->parameters, gn_rules_bytes(run, "02 10" TOKEN, run->parameters));
    take_quiet(run);
    give_reset(run, 0x40, "\0\0\0\1", run->row->text);
    if (run->row->reaction == WANTS)
        want_reset(run);
}

/* The ID in use has this token. more: the first byte of the datagram, and the version. */
static void
reset_used(gn_rules *run)
{
    uint8_t first[512];

    (void)gn_rules_bytes(run, run->row->more, first);
    take_quiet(run);
    say(run, "18 04 04 08" ID TOKEN);
    give_reset(run, first[0], (const char *)first + 1, run->row->text);
    want_reset(run);
}

static void
reset_retired(gn_rules *run)
{
    take_quiet(run);
    say(run, "18 04 04 08" ID TOKEN);
    say(run, "18 05 05 08" ANOTHER ANOTHER_TOKEN);
    gn_test_forge_ack(&run->forge);
    give_reset(run, 0x40, "\0\0\0\1", TOKEN);
}

static void
reset_unused(gn_rules *run)
{
    take_quiet(run);
    say(run, "18 04 01 08" ID TOKEN);
    gn_rules_want(run, !is_id(last_dcid(run)), "that ID is not used");
    give_reset(run, 0x40, "\0\0\0\1", TOKEN);
}

static void
unknown_id(gn_rules *run)
{
    static uint8_t bytes[1200];
    const gn_test_side *side = &run->pair.side[run->sut];

    gn_rules_confirm(run);
    memset(bytes, 0x41, sizeof bytes);
    const uint64_t datagrams = side->datagrams;
    gn_rules_give(run, bytes, sizeof bytes);
    gn_rules_want(run, side->datagrams == datagrams + 1 && run->pair.flying == 1, "one answer");
    const gn_test_datagram *d = &run->pair.flight[0];
    gn_rules_want(run, d->len >= 21 && d->len < sizeof bytes, "of a good length");
    gn_rules_want(run, (d->bytes[0] & 0xc0) == 0x40, "like a short header");
}

/* clang-format off */
static const gn_rule rows[] = {
    {"CID-001", "RFC 9000 19.15", BOTH, CLOSE, ENCODING, IN_1RTT("18 04 01 00" TOKEN)},
    {"CID-001+", "RFC 9000 19.15", BOTH, ACK, 0, IN_1RTT("18 04 01 01 aa" TOKEN)},
    {"CID-002", "RFC 9000 19.15", BOTH, CLOSE, ENCODING,
     IN_1RTT("18 04 01 15" ID ID "0102030405" TOKEN)},
    {"CID-002+", "RFC 9000 19.15", BOTH, ACK, 0, IN_1RTT("18 04 01 14" ID ID "01020304" TOKEN)},
    {"CID-003", "RFC 9000 19.15", BOTH, CLOSE, ENCODING, IN_1RTT("18 04 05 08" ID TOKEN)},
    {"CID-003+", "RFC 9000 19.15", BOTH, ACK, 0, IN_1RTT("18 04 04 08" ID TOKEN)},
    {"CID-004", "RFC 9000 19.15", BOTH, CLOSE, VIOLATION, without_ids, "18 01 00 08" ID TOKEN,
     NULL},
    {"CID-004+", "RFC 9000 5.1", BOTH, ACK, 0, without_ids, "01", NULL},
    {"CID-005", "RFC 9000 5.1.1", BOTH, CLOSE, LIMIT, IN_1RTT("18 04 00 08" ID TOKEN)},
    {"CID-005+", "RFC 9000 5.1.1", BOTH, ACK, 0, IN_1RTT("18 04 01 08" ID TOKEN)},
    {"CID-007", "RFC 9000 19.15", BOTH, ACK, 0, repeated, NULL, NULL},
    {"CID-008", "RFC 9000 19.15", BOTH, CLOSE, VIOLATION, repeated_with_another_id, NULL, NULL},
    {"CID-009", "RFC 9000 19.15", BOTH, CLOSE, VIOLATION, repeated_with_another_seq, NULL, NULL},
    {"CID-009", "RFC 9000 19.15", BOTH, CLOSE, VIOLATION, repeated_with_another_token, NULL, NULL},
    {"CID-010", "RFC 9000 10.3.2", BOTH, LIVE, 0,
     IN_1RTT("18 04 02 08" ID TOKEN "18 05 02 08" ANOTHER TOKEN)},
    {"CID-011", "RFC 9000 19.15", BOTH, LIVE, 0, below_retired, NULL, NULL},
    {"CID-012", "RFC 9000 5.1.2", BOTH, LIVE, 0, retired_in_use, NULL, NULL},
    {"CID-014", "RFC 9000 19.16", BOTH, CLOSE, VIOLATION, IN_1RTT("19 04")},
    {"CID-014+", "RFC 9000 19.16", BOTH, ACK, 0, IN_1RTT("19 03")},
    {"CID-015", "RFC 9000 19.16", BOTH, CLOSE, VIOLATION, retired_by_itself, "19 00", NULL},
    {"CID-015+", "RFC 9000 19.16", BOTH, ACK, 0, retired_by_itself, "19 00", NULL},
    {"CID-016", "RFC 9000 19.16", CLIENT, CLOSE, VIOLATION, without_ids, "19 00", "ours"},
    {"CID-016+", "RFC 9000 5.1", CLIENT, ACK, 0, without_ids, "01", "ours"},
    {"CID-017", "RFC 9000 5.1.1", BOTH, LIVE, 0, replaced, NULL, NULL},
    {"CID-018", "RFC 9000 5.1.1", BOTH, LIVE, 0, replaced, NULL, NULL},
    {"CID-018+", "RFC 9000 5.1.1", BOTH, LIVE, 0, replaced, NULL, NULL},
    {"CID-019", "RFC 9000 5.1.1", BOTH, LIVE, 0, each_id, NULL, NULL},
    {"SRT-001", "RFC 9000 10.3", SERVER, WANTS, 0, unknown_id, NULL, NULL},
    {"SRT-002", "RFC 9000 10.3.1", CLIENT, WANTS, 0, reset_first, TOKEN, NULL},
    {"SRT-002+", "RFC 9000 10.3.1", CLIENT, DROP, 0, reset_first, ANOTHER_TOKEN, NULL},
    {"SRT-003", "RFC 9000 10.3.1", BOTH, DROP, 0, reset_retired, NULL, NULL},
    {"SRT-004", "RFC 9000 10.3.1", BOTH, DROP, 0, reset_unused, NULL, NULL},
    {"SRT-004+", "RFC 9000 10.3.1", BOTH, WANTS, 0, reset_used, TOKEN, "40 00000001"},
    {"SRT-005", "RFC 9000 10.3", BOTH, WANTS, 0, reset_used, TOKEN, "e0 00000001"},
    {"SRT-005", "RFC 9000 10.3", BOTH, WANTS, 0, reset_used, TOKEN, "c0 baba1234"},
    {"SRT-005", "RFC 9000 10.3", BOTH, WANTS, 0, reset_used, TOKEN, "c0 00000000"},
    {"SRT-005", "RFC 9000 10.3", BOTH, WANTS, 0, reset_used, TOKEN, "80 00000001"},
    {"SRT-005", "RFC 9000 10.3", BOTH, WANTS, 0, reset_used, TOKEN, "00 00000001"},
    {"SRT-007", "RFC 9000 10.3.2", BOTH, LIVE, 0, replaced, NULL, NULL},
};
/* clang-format on */

enum { ROWS = sizeof rows / sizeof rows[0] };

START_TEST(rules_cid_reaction_is_the_one_required)
{
    gn_rules_expect(rows, _i);
}
END_TEST

Suite *
gn_test_rules_cid(void)
{
    return gn_rules_suite("conn/rules_cid", rules_cid_reaction_is_the_one_required, ROWS);
}
