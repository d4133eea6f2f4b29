/*
 * test_cc.c: what recovery/cc.h promises of every controller.
 */
#include <check.h>
#include <signal.h>

#include "recovery/cc.h"
#include "suites.h"
#include "tests/support/random.h"

static gn_cc cc;

static void
fresh(void)
{
    gn_cc_init(&cc, GN_CC_NEWRENO, 1200);
}

static void
send(uint32_t bytes, gn_time now)
{
    gn_cc_on_sent(&cc, bytes, now);
    ck_assert(gn_cc_check(&cc));
}

/* RFC 9002 7.2: ten datagrams, but no more than 14,720 bytes or two datagrams. */
static const struct {
    uint32_t datagram_bytes;
    uint64_t window_bytes;
} initials[] = {{1200, 12000}, {1252, 12520}, {1472, 14720},  {1500, 14720},
                {7360, 14720}, {9000, 18000}, {65527, 131054}};

START_TEST(cc_begins_with_the_initial_window)
{
    gn_cc_init(&cc, GN_CC_NEWRENO, initials[_i].datagram_bytes);
    ck_assert_uint_eq(cc.window_bytes, initials[_i].window_bytes);
    ck_assert_uint_eq(gn_cc_allowance(&cc), initials[_i].window_bytes);
    ck_assert(gn_cc_in_slow_start(&cc));
    ck_assert(gn_cc_check(&cc));
}
END_TEST

/* [R-9002-7-1] */
START_TEST(cc_allowance_is_what_the_window_leaves)
{
    send(11000, 1);
    ck_assert_uint_eq(gn_cc_allowance(&cc), 1000);
    send(1000, 1);
    ck_assert_uint_eq(gn_cc_allowance(&cc), 0);
    /* Probes may go beyond, and count. */
    send(1200, 1);
    ck_assert_uint_eq(gn_cc_allowance(&cc), 0);
    ck_assert_uint_eq(cc.in_flight_bytes, 13200);
    gn_cc_on_forgotten(&cc, 2000);
    ck_assert_uint_eq(gn_cc_allowance(&cc), 800);
    ck_assert_uint_eq(cc.window_bytes, 12000);
}
END_TEST

START_TEST(cc_window_nobody_used_does_not_grow)
{
    send(1200, 1);
    gn_cc_on_acked(&cc, 1200, 1, 2, true);
    ck_assert_uint_eq(cc.window_bytes, 12000);
    ck_assert_uint_eq(cc.in_flight_bytes, 0);
}
END_TEST

/* [R-9000-13.3-4] */
START_TEST(cc_several_losses_of_one_flight_count_once)
{
    for (int i = 0; i < 10; i++)
        send(1200, 100);
    for (int i = 0; i < 4; i++)
        gn_cc_on_lost(&cc, 1200, 100, 200);
    ck_assert_uint_eq(cc.window_bytes, 6000);
    ck_assert_uint_eq(cc.in_flight_bytes, 7200);

    /* Nor does a mark on a packet that left before the period began, or as it began. */
    gn_cc_on_ecn_ce(&cc, 150, 300);
    gn_cc_on_ecn_ce(&cc, 200, 300);
    ck_assert_uint_eq(cc.window_bytes, 6000);

    /* What left later is news. */
    send(1200, 201);
    gn_cc_on_lost(&cc, 1200, 201, 400);
    ck_assert_uint_eq(cc.window_bytes, 3000);
}
END_TEST

/* [R-9002-7.3.1-1] */
START_TEST(cc_mark_is_a_congestion_event)
{
    gn_cc_on_ecn_ce(&cc, 100, 200);
    ck_assert_uint_eq(cc.window_bytes, 6000);
    ck_assert(!gn_cc_in_slow_start(&cc));
}
END_TEST

START_TEST(cc_first_event_at_time_zero_counts)
{
    send(1200, 0);
    gn_cc_on_lost(&cc, 1200, 0, 0);
    ck_assert_uint_eq(cc.window_bytes, 6000);
}
END_TEST

START_TEST(cc_entering_recovery_lets_one_datagram_go)
{
    for (int i = 0; i < 10; i++)
        send(1200, 100);
    gn_cc_on_lost(&cc, 1200, 100, 200);
    ck_assert_uint_eq(cc.in_flight_bytes, 10800);
    ck_assert_uint_eq(gn_cc_allowance(&cc), 1200);
    send(1200, 200);
    ck_assert_uint_eq(gn_cc_allowance(&cc), 0);
    gn_cc_on_lost(&cc, 1200, 100, 200);
    ck_assert_uint_eq(gn_cc_allowance(&cc), 0);
}
END_TEST

START_TEST(cc_does_not_grow_in_recovery)
{
    for (int i = 0; i < 10; i++)
        send(1200, 100);
    gn_cc_on_lost(&cc, 1200, 100, 200);
    for (int i = 0; i < 9; i++)
        gn_cc_on_acked(&cc, 1200, 100, 300, false);
    ck_assert_uint_eq(cc.window_bytes, 6000);
}
END_TEST

