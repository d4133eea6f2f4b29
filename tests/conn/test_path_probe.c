/*
 * test_path_probe.c: what conn/path.h promises about challenges and answers (RFC 9000 8.2).
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "base/limits.h"
#include "conn/path.h"
#include "suites.h"

#define NOW (10 * GN_SECOND)
#define PTO (100 * GN_MS)
#define LASTS (3 * GN_SECOND)

static gn_paths paths;
static gn_rng rng;
static const uint8_t host[16] = {[15] = 1};

static gn_path_start
start_of(gn_route route)
{
    return (gn_path_start){
        .route = route, .host = host, .datagram_bytes = 1200, .cc = GN_CC_NEWRENO};
}

static void
first_path(void)
{
    const uint8_t seed[GN_RNG_SEED_BYTES] = {4};
    const gn_path_start start = start_of(100);

    gn_rng_init(&rng, seed, "challenges", 0);
    memset(&paths, 0xff, sizeof paths);
    gn_paths_init(&paths, &start, NOW);
}

static uint8_t
add(gn_route route)
{
    const gn_path_start start = start_of(route);
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

static void
challenge(uint8_t index, gn_time now, uint8_t data[GN_FRAME_CHALLENGE_BYTES])
{
    ck_assert(gn_path_wants_challenge(at(index), now));
    gn_path_on_challenge_sent(at(index), &rng, now, PTO, data);
}

/* [R-9000-8.2.1-1] [R-9000-9.4-3] */
START_TEST(path_probe_challenges_at_once_then_ever_more_rarely)
{
    uint8_t data[GN_FRAME_CHALLENGE_BYTES];
    gn_time now = NOW;

    gn_path_prove(at(0));
    ck_assert(!gn_path_wants_challenge(at(0), NOW));
    gn_path_probe(at(0), NOW, 1000 * GN_SECOND);
    ck_assert_uint_eq(at(0)->state, GN_PATH_TESTING);
    ck_assert_uint_eq(gn_paths_deadline(&paths), NOW);
    for (int i = 0; i < 12; i++) {
        const gn_time gap = PTO << (i < 6 ? i : 6);

        challenge(0, now, data);
        ck_assert(!gn_path_wants_challenge(at(0), now + gap - 1));
        ck_assert_uint_eq(gn_paths_deadline(&paths), now + gap);
        now += gap;
    }
    /* A new attempt begins with short gaps again. */
    gn_path_probe(at(0), now, LASTS);
    challenge(0, now, data);
    ck_assert_uint_eq(gn_paths_deadline(&paths), now + PTO);
}
END_TEST

START_TEST(path_right_response_proves_it)
{
    uint8_t data[GN_FRAME_CHALLENGE_BYTES];
    const uint8_t other = add(101);

    gn_path_probe(at(other), NOW, LASTS);
    challenge(other, NOW, data);
    ck_assert_uint_eq(gn_paths_on_response(&paths, data), other);
    ck_assert_uint_eq(at(other)->state, GN_PATH_PROVED);
    ck_assert(at(other)->proved && !at(0)->proved);
    ck_assert_uint_eq(gn_paths_deadline(&paths), GN_NEVER);
    ck_assert(!gn_path_on_tick(at(other), GN_NEVER));
    ck_assert(!gn_path_wants_challenge(at(other), GN_NEVER));
    /* The same again answers nothing. */
    ck_assert_uint_eq(gn_paths_on_response(&paths, data), GN_PATH_NONE);
}
END_TEST

/* [R-9000-8.2.2-4] */
START_TEST(path_response_names_the_path_that_was_challenged)
{
    uint8_t data[GN_PATHS_MAX][GN_FRAME_CHALLENGE_BYTES];

    for (uint8_t i = 0; i < GN_PATHS_MAX; i++) {
        if (i > 0)
            ck_assert_uint_eq(add(100 + i), i);
        gn_path_probe(at(i), NOW, LASTS);
        challenge(i, NOW, data[i]);
    }
    ck_assert_int_eq(gn_paths_on_response(&paths, data[_i]), _i);
    for (uint8_t i = 0; i < GN_PATHS_MAX; i++)
        ck_assert_int_eq(at(i)->state, i == _i ? GN_PATH_PROVED : GN_PATH_TESTING);
}
END_TEST

