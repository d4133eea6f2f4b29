/*
 * hello_version.h: the version a server answers a client's first flight in (RFC 9368 2.3).
 *
 * The choice is made before there is a connection, from what the first packet
 * shows of the ClientHello. A client whose transport parameters do not all lie
 * in it is answered in the version it came with.
 */
#ifndef GN_ENDPOINT_HELLO_VERSION_H
#define GN_ENDPOINT_HELLO_VERSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "gnomon.h"

/*
 * original: of the client's first Initial packet; payload: its frames, in clear. *told: the client
 * has told its versions, or may have where that is not there yet, and is told ours.
 */
uint32_t gn_hello_version(const gn_config *config, uint32_t original, gn_span payload, bool *told);

#endif
