/*
 * link.h: one direction of a route: what happens to a datagram between two hosts.
 *
 * The order of operations, always the same:
 *
 *   1. blackout    the link is down, or in a blackout: dropped
 *   2. loss        the loss models are asked (loss.h): dropped; it used no capacity
 *   3. MTU         IP packet larger than mtu_bytes: dropped
 *   4. admission   the serialiser is busy: the datagram joins the queue, or is
 *                  dropped when its bytes exceed the limit (queue_tail.h)
 *   5. dequeue     first in, first out; 1 is asked again, then CoDel judges how
 *                  long it waited: CE on ECT, else dropped, and the next is taken
 *   6. serialise   (len + 28) * 8 bits at the rate, in nanoseconds; the division's
 *                  remainder is carried to the next datagram, so no bit is lost
 *   7. duplicate   maybe a copy, up to one delay later than the original
 *   8. corrupt     maybe one byte of the original is changed
 *   9. delay       the time in the air, fixed
 *  10. jitter      extra time (jitter.h); order kept: not before the one before
 *  11. arrival     rounded up to a whole microsecond; the rounding is not carried
 *
 * From 6 on a datagram is in the air and keeps the physics it left with;
 * those in the queue meet the physics of the moment when they leave it.
 * Steps 2, 7, 8 and 10 each draw from a stream of chance of their own.
 */
#ifndef GN_SIM_LINK_H
#define GN_SIM_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/codel.h"
#include "sim/fate.h"
#include "sim/jitter.h"
#include "sim/loss.h"
#include "sim/packet_pool.h"
#include "sim/queue_tail.h"
#include "sim/world.h"

typedef enum gn_sim_aqm { GN_SIM_AQM_NONE, GN_SIM_AQM_CODEL } gn_sim_aqm;

/* The physics. All plain values, so that settings can be copied and read by table. */
typedef struct gn_sim_link_settings {
    uint64_t rate_bits; /* a second; 0: unlimited */
    uint64_t delay_us;
    uint64_t queue_bytes; /* GN_SIM_QUEUE_UNLIMITED: no limit */
    uint64_t mtu_bytes;   /* of the IP packet; 0: no limit */
    uint64_t aqm;         /* gn_sim_aqm */
    uint64_t codel_target_us;
    uint64_t codel_interval_us;
    uint64_t jitter_us;
    uint64_t jitter_shape; /* gn_sim_jitter_shape */
    uint64_t jitter_order; /* gn_sim_jitter_order */
    gn_sim_ratio duplicate;
    gn_sim_ratio corrupt;
    gn_sim_loss_settings loss;
} gn_sim_link_settings;

/* Told each step of a packet's fate; the packet lives for the call. */
typedef struct gn_sim_link_watch {
    void *context;
    void (*on_fate)(void *context, const gn_sim_packet *packet, gn_sim_fate fate);
} gn_sim_link_watch;

/* What a link counted. */
typedef struct gn_sim_link_tally {
    uint64_t offered;
    uint64_t carried; /* serialised; copies not counted */
    uint64_t carried_bytes;
    uint64_t fates[GN_SIM_FATES];
} gn_sim_link_tally;

typedef struct gn_sim_link {
    gn_sim_world *world;
    gn_sim_packet_pool *pool;
    gn_sim_link_watch watch;
    gn_sim_link_settings settings;
    gn_sim_queue_tail queue;
    gn_sim_codel codel;
    gn_sim_loss loss;
    gn_sim_prng jitter;
    gn_sim_prng duplicate;
    gn_sim_prng corrupt;
    uint64_t free_ns; /* when the serialiser is free */
    uint64_t carry;   /* remainder of the last division, below rate_bits */
    uint64_t last_arrival_us;
    uint64_t blackout_until_us;
    gn_sim_link_tally tally;
    bool up;
    bool waiting; /* a TRANSMIT entry is in the world */
} gn_sim_link;

/* Unlimited in everything, no delay. */
void gn_sim_link_settings_default(gn_sim_link_settings *settings);

/* An up link. number tells it apart from the other links of the run. */
void gn_sim_link_init(gn_sim_link *link, gn_sim_world *world, gn_sim_packet_pool *pool,
                      const gn_sim_link_settings *settings, uint64_t seed, uint64_t number,
                      gn_sim_link_watch watch);

/* New physics from now on; what is in the air is not touched. */
void gn_sim_link_change(gn_sim_link *link, const gn_sim_link_settings *settings);

/* Down: everything given or still queued is dropped. */
void gn_sim_link_set_up(gn_sim_link *link, bool up);

/* Down for a time, by itself up again at that moment. */
void gn_sim_link_blackout(gn_sim_link *link, uint64_t until_us);

/* Takes the packet over: it ends as an ARRIVAL in the world, or dropped. */
void gn_sim_link_send(gn_sim_link *link, gn_sim_packet *packet);

/* The link's TRANSMIT entry came up: the serialiser is free. */
void gn_sim_link_transmit(gn_sim_link *link);

#endif
