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
#include "sim/fake_tls_session.h"
#include "sim/fake_tls_ticket.h"

/* ---------------------------------------------------------------- reading */

static bool
fake_get(gn_reader *r, gn_span *out)
{
    uint16_t len = 0;

    return gn_reader_u16(r, &len) == GN_OK && gn_reader_bytes(r, len, out) == GN_OK;
}

/* The first of the offered names, separated by commas, that is in our list too. */
static bool
fake_choose(gn_sim_fake_tls_session *session, gn_span offered)
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
fake_tell_parameters(gn_sim_fake_tls_session *session, gn_span parameters, gn_level level)
{
    gn_tls_event *event = gn_sim_fake_tls_session_event(session, GN_TLS_PARAMETERS, level);

    memcpy(session->peer_parameters, parameters.ptr, parameters.len);
    event->bytes = gn_span_of(session->peer_parameters, parameters.len);
}

static void
fake_tell_early(gn_sim_fake_tls_session *session, bool accepted)
{
    gn_sim_fake_tls_session_event(session, GN_TLS_EARLY, GN_LEVEL_EARLY)->as.accepted = accepted;
}

/* Server: a ticket and whether there are 0-RTT data, behind the rest of a hello. */
static bool
fake_on_resume(gn_sim_fake_tls_session *session, gn_reader *r, int64_t unix_ms)
{
    gn_sim_fake_tickets *tickets = &session->context->tickets;
    uint8_t early = 0;
    gn_span ticket;

    if (gn_reader_left(r) == 0)
        return true;
    if (!fake_get(r, &ticket) || gn_reader_u8(r, &early) != GN_OK || gn_reader_left(r) != 0)
        return false;
    session->has_ticket = true;
    session->offered = early != 0;
    session->resumed =
        tickets->each > 0 &&
        gn_sim_fake_ticket_open(tickets, &session->terms, ticket, unix_ms, &session->ticket);
    session->early =
        session->resumed && early != 0 &&
        gn_sim_fake_ticket_accepts(tickets, &session->ticket, &session->terms,
                                   gn_sim_fake_tls_session_text(session->alpn),
                                   gn_sim_fake_tls_session_text(session->server_name), unix_ms);
    return true;
}

static gn_err
fake_on_hello(gn_sim_fake_tls_session *session, gn_reader *r, int64_t unix_ms)
{
    gn_span random;
    gn_span alpn;
    gn_span name;
    gn_span parameters;

    if (!fake_get(r, &random) || !fake_get(r, &alpn) || !fake_get(r, &name) ||
        !fake_get(r, &parameters) || random.len != GN_TLS_RANDOM_BYTES ||
        name.len > GN_TLS_SERVER_NAME_MAX)
        return gn_sim_fake_tls_session_fail(session, GN_SIM_FAKE_TLS_ALERT_DECODE,
                                            "RFC 8446 6.2: the hello is malformed");
    if (!fake_choose(session, alpn))
        return gn_sim_fake_tls_session_fail(session, GN_SIM_FAKE_TLS_ALERT_ALPN,
                                            "RFC 9001 8.1: no protocol in common");
    memcpy(session->random[0], random.ptr, random.len);
    memcpy(session->server_name, name.ptr, name.len);
    session->has_random = true;
    if (!fake_on_resume(session, r, unix_ms))
        return gn_sim_fake_tls_session_fail(session, GN_SIM_FAKE_TLS_ALERT_DECODE,
                                            "RFC 8446 6.2: the hello is malformed");
    if (session->offered)
        fake_tell_early(session, session->early);
    if (session->early)
        gn_sim_fake_tls_session_secret(session, GN_LEVEL_EARLY, false);
    fake_tell_parameters(session, parameters, GN_LEVEL_INITIAL);
    gn_sim_fake_tls_session_send(session, GN_LEVEL_INITIAL, GN_SIM_FAKE_TLS_REPLY,
                                 session->random[1], GN_TLS_RANDOM_BYTES);
    gn_sim_fake_tls_session_secret(session, GN_LEVEL_HANDSHAKE, true);
    gn_sim_fake_tls_session_secret(session, GN_LEVEL_HANDSHAKE, false);
    gn_sim_fake_tls_session_send_proof(session);
    gn_sim_fake_tls_session_secret(session, GN_LEVEL_APP, true);
    session->next_kind = GN_SIM_FAKE_TLS_DONE;
    return GN_OK;
}

static gn_err
fake_on_reply(gn_sim_fake_tls_session *session, gn_reader *r)
{
    if (gn_reader_left(r) != GN_TLS_RANDOM_BYTES ||
        gn_reader_copy(r, session->random[1], GN_TLS_RANDOM_BYTES) != GN_OK)
        return gn_sim_fake_tls_session_fail(session, GN_SIM_FAKE_TLS_ALERT_DECODE,
                                            "RFC 8446 6.2: the reply is malformed");
    gn_sim_fake_tls_session_secret(session, GN_LEVEL_HANDSHAKE, false);
    gn_sim_fake_tls_session_secret(session, GN_LEVEL_HANDSHAKE, true);
    session->next_kind = GN_SIM_FAKE_TLS_PROOF;
    return GN_OK;
}

