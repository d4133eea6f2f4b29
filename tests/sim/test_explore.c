/*
 * test_explore.c: what sim/explore.h and sim/shrink.h promise, with planted failures.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/explore.h"
#include "sim/genes.h"
#include "sim/run.h"
#include "sim/shrink.h"
#include "suites.h"
#include "support/feed.h"

static gn_sim_explore_result result;
static gn_sim_explore_result again;
static gn_sim_scenario scenario;
static char folder[64];
static char message[GN_SIM_MESSAGE_BYTES];

static void
set_up(void)
{
    gn_test_feed_folder(folder);
}

static void
tear_down(void)
{
    gn_test_feed_remove(folder);
}

static gn_sim_explore_settings
settings_of(uint64_t first, uint64_t last)
{
    return (gn_sim_explore_settings){.first = {.seed = first},
                                     .last = last,
                                     .shards = 1,
                                     .mutants = 2,
                                     .jobs = 2,
                                     .limit_ms = 60000,
                                     .fake = true,
                                     .out = folder};
}

START_TEST(explore_same_seeds_are_the_same_runs_with_any_number_of_workers)
{
    gn_sim_explore_settings settings = settings_of(100, 129);

    gn_sim_explore(&settings, &result);
    ck_assert_msg(result.failures == 0, "%s", result.failure[0].what);
    ck_assert_uint_eq(result.seeds, 30);
    ck_assert_uint_gt(result.runs, 30);
    ck_assert(result.complete);
    settings.jobs = 1;
    gn_sim_explore(&settings, &again);
    ck_assert_uint_eq(again.digest, result.digest);
    ck_assert_uint_eq(again.runs, result.runs);
    ck_assert_int_eq(memcmp(&again.coverage, &result.coverage, sizeof result.coverage), 0);
    settings.first.seed = 101;
    settings.last = 130;
    gn_sim_explore(&settings, &again);
    ck_assert_uint_ne(again.digest, result.digest);
}
END_TEST

START_TEST(explore_mutants_find_what_the_seeds_did_not)
{
    gn_sim_explore_settings settings = settings_of(1, 20);

    settings.mutants = 0;
    gn_sim_explore(&settings, &result);
    ck_assert_uint_eq(result.runs, 20);
    settings.mutants = 4;
    gn_sim_explore(&settings, &again);
    ck_assert_uint_gt(again.runs, 40);
    ck_assert_uint_gt(gn_sim_coverage_count(&again.coverage),
                      gn_sim_coverage_count(&result.coverage));
    ck_assert_uint_gt(again.last_new, 20);
}
END_TEST

START_TEST(explore_shards_share_the_seeds_among_them)
{
    gn_sim_explore_settings settings = settings_of(1, 10);
    uint64_t seeds = 0;

    settings.mutants = 0;
    settings.shards = 3;
    for (settings.shard = 0; settings.shard < 3; settings.shard++) {
        gn_sim_explore(&settings, &result);
        ck_assert_uint_eq(result.seeds, settings.shard == 0 ? 4 : 3);
        seeds += result.seeds;
    }
    ck_assert_uint_eq(seeds, 10);
    /* A shard beyond the last seed has nothing to do. */
    settings = settings_of(1, 2);
    settings.shards = 5;
    settings.shard = 4;
    gn_sim_explore(&settings, &result);
    ck_assert_uint_eq(result.runs, 0);
}
END_TEST

START_TEST(explore_stops_when_its_time_is_over)
{
    gn_sim_explore_settings settings = settings_of(1, 100000);

    settings.time_ms = 1;
    gn_sim_explore(&settings, &result);
    ck_assert_uint_eq(result.runs, GN_SIM_EXPLORE_BATCH);
    ck_assert(!result.complete);
}
END_TEST

/* No run with loss holds this. */
static const char *const planted[] = {"expect.max_lost=0"};
static const gn_sim_overrides plant = {.texts = planted, .count = 1};

