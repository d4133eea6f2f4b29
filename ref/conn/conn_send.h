/*
 * conn_send.h: the next datagram, if one should leave now (RFC 9000 12.2, 13, 14; RFC 9002 7).
 */
#ifndef GN_CONN_CONN_SEND_H
#define GN_CONN_CONN_SEND_H

#include <stdbool.h>

#include "conn/conn.h"

/*
 * Builds one datagram in env->datagram and describes it in *out. False:
 * nothing wants to leave, or nothing may. Call it until it says so.
 */
bool gn_conn_send_next(gn_conn *conn, const gn_env *env, gn_effect *out);

#endif