/* A hello that has come whole. */
static bool
fake_peek(gn_span hello, gn_span *parameters)
{
    gn_reader r = gn_reader_over(hello.ptr, hello.len);
    gn_span skipped;

    return gn_reader_skip(&r, GN_SIM_FAKE_TLS_HEADER_BYTES) == GN_OK &&
           hello.ptr[0] == GN_SIM_FAKE_TLS_HELLO && fake_get(&r, &skipped) &&
           fake_get(&r, &skipped) && fake_get(&r, &skipped) && fake_get(&r, parameters);
}

static bool
fake_proves(const gn_sim_fake_tls_session *session, const char *label, gn_span proof)
{
    uint8_t want[GN_SIM_FAKE_TLS_PROOF_BYTES];

    gn_sim_fake_tls_session_derive(session, label, want, sizeof want);
    return proof.len == sizeof want && memcmp(proof.ptr, want, sizeof want) == 0;
}

static gn_err
fake_on_proof(gn_sim_fake_tls_session *session, gn_reader *r)
{
    gn_span proof;
    gn_span alpn;
    gn_span parameters;
    gn_span verdict;

    if (!fake_get(r, &proof) || !fake_get(r, &alpn) || !fake_get(r, &parameters) ||
        (session->has_ticket && (!fake_get(r, &verdict) || verdict.len != 2)) ||
        gn_reader_left(r) != 0)
        return gn_sim_fake_tls_session_fail(session, GN_SIM_FAKE_TLS_ALERT_DECODE,
                                            "RFC 8446 6.2: the proof is malformed");
    if (!fake_proves(session, "proof", proof))
        return gn_sim_fake_tls_session_fail(session, GN_SIM_FAKE_TLS_ALERT_DECRYPT,
                                            "RFC 8446 4.4.4: the ends disagree");
    if (!fake_choose(session, alpn))
        return gn_sim_fake_tls_session_fail(session, GN_SIM_FAKE_TLS_ALERT_ALPN,
                                            "RFC 9001 8.1: a protocol nobody offered");
    session->resumed = session->has_ticket && verdict.ptr[0] != 0;
    if (session->early)
        fake_tell_early(session, verdict.ptr[1] != 0);
    fake_tell_parameters(session, parameters, GN_LEVEL_HANDSHAKE);
    gn_sim_fake_tls_session_send_done(session);
    gn_sim_fake_tls_session_complete(session);
    gn_sim_fake_tls_session_secret(session, GN_LEVEL_APP, true);
    gn_sim_fake_tls_session_secret(session, GN_LEVEL_APP, false);
    return GN_OK;
}

/* Client: what it is told resumes this session is the ticket itself. */
static gn_err
fake_on_ticket(gn_sim_fake_tls_session *session, gn_reader *r)
{
    gn_tls_event *event;

    if (gn_reader_copy(r, session->state, sizeof session->state) != GN_OK || gn_reader_left(r) != 0)
        return gn_sim_fake_tls_session_fail(session, GN_SIM_FAKE_TLS_ALERT_DECODE,
                                            "RFC 8446 6.2: the ticket is malformed");
    if (session->tickets_left == 0)
        return GN_OK;
    session->tickets_left--;
    event = gn_sim_fake_tls_session_event(session, GN_TLS_TICKET, GN_LEVEL_APP);
    event->bytes = gn_span_of(session->state, sizeof session->state);
    return GN_OK;
}

static gn_err
fake_on_done(gn_sim_fake_tls_session *session, gn_reader *r, int64_t unix_ms)
{
    gn_span proof;

    if (gn_reader_bytes(r, gn_reader_left(r), &proof) != GN_OK ||
        !fake_proves(session, "done", proof))
        return gn_sim_fake_tls_session_fail(session, GN_SIM_FAKE_TLS_ALERT_DECRYPT,
                                            "RFC 8446 4.4.4: the ends disagree");
    gn_sim_fake_tls_session_complete(session);
    gn_sim_fake_tls_session_secret(session, GN_LEVEL_APP, false);
    gn_sim_fake_tls_session_send_tickets(session, unix_ms);
    return GN_OK;
}

static gn_err
fake_on_message(gn_sim_fake_tls_session *session, gn_level level, uint8_t kind, gn_reader *body,
                int64_t unix_ms)
{
    const gn_level wanted = kind == GN_SIM_FAKE_TLS_HELLO || kind == GN_SIM_FAKE_TLS_REPLY
                                ? GN_LEVEL_INITIAL
                                : GN_LEVEL_HANDSHAKE;

    if (kind == GN_SIM_FAKE_TLS_TICKET && level == GN_LEVEL_APP && session->complete &&
        session->context->role == GN_TLS_CLIENT)
        return fake_on_ticket(session, body);
    if (kind != session->next_kind || level != wanted)
        return gn_sim_fake_tls_session_fail(session, GN_SIM_FAKE_TLS_ALERT_MESSAGE,
                                            "RFC 8446 6.2: a message out of turn");
    switch (kind) {
    case GN_SIM_FAKE_TLS_HELLO: return fake_on_hello(session, body, unix_ms);
    case GN_SIM_FAKE_TLS_REPLY: return fake_on_reply(session, body);
    case GN_SIM_FAKE_TLS_PROOF: return fake_on_proof(session, body);
    default: return fake_on_done(session, body, unix_ms);
    }
}

