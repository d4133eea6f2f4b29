/*
 * test_queue_dualq.c: what sim/queue_dualq.h promises: the coupling, the ramp, whose turn it is.
 */
#include <check.h>

#include "gnomon.h"
#include "sim/codel.h"
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
    settings.aqm = GN_SIM_AQM_DUALQ;
}

static void
tear_down(void)
{
    ck_assert_uint_eq(track.pool.used, 0);
    gn_test_track_free(&track);
}

/* A classic flow (0) that nothing slows, a packet each gap_us, and half a megabit of L4S (1). */
static void
both(uint64_t gap_us, uint64_t seconds, uint8_t classic)
{
    uint64_t next_us = 0;

    gn_test_track_init(&track, &settings, 1);
    for (uint64_t at = 0; at < seconds * 1000000; at += 100) {
        gn_test_track_run(&track, at);
        if (at >= next_us) {
            gn_test_track_send_flow(&track, 1222, classic, 0);
            next_us += gap_us;
        }
        if (at % 1600 == 0)
            gn_test_track_send_flow(&track, 72, GN_MARK_ECT1, 1);
    }
    gn_test_track_run(&track, UINT64_MAX);
}

/* What comes in too much must go: p_C is known, and p_CL = k * sqrt(p_C) follows. */
static void
check_coupling(uint64_t factor)
{
    const uint64_t sent_c = 60 * 1000000 / 955 + 1;
    const uint64_t dropped = track.fates[GN_SIM_FATE_DROPPED_AQM];
    const uint64_t sent_l = 60 * 1000000 / 1600;
    const uint64_t marked = gn_test_track_count(&track, 1, GN_MARK_CE);
    /* Of a million. */
    const uint64_t p_c = dropped * 1000000 / sent_c;
    const uint64_t p_l = marked * 1000000 / sent_l;
    const uint64_t law = factor * gn_sim_codel_root(p_c * 1000000);

    ck_assert_uint_eq(gn_test_track_count(&track, 1, GN_MARK_CE) +
                          gn_test_track_count(&track, 1, GN_MARK_ECT1),
                      sent_l);
    ck_assert_uint_gt(p_c, 60000);
    ck_assert_uint_lt(p_c, 120000);
    ck_assert_msg(p_l * 100 > law * 95 && p_l * 100 < law * 105, "p_C %lu, p_L %lu, law %lu",
                  (unsigned long)p_c, (unsigned long)p_l, (unsigned long)law);
}

START_TEST(queue_dualq_marks_l_by_k_times_the_root_of_what_c_drops)
{
    settings.dualq.ramp_min_us = 50000; /* no marks of L's own */
    settings.dualq.ramp_max_us = 60000;
    both(955, 60, GN_MARK_NOT_ECT);
    check_coupling(2);
}
END_TEST

START_TEST(queue_dualq_coupling_of_one_halves_it)
{
    settings.dualq.ramp_min_us = 50000;
    settings.dualq.ramp_max_us = 60000;
    settings.dualq.coupling = 1;
    both(955, 60, GN_MARK_NOT_ECT);
    check_coupling(1);
}
END_TEST

/* L waits for the packet on the wire and no more; C is held at its target. */
START_TEST(queue_dualq_keeps_l_short_and_c_at_its_target)
{
    both(955, 60, GN_MARK_NOT_ECT);
    ck_assert_uint_lt(gn_test_track_wait(&track, 1, 20000000, 99), 2500);
    ck_assert_uint_gt(gn_test_track_wait(&track, 0, 20000000, 50), 12000);
    ck_assert_uint_lt(gn_test_track_wait(&track, 0, 20000000, 50), 20000);
}
END_TEST

START_TEST(queue_dualq_marks_ect0_in_c_and_drops_not_ect)
{
    both(955, 20, GN_MARK_ECT0);
    ck_assert_uint_gt(gn_test_track_count(&track, 0, GN_MARK_CE), 500);
    gn_test_track_free(&track);
    both(955, 20, GN_MARK_NOT_ECT);
    ck_assert_uint_eq(gn_test_track_count(&track, 0, GN_MARK_CE), 0);
    ck_assert_uint_gt(track.fates[GN_SIM_FATE_DROPPED_AQM], 500);
}
END_TEST

/* RFC 9332 2.5.1.1: CE from upstream goes with ECT(1), lest it be reordered among them. */
START_TEST(queue_dualq_serves_ect1_and_ce_before_what_waited_less_than_the_head_start)
{
    gn_test_track_init(&track, &settings, 1);
    for (int i = 0; i < 10; i++)
        gn_test_track_send_flow(&track, 1222, i % 2 == 0 ? GN_MARK_ECT0 : GN_MARK_NOT_ECT, 0);
    gn_test_track_send_flow(&track, 1222, GN_MARK_ECT1, 1);
    gn_test_track_send_flow(&track, 1222, GN_MARK_CE, 1);
    gn_test_track_run(&track, UINT64_MAX);
    ck_assert_uint_eq(track.order[0], 0);
    ck_assert_uint_eq(track.order[1], 10);
    ck_assert_uint_eq(track.order[2], 11);
    ck_assert_uint_eq(track.order[3], 1);
}
END_TEST

