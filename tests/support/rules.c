/*
 * rules.c: see rules.h.
 */
#include "tests/support/rules.h"

#include <stdio.h>
#include <string.h>

#include "base/reader.h"
#include "tests/support/frames.h"
#include "tests/support/rules_peer.h"

enum { RULES_STREAM_BYTES = 100, RULES_STREAM = 5 /* the sixth of its kind: no act opens it */ };

bool
gn_rules_legal(const gn_rules *run)
{
    return strchr(run->row->id, '+') != NULL;
}

void
gn_rules_want(gn_rules *run, bool seen, const char *what)
{
    if (!seen && run->missed == NULL)
        run->missed = what;
}

void
gn_rules_mark(gn_rules *run)
{
    run->marked = true;
    run->digest = gn_test_pair_digest(&run->pair, run->sut);
    run->datagrams = run->pair.side[run->sut].datagrams;
    run->connections = gn_endpoint_connections(run->pair.side[run->sut].endpoint);
}

static bool
rules_untouched(gn_rules *run)
{
    const gn_test_side *side = &run->pair.side[run->sut];

    return run->marked && gn_test_pair_digest(&run->pair, run->sut) == run->digest &&
           side->datagrams == run->datagrams &&
           gn_endpoint_connections(side->endpoint) == run->connections;
}

/* Whether the side under test has said so in a CONNECTION_CLOSE of the transport. */
static bool
rules_said(const gn_rules *run, uint64_t code)
{
    gn_frame frame;

    for (uint32_t at = 0; gn_test_pair_sent(&run->pair, run->sut, GN_FRAME_CLOSE, &at, &frame);
         at++)
        if (frame.as.close.error_code == code)
            return true;
    return false;
}

/* Whether the packet that counts was acknowledged, within the time that RFC 9000 13.2.1 gives. */
static bool
rules_acked(gn_rules *run)
{
    gn_frame frame;

    gn_test_pair_run(&run->pair, run->pair.now + 30 * GN_MS);
    for (int ecn = 0; ecn < 2; ecn++) {
        const uint64_t type = ecn ? GN_FRAME_ACK_ECN : GN_FRAME_ACK;
        uint32_t at = 0;
        for (; gn_test_pair_sent(&run->pair, run->sut, type, &at, &frame); at++)
            if (run->pair.side[run->sut].sent[at].kind == GN_EVENT_ONE_RTT &&
                frame.as.ack.largest >= run->pn &&
                frame.as.ack.largest - frame.as.ack.first_range <= run->pn)
                return true;
    }
    return false;
}

static bool
rules_open(gn_rules *run, int side)
{
    const gn_test_side *s = &run->pair.side[side];
    gn_info info;

    return s->closed.times == 0 && s->connection != 0 &&
           gn_connection_info(s->endpoint, s->connection, &info) == GN_OK && info.confirmed;
}

/* A new stream of the real peers arrives whole. */
static bool
rules_stream_passes(gn_rules *run, int from)
{
    const uint64_t id = gn_test_pair_open(&run->pair, from, false);

    if (gn_test_pair_write(&run->pair, from, id, 0, RULES_STREAM_BYTES, true) != RULES_STREAM_BYTES)
        return false;
    gn_test_pair_settle(&run->pair);
    return gn_test_pair_stream(&run->pair, 1 - from, id)->fin;
}

/* Whether a byte still comes through. */
static bool
rules_alive(gn_rules *run)
{
    if (!run->taken) {
        gn_test_pair_settle(&run->pair);
        return rules_open(run, 0) && rules_open(run, 1) && rules_stream_passes(run, run->peer) &&
               rules_stream_passes(run, run->sut);
    }
    if (!rules_open(run, run->sut))
        return false;
    const uint64_t id = 4 * RULES_STREAM + (uint64_t)run->peer;
    run->forge.kind = GN_PACKET_ONE_RTT;
    run->forge.pad_to = 0;
    run->forge.reserved_bits = 0;
    run->forge.len = 0;
    gn_test_forge_stream(&run->forge, id, 0, RULES_STREAM_BYTES, true);
    gn_test_forge_send(&run->forge);
    return gn_test_pair_stream(&run->pair, run->sut, id)->fin;
}

