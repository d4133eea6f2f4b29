/*
 * test_acks.c: what recovery/acks.h promises.
 */
#include <check.h>
#include <signal.h>

#include "prop.h"
#include "recovery/acks.h"
#include "suites.h"
#include "tests/support/random.h"

#define DELAY (25 * GN_MS)
#define NOW (7 * GN_SECOND)

static gn_acks acks;

static void
fresh(void)
{
    gn_acks_init(&acks);
}

static void
note_at(uint64_t pn, bool eliciting, gn_time now)
{
    ck_assert(!gn_acks_seen(&acks, pn));
    gn_acks_note(&acks, pn, eliciting, GN_ECN_NOT_ECT, now, DELAY, GN_ACKS_THRESHOLD);
    ck_assert(gn_acks_seen(&acks, pn));
    ck_assert(gn_acks_check(&acks));
}

static void
note(uint64_t pn)
{
    note_at(pn, true, NOW);
}

static void
sent(gn_time now)
{
    gn_acks_on_sent(&acks, now);
    ck_assert(gn_acks_check(&acks));
    ck_assert(!gn_acks_wants(&acks, GN_NEVER - 1));
}

static gn_acks_report
report(gn_time now)
{
    gn_acks_report out;

    ck_assert(gn_acks_fill(&acks, now, &out));
    return out;
}

START_TEST(acks_of_nothing_wants_nothing)
{
    gn_acks_report out;

    ck_assert(gn_acks_check(&acks));
    ck_assert(!gn_acks_seen(&acks, 0));
    ck_assert(!gn_acks_wants(&acks, NOW));
    ck_assert(!gn_acks_has_news(&acks));
    ck_assert_uint_eq(gn_acks_deadline(&acks), GN_NEVER);
    ck_assert_uint_eq(gn_acks_largest(&acks), GN_ACKS_NONE);
    ck_assert(!gn_acks_fill(&acks, NOW, &out));
}
END_TEST

/* [R-9000-13.2.1-3] */
START_TEST(acks_first_packet_waits_and_second_does_not)
{
    note(0);
    ck_assert(!gn_acks_wants(&acks, NOW));
    ck_assert(gn_acks_has_news(&acks));
    ck_assert_uint_eq(gn_acks_deadline(&acks), NOW + DELAY);
    ck_assert(gn_acks_wants(&acks, NOW + DELAY));
    note_at(1, true, NOW + 5);
    ck_assert(gn_acks_wants(&acks, NOW + 5));
    sent(NOW + 5);
    note_at(2, true, NOW + 6);
    ck_assert(!gn_acks_wants(&acks, NOW + 6));
}
END_TEST

/* [R-9000-13.2.1-2] */
START_TEST(acks_without_delay_wants_at_once)
{
    gn_acks_note(&acks, 0, true, GN_ECN_NOT_ECT, NOW, 0, GN_ACKS_THRESHOLD);
    ck_assert(gn_acks_wants(&acks, NOW));
}
END_TEST

START_TEST(acks_of_a_higher_threshold_wait_for_it)
{
    for (uint64_t pn = 0; pn < 9; pn++) {
        gn_acks_note(&acks, pn, true, GN_ECN_NOT_ECT, NOW, DELAY, 10);
        ck_assert(!gn_acks_wants(&acks, NOW));
    }
    gn_acks_note(&acks, 9, true, GN_ECN_NOT_ECT, NOW, DELAY, 10);
    ck_assert(gn_acks_wants(&acks, NOW));
}
END_TEST

/* [R-9000-13.2.1-1] */
START_TEST(acks_deadline_is_that_of_the_first_one_owed)
{
    gn_acks_note(&acks, 0, true, GN_ECN_NOT_ECT, NOW, DELAY, 10);
    gn_acks_note(&acks, 1, true, GN_ECN_NOT_ECT, NOW + 9, DELAY, 10);
    ck_assert_uint_eq(gn_acks_deadline(&acks), NOW + DELAY);
}
END_TEST

/* [R-9000-13.2.1-4] */
START_TEST(acks_what_elicits_nothing_never_wants)
{
    note_at(0, false, NOW);
    note_at(5, false, NOW);
    note_at(3, false, NOW);
    gn_acks_note(&acks, 7, false, GN_ECN_CE, NOW, DELAY, GN_ACKS_THRESHOLD);
    ck_assert(!gn_acks_wants(&acks, NOW + DELAY));
    ck_assert(!gn_acks_has_news(&acks));
    ck_assert_uint_eq(gn_acks_deadline(&acks), GN_NEVER);
    /* It is told with the next ACK all the same. */
    ck_assert_uint_eq(report(NOW).received->count, 4);
}
END_TEST