START_TEST(path_wrong_response_proves_nothing)
{
    const uint8_t zeros[GN_FRAME_CHALLENGE_BYTES] = {0};
    uint8_t data[GN_FRAME_CHALLENGE_BYTES];

    ck_assert_uint_eq(gn_paths_on_response(&paths, zeros), GN_PATH_NONE);
    gn_path_probe(at(0), NOW, LASTS);
    ck_assert_uint_eq(gn_paths_on_response(&paths, zeros), GN_PATH_NONE);
    challenge(0, NOW, data);
    ck_assert_uint_eq(gn_paths_on_response(&paths, zeros), GN_PATH_NONE);
    data[_i] ^= 1;
    ck_assert_uint_eq(gn_paths_on_response(&paths, data), GN_PATH_NONE);
    ck_assert_uint_eq(at(0)->state, GN_PATH_TESTING);
    data[_i] ^= 1;
    ck_assert_uint_eq(gn_paths_on_response(&paths, data), 0);
}
END_TEST

/* RFC 9000 8.2.1: each challenge is its own; the last four may be answered. */
/* [R-9000-8.2.1-1] */
START_TEST(path_last_challenges_are_remembered)
{
    enum { SENT = 300 };
    uint8_t data[SENT][GN_FRAME_CHALLENGE_BYTES];
    const int which = _i < GN_PATH_CHALLENGES ? SENT - 1 - _i : SENT - 1 - GN_PATH_CHALLENGES;

    gn_path_probe(at(0), NOW, LASTS);
    for (int i = 0; i < SENT; i++) {
        gn_path_on_challenge_sent(at(0), &rng, NOW, PTO, data[i]);
        ck_assert(i == 0 || memcmp(data[i], data[i - 1], sizeof data[i]) != 0);
    }
    ck_assert_uint_eq(gn_paths_on_response(&paths, data[which]),
                      _i < GN_PATH_CHALLENGES ? 0 : GN_PATH_NONE);
}
END_TEST

START_TEST(path_response_to_an_attempt_that_is_over_proves_nothing)
{
    uint8_t data[GN_FRAME_CHALLENGE_BYTES];

    gn_path_probe(at(0), NOW, LASTS);
    challenge(0, NOW, data);
    if (_i == 0) {
        ck_assert(gn_path_on_tick(at(0), NOW + LASTS));
    } else {
        gn_path_probe(at(0), NOW + 1, LASTS);
    }
    ck_assert_uint_eq(gn_paths_on_response(&paths, data), GN_PATH_NONE);
    ck_assert(!at(0)->proved);
}
END_TEST

START_TEST(path_fails_once_when_nobody_answers)
{
    gn_path_probe(at(0), NOW, LASTS);
    ck_assert(!gn_path_on_tick(at(0), NOW + LASTS - 1));
    ck_assert_uint_eq(at(0)->state, GN_PATH_TESTING);
    ck_assert(gn_path_on_tick(at(0), NOW + LASTS));
    ck_assert_uint_eq(at(0)->state, GN_PATH_DEAD);
    ck_assert(!gn_path_on_tick(at(0), NOW + LASTS));
    ck_assert(!gn_path_wants_challenge(at(0), GN_NEVER));
    ck_assert_uint_eq(gn_paths_deadline(&paths), GN_NEVER);
}
END_TEST

