/*
 * test_heap.c: what sim/heap.h promises, one promise a test.
 */
#include <check.h>

#include "sim/heap.h"
#include "suites.h"
#include "support/random.h"

static gn_sim_heap heap;
static int things[8];

static void
set_up(void)
{
    gn_sim_heap_init(&heap);
}

static void
tear_down(void)
{
    gn_sim_heap_free(&heap);
}

START_TEST(heap_empty_gives_nothing)
{
    gn_sim_entry entry;

    ck_assert(!gn_sim_heap_pop(&heap, &entry));
}
END_TEST

START_TEST(heap_gives_the_earliest_first)
{
    gn_sim_entry entry;

    gn_sim_heap_push(&heap, 30, GN_SIM_CLASS_HOST, &things[3]);
    gn_sim_heap_push(&heap, 10, GN_SIM_CLASS_HOST, &things[1]);
    gn_sim_heap_push(&heap, 20, GN_SIM_CLASS_HOST, &things[2]);
    for (int i = 1; i <= 3; i++) {
        ck_assert(gn_sim_heap_pop(&heap, &entry));
        ck_assert_ptr_eq(entry.what, &things[i]);
        ck_assert_uint_eq(entry.at_us, (uint64_t)i * 10);
    }
}
END_TEST

START_TEST(heap_at_one_instant_the_lower_class_goes_first)
{
    gn_sim_entry entry;

    for (int class = GN_SIM_CLASSES - 1; class >= 0; class --)
        gn_sim_heap_push(&heap, 5, (gn_sim_class) class, &things[class]);
    for (int class = 0; class < GN_SIM_CLASSES; class ++) {
        ck_assert(gn_sim_heap_pop(&heap, &entry));
        ck_assert_int_eq((int)gn_sim_entry_class(&entry), class);
    }
}
END_TEST

START_TEST(heap_within_a_class_the_first_in_goes_first)
{
    gn_sim_entry entry;

    for (int i = 0; i < 8; i++)
        gn_sim_heap_push(&heap, 5, GN_SIM_CLASS_ARRIVAL, &things[i]);
    for (int i = 0; i < 8; i++) {
        ck_assert(gn_sim_heap_pop(&heap, &entry));
        ck_assert_ptr_eq(entry.what, &things[i]);
    }
}
END_TEST

START_TEST(heap_of_many_gives_them_all_in_order)
{
    uint64_t state = 11;
    gn_sim_entry before = {0};
    gn_sim_entry entry;
    size_t in = 0;
    size_t out = 0;

    while (in < 20000) {
        gn_sim_heap_push(&heap, before.at_us + gn_test_random(&state) % 50,
                         (gn_sim_class)(gn_test_random(&state) % GN_SIM_CLASSES), NULL);
        in++;
        if (gn_test_random(&state) % 3 != 0)
            continue;
        ck_assert(gn_sim_heap_pop(&heap, &entry));
        ck_assert_uint_ge(entry.at_us, before.at_us);
        before = entry;
        out++;
    }
    before = (gn_sim_entry){0};
    while (gn_sim_heap_pop(&heap, &entry)) {
        ck_assert(entry.at_us > before.at_us ||
                  (entry.at_us == before.at_us && entry.order > before.order) || out == 0 ||
                  before.at_us == 0);
        before = entry;
        out++;
    }
    ck_assert_uint_eq(in, out);
}
END_TEST

Suite *
gn_test_heap(void)
{
    Suite *suite = suite_create("sim/heap");
    TCase *good = tcase_create("good");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, set_up, tear_down);
    tcase_add_checked_fixture(random, set_up, tear_down);
    tcase_add_test(good, heap_empty_gives_nothing);
    tcase_add_test(good, heap_gives_the_earliest_first);
    tcase_add_test(good, heap_at_one_instant_the_lower_class_goes_first);
    tcase_add_test(good, heap_within_a_class_the_first_in_goes_first);
    tcase_add_test(random, heap_of_many_gives_them_all_in_order);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, random);
    return suite;
}
