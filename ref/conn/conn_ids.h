/*
 * conn_ids.h: the connection's names change, and its routes become names (RFC 9000 5.1, 5.1.2).
 */
#ifndef GN_CONN_CONN_IDS_H
#define GN_CONN_CONN_IDS_H

#include <stdbool.h>

#include "base/err.h"
#include "conn/conn.h"

/*
 * A path begins. Without connection IDs its route leads here from now on;
 * GN_ERR_STATE: another connection has it (RFC 9000 5.1). GN_ERR_FULL: the map is.
 */
GN_MUST_USE gn_err gn_conn_ids_map_route(const gn_conn *conn, const gn_env *env, gn_route route);

/* The path ends. */
void gn_conn_ids_unmap_route(const gn_conn *conn, const gn_env *env, gn_route route);

/* Packets that a change of IDs takes itself, about; no more than these do not make time count. */
#define GN_CONN_IDS_OWN_PACKETS 8

/* Whether gn_conn_ids_map_route would succeed, as far as other connections are concerned. */
bool gn_conn_ids_may_use(const gn_conn *conn, const gn_env *env, gn_route route);

/*
 * Changes both names on the wire: the peer is asked to retire all our IDs for
 * fresh ones, and the path in use takes a fresh one of the peer's. GN_ERR_STATE:
 * not confirmed, ending, neither side has IDs, or the change before is not
 * complete, or the peer may not know that we heard of its retirements (RFC 9000
 * 5.1.2). GN_ERR_FULL: no fresh ID on either side, or the peer may have none to answer with.
 */
GN_MUST_USE gn_err gn_conn_ids_rotate(gn_conn *conn, const gn_env *env);

/* The handshake is confirmed: from here on time and packets count. */
void gn_conn_ids_begin(gn_conn *conn, const gn_env *env);

/* Rotates when it is time by the configuration; harmless at any moment. */
void gn_conn_ids_on_tick(gn_conn *conn, const gn_env *env);

/* When that is next due, as far as time decides; GN_NEVER: not by time. */
gn_time gn_conn_ids_deadline(const gn_conn *conn, const gn_env *env);

#endif
