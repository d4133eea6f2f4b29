/*
 * stats.h: what a run amounts to in numbers, counted from outside.
 */
#ifndef GN_SIM_STATS_H
#define GN_SIM_STATS_H

#include <stdbool.h>
#include <stdint.h>

#include "gnomon.h"
#include "sim/network.h"
#include "sim/sink.h"
#include "sim/spin_watch.h"

/* Lines of the story that the report tells; later ones are only counted. */
#define GN_SIM_STATS_STORY_MAX 96

#define GN_SIM_STATS_NONE UINT64_MAX

typedef enum gn_sim_story_kind {
    GN_SIM_STORY_EVENT, /* value: number of the scenario's event; detail: 1 when it was refused */
    GN_SIM_STORY_PATH,  /* value: route, detail: gn_path_change */
    GN_SIM_STORY_STATE, /* detail: gn_state_change, or 100 + gn_close_cause */
    GN_SIM_STORY_KINDS
} gn_sim_story_kind;

typedef struct gn_sim_story {
    uint64_t at_us;
    uint16_t host;
    uint16_t value;
    uint8_t kind;
    uint8_t detail;
    uint8_t reserved[2];
} gn_sim_story;

/* One end of the connection. */
typedef struct gn_sim_host_stats {
    uint64_t datagrams_sent;
    uint64_t datagram_bytes_sent;
    uint64_t packets_sent;
    uint64_t retries; /* of them */
    uint64_t packets_received;
    uint64_t packets_dropped;
    uint64_t dropped_by[GN_DROP_CAUSES];
    uint64_t packets_lost;
    uint64_t lost_by[3];  /* reordering, time, key discard */
    uint64_t held;        /* packets that waited for their keys */
    uint64_t key_updates; /* the latest generation told */
    uint64_t ptos;
    uint64_t pto_count_max;
    uint64_t ce_marks;
    uint64_t window_max_bytes;
    uint64_t ready_us; /* GN_SIM_STATS_NONE: never */
    uint64_t confirmed_us;
    uint64_t closed_us;
    uint64_t close_code;
    uint32_t close_cause; /* gn_close_cause */
    uint32_t validated;   /* paths */
    uint32_t moves;       /* changes of the active path */
    uint32_t ecn_state;   /* of the active path, as last told */
    uint32_t suite;       /* gn_suite_id and gn_group, once ready */
    uint32_t group;
    uint32_t zero_rtt; /* gn_zero_rtt, as last told */
    uint32_t reserved_2;
    uint16_t active_route;
    uint16_t reserved[3];
    uint64_t rtt_min_us[GN_SIM_ROUTES_MAX];  /* by route; NONE: no sample */
    uint64_t rtt_last_us[GN_SIM_ROUTES_MAX]; /* smoothed */
} gn_sim_host_stats;

typedef struct gn_sim_stats {
    gn_sim_host_stats host[GN_SIM_HOSTS];
    uint64_t datagrams;
    uint64_t fates[GN_SIM_FATES];
    uint64_t dropped;  /* by the network, all causes */
    uint64_t refused;  /* events of the scenario that an endpoint would not */
    uint64_t attacks;  /* these four are counted at the end: times attackers acted, */
    uint64_t too_big;  /* ICMP messages that arrived, */
    uint64_t believed; /* those of them that endpoints took, */
    uint64_t expired;  /* NAT bindings that nobody used */
    uint64_t first_progress_us;
    uint64_t last_progress_us;
    uint64_t gap_us;    /* longest pause between two steps of progress at the watched host */
    uint64_t gap_at_us; /* when it began */
    uint16_t watched;   /* host whose progress counts */
    uint16_t reserved[3];
    gn_sim_spin_watch spin;
    uint64_t story_count;
    gn_sim_story story[GN_SIM_STATS_STORY_MAX];
} gn_sim_stats;

/* watched: the host that receives the bulk of the data. */
void gn_sim_stats_init(gn_sim_stats *stats, uint16_t watched);

void gn_sim_stats_on_datagram(gn_sim_stats *stats, const gn_sim_datagram *datagram);
void gn_sim_stats_on_event(gn_sim_stats *stats, uint16_t host, uint16_t route,
                           const gn_event *event);
void gn_sim_stats_on_change(gn_sim_stats *stats, uint64_t at_us, uint16_t host, uint16_t route,
                            const gn_effect *effect);
/* Another connection begins: the life of the one before does not count. */
void gn_sim_stats_on_resume(gn_sim_stats *stats);

void gn_sim_stats_on_progress(gn_sim_stats *stats, uint64_t at_us, uint16_t host);
/* The scenario's event took place; refused: the endpoint would not. */
void gn_sim_stats_on_happening(gn_sim_stats *stats, uint64_t at_us, uint16_t number, bool refused);

#endif
