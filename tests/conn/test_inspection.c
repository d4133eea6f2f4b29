/*
 * test_inspection.c: every packet is shown, sent and received, as on the wire and in clear.
 */
#include "conn/inspection.h"

#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/pair.h"
#include "wire/frame.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER, PACKETS = 64 };

static gn_test_pair pair;

/* What one side was shown; bytes are copied, for they live until the next call only. */
typedef struct shown {
    gn_packet packet;
    gn_connection connection;
    gn_route route;
    size_t len;
    uint8_t wire[GN_DATAGRAM_MAX];
    uint8_t payload[GN_DATAGRAM_MAX];
    uint8_t token[64];
} shown;

static shown seen[2][PACKETS];
static uint32_t seen_count[2];
static uint8_t datagram[2][GN_DATAGRAM_MAX];
static size_t datagram_len[2];

static void
keep(int side, const gn_effect *effect)
{
    shown *to = &seen[side][seen_count[side]];

    ck_assert_uint_lt(seen_count[side], PACKETS);
    seen_count[side]++;
    to->packet = *effect->packet;
    to->connection = effect->connection;
    to->route = effect->route;
    to->len = effect->len;
    memcpy(to->wire, effect->bytes, effect->len);
    memcpy(to->payload, effect->packet->payload, effect->packet->payload_len);
    if (effect->packet->token_len > 0)
        memcpy(to->token, effect->packet->token, effect->packet->token_len);
}

/* Passes datagrams on at once until neither side has any, and keeps what is shown. */
static void
pass(void)
{
    gn_effect effect;
    bool more = true;

    while (more) {
        more = false;
        for (int side = 0; side < 2; side++)
            while (gn_endpoint_next_effect(pair.side[side].endpoint, &effect)) {
                more = true;
                if (effect.kind == GN_EFFECT_PACKET)
                    keep(side, &effect);
                if (effect.kind != GN_EFFECT_SEND)
                    continue;
                memcpy(datagram[side], effect.bytes, effect.len);
                datagram_len[side] = effect.len;
                const gn_datagram given = {.size = sizeof given,
                                           .bytes = datagram[side],
                                           .len = effect.len,
                                           .route = 1,
                                           .ecn = (uint8_t)effect.ecn};
                ck_assert_int_eq(
                    gn_endpoint_receive(pair.side[1 - side].endpoint, &given, pair.now), GN_OK);
            }
        pair.now += 1000;
        for (int side = 0; side < 2; side++)
            ck_assert_int_eq(gn_endpoint_timeout(pair.side[side].endpoint, pair.now), GN_OK);
    }
}

static void
shake(bool inspect)
{
    memset(seen_count, 0, sizeof seen_count);
    gn_test_pair_init(&pair);
    for (int i = 0; i < 2; i++) {
        pair.side[i].config.inspect_packets = inspect;
        pair.side[i].block_bytes = gn_endpoint_size(&pair.side[i].config.limits);
    }
    pair.side[CLIENT].mute = true; /* the first flight is sent again below */
    gn_test_pair_start(&pair);
    pair.now = 2 * GN_SECOND;
    ck_assert_int_eq(gn_endpoint_timeout(pair.side[CLIENT].endpoint, pair.now), GN_OK);
    pass();
}

/* What one side sent, in order, and the other side received. */
static void
assert_same(const shown *sent, const shown *received)
{
    ck_assert_uint_eq(sent->packet.outbound, 1);
    ck_assert_uint_eq(received->packet.outbound, 0);
    ck_assert_uint_eq(sent->len, received->len);
    ck_assert_mem_eq(sent->wire, received->wire, sent->len);
    ck_assert_uint_eq(sent->packet.kind, received->packet.kind);
    ck_assert_uint_eq(sent->packet.pn, received->packet.pn);
    ck_assert_uint_eq(sent->packet.pn_bytes, received->packet.pn_bytes);
    ck_assert_uint_eq(sent->packet.version, received->packet.version);
    ck_assert_uint_eq(sent->packet.key_phase, received->packet.key_phase);
    ck_assert_uint_eq(sent->packet.datagram_len, received->packet.datagram_len);
    ck_assert_uint_eq(sent->packet.datagram_off, received->packet.datagram_off);
    ck_assert_uint_eq(sent->packet.dcid_len, received->packet.dcid_len);
    ck_assert_uint_eq(sent->packet.scid_len, received->packet.scid_len);
    ck_assert_uint_eq(sent->packet.payload_len, received->packet.payload_len);
    ck_assert_mem_eq(sent->payload, received->payload, sent->packet.payload_len);
}

