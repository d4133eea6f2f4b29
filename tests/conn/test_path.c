/*
 * test_path.c: what conn/path.h promises.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "base/limits.h"
#include "conn/path.h"
#include "conn/peer_cids.h"
#include "prop.h"
#include "suites.h"
#include "tests/support/random.h"

#define NOW (10 * GN_SECOND)
#define LASTS (3 * GN_SECOND)

static gn_paths paths;
static const uint8_t host[16] = {[15] = 1};

static gn_path_start
start_of(gn_route route, bool unlimited)
{
    return (gn_path_start){.route = route,
                           .host = host,
                           .datagram_bytes = 1200,
                           .cc = GN_CC_NEWRENO,
                           .mark = GN_ECN_ECT0,
                           .unlimited = unlimited};
}

static void
first_path(void)
{
    const gn_path_start start = start_of(100, false);

    memset(&paths, 0xff, sizeof paths);
    gn_paths_init(&paths, &start, NOW);
}

static uint8_t
add(gn_route route)
{
    const gn_path_start start = start_of(route, false);
    const uint8_t index = gn_paths_add(&paths, &start, NOW);

    ck_assert(gn_paths_check(&paths));
    ck_assert_uint_eq(paths.at[index].route, route);
    return index;
}

static gn_path *
at(uint8_t index)
{
    return &paths.at[index];
}

START_TEST(path_first_is_active_and_unknown)
{
    ck_assert_uint_eq(gn_paths_count(&paths), 1);
    ck_assert_uint_eq(paths.active, 0);
    ck_assert_ptr_eq(gn_paths_active(&paths), at(0));
    ck_assert_uint_eq(paths.fallback, GN_PATH_NONE);
    ck_assert_uint_eq(gn_paths_find(&paths, 100), 0);
    ck_assert_uint_eq(gn_paths_find(&paths, 0), GN_PATH_NONE);
    ck_assert_uint_eq(at(0)->state, GN_PATH_UNKNOWN);
    ck_assert_uint_eq(at(0)->peer_cid, GN_PEER_CID_NONE);
    ck_assert_mem_eq(at(0)->host, host, sizeof host);
    ck_assert_uint_eq(at(0)->datagram_bytes, 1200);
    ck_assert_uint_eq(gn_ecn_mark(&at(0)->ecn), GN_ECN_ECT0);
    ck_assert_uint_eq(gn_paths_deadline(&paths), GN_NEVER);
    ck_assert(gn_paths_check(&paths));
}
END_TEST

START_TEST(path_without_ecn_does_not_mark)
{
    gn_path_start start = start_of(1, false);

    start.mark = GN_ECN_NOT_ECT;
    gn_paths_init(&paths, &start, NOW);
    ck_assert_uint_eq(gn_ecn_mark(&at(0)->ecn), GN_ECN_NOT_ECT);
}
END_TEST

/* RFC 9000 8.1: three times, to the byte. */
/* [R-9000-8-1] */
START_TEST(path_unproved_address_gets_three_times_what_it_sent)
{
    ck_assert_uint_eq(gn_path_budget(at(0)), 0);
    gn_path_on_received(at(0), 1200);
    ck_assert_uint_eq(gn_path_budget(at(0)), 3600);
    gn_path_on_sent(at(0), 1200);
    gn_path_on_sent(at(0), 2399);
    ck_assert_uint_eq(gn_path_budget(at(0)), 1);
    gn_path_on_sent(at(0), 1);
    ck_assert_uint_eq(gn_path_budget(at(0)), 0);
    gn_path_on_received(at(0), 1);
    ck_assert_uint_eq(gn_path_budget(at(0)), 3);
}
END_TEST

START_TEST(path_more_than_the_budget_traps)
{
    gn_path_on_received(at(0), 100);
    gn_path_on_sent(at(0), 301);
}
END_TEST

START_TEST(path_proved_or_trusted_has_no_budget)
{
    const gn_path_start trusted = start_of(7, true);

    gn_path_prove(at(0));
    ck_assert_uint_eq(gn_path_budget(at(0)), UINT64_MAX);
    gn_path_on_sent(at(0), 1000000);
    ck_assert_uint_eq(gn_path_budget(at(gn_paths_add(&paths, &trusted, NOW))), UINT64_MAX);
}
END_TEST

START_TEST(path_tested_again_stays_proved_until_it_fails)
{
    gn_path_prove(at(0));
    gn_path_on_received(at(0), 2000);
    gn_path_on_sent(at(0), 10000);
    gn_path_probe(at(0), NOW, LASTS);
    ck_assert_uint_eq(gn_path_budget(at(0)), UINT64_MAX);
    ck_assert(gn_path_on_tick(at(0), NOW + LASTS));
    ck_assert_uint_eq(gn_path_budget(at(0)), 0);
    gn_path_on_received(at(0), 10000);
    ck_assert_uint_eq(gn_path_budget(at(0)), 3 * 10000);
}
END_TEST

