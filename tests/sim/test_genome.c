/*
 * test_genome.c: what sim/genome.h, sim/draw.h and sim/genes.h promise, one promise a test.
 */
#include <check.h>
#include <string.h>

#include "sim/draw.h"
#include "sim/genes.h"
#include "sim/genome.h"
#include "sim/scenario_keys.h"
#include "suites.h"

static gn_sim_scenario one;
static gn_sim_scenario other;
static char message[GN_SIM_MESSAGE_BYTES];

static gn_sim_genome
read(const char *text)
{
    gn_sim_genome genome;

    ck_assert_msg(gn_sim_genome_read(text, &genome), "%s", text);
    return genome;
}

static const char *const names[] = {"0", "17", "17~3", "17~3~0~4294967295",
                                    "18446744073709551615~1~2~3~4~5~6~7~8"};

START_TEST(genome_name_reads_back)
{
    const gn_sim_genome genome = read(names[_i]);
    char text[GN_SIM_GENOME_TEXT];

    gn_sim_genome_print(&genome, text);
    ck_assert_str_eq(text, names[_i]);
}
END_TEST

static const char *const no_names[] = {"",
                                       "x",
                                       "1~",
                                       "~1",
                                       "1~x",
                                       "1 ",
                                       "1~2~",
                                       "-1",
                                       "1..2",
                                       "1~4294967296",
                                       "1~1~2~3~4~5~6~7~8~9",
                                       "18446744073709551616"};

START_TEST(genome_what_is_no_name_is_refused)
{
    gn_sim_genome genome;

    ck_assert_msg(!gn_sim_genome_read(no_names[_i], &genome), "%s", no_names[_i]);
}
END_TEST

START_TEST(genome_mutation_draws_a_few_genes_anew_and_leaves_the_others)
{
    const gn_sim_genome parent = read("17");
    uint32_t most = 0;
    uint32_t all = 0;

    for (uint32_t i = 0; i < 50; i++) {
        gn_sim_genome child;
        uint32_t changed = 0;

        ck_assert(gn_sim_genome_mutate(&parent, i, &child));
        for (unsigned gene = 0; gene < GN_SIM_GENES; gene++)
            if (gn_sim_genome_prng(&parent, (gn_sim_gene)gene).state !=
                gn_sim_genome_prng(&child, (gn_sim_gene)gene).state)
                changed++;
        ck_assert_uint_ge(changed, 1);
        ck_assert_uint_le(changed, GN_SIM_GENOME_CHANGES);
        most = changed > most ? changed : most;
        all += changed;
    }
    ck_assert_uint_ge(most, 3);
    ck_assert_uint_le(all, 50 * 3);
}
END_TEST

START_TEST(genome_is_deep_enough_at_some_time)
{
    gn_sim_genome genome = read("1~1~1~1~1~1~1~1~1");
    gn_sim_genome child;

    ck_assert_uint_eq(genome.depth, GN_SIM_GENOME_DEPTH);
    ck_assert(!gn_sim_genome_mutate(&genome, 1, &child));
}
END_TEST

START_TEST(draw_numbers_reach_both_ends_and_every_magnitude)
{
    gn_sim_prng prng = gn_sim_prng_for(1, "test", 0);
    uint32_t least = 0;
    uint32_t most = 0;
    uint32_t small = 0;

    for (int i = 0; i < 4000; i++) {
        const uint64_t number = gn_sim_draw_number(&prng, 10, 1000010);

        ck_assert_uint_ge(number, 10);
        ck_assert_uint_le(number, 1000010);
        least += number == 10 ? 1 : 0;
        most += number == 1000010 ? 1 : 0;
        small += number > 10 && number < 1000 ? 1 : 0;
    }
    ck_assert_uint_gt(least, 300);
    ck_assert_uint_gt(most, 300);
    /* Three of six orders of magnitude. */
    ck_assert_uint_gt(small, 1000);
    ck_assert_uint_eq(gn_sim_draw_number(&prng, 5, 5), 5);
    ck_assert_uint_ge(gn_sim_draw_number(&prng, 0, UINT64_MAX), 0);
}
END_TEST

START_TEST(draw_rows_outside_the_mask_stay)
{
    const gn_sim_keys *keys = &gn_sim_scenario_keys_link;
    gn_sim_prng prng = gn_sim_prng_for(2, "test", 0);
    gn_sim_link_settings link;
    gn_sim_link_settings standard;

    gn_sim_link_settings_default(&standard);
    for (size_t row = 0; row < keys->count; row++) {
        bool changed = keys->rows[row].value == GN_SIM_VALUE_FILE; /* files are not drawn */

        for (int i = 0; i < 60; i++) {
            link = standard;
            gn_sim_draw_rows(&prng, keys, UINT64_C(1) << row, (gn_sim_ratio){1, 1}, &link);
            for (size_t at = 0; at < keys->count; at++)
                if (!gn_sim_scenario_keys_same(&keys->rows[at], &link, &standard)) {
                    ck_assert_uint_eq(at, row);
                    changed = true;
                }
        }
        ck_assert_msg(changed, "%s is never drawn", keys->rows[row].name);
    }
}
END_TEST

