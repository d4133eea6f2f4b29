/*
 * test_rules_vn.c: the rules about versions, Retry and tokens, a row each; see rules.h.
 */
#include <check.h>
#include <string.h>

#include "base/be.h"
#include "crypto/retry_tag.h"
#include "crypto/suite_wolfcrypt.h"
#include "suites.h"
#include "tests/support/rules.h"
#include "tests/support/rules_words.h"
#include "wire/header_read.h"
#include "wire/vneg.h"

enum { ELSEWHERE = 150 /* a route of nobody */ };

static uint8_t bytes[GN_DATAGRAM_MAX];

/* ------------------------------------------------------------------ versions, for a server */

/* A long header of this version with IDs of these lengths, at `at`. */
static void
long_header(size_t at, uint32_t version, size_t dcid_len, size_t scid_len)
{
    bytes[at] = 0xc0;
    gn_be_write_u32(bytes + at + 1, version);
    bytes[at + 5] = (uint8_t)dcid_len;
    memset(bytes + at + 6, 0xd1, dcid_len);
    bytes[at + 6 + dcid_len] = (uint8_t)scid_len;
    memset(bytes + at + 7 + dcid_len, 0x5c, scid_len);
}

/* How many answers to a datagram of so many bytes; the last one is flight[0]. */
static uint64_t
answers(gn_rules *run, size_t len)
{
    const uint64_t before = run->pair.side[run->sut].datagrams;

    gn_rules_give(run, bytes, len);
    return run->pair.side[run->sut].datagrams - before;
}

static void
want_negotiation(gn_rules *run, size_t dcid_len, size_t scid_len)
{
    const gn_test_datagram *d = &run->pair.flight[0];
    gn_header h = {0};
    gn_vneg list;

    gn_rules_want(run, run->pair.flying == 1, "there is an answer");
    const bool read = gn_header_read(d->bytes, d->len, 8, &h) == GN_OK &&
                      h.kind == GN_PACKET_VNEG && gn_vneg_read(h.rest, &list) == GN_OK;
    gn_rules_want(run, read, "it is Version Negotiation");
    if (!read)
        return;
    gn_rules_want(run, gn_vneg_has(&list, 1), "it lists version 1");
    gn_rules_want(run, h.dcid_bytes.len == scid_len && h.dcid_bytes.ptr[0] == 0x5c,
                  "it is for who asked");
    gn_rules_want(run, h.scid_bytes.len == dcid_len && h.scid_bytes.ptr[0] == 0xd1,
                  "it comes from who was asked");
    run->pair.flying = 0;
}

/* The text is the version; more, if there, the lengths of the IDs. */
static void
other_version(gn_rules *run)
{
    uint8_t version[512];
    uint8_t lens[512] = {8, 8};

    (void)gn_rules_bytes(run, run->row->text, version);
    if (run->row->more != NULL)
        (void)gn_rules_bytes(run, run->row->more, lens);
    gn_rules_confirm(run);
    memset(bytes, 0x11, sizeof bytes);
    long_header(0, gn_be_read_u32(version), lens[0], lens[1]);
    if (run->row->reaction == DROP) {
        gn_rules_give(run, bytes, 1199);
        return;
    }
    gn_rules_want(run, answers(run, 1200) == 1, "there is one answer");
    want_negotiation(run, lens[0], lens[1]);
}

static void
two_versions(gn_rules *run)
{
    gn_rules_confirm(run);
    memset(bytes, 0x11, sizeof bytes);
    long_header(0, 0x1a2a3a4a, 8, 8);
    long_header(600, 0x2a3a4a5a, 8, 8);
    gn_rules_want(run, answers(run, 1200) == 1, "there is one answer");
    want_negotiation(run, 8, 8);
}

/* ------------------------------------------------------------------ Version Negotiation */

/* A Version Negotiation for the first packet of the client's, or for whom it reaches now. */
static size_t
negotiation(gn_rules *run, uint8_t unused, const gn_cid *dcid, const gn_cid *scid)
{
    gn_writer w = gn_writer_over(bytes, sizeof bytes);
    uint8_t list[512];
    const size_t len = gn_rules_bytes(run, run->row->text, list);
    const uint32_t none = 0;

    ck_assert_int_eq(gn_vneg_write(&w, unused, gn_cid_span(dcid), gn_cid_span(scid), &none, 1),
                     GN_OK);
    memcpy(bytes + w.at - 4, list, len);
    return w.at - 4 + len;
}

