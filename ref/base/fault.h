/*
 * fault.h: what the peer did wrong (RFC 9000 section 20.1).
 *
 * A function that judges the peer returns gn_err and, unless that is GN_OK,
 * has filled a gn_fault at the place that knows. Only the code that closes
 * connections turns a fault into a CONNECTION_CLOSE frame.
 */
#ifndef GN_BASE_FAULT_H
#define GN_BASE_FAULT_H

#include <stdint.h>

#include "base/err.h"

/* The transport error codes, with the numbers they have on the wire. */
enum {
    GN_FAULT_NO_ERROR = 0x00,
    GN_FAULT_INTERNAL = 0x01,
    GN_FAULT_CONNECTION_REFUSED = 0x02,
    GN_FAULT_FLOW_CONTROL = 0x03,
    GN_FAULT_STREAM_LIMIT = 0x04,
    GN_FAULT_STREAM_STATE = 0x05,
    GN_FAULT_FINAL_SIZE = 0x06,
    GN_FAULT_FRAME_ENCODING = 0x07,
    GN_FAULT_TRANSPORT_PARAMETER = 0x08,
    GN_FAULT_CONNECTION_ID_LIMIT = 0x09,
    GN_FAULT_PROTOCOL_VIOLATION = 0x0a,
    GN_FAULT_INVALID_TOKEN = 0x0b,
    GN_FAULT_APPLICATION = 0x0c,
    GN_FAULT_CRYPTO_BUFFER = 0x0d,
    GN_FAULT_KEY_UPDATE = 0x0e,
    GN_FAULT_AEAD_LIMIT = 0x0f,
    GN_FAULT_NO_VIABLE_PATH = 0x10,
    GN_FAULT_VERSION_NEGOTIATION = 0x11, /* RFC 9368 */
    GN_FAULT_CRYPTO = 0x100              /* plus the TLS alert, 0x100 to 0x1ff (RFC 9001 4.8) */
};

/*
 * wire_code is one of the above. frame_type is the frame that caused it, 0 when
 * no frame did. why is a static string that begins "RFC NNNN S: ".
 */
typedef struct gn_fault {
    uint64_t wire_code;
    uint64_t frame_type;
    const char *why;
} gn_fault;

/* Fills the fault and returns GN_ERR_FORM, so that a judge ends with `return gn_fault_set(...)`. */
/*@
  requires \valid(fault);
  terminates \true; exits \false;
  assigns *fault;
  ensures \result == GN_ERR_FORM;
  ensures fault->wire_code == wire_code && fault->frame_type == frame_type && fault->why == why;
*/
static inline gn_err
gn_fault_set(gn_fault *fault, uint64_t wire_code, uint64_t frame_type, const char *why)
{
    fault->wire_code = wire_code;
    fault->frame_type = frame_type;
    fault->why = why;
    return GN_ERR_FORM;
}

/* "FLOW_CONTROL_ERROR"; "CRYPTO_ERROR" for 0x100 to 0x1ff, "UNKNOWN_ERROR" for others. Static. */
/*@
  terminates \true; exits \false;
  assigns \nothing;
  ensures \valid_read(\result);
*/
const char *gn_fault_name(uint64_t wire_code);

#endif