START_TEST(explore_failure_comes_with_a_file_that_replays_it)
{
    gn_sim_explore_settings settings = settings_of(1, 20);
    const gn_sim_options options = {.size = sizeof options, .fake_tls = 1};
    gn_sim_result run;

    settings.mutants = 0;
    settings.overrides = &plant;
    gn_sim_explore(&settings, &result);
    ck_assert_uint_gt(result.failures, 3);
    ck_assert_uint_lt(result.failures, 20);
    for (size_t i = 0; i < 3; i++) {
        const gn_sim_explore_failure *failure = &result.failure[i];

        ck_assert_msg(strstr(failure->what, "FAIL: max_lost") != NULL, "%s", failure->what);
        gn_sim_run(failure->path, &options, &run);
        ck_assert_uint_eq(run.hash, failure->hash);
        ck_assert_uint_eq(run.verdict, GN_SIM_FAIL);
        gn_sim_result_free(&run);
        /* And the name alone gives it back. */
        settings.first = failure->genome;
        settings.last = failure->genome.seed;
        gn_sim_explore(&settings, &again);
        ck_assert_uint_eq(again.runs, 1);
        ck_assert_uint_eq(again.failure[0].hash, failure->hash);
    }
}
END_TEST

static const gn_sim_shrink_settings quickly = {.fake = true, .runs_max = 300, .limit_ms = 60000};

static size_t
clauses(const gn_sim_scenario *one)
{
    return (size_t)(one->event_count + one->route_count);
}

/* The first seed that fails by the planted expectation. */
static void
find_failure(void)
{
    gn_sim_explore_settings settings = settings_of(1, 30);

    settings.mutants = 0;
    settings.overrides = &plant;
    gn_sim_explore(&settings, &result);
    for (size_t i = 0; i < result.failure_count; i++) {
        ck_assert(gn_sim_genes_express(&result.failure[i].genome, &plant, &scenario, message));
        if (clauses(&scenario) > 6)
            return;
    }
    ck_abort_msg("no failure with many events");
}

START_TEST(shrink_leaves_a_small_scenario_that_fails_the_same_way)
{
    gn_sim_shrink_result shrunk;
    gn_sim_trial trial;
    gn_sim_trial_failure failure;
    const gn_sim_crew_outcome done = {.end = GN_SIM_CREW_DONE};

    find_failure();
    ck_assert(gn_sim_shrink(&quickly, &scenario, &shrunk));
    ck_assert_uint_gt(shrunk.steps, 5);
    ck_assert_uint_le(shrunk.runs, 300);
    ck_assert_str_eq(shrunk.failure.what, "max_lost");
    ck_assert_uint_eq(scenario.route_count, 1);
    ck_assert_uint_le(clauses(&scenario), 4);
    gn_sim_trial_play(&scenario, true, NULL, NULL, &trial);
    ck_assert(gn_sim_trial_failed(&trial, &done, &failure));
    ck_assert(gn_sim_trial_same(&failure, &shrunk.failure));
    ck_assert_uint_eq(trial.hash, shrunk.hash);
}
END_TEST

#define HEAD "name: x\nwhy: y\n"

static void
parse(const char *text)
{
    ck_assert_msg(gn_sim_scenario_parse("f", text, strlen(text), &scenario, message), "%s",
                  message);
}

/* Everything here that does not matter goes: the loss by number is all that is needed. */
START_TEST(shrink_takes_away_all_that_does_not_matter)
{
    gn_sim_scenario_default(&scenario);
    gn_sim_shrink_result shrunk;

    parse(HEAD "seed: 12345\nclient: {ecn: off, streams: 7}\nserver: {window: 300kB}\n"
               "routes:\n"
               "  a: {both: {rate: 17Mbit/s, delay: 12345us}, up: {drop_nth: [3]},\n"
               "      down: {drop_nth: [9, 12, 15], jitter: 3ms}}\n"
               "  b: {}\n  c: {}\n"
               "events:\n"
               "  - {at: 10ms, do: change, route: a, mtu: 1400B, up: {delay: 14ms, queue: 80kB}}\n"
               "  - {at: 20ms, do: update-keys}\n"
               "  - {at: 20ms, do: cut, route: b}\n"
               "  - {at: 30ms, do: rebind-port, route: c}\n"
               "workload: {kind: download, bytes: 300kB, streams: 3}\n"
               "expect: {max_lost: 0, finish_before: 100s}\n");
    ck_assert(gn_sim_shrink(&quickly, &scenario, &shrunk));
    ck_assert_str_eq(shrunk.failure.what, "max_lost");
    ck_assert_uint_eq(scenario.route_count, 1);
    ck_assert_uint_eq(scenario.event_count, 0);
    ck_assert_uint_eq(scenario.seed, 0);
    ck_assert_uint_eq(scenario.host[GN_SIM_CLIENT].ecn, 1);
    ck_assert_uint_eq(scenario.host[GN_SIM_SERVER].window_bytes, UINT64_C(1) << 20);
    ck_assert_uint_eq(scenario.expect.finish_before_us, 0);
    ck_assert_uint_le(scenario.routes[0].link[GN_SIM_UP].loss.nth_count +
                          scenario.routes[0].link[GN_SIM_DOWN].loss.nth_count,
                      1);
    ck_assert_uint_eq(scenario.routes[0].link[GN_SIM_DOWN].jitter_us, 0);
    ck_assert_uint_lt(scenario.workload.bytes, 30000);
}
END_TEST