/* ---------------------------------------------------------------- the table */

static gn_err
fake_context_new(const gn_tls_config *config, void **context)
{
    gn_sim_fake_tls_context *made;

    if (config->alpn == NULL || config->alpn[0] == '\0' ||
        strlen(config->alpn) > GN_TLS_ALPN_LIST_MAX)
        return GN_ERR_CONFIG;
    made = calloc(1, sizeof *made);
    if (made == NULL)
        return GN_ERR_FULL;
    made->role = config->role;
    made->tickets_wanted = config->tickets;
    gn_sim_fake_tickets_init(&made->tickets, config);
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
    gn_sim_fake_tls_context *shared = context;
    const bool client = shared->role == GN_TLS_CLIENT;
    gn_sim_fake_tls_session *made;

    if (config->parameters.len == 0 || config->parameters.len > GN_SIM_FAKE_TLS_MESSAGE_BYTES / 2 ||
        (config->server_name != NULL && strlen(config->server_name) > GN_TLS_SERVER_NAME_MAX))
        return GN_ERR_CONFIG;
    made = calloc(1, sizeof *made);
    if (made == NULL)
        return GN_ERR_FULL;
    made->context = shared;
    made->terms = config->terms;
    gn_tls_strikes_begin(&shared->tickets.strikes, config->unix_ms);
    made->tickets_left = shared->tickets_wanted;
    made->has_ticket = client && gn_sim_fake_ticket_read(config->state, &made->ticket);
    if (made->has_ticket) {
        memcpy(made->state, config->state.ptr, sizeof made->state);
        made->early = config->early_data && made->ticket.early;
    }
    made->next_kind = client ? 0 : GN_SIM_FAKE_TLS_HELLO;
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
    gn_sim_fake_tls_session *session = opaque;
    uint8_t body[GN_SIM_FAKE_TLS_MESSAGE_BYTES];
    gn_writer w = gn_writer_over(body, sizeof body);

    (void)unix_ms;
    if (session->context->role != GN_TLS_CLIENT || session->has_random)
        return GN_ERR_STATE;
    session->has_random = true;
    if (session->early)
        gn_sim_fake_tls_session_secret(session, GN_LEVEL_EARLY, true);
    gn_sim_fake_tls_session_put(&w, session->random[0], GN_TLS_RANDOM_BYTES);
    gn_sim_fake_tls_session_put(&w, session->context->alpn, strlen(session->context->alpn));
    gn_sim_fake_tls_session_put(&w, session->server_name, strlen(session->server_name));
    gn_sim_fake_tls_session_put(&w, session->parameters, session->parameters_len);
    if (session->has_ticket) {
        gn_sim_fake_tls_session_put(&w, session->state, sizeof session->state);
        GN_ASSERT(gn_writer_left(&w) > 0);
        body[w.at++] = session->early;
    }
    session->next_kind = GN_SIM_FAKE_TLS_REPLY;
    gn_sim_fake_tls_session_send(session, GN_LEVEL_INITIAL, GN_SIM_FAKE_TLS_HELLO, body, w.at);
    return GN_OK;
}

static gn_err
fake_receive(void *opaque, gn_level level, const uint8_t *bytes, size_t len, int64_t unix_ms)
{
    gn_sim_fake_tls_session *session = opaque;

    if (session->failed)
        return GN_ERR_TLS;
    for (size_t i = 0; i < len; i++) {
        size_t whole;

        if (session->in_len == sizeof session->in)
            return gn_sim_fake_tls_session_fail(session, GN_SIM_FAKE_TLS_ALERT_DECODE,
                                                "RFC 8446 6.2: too long a message");
        session->in[session->in_len++] = bytes[i];
        if (session->in_len < GN_SIM_FAKE_TLS_HEADER_BYTES)
            continue;
        whole = GN_SIM_FAKE_TLS_HEADER_BYTES + ((size_t)session->in[1] << 8 | session->in[2]);
        if (session->in_len < whole)
            continue;

        gn_reader body = gn_reader_over(session->in + GN_SIM_FAKE_TLS_HEADER_BYTES,
                                        whole - GN_SIM_FAKE_TLS_HEADER_BYTES);
        const gn_err err = fake_on_message(session, level, session->in[0], &body, unix_ms);

        if (err != GN_OK)
            return err;
        session->in_len = 0;
    }
    return GN_OK;
}

static bool
fake_next(void *opaque, gn_tls_event *out)
{
    gn_sim_fake_tls_session *session = opaque;

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
    const gn_sim_fake_tls_session *session = opaque;

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
    return sizeof(gn_sim_fake_tls_session);
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
                                   .peek = fake_peek,
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
