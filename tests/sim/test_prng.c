/*
 * test_prng.c: what sim/prng.h promises, one promise a test.
 */
#include <check.h>
#include <string.h>

#include "sim/prng.h"
#include "suites.h"

START_TEST(prng_same_seed_purpose_number_draw_the_same)
{
    gn_sim_prng a = gn_sim_prng_for(7, "loss", 3);
    gn_sim_prng b = gn_sim_prng_for(7, "loss", 3);

    for (int i = 0; i < 100; i++)
        ck_assert_uint_eq(gn_sim_prng_next(&a), gn_sim_prng_next(&b));
}
END_TEST

START_TEST(prng_streams_differ_by_each_part_of_their_name)
{
    gn_sim_prng streams[] = {gn_sim_prng_for(7, "loss", 3), gn_sim_prng_for(8, "loss", 3),
                             gn_sim_prng_for(7, "lose", 3), gn_sim_prng_for(7, "loss", 4),
                             gn_sim_prng_for(7, "los", 3)};
    const size_t count = sizeof streams / sizeof streams[0];

    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++) {
            gn_sim_prng a = streams[i];
            gn_sim_prng b = streams[j];

            ck_assert_uint_ne(gn_sim_prng_next(&a), gn_sim_prng_next(&b));
        }
}
END_TEST

/* The first numbers are pinned: another generator would change every recorded hash. */
START_TEST(prng_draws_are_the_same_on_every_machine)
{
    gn_sim_prng prng = {.state = 0};

    ck_assert_uint_eq(gn_sim_prng_next(&prng), UINT64_C(0xe220a8397b1dcdaf));
    ck_assert_uint_eq(gn_sim_prng_next(&prng), UINT64_C(0x6e789e6aa1b965f4));
}
END_TEST

START_TEST(prng_below_is_below_and_reaches_every_number)
{
    gn_sim_prng prng = gn_sim_prng_for(1, "test", 0);
    unsigned seen[7] = {0};

    for (int i = 0; i < 7000; i++)
        seen[gn_sim_prng_below(&prng, 7)]++;
    for (int i = 0; i < 7; i++) {
        ck_assert_uint_gt(seen[i], 850);
        ck_assert_uint_lt(seen[i], 1150);
    }
}
END_TEST

START_TEST(prng_chance_follows_the_ratio)
{
    gn_sim_prng prng = gn_sim_prng_for(1, "test", 0);
    unsigned hits = 0;

    for (int i = 0; i < 100000; i++)
        hits += gn_sim_prng_chance(&prng, (gn_sim_ratio){1, 100}) ? 1 : 0;
    ck_assert_uint_gt(hits, 850);
    ck_assert_uint_lt(hits, 1150);
}
END_TEST

START_TEST(prng_certain_chances_draw_nothing)
{
    gn_sim_prng prng = gn_sim_prng_for(1, "test", 0);
    const uint64_t before = prng.state;

    ck_assert(!gn_sim_prng_chance(&prng, GN_SIM_RATIO_ZERO));
    ck_assert(gn_sim_prng_chance(&prng, (gn_sim_ratio){1, 1}));
    ck_assert_uint_eq(prng.state, before);
}
END_TEST

START_TEST(prng_fill_is_a_prefix_of_a_longer_fill)
{
    gn_sim_prng a = gn_sim_prng_for(1, "test", 0);
    gn_sim_prng b = a;
    uint8_t shorter[13];
    uint8_t longer[64];

    gn_sim_prng_fill(&a, shorter, sizeof shorter);
    gn_sim_prng_fill(&b, longer, sizeof longer);
    ck_assert_mem_eq(shorter, longer, sizeof shorter);
}
END_TEST

Suite *
gn_test_prng(void)
{
    Suite *suite = suite_create("sim/prng");
    TCase *good = tcase_create("good");
    TCase *random = tcase_create("random");

    tcase_add_test(good, prng_same_seed_purpose_number_draw_the_same);
    tcase_add_test(good, prng_streams_differ_by_each_part_of_their_name);
    tcase_add_test(good, prng_draws_are_the_same_on_every_machine);
    tcase_add_test(good, prng_certain_chances_draw_nothing);
    tcase_add_test(good, prng_fill_is_a_prefix_of_a_longer_fill);
    tcase_add_test(random, prng_below_is_below_and_reaches_every_number);
    tcase_add_test(random, prng_chance_follows_the_ratio);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, random);
    return suite;
}
