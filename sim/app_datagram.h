/*
 * app_datagram.h: datagrams (RFC 9221) beside the streams of a workload, and what became of them.
 *
 * A sender keeps a few waiting until all are given. Each carries its number
 * and bytes that follow from it. Both ends' reports are held together: nothing
 * arrives twice or changed, each datagram has one fate, and what is told to
 * have arrived did.
 */
#ifndef GN_SIM_APP_DATAGRAM_H
#define GN_SIM_APP_DATAGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "gnomon.h"
#include "sim/content.h"
#include "sim/oracle.h"

struct gn_sim_app_seat;

typedef struct gn_sim_app_datagram_settings {
    uint64_t count;     /* of each sender; 0: none */
    uint64_t bytes;     /* of each, at least 8; 0: as many as the path allows */
    uint64_t from;      /* 0 client, 1 server, 2 both */
    uint64_t expiry_us; /* how long one may wait; 0: for ever */
} gn_sim_app_datagram_settings;

/* One sender's, by host. */
typedef struct gn_sim_app_datagram_side {
    uint8_t *state; /* by number */
    uint64_t given;
    uint64_t arrived;
    uint64_t acked;
    uint64_t lost;    /* in flight */
    uint64_t expired; /* or too large: never sent */
    uint64_t late;
} gn_sim_app_datagram_side;

typedef struct gn_sim_app_datagrams {
    gn_sim_app_datagram_settings settings;
    gn_sim_app_datagram_side side[2];
    gn_sim_oracle verdict;
} gn_sim_app_datagrams;

void gn_sim_app_datagram_init(gn_sim_app_datagrams *d,
                              const gn_sim_app_datagram_settings *settings);
void gn_sim_app_datagram_free(gn_sim_app_datagrams *d);

/* The connection takes datagrams, or takes more: gives what it should hold. */
void gn_sim_app_datagram_go_on(gn_sim_app_datagrams *d, const gn_sim_content *content,
                               const struct gn_sim_app_seat *seat);

/* One of the three effects about datagrams. */
void gn_sim_app_datagram_on_effect(gn_sim_app_datagrams *d, const gn_sim_content *content,
                                   const struct gn_sim_app_seat *seat, const gn_effect *effect);

/* Whether the fate of all is known; true when there are none. */
bool gn_sim_app_datagram_done(const gn_sim_app_datagrams *d);

/* At the end: what was acknowledged arrived. */
void gn_sim_app_datagram_on_end(gn_sim_app_datagrams *d, uint64_t end_us);

#endif
