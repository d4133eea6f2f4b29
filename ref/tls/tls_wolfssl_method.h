/*
 * tls_wolfssl_method.h: how the library tells a session what it has to say. For tls_wolfssl alone.
 */
#ifndef GN_TLS_TLS_WOLFSSL_METHOD_H
#define GN_TLS_TLS_WOLFSSL_METHOD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"
#include "crypto/level.h"
#include "tls/tls.h"
#include "tls/tls_wolfssl_session.h"

struct WOLFSSL;
struct wolfssl_quic_method_t;

/* The library's four callbacks. Its application data is the session. Static. */
const struct wolfssl_quic_method_t *gn_tls_wolfssl_method(void);

/* Tells the peer's transport parameters, once, as soon as they are there. GN_ERR_FULL: no room. */
GN_MUST_USE gn_err gn_tls_wolfssl_method_parameters(gn_tls_wolfssl_work *work);

/* Tells a secret. GN_ERR_FULL: no room. */
GN_MUST_USE gn_err gn_tls_wolfssl_method_secret(gn_tls_wolfssl_work *work, gn_level level,
                                                const gn_tls_secret *secret);

/* Which suite was chosen; false while none is, or one we do not have. */
GN_MUST_USE bool gn_tls_wolfssl_method_suite(struct WOLFSSL *library, gn_suite_id *out);

/* Keeps the random of the first ClientHello that is sent, or received. */
void gn_tls_wolfssl_method_random(gn_tls_wolfssl_session *session, gn_span message);

#endif
