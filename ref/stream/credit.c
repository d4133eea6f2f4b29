/*
 * credit.c: see credit.h.
 */
#include "stream/credit.h"

#include "base/assert.h"

void
gn_credit_in_init(gn_credit_in *c, uint64_t window, uint64_t top)
{
    GN_ASSERT(window <= top && top <= GN_CREDIT_TOP_BYTES);
    *c = (gn_credit_in){.limit = window, .window = window, .top = top};
}

bool
gn_credit_in_allows(const gn_credit_in *c, uint64_t upto)
{
    return upto <= c->limit;
}

void
gn_credit_in_on_received(gn_credit_in *c, uint64_t upto)
{
    GN_ASSERT(upto <= c->limit);
    if (upto > c->received)
        c->received = upto;
}

void
gn_credit_in_on_consumed(gn_credit_in *c, uint64_t n)
{
    GN_ASSERT(n <= c->received - c->consumed);
    c->consumed += n;
}

uint64_t
gn_credit_in_next(const gn_credit_in *c)
{
    /* RFC 9000 4.1: a smaller limit has no effect, so none is ever announced. */
    uint64_t limit = c->consumed + c->window;

    if (limit > c->top)
        limit = c->top;
    GN_ASSERT(limit >= c->limit);
    return limit;
}

void
gn_credit_in_on_sent(gn_credit_in *c, uint64_t limit)
{
    GN_ASSERT(limit >= c->limit && limit <= gn_credit_in_next(c));
    c->limit = limit;
    c->again = false;
}

void
gn_credit_in_on_lost(gn_credit_in *c, uint64_t limit)
{
    GN_ASSERT(limit <= c->limit);
    if (limit == c->limit)
        c->again = true;
}

void
gn_credit_in_widen(gn_credit_in *c, uint64_t window)
{
    if (window > c->top)
        window = c->top;
    if (window > c->window)
        c->window = window;
}

bool
gn_credit_in_check(const gn_credit_in *c)
{
    return c->consumed <= c->received && c->received <= c->limit && c->limit <= c->top &&
           c->limit - c->consumed <= c->window && c->window <= c->top &&
           c->top <= GN_CREDIT_TOP_BYTES;
}

void
gn_credit_out_init(gn_credit_out *c, uint64_t limit)
{
    c->limit = limit;
    c->used = 0;
    c->blocked_at = GN_CREDIT_NOT_BLOCKED;
}

bool
gn_credit_out_raise(gn_credit_out *c, uint64_t limit)
{
    /* RFC 9000 4.1: announcements may be overtaken by later ones. [R-9000-4.1-3] [R-9000-13.3-3] */
    if (limit <= c->limit)
        return false;
    c->limit = limit;
    return true;
}

void
gn_credit_out_use(gn_credit_out *c, uint64_t n)
{
    /* [R-9000-4.1-1] */
    GN_ASSERT(n <= c->limit - c->used);
    c->used += n;
}

bool
gn_credit_out_wants_blocked(const gn_credit_out *c)
{
    return c->used == c->limit && c->blocked_at != c->limit;
}

void
gn_credit_out_on_blocked_sent(gn_credit_out *c)
{
    c->blocked_at = c->limit;
}

void
gn_credit_out_on_blocked_lost(gn_credit_out *c, uint64_t limit)
{
    if (limit == c->limit && limit == c->blocked_at)
        c->blocked_at = GN_CREDIT_NOT_BLOCKED;
}

bool
gn_credit_out_check(const gn_credit_out *c)
{
    return c->used <= c->limit;
}
