/*
 * test_rules_tls.c: the rules about CRYPTO frames and TLS, a row each; see rules.h.
 */
#include <check.h>
#include <string.h>

#include "base/be.h"
#include "base/reader.h"
#include "suites.h"
#include "tests/support/rules.h"
#include "tests/support/rules_words.h"
#include "tests/support/rules_hello.h"
#include "tests/support/tls_pair.h"
#include "tls/tls_gate.h"

#define ALERT(number) CLOSE, GN_FAULT_CRYPTO + (number)

static void
start(gn_rules *run)
{
    gn_test_pair_start(&run->pair);
    gn_test_pair_settle(&run->pair);
}

/* The client offers the text as its protocols; the server knows "hq". */
static void
offers(gn_rules *run)
{
    run->pair.side[GN_TEST_CLIENT].config.alpn = run->row->text;
    start(run);
}

/* A ClientHello with a legacy_session_id of 32 bytes. */
static void
session_id_rewrite(gn_rules *run, gn_level level, uint32_t nth, gn_span *bytes)
{
    static const uint8_t id[33] = {32, 1, 2, 3};
    enum { SESSION_ID_AT = 38 };

    if (level != GN_LEVEL_INITIAL || nth > 0)
        return;
    *bytes = gn_rules_hello_splice(run, *bytes, SESSION_ID_AT, 1, id, sizeof id);
    run->message[2] = (uint8_t)((bytes->len - GN_TLS_GATE_HEADER_BYTES) >> 8);
    run->message[3] = (uint8_t)(bytes->len - GN_TLS_GATE_HEADER_BYTES);
}

static void
session_id(gn_rules *run)
{
    run->rewrite = session_id_rewrite;
    start(run);
}

/* The server takes the second suite, though the client knows the first alone. */
static void
suite_rewrite(gn_rules *run, gn_level level, uint32_t nth, gn_span *bytes)
{
    enum { SUITE_AT = 39 };

    if (level == GN_LEVEL_INITIAL && nth == 0)
        *bytes = gn_rules_hello_splice(run, *bytes, SUITE_AT, 2, (const uint8_t *)"\x13\x02", 2);
}

static void
another_suite(gn_rules *run)
{
    run->pair.side[GN_TEST_CLIENT].config.suites = 1;
    run->rewrite = suite_rewrite;
    start(run);
}

/* A signature with one bit changed: over something else. Messages come several at a time. */
static void
signature_rewrite(gn_rules *run, gn_level level, uint32_t nth, gn_span *bytes)
{
    size_t len = 0;

    (void)nth;
    for (size_t at = 0; level == GN_LEVEL_HANDSHAKE && at < bytes->len; at += len) {
        len = GN_TLS_GATE_HEADER_BYTES + (gn_be_read_u32(bytes->ptr + at) & 0xffffff);
        const size_t last_at = at + len - 1;
        const uint8_t last = (uint8_t)(bytes->ptr[last_at] ^ 1);
        if (bytes->ptr[at] == GN_TLS_GATE_CERTIFICATE_VERIFY)
            *bytes = gn_rules_hello_splice(run, *bytes, last_at, 1, &last, 1);
    }
}

static void
wrong_signature(gn_rules *run)
{
    run->rewrite = signature_rewrite;
    start(run);
}

/* The server's certificate is the text's; the client trusts the authority that more names. */
static void
certificate(gn_rules *run)
{
    gn_config *server = &run->pair.side[GN_TEST_SERVER].config;
    gn_config *client = &run->pair.side[GN_TEST_CLIENT].config;
    const gn_span chain = gn_test_tls_pem(run->row->text, "pem");
    const gn_span key = gn_test_tls_pem(run->row->text, "key");
    const gn_span ca = gn_test_tls_pem(run->row->more, "pem");

    server->certificate_pem = (const char *)chain.ptr;
    server->certificate_pem_len = chain.len;
    server->private_key_pem = (const char *)key.ptr;
    server->private_key_pem_len = key.len;
    client->ca_pem = (const char *)ca.ptr;
    client->ca_pem_len = ca.len;
    start(run);
    gn_rules_want(run, run->row->reaction == LIVE || run->pair.side[GN_TEST_SERVER].streams == 0,
                  "no data came");
}

