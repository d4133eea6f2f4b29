/*
 * fate.c: see fate.h.
 */
#include "sim/fate.h"

const char *
gn_sim_fate_name(unsigned fate)
{
    static const char *const names[GN_SIM_FATES] = {
        [GN_SIM_FATE_SENT] = "sent",
        [GN_SIM_FATE_MARKED] = "marked",
        [GN_SIM_FATE_DUPLICATED] = "duplicated",
        [GN_SIM_FATE_CORRUPTED] = "corrupted",
        [GN_SIM_FATE_DELIVERED] = "delivered",
        [GN_SIM_FATE_DROPPED_LOSS] = "loss",
        [GN_SIM_FATE_DROPPED_MTU] = "mtu",
        [GN_SIM_FATE_DROPPED_QUEUE] = "queue",
        [GN_SIM_FATE_DROPPED_AQM] = "aqm",
        [GN_SIM_FATE_DROPPED_BLACKOUT] = "blackout",
        [GN_SIM_FATE_DROPPED_NAT] = "nat",
        [GN_SIM_FATE_TRUNCATED] = "truncated",
        [GN_SIM_FATE_REORDERED] = "reordered",
        [GN_SIM_FATE_DROPPED_POLICER] = "policer",
        [GN_SIM_FATE_DROPPED_ECN] = "ecn",
        [GN_SIM_FATE_DROPPED_HOST] = "host",
        [GN_SIM_FATE_DROPPED_ATTACKER] = "attacker",
        [GN_SIM_FATE_INJECTED] = "injected",
    };

    return fate < GN_SIM_FATES ? names[fate] : "?";
}