static void
negotiation_late(gn_rules *run)
{
    gn_rules_confirm(run);
    gn_rules_shadow(run, GN_PACKET_ONE_RTT);
    gn_rules_give(run, bytes, negotiation(run, 0, &run->forge.dcid, &run->forge.scid));
}

/* more: which ID of the answer is another: 0 none, 1 the destination, 2 the source. */
static void
negotiation_first(gn_rules *run)
{
    uint8_t wrong[512];

    (void)gn_rules_bytes(run, run->row->more, wrong);
    gn_test_pair_start(&run->pair);
    gn_cid dcid = run->pair.side[GN_TEST_CLIENT].sent[0].scid;
    gn_cid scid = run->pair.side[GN_TEST_CLIENT].sent[0].dcid;
    if (wrong[0] == 1)
        dcid.bytes[0] ^= 1;
    if (wrong[0] == 2)
        scid.bytes[0] ^= 1;
    gn_rules_give(run, bytes, negotiation(run, 0, &dcid, &scid));
}

/* Its list has none of ours: the attempt is over, and nothing more is said. */
static void
negotiation_in_vain(gn_rules *run)
{
    gn_test_side *client = &run->pair.side[GN_TEST_CLIENT];

    gn_test_pair_start(&run->pair);
    const size_t len = negotiation(run, 0, &client->sent[0].scid, &client->sent[0].dcid);
    run->pair.flying = 0;
    const uint64_t before = client->datagrams;
    gn_test_pair_give(&run->pair, GN_TEST_CLIENT, bytes, len, 1, 1);
    gn_rules_want(run, client->closed.times == 1 && client->closed.detail == GN_CLOSE_VERSION,
                  "the attempt is given up");
    gn_test_pair_run(&run->pair, run->pair.now + 60 * GN_SECOND);
    gn_rules_want(run, client->datagrams == before, "nothing more is sent");
}

static void
negotiation_unused_bits(gn_rules *run)
{
    gn_test_pair_start(&run->pair);
    const gn_test_pair_packet *first = &run->pair.side[GN_TEST_CLIENT].sent[0];
    gn_rules_mark(run);
    for (uint8_t unused = 0; unused < 128; unused++) {
        const size_t len = negotiation(run, unused, &first->scid, &first->dcid);
        bytes[0] = 0x80 | unused;
        gn_test_pair_give(&run->pair, GN_TEST_CLIENT, bytes, len, 1, 200);
    }
}

/* ------------------------------------------------------------------ Retry, for a client */

/* A Retry for the client's first Initial with a sound tag, in bytes. */
static size_t
retry(gn_rules *run, const char *scid, const char *token)
{
    const gn_test_pair_packet *first = &run->pair.side[GN_TEST_CLIENT].sent[0];
    size_t len = 0;

    bytes[len++] = 0xf0;
    gn_be_write_u32(bytes + len, 1);
    len += 4;
    bytes[len++] = first->scid.len;
    memcpy(bytes + len, first->scid.bytes, first->scid.len);
    len += first->scid.len;
    bytes[len++] = (uint8_t)strlen(scid);
    memcpy(bytes + len, scid, strlen(scid));
    len += strlen(scid);
    memcpy(bytes + len, token, strlen(token));
    len += strlen(token);
    ck_assert_int_eq(
        gn_retry_tag(gn_suite_wolfcrypt(), 1, &first->dcid, gn_span_of(bytes, len), bytes + len),
        GN_OK);
    return len + GN_SUITE_TAG_BYTES;
}

/* text: the token. A row that drops has a wrong tag, or no token. */
static void
retry_first(gn_rules *run)
{
    gn_test_pair_start(&run->pair);
    const size_t len = retry(run, "a choice", run->row->text);
    if (run->row->more != NULL)
        bytes[len - 1] ^= 1;
    gn_rules_give(run, bytes, len);
    if (!gn_rules_legal(run))
        return;
    const gn_test_side *client = &run->pair.side[GN_TEST_CLIENT];
    gn_rules_want(run, client->sents > 1 && memcmp(client->sent[1].dcid.bytes, "a choice", 8) == 0,
                  "it is followed");
}

static void
with_retry(gn_rules *run)
{
    run->pair.side[GN_TEST_SERVER].config.retry_above = 0;
    gn_test_pair_start(&run->pair);
}

static void
retry_again(gn_rules *run)
{
    with_retry(run);
    while (run->pair.side[GN_TEST_CLIENT].datagrams < 2)
        ck_assert(gn_test_pair_step(&run->pair, GN_SECOND));
    gn_rules_give(run, bytes, retry(run, "a choice", "token"));
}

