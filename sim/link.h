/*
 * link.h: one direction of a route: what happens to a datagram between two hosts.
 *
 * The order of operations, always the same:
 *
 *   1. blackout    the link is down, or in a blackout: dropped
 *   2. loss        the loss models are asked (loss.h): dropped; it used no capacity
 *   3. MTU         IP packet larger than mtu_bytes: dropped
 *   4. policer     no tokens for it (policer.h): dropped
 *   5. admission   the serialiser is busy: the datagram joins the queue, or is dropped
 *                  when that exceeds the limit in bytes, or when it would wait
 *                  longer than queue_us; RED and PIE judge here (queue.h)
 *   6. dequeue     1 is asked again; not during a pause of the transmitting side
 *                  (suspend.h); which one goes is the discipline's choice, and
 *                  CoDel, FQ-CoDel and DualQ judge here: CE on ECT, else dropped
 *   7. serialise   (len + 28) * 8 bits at the rate of the moment (rate.h)
 *   8. mark        maybe CE on ECT, by a ratio
 *   9. duplicate   maybe copies, up to one delay later than the original
 *  10. damage      maybe bytes of the original are changed, or its end is cut off
 *  11. delay       the time in the air, fixed
 *  12. jitter      extra time (jitter.h); order kept: not before the one before
 *  13. reorder     maybe it is overtaken by those behind (reorder.h)
 *  14. pause       of the receiving side: it comes when that is over (suspend.h)
 *  15. arrival     rounded up to a whole microsecond; the rounding is not carried
 *
 * From 7 on a datagram is in the air and keeps the physics it left with;
 * those in the queue meet the physics of the moment when they leave it.
 * Steps 2, 5, 8, 9, 10, 12 and 13 each draw from streams of chance of their own.
 */
#ifndef GN_SIM_LINK_H
#define GN_SIM_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/damage.h"
#include "sim/fate.h"
#include "sim/jitter.h"
#include "sim/loss.h"
#include "sim/packet_pool.h"
#include "sim/policer.h"
#include "sim/queue.h"
#include "sim/rate.h"
#include "sim/reorder.h"
#include "sim/suspend.h"
#include "sim/world.h"

#define GN_SIM_COPIES_MAX 16

/* The physics. All plain values, so that settings can be copied and read by table. */
typedef struct gn_sim_link_settings {
    uint64_t rate_bits; /* a second; 0: unlimited */
    uint64_t delay_us;
    uint64_t queue_bytes; /* GN_SIM_QUEUE_UNLIMITED: no limit */
    uint64_t queue_us;    /* longest wait; 0: no limit */
    uint64_t mtu_bytes;   /* of the IP packet; 0: no limit */
    uint64_t aqm;         /* gn_sim_aqm */
    uint64_t aqm_marks;   /* ECT is marked, not dropped */
    uint64_t codel_target_us;
    uint64_t codel_interval_us;
    uint64_t jitter_us;
    uint64_t jitter_shape; /* gn_sim_jitter_shape */
    uint64_t jitter_order; /* gn_sim_jitter_order */
    gn_sim_ratio mark;     /* CE, of what is ECT */
    gn_sim_ratio duplicate;
    uint64_t duplicate_copies; /* of each, at most; from 1 */
    gn_sim_ratio corrupt;
    uint64_t corrupt_within; /* the first bytes; 0: anywhere */
    uint64_t corrupt_run;    /* bytes in a row; from 1 */
    gn_sim_ratio truncate;
    gn_sim_loss_settings loss;
    gn_sim_rate_plan plan;
    gn_sim_policer_settings police;
    gn_sim_queue_red_settings red;
    gn_sim_queue_fq_settings fq;
    gn_sim_queue_pie_settings pie;
    gn_sim_queue_dualq_settings dualq;
    gn_sim_reorder_settings reorder;
    gn_sim_suspend_settings suspend;
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
    gn_sim_queue queue;
    gn_sim_queue_door door; /* what the queue may do to this link */
    gn_sim_rate rate;
    gn_sim_loss loss;
    gn_sim_policer policer;
    gn_sim_reorder reorder;
    gn_sim_damage damage;
    gn_sim_prng jitter;
    gn_sim_prng mark;
    gn_sim_prng duplicate;
    gn_sim_prng copies;
    uint64_t last_arrival_us;
    uint64_t blackout_until_us;
    uint64_t pause_until_us; /* of the transmitting side */
    uint64_t hold_until_us;  /* of the receiving side; 0: none was asked for */
    uint64_t wake_us;        /* of the TRANSMIT entry that serves the queue */
    gn_sim_link_tally tally;
    bool up;
    bool waiting; /* such an entry is in the world */
    bool planned; /* the rate has steps or a trace */
    bool harms;   /* the settings ask for something of 8 to 10 */
    bool strays;  /* likewise of 12 to 14 */
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

/* A pause of one side, besides those of the settings. Nothing is lost by it. */
void gn_sim_link_suspend(gn_sim_link *link, gn_sim_suspend_side side, uint64_t until_us);

/* Blackouts and pauses end now, but for those of the settings. */
void gn_sim_link_resume(gn_sim_link *link);

/* Takes the packet over: it ends as an ARRIVAL in the world, or dropped. */
void gn_sim_link_send(gn_sim_link *link, gn_sim_packet *packet);

/* The link's TRANSMIT entry came up: the serialiser is free, or a held packet's time is up. */
void gn_sim_link_transmit(gn_sim_link *link);

/* Puts the arrival off while the receiving side pauses; false: it does not. */
bool gn_sim_link_holds(gn_sim_link *link, gn_sim_packet *packet);

/* An ARRIVAL came up. False: it comes up again when a pause is over. */
static inline bool
gn_sim_link_arrives(gn_sim_link *link, gn_sim_packet *packet)
{
    return link->hold_until_us == 0 || !gn_sim_link_holds(link, packet);
}

#endif
