/*
 * suspend.c: see suspend.h.
 */
#include "sim/suspend.h"

uint64_t
gn_sim_suspend_until(const gn_sim_suspend_settings *settings, uint64_t at_us)
{
    if (settings->every_us == 0)
        return at_us;

    const uint64_t within_us = at_us % settings->every_us;

    if (within_us == 0 || within_us < settings->every_us - settings->for_us)
        return at_us;
    return at_us - within_us + settings->every_us;
}