START_TEST(inspection_shows_the_same_at_both_ends)
{
    uint32_t kinds[2] = {0, 0};

    shake(true);
    ck_assert_uint_ge(seen_count[CLIENT], 8);
    for (int from = 0; from < 2; from++) {
        uint32_t at = 0;
        for (uint32_t i = 0; i < seen_count[from]; i++) {
            const shown *sent = &seen[from][i];
            if (!sent->packet.outbound)
                continue;
            kinds[from] |= UINT32_C(1) << sent->packet.kind;
            while (at < seen_count[1 - from] &&
                   (seen[1 - from][at].packet.outbound ||
                    seen[1 - from][at].packet.pn != sent->packet.pn ||
                    seen[1 - from][at].packet.kind != sent->packet.kind))
                at++;
            if (at == seen_count[1 - from])
                break; /* nobody had the keys for it any more */
            assert_same(sent, &seen[1 - from][at]);
        }
        ck_assert_uint_eq(kinds[from],
                          1 << GN_EVENT_INITIAL | 1 << GN_EVENT_HANDSHAKE | 1 << GN_EVENT_ONE_RTT);
    }
    /* The first: an Initial with a CRYPTO frame that fills its datagram. */
    const shown *first = &seen[SERVER][0];
    ck_assert_uint_eq(first->packet.kind, GN_EVENT_INITIAL);
    ck_assert_uint_eq(first->packet.version, 1);
    ck_assert_uint_ge(first->packet.datagram_len, 1200);
    ck_assert_uint_eq(first->packet.datagram_off, 0);
    ck_assert_uint_eq(first->packet.datagram_id, 1);
    ck_assert_uint_eq(first->payload[0], GN_FRAME_CRYPTO);
    ck_assert_uint_eq(first->route, 1);
    gn_test_pair_end(&pair);
}
END_TEST

/* Coalesced packets: one datagram's number, and places that follow each other. */
START_TEST(inspection_places_packets_in_their_datagram)
{
    bool coalesced = false;

    shake(true);
    for (int side = 0; side < 2; side++)
        for (uint32_t i = 1; i < seen_count[side]; i++) {
            const shown *a = &seen[side][i - 1];
            const shown *b = &seen[side][i];
            ck_assert_uint_le(b->packet.datagram_off + b->len, b->packet.datagram_len);
            ck_assert_uint_ge(b->packet.datagram_id, a->packet.datagram_id);
            if (b->packet.datagram_id != a->packet.datagram_id)
                continue;
            coalesced = true;
            ck_assert_uint_ge(b->packet.datagram_off, a->packet.datagram_off + a->len);
            ck_assert_uint_eq(b->packet.outbound, a->packet.outbound);
        }
    ck_assert(coalesced);
    gn_test_pair_end(&pair);
}
END_TEST

START_TEST(inspection_shows_the_key_phase)
{
    uint32_t phases = 0;

    shake(true);
    memset(seen_count, 0, sizeof seen_count);
    gn_test_side *client = &pair.side[CLIENT];
    pair.now += GN_SECOND;
    ck_assert_int_eq(gn_connection_key_update(client->endpoint, client->connection, pair.now),
                     GN_OK);
    uint64_t stream = 0;
    size_t taken = 0;
    ck_assert_int_eq(
        gn_connection_open_stream(client->endpoint, client->connection, true, pair.now, &stream),
        GN_OK);
    ck_assert_int_eq(gn_connection_send_stream(client->endpoint, client->connection, stream,
                                               (const uint8_t *)"x", 1, true, pair.now, &taken),
                     GN_OK);
    pass();
    for (uint32_t i = 0; i < seen_count[SERVER]; i++)
        phases |= UINT32_C(1) << seen[SERVER][i].packet.key_phase;
    ck_assert_uint_eq(phases & 2, 2);
    gn_test_pair_end(&pair);
}
END_TEST

START_TEST(inspection_that_is_off_shows_nothing)
{
    shake(false);
    ck_assert_uint_eq(seen_count[CLIENT] + seen_count[SERVER], 0);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).confirmed, 1);
    gn_test_pair_end(&pair);
}
END_TEST

/* Who does not pull misses the latest; nothing else comes of it. */
START_TEST(inspection_that_is_not_pulled_is_bounded)
{
    static gn_inspection i;
    static const uint8_t wire[GN_DATAGRAM_MAX] = {0x40};
    gn_effect effect;
    uint32_t shown_count = 0;
    const size_t len = _i == 0 ? 40 : 1400;

    memset(&i, 0, sizeof i);
    for (uint64_t pn = 0; pn < 100; pn++) {
        gn_inspection_begin(&i);
        gn_inspection_stage(&i, gn_span_of(wire, len));
        gn_inspection_push(&i, (gn_inspected){.pn = pn, .kind = GN_EVENT_ONE_RTT, .dcid_len = 8},
                           gn_span_of(wire, len));
    }
    ck_assert(gn_inspection_any(&i));
    while (gn_inspection_pop(&i, &effect)) {
        ck_assert_uint_eq(effect.packet->pn, shown_count);
        ck_assert_uint_eq(effect.len, len);
        shown_count++;
    }
    ck_assert_uint_eq(shown_count, _i == 0 ? GN_INSPECTION_PACKETS : 2);
    gn_inspection_stage(&i, gn_span_of(wire, len));
    gn_inspection_push(&i, (gn_inspected){.pn = 7, .kind = GN_EVENT_ONE_RTT},
                       gn_span_of(wire, len));
    ck_assert(gn_inspection_pop(&i, &effect) && effect.packet->pn == 7);
    gn_inspection_begin(NULL);
    gn_inspection_stage(NULL, gn_span_of(wire, len));
    gn_inspection_push(NULL, (gn_inspected){.pn = 7}, gn_span_of(wire, len));
    ck_assert(!gn_inspection_pop(NULL, &effect));
}
END_TEST

Suite *
gn_test_inspection(void)
{
    Suite *suite = suite_create("conn/inspection");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_test(good, inspection_shows_the_same_at_both_ends);
    tcase_add_test(good, inspection_places_packets_in_their_datagram);
    tcase_add_test(good, inspection_shows_the_key_phase);
    tcase_add_test(good, inspection_that_is_off_shows_nothing);
    tcase_add_loop_test(limits, inspection_that_is_not_pulled_is_bounded, 0, 2);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    return suite;
}
