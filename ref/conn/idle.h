/*
 * idle.h: a connection that nobody uses ends without a word (RFC 9000 10.1).
 */
#ifndef GN_CONN_IDLE_H
#define GN_CONN_IDLE_H

#include <stdint.h>

#include "base/time.h"

typedef struct gn_idle {
    gn_time from;        /* the timer runs from here */
    uint64_t timeout_us; /* 0: no timeout */
    uint8_t sent_since;  /* an ack-eliciting packet left since one was received */
    uint8_t reserved[7];
} gn_idle;

/* Only our own timeout counts until the peer's is known. 0: none. */
void gn_idle_init(gn_idle *idle, uint64_t ours_us, gn_time now);

/* The peer's max_idle_timeout: the smaller of both counts. 0: it has none. */
void gn_idle_on_peer(gn_idle *idle, uint64_t theirs_us);

/* A packet was received and processed. */
void gn_idle_on_received(gn_idle *idle, gn_time now);

/* An ack-eliciting packet left: the first since the last one received restarts the timer. */
void gn_idle_on_sent(gn_idle *idle, gn_time now);

/* When the connection is over, at least three PTO after the start (10.1). GN_NEVER: never. */
gn_time gn_idle_deadline(const gn_idle *idle, uint64_t pto_us);

#endif