START_TEST(genes_same_genome_is_the_same_scenario_and_another_another)
{
    const gn_sim_genome a = read("5");
    const gn_sim_genome b = read("6");

    ck_assert(gn_sim_genes_express(&a, NULL, &one, message));
    ck_assert(gn_sim_genes_express(&a, NULL, &other, message));
    ck_assert_int_eq(memcmp(&one, &other, sizeof one), 0);
    ck_assert(gn_sim_genes_express(&b, NULL, &other, message));
    ck_assert_int_ne(memcmp(&one, &other, sizeof one), 0);
}
END_TEST

static bool
value_is_file(size_t row)
{
    return gn_sim_scenario_keys_link.rows[row].value == GN_SIM_VALUE_FILE;
}

/* What a thousand runs are like: the swarm covers what it is meant to. */
START_TEST(genes_draw_extremes_and_the_plain_as_well)
{
    uint32_t links[64] = {0};
    uint32_t several = 0;
    uint32_t weeks = 0;
    uint32_t tiny_queue = 0;
    uint32_t strict = 0;
    uint32_t quiet = 0;
    uint32_t actions[GN_SIM_ACTIONS] = {0};
    gn_sim_link_settings standard;

    gn_sim_link_settings_default(&standard);
    for (uint64_t seed = 0; seed < 1000; seed++) {
        const gn_sim_genome genome = {.seed = seed};
        const gn_sim_keys *keys = &gn_sim_scenario_keys_link;
        const gn_sim_link_settings *link = &one.routes[0].link[GN_SIM_DOWN];

        ck_assert_msg(gn_sim_genes_express(&genome, NULL, &one, message), "%s", message);
        several += one.route_count > 1 ? 1 : 0;
        for (size_t i = 0; i < keys->count; i++)
            links[i] += gn_sim_scenario_keys_same(&keys->rows[i], link, &standard) ? 0 : 1;
        weeks += link->delay_us >= UINT64_C(86400000000) ? 1 : 0;
        tiny_queue += link->queue_bytes <= 3000 ? 1 : 0;
        strict += one.expect.may_close == GN_SIM_MAY_CLOSE_HANDSHAKE ? 1 : 0;
        quiet += one.event_count == 1 ? 1 : 0;
        for (uint64_t i = 0; i < one.event_count; i++)
            actions[one.events[i].action]++;
        ck_assert_uint_eq(one.events[one.event_count - 1].action, GN_SIM_DO_HEAL);
        for (uint64_t i = 0; i + 1 < one.event_count; i++)
            ck_assert_uint_lt(one.events[i].at_us, one.events[one.event_count - 1].at_us);
    }
    for (size_t i = 0; i < gn_sim_scenario_keys_link.count; i++)
        ck_assert_msg((links[i] > 4 || value_is_file(i)) && links[i] < 1000,
                      "%s is odd in %u of 1000", gn_sim_scenario_keys_link.rows[i].name, links[i]);
    for (size_t i = 0; i <= GN_SIM_DO_HEAL; i++) /* what follows is never drawn */
        ck_assert_uint_gt(actions[i], 100);
    ck_assert_uint_gt(several, 500);
    ck_assert_uint_gt(weeks, 5);
    ck_assert_uint_gt(tiny_queue, 20);
    ck_assert_uint_gt(strict, 200);
    ck_assert_uint_gt(quiet, 50);
}
END_TEST

START_TEST(genes_overrides_hold_in_every_run)
{
    static const char *const texts[] = {"expect.max_ptos=0", "client.ecn=off"};
    static const char *const wrong[] = {"client.ecn=maybe"};
    const gn_sim_overrides good = {.texts = texts, .count = 2};
    const gn_sim_overrides bad = {.texts = wrong, .count = 1};

    for (uint64_t seed = 0; seed < 50; seed++) {
        const gn_sim_genome genome = {.seed = seed};

        ck_assert_msg(gn_sim_genes_express(&genome, &good, &one, message), "%s", message);
        ck_assert_uint_eq(one.host[GN_SIM_CLIENT].ecn, 0);
        ck_assert_uint_ne(one.expect.keys, 0);
        ck_assert(!gn_sim_genes_express(&genome, &bad, &one, message));
        ck_assert_ptr_nonnull(strstr(message, "--override client.ecn=maybe"));
    }
}
END_TEST

Suite *
gn_test_genome(void)
{
    Suite *suite = suite_create("sim/genome");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *random = tcase_create("random");

    tcase_add_loop_test(good, genome_name_reads_back, 0, (int)(sizeof names / sizeof names[0]));
    tcase_add_test(good, genome_mutation_draws_a_few_genes_anew_and_leaves_the_others);
    tcase_add_test(good, genome_is_deep_enough_at_some_time);
    tcase_add_test(good, genes_same_genome_is_the_same_scenario_and_another_another);
    tcase_add_test(good, genes_overrides_hold_in_every_run);
    tcase_add_loop_test(hostile, genome_what_is_no_name_is_refused, 0,
                        (int)(sizeof no_names / sizeof no_names[0]));
    tcase_add_test(random, draw_numbers_reach_both_ends_and_every_magnitude);
    tcase_add_test(random, draw_rows_outside_the_mask_stay);
    tcase_add_test(random, genes_draw_extremes_and_the_plain_as_well);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    suite_add_tcase(suite, random);
    return suite;
}
