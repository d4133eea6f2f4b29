/*
 * tls_pair.c: see tls_pair.h.
 */
#include "tests/support/tls_pair.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tls/tls_wolfssl.h"

static const uint8_t parameters[2][6] = {{0x01, 0x04, 0x80, 0x00, 0x75, 0x30},
                                         {0x01, 0x04, 0x80, 0x00, 0x75, 0x31}};

gn_span
gn_test_tls_pem(const char *name, const char *ending)
{
    static uint8_t store[8][4096];
    static size_t turn;
    uint8_t *bytes = store[turn++ % 8];
    const char *vectors = getenv("GN_VECTORS");
    char path[256];

    snprintf(path, sizeof path, "%s/certs/%s.%s", vectors == NULL ? "vectors" : vectors, name,
             ending);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        ck_abort_msg("%s cannot be read", path);
    size_t len = fread(bytes, 1, sizeof store[0], file);
    fclose(file);
    return gn_span_of(bytes, len);
}

gn_test_tls_options
gn_test_tls_usual(void)
{
    gn_test_tls_options o = {.server_name = "server.example",
                             .certificate = {NULL, "server"},
                             .ca = {"ca", NULL},
                             .unix_ms = GN_TEST_TLS_UNIX_MS};

    for (int i = 0; i < 2; i++) {
        o.config[i].role = i == GN_TEST_TLS_CLIENT ? GN_TLS_CLIENT : GN_TLS_SERVER;
        o.config[i].alpn = "h3,hq-interop";
    }
    return o;
}

static gn_err
side_session(gn_test_tls_side *side, const gn_test_tls_options *options, int which)
{
    gn_tls_session_config session = {
        .server_name = which == GN_TEST_TLS_CLIENT ? options->server_name : NULL,
        .verify = options->verify,
        .parameters = gn_span_of(parameters[which], sizeof parameters[which]),
        .state = which == GN_TEST_TLS_CLIENT ? options->state : gn_span_of(NULL, 0),
        .early_data = options->early_data,
        .terms = options->terms,
        .unix_ms = options->unix_ms};

    memset(session.seed, options->seed + which, sizeof session.seed);
    session.seed[0] = 1;
    return gn_tls_wolfssl()->session_new(side->context, &session, &side->session);
}

static gn_err
side_make(gn_test_tls_side *side, const gn_test_tls_options *options, int which)
{
    const gn_tls_ops *tls = gn_tls_wolfssl();
    gn_tls_config config = options->config[which];

    memset(config.seed, options->seed + which, sizeof config.seed);
    config.unix_ms = options->unix_ms;
    if (options->certificate[which] != NULL) {
        config.certificate_pem = gn_test_tls_pem(options->certificate[which], "pem");
        config.key_pem = gn_test_tls_pem(options->certificate[which], "key");
    }
    if (options->ca[which] != NULL)
        config.ca_pem = gn_test_tls_pem(options->ca[which], "pem");
    gn_err err = tls->context_new(&config, &side->context);
    if (err != GN_OK)
        return err;
    return side_session(side, options, which);
}

gn_err
gn_test_tls_pair_again(gn_test_tls_pair *pair, const gn_test_tls_options *options)
{
    gn_err err = GN_OK;

    pair->unix_ms = options->unix_ms;
    pair->change = options->change;
    for (int i = 0; i < 2 && err == GN_OK; i++) {
        void *context = pair->side[i].context;
        gn_tls_wolfssl()->session_free(pair->side[i].session);
        memset(&pair->side[i], 0, sizeof pair->side[i]);
        pair->side[i].context = context;
        err = side_session(&pair->side[i], options, i);
    }
    return err;
}

gn_err
gn_test_tls_pair_make(gn_test_tls_pair *pair, const gn_test_tls_options *options)
{
    memset(pair, 0, sizeof *pair);
    pair->piece = options->piece;
    pair->change = options->change;
    pair->unix_ms = options->unix_ms;
    for (int i = 0; i < 2; i++) {
        gn_err err = side_make(&pair->side[i], options, i);
        if (err != GN_OK) {
            gn_test_tls_pair_end(pair);
            return err;
        }
    }
    return GN_OK;
}

void
gn_test_tls_pair_end(gn_test_tls_pair *pair)
{
    const gn_tls_ops *tls = gn_tls_wolfssl();

    for (int i = 0; i < 2; i++) {
        tls->session_free(pair->side[i].session);
        if (pair->side[i].context != NULL)
            tls->context_free(pair->side[i].context);
        pair->side[i].session = NULL;
        pair->side[i].context = NULL;
    }
}

static void
note(gn_test_tls_side *side, char letter)
{
    const size_t len = strlen(side->order);

    ck_assert_uint_lt(len + 1, sizeof side->order);
    side->order[len] = letter;
}

