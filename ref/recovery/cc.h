/*
 * cc.h: how much may be in flight on one path (RFC 9002 section 7).
 *
 * One struct for every controller; what all of them share is kept here, the
 * rest is a union. Each call switches on the kind: no function pointers, so
 * that every call is visible and the state stays plain bytes.
 */
#ifndef GN_RECOVERY_CC_H
#define GN_RECOVERY_CC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"

typedef enum gn_cc_kind { GN_CC_NEWRENO, GN_CC_KINDS } gn_cc_kind;

/* RFC 9002 7.2: the initial window is this many datagrams, within a bound in bytes. */
#define GN_CC_INITIAL_DATAGRAMS 10
#define GN_CC_INITIAL_BYTES 14720
/* RFC 9002 7.2, 4.8: the least window. */
#define GN_CC_MIN_DATAGRAMS 2

/* See cc_newreno.h. */
typedef struct gn_cc_newreno {
    uint64_t acked_bytes; /* acknowledged in congestion avoidance since the window last grew */
} gn_cc_newreno;

/* Invariant: window_bytes is at least GN_CC_MIN_DATAGRAMS * datagram_bytes. */
typedef struct gn_cc {
    uint64_t window_bytes;
    uint64_t ssthresh_bytes;  /* UINT64_MAX until the first congestion event */
    uint64_t in_flight_bytes; /* sent on this path, and neither acknowledged, lost nor forgotten */
    gn_time recovery_at;      /* when the recovery period began; GN_NEVER: there was none */
    uint32_t datagram_bytes;  /* the largest datagram this path takes */
    uint8_t kind;             /* gn_cc_kind */
    uint8_t rescue;           /* 1: one datagram may go beyond the window (RFC 9002 7.3.2) */
    uint8_t reserved[2];
    union {
        gn_cc_newreno newreno;
        uint64_t words[8]; /* room for any controller */
    } as;
} gn_cc;

_Static_assert(sizeof(gn_cc) <= 128, "a controller fits two cache lines");

/* A new path that takes datagrams of this many bytes, at least 1200. */
void gn_cc_init(gn_cc *cc, gn_cc_kind kind, uint32_t datagram_bytes);

/* The window a path begins with (RFC 9002 7.2). */
uint64_t gn_cc_initial_window(uint32_t datagram_bytes);

/* The least window of this path. */
uint64_t gn_cc_min_window(const gn_cc *cc);

/* The path takes datagrams of another size from now on (RFC 9002 7.2). */
void gn_cc_on_mtu(gn_cc *cc, uint32_t datagram_bytes);

/* A packet of this many bytes left and counts as in flight. */
void gn_cc_on_sent(gn_cc *cc, uint32_t bytes, gn_time now);

/*
 * An in-flight packet sent at sent_at was acknowledged. app_limited: the
 * window was not what held the sender back, so it does not grow (RFC 9002 7.8).
 */
void gn_cc_on_acked(gn_cc *cc, uint32_t bytes, gn_time sent_at, gn_time now, bool app_limited);

/*
 * An in-flight packet was lost; with several at once, call it for each. It is
 * a congestion event unless a recovery period covers sent_at already.
 */
void gn_cc_on_lost(gn_cc *cc, uint32_t bytes, gn_time sent_at, gn_time now);

/* The peer reported CE marks; sent_at is when the largest packet it acknowledged left. */
void gn_cc_on_ecn_ce(gn_cc *cc, gn_time sent_at, gn_time now);

/* Persistent congestion was established (RFC 9002 7.6.2). */
void gn_cc_on_persistent(gn_cc *cc);

/* Bytes in flight left the count without a verdict: keys discarded, or a probe of the MTU lost. */
void gn_cc_on_forgotten(gn_cc *cc, uint64_t bytes);

/* Bytes that may be sent now; 0 when the window is full. Probes need not ask (RFC 9002 7.5). */
uint64_t gn_cc_allowance(const gn_cc *cc);

/* Whether the window is below the slow start threshold. */
bool gn_cc_in_slow_start(const gn_cc *cc);

/* Whether the invariant holds. */
bool gn_cc_check(const gn_cc *cc);

#endif
