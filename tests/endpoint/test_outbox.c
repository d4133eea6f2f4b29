/*
 * test_outbox.c: what endpoint/outbox.h promises.
 */
#include <check.h>

#include "endpoint/outbox.h"
#include "suites.h"

static gn_outbox box;

START_TEST(outbox_gives_in_the_order_it_was_given)
{
    uint64_t next = 1;
    uint64_t wanted = 1;

    for (int round = 0; round < 7; round++) {
        for (int i = 0; i <= round % 3; i++)
            gn_outbox_add(&box)->route = next++;
        for (int i = 0; i <= round % 3; i++)
            ck_assert_uint_eq(gn_outbox_take(&box)->route, wanted++);
        ck_assert(!gn_outbox_any(&box));
        ck_assert_ptr_null(gn_outbox_take(&box));
    }
}
END_TEST

START_TEST(outbox_has_room_for_so_many_and_no_more)
{
    for (int i = 0; i < GN_OUTBOX_MAX; i++)
        ck_assert_ptr_nonnull(gn_outbox_add(&box));
    ck_assert_ptr_null(gn_outbox_add(&box));
    ck_assert_ptr_nonnull(gn_outbox_take(&box));
    ck_assert_ptr_nonnull(gn_outbox_add(&box));
    ck_assert_ptr_null(gn_outbox_add(&box));
}
END_TEST

Suite *
gn_test_outbox(void)
{
    Suite *suite = suite_create("endpoint/outbox");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_test(good, outbox_gives_in_the_order_it_was_given);
    tcase_add_test(limits, outbox_has_room_for_so_many_and_no_more);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    return suite;
}
