/*
 * conn_recv.h: one datagram into its connection (RFC 9000 5.2, 12.2; RFC 9001 5).
 *
 * The order is the security argument: credit before work, authentication
 * before state, replay before frames, judgement before application, and an
 * acknowledgement only after every frame was accepted.
 */
#ifndef GN_CONN_CONN_RECV_H
#define GN_CONN_CONN_RECV_H

#include <stdbool.h>

#include "conn/conn.h"

/*
 * Takes the datagram apart and processes each packet. True when at least one
 * was authentic; else nothing has changed but counters and the path's credit.
 */
bool gn_conn_recv_datagram(gn_conn *conn, const gn_env *env, const gn_datagram *datagram);

/*
 * RFC 9000 10.3.1: a datagram that nothing opens may end in a reset token of an ID that we use,
 * whatever ID it is addressed to. True when it does, on a path of ours: we go draining.
 */
bool gn_conn_recv_reset(gn_conn *conn, const gn_env *env, const gn_datagram *datagram);

#endif
