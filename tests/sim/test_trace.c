/*
 * test_trace.c: what sim/trace.h promises, one promise a test.
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/trace.h"
#include "suites.h"
#include "support/feed.h"

static char text[16384];
static char folder[64];
static char path[128];

static void
set_up(void)
{
    gn_test_feed_folder(folder);
    (void)snprintf(path, sizeof path, "%s/run.trace", folder);
}

static void
tear_down(void)
{
    gn_test_feed_remove(folder);
}

static uint64_t
story_hash(const char *text_path)
{
    gn_sim_trace trace;
    gn_sim_sink sink;

    ck_assert_ptr_null(gn_sim_trace_open(&trace, text_path, &sink));
    ck_assert_uint_eq(sink.wants_packets, 0);
    ck_assert_ptr_null(gn_test_feed_story(&sink));
    return gn_sim_trace_hash(&trace);
}

/* Pinned: the same number on every machine, compiler and byte order. */
START_TEST(trace_the_hash_of_the_story_never_changes)
{
    ck_assert_uint_eq(story_hash(NULL), UINT64_C(0x772612f62eb9a5f3));
}
END_TEST

START_TEST(trace_text_changes_no_hash)
{
    ck_assert_uint_eq(story_hash(path), story_hash(NULL));
}
END_TEST

static uint64_t
datagram_hash(const gn_sim_datagram *datagram)
{
    gn_sim_trace trace;
    gn_sim_sink sink;

    ck_assert_ptr_null(gn_sim_trace_open(&trace, NULL, &sink));
    sink.on_begin(sink.context, gn_test_feed_about());
    sink.on_datagram(sink.context, datagram);
    return gn_sim_trace_hash(&trace);
}

START_TEST(trace_every_bit_of_a_datagram_counts)
{
    gn_sim_datagram datagram = gn_test_feed_datagram(3, GN_SIM_FATE_SENT);
    const uint64_t before = datagram_hash(&datagram);
    uint8_t bytes[100];

    memcpy(bytes, datagram.bytes, sizeof bytes);
    datagram.bytes = bytes;
    datagram.len = sizeof bytes - (size_t)_i; /* all ends of the last block */
    const uint64_t whole = datagram_hash(&datagram);
    ck_assert(_i == 0 || whole != before);
    for (size_t bit = 0; bit < 8 * datagram.len; bit++) {
        bytes[bit / 8] = (uint8_t)(bytes[bit / 8] ^ (1u << bit % 8));
        ck_assert_uint_ne(datagram_hash(&datagram), whole);
        bytes[bit / 8] = (uint8_t)(bytes[bit / 8] ^ (1u << bit % 8));
    }
    ck_assert_uint_eq(datagram_hash(&datagram), whole);
}
END_TEST

START_TEST(trace_every_field_of_a_datagram_counts)
{
    const gn_sim_datagram base = gn_test_feed_datagram(3, GN_SIM_FATE_SENT);
    gn_sim_datagram each[] = {base, base, base, base, base, base, base, base, base, base};
    enum { EACH = sizeof each / sizeof each[0] };
    uint64_t hash[EACH];

    each[1].at_us += 1;
    each[2].number += 1;
    each[3].from = 1;
    each[4].to = 0;
    each[5].route = 1;
    each[6].ecn = GN_MARK_CE;
    each[7].fate = GN_SIM_FATE_CORRUPTED;
    each[8].source.port += 1;
    each[9].destination.ip[15] += 1;
    for (int i = 0; i < EACH; i++) {
        hash[i] = datagram_hash(&each[i]);
        for (int j = 0; j < i; j++)
            ck_assert_uint_ne(hash[i], hash[j]);
    }
}
END_TEST

START_TEST(trace_the_order_counts)
{
    const gn_sim_record first = {.at_us = 1, .kind = GN_SIM_PTO, .a = 1};
    const gn_sim_record second = {.at_us = 1, .kind = GN_SIM_LOST, .a = 1};
    gn_sim_trace one, two;
    gn_sim_sink sink;

    ck_assert_ptr_null(gn_sim_trace_open(&one, NULL, &sink));
    sink.on_record(sink.context, &first);
    sink.on_record(sink.context, &second);
    ck_assert_ptr_null(gn_sim_trace_open(&two, NULL, &sink));
    sink.on_record(sink.context, &second);
    sink.on_record(sink.context, &first);
    ck_assert_uint_ne(gn_sim_trace_hash(&one), gn_sim_trace_hash(&two));
}
END_TEST

START_TEST(trace_records_made_for_others_count_not)
{
    const gn_sim_record sent = {.at_us = 1, .kind = GN_SIM_SENT, .a = 1};
    const gn_sim_record received = {.at_us = 1, .kind = GN_SIM_RECEIVED, .a = 1};
    gn_sim_trace trace;
    gn_sim_sink sink;

    ck_assert_ptr_null(gn_sim_trace_open(&trace, NULL, &sink));
    const uint64_t before = gn_sim_trace_hash(&trace);
    sink.on_record(sink.context, &sent);
    sink.on_record(sink.context, &received);
    ck_assert_uint_eq(gn_sim_trace_hash(&trace), before);
}
END_TEST

