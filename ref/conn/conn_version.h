/*
 * conn_version.h: the version of a connection changes (RFC 9000 6.2, RFC 9368, RFC 9369 4.1).
 *
 * A server has made its choice when a connection begins; all but the client's
 * first flight is in that version. A client learns of it from the first Initial
 * packet that opens under the other version's keys, or begins once more after
 * a Version Negotiation packet.
 */
#ifndef GN_CONN_CONN_VERSION_H
#define GN_CONN_CONN_VERSION_H

#include <stdbool.h>

#include "base/err.h"
#include "conn/conn.h"
#include "wire/header_read.h"

/*
 * A Version Negotiation packet came. False: it is to be dropped, nothing has
 * changed. True: the connection begins anew with another version, or is over
 * because there is none in common.
 */
bool gn_conn_version_on_vneg(gn_conn *conn, const gn_env *env, const gn_header *header);

/*
 * Server: the keys that the client's first flight is read with, when what we
 * answer with is another version. GN_ERR_FULL: no slots for them.
 */
GN_MUST_USE gn_err gn_conn_version_keep_original(gn_conn *conn, const gn_env *env);

/*
 * Whether a packet of this version may be opened. A client follows its server
 * here: when the packet, an Initial at bytes, opens as one of a version that we
 * had offered, that is the version from now on.
 */
bool gn_conn_version_takes(gn_conn *conn, const gn_env *env, const gn_header *header,
                           const uint8_t *bytes);

/* Server: an authentic packet of this version came (RFC 9369 4.1). */
void gn_conn_version_settle(gn_conn *conn, const gn_env *env, uint32_t version);

#endif