START_TEST(path_deadline_is_the_first_of_all)
{
    uint8_t data[GN_FRAME_CHALLENGE_BYTES];
    const uint8_t other = add(101);

    gn_path_on_received(at(0), 1200);
    gn_path_on_received(at(other), 1200);
    gn_path_probe(at(0), NOW, PTO / 2);
    challenge(0, NOW, data);
    ck_assert_uint_eq(gn_paths_deadline(&paths), NOW + PTO / 2);
    gn_path_probe(at(other), NOW + 5, LASTS);
    ck_assert_uint_eq(gn_paths_deadline(&paths), NOW + 5);
    challenge(other, NOW + 5, data);
    ck_assert_uint_eq(gn_paths_deadline(&paths), NOW + PTO / 2);
}
END_TEST

/* RFC 9000 8.1: no byte may go there, so there is nothing to wake up for but giving up. */
START_TEST(path_challenge_without_budget_waits_for_bytes)
{
    gn_path_probe(at(0), NOW, LASTS);
    ck_assert_uint_eq(gn_paths_deadline(&paths), NOW + LASTS);
    gn_path_on_received(at(0), GN_PATH_ROOM_MIN / GN_PATH_AMPLIFICATION);
    ck_assert_uint_eq(gn_paths_deadline(&paths), NOW + LASTS);
    gn_path_on_received(at(0), 1);
    ck_assert_uint_eq(gn_paths_deadline(&paths), NOW);
}
END_TEST

START_TEST(path_small_challenge_is_noted_until_the_next_attempt)
{
    gn_path_probe(at(0), NOW, LASTS);
    gn_path_on_probe_sent(at(0), GN_DATAGRAM_MIN);
    ck_assert(!at(0)->small);
    gn_path_on_probe_sent(at(0), GN_DATAGRAM_MIN - 1);
    ck_assert(at(0)->small);
    gn_path_probe(at(0), NOW, LASTS);
    ck_assert(!at(0)->small);
}
END_TEST

/* A way that drops what is marked must not look like one that drops everything. */
START_TEST(path_challenge_that_is_repeated_bears_no_mark)
{
    uint8_t data[GN_FRAME_CHALLENGE_BYTES];

    gn_ecn_init(&at(0)->ecn, GN_ECN_ECT0);
    gn_path_probe(at(0), NOW, LASTS);
    challenge(0, NOW, data);
    ck_assert_int_eq(gn_path_mark(at(0), true, true), GN_ECN_ECT0);
    challenge(0, NOW + PTO, data);
    ck_assert_int_eq(gn_path_mark(at(0), true, true), GN_ECN_NOT_ECT);
    ck_assert_int_eq(gn_path_mark(at(0), false, false), GN_ECN_ECT0);
    gn_path_prove(at(0));
    ck_assert_int_eq(gn_path_mark(at(0), true, true), GN_ECN_ECT0);
}
END_TEST

START_TEST(path_answer_bears_a_mark_when_the_challenge_did)
{
    static const uint8_t data[GN_FRAME_CHALLENGE_BYTES] = {1};

    gn_ecn_init(&at(0)->ecn, GN_ECN_ECT0);
    gn_path_on_challenge(at(0), data);
    gn_path_on_challenge_mark(at(0), GN_ECN_CE);
    ck_assert_int_eq(gn_path_mark(at(0), true, false), GN_ECN_ECT0);
    gn_path_on_challenge_mark(at(0), GN_ECN_NOT_ECT);
    ck_assert_int_eq(gn_path_mark(at(0), true, false), GN_ECN_NOT_ECT);
    ck_assert_int_eq(gn_path_mark(at(0), false, false), GN_ECN_ECT0);
}
END_TEST

/* _i: which challenge is answered. Found by the second one, the path is used without marks. */
START_TEST(path_found_by_an_unmarked_challenge_marks_no_more)
{
    uint8_t data[2][GN_FRAME_CHALLENGE_BYTES];

    gn_ecn_init(&at(0)->ecn, GN_ECN_ECT0);
    gn_path_probe(at(0), NOW, LASTS);
    challenge(0, NOW, data[0]);
    challenge(0, NOW + PTO, data[1]);
    ck_assert_uint_eq(gn_paths_on_response(&paths, data[_i]), 0);
    ck_assert_int_eq(gn_path_mark(at(0), false, false), _i == 0 ? GN_ECN_ECT0 : GN_ECN_NOT_ECT);
}
END_TEST

