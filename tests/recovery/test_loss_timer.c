/*
 * test_loss_timer.c: what recovery/loss_timer.h promises, and the two calls of
 * loss.h that rest on it.
 */
#include <check.h>

#include "recovery/loss.h"
#include "recovery/loss_timer.h"
#include "suites.h"
#include "tests/support/recovery.h"

#define DATA (GN_SENT_ELICITING | GN_SENT_IN_FLIGHT)

/* With the fixture's round trip: 80 + 4 * 40 ms. */
#define PTO (240 * GN_MS)
#define LAG (90 * GN_MS)

static gn_slots slots;
static gn_loss loss;
static gn_rtt rtt;
static gn_loss_situation situation;
static gn_loss_acked acked;
static gn_loss_lost lost;

static void
begin(bool is_client)
{
    slots = gn_test_sent_slots(64);
    gn_loss_init(&loss, is_client);
    gn_rtt_init(&rtt);
    gn_rtt_update(&rtt, 0, 80 * GN_MS, 0, 0, true);
    situation = (gn_loss_situation){.max_ack_delay_us = 25 * GN_MS};
}

static void
fresh(void)
{
    begin(true);
}

static void
send(gn_space_id space, uint64_t pn, gn_time at, uint8_t flags)
{
    gn_loss_on_sent(&loss, slots, gn_test_record(slots, (uint8_t)space, pn, at, 1000, flags));
}

static void
on_ack(gn_space_id space, uint64_t from, uint64_t to, gn_time now)
{
    const gn_frame_ack ack = gn_test_ack(from, to);
    gn_fault fault;

    ck_assert_int_eq(gn_loss_on_ack(&loss, slots, space, &ack, now, &acked, &fault), GN_OK);
    gn_loss_detect(&loss, slots, space, &rtt, situation.max_ack_delay_us, now, &lost);
}

static gn_time
deadline(void)
{
    return gn_loss_deadline(&loss, &rtt, &situation);
}

/* Just before the deadline nothing is due; at it, this is. */
static void
expect_due(gn_time at, gn_loss_alarm_kind kind, gn_space_id space, uint32_t packets)
{
    const gn_loss before = loss;

    ck_assert_uint_eq(deadline(), at);
    ck_assert_int_eq(gn_loss_on_timeout(&loss, &rtt, &situation, at - 1).kind, GN_LOSS_NOTHING_DUE);
    ck_assert_mem_eq(&before, &loss, sizeof loss);

    const gn_loss_alarm alarm = gn_loss_on_timeout(&loss, &rtt, &situation, at);
    ck_assert_int_eq(alarm.kind, kind);
    ck_assert_int_eq(alarm.space, space);
    ck_assert_uint_eq(alarm.packets, packets);
}

START_TEST(loss_timer_is_off_before_anything_is_sent)
{
    ck_assert_uint_eq(deadline(), GN_NEVER);
    begin(false);
    ck_assert_uint_eq(deadline(), GN_NEVER);
}
END_TEST

/* [R-9002-6.2.1-4] */
START_TEST(loss_timer_probes_after_the_timeout_and_doubles_it)
{
    send(GN_SPACE_INITIAL, 0, GN_SECOND, DATA);
    expect_due(GN_SECOND + PTO, GN_LOSS_PROBE, GN_SPACE_INITIAL, 2);
    send(GN_SPACE_INITIAL, 1, GN_SECOND + PTO, DATA);
    expect_due(GN_SECOND + 3 * PTO, GN_LOSS_PROBE, GN_SPACE_INITIAL, 2);
    send(GN_SPACE_INITIAL, 2, GN_SECOND + 3 * PTO, DATA);
    expect_due(GN_SECOND + 7 * PTO, GN_LOSS_PROBE, GN_SPACE_INITIAL, 2);
    ck_assert_uint_eq(loss.pto_count, 3);
}
END_TEST

START_TEST(loss_timer_starts_again_with_each_packet_that_elicits)
{
    situation.handshake_confirmed = true;
    send(GN_SPACE_APP, 0, GN_SECOND, DATA);
    send(GN_SPACE_APP, 1, GN_SECOND + 9, DATA);
    send(GN_SPACE_APP, 2, GN_SECOND + 20, GN_SENT_IN_FLIGHT);
    send(GN_SPACE_APP, 3, GN_SECOND + 30, 0);
    ck_assert_uint_eq(deadline(), GN_SECOND + 9 + PTO + 25 * GN_MS);
}
END_TEST

START_TEST(loss_timer_counts_the_peers_delay_for_application_data_only)
{
    situation.handshake_confirmed = true;
    send(GN_SPACE_HANDSHAKE, 0, GN_SECOND, DATA);
    ck_assert_uint_eq(deadline(), GN_SECOND + PTO);
    gn_loss_discard(&loss, slots, GN_SPACE_HANDSHAKE, GN_SECOND, &lost);
    send(GN_SPACE_APP, 0, GN_SECOND, DATA);
    expect_due(GN_SECOND + PTO + 25 * GN_MS, GN_LOSS_PROBE, GN_SPACE_APP, 2);
}
END_TEST

