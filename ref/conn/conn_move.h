/*
 * conn_move.h: paths come, are proved, are used and fail (RFC 9000 8.2, 9).
 */
#ifndef GN_CONN_CONN_MOVE_H
#define GN_CONN_CONN_MOVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "conn/conn.h"

/*
 * The application moves us to a route (RFC 9000 9.2): it is probed, and used
 * once it is proved. Errors as gn_connection_move.
 */
GN_MUST_USE gn_err gn_conn_move_to(gn_conn *conn, const gn_env *env, const gn_move *move);

/*
 * The new path for a packet that came by an unknown route and was opened; used_seq
 * is our ID that it came for. gn_conn_move_may_meet must have allowed it.
 */
uint8_t gn_conn_move_meet(gn_conn *conn, const gn_env *env, const gn_datagram *datagram,
                          uint64_t used_seq);

/* The peer's ID that packets on this path are sent to. */
const gn_cid *gn_conn_move_cid(const gn_conn *conn, uint8_t path);

/* Its sequence number. */
uint64_t gn_conn_move_cid_seq(const gn_conn *conn, uint8_t path);

/* Whether a packet from an unknown route may be opened at all (RFC 9000 9). */
bool gn_conn_move_may_meet(const gn_conn *conn, const gn_env *env, gn_route route);

/*
 * Whether a packet from an unknown route, for our ID used_seq, could be answered: who comes by a
 * new ID is sent to by a new one, so there must be one left (RFC 9000 9.5). If there is none the
 * packet is read all the same, as it may bring one, and the route stays unknown.
 */
bool gn_conn_move_can_answer(const gn_conn *conn, uint64_t used_seq);

/*
 * A non-probing packet with the highest number so far came by this path: a
 * server's replies go there from now on (RFC 9000 9.3).
 */
void gn_conn_move_follow(gn_conn *conn, const gn_env *env, uint8_t path);

/* A PATH_RESPONSE (RFC 9000 8.2.3). Nothing happens when it answers no challenge. */
void gn_conn_move_on_response(gn_conn *conn, const gn_env *env,
                              const uint8_t data[GN_FRAME_CHALLENGE_BYTES]);

/* Validations that took too long; back to the fallback, or the end, when the active failed. */
void gn_conn_move_on_tick(gn_conn *conn, const gn_env *env);

/*
 * The path in use takes a fresh ID of the peer's and retires its own (RFC 9000 5.1.2).
 * GN_ERR_STATE: the peer has none. GN_ERR_FULL: no unused one is there.
 */
GN_MUST_USE gn_err gn_conn_move_renew(gn_conn *conn);

/* Paths whose connection ID the peer retired take another one (RFC 9000 5.1.2). */
void gn_conn_move_replace_revoked(gn_conn *conn);

#endif
