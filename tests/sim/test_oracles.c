/*
 * test_oracles.c: every oracle of sim/ is broken by what it watches for, and by nothing less.
 */
#include <check.h>
#include <string.h>

#include "base/writer.h"
#include "sim/network.h"
#include "sim/oracle_drop.h"
#include "sim/oracle_fault.h"
#include "sim/oracle_ideal.h"
#include "sim/oracle_limit.h"
#include "sim/packet_pool.h"
#include "suites.h"
#include "wire/frame.h"

static gn_sim_oracle_limit limit;
static gn_sim_oracle_drop drop;
static gn_sim_oracle_ideal ideal;
static gn_sim_oracle fault;

static gn_sim_address place;
static gn_sim_address elsewhere;
static uint8_t frames[64];

static void
set_up(void)
{
    gn_sim_oracle_limit_init(&limit);
    gn_sim_oracle_drop_init(&drop);
    gn_sim_oracle_ideal_init(&ideal);
    gn_sim_oracle_fault_init(&fault);
    place = gn_sim_address_v4(198, 18, 0, 1, 50000);
    elsewhere = gn_sim_address_v4(198, 18, 0, 1, 50017);
}

/* ---------------------------------------------------------- three times */

static void
heard(gn_sim_address from, size_t len)
{
    const gn_sim_datagram datagram = {.source = from,
                                      .from = GN_SIM_CLIENT,
                                      .to = GN_SIM_SERVER,
                                      .fate = GN_SIM_FATE_DELIVERED,
                                      .len = len};

    gn_sim_oracle_limit_on_datagram(&limit, &datagram);
}

static void
spoke(gn_sim_address to, size_t len)
{
    const gn_sim_datagram datagram = {.at_us = 7,
                                      .destination = to,
                                      .from = GN_SIM_SERVER,
                                      .to = GN_SIM_CLIENT,
                                      .fate = GN_SIM_FATE_SENT,
                                      .len = len};

    gn_sim_oracle_limit_on_datagram(&limit, &datagram);
}

/* A 1-RTT packet of the server's with one PATH_CHALLENGE or PATH_RESPONSE in it. */
static void
path_frame(uint32_t kind, uint64_t type, gn_route route, uint8_t fill)
{
    gn_writer w = gn_writer_over(frames, sizeof frames);
    gn_frame frame = {.type = type};
    gn_event event = {.kind = kind, .route = route, .packet = GN_EVENT_ONE_RTT, .space = 2};

    memset(frame.as.path.data, fill, sizeof frame.as.path.data);
    ck_assert_int_eq(gn_frame_write(&w, &frame), GN_OK);
    event.payload = frames;
    event.payload_len = w.at;
    gn_sim_oracle_limit_on_event(&limit, GN_SIM_SERVER, &event);
}

/* [R-9000-8.1-1] */
START_TEST(limit_three_times_holds_and_one_byte_more_breaks)
{
    heard(place, 1200);
    spoke(place, 3600);
    ck_assert(!limit.verdict.broken);
    spoke(place, 1);
    ck_assert(limit.verdict.broken);
    ck_assert_uint_eq(limit.verdict.at_us, 7);
    ck_assert_str_eq(limit.verdict.what, "3601 bytes to 198.18.0.1:50000 for 1200 received");
}
END_TEST

START_TEST(limit_each_address_has_its_own_account)
{
    heard(place, 10000);
    heard(elsewhere, 40);
    spoke(elsewhere, 121);
    ck_assert(limit.verdict.broken);
}
END_TEST

START_TEST(limit_a_stranger_gets_nothing)
{
    spoke(place, 1);
    ck_assert(limit.verdict.broken);
}
END_TEST

