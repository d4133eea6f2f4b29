/*
 * test_qlog.c: what sim/qlog.h promises, one promise a test.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "sim/qlog.h"
#include "suites.h"
#include "support/feed.h"

static char text[16384];
static char folder[64];

static void
set_up(void)
{
    gn_test_feed_folder(folder);
}

static void
tear_down(void)
{
    gn_test_feed_remove(folder);
}

static void
tell_story(gn_sim_qlog_profile profile)
{
    gn_sim_sink sink;

    ck_assert_ptr_null(gn_sim_qlog_open(folder, profile, &sink));
    ck_assert_ptr_null(gn_test_feed_story(&sink));
    (void)gn_test_feed_read(folder, "client-1.sqlog", text, sizeof text);
}

START_TEST(qlog_is_a_json_text_sequence)
{
    size_t records = 0;
    long depth = 0;

    tell_story(GN_SIM_QLOG_COMPAT);
    ck_assert_int_eq(text[0], 0x1e);
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == 0x1e) {
            ck_assert_int_eq(at[1], '{');
            ck_assert(at == text || at[-1] == '\n');
            ck_assert_int_eq(depth, 0);
            records += 1;
        }
        depth += (*at == '{' || *at == '[') - (*at == '}' || *at == ']');
    }
    ck_assert_int_eq(depth, 0);
    ck_assert_uint_gt(records, 15);
}
END_TEST

static const char *const wanted[] = {
    "\036{\"qlog_version\":\"0.3\",\"qlog_format\":\"JSON-SEQ\","
    "\"file_schema\":\"urn:ietf:params:qlog:file:sequential\","
    "\"serialization_format\":\"application/qlog+json-seq\",\"title\":\"story, seed 7\"",
    "\"vantage_point\":{\"name\":\"client\",\"type\":\"client\"},"
    "\"common_fields\":{\"ODCID\":\"0102030405060708\",\"time_format\":\"relative\"",
    "{\"time\":2.000,\"name\":\"connectivity:connection_state_updated\","
    "\"data\":{\"new\":\"attempted\"}}\n",
    "{\"time\":2.000,\"name\":\"transport:packet_sent\",\"data\":{\"header\":{"
    "\"packet_type\":\"1RTT\",\"packet_number\":5,\"key_phase\":0,\"dcil\":8,"
    "\"dcid\":\"0102030405060708\"},\"raw\":{\"length\":40,\"payload_length\":15},"
    "\"frames\":[{\"frame_type\":\"ack\",\"ack_delay\":0.008,\"acked_ranges\":[[3,5]]},"
    "{\"frame_type\":\"stream\",\"stream_id\":0,\"offset\":10,\"length\":2,\"fin\":true},"
    "{\"frame_type\":\"padding\",\"payload_length\":4}],\"ecn\":\"ect0\",\"path\":\"wifi\"}}\n",
    "\"name\":\"transport:packet_received\",",
    "\"name\":\"transport:packet_dropped\",\"data\":{\"header\":{\"packet_type\":\"1RTT\"},"
    "\"raw\":{\"length\":30},\"trigger\":\"decryption_failure\"",
    "\"name\":\"recovery:packet_lost\",\"data\":{\"header\":{\"packet_type\":\"1RTT\","
    "\"packet_number\":5},\"trigger\":\"time_threshold\"",
    "\"name\":\"security:key_updated\",\"data\":{\"key_type\":\"client_1rtt_secret\"",
    "\"name\":\"security:key_discarded\",\"data\":{\"key_type\":\"server_handshake_secret\"",
    "\"name\":\"transport:parameters_set\",\"data\":{\"owner\":\"remote\","
    "\"max_idle_timeout\":30000,",
    "\"initial_max_data\":1048576,",
    "\"name\":\"recovery:metrics_updated\",\"data\":{\"min_rtt\":19.999,"
    "\"smoothed_rtt\":20.000,\"latest_rtt\":20.500,\"rtt_variance\":10.000,\"pto_count\":0,"
    "\"congestion_window\":12000,\"bytes_in_flight\":1200}}\n",
    "\"name\":\"recovery:congestion_state_updated\",\"data\":{\"new\":\"slow_start\"}}\n",
    "\"name\":\"recovery:ecn_state_updated\",\"data\":{\"new\":\"capable\"}}\n",
    "\"name\":\"connectivity:migration_state_updated\",\"data\":{"
    "\"new\":\"migration_complete\",\"path_id\":\"lte\",\"path_index\":0}}\n",
    "\"name\":\"connectivity:path_assigned\",\"data\":{\"path_id\":\"lte\"}}\n",
    "\"name\":\"recovery:loss_timer_updated\",\"data\":{\"event_type\":\"expired\","
    "\"timer_type\":\"pto\"",
    "\"name\":\"connectivity:connection_closed\",\"data\":{\"owner\":\"remote\","
    "\"application_code\":77,\"trigger\":\"application\",\"reason\":\"done \\\"so\\\"\"}}\n",
    "\"data\":{\"old\":\"attempted\",\"new\":\"draining\"}}\n",
    "\"name\":\"simulation:scenario\",\"data\":{\"name\":\"story\",\"seed\":7}}\n",
    "\"name\":\"simulation:marker\",\"data\":{\"type\":\"scenario_event\",\"number\":1}}\n",
};
enum { WANTED = sizeof wanted / sizeof wanted[0] };

START_TEST(qlog_has_a_record_for_what_happened)
{
    tell_story(GN_SIM_QLOG_COMPAT);
    ck_assert_msg(strstr(text, wanted[_i]) != NULL, "%s is not in\n%s", wanted[_i], text);
}
END_TEST

/* Where quic-13 says it in another way. */
static const char *const wanted_13[] = {
    "\036{\"file_schema\":\"urn:ietf:params:qlog:file:sequential\","
    "\"serialization_format\":\"application/qlog+json-seq\",\"title\":\"story, seed 7\"",
    "\"event_schemas\":[\"urn:ietf:params:qlog:events:quic-13\",",
    "{\"time\":2.000,\"name\":\"quic:connection_state_updated\","
    "\"data\":{\"new\":\"attempted\"}}\n",
    "{\"time\":2.000,\"name\":\"quic:packet_sent\",\"tuple\":\"wifi\",\"data\":{\"header\":{"
    "\"packet_type\":\"1RTT\",\"packet_number\":5,\"key_phase\":0,\"dcil\":8,"
    "\"dcid\":\"0102030405060708\"},\"raw\":{\"length\":40,\"payload_length\":15},"
    "\"frames\":[{\"frame_type\":\"ack\",\"ack_delay\":0.008,\"acked_ranges\":[[3,5]]},"
    "{\"frame_type\":\"stream\",\"stream_id\":0,\"offset\":10,\"raw\":{\"length\":2},"
    "\"fin\":true},{\"frame_type\":\"padding\",\"raw\":{\"payload_length\":4}}],"
    "\"ecn\":\"ECT(0)\"}}\n",
    "\"name\":\"quic:packet_dropped\",\"data\":{\"header\":{\"packet_type\":\"1RTT\"},"
    "\"raw\":{\"length\":30},\"trigger\":\"decryption_failure\"",
    "\"name\":\"quic:packet_lost\",",
    "\"name\":\"quic:key_updated\",",
    "\"name\":\"quic:key_discarded\",",
    "\"name\":\"quic:parameters_set\",\"data\":{\"initiator\":\"remote\",",
    "\"name\":\"quic:recovery_metrics_updated\",",
    "\"name\":\"quic:congestion_state_updated\",",
    "\"name\":\"quic:ecn_state_updated\",",
    "\"name\":\"quic:migration_state_updated\",\"data\":{"
    "\"new\":\"migration_complete\",\"tuple_id\":\"lte\",",
    "\"name\":\"quic:tuple_assigned\",\"data\":{\"tuple_id\":\"lte\"}}\n",
    "\"name\":\"quic:timer_updated\",\"data\":{\"event_type\":\"expired\",",
    "\"name\":\"quic:connection_closed\",\"data\":{\"initiator\":\"remote\","
    "\"application_error\":\"unknown\",\"error_code\":77,\"trigger\":\"application\",",
    "\"name\":\"simulation:marker\",",
};
enum { WANTED_13 = sizeof wanted_13 / sizeof wanted_13[0] };

