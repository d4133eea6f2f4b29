/*
 * conn_tick.h: time passes (RFC 9002 6.2, RFC 9000 10.1, 10.2).
 */
#ifndef GN_CONN_CONN_TICK_H
#define GN_CONN_CONN_TICK_H

#include "conn/conn.h"

/* Acts on every deadline that has come. Early calls do nothing. */
void gn_conn_tick_timeout(gn_conn *conn, const gn_env *env);

/* Sets every timer from what the machines say. To be called when nothing is left to send. */
void gn_conn_tick_settle(gn_conn *conn, const gn_env *env);

#endif
