/*
 * tls_wolfssl_peer.c: see tls_wolfssl_peer.h.
 */
#include "tls/tls_wolfssl_peer.h"

#include <limits.h>
#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>

#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/asn.h>
#include <wolfssl/wolfcrypt/memory.h>

gn_err
gn_tls_wolfssl_peer_take(gn_tls_wolfssl_peer *peer, WOLFSSL *library, bool verified)
{
    WOLFSSL_X509 *shown = wolfSSL_get_peer_certificate(library);
    int len = 0;
    const unsigned char *der = shown == NULL ? NULL : wolfSSL_X509_get_der(shown, &len);
    gn_err err = GN_OK;

    if (der != NULL && len > 0) {
        peer->der = wolfSSL_Malloc((size_t)len);
        if (peer->der == NULL) {
            err = GN_ERR_FULL;
        } else {
            memcpy(peer->der, der, (size_t)len);
            peer->len = (size_t)len;
            peer->verified = verified;
        }
    }
    wolfSSL_X509_free(shown);
    return err;
}

bool
gn_tls_wolfssl_peer_may_sign(WOLFSSL *library)
{
    WOLFSSL_X509 *shown = wolfSSL_get_peer_certificate(library);
    /* All bits when the certificate does not say. */
    const unsigned usage = shown == NULL ? UINT_MAX : wolfSSL_X509_get_key_usage(shown);

    wolfSSL_X509_free(shown);
    return (usage & KEYUSE_DIGITAL_SIG) != 0;
}

void
gn_tls_wolfssl_peer_free(gn_tls_wolfssl_peer *peer)
{
    wolfSSL_Free(peer->der);
    *peer = (gn_tls_wolfssl_peer){0};
}
