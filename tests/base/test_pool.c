/*
 * test_pool.c: what base/pool.h promises.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "prop.h"
#include "suites.h"
#include "tests/support/random.h"

enum { SLOTS = 5, SLOT_BYTES = 24 };

static gn_pool pool;
static _Alignas(8) uint8_t memory[SLOTS * SLOT_BYTES];

static void
fresh_pool(void)
{
    memset(memory, 0xa5, sizeof memory);
    gn_pool_init(&pool, SLOTS, SLOT_BYTES);
}

START_TEST(pool_hands_out_every_slot_once_in_order)
{
    for (uint32_t i = 0; i < SLOTS; i++) {
        ck_assert_uint_eq(gn_pool_take(&pool, memory), i);
        ck_assert_ptr_eq(gn_pool_at(&pool, memory, i), memory + i * SLOT_BYTES);
    }
    ck_assert_uint_eq(gn_pool_take(&pool, memory), GN_POOL_NONE);
    ck_assert_uint_eq(pool.used, SLOTS);
    ck_assert_uint_eq(pool.peak, SLOTS);
}
END_TEST

START_TEST(pool_gives_again_what_was_given_back_last)
{
    for (uint32_t i = 0; i < 4; i++)
        (void)gn_pool_take(&pool, memory);
    gn_pool_give(&pool, memory, 1);
    gn_pool_give(&pool, memory, 3);
    ck_assert_uint_eq(pool.used, 2);
    ck_assert_uint_eq(gn_pool_take(&pool, memory), 3);
    ck_assert_uint_eq(gn_pool_take(&pool, memory), 1);
    ck_assert_uint_eq(gn_pool_take(&pool, memory), 4);
    ck_assert_uint_eq(gn_pool_take(&pool, memory), GN_POOL_NONE);
    ck_assert_uint_eq(pool.peak, 5);
}
END_TEST

START_TEST(pool_init_and_take_touch_no_memory)
{
    (void)gn_pool_take(&pool, memory);
    (void)gn_pool_take(&pool, memory);
    for (size_t i = 0; i < sizeof memory; i++)
        ck_assert_uint_eq(memory[i], 0xa5);
}
END_TEST

START_TEST(pool_goes_on_in_copied_memory)
{
    _Alignas(8) uint8_t elsewhere[sizeof memory];

    for (uint32_t i = 0; i < 3; i++)
        (void)gn_pool_take(&pool, memory);
    gn_pool_give(&pool, memory, 0);
    gn_pool_give(&pool, memory, 2);
    gn_pool copy = pool;
    memcpy(elsewhere, memory, sizeof memory);
    memset(memory, 0, sizeof memory);
    ck_assert_uint_eq(gn_pool_take(&copy, elsewhere), 2);
    ck_assert_uint_eq(gn_pool_take(&copy, elsewhere), 0);
    ck_assert_uint_eq(gn_pool_take(&copy, elsewhere), 3);
}
END_TEST

static const struct {
    uint32_t slots, slot_bytes;
    size_t bytes;
} sizes[] = {
    {0, 1, 0}, {1, 1, 8}, {3, 8, 24}, {3, 9, 48}, {1000, 1496, 1496000},
};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

START_TEST(pool_bytes_rounds_slots_up_to_eight)
{
    gn_pool p;

    ck_assert_uint_eq(gn_pool_bytes(sizes[_i].slots, sizes[_i].slot_bytes), sizes[_i].bytes);
    gn_pool_init(&p, sizes[_i].slots, sizes[_i].slot_bytes);
    ck_assert_uint_eq((size_t)p.slots * p.slot_bytes, sizes[_i].bytes);
}
END_TEST

START_TEST(pool_of_no_slots_has_none)
{
    gn_pool p;

    gn_pool_init(&p, 0, 8);
    ck_assert_uint_eq(gn_pool_take(&p, NULL), GN_POOL_NONE);
}
END_TEST

START_TEST(pool_at_a_slot_never_taken_traps)
{
    (void)gn_pool_take(&pool, memory);
    (void)gn_pool_at(&pool, memory, 1);
}
END_TEST

START_TEST(pool_give_more_than_was_taken_traps)
{
    const uint32_t index = gn_pool_take(&pool, memory);

    gn_pool_give(&pool, memory, index);
    gn_pool_give(&pool, memory, index);
}
END_TEST

START_TEST(pool_of_empty_slots_traps)
{
    gn_pool_init(&pool, 1, 0);
}
END_TEST

START_TEST(pool_agrees_with_a_list_of_flags)
{
    uint64_t state = (uint64_t)_i;
    uint8_t ops[300];

    gn_test_random_fill(&state, ops, sizeof ops);
    ck_assert(gn_prop_pool(ops, sizeof ops));
}
END_TEST

Suite *
gn_test_pool(void)
{
    Suite *s = suite_create("base/pool");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, fresh_pool, NULL);
    tcase_add_checked_fixture(limits, fresh_pool, NULL);
    tcase_add_test(good, pool_hands_out_every_slot_once_in_order);
    tcase_add_test(good, pool_gives_again_what_was_given_back_last);
    tcase_add_test(good, pool_init_and_take_touch_no_memory);
    tcase_add_test(good, pool_goes_on_in_copied_memory);
    tcase_add_loop_test(limits, pool_bytes_rounds_slots_up_to_eight, 0, SIZES);
    tcase_add_test(limits, pool_of_no_slots_has_none);
    tcase_add_test_raise_signal(limits, pool_at_a_slot_never_taken_traps, SIGABRT);
    tcase_add_test_raise_signal(limits, pool_give_more_than_was_taken_traps, SIGABRT);
    tcase_add_test_raise_signal(limits, pool_of_empty_slots_traps, SIGABRT);
    tcase_add_loop_test(random, pool_agrees_with_a_list_of_flags, 0, 200);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
