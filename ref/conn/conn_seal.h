/*
 * conn_seal.h: a finished datagram is sealed, and everybody who counts is told
 * (RFC 9001 5, RFC 9002 A.5).
 */
#ifndef GN_CONN_CONN_SEAL_H
#define GN_CONN_CONN_SEAL_H

#include <stdbool.h>
#include <stdint.h>

#include "conn/builder.h"
#include "conn/conn.h"

/*
 * Seals every packet of the datagram, logs it, and describes the SEND effect
 * for this path in *out. Always true, so that a sender can end with it.
 */
bool gn_conn_seal_datagram(gn_conn *conn, const gn_env *env, gn_builder *b, uint8_t path,
                           gn_effect *out);

#endif