/* More 1-RTT CRYPTO bytes than are kept, all but the first one. */
static void
endless_crypto(gn_rules *run)
{
    enum { PIECE = 1000 };
    static const uint8_t zeros[PIECE];
    const uint64_t pieces = run->row->reaction == CLOSE ? 70 : 60;

    gn_rules_take(run);
    for (uint64_t i = 0; i < pieces && run->pair.side[run->sut].closed.times == 0; i++) {
        const gn_frame frame = {
            .type = GN_FRAME_CRYPTO,
            .as.crypto = {.off = 2000 + i * PIECE, .data = gn_span_of(zeros, PIECE)}};
        gn_test_forge_frame(&run->forge, &frame);
        gn_rules_send(run);
    }
}

/* Parameters of this many bytes make the peer's first flight long. */
static void
long_flight(gn_rules *run, size_t len)
{
    uint8_t *out = run->parameters;

    memset(out, 0, len);
    memcpy(out, "\x3a\x80\x00", 3);
    out[3] = (uint8_t)((len - 5) >> 8);
    out[4] = (uint8_t)(len - 5);
    run->add = gn_span_of(run->parameters, len);
}

/* A datagram is cut where the packets with CRYPTO behind the first level begin, or is lost. */
static gn_test_fate
hole_in_front(gn_test_pair *pair, gn_test_datagram *d)
{
    const gn_rules *run = (const gn_rules *)pair;
    gn_header h;

    if (d->to != run->sut || pair->now > 30 * GN_MS)
        return GN_TEST_PASS;
    if (run->peer == GN_TEST_CLIENT)
        return d->nth == 0 ? GN_TEST_DROP : GN_TEST_PASS;
    if (gn_header_read(d->bytes, d->len, 8, &h) == GN_OK && h.kind == GN_PACKET_INITIAL)
        d->len = h.packet_len;
    return GN_TEST_PASS;
}

/* More than 4096 bytes wait behind a hole. A Retry lets the server send them at once. */
static void
hole(gn_rules *run)
{
    gn_test_side *sut = &run->pair.side[run->sut];

    if (run->peer == GN_TEST_SERVER)
        run->pair.side[GN_TEST_SERVER].config.retry_above = 0;
    long_flight(run, 6000);
    run->pair.hook = hole_in_front;
    gn_test_pair_start(&run->pair);
    while (sut->received_bytes < 6000)
        ck_assert(gn_test_pair_step(&run->pair, GN_SECOND));
    gn_rules_want(run, (sut->states & 1u << GN_STATE_READY) == 0, "the bytes cannot be used yet");
}

/* The client's Initials in pieces of 60 bytes, the last first. */
static gn_test_fate
in_pieces(gn_test_pair *pair, gn_test_datagram *d)
{
    enum { PIECE = 60, PACKETS = 3 };
    const gn_test_pair_packet *sent = &pair->side[GN_TEST_CLIENT].sent[d->nth];
    gn_reader r = gn_reader_over(sent->payload, sent->payload_len);
    static gn_test_forge f;
    gn_frame whole;
    gn_fault fault;

    if (d->to != GN_TEST_SERVER || d->nth >= PACKETS)
        return GN_TEST_PASS;
    ck_assert_int_eq(gn_frame_read(&r, &whole, &fault), GN_OK);
    ck_assert_uint_eq(whole.type, GN_FRAME_CRYPTO);
    gn_test_forge_shadow(&f, pair, GN_TEST_CLIENT);
    f.kind = GN_PACKET_INITIAL;
    f.dcid = sent->dcid;
    f.scid = sent->scid;
    f.pn[GN_SPACE_INITIAL] = sent->pn;
    f.pad_to = 1200;
    for (size_t left = whole.as.crypto.data.len; left > 0;) {
        const size_t some = (left - 1) % PIECE + 1;
        gn_frame piece = whole;
        left -= some;
        piece.as.crypto.off += left;
        piece.as.crypto.data = gn_span_of(whole.as.crypto.data.ptr + left, some);
        gn_test_forge_frame(&f, &piece);
    }
    d->len = gn_test_forge_seal(&f, d->bytes);
    d->at += (PACKETS - d->nth) * GN_MS;
    return GN_TEST_PASS;
}

static void
hello_in_pieces(gn_rules *run)
{
    long_flight(run, 2500);
    run->pair.hook = in_pieces;
    gn_test_pair_start(&run->pair);
    gn_rules_want(run, run->pair.side[GN_TEST_CLIENT].sents == 3, "three packets");
}