START_TEST(qlog_quic_13_has_the_names_of_the_draft)
{
    tell_story(GN_SIM_QLOG_13);
    ck_assert_msg(strstr(text, wanted_13[_i]) != NULL, "%s is not in\n%s", wanted_13[_i], text);
    ck_assert_ptr_null(strstr(text, "\"transport:"));
    ck_assert_ptr_null(strstr(text, "\"qlog_version\""));
}
END_TEST

START_TEST(qlog_a_profile_has_a_name)
{
    gn_sim_qlog_profile profile = GN_SIM_QLOG_PROFILES;

    ck_assert(gn_sim_qlog_profile_named("quic-13", &profile) && profile == GN_SIM_QLOG_13);
    ck_assert(gn_sim_qlog_profile_named("compat", &profile) && profile == GN_SIM_QLOG_COMPAT);
    ck_assert(!gn_sim_qlog_profile_named("quic-12", &profile));
}
END_TEST

START_TEST(qlog_never_holds_a_secret)
{
    tell_story(GN_SIM_QLOG_COMPAT);
    ck_assert_ptr_null(strstr(text, "5ec2"));
}
END_TEST

START_TEST(qlog_each_end_has_its_own_file)
{
    gn_event event = gn_test_feed_packet(GN_EVENT_PACKET_RECEIVED);
    gn_sim_sink sink;

    ck_assert_ptr_null(gn_sim_qlog_open(folder, GN_SIM_QLOG_COMPAT, &sink));
    sink.on_begin(sink.context, gn_test_feed_about());
    for (uint64_t connection = 0; connection < 3; connection++) {
        event.connection = connection;
        sink.on_event(sink.context, 1, 0, &event);
    }
    ck_assert_ptr_null(sink.on_end(sink.context, 0));
    (void)gn_test_feed_read(folder, "server-endpoint.sqlog", text, sizeof text);
    (void)gn_test_feed_read(folder, "server-1.sqlog", text, sizeof text);
    (void)gn_test_feed_read(folder, "server-2.sqlog", text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, "{\"name\":\"server\",\"type\":\"server\"}"));
    ck_assert_ptr_nonnull(strstr(text, "\"data\":{\"new\":\"handshake_started\"}}"));
}
END_TEST

