/*
 * scenario.h: one situation, read from a file for people.
 *
 * A scenario is YAML: who the hosts are, which routes there are, what happens
 * to them when, what the application does, and what must hold. Every field is
 * listed in scenario_keys.c with its meaning, unit and default; whatever is
 * not understood is refused with the file, the line, the field and what was
 * expected. Nothing is ignored.
 */
#ifndef GN_SIM_SCENARIO_H
#define GN_SIM_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gnomon.h"
#include "sim/app.h"
#include "sim/host.h"
#include "sim/network.h"
#include "sim/resume.h"
#include "sim/scenario_trace.h"
#include "sim/script.h"
#include "sim/tls_settings.h"

#define GN_SIM_EVENTS_MAX 64
#define GN_SIM_TEXT_BYTES 256
#define GN_SIM_MESSAGE_BYTES 512

typedef enum gn_sim_action {
    GN_SIM_DO_CUT,
    GN_SIM_DO_RESTORE,
    GN_SIM_DO_CHANGE,
    GN_SIM_DO_BLACKOUT,
    GN_SIM_DO_REBIND_PORT,
    GN_SIM_DO_REBIND_ADDRESS,
    GN_SIM_DO_MIGRATE,
    GN_SIM_DO_UPDATE_KEYS,
    GN_SIM_DO_SUSPEND_RECEIVE,
    GN_SIM_DO_SUSPEND_TRANSMIT,
    GN_SIM_DO_HANDOVER, /* a route comes and the client moves there; after a while the old goes */
    GN_SIM_DO_SUSPEND,  /* a host does nothing for a time */
    GN_SIM_DO_HEAL,     /* every route is up, and its links are as clean as links get */
    GN_SIM_DO_CLOSE,    /* a host closes its connection */
    GN_SIM_DO_RESTART,  /* the server begins anew, as it was, and knows nothing of it */
    GN_SIM_ACTIONS
} gn_sim_action;

typedef enum gn_sim_both { GN_SIM_BOTH_UP, GN_SIM_BOTH_DOWN, GN_SIM_BOTH } gn_sim_both;

/* Something that happens to the world at a moment. */
typedef struct gn_sim_happening {
    uint64_t at_us;
    uint64_t action; /* gn_sim_action */
    uint64_t for_us;
    uint64_t direction; /* gn_sim_both: of a blackout or pause */
    uint64_t rebind;    /* CHANGE: 0: the binding stays, else one more than a gn_sim_nat_part */
    uint64_t host;      /* SUSPEND, UPDATE_KEYS, CLOSE */
    uint64_t every_us;  /* again after so long, ... */
    uint64_t times;     /* ... until it took place so often */
    uint16_t route;
    uint16_t from; /* HANDOVER: the route that goes */
    uint16_t reserved[2];
    uint64_t route_keys;                   /* CHANGE: bit n: field n of the route is given */
    uint64_t link_keys[GN_SIM_DIRECTIONS]; /* likewise of its links */
    gn_sim_route_settings change;
    char route_name[GN_SIM_NAME_BYTES];
    char from_name[GN_SIM_NAME_BYTES];
} gn_sim_happening;

/* How often an event takes place: a handover has two acts. */
uint64_t gn_sim_scenario_acts(const gn_sim_happening *happening);

/* How long after the one before. */
uint64_t gn_sim_scenario_pause_us(const gn_sim_happening *happening);

/* When connections may end without the goal. */
typedef enum gn_sim_may_close {
    GN_SIM_MAY_CLOSE_NEVER,
    /* As long as not both ends have confirmed the handshake, or when no path is left. */
    GN_SIM_MAY_CLOSE_HANDSHAKE,
    GN_SIM_MAY_CLOSE_ALWAYS
} gn_sim_may_close;

