/*
 * queue.h: what waits for a link's serialiser, and who decides which goes next.
 *
 * A discipline is a row of a table: how a packet is admitted, where it is put,
 * which one leaves. The queue keeps the sums and the limit in bytes for all of
 * them. A discipline signals congestion by marking CE what is ECN-capable
 * (RFC 3168 5) and dropping what is not.
 *
 *     none      first in, first out              codel     RFC 8289, judges on leaving
 *     red       judges on arrival, by average    fq-codel  RFC 8290, a CoDel for each flow
 *     pie       RFC 8033, judges on arrival      dualq     RFC 9332, two queues coupled
 *
 * Probabilities are fixed-point numbers of 32 fraction bits: GN_SIM_CERTAIN is 1.
 */
#ifndef GN_SIM_QUEUE_H
#define GN_SIM_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/codel.h"
#include "sim/fate.h"
#include "sim/packet_list.h"
#include "sim/prng.h"
#include "sim/queue_dualq.h"
#include "sim/queue_fq.h"
#include "sim/queue_pie.h"
#include "sim/queue_red.h"

/* Room without end. */
#define GN_SIM_QUEUE_UNLIMITED UINT64_MAX

/* A queue with no more than one full packet is as short as it can be. */
#define GN_SIM_FULL_PACKET_BYTES 1500

#define GN_SIM_CERTAIN (UINT64_C(1) << 32)

typedef enum gn_sim_aqm {
    GN_SIM_AQM_NONE,
    GN_SIM_AQM_CODEL,
    GN_SIM_AQM_RED,
    GN_SIM_AQM_FQ_CODEL,
    GN_SIM_AQM_PIE,
    GN_SIM_AQM_DUALQ,
    GN_SIM_AQMS
} gn_sim_aqm;

/* The words of a scenario, in the order of gn_sim_aqm; a NULL at the end. */
extern const char *const gn_sim_queue_aqm_words[];

/* No padding: settings are compared byte by byte. */
typedef struct gn_sim_queue_settings {
    uint64_t limit_bytes; /* with IP and UDP headers; GN_SIM_QUEUE_UNLIMITED: none */
    uint64_t aqm;         /* gn_sim_aqm */
    uint64_t drops_ect;   /* signal by dropping even what could be marked */
    uint64_t codel_target_us;
    uint64_t codel_interval_us;
    gn_sim_queue_red_settings red;
    gn_sim_queue_fq_settings fq;
    gn_sim_queue_pie_settings pie;
    gn_sim_queue_dualq_settings dualq;
} gn_sim_queue_settings;

/* What a queue needs of its link, for the length of a call. */
typedef struct gn_sim_queue_door {
    void *link;
    void (*drop)(void *link, gn_sim_packet *packet, gn_sim_fate why); /* takes the packet over */
    void (*mark)(void *link, gn_sim_packet *packet);                  /* sets CE */
    uint64_t now_us;
    uint64_t rate_bits; /* of the moment, a second; 0: unlimited */
} gn_sim_queue_door;

/* Invariant: packets and bytes are the sums over the discipline's lists. */
typedef struct gn_sim_queue {
    uint64_t packets;
    uint64_t bytes;
    uint64_t peak_bytes;
    gn_sim_queue_settings settings;
    gn_sim_prng chance;
    uint64_t salt;           /* of fq-codel's hash */
    gn_sim_packet_list list; /* of the disciplines with one */
    union {
        gn_sim_codel codel;
        gn_sim_queue_red red;
        gn_sim_queue_fq fq;
        gn_sim_queue_pie pie;
        gn_sim_queue_dualq dualq;
    } as;
} gn_sim_queue;

/* number tells the links of a run apart. */
void gn_sim_queue_init(gn_sim_queue *queue, const gn_sim_queue_settings *settings, uint64_t seed,
                       uint64_t number);

/* Other settings from now on. What waits stays; a discipline that changes starts afresh with it. */
void gn_sim_queue_change(gn_sim_queue *queue, const gn_sim_queue_settings *settings);

/* Takes the packet over: in the queue, or dropped through the door. */
void gn_sim_queue_push(gn_sim_queue *queue, const gn_sim_queue_door *door, gn_sim_packet *packet);

/* The one that leaves now, others maybe dropped on the way; NULL: none is left. */
gn_sim_packet *gn_sim_queue_pop(gn_sim_queue *queue, const gn_sim_queue_door *door);

/* Some packet, without anybody's judgement; NULL: none is left. */
gn_sim_packet *gn_sim_queue_take(gn_sim_queue *queue);

/* For disciplines: the oldest of one of their lists, out of the sums. */
gn_sim_packet *gn_sim_queue_pull(gn_sim_queue *queue, gn_sim_packet_list *list);

/* For disciplines: congestion. True: the packet goes on, marked; false: it is to be dropped. */
bool gn_sim_queue_signal(const gn_sim_queue *queue, const gn_sim_queue_door *door,
                         gn_sim_packet *packet);

/* For disciplines: a * b / 1 of two probabilities, each at most GN_SIM_CERTAIN. */
uint64_t gn_sim_queue_multiply(uint64_t a, uint64_t b);

#endif
