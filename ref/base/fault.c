/*
 * fault.c: see fault.h.
 */
#include "base/fault.h"

#include <stddef.h>

/* RFC 9000 20.1: the names, in the order of the codes. */
static const char *const names[] = {
    [GN_FAULT_NO_ERROR] = "NO_ERROR",
    [GN_FAULT_INTERNAL] = "INTERNAL_ERROR",
    [GN_FAULT_CONNECTION_REFUSED] = "CONNECTION_REFUSED",
    [GN_FAULT_FLOW_CONTROL] = "FLOW_CONTROL_ERROR",
    [GN_FAULT_STREAM_LIMIT] = "STREAM_LIMIT_ERROR",
    [GN_FAULT_STREAM_STATE] = "STREAM_STATE_ERROR",
    [GN_FAULT_FINAL_SIZE] = "FINAL_SIZE_ERROR",
    [GN_FAULT_FRAME_ENCODING] = "FRAME_ENCODING_ERROR",
    [GN_FAULT_TRANSPORT_PARAMETER] = "TRANSPORT_PARAMETER_ERROR",
    [GN_FAULT_CONNECTION_ID_LIMIT] = "CONNECTION_ID_LIMIT_ERROR",
    [GN_FAULT_PROTOCOL_VIOLATION] = "PROTOCOL_VIOLATION",
    [GN_FAULT_INVALID_TOKEN] = "INVALID_TOKEN",
    [GN_FAULT_APPLICATION] = "APPLICATION_ERROR",
    [GN_FAULT_CRYPTO_BUFFER] = "CRYPTO_BUFFER_EXCEEDED",
    [GN_FAULT_KEY_UPDATE] = "KEY_UPDATE_ERROR",
    [GN_FAULT_AEAD_LIMIT] = "AEAD_LIMIT_REACHED",
    [GN_FAULT_NO_VIABLE_PATH] = "NO_VIABLE_PATH",
    [GN_FAULT_VERSION_NEGOTIATION] = "VERSION_NEGOTIATION_ERROR",
};

enum { NAMES = sizeof names / sizeof names[0] };

const char *
gn_fault_name(uint64_t wire_code)
{
    if (wire_code < NAMES)
        return names[wire_code];
    if (wire_code >= GN_FAULT_CRYPTO && wire_code <= GN_FAULT_CRYPTO + 0xff)
        return "CRYPTO_ERROR";
    return "UNKNOWN_ERROR";
}