/* RFC 9000 8.2.1: a path too narrow for 1200 bytes is still the peer's. */
START_TEST(path_tested_for_its_size_stays_proved_whatever_comes)
{
    gn_path_prove(at(0));
    gn_path_probe_size(at(0), NOW, LASTS);
    ck_assert(!gn_path_on_tick(at(0), NOW + LASTS));
    ck_assert_uint_eq(at(0)->state, GN_PATH_PROVED);
    ck_assert_uint_eq(gn_path_budget(at(0)), UINT64_MAX);
}
END_TEST

START_TEST(path_abandoned_test_asks_no_more_and_fails_at_once)
{
    gn_path_probe(at(0), NOW, LASTS);
    gn_path_abandon(at(0));
    ck_assert(!gn_path_wants_challenge(at(0), NOW));
    ck_assert(gn_path_on_tick(at(0), NOW));
    ck_assert_uint_eq(at(0)->state, GN_PATH_DEAD);
}
END_TEST

START_TEST(path_others_are_left_when_their_time_has_come)
{
    const uint8_t data[GN_FRAME_CHALLENGE_BYTES] = {1};
    const uint8_t other = add(101);

    ck_assert_uint_eq(gn_paths_left(&paths, GN_NEVER - 1), GN_PATH_NONE);
    gn_paths_leave_others(&paths, NOW + 5);
    ck_assert_uint_eq(gn_paths_deadline(&paths), NOW + 5);
    ck_assert_uint_eq(gn_paths_left(&paths, NOW + 4), GN_PATH_NONE);
    ck_assert_uint_eq(gn_paths_left(&paths, NOW + 5), other);

    /* Not while it is tested, owes an answer, is wanted, or is the active one. */
    at(other)->wanted = 1;
    ck_assert_uint_eq(gn_paths_left(&paths, NOW + 5), GN_PATH_NONE);
    at(other)->wanted = 0;
    gn_path_on_challenge(at(other), data);
    ck_assert_uint_eq(gn_paths_left(&paths, NOW + 5), GN_PATH_NONE);
    gn_path_on_response_sent(at(other));
    gn_path_probe(at(other), NOW, LASTS);
    ck_assert_uint_eq(gn_paths_left(&paths, NOW + 5), GN_PATH_NONE);
    ck_assert(gn_path_on_tick(at(other), NOW + LASTS));
    ck_assert_uint_eq(gn_paths_left(&paths, NOW + 5), other);
    paths.active = other;
    ck_assert_uint_eq(gn_paths_left(&paths, NOW + 5), GN_PATH_NONE);
}
END_TEST

START_TEST(path_dropped_one_is_forgotten)
{
    const uint8_t other = add(101);
    const uint32_t epoch = at(other)->epoch;

    paths.fallback = other;
    ck_assert_ptr_eq(gn_paths_of(&paths, other, epoch), at(other));
    gn_paths_drop(&paths, other);
    ck_assert_uint_eq(paths.fallback, GN_PATH_NONE);
    ck_assert_uint_eq(gn_paths_count(&paths), 1);
    ck_assert_uint_eq(gn_paths_find(&paths, 101), GN_PATH_NONE);
    ck_assert_ptr_null(gn_paths_of(&paths, other, epoch));
    /* The place is used again, and is another path. */
    ck_assert_uint_eq(add(102), other);
    ck_assert_ptr_null(gn_paths_of(&paths, other, epoch));
    ck_assert_ptr_eq(gn_paths_of(&paths, other, at(other)->epoch), at(other));
}
END_TEST

START_TEST(path_active_one_cannot_be_dropped)
{
    gn_paths_drop(&paths, 0);
}
END_TEST

START_TEST(path_known_route_cannot_be_added)
{
    (void)add(100);
}
END_TEST

START_TEST(path_victim_is_neither_active_nor_the_fallback)
{
    for (uint8_t i = 1; i < GN_PATHS_MAX; i++) {
        ck_assert_uint_eq(gn_paths_victim(&paths), GN_PATH_NONE);
        ck_assert_uint_eq(add(100 + i), i);
    }
    ck_assert_uint_eq(gn_paths_victim(&paths), 1);
    paths.fallback = 1;
    ck_assert_uint_eq(gn_paths_victim(&paths), 2);
    paths.active = 2;
    ck_assert_uint_eq(gn_paths_victim(&paths), 0);
    ck_assert_uint_eq(add(200), 0);
    ck_assert_uint_eq(gn_paths_victim(&paths), 3);
    ck_assert_uint_eq(gn_paths_count(&paths), GN_PATHS_MAX);
}
END_TEST