/* [R-9002-6.2.1-3] */
START_TEST(loss_timer_ignores_application_data_before_confirmation)
{
    begin(false);
    send(GN_SPACE_APP, 0, GN_SECOND, DATA);
    ck_assert_uint_eq(deadline(), GN_NEVER);
    send(GN_SPACE_HANDSHAKE, 0, 2 * GN_SECOND, DATA);
    ck_assert_uint_eq(deadline(), 2 * GN_SECOND + PTO);
    situation.handshake_confirmed = true;
    ck_assert_uint_eq(deadline(), GN_SECOND + PTO + 25 * GN_MS);
}
END_TEST

/* [R-9002-6.2.1-2] */
START_TEST(loss_timer_takes_the_earlier_of_initial_and_handshake)
{
    send(GN_SPACE_INITIAL, 0, GN_SECOND + 5, DATA);
    send(GN_SPACE_HANDSHAKE, 0, GN_SECOND, DATA);
    expect_due(GN_SECOND + PTO, GN_LOSS_PROBE, GN_SPACE_HANDSHAKE, 2);
    /* The backoff is that of all spaces. */
    ck_assert_uint_eq(deadline(), GN_SECOND + 5 + 2 * PTO);
}
END_TEST

START_TEST(loss_timer_backoff_ends_with_an_ack)
{
    begin(false);
    send(GN_SPACE_INITIAL, 0, GN_SECOND, DATA);
    send(GN_SPACE_INITIAL, 1, GN_SECOND, DATA);
    expect_due(GN_SECOND + PTO, GN_LOSS_PROBE, GN_SPACE_INITIAL, 2);
    on_ack(GN_SPACE_INITIAL, 0, 1, 2 * GN_SECOND);
    ck_assert_uint_eq(loss.pto_count, 0);
}
END_TEST

START_TEST(loss_timer_backoff_of_a_client_outlives_acks_in_initial)
{
    send(GN_SPACE_INITIAL, 0, GN_SECOND, DATA);
    expect_due(GN_SECOND + PTO, GN_LOSS_PROBE, GN_SPACE_INITIAL, 2);
    on_ack(GN_SPACE_INITIAL, 0, 1, 2 * GN_SECOND);
    ck_assert_uint_eq(loss.pto_count, 1);
    send(GN_SPACE_HANDSHAKE, 0, 2 * GN_SECOND, DATA);
    on_ack(GN_SPACE_HANDSHAKE, 0, 1, 3 * GN_SECOND);
    ck_assert_uint_eq(loss.pto_count, 0);
    ck_assert_uint_eq(deadline(), GN_NEVER);
}
END_TEST

/* [R-9000-8.1-5] [R-9002-6.2.2.1-2] [R-9002-6.2.2.1-3] [R-9002-6.2.2.1-4] */
START_TEST(loss_timer_of_a_client_with_nothing_in_flight_unblocks_its_server)
{
    send(GN_SPACE_INITIAL, 0, GN_SECOND, DATA);
    on_ack(GN_SPACE_INITIAL, 0, 1, 2 * GN_SECOND);
    expect_due(2 * GN_SECOND + PTO, GN_LOSS_PROBE, GN_SPACE_INITIAL, 1);
    situation.has_handshake_keys = true;
    expect_due(2 * GN_SECOND + 3 * PTO, GN_LOSS_PROBE, GN_SPACE_HANDSHAKE, 1);
    /* Application data in flight is not what the server waits for. */
    send(GN_SPACE_APP, 0, 4 * GN_SECOND, DATA);
    ck_assert_uint_eq(deadline(), 4 * GN_SECOND + 4 * PTO);
    situation.handshake_confirmed = true;
    ck_assert_uint_eq(deadline(), 4 * GN_SECOND + 4 * (PTO + 25 * GN_MS));
}
END_TEST

/* [R-9002-6.2.2.1-2] */
START_TEST(loss_timer_of_a_client_is_off_once_its_address_is_accepted)
{
    send(GN_SPACE_HANDSHAKE, 0, GN_SECOND, DATA);
    on_ack(GN_SPACE_HANDSHAKE, 0, 1, 2 * GN_SECOND);
    ck_assert_uint_eq(deadline(), GN_NEVER);
}
END_TEST

/* [R-9002-6.2.2.1-1] */
START_TEST(loss_timer_of_a_blocked_server_is_off_and_then_due_at_once)
{
    begin(false);
    send(GN_SPACE_INITIAL, 0, GN_SECOND, DATA);
    situation.amplification_blocked = true;
    ck_assert_uint_eq(deadline(), GN_NEVER);
    situation.amplification_blocked = false;
    ck_assert_uint_eq(deadline(), GN_SECOND + PTO);
    ck_assert_int_eq(gn_loss_on_timeout(&loss, &rtt, &situation, 9 * GN_SECOND).kind,
                     GN_LOSS_PROBE);
}
END_TEST