/* Another ClientHello where the first one was. */
static void
second_hello(gn_rules *run)
{
    uint8_t bytes[1000];
    gn_frame frame = {.type = GN_FRAME_CRYPTO};
    gn_frame first;
    uint32_t at = 0;

    gn_test_pair_start(&run->pair);
    ck_assert(gn_test_pair_sent(&run->pair, GN_TEST_CLIENT, GN_FRAME_CRYPTO, &at, &first));
    gn_rules_run_until_sent(run, GN_TEST_SERVER, GN_EVENT_HANDSHAKE);
    gn_rules_shadow(run, GN_PACKET_INITIAL);
    run->forge.dcid = run->pair.side[GN_TEST_SERVER].sent[0].scid;
    run->forge.pad_to = 1200;
    ck_assert_uint_le(first.as.crypto.data.len, sizeof bytes);
    memcpy(bytes, first.as.crypto.data.ptr, first.as.crypto.data.len);
    bytes[6] ^= 1; /* its random */
    frame.as.crypto.data = gn_span_of(bytes, first.as.crypto.data.len);
    gn_test_forge_frame(&run->forge, &frame);
    gn_rules_send(run);
    gn_rules_want(run, gn_endpoint_connections(run->pair.side[GN_TEST_SERVER].endpoint) == 1,
                  "there is one connection");
}

/* The client shares a key of a group that the server does not take, and knows one that it does. */
static void
no_key_share(gn_rules *run)
{
    gn_frame frame;
    uint64_t end = 0;
    uint32_t hellos = 0;

    run->groups[0] = GN_TLS_SECP384R1;
    run->groups[1] = GN_TLS_X25519;
    run->groups_count = 2;
    start(run);
    const gn_test_side *client = &run->pair.side[GN_TEST_CLIENT];
    for (uint32_t at = 0;
         gn_test_pair_sent(&run->pair, GN_TEST_CLIENT, GN_FRAME_CRYPTO, &at, &frame); at++) {
        if (client->sent[at].kind != GN_EVENT_INITIAL)
            continue;
        gn_rules_want(run, frame.as.crypto.off == end, "the second follows the first");
        gn_rules_want(run, frame.as.crypto.data.ptr[0] == GN_TLS_GATE_CLIENT_HELLO, "a hello");
        end += frame.as.crypto.data.len;
        hellos++;
    }
    gn_rules_want(run, hellos == 2, "there are two ClientHello messages");
}

static uint32_t done_lost;

static gn_test_fate
lose_done(gn_test_pair *pair, gn_test_datagram *d)
{
    const gn_test_side *server = &pair->side[GN_TEST_SERVER];
    uint32_t at = server->sents - 1;
    gn_frame frame;

    if (d->to == GN_TEST_SERVER || done_lost == 2 ||
        !gn_test_pair_sent(pair, GN_TEST_SERVER, GN_FRAME_HANDSHAKE_DONE, &at, &frame))
        return GN_TEST_PASS;
    done_lost++;
    return GN_TEST_DROP;
}

static void
done_comes_again(gn_rules *run)
{
    gn_frame frame;
    uint32_t count = 0;

    done_lost = 0;
    run->pair.hook = lose_done;
    start(run);
    for (uint32_t at = 0;
         gn_test_pair_sent(&run->pair, GN_TEST_SERVER, GN_FRAME_HANDSHAKE_DONE, &at, &frame); at++)
        count++;
    gn_rules_want(run, done_lost == 2 && count >= 3, "it is sent until it arrives");
}

#define TICKET(early) "04 00001a 00000e10 01020304 01 00 0004 aabbccdd 0008 002a 0004 " early
#define HELLO gn_rules_in_hello
#define CHOICE gn_rules_in_choice
#define LATE gn_rules_in_1rtt_crypto