START_TEST(path_victim_is_a_dead_one_if_there_is_any)
{
    for (uint8_t i = 1; i < GN_PATHS_MAX; i++)
        (void)add(100 + i);
    gn_path_probe(at((uint8_t)_i), NOW, LASTS);
    ck_assert(gn_path_on_tick(at((uint8_t)_i), NOW + LASTS));
    ck_assert_int_eq(gn_paths_victim(&paths), _i);
}
END_TEST

/* A stranger who sends from ever new addresses never takes the paths in use. */
START_TEST(path_flood_of_routes_leaves_those_in_use)
{
    ck_assert_uint_eq(add(101), 1);
    paths.fallback = 0;
    paths.active = 1;
    for (gn_route route = 1000; route < 2000; route++) {
        const uint8_t index = add(route);
        ck_assert(index != 0 && index != 1);
        ck_assert_uint_eq(gn_path_budget(at(index)), 0);
    }
    ck_assert_uint_eq(at(0)->route, 100);
    ck_assert_uint_eq(at(1)->route, 101);
}
END_TEST

START_TEST(path_place_is_taken_over_clean)
{
    const uint8_t data[GN_FRAME_CHALLENGE_BYTES] = {1};
    const uint8_t other = add(101);
    const gn_path fresh = *at(other);

    gn_path_on_received(at(other), 1200);
    gn_path_on_challenge(at(other), data);
    gn_path_probe(at(other), NOW, LASTS);
    gn_path_on_probe_sent(at(other), 1);
    gn_paths_drop(&paths, other);
    ck_assert_uint_eq(add(101), other);
    at(other)->epoch = fresh.epoch;
    ck_assert_mem_eq(at(other), &fresh, sizeof fresh);
}
END_TEST

START_TEST(path_check_sees_what_is_broken)
{
    (void)add(101);
    const gn_paths good = paths;

    paths.at[1].route = 100;
    ck_assert(!gn_paths_check(&paths));
    paths = good;
    paths.active = 2;
    ck_assert(!gn_paths_check(&paths));
    paths.active = GN_PATHS_MAX;
    ck_assert(!gn_paths_check(&paths));
    paths = good;
    paths.fallback = 3;
    ck_assert(!gn_paths_check(&paths));
    paths = good;
    paths.at[1].responses = GN_PATH_RESPONSES + 1;
    ck_assert(!gn_paths_check(&paths));
}
END_TEST

START_TEST(path_agrees_with_a_plain_list)
{
    uint8_t ops[600];

    for (int seed = 0; seed < 100; seed++) {
        uint64_t state = (uint64_t)(100 * _i + seed);
        gn_test_random_fill(&state, ops, sizeof ops);
        ck_assert_msg(gn_prop_path(ops, sizeof ops), "seed %d", 100 * _i + seed);
    }
}
END_TEST

static void
add_good(TCase *good)
{
    tcase_add_checked_fixture(good, first_path, NULL);
    tcase_add_test(good, path_first_is_active_and_unknown);
    tcase_add_test(good, path_without_ecn_does_not_mark);
    tcase_add_test(good, path_unproved_address_gets_three_times_what_it_sent);
    tcase_add_test(good, path_proved_or_trusted_has_no_budget);
    tcase_add_test(good, path_tested_again_stays_proved_until_it_fails);
    tcase_add_test(good, path_tested_for_its_size_stays_proved_whatever_comes);
    tcase_add_test(good, path_abandoned_test_asks_no_more_and_fails_at_once);
    tcase_add_test(good, path_others_are_left_when_their_time_has_come);
    tcase_add_test(good, path_dropped_one_is_forgotten);
    tcase_add_test(good, path_victim_is_neither_active_nor_the_fallback);
    tcase_add_loop_test(good, path_victim_is_a_dead_one_if_there_is_any, 1, GN_PATHS_MAX);
    tcase_add_test(good, path_place_is_taken_over_clean);
    tcase_add_test(good, path_check_sees_what_is_broken);
}

Suite *
gn_test_path(void)
{
    Suite *s = suite_create("conn/path");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    add_good(good);
    tcase_add_checked_fixture(hostile, first_path, NULL);
    tcase_add_checked_fixture(limits, first_path, NULL);
    tcase_add_test(hostile, path_flood_of_routes_leaves_those_in_use);
    tcase_add_test_raise_signal(limits, path_more_than_the_budget_traps, SIGABRT);
    tcase_add_test_raise_signal(limits, path_active_one_cannot_be_dropped, SIGABRT);
    tcase_add_test_raise_signal(limits, path_known_route_cannot_be_added, SIGABRT);
    tcase_add_loop_test(random, path_agrees_with_a_plain_list, 0, 3);
    suite_add_tcase(s, good);
    suite_add_tcase(s, hostile);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
