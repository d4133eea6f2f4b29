/*
 * track.c: see track.h.
 */
#include "support/track.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "gnomon.h"

static void
track_on_fate(void *context, const gn_sim_packet *packet, gn_sim_fate fate)
{
    gn_test_track *track = context;

    (void)packet;
    track->fates[fate]++;
}

void
gn_test_track_init(gn_test_track *track, const gn_sim_link_settings *settings, uint64_t seed)
{
    memset(track, 0, sizeof *track);
    gn_sim_world_init(&track->world, UINT64_MAX, UINT32_MAX);
    gn_sim_packet_pool_init(&track->pool);
    gn_sim_link_init(&track->link, &track->world, &track->pool, settings, seed, 0,
                     (gn_sim_link_watch){.context = track, .on_fate = track_on_fate});
}

void
gn_test_track_free(gn_test_track *track)
{
    gn_sim_packet_pool_free(&track->pool);
    gn_sim_world_free(&track->world);
}

void
gn_test_track_send(gn_test_track *track, size_t len, uint8_t ecn)
{
    gn_test_track_send_flow(track, len, ecn, 0);
}

void
gn_test_track_send_flow(gn_test_track *track, size_t len, uint8_t ecn, uint8_t flow)
{
    gn_sim_packet *packet = gn_sim_packet_pool_take(&track->pool, len);

    packet->number = track->sent++;
    packet->sent_at_us = track->world.now_us;
    packet->ecn = ecn;
    packet->source = gn_sim_address_v4(10, 0, 0, 1, (uint16_t)(1000 + flow));
    memset(packet->bytes, (int)(packet->number % 251), len);
    gn_sim_link_send(&track->link, packet);
}

static void
track_arrive(gn_test_track *track, gn_sim_packet *packet)
{
    if (!gn_sim_link_arrives(&track->link, packet))
        return;
    ck_assert_uint_lt(track->arrived, GN_TEST_TRACK_MAX);
    track->order[track->arrived] = packet->number;
    track->at_us[track->arrived] = track->world.now_us;
    track->took_us[track->arrived] = track->world.now_us - packet->sent_at_us;
    track->ecn[track->arrived] = packet->ecn;
    track->flags[track->arrived] = packet->flags;
    track->flow[track->arrived] = (uint8_t)(packet->source.port - 1000);
    track->arrived++;
    gn_sim_packet_pool_give(&track->pool, packet);
}

static int
track_compare(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;

    return x < y ? -1 : x > y ? 1 : 0;
}

uint64_t
gn_test_track_wait(const gn_test_track *track, uint8_t flow, uint64_t from_us, uint64_t share)
{
    static uint64_t waits[GN_TEST_TRACK_MAX];
    size_t count = 0;

    for (uint64_t i = 0; i < track->arrived; i++)
        if (track->flow[i] == flow && track->at_us[i] - track->took_us[i] >= from_us)
            waits[count++] = track->took_us[i];
    ck_assert_uint_gt(count, 0);
    qsort(waits, count, sizeof waits[0], track_compare);
    return waits[(count - 1) * share / 100];
}

uint64_t
gn_test_track_count(const gn_test_track *track, uint8_t flow, uint8_t ecn)
{
    uint64_t count = 0;

    for (uint64_t i = 0; i < track->arrived; i++)
        count += track->flow[i] == flow && track->ecn[i] == ecn ? 1 : 0;
    return count;
}

void
gn_test_track_run(gn_test_track *track, uint64_t until_us)
{
    gn_sim_entry entry;

    track->world.limit_us = until_us;
    while (gn_sim_world_next(&track->world, &entry) == GN_SIM_STEP_GO) {
        if (gn_sim_entry_class(&entry) == GN_SIM_CLASS_TRANSMIT)
            gn_sim_link_transmit(entry.what);
        else
            track_arrive(track, entry.what);
    }
    if (until_us != UINT64_MAX)
        track->world.now_us = until_us;
}

void
gn_test_track_stream(gn_test_track *track, uint64_t count, size_t len, uint64_t gap_us)
{
    const uint64_t from_us = track->world.now_us;

    for (uint64_t i = 0; i < count; i++) {
        gn_test_track_run(track, from_us + i * gap_us);
        gn_test_track_send(track, len, GN_MARK_NOT_ECT);
    }
    gn_test_track_run(track, UINT64_MAX);
}