/* Of three attackers the one who breaks it stays, and a trace of a rate goes. */
START_TEST(shrink_takes_away_others_that_do_not_matter)
{
    gn_sim_shrink_result shrunk;
    char path[96];
    char text[1024];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/rate.trace", folder);
    file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    (void)fputs("1\n2\n3\n4\n5\n", file);
    (void)fclose(file);
    (void)snprintf(text, sizeof text,
                   HEAD "routes: {a: {both: {delay: 10ms}, down: {rate_trace: %s}}, b: {}}\n"
                        "attackers:\n"
                        "  - {kind: garbage, route: b, size: 100B}\n"
                        "  - {kind: drop, route: a, direction: down, packets: short, times: 9}\n"
                        "  - {kind: delay, route: a, delay: 1ms}\n"
                        "cross: [{kind: constant, route: a, rate: 1Mbit/s}]\n"
                        "events: [{at: 20ms, do: update-keys}]\n"
                        "workload: {kind: download, bytes: 30kB}\nexpect: {max_ptos: 0, "
                        "max_lost: 0}\n",
                   path);
    parse(text);
    ck_assert(scenario.routes[0].link[GN_SIM_DOWN].plan.trace != NULL);
    ck_assert(gn_sim_shrink(&quickly, &scenario, &shrunk));
    ck_assert_uint_eq(scenario.attack_count, 1);
    ck_assert_uint_eq(scenario.attacks[0].kind, GN_SIM_ATTACK_DROP);
    ck_assert_uint_eq(scenario.cross_count, 0);
    ck_assert_uint_eq(scenario.event_count, 0);
    ck_assert(scenario.routes[0].link[GN_SIM_DOWN].plan.trace == NULL);
    gn_sim_scenario_free(&scenario);
}
END_TEST

START_TEST(shrink_keeps_what_heals_where_it_is_last)
{
    gn_sim_shrink_result shrunk;

    parse(HEAD "routes: {a: {both: {delay: 10ms, loss: 30%}}}\n"
               "events: [{at: 1s, do: blackout, route: a, for: 2s}, {at: 4s, do: heal}]\n"
               "workload: {kind: download, bytes: 100kB}\n"
               "expect: {max_ptos: 0, may_close: handshake}\n");
    ck_assert(gn_sim_shrink(&quickly, &scenario, &shrunk));
    ck_assert_str_eq(shrunk.failure.what, "max_ptos");
    ck_assert_uint_ge(scenario.event_count, 1);
    ck_assert_uint_eq(scenario.events[scenario.event_count - 1].action, GN_SIM_DO_HEAL);
    ck_assert_uint_eq(scenario.expect.may_close, GN_SIM_MAY_CLOSE_HANDSHAKE);
}
END_TEST

START_TEST(shrink_of_what_does_not_fail_is_refused)
{
    gn_sim_shrink_result shrunk;

    parse(HEAD "routes: {a: {}}\nworkload: {kind: download, bytes: 1kB}\n");
    ck_assert(!gn_sim_shrink(&quickly, &scenario, &shrunk));
    ck_assert_uint_eq(shrunk.runs, 1);
}
END_TEST

Suite *
gn_test_explore(void)
{
    Suite *suite = suite_create("sim/explore");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(good, set_up, tear_down);
    tcase_add_checked_fixture(limits, set_up, tear_down);
    tcase_add_test(good, explore_same_seeds_are_the_same_runs_with_any_number_of_workers);
    tcase_add_test(good, explore_mutants_find_what_the_seeds_did_not);
    tcase_add_test(good, explore_shards_share_the_seeds_among_them);
    tcase_add_test(good, explore_failure_comes_with_a_file_that_replays_it);
    tcase_add_test(good, shrink_leaves_a_small_scenario_that_fails_the_same_way);
    tcase_add_test(good, shrink_takes_away_all_that_does_not_matter);
    tcase_add_test(good, shrink_takes_away_others_that_do_not_matter);
    tcase_add_test(good, shrink_keeps_what_heals_where_it_is_last);
    tcase_add_test(limits, explore_stops_when_its_time_is_over);
    tcase_add_test(limits, shrink_of_what_does_not_fail_is_refused);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    return suite;
}
