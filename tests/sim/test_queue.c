/*
 * test_queue.c: what sim/queue.h promises: each discipline judges as its RFC has it.
 */
#include <check.h>

#include "gnomon.h"
#include "suites.h"
#include "support/track.h"

static gn_test_track track;
static gn_sim_link_settings settings;

/* 10 Mbit/s: a packet of 1,222 bytes takes a millisecond. */
static void
set_up(void)
{
    gn_sim_link_settings_default(&settings);
    settings.rate_bits = 10000000;
}

static void
tear_down(void)
{
    ck_assert_uint_eq(track.pool.used, 0);
    gn_test_track_free(&track);
}

/* Packets of a millisecond each, one every gap_us, for so many seconds, all with that mark. */
static void
flood(uint64_t gap_us, uint64_t seconds, uint8_t mark)
{
    const uint64_t count = seconds * 1000000 / gap_us;

    gn_test_track_init(&track, &settings, 1);
    for (uint64_t i = 0; i < count; i++) {
        gn_test_track_run(&track, i * gap_us);
        gn_test_track_send(&track, 1222, mark);
    }
    gn_test_track_run(&track, UINT64_MAX);
}

/* ---- RED ---- */

/* A queue that stands at 60 kB, the middle of 30 and 90, where one packet in twenty is due. */
START_TEST(queue_red_marks_by_the_average_and_spreads_it)
{
    uint64_t before = 0;
    uint64_t longest = 0;

    settings.aqm = GN_SIM_AQM_RED;
    gn_test_track_init(&track, &settings, 1);
    for (int i = 0; i < 49; i++)
        gn_test_track_send(&track, 1222, GN_MARK_ECT0);
    for (uint64_t i = 0; i < 20000; i++) {
        gn_test_track_run(&track, i * 1000);
        gn_test_track_send(&track, 1222, GN_MARK_ECT0);
    }
    gn_test_track_run(&track, UINT64_MAX);
    ck_assert_uint_eq(track.arrived, 20049);
    /* Gaps are even from 1 to 1/p: on average 10.5, and never more than 20. */
    ck_assert_uint_gt(track.fates[GN_SIM_FATE_MARKED], 20000 * 10 / 105 * 93 / 100);
    ck_assert_uint_lt(track.fates[GN_SIM_FATE_MARKED], 20000 * 10 / 105 * 107 / 100);
    for (uint64_t i = 5000; i < track.arrived; i++) {
        if (track.ecn[i] != GN_MARK_CE)
            continue;
        longest = before != 0 && i - before > longest ? i - before : longest;
        before = i;
    }
    ck_assert_uint_ge(longest, 18);
    ck_assert_uint_le(longest, 22);
}
END_TEST

START_TEST(queue_red_holds_the_average_below_max)
{
    settings.aqm = GN_SIM_AQM_RED;
    flood(667, 20, GN_MARK_NOT_ECT); /* half as much again */
    const uint64_t dropped = track.fates[GN_SIM_FATE_DROPPED_AQM];
    ck_assert_uint_eq(track.fates[GN_SIM_FATE_MARKED], 0);
    ck_assert_uint_eq(track.arrived + dropped, 20 * 1000000 / 667);
    ck_assert_uint_gt(dropped * 100, 30 * track.sent);
    ck_assert_uint_lt(dropped * 100, 36 * track.sent);
    /* 90 kB are 72 ms; the average follows slowly, so a first burst goes beyond. */
    ck_assert_uint_lt(gn_test_track_wait(&track, 0, 2000000, 99), 110000);
    ck_assert_uint_gt(gn_test_track_wait(&track, 0, 2000000, 50), 40000);
}
END_TEST

START_TEST(queue_red_drops_ect_too_when_it_may_not_mark)
{
    settings.aqm = GN_SIM_AQM_RED;
    settings.aqm_marks = 0;
    flood(900, 10, GN_MARK_ECT0);
    ck_assert_uint_eq(track.fates[GN_SIM_FATE_MARKED], 0);
    ck_assert_uint_gt(track.fates[GN_SIM_FATE_DROPPED_AQM], 300);
}
END_TEST

