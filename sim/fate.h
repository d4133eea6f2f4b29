/*
 * fate.h: what can become of a datagram on its way.
 */
#ifndef GN_SIM_FATE_H
#define GN_SIM_FATE_H

/*
 * SENT comes first, once, for each datagram that a host gives to the network;
 * MARKED, DUPLICATED and CORRUPTED may follow; exactly one of DELIVERED and
 * the DROPPED_ ones ends it (twice when it was duplicated).
 */
typedef enum gn_sim_fate {
    GN_SIM_FATE_SENT,
    GN_SIM_FATE_MARKED,           /* CE was set on the way */
    GN_SIM_FATE_DUPLICATED,       /* a second copy travels from here */
    GN_SIM_FATE_CORRUPTED,        /* one byte was changed */
    GN_SIM_FATE_DELIVERED,        /* handed to the other host */
    GN_SIM_FATE_DROPPED_LOSS,     /* the loss model */
    GN_SIM_FATE_DROPPED_MTU,      /* larger than the link carries */
    GN_SIM_FATE_DROPPED_QUEUE,    /* tail drop: the queue was full */
    GN_SIM_FATE_DROPPED_AQM,      /* CoDel, on a datagram that cannot be marked */
    GN_SIM_FATE_DROPPED_BLACKOUT, /* the route is down or blacked out */
    GN_SIM_FATE_DROPPED_NAT,      /* no binding: nobody lives at that address (any more) */
    GN_SIM_FATES
} gn_sim_fate;

/* A lower-case word such as "sent" or "queue"; "?" for any other number. The string is static. */
const char *gn_sim_fate_name(unsigned fate);

#endif
