/*
 * test_close.c: what conn/close.h promises.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "conn/close.h"
#include "suites.h"

#define NOW (10 * GN_SECOND)
#define LASTS (300 * GN_MS)

static gn_close c;

static const gn_fault fault = {.wire_code = GN_FAULT_STREAM_LIMIT,
                               .frame_type = GN_FRAME_STREAM,
                               .why = "RFC 9000 4.6: too many streams"};

static void
open_one(void)
{
    memset(&c, 0xff, sizeof c);
    gn_close_init(&c);
}

static gn_frame
peer_frame(uint64_t type, uint64_t code, const char *reason, size_t len)
{
    gn_frame frame = {.type = type};

    frame.as.close.error_code = code;
    frame.as.close.frame_type = type == GN_FRAME_CLOSE ? GN_FRAME_ACK : 0;
    frame.as.close.reason = gn_span_of((const uint8_t *)reason, len);
    return frame;
}

static void
peer_closes(uint64_t type, gn_time now)
{
    const gn_frame frame = peer_frame(type, 5, "bye", 3);

    gn_close_on_peer(&c, &frame, now, LASTS);
}

static void
assert_reason(const char *text)
{
    ck_assert_uint_eq(c.reason_len, strlen(text));
    ck_assert_mem_eq(c.reason, text, strlen(text));
}

START_TEST(close_begins_open_and_stays_so)
{
    ck_assert(gn_close_is_open(&c));
    ck_assert_uint_eq(c.ends_at, GN_NEVER);
    ck_assert(!c.owed && !c.told);
    gn_close_on_tick(&c, GN_NEVER);
    gn_close_on_packet(&c);
    ck_assert(gn_close_is_open(&c));
    ck_assert(!c.owed);
}
END_TEST

/* [R-9000-10.3-1] */
START_TEST(close_fault_is_told_and_lasts_three_ptos)
{
    gn_close_on_fault(&c, &fault, NOW, LASTS);
    ck_assert_uint_eq(c.phase, GN_CLOSE_CLOSING);
    ck_assert_uint_eq(c.cause, GN_CLOSE_LOCAL_TRANSPORT);
    ck_assert_uint_eq(c.code, GN_FAULT_STREAM_LIMIT);
    ck_assert_uint_eq(c.frame_type, GN_FRAME_STREAM);
    ck_assert_uint_eq(c.ends_at, NOW + LASTS);
    ck_assert(c.owed);
    assert_reason(fault.why);
    gn_close_on_tick(&c, NOW + LASTS - 1);
    ck_assert_uint_eq(c.phase, GN_CLOSE_CLOSING);
    ck_assert(c.owed);
    gn_close_on_tick(&c, NOW + LASTS);
    ck_assert_uint_eq(c.phase, GN_CLOSE_CLOSED);
    ck_assert(!c.owed);
}
END_TEST

START_TEST(close_request_is_told_with_the_applications_words)
{
    gn_close_on_request(&c, 1234, "done", 4, NOW, LASTS);
    ck_assert_uint_eq(c.phase, GN_CLOSE_CLOSING);
    ck_assert_uint_eq(c.cause, GN_CLOSE_LOCAL_APPLICATION);
    ck_assert_uint_eq(c.code, 1234);
    ck_assert_uint_eq(c.frame_type, 0);
    ck_assert_uint_eq(c.ends_at, NOW + LASTS);
    ck_assert(c.owed);
    assert_reason("done");
}
END_TEST

/* RFC 9000 10.2.2: nothing is sent while draining. */
/* [R-9000-10.2.2-2] */
START_TEST(close_of_the_peer_drains_in_silence)
{
    const uint64_t type = _i == 0 ? GN_FRAME_CLOSE : GN_FRAME_CLOSE_APP;

    peer_closes(type, NOW);
    ck_assert_uint_eq(c.phase, GN_CLOSE_DRAINING);
    ck_assert_uint_eq(c.cause, _i == 0 ? GN_CLOSE_PEER_TRANSPORT : GN_CLOSE_PEER_APPLICATION);
    ck_assert_uint_eq(c.code, 5);
    ck_assert_uint_eq(c.frame_type, _i == 0 ? GN_FRAME_ACK : 0);
    assert_reason("bye");
    ck_assert_uint_eq(c.ends_at, NOW + LASTS);
    for (int i = 0; i < 100; i++) {
        gn_close_on_packet(&c);
        ck_assert(!c.owed);
    }
    gn_close_on_tick(&c, NOW + LASTS);
    ck_assert_uint_eq(c.phase, GN_CLOSE_CLOSED);
}
END_TEST

