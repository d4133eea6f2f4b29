/*
 * oracle_fault.c: see oracle_fault.h.
 */
#include "sim/oracle_fault.h"

#include <inttypes.h>

void
gn_sim_oracle_fault_init(gn_sim_oracle *oracle)
{
    *oracle = gn_sim_oracle_of("no transport error among ourselves", "RFC 9000 11.1");
}

void
gn_sim_oracle_fault_on_closed(gn_sim_oracle *oracle, uint64_t at_us, uint16_t host,
                              const gn_effect *effect)
{
    const int len = effect->len < 80 ? (int)effect->len : 80;
    const char *who = host == 0 ? "client" : "server";

    oracle->checked++;
    switch (effect->detail) {
    case GN_CLOSE_LOCAL_TRANSPORT:
        gn_sim_oracle_break(oracle, at_us, "the %s closed with 0x%" PRIx64 ": %.*s", who,
                            effect->code, len, (const char *)effect->bytes);
        break;
    case GN_CLOSE_PEER_TRANSPORT:
        gn_sim_oracle_break(oracle, at_us, "the %s was told error 0x%" PRIx64 ": %.*s", who,
                            effect->code, len, (const char *)effect->bytes);
        break;
    case GN_CLOSE_STATELESS_RESET:
        gn_sim_oracle_break(oracle, at_us, "the %s was reset", who);
        break;
    case GN_CLOSE_VERSION:
        gn_sim_oracle_break(oracle, at_us, "the %s found no version in common", who);
        break;
    default: break;
    }
}
