/*
 * tls_gate.h: which handshake messages may come, and in what shape (RFC 9001 4, 8; RFC 8446 4).
 *
 * The gate stands between CRYPTO frames and the TLS library. It cuts the bytes
 * into whole handshake messages, knows which types each role may receive at
 * each level, and looks into the hello messages and EncryptedExtensions for
 * what QUIC asks and libraries overlook. A message that passed may still be
 * refused by TLS; one that did not never reaches it.
 *
 * It holds no pointer and no message bytes but a header; an unfinished message
 * is collected in a buffer that the caller passes, and a message that comes in
 * one piece is not copied at all.
 */
#ifndef GN_TLS_TLS_GATE_H
#define GN_TLS_TLS_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/fault.h"
#include "base/reader.h"
#include "base/span.h"
#include "crypto/level.h"
#include "tls/tls.h"

/* Bytes in front of every handshake message: type and length. */
#define GN_TLS_GATE_HEADER_BYTES 4

/* RFC 8446 4: the first of them, of the messages that QUIC knows. */
enum {
    GN_TLS_GATE_CLIENT_HELLO = 1,
    GN_TLS_GATE_SERVER_HELLO = 2,
    GN_TLS_GATE_NEW_SESSION_TICKET = 4,
    GN_TLS_GATE_ENCRYPTED_EXTENSIONS = 8,
    GN_TLS_GATE_CERTIFICATE = 11,
    GN_TLS_GATE_CERTIFICATE_REQUEST = 13,
    GN_TLS_GATE_CERTIFICATE_VERIFY = 15,
    GN_TLS_GATE_FINISHED = 20,
    GN_TLS_GATE_KEY_UPDATE = 24
};

/*
 * Invariant: have < whole whenever whole > 0; have < 4 while whole is 0.
 * Fields other than these are for the gate alone.
 */
typedef struct gn_tls_gate {
    uint32_t have;   /* bytes of the unfinished message, header included */
    uint32_t whole;  /* its length, header included; 0: not known yet */
    uint8_t role;    /* gn_tls_role: ours */
    uint8_t level;   /* gn_level that TLS reads now */
    uint8_t hellos;  /* ClientHello or ServerHello and HelloRetryRequest messages taken */
    uint8_t retry;   /* a HelloRetryRequest passed, either way */
    uint8_t early;   /* the server accepted early data (extension 42) */
    uint8_t offered; /* a client offered early data */
    uint16_t group;  /* of the ServerHello's key share; 0 before, or without one */
    uint8_t header[GN_TLS_GATE_HEADER_BYTES];
} gn_tls_gate;

void gn_tls_gate_init(gn_tls_gate *gate, gn_tls_role role);

/*
 * Takes bytes of this level from in, up to the end of the next message.
 *   GN_OK         *message is a whole message that passed: in the reader's
 *                 bytes, or in buffer
 *   GN_ERR_SHORT  all of in was taken, the message is not whole yet
 *   GN_ERR_FULL   buffer is too small for what came: call again with one of
 *                 at least gn_tls_gate_needs bytes that keeps what it held
 *   GN_ERR_FORM   refused: close with *fault. The gate is of no use any more
 */
GN_MUST_USE gn_err gn_tls_gate_push(gn_tls_gate *gate, gn_level level, gn_reader *in,
                                    uint8_t *buffer, size_t cap, gn_span *message, gn_fault *fault);

/*
 * The buffer that the unfinished message needs once the rest of in belongs to
 * it, so that memory follows what has come and not what was announced. At most
 * GN_TLS_MESSAGE_MAX bytes; 0: none.
 */
size_t gn_tls_gate_needs(const gn_tls_gate *gate, const gn_reader *in);

/* Whether part of a message is waiting for its rest. */
bool gn_tls_gate_is_waiting(const gn_tls_gate *gate);

/*
 * Tells the gate of a whole message that we send at this level: a server's
 * ServerHello moves its reading on to the handshake level, its
 * HelloRetryRequest lets a second ClientHello in.
 */
void gn_tls_gate_on_sent(gn_tls_gate *gate, gn_level level, gn_span message);

#endif
