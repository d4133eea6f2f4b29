/*
 * credit.h: flow control, what we grant and what we are granted (RFC 9000 section 4).
 *
 * One arithmetic for three uses: bytes of a stream, bytes of a connection, numbers of streams.
 * A limit is absolute, never moves back and never passes the largest value its frame can
 * carry. Nothing here knows which frame that is.
 */
#ifndef GN_STREAM_CREDIT_H
#define GN_STREAM_CREDIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/assert.h"

#define GN_CREDIT_TOP_BYTES UINT64_C(0x3fffffffffffffff) /* 2^62-1: the largest offset */
#define GN_CREDIT_TOP_STREAMS (UINT64_C(1) << 60)        /* RFC 9000 4.6: the largest count */
#define GN_CREDIT_NOT_BLOCKED UINT64_MAX

/* What we grant. Invariant: consumed <= received <= limit <= consumed + window, limit and
 * window <= top. */
typedef struct gn_credit_in {
    uint64_t limit;    /* the largest limit announced */
    uint64_t received; /* used by the peer: highest offset, sum of them, or streams opened */
    uint64_t consumed; /* of those, done with: delivered, discarded, or streams finished */
    uint64_t window;   /* how much is granted beyond what is consumed */
    uint64_t top;      /* GN_CREDIT_TOP_* */
    bool again;        /* the announcement of limit was lost */
    uint8_t reserved[7];
} gn_credit_in;

/* What the peer grants. Invariant: used <= limit. */
typedef struct gn_credit_out {
    uint64_t limit;      /* the largest limit received */
    uint64_t used;       /* by us */
    uint64_t blocked_at; /* the limit a *_BLOCKED frame last spoke of, or GN_CREDIT_NOT_BLOCKED */
} gn_credit_out;

/* Grants window at first, as the transport parameters say. window <= top. */
void gn_credit_in_init(gn_credit_in *c, uint64_t window, uint64_t top);

/* May the peer have used upto in all? */
bool gn_credit_in_allows(const gn_credit_in *c, uint64_t upto);

/* The peer has used upto in all, which was allowed. Less than before changes nothing. */
void gn_credit_in_on_received(gn_credit_in *c, uint64_t upto);

/* n more are done with; no more than were received. */
void gn_credit_in_on_consumed(gn_credit_in *c, uint64_t n);

/* The limit we would announce now: never below limit. */
uint64_t gn_credit_in_next(const gn_credit_in *c);

/*
 * Is it time to announce: less than half the window left and something to add, or lost?
 * RFC 9000 4.2: early enough that the peer is not blocked, not for every packet.
 * [R-9000-4.2-1]
 */
static inline bool
gn_credit_in_wants(const gn_credit_in *c)
{
    const uint64_t left = c->limit - c->consumed;

    GN_ASSERT(left <= c->window);
    return c->again || (left < c->window - left && gn_credit_in_next(c) > c->limit);
}

/* limit, as next gave it, went into a packet. */
void gn_credit_in_on_sent(gn_credit_in *c, uint64_t limit);

/* The packet that announced limit is lost; matters only if nothing larger was announced since. */
void gn_credit_in_on_lost(gn_credit_in *c, uint64_t limit);

/* The window becomes at least window (auto-tuning); limit follows with the next announcement. */
void gn_credit_in_widen(gn_credit_in *c, uint64_t window);

bool gn_credit_in_check(const gn_credit_in *c);

/* limit is what the transport parameters gave, 0 before they are known. */
void gn_credit_out_init(gn_credit_out *c, uint64_t limit);

/* The peer announced limit. True when that is more than before; otherwise it is ignored. */
bool gn_credit_out_raise(gn_credit_out *c, uint64_t limit);

/* How much may still be used. */
static inline uint64_t
gn_credit_out_left(const gn_credit_out *c)
{
    return c->limit - c->used;
}

/* n more are used; no more than left. */
void gn_credit_out_use(gn_credit_out *c, uint64_t n);

/* Nothing left, and not said yet at this limit? The caller knows whether it wants more. */
bool gn_credit_out_wants_blocked(const gn_credit_out *c);

/* A *_BLOCKED frame with the present limit went into a packet. */
void gn_credit_out_on_blocked_sent(gn_credit_out *c);

/* The packet that said blocked at limit is lost; said again only while still true. */
void gn_credit_out_on_blocked_lost(gn_credit_out *c, uint64_t limit);

bool gn_credit_out_check(const gn_credit_out *c);

#endif