static void
text_of(gn_span span, char *out, size_t cap)
{
    ck_assert_uint_lt(span.len, cap);
    if (span.len > 0)
        memcpy(out, span.ptr, span.len);
    out[span.len] = '\0';
}

static void
take_bytes(gn_test_tls_pair *pair, int from, const gn_tls_event *event)
{
    gn_test_tls_side *side = &pair->side[from];
    size_t len = event->bytes.len;

    ck_assert_uint_le(side->out_len + len, sizeof side->out);
    ck_assert_uint_lt(side->runs, sizeof side->run / sizeof *side->run);
    memcpy(side->out + side->out_len, event->bytes.ptr, len);
    if (pair->change != NULL)
        pair->change(from, event->level, side->out + side->out_len, &len,
                     sizeof side->out - side->out_len);
    side->run[side->runs].level = event->level;
    side->run[side->runs].at = side->out_len;
    side->run[side->runs].len = len;
    side->runs++;
    side->out_len += len;
}

/*
 * Letters: i h a for BYTES of the Initial, handshake and application levels;
 * R and W, r and w for secrets of handshake and application; P, C, F for
 * PARAMETERS, COMPLETE and FAULT; S for a secret of 0-RTT, E for EARLY, T for TICKET.
 */
void
gn_test_tls_pair_take(gn_test_tls_pair *pair, int from)
{
    gn_test_tls_side *side = &pair->side[from];
    gn_tls_event event;

    while (gn_tls_wolfssl()->next(side->session, &event)) {
        switch (event.kind) {
        case GN_TLS_BYTES:
            note(side, "i?ha"[event.level]);
            take_bytes(pair, from, &event);
            break;
        case GN_TLS_SECRET:
            note(side, event.level == GN_LEVEL_EARLY
                           ? 'S'
                           : (event.level == GN_LEVEL_APP ? "rw" : "RW")[event.as.secret.write]);
            side->secret[event.level][event.as.secret.write] = event.as.secret;
            break;
        case GN_TLS_PARAMETERS:
            note(side, 'P');
            ck_assert_uint_le(event.bytes.len, sizeof side->parameters);
            memcpy(side->parameters, event.bytes.ptr, event.bytes.len);
            side->parameters_len = event.bytes.len;
            break;
        case GN_TLS_COMPLETE:
            note(side, 'C');
            side->complete = true;
            side->suite = event.as.complete.suite;
            side->group = event.as.complete.group;
            side->resumed = event.as.complete.resumed;
            text_of(event.as.complete.alpn, side->alpn, sizeof side->alpn);
            text_of(event.as.complete.server_name, side->server_name, sizeof side->server_name);
            break;
        case GN_TLS_EARLY:
            note(side, 'E');
            side->early_told = true;
            side->accepted = event.as.accepted;
            break;
        case GN_TLS_TICKET:
            note(side, 'T');
            ck_assert_uint_le(event.bytes.len, sizeof side->state);
            memcpy(side->state, event.bytes.ptr, event.bytes.len);
            side->state_len = event.bytes.len;
            side->tickets++;
            break;
        case GN_TLS_FAULT:
        default:
            note(side, 'F');
            side->failed = true;
            side->fault = event.as.fault;
            break;
        }
    }
}

gn_err
gn_test_tls_pair_give(gn_test_tls_pair *pair, int to, gn_level level, const uint8_t *bytes,
                      size_t len)
{
    size_t at = 0;
    gn_err err = GN_OK;

    while (err == GN_OK && at < len) {
        size_t some = pair->piece == 0 || pair->piece > len - at ? len - at : pair->piece;
        err = gn_tls_wolfssl()->receive(pair->side[to].session, level, bytes + at, some,
                                        pair->unix_ms);
        gn_test_tls_pair_take(pair, to);
        at += some;
    }
    return err;
}

bool
gn_test_tls_pair_run(gn_test_tls_pair *pair)
{
    gn_err err = gn_tls_wolfssl()->start(pair->side[0].session, pair->unix_ms);
    bool moved = true;

    gn_test_tls_pair_take(pair, GN_TEST_TLS_CLIENT);
    while (err == GN_OK && moved) {
        moved = false;
        for (int from = 0; err == GN_OK && from < 2; from++) {
            gn_test_tls_side *side = &pair->side[from];
            while (err == GN_OK && side->runs_given < side->runs) {
                size_t i = side->runs_given++;
                moved = true;
                err = gn_test_tls_pair_give(pair, 1 - from, side->run[i].level,
                                            side->out + side->run[i].at, side->run[i].len);
            }
        }
        pair->unix_ms += 20;
    }
    return err == GN_OK && pair->side[0].complete && pair->side[1].complete;
}

bool
gn_test_tls_pair_talk(gn_test_tls_pair *pair, const gn_test_tls_options *options)
{
    ck_assert_int_eq(gn_test_tls_pair_make(pair, options), GN_OK);
    return gn_test_tls_pair_run(pair);
}