/* A server that begins anew has another first connection, and that another file. */
START_TEST(qlog_of_a_server_that_begins_anew_has_another_file)
{
    gn_event event = gn_test_feed_packet(GN_EVENT_PACKET_RECEIVED);
    const gn_event begins = {.kind = GN_EVENT_PARAMETERS, .connection = 1, .now = 1};
    gn_sim_sink sink;

    event.connection = 1;
    ck_assert_ptr_null(gn_sim_qlog_open(folder, GN_SIM_QLOG_COMPAT, &sink));
    sink.on_begin(sink.context, gn_test_feed_about());
    for (uint16_t host = 0; host < 2; host++)
        for (event.pn = 100; event.pn < 103; event.pn++) {
            sink.on_event(sink.context, host, 0, &begins);
            sink.on_event(sink.context, host, 0, &event);
        }
    ck_assert_ptr_null(sink.on_end(sink.context, 0));
    static const char *const names[] = {"server-1.sqlog", "server-1-2.sqlog", "server-1-3.sqlog"};
    for (uint64_t i = 0; i < 3; i++) {
        (void)gn_test_feed_read(folder, names[i], text, sizeof text);
        for (uint64_t k = 0; k < 3; k++) {
            char number[40];
            snprintf(number, sizeof number, "\"packet_number\":%d", 100 + (int)k);
            ck_assert_int_eq(strstr(text, number) != NULL, i == k);
        }
    }
    /* A client may announce them again, when it begins anew with another version. */
    (void)gn_test_feed_read(folder, "client-1.sqlog", text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, "\"packet_number\":102"));
}
END_TEST

