/*
 * test_musts_handshake.c: requirements that only show while two whole endpoints shake hands.
 */
#include <check.h>
#include <string.h>

#include "endpoint/endpoint.h"
#include "suites.h"
#include "tests/support/forge.h"
#include "tests/support/pair.h"
#include "tls/tls_wolfssl.h"
#include "wire/header_read.h"
#include "wire/header_write.h"
#include "wire/retry.h"
#include "wire/tparams.h"
#include "wire/vneg.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

static gn_test_pair pair;
static gn_test_forge forge;

static void
expect_untouched(int target, uint64_t digest, uint64_t datagrams)
{
    ck_assert_uint_eq(gn_test_pair_digest(&pair, target), digest);
    ck_assert_uint_eq(pair.side[target].datagrams, datagrams);
    ck_assert_uint_eq(pair.side[target].closed.times, 0);
}

/* The server has answered, its first flight is gone, and the forger speaks for a side. */
static void
take_early(int as)
{
    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    gn_test_pair_run(&pair, 15 * GN_MS);
    ck_assert_uint_gt(pair.side[SERVER].sents, 0);
    pair.flying = 0;
    gn_test_forge_take(&forge, &pair, as);
    forge.scid = pair.side[as].sent[0].scid;
    if (as == CLIENT)
        forge.dcid = pair.side[SERVER].sent[0].scid;
    forge.kind = GN_PACKET_INITIAL;
    forge.pad_to = 1200;
}

/* Version 0 with a list of versions, or a version that nobody knows; for target, from its peer. */
static size_t
other_version(int target, uint32_t version, size_t len, uint8_t *out)
{
    static const uint32_t lists[2][2] = {{1, 0x6b3343cf}, {0xff00001d, 0x1a2a3a4a}};
    gn_writer w = gn_writer_over(out, GN_DATAGRAM_MAX);

    if (version < 2) {
        ck_assert_int_eq(gn_vneg_write(&w, 0x2a, gn_cid_span(&forge.dcid), gn_cid_span(&forge.scid),
                                       lists[version], 2),
                         GN_OK);
        return w.at;
    }
    memset(out, 0x33, len);
    out[0] = 0xc3;
    out[1] = (uint8_t)(version >> 24);
    out[2] = out[3] = out[4] = (uint8_t)(target + 9);
    out[5] = forge.dcid.len;
    memcpy(out + 6, forge.dcid.bytes, forge.dcid.len);
    return len;
}

/* [R-9000-5.2.1-1] [R-9000-5.2.2-1] [R-9000-6.1-1] [R-9000-6.2-2] [R-9000-6.2-3] */
START_TEST(musts_other_versions_change_nothing)
{
    static const struct {
        uint32_t version; /* 0, 1: the two lists */
        size_t len;
    } rows[] = {{0, 0}, {1, 0}, {0x1a000000, 1200}, {0x1a000000, 60}};
    const int target = _i % 2;
    uint8_t bytes[GN_DATAGRAM_MAX];

    take_early(1 - target);
    forge.pad_to = 0;
    gn_test_forge_say(&forge, "01 000000");
    if (target == CLIENT)
        ck_assert(pair.side[CLIENT].dropped[GN_DROP_AUTH] == 0);
    const uint64_t digest = gn_test_pair_digest(&pair, target);
    const uint64_t datagrams = pair.side[target].datagrams;
    const size_t len = other_version(target, rows[_i / 2].version, rows[_i / 2].len, bytes);
    gn_test_pair_give(&pair, target, bytes, len, forge.route, forge.host);
    /* A server says which versions it speaks, to what could have begun a connection. */
    const uint64_t answers = target == SERVER && len >= 1200 ? 1 : 0;
    expect_untouched(target, digest, datagrams + answers);
    ck_assert_uint_eq(gn_endpoint_connections(pair.side[target].endpoint), 1);
}
END_TEST

/* [R-9000-17.2.5.2-2] */
START_TEST(musts_late_retry_changes_nothing)
{
    uint8_t bytes[GN_DATAGRAM_MAX];
    gn_writer w = gn_writer_over(bytes, sizeof bytes);

    take_early(SERVER);
    gn_test_forge_say(&forge, "01");
    const uint64_t digest = gn_test_pair_digest(&pair, CLIENT);
    const uint64_t datagrams = pair.side[CLIENT].datagrams;
    ck_assert_int_eq(
        gn_retry_write(&w, 0, 1, &forge.dcid, &forge.scid, gn_span_of((const uint8_t *)"token", 5)),
        GN_OK);
    memset(bytes + w.at, 7, GN_RETRY_TAG_BYTES);
    gn_test_pair_give(&pair, CLIENT, bytes, w.at + GN_RETRY_TAG_BYTES, forge.route, forge.host);
    expect_untouched(CLIENT, digest, datagrams);
}
END_TEST

