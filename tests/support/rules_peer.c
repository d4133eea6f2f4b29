/*
 * rules_peer.c: see rules_peer.h, and the stages and acts of rules.h.
 */
#include "tests/support/rules_peer.h"

#include <check.h>
#include <string.h>

#include "base/reader.h"
#include "base/writer.h"
#include "tests/support/frames.h"
#include "tls/tls_wolfssl.h"
#include "wire/header_read.h"
#include "wire/varint.h"

static gn_tls_ops ops; /* of the peer */
static gn_rules *liar; /* whose peer that is */

/* ------------------------------------------------------------------ the text */

/* A stream of the text: P or S for whose, B or U for which kind. */
static uint8_t
peer_stream(const gn_rules *run, const char *name)
{
    const int whose = name[0] == 'P' ? run->peer : run->sut;

    return (uint8_t)(whose + (name[1] == 'U' ? 2 : 0));
}

size_t
gn_rules_bytes(const gn_rules *run, const char *text, uint8_t out[512])
{
    static const char digits[] = "0123456789abcdef";
    char filled[1024];
    size_t len = 0;

    ck_assert_uint_lt(strlen(text), sizeof filled);
    for (const char *p = text; *p != '\0'; p++) {
        if (*p != 'P' && *p != 'S') {
            filled[len++] = *p;
            continue;
        }
        filled[len++] = '0';
        filled[len++] = digits[peer_stream(run, p++)];
    }
    filled[len] = '\0';
    const gn_test_sample sample = gn_test_hex(filled);
    memcpy(out, sample.at, sample.len);
    return sample.len;
}

/* ------------------------------------------------------------------ what it sends */

/* One packet of a datagram again, with the text behind its frames if it is of the kind. */
static size_t
peer_seal_again(gn_rules *run, const gn_header *h, const gn_test_pair_packet *sent, uint8_t *out)
{
    static gn_test_forge f;
    uint8_t text[512];

    gn_test_forge_shadow(&f, &run->pair, run->peer);
    f.kind = h->kind;
    f.dcid = sent->dcid;
    if (h->kind != GN_PACKET_ONE_RTT)
        f.scid = sent->scid;
    if (h->kind == GN_PACKET_INITIAL)
        f.token = h->token;
    for (int i = 0; i < GN_SPACES; i++)
        f.pn[i] = sent->pn;
    gn_test_forge_bytes(&f, sent->payload, sent->payload_len);
    if (h->kind == run->smuggle) {
        gn_test_forge_bytes(&f, text, gn_rules_bytes(run, run->row->text, text));
        run->smuggling = false;
        run->pn = sent->pn;
    }
    return gn_test_forge_seal(&f, out);
}

static gn_test_fate
peer_smuggles(gn_test_pair *pair, gn_test_datagram *d)
{
    gn_rules *run = (gn_rules *)pair;
    const gn_test_side *peer = &pair->side[run->peer];
    static uint8_t again[GN_DATAGRAM_MAX * 2];
    gn_header header[4];
    size_t len = 0;
    uint32_t count = 0;
    bool here = false;

    if (!run->smuggling || d->to != run->sut)
        return GN_TEST_PASS;
    for (size_t at = 0; at < d->len; at += header[count++].packet_len) {
        ck_assert_uint_lt(count, 4);
        ck_assert_int_eq(gn_header_read(d->bytes + at, d->len - at, 8, &header[count]), GN_OK);
        here |= header[count].kind == run->smuggle;
    }
    if (!here)
        return GN_TEST_PASS;
    for (uint32_t i = 0; i < count; i++)
        len += peer_seal_again(run, &header[i], &peer->sent[peer->sents - count + i], again + len);
    ck_assert_uint_le(len, sizeof d->bytes);
    memcpy(d->bytes, again, len);
    d->len = len;
    return GN_TEST_PASS;
}

/* ------------------------------------------------------------------ what its TLS says */

static bool
peer_names(const char *ids, uint64_t id)
{
    const gn_test_sample sample = gn_test_hex(ids == NULL ? "" : ids);

    return memchr(sample.at, (int)id, sample.len) != NULL;
}

/* Copies the parameters whose ids are not to be cut. */
static void
peer_copy_parameters(const gn_rules *run, gn_span all, gn_writer *w)
{
    gn_reader r = gn_reader_over(all.ptr, all.len);

    while (gn_reader_left(&r) > 0) {
        const size_t from = r.at;
        uint64_t id;
        uint64_t len;
        ck_assert_int_eq(gn_varint_read(&r, &id), GN_OK);
        ck_assert_int_eq(gn_varint_read(&r, &len), GN_OK);
        r.at += (size_t)len;
        if (peer_names(run->cut, id))
            continue;
        ck_assert_int_eq(gn_writer_bytes(w, all.ptr + from, r.at - from), GN_OK);
        if (peer_names(run->flip, id))
            w->base[w->at - 1] ^= 1;
    }
}

static gn_err
peer_context_new(const gn_tls_config *config, void **context)
{
    gn_tls_config changed = *config;

    if (liar->groups_count > 0) {
        memcpy(changed.groups, liar->groups, sizeof liar->groups);
        changed.groups_count = liar->groups_count;
    }
    return gn_tls_wolfssl()->context_new(&changed, context);
}

