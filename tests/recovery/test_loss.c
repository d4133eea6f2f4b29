/*
 * test_loss.c: what recovery/loss.h promises about ACKs and losses; its timer
 * is test_loss_timer.c's.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "prop.h"
#include "recovery/loss.h"
#include "suites.h"
#include "tests/support/random.h"
#include "tests/support/recovery.h"

#define DATA (GN_SENT_ELICITING | GN_SENT_IN_FLIGHT)
#define APP GN_SPACE_APP

static gn_slots slots;
static gn_loss loss;
static gn_rtt rtt;
static gn_loss_acked acked;
static gn_loss_lost lost;
static gn_fault fault;

/* A client with a sample of 80 ms taken at time 0, so that a packet lags for 90 ms. */
static void
fresh(void)
{
    slots = gn_test_sent_slots(256);
    gn_loss_init(&loss, true);
    gn_rtt_init(&rtt);
    gn_rtt_update(&rtt, 0, 80 * GN_MS, 0, 0, true);
}

static gn_sent *
send(gn_space_id space, uint64_t pn, gn_time at, uint8_t flags)
{
    const uint32_t record = gn_test_record(slots, (uint8_t)space, pn, at, 1000, flags);

    gn_loss_on_sent(&loss, slots, record);
    ck_assert(gn_loss_check(&loss, slots));
    return gn_sent_at(slots, record);
}

/* Packets from .. to, a millisecond apart, the first at start. */
static void
send_many(uint64_t from, uint64_t to, gn_time start)
{
    for (uint64_t pn = from; pn < to; pn++)
        send(APP, pn, start + (pn - from) * GN_MS, DATA);
}

static void
on_ack(gn_space_id space, uint64_t from, uint64_t to, gn_time now)
{
    const gn_frame_ack ack = gn_test_ack(from, to);

    ck_assert_int_eq(gn_loss_on_ack(&loss, slots, space, &ack, now, &acked, &fault), GN_OK);
    ck_assert(gn_loss_check(&loss, slots));
}

static void
detect(gn_time now)
{
    gn_loss_detect(&loss, slots, APP, &rtt, 0, now, &lost);
    ck_assert(gn_loss_check(&loss, slots));
}

static void
expect_list(uint32_t head, uint32_t count, const uint64_t *pns, uint32_t n)
{
    ck_assert_uint_eq(count, n);
    for (uint32_t i = 0; i < n; i++) {
        ck_assert_uint_ne(head, GN_POOL_NONE);
        ck_assert_uint_eq(gn_sent_at(slots, head)->pn, pns[i]);
        head = gn_sent_at(slots, head)->next;
    }
    ck_assert_uint_eq(head, GN_POOL_NONE);
}