/* What must hold besides the common invariants. Bit n of keys: field n is given. */
typedef struct gn_sim_expect {
    uint64_t keys;
    uint64_t may_close;        /* gn_sim_may_close */
    uint64_t ideal;            /* no loss, drop, PTO or retransmission */
    uint64_t finish_before_us; /* from the start */
    uint64_t handshake_before_us;
    uint64_t gap_below_us; /* longest pause in in-order delivery */
    uint64_t max_ptos;
    uint64_t max_lost; /* packets declared lost */
    uint64_t min_lost;
    uint64_t min_dropped; /* datagrams dropped by links */
    uint64_t max_dropped;
    uint64_t min_marked;      /* CE set by links */
    uint64_t min_ce_counted;  /* CE that the sender was told of */
    uint64_t paths_validated; /* at the server, besides the first; at least */
    uint64_t max_moves;       /* times the server changes its active path */
    uint64_t final_route;     /* the client's active one at the end */
    uint64_t min_goodput_bits;
    uint64_t min_duplicated;        /* datagrams that links copied */
    uint64_t min_damaged;           /* corrupted or truncated */
    uint64_t min_reordered;         /* held back to be overtaken */
    uint64_t min_attacks;           /* times attackers acted */
    uint64_t min_refused;           /* events that an endpoint refused */
    uint64_t sender_ecn;            /* of the path in use at the end: a place in ecn_state_words */
    uint64_t min_too_big;           /* ICMP messages that arrived */
    uint64_t min_expired;           /* NAT bindings that nobody used */
    uint64_t min_datagrams_lost;    /* told to be lost in flight */
    uint64_t min_datagrams_late;    /* acknowledged after that */
    uint64_t min_datagrams_expired; /* dropped unsent */
    uint64_t min_unordered_bytes;   /* delivered beyond a gap */
    uint64_t max_sent;              /* packets, by both ends */
    uint64_t min_retries;           /* sent */
    uint64_t max_retries;
    uint64_t min_believed; /* ICMP messages that endpoints took */
    uint64_t max_believed;
    uint64_t min_spin_turns; /* of the spin bit, in front of the client */
    uint64_t max_spin_turns;
    uint64_t spin_off_below_us; /* from the round trip */
    uint64_t suite;             /* at both ends: places in gn_sim_tls_settings_suites, _groups */
    uint64_t group;
    char close[GN_SIM_NAME_BYTES]; /* gn_code_name of what one end closes with, and says */
    uint64_t min_held;             /* packets that waited for keys, both ends */
    uint64_t min_key_updates;
    uint64_t max_key_updates;
    uint64_t end[GN_SIM_HOSTS]; /* gn_close_cause */
    uint64_t zero_rtt;          /* gn_zero_rtt: what became of it, at the client */
    char final_route_name[GN_SIM_NAME_BYTES];
} gn_sim_expect;

typedef struct gn_sim_scenario {
    char name[GN_SIM_NAME_BYTES];
    char why[GN_SIM_TEXT_BYTES];
    char rfc[GN_SIM_TEXT_BYTES]; /* sections, separated by commas */
    uint64_t group;              /* the place in gn_sim_scenario_groups */
    uint64_t seed;
    uint64_t time_limit_us;
    gn_sim_host_settings host[GN_SIM_HOSTS];
    gn_sim_tls_settings tls[GN_SIM_HOSTS];
    uint64_t route_count;
    gn_sim_route_settings routes[GN_SIM_ROUTES_MAX];
    uint64_t event_count;
    gn_sim_happening events[GN_SIM_EVENTS_MAX];
    uint64_t attack_count;
    gn_sim_attack_settings attacks[GN_SIM_ATTACKERS_MAX];
    uint64_t cross_count;
    gn_sim_cross_settings crosses[GN_SIM_CROSS_MAX];
    gn_sim_script_settings script;
    gn_sim_resume_settings resume;
    gn_sim_app_settings workload;
    gn_sim_expect expect;
    gn_sim_scenario_traces traces; /* owned: gn_sim_scenario_free */
} gn_sim_scenario;

/* "basic", "loss", ...; up to a NULL. */
extern const char *const gn_sim_scenario_groups[];

/*
 * Reads the file. False: message, of GN_SIM_MESSAGE_BYTES, says what is wrong
 * in the form "FILE:LINE: field 'routes.wifi.down.loss': expected ..., found
 * '...'", and the scenario is not to be used.
 */
bool gn_sim_scenario_load(const char *path, gn_sim_scenario *scenario, char *message);

/* The same from text; name stands for the file in messages. */
bool gn_sim_scenario_parse(const char *name, const char *text, size_t len,
                           gn_sim_scenario *scenario, char *message);

/* Frees what a scenario that was read well owns; copies of it are not to be used after. */
void gn_sim_scenario_free(gn_sim_scenario *scenario);

/*
 * Of a scenario that was read from what another one, or a change of it, was
 * written to: it uses that one's traces from now on, and gives up its own.
 */
void gn_sim_scenario_borrow(gn_sim_scenario *scenario, const gn_sim_scenario *owner);

/*
 * A document that is read with some fields set from outside: each text is
 * "PATH=VALUE", the path as messages write it (see scenario_override.h).
 */
typedef struct gn_sim_overrides {
    const char *const *texts;
    size_t count;
} gn_sim_overrides;

/* As above with overrides (NULL: none); a message about one of them names it. */
bool gn_sim_scenario_load_with(const char *path, const gn_sim_overrides *overrides,
                               gn_sim_scenario *scenario, char *message);
bool gn_sim_scenario_parse_with(const char *name, const char *text, size_t len,
                                const gn_sim_overrides *overrides, gn_sim_scenario *scenario,
                                char *message);

/* What a scenario, and a route and an event in it, are before the file says anything. */
void gn_sim_scenario_default(gn_sim_scenario *scenario);
void gn_sim_scenario_default_route(gn_sim_route_settings *route);
void gn_sim_scenario_default_event(gn_sim_happening *event);

/* A CHANGE: the fields it gives replace those of the route. */
void gn_sim_scenario_apply(const gn_sim_happening *happening, gn_sim_route_settings *route);

/* Whether a gn_sim_action is about no route. */
bool gn_sim_scenario_is_routeless(uint64_t action);

/* What an event does, in a few words: "cut wifi". */
#define GN_SIM_HAPPENING_TEXT 96
void gn_sim_scenario_tell(const gn_sim_happening *happening, char text[GN_SIM_HAPPENING_TEXT]);

#endif
