/*
 * test_rules_early.c: the rules about 0-RTT, a row each; see rules.h.
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/resume.h"
#include "tests/support/rules.h"
#include "tests/support/rules_peer.h"
#include "tests/support/rules_words.h"

enum { BYTES = 300 };

/* A first connection has come and gone; its ticket is there. */
static void
first(gn_rules *run)
{
    gn_test_resume_configure(&run->pair);
    gn_rules_peer_init(run);
    gn_test_resume_first(&run->pair);
}

/* The server has read 0-RTT packets; the forger says the text in another one. more: bits set. */
static void
in_0rtt(gn_rules *run)
{
    uint8_t bits[512] = {0};

    if (run->row->more != NULL)
        (void)gn_rules_bytes(run, run->row->more, bits);
    first(run);
    (void)gn_test_resume_begin(&run->pair, 10, false);
    gn_test_pair_run(&run->pair, run->pair.now + 12 * GN_MS);
    gn_rules_want(run, run->pair.side[GN_TEST_SERVER].streams == 1, "0-RTT is read");
    gn_test_forge_take(&run->forge, &run->pair, GN_TEST_CLIENT);
    run->taken = true;
    run->forge.kind = GN_PACKET_ZERO_RTT;
    run->forge.reserved_bits = bits[0];
    gn_rules_put(run);
    gn_rules_send(run);
}

/* The server takes 0-RTT, and then its parameters are the text's. */
static void
other_limits(gn_rules *run)
{
    first(run);
    run->cut = run->row->more;
    run->add = gn_span_of(run->parameters, gn_rules_bytes(run, run->row->text, run->parameters));
    (void)gn_test_resume_begin(&run->pair, 10, false);
    gn_test_pair_settle(&run->pair);
}

/* The server begins anew, with other limits or another key; what 0-RTT said is said again. */
static void
rejected(gn_rules *run)
{
    gn_test_side *server = &run->pair.side[GN_TEST_SERVER];

    first(run);
    if (run->row->text != NULL)
        server->config.initial_max_data = 64 * 1024;
    else
        server->config.ticket_key[0] ^= 1;
    gn_test_resume_replace(&run->pair);
    gn_test_resume_forget(&run->pair);
    const uint64_t stream = gn_test_resume_begin(&run->pair, BYTES, true);
    gn_test_pair_run(&run->pair, run->pair.now + 15 * GN_MS);
    gn_rules_want(run, server->streams == 0, "nothing is read before the handshake is over");
    gn_test_pair_settle(&run->pair);
    gn_rules_want(run, gn_test_resume_told(&run->pair, GN_TEST_CLIENT, GN_ZERO_RTT_REJECTED),
                  "0-RTT is rejected");
    gn_rules_want(run, gn_test_pair_stream(&run->pair, GN_TEST_SERVER, stream)->fin,
                  "all is said again");
    gn_rules_want(run, gn_test_pair_stream(&run->pair, GN_TEST_SERVER, stream)->bytes == BYTES,
                  "and once");
}

/* The server acknowledges a packet that it never read. */
static void
rejected_and_acknowledged(gn_rules *run)
{
    const gn_test_side *client = &run->pair.side[GN_TEST_CLIENT];
    gn_frame ack = {.type = GN_FRAME_ACK};

    rejected(run);
    for (uint32_t i = 0; i < client->sents; i++)
        if (client->sent[i].kind == GN_EVENT_ZERO_RTT)
            ack.as.ack.largest = client->sent[i].pn;
    gn_test_forge_take(&run->forge, &run->pair, GN_TEST_SERVER);
    run->taken = true;
    gn_test_forge_frame(&run->forge, &ack);
    gn_rules_send(run);
}

/* clang-format off */
static const gn_rule rows[] = {
    {"LVL-Z02", "RFC 9001 8.3", SERVER, CLOSE, VIOLATION, in_0rtt, "06 00 01 00", NULL},
    {"LVL-Z02+", "RFC 9000 12.4", SERVER, HEAR, 7, in_0rtt, "01 00 1c 07 00 00", NULL},
    {"LVL-Z03", "RFC 9000 19.20", SERVER, CLOSE, VIOLATION, in_0rtt, "1e", NULL},
    {"LVL-Z04", "RFC 9000 19.7", SERVER, CLOSE, VIOLATION, in_0rtt, "07 01 aa", NULL},
    {"LVL-Z05", "RFC 9000 12.5", SERVER, CLOSE, VIOLATION, in_0rtt, "1b 0102030405060708", NULL},
    {"LVL-Z06", "RFC 9000 12.5", SERVER, CLOSE, VIOLATION, in_0rtt, "19 00", NULL},
    {"PKT-006", "RFC 9000 17.2", SERVER, CLOSE, VIOLATION, in_0rtt, "01", "04"},
    {"PKT-006", "RFC 9000 17.2", SERVER, CLOSE, VIOLATION, in_0rtt, "01", "08"},
    {"TP-037", "RFC 9000 7.4.1", CLIENT, CLOSE, VIOLATION, other_limits, "04 02 4100", "04"},
    {"TP-037+", "RFC 9000 7.4.1", CLIENT, LIVE, 0, other_limits, "", NULL},
    {"TP-038", "RFC 9000 7.4.1", SERVER, LIVE, 0, rejected, "limits", NULL},
    {"TLS-023", "RFC 9001 4.6.2", SERVER, LIVE, 0, rejected, NULL, NULL},
    {"TLS-024", "RFC 9001 4.6.2", CLIENT, LIVE, 0, rejected, NULL, NULL},
    {"TLS-025", "RFC 9001 4.6.2", CLIENT, CLOSE, VIOLATION, rejected_and_acknowledged, NULL, NULL},
};
/* clang-format on */

enum { ROWS = sizeof rows / sizeof rows[0] };

/* [R-9001-4.6.2-3] */
START_TEST(rules_early_reaction_is_the_one_required)
{
    gn_rules_expect(rows, _i);
}
END_TEST

Suite *
gn_test_rules_early(void)
{
    return gn_rules_suite("conn/rules_early", rules_early_reaction_is_the_one_required, ROWS);
}