START_TEST(close_answered_while_closing_drains_and_keeps_its_cause_and_end)
{
    gn_close_on_request(&c, 9, "me first", 8, NOW, LASTS);
    gn_close_on_packet(&c);
    peer_closes(GN_FRAME_CLOSE, NOW + 5);
    ck_assert_uint_eq(c.phase, GN_CLOSE_DRAINING);
    ck_assert(!c.owed);
    ck_assert_uint_eq(c.cause, GN_CLOSE_LOCAL_APPLICATION);
    ck_assert_uint_eq(c.code, 9);
    ck_assert_uint_eq(c.ends_at, NOW + LASTS);
    assert_reason("me first");
}
END_TEST

START_TEST(close_by_silence_is_over_at_once)
{
    const gn_close_cause cause = _i == 0 ? GN_CLOSE_IDLE : GN_CLOSE_NO_PATH;

    gn_close_on_silence(&c, cause, NOW);
    ck_assert_uint_eq(c.phase, GN_CLOSE_CLOSED);
    ck_assert_uint_eq(c.cause, cause);
    ck_assert_uint_eq(c.ends_at, NOW);
    ck_assert(!c.owed);
    ck_assert_uint_eq(c.reason_len, 0);
}
END_TEST

START_TEST(close_by_reset_drains)
{
    gn_close_on_reset(&c, NOW, LASTS);
    ck_assert_uint_eq(c.phase, GN_CLOSE_DRAINING);
    ck_assert_uint_eq(c.cause, GN_CLOSE_STATELESS_RESET);
    ck_assert_uint_eq(c.ends_at, NOW + LASTS);
    ck_assert(!c.owed);
}
END_TEST

/* Whatever ended it first is what the application hears. */
START_TEST(close_happens_once)
{
    switch (_i) {
    case 0: gn_close_on_fault(&c, &fault, NOW, LASTS); break;
    case 1: gn_close_on_request(&c, 1, "x", 1, NOW, LASTS); break;
    case 2: gn_close_on_silence(&c, GN_CLOSE_IDLE, NOW); break;
    default: peer_closes(GN_FRAME_CLOSE, NOW); break;
    }
    const gn_close before = c;

    gn_close_on_fault(&c, &fault, NOW + 1, 2 * LASTS);
    gn_close_on_request(&c, 2, "later", 5, NOW + 1, 2 * LASTS);
    gn_close_on_silence(&c, GN_CLOSE_NO_PATH, NOW + 1);
    ck_assert_mem_eq(&c, &before, sizeof c);
    if (_i >= 2) {
        peer_closes(GN_FRAME_CLOSE_APP, NOW + 1);
        ck_assert_mem_eq(&c, &before, sizeof c);
    }
}
END_TEST

/* RFC 9000 10.2.1: a peer that goes on gets fewer and fewer answers. */
START_TEST(close_answers_ever_more_rarely)
{
    uint64_t answers = 0;

    gn_close_on_fault(&c, &fault, NOW, LASTS);
    gn_close_on_sent(&c);
    ck_assert(!c.owed);
    for (uint64_t n = 1; n <= 1 << 16; n++) {
        gn_close_on_packet(&c);
        ck_assert_int_eq(c.owed, (n & (n - 1)) == 0);
        if (c.owed)
            answers++;
        gn_close_on_sent(&c);
    }
    ck_assert_uint_eq(answers, 17);
}
END_TEST

START_TEST(close_answer_that_could_not_leave_is_still_owed)
{
    gn_close_on_fault(&c, &fault, NOW, LASTS);
    for (int i = 0; i < 3; i++) {
        gn_close_on_packet(&c);
        ck_assert(c.owed);
    }
    gn_close_on_sent(&c);
    gn_close_on_packet(&c);
    ck_assert(c.owed);
}
END_TEST

/* One byte less, as many and more than there is room for. */
START_TEST(close_reason_is_cut_to_fit)
{
    char text[GN_REASON_MAX + 200];
    const size_t lens[] = {0, GN_REASON_MAX - 1, GN_REASON_MAX, GN_REASON_MAX + 1, sizeof text};
    const size_t len = lens[_i];
    const size_t kept = len < GN_REASON_MAX ? len : GN_REASON_MAX;
    const gn_frame frame = peer_frame(GN_FRAME_CLOSE_APP, 5, len == 0 ? NULL : text, len);

    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)('a' + i % 26);
    gn_close_on_request(&c, 1, len == 0 ? NULL : text, len, NOW, LASTS);
    ck_assert_uint_eq(c.reason_len, kept);
    ck_assert_mem_eq(c.reason, text, kept);
    open_one();
    gn_close_on_peer(&c, &frame, NOW, LASTS);
    ck_assert_uint_eq(c.reason_len, kept);
    ck_assert_mem_eq(c.reason, text, kept);
}
END_TEST

