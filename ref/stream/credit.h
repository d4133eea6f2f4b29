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

/* credit_in_next: the limit that would be announced now. */
/*@
  predicate credit_in_ok{L}(gn_credit_in *c) =
    c->consumed <= c->received <= c->limit <= c->consumed + c->window &&
    c->limit <= c->top && c->window <= c->top <= GN_CREDIT_TOP_BYTES;
  logic integer credit_in_next{L}(gn_credit_in *c) =
    c->consumed + c->window < c->top ? c->consumed + c->window : c->top;
  predicate credit_out_ok{L}(gn_credit_out *c) = c->used <= c->limit;
*/

/* Grants window at first, as the transport parameters say. window <= top. */
/*@
  requires \valid(c) && window <= top <= GN_CREDIT_TOP_BYTES;
  terminates \true; exits \false;
  assigns *c;
  ensures ok: credit_in_ok(c);
  ensures limits: c->limit == window && c->window == window && c->top == top;
  ensures none: c->received == 0 && c->consumed == 0 && c->again == 0;
*/
void gn_credit_in_init(gn_credit_in *c, uint64_t window, uint64_t top);

/* May the peer have used upto in all? */
/*@
  requires \valid_read(c) && credit_in_ok(c);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> upto <= c->limit;
*/
bool gn_credit_in_allows(const gn_credit_in *c, uint64_t upto);

/* The peer has used upto in all, which was allowed. Less than before changes nothing. */
/*@
  requires \valid(c) && credit_in_ok(c);
  requires upto <= c->limit;
  terminates \true; exits \false;
  assigns c->received;
  ensures ok: credit_in_ok(c);
  ensures most: c->received >= \old(c->received) && c->received >= upto;
  ensures one: c->received == \old(c->received) || c->received == upto;
*/
void gn_credit_in_on_received(gn_credit_in *c, uint64_t upto);

/* n more are done with; no more than were received. */
/*@
  requires \valid(c) && credit_in_ok(c);
  requires n <= c->received - c->consumed;
  terminates \true; exits \false;
  assigns c->consumed;
  ensures ok: credit_in_ok(c);
  ensures sum: c->consumed == \old(c->consumed) + n;
*/
void gn_credit_in_on_consumed(gn_credit_in *c, uint64_t n);

/* The limit we would announce now: never below limit. */
/*@
  requires \valid_read(c) && credit_in_ok(c);
  terminates \true; exits \false;
  assigns \nothing;
  ensures value: \result == credit_in_next(c);
  ensures onward: c->limit <= \result <= c->top;
*/
uint64_t gn_credit_in_next(const gn_credit_in *c);

/*
 * Is it time to announce: less than half the window left and something to add, or lost?
 * RFC 9000 4.2: early enough that the peer is not blocked, not for every packet.
 * [R-9000-4.2-1]
 */
/*@
  requires \valid_read(c) && credit_in_ok(c);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> c->again ||
    (2 * (c->limit - c->consumed) < c->window && credit_in_next(c) > c->limit);
*/
static inline bool
gn_credit_in_wants(const gn_credit_in *c)
{
    const uint64_t left = c->limit - c->consumed;

    GN_ASSERT(left <= c->window);
    return c->again || (left < c->window - left && gn_credit_in_next(c) > c->limit);
}

/* limit, as next gave it, went into a packet. */
/*@
  requires \valid(c) && credit_in_ok(c);
  requires c->limit <= limit <= credit_in_next(c);
  terminates \true; exits \false;
  assigns c->limit, c->again;
  ensures ok: credit_in_ok(c);
  ensures limit: c->limit == limit && c->limit >= \old(c->limit);
  ensures said: c->again == 0;
*/
void gn_credit_in_on_sent(gn_credit_in *c, uint64_t limit);

