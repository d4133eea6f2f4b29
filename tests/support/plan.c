/*
 * plan.c: see plan.h.
 */
#include "tests/support/plan.h"

#include <string.h>

#include "base/assert.h"
#include "crypto/protect.h"
#include "tests/support/recovery.h"
#include "wire/version.h"

static const gn_reset_token_key reset_key = {.half = {{1}, {2}}};

static void
plan_env(gn_test_plan *p, uint32_t records)
{
    const uint8_t seed[GN_RNG_SEED_BYTES] = {0};

    gn_rng_init(&p->rng, seed, "plan", 0);
    gn_cid_map_init((gn_cid_table){&p->map, p->entry}, GN_TEST_PLAN_PLACES, seed);
    gn_test_pools_init(&p->pools, GN_TEST_CHUNKS_MAX, GN_TEST_STREAMS_MAX);
    gn_config_default(&p->config, GN_ROLE_CLIENT);
    p->env = (gn_env){.now = 10 * GN_SECOND,
                      .config = &p->config,
                      .sent = gn_test_sent_slots(records),
                      .pools = gn_test_pools_both(&p->pools),
                      .cids = {&p->map, p->entry},
                      .reset_key = &reset_key,
                      .rng = &p->rng};
}

static void
plan_streams(gn_test_plan *p)
{
    const gn_stream_limits limits = {.max_data = 100000,
                                     .max_bidi_local = 10000,
                                     .max_bidi_remote = 10000,
                                     .max_uni = 10000,
                                     .streams_bidi = 2,
                                     .streams_uni = 2};

    gn_stream_set_init(&p->conn.streams, false, &limits);
    gn_stream_set_on_limits(&p->conn.streams, p->env.pools, &limits);
}

void
gn_test_plan_init(gn_test_plan *p, uint32_t records)
{
    const uint8_t host[16] = {1};
    const gn_path_start start = {
        .route = 1, .host = host, .datagram_bytes = 1200, .unlimited = true};
    const gn_cid peer = gn_cid_from((const uint8_t *)"the peer", 8);
    const gn_local_cids_room room = {
        .table = {&p->map, p->entry}, .owner = 1, .rng = &p->rng, .cid_len = 8};

    memset(p, 0, sizeof *p);
    plan_env(p, records);
    for (int i = 0; i < GN_SPACES; i++) {
        gn_acks_init(&p->conn.space[i].acks);
        gn_send_buf_init(&p->conn.space[i].crypto_out);
    }
    gn_paths_init(&p->conn.paths, &start, p->env.now);
    p->conn.paths.at[0].peer_cid = 0;
    gn_peer_cids_init(&p->conn.peer_cids, &peer, 4);
    const gn_err err = gn_local_cids_init(&p->conn.local_cids, room);
    GN_ASSERT(err == GN_OK);
    gn_local_cids_allow(&p->conn.local_cids, 4);
    plan_streams(p);
    gn_datagrams_out_init(&p->conn.datagrams_out);
    gn_datagrams_in_init(&p->conn.datagrams_in);
    p->conn.peer.max_ack_delay_ms = 25;
}

/* Everything in the packet, in order: frames of the payload, items of the record. */
static void
plan_read_back(gn_test_plan *p, const gn_builder_packet *packet)
{
    gn_reader r =
        gn_reader_over(p->bytes + packet->payload_at, p->builder.w.at - packet->payload_at);
    gn_sent_items it = gn_sent_items_over(packet->record);
    gn_fault fault;

    for (p->frames = 0; gn_reader_left(&r) > 0; p->frames++) {
        GN_ASSERT(p->frames < GN_TEST_PLAN_FRAMES);
        const gn_err err = gn_frame_read(&r, &p->frame[p->frames], &fault);
        GN_ASSERT(err == GN_OK);
    }
    for (p->items = 0; p->items < GN_TEST_PLAN_FRAMES; p->items++)
        if (!gn_sent_items_next(p->env.sent, &it, &p->item[p->items]))
            break;
}

void
gn_test_plan_packet(gn_test_plan *p, gn_space_id space, uint8_t path, uint8_t allowance,
                    size_t room)
{
    static const gn_packet_kind kinds[GN_SPACES] = {GN_PACKET_INITIAL, GN_PACKET_HANDSHAKE,
                                                    GN_PACKET_ONE_RTT};
    const gn_plan_packet plan = {.space = space, .path = path, .allowance = allowance};
    const gn_cid dcid = gn_cid_from(p->bytes, 0);
    const gn_builder_header header = {.kind = kinds[space],
                                      .space = space,
                                      .dcid = &dcid,
                                      .scid = &dcid,
                                      .version = GN_VERSION_1};

    gn_builder_init(&p->builder, p->bytes, sizeof p->bytes, p->env.sent);
    const gn_err err = gn_builder_begin(&p->builder, &header);
    GN_ASSERT(err == GN_OK && room <= gn_builder_left(&p->builder));
    p->builder.w.cap = p->builder.w.at + room;
    gn_conn_plan_fill(&p->conn, &p->env, &plan, &p->builder);
    plan_read_back(p, gn_builder_packet_now(&p->builder));
}

bool
gn_test_plan_wants(const gn_test_plan *p, gn_space_id space, uint8_t path, uint8_t allowance)
{
    const gn_plan_packet plan = {.space = space, .path = path, .allowance = allowance};

    return gn_conn_plan_wants(&p->conn, &p->env, &plan);
}

uint32_t
gn_test_plan_find(const gn_test_plan *p, uint64_t type)
{
    uint32_t i = 0;

    while (i < p->frames && p->frame[i].type != type)
        i++;
    return i;
}
