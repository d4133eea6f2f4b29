/*
 * fake_tls.c: see fake_tls.h.
 */
#include "sim/fake_tls.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/reader.h"
#include "base/writer.h"
#include "sim/fake_suite.h"

enum { FAKE_HELLO = 1, FAKE_REPLY, FAKE_PROOF, FAKE_DONE };

enum {
    FAKE_HEADER_BYTES = 3,     /* kind, length of the body */
    FAKE_MESSAGE_BYTES = 1024, /* of the largest message */
    FAKE_OUT_BYTES = 2048,     /* of all messages one end sends */
    FAKE_EVENTS = 12,
    FAKE_SECRET_BYTES = 32,
    FAKE_PROOF_BYTES = 8,
    FAKE_ALERT_DECODE = 50, /* TLS alerts (RFC 8446 6) */
    FAKE_ALERT_MESSAGE = 10,
    FAKE_ALERT_DECRYPT = 51,
    FAKE_ALERT_ALPN = 120
};

typedef struct fake_context {
    gn_tls_role role;
    char alpn[GN_TLS_ALPN_LIST_MAX + 1];
} fake_context;

typedef struct fake_session {
    const fake_context *context;
    uint8_t random[2][GN_TLS_RANDOM_BYTES]; /* client's, server's */
    uint8_t parameters[FAKE_MESSAGE_BYTES]; /* ours */
    size_t parameters_len;
    char server_name[GN_TLS_SERVER_NAME_MAX + 1];
    char alpn[GN_TLS_ALPN_LIST_MAX + 1]; /* agreed on */
    uint8_t in[FAKE_MESSAGE_BYTES];      /* a message that is not whole yet */
    size_t in_len;
    uint8_t peer_parameters[FAKE_MESSAGE_BYTES];
    uint8_t out[FAKE_OUT_BYTES];
    size_t out_len;
    gn_tls_event events[FAKE_EVENTS];
    uint32_t event_count;
    uint32_t event_at;
    uint8_t next_kind; /* the message that may come next; 0: none */
    bool has_random;
    bool complete;
    bool failed;
} fake_session;

/* ---------------------------------------------------------------- events */

static gn_tls_event *
fake_event(fake_session *session, gn_tls_event_kind kind, gn_level level)
{
    GN_ASSERT(session->event_count < FAKE_EVENTS);
    gn_tls_event *event = &session->events[session->event_count++];

    *event = (gn_tls_event){.kind = kind, .level = level};
    return event;
}

static gn_err
fake_fail(fake_session *session, uint64_t alert, const char *why)
{
    gn_tls_event *event = fake_event(session, GN_TLS_FAULT, GN_LEVEL_INITIAL);

    session->failed = true;
    event->as.fault = (gn_fault){.wire_code = GN_FAULT_CRYPTO + alert, .why = why};
    return GN_ERR_TLS;
}

/* Both ends derive the same secret for a label from the two randoms. */
static void
fake_derive(const fake_session *session, const char *label, uint8_t *out, size_t len)
{
    uint8_t both[FAKE_SECRET_BYTES];

    for (size_t i = 0; i < sizeof both; i++)
        both[i] = (uint8_t)(session->random[0][i] ^ (uint8_t)(session->random[1][i] * 5 + 1));
    gn_sim_fake_suite_derive(both, label, out, len);
}

static void
fake_secret(fake_session *session, gn_level level, bool write)
{
    static const char *const labels[2][2] = {{"client handshake", "server handshake"},
                                             {"client application", "server application"}};
    const bool ours = write == (session->context->role == GN_TLS_CLIENT);
    gn_tls_event *event = fake_event(session, GN_TLS_SECRET, level);

    event->as.secret.len = FAKE_SECRET_BYTES;
    event->as.secret.suite = GN_SUITE_AES_128_GCM_SHA256;
    event->as.secret.write = write;
    fake_derive(session, labels[level == GN_LEVEL_APP ? 1 : 0][ours ? 0 : 1],
                event->as.secret.bytes, FAKE_SECRET_BYTES);
}

static void
fake_complete(fake_session *session)
{
    gn_tls_event *event = fake_event(session, GN_TLS_COMPLETE, GN_LEVEL_HANDSHAKE);
    const bool server = session->context->role == GN_TLS_SERVER;

    session->complete = true;
    session->next_kind = 0;
    event->as.complete.alpn = gn_span_of((const uint8_t *)session->alpn, strlen(session->alpn));
    if (server)
        event->as.complete.server_name =
            gn_span_of((const uint8_t *)session->server_name, strlen(session->server_name));
    event->as.complete.suite = GN_SUITE_AES_128_GCM_SHA256;
}

