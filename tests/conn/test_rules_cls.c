/*
 * test_rules_cls.c: the rules about ends and about key updates, a row each; see rules.h.
 */
#include <check.h>
#include <string.h>

#include "endpoint/endpoint.h"
#include "suites.h"
#include "tests/support/rules.h"
#include "tests/support/rules_words.h"
#include "wire/header_read.h"

static gn_test_side *
sut_of(gn_rules *run)
{
    return &run->pair.side[run->sut];
}

/* Whether a packet of the side under test is nothing but this CONNECTION_CLOSE. */
static bool
only_closes(const gn_test_pair_packet *sent, uint64_t code)
{
    gn_reader r = gn_reader_over(sent->payload, sent->payload_len);
    gn_frame frame;
    gn_fault fault;
    bool closes = false;

    while (gn_reader_left(&r) > 0) {
        if (gn_frame_read(&r, &frame, &fault) != GN_OK ||
            (frame.type != GN_FRAME_CLOSE && frame.type != GN_FRAME_PADDING))
            return false;
        closes |= frame.type == GN_FRAME_CLOSE && frame.as.close.error_code == code;
    }
    return closes;
}

/* ------------------------------------------------------------------ closing */

static void
closes_and_repeats(gn_rules *run)
{
    gn_rules_take(run);
    const uint32_t before = sut_of(run)->sents;
    gn_rules_put(run);
    gn_rules_send(run);
    for (int i = 0; i < 20; i++)
        gn_test_forge_say(&run->forge, "01");
    const uint32_t after = sut_of(run)->sents;
    gn_rules_want(run, after > before + 1, "it answers");
    gn_rules_want(run, after < before + 8, "less and less");
    for (uint32_t i = before; i < after; i++)
        gn_rules_want(run, only_closes(&sut_of(run)->sent[i], run->row->code), "and says the same");
}

static void
closes_in_1rtt(gn_rules *run)
{
    gn_rules_take(run);
    const uint32_t before = sut_of(run)->sents;
    gn_rules_put(run);
    gn_rules_send(run);
    gn_rules_want(run, sut_of(run)->sents == before + 1, "one packet");
    gn_rules_want(run, sut_of(run)->sent[before].kind == GN_EVENT_ONE_RTT, "of 1-RTT");
}

/* The levels of the packets that hold nothing but CONNECTION_CLOSE, a bit for each kind. */
static uint32_t
closed_in(gn_rules *run, uint64_t code)
{
    uint32_t kinds = 0;

    for (uint32_t i = 0; i < sut_of(run)->sents; i++)
        if (only_closes(&sut_of(run)->sent[i], code))
            kinds |= 1u << sut_of(run)->sent[i].kind;
    return kinds;
}

/* The server cannot know that the client has its Handshake keys; the client knows of the server. */
static void
closes_in_handshake(gn_rules *run)
{
    const bool server = run->sut == GN_TEST_SERVER;

    if (server)
        gn_rules_reach_initial(run);
    else
        gn_rules_reach_handshake(run);
    gn_rules_put(run);
    gn_rules_send(run);
    const uint32_t kinds = closed_in(run, run->row->code);
    gn_rules_want(run, (kinds & 1u << GN_EVENT_HANDSHAKE) != 0, "it says so in Handshake packets");
    gn_rules_want(run, !server || (kinds & 1u << GN_EVENT_INITIAL) != 0, "and in Initial ones");
}

/* The application gives up before the handshake is complete. */
static void
application_closes(gn_rules *run)
{
    gn_test_side *side = sut_of(run);
    gn_frame frame;

    gn_test_pair_start(&run->pair);
    if (run->sut == GN_TEST_SERVER)
        gn_rules_run_until_sent(run, GN_TEST_SERVER, GN_EVENT_HANDSHAKE);
    gn_rules_want(run, (side->states & 1u << GN_STATE_READY) == 0, "it is early");
    const uint32_t before = side->sents;
    ck_assert_int_eq(
        gn_connection_close(side->endpoint, side->connection, 77, "secret", 6, run->pair.now),
        GN_OK);
    gn_test_pair_pull(&run->pair, run->sut);
    gn_rules_want(run, side->sents > before, "it says so");
    for (uint32_t i = before; i < side->sents; i++)
        gn_rules_want(run,
                      side->sent[i].kind == GN_EVENT_ONE_RTT ||
                          only_closes(&side->sent[i], GN_FAULT_APPLICATION),
                      "without the code");
    for (uint32_t at = before; gn_test_pair_sent(&run->pair, run->sut, GN_FRAME_CLOSE, &at, &frame);
         at++)
        gn_rules_want(run, frame.as.close.reason.len == 0, "without the reason");
}