static void
retry_late(gn_rules *run)
{
    gn_test_pair_start(&run->pair);
    gn_rules_run_until_sent(run, GN_TEST_CLIENT, GN_EVENT_HANDSHAKE);
    gn_rules_give(run, bytes, retry(run, "a choice", "token"));
}

/* ------------------------------------------------------------------ a Retry, looked at */

static gn_cid retry_scid;
static uint8_t retry_token[GN_TOKEN_MAX];
static size_t retry_token_len;
static bool server_spoke;

/* The server's Retry and every Initial of the client's behind it. */
static gn_test_fate
watch(gn_test_pair *pair, gn_test_datagram *d)
{
    gn_rules *run = (gn_rules *)pair;
    const gn_cid original = pair->side[GN_TEST_CLIENT].sent[0].dcid;
    const size_t tag = GN_SUITE_TAG_BYTES;
    gn_header h;

    ck_assert_int_eq(gn_header_read(d->bytes, d->len, 8, &h), GN_OK);
    if (h.kind == GN_PACKET_RETRY) {
        retry_scid = h.scid;
        retry_token_len = h.rest.len - tag;
        memcpy(retry_token, h.rest.ptr, retry_token_len);
        gn_rules_want(run, !gn_cid_equal(&h.scid, &original), "it chooses an ID of its own");
        gn_rules_want(
            run,
            gn_retry_tag_holds(gn_suite_wolfcrypt(), 1, &original, gn_span_of(d->bytes, d->len)),
            "its tag holds");
    }
    server_spoke |= d->to == GN_TEST_CLIENT && h.kind == GN_PACKET_INITIAL;
    if (d->to == GN_TEST_CLIENT || h.kind != GN_PACKET_INITIAL || retry_token_len == 0)
        return GN_TEST_PASS;
    gn_rules_want(run, server_spoke || gn_cid_equal(&h.dcid, &retry_scid), "it is sent there");
    gn_rules_want(run,
                  h.token.len == retry_token_len &&
                      memcmp(h.token.ptr, retry_token, retry_token_len) == 0,
                  "the token is carried");
    return GN_TEST_PASS;
}

static void
watched_retry(gn_rules *run)
{
    const gn_test_side *client = &run->pair.side[GN_TEST_CLIENT];
    gn_frame hello[2];
    uint32_t at = 0;

    retry_token_len = 0;
    server_spoke = false;
    run->pair.hook = watch;
    with_retry(run);
    gn_test_pair_settle(&run->pair);
    gn_rules_want(run, retry_token_len > 0, "there is a Retry");
    for (int i = 0; i < 2; i++, at++)
        ck_assert(gn_test_pair_sent(&run->pair, GN_TEST_CLIENT, GN_FRAME_CRYPTO, &at, &hello[i]));
    gn_rules_want(run, gn_span_equal(hello[0].as.crypto.data, hello[1].as.crypto.data),
                  "the ClientHello is the same");
    gn_rules_want(run, gn_cid_equal(&client->sent[0].scid, &client->sent[1].scid),
                  "so is the source ID");
    gn_rules_want(run, client->sent[1].pn > client->sent[0].pn, "packet numbers go on");
}

/* ------------------------------------------------------------------ tokens, for a server */

/* The client's Initial of this number again, with another token. Its length. */
static size_t
with_token(gn_rules *run, const gn_test_pair_packet *sent, gn_span token)
{
    size_t kept = sent->payload_len;

    while (kept > 0 && sent->payload[kept - 1] == 0)
        kept--;
    gn_rules_shadow(run, GN_PACKET_INITIAL);
    run->forge.pn[GN_SPACE_INITIAL] = sent->pn;
    run->forge.dcid = sent->dcid;
    run->forge.original = sent->dcid;
    run->forge.token = token;
    run->forge.pad_to = 1200;
    gn_test_forge_bytes(&run->forge, sent->payload, kept);
    return gn_test_forge_seal(&run->forge, bytes);
}

/* more: how many bytes the token has. */
static void
random_token(gn_rules *run)
{
    static uint8_t token[1000];
    uint8_t len[512];

    (void)gn_rules_bytes(run, run->row->more, len);
    for (size_t i = 0; i < sizeof token; i++)
        token[i] = (uint8_t)(i * 7 + 3);
    gn_test_pair_start(&run->pair);
    run->pair.flying = 0;
    const size_t size = with_token(run, &run->pair.side[GN_TEST_CLIENT].sent[0],
                                   gn_span_of(token, (size_t)(len[0] << 8 | len[1])));
    gn_rules_give(run, bytes, size);
    gn_rules_want(run, run->pair.side[GN_TEST_SERVER].accepted == 1, "as if there were none");
}