START_TEST(acks_gap_wants_at_once)
{
    note(0);
    sent(NOW);
    note(2);
    ck_assert(gn_acks_wants(&acks, NOW));
    sent(NOW);
    /* The gap is told; packets behind it are no reason to hurry. */
    note(3);
    ck_assert(!gn_acks_wants(&acks, NOW));
}
END_TEST

START_TEST(acks_late_packet_wants_at_once)
{
    note(0);
    note(2);
    sent(NOW);
    note(1);
    ck_assert(gn_acks_wants(&acks, NOW));
}
END_TEST

START_TEST(acks_gap_filled_by_what_elicits_nothing_is_none)
{
    note(0);
    sent(NOW);
    note_at(1, false, NOW);
    note(2);
    ck_assert(!gn_acks_wants(&acks, NOW));
}
END_TEST

/* [R-9000-13.4.1-1] */
START_TEST(acks_congestion_mark_wants_at_once_and_counts)
{
    static const gn_ecn_mark_id marks[] = {GN_ECN_ECT0, GN_ECN_ECT1, GN_ECN_NOT_ECT, GN_ECN_ECT0};

    for (uint64_t pn = 0; pn < 4; pn++) {
        gn_acks_note(&acks, pn, true, marks[pn], NOW, DELAY, 100);
        ck_assert(!gn_acks_wants(&acks, NOW));
    }
    gn_acks_note(&acks, 4, true, GN_ECN_CE, NOW, DELAY, 100);
    ck_assert(gn_acks_wants(&acks, NOW));

    const gn_acks_report out = report(NOW);
    ck_assert(out.has_ecn);
    ck_assert_uint_eq(out.ecn.ect0, 2);
    ck_assert_uint_eq(out.ecn.ect1, 1);
    ck_assert_uint_eq(out.ecn.ce, 1);
}
END_TEST

START_TEST(acks_without_marks_report_no_counts)
{
    note(0);
    ck_assert(!report(NOW).has_ecn);
}
END_TEST

/* [R-9000-13.2.5-1] */
START_TEST(acks_delay_runs_from_the_largest)
{
    note_at(4, true, NOW);
    note_at(3, true, NOW + 10);
    const gn_acks_report out = report(NOW + 50);
    ck_assert_uint_eq(out.delay_us, 50);
    ck_assert_uint_eq(out.largest, 4);
    ck_assert_uint_eq(gn_acks_largest(&acks), 4);
}
END_TEST

START_TEST(acks_report_tells_the_ranges)
{
    for (uint64_t pn = 0; pn < 20; pn++)
        if (pn % 5 != 4)
            note(pn);
    const gn_acks_report out = report(NOW);
    ck_assert_uint_eq(out.max_ranges, 4);
    ck_assert_uint_eq(out.received->count, 4);
    ck_assert_uint_eq(out.received->at[3].to, 19);
    ck_assert_uint_eq(out.received->at[0].from, 0);
}
END_TEST

START_TEST(acks_that_arrived_are_told_no_more_but_still_known)
{
    note(0);
    note(2);
    note(4);
    ck_assert_uint_eq(report(NOW).max_ranges, 3);
    gn_acks_on_acked(&acks, 2);
    ck_assert(gn_acks_check(&acks));
    ck_assert_uint_eq(report(NOW).max_ranges, 1);
    ck_assert(gn_acks_seen(&acks, 0) && gn_acks_seen(&acks, 2) && gn_acks_seen(&acks, 4));
    ck_assert(!gn_acks_seen(&acks, 1) && !gn_acks_seen(&acks, 3));

    /* Everything told: the largest is named nevertheless. */
    gn_acks_on_acked(&acks, 4);
    ck_assert_uint_eq(report(NOW).max_ranges, 1);

    /* A straggler has to be told. */
    note(1);
    ck_assert_uint_eq(report(NOW).max_ranges, 2);
}
END_TEST

