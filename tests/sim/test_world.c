/*
 * test_world.c: what sim/world.h promises, one promise a test.
 */
#include <check.h>

#include "sim/world.h"
#include "suites.h"

static gn_sim_world world;

static void
tear_down(void)
{
    gn_sim_world_free(&world);
}

START_TEST(world_clock_moves_to_what_happens)
{
    gn_sim_entry entry;

    gn_sim_world_init(&world, 1000, 0);
    gn_sim_world_at(&world, 40, GN_SIM_CLASS_APP, NULL);
    ck_assert_uint_eq(world.now_us, 0);
    ck_assert_int_eq(gn_sim_world_next(&world, &entry), GN_SIM_STEP_GO);
    ck_assert_uint_eq(world.now_us, 40);
    ck_assert_int_eq(gn_sim_world_next(&world, &entry), GN_SIM_STEP_EMPTY);
    ck_assert_uint_eq(world.now_us, 40);
}
END_TEST

START_TEST(world_the_past_means_now)
{
    gn_sim_entry entry;

    gn_sim_world_init(&world, 1000, 0);
    gn_sim_world_at(&world, 40, GN_SIM_CLASS_APP, NULL);
    ck_assert_int_eq(gn_sim_world_next(&world, &entry), GN_SIM_STEP_GO);
    gn_sim_world_at(&world, 10, GN_SIM_CLASS_APP, NULL);
    ck_assert_int_eq(gn_sim_world_next(&world, &entry), GN_SIM_STEP_GO);
    ck_assert_uint_eq(world.now_us, 40);
}
END_TEST

START_TEST(world_stops_at_the_time_limit_and_not_before)
{
    gn_sim_entry entry;

    gn_sim_world_init(&world, 1000, 0);
    gn_sim_world_at(&world, 1000, GN_SIM_CLASS_APP, NULL);
    gn_sim_world_at(&world, 1001, GN_SIM_CLASS_APP, NULL);
    ck_assert_int_eq(gn_sim_world_next(&world, &entry), GN_SIM_STEP_GO);
    ck_assert_int_eq(gn_sim_world_next(&world, &entry), GN_SIM_STEP_LATE);
    ck_assert_uint_eq(world.now_us, 1000);
}
END_TEST

START_TEST(world_chasing_its_tail_is_zeno)
{
    gn_sim_entry entry;
    gn_sim_step step = GN_SIM_STEP_GO;
    int steps = 0;

    gn_sim_world_init(&world, 1000, 50);
    gn_sim_world_at(&world, 7, GN_SIM_CLASS_APP, NULL);
    while ((step = gn_sim_world_next(&world, &entry)) == GN_SIM_STEP_GO && steps < 1000) {
        gn_sim_world_at(&world, world.now_us, GN_SIM_CLASS_APP, NULL);
        steps++;
    }
    ck_assert_int_eq(step, GN_SIM_STEP_ZENO);
    ck_assert_int_eq(steps, 50);
}
END_TEST

START_TEST(world_that_moves_on_is_never_zeno)
{
    gn_sim_entry entry;

    gn_sim_world_init(&world, 10000, 3);
    gn_sim_world_at(&world, 0, GN_SIM_CLASS_APP, NULL);
    for (int i = 0; i < 5000; i++) {
        ck_assert_int_eq(gn_sim_world_next(&world, &entry), GN_SIM_STEP_GO);
        gn_sim_world_at(&world, world.now_us + 1, GN_SIM_CLASS_APP, NULL);
    }
}
END_TEST

Suite *
gn_test_world(void)
{
    Suite *suite = suite_create("sim/world");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(good, NULL, tear_down);
    tcase_add_checked_fixture(limits, NULL, tear_down);
    tcase_add_test(good, world_clock_moves_to_what_happens);
    tcase_add_test(good, world_the_past_means_now);
    tcase_add_test(good, world_that_moves_on_is_never_zeno);
    tcase_add_test(limits, world_stops_at_the_time_limit_and_not_before);
    tcase_add_test(limits, world_chasing_its_tail_is_zeno);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    return suite;
}
