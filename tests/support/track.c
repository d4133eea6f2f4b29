/*
 * track.c: see track.h.
 */
#include "support/track.h"

#include <check.h>
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
    gn_sim_packet *packet = gn_sim_packet_pool_take(&track->pool, len);

    packet->number = track->sent++;
    packet->sent_at_us = track->world.now_us;
    packet->ecn = ecn;
    memset(packet->bytes, (int)(packet->number % 251), len);
    gn_sim_link_send(&track->link, packet);
}

static void
track_arrive(gn_test_track *track, gn_sim_packet *packet)
{
    ck_assert_uint_lt(track->arrived, GN_TEST_TRACK_MAX);
    track->order[track->arrived] = packet->number;
    track->at_us[track->arrived] = track->world.now_us;
    track->took_us[track->arrived] = track->world.now_us - packet->sent_at_us;
    track->ecn[track->arrived] = packet->ecn;
    track->flags[track->arrived] = packet->flags;
    track->arrived++;
    gn_sim_packet_pool_give(&track->pool, packet);
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
