/*
 * fate.h: what can become of a datagram on its way.
 */
#ifndef GN_SIM_FATE_H
#define GN_SIM_FATE_H

#include <stdbool.h>

/*
 * SENT comes first, once, for each datagram that a host gives to the network,
 * INJECTED for each that an attacker does; MARKED, DUPLICATED, CORRUPTED,
 * TRUNCATED and REORDERED may follow; exactly one of DELIVERED and the DROPPED_
 * ones ends it (once more for each copy). The numbers are part of the hash of a
 * run: new ones come last.
 */
typedef enum gn_sim_fate {
    GN_SIM_FATE_SENT,
    GN_SIM_FATE_MARKED,           /* CE was set on the way */
    GN_SIM_FATE_DUPLICATED,       /* a second copy travels from here */
    GN_SIM_FATE_CORRUPTED,        /* bytes were changed */
    GN_SIM_FATE_DELIVERED,        /* handed to the other host */
    GN_SIM_FATE_DROPPED_LOSS,     /* the loss model */
    GN_SIM_FATE_DROPPED_MTU,      /* larger than the link carries */
    GN_SIM_FATE_DROPPED_QUEUE,    /* tail drop: the queue was full */
    GN_SIM_FATE_DROPPED_AQM,      /* queue management, on a datagram that cannot be marked */
    GN_SIM_FATE_DROPPED_BLACKOUT, /* the route is down or blacked out */
    GN_SIM_FATE_DROPPED_NAT,      /* no binding: nobody lives at that address (any more) */
    GN_SIM_FATE_TRUNCATED,        /* its end was cut off */
    GN_SIM_FATE_REORDERED,        /* it will be overtaken */
    GN_SIM_FATE_DROPPED_POLICER,  /* more than was agreed */
    GN_SIM_FATE_DROPPED_ECN,      /* the way does not carry this mark */
    GN_SIM_FATE_DROPPED_HOST,     /* the host's receive queue was full */
    GN_SIM_FATE_DROPPED_ATTACKER, /* an attacker kept it */
    GN_SIM_FATE_INJECTED,         /* no host sent it */
    GN_SIM_FATES
} gn_sim_fate;

/* A bit for each fate that ends a datagram undelivered. */
#define GN_SIM_FATE_DROPS                                                                          \
    (1u << GN_SIM_FATE_DROPPED_LOSS | 1u << GN_SIM_FATE_DROPPED_MTU |                              \
     1u << GN_SIM_FATE_DROPPED_QUEUE | 1u << GN_SIM_FATE_DROPPED_AQM |                             \
     1u << GN_SIM_FATE_DROPPED_BLACKOUT | 1u << GN_SIM_FATE_DROPPED_NAT |                          \
     1u << GN_SIM_FATE_DROPPED_POLICER | 1u << GN_SIM_FATE_DROPPED_ECN |                           \
     1u << GN_SIM_FATE_DROPPED_HOST | 1u << GN_SIM_FATE_DROPPED_ATTACKER)

static inline bool
gn_sim_fate_is_drop(unsigned fate)
{
    return (GN_SIM_FATE_DROPS >> fate & 1) != 0;
}

/* A lower-case word such as "sent" or "queue"; "?" for any other number. The string is static. */
const char *gn_sim_fate_name(unsigned fate);

#endif