/* [R-9002-7.6.2-2] */
START_TEST(cc_persistent_congestion_falls_to_the_least_window)
{
    gn_cc_on_ecn_ce(&cc, 100, 200);
    gn_cc_on_persistent(&cc);
    ck_assert_uint_eq(cc.window_bytes, 2400);
    ck_assert(gn_cc_in_slow_start(&cc));
    ck_assert_uint_eq(gn_cc_allowance(&cc), 2400);
    /* RFC 9002 B.8: the recovery period is over. */
    send(1200, 150);
    gn_cc_on_acked(&cc, 1200, 150, 300, false);
    ck_assert_uint_eq(cc.window_bytes, 3600);
}
END_TEST

START_TEST(cc_another_datagram_size_moves_a_fresh_window_only)
{
    gn_cc_on_mtu(&cc, 1400);
    ck_assert_uint_eq(cc.window_bytes, 14000);
    gn_cc_on_mtu(&cc, 1200);
    ck_assert_uint_eq(cc.window_bytes, 12000);
    send(1200, 1);
    gn_cc_on_acked(&cc, 1200, 1, 2, false);
    gn_cc_on_mtu(&cc, 1400);
    ck_assert_uint_eq(cc.window_bytes, 13200);
    gn_cc_on_mtu(&cc, 9000);
    ck_assert_uint_eq(cc.window_bytes, 18000);
}
END_TEST

START_TEST(cc_more_acknowledged_than_sent_traps)
{
    send(1200, 1);
    gn_cc_on_acked(&cc, 1201, 1, 2, false);
}
END_TEST

START_TEST(cc_small_datagrams_trap)
{
    gn_cc_init(&cc, GN_CC_NEWRENO, 1199);
}
END_TEST

/* [R-9002-6.4-2] */
START_TEST(cc_in_flight_is_always_the_sum)
{
    uint64_t state = (uint64_t)_i;
    uint32_t bytes[64];
    gn_time at[64];
    uint32_t count = 0;
    uint64_t sum = 0;

    for (gn_time now = 0; now < 2000; now++) {
        const uint64_t draw = gn_test_random(&state);
        const uint32_t pick = count > 0 ? (uint32_t)(draw >> 32) % count : 0;

        if (count < 64 && (count == 0 || draw % 3 != 0)) {
            bytes[count] = 40 + (uint32_t)(draw >> 8) % 1160;
            at[count] = now;
            sum += bytes[count];
            gn_cc_on_sent(&cc, bytes[count++], now);
        } else {
            sum -= bytes[pick];
            if (draw % 7 == 0)
                gn_cc_on_lost(&cc, bytes[pick], at[pick], now);
            else if (draw % 7 == 1)
                gn_cc_on_forgotten(&cc, bytes[pick]);
            else
                gn_cc_on_acked(&cc, bytes[pick], at[pick], now, draw % 5 == 0);
            bytes[pick] = bytes[--count];
            at[pick] = at[count];
        }
        if (draw % 101 == 0)
            gn_cc_on_persistent(&cc);
        ck_assert(gn_cc_check(&cc));
        ck_assert_uint_eq(cc.in_flight_bytes, sum);
        ck_assert_uint_ge(cc.window_bytes, 2400);
    }
}
END_TEST

Suite *
gn_test_cc(void)
{
    Suite *s = suite_create("recovery/cc");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");
    TCase *table = tcase_create("table");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, fresh, NULL);
    tcase_add_checked_fixture(limits, fresh, NULL);
    tcase_add_checked_fixture(random, fresh, NULL);
    tcase_add_test(good, cc_allowance_is_what_the_window_leaves);
    tcase_add_test(good, cc_window_nobody_used_does_not_grow);
    tcase_add_test(good, cc_several_losses_of_one_flight_count_once);
    tcase_add_test(good, cc_mark_is_a_congestion_event);
    tcase_add_test(good, cc_first_event_at_time_zero_counts);
    tcase_add_test(good, cc_entering_recovery_lets_one_datagram_go);
    tcase_add_test(good, cc_does_not_grow_in_recovery);
    tcase_add_test(good, cc_persistent_congestion_falls_to_the_least_window);
    tcase_add_test(good, cc_another_datagram_size_moves_a_fresh_window_only);
    tcase_add_test_raise_signal(limits, cc_more_acknowledged_than_sent_traps, SIGABRT);
    tcase_add_test_raise_signal(limits, cc_small_datagrams_trap, SIGABRT);
    tcase_add_loop_test(table, cc_begins_with_the_initial_window, 0,
                        (int)(sizeof initials / sizeof initials[0]));
    tcase_add_loop_test(random, cc_in_flight_is_always_the_sum, 0, 50);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, table);
    suite_add_tcase(s, random);
    return s;
}
