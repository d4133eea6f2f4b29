/*
 * tls_alert.h: TLS alerts as QUIC faults (RFC 8446 6, RFC 9001 4.8).
 */
#ifndef GN_TLS_TLS_ALERT_H
#define GN_TLS_TLS_ALERT_H

#include <stdint.h>

#include "base/err.h"
#include "base/fault.h"

/* The alerts that we raise ourselves. */
enum {
    GN_TLS_ALERT_UNEXPECTED_MESSAGE = 10,
    GN_TLS_ALERT_HANDSHAKE_FAILURE = 40,
    GN_TLS_ALERT_BAD_CERTIFICATE = 42,
    GN_TLS_ALERT_ILLEGAL_PARAMETER = 47,
    GN_TLS_ALERT_DECODE_ERROR = 50,
    GN_TLS_ALERT_DECRYPT_ERROR = 51,
    GN_TLS_ALERT_PROTOCOL_VERSION = 70,
    GN_TLS_ALERT_INTERNAL_ERROR = 80,
    GN_TLS_ALERT_MISSING_EXTENSION = 109,
    GN_TLS_ALERT_NO_APPLICATION_PROTOCOL = 120
};

/* The frame type that a fault of TLS names: CRYPTO (RFC 9000 19.6). */
#define GN_TLS_ALERT_FRAME 0x06

/* "RFC 8446 6.2: certificate_expired"; for an unknown alert a text that says so. Static. */
const char *gn_tls_alert_why(uint8_t alert);

/* "certificate_expired"; "unknown_alert". Static. */
const char *gn_tls_alert_name(uint8_t alert);

/*
 * Fills the fault with 0x100 + alert and the reason, or, where why is null,
 * the alert's own text. Returns GN_ERR_FORM.
 */
gn_err gn_tls_alert_fault(gn_fault *fault, uint8_t alert, const char *why);

#endif
