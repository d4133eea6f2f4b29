/*
 * test_sent.c: what recovery/sent.h promises.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "recovery/sent.h"
#include "recovery/space_id.h"
#include "suites.h"
#include "tests/support/random.h"
#include "tests/support/recovery.h"

static gn_slots slots;
static gn_sent_log records;

static void
fresh(void)
{
    slots = gn_test_sent_slots(64);
    gn_sent_log_init(&records);
}

static uint32_t
push(uint64_t pn)
{
    const uint32_t at = gn_test_record(slots, GN_SPACE_APP, pn, 1000 + pn, 100, 0);

    gn_sent_push(&records, slots, at);
    ck_assert(gn_sent_check(&records, slots, GN_SPACE_APP));
    return at;
}

static void
expect(const uint64_t *pns, uint32_t count)
{
    uint32_t at = records.head;

    ck_assert(gn_sent_check(&records, slots, GN_SPACE_APP));
    ck_assert_uint_eq(records.count, count);
    for (uint32_t i = 0; i < count; i++) {
        ck_assert_uint_eq(gn_sent_at(slots, at)->pn, pns[i]);
        at = gn_sent_at(slots, at)->next;
    }
    ck_assert_uint_eq(at, GN_POOL_NONE);
}

static gn_err
add_stream(uint32_t at, uint64_t id)
{
    const gn_item item = {.id = id, .off = 10 * id, .len = 7, .kind = GN_ITEM_STREAM, .fin = 1};

    return gn_sent_add(slots, at, &item);
}

START_TEST(sent_take_gives_a_clean_record)
{
    const gn_sent *record = gn_sent_at(slots, gn_sent_take(slots));

    ck_assert_uint_eq(record->next, GN_POOL_NONE);
    ck_assert_uint_eq(record->prev, GN_POOL_NONE);
    ck_assert_uint_eq(record->more, GN_POOL_NONE);
    ck_assert_uint_eq(record->item_count, 0);
    ck_assert_uint_eq(record->flags, 0);
    ck_assert_uint_eq(record->pn, 0);
}
END_TEST

START_TEST(sent_items_come_back_in_order_however_many)
{
    const uint32_t at = gn_sent_take(slots);
    gn_sent_items it;
    gn_item item;

    for (uint64_t id = 0; id < (uint64_t)_i; id++)
        ck_assert_int_eq(add_stream(at, id), GN_OK);
    it = gn_sent_items_over(at);
    for (uint64_t id = 0; id < (uint64_t)_i; id++) {
        ck_assert(gn_sent_items_next(slots, &it, &item));
        ck_assert_uint_eq(item.id, id);
        ck_assert_uint_eq(item.off, 10 * id);
        ck_assert_uint_eq(item.len, 7);
        ck_assert_uint_eq(item.kind, GN_ITEM_STREAM);
        ck_assert_uint_eq(item.fin, 1);
    }
    ck_assert(!gn_sent_items_next(slots, &it, &item));
    ck_assert(!gn_sent_items_next(slots, &it, &item));

    const uint32_t more = _i <= GN_SENT_ITEMS ? 0 : ((uint32_t)_i - GN_SENT_ITEMS + 2) / 3;
    ck_assert_uint_eq(slots.pool->used, 1 + more);
    gn_sent_free(slots, at);
    ck_assert_uint_eq(slots.pool->used, 0);
}
END_TEST

START_TEST(sent_push_links_in_order)
{
    push(3);
    push(4);
    push(9);
    expect((const uint64_t[]){3, 4, 9}, 3);
}
END_TEST

START_TEST(sent_unlink_works_anywhere)
{
    const uint32_t a = push(1);
    const uint32_t b = push(2);
    const uint32_t c = push(3);
    const uint32_t d = push(4);

    gn_sent_unlink(&records, slots, b);
    expect((const uint64_t[]){1, 3, 4}, 3);
    gn_sent_unlink(&records, slots, d);
    expect((const uint64_t[]){1, 3}, 2);
    gn_sent_unlink(&records, slots, a);
    expect((const uint64_t[]){3}, 1);
    gn_sent_unlink(&records, slots, c);
    expect(NULL, 0);
    push(5);
    expect((const uint64_t[]){5}, 1);
}
END_TEST

START_TEST(sent_free_list_gives_every_slot_back)
{
    uint32_t head = GN_POOL_NONE;

    for (int i = 0; i < 5; i++) {
        const uint32_t at = gn_sent_take(slots);

        for (int k = 0; k < i * 2; k++)
            ck_assert_int_eq(add_stream(at, 1), GN_OK);
        gn_sent_at(slots, at)->next = head;
        head = at;
    }
    ck_assert_uint_gt(slots.pool->used, 5);
    gn_sent_free_list(slots, head);
    ck_assert_uint_eq(slots.pool->used, 0);
    gn_sent_free_list(slots, GN_POOL_NONE);
}
END_TEST

START_TEST(sent_without_slots_says_so_and_keeps_what_it_has)
{
    slots = gn_test_sent_slots(2);
    const uint32_t at = gn_sent_take(slots);
    gn_item item;

    for (uint64_t id = 0; id < GN_SENT_ITEMS + GN_SENT_MORE_ITEMS; id++) {
        ck_assert(gn_sent_has_room(slots, at, 1));
        ck_assert_int_eq(add_stream(at, id), GN_OK);
    }
    ck_assert(gn_sent_has_room(slots, at, 0));
    ck_assert(!gn_sent_has_room(slots, at, 1));
    ck_assert_int_eq(add_stream(at, 9), GN_ERR_FULL);
    ck_assert_uint_eq(gn_sent_take(slots), GN_POOL_NONE);

    gn_sent_items it = gn_sent_items_over(at);
    uint64_t count = 0;
    while (gn_sent_items_next(slots, &it, &item))
        ck_assert_uint_eq(item.id, count++);
    ck_assert_uint_eq(count, GN_SENT_ITEMS + GN_SENT_MORE_ITEMS);
}
END_TEST

START_TEST(sent_has_room_knows_how_far_the_pool_reaches)
{
    slots = gn_test_sent_slots(3);
    const uint32_t at = gn_sent_take(slots);

    ck_assert(gn_sent_has_room(slots, at, 8));
    ck_assert(!gn_sent_has_room(slots, at, 9));
    ck_assert_int_eq(add_stream(at, 0), GN_OK);
    ck_assert(gn_sent_has_room(slots, at, 7));
    ck_assert(!gn_sent_has_room(slots, at, 8));
}
END_TEST

START_TEST(sent_check_sees_what_is_broken)
{
    push(1);
    const uint32_t b = push(2);

    ck_assert(!gn_sent_check(&records, slots, GN_SPACE_INITIAL));
    gn_sent_at(slots, b)->pn = 1;
    ck_assert(!gn_sent_check(&records, slots, GN_SPACE_APP));
    gn_sent_at(slots, b)->pn = 2;
    gn_sent_at(slots, b)->prev = b;
    ck_assert(!gn_sent_check(&records, slots, GN_SPACE_APP));
    gn_sent_at(slots, b)->prev = records.head;
    gn_sent_at(slots, b)->flags = GN_SENT_ELICITING;
    ck_assert(!gn_sent_check(&records, slots, GN_SPACE_APP));
    gn_sent_at(slots, b)->flags = 0;
    records.count = 3;
    ck_assert(!gn_sent_check(&records, slots, GN_SPACE_APP));
}
END_TEST

START_TEST(sent_push_out_of_order_traps)
{
    push(4);
    push(4);
}
END_TEST

START_TEST(sent_unknown_item_traps)
{
    const gn_item item = {.kind = GN_ITEM_KINDS};
    const gn_err err = gn_sent_add(slots, gn_sent_take(slots), &item);

    (void)err;
}
END_TEST

START_TEST(sent_unlink_in_any_order_leaves_nothing)
{
    uint64_t state = (uint64_t)_i;
    uint32_t at[40];
    uint32_t left = 40;

    for (uint32_t i = 0; i < left; i++)
        at[i] = push(i);
    while (left > 0) {
        const uint32_t pick = (uint32_t)(gn_test_random(&state) % left);

        gn_sent_unlink(&records, slots, at[pick]);
        gn_sent_free(slots, at[pick]);
        at[pick] = at[--left];
        ck_assert(gn_sent_check(&records, slots, GN_SPACE_APP));
        ck_assert_uint_eq(records.count, left);
        ck_assert_uint_eq(slots.pool->used, left);
    }
}
END_TEST

Suite *
gn_test_sent(void)
{
    Suite *s = suite_create("recovery/sent");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, fresh, NULL);
    tcase_add_checked_fixture(limits, fresh, NULL);
    tcase_add_checked_fixture(random, fresh, NULL);
    tcase_add_test(good, sent_take_gives_a_clean_record);
    tcase_add_loop_test(good, sent_items_come_back_in_order_however_many, 0, 16);
    tcase_add_test(good, sent_push_links_in_order);
    tcase_add_test(good, sent_unlink_works_anywhere);
    tcase_add_test(good, sent_free_list_gives_every_slot_back);
    tcase_add_test(limits, sent_without_slots_says_so_and_keeps_what_it_has);
    tcase_add_test(limits, sent_has_room_knows_how_far_the_pool_reaches);
    tcase_add_test(limits, sent_check_sees_what_is_broken);
    tcase_add_test_raise_signal(limits, sent_push_out_of_order_traps, SIGABRT);
    tcase_add_test_raise_signal(limits, sent_unknown_item_traps, SIGABRT);
    tcase_add_loop_test(random, sent_unlink_in_any_order_leaves_nothing, 0, 100);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
