/*
 * close.h: how a connection ends (RFC 9000 10.2).
 *
 *     OPEN --we close--> CLOSING --+
 *       |                  |       +--3 PTO--> CLOSED
 *       +--the peer does--> DRAINING
 *       +--idle, reset ----------------------> CLOSED
 *
 * While closing we answer what still comes with our CONNECTION_CLOSE, ever
 * more rarely; while draining we send nothing.
 */
#ifndef GN_CONN_CLOSE_H
#define GN_CONN_CLOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/limits.h"
#include "base/time.h"
#include "gnomon.h"
#include "wire/frame.h"
#include "wire/header_read.h"

typedef enum gn_close_phase {
    GN_CLOSE_OPEN,
    GN_CLOSE_CLOSING,
    GN_CLOSE_DRAINING,
    GN_CLOSE_CLOSED
} gn_close_phase;

typedef struct gn_close {
    uint64_t code;
    uint64_t frame_type;
    gn_time ends_at;   /* GN_NEVER while open */
    uint64_t received; /* packets since we are closing */
    uint64_t reply_at; /* the count at which we answer next: 1, 2, 4, 8, ... */
    uint8_t phase;
    uint8_t cause; /* gn_close_cause, meaningful from the first change of phase */
    uint8_t owed;  /* a CONNECTION_CLOSE is to be sent */
    uint8_t told;  /* the application got its CLOSED effect */
    uint8_t reason_len;
    uint8_t reserved[3];
    char reason[GN_REASON_MAX];
} gn_close;

void gn_close_init(gn_close *c);

static inline bool
gn_close_is_open(const gn_close *c)
{
    return c->phase == GN_CLOSE_OPEN;
}

/* We close because the peer broke a rule. Does nothing unless open. lasts_us: 3 PTO (10.2). */
void gn_close_on_fault(gn_close *c, const gn_fault *fault, gn_time now, gn_time lasts_us);

/* We close because the application asks. Does nothing unless open. The reason is cut to fit. */
void gn_close_on_request(gn_close *c, uint64_t code, const char *reason, size_t reason_len,
                         gn_time now, gn_time lasts_us);

/* The peer closes (10.2.2). From closing, too, we go draining; the cause stays the first one. */
void gn_close_on_peer(gn_close *c, const gn_frame *frame, gn_time now, gn_time lasts_us);

/* Nobody was heard for too long, or there is no way to anybody: over at once (10.1, 9.3.2). */
void gn_close_on_silence(gn_close *c, gn_close_cause cause, gn_time now);

/* The server speaks no version that we do: over at once, there is nobody to tell (6.2). */
void gn_close_on_no_version(gn_close *c, gn_time now);

/* A stateless reset: we go draining (10.3.1). Does nothing unless open. */
void gn_close_on_reset(gn_close *c, gn_time now, gn_time lasts_us);

/* A packet came while closing: now and then it is answered (10.2.1). */
void gn_close_on_packet(gn_close *c);

/* Time has passed: closing and draining end. */
void gn_close_on_tick(gn_close *c, gn_time now);

/* Our CONNECTION_CLOSE went out. */
void gn_close_on_sent(gn_close *c);

/*
 * The frame for a packet of this kind. An application's close is not shown to
 * whoever can read Initial and Handshake packets (10.2.3).
 */
void gn_close_fill(const gn_close *c, gn_packet_kind kind, gn_frame *out);

#endif