/* [R-9002-6.2.1-5] */
START_TEST(loss_timer_waits_for_losses_before_it_probes)
{
    situation.handshake_confirmed = true;
    send(GN_SPACE_APP, 0, GN_SECOND, DATA);
    send(GN_SPACE_APP, 1, GN_SECOND, DATA);
    send(GN_SPACE_HANDSHAKE, 0, GN_SECOND - 2 * PTO, DATA);
    on_ack(GN_SPACE_APP, 1, 2, GN_SECOND + 80 * GN_MS);
    /* The Handshake probe would be due first, were it not for this. */
    expect_due(GN_SECOND + LAG, GN_LOSS_DETECT, GN_SPACE_APP, 0);
    ck_assert_uint_eq(loss.pto_count, 0);
    gn_loss_detect(&loss, slots, GN_SPACE_APP, &rtt, 0, GN_SECOND + LAG, &lost);
    ck_assert_uint_eq(lost.count, 1);
    ck_assert_uint_eq(deadline(), GN_SECOND - PTO);
}
END_TEST

START_TEST(loss_timer_takes_the_earliest_loss)
{
    for (uint32_t i = 0; i < GN_SPACES; i++) {
        send((gn_space_id)i, 0, GN_SECOND + (5 * i + 2) % 3, DATA);
        send((gn_space_id)i, 1, GN_SECOND + 9, DATA);
        on_ack((gn_space_id)i, 1, 2, GN_SECOND + 9);
    }
    /* 2, 1, 0 microseconds after the second. */
    expect_due(GN_SECOND + LAG, GN_LOSS_DETECT, GN_SPACE_APP, 0);
    gn_loss_detect(&loss, slots, GN_SPACE_APP, &rtt, 0, GN_SECOND + LAG, &lost);
    expect_due(GN_SECOND + 1 + LAG, GN_LOSS_DETECT, GN_SPACE_HANDSHAKE, 0);
}
END_TEST

/* [R-9002-6.2.2-1] */
START_TEST(loss_timer_discarding_keys_starts_over)
{
    send(GN_SPACE_INITIAL, 0, GN_SECOND, DATA);
    send(GN_SPACE_HANDSHAKE, 0, GN_SECOND + 9, DATA);
    expect_due(GN_SECOND + PTO, GN_LOSS_PROBE, GN_SPACE_INITIAL, 2);
    gn_loss_discard(&loss, slots, GN_SPACE_INITIAL, 2 * GN_SECOND, &lost);
    ck_assert_uint_eq(deadline(), GN_SECOND + 9 + PTO);
}
END_TEST

START_TEST(loss_timer_never_fires_for_ever_at_one_moment)
{
    const gn_time late = UINT64_C(1) << 60;
    int fired = 0;

    situation.handshake_confirmed = true;
    for (uint32_t i = 0; i < GN_SPACES; i++)
        send((gn_space_id)i, 0, GN_SECOND, DATA);
    while (gn_loss_on_timeout(&loss, &rtt, &situation, late).kind != GN_LOSS_NOTHING_DUE)
        ck_assert_int_lt(fired++, GN_SPACES);
    ck_assert_uint_gt(deadline(), late);
}
END_TEST

START_TEST(loss_timer_backoff_has_an_end)
{
    send(GN_SPACE_INITIAL, 0, GN_SECOND, DATA);
    rtt.smoothed_us = rtt.var_us = GN_RTT_MAX_US;
    for (int i = 0; i < 100; i++) {
        const gn_time at = deadline();

        ck_assert_uint_ne(at, GN_NEVER);
        ck_assert_int_eq(gn_loss_on_timeout(&loss, &rtt, &situation, at).kind, GN_LOSS_PROBE);
        ck_assert_uint_gt(deadline(), at);
    }
}
END_TEST

Suite *
gn_test_loss_timer(void)
{
    Suite *s = suite_create("recovery/loss_timer");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(good, fresh, NULL);
    tcase_add_checked_fixture(limits, fresh, NULL);
    tcase_add_test(good, loss_timer_is_off_before_anything_is_sent);
    tcase_add_test(good, loss_timer_probes_after_the_timeout_and_doubles_it);
    tcase_add_test(good, loss_timer_starts_again_with_each_packet_that_elicits);
    tcase_add_test(good, loss_timer_counts_the_peers_delay_for_application_data_only);
    tcase_add_test(good, loss_timer_ignores_application_data_before_confirmation);
    tcase_add_test(good, loss_timer_takes_the_earlier_of_initial_and_handshake);
    tcase_add_test(good, loss_timer_backoff_ends_with_an_ack);
    tcase_add_test(good, loss_timer_backoff_of_a_client_outlives_acks_in_initial);
    tcase_add_test(good, loss_timer_of_a_client_with_nothing_in_flight_unblocks_its_server);
    tcase_add_test(good, loss_timer_of_a_client_is_off_once_its_address_is_accepted);
    tcase_add_test(good, loss_timer_of_a_blocked_server_is_off_and_then_due_at_once);
    tcase_add_test(good, loss_timer_waits_for_losses_before_it_probes);
    tcase_add_test(good, loss_timer_takes_the_earliest_loss);
    tcase_add_test(good, loss_timer_discarding_keys_starts_over);
    tcase_add_test(limits, loss_timer_never_fires_for_ever_at_one_moment);
    tcase_add_test(limits, loss_timer_backoff_has_an_end);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    return s;
}