/* [R-9000-13.2.3-1] [R-9000-13.2.3-2] */
START_TEST(acks_too_many_gaps_drop_the_oldest_and_refuse_it)
{
    for (uint64_t i = 0; i <= GN_RANGES_MAX; i++)
        note(10 + 2 * i);
    ck_assert_uint_eq(acks.received.count, GN_RANGES_MAX);
    ck_assert_uint_eq(acks.received.at[0].from, 12);
    ck_assert(gn_acks_seen(&acks, 10));
    ck_assert(gn_acks_seen(&acks, 3));
    ck_assert(!gn_acks_seen(&acks, 11));
    ck_assert(!gn_acks_seen(&acks, 13));
    /* One that joins two ranges needs no room. */
    note(13);
    ck_assert_uint_eq(acks.received.count, GN_RANGES_MAX - 1);
}
END_TEST

/* [R-9000-12.3-4] */
START_TEST(acks_late_packet_without_room_is_never_accepted_twice)
{
    for (uint64_t i = 0; i < GN_RANGES_MAX; i++)
        note(10 + 2 * i);
    note(5);
    ck_assert_uint_eq(acks.received.count, GN_RANGES_MAX);
    ck_assert_uint_eq(acks.received.at[0].from, 10);
    ck_assert(gn_acks_seen(&acks, 5));
    ck_assert(gn_acks_seen(&acks, 4));
    ck_assert(!gn_acks_seen(&acks, 6));
}
END_TEST

START_TEST(acks_every_other_number_stays_bounded)
{
    for (uint64_t pn = 0; pn < 20000; pn += 2)
        note(pn);
    ck_assert_uint_le(acks.received.count, GN_RANGES_MAX);
    ck_assert_uint_eq(gn_acks_largest(&acks), 19998);
    for (uint64_t pn = 0; pn < 20000; pn += 2)
        ck_assert(gn_acks_seen(&acks, pn));
}
END_TEST

START_TEST(acks_largest_number_there_is_can_be_noted)
{
    note(GN_VARINT_MAX);
    ck_assert_uint_eq(report(NOW).largest, GN_VARINT_MAX);
    gn_acks_on_acked(&acks, GN_VARINT_MAX);
    ck_assert(gn_acks_check(&acks));
}
END_TEST

START_TEST(acks_note_twice_traps)
{
    note(1);
    gn_acks_note(&acks, 1, true, GN_ECN_NOT_ECT, NOW, DELAY, GN_ACKS_THRESHOLD);
}
END_TEST

START_TEST(acks_acked_beyond_what_came_traps)
{
    note(1);
    gn_acks_on_acked(&acks, 2);
}
END_TEST

START_TEST(acks_hold_what_they_promise)
{
    uint64_t state = (uint64_t)_i;
    uint8_t ops[600];

    gn_test_random_fill(&state, ops, sizeof ops);
    ck_assert(gn_prop_acks(ops, sizeof ops));
}
END_TEST

Suite *
gn_test_acks(void)
{
    Suite *s = suite_create("recovery/acks");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, fresh, NULL);
    tcase_add_checked_fixture(limits, fresh, NULL);
    tcase_add_test(good, acks_of_nothing_wants_nothing);
    tcase_add_test(good, acks_first_packet_waits_and_second_does_not);
    tcase_add_test(good, acks_without_delay_wants_at_once);
    tcase_add_test(good, acks_of_a_higher_threshold_wait_for_it);
    tcase_add_test(good, acks_deadline_is_that_of_the_first_one_owed);
    tcase_add_test(good, acks_what_elicits_nothing_never_wants);
    tcase_add_test(good, acks_gap_wants_at_once);
    tcase_add_test(good, acks_late_packet_wants_at_once);
    tcase_add_test(good, acks_gap_filled_by_what_elicits_nothing_is_none);
    tcase_add_test(good, acks_congestion_mark_wants_at_once_and_counts);
    tcase_add_test(good, acks_without_marks_report_no_counts);
    tcase_add_test(good, acks_delay_runs_from_the_largest);
    tcase_add_test(good, acks_report_tells_the_ranges);
    tcase_add_test(good, acks_that_arrived_are_told_no_more_but_still_known);
    tcase_add_test(limits, acks_too_many_gaps_drop_the_oldest_and_refuse_it);
    tcase_add_test(limits, acks_late_packet_without_room_is_never_accepted_twice);
    tcase_add_test(limits, acks_every_other_number_stays_bounded);
    tcase_add_test(limits, acks_largest_number_there_is_can_be_noted);
    tcase_add_test_raise_signal(limits, acks_note_twice_traps, SIGABRT);
    tcase_add_test_raise_signal(limits, acks_acked_beyond_what_came_traps, SIGABRT);
    tcase_add_loop_test(random, acks_hold_what_they_promise, 0, 200);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
