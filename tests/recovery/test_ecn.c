/*
 * test_ecn.c: what recovery/ecn.h promises.
 */
#include <check.h>
#include <signal.h>

#include "prop.h"
#include "recovery/ecn.h"
#include "suites.h"
#include "tests/support/random.h"

static gn_ecn ecn;
static gn_ecn_ledger ledger;
static gn_ecn_ack ack;

static void
fresh(void)
{
    gn_ecn_init(&ecn, GN_ECN_ECT0);
    gn_ecn_ledger_init(&ledger);
    ack = (gn_ecn_ack){.has_counts = true, .raises_largest = true};
}

/* Packets with the mark the path asks for. */
static void
send(int count)
{
    for (int i = 0; i < count; i++)
        gn_ecn_on_sent(&ecn, &ledger, gn_ecn_mark(&ecn), true);
    ck_assert(gn_ecn_check(&ecn));
}

/* So many packets of this path newly acknowledged; the counts are totals. */
static gn_ecn_verdict
report(uint32_t here, uint64_t ect0, uint64_t ect1, uint64_t ce)
{
    ack.ect0_here = here;
    ack.counts = (gn_ecn_counts){.ect0 = ect0, .ect1 = ect1, .ce = ce};
    const gn_ecn_verdict verdict = gn_ecn_on_ack(&ecn, &ledger, &ack);
    ck_assert(gn_ecn_check(&ecn));
    return verdict;
}

START_TEST(ecn_tests_with_ten_packets_and_then_waits)
{
    send(9);
    ck_assert_int_eq(ecn.state, GN_ECN_TESTING);
    ck_assert_int_eq(gn_ecn_mark(&ecn), GN_ECN_ECT0);
    send(1);
    ck_assert_int_eq(ecn.state, GN_ECN_UNKNOWN);
    ck_assert_int_eq(gn_ecn_mark(&ecn), GN_ECN_NOT_ECT);
    send(50);
    ck_assert_uint_eq(ecn.sent, 10);
}
END_TEST

START_TEST(ecn_off_marks_nothing_and_judges_nothing)
{
    gn_ecn_init(&ecn, GN_ECN_NOT_ECT);
    send(3);
    ck_assert_int_eq(gn_ecn_mark(&ecn), GN_ECN_NOT_ECT);
    const gn_ecn_verdict v = report(0, 0, 0, 3);
    ck_assert(!v.failed && !v.capable);
    ck_assert_uint_eq(v.ce, 0);
}
END_TEST

START_TEST(ecn_right_report_makes_the_path_capable)
{
    send(_i);
    const gn_ecn_verdict v = report(2, 2, 0, 0);
    ck_assert(v.capable && !v.failed);
    ck_assert_uint_eq(v.ce, 0);
    ck_assert_int_eq(gn_ecn_mark(&ecn), GN_ECN_ECT0);
    ck_assert(!report(1, 3, 0, 0).capable);
}
END_TEST

START_TEST(ecn_report_of_unmarked_packets_proves_nothing)
{
    send(10);
    ck_assert(!report(0, 0, 0, 0).capable);
    ack.has_counts = false;
    ck_assert(!report(0, 0, 0, 0).failed);
    ck_assert_int_eq(ecn.state, GN_ECN_UNKNOWN);
}
END_TEST

START_TEST(ecn_congestion_marks_are_passed_on_once)
{
    send(10);
    ck_assert_uint_eq(report(5, 3, 0, 2).ce, 2);
    ck_assert_int_eq(ecn.state, GN_ECN_CAPABLE);
    ck_assert_uint_eq(report(5, 8, 0, 2).ce, 0);
    send(1);
    ck_assert_uint_eq(report(1, 8, 0, 3).ce, 1);
}
END_TEST

/* Ten marked packets are out; what a report of some of them leads to. */
static const struct {
    const char *what;
    uint32_t here;
    uint64_t ect0, ect1, ce;
    bool has_counts;
} wrong[] = {
    {"no counts at all", 1, 0, 0, 0, false},
    {"fewer than acknowledged", 5, 4, 0, 0, true},
    {"fewer, CE included", 5, 2, 0, 2, true},
    {"another mark than was sent", 5, 0, 5, 0, true},
    {"a mark that was never sent", 5, 5, 1, 0, true},
    {"more than were sent", 5, 11, 0, 0, true},
    {"more than were sent, none acknowledged", 0, 11, 0, 0, true},
};

