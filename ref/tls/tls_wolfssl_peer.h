/*
 * tls_wolfssl_peer.h: the certificate that the peer showed, kept. For tls_wolfssl alone.
 */
#ifndef GN_TLS_TLS_WOLFSSL_PEER_H
#define GN_TLS_TLS_WOLFSSL_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct WOLFSSL;

/* Zero is none. der is in the library's heap: len bytes, the leaf alone. */
typedef struct gn_tls_wolfssl_peer {
    uint8_t *der;
    size_t len;
    bool verified;
} gn_tls_wolfssl_peer;

/* Copies what the library knows once the handshake is complete; nothing is fine. GN_ERR_FULL. */
GN_MUST_USE gn_err gn_tls_wolfssl_peer_take(gn_tls_wolfssl_peer *peer, struct WOLFSSL *library,
                                            bool verified);

/*
 * Whether the key of the certificate that was just taken may sign, which is all that TLS 1.3 has
 * it do (RFC 8446 4.4.2.2); the library does not look. No certificate: true.
 */
bool gn_tls_wolfssl_peer_may_sign(struct WOLFSSL *library);

void gn_tls_wolfssl_peer_free(gn_tls_wolfssl_peer *peer);

#endif
