/*
 * test_rules_amp.c: the rules about amplification and padding, a row each; see rules.h.
 */
#include <check.h>
#include <string.h>

#include "endpoint/endpoint.h"
#include "suites.h"
#include "tests/support/rules.h"
#include "tests/support/rules_words.h"
#include "wire/frame_rules.h"
#include "wire/header_read.h"

enum { STRANGER = 150 /* a route of nobody */ };

static uint8_t bytes[GN_DATAGRAM_MAX];

/* ------------------------------------------------------------------ three times */

/* The client says one thing and is heard of no more. */
static gn_test_fate
only_the_first(gn_test_pair *pair, gn_test_datagram *d)
{
    (void)pair;
    return d->to == GN_TEST_SERVER && d->nth > 0 ? GN_TEST_DROP : GN_TEST_PASS;
}

/* The server has said all that it may, however long it is waited for. */
static void
want_three_times(gn_rules *run)
{
    const gn_test_side *server = &run->pair.side[GN_TEST_SERVER];

    gn_test_pair_run(&run->pair, run->pair.now + 5 * GN_SECOND);
    gn_rules_want(run, server->bytes <= 3 * server->received_bytes, "never more than three times");
    gn_rules_want(run, server->bytes + 1200 > 3 * server->received_bytes, "but all of that");
}

/* The server has said all it may; nobody hears it, and nobody answers. */
static void
exhausted(gn_rules *run)
{
    run->pair.side[GN_TEST_CLIENT].deaf = true;
    run->pair.hook = only_the_first;
    gn_test_pair_start(&run->pair);
    gn_test_pair_run(&run->pair, 15 * GN_MS);
    want_three_times(run);
}

/* A Handshake packet for this connection, of so many bytes, that nobody can open. */
static void
give_junk(gn_rules *run, size_t len)
{
    memset(bytes, 0x33, sizeof bytes);
    memcpy(bytes, "\xe3\0\0\0\1\x08", 6);
    memcpy(bytes + 6, run->pair.side[GN_TEST_SERVER].sent[0].scid.bytes, 8);
    bytes[14] = 0;
    bytes[15] = (uint8_t)(0x40 | (len - 17) >> 8);
    bytes[16] = (uint8_t)(len - 17);
    gn_rules_give(run, bytes, len);
}

static void
junk(gn_rules *run)
{
    static const size_t lens[] = {60, 1200, 333, 400};

    exhausted(run);
    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
        give_junk(run, lens[i]);
        want_three_times(run);
    }
}

static void
refused_hello(gn_rules *run)
{
    gn_test_side *server = &run->pair.side[GN_TEST_SERVER];

    run->pair.side[GN_TEST_CLIENT].config.alpn = "xx";
    run->pair.side[GN_TEST_CLIENT].deaf = true;
    run->pair.hook = only_the_first;
    gn_test_pair_start(&run->pair);
    gn_test_pair_run(&run->pair, 20 * GN_SECOND);
    gn_rules_want(run, server->closed.code == GN_FAULT_CRYPTO + 120, "it is refused");
    gn_rules_want(run, server->bytes > 0 && server->bytes <= 3 * server->received_bytes,
                  "in three times the bytes");
}

/* There is no room to close, and then less than for a large datagram. */
static void
closed_in_little_room(gn_rules *run)
{
    gn_test_side *server = &run->pair.side[GN_TEST_SERVER];
    gn_frame frame;
    uint32_t at = 0;

    exhausted(run);
    const gn_connection handle = gn_endpoint_seat(server->endpoint, 0)->conn.handle;
    ck_assert_int_eq(gn_connection_close(server->endpoint, handle, 0, "", 0, run->pair.now), GN_OK);
    gn_test_pair_pull(&run->pair, GN_TEST_SERVER);
    give_junk(run, 150);
    gn_rules_want(run,
                  gn_test_pair_sent(&run->pair, GN_TEST_SERVER, GN_FRAME_CLOSE, &at, &frame) &&
                      server->sent[at].kind == GN_EVENT_INITIAL,
                  "whoever has Initial keys only can read it");
    gn_rules_want(run, server->bytes <= 3 * server->received_bytes, "in three times the bytes");
}