/* [R-9000-13.4.2.2-1] */
START_TEST(ecn_wrong_report_fails_the_path)
{
    send(10);
    ack.has_counts = wrong[_i].has_counts;
    const gn_ecn_verdict v = report(wrong[_i].here, wrong[_i].ect0, wrong[_i].ect1, wrong[_i].ce);
    ck_assert_msg(v.failed && !v.capable && v.ce == 0, "%s", wrong[_i].what);
    ck_assert_int_eq(ecn.state, GN_ECN_FAILED);
    ck_assert_int_eq(gn_ecn_mark(&ecn), GN_ECN_NOT_ECT);
    /* It fails once. */
    ack.has_counts = false;
    ck_assert(!report(1, 0, 0, 0).failed);
}
END_TEST

/* [R-9000-13.4.2.2-2] */
START_TEST(ecn_capable_path_fails_when_counts_go_wrong_later)
{
    send(10);
    ck_assert(report(10, 10, 0, 0).capable);
    send(5);
    ck_assert(report(5, 12, 0, 0).failed);
}
END_TEST

START_TEST(ecn_counts_that_fall_fail_the_path)
{
    send(10);
    ck_assert(report(5, 5, 0, 0).capable);
    ck_assert(report(0, 4, 0, 0).failed);
}
END_TEST

/* [R-9000-13.4.2.1-1] */
START_TEST(ecn_ack_that_came_late_fails_nothing)
{
    send(10);
    ack.raises_largest = false;
    const gn_ecn_verdict v = report(3, 1, 0, 0);
    ck_assert(!v.failed && !v.capable && v.ce == 0);
    ck_assert_uint_eq(ledger.seen.ect0, 0);
    /* It tested nothing either; the test goes on with as many more. */
    ck_assert_int_eq(ecn.state, GN_ECN_TESTING);
    ck_assert_uint_eq(ecn.sent, 7);
}
END_TEST

START_TEST(ecn_acks_that_were_lost_only_raise_the_counts)
{
    send(10);
    ck_assert(report(2, 9, 0, 1).capable);
}
END_TEST

START_TEST(ecn_path_fails_when_all_marked_packets_are_lost)
{
    send(10);
    for (int i = 0; i < 9; i++) {
        gn_ecn_on_lost(&ecn);
        ck_assert_int_eq(ecn.state, GN_ECN_UNKNOWN);
    }
    gn_ecn_on_lost(&ecn);
    ck_assert_int_eq(ecn.state, GN_ECN_FAILED);
}
END_TEST

START_TEST(ecn_path_fails_when_all_marked_packets_are_congestion_marked)
{
    send(10);
    ck_assert_uint_eq(report(6, 0, 0, 6).ce, 6);
    ck_assert_int_eq(ecn.state, GN_ECN_UNKNOWN);
    gn_ecn_on_lost(&ecn);
    const gn_ecn_verdict v = report(3, 0, 0, 9);
    ck_assert(v.failed && !v.capable);
}
END_TEST

START_TEST(ecn_two_probe_timeouts_end_the_marking)
{
    send(1);
    gn_ecn_on_pto(&ecn);
    ck_assert_int_eq(gn_ecn_mark(&ecn), GN_ECN_ECT0);
    send(1);
    gn_ecn_on_pto(&ecn);
    ck_assert_int_eq(gn_ecn_mark(&ecn), GN_ECN_NOT_ECT);
    gn_ecn_on_lost(&ecn);
    gn_ecn_on_lost(&ecn);
    ck_assert_int_eq(ecn.state, GN_ECN_FAILED);
}
END_TEST

START_TEST(ecn_discarded_packets_are_no_test)
{
    send(10);
    gn_ecn_on_forgotten(&ecn);
    ck_assert_int_eq(ecn.state, GN_ECN_TESTING);
    send(1);
    ck_assert_int_eq(ecn.state, GN_ECN_UNKNOWN);
}
END_TEST

START_TEST(ecn_new_path_is_not_judged_by_the_old_one)
{
    /* The old path bleached every mark, unnoticed so far. */
    send(10);
    gn_ecn_init(&ecn, GN_ECN_ECT0);
    send(4);

    /* ACKs for old packets only: nothing for the new path to answer for, not even congestion. */
    ack.ect0_other = 6;
    ck_assert(!report(0, 0, 0, 0).failed);
    ck_assert_uint_eq(report(0, 0, 0, 1).ce, 0);
    ck_assert_int_eq(ecn.state, GN_ECN_TESTING);

    /* One for both: enough for the new ones, so no failure, but no proof. */
    ack.ect0_other = 4;
    const gn_ecn_verdict v = report(2, 2, 0, 1);
    ck_assert(!v.failed && !v.capable);
    ck_assert_int_eq(ecn.state, GN_ECN_TESTING);

    ack.ect0_other = 0;
    ck_assert(report(2, 4, 0, 1).capable);
}
END_TEST

START_TEST(ecn_new_path_fails_by_its_own_packets_among_old_ones)
{
    send(10);
    gn_ecn_init(&ecn, GN_ECN_ECT0);
    send(4);
    ack.ect0_other = 1;
    ck_assert(report(4, 3, 0, 0).failed);
}
END_TEST