/* ---------------------------------------------------------------- writing */

/* A field: two bytes of length, then the bytes. */
static void
fake_put(gn_writer *w, const void *bytes, size_t len)
{
    const bool good =
        gn_writer_u16(w, (uint16_t)len) == GN_OK && gn_writer_bytes(w, bytes, len) == GN_OK;

    GN_ASSERT(good);
}

/* Sends the message whose body is in w, which lies behind the header in out. */
static void
fake_send(fake_session *session, gn_level level, uint8_t kind, const uint8_t *body, size_t len)
{
    uint8_t *at = session->out + session->out_len;
    gn_tls_event *event;

    GN_ASSERT(len + FAKE_HEADER_BYTES <= FAKE_OUT_BYTES - session->out_len);
    at[0] = kind;
    at[1] = (uint8_t)(len >> 8);
    at[2] = (uint8_t)len;
    memcpy(at + FAKE_HEADER_BYTES, body, len);
    session->out_len += FAKE_HEADER_BYTES + len;
    event = fake_event(session, GN_TLS_BYTES, level);
    event->bytes = gn_span_of(at, FAKE_HEADER_BYTES + len);
}

static void
fake_send_proof(fake_session *session)
{
    uint8_t body[FAKE_MESSAGE_BYTES];
    uint8_t proof[FAKE_PROOF_BYTES];
    gn_writer w = gn_writer_over(body, sizeof body);

    fake_derive(session, "proof", proof, sizeof proof);
    fake_put(&w, proof, sizeof proof);
    fake_put(&w, session->alpn, strlen(session->alpn));
    fake_put(&w, session->parameters, session->parameters_len);
    fake_send(session, GN_LEVEL_HANDSHAKE, FAKE_PROOF, body, w.at);
}

static void
fake_send_done(fake_session *session)
{
    uint8_t proof[FAKE_PROOF_BYTES];

    fake_derive(session, "done", proof, sizeof proof);
    fake_send(session, GN_LEVEL_HANDSHAKE, FAKE_DONE, proof, sizeof proof);
}

/* ---------------------------------------------------------------- reading */

static bool
fake_get(gn_reader *r, gn_span *out)
{
    uint16_t len = 0;

    return gn_reader_u16(r, &len) == GN_OK && gn_reader_bytes(r, len, out) == GN_OK;
}

/* The first of the offered names, separated by commas, that is in our list too. */
static bool
fake_choose(fake_session *session, gn_span offered)
{
    const char *ours = session->context->alpn;

    while (*ours != '\0') {
        const size_t len = strcspn(ours, ",");
        size_t at = 0;

        while (at < offered.len) {
            size_t end = at;

            while (end < offered.len && offered.ptr[end] != ',')
                end++;
            if (end - at == len && len > 0 && memcmp(offered.ptr + at, ours, len) == 0) {
                memcpy(session->alpn, ours, len);
                session->alpn[len] = '\0';
                return true;
            }
            at = end + 1;
        }
        ours += len + (ours[len] == ',' ? 1 : 0);
    }
    return false;
}

static void
fake_tell_parameters(fake_session *session, gn_span parameters, gn_level level)
{
    gn_tls_event *event = fake_event(session, GN_TLS_PARAMETERS, level);

    memcpy(session->peer_parameters, parameters.ptr, parameters.len);
    event->bytes = gn_span_of(session->peer_parameters, parameters.len);
}

static gn_err
fake_on_hello(fake_session *session, gn_reader *r)
{
    gn_span random;
    gn_span alpn;
    gn_span name;
    gn_span parameters;

    if (!fake_get(r, &random) || !fake_get(r, &alpn) || !fake_get(r, &name) ||
        !fake_get(r, &parameters) || gn_reader_left(r) != 0 || random.len != GN_TLS_RANDOM_BYTES ||
        name.len > GN_TLS_SERVER_NAME_MAX)
        return fake_fail(session, FAKE_ALERT_DECODE, "RFC 8446 6.2: the hello is malformed");
    if (!fake_choose(session, alpn))
        return fake_fail(session, FAKE_ALERT_ALPN, "RFC 9001 8.1: no protocol in common");
    memcpy(session->random[0], random.ptr, random.len);
    memcpy(session->server_name, name.ptr, name.len);
    session->has_random = true;
    fake_tell_parameters(session, parameters, GN_LEVEL_INITIAL);
    fake_send(session, GN_LEVEL_INITIAL, FAKE_REPLY, session->random[1], GN_TLS_RANDOM_BYTES);
    fake_secret(session, GN_LEVEL_HANDSHAKE, true);
    fake_secret(session, GN_LEVEL_HANDSHAKE, false);
    fake_send_proof(session);
    fake_secret(session, GN_LEVEL_APP, true);
    session->next_kind = FAKE_DONE;
    return GN_OK;
}