/* The client's second Initial has left, and not arrived. */
static gn_test_datagram *
second_initial(gn_rules *run, gn_span *token)
{
    static gn_test_datagram d;
    gn_header h;

    with_retry(run);
    while (run->pair.side[GN_TEST_CLIENT].datagrams < 2)
        ck_assert(gn_test_pair_step(&run->pair, GN_SECOND));
    d = run->pair.flight[0];
    ck_assert_int_eq(gn_header_read(d.bytes, d.len, 8, &h), GN_OK);
    *token = h.token;
    return &d;
}

static void
damaged_token(gn_rules *run)
{
    uint8_t token[GN_TOKEN_MAX];
    gn_span sound;

    (void)second_initial(run, &sound);
    memcpy(token, sound.ptr, sound.len);
    token[sound.len - 1] ^= gn_rules_legal(run) ? 0 : 1;
    run->pair.flying = 0;
    const size_t len =
        with_token(run, &run->pair.side[GN_TEST_CLIENT].sent[1], gn_span_of(token, sound.len));
    gn_rules_give(run, bytes, len);
    gn_rules_want(run, run->pair.side[GN_TEST_SERVER].accepted == (gn_rules_legal(run) ? 1 : 0),
                  "it is worth nothing");
}

/* The same datagram by another route. more: the host there; 01 is the client's own address. */
static void
token_from_elsewhere(gn_rules *run)
{
    gn_span token;
    uint8_t host[512];
    const gn_test_datagram *d = second_initial(run, &token);
    gn_test_side *server = &run->pair.side[GN_TEST_SERVER];
    gn_frame frame;
    uint32_t at = 0;

    (void)gn_rules_bytes(run, run->row->more, host);
    for (int i = 0; i < 2; i++) { /* and once more, after the refusal */
        gn_test_pair_give(&run->pair, GN_TEST_SERVER, d->bytes, d->len, ELSEWHERE, host[0]);
        gn_rules_want(run, server->accepted == 0, "there is no connection");
        gn_rules_want(run, server->bytes <= 3 * server->received_bytes, "nothing is proved");
    }
    const bool said = gn_test_pair_sent(&run->pair, GN_TEST_SERVER, GN_FRAME_CLOSE, &at, &frame) &&
                      frame.as.close.error_code == GN_FAULT_INVALID_TOKEN;
    /* Under another address the token cannot be read: it is none. */
    gn_rules_want(run, said == (host[0] == 1), "a token that can be read is refused");
}

static void
twice(gn_rules *run)
{
    gn_span token;
    const gn_test_datagram *d = second_initial(run, &token);

    for (int i = 0; i < 2; i++)
        gn_rules_give(run, d->bytes, d->len);
    gn_rules_want(run, run->pair.side[GN_TEST_SERVER].accepted == 1, "there is one connection");
    gn_rules_want(run, gn_endpoint_connections(run->pair.side[GN_TEST_SERVER].endpoint) == 1,
                  "and only one");
}

static gn_span first_token;
static uint8_t first_token_bytes[GN_TOKEN_MAX];

static gn_test_fate
keep_token(gn_test_pair *pair, gn_test_datagram *d)
{
    gn_header h;

    (void)pair;
    if (d->to == GN_TEST_CLIENT || gn_header_read(d->bytes, d->len, 8, &h) != GN_OK ||
        h.kind != GN_PACKET_INITIAL)
        return GN_TEST_PASS;
    memcpy(first_token_bytes, h.token.ptr, h.token.len);
    first_token = gn_span_of(first_token_bytes, h.token.len);
    return GN_TEST_PASS;
}

/* The client has a token of a Retry, and one for next time; the next time comes. */
static void
next_time(gn_rules *run)
{
    const gn_test_side *client = &run->pair.side[GN_TEST_CLIENT];

    run->pair.hook = keep_token;
    with_retry(run);
    gn_test_pair_settle(&run->pair);
    gn_rules_want(run, client->tokens > 0 && first_token.len > 0, "there are both");
    gn_test_pair_connect(&run->pair);
    gn_rules_want(run,
                  first_token.len == client->token_len &&
                      memcmp(first_token_bytes, client->token, client->token_len) == 0,
                  "the one for next time is used");
}

