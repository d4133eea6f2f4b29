/*
 * test_rules_tp.c: the rules about transport parameters, a row each; see rules.h.
 */
#include <check.h>
#include <string.h>

#include "base/be.h"
#include "base/writer.h"
#include "suites.h"
#include "tests/support/frames.h"
#include "tests/support/rules.h"
#include "tests/support/rules_words.h"
#include "tests/support/rules_hello.h"
#include "wire/varint.h"

enum { MISSING = GN_FAULT_CRYPTO + 109 };

/* The last bit of a parameter's value is another. */
static void
flipped(gn_rules *run)
{
    run->flip = run->row->more;
    gn_test_pair_start(&run->pair);
    gn_test_pair_settle(&run->pair);
}

/* The server asks for a Retry first; then as the text and more say. */
static void
after_retry(gn_rules *run)
{
    run->pair.side[GN_TEST_SERVER].config.retry_above = 0;
    gn_rules_in_parameters(run);
    gn_rules_want(run, run->pair.side[GN_TEST_SERVER].datagrams > 1, "there was a Retry");
}

static void
flipped_after_retry(gn_rules *run)
{
    run->pair.side[GN_TEST_SERVER].config.retry_above = 0;
    flipped(run);
}

/* Bytes that would fill large datagrams, from the side under test. */
static void
limited_datagrams(gn_rules *run)
{
    gn_test_side *side = &run->pair.side[run->sut];

    side->config.max_datagram_out = 1452;
    gn_rules_in_parameters(run);
    const uint64_t stream = gn_test_pair_open(&run->pair, run->sut, true);
    (void)gn_test_pair_write(&run->pair, run->sut, stream, 0, 20000, true);
    gn_test_pair_settle(&run->pair);
    const size_t most = gn_be_read_u16(run->parameters + 2) & 0x3fff;
    gn_rules_want(run, side->largest == most, "datagrams are as large as they may be");
}

/* A server that means it: its ID at the address has a number of its own. */
static void
preferred(gn_rules *run)
{
    gn_config *config = &run->pair.side[run->peer].config;

    config->preferred_ipv4_port = 443;
    config->preferred_ipv4[0] = 192;
    gn_rules_take(run);
}

/* One stream after the other until nothing is left of the limit: of 2^60 a great deal is. */
static void
many_streams(gn_rules *run)
{
    gn_rules_in_parameters(run);
    for (int i = 0; i < 8; i++)
        (void)gn_test_pair_open(&run->pair, run->sut, false);
}

static void
silent(gn_rules *run)
{
    const gn_test_side *side = &run->pair.side[run->sut];

    gn_rules_in_parameters(run);
    run->pair.side[run->peer].deaf = true;
    run->pair.side[run->peer].mute = true;
    gn_test_pair_run(&run->pair, run->pair.now + 20 * GN_SECOND);
    gn_rules_want(run, side->closed.times == 0, "20 s of silence are not too long");
    gn_test_pair_run(&run->pair, run->pair.now + 12 * GN_SECOND);
    gn_rules_want(run, side->closed.times == 1 && side->closed.detail == GN_CLOSE_IDLE,
                  "the endpoint's own 30 s count");
}

/* Unknown parameters of those reserved for nobody, of this many bytes each (RFC 9000 18.1). */
static void
add_unknown(gn_writer *w, uint64_t from, uint64_t count, size_t len)
{
    for (uint64_t i = from; i < from + count; i++) {
        ck_assert_int_eq(gn_varint_write(w, 31 * i + 27), GN_OK);
        ck_assert_int_eq(gn_varint_write(w, len), GN_OK);
        ck_assert_int_eq(gn_writer_fill(w, (uint8_t)i, len), GN_OK);
    }
}

static void
unknown(gn_rules *run)
{
    gn_writer w = gn_writer_over(run->parameters, sizeof run->parameters);

    add_unknown(&w, 0, 1, 0);
    add_unknown(&w, 1000, 3, 300);
    run->add = gn_span_of(run->parameters, w.at);
    gn_test_pair_start(&run->pair);
}

/* The server has no IDs. */
static void
without_ids(gn_rules *run)
{
    run->pair.side[run->peer].config.cid_len = 0;
    gn_rules_in_parameters(run);
}

