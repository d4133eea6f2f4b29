/*
 * resumption.h: what a client keeps of a connection to resume it: one blob, which the
 * application stores (RFC 9000 7.4.1, RFC 9001 4.5, 4.6).
 *
 *     "gnR1"            4
 *     length of what follows, the sum left out   2
 *     version           4   the QUIC version; another one does not resume it (RFC 9369 5)
 *     flags             1   bit 0: the server's certificate was verified
 *     name, application 8 8 hashes: of the server's name and of the application's context
 *     protocol          1 + n
 *     parameters        2 + n   those that are remembered, as on the wire
 *     state             2 + n   what TLS needs (tls.h, TICKET)
 *     sum               8   over all before it
 *
 * The sum finds damage, not malice: whoever can write the blob can write
 * anything, and it holds secrets. What is read is judged like a peer's bytes.
 */
#ifndef GN_CONN_RESUMPTION_H
#define GN_CONN_RESUMPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"
#include "base/writer.h"
#include "wire/tparams.h"

/* A state of GN_TLS_STATE_MAX fits, with everything else. */
#define GN_RESUMPTION_MAX 1500

typedef struct gn_resumption {
    uint32_t version;
    bool verified;
    uint64_t server_name; /* see gn_resumption_hash */
    uint64_t application;
    gn_span alpn;
    gn_span state;
    gn_tparams parameters; /* those that are not remembered have their defaults */
} gn_resumption;

/* A text as a number; the same text, the same number. */
uint64_t gn_resumption_hash(gn_span text);

/*
 * Writes the blob. Of the parameters those that RFC 9000 7.4.1 forbids to remember are left out.
 * GN_ERR_FULL: no room.
 */
GN_MUST_USE gn_err gn_resumption_write(gn_writer *w, const gn_resumption *resumption);

/* Reads a whole blob. GN_ERR_FORM: damaged, or none; *out is not touched. */
GN_MUST_USE gn_err gn_resumption_read(gn_span blob, gn_resumption *out);

#endif