/* ------------------------------------------------------------------ silence */

static void
cut_off(gn_rules *run)
{
    run->pair.side[run->peer].deaf = true;
    run->pair.side[run->peer].mute = true;
}

/* The peer's five seconds count. */
static void
idle(gn_rules *run)
{
    gn_test_side *side = sut_of(run);

    run->cut = "01";
    run->add = gn_span_of(run->parameters, gn_rules_bytes(run, run->row->text, run->parameters));
    gn_rules_take(run);
    gn_test_forge_say(&run->forge, "01");
    const gn_time last = run->pair.now;
    gn_test_pair_run(&run->pair, last + 4900 * GN_MS);
    gn_rules_want(run, side->closed.times == 0, "it waits as long as it should");
    const uint64_t datagrams = side->datagrams;
    const uint32_t sents = side->sents;
    gn_test_pair_run(&run->pair, last + 5100 * GN_MS);
    gn_rules_want(run, side->closed.detail == GN_CLOSE_IDLE && side->datagrams == datagrams,
                  "it goes silently");
    gn_rules_want(run, gn_endpoint_connections(side->endpoint) == 0, "nothing is left");
    gn_test_forge_say(&run->forge, "01");
    gn_rules_want(run, side->sents == sents, "no 1-RTT packet answers");
}

/* One millisecond is less than a packet takes. */
static void
idle_of_nothing(gn_rules *run)
{
    const gn_test_side *side = sut_of(run);

    for (int i = 0; i < 2; i++)
        run->pair.side[i].delay_us = 50 * GN_MS;
    run->cut = "01";
    run->add = gn_span_of(run->parameters, gn_rules_bytes(run, run->row->text, run->parameters));
    gn_test_pair_start(&run->pair);
    gn_test_pair_run(&run->pair, 400 * GN_MS);
    gn_rules_want(run, gn_test_pair_info(&run->pair, run->sut).confirmed, "it shakes hands");
    cut_off(run);
    const gn_info info = gn_test_pair_info(&run->pair, run->sut);
    const uint64_t pto_us = info.rtt_smoothed_us + 4 * info.rtt_var_us;
    const gn_time now = run->pair.now;
    gn_test_pair_run(&run->pair, now + 10 * GN_SECOND);
    gn_rules_want(run, side->closed.detail == GN_CLOSE_IDLE, "it ends");
    gn_rules_want(run, side->closed.at + 150 * GN_MS >= now + 3 * pto_us, "three PTO later");
}

static void
closing_ends(gn_rules *run)
{
    gn_test_side *side = sut_of(run);

    gn_rules_take(run);
    const gn_info info = gn_test_pair_info(&run->pair, run->sut);
    const uint64_t pto_us = info.rtt_smoothed_us + 4 * info.rtt_var_us + 25 * GN_MS;
    gn_rules_put(run);
    gn_rules_send(run);
    const gn_time closed = run->pair.now;
    const uint64_t datagrams = side->datagrams;
    gn_test_pair_run(&run->pair, closed + 2 * pto_us);
    gn_test_forge_say(&run->forge, "01");
    gn_test_forge_say(&run->forge, "01");
    gn_rules_want(run, side->datagrams > datagrams, "after two PTO it still answers");
    gn_test_pair_run(&run->pair, closed + 10 * pto_us);
    gn_rules_want(run, gn_endpoint_connections(side->endpoint) == 0, "after ten it has gone");
    gn_rules_want(run, side->closed.forgotten_at >= closed + 3 * pto_us, "three it must last");
}

