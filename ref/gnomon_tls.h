/*
 * gnomon_tls.h: what TLS does for an endpoint and its peers; see gnomon.h.
 */
#ifndef GN_GNOMON_TLS_H
#define GN_GNOMON_TLS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "gnomon_types.h"

struct gn_endpoint;

/* The groups of the key exchange (RFC 8446 4.2.7). */
typedef enum gn_group {
    GN_GROUP_X25519,
    GN_GROUP_SECP256R1,
    GN_GROUP_SECP384R1,
    GN_GROUP_X25519MLKEM768, /* post-quantum; its ClientHello takes two Initial packets */
    GN_GROUP_KINDS
} gn_group;

/* Whether a server asks clients for a certificate. One that is shown must be good. */
typedef enum gn_verify_client {
    GN_VERIFY_CLIENT_NONE,
    GN_VERIFY_CLIENT_ASK,     /* a client may have none */
    GN_VERIFY_CLIENT_REQUIRE, /* else: certificate_required */
    GN_VERIFY_CLIENT_KINDS
} gn_verify_client;

/* A certificate in DER. The bytes stay readable until the next call on the same endpoint. */
typedef struct gn_certificate {
    size_t size;
    const uint8_t *der;
    size_t len;
    uint8_t verified; /* chain, dates and, by a client, the name; 0: nobody looked */
    uint8_t reserved[7];
} gn_certificate;

/*
 * What the peer showed first, once the handshake is complete. GN_ERR_NONE: no such connection,
 * it has ended, nothing was shown, or keep_certificate is off.
 */
GN_API GN_MUST_USE gn_err gn_connection_read_certificate(const struct gn_endpoint *endpoint,
                                                         gn_connection connection,
                                                         gn_certificate *out, size_t size);

GN_MUST_USE static inline gn_err
gn_connection_certificate(const struct gn_endpoint *endpoint, gn_connection connection,
                          gn_certificate *out)
{
    return gn_connection_read_certificate(endpoint, connection, out, sizeof *out);
}

/* "PROTOCOL_VIOLATION"; for a CRYPTO_ERROR the alert's name: "certificate_expired". Static. */
GN_API const char *gn_code_name(uint64_t code);

#endif
