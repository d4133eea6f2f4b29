/*
 * tls_wolfssl.h: TLS by wolfSSL, through its QUIC interface.
 */
#ifndef GN_TLS_TLS_WOLFSSL_H
#define GN_TLS_TLS_WOLFSSL_H

#include "tls/tls.h"

/* The table; static. Contexts may be made from any thread, but not two at the same moment. */
const gn_tls_ops *gn_tls_wolfssl(void);

#endif
