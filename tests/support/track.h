/*
 * track.h: one link of the simulator on a test bench: packets in, arrivals and fates out.
 */
#ifndef GN_TESTS_SUPPORT_TRACK_H
#define GN_TESTS_SUPPORT_TRACK_H

#include <stddef.h>
#include <stdint.h>

#include "sim/link.h"

#define GN_TEST_TRACK_MAX 200000

typedef struct gn_test_track {
    gn_sim_world world;
    gn_sim_packet_pool pool;
    gn_sim_link link;
    uint64_t sent;
    uint64_t arrived;
    uint64_t fates[GN_SIM_FATES];
    uint64_t order[GN_TEST_TRACK_MAX];   /* number of the nth arrival */
    uint64_t at_us[GN_TEST_TRACK_MAX];   /* when it came */
    uint64_t took_us[GN_TEST_TRACK_MAX]; /* since it was sent */
    uint8_t ecn[GN_TEST_TRACK_MAX];
    uint16_t flags[GN_TEST_TRACK_MAX];
    uint8_t flow[GN_TEST_TRACK_MAX];
} gn_test_track;

/* Every byte of packet n is n mod 251, so that a changed one shows. */
void gn_test_track_init(gn_test_track *track, const gn_sim_link_settings *settings, uint64_t seed);
void gn_test_track_free(gn_test_track *track);

/* Gives the link a packet of len bytes now. */
void gn_test_track_send(gn_test_track *track, size_t len, uint8_t ecn);

/* The same as one flow of several; gn_test_track_send is flow 0. */
void gn_test_track_send_flow(gn_test_track *track, size_t len, uint8_t ecn, uint8_t flow);

/*
 * The time on the way that share percent of a flow's arrivals, of those sent from
 * from_us on, do not exceed; and how many arrivals have a mark.
 */
uint64_t gn_test_track_wait(const gn_test_track *track, uint8_t flow, uint64_t from_us,
                            uint64_t share);
uint64_t gn_test_track_count(const gn_test_track *track, uint8_t flow, uint8_t ecn);

/* Lets everything happen up to a moment, and stands at that moment then. */
void gn_test_track_run(gn_test_track *track, uint64_t until_us);

/* count packets of len bytes, one every gap_us, and then all that follows. */
void gn_test_track_stream(gn_test_track *track, uint64_t count, size_t len, uint64_t gap_us);

#endif
