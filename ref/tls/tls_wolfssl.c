/*
 * tls_wolfssl.c: see tls_wolfssl.h.
 */
#include "tls/tls_wolfssl.h"

#include "tls/tls_hello.h"
#include "tls/tls_wolfssl_context.h"
#include "tls/tls_wolfssl_session.h"

static const gn_tls_ops wolfssl = {
    .name = "wolfssl",
    .context_new = gn_tls_wolfssl_context_new,
    .context_free = gn_tls_wolfssl_context_free,
    .peek = gn_tls_hello_peek,
    .session_new = gn_tls_wolfssl_session_new,
    .start = gn_tls_wolfssl_session_start,
    .receive = gn_tls_wolfssl_session_receive,
    .next = gn_tls_wolfssl_session_next,
    .client_random = gn_tls_wolfssl_session_client_random,
    .certificate = gn_tls_wolfssl_session_certificate,
    .settle = gn_tls_wolfssl_session_settle,
    .memory = gn_tls_wolfssl_session_memory,
    .session_free = gn_tls_wolfssl_session_free,
};

const gn_tls_ops *
gn_tls_wolfssl(void)
{
    return &wolfssl;
}