/* 3 KB of unknown parameters, and every integer in eight bytes, most as large as may be. */
static void
huge(gn_rules *run)
{
    static const struct {
        uint8_t id;
        uint64_t most;
    } most[] = {{0x01, GN_VARINT_MAX}, {0x03, GN_VARINT_MAX},    {0x04, GN_VARINT_MAX},
                {0x05, GN_VARINT_MAX}, {0x06, GN_VARINT_MAX},    {0x07, GN_VARINT_MAX},
                {0x08, 1ull << 60},    {0x09, 1ull << 60},       {0x0a, 20},
                {0x0b, 16383},         {0x0e, 4 /* the truth */}};
    gn_writer w = gn_writer_over(run->parameters, sizeof run->parameters);

    for (size_t i = 0; i < sizeof most / sizeof most[0]; i++) {
        ck_assert_int_eq(gn_varint_write(&w, most[i].id), GN_OK);
        ck_assert_int_eq(gn_varint_write(&w, 8), GN_OK);
        ck_assert_int_eq(gn_varint_write_sized(&w, most[i].most, 8), GN_OK);
    }
    add_unknown(&w, 1, 15, 200);
    run->cut = run->row->more;
    run->add = gn_span_of(run->parameters, w.at);
    gn_test_pair_start(&run->pair);
}

#define PARAMETERS gn_rules_in_parameters
#define ADDRESS "7f000001 1111 00000000000000000000000000000000 0000"
#define ID "0102030405060708"
#define TOKEN "000102030405060708090a0b0c0d0e0f"