/* L cannot starve C: after shift_us C goes first. */
START_TEST(queue_dualq_head_start_is_bounded)
{
    uint64_t worst = 0;

    gn_test_track_init(&track, &settings, 1);
    gn_test_track_send_flow(&track, 1222, GN_MARK_ECT1, 1);
    gn_test_track_send_flow(&track, 1222, GN_MARK_NOT_ECT, 0);
    for (uint64_t i = 0; i < 300; i++) { /* L alone offers more than the link carries */
        gn_test_track_run(&track, i * 500);
        gn_test_track_send_flow(&track, 1222, GN_MARK_ECT1, 1);
    }
    gn_test_track_run(&track, UINT64_MAX);
    for (uint64_t i = 0; i < track.arrived; i++)
        if (track.flow[i] == 0)
            worst = track.took_us[i];
    ck_assert_uint_gt(worst, 30000);
    ck_assert_uint_lt(worst, 70000); /* by then L, too, has waited */
}
END_TEST

START_TEST(queue_dualq_ramp_marks_l_by_its_own_wait)
{
    const gn_sim_queue_dualq_settings *dualq = &settings.dualq;

    ck_assert_uint_eq(gn_sim_queue_dualq_native(dualq, 800), 0);
    ck_assert_uint_eq(gn_sim_queue_dualq_native(dualq, 1000), GN_SIM_CERTAIN / 2);
    ck_assert_uint_eq(gn_sim_queue_dualq_native(dualq, 1200), GN_SIM_CERTAIN);
    gn_test_track_init(&track, &settings, 1);
    for (int i = 0; i < 10; i++) /* no classic traffic at all */
        gn_test_track_send_flow(&track, 1222, GN_MARK_ECT1, 1);
    gn_test_track_run(&track, UINT64_MAX);
    /* Waits of 0, 1, 2, ... ms: the second adds one half, those behind it one each. */
    ck_assert_uint_eq(gn_test_track_count(&track, 1, GN_MARK_CE), 8);
    ck_assert_uint_eq(track.ecn[1], GN_MARK_ECT1);
    ck_assert_uint_eq(track.ecn[2], GN_MARK_CE);
}
END_TEST

/* From 0, 115 ms against 15: 0.16 * 0.1 + 3.2 * 0.115 = 0.384. */
START_TEST(queue_dualq_step_is_the_formula)
{
    gn_sim_queue_dualq dualq = {0};
    const uint64_t first = GN_SIM_CERTAIN / 1000 * 384;

    gn_sim_queue_dualq_update(&dualq, &settings.dualq, 115000);
    ck_assert_uint_ge(dualq.base, first / 1000 * 999);
    ck_assert_uint_le(dualq.base, first / 1000 * 1001);
    ck_assert_uint_eq(dualq.classic, dualq.base * dualq.base >> 32);
    ck_assert_uint_eq(dualq.coupled, 2 * dualq.base);
    gn_sim_queue_dualq_update(&dualq, &settings.dualq, 10000000);
    ck_assert_uint_eq(dualq.base, GN_SIM_CERTAIN);
    ck_assert_uint_eq(dualq.classic, GN_SIM_CERTAIN);
    ck_assert_uint_eq(dualq.coupled, GN_SIM_CERTAIN);
    for (int i = 0; i < 1000; i++)
        gn_sim_queue_dualq_update(&dualq, &settings.dualq, 0);
    ck_assert_uint_eq(dualq.base, 0);
    gn_test_track_init(&track, &settings, 1);
}
END_TEST

/* Twice what the link carries: beyond 1/k^2 there is no marking of C, and L drops as well. */
START_TEST(queue_dualq_drops_in_overload_whatever_the_mark)
{
    both(500, 20, GN_MARK_ECT0);
    ck_assert_uint_gt(track.fates[GN_SIM_FATE_DROPPED_AQM] * 100, 40 * track.sent);
    ck_assert_uint_lt(gn_test_track_count(&track, 1, GN_MARK_CE) +
                          gn_test_track_count(&track, 1, GN_MARK_ECT1),
                      20 * 1000000 / 1600 * 7 / 10);
}
END_TEST

Suite *
gn_test_queue_dualq(void)
{
    Suite *suite = suite_create("sim/queue_dualq");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(good, set_up, tear_down);
    tcase_add_checked_fixture(limits, set_up, tear_down);
    tcase_add_test(good, queue_dualq_marks_l_by_k_times_the_root_of_what_c_drops);
    tcase_add_test(good, queue_dualq_coupling_of_one_halves_it);
    tcase_add_test(good, queue_dualq_keeps_l_short_and_c_at_its_target);
    tcase_add_test(good, queue_dualq_marks_ect0_in_c_and_drops_not_ect);
    tcase_add_test(good,
                   queue_dualq_serves_ect1_and_ce_before_what_waited_less_than_the_head_start);
    tcase_add_test(limits, queue_dualq_head_start_is_bounded);
    tcase_add_test(limits, queue_dualq_ramp_marks_l_by_its_own_wait);
    tcase_add_test(limits, queue_dualq_step_is_the_formula);
    tcase_add_test(limits, queue_dualq_drops_in_overload_whatever_the_mark);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    return suite;
}