START_TEST(limit_a_handshake_packet_validates)
{
    const gn_event event = {
        .kind = GN_EVENT_PACKET_RECEIVED, .route = 1, .packet = GN_EVENT_HANDSHAKE, .space = 1};

    heard(place, 1200);
    gn_sim_oracle_limit_on_event(&limit, GN_SIM_CLIENT, &event); /* not at the server */
    ck_assert(!limit.accounts[0].validated);
    gn_sim_oracle_limit_on_event(&limit, GN_SIM_SERVER, &event);
    spoke(place, 100000);
    ck_assert(!limit.verdict.broken);
}
END_TEST

/* RFC 9000 8.1.2, 8.1.3: a token does, behind a Retry or when earlier connections brought some. */
START_TEST(limit_a_token_validates_whom_it_was_given_to)
{
    static const uint8_t initial[] = {0xc0, 0, 0, 0, 1, 0, 0, 3, 1, 2, 3, 0x40, 0};
    const gn_event retry = {.kind = GN_EVENT_PACKET_SENT, .route = 1, .packet = GN_EVENT_RETRY};
    const gn_event event = {
        .kind = GN_EVENT_PACKET_RECEIVED, .route = 1, .packet = GN_EVENT_INITIAL};
    gn_sim_datagram datagram = {.source = place,
                                .from = GN_SIM_CLIENT,
                                .to = GN_SIM_SERVER,
                                .fate = GN_SIM_FATE_DELIVERED,
                                .bytes = initial,
                                .len = sizeof initial};

    limit.gave_tokens = _i == 1;
    gn_sim_oracle_limit_on_datagram(&limit, &datagram);
    if (_i == 2) {
        gn_sim_oracle_limit_on_event(&limit, GN_SIM_SERVER, &retry);
        gn_sim_oracle_limit_on_datagram(&limit, &datagram);
    }
    gn_sim_oracle_limit_on_event(&limit, GN_SIM_SERVER, &event);
    ck_assert(limit.accounts[0].validated == (_i != 0));
}
END_TEST

START_TEST(limit_an_initial_packet_does_not_validate)
{
    const gn_event event = {
        .kind = GN_EVENT_PACKET_RECEIVED, .route = 1, .packet = GN_EVENT_INITIAL};

    heard(place, 1200);
    gn_sim_oracle_limit_on_event(&limit, GN_SIM_SERVER, &event);
    spoke(place, 3601);
    ck_assert(limit.verdict.broken);
}
END_TEST

START_TEST(limit_the_right_response_validates_where_the_challenge_went)
{
    heard(place, 1200);
    heard(elsewhere, 40);
    path_frame(GN_EVENT_PACKET_SENT, GN_FRAME_PATH_CHALLENGE, 2, 0xab);
    path_frame(GN_EVENT_PACKET_RECEIVED, GN_FRAME_PATH_RESPONSE, 1, 0xab);
    ck_assert(limit.accounts[1].validated);
    ck_assert(!limit.accounts[0].validated);
    spoke(elsewhere, 100000);
    ck_assert(!limit.verdict.broken);
}
END_TEST

START_TEST(limit_a_wrong_response_validates_nothing)
{
    heard(elsewhere, 40);
    path_frame(GN_EVENT_PACKET_SENT, GN_FRAME_PATH_CHALLENGE, 1, 0xab);
    path_frame(GN_EVENT_PACKET_RECEIVED, GN_FRAME_PATH_RESPONSE, 1, 0xac);
    path_frame(GN_EVENT_PACKET_RECEIVED, GN_FRAME_PATH_RESPONSE, 1, 0);
    path_frame(GN_EVENT_PACKET_RECEIVED, GN_FRAME_PATH_CHALLENGE, 1, 0xab);
    ck_assert(!limit.accounts[0].validated);
}
END_TEST

/* --------------------------------------------------------------- dropped */

static void
drop_event(uint32_t kind, uint32_t cause)
{
    const gn_event event = {.kind = kind, .detail = cause};

    gn_sim_oracle_drop_on_event(&drop, &event);
}

START_TEST(drop_that_changes_something_is_broken)
{
    gn_sim_oracle_drop_before(&drop, 1);
    drop_event(GN_EVENT_PACKET_DROPPED, GN_DROP_AUTH);
    gn_sim_oracle_drop_after(&drop, 5, 2);
    ck_assert(drop.verdict.broken);
    ck_assert_ptr_nonnull(strstr(drop.verdict.what, "'auth'"));
}
END_TEST

