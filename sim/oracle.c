/*
 * oracle.c: see oracle.h.
 */
#include "sim/oracle.h"

#include <stdarg.h>
#include <stdio.h>

gn_sim_oracle
gn_sim_oracle_of(const char *name, const char *rfc)
{
    return (gn_sim_oracle){.name = name, .rfc = rfc};
}

void
gn_sim_oracle_break(gn_sim_oracle *oracle, uint64_t at_us, const char *format, ...)
{
    va_list arguments;

    if (oracle->broken)
        return;
    oracle->broken = true;
    oracle->at_us = at_us;
    va_start(arguments, format);
    (void)vsnprintf(oracle->what, sizeof oracle->what, format, arguments);
    va_end(arguments);
}
