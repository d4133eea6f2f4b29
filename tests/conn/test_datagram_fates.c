/*
 * test_datagram_fates.c: what conn/datagram_fates.h promises.
 */
#include <check.h>

#include "conn/datagram_fates.h"
#include "suites.h"
#include "tests/support/recovery.h"

enum { SLOTS = 128 };

static gn_slots sent;
static gn_datagram_fates f;

static void
empty(void)
{
    sent = gn_test_sent_slots(SLOTS);
    gn_datagram_fates_init(&f);
}

/* A packet with so many datagrams, numbered from id on, and other things before and between. */
static void
packet(uint64_t pn, uint64_t id, uint32_t count, bool acked)
{
    const uint32_t at = gn_test_record(sent, 2, pn, 5, 1200, GN_SENT_ELICITING | GN_SENT_IN_FLIGHT);

    for (uint32_t i = 0; i < count; i++) {
        ck_assert_int_eq(gn_sent_add(sent, at, &(gn_item){.kind = GN_ITEM_DATAGRAM, .id = id + i}),
                         GN_OK);
        ck_assert_int_eq(gn_sent_add(sent, at, &(gn_item){.kind = GN_ITEM_STREAM, .id = 4}), GN_OK);
    }
    gn_datagram_fates_take(&f, sent, at, acked);
    ck_assert(gn_datagram_fates_check(&f, sent));
}

static void
assert_told(uint64_t id, gn_datagram_fate fate)
{
    gn_datagram_fate told = GN_DATAGRAM_FATES;
    uint64_t which = UINT64_MAX;

    ck_assert(gn_datagram_fates_any(&f));
    ck_assert(gn_datagram_fates_tell(&f, sent, &which, &told));
    ck_assert_uint_eq(which, id);
    ck_assert_int_eq(told, fate);
    ck_assert(gn_datagram_fates_check(&f, sent));
}

static void
assert_nothing(void)
{
    gn_datagram_fate told;
    uint64_t which;

    ck_assert(!gn_datagram_fates_tell(&f, sent, &which, &told));
    ck_assert(!gn_datagram_fates_any(&f));
    ck_assert_uint_eq(sent.pool->used, 0);
}

START_TEST(fates_each_datagram_is_told_of_once)
{
    packet(1, 10, 3, true);
    packet(2, 20, 1, false);
    packet(3, 30, 2, true);
    assert_told(10, GN_DATAGRAM_FATE_ACKED);
    assert_told(11, GN_DATAGRAM_FATE_ACKED);
    packet(4, 40, 1, false);
    assert_told(12, GN_DATAGRAM_FATE_ACKED);
    assert_told(30, GN_DATAGRAM_FATE_ACKED);
    assert_told(31, GN_DATAGRAM_FATE_ACKED);
    assert_told(20, GN_DATAGRAM_FATE_LOST);
    assert_told(40, GN_DATAGRAM_FATE_LOST);
    assert_nothing();
}
END_TEST

/* RFC 9221 5.2 */
START_TEST(fates_late_acknowledgement_of_a_lost_one_is_told)
{
    gn_frame_ack ack;

    packet(7, 70, 2, false);
    packet(9, 90, 1, false);
    ack = gn_test_ack(8, 9);
    gn_datagram_fates_on_ack(&f, &ack);
    assert_told(70, GN_DATAGRAM_FATE_LOST);
    ack = gn_test_ack(3, 8);
    gn_datagram_fates_on_ack(&f, &ack);
    gn_datagram_fates_on_ack(&f, &ack); /* every ACK says it again */
    assert_told(71, GN_DATAGRAM_FATE_LOST);
    assert_told(90, GN_DATAGRAM_FATE_LOST);
    assert_told(70, GN_DATAGRAM_FATE_LATE);
    assert_told(71, GN_DATAGRAM_FATE_LATE);
    gn_datagram_fates_on_ack(&f, &ack);
    assert_nothing();
}
END_TEST

START_TEST(fates_only_the_latest_lost_ones_are_kept_in_mind)
{
    const gn_frame_ack ack = gn_test_ack(0, GN_DATAGRAM_FATES_LATE + 2);

    for (uint64_t pn = 0; pn < GN_DATAGRAM_FATES_LATE + 2; pn++) {
        packet(pn, pn, 1, false);
        assert_told(pn, GN_DATAGRAM_FATE_LOST);
    }
    gn_datagram_fates_on_ack(&f, &ack);
    for (uint32_t i = 0; i < GN_DATAGRAM_FATES_LATE; i++) /* in the order of their entries */
        assert_told(i < 2 ? GN_DATAGRAM_FATES_LATE + i : i, GN_DATAGRAM_FATE_LATE);
    assert_nothing();
}
END_TEST

START_TEST(fates_wiped_give_every_record_back)
{
    packet(1, 1, 5, true);
    packet(2, 9, 5, false);
    assert_told(1, GN_DATAGRAM_FATE_ACKED);
    gn_datagram_fates_wipe(&f, sent);
    assert_nothing();
}
END_TEST

Suite *
gn_test_datagram_fates(void)
{
    Suite *suite = suite_create("conn/datagram_fates");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(good, empty, NULL);
    tcase_add_checked_fixture(limits, empty, NULL);
    tcase_add_test(good, fates_each_datagram_is_told_of_once);
    tcase_add_test(good, fates_late_acknowledgement_of_a_lost_one_is_told);
    tcase_add_test(good, fates_wiped_give_every_record_back);
    tcase_add_test(limits, fates_only_the_latest_lost_ones_are_kept_in_mind);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    return suite;
}