/* [R-9000-8.2.2-7] */
START_TEST(path_challenges_of_the_peer_are_answered_in_order)
{
    for (uint8_t i = 1; i <= GN_PATH_RESPONSES; i++) {
        const uint8_t data[GN_FRAME_CHALLENGE_BYTES] = {i, i, i, i, i, i, i, i};
        gn_path_on_challenge(at(0), data);
    }
    for (uint8_t i = 1; i <= GN_PATH_RESPONSES; i++) {
        const uint8_t data[GN_FRAME_CHALLENGE_BYTES] = {i, i, i, i, i, i, i, i};
        ck_assert_uint_eq(at(0)->responses, GN_PATH_RESPONSES + 1 - i);
        ck_assert_mem_eq(at(0)->response[0], data, sizeof data);
        gn_path_on_response_sent(at(0));
    }
    ck_assert_uint_eq(at(0)->responses, 0);
}
END_TEST

/* A flood neither grows nor pushes out what is owed. */
START_TEST(path_flood_of_challenges_is_cut)
{
    for (uint32_t i = 0; i < 1000; i++) {
        const uint8_t data[GN_FRAME_CHALLENGE_BYTES] = {(uint8_t)i, (uint8_t)(i >> 8)};
        gn_path_on_challenge(at(0), data);
    }
    ck_assert_uint_eq(at(0)->responses, GN_PATH_RESPONSES);
    for (uint8_t i = 0; i < GN_PATH_RESPONSES; i++)
        ck_assert_uint_eq(at(0)->response[i][0], i);
    ck_assert(gn_paths_check(&paths));
}
END_TEST

START_TEST(path_answer_that_is_not_owed_traps)
{
    gn_path_on_response_sent(at(0));
}
END_TEST

Suite *
gn_test_path_probe(void)
{
    Suite *s = suite_create("conn/path_probe");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(good, first_path, NULL);
    tcase_add_checked_fixture(hostile, first_path, NULL);
    tcase_add_checked_fixture(limits, first_path, NULL);
    tcase_add_test(good, path_probe_challenges_at_once_then_ever_more_rarely);
    tcase_add_test(good, path_right_response_proves_it);
    tcase_add_loop_test(good, path_response_names_the_path_that_was_challenged, 0, GN_PATHS_MAX);
    tcase_add_test(good, path_fails_once_when_nobody_answers);
    tcase_add_test(good, path_deadline_is_the_first_of_all);
    tcase_add_test(good, path_challenge_without_budget_waits_for_bytes);
    tcase_add_test(good, path_challenge_that_is_repeated_bears_no_mark);
    tcase_add_test(good, path_answer_bears_a_mark_when_the_challenge_did);
    tcase_add_loop_test(good, path_found_by_an_unmarked_challenge_marks_no_more, 0, 2);
    tcase_add_test(good, path_small_challenge_is_noted_until_the_next_attempt);
    tcase_add_test(good, path_challenges_of_the_peer_are_answered_in_order);
    tcase_add_loop_test(hostile, path_wrong_response_proves_nothing, 0, GN_FRAME_CHALLENGE_BYTES);
    tcase_add_loop_test(hostile, path_response_to_an_attempt_that_is_over_proves_nothing, 0, 2);
    tcase_add_test(hostile, path_flood_of_challenges_is_cut);
    tcase_add_loop_test(limits, path_last_challenges_are_remembered, 0, GN_PATH_CHALLENGES + 1);
    tcase_add_test_raise_signal(limits, path_answer_that_is_not_owed_traps, SIGABRT);
    suite_add_tcase(s, good);
    suite_add_tcase(s, hostile);
    suite_add_tcase(s, limits);
    return s;
}
