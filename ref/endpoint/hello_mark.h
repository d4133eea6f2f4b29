/*
 * hello_mark.h: how a server knows a ClientHello again that it has not kept (RFC 9000 17.2.5.3).
 *
 * The mark is a keyed hash of the ClientHello's first bytes, as far as the
 * first packet has them without a gap. They include the client's random, so
 * another ClientHello has another mark.
 */
#ifndef GN_ENDPOINT_HELLO_MARK_H
#define GN_ENDPOINT_HELLO_MARK_H

#include <stdint.h>

#include "base/siphash.h"
#include "base/span.h"

/* The random ends at byte 38; a token makes the second packet's share smaller, not so small. */
#define GN_HELLO_MARK_BYTES 128

typedef struct gn_hello_mark {
    uint64_t hash;
    uint8_t len; /* bytes hashed, 0 to GN_HELLO_MARK_BYTES */
} gn_hello_mark;

/*
 * Of the CRYPTO frames in the payload of an Initial packet; at most the first most bytes
 * (up to GN_HELLO_MARK_BYTES) count. A payload that is no frames has what came before.
 */
gn_hello_mark gn_hello_mark_of(gn_span payload, uint8_t most,
                               const uint8_t key[GN_SIPHASH_KEY_BYTES]);

#endif