START_TEST(drop_that_changes_nothing_holds)
{
    gn_sim_oracle_drop_before(&drop, 1);
    drop_event(GN_EVENT_PACKET_DROPPED, GN_DROP_AUTH);
    gn_sim_oracle_drop_after(&drop, 5, 1);
    ck_assert(!drop.verdict.broken);
    ck_assert_uint_eq(drop.verdict.checked, 1);
}
END_TEST

/* RFC 9000 14.2.1: a router that is not believed. */
START_TEST(drop_of_a_routers_word_that_changes_something_is_broken)
{
    for (uint64_t digest = 1; digest <= 2; digest++) {
        gn_sim_oracle_drop_before(&drop, 1);
        gn_sim_oracle_drop_refused(&drop);
        gn_sim_oracle_drop_after(&drop, 5, digest);
        ck_assert(drop.verdict.broken == (digest != 1));
    }
    ck_assert_uint_eq(drop.verdict.checked, 2);
}
END_TEST

START_TEST(drop_beside_an_accepted_packet_is_not_judged)
{
    gn_sim_oracle_drop_before(&drop, 1);
    drop_event(GN_EVENT_PACKET_RECEIVED, 0);
    drop_event(GN_EVENT_PACKET_DROPPED, GN_DROP_AUTH);
    gn_sim_oracle_drop_after(&drop, 5, 2);
    ck_assert(!drop.verdict.broken);
}
END_TEST

START_TEST(drop_by_a_closing_end_is_not_judged)
{
    gn_sim_oracle_drop_before(&drop, 1);
    drop_event(GN_EVENT_PACKET_DROPPED, GN_DROP_STATE);
    gn_sim_oracle_drop_after(&drop, 5, 2);
    ck_assert(!drop.verdict.broken);
}
END_TEST

START_TEST(drop_looks_at_every_copy_and_every_damaged_datagram)
{
    ck_assert(gn_sim_oracle_drop_wants(&drop, 77, GN_SIM_PACKET_DUPLICATE));
    ck_assert(gn_sim_oracle_drop_wants(&drop, 77, GN_SIM_PACKET_CORRUPTED));
    ck_assert(gn_sim_oracle_drop_wants(&drop, 77, GN_SIM_PACKET_INJECTED));
    ck_assert(gn_sim_oracle_drop_wants(&drop, GN_SIM_ORACLE_DROP_EVERY, 0));
    ck_assert(!gn_sim_oracle_drop_wants(&drop, 77, 0));
}
END_TEST

/* ---------------------------------------------------------------- faults */

static const struct {
    uint32_t cause;
    bool breaks;
} causes[GN_CLOSE_CAUSES] = {
    {GN_CLOSE_LOCAL_APPLICATION, false},
    {GN_CLOSE_LOCAL_TRANSPORT, true},
    {GN_CLOSE_PEER_APPLICATION, false},
    {GN_CLOSE_PEER_TRANSPORT, true},
    {GN_CLOSE_IDLE, false},
    {GN_CLOSE_STATELESS_RESET, true},
    {GN_CLOSE_NO_PATH, false},
    {GN_CLOSE_VERSION, true},
};

START_TEST(fault_transport_errors_break_and_others_do_not)
{
    static const uint8_t why[] = "RFC 9000 4.5: the final size changed";
    const gn_effect effect = {.kind = GN_EFFECT_CLOSED,
                              .detail = causes[_i].cause,
                              .code = 6,
                              .bytes = why,
                              .len = sizeof why - 1};

    gn_sim_oracle_fault_on_closed(&fault, 9, 1, &effect);
    ck_assert(fault.broken == causes[_i].breaks);
}
END_TEST

/* ----------------------------------------------------------------- ideal */