/* The text comes from a new address, in a small datagram; then there is silence. */
static void
from_new_address(gn_rules *run)
{
    const gn_test_side *side = &run->pair.side[run->sut];
    size_t sent = 0;

    gn_rules_take(run);
    gn_rules_put(run);
    const size_t len = gn_test_forge_seal(&run->forge, bytes);
    const uint32_t before = side->sents;
    gn_test_pair_give(&run->pair, run->sut, bytes, len, STRANGER, 99);
    gn_test_pair_run(&run->pair, run->pair.now + 5 * GN_SECOND);
    for (uint32_t i = before; i < side->sents; i++)
        sent += side->sent[i].route == STRANGER ? side->sent[i].len : 0;
    gn_rules_want(run, sent <= 3 * len, "no more than three times");
    gn_rules_want(run, run->sut == GN_TEST_CLIENT ? sent == 0 : sent > 0,
                  "a server answers, a client does not know the address");
}

static void
flood(gn_rules *run)
{
    gn_rules_take(run);
    gn_rules_put(run);
    gn_rules_send(run);
    const uint64_t before = run->pair.side[run->sut].datagrams;
    for (int i = 0; i < 100; i++)
        gn_test_forge_say(&run->forge, "01");
    const uint64_t replies = run->pair.side[run->sut].datagrams - before;
    gn_rules_want(run, replies > 0 && replies <= 10, "ever fewer replies");
}

static void
resets(gn_rules *run)
{
    static const size_t lens[] = {22, 23, 40, 43, 44, 45, 100, 1200};
    gn_test_side *server = &run->pair.side[GN_TEST_SERVER];

    gn_rules_confirm(run);
    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
        const uint64_t before = server->bytes;
        memset(bytes, 0x41 + (int)i, lens[i]);
        bytes[0] = 0x41;
        gn_test_pair_run(&run->pair, run->pair.now + GN_SECOND);
        gn_rules_give(run, bytes, lens[i]);
        gn_rules_want(run, server->bytes > before, "there is an answer");
        gn_rules_want(run, server->bytes - before < lens[i], "smaller than what it answers");
        run->pair.flying = 0;
    }
}

/* ------------------------------------------------------------------ what is seen */

/* Whether this packet of a side asks for an acknowledgement. */
static bool
eliciting(const gn_test_pair_packet *sent)
{
    gn_reader r = gn_reader_over(sent->payload, sent->payload_len);
    gn_frame frame;
    gn_fault fault;

    while (gn_reader_left(&r) > 0) {
        ck_assert_int_eq(gn_frame_read(&r, &frame, &fault), GN_OK);
        if (gn_frame_rules_of(frame.type)->ack_eliciting)
            return true;
    }
    return false;
}

static unsigned initials;
static unsigned coalesced;

/* Every datagram of the side under test: its size, and whom it is for. Some are lost. */
static gn_test_fate
watch(gn_test_pair *pair, gn_test_datagram *d)
{
    gn_rules *run = (gn_rules *)pair;
    const gn_test_side *side = &pair->side[1 - d->to];
    gn_header first = {0};
    gn_header h;
    uint32_t count = 0;
    uint32_t at_initial = UINT32_MAX;

    for (size_t at = 0; at < d->len; at += h.packet_len, count++) {
        ck_assert_int_eq(gn_header_read(d->bytes + at, d->len - at, 8, &h), GN_OK);
        if (count == 0)
            first = h;
        else
            gn_rules_want(run, gn_cid_equal(&first.dcid, &h.dcid), "all are for the same ID");
        coalesced += count > 0;
        at_initial = h.kind == GN_PACKET_INITIAL ? count : at_initial;
    }
    if (d->to != run->sut && at_initial != UINT32_MAX) {
        const gn_test_pair_packet *sent = &side->sent[side->sents - count + at_initial];
        initials++;
        gn_rules_want(run, d->len >= 1200 || (run->sut == GN_TEST_SERVER && !eliciting(sent)),
                      "Initials come in 1200 bytes");
    }
    const uint64_t lost = d->to == GN_TEST_CLIENT ? 0 : 1;
    return d->nth == lost || d->nth == lost + 1 ? GN_TEST_DROP : GN_TEST_PASS;
}

static void
watched(gn_rules *run)
{
    initials = 0;
    coalesced = 0;
    run->pair.hook = watch;
    gn_test_pair_start(&run->pair);
    gn_test_pair_settle(&run->pair);
    gn_rules_want(run, initials > 1, "there are several");
    gn_rules_want(run, coalesced > 0, "some are together");
}