/* [R-9000-7.2-3] [R-9000-7.2-4] */
START_TEST(musts_client_drops_another_source_id)
{
    take_early(SERVER);
    const gn_cid chosen = forge.scid;
    const uint32_t at = pair.side[CLIENT].sents;
    gn_test_forge_say(&forge, "01");
    ck_assert_uint_gt(pair.side[CLIENT].sents, at);
    ck_assert(gn_cid_equal(&pair.side[CLIENT].sent[at].dcid, &chosen));
    const uint64_t digest = gn_test_pair_digest(&pair, CLIENT);
    const uint64_t datagrams = pair.side[CLIENT].datagrams;
    forge.scid.bytes[0] ^= 1;
    gn_test_forge_say(&forge, "1c 00 00 00");
    expect_untouched(CLIENT, digest, datagrams);
    ck_assert_uint_eq(pair.side[CLIENT].dropped[GN_DROP_UNKNOWN], 1);
    forge.scid = chosen;
    gn_test_forge_say(&forge, "01");
    for (uint32_t i = at; i < pair.side[CLIENT].sents; i++)
        ck_assert(gn_cid_equal(&pair.side[CLIENT].sent[i].dcid, &chosen));
}
END_TEST

/* What the lying side does to its parameters before TLS sends them. */
typedef enum lie { LIE_NO_SCID, LIE_SCID, LIE_RETRY, LIE_NO_DCID, LIE_DCID, LIES } lie;

static lie told;
static int liar;

static gn_err
lying_session(void *context, const gn_tls_session_config *config, void **session)
{
    gn_tls_session_config changed = *config;
    uint8_t bytes[512];
    gn_writer w = gn_writer_over(bytes, sizeof bytes);
    gn_fault fault;
    gn_tparams p;

    if (gn_tparams_read(config->parameters, liar == SERVER, &p, &fault) != GN_OK)
        return GN_ERR_CONFIG;
    switch (told) {
    case LIE_NO_SCID: p.present &= ~(uint32_t)GN_TPARAMS_INITIAL_SCID; break;
    case LIE_SCID: p.initial_scid.bytes[7] ^= 1; break;
    case LIE_RETRY:
        p.present |= GN_TPARAMS_RETRY_SCID;
        p.retry_scid = p.initial_scid;
        break;
    case LIE_NO_DCID: p.present &= ~(uint32_t)GN_TPARAMS_ORIGINAL_DCID; break;
    default: p.original_dcid.bytes[0] ^= 1; break;
    }
    if (gn_tparams_write(&w, &p, liar == SERVER) != GN_OK)
        return GN_ERR_CONFIG;
    changed.parameters = gn_span_of(bytes, w.at);
    return gn_tls_wolfssl()->session_new(context, &changed, session);
}

/* [R-9000-7.3-1] [R-9000-7.3-2] [R-9000-7.3-3] [R-9000-7.3-4] */
START_TEST(musts_ids_in_the_parameters_are_those_on_the_wire)
{
    gn_tls_ops ops = *gn_tls_wolfssl();

    /* A client can tell the first two lies, a server all of them. */
    liar = _i < LIES ? SERVER : CLIENT;
    told = (lie)(_i % LIES);
    ops.session_new = lying_session;
    gn_test_pair_init(&pair);
    pair.side[liar].config.tls_ops = &ops;
    gn_test_pair_start(&pair);
    gn_test_pair_settle(&pair);
    gn_test_pair_expect_fault(&pair, 1 - liar, GN_FAULT_TRANSPORT_PARAMETER, "RFC 9000 7.3: ");
    ck_assert_uint_eq(pair.side[1 - liar].states & 1u << GN_STATE_READY, 0);
    gn_test_pair_end(&pair);
}
END_TEST

/* CRYPTO bytes behind a gap, of a level that ends without them. */
/* [R-9001-4.1.3-3] */
START_TEST(musts_crypto_data_left_over_are_a_violation)
{
    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    const gn_test_pair_packet first = pair.side[CLIENT].sent[0];
    pair.flying = 0;
    gn_test_forge_take(&forge, &pair, CLIENT);
    forge.kind = GN_PACKET_INITIAL;
    forge.pn[GN_SPACE_INITIAL] = 0;
    forge.pad_to = 1200;
    size_t kept = first.payload_len; /* without the padding */
    while (kept > 0 && first.payload[kept - 1] == 0)
        kept--;
    gn_test_forge_bytes(&forge, first.payload, kept);
    if (_i == 1)
        gn_test_forge_hex(&forge, "06 4bb8 01 00");
    gn_test_forge_send(&forge);
    ck_assert_uint_eq(pair.side[SERVER].accepted, 1);
    if (_i == 0)
        ck_assert_uint_eq(pair.side[SERVER].closed.times, 0);
    else
        gn_test_pair_expect_fault(&pair, SERVER, GN_FAULT_PROTOCOL_VIOLATION,
                                  "RFC 9001 4.1.3: CRYPTO data left over");
}
END_TEST