START_TEST(ecn_path_that_is_gone_leaves_its_counts_behind)
{
    send(10);
    ack.ect0_here = 10;
    ack.counts = (gn_ecn_counts){.ect0 = 6, .ce = 4};
    gn_ecn_ledger_on_ack(&ledger, &ack);
    gn_ecn_init(&ecn, GN_ECN_ECT0);
    send(2);
    /* Six and four were there before; only what comes on top is the new path's. */
    ck_assert_uint_eq(report(2, 7, 0, 5).ce, 1);
    ck_assert_int_eq(ecn.state, GN_ECN_CAPABLE);
}
END_TEST

START_TEST(ecn_ect1_is_tested_by_its_own_count)
{
    gn_ecn_init(&ecn, GN_ECN_ECT1);
    send(10);
    ack.ect1_here = 5;
    ck_assert(report(0, 0, 5, 0).capable);
    ck_assert(report(0, 1, 10, 0).failed);
}
END_TEST

/* RFC 9000 13.4.2.1: CE stands in for either mark. */
START_TEST(ecn_congestion_marks_count_for_ect1)
{
    gn_ecn_init(&ecn, GN_ECN_ECT1);
    send(10);
    ack.ect1_here = 5;
    const gn_ecn_verdict v = report(0, 0, 2, 3);
    ck_assert(v.capable && !v.failed);
    ck_assert_uint_eq(v.ce, 3);
}
END_TEST

START_TEST(ecn_endless_counts_do_not_wrap)
{
    send(10);
    const gn_ecn_verdict v = report(1, UINT64_MAX, UINT64_MAX, UINT64_MAX);
    ck_assert(v.failed);
    ck_assert_uint_eq(ledger.unreported_ect0, 0);
}
END_TEST

START_TEST(ecn_congestion_mark_cannot_be_sent)
{
    gn_ecn_on_sent(&ecn, &ledger, GN_ECN_CE, true);
}
END_TEST

START_TEST(ecn_judges_paths_by_what_they_do)
{
    uint64_t state = (uint64_t)_i;
    uint8_t ops[600];

    gn_test_random_fill(&state, ops, sizeof ops);
    ck_assert(gn_prop_ecn(ops, sizeof ops));
}
END_TEST

static void
add_good(TCase *good)
{
    tcase_add_test(good, ecn_tests_with_ten_packets_and_then_waits);
    tcase_add_test(good, ecn_off_marks_nothing_and_judges_nothing);
    tcase_add_loop_test(good, ecn_right_report_makes_the_path_capable, 3, 12);
    tcase_add_test(good, ecn_report_of_unmarked_packets_proves_nothing);
    tcase_add_test(good, ecn_congestion_marks_are_passed_on_once);
    tcase_add_test(good, ecn_ack_that_came_late_fails_nothing);
    tcase_add_test(good, ecn_acks_that_were_lost_only_raise_the_counts);
    tcase_add_test(good, ecn_path_fails_when_all_marked_packets_are_lost);
    tcase_add_test(good, ecn_path_fails_when_all_marked_packets_are_congestion_marked);
    tcase_add_test(good, ecn_two_probe_timeouts_end_the_marking);
    tcase_add_test(good, ecn_discarded_packets_are_no_test);
    tcase_add_test(good, ecn_new_path_is_not_judged_by_the_old_one);
    tcase_add_test(good, ecn_new_path_fails_by_its_own_packets_among_old_ones);
    tcase_add_test(good, ecn_path_that_is_gone_leaves_its_counts_behind);
    tcase_add_test(good, ecn_ect1_is_tested_by_its_own_count);
    tcase_add_test(good, ecn_congestion_marks_count_for_ect1);
}

Suite *
gn_test_ecn(void)
{
    Suite *s = suite_create("recovery/ecn");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, fresh, NULL);
    tcase_add_checked_fixture(hostile, fresh, NULL);
    add_good(good);
    tcase_add_loop_test(hostile, ecn_wrong_report_fails_the_path, 0,
                        (int)(sizeof wrong / sizeof wrong[0]));
    tcase_add_test(hostile, ecn_capable_path_fails_when_counts_go_wrong_later);
    tcase_add_test(hostile, ecn_counts_that_fall_fail_the_path);
    tcase_add_test(hostile, ecn_endless_counts_do_not_wrap);
    tcase_add_test_raise_signal(hostile, ecn_congestion_mark_cannot_be_sent, SIGABRT);
    tcase_add_loop_test(random, ecn_judges_paths_by_what_they_do, 0, 300);
    suite_add_tcase(s, good);
    suite_add_tcase(s, hostile);
    suite_add_tcase(s, random);
    return s;
}