START_TEST(queue_red_forgets_while_it_is_idle)
{
    settings.aqm = GN_SIM_AQM_RED;
    flood(800, 5, GN_MARK_ECT0);
    ck_assert_uint_gt(track.link.queue.as.red.average >> 16, 30000);
    gn_test_track_run(&track, 20000000);
    gn_test_track_send(&track, 1222, GN_MARK_ECT0);
    ck_assert_uint_lt(track.link.queue.as.red.average >> 16, 10);
    gn_test_track_run(&track, UINT64_MAX);
}
END_TEST

/* ---- PIE ---- */

START_TEST(queue_pie_holds_the_wait_at_its_target)
{
    settings.aqm = GN_SIM_AQM_PIE;
    flood(800, 60, GN_MARK_NOT_ECT); /* a quarter too much: a fifth has to go */
    ck_assert_uint_gt(track.fates[GN_SIM_FATE_DROPPED_AQM] * 100, 18 * track.sent);
    ck_assert_uint_lt(track.fates[GN_SIM_FATE_DROPPED_AQM] * 100, 22 * track.sent);
    ck_assert_uint_gt(gn_test_track_wait(&track, 0, 20000000, 50), 11000);
    ck_assert_uint_lt(gn_test_track_wait(&track, 0, 20000000, 50), 19000);
    ck_assert_uint_lt(gn_test_track_wait(&track, 0, 20000000, 99), 40000);
}
END_TEST

/* RFC 8033 5.1: beyond one in ten it drops even what could be marked. */
START_TEST(queue_pie_marks_only_up_to_a_tenth)
{
    settings.aqm = GN_SIM_AQM_PIE;
    flood(970, 60, GN_MARK_ECT0); /* three percent too much, and marks change nothing here */
    ck_assert_uint_gt(track.fates[GN_SIM_FATE_MARKED], 50);
    ck_assert_uint_gt(track.fates[GN_SIM_FATE_DROPPED_AQM], 500);
    gn_test_track_free(&track);
    flood(1000, 30, GN_MARK_ECT0);
    ck_assert_uint_eq(track.fates[GN_SIM_FATE_DROPPED_AQM], 0);
}
END_TEST

/* Five times too much, and short intervals: without the allowance it drops within 300 ms. */
START_TEST(queue_pie_leaves_a_first_burst_alone)
{
    settings.aqm = GN_SIM_AQM_PIE;
    settings.pie =
        (gn_sim_queue_pie_settings){.target_us = 1000, .interval_us = 1000, .burst_us = 400000};
    for (int i = 0; i < 2; i++) {
        gn_test_track_init(&track, &settings, 1);
        for (uint64_t at = 0; at < 380000; at += 200) {
            gn_test_track_run(&track, at);
            gn_test_track_send(&track, 1222, 0);
        }
        if (i == 0)
            ck_assert_uint_eq(track.fates[GN_SIM_FATE_DROPPED_AQM], 0);
        else
            ck_assert_uint_gt(track.fates[GN_SIM_FATE_DROPPED_AQM], 100);
        gn_test_track_run(&track, UINT64_MAX);
        if (i == 0)
            gn_test_track_free(&track);
        settings.pie.burst_us = 0;
    }
}
END_TEST

/* From 0, 100 ms against 15: (1/8 * 0.085 + 5/4 * 0.1) / 2048. */
START_TEST(queue_pie_step_is_the_formula)
{
    const gn_sim_queue_pie_settings pie_settings = {15000, 15000, 150000};
    gn_sim_queue_pie pie = {0};
    const uint64_t first = GN_SIM_CERTAIN / 1000000 * 135625 / 2048;

    gn_sim_queue_pie_update(&pie, &pie_settings, 100000);
    ck_assert_uint_ge(pie.probability, first * 995 / 1000);
    ck_assert_uint_le(pie.probability, first * 1005 / 1000);
    /* The same wait again: only the distance counts, and 6.6e-5 is tuned by 128. */
    const uint64_t before = pie.probability;
    gn_sim_queue_pie_update(&pie, &pie_settings, 100000);
    const uint64_t second = GN_SIM_CERTAIN / 1000000 * 10625 / 128;
    ck_assert_uint_ge(pie.probability - before, second * 995 / 1000);
    ck_assert_uint_le(pie.probability - before, second * 1005 / 1000);
    /* High up it moves by two percent at most, and two more beyond 250 ms. */
    pie = (gn_sim_queue_pie){.probability = GN_SIM_CERTAIN / 2};
    gn_sim_queue_pie_update(&pie, &pie_settings, 10000000);
    ck_assert_uint_eq(pie.probability, GN_SIM_CERTAIN / 2 + 2 * (GN_SIM_CERTAIN / 50));
    for (int i = 0; i < 3000; i++)
        gn_sim_queue_pie_update(&pie, &pie_settings, 0);
    ck_assert_uint_eq(pie.probability, 0);
    ck_assert_uint_eq(pie.burst_us, 150000);
}
END_TEST