/* A packet of this type that nobody can open, for target. */
static size_t
sealed_by_nobody(uint8_t first, size_t token_len, uint8_t *out)
{
    gn_writer w = gn_writer_over(out, GN_DATAGRAM_MAX);

    memset(out, 0x5a, GN_DATAGRAM_MAX);
    ck_assert_int_eq(gn_writer_u8(&w, first), GN_OK);
    ck_assert_int_eq(gn_writer_u32(&w, 1), GN_OK);
    ck_assert_int_eq(gn_writer_u8(&w, forge.dcid.len), GN_OK);
    ck_assert_int_eq(gn_writer_bytes(&w, forge.dcid.bytes, forge.dcid.len), GN_OK);
    ck_assert_int_eq(gn_writer_u8(&w, forge.scid.len), GN_OK);
    ck_assert_int_eq(gn_writer_bytes(&w, forge.scid.bytes, forge.scid.len), GN_OK);
    if (first < 0xd0) {
        ck_assert_int_eq(gn_writer_u8(&w, (uint8_t)token_len), GN_OK);
        w.at += token_len;
    }
    ck_assert_int_eq(gn_writer_u16(&w, 0x4000 + 100), GN_OK);
    return w.at + 100;
}

/* [R-9000-17.2.2-2] */
START_TEST(musts_client_drops_an_initial_with_a_token)
{
    uint8_t bytes[GN_DATAGRAM_MAX];

    take_early(SERVER);
    for (size_t token_len = 0; token_len < 2; token_len++) {
        const size_t len = sealed_by_nobody(0xc3, token_len, bytes);
        gn_test_pair_give(&pair, CLIENT, bytes, len, forge.route, forge.host);
    }
    ck_assert_uint_eq(pair.side[CLIENT].dropped[GN_DROP_AUTH], 1);
    ck_assert_uint_eq(pair.side[CLIENT].dropped[GN_DROP_HEADER], 1);
}
END_TEST

/* [R-9001-5.6-3] */
START_TEST(musts_zero_rtt_packets_are_dropped)
{
    uint8_t bytes[GN_DATAGRAM_MAX];

    take_early(1 - _i);
    const uint64_t digest = gn_test_pair_digest(&pair, _i);
    const uint64_t datagrams = pair.side[_i].datagrams;
    const size_t len = sealed_by_nobody(0xd3, 0, bytes);
    gn_test_pair_give(&pair, _i, bytes, len, forge.route, forge.host);
    ck_assert_uint_eq(pair.side[_i].dropped[GN_DROP_KEYS], 1);
    ck_assert_uint_eq(pair.side[_i].dropped[GN_DROP_AUTH], 0);
    expect_untouched(_i, digest, datagrams);
}
END_TEST

/* The server has everything but the client's Finished, the keys of 1-RTT packets included. */
/* [R-9001-5.7-1] [R-9001-5.7-2] */
START_TEST(musts_one_rtt_packets_wait_for_the_end_of_the_handshake)
{
    take_early(CLIENT);
    forge.kind = GN_PACKET_ONE_RTT;
    forge.pad_to = 0;
    pair.side[CLIENT].suite = pair.side[SERVER].suite;
    memset(pair.side[CLIENT].secret[1][CLIENT], 1, GN_SUITE_HASH_MAX);
    pair.side[CLIENT].has_secret[1][CLIENT] = true;
    ck_assert(pair.side[SERVER].has_secret[1][SERVER]);
    ck_assert(!pair.side[SERVER].has_secret[1][CLIENT]);
    const uint64_t digest = gn_test_pair_digest(&pair, SERVER);
    gn_test_forge_say(&forge, "08 00 61");
    ck_assert_uint_eq(pair.side[SERVER].events[GN_EVENT_PACKET_HELD], 1);
    ck_assert_uint_eq(gn_test_pair_digest(&pair, SERVER), digest);
    ck_assert_uint_eq(gn_test_pair_stream(&pair, SERVER, 0)->bytes, 0);
}
END_TEST

static uint32_t coalesced;
static uint32_t initials_after_handshake;
static bool handshake_sent[2]; /* by the client; by the server, after it read one */

