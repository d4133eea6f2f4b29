/*
 * tls_alert.c: see tls_alert.h.
 */
#include "tls/tls_alert.h"

#include <stddef.h>

/* clang-format off */
static const struct alert_row {
    uint8_t alert;
    const char *why;
} alerts[] = {
    {   0, "RFC 8446 6.1: close_notify" },
    {  10, "RFC 8446 6.2: unexpected_message" },
    {  20, "RFC 8446 6.2: bad_record_mac" },
    {  22, "RFC 8446 6.2: record_overflow" },
    {  40, "RFC 8446 6.2: handshake_failure" },
    {  42, "RFC 8446 6.2: bad_certificate" },
    {  43, "RFC 8446 6.2: unsupported_certificate" },
    {  44, "RFC 8446 6.2: certificate_revoked" },
    {  45, "RFC 8446 6.2: certificate_expired" },
    {  46, "RFC 8446 6.2: certificate_unknown" },
    {  47, "RFC 8446 6.2: illegal_parameter" },
    {  48, "RFC 8446 6.2: unknown_ca" },
    {  49, "RFC 8446 6.2: access_denied" },
    {  50, "RFC 8446 6.2: decode_error" },
    {  51, "RFC 8446 6.2: decrypt_error" },
    {  70, "RFC 8446 6.2: protocol_version" },
    {  71, "RFC 8446 6.2: insufficient_security" },
    {  80, "RFC 8446 6.2: internal_error" },
    {  86, "RFC 8446 6.2: inappropriate_fallback" },
    {  90, "RFC 8446 6.1: user_canceled" },
    { 109, "RFC 8446 6.2: missing_extension" },
    { 110, "RFC 8446 6.2: unsupported_extension" },
    { 112, "RFC 8446 6.2: unrecognized_name" },
    { 113, "RFC 8446 6.2: bad_certificate_status_response" },
    { 115, "RFC 8446 6.2: unknown_psk_identity" },
    { 116, "RFC 8446 6.2: certificate_required" },
    { 120, "RFC 8446 6.2: no_application_protocol" },
};
/* clang-format on */

static const char alert_unknown[] = "RFC 8446 6.2: an alert without a name";

const char *
gn_tls_alert_why(uint8_t alert)
{
    for (size_t i = 0; i < sizeof alerts / sizeof *alerts; i++) {
        if (alerts[i].alert == alert)
            return alerts[i].why;
    }
    return alert_unknown;
}

const char *
gn_tls_alert_name(uint8_t alert)
{
    const char *why = gn_tls_alert_why(alert);

    return why == alert_unknown ? "unknown_alert" : why + sizeof "RFC 8446 6.2: " - 1;
}

gn_err
gn_tls_alert_fault(gn_fault *fault, uint8_t alert, const char *why)
{
    return gn_fault_set(fault, (uint64_t)GN_FAULT_CRYPTO + alert, GN_TLS_ALERT_FRAME,
                        why != NULL ? why : gn_tls_alert_why(alert));
}
