/*
 * coalesce.c: see coalesce.h.
 */
#include "conn/coalesce.h"

void
gn_coalesce_init(gn_coalesce *c)
{
    *c = (gn_coalesce){.until = GN_NEVER};
}

void
gn_coalesce_step(gn_coalesce *c, gn_coalesce_amount amount, uint64_t delay_us, gn_time now)
{
    if (amount == GN_COALESCE_NOTHING)
        c->until = GN_NEVER;
    else if (c->until == GN_NEVER)
        c->until = gn_time_after(now, delay_us);
    c->holds = amount == GN_COALESCE_LITTLE && now < c->until;
}

gn_time
gn_coalesce_deadline(const gn_coalesce *c)
{
    return c->holds ? c->until : GN_NEVER;
}