/* ------------------------------------------------------------------ key updates */

static void
update_of_peer(gn_rules *run)
{
    gn_rules_take(run);
    run->forge.phase = 1;
    const uint32_t before = sut_of(run)->sents;
    gn_rules_put(run);
    gn_rules_send(run);
    gn_test_pair_run(&run->pair, run->pair.now + 30 * GN_MS);
    gn_rules_want(run, sut_of(run)->sents > before, "it answers");
    for (uint32_t i = before; i < sut_of(run)->sents; i++)
        gn_rules_want(run, sut_of(run)->sent[i].key_phase == 1, "under the new keys");
}

/* A later packet under older keys. */
static void
back_to_old_keys(gn_rules *run)
{
    update_of_peer(run);
    run->forge.phase = 0;
    gn_rules_put(run);
    gn_rules_send(run);
}

/* An earlier packet under older keys, which comes late. */
static void
old_keys_late(gn_rules *run)
{
    static uint8_t bytes[GN_DATAGRAM_MAX];

    gn_rules_take(run);
    gn_rules_put(run);
    const uint64_t pn = run->forge.pn[GN_SPACE_APP];
    const size_t len = gn_test_forge_seal(&run->forge, bytes);
    run->forge.phase = 1;
    gn_test_forge_say(&run->forge, "01");
    gn_rules_give(run, bytes, len);
    run->pn = pn;
}

static void
phase_bit_alone(gn_rules *run)
{
    gn_rules_take(run);
    run->forge.reserved_bits = GN_HEADER_KEY_PHASE;
    gn_rules_put(run);
    gn_rules_send(run);
}

static void
two_updates(gn_rules *run)
{
    gn_rules_take(run);
    run->forge.phase = 1;
    gn_test_forge_say(&run->forge, "01");
    run->forge.phase = 2;
    gn_rules_put(run);
    gn_rules_send(run);
}

static gn_err
update(gn_rules *run)
{
    gn_test_side *side = sut_of(run);
    const gn_err err = gn_connection_key_update(side->endpoint, side->connection, run->pair.now);

    gn_test_pair_pull(&run->pair, run->sut);
    return err;
}

/* Something of the side under test's, so that its new keys are in use. */
static void
write_some(gn_rules *run)
{
    const uint64_t stream = gn_test_pair_open(&run->pair, run->sut, true);

    (void)gn_test_pair_write(&run->pair, run->sut, stream, 0, 100, true);
}

static void
own_updates(gn_rules *run)
{
    gn_rules_take(run);
    gn_test_forge_ack(&run->forge);
    gn_rules_want(run, update(run) == GN_OK, "the first is possible");
    write_some(run);
    gn_rules_want(run, update(run) == GN_ERR_STATE, "another is not");
    if (!gn_rules_legal(run))
        return;
    run->forge.phase = 1;
    gn_test_forge_ack(&run->forge);
    gn_test_pair_run(&run->pair, run->pair.now + 2 * GN_SECOND);
    gn_rules_want(run, update(run) == GN_OK, "until the new keys are acknowledged");
    run->forge.phase = 2;
}

/* The packet of the new keys is acknowledged under the old, or (a neighbour) the new ones. */
static void
acknowledged_by_old_keys(gn_rules *run)
{
    gn_rules_take(run);
    gn_test_forge_ack(&run->forge);
    gn_rules_want(run, update(run) == GN_OK, "the update is possible");
    write_some(run);
    run->forge.phase = gn_rules_legal(run) ? 1 : 0;
    gn_test_forge_ack(&run->forge);
}

/* The first 1-RTT packet there is, before the handshake is complete, has the bit. */
static void
early_phase_bit(gn_rules *run)
{
    gn_test_pair_start(&run->pair);
    while (!run->pair.side[run->peer].has_secret[1][run->peer])
        ck_assert(gn_test_pair_step(&run->pair, GN_SECOND));
    gn_rules_want(run, (sut_of(run)->states & 1u << GN_STATE_CONFIRMED) == 0, "it is early");
    gn_rules_shadow(run, GN_PACKET_ONE_RTT);
    run->forge.dcid = sut_of(run)->sent[0].scid;
    run->forge.reserved_bits = GN_HEADER_KEY_PHASE;
    gn_rules_put(run);
    gn_rules_send(run);
}

