/*
 * tls_strikes.h: which tickets have brought 0-RTT data already (RFC 8446 8, RFC 9001 9.2).
 *
 * Whoever records a first flight can send it again, and 0-RTT data would be
 * processed twice. A ClientHello is good for a few seconds only, as the age of
 * its ticket stands in it; for that long, and for all of it, the register
 * remembers each ticket that 0-RTT was accepted with. When it has no room left
 * 0-RTT is refused, never accepted twice: a client then loses a round trip.
 *
 * It lasts as long as its server and knows nothing of other servers that share
 * a ticket key. Tickets from before its own time are refused for the first
 * seconds: they may have been used with a server that is gone.
 *
 *   1. gn_tls_strikes_init
 *   2. gn_tls_strikes_begin, at the latest with the first session; only the first call counts
 *   3. gn_tls_strikes_take
 */
#ifndef GN_TLS_TLS_STRIKES_H
#define GN_TLS_TLS_STRIKES_H

#include <stdbool.h>
#include <stdint.h>

enum {
    GN_TLS_STRIKES_MAX = 2048,       /* tickets in one window */
    GN_TLS_STRIKES_WINDOW_MS = 15000 /* longer than a ClientHello is good for */
};

/* Open addressing; 0 is a free place. Invariant: count[i] <= GN_TLS_STRIKES_MAX. */
typedef struct gn_tls_strikes {
    int64_t born_ms;   /* 0: it has not begun */
    int64_t window_ms; /* when the current window began */
    uint32_t count[2]; /* of this window and the one before */
    uint64_t place[2][2 * GN_TLS_STRIKES_MAX];
} gn_tls_strikes;

/* Empty, and not begun. */
void gn_tls_strikes_init(gn_tls_strikes *strikes);

/* Begins at this moment; 0, or to have begun before, does nothing. Times are Unix milliseconds. */
void gn_tls_strikes_begin(gn_tls_strikes *strikes, int64_t now_ms);

/*
 * Whether the ticket of this number, issued then, may bring 0-RTT now; if so it may not do it
 * again. Numbers are spread evenly and unknown to strangers.
 */
bool gn_tls_strikes_take(gn_tls_strikes *strikes, uint64_t id, int64_t issued_ms, int64_t now_ms);

#endif
