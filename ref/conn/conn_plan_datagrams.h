/*
 * conn_plan_datagrams.h: DATAGRAM and STREAM frames of a packet, the last row of the plan.
 *
 * While both have something to send they take turns at being first in a
 * packet, and whoever is second gets what is left: each has the whole of at
 * least every second packet, so neither starves. Alone, each has all of them.
 */
#ifndef GN_CONN_CONN_PLAN_DATAGRAMS_H
#define GN_CONN_CONN_PLAN_DATAGRAMS_H

#include <stdbool.h>
#include <stddef.h>

#include "conn/conn_plan.h"

/*
 * The payload of the largest datagram that a packet on the path in use may
 * carry to this peer (RFC 9221 3, 5). GN_ERR_UNSUPPORTED: it takes none.
 */
GN_MUST_USE gn_err gn_conn_plan_datagrams_room(const gn_conn *conn, size_t *out);

/* The row of both. */
bool gn_conn_plan_datagrams_wants(const gn_conn *conn, const gn_env *env, const gn_plan_packet *p);
void gn_conn_plan_datagrams_fill(gn_conn *conn, const gn_env *env, const gn_plan_packet *p,
                                 gn_builder *b);

#endif
