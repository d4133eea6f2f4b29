/*
 * tls_hello.h: what QUIC asks of the messages that negotiate (RFC 9001 8, RFC 8446 4.1, 4.2).
 *
 * Each judge gets the body of one handshake message, without its four header
 * bytes. GN_ERR_FORM: refused, *fault says why. They look at what QUIC adds
 * and at what must hold for any message of TLS 1.3 before a library should see
 * it: every length fits, no extension and no key share group comes twice.
 */
#ifndef GN_TLS_TLS_HELLO_H
#define GN_TLS_TLS_HELLO_H

#include <stdbool.h>

#include "base/err.h"
#include "base/fault.h"
#include "base/span.h"

/* ClientHello: empty session id, TLS 1.3 offered, ALPN and transport parameters present. */
GN_MUST_USE gn_err gn_tls_hello_judge_client(gn_span body, gn_fault *fault);

/*
 * The transport parameters in a ClientHello, header bytes included, of which perhaps only the
 * beginning is there. False: not found, or not whole. Nothing is judged.
 */
GN_MUST_USE bool gn_tls_hello_peek(gn_span hello, gn_span *parameters);

/* Whether a ClientHello, header bytes included, offers early data. Nothing is judged. */
GN_MUST_USE bool gn_tls_hello_offers_early(gn_span hello);

/*
 * ServerHello: TLS 1.3 chosen, a key share present. *retry: it is a
 * HelloRetryRequest, which must ask for something.
 */
GN_MUST_USE gn_err gn_tls_hello_judge_server(gn_span body, bool *retry, gn_fault *fault);

/*
 * EncryptedExtensions: transport parameters present, one protocol chosen.
 * *alpn: which. *early: the server accepts early data.
 */
GN_MUST_USE gn_err gn_tls_hello_judge_encrypted(gn_span body, gn_span *alpn, bool *early,
                                                gn_fault *fault);

/* NewSessionTicket: RFC 9001 4.6.1, early data without a limit or not at all. */
GN_MUST_USE gn_err gn_tls_hello_judge_ticket(gn_span body, gn_fault *fault);

/* The group of a ServerHello's key share, or of what a HelloRetryRequest asks for; 0: none. */
uint16_t gn_tls_hello_group(gn_span body);

/* Whether the body of a ServerHello is a HelloRetryRequest. */
bool gn_tls_hello_is_retry(gn_span body);

#endif