START_TEST(close_frame_of_a_fault_is_the_same_everywhere)
{
    const gn_packet_kind kinds[] = {GN_PACKET_INITIAL, GN_PACKET_HANDSHAKE, GN_PACKET_ONE_RTT};
    gn_frame frame;

    gn_close_on_fault(&c, &fault, NOW, LASTS);
    gn_close_fill(&c, kinds[_i], &frame);
    ck_assert_uint_eq(frame.type, GN_FRAME_CLOSE);
    ck_assert_uint_eq(frame.as.close.error_code, GN_FAULT_STREAM_LIMIT);
    ck_assert_uint_eq(frame.as.close.frame_type, GN_FRAME_STREAM);
    ck_assert_uint_eq(frame.as.close.reason.len, strlen(fault.why));
    ck_assert_mem_eq(frame.as.close.reason.ptr, fault.why, strlen(fault.why));
}
END_TEST

/* RFC 9000 10.2.3: whoever reads Initial packets shall not read the application's reason. */
/* [R-9000-10.2.3-2] [R-9000-10.2.3-3] [R-9000-12.5-1] */
START_TEST(close_frame_of_the_application_hides_before_one_rtt)
{
    gn_frame frame;

    gn_close_on_request(&c, 1234, "secret", 6, NOW, LASTS);
    gn_close_fill(&c, _i == 0 ? GN_PACKET_INITIAL : GN_PACKET_HANDSHAKE, &frame);
    ck_assert_uint_eq(frame.type, GN_FRAME_CLOSE);
    ck_assert_uint_eq(frame.as.close.error_code, GN_FAULT_APPLICATION);
    ck_assert_uint_eq(frame.as.close.frame_type, 0);
    ck_assert_uint_eq(frame.as.close.reason.len, 0);
    gn_close_fill(&c, GN_PACKET_ONE_RTT, &frame);
    ck_assert_uint_eq(frame.type, GN_FRAME_CLOSE_APP);
    ck_assert_uint_eq(frame.as.close.error_code, 1234);
    ck_assert_uint_eq(frame.as.close.reason.len, 6);
    ck_assert_mem_eq(frame.as.close.reason.ptr, "secret", 6);
}
END_TEST

START_TEST(close_told_by_another_frame_traps)
{
    const gn_frame frame = {.type = GN_FRAME_PING};

    gn_close_on_peer(&c, &frame, NOW, LASTS);
}
END_TEST

Suite *
gn_test_close(void)
{
    Suite *s = suite_create("conn/close");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(good, open_one, NULL);
    tcase_add_checked_fixture(hostile, open_one, NULL);
    tcase_add_checked_fixture(limits, open_one, NULL);
    tcase_add_test(good, close_begins_open_and_stays_so);
    tcase_add_test(good, close_fault_is_told_and_lasts_three_ptos);
    tcase_add_test(good, close_request_is_told_with_the_applications_words);
    tcase_add_loop_test(good, close_of_the_peer_drains_in_silence, 0, 2);
    tcase_add_test(good, close_answered_while_closing_drains_and_keeps_its_cause_and_end);
    tcase_add_loop_test(good, close_by_silence_is_over_at_once, 0, 2);
    tcase_add_test(good, close_by_reset_drains);
    tcase_add_loop_test(good, close_happens_once, 0, 4);
    tcase_add_loop_test(good, close_frame_of_a_fault_is_the_same_everywhere, 0, 3);
    tcase_add_loop_test(hostile, close_frame_of_the_application_hides_before_one_rtt, 0, 2);
    tcase_add_test(hostile, close_answers_ever_more_rarely);
    tcase_add_test(hostile, close_answer_that_could_not_leave_is_still_owed);
    tcase_add_loop_test(limits, close_reason_is_cut_to_fit, 0, 5);
    tcase_add_test_raise_signal(limits, close_told_by_another_frame_traps, SIGABRT);
    suite_add_tcase(s, good);
    suite_add_tcase(s, hostile);
    suite_add_tcase(s, limits);
    return s;
}