/* clang-format off */
static const gn_rule rows[] = {
    {"VN-001", "RFC 9000 6.1", SERVER, LIVE, 0, other_version, "ff00001d", NULL},
    {"VN-002", "RFC 9000 5.2.2", SERVER, DROP, 0, other_version, "ff00001d", NULL},
    {"VN-003", "RFC 9000 6.1", BOTH, DROP, 0, negotiation_late, "ff00001d", NULL},
    {"VN-004", "RFC 9000 17.2.1", SERVER, LIVE, 0, two_versions, NULL, NULL},
    {"VN-005", "RFC 8999 6", SERVER, LIVE, 0, other_version, "ff00001d", "ffff"},
    {"VN-006", "RFC 9000 6.2", CLIENT, DROP, 0, negotiation_first, "ff00001d 00000001", "00"},
    {"VN-008", "RFC 9000 6.2", CLIENT, WANTS, 0, negotiation_in_vain, "ff00001d", NULL},
    {"VN-009", "RFC 9000 6.2", CLIENT, DROP, 0, negotiation_first, "ff00001d", "01"},
    {"VN-009", "RFC 9000 6.2", CLIENT, DROP, 0, negotiation_first, "ff00001d", "02"},
    {"VN-010", "RFC 9000 17.2.1", CLIENT, DROP, 0, negotiation_unused_bits,
     "ff00001d 00000001", NULL},
    {"VN-011", "RFC 8999 6", CLIENT, DROP, 0, negotiation_first, "", "00"},
    {"VN-011", "RFC 8999 6", CLIENT, DROP, 0, negotiation_first, "ff00001d ff0000", "00"},
    {"VN-012", "RFC 9000 6.3", SERVER, LIVE, 0, other_version, "1a2a3a4a", NULL},
    {"RTY-001", "RFC 9000 17.2.5.2", CLIENT, DROP, 0, retry_first, "token", "wrong"},
    {"RTY-001+", "RFC 9000 17.2.5.2", CLIENT, WANTS, 0, retry_first, "token", NULL},
    {"RTY-003", "RFC 9000 17.2.5.2", CLIENT, DROP, 0, retry_first, "", NULL},
    {"RTY-004", "RFC 9000 17.2.5.2", CLIENT, DROP, 0, retry_again, NULL, NULL},
    {"RTY-005", "RFC 9000 17.2.5.2", CLIENT, DROP, 0, retry_late, NULL, NULL},
    {"RTY-006", "RFC 9000 17.2.5.1", CLIENT, LIVE, 0, watched_retry, NULL, NULL},
    {"RTY-007", "RFC 9000 17.2.5.3", CLIENT, LIVE, 0, watched_retry, NULL, NULL},
    {"RTY-008", "RFC 9000 17.2.5.1", SERVER, LIVE, 0, watched_retry, NULL, NULL},
    {"RTY-010", "RFC 9000 8.1.2", SERVER, LIVE, 0, damaged_token, NULL, NULL},
    {"RTY-010+", "RFC 9000 8.1.2", SERVER, LIVE, 0, damaged_token, NULL, NULL},
    {"RTY-011", "RFC 9000 8.1.4", SERVER, WANTS, 0, token_from_elsewhere, NULL, "01"},
    {"RTY-011", "RFC 9000 8.1.4", SERVER, WANTS, 0, token_from_elsewhere, NULL, "63"},
    {"RTY-012", "RFC 9000 8.1.3", SERVER, LIVE, 0, random_token, NULL, "0001"},
    {"RTY-012", "RFC 9000 8.1.3", SERVER, LIVE, 0, random_token, NULL, "0003"},
    {"RTY-012", "RFC 9000 8.1.3", SERVER, LIVE, 0, random_token, NULL, "0010"},
    {"RTY-012", "RFC 9000 8.1.3", SERVER, LIVE, 0, random_token, NULL, "00c8"},
    {"RTY-012", "RFC 9000 8.1.3", SERVER, LIVE, 0, random_token, NULL, "03e8"},
    {"RTY-013", "RFC 9000 7.3", SERVER, LIVE, 0, with_retry, NULL, NULL},
    {"RTY-014", "RFC 9000 8.1.3", CLIENT, WANTS, 0, next_time, NULL, NULL},
    {"RTY-015", "RFC 9000 8.1.2", SERVER, LIVE, 0, twice, NULL, NULL},
};
/* clang-format on */

enum { ROWS = sizeof rows / sizeof rows[0] };

START_TEST(rules_vn_reaction_is_the_one_required)
{
    gn_rules_expect(rows, _i);
}
END_TEST

Suite *
gn_test_rules_vn(void)
{
    return gn_rules_suite("conn/rules_vn", rules_vn_reaction_is_the_one_required, ROWS);
}
