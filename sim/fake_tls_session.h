/*
 * fake_tls_session.h: what a session of the stand-in for TLS is, what it tells and what it sends.
 * For fake_tls alone.
 *
 * A message is its kind, two bytes of length and its fields, each again with
 * two bytes of length in front.
 */
#ifndef GN_SIM_FAKE_TLS_SESSION_H
#define GN_SIM_FAKE_TLS_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/writer.h"
#include "sim/fake_tls_ticket.h"
#include "tls/tls.h"

enum {
    GN_SIM_FAKE_TLS_HELLO = 1,
    GN_SIM_FAKE_TLS_REPLY,
    GN_SIM_FAKE_TLS_PROOF,
    GN_SIM_FAKE_TLS_DONE,
    GN_SIM_FAKE_TLS_TICKET
};

enum {
    GN_SIM_FAKE_TLS_HEADER_BYTES = 3,     /* kind, length of the body */
    GN_SIM_FAKE_TLS_MESSAGE_BYTES = 1024, /* of the largest message */
    GN_SIM_FAKE_TLS_OUT_BYTES = 2048,     /* of all messages one end sends */
    GN_SIM_FAKE_TLS_EVENTS = 16,
    GN_SIM_FAKE_TLS_SECRET_BYTES = 32,
    GN_SIM_FAKE_TLS_PROOF_BYTES = 8,
    GN_SIM_FAKE_TLS_ALERT_DECODE = 50, /* TLS alerts (RFC 8446 6) */
    GN_SIM_FAKE_TLS_ALERT_MESSAGE = 10,
    GN_SIM_FAKE_TLS_ALERT_DECRYPT = 51,
    GN_SIM_FAKE_TLS_ALERT_ALPN = 120
};

/* Of an endpoint. */
typedef struct gn_sim_fake_tls_context {
    gn_tls_role role;
    char alpn[GN_TLS_ALPN_LIST_MAX + 1];
    uint8_t tickets_wanted;      /* client */
    gn_sim_fake_tickets tickets; /* server */
} gn_sim_fake_tls_context;

typedef struct gn_sim_fake_tls_session {
    gn_sim_fake_tls_context *context;
    gn_tls_terms terms;        /* server */
    gn_sim_fake_ticket ticket; /* client: to resume with, if has_ticket; server: what it got */
    uint8_t state[GN_SIM_FAKE_TICKET_BYTES];
    uint8_t random[2][GN_TLS_RANDOM_BYTES];            /* client's, server's */
    uint8_t parameters[GN_SIM_FAKE_TLS_MESSAGE_BYTES]; /* ours */
    size_t parameters_len;
    char server_name[GN_TLS_SERVER_NAME_MAX + 1];
    char alpn[GN_TLS_ALPN_LIST_MAX + 1];       /* agreed on */
    uint8_t in[GN_SIM_FAKE_TLS_MESSAGE_BYTES]; /* a message that is not whole yet */
    size_t in_len;
    uint8_t peer_parameters[GN_SIM_FAKE_TLS_MESSAGE_BYTES];
    uint8_t out[GN_SIM_FAKE_TLS_OUT_BYTES];
    size_t out_len;
    gn_tls_event events[GN_SIM_FAKE_TLS_EVENTS];
    uint32_t event_count;
    uint32_t event_at;
    uint8_t next_kind;    /* the message that may come next; 0: none */
    uint8_t tickets_left; /* client: that are told yet */
    bool has_ticket;
    bool early;   /* client: tries 0-RTT; server: accepted it */
    bool offered; /* server: the client tries 0-RTT */
    bool resumed;
    bool has_random;
    bool complete;
    bool failed;
} gn_sim_fake_tls_session;

/* A new event, of which the caller fills in the rest. */
gn_tls_event *gn_sim_fake_tls_session_event(gn_sim_fake_tls_session *session,
                                            gn_tls_event_kind kind, gn_level level);

/* Tells a FAULT and says GN_ERR_TLS. */
gn_err gn_sim_fake_tls_session_fail(gn_sim_fake_tls_session *session, uint64_t alert,
                                    const char *why);

/* Both ends derive the same bytes for a label from the two randoms. */
void gn_sim_fake_tls_session_derive(const gn_sim_fake_tls_session *session, const char *label,
                                    uint8_t *out, size_t len);

void gn_sim_fake_tls_session_secret(gn_sim_fake_tls_session *session, gn_level level, bool write);
void gn_sim_fake_tls_session_complete(gn_sim_fake_tls_session *session);

gn_span gn_sim_fake_tls_session_text(const char *text);

/* A field. */
void gn_sim_fake_tls_session_put(gn_writer *w, const void *bytes, size_t len);

void gn_sim_fake_tls_session_send(gn_sim_fake_tls_session *session, gn_level level, uint8_t kind,
                                  const uint8_t *body, size_t len);
void gn_sim_fake_tls_session_send_proof(gn_sim_fake_tls_session *session);
void gn_sim_fake_tls_session_send_done(gn_sim_fake_tls_session *session);
void gn_sim_fake_tls_session_send_tickets(gn_sim_fake_tls_session *session, int64_t unix_ms);

#endif
