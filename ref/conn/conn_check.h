/*
 * conn_check.h: what must hold of a connection between two calls.
 */
#ifndef GN_CONN_CONN_CHECK_H
#define GN_CONN_CONN_CHECK_H

#include <stdint.h>

#include "conn/conn.h"

/* Traps when an invariant is broken. Walks everything: for tests, fuzzing and simulation. */
void gn_conn_check(const gn_conn *conn, const gn_env *env);

/*
 * A hash of everything but counters, and but what a dropped packet may
 * change: failed packets counted, bytes received from an address, and the
 * next read key, which is prepared when a packet claims to need it.
 */
uint64_t gn_conn_check_digest(const gn_conn *conn);

#endif
