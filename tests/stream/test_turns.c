/*
 * test_turns.c: what stream/turns.h promises.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "stream/turns.h"
#include "suites.h"
#include "tests/support/random.h"
#include "tests/support/streams.h"

enum { STREAMS = 12 };

static gn_test_pools pools;
static gn_slots streams;
static gn_turns line;

static void
twelve_streams(void)
{
    gn_test_pools_init(&pools, 0, STREAMS);
    streams = gn_test_pools_both(&pools).streams;
    for (uint32_t i = 0; i < STREAMS; i++)
        gn_stream_init(gn_slots_at(streams, gn_slots_take(streams)), 4 * i, true, 0, 0);
    gn_turns_init(&line, GN_STREAM_TURN_FRESH);
}

static void
push(uint32_t at, int32_t priority)
{
    pools.stream[at].priority = priority;
    gn_turns_push(&line, streams, at);
    ck_assert(gn_turns_check(&line, streams));
}

static void
assert_turn(uint32_t at)
{
    ck_assert_uint_eq(line.head, at);
    gn_turns_rotate(&line, streams, at);
    ck_assert(gn_turns_check(&line, streams));
}

START_TEST(turns_of_equals_go_round)
{
    push(3, 0);
    push(1, 0);
    push(2, 0);
    for (int round = 0; round < 3; round++) {
        assert_turn(3);
        assert_turn(1);
        assert_turn(2);
    }
}
END_TEST

START_TEST(turns_of_higher_priority_come_first_however_they_joined)
{
    push(0, -5);
    push(1, 7);
    push(2, 0);
    push(3, 7);
    assert_turn(1);
    assert_turn(3);
    assert_turn(1);
    gn_turns_cut(&line, streams, 1);
    gn_turns_cut(&line, streams, 3);
    assert_turn(2);
    gn_turns_cut(&line, streams, 2);
    assert_turn(0);
    gn_turns_cut(&line, streams, 0);
    ck_assert_uint_eq(line.head, GN_POOL_NONE);
}
END_TEST

START_TEST(turns_late_comer_is_last_of_its_equals)
{
    push(0, 1);
    push(1, 1);
    assert_turn(0);
    push(2, 1);
    assert_turn(1);
    assert_turn(0);
    assert_turn(2);
}
END_TEST

START_TEST(turns_rotating_one_that_is_not_first_changes_nothing)
{
    push(0, 1);
    push(1, 1);
    gn_turns_rotate(&line, streams, 1);
    assert_turn(0);
    assert_turn(1);
}
END_TEST

START_TEST(turns_in_two_lines_are_apart)
{
    gn_turns other;

    gn_turns_init(&other, GN_STREAM_TURN_OWED);
    push(0, 1);
    gn_turns_push(&other, streams, 1);
    ck_assert(gn_turns_waits(&pools.stream[0].turn[GN_STREAM_TURN_FRESH]));
    ck_assert(!gn_turns_waits(&pools.stream[0].turn[GN_STREAM_TURN_OWED]));
    ck_assert(gn_turns_waits(&pools.stream[1].turn[GN_STREAM_TURN_OWED]));
    ck_assert(!gn_turns_waits(&pools.stream[1].turn[GN_STREAM_TURN_FRESH]));
}
END_TEST

START_TEST(turns_joining_twice_traps)
{
    gn_turns_push(&line, streams, 1);
    gn_turns_push(&line, streams, 1);
}
END_TEST

START_TEST(turns_leaving_what_one_is_not_in_traps)
{
    gn_turns_cut(&line, streams, 1);
}
END_TEST

/* Against a list that is kept sorted the plain way. */
START_TEST(turns_agree_with_a_sorted_list)
{
    uint64_t state = (uint64_t)_i;
    uint32_t list[STREAMS];
    uint32_t count = 0;

    for (int step = 0; step < 300; step++) {
        const uint64_t r = gn_test_random(&state);
        const uint32_t at = (uint32_t)(r % STREAMS);
        uint32_t from = 0;
        uint32_t to = 0;

        while (from < count && list[from] != at)
            from++;
        const bool there = from < count;
        ck_assert_int_eq(gn_turns_waits(&pools.stream[at].turn[GN_STREAM_TURN_FRESH]), there);
        if (there) {
            for (count--, to = from; to < count; to++)
                list[to] = list[to + 1];
        }
        if (there && r / 64 % 2 == 0) {
            gn_turns_cut(&line, streams, at);
        } else {
            const uint32_t first = there ? from : 0;
            bool is_first = there;
            for (uint32_t i = 0; there && i < first; i++)
                is_first = is_first && pools.stream[list[i]].priority != pools.stream[at].priority;
            if (!there)
                push(at, (int32_t)(r / 256 % 3));
            else
                gn_turns_rotate(&line, streams, at);
            /* Back to its place, or behind its equals when it was new or first among them. */
            to = there && !is_first ? from : 0;
            while (!(there && !is_first) && to < count &&
                   pools.stream[list[to]].priority >= pools.stream[at].priority)
                to++;
            for (uint32_t i = count++; i > to; i--)
                list[i] = list[i - 1];
            list[to] = at;
        }
        ck_assert(gn_turns_check(&line, streams));
        ck_assert_uint_eq(line.head, count > 0 ? list[0] : GN_POOL_NONE);
    }
}
END_TEST

Suite *
gn_test_turns(void)
{
    Suite *s = suite_create("stream/turns");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, twelve_streams, NULL);
    tcase_add_checked_fixture(limits, twelve_streams, NULL);
    tcase_add_checked_fixture(random, twelve_streams, NULL);
    tcase_add_test(good, turns_of_equals_go_round);
    tcase_add_test(good, turns_of_higher_priority_come_first_however_they_joined);
    tcase_add_test(good, turns_late_comer_is_last_of_its_equals);
    tcase_add_test(good, turns_rotating_one_that_is_not_first_changes_nothing);
    tcase_add_test(good, turns_in_two_lines_are_apart);
    tcase_add_test_raise_signal(limits, turns_joining_twice_traps, SIGABRT);
    tcase_add_test_raise_signal(limits, turns_leaving_what_one_is_not_in_traps, SIGABRT);
    tcase_add_loop_test(random, turns_agree_with_a_sorted_list, 0, 100);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
