/*
 * conn_retry.h: a client is asked for a token before anything else (RFC 9000 8.1.2, 17.2.5).
 */
#ifndef GN_CONN_CONN_RETRY_H
#define GN_CONN_CONN_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "conn/conn.h"
#include "wire/header_read.h"

/*
 * A Retry packet came, at bytes. True: it is the first, authentic, and nothing
 * else of the server came before; the Initial packets go again, with the
 * token, under keys of the new connection ID. False: it is to be dropped, and
 * nothing has changed.
 */
bool gn_conn_retry_receive(gn_conn *conn, const gn_env *env, const uint8_t *bytes,
                           const gn_header *header);

#endif
