/*
 * conn_handshake.h: TLS and the connection: bytes in and out, secrets, parameters, completion
 * (RFC 9001 4, RFC 9000 7).
 */
#ifndef GN_CONN_CONN_HANDSHAKE_H
#define GN_CONN_CONN_HANDSHAKE_H

#include "base/err.h"
#include "base/fault.h"
#include "conn/conn.h"

/*
 * Gives TLS the CRYPTO bytes that are in order and acts on everything it
 * says. GN_ERR_FORM with *fault: the handshake failed, the peer's parameters
 * are wrong, or our own room is exhausted (INTERNAL_ERROR).
 */
GN_MUST_USE gn_err gn_conn_handshake_pump(gn_conn *conn, const gn_env *env, gn_fault *fault);

/*
 * The handshake is confirmed (RFC 9001 4.1.2): a server says so, a client has
 * heard HANDSHAKE_DONE. Repeating it does nothing.
 */
void gn_conn_handshake_confirm(gn_conn *conn, const gn_env *env);

/* The keys of a space are not needed any more (RFC 9001 4.9). Repeating it does nothing. */
void gn_conn_handshake_discard(gn_conn *conn, const gn_env *env, gn_space_id space);

/* Takes parameters for the peer's, remembered ones or those it has just told; limits only rise. */
void gn_conn_handshake_go_by(gn_conn *conn, const gn_env *env, const gn_tparams *peer);

#endif