static void
ideal_event(uint32_t kind)
{
    const gn_event event = {.kind = kind, .now = 3};

    gn_sim_oracle_ideal_on_event(&ideal, 0, &event);
}

START_TEST(ideal_loss_drop_and_probe_each_break_it)
{
    static const uint32_t kinds[] = {GN_EVENT_PACKET_LOST, GN_EVENT_PACKET_DROPPED, GN_EVENT_PTO};

    ideal_event(GN_EVENT_METRICS);
    ck_assert(!ideal.verdict.broken);
    ideal_event(kinds[_i]);
    ck_assert(ideal.verdict.broken);
}
END_TEST

START_TEST(ideal_dropped_datagram_breaks_it)
{
    const gn_sim_datagram datagram = {.fate = GN_SIM_FATE_DROPPED_QUEUE};

    gn_sim_oracle_ideal_on_datagram(&ideal, &datagram);
    ck_assert(ideal.verdict.broken);
}
END_TEST

START_TEST(ideal_byte_sent_twice_breaks_it)
{
    gn_writer w = gn_writer_over(frames, sizeof frames);
    gn_event event = {.kind = GN_EVENT_PACKET_SENT, .payload = frames};

    ck_assert_int_eq(gn_frame_stream_write_header(&w, 0, 0, 10, true, false), GN_OK);
    event.payload_len = w.at + 10;
    gn_sim_oracle_ideal_on_event(&ideal, 0, &event);
    gn_sim_oracle_ideal_on_end(&ideal, 1, 10);
    ck_assert(!ideal.verdict.broken);
    gn_sim_oracle_ideal_on_event(&ideal, 0, &event);
    gn_sim_oracle_ideal_on_end(&ideal, 1, 10);
    ck_assert(ideal.verdict.broken);
}
END_TEST

START_TEST(oracle_remembers_the_first_breach_only)
{
    gn_sim_oracle oracle = gn_sim_oracle_of("x", "");

    gn_sim_oracle_break(&oracle, 1, "first %d", 1);
    gn_sim_oracle_break(&oracle, 2, "second");
    ck_assert_uint_eq(oracle.at_us, 1);
    ck_assert_str_eq(oracle.what, "first 1");
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

Suite *
gn_test_oracles(void)
{
    Suite *suite = suite_create("sim/oracles");
    TCase *good = tcase_create("good");

    tcase_add_checked_fixture(good, set_up, NULL);
    tcase_add_test(good, limit_three_times_holds_and_one_byte_more_breaks);
    tcase_add_test(good, limit_each_address_has_its_own_account);
    tcase_add_test(good, limit_a_stranger_gets_nothing);
    tcase_add_test(good, limit_a_handshake_packet_validates);
    tcase_add_loop_test(good, limit_a_token_validates_whom_it_was_given_to, 0, 3);
    tcase_add_test(good, limit_an_initial_packet_does_not_validate);
    tcase_add_test(good, limit_the_right_response_validates_where_the_challenge_went);
    tcase_add_test(good, limit_a_wrong_response_validates_nothing);
    tcase_add_test(good, drop_that_changes_something_is_broken);
    tcase_add_test(good, drop_that_changes_nothing_holds);
    tcase_add_test(good, drop_of_a_routers_word_that_changes_something_is_broken);
    tcase_add_test(good, drop_beside_an_accepted_packet_is_not_judged);
    tcase_add_test(good, drop_by_a_closing_end_is_not_judged);
    tcase_add_test(good, drop_looks_at_every_copy_and_every_damaged_datagram);
    tcase_add_loop_test(good, fault_transport_errors_break_and_others_do_not, 0, COUNT(causes));
    tcase_add_loop_test(good, ideal_loss_drop_and_probe_each_break_it, 0, 3);
    tcase_add_test(good, ideal_dropped_datagram_breaks_it);
    tcase_add_test(good, ideal_byte_sent_twice_breaks_it);
    tcase_add_test(good, oracle_remembers_the_first_breach_only);
    suite_add_tcase(suite, good);
    return suite;
}