/* clang-format off */
static const gn_rule rows[] = {
    {"TLS-001", "RFC 9001 6", BOTH, ALERT(10), gn_rules_before_handshake, "18 000001 00", NULL},
    {"TLS-002", "RFC 9001 6", BOTH, ALERT(10), LATE, "18 000001 00", NULL},
    {"TLS-003", "RFC 9001 8.3", SERVER, ALERT(10), gn_rules_before_handshake, "05 000000", NULL},
    {"TLS-004", "RFC 9001 8.1", SERVER, ALERT(120), offers, "xx", NULL},
    {"TLS-004+", "RFC 9001 8.1", SERVER, LIVE, 0, offers, "xx,hq", NULL},
    {"TLS-005", "RFC 9001 8.1", CLIENT, ALERT(120), HELLO, "0010 0005 0003 02 7878", "0010"},
    {"TLS-007", "RFC 9001 8.1", SERVER, ALERT(120), HELLO, "", "0010"},
    {"TLS-008", "RFC 9001 4.2", SERVER, ALERT(70), HELLO, "002b 0003 02 0303", "002b"},
    {"TLS-008", "RFC 9001 4.2", SERVER, ALERT(70), HELLO, "", "002b"},
    {"TLS-008", "RFC 9001 4.2", CLIENT, ALERT(70), CHOICE, "002b 0002 0303", "002b"},
    {"TLS-008", "RFC 9001 4.2", CLIENT, ALERT(70), CHOICE, "", "002b"},
    {"TLS-009", "RFC 9001 8.4", SERVER, CLOSE, VIOLATION, session_id, NULL, NULL},
    {"TLS-010", "RFC 9001 4.4", CLIENT, CLOSE, VIOLATION, LATE, "0d 000003 000000", NULL},
    {"TLS-011", "RFC 9001 4.6.1", CLIENT, CLOSE, VIOLATION, LATE, TICKET("00004000"), NULL},
    {"TLS-011+", "RFC 9001 4.6.1", CLIENT, LIVE, 0, LATE, TICKET("ffffffff"), NULL},
    {"TLS-012", "RFC 9001 4.1.3", BOTH, CLOSE, VIOLATION, gn_rules_behind_initial,
     "08 000002 0000", NULL},
    {"TLS-014", "RFC 9000 7.5", BOTH, LIVE, 0, hole, NULL, NULL},
    {"TLS-015", "RFC 9000 7.5", BOTH, CLOSE, BUFFER, gn_rules_in_handshake,
     "06 80100000 01 00", NULL},
    {"TLS-015", "RFC 9000 7.5", BOTH, CLOSE, BUFFER, gn_rules_in_initial,
     "06 80100000 01 00", NULL},
    {"TLS-016", "RFC 9000 7.5", BOTH, CLOSE, BUFFER, endless_crypto, NULL, NULL},
    {"TLS-016+", "RFC 9000 7.5", BOTH, LIVE, 0, endless_crypto, NULL, NULL},
    {"TLS-017", "RFC 9000 7.5", BOTH, ACK, 0, gn_rules_in_1rtt, "06 5000 04 00000000", NULL},
    {"TLS-018", "RFC 9000 7", SERVER, LIVE, 0, hello_in_pieces, NULL, NULL},
    {"TLS-019", "RFC 9001 4", SERVER, LIVE, 0, second_hello, NULL, NULL},
    {"TLS-021", "RFC 8446 4.4.3", CLIENT, ALERT(51), wrong_signature, NULL, NULL},
    {"TLS-022", "RFC 9001 4.4", CLIENT, ALERT(42), certificate, "client", "ca"},
    {"TLS-022", "RFC 9001 4.4", CLIENT, ALERT(48), certificate, "server", "other-ca"},
    {"TLS-022", "RFC 9001 4.4", CLIENT, ALERT(45), certificate, "expired", "ca"},
    {"TLS-022+", "RFC 9001 4.4", CLIENT, LIVE, 0, certificate, "server", "ca"},
    /* RFC 9001 4.8: the general alert stands for illegal_parameter. */
    {"TLS-026", "RFC 8446 4.1.3", CLIENT, ALERT(40), another_suite, NULL, NULL},
    {"TLS-028", "RFC 9001 4.1.2", SERVER, LIVE, 0, done_comes_again, NULL, NULL},
    {"TLS-029", "RFC 8446 4.2.8", SERVER, LIVE, 0, no_key_share, NULL, NULL},
};
/* clang-format on */

enum { ROWS = sizeof rows / sizeof rows[0] };

START_TEST(rules_tls_reaction_is_the_one_required)
{
    gn_rules_expect(rows, _i);
}
END_TEST

Suite *
gn_test_rules_tls(void)
{
    return gn_rules_suite("conn/rules_tls", rules_tls_reaction_is_the_one_required, ROWS);
}