START_TEST(trace_every_field_of_an_event_counts)
{
    gn_event event = gn_test_feed_packet(GN_EVENT_PACKET_SENT);
    uint64_t *const fields[] = {&event.now, &event.connection, &event.route,
                                &event.pn,  &event.code,       &event.frame_type};
    gn_sim_trace trace;
    gn_sim_sink sink;
    uint64_t last = 0;

    for (size_t i = 0; i <= sizeof fields / sizeof fields[0]; i++) {
        ck_assert_ptr_null(gn_sim_trace_open(&trace, NULL, &sink));
        sink.on_event(sink.context, 0, 0, &event);
        ck_assert_uint_ne(gn_sim_trace_hash(&trace), last);
        last = gn_sim_trace_hash(&trace);
        if (i < sizeof fields / sizeof fields[0])
            *fields[i] += 1;
    }
}
END_TEST

static const char *const lines[] = {
    "# scenario story, seed 7\n",
    "    0.001500 client  wifi    #0 sent 1200 bytes ect0 10.0.0.2:50000 > 192.0.2.1:4433 ",
    "    0.002000 client  wifi    c1 packet_sent 1RTT pn 5, 40 bytes: ACK 3-5; "
    "STREAM 0:10+2 fin; PADDING 4;\n",
    "    0.003000 client  wifi    c1 packet_dropped 1RTT 30 bytes: auth\n",
    "    0.003000 client  wifi    c1 packet_lost application pn 5, 40 bytes: time\n",
    "    0.003000 client  lte     c1 path 0 active\n",
    "    0.003000 client  wifi    c1 pto application count 1\n",
    "    0.003000 client  wifi    c1 closed peer_application code 77 done \"so\"\n",
    "    0.004000 client  wifi    c1 is ready\n",
    "    0.004000 client  wifi    c1 stream 1 has 2 bytes in order\n",
    "# end at 5000 us, hash ",
};
enum { LINES = sizeof lines / sizeof lines[0] };

START_TEST(trace_text_says_what_happened)
{
    (void)story_hash(path);
    (void)gn_test_feed_read(folder, "run.trace", text, sizeof text);
    ck_assert_msg(strstr(text, lines[_i]) != NULL, "%s is not in\n%s", lines[_i], text);
}
END_TEST

START_TEST(trace_unreadable_frames_are_said)
{
    static const uint8_t bad[] = {0x01, 0x2f, 0x00};
    gn_event event = gn_test_feed_packet(GN_EVENT_PACKET_SENT);
    gn_sim_trace trace;
    gn_sim_sink sink;

    event.payload = bad;
    event.payload_len = sizeof bad;
    ck_assert_ptr_null(gn_sim_trace_open(&trace, path, &sink));
    sink.on_begin(sink.context, gn_test_feed_about());
    sink.on_event(sink.context, 0, 0, &event);
    ck_assert_ptr_null(sink.on_end(sink.context, 0));
    (void)gn_test_feed_read(folder, "run.trace", text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, " PING; unreadable+2 (RFC "));
}
END_TEST

START_TEST(trace_what_cannot_be_written_is_said)
{
    gn_sim_trace trace;
    gn_sim_sink sink;

    ck_assert_ptr_nonnull(gn_sim_trace_open(&trace, "/dev/null/run.trace", &sink));
    ck_assert_ptr_null(gn_sim_trace_open(&trace, "/dev/full", &sink));
    ck_assert_ptr_nonnull(gn_test_feed_story(&sink));
}
END_TEST

Suite *
gn_test_trace(void)
{
    Suite *suite = suite_create("sim/trace");
    TCase *good = tcase_create("good");
    TCase *told = tcase_create("table");
    TCase *hostile = tcase_create("hostile");

    tcase_add_checked_fixture(good, set_up, tear_down);
    tcase_add_checked_fixture(told, set_up, tear_down);
    tcase_add_checked_fixture(hostile, set_up, tear_down);
    tcase_add_test(good, trace_the_hash_of_the_story_never_changes);
    tcase_add_test(good, trace_text_changes_no_hash);
    tcase_add_loop_test(good, trace_every_bit_of_a_datagram_counts, 0, 33);
    tcase_add_test(good, trace_every_field_of_a_datagram_counts);
    tcase_add_test(good, trace_the_order_counts);
    tcase_add_test(good, trace_records_made_for_others_count_not);
    tcase_add_test(good, trace_every_field_of_an_event_counts);
    tcase_add_loop_test(told, trace_text_says_what_happened, 0, LINES);
    tcase_add_test(hostile, trace_unreadable_frames_are_said);
    tcase_add_test(hostile, trace_what_cannot_be_written_is_said);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, told);
    suite_add_tcase(suite, hostile);
    return suite;
}
