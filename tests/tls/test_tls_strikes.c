/*
 * test_tls_strikes.c: a ticket brings 0-RTT once.
 */
#include <check.h>

#include "suites.h"
#include "tls/tls_strikes.h"

enum { WINDOW = GN_TLS_STRIKES_WINDOW_MS };

static gn_tls_strikes strikes;

static void
begin(void)
{
    gn_tls_strikes_init(&strikes);
    gn_tls_strikes_begin(&strikes, 0);
    gn_tls_strikes_begin(&strikes, 1000);
    gn_tls_strikes_begin(&strikes, 10);
}

START_TEST(strikes_take_a_ticket_once)
{
    ck_assert(gn_tls_strikes_take(&strikes, 5, 1000, 1000));
    ck_assert(!gn_tls_strikes_take(&strikes, 5, 1000, 1000));
    ck_assert(gn_tls_strikes_take(&strikes, 6, 1000, 1000));
    /* For a whole window at least, whenever in a window it was taken. */
    ck_assert(!gn_tls_strikes_take(&strikes, 5, 1000, 1000 + WINDOW));
    ck_assert(gn_tls_strikes_take(&strikes, 7, 1000, 1999 + WINDOW));
    ck_assert(!gn_tls_strikes_take(&strikes, 7, 1000, 1999 + 2 * WINDOW));
    /* And then no more: the ClientHello that came with it is too old by then. */
    ck_assert(gn_tls_strikes_take(&strikes, 5, 1000, 1000 + 2 * WINDOW));
    ck_assert(gn_tls_strikes_take(&strikes, 7, 1000, 1000 + 20 * WINDOW));
}
END_TEST

START_TEST(strikes_of_a_number_that_means_a_free_place_count)
{
    ck_assert(gn_tls_strikes_take(&strikes, 0, 1000, 1000));
    ck_assert(!gn_tls_strikes_take(&strikes, 0, 1000, 1000));
}
END_TEST

START_TEST(strikes_of_equal_places_are_apart)
{
    const uint64_t step = 2 * GN_TLS_STRIKES_MAX;

    for (uint64_t i = 1; i <= 50; i++)
        ck_assert(gn_tls_strikes_take(&strikes, i * step - 1, 1000, 1000));
    for (uint64_t i = 1; i <= 50; i++)
        ck_assert(!gn_tls_strikes_take(&strikes, i * step - 1, 1000, 1000));
}
END_TEST

START_TEST(strikes_without_room_refuse)
{
    for (uint64_t i = 1; i <= GN_TLS_STRIKES_MAX; i++)
        ck_assert(gn_tls_strikes_take(&strikes, i, 1000, 1000));
    ck_assert(!gn_tls_strikes_take(&strikes, 9999999, 1000, 1000));
    /* In the next window there is room again, and what was taken is known. */
    ck_assert(gn_tls_strikes_take(&strikes, 9999999, 1000, 1000 + WINDOW));
    ck_assert(!gn_tls_strikes_take(&strikes, 17, 1000, 1000 + WINDOW));
}
END_TEST

START_TEST(strikes_refuse_what_they_cannot_know)
{
    ck_assert(!gn_tls_strikes_take(&strikes, 5, 999, 1000));
    ck_assert(!gn_tls_strikes_take(&strikes, 5, 999, 999 + WINDOW));
    ck_assert(gn_tls_strikes_take(&strikes, 5, 999, 1000 + WINDOW));
}
END_TEST

Suite *
gn_test_tls_strikes(void)
{
    Suite *suite = suite_create("tls/tls_strikes");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(good, begin, NULL);
    tcase_add_checked_fixture(limits, begin, NULL);
    tcase_add_test(good, strikes_take_a_ticket_once);
    tcase_add_test(good, strikes_of_a_number_that_means_a_free_place_count);
    tcase_add_test(good, strikes_of_equal_places_are_apart);
    tcase_add_test(limits, strikes_without_room_refuse);
    tcase_add_test(limits, strikes_refuse_what_they_cannot_know);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    return suite;
}
