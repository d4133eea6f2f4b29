/*
 * test_idle.c: what conn/idle.h promises.
 */
#include <check.h>

#include "conn/idle.h"
#include "suites.h"

#define NOW (10 * GN_SECOND)
#define PTO (100 * GN_MS)

static gn_idle idle;

static void
thirty_seconds(void)
{
    gn_idle_init(&idle, 30 * GN_SECOND, NOW);
}

static void
assert_deadline(gn_time at)
{
    ck_assert_uint_eq(gn_idle_deadline(&idle, PTO), at);
}

START_TEST(idle_runs_from_the_start)
{
    assert_deadline(NOW + 30 * GN_SECOND);
}
END_TEST

/* RFC 9000 10.1: the smaller of both; 0 is none at all. */
static const struct {
    uint64_t ours_us, theirs_us, both_us;
} pairs[] = {
    {30 * GN_SECOND, 20 * GN_SECOND, 20 * GN_SECOND},
    {20 * GN_SECOND, 30 * GN_SECOND, 20 * GN_SECOND},
    {20 * GN_SECOND, 0, 20 * GN_SECOND},
    {0, 20 * GN_SECOND, 20 * GN_SECOND},
    {5 * GN_SECOND, 5 * GN_SECOND, 5 * GN_SECOND},
};

START_TEST(idle_takes_the_smaller_timeout)
{
    gn_idle_init(&idle, pairs[_i].ours_us, NOW);
    gn_idle_on_peer(&idle, pairs[_i].theirs_us);
    assert_deadline(NOW + pairs[_i].both_us);
}
END_TEST

START_TEST(idle_without_a_timeout_never_ends)
{
    gn_idle_init(&idle, 0, NOW);
    gn_idle_on_peer(&idle, 0);
    assert_deadline(GN_NEVER);
    gn_idle_on_sent(&idle, NOW + 1);
    assert_deadline(GN_NEVER);
}
END_TEST

START_TEST(idle_restarts_with_each_packet_received)
{
    gn_idle_on_received(&idle, NOW + 7);
    assert_deadline(NOW + 7 + 30 * GN_SECOND);
    gn_idle_on_received(&idle, NOW + 9);
    assert_deadline(NOW + 9 + 30 * GN_SECOND);
}
END_TEST

/* RFC 9000 10.1: else an endpoint that sends into the void would never notice. */
START_TEST(idle_restarts_with_the_first_packet_sent_only)
{
    gn_idle_on_sent(&idle, NOW + 1);
    assert_deadline(NOW + 1 + 30 * GN_SECOND);
    gn_idle_on_sent(&idle, NOW + 2);
    assert_deadline(NOW + 1 + 30 * GN_SECOND);
    gn_idle_on_received(&idle, NOW + 3);
    gn_idle_on_sent(&idle, NOW + 4);
    gn_idle_on_sent(&idle, NOW + 5);
    assert_deadline(NOW + 4 + 30 * GN_SECOND);
}
END_TEST

/* A peer that says one millisecond does not make us give up before a probe could be answered. */
/* [R-9000-10.1-1] */
START_TEST(idle_lasts_three_ptos_at_least)
{
    gn_idle_on_peer(&idle, GN_MS);
    assert_deadline(NOW + 3 * PTO);
    ck_assert_uint_eq(gn_idle_deadline(&idle, GN_MS / 4), NOW + GN_MS);
}
END_TEST

START_TEST(idle_longest_timeout_does_not_wrap)
{
    gn_idle_init(&idle, UINT64_MAX - 1, NOW);
    assert_deadline(GN_NEVER);
    gn_idle_on_peer(&idle, UINT64_MAX);
    assert_deadline(GN_NEVER);
}
END_TEST

/* RFC 9000 10.1.2: in time, whatever was asked for, and only while nobody is asked already. */
static const struct {
    uint64_t timeout_us, interval_us, after_us;
} kept[] = {
    {30 * GN_SECOND, 0, GN_NEVER},
    {30 * GN_SECOND, 10 * GN_SECOND, 10 * GN_SECOND},
    {30 * GN_SECOND, 15 * GN_SECOND, 15 * GN_SECOND},
    {30 * GN_SECOND, 16 * GN_SECOND, 15 * GN_SECOND},
    {30 * GN_SECOND, UINT64_MAX, 15 * GN_SECOND},
    {0, 50 * GN_SECOND, 50 * GN_SECOND},
    {0, UINT64_MAX, GN_NEVER},
    {GN_MS, GN_SECOND, 3 * PTO / 2},
};

START_TEST(idle_kept_alive_in_time)
{
    gn_idle_init(&idle, kept[_i].timeout_us, NOW);
    const gn_time due = kept[_i].after_us == GN_NEVER ? GN_NEVER : NOW + kept[_i].after_us;
    ck_assert_uint_eq(gn_idle_keep_alive(&idle, kept[_i].interval_us, PTO), due);
    gn_idle_on_sent(&idle, NOW + 1);
    ck_assert_uint_eq(gn_idle_keep_alive(&idle, kept[_i].interval_us, PTO), GN_NEVER);
    gn_idle_on_received(&idle, NOW + 2);
    ck_assert_uint_eq(gn_idle_keep_alive(&idle, kept[_i].interval_us, PTO),
                      due == GN_NEVER ? GN_NEVER : due + 2);
}
END_TEST

Suite *
gn_test_idle(void)
{
    Suite *s = suite_create("conn/idle");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(good, thirty_seconds, NULL);
    tcase_add_checked_fixture(limits, thirty_seconds, NULL);
    tcase_add_test(good, idle_runs_from_the_start);
    tcase_add_loop_test(good, idle_takes_the_smaller_timeout, 0,
                        (int)(sizeof pairs / sizeof pairs[0]));
    tcase_add_test(good, idle_without_a_timeout_never_ends);
    tcase_add_test(good, idle_restarts_with_each_packet_received);
    tcase_add_test(good, idle_restarts_with_the_first_packet_sent_only);
    tcase_add_loop_test(good, idle_kept_alive_in_time, 0, (int)(sizeof kept / sizeof kept[0]));
    tcase_add_test(limits, idle_lasts_three_ptos_at_least);
    tcase_add_test(limits, idle_longest_timeout_does_not_wrap);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    return s;
}