static gn_err
peer_session_new(void *context, const gn_tls_session_config *config, void **session)
{
    static uint8_t bytes[2 * sizeof liar->parameters];
    gn_tls_session_config changed = *config;
    gn_writer w = gn_writer_over(bytes, sizeof bytes);

    peer_copy_parameters(liar, config->parameters, &w);
    ck_assert_int_eq(gn_writer_bytes(&w, liar->add.ptr, liar->add.len), GN_OK);
    changed.parameters = gn_span_of(bytes, w.at);
    return gn_tls_wolfssl()->session_new(context, &changed, session);
}

static bool
peer_next(void *session, gn_tls_event *out)
{
    if (!gn_tls_wolfssl()->next(session, out))
        return false;
    if (out->kind == GN_TLS_BYTES && liar->rewrite != NULL)
        liar->rewrite(liar, out->level, liar->said[out->level]++, &out->bytes);
    return true;
}

void
gn_rules_peer_init(gn_rules *run)
{
    liar = run;
    ops = *gn_tls_wolfssl();
    ops.context_new = peer_context_new;
    ops.session_new = peer_session_new;
    ops.next = peer_next;
    run->pair.side[run->peer].config.tls_ops = &ops;
    run->pair.hook = peer_smuggles;
}

/* ------------------------------------------------------------------ stages and acts */

void
gn_rules_start_with(gn_rules *run, gn_packet_kind kind)
{
    run->smuggle = kind;
    run->smuggling = true;
    gn_test_pair_start(&run->pair);
}

void
gn_rules_confirm(gn_rules *run)
{
    gn_test_pair_confirm(&run->pair);
}

void
gn_rules_take(gn_rules *run)
{
    gn_rules_confirm(run);
    gn_test_forge_take(&run->forge, &run->pair, run->peer);
    run->taken = true;
}

void
gn_rules_shadow(gn_rules *run, gn_packet_kind kind)
{
    gn_test_forge_shadow(&run->forge, &run->pair, run->peer);
    run->forge.kind = kind;
}

void
gn_rules_send(gn_rules *run)
{
    uint8_t bytes[GN_DATAGRAM_MAX];
    const gn_space_id space = run->forge.kind == GN_PACKET_INITIAL     ? GN_SPACE_INITIAL
                              : run->forge.kind == GN_PACKET_HANDSHAKE ? GN_SPACE_HANDSHAKE
                                                                       : GN_SPACE_APP;
    run->pn = run->forge.pn[space];
    gn_rules_give(run, bytes, gn_test_forge_seal(&run->forge, bytes));
}

void
gn_rules_give(gn_rules *run, const uint8_t *bytes, size_t len)
{
    const bool from_client = run->peer == GN_TEST_CLIENT;

    gn_rules_mark(run);
    gn_test_pair_give(&run->pair, run->sut, bytes, len, from_client ? run->pair.outside[1] : 1,
                      from_client ? run->pair.host[1] : 200);
}

void
gn_rules_run_until_sent(gn_rules *run, int side, gn_event_packet kind)
{
    const gn_test_side *s = &run->pair.side[side];

    for (uint32_t at = 0;;) {
        for (; at < s->sents; at++)
            if (s->sent[at].kind == kind)
                return;
        ck_assert(gn_test_pair_step(&run->pair, 10 * GN_SECOND));
    }
}

void
gn_rules_reach_initial(gn_rules *run)
{
    gn_test_pair_start(&run->pair);
    gn_rules_run_until_sent(run, GN_TEST_SERVER, GN_EVENT_INITIAL);
    gn_rules_shadow(run, GN_PACKET_INITIAL);
    run->forge.dcid = run->pair.side[run->sut].sent[0].scid;
    run->forge.pad_to = 1200;
}

void
gn_rules_reach_handshake(gn_rules *run)
{
    gn_test_pair_start(&run->pair);
    gn_rules_run_until_sent(run, run->sut, GN_EVENT_HANDSHAKE);
    gn_rules_shadow(run, GN_PACKET_HANDSHAKE);
    run->forge.dcid = run->pair.side[run->sut].sent[0].scid;
}

void
gn_rules_put(gn_rules *run)
{
    uint8_t text[512];

    gn_test_forge_bytes(&run->forge, text, gn_rules_bytes(run, run->row->text, text));
}

void
gn_rules_in_initial(gn_rules *run)
{
    gn_rules_start_with(run, GN_PACKET_INITIAL);
    gn_test_pair_settle(&run->pair);
}

void
gn_rules_in_handshake(gn_rules *run)
{
    gn_rules_start_with(run, GN_PACKET_HANDSHAKE);
    gn_test_pair_settle(&run->pair);
}

void
gn_rules_in_1rtt(gn_rules *run)
{
    gn_rules_take(run);
    gn_rules_put(run);
    gn_rules_send(run);
}

void
gn_rules_in_parameters(gn_rules *run)
{
    run->cut = run->row->more;
    run->add = gn_span_of(run->parameters, gn_rules_bytes(run, run->row->text, run->parameters));
    gn_test_pair_start(&run->pair);
    gn_test_pair_settle(&run->pair);
}
