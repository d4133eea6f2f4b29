/*
 * host.h: a machine of the simulation: one endpoint, its timer, its way to the network.
 *
 * A host feeds its endpoint datagrams and timeouts and then settles: it pulls
 * effects until there are none, puts what is to be sent on the network, tells
 * the application the rest, and asks the world to be woken at the endpoint's
 * deadline.
 *
 * The client's gn_route is the scenario's route by number. The server makes a
 * new gn_route for every address and port it hears from.
 *
 * A host's CPU may be slow, or asleep: while it is busy datagrams wait in the
 * receive queue, timers and the application wait, and what it sends leaves when
 * the work is done. With no times set, nothing ever waits.
 *
 * A host's clock may begin at any moment. Its endpoint lives by that clock; all
 * that a host tells others is in the world's time.
 */
#ifndef GN_SIM_HOST_H
#define GN_SIM_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gnomon.h"
#include "sim/app.h"
#include "sim/network.h"
#include "sim/resume.h"
#include "sim/tls_settings.h"
#include "sim/world.h"

/* More effects than this between two inputs, and the endpoint is chasing its own tail. */
#define GN_SIM_HOST_EFFECTS_MAX 100000

/* HOST entries a host keeps in mind: more than an endpoint has kinds of timers. */
#define GN_SIM_HOST_WAKES_MAX 16

/* What the scenario sets of gn_config; the rest is gn_config_default's. */
typedef struct gn_sim_host_settings {
    uint64_t ecn;
    uint64_t congestion; /* gn_congestion */
    uint64_t idle_timeout_us;
    uint64_t max_ack_delay_us;
    uint64_t ack_threshold;
    uint64_t window_bytes;        /* of the connection */
    uint64_t stream_window_bytes; /* of each stream, all kinds */
    uint64_t streams;             /* that the peer may have open, each kind */
    uint64_t send_buffer_bytes;
    uint64_t max_datagram_bytes; /* largest we send */
    uint64_t cid_bytes;
    uint64_t cid_limit;
    uint64_t datagram_frame;   /* max_datagram_frame_size */
    uint64_t rotate_packets;   /* connection IDs change after so many packets; 0: never */
    uint64_t rotate_after_us;  /* and after so long */
    uint64_t skip_packets;     /* one packet number in so many is left out; 0: none */
    uint64_t spin;             /* the latency spin bit */
    uint64_t follow_peer;      /* server: allow_peer_migration */
    uint64_t forbid_migration; /* disable_active_migration */
    uint64_t retry_above;      /* handshakes under way from which on a Retry is sent */
    uint64_t new_tokens;       /* NEW_TOKEN frames a client is sent */
    uint64_t receive_time_us;  /* CPU time for each datagram that is read */
    uint64_t send_time_us;     /* and for each that is sent */
    uint64_t receive_queue;    /* datagrams that may wait to be read; 0: no limit */
    uint64_t clock_us;         /* what its clock shows when the run begins */
    uint64_t keep_alive_us;
    uint64_t key_update_packets;
    uint64_t confidentiality_limit;
    uint64_t integrity_limit;
    uint64_t versions;      /* a place in gn_sim_host_config_versions */
    uint64_t begin_with;    /* client: the QUIC version of its first flight; 0: the first */
    uint64_t version_probe; /* client: a reserved version comes before */
    uint64_t grease_bit;    /* grease_quic_bit */
    uint64_t prefers;       /* server: its second address (RFC 9000 9.6) */
    uint64_t unordered;     /* deliver_unordered */
    uint64_t coalesce_us;   /* how long small stream data may wait for more */
} gn_sim_host_settings;

/* Told what happens inside, as the endpoint's observer is; and the client's moves. */
typedef struct gn_sim_host_watch {
    void *context;
    void (*on_event)(void *context, uint16_t host, uint16_t route, const gn_event *event);
    /* An effect of kind STATE, PATH, ZERO_RTT or CLOSED. */
    void (*on_change)(void *context, uint16_t host, uint16_t route, const gn_effect *effect);
} gn_sim_host_watch;

