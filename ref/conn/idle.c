/*
 * idle.c: see idle.h.
 */
#include "conn/idle.h"

#include "base/assert.h"

void
gn_idle_init(gn_idle *idle, uint64_t ours_us, gn_time now)
{
    *idle = (gn_idle){.from = now, .timeout_us = ours_us};
}

void
gn_idle_on_peer(gn_idle *idle, uint64_t theirs_us)
{
    if (theirs_us != 0 && (idle->timeout_us == 0 || theirs_us < idle->timeout_us))
        idle->timeout_us = theirs_us;
}

void
gn_idle_on_received(gn_idle *idle, gn_time now)
{
    idle->from = now;
    idle->sent_since = 0;
}

void
gn_idle_on_sent(gn_idle *idle, gn_time now)
{
    if (idle->sent_since)
        return;
    idle->from = now;
    idle->sent_since = 1;
}

gn_time
gn_idle_deadline(const gn_idle *idle, uint64_t pto_us)
{
    GN_ASSERT(pto_us <= GN_NEVER / 3);
    if (idle->timeout_us == 0)
        return GN_NEVER;
    /* [R-9000-10.1-1] */
    const uint64_t least = 3 * pto_us;
    return gn_time_after(idle->from, idle->timeout_us > least ? idle->timeout_us : least);
}

gn_time
gn_idle_keep_alive(const gn_idle *idle, uint64_t interval_us, uint64_t pto_us)
{
    if (interval_us == 0 || idle->sent_since)
        return GN_NEVER;
    const gn_time over = gn_idle_deadline(idle, pto_us);
    const uint64_t half_us = over == GN_NEVER ? GN_NEVER : gn_time_since(over, idle->from) / 2;
    return gn_time_after(idle->from, interval_us < half_us ? interval_us : half_us);
}
