/*
 * tls_wolfssl_ticket.h: tickets: how a server seals them, what a client keeps of them
 * (RFC 8446 4.6.1, RFC 9001 4.6). For tls_wolfssl alone.
 *
 * A server remembers no session. What it will need stands in the ticket, under
 * AES-256-GCM with a random nonce:
 *
 *     name (16): number of the key (8), when it was issued (8)
 *     nonce (12), zeros (4)
 *     sealed: the library's session, 32 bytes of the terms (tls_terms.h)
 *     tag (16), the other 16 bytes of the terms, authenticated
 *
 * It does remember which tickets brought 0-RTT, for a while (tls_strikes.h).
 */
#ifndef GN_TLS_TLS_WOLFSSL_TICKET_H
#define GN_TLS_TLS_WOLFSSL_TICKET_H

#include <stdint.h>

#include "base/err.h"
#include "base/siphash.h"
#include "tls/tls.h"
#include "tls/tls_strikes.h"

struct WOLFSSL;
struct WOLFSSL_CTX;
struct gn_tls_wolfssl_session;

/* What a server's context has for tickets. */
typedef struct gn_tls_wolfssl_tickets {
    uint8_t key[GN_TLS_TICKET_KEY_BYTES];
    uint8_t bind[GN_SIPHASH_KEY_BYTES];
    uint8_t number[8]; /* of the key: a ticket under another one is nobody's */
    int64_t life_ms;
    bool early;
    bool strict;
    gn_tls_strikes strikes;
} gn_tls_wolfssl_tickets;

/*
 * Server: makes *out, in the library's heap, and has the library issue tickets. It is to be wiped
 * and freed with the context. GN_ERR_CONFIG: a lifetime of nothing or of more than a week.
 */
GN_MUST_USE gn_err gn_tls_wolfssl_ticket_init(struct WOLFSSL_CTX *library,
                                              const gn_tls_config *config,
                                              gn_tls_wolfssl_tickets **out);
void gn_tls_wolfssl_ticket_free(gn_tls_wolfssl_tickets *tickets);

/*
 * Client: resumes what a TICKET event told. State that does not fit, whatever it is, is as good
 * as none; whether it does is known by the handshake.
 */
void gn_tls_wolfssl_ticket_use(struct gn_tls_wolfssl_session *session, gn_span state, bool early);

/* Client: a NewSessionTicket that passed the gate; makes the TICKET event. GN_ERR_TLS: refused. */
GN_MUST_USE gn_err gn_tls_wolfssl_ticket_receive(struct gn_tls_wolfssl_session *session,
                                                 gn_span message);

#endif
