/*
 * spin_watch.h: what somebody on the way reads from spin bits (RFC 9000 17.4), without any key.
 *
 * He stands in front of the client and looks at the first byte of what arrives there. When the
 * bit turns a wave of the other value begins; from one turn to the next goes a round trip, more
 * when nobody has anything to send. Packets that overtake one another make turns that are none.
 */
#ifndef GN_SIM_SPIN_WATCH_H
#define GN_SIM_SPIN_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/sink.h"

/* Times from turn to turn that are kept, the first ones. */
#define GN_SIM_SPIN_WATCH_SPANS 512

/* All zero: nothing was seen yet. */
typedef struct gn_sim_spin_watch {
    uint64_t turns;
    uint64_t turned_us; /* the latest */
    bool seen;          /* a packet was, and its bit is value */
    bool value;
    uint32_t count;
    uint64_t spans_us[GN_SIM_SPIN_WATCH_SPANS];
} gn_sim_spin_watch;

void gn_sim_spin_watch_on_datagram(gn_sim_spin_watch *watch, const gn_sim_datagram *datagram);

/* The median time from turn to turn; UINT64_MAX: there are fewer than two turns. */
uint64_t gn_sim_spin_watch_median_us(const gn_sim_spin_watch *watch);

#endif