static const char *const reactions[] = {
    [GN_RULES_CLOSE] = "close", [GN_RULES_DROP] = "drop", [GN_RULES_ACK] = "acknowledge",
    [GN_RULES_HEAR] = "hear",   [GN_RULES_LIVE] = "live", [GN_RULES_WANTS] = "see"};

/* What is seen of the side under test right after the act. */
static void
rules_observe(gn_rules *run, char *text, size_t cap)
{
    const gn_test_side *side = &run->pair.side[run->sut];
    const gn_test_closed *closed = &side->closed;

    if (closed->times > 0)
        snprintf(text, cap, "closed, cause %u, code %#lx, %s: %s", closed->detail,
                 (unsigned long)closed->code, rules_said(run, closed->code) ? "told" : "not told",
                 closed->reason);
    else
        snprintf(text, cap, "open%s%s",
                 run->marked ? rules_untouched(run) ? ", untouched" : ", touched" : "",
                 side->datagrams == run->datagrams ? "" : ", it answered");
}

static bool
rules_judge(gn_rules *run)
{
    const gn_rule *row = run->row;
    const gn_test_closed *closed = &run->pair.side[run->sut].closed;

    switch (row->reaction) {
    case GN_RULES_CLOSE:
        return closed->times == 1 && closed->detail == GN_CLOSE_LOCAL_TRANSPORT &&
               closed->code == row->code && rules_said(run, row->code);
    case GN_RULES_HEAR:
        return closed->times == 1 && closed->detail == GN_CLOSE_PEER_TRANSPORT &&
               closed->code == row->code;
    case GN_RULES_DROP: return rules_untouched(run) && rules_alive(run);
    case GN_RULES_ACK: return rules_acked(run) && rules_alive(run);
    case GN_RULES_LIVE: return rules_alive(run);
    default: return true;
    }
}

bool
gn_rules_play(gn_rules *run, const gn_rule *row, int sut)
{
    char observed[2][300];
    char wanted[60] = "";

    memset(run, 0, sizeof *run);
    run->row = row;
    run->sut = sut;
    run->peer = 1 - sut;
    gn_test_pair_init(&run->pair);
    gn_rules_peer_init(run);
    row->act(run);
    rules_observe(run, observed[0], sizeof observed[0]);
    const bool kept = rules_judge(run) && run->missed == NULL;
    rules_observe(run, observed[1], sizeof observed[1]);
    if (row->reaction == GN_RULES_CLOSE || row->reaction == GN_RULES_HEAR)
        snprintf(wanted, sizeof wanted, " %#lx", (unsigned long)row->code);
    snprintf(run->verdict, sizeof run->verdict,
             "%s (%s), %s under test: wanted %s%s%s%s, saw %s; at the end %s", row->id,
             row->section, sut == GN_TEST_CLIENT ? "client" : "server", reactions[row->reaction],
             wanted, run->missed == NULL ? "" : " and that ",
             run->missed == NULL ? "" : run->missed, observed[0], observed[1]);
    gn_test_pair_end(&run->pair);
    return kept;
}

void
gn_rules_expect(const gn_rule *rows, int at)
{
    static gn_rules run;
    const gn_rule *row = &rows[at / 2];
    const int sut = at % 2;

    if ((row->roles >> sut & 1) == 0)
        return;
    const bool kept = gn_rules_play(&run, row, sut);
    ck_assert_msg(kept, "%s", run.verdict);
}

Suite *
gn_rules_suite(const char *name, const TTest *test, int rows)
{
    Suite *suite = suite_create(name);
    TCase *table = tcase_create("table");

    tcase_add_loop_test(table, test, 0, 2 * rows);
    suite_add_tcase(suite, table);
    return suite;
}
