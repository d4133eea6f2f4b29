/*
 * codel.c: see codel.h.
 */
#include "sim/codel.h"

#include "base/assert.h"

void
gn_sim_codel_init(gn_sim_codel *codel, uint64_t target_us, uint64_t interval_us)
{
    *codel = (gn_sim_codel){.target_us = target_us, .interval_us = interval_us};
}

uint64_t
gn_sim_codel_root(uint64_t value)
{
    uint64_t root = 0;

    for (uint64_t bit = UINT64_C(1) << 31; bit != 0; bit >>= 1) {
        const uint64_t next = root | bit;

        if (next * next <= value)
            root = next;
    }
    return root;
}

/* RFC 8289 5.3: has the delay been above target for an interval? */
static bool
codel_too_long(gn_sim_codel *codel, uint64_t now_us, uint64_t sojourn_us, uint64_t backlog_bytes,
               uint64_t max_packet_bytes)
{
    if (sojourn_us < codel->target_us || backlog_bytes <= max_packet_bytes) {
        codel->first_above_us = 0;
        return false;
    }
    if (codel->first_above_us == 0) {
        codel->first_above_us = now_us + codel->interval_us;
        return false;
    }
    return now_us >= codel->first_above_us;
}

/* RFC 8289 4.1: the next signal comes interval / sqrt(count) later. */
static uint64_t
codel_law(const gn_sim_codel *codel, uint64_t from_us)
{
    return from_us + gn_sim_codel_root(codel->interval_us * codel->interval_us / codel->count);
}

/* RFC 8289 4.4: a spell that follows soon after another goes on where that one had got to. */
static void
codel_begin(gn_sim_codel *codel, uint64_t now_us)
{
    const uint64_t grown = codel->count - codel->last_count;
    const bool soon = now_us < codel->next_us + 16 * codel->interval_us;

    codel->dropping = true;
    codel->count = soon && grown > 1 ? grown : 1;
    codel->last_count = codel->count;
    codel->next_us = codel_law(codel, now_us);
}

bool
gn_sim_codel_judge(gn_sim_codel *codel, uint64_t now_us, uint64_t sojourn_us,
                   uint64_t backlog_bytes, uint64_t max_packet_bytes)
{
    const bool too_long =
        codel_too_long(codel, now_us, sojourn_us, backlog_bytes, max_packet_bytes);

    if (!too_long) {
        codel->dropping = false;
        return false;
    }
    if (!codel->dropping) {
        codel_begin(codel, now_us);
        return true;
    }
    if (now_us < codel->next_us)
        return false;
    GN_ASSERT(codel->count > 0);
    codel->count++;
    codel->next_us = codel_law(codel, codel->next_us);
    return true;
}