/* clang-format off */
static const gn_rule rows[] = {
    {"TP-001", "RFC 9000 7.3", BOTH, CLOSE, PARAMETER, PARAMETERS, "", "0f"},
    {"TP-001+", "RFC 9000 7.3", BOTH, LIVE, 0, PARAMETERS, "", NULL},
    {"TP-002", "RFC 9000 7.3", CLIENT, CLOSE, PARAMETER, PARAMETERS, "", "00"},
    {"TP-003", "RFC 9000 7.3", BOTH, CLOSE, PARAMETER, flipped, NULL, "0f"},
    {"TP-005", "RFC 9000 7.3", CLIENT, CLOSE, PARAMETER, after_retry, "", "10"},
    {"TP-005+", "RFC 9000 7.3", CLIENT, LIVE, 0, after_retry, "", NULL},
    {"TP-006", "RFC 9000 7.3", CLIENT, CLOSE, PARAMETER, PARAMETERS, "10 08" ID, NULL},
    {"TP-007", "RFC 9000 7.3", CLIENT, CLOSE, PARAMETER, flipped_after_retry, NULL, "10"},
    {"TP-008", "RFC 9000 18.2", SERVER, CLOSE, PARAMETER, PARAMETERS, "00 08" ID, NULL},
    {"TP-009", "RFC 9000 18.2", SERVER, CLOSE, PARAMETER, PARAMETERS,
     "0d 31" ADDRESS "08" ID TOKEN, NULL},
    {"TP-009+", "RFC 9000 18.2", CLIENT, LIVE, 0, preferred, NULL, NULL},
    {"TP-010", "RFC 9000 18.2", SERVER, CLOSE, PARAMETER, PARAMETERS, "10 08" ID, NULL},
    {"TP-012", "RFC 9000 18.2", BOTH, CLOSE, PARAMETER, PARAMETERS, "03 02 44af", "03"},
    {"TP-013", "RFC 9000 18.2", BOTH, LIVE, 0, limited_datagrams, "03 02 44b0", "03"},
    {"TP-013+", "RFC 9000 18.2", BOTH, LIVE, 0, limited_datagrams, "03 02 4514", "03"},
    {"TP-014", "RFC 9000 18.2", BOTH, CLOSE, PARAMETER, PARAMETERS, "0a 01 15", "0a"},
    {"TP-015", "RFC 9000 18.2", BOTH, LIVE, 0, PARAMETERS, "0a 01 14", "0a"},
    {"TP-016", "RFC 9000 18.2", BOTH, CLOSE, PARAMETER, PARAMETERS, "0b 04 80004000", "0b"},
    {"TP-017", "RFC 9000 18.2", BOTH, LIVE, 0, PARAMETERS, "0b 02 7fff", "0b"},
    {"TP-019", "RFC 9000 18.2", BOTH, CLOSE, PARAMETER, PARAMETERS, "0e 01 00", "0e"},
    {"TP-019", "RFC 9000 18.2", BOTH, CLOSE, PARAMETER, PARAMETERS, "0e 01 01", "0e"},
    {"TP-019+", "RFC 9000 18.2", BOTH, LIVE, 0, PARAMETERS, "0e 01 02", "0e"},
    {"TP-020", "RFC 9000 4.6", BOTH, CLOSE, PARAMETER, PARAMETERS, "08 08 d000000000000001", "08"},
    {"TP-021", "RFC 9000 4.6", BOTH, CLOSE, PARAMETER, PARAMETERS, "09 08 d000000000000001", "09"},
    {"TP-022", "RFC 9000 4.6", BOTH, LIVE, 0, many_streams, "08 08 d000000000000000", "08"},
    {"TP-022+", "RFC 9000 4.6", BOTH, LIVE, 0, PARAMETERS, "09 08 d000000000000000", "09"},
    {"TP-023", "RFC 9000 7.4", BOTH, CLOSE, PARAMETER, PARAMETERS, "04 01 3f", NULL},
    {"TP-023", "RFC 9000 7.4", BOTH, CLOSE, PARAMETER, PARAMETERS, "3a 00 3a 01 00", NULL},
    {"TP-024", "RFC 9000 7.4.2", BOTH, LIVE, 0, unknown, NULL, NULL},
    {"TP-026", "RFC 9000 18.2", CLIENT, CLOSE, PARAMETER, PARAMETERS,
     "0d 29" ADDRESS "00" TOKEN, NULL},
    {"TP-027", "RFC 9000 18.2", CLIENT, CLOSE, PARAMETER, without_ids,
     "0d 31" ADDRESS "08" ID TOKEN, NULL},
    {"TP-027+", "RFC 9000 18.2", CLIENT, LIVE, 0, without_ids, "", NULL},
    {"TP-028", "RFC 9000 7.4", CLIENT, CLOSE, PARAMETER, PARAMETERS,
     "0d 30" ADDRESS "08" ID "000102030405060708090a0b0c0d0e", NULL},
    {"TP-029", "RFC 9000 7.4", BOTH, CLOSE, PARAMETER, PARAMETERS, "04 03 050000", "04"},
    {"TP-029+", "RFC 9000 7.4", BOTH, LIVE, 0, PARAMETERS, "04 04 80100000", "04"},
    {"TP-030", "RFC 9000 18", BOTH, CLOSE, PARAMETER, PARAMETERS, "40", "04"},
    {"TP-030", "RFC 9000 18", BOTH, CLOSE, PARAMETER, PARAMETERS, "04", "04"},
    {"TP-030", "RFC 9000 18", BOTH, CLOSE, PARAMETER, PARAMETERS, "04 40", "04"},
    {"TP-030", "RFC 9000 18", BOTH, CLOSE, PARAMETER, PARAMETERS, "04 04 801000", "04"},
    {"TP-030", "RFC 9000 18", BOTH, CLOSE, PARAMETER, PARAMETERS, "04 01 80", "04"},
    {"TP-031", "RFC 9000 18.2", BOTH, CLOSE, PARAMETER, PARAMETERS, "0c 01 00", NULL},
    {"TP-031+", "RFC 9000 18.2", BOTH, LIVE, 0, PARAMETERS, "0c 00", NULL},
    {"TP-033", "RFC 9000 7.4.2", BOTH, LIVE, 0, huge, NULL, "01 03 04 05 06 07 08 09 0a 0b 0e"},
    {"TP-034", "RFC 9000 10.1", BOTH, WANTS, 0, silent, "01 08 ffffffffffffffff", "01"},
    {"TP-034+", "RFC 9000 10.1", BOTH, WANTS, 0, silent, "", "01"},
    {"TP-035", "RFC 9001 8.2", BOTH, CLOSE, MISSING, gn_rules_in_hello, "", "0039"},
    {"TP-036", "RFC 9001 8.2", BOTH, CLOSE, MISSING, gn_rules_in_hello, "ffa5 0003 040101", "0039"},
};
/* clang-format on */

enum { ROWS = sizeof rows / sizeof rows[0] };

START_TEST(rules_tp_reaction_is_the_one_required)
{
    gn_rules_expect(rows, _i);
}
END_TEST

Suite *
gn_test_rules_tp(void)
{
    return gn_rules_suite("conn/rules_tp", rules_tp_reaction_is_the_one_required, ROWS);
}
