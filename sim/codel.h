/*
 * codel.h: controlled delay, an active queue management (RFC 8289).
 *
 * Asked about each packet as it leaves the queue. When packets have waited
 * longer than target for a whole interval, it signals: once, then again after
 * interval / sqrt(count). The link marks CE on what is ECN-capable and drops
 * the rest. The square root is taken in integers.
 */
#ifndef GN_SIM_CODEL_H
#define GN_SIM_CODEL_H

#include <stdbool.h>
#include <stdint.h>

/* RFC 8289 4.2, 4.3: the values that suit the Internet. */
#define GN_SIM_CODEL_TARGET_US 5000
#define GN_SIM_CODEL_INTERVAL_US 100000

/* Invariant: count > 0 while dropping. */
typedef struct gn_sim_codel {
    uint64_t target_us;
    uint64_t interval_us;
    uint64_t first_above_us; /* when the wait will have been too long for an interval; 0: not now */
    uint64_t next_us;        /* when to signal next, while dropping */
    uint64_t count;          /* signals since dropping began */
    uint64_t last_count;     /* count when dropping began last */
    bool dropping;
} gn_sim_codel;

void gn_sim_codel_init(gn_sim_codel *codel, uint64_t target_us, uint64_t interval_us);

/*
 * A packet that waited sojourn_us leaves the queue, with backlog_bytes still
 * behind it. True: signal congestion on it. max_packet_bytes: with no more
 * than this behind, the queue is as short as it can be and all is well.
 */
bool gn_sim_codel_judge(gn_sim_codel *codel, uint64_t now_us, uint64_t sojourn_us,
                        uint64_t backlog_bytes, uint64_t max_packet_bytes);

/* The largest number whose square is not above value. */
uint64_t gn_sim_codel_root(uint64_t value);

#endif
