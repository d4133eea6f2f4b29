/*
 * tls_wolfssl_queue.h: what TLS has said and nobody has taken yet.
 *
 * A short queue of events, and behind it one run of bytes in the library's
 * heap that holds the handshake messages among them. Part of a session of
 * tls_wolfssl; all its memory is given back by gn_tls_wolfssl_queue_free.
 */
#ifndef GN_TLS_TLS_WOLFSSL_QUEUE_H
#define GN_TLS_TLS_WOLFSSL_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"
#include "tls/tls.h"

/*
 * Events waiting at a time. The longest run, a server's first flight and the
 * end of its handshake, is eleven with 0-RTT; bytes of one level in a row are one event.
 */
#define GN_TLS_WOLFSSL_QUEUE_MAX 16

/* Grows a block of the library's heap to hold at least need bytes. GN_ERR_FULL: no memory. */
GN_MUST_USE gn_err gn_tls_wolfssl_queue_grow(uint8_t **bytes, size_t *cap, size_t need);

/* Invariant: head + count <= GN_TLS_WOLFSSL_QUEUE_MAX; at[] holds offsets of BYTES events. */
typedef struct gn_tls_wolfssl_queue {
    gn_tls_event event[GN_TLS_WOLFSSL_QUEUE_MAX];
    size_t at[GN_TLS_WOLFSSL_QUEUE_MAX];
    size_t head;
    size_t count;
    uint8_t *bytes;
    size_t len;
    size_t cap;
} gn_tls_wolfssl_queue;

/* Forgets bytes that were taken, when nothing is waiting. */
void gn_tls_wolfssl_queue_settle(gn_tls_wolfssl_queue *queue);

/* Adds an event. GN_ERR_FULL: the caller did not take the ones before. */
GN_MUST_USE gn_err gn_tls_wolfssl_queue_push(gn_tls_wolfssl_queue *queue,
                                             const gn_tls_event *event);

/* Adds a BYTES event with a copy of the message, or lengthens the last one. GN_ERR_FULL. */
GN_MUST_USE gn_err gn_tls_wolfssl_queue_bytes(gn_tls_wolfssl_queue *queue, gn_level level,
                                              gn_span message);

/* Adds an event with a copy of its bytes. GN_ERR_FULL. */
GN_MUST_USE gn_err gn_tls_wolfssl_queue_copy(gn_tls_wolfssl_queue *queue,
                                             const gn_tls_event *event);

/* Takes the oldest event; its bytes stay until the next push or settle. false: none. */
GN_MUST_USE bool gn_tls_wolfssl_queue_pop(gn_tls_wolfssl_queue *queue, gn_tls_event *out);

/* Wipes and gives back everything; the queue is empty and may be used again. */
void gn_tls_wolfssl_queue_free(gn_tls_wolfssl_queue *queue);

#endif