static gn_err
fake_on_reply(fake_session *session, gn_reader *r)
{
    if (gn_reader_left(r) != GN_TLS_RANDOM_BYTES ||
        gn_reader_copy(r, session->random[1], GN_TLS_RANDOM_BYTES) != GN_OK)
        return fake_fail(session, FAKE_ALERT_DECODE, "RFC 8446 6.2: the reply is malformed");
    fake_secret(session, GN_LEVEL_HANDSHAKE, false);
    fake_secret(session, GN_LEVEL_HANDSHAKE, true);
    session->next_kind = FAKE_PROOF;
    return GN_OK;
}

static bool
fake_proves(const fake_session *session, const char *label, gn_span proof)
{
    uint8_t want[FAKE_PROOF_BYTES];

    fake_derive(session, label, want, sizeof want);
    return proof.len == sizeof want && memcmp(proof.ptr, want, sizeof want) == 0;
}

static gn_err
fake_on_proof(fake_session *session, gn_reader *r)
{
    gn_span proof;
    gn_span alpn;
    gn_span parameters;

    if (!fake_get(r, &proof) || !fake_get(r, &alpn) || !fake_get(r, &parameters) ||
        gn_reader_left(r) != 0)
        return fake_fail(session, FAKE_ALERT_DECODE, "RFC 8446 6.2: the proof is malformed");
    if (!fake_proves(session, "proof", proof))
        return fake_fail(session, FAKE_ALERT_DECRYPT, "RFC 8446 4.4.4: the ends disagree");
    if (!fake_choose(session, alpn))
        return fake_fail(session, FAKE_ALERT_ALPN, "RFC 9001 8.1: a protocol nobody offered");
    fake_tell_parameters(session, parameters, GN_LEVEL_HANDSHAKE);
    fake_send_done(session);
    fake_complete(session);
    fake_secret(session, GN_LEVEL_APP, true);
    fake_secret(session, GN_LEVEL_APP, false);
    return GN_OK;
}

static gn_err
fake_on_done(fake_session *session, gn_reader *r)
{
    gn_span proof;

    if (gn_reader_bytes(r, gn_reader_left(r), &proof) != GN_OK ||
        !fake_proves(session, "done", proof))
        return fake_fail(session, FAKE_ALERT_DECRYPT, "RFC 8446 4.4.4: the ends disagree");
    fake_complete(session);
    fake_secret(session, GN_LEVEL_APP, false);
    return GN_OK;
}

static gn_err
fake_on_message(fake_session *session, gn_level level, uint8_t kind, gn_reader *body)
{
    const gn_level wanted =
        kind == FAKE_HELLO || kind == FAKE_REPLY ? GN_LEVEL_INITIAL : GN_LEVEL_HANDSHAKE;

    if (kind != session->next_kind || level != wanted)
        return fake_fail(session, FAKE_ALERT_MESSAGE, "RFC 8446 6.2: a message out of turn");
    switch (kind) {
    case FAKE_HELLO: return fake_on_hello(session, body);
    case FAKE_REPLY: return fake_on_reply(session, body);
    case FAKE_PROOF: return fake_on_proof(session, body);
    default: return fake_on_done(session, body);
    }
}

/* ---------------------------------------------------------------- the table */

static gn_err
fake_context_new(const gn_tls_config *config, void **context)
{
    fake_context *made;

    if (config->alpn == NULL || config->alpn[0] == '\0' ||
        strlen(config->alpn) > GN_TLS_ALPN_LIST_MAX)
        return GN_ERR_CONFIG;
    made = calloc(1, sizeof *made);
    if (made == NULL)
        return GN_ERR_FULL;
    made->role = config->role;
    memcpy(made->alpn, config->alpn, strlen(config->alpn) + 1);
    *context = made;
    return GN_OK;
}

static void
fake_context_free(void *context)
{
    free(context);
}

