/*
 * test_events.c: what conn/events.h promises.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "conn/events.h"
#include "suites.h"
#include "tests/support/random.h"

static gn_events events;

static void
none(void)
{
    memset(&events, 0xff, sizeof events);
    gn_events_init(&events);
}

static void
push(uint64_t code, uint32_t expendable)
{
    gn_events_push(&events, (gn_event_note){.code = code, .expendable = expendable});
}

static void
assert_pop(uint64_t code)
{
    gn_event_note note;

    ck_assert(gn_events_any(&events));
    ck_assert(gn_events_pop(&events, &note));
    ck_assert_uint_eq(note.code, code);
}

static void
assert_empty(void)
{
    gn_event_note note = {.code = 77};

    ck_assert(!gn_events_any(&events));
    ck_assert(!gn_events_pop(&events, &note));
    ck_assert_uint_eq(note.code, 77);
}

START_TEST(events_come_out_as_they_went_in)
{
    const gn_event_note whole = {.route = 1, .code = 2, .kind = 3, .detail = 4, .expendable = 1};
    gn_event_note out;

    assert_empty();
    gn_events_push(&events, whole);
    ck_assert(gn_events_pop(&events, &out));
    ck_assert_mem_eq(&out, &whole, sizeof out);
    assert_empty();
}
END_TEST

START_TEST(events_stay_in_order_round_the_ring)
{
    uint64_t in = 0;
    uint64_t out = 0;

    for (int round = 0; round < 100; round++) {
        for (int i = 0; i < 5; i++)
            push(in++, 0);
        for (int i = 0; i < 5; i++)
            assert_pop(out++);
    }
    assert_empty();
}
END_TEST

START_TEST(events_without_room_lose_the_oldest_expendable)
{
    for (uint64_t i = 0; i < (uint64_t)_i; i++) { /* begin anywhere in the ring */
        push(i, 0);
        assert_pop(i);
    }
    push(100, 0);
    push(101, 0);
    for (uint64_t i = 2; i < GN_EVENTS_MAX; i++)
        push(100 + i, 1);
    push(200, 0);
    push(201, 1);
    ck_assert_uint_eq(events.count, GN_EVENTS_MAX);
    assert_pop(100);
    assert_pop(101);
    for (uint64_t i = 4; i < GN_EVENTS_MAX; i++)
        assert_pop(100 + i);
    assert_pop(200);
    assert_pop(201);
    assert_empty();
}
END_TEST

/* A peer that moves back and forth for ever, and a caller that does not pull. */
START_TEST(events_flood_of_the_peer_leaves_the_precious_ones)
{
    for (uint64_t i = 0; i < GN_EVENTS_PRECIOUS_MAX; i++) {
        for (uint64_t k = 0; k < 1000; k++)
            push(1000 + k, 1);
        push(i, 0);
    }
    for (uint64_t k = 0; k < 1000; k++)
        push(2000 + k, 1);
    for (uint64_t i = 0; i < GN_EVENTS_PRECIOUS_MAX; i++)
        assert_pop(i);
    for (uint64_t k = 1000 - (GN_EVENTS_MAX - GN_EVENTS_PRECIOUS_MAX); k < 1000; k++)
        assert_pop(2000 + k);
    assert_empty();
}
END_TEST

START_TEST(events_all_precious_and_one_more_traps)
{
    for (uint64_t i = 0; i <= GN_EVENTS_MAX; i++)
        push(i, 0);
}
END_TEST

/* Against a list that is shifted the plain way. */
START_TEST(events_agree_with_a_list)
{
    uint64_t state = (uint64_t)_i;
    gn_event_note list[GN_EVENTS_MAX + 1];
    uint32_t count = 0;

    for (uint64_t step = 0; step < 2000; step++) {
        const uint64_t r = gn_test_random(&state);
        if (r % 5 < 2) {
            gn_event_note note;
            ck_assert_int_eq(gn_events_pop(&events, &note), count > 0);
            if (count == 0)
                continue;
            ck_assert_mem_eq(&note, &list[0], sizeof note);
            memmove(list, list + 1, --count * sizeof *list);
            continue;
        }
        uint32_t precious = 0;
        for (uint32_t i = 0; i < count; i++)
            precious += !list[i].expendable;
        const uint32_t keep = precious < GN_EVENTS_MAX - 1 && r / 5 % 3 == 0;
        list[count++] = (gn_event_note){.code = step, .expendable = !keep};
        gn_events_push(&events, list[count - 1]);
        for (uint32_t i = 0; count > GN_EVENTS_MAX; i++)
            if (list[i].expendable)
                memmove(list + i, list + i + 1, (--count - i) * sizeof *list);
        ck_assert_uint_eq(events.count, count);
    }
}
END_TEST

Suite *
gn_test_events(void)
{
    Suite *s = suite_create("conn/events");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, none, NULL);
    tcase_add_checked_fixture(limits, none, NULL);
    tcase_add_checked_fixture(random, none, NULL);
    tcase_add_test(good, events_come_out_as_they_went_in);
    tcase_add_test(good, events_stay_in_order_round_the_ring);
    tcase_add_loop_test(limits, events_without_room_lose_the_oldest_expendable, 0, GN_EVENTS_MAX);
    tcase_add_test(limits, events_flood_of_the_peer_leaves_the_precious_ones);
    tcase_add_test_raise_signal(limits, events_all_precious_and_one_more_traps, SIGABRT);
    tcase_add_loop_test(random, events_agree_with_a_list, 0, 20);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
