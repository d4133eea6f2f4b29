/*
 * test_codel.c: what sim/codel.h promises, one promise a test.
 */
#include <check.h>

#include "sim/codel.h"
#include "suites.h"
#include "support/random.h"

static gn_sim_codel codel;

static void
set_up(void)
{
    gn_sim_codel_init(&codel, GN_SIM_CODEL_TARGET_US, GN_SIM_CODEL_INTERVAL_US);
}

/* A packet a millisecond, each having waited sojourn_us; when the nth signal comes. */
static uint64_t
signal_at(uint64_t from_us, uint64_t sojourn_us, int nth)
{
    for (uint64_t at = from_us; at < from_us + 10000000; at += 1000)
        if (gn_sim_codel_judge(&codel, at, sojourn_us, 100000, 1500) && --nth == 0)
            return at;
    return 0;
}

START_TEST(codel_root_is_the_integer_square_root)
{
    uint64_t state = 3;

    ck_assert_uint_eq(gn_sim_codel_root(0), 0);
    ck_assert_uint_eq(gn_sim_codel_root(1), 1);
    ck_assert_uint_eq(gn_sim_codel_root(UINT64_MAX), UINT32_MAX);
    for (int i = 0; i < 10000; i++) {
        const uint64_t value = gn_test_random(&state) >> (gn_test_random(&state) % 63 + 1);
        const uint64_t root = gn_sim_codel_root(value);

        ck_assert(root * root <= value && (root + 1) * (root + 1) > value);
    }
}
END_TEST

START_TEST(codel_short_waits_are_never_signalled)
{
    ck_assert_uint_eq(signal_at(0, GN_SIM_CODEL_TARGET_US - 1, 1), 0);
}
END_TEST

START_TEST(codel_first_signal_comes_after_an_interval)
{
    ck_assert_uint_eq(signal_at(1000, 6000, 1), 1000 + GN_SIM_CODEL_INTERVAL_US);
}
END_TEST

/* The nth follows the one before by 100 ms / sqrt(n - 1): 100, 70.7, 57.7 ms. */
START_TEST(codel_signals_come_faster_and_faster)
{
    const uint64_t first = signal_at(1000, 6000, 1);
    const uint64_t second = signal_at(first + 1000, 6000, 1);
    const uint64_t third = signal_at(second + 1000, 6000, 1);
    const uint64_t fourth = signal_at(third + 1000, 6000, 1);

    ck_assert_uint_eq(second - first, 100000);
    ck_assert_uint_eq(third - second, 71000);
    ck_assert_uint_eq(fourth - first, 229000); /* 100 + 70.7 + 57.7, rounded up to a packet */
}
END_TEST

START_TEST(codel_one_short_wait_starts_all_over)
{
    (void)signal_at(1000, 6000, 3);
    ck_assert(!gn_sim_codel_judge(&codel, 500000, 100, 100000, 1500));
    ck_assert(!codel.dropping);
    ck_assert_uint_eq(signal_at(501000, 6000, 1), 501000 + GN_SIM_CODEL_INTERVAL_US);
}
END_TEST

START_TEST(codel_a_queue_of_one_packet_is_never_signalled)
{
    for (uint64_t at = 0; at < 1000000; at += 1000)
        ck_assert(!gn_sim_codel_judge(&codel, at, 50000, 1500, 1500));
}
END_TEST

START_TEST(codel_a_spell_soon_after_goes_on_where_the_last_got_to)
{
    const uint64_t ninth = signal_at(1000, 6000, 9);
    uint64_t first;

    ck_assert_uint_eq(codel.count, 9);
    ck_assert(!gn_sim_codel_judge(&codel, ninth + 1000, 100, 100000, 1500));
    first = signal_at(ninth + 2000, 6000, 1);
    ck_assert_uint_gt(first, 0);
    ck_assert_uint_eq(codel.count, 8);
}
END_TEST

Suite *
gn_test_codel(void)
{
    Suite *suite = suite_create("sim/codel");
    TCase *good = tcase_create("good");

    tcase_add_checked_fixture(good, set_up, NULL);
    tcase_add_test(good, codel_root_is_the_integer_square_root);
    tcase_add_test(good, codel_short_waits_are_never_signalled);
    tcase_add_test(good, codel_first_signal_comes_after_an_interval);
    tcase_add_test(good, codel_signals_come_faster_and_faster);
    tcase_add_test(good, codel_one_short_wait_starts_all_over);
    tcase_add_test(good, codel_a_queue_of_one_packet_is_never_signalled);
    tcase_add_test(good, codel_a_spell_soon_after_goes_on_where_the_last_got_to);
    suite_add_tcase(suite, good);
    return suite;
}