#define EXPECT(what, ...)                                                                          \
    expect_list((what).head, (what).count, (const uint64_t[]){__VA_ARGS__},                        \
                sizeof((uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))
#define EXPECT_NONE(what) expect_list((what).head, (what).count, NULL, 0)

START_TEST(loss_ack_hands_out_what_is_new_in_order)
{
    send_many(0, 5, GN_SECOND);
    on_ack(APP, 1, 4, 2 * GN_SECOND);
    EXPECT(acked, 1, 2, 3);
    ck_assert_uint_eq(acked.largest_pn, 3);
    ck_assert_uint_eq(acked.largest_at, GN_SECOND + 3 * GN_MS);
    ck_assert(acked.eliciting && acked.raises_largest && acked.has_sample);
    ck_assert_uint_eq(acked.sample_us, GN_SECOND - 3 * GN_MS);
    ck_assert_uint_eq(gn_loss_in_flight_bytes(&loss), 2000);

    on_ack(APP, 0, 4, 2 * GN_SECOND);
    EXPECT(acked, 0);
    ck_assert(!acked.raises_largest && !acked.has_sample);

    on_ack(APP, 0, 4, 2 * GN_SECOND);
    EXPECT_NONE(acked);
    ck_assert_uint_eq(acked.largest_pn, GN_LOSS_NONE);
}
END_TEST

START_TEST(loss_ack_with_many_ranges_finds_all)
{
    gn_ranges set;

    gn_ranges_init(&set);
    send_many(0, 20, GN_SECOND);
    for (uint64_t pn = 1; pn < 20; pn += 4)
        ck_assert_int_eq(gn_ranges_add(&set, pn, pn + 2), GN_OK);
    const gn_frame_ack ack = gn_test_ack_of(&set);
    ck_assert_int_eq(gn_loss_on_ack(&loss, slots, APP, &ack, GN_SECOND * 2, &acked, &fault), GN_OK);
    EXPECT(acked, 1, 2, 5, 6, 9, 10, 13, 14, 17, 18);
}
END_TEST

START_TEST(loss_ack_of_a_packet_never_sent_is_a_fault) /* [R-9000-13.1-2] */
{
    send_many(0, 3, GN_SECOND);
    const gn_loss before = loss;
    const gn_frame_ack ack = gn_test_ack(0, 4);

    memset(&acked, 0x5a, sizeof acked);
    ck_assert_int_eq(gn_loss_on_ack(&loss, slots, APP, &ack, GN_SECOND * 2, &acked, &fault),
                     GN_ERR_FORM);
    ck_assert_uint_eq(fault.wire_code, GN_FAULT_PROTOCOL_VIOLATION);
    ck_assert_uint_eq(fault.frame_type, GN_FRAME_ACK);
    ck_assert_str_eq(fault.why, "RFC 9000 13.1: a packet that was never sent is acknowledged");
    ck_assert_mem_eq(&before, &loss, sizeof loss);
    ck_assert_uint_eq(acked.head, 0x5a5a5a5a);
}
END_TEST

START_TEST(loss_ack_counts_in_its_own_space_only) /* [R-9000-13.2.6-1] */
{
    send(GN_SPACE_INITIAL, 0, GN_SECOND, DATA);
    send(GN_SPACE_HANDSHAKE, 0, GN_SECOND, DATA);
    send(APP, 0, GN_SECOND, DATA);
    on_ack(GN_SPACE_HANDSHAKE, 0, 1, 2 * GN_SECOND);
    EXPECT(acked, 0);
    ck_assert(gn_loss_awaits(&loss, GN_SPACE_INITIAL) && gn_loss_awaits(&loss, APP));
    ck_assert(!gn_loss_awaits(&loss, GN_SPACE_HANDSHAKE));
}
END_TEST

START_TEST(loss_sample_needs_the_largest_to_be_new) /* [R-9002-5.1-1] */
{
    send_many(0, 4, GN_SECOND);
    on_ack(APP, 3, 4, 2 * GN_SECOND);
    ck_assert(acked.has_sample);
    on_ack(APP, 0, 4, 2 * GN_SECOND);
    EXPECT(acked, 0, 1, 2);
    ck_assert(acked.eliciting && !acked.has_sample);
}
END_TEST

START_TEST(loss_sample_needs_something_ack_eliciting) /* [R-9002-5.1-1] */
{
    send(APP, 0, GN_SECOND, GN_SENT_IN_FLIGHT);
    on_ack(APP, 0, 1, 2 * GN_SECOND);
    ck_assert(!acked.eliciting && !acked.has_sample);

    /* The largest elicits nothing, but another one does. */
    send(APP, 1, 2 * GN_SECOND, DATA);
    send(APP, 2, 3 * GN_SECOND, 0);
    on_ack(APP, 1, 3, 3 * GN_SECOND + 7);
    ck_assert(acked.eliciting && acked.has_sample);
    ck_assert_uint_eq(acked.sample_us, 7);
}
END_TEST

START_TEST(loss_ack_counts_marks_by_path)
{
    send(APP, 0, GN_SECOND, DATA | GN_SENT_ECT0)->path_epoch = 1;
    send(APP, 1, GN_SECOND, DATA | GN_SENT_ECT1)->path_epoch = 1;
    send(APP, 2, GN_SECOND, DATA | GN_SENT_ECT0)->path_epoch = 2;
    send(APP, 3, GN_SECOND, DATA)->path_epoch = 2;
    send(APP, 4, GN_SECOND, DATA | GN_SENT_ECT0)->path_epoch = 2;
    on_ack(APP, 0, 5, 2 * GN_SECOND);
    ck_assert_uint_eq(acked.path_epoch, 2);
    ck_assert_uint_eq(acked.ect0_here, 2);
    ck_assert_uint_eq(acked.ect1_here, 0);
    ck_assert_uint_eq(acked.ect0_other, 1);
    ck_assert_uint_eq(acked.ect1_other, 1);
}
END_TEST

START_TEST(loss_three_later_packets_make_one_lost) /* [R-9002-7.4-1] */
{
    send_many(0, 4, GN_SECOND);
    on_ack(APP, 2, 3, GN_SECOND + 10 * GN_MS);
    detect(GN_SECOND + 10 * GN_MS);
    EXPECT_NONE(lost);
    on_ack(APP, 3, 4, GN_SECOND + 10 * GN_MS);
    detect(GN_SECOND + 10 * GN_MS);
    EXPECT(lost, 0);
    ck_assert_uint_eq(lost.largest_at, GN_SECOND);
    ck_assert_uint_eq(loss.space[APP].log.count, 1);
    ck_assert_uint_eq(loss.space[APP].loss_time, GN_SECOND + GN_MS + 90 * GN_MS);
}
END_TEST

START_TEST(loss_by_time_comes_to_the_microsecond)
{
    send_many(0, 2, GN_SECOND);
    on_ack(APP, 1, 2, GN_SECOND + 80 * GN_MS);
    detect(GN_SECOND + 80 * GN_MS);
    EXPECT_NONE(lost);
    ck_assert_uint_eq(loss.space[APP].loss_time, GN_SECOND + 90 * GN_MS);
    detect(GN_SECOND + 90 * GN_MS - 1);
    EXPECT_NONE(lost);
    detect(GN_SECOND + 90 * GN_MS);
    EXPECT(lost, 0);
    ck_assert_uint_eq(loss.space[APP].loss_time, GN_NEVER);
    ck_assert_uint_eq(gn_loss_in_flight_bytes(&loss), 0);
}
END_TEST

START_TEST(loss_needs_a_later_packet_acknowledged)
{
    send_many(0, 10, GN_SECOND);
    detect(100 * GN_SECOND);
    EXPECT_NONE(lost);
    on_ack(APP, 0, 1, 100 * GN_SECOND);
    detect(100 * GN_SECOND);
    EXPECT_NONE(lost);
    ck_assert_uint_eq(loss.space[APP].loss_time, GN_NEVER);
}
END_TEST

START_TEST(loss_run_of_acks_alone_keeps_one_record)
{
    send(APP, 0, GN_SECOND, DATA);
    for (uint64_t pn = 1; pn < 100; pn++)
        send(APP, pn, GN_SECOND + pn, 0);
    ck_assert_uint_eq(loss.space[APP].log.count, 2);
    ck_assert_uint_eq(slots.pool->used, 2);
    send(APP, 100, 2 * GN_SECOND, DATA);
    send(APP, 101, 2 * GN_SECOND, 0);
    ck_assert_uint_eq(loss.space[APP].log.count, 4);
    on_ack(APP, 99, 102, 3 * GN_SECOND);
    EXPECT(acked, 99, 100, 101);
}
END_TEST

START_TEST(loss_of_what_was_not_in_flight_is_silent)
{
    send(APP, 0, GN_SECOND, 0);
    send(APP, 1, GN_SECOND, DATA);
    on_ack(APP, 1, 2, GN_SECOND + 5);
    detect(GN_SECOND + 5);
    EXPECT_NONE(lost);
    ck_assert_uint_eq(loss.space[APP].loss_time, GN_NEVER);
    ck_assert_uint_eq(loss.space[APP].log.count, 0);
    gn_sent_free_list(slots, acked.head);
    ck_assert_uint_eq(slots.pool->used, 0);
}
END_TEST

/* RFC 9002 7.6.3, in tenths of its seconds: the probe timeout is 2, and so the period 6. */
static void
blackout(uint64_t arrived, uint8_t flags)
{
    static const gn_time at[] = {0, 0, 10, 20, 30, 40, 50, 60, 80, 120};
    const gn_time unit = 100 * GN_MS;

    rtt.smoothed_us = 800 * GN_MS;
    rtt.latest_us = 800 * GN_MS;
    rtt.var_us = 300 * GN_MS;
    ck_assert_uint_eq(gn_rtt_pto_us(&rtt, 0), 20 * unit);
    for (uint64_t pn = 1; pn < 10; pn++) {
        send(APP, pn, GN_SECOND + at[pn] * unit, pn == 5 ? flags : DATA);
        if (pn == 2)
            on_ack(APP, 1, 2, GN_SECOND + 12 * unit);
    }
    if (arrived > 0)
        on_ack(APP, arrived, arrived + 1, GN_SECOND + 122 * unit);
    on_ack(APP, 9, 10, GN_SECOND + 122 * unit);
    detect(GN_SECOND + 122 * unit);
}

START_TEST(loss_persistent_congestion_as_in_the_example)
{
    blackout(0, DATA);
    EXPECT(lost, 2, 3, 4, 5, 6, 7, 8);
    ck_assert(lost.persistent);
    /* It takes another whole period to establish it once more. */
    send(APP, 10, 20 * GN_SECOND, DATA);
    send(APP, 13, 20 * GN_SECOND, DATA);
    on_ack(APP, 13, 14, 20 * GN_SECOND);
    detect(20 * GN_SECOND);
    EXPECT(lost, 10);
    ck_assert(!lost.persistent);
}
END_TEST

START_TEST(loss_persistent_congestion_ends_with_an_arrival_between)
{
    blackout((uint64_t)_i, DATA);
    /* 2 to 8 left 7 apart; without 2 or without 8 they span 6 or 5, no more than the period. */
    ck_assert(!lost.persistent);
    ck_assert_uint_eq(lost.count, 6);
}
END_TEST

START_TEST(loss_persistent_congestion_does_not_mind_what_is_not_ack_eliciting)
{
    blackout(0, GN_SENT_IN_FLIGHT);
    ck_assert(lost.persistent);
}
END_TEST

START_TEST(loss_persistent_congestion_needs_a_sample_before)
{
    rtt.first_sample_at = GN_SECOND + 20 * 100 * GN_MS;
    blackout(0, DATA);
    /* Only packets 4 to 8 left after it. */
    ck_assert_uint_eq(lost.count, 7);
    ck_assert(!lost.persistent);
}
END_TEST

START_TEST(loss_persistent_congestion_needs_ends_that_elicit) /* [R-9002-7.6.2-1] */
{
    send(APP, 0, GN_SECOND, GN_SENT_IN_FLIGHT);
    send(APP, 1, 2 * GN_SECOND, DATA);
    send(APP, 2, 9 * GN_SECOND, GN_SENT_IN_FLIGHT);
    send(APP, 9, 9 * GN_SECOND, DATA);
    on_ack(APP, 9, 10, 9 * GN_SECOND);
    detect(9 * GN_SECOND);
    ck_assert(!lost.persistent);
}
END_TEST

START_TEST(loss_persistent_congestion_goes_on_over_two_detections)
{
    send(APP, 0, GN_SECOND, DATA);
    send(APP, 1, GN_SECOND + 600 * GN_MS, DATA);
    send(APP, 2, 3 * GN_SECOND, DATA);
    send(APP, 3, 3 * GN_SECOND, DATA);
    on_ack(APP, 3, 4, 3 * GN_SECOND + 10);
    detect(3 * GN_SECOND + 10);
    EXPECT(lost, 0, 1);
    ck_assert(!lost.persistent);
    detect(4 * GN_SECOND);
    EXPECT(lost, 2);
    ck_assert(lost.persistent);
}
END_TEST

START_TEST(loss_persistent_congestion_ends_with_an_arrival_elsewhere)
{
    send(APP, 0, GN_SECOND, DATA);
    send(GN_SPACE_HANDSHAKE, 0, GN_SECOND + (gn_time)_i, DATA);
    send(APP, 1, 4 * GN_SECOND, DATA);
    send(APP, 5, 4 * GN_SECOND, DATA);
    on_ack(GN_SPACE_HANDSHAKE, 0, 1, 4 * GN_SECOND);
    on_ack(APP, 5, 6, 4 * GN_SECOND);
    detect(4 * GN_SECOND);
    ck_assert(!lost.persistent);
}
END_TEST

START_TEST(loss_persistent_congestion_minds_no_earlier_arrival_elsewhere)
{
    send(GN_SPACE_HANDSHAKE, 0, GN_SECOND - 1, DATA);
    send(APP, 0, GN_SECOND, DATA);
    send(APP, 1, 4 * GN_SECOND, DATA);
    send(APP, 5, 4 * GN_SECOND, DATA);
    on_ack(GN_SPACE_HANDSHAKE, 0, 1, 4 * GN_SECOND);
    on_ack(APP, 5, 6, 4 * GN_SECOND);
    detect(4 * GN_SECOND);
    ck_assert(lost.persistent);
}
END_TEST

START_TEST(loss_persistent_congestion_is_of_one_path) /* [R-9000-9.4-1] */
{
    send(APP, 0, GN_SECOND, DATA);
    send(APP, 1, 5 * GN_SECOND, DATA)->path_epoch = 1;
    send(APP, 5, 5 * GN_SECOND, DATA)->path_epoch = 1;
    on_ack(APP, 5, 6, 5 * GN_SECOND);
    detect(5 * GN_SECOND);
    ck_assert(!lost.persistent);
}
END_TEST

START_TEST(loss_discard_hands_out_all_that_was_in_flight) /* [R-9002-6.4-1] [R-9002-6.4-2] */
{
    send(GN_SPACE_INITIAL, 0, GN_SECOND, DATA);
    send(GN_SPACE_INITIAL, 1, GN_SECOND, 0);
    send(GN_SPACE_INITIAL, 2, GN_SECOND, GN_SENT_IN_FLIGHT);
    send(APP, 0, GN_SECOND, DATA);
    loss.pto_count = 3;
    gn_loss_discard(&loss, slots, GN_SPACE_INITIAL, 2 * GN_SECOND, &lost);
    EXPECT(lost, 0, 2);
    ck_assert(gn_loss_check(&loss, slots));
    ck_assert_uint_eq(loss.pto_count, 0);
    ck_assert_uint_eq(gn_loss_in_flight_bytes(&loss), 1000);
    gn_sent_free_list(slots, lost.head);
    ck_assert_uint_eq(slots.pool->used, 1);
}
END_TEST

START_TEST(loss_numbers_may_not_go_back) /* [R-9000-12.3-2] */
{
    send(APP, 5, GN_SECOND, DATA);
    send(APP, 5, GN_SECOND, DATA);
}
END_TEST

START_TEST(loss_eliciting_packet_out_of_flight_traps)
{
    send(APP, 0, GN_SECOND, GN_SENT_ELICITING);
}
END_TEST

START_TEST(loss_agrees_with_a_plain_list) /* [R-9002-7.4-1] */
{
    uint64_t state = (uint64_t)_i;
    uint8_t ops[1200];

    gn_test_random_fill(&state, ops, sizeof ops);
    ck_assert(gn_prop_loss(ops, sizeof ops));
}
END_TEST

static void
add_good(TCase *good)
{
    tcase_add_test(good, loss_ack_hands_out_what_is_new_in_order);
    tcase_add_test(good, loss_ack_with_many_ranges_finds_all);
    tcase_add_test(good, loss_ack_counts_in_its_own_space_only);
    tcase_add_test(good, loss_sample_needs_the_largest_to_be_new);
    tcase_add_test(good, loss_sample_needs_something_ack_eliciting);
    tcase_add_test(good, loss_ack_counts_marks_by_path);
    tcase_add_test(good, loss_three_later_packets_make_one_lost);
    tcase_add_test(good, loss_by_time_comes_to_the_microsecond);
    tcase_add_test(good, loss_needs_a_later_packet_acknowledged);
    tcase_add_test(good, loss_run_of_acks_alone_keeps_one_record);
    tcase_add_test(good, loss_of_what_was_not_in_flight_is_silent);
    tcase_add_test(good, loss_persistent_congestion_as_in_the_example);
    tcase_add_loop_test(good, loss_persistent_congestion_ends_with_an_arrival_between, 2, 9);
    tcase_add_test(good, loss_persistent_congestion_does_not_mind_what_is_not_ack_eliciting);
    tcase_add_test(good, loss_persistent_congestion_needs_a_sample_before);
    tcase_add_test(good, loss_persistent_congestion_needs_ends_that_elicit);
    tcase_add_test(good, loss_persistent_congestion_goes_on_over_two_detections);
    tcase_add_loop_test(good, loss_persistent_congestion_ends_with_an_arrival_elsewhere, 0, 2);
    tcase_add_test(good, loss_persistent_congestion_minds_no_earlier_arrival_elsewhere);
    tcase_add_test(good, loss_persistent_congestion_is_of_one_path);
    tcase_add_test(good, loss_discard_hands_out_all_that_was_in_flight);
}

Suite *
gn_test_loss(void)
{
    Suite *s = suite_create("recovery/loss");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, fresh, NULL);
    tcase_add_checked_fixture(hostile, fresh, NULL);
    tcase_add_checked_fixture(limits, fresh, NULL);
    add_good(good);
    tcase_add_test(hostile, loss_ack_of_a_packet_never_sent_is_a_fault);
    tcase_add_test_raise_signal(limits, loss_numbers_may_not_go_back, SIGABRT);
    tcase_add_test_raise_signal(limits, loss_eliciting_packet_out_of_flight_traps, SIGABRT);
    tcase_add_loop_test(random, loss_agrees_with_a_plain_list, 0, 300);
    suite_add_tcase(s, good);
    suite_add_tcase(s, hostile);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
