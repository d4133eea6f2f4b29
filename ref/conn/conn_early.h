/*
 * conn_early.h: resuming, and 0-RTT: what a connection does with both
 * (RFC 9000 7.4.1, RFC 9001 4.6).
 */
#ifndef GN_CONN_CONN_EARLY_H
#define GN_CONN_CONN_EARLY_H

#include "base/err.h"
#include "base/fault.h"
#include "conn/conn.h"
#include "conn/resumption.h"

/*
 * Client, before its TLS session is made: what is wanted of it, into session. *found is what the
 * caller's blob says. GN_ERR_FORM: it is damaged. Without a blob, or with one that is of no use
 * here, nothing is resumed.
 */
GN_MUST_USE gn_err gn_conn_early_resume(gn_conn *conn, const gn_env *env, const gn_connect *connect,
                                        gn_resumption *found, gn_tls_session_config *session);

/* Client, after its ClientHello was made: if TLS offers 0-RTT, it goes by what was remembered. */
void gn_conn_early_begin(gn_conn *conn, const gn_env *env, const gn_connect *connect,
                         const gn_resumption *found);

/* Server: under which terms its session issues tickets and takes 0-RTT. */
void gn_conn_early_offer(const gn_conn *conn, const gn_env *env, const gn_tparams *ours,
                         gn_tls_session_config *session);

/* TLS knows what became of it. A client that was rejected sends everything again in 1-RTT. */
void gn_conn_early_verdict(gn_conn *conn, const gn_env *env, bool accepted);

/* The server's parameters, once TLS knows what became of 0-RTT. GN_ERR_FORM: close with *fault. */
GN_MUST_USE gn_err gn_conn_early_judge(const gn_conn *conn, const gn_tparams *peer,
                                       gn_fault *fault);

/* Client: a ticket came; the application is given what resumes this connection. */
void gn_conn_early_ticket(gn_conn *conn, const gn_env *env, gn_span state);

/* The handshake is complete: a server's key stays for packets that were overtaken. */
void gn_conn_early_on_complete(gn_conn *conn, const gn_env *env, const gn_tls_complete *complete);

/* The key goes, if there is one (RFC 9001 4.9.3). Harmless at any time. */
void gn_conn_early_discard(gn_conn *conn, const gn_env *env);

#endif