/* ---- FQ-CoDel ---- */

/* 20 Mbit/s of flow 0 and 0.2 of flow 1 into 10. */
static void
thick_and_thin(void)
{
    settings.aqm = GN_SIM_AQM_FQ_CODEL;
    settings.queue_bytes = 100000;
    gn_test_track_init(&track, &settings, 1);
    for (uint64_t i = 0; i < 20000; i++) {
        gn_test_track_run(&track, i * 500);
        gn_test_track_send_flow(&track, 1222, 0, 0);
        if (i % 20 == 0)
            gn_test_track_send_flow(&track, 222, 0, 1);
    }
    gn_test_track_run(&track, UINT64_MAX);
}

START_TEST(queue_fq_keeps_a_thick_flow_from_a_thin_one)
{
    thick_and_thin();
    ck_assert_uint_eq(gn_test_track_count(&track, 1, GN_MARK_NOT_ECT), 1000);
    ck_assert_uint_lt(gn_test_track_wait(&track, 1, 0, 100), 2300); /* one in front, and its own */
    ck_assert_uint_gt(gn_test_track_wait(&track, 0, 1000000, 50), 20000);
    ck_assert_uint_gt(track.fates[GN_SIM_FATE_DROPPED_AQM], 20);
    ck_assert_uint_gt(track.fates[GN_SIM_FATE_DROPPED_QUEUE], 1000);
}
END_TEST

START_TEST(queue_fq_with_one_queue_does_not)
{
    settings.fq.flows = 1;
    thick_and_thin();
    ck_assert_uint_gt(gn_test_track_wait(&track, 1, 1000000, 50), 20000);
}
END_TEST

/* Three flows, each of which could fill the link: a third each, whatever their packets' size. */
START_TEST(queue_fq_shares_bytes_evenly)
{
    uint64_t bytes[3] = {0};
    static const size_t sizes[3] = {1222, 622, 322};

    settings.aqm = GN_SIM_AQM_FQ_CODEL;
    settings.queue_bytes = 200000;
    gn_test_track_init(&track, &settings, 1);
    for (uint64_t i = 0; i < 80000; i++) {
        gn_test_track_run(&track, i * 125);
        for (uint8_t flow = 0; flow < 3; flow++)
            if (i % (flow == 0 ? 4 : flow == 1 ? 2 : 1) == 0)
                gn_test_track_send_flow(&track, sizes[flow], 0, flow);
    }
    gn_test_track_run(&track, UINT64_MAX);
    for (uint64_t i = 0; i < track.arrived; i++)
        bytes[track.flow[i]] += sizes[track.flow[i]] + GN_SIM_OVERHEAD_BYTES;
    for (int flow = 0; flow < 3; flow++) {
        ck_assert_uint_gt(bytes[flow] * 3 * 100, (bytes[0] + bytes[1] + bytes[2]) * 97);
        ck_assert_uint_lt(bytes[flow] * 3 * 100, (bytes[0] + bytes[1] + bytes[2]) * 103);
    }
}
END_TEST

START_TEST(queue_fq_keeps_the_order_of_each_flow)
{
    uint64_t last[2] = {0};

    settings.aqm = GN_SIM_AQM_FQ_CODEL;
    settings.queue_bytes = 30000;
    gn_test_track_init(&track, &settings, 3);
    for (uint64_t i = 0; i < 4000; i++) {
        gn_test_track_run(&track, i * 400);
        gn_test_track_send_flow(&track, 1222, GN_MARK_ECT0, (uint8_t)(i % 3 == 0));
    }
    gn_test_track_run(&track, UINT64_MAX);
    for (uint64_t i = 0; i < track.arrived; i++) {
        ck_assert_uint_ge(track.order[i], last[track.flow[i]]);
        last[track.flow[i]] = track.order[i];
    }
    ck_assert_uint_gt(track.fates[GN_SIM_FATE_MARKED], 5);
}
END_TEST

