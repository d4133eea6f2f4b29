/*
 * rate.c: see rate.h.
 */
#include "sim/rate.h"

#include <stddef.h>

#define RATE_NS_PER_US UINT64_C(1000)
#define RATE_US_PER_S UINT64_C(1000000)

uint64_t
gn_sim_rate_bits(const gn_sim_rate_plan *plan, uint64_t constant, uint64_t now_us)
{
    const uint64_t at_us = plan->period_us != 0 ? now_us % plan->period_us : now_us;
    uint64_t bits = constant;

    for (uint64_t i = 0; i < plan->step_count && plan->steps[i].at_us <= at_us; i++)
        bits = plan->steps[i].bits;
    return bits;
}

/* What has gone by unused is lost. */
static void
rate_skip(gn_sim_rate *rate, const gn_sim_opportunities *trace, uint64_t now_us)
{
    const uint64_t first = gn_sim_opportunities_from(trace, now_us);

    if (rate->left_bytes > 0 && gn_sim_opportunities_time(trace, rate->next - 1) < now_us)
        rate->left_bytes = 0;
    if (rate->next < first) {
        rate->next = first;
        rate->left_bytes = 0;
    }
}

static void
rate_take_opportunities(gn_sim_rate *rate, const gn_sim_opportunities *trace, uint64_t now_us,
                        uint64_t bytes)
{
    rate_skip(rate, trace, now_us);
    while (bytes > rate->left_bytes) {
        bytes -= rate->left_bytes;
        rate->left_bytes = GN_SIM_OPPORTUNITY_BYTES;
        rate->next++;
    }
    rate->left_bytes -= bytes;
    rate->free_ns = gn_sim_opportunities_time(trace, rate->next - 1) * RATE_NS_PER_US;
}

void
gn_sim_rate_take(gn_sim_rate *rate, const gn_sim_rate_plan *plan, uint64_t constant,
                 uint64_t now_us, uint64_t bytes)
{
    if (plan->trace != NULL) {
        rate_take_opportunities(rate, plan->trace, now_us, bytes);
        return;
    }

    const uint64_t bits = gn_sim_rate_bits(plan, constant, now_us);

    if (rate->step_bits != bits) {
        rate->step_bits = bits;
        rate->carry = 0;
    }
    gn_sim_rate_take_at(rate, bits, now_us, bytes);
}

uint64_t
gn_sim_rate_wait_us(const gn_sim_rate *rate, const gn_sim_rate_plan *plan, uint64_t constant,
                    uint64_t now_us, uint64_t bytes)
{
    const uint64_t free_us = gn_sim_rate_free_us(rate);
    const uint64_t busy_us = free_us > now_us ? free_us - now_us : 0;

    if (plan->trace != NULL) {
        gn_sim_rate ahead = *rate;

        rate_skip(&ahead, plan->trace, now_us);

        const uint64_t at = bytes < ahead.left_bytes ? ahead.next - 1
                                                     : ahead.next + (bytes - ahead.left_bytes) /
                                                                        GN_SIM_OPPORTUNITY_BYTES;
        const uint64_t at_us = gn_sim_opportunities_time(plan->trace, at);

        return at_us > now_us ? at_us - now_us : 0;
    }

    const uint64_t bits = gn_sim_rate_bits(plan, constant, now_us);

    return bits == 0 ? busy_us : busy_us + bytes * 8 * RATE_US_PER_S / bits;
}