/* Every packet of a datagram, as the wire shows it. */
static gn_test_fate
watch_headers(gn_test_pair *p, gn_test_datagram *d)
{
    const int from = 1 - d->to;
    gn_header first = {0};
    gn_header h;
    size_t at = 0;

    (void)p;
    for (uint32_t nth = 0; at < d->len; at += h.packet_len, nth++) {
        ck_assert_int_eq(gn_header_read(d->bytes + at, d->len - at, 8, &h), GN_OK);
        if (nth == 0)
            first = h;
        coalesced += nth > 0;
        ck_assert(gn_span_equal(first.dcid_bytes, h.dcid_bytes));
        if (h.kind == GN_PACKET_INITIAL) {
            ck_assert_uint_eq(h.token.len, 0);
            initials_after_handshake += handshake_sent[from];
        }
        if (h.kind == GN_PACKET_ONE_RTT)
            ck_assert_uint_eq(h.first & GN_HEADER_SPIN, 0);
        if (h.kind == GN_PACKET_HANDSHAKE && from == CLIENT)
            handshake_sent[CLIENT] = true;
    }
    handshake_sent[SERVER] |= (p->side[SERVER].discarded & 1u << GN_EVENT_INITIAL) != 0;
    return GN_TEST_PASS;
}

/* [R-9000-12.2-2] [R-9000-17.2.2-1] [R-9000-17.4-1] [R-9001-4.9.1-1] [R-9001-4.9.1-2] */
/* [R-9001-4.9.1-3] */
START_TEST(musts_headers_on_the_wire_keep_to_the_rules)
{
    gn_test_pair_init(&pair);
    pair.hook = watch_headers;
    gn_test_pair_confirm(&pair);
    gn_test_pair_expect_alive(&pair);
    ck_assert_uint_gt(coalesced, 0);
    ck_assert(handshake_sent[CLIENT] && handshake_sent[SERVER]);
    ck_assert_uint_eq(initials_after_handshake, 0);
    for (int i = 0; i < 2; i++)
        ck_assert_uint_ne(pair.side[i].discarded & 1u << GN_EVENT_INITIAL, 0);
}
END_TEST

/* [R-9000-19.20-1] [R-9001-4.1.2-1] */
START_TEST(musts_done_follows_the_end_of_the_handshake_at_once)
{
    gn_frame frame;
    uint32_t at = 0;

    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    while ((pair.side[SERVER].states & 1u << GN_STATE_READY) == 0) {
        at = 0;
        ck_assert(!gn_test_pair_sent(&pair, SERVER, GN_FRAME_HANDSHAKE_DONE, &at, &frame));
        ck_assert(gn_test_pair_step(&pair, GN_SECOND));
    }
    at = 0;
    ck_assert(gn_test_pair_sent(&pair, SERVER, GN_FRAME_HANDSHAKE_DONE, &at, &frame));
    ck_assert_uint_eq(pair.side[SERVER].sent[at].kind, GN_EVENT_ONE_RTT);
    ck_assert_uint_eq(pair.side[SERVER].sent[at].at, pair.now);
}
END_TEST

/* [R-9001-5.3-2] */
START_TEST(musts_suites_we_do_not_take_do_no_harm)
{
    gn_test_pair_init(&pair);
    pair.side[SERVER].config.suites = (uint8_t)(1 << _i);
    gn_test_pair_confirm(&pair);
    ck_assert_uint_eq(pair.side[CLIENT].suite, (unsigned)_i);
}
END_TEST

Suite *
gn_test_musts_handshake(void)
{
    Suite *suite = suite_create("conn/musts_handshake");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_test(good, musts_headers_on_the_wire_keep_to_the_rules);
    tcase_add_test(good, musts_done_follows_the_end_of_the_handshake_at_once);
    tcase_add_loop_test(good, musts_suites_we_do_not_take_do_no_harm, 0, 3);
    tcase_add_loop_test(hostile, musts_other_versions_change_nothing, 0, 8);
    tcase_add_test(hostile, musts_late_retry_changes_nothing);
    tcase_add_test(hostile, musts_client_drops_another_source_id);
    tcase_add_loop_test(hostile, musts_ids_in_the_parameters_are_those_on_the_wire, 0, LIES + 2);
    tcase_add_loop_test(hostile, musts_crypto_data_left_over_are_a_violation, 0, 2);
    tcase_add_test(hostile, musts_client_drops_an_initial_with_a_token);
    tcase_add_loop_test(hostile, musts_zero_rtt_packets_are_dropped, 0, 2);
    tcase_add_test(hostile, musts_one_rtt_packets_wait_for_the_end_of_the_handshake);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