static gn_err
fake_session_new(void *context, const gn_tls_session_config *config, void **session)
{
    const fake_context *shared = context;
    const bool client = shared->role == GN_TLS_CLIENT;
    fake_session *made;

    if (config->parameters.len == 0 || config->parameters.len > FAKE_MESSAGE_BYTES / 2 ||
        (config->server_name != NULL && strlen(config->server_name) > GN_TLS_SERVER_NAME_MAX))
        return GN_ERR_CONFIG;
    made = calloc(1, sizeof *made);
    if (made == NULL)
        return GN_ERR_FULL;
    made->context = shared;
    made->next_kind = client ? 0 : FAKE_HELLO;
    memcpy(made->parameters, config->parameters.ptr, config->parameters.len);
    made->parameters_len = config->parameters.len;
    if (config->server_name != NULL)
        memcpy(made->server_name, config->server_name, strlen(config->server_name) + 1);
    gn_sim_fake_suite_derive(config->seed, "random", made->random[client ? 0 : 1],
                             GN_TLS_RANDOM_BYTES);
    *session = made;
    return GN_OK;
}

static gn_err
fake_start(void *opaque, int64_t unix_ms)
{
    fake_session *session = opaque;
    uint8_t body[FAKE_MESSAGE_BYTES];
    gn_writer w = gn_writer_over(body, sizeof body);

    (void)unix_ms;
    if (session->context->role != GN_TLS_CLIENT || session->has_random)
        return GN_ERR_STATE;
    fake_put(&w, session->random[0], GN_TLS_RANDOM_BYTES);
    fake_put(&w, session->context->alpn, strlen(session->context->alpn));
    fake_put(&w, session->server_name, strlen(session->server_name));
    fake_put(&w, session->parameters, session->parameters_len);
    session->has_random = true;
    session->next_kind = FAKE_REPLY;
    fake_send(session, GN_LEVEL_INITIAL, FAKE_HELLO, body, w.at);
    return GN_OK;
}

static gn_err
fake_receive(void *opaque, gn_level level, const uint8_t *bytes, size_t len, int64_t unix_ms)
{
    fake_session *session = opaque;

    (void)unix_ms;
    if (session->failed)
        return GN_ERR_TLS;
    for (size_t i = 0; i < len; i++) {
        size_t whole;

        if (session->in_len == sizeof session->in)
            return fake_fail(session, FAKE_ALERT_DECODE, "RFC 8446 6.2: too long a message");
        session->in[session->in_len++] = bytes[i];
        if (session->in_len < FAKE_HEADER_BYTES)
            continue;
        whole = FAKE_HEADER_BYTES + ((size_t)session->in[1] << 8 | session->in[2]);
        if (session->in_len < whole)
            continue;

        gn_reader body = gn_reader_over(session->in + FAKE_HEADER_BYTES, whole - FAKE_HEADER_BYTES);
        const gn_err err = fake_on_message(session, level, session->in[0], &body);

        if (err != GN_OK)
            return err;
        session->in_len = 0;
    }
    return GN_OK;
}

static bool
fake_next(void *opaque, gn_tls_event *out)
{
    fake_session *session = opaque;

    if (session->event_at == session->event_count) {
        session->event_at = 0;
        session->event_count = 0;
        return false;
    }
    *out = session->events[session->event_at++];
    return true;
}

static bool
fake_client_random(const void *opaque, uint8_t out[GN_TLS_RANDOM_BYTES])
{
    const fake_session *session = opaque;

    if (!session->has_random)
        return false;
    memcpy(out, session->random[0], GN_TLS_RANDOM_BYTES);
    return true;
}

/* Nobody shows a certificate. */
static bool
fake_certificate(const void *opaque, gn_span *der, bool *verified)
{
    (void)opaque;
    (void)der;
    (void)verified;
    return false;
}

static void
fake_settle(void *opaque)
{
    (void)opaque;
}

static size_t
fake_memory(const void *opaque)
{
    (void)opaque;
    return sizeof(fake_session);
}

static void
fake_session_free(void *opaque)
{
    free(opaque);
}

const gn_tls_ops *
gn_sim_fake_tls(void)
{
    static const gn_tls_ops ops = {.name = "fake",
                                   .context_new = fake_context_new,
                                   .context_free = fake_context_free,
                                   .session_new = fake_session_new,
                                   .start = fake_start,
                                   .receive = fake_receive,
                                   .next = fake_next,
                                   .client_random = fake_client_random,
                                   .certificate = fake_certificate,
                                   .settle = fake_settle,
                                   .memory = fake_memory,
                                   .session_free = fake_session_free};

    return &ops;
}