/* The packet that announced limit is lost; matters only if nothing larger was announced since. */
/*@
  requires \valid(c) && credit_in_ok(c);
  requires limit <= c->limit;
  terminates \true; exits \false;
  assigns c->again;
  ensures newest: limit == c->limit ==> c->again == 1;
  ensures older: limit != c->limit ==> c->again == \old(c->again);
*/
void gn_credit_in_on_lost(gn_credit_in *c, uint64_t limit);

/* The window becomes at least window (auto-tuning); limit follows with the next announcement. */
/*@
  requires \valid(c) && credit_in_ok(c);
  terminates \true; exits \false;
  assigns c->window;
  ensures ok: credit_in_ok(c);
  ensures wider: c->window >= \old(c->window) && (c->window >= window || c->window == c->top);
  ensures one: c->window \in {\old(c->window), window, c->top};
*/
void gn_credit_in_widen(gn_credit_in *c, uint64_t window);

/*@
  requires \valid_read(c);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> credit_in_ok(c);
*/
bool gn_credit_in_check(const gn_credit_in *c);

/* limit is what the transport parameters gave, 0 before they are known. */
/*@
  requires \valid(c);
  terminates \true; exits \false;
  assigns *c;
  ensures ok: credit_out_ok(c);
  ensures c->limit == limit && c->used == 0 && c->blocked_at == GN_CREDIT_NOT_BLOCKED;
*/
void gn_credit_out_init(gn_credit_out *c, uint64_t limit);

/* The peer announced limit. True when that is more than before; otherwise it is ignored. */
/*@
  requires \valid(c) && credit_out_ok(c);
  terminates \true; exits \false;
  assigns c->limit;
  ensures ok: credit_out_ok(c);
  ensures raised: \result <==> limit > \old(c->limit);
  ensures most: c->limit >= limit && c->limit >= \old(c->limit);
  ensures one: c->limit == limit || c->limit == \old(c->limit);
*/
bool gn_credit_out_raise(gn_credit_out *c, uint64_t limit);

/* How much may still be used. */
/*@
  requires \valid_read(c) && credit_out_ok(c);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result == c->limit - c->used;
*/
static inline uint64_t
gn_credit_out_left(const gn_credit_out *c)
{
    return c->limit - c->used;
}

/* n more are used; no more than left. */
/*@
  requires \valid(c) && credit_out_ok(c) && n <= c->limit - c->used;
  terminates \true; exits \false;
  assigns c->used;
  ensures ok: credit_out_ok(c);
  ensures sum: c->used == \old(c->used) + n;
*/
void gn_credit_out_use(gn_credit_out *c, uint64_t n);

/* Nothing left, and not said yet at this limit? The caller knows whether it wants more. */
/*@
  requires \valid_read(c);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> c->used == c->limit && c->blocked_at != c->limit;
*/
bool gn_credit_out_wants_blocked(const gn_credit_out *c);

/* A *_BLOCKED frame with the present limit went into a packet. */
/*@
  requires \valid(c);
  terminates \true; exits \false;
  assigns c->blocked_at;
  ensures c->blocked_at == c->limit;
*/
void gn_credit_out_on_blocked_sent(gn_credit_out *c);

/* The packet that said blocked at limit is lost; said again only while still true. */
/*@
  requires \valid(c);
  terminates \true; exits \false;
  assigns c->blocked_at;
  ensures again: limit == c->limit && limit == \old(c->blocked_at) ==>
    c->blocked_at == GN_CREDIT_NOT_BLOCKED;
  ensures older: !(limit == c->limit && limit == \old(c->blocked_at)) ==>
    c->blocked_at == \old(c->blocked_at);
*/
void gn_credit_out_on_blocked_lost(gn_credit_out *c, uint64_t limit);

/*@
  requires \valid_read(c);
  terminates \true; exits \false;
  assigns \nothing;
  ensures \result <==> credit_out_ok(c);
*/
bool gn_credit_out_check(const gn_credit_out *c);

#endif
