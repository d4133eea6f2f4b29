/*
 * test_cross.c: what sim/cross.h promises of other people's traffic.
 */
#include <check.h>
#include <string.h>

#include "gnomon.h"
#include "sim/cross.h"
#include "suites.h"

#define SECOND UINT64_C(1000000)

static gn_sim_world world;
static gn_sim_packet_pool pool;
static gn_sim_link link;
static gn_sim_link_settings physics;
static gn_sim_cross cross;
static gn_sim_cross_settings settings;
static uint64_t arrivals;
static uint64_t gaps;          /* between arrivals, squared and summed, in us */
static uint64_t latest_us;     /* arrival */
static uint64_t in_second[64]; /* arrivals of each tenth of a second */

static void
on_fate(void *context, const gn_sim_packet *packet, gn_sim_fate fate)
{
    (void)context;
    gn_sim_cross_on_fate(&cross, packet, fate);
}

static void
set_up(void)
{
    gn_sim_link_settings_default(&physics);
    gn_sim_cross_settings_default(&settings);
    gn_sim_world_init(&world, UINT64_MAX, 0);
    gn_sim_packet_pool_init(&pool);
    arrivals = gaps = latest_us = 0;
    memset(in_second, 0, sizeof in_second);
}

static void
tear_down(void)
{
    gn_sim_packet_pool_free(&pool);
    gn_sim_world_free(&world);
}

static void
begin(uint64_t seed)
{
    gn_sim_link_init(&link, &world, &pool, &physics, seed, 0,
                     (gn_sim_link_watch){.on_fate = on_fate});
    gn_sim_cross_init(&cross, &world, &pool, &link, &settings, seed, 0);
}

static void
note_arrival(void)
{
    const uint64_t gap = world.now_us - latest_us;

    arrivals++;
    gaps += gap * gap;
    latest_us = world.now_us;
    if (world.now_us / 100000 < 64)
        in_second[world.now_us / 100000]++;
}

static void
run(uint64_t until_us)
{
    gn_sim_entry entry;

    world.limit_us = until_us;
    while (gn_sim_world_next(&world, &entry) == GN_SIM_STEP_GO) {
        switch (gn_sim_entry_class(&entry)) {
        case GN_SIM_CLASS_TRANSMIT: gn_sim_link_transmit(entry.what); break;
        case GN_SIM_CLASS_CROSS: gn_sim_cross_on_turn(entry.what); break;
        default:
            if ((((gn_sim_packet *)entry.what)->flags & GN_SIM_PACKET_BACK) == 0)
                note_arrival();
            gn_sim_cross_on_arrival(&cross, entry.what);
            break;
        }
    }
    world.now_us = until_us;
}

/* 972 + 28 bytes at 7 Mbit/s divide nothing evenly: 875 a second, to the packet. */
START_TEST(cross_constant_rate_is_exact)
{
    settings = (gn_sim_cross_settings){.rate_bits = 7000000, .size_bytes = 972};
    begin(1);
    run(60 * SECOND - 1);
    ck_assert_uint_eq(cross.tally.sent, 875 * 60);
    ck_assert_uint_eq(cross.tally.arrived_bytes, UINT64_C(7000000) / 8 * 60);
}
END_TEST

START_TEST(cross_pauses_and_ends_when_it_says)
{
    settings = (gn_sim_cross_settings){.rate_bits = 8000000,
                                       .size_bytes = 972,
                                       .at_us = SECOND,
                                       .for_us = 3 * SECOND,
                                       .on_us = 200000,
                                       .off_us = 300000};
    begin(1);
    run(6 * SECOND);
    for (uint64_t i = 0; i < 60; i++) {
        const bool on = i >= 10 && i < 40 && i % 5 < 2;
        ck_assert_msg(in_second[i] == (on ? 100 : 0), "tenth %d: %d", (int)i, (int)in_second[i]);
    }
}
END_TEST

/*
 * 60,000 gaps of 1000 us on average: their mean is right within 2 %, and so is the mean
 * of their squares, which is twice the square of the mean for this law and once for a constant one.
 */
START_TEST(cross_poisson_has_the_rate_and_the_spread)
{
    settings = (gn_sim_cross_settings){
        .kind = GN_SIM_CROSS_POISSON, .rate_bits = 8000000, .size_bytes = 972};
    begin(3);
    run(60 * SECOND);
    ck_assert_uint_ge(arrivals, 58800);
    ck_assert_uint_le(arrivals, 61200);
    ck_assert_uint_ge(gaps / arrivals, 1900000);
    ck_assert_uint_le(gaps / arrivals, 2100000);
}
END_TEST