/* ---- Limits, and a change in mid-run ---- */

START_TEST(queue_every_discipline_respects_the_limit)
{
    for (uint64_t aqm = 0; aqm < GN_SIM_AQMS; aqm++) {
        settings.aqm = aqm;
        settings.queue_bytes = 20000;
        flood(200, 2, GN_MARK_ECT1);
        ck_assert_uint_le(track.link.queue.peak_bytes, 20000);
        ck_assert_uint_gt(track.link.queue.peak_bytes, 17000);
        ck_assert_uint_eq(track.arrived + track.fates[GN_SIM_FATE_DROPPED_QUEUE] +
                              track.fates[GN_SIM_FATE_DROPPED_AQM],
                          track.sent);
        ck_assert_uint_eq(track.link.queue.bytes, 0);
        if (aqm + 1 < GN_SIM_AQMS)
            gn_test_track_free(&track);
    }
}
END_TEST

START_TEST(queue_change_of_discipline_loses_nothing_that_waits)
{
    gn_test_track_init(&track, &settings, 1);
    for (int i = 0; i < 40; i++)
        gn_test_track_send_flow(&track, 1222, GN_MARK_ECT1, (uint8_t)(i % 3));
    for (uint64_t aqm = 0; aqm < 3 * GN_SIM_AQMS; aqm++) {
        gn_test_track_run(&track, 1000 * (aqm + 1));
        settings.aqm = aqm % GN_SIM_AQMS;
        gn_sim_link_change(&track.link, &settings);
    }
    gn_test_track_run(&track, UINT64_MAX);
    ck_assert_uint_eq(track.arrived, 40);
}
END_TEST

START_TEST(queue_of_every_discipline_is_dropped_with_a_cut)
{
    for (uint64_t aqm = 0; aqm < GN_SIM_AQMS; aqm++) {
        settings.aqm = aqm;
        gn_test_track_init(&track, &settings, 1);
        for (int i = 0; i < 20; i++)
            gn_test_track_send_flow(&track, 1222, GN_MARK_ECT0, (uint8_t)(i % 3));
        gn_sim_link_set_up(&track.link, false);
        gn_test_track_run(&track, UINT64_MAX);
        ck_assert_uint_eq(track.arrived, 1);
        ck_assert_uint_eq(track.fates[GN_SIM_FATE_DROPPED_BLACKOUT], 19);
        if (aqm + 1 < GN_SIM_AQMS)
            gn_test_track_free(&track);
    }
}
END_TEST

Suite *
gn_test_queue(void)
{
    Suite *suite = suite_create("sim/queue");
    TCase *random = tcase_create("random");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(random, set_up, tear_down);
    tcase_add_checked_fixture(limits, set_up, tear_down);
    tcase_add_test(random, queue_red_marks_by_the_average_and_spreads_it);
    tcase_add_test(random, queue_red_holds_the_average_below_max);
    tcase_add_test(random, queue_red_drops_ect_too_when_it_may_not_mark);
    tcase_add_test(random, queue_red_forgets_while_it_is_idle);
    tcase_add_test(random, queue_pie_holds_the_wait_at_its_target);
    tcase_add_test(random, queue_pie_marks_only_up_to_a_tenth);
    tcase_add_test(random, queue_pie_leaves_a_first_burst_alone);
    tcase_add_test(limits, queue_pie_step_is_the_formula);
    tcase_add_test(random, queue_fq_keeps_a_thick_flow_from_a_thin_one);
    tcase_add_test(random, queue_fq_with_one_queue_does_not);
    tcase_add_test(random, queue_fq_shares_bytes_evenly);
    tcase_add_test(random, queue_fq_keeps_the_order_of_each_flow);
    tcase_add_test(limits, queue_every_discipline_respects_the_limit);
    tcase_add_test(limits, queue_change_of_discipline_loses_nothing_that_waits);
    tcase_add_test(limits, queue_of_every_discipline_is_dropped_with_a_cut);
    suite_add_tcase(suite, random);
    suite_add_tcase(suite, limits);
    return suite;
}
