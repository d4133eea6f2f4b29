/*
 * rules_hello.c: see rules_hello.h.
 */
#include "tests/support/rules_hello.h"

#include <check.h>
#include <string.h>

#include "base/be.h"
#include "tests/support/frames.h"
#include "tls/tls_gate.h"

enum { HELLO_HEAD = GN_TLS_GATE_HEADER_BYTES + 2 + 32 /* up to the session ID */ };

/* Where the list of extensions begins, its two bytes of length. */
static size_t
hello_list_at(gn_span m)
{
    size_t at = HELLO_HEAD;

    if (m.ptr[0] == GN_TLS_GATE_ENCRYPTED_EXTENSIONS)
        return GN_TLS_GATE_HEADER_BYTES;
    at += 1u + m.ptr[at];
    if (m.ptr[0] == GN_TLS_GATE_SERVER_HELLO)
        return at + 3;
    at += 2u + gn_be_read_u16(m.ptr + at);
    return at + 1u + m.ptr[at];
}

gn_span
gn_rules_hello_splice(gn_rules *run, gn_span m, size_t at, size_t old_len, const uint8_t *bytes,
                      size_t len)
{
    static uint8_t whole[GN_TLS_MESSAGE_MAX];
    const size_t rest = m.len - at - old_len;

    ck_assert_uint_le(at + old_len, m.len);
    ck_assert_uint_le(at + len + rest, sizeof whole);
    memcpy(whole, m.ptr, at);
    if (len > 0)
        memcpy(whole + at, bytes, len);
    memcpy(whole + at + len, m.ptr + at + old_len, rest);
    memcpy(run->message, whole, at + len + rest);
    return gn_span_of(run->message, at + len + rest);
}

/* The lengths of the message and of its list of extensions, as they have become. */
static void
hello_fix_lengths(gn_span m)
{
    uint8_t *out = (uint8_t *)m.ptr;
    const size_t list_at = hello_list_at(m);

    gn_be_write_u16(out + list_at, (uint16_t)(m.len - list_at - 2));
    gn_be_write_u32(out, (uint32_t)out[0] << 24 | (uint32_t)(m.len - GN_TLS_GATE_HEADER_BYTES));
}

static void
hello_change(gn_rules *run, gn_span *bytes)
{
    const gn_test_sample cut = gn_test_hex(run->row->more);
    uint8_t text[512];
    const size_t len = gn_rules_bytes(run, run->row->text, text);
    gn_span m = *bytes;

    for (size_t at = hello_list_at(m) + 2; cut.len > 0 && at < m.len;) {
        const size_t whole = 4u + gn_be_read_u16(m.ptr + at + 2);
        if (memcmp(m.ptr + at, cut.at, 2) == 0) {
            m = gn_rules_hello_splice(run, m, at, whole, text, 0);
            break;
        }
        at += whole;
        ck_assert_uint_lt(at, m.len);
    }
    m = gn_rules_hello_splice(run, m, m.len, 0, text, len);
    hello_fix_lengths(m);
    *bytes = m;
}

static void
hello_rewrite(gn_rules *run, gn_level level, uint32_t nth, gn_span *bytes)
{
    if (nth == 0 && level == (run->peer == GN_TEST_CLIENT ? GN_LEVEL_INITIAL : GN_LEVEL_HANDSHAKE))
        hello_change(run, bytes);
}

static void
choice_rewrite(gn_rules *run, gn_level level, uint32_t nth, gn_span *bytes)
{
    if (nth == 0 && level == GN_LEVEL_INITIAL)
        hello_change(run, bytes);
}

static void
before_rewrite(gn_rules *run, gn_level level, uint32_t nth, gn_span *bytes)
{
    uint8_t text[512];

    if (nth == 0 && level == GN_LEVEL_HANDSHAKE)
        *bytes = gn_rules_hello_splice(run, *bytes, 0, 0, text,
                                       gn_rules_bytes(run, run->row->text, text));
}

static void
behind_rewrite(gn_rules *run, gn_level level, uint32_t nth, gn_span *bytes)
{
    uint8_t text[512];

    if (nth == 0 && level == GN_LEVEL_INITIAL)
        *bytes = gn_rules_hello_splice(run, *bytes, bytes->len, 0, text,
                                       gn_rules_bytes(run, run->row->text, text));
}

static void
hello_act(gn_rules *run, void (*rewrite)(gn_rules *, gn_level, uint32_t, gn_span *))
{
    run->rewrite = rewrite;
    gn_test_pair_start(&run->pair);
    gn_test_pair_settle(&run->pair);
}

void
gn_rules_in_hello(gn_rules *run)
{
    hello_act(run, hello_rewrite);
}

void
gn_rules_in_choice(gn_rules *run)
{
    hello_act(run, choice_rewrite);
}

void
gn_rules_before_handshake(gn_rules *run)
{
    hello_act(run, before_rewrite);
}

void
gn_rules_behind_initial(gn_rules *run)
{
    hello_act(run, behind_rewrite);
}

void
gn_rules_in_1rtt_crypto(gn_rules *run)
{
    uint8_t text[512];
    gn_frame frame = {.type = GN_FRAME_CRYPTO};
    gn_frame said;

    gn_rules_take(run);
    const gn_test_side *peer = &run->pair.side[run->peer];
    for (uint32_t at = 0; gn_test_pair_sent(&run->pair, run->peer, GN_FRAME_CRYPTO, &at, &said);
         at++) {
        const uint64_t end = said.as.crypto.off + said.as.crypto.data.len;
        if (peer->sent[at].kind == GN_EVENT_ONE_RTT && end > frame.as.crypto.off)
            frame.as.crypto.off = end;
    }
    frame.as.crypto.data = gn_span_of(text, gn_rules_bytes(run, run->row->text, text));
    gn_test_forge_frame(&run->forge, &frame);
    gn_rules_send(run);
}
