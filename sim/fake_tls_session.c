/*
 * fake_tls_session.c: see fake_tls_session.h.
 */
#include "sim/fake_tls_session.h"

#include <string.h>

#include "base/assert.h"
#include "sim/fake_suite.h"

/* ---------------------------------------------------------------- events */

gn_tls_event *
gn_sim_fake_tls_session_event(gn_sim_fake_tls_session *session, gn_tls_event_kind kind,
                              gn_level level)
{
    GN_ASSERT(session->event_count < GN_SIM_FAKE_TLS_EVENTS);
    gn_tls_event *event = &session->events[session->event_count++];

    *event = (gn_tls_event){.kind = kind, .level = level};
    return event;
}

gn_err
gn_sim_fake_tls_session_fail(gn_sim_fake_tls_session *session, uint64_t alert, const char *why)
{
    gn_tls_event *event = gn_sim_fake_tls_session_event(session, GN_TLS_FAULT, GN_LEVEL_INITIAL);

    session->failed = true;
    event->as.fault = (gn_fault){.wire_code = GN_FAULT_CRYPTO + alert, .why = why};
    return GN_ERR_TLS;
}

/* Both ends derive the same secret for a label from the two randoms. */
void
gn_sim_fake_tls_session_derive(const gn_sim_fake_tls_session *session, const char *label,
                               uint8_t *out, size_t len)
{
    uint8_t both[GN_SIM_FAKE_TLS_SECRET_BYTES];

    for (size_t i = 0; i < sizeof both; i++)
        both[i] = (uint8_t)(session->random[0][i] ^ (uint8_t)(session->random[1][i] * 5 + 1));
    gn_sim_fake_suite_derive(both, label, out, len);
}

void
gn_sim_fake_tls_session_secret(gn_sim_fake_tls_session *session, gn_level level, bool write)
{
    static const char *const labels[2][2] = {{"client handshake", "server handshake"},
                                             {"client application", "server application"}};
    const bool ours = write == (session->context->role == GN_TLS_CLIENT);
    gn_tls_event *event = gn_sim_fake_tls_session_event(session, GN_TLS_SECRET, level);

    event->as.secret.len = GN_SIM_FAKE_TLS_SECRET_BYTES;
    event->as.secret.suite = GN_SUITE_AES_128_GCM_SHA256;
    event->as.secret.write = write;
    if (level == GN_LEVEL_EARLY) {
        for (size_t i = 0; i < GN_SIM_FAKE_TLS_SECRET_BYTES; i++)
            event->as.secret.bytes[i] = session->ticket.secret[i] ^ session->random[0][i];
        return;
    }
    gn_sim_fake_tls_session_derive(session, labels[level == GN_LEVEL_APP ? 1 : 0][ours ? 0 : 1],
                                   event->as.secret.bytes, GN_SIM_FAKE_TLS_SECRET_BYTES);
}

void
gn_sim_fake_tls_session_complete(gn_sim_fake_tls_session *session)
{
    gn_tls_event *event =
        gn_sim_fake_tls_session_event(session, GN_TLS_COMPLETE, GN_LEVEL_HANDSHAKE);
    const bool server = session->context->role == GN_TLS_SERVER;

    session->complete = true;
    session->next_kind = 0;
    event->as.complete.alpn = gn_span_of((const uint8_t *)session->alpn, strlen(session->alpn));
    if (server)
        event->as.complete.server_name =
            gn_span_of((const uint8_t *)session->server_name, strlen(session->server_name));
    event->as.complete.suite = GN_SUITE_AES_128_GCM_SHA256;
    event->as.complete.resumed = session->resumed;
}

gn_span
gn_sim_fake_tls_session_text(const char *text)
{
    return gn_span_of((const uint8_t *)text, strlen(text));
}

/* ---------------------------------------------------------------- writing */

/* A field: two bytes of length, then the bytes. */
void
gn_sim_fake_tls_session_put(gn_writer *w, const void *bytes, size_t len)
{
    const bool good =
        gn_writer_u16(w, (uint16_t)len) == GN_OK && gn_writer_bytes(w, bytes, len) == GN_OK;

    GN_ASSERT(good);
}

/* Sends the message whose body is in w, which lies behind the header in out. */
void
gn_sim_fake_tls_session_send(gn_sim_fake_tls_session *session, gn_level level, uint8_t kind,
                             const uint8_t *body, size_t len)
{
    uint8_t *at = session->out + session->out_len;
    gn_tls_event *event;

    GN_ASSERT(len + GN_SIM_FAKE_TLS_HEADER_BYTES <= GN_SIM_FAKE_TLS_OUT_BYTES - session->out_len);
    at[0] = kind;
    at[1] = (uint8_t)(len >> 8);
    at[2] = (uint8_t)len;
    memcpy(at + GN_SIM_FAKE_TLS_HEADER_BYTES, body, len);
    session->out_len += GN_SIM_FAKE_TLS_HEADER_BYTES + len;
    event = gn_sim_fake_tls_session_event(session, GN_TLS_BYTES, level);
    event->bytes = gn_span_of(at, GN_SIM_FAKE_TLS_HEADER_BYTES + len);
}

void
gn_sim_fake_tls_session_send_proof(gn_sim_fake_tls_session *session)
{
    uint8_t body[GN_SIM_FAKE_TLS_MESSAGE_BYTES];
    uint8_t proof[GN_SIM_FAKE_TLS_PROOF_BYTES];
    gn_writer w = gn_writer_over(body, sizeof body);

    gn_sim_fake_tls_session_derive(session, "proof", proof, sizeof proof);
    gn_sim_fake_tls_session_put(&w, proof, sizeof proof);
    gn_sim_fake_tls_session_put(&w, session->alpn, strlen(session->alpn));
    gn_sim_fake_tls_session_put(&w, session->parameters, session->parameters_len);
    if (session->has_ticket) {
        const uint8_t verdict[] = {session->resumed, session->early};
        gn_sim_fake_tls_session_put(&w, verdict, sizeof verdict);
    }
    gn_sim_fake_tls_session_send(session, GN_LEVEL_HANDSHAKE, GN_SIM_FAKE_TLS_PROOF, body, w.at);
}

void
gn_sim_fake_tls_session_send_tickets(gn_sim_fake_tls_session *session, int64_t unix_ms)
{
    for (uint8_t i = 0; i < session->context->tickets.each; i++) {
        uint8_t ticket[GN_SIM_FAKE_TICKET_BYTES];

        gn_sim_fake_ticket_issue(&session->context->tickets, &session->terms,
                                 gn_sim_fake_tls_session_text(session->alpn),
                                 gn_sim_fake_tls_session_text(session->server_name), unix_ms,
                                 ticket);
        gn_sim_fake_tls_session_send(session, GN_LEVEL_APP, GN_SIM_FAKE_TLS_TICKET, ticket,
                                     sizeof ticket);
    }
}

void
gn_sim_fake_tls_session_send_done(gn_sim_fake_tls_session *session)
{
    uint8_t proof[GN_SIM_FAKE_TLS_PROOF_BYTES];

    gn_sim_fake_tls_session_derive(session, "done", proof, sizeof proof);
    gn_sim_fake_tls_session_send(session, GN_LEVEL_HANDSHAKE, GN_SIM_FAKE_TLS_DONE, proof,
                                 sizeof proof);
}