/* On a link of 10 Mbit/s with a short queue: it fills it, is cut now and then, and goes on. */
START_TEST(cross_aimd_fills_the_link_and_backs_off)
{
    settings.kind = GN_SIM_CROSS_AIMD;
    physics.rate_bits = 10000000;
    physics.delay_us = 20000;
    physics.queue_bytes = 50000;
    begin(1);
    run(30 * SECOND);
    ck_assert_uint_ge(cross.tally.arrived_bytes * 8, UINT64_C(270000000));
    ck_assert_uint_ge(cross.tally.cuts, 5);
    ck_assert_uint_le(cross.tally.cuts, 100);
    ck_assert_uint_lt(cross.tally.dropped, cross.tally.sent / 100);
}
END_TEST

/* Alone, half of it: additive increase, one packet more a round trip of 40 ms. */
START_TEST(cross_aimd_grows_by_one_packet_a_round_trip)
{
    settings.kind = GN_SIM_CROSS_AIMD;
    physics.delay_us = 20000;
    begin(1);
    cross.threshold = cross.window;
    run(2 * SECOND - 1);
    ck_assert_uint_ge(cross.window >> 16, 10 + 45);
    ck_assert_uint_le(cross.window >> 16, 10 + 50);
}
END_TEST

/* _i: with ECN CoDel marks and nothing is lost; without, it drops. Both slow the flow down. */
START_TEST(cross_aimd_listens_to_marks)
{
    settings.kind = GN_SIM_CROSS_AIMD;
    settings.ecn = _i == 0;
    physics.rate_bits = 10000000;
    physics.delay_us = 20000;
    physics.aqm = GN_SIM_AQM_CODEL;
    begin(1);
    run(20 * SECOND);
    ck_assert((cross.tally.marked > 0) == (_i == 0));
    ck_assert((cross.tally.dropped > 0) == (_i == 1));
    ck_assert_uint_ge(cross.tally.cuts, 5);
    ck_assert_uint_lt(link.queue.peak_bytes, 400000);
}
END_TEST

/* A dead link holds the flow up; it neither ends nor runs away, and comes back. */
START_TEST(cross_aimd_survives_a_dead_link)
{
    settings.kind = GN_SIM_CROSS_AIMD;
    physics.rate_bits = 10000000;
    physics.queue_bytes = 50000;
    begin(1);
    run(SECOND);
    gn_sim_link_set_up(&link, false);
    run(3 * SECOND);
    const uint64_t before = cross.tally.arrived;
    ck_assert_uint_lt(cross.tally.sent, 5000);
    gn_sim_link_set_up(&link, true);
    run(4 * SECOND);
    ck_assert_uint_gt(cross.tally.arrived, before + 500);
}
END_TEST

START_TEST(cross_stopped_flow_sends_nothing_more)
{
    settings = (gn_sim_cross_settings){
        .kind = (uint64_t)_i, .rate_bits = 8000000, .size_bytes = 972, .back_us = 1000};
    physics.rate_bits = 10000000;
    physics.queue_bytes = 20000;
    begin(1);
    run(SECOND);
    gn_sim_cross_stop(&cross);
    const uint64_t sent = cross.tally.sent;
    run(3 * SECOND);
    ck_assert_uint_gt(sent, 100);
    ck_assert_uint_eq(cross.tally.sent, sent);
    ck_assert_uint_eq(pool.used, 0);
    ck_assert_uint_eq(world.heap.count, 0);
}
END_TEST

Suite *
gn_test_cross(void)
{
    Suite *suite = suite_create("sim/cross");
    TCase *good = tcase_create("good");

    tcase_add_checked_fixture(good, set_up, tear_down);
    tcase_set_timeout(good, 60);
    tcase_add_test(good, cross_constant_rate_is_exact);
    tcase_add_test(good, cross_pauses_and_ends_when_it_says);
    tcase_add_test(good, cross_poisson_has_the_rate_and_the_spread);
    tcase_add_test(good, cross_aimd_fills_the_link_and_backs_off);
    tcase_add_test(good, cross_aimd_grows_by_one_packet_a_round_trip);
    tcase_add_loop_test(good, cross_aimd_listens_to_marks, 0, 2);
    tcase_add_test(good, cross_aimd_survives_a_dead_link);
    tcase_add_loop_test(good, cross_stopped_flow_sends_nothing_more, 0, GN_SIM_CROSS_KINDS);
    suite_add_tcase(suite, good);
    return suite;
}
