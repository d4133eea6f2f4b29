/*
 * quote.h: whether an ICMP message quotes a packet of ours (RFC 9000 14.2.1).
 *
 * Anybody can send ICMP. What nobody off the path knows are our connection IDs.
 */
#ifndef GN_CONN_QUOTE_H
#define GN_CONN_QUOTE_H

#include <stdbool.h>

#include "base/span.h"
#include "conn/conn.h"

/*
 * Whether the bytes begin like a packet that we send on this path: its destination ID is the one
 * we use there, whole and not empty; a long header names our version and our own ID besides.
 */
bool gn_quote_is_ours(const gn_conn *conn, uint8_t path, gn_span quoted);

#endif