START_TEST(qlog_says_which_packets_wait_for_their_keys)
{
    const gn_event event = {.kind = GN_EVENT_PACKET_HELD,
                            .packet = GN_EVENT_HANDSHAKE,
                            .connection = 1,
                            .now = 5,
                            .len = 700};
    gn_sim_sink sink;

    ck_assert_ptr_null(gn_sim_qlog_open(folder, GN_SIM_QLOG_COMPAT, &sink));
    sink.on_begin(sink.context, gn_test_feed_about());
    sink.on_event(sink.context, 0, 0, &event);
    ck_assert_ptr_null(sink.on_end(sink.context, 0));
    (void)gn_test_feed_read(folder, "client-1.sqlog", text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, "\"name\":\"transport:packet_buffered\",\"data\":{"
                                       "\"header\":{\"packet_type\":\"handshake\"},"
                                       "\"raw\":{\"length\":700},"
                                       "\"trigger\":\"keys_unavailable\"}}\n"));
}
END_TEST

START_TEST(qlog_says_only_the_metrics_that_changed)
{
    gn_info info = {.size = sizeof info, .window_bytes = 12000, .ssthresh_bytes = UINT64_MAX};
    gn_event event = {.kind = GN_EVENT_METRICS, .connection = 1, .now = 5, .info = &info};
    gn_sim_sink sink;

    ck_assert_ptr_null(gn_sim_qlog_open(folder, GN_SIM_QLOG_COMPAT, &sink));
    sink.on_begin(sink.context, gn_test_feed_about());
    sink.on_event(sink.context, 0, 0, &event);
    event.now = 6; /* nothing new */
    sink.on_event(sink.context, 0, 0, &event);
    event.now = 7;
    info.window_bytes = 6000;
    info.ssthresh_bytes = 6000;
    info.cc_phase = 2;
    sink.on_event(sink.context, 0, 0, &event);
    ck_assert_ptr_null(sink.on_end(sink.context, 0));
    (void)gn_test_feed_read(folder, "client-1.sqlog", text, sizeof text);
    ck_assert_ptr_null(strstr(text, "\"time\":0.006"));
    ck_assert_ptr_nonnull(strstr(text, "{\"time\":0.007,\"name\":\"recovery:metrics_updated\","
                                       "\"data\":{\"congestion_window\":6000,"
                                       "\"ssthresh\":6000}}\n"));
    ck_assert_ptr_nonnull(strstr(text, "{\"old\":\"slow_start\",\"new\":\"recovery\"}"));
}
END_TEST

START_TEST(qlog_more_ends_than_files_is_said)
{
    gn_event event = {.kind = GN_EVENT_PTO};
    gn_sim_sink sink;

    ck_assert_ptr_null(gn_sim_qlog_open(folder, GN_SIM_QLOG_COMPAT, &sink));
    sink.on_begin(sink.context, gn_test_feed_about());
    for (uint64_t i = 0; i <= GN_SIM_QLOG_FILES_MAX; i++) {
        event.connection = i;
        sink.on_event(sink.context, 0, 0, &event);
    }
    ck_assert_ptr_nonnull(sink.on_end(sink.context, 0));
}
END_TEST

START_TEST(qlog_a_directory_that_cannot_be_made_is_said)
{
    gn_sim_sink sink;

    ck_assert_ptr_nonnull(gn_sim_qlog_open("/dev/null/logs", GN_SIM_QLOG_COMPAT, &sink));
}
END_TEST

Suite *
gn_test_qlog(void)
{
    Suite *suite = suite_create("sim/qlog");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_checked_fixture(good, set_up, tear_down);
    tcase_add_checked_fixture(hostile, set_up, tear_down);
    tcase_add_test(good, qlog_is_a_json_text_sequence);
    tcase_add_loop_test(good, qlog_has_a_record_for_what_happened, 0, WANTED);
    tcase_add_loop_test(good, qlog_quic_13_has_the_names_of_the_draft, 0, WANTED_13);
    tcase_add_test(good, qlog_a_profile_has_a_name);
    tcase_add_test(good, qlog_never_holds_a_secret);
    tcase_add_test(good, qlog_each_end_has_its_own_file);
    tcase_add_test(good, qlog_of_a_server_that_begins_anew_has_another_file);
    tcase_add_test(good, qlog_says_which_packets_wait_for_their_keys);
    tcase_add_test(good, qlog_says_only_the_metrics_that_changed);
    tcase_add_test(hostile, qlog_more_ends_than_files_is_said);
    tcase_add_test(hostile, qlog_a_directory_that_cannot_be_made_is_said);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
