/*
 * test_schedule.c: what endpoint/schedule.h promises.
 */
#include <check.h>
#include <string.h>

#include "endpoint/schedule.h"
#include "prop.h"
#include "suites.h"
#include "tests/support/random.h"

enum { SLOTS = 1000 };

static gn_schedule_entry heap[SLOTS];
static uint32_t place[SLOTS];
static uint32_t count;
static const gn_schedule s = {heap, place, &count};

static void
empty(void)
{
    memset(heap, 0xff, sizeof heap);
    memset(place, 0, sizeof place);
    count = 7;
    gn_schedule_init(s, SLOTS);
}

static void
set(uint32_t slot, gn_time at)
{
    gn_schedule_set(s, slot, at);
    ck_assert(gn_schedule_check(s));
}

static void
assert_first(gn_time at, uint32_t slot)
{
    uint32_t found = SLOTS;

    ck_assert_uint_eq(gn_schedule_first(s, &found), at);
    ck_assert_uint_eq(found, slot);
}

START_TEST(schedule_empty_has_no_deadline)
{
    ck_assert_uint_eq(count, 0);
    assert_first(GN_NEVER, SLOTS); /* the slot is left alone */
    set(3, GN_NEVER);
    assert_first(GN_NEVER, SLOTS);
}
END_TEST

START_TEST(schedule_first_is_the_earliest)
{
    set(0, 30);
    set(1, 10);
    set(2, 20);
    assert_first(10, 1);
    set(1, 40);
    assert_first(20, 2);
    set(0, 5);
    assert_first(5, 0);
    set(0, GN_NEVER);
    assert_first(20, 2);
    set(2, GN_NEVER);
    assert_first(40, 1);
    set(1, GN_NEVER);
    assert_first(GN_NEVER, SLOTS);
}
END_TEST

START_TEST(schedule_equal_deadlines_go_by_slot)
{
    for (uint32_t i = 0; i < 100; i++)
        set((i * 37 + 11) % 100, 5);
    for (uint32_t i = 0; i < 100; i++) {
        assert_first(5, i);
        set(i, GN_NEVER);
    }
}
END_TEST

START_TEST(schedule_slot_is_in_it_once)
{
    for (gn_time at = 100; at > 0; at--)
        set(4, at);
    ck_assert_uint_eq(count, 1);
    assert_first(1, 4);
    set(4, GN_NEVER);
    set(4, GN_NEVER);
    ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(schedule_takes_every_slot_and_sorts_them)
{
    uint64_t state = 1;
    gn_time last = 0;

    for (uint32_t i = 0; i < SLOTS; i++)
        gn_schedule_set(s, i, gn_test_random(&state) % 500);
    ck_assert_uint_eq(count, SLOTS);
    ck_assert(gn_schedule_check(s));
    for (uint32_t i = 0; i < SLOTS; i++) {
        uint32_t slot;
        const gn_time at = gn_schedule_first(s, &slot);
        ck_assert_uint_ge(at, last);
        last = at;
        gn_schedule_set(s, slot, GN_NEVER);
    }
    ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(schedule_edges_of_time_are_times)
{
    set(0, GN_NEVER - 1);
    assert_first(GN_NEVER - 1, 0);
    set(1, 0);
    assert_first(0, 1);
}
END_TEST

START_TEST(schedule_check_sees_what_is_broken)
{
    for (uint32_t i = 0; i < 5; i++)
        set(i, 10 + i);
    heap[1].at = 1;
    ck_assert(!gn_schedule_check(s));
    heap[1].at = 11;
    place[3] = 0;
    ck_assert(!gn_schedule_check(s));
    place[3] = 3;
    heap[4].at = GN_NEVER;
    ck_assert(!gn_schedule_check(s));
}
END_TEST

START_TEST(schedule_agrees_with_a_plain_search)
{
    uint8_t ops[600];

    for (int seed = 0; seed < 100; seed++) {
        uint64_t state = (uint64_t)(100 * _i + seed);
        gn_test_random_fill(&state, ops, sizeof ops);
        ck_assert_msg(gn_prop_schedule(ops, sizeof ops), "seed %d", 100 * _i + seed);
    }
}
END_TEST

Suite *
gn_test_schedule(void)
{
    Suite *suite = suite_create("endpoint/schedule");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, empty, NULL);
    tcase_add_checked_fixture(limits, empty, NULL);
    tcase_add_test(good, schedule_empty_has_no_deadline);
    tcase_add_test(good, schedule_first_is_the_earliest);
    tcase_add_test(good, schedule_equal_deadlines_go_by_slot);
    tcase_add_test(good, schedule_slot_is_in_it_once);
    tcase_add_test(good, schedule_check_sees_what_is_broken);
    tcase_add_test(limits, schedule_takes_every_slot_and_sorts_them);
    tcase_add_test(limits, schedule_edges_of_time_are_times);
    tcase_add_loop_test(random, schedule_agrees_with_a_plain_search, 0, 4);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    suite_add_tcase(suite, random);
    return suite;
}