static void
forgeries(gn_rules *run)
{
    enum { MOST = 10 };
    static uint8_t bytes[GN_DATAGRAM_MAX];

    gn_rules_take(run);
    gn_keys *keys = &gn_endpoint_seat(sut_of(run)->endpoint, 0)->conn.space[GN_SPACE_APP].keys;
    gn_keys_lower_limits(keys, UINT64_MAX, keys->rx.used + MOST);
    gn_rules_put(run);
    const size_t len = gn_test_forge_seal(&run->forge, bytes);
    bytes[len - 1] ^= 1;
    for (int i = 0; i < (gn_rules_legal(run) ? MOST - 1 : MOST); i++)
        gn_rules_give(run, bytes, len);
}

/* clang-format off */
static const gn_rule rows[] = {
    {"CLS-001", "RFC 9000 10.2.1", BOTH, CLOSE, ENCODING, closes_and_repeats, "21", NULL},
    {"CLS-003", "RFC 9000 10.2.3", BOTH, CLOSE, ENCODING, closes_in_1rtt, "21", NULL},
    {"CLS-004", "RFC 9000 10.2.3", BOTH, CLOSE, VIOLATION, closes_in_handshake, "1e", NULL},
    {"CLS-005", "RFC 9000 10.2.3", BOTH, WANTS, 0, application_closes, NULL, NULL},
    {"CLS-006", "RFC 9000 11.1", BOTH, CLOSE, VIOLATION, gn_rules_in_1rtt, "", NULL},
    {"CLS-007", "RFC 9000 10.1", BOTH, WANTS, 0, idle, "01 02 5388", NULL},
    {"CLS-008", "RFC 9000 10.1", BOTH, WANTS, 0, idle_of_nothing, "01 01 01", NULL},
    {"CLS-010", "RFC 9000 10.2", BOTH, WANTS, 0, closing_ends, "21", NULL},
    {"KU-001", "RFC 9001 6.2", BOTH, ACK, 0, update_of_peer, "01", NULL},
    {"KU-002", "RFC 9001 6.4", BOTH, CLOSE, KEY_UPDATE, back_to_old_keys, "01", NULL},
    {"KU-003", "RFC 9001 6.3", BOTH, DROP, 0, phase_bit_alone, "01", NULL},
    {"KU-004", "RFC 9001 6.2", BOTH, CLOSE, KEY_UPDATE, two_updates, "01", NULL},
    {"KU-006", "RFC 9001 6.5", BOTH, ACK, 0, old_keys_late, "01", NULL},
    {"KU-007", "RFC 9001 6.1", BOTH, LIVE, 0, own_updates, NULL, NULL},
    {"KU-007+", "RFC 9001 6.1", BOTH, LIVE, 0, own_updates, NULL, NULL},
    {"KU-008", "RFC 9001 6.2", BOTH, CLOSE, KEY_UPDATE, acknowledged_by_old_keys, NULL, NULL},
    {"KU-008+", "RFC 9001 6.2", BOTH, LIVE, 0, acknowledged_by_old_keys, NULL, NULL},
    {"KU-009", "RFC 9001 6.1", BOTH, LIVE, 0, early_phase_bit, "01", NULL},
    {"KU-010", "RFC 9001 6.6", BOTH, CLOSE, AEAD_LIMIT, forgeries, "01", NULL},
    {"KU-010+", "RFC 9001 6.6", BOTH, LIVE, 0, forgeries, "01", NULL},
};
/* clang-format on */

enum { ROWS = sizeof rows / sizeof rows[0] };

START_TEST(rules_cls_reaction_is_the_one_required)
{
    gn_rules_expect(rows, _i);
}
END_TEST

Suite *
gn_test_rules_cls(void)
{
    return gn_rules_suite("conn/rules_cls", rules_cls_reaction_is_the_one_required, ROWS);
}