/* The server falls silent. Its first datagram is lost, or (more) cut behind the Initial packet. */
static gn_test_fate
silent_server(gn_test_pair *pair, gn_test_datagram *d)
{
    const gn_rules *run = (const gn_rules *)pair;
    gn_header h;

    if (d->to == GN_TEST_SERVER)
        return GN_TEST_PASS;
    if (run->row->more == NULL || d->nth > 0)
        return GN_TEST_DROP;
    ck_assert_int_eq(gn_header_read(d->bytes, d->len, 8, &h), GN_OK);
    d->len = h.packet_len;
    return GN_TEST_PASS;
}

static void
probes(gn_rules *run)
{
    const gn_test_side *client = &run->pair.side[GN_TEST_CLIENT];
    const bool has_keys = run->row->more != NULL;

    run->pair.hook = silent_server;
    gn_test_pair_start(&run->pair);
    gn_test_pair_run(&run->pair, 100 * GN_MS);
    const uint32_t before = client->sents;
    const uint64_t datagrams = client->datagrams;
    gn_test_pair_run(&run->pair, 4 * GN_SECOND);
    gn_rules_want(run, client->datagrams > datagrams, "the probe timer runs");
    bool seen = false;
    for (uint32_t i = before; i < client->sents; i++) {
        seen |= client->sent[i].kind == (has_keys ? GN_EVENT_HANDSHAKE : GN_EVENT_INITIAL);
        gn_rules_want(run, has_keys || client->sent[i].len >= 1200, "a probe is large");
    }
    gn_rules_want(run, seen, "the right packet is sent");
}

static void
first_flight(gn_rules *run)
{
    const gn_test_side *client = &run->pair.side[GN_TEST_CLIENT];

    run->pair.side[GN_TEST_SERVER].mute = true;
    gn_test_pair_start(&run->pair);
    gn_test_pair_run(&run->pair, 5 * GN_SECOND);
    const gn_cid first = client->sent[0].dcid;
    const uint32_t count = client->sents;
    gn_rules_want(run, count > 2 && first.len >= 8, "the ID is long");
    for (uint32_t i = 0; i < count; i++)
        gn_rules_want(run, gn_cid_equal(&client->sent[i].dcid, &first), "it stays the same");
    gn_test_pair_connect(&run->pair);
    const gn_cid second = client->sent[count].dcid;
    int same = 0;
    for (size_t i = 0; i < first.len; i++)
        same += first.bytes[i] == second.bytes[i];
    gn_rules_want(run, same < 4, "the next one has nothing to do with it");
}

/* clang-format off */
static const gn_rule rows[] = {
    {"AMP-002", "RFC 9000 8.1", SERVER, WANTS, 0, junk, NULL, NULL},
    {"AMP-003", "RFC 9000 8.1", SERVER, WANTS, 0, refused_hello, NULL, NULL},
    {"AMP-003", "RFC 9000 10.2.3", SERVER, WANTS, 0, closed_in_little_room, NULL, NULL},
    {"AMP-004", "RFC 9000 9.3", BOTH, WANTS, 0, from_new_address, "01", NULL},
    {"AMP-005", "RFC 9000 8.2.2", BOTH, WANTS, 0, from_new_address, "1a 0102030405060708", NULL},
    {"AMP-006", "RFC 9000 10.2.1", BOTH, CLOSE, ENCODING, flood, "21", NULL},
    {"AMP-007", "RFC 9000 10.3", SERVER, LIVE, 0, resets, NULL, NULL},
    {"AMP-009", "RFC 9000 14.1", CLIENT, LIVE, 0, watched, NULL, NULL},
    {"AMP-010", "RFC 9000 14.1", SERVER, LIVE, 0, watched, NULL, NULL},
    {"AMP-011", "RFC 9002 6.2.2.1", CLIENT, WANTS, 0, probes, NULL, NULL},
    {"AMP-011", "RFC 9002 6.2.2.1", CLIENT, WANTS, 0, probes, NULL, "keys"},
    {"AMP-012", "RFC 9000 7.2", CLIENT, WANTS, 0, first_flight, NULL, NULL},
    {"AMP-013", "RFC 9000 12.2", BOTH, LIVE, 0, watched, NULL, NULL},
};
/* clang-format on */

enum { ROWS = sizeof rows / sizeof rows[0] };

START_TEST(rules_amp_reaction_is_the_one_required)
{
    gn_rules_expect(rows, _i);
}
END_TEST

Suite *
gn_test_rules_amp(void)
{
    return gn_rules_suite("conn/rules_amp", rules_amp_reaction_is_the_one_required, ROWS);
}
