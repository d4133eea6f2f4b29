/*
 * tls_wolfssl_session.h: one connection's handshake. For tls_wolfssl alone.
 */
#ifndef GN_TLS_TLS_WOLFSSL_SESSION_H
#define GN_TLS_TLS_WOLFSSL_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/fault.h"
#include "crypto/level.h"
#include "tls/tls.h"
#include "tls/tls_gate.h"
#include "tls/tls_wolfssl_context.h"
#include "tls/tls_wolfssl_peer.h"
#include "tls/tls_wolfssl_queue.h"

struct WOLFSSL;

/* What only a handshake needs. */
typedef struct gn_tls_wolfssl_work {
    struct WOLFSSL *library;
    gn_tls_wolfssl_queue queue;
    gn_tls_secret app_read;   /* kept back until the handshake is complete */
    gn_tls_secret early_read; /* server: kept back until 0-RTT is accepted */
    int alert;                /* the first that the library raised, or -1 */
    bool parameters_told;
    bool early_waits; /* client: 0-RTT was offered and the server has not answered */
} gn_tls_wolfssl_work;

/*
 * A connection's handshake. It ends complete or failed; a failed one answers
 * nothing but GN_ERR_TLS. work is null after settle, once all tickets came that are wanted.
 */
typedef struct gn_tls_wolfssl_session {
    const gn_tls_wolfssl_context *context;
    gn_tls_wolfssl_work *work;
    uint8_t *message; /* an unfinished message (see tls_gate.h) */
    size_t message_cap;
    gn_fault fault; /* when failed */
    gn_tls_gate gate;
    gn_tls_wolfssl_peer peer; /* known from COMPLETE on, if it is kept */
    bool verifies;            /* the peer's certificate, if it shows one */
    gn_tls_terms terms;       /* server: of 0-RTT */
    uint8_t tickets_left;     /* client: that are taken yet */
    bool settles;
    bool started;
    bool complete;
    bool failed;
    bool fault_waits; /* nobody has taken it */
    bool random_known;
    uint8_t random[GN_TLS_RANDOM_BYTES];
} gn_tls_wolfssl_session;

/* All of these: see gn_tls_ops. */
GN_MUST_USE gn_err gn_tls_wolfssl_session_new(void *context, const gn_tls_session_config *config,
                                              void **session);
GN_MUST_USE gn_err gn_tls_wolfssl_session_start(void *session, int64_t unix_ms);
GN_MUST_USE gn_err gn_tls_wolfssl_session_receive(void *session, gn_level level,
                                                  const uint8_t *bytes, size_t len,
                                                  int64_t unix_ms);
GN_MUST_USE bool gn_tls_wolfssl_session_next(void *session, gn_tls_event *out);
GN_MUST_USE bool gn_tls_wolfssl_session_client_random(const void *session,
                                                      uint8_t out[GN_TLS_RANDOM_BYTES]);
GN_MUST_USE bool gn_tls_wolfssl_session_certificate(const void *session, gn_span *der,
                                                    bool *verified);
void gn_tls_wolfssl_session_settle(void *session);
size_t gn_tls_wolfssl_session_memory(const void *session);
void gn_tls_wolfssl_session_free(void *session);

#endif
