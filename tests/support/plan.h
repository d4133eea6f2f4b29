/*
 * plan.h: a connection without keys, handshake or wire: just what a packet is planned from.
 */
#ifndef GN_TESTS_SUPPORT_PLAN_H
#define GN_TESTS_SUPPORT_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include "conn/builder.h"
#include "conn/conn.h"
#include "conn/conn_plan.h"
#include "tests/support/streams.h"

enum { GN_TEST_PLAN_FRAMES = 128, GN_TEST_PLAN_PLACES = 32 };

typedef struct gn_test_plan {
    gn_conn conn;
    gn_config config;
    gn_env env;
    gn_rng rng;
    gn_cid_map map;
    gn_cid_entry entry[GN_TEST_PLAN_PLACES];
    gn_test_pools pools;
    gn_builder builder;
    uint8_t bytes[GN_DATAGRAM_MAX];
    gn_frame frame[GN_TEST_PLAN_FRAMES]; /* of the packet planned last */
    gn_item item[GN_TEST_PLAN_FRAMES];   /* and what its record says */
    uint32_t frames;
    uint32_t items;
} gn_test_plan;

/*
 * A client's connection with one path, one ID for each side and no news; the
 * peer allows 100 KB, 10 KB a stream and two streams of each kind. Packets are
 * noted in so many records.
 */
void gn_test_plan_init(gn_test_plan *p, uint32_t records);

/* Plans one packet with room for so many bytes of frames, and reads it back. */
void gn_test_plan_packet(gn_test_plan *p, gn_space_id space, uint8_t path, uint8_t allowance,
                         size_t room);

/* Whether gn_conn_plan_wants such a packet. */
bool gn_test_plan_wants(const gn_test_plan *p, gn_space_id space, uint8_t path, uint8_t allowance);

/* The place of the first frame of a type, or frames when there is none. */
uint32_t gn_test_plan_find(const gn_test_plan *p, uint64_t type);

#endif
