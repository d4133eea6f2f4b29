/*
 * conn_end.h: what a connection that ends gives back at once (RFC 9000 10.2).
 *
 * For three probe timeouts it only has to know its names, so that what still
 * comes is not taken for a stranger's, and, while it is closing, its keys and
 * what it said. All else is there for others: records, chunks, streams, TLS.
 */
#ifndef GN_CONN_CONN_END_H
#define GN_CONN_CONN_END_H

#include "conn/conn.h"

/* Gives back everything but keys and names. */
void gn_conn_end_release(gn_conn *conn, const gn_env *env);

/* And the keys. */
void gn_conn_end_release_keys(gn_conn *conn, const gn_env *env);

/*
 * Of a connection that is not open any more and whose application was told so: gives back what
 * nobody needs. May be called again: a reply has left a record.
 */
void gn_conn_end_lighten(gn_conn *conn, const gn_env *env);

#endif
