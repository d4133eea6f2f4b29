/*
 * app.h: the applications on the two hosts of a run: what they send, and whether it came.
 *
 * Client and server of one workload share one gn_sim_app, which is told what
 * each host's endpoint reports. All workloads are exchanges on streams that
 * the client opens: a request, then the response. A bulk download is one
 * exchange a stream with a tiny request, an upload one with an empty response.
 * Every byte is checked where it arrives.
 *
 *   app_bulk      streams side by side, all begun at once
 *   app_request   one exchange after the other, with a pause between
 *   app_datagram  datagrams beside either
 */
#ifndef GN_SIM_APP_H
#define GN_SIM_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gnomon.h"
#include "sim/app_datagram.h"
#include "sim/content.h"
#include "sim/seen.h"
#include "sim/world.h"

struct gn_sim_app;

typedef enum gn_sim_workload {
    GN_SIM_DOWNLOAD, /* server to client */
    GN_SIM_UPLOAD,   /* client to server */
    GN_SIM_REQUESTS  /* one exchange after the other */
} gn_sim_workload;

typedef struct gn_sim_app_settings {
    uint64_t kind;    /* gn_sim_workload */
    uint64_t bytes;   /* bulk: in all */
    uint64_t streams; /* bulk: how many share them, at least 1 */
    uint64_t count;   /* requests: how many exchanges */
    uint64_t request_bytes;
    uint64_t response_bytes;
    uint64_t think_us; /* requests: the pause after each response */
    gn_sim_app_datagram_settings datagrams;
} gn_sim_app_settings;

/* Where an application acts: one host's endpoint and connection. */
typedef struct gn_sim_app_seat {
    gn_endpoint *endpoint;
    gn_connection connection;
    uint64_t now_us;
    uint64_t clock_us; /* what the endpoint's clock is ahead */
    uint16_t host;     /* 0 client, 1 server */
} gn_sim_app_seat;

/* One exchange, as both ends see it. */
typedef struct gn_sim_exchange {
    uint64_t stream;
    uint64_t begun_us;
    uint64_t done_us;
    uint64_t sent[2];     /* bytes taken by the endpoint, of request and response */
    uint64_t received[2]; /* bytes read */
    gn_sim_seen seen[2];  /* which, where they may come in any order */
    uint64_t total[2];
    bool fin_sent[2];
    bool fin_received[2];
    bool answered; /* the server has begun its response */
} gn_sim_exchange;

typedef struct gn_sim_app_watch {
    void *context;
    /* A stream has so many bytes at that host. */
    void (*on_progress)(void *context, uint16_t host, uint64_t stream, uint64_t bytes);
} gn_sim_app_watch;

typedef struct gn_sim_app {
    gn_sim_app_settings settings;
    gn_sim_world *world;
    gn_sim_app_watch watch;
    gn_sim_content content;
    gn_sim_app_datagrams datagrams;
    gn_sim_exchange *exchanges;
    uint64_t exchange_count;
    uint64_t opened;     /* exchanges that have a stream */
    uint64_t finished;   /* exchanges that are complete */
    uint64_t goal_bytes; /* of application data, both directions */
    uint64_t delivered_bytes;
    uint64_t counted_bytes[2]; /* delivered, by direction: requests, responses */
    uint64_t unordered_bytes;  /* of those, delivered beyond a gap */
    uint64_t ready_us;         /* when the client might begin */
    uint64_t done_us;
    uint64_t longest_us; /* the slowest exchange */
    const char *broken;  /* NULL, or what was wrong with bytes that arrived (static) */
    uint64_t broken_us;
    uint64_t broken_stream;
    uint64_t broken_off;
    bool unordered[2]; /* bytes come to that host as they arrive; set before the first */
    bool ready;
    bool done;
    bool thinking;
} gn_sim_app;

void gn_sim_app_init(gn_sim_app *app, const gn_sim_app_settings *settings, gn_sim_world *world,
                     uint64_t seed, gn_sim_app_watch watch);
void gn_sim_app_free(gn_sim_app *app);

/* An effect of a host's endpoint that is about streams or the connection's state. */
void gn_sim_app_on_effect(gn_sim_app *app, const gn_sim_app_seat *seat, const gn_effect *effect);

/* The client's pause is over (an APP entry came up). */
void gn_sim_app_on_timer(gn_sim_app *app, const gn_sim_app_seat *seat);

/* For the workloads: opens a stream for the next exchange; false: not now. */
bool gn_sim_app_open(gn_sim_app *app, const gn_sim_app_seat *seat);

#endif