typedef struct gn_sim_host {
    gn_endpoint *endpoint;
    void *block;
    size_t block_bytes;
    gn_sim_world *world;
    gn_sim_network *network;
    gn_sim_app *app;
    gn_sim_host_watch watch;
    uint64_t wakes_us[GN_SIM_HOST_WAKES_MAX]; /* HOST entries in the world, the earliest last */
    gn_connection connection;                 /* the client's, or the server's latest */
    gn_sim_address *heard;                    /* server: addresses by gn_route - 1 */
    size_t heard_count;
    size_t heard_cap;
    uint64_t connections; /* begun */
    uint64_t forgotten;   /* of them, wholly over */
    uint64_t receive_time_us;
    uint64_t send_time_us;
    uint64_t receive_queue;
    uint64_t clock_us;     /* its clock is so far ahead of the world's */
    uint64_t busy_us;      /* the CPU is free again from here on */
    gn_sim_packet *waits;  /* the receive queue, oldest first */
    gn_sim_packet *latest; /* its end */
    uint64_t wait_count;
    uint64_t wait_peak;
    uint64_t too_big;     /* ICMP messages that arrived, */
    uint64_t believed;    /* and of them those that the endpoint took */
    gn_sim_resume resume; /* client */
    bool reads;           /* a READ entry is in the world */
    uint32_t wake_count;
    uint64_t begin_with;                     /* client: a QUIC version, 1 or 2; 0: its first */
    uint16_t number;                         /* GN_SIM_CLIENT or GN_SIM_SERVER */
    bool closed;                             /* the latest connection has begun to end */
    bool runaway;                            /* effects without end */
    char server_name[GN_SIM_TLS_NAME_BYTES]; /* whom a client asks for */
} gn_sim_host;

/* What a run lends its hosts. */
typedef struct gn_sim_host_stage {
    gn_sim_world *world;
    gn_sim_network *network;
    gn_sim_app *app;
    gn_sim_host_watch watch;
    uint64_t seed;
    int64_t unix_ms;
    const struct gn_suite_ops *suite_ops; /* NULL: the library's own */
    const struct gn_tls_ops *tls_ops;
    const gn_sim_tls_settings *tls; /* of each host by number; NULL: the defaults */
    const gn_sim_resume_settings *resume;
} gn_sim_host_stage;

void gn_sim_host_settings_default(gn_sim_host_settings *settings);

/*
 * Makes the endpoint. The host must not move afterwards: the endpoint's
 * observer points at it. On error nothing needs to be freed.
 */
GN_MUST_USE gn_err gn_sim_host_init(gn_sim_host *host, uint16_t number,
                                    const gn_sim_host_settings *settings,
                                    const gn_sim_host_stage *stage);
void gn_sim_host_free(gn_sim_host *host);

/* An endpoint anew in place of the host's: its connections are gone without a word. */
GN_MUST_USE gn_err gn_sim_host_restart(gn_sim_host *host, const gn_sim_host_settings *settings,
                                       const gn_sim_host_stage *stage);

/* Client: begins a connection on a route, resuming what it can, and settles. */
GN_MUST_USE gn_err gn_sim_host_connect(gn_sim_host *host, uint16_t route);

/* A packet arrived. True: it is read now. Else it waits to be, or the queue was full. */
bool gn_sim_host_take(gn_sim_host *host, gn_sim_packet *packet);

/*
 * A READ entry came up: timeouts that are due are given to the endpoint. The
 * packet to read now, or NULL; in both cases settling is left to the caller.
 */
gn_sim_packet *gn_sim_host_next(gn_sim_host *host);

/* The CPU does nothing for a time. */
void gn_sim_host_suspend(gn_sim_host *host, uint64_t for_us);

/* An ICMP message arrived. False: the endpoint does not believe it. Settling is the caller's. */
bool gn_sim_host_on_too_big(gn_sim_host *host, const gn_sim_packet *packet);

/* A packet is read; no effect is pulled yet. */
void gn_sim_host_receive(gn_sim_host *host, const gn_sim_packet *packet);

/* Pulls and carries out all effects, then sets the timer. */
void gn_sim_host_settle(gn_sim_host *host);

/* A HOST entry came up. */
void gn_sim_host_wake(gn_sim_host *host);

/* The application's APP entry came up. */
void gn_sim_host_wake_app(gn_sim_host *host);

/*
 * Client: moves to a route, at the other address of the server if it leads there; either: updates
 * keys. Settling is left to the caller.
 */
GN_MUST_USE gn_err gn_sim_host_migrate(gn_sim_host *host, uint16_t route);
GN_MUST_USE gn_err gn_sim_host_update_keys(gn_sim_host *host);
/* Closes its connection with an application's code; settling is left to the caller. */
GN_MUST_USE gn_err gn_sim_host_abort(gn_sim_host *host, uint64_t code);
/* Client: says goodbye, and settles. */
void gn_sim_host_close(gn_sim_host *host);

/* The scenario's route that a gn_route of this host stands for, or GN_SIM_NO_ROUTE. */
uint16_t gn_sim_host_route(const gn_sim_host *host, gn_route route);

#endif
