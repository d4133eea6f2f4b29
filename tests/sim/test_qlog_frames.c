/*
 * test_qlog_frames.c: what sim/qlog_frames.h promises, one promise a test.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "sim/qlog_frames.h"
#include "suites.h"
#include "support/random.h"

static char text[65536];

/* The frames of these bytes as JSON. */
static const char *
frames_in(gn_sim_qlog_profile profile, const uint8_t *bytes, size_t len)
{
    memset(text, 0, sizeof text);
    FILE *out = fmemopen(text, sizeof text, "w");
    gn_sim_json json = gn_sim_json_over(out);

    gn_sim_json_object(&json, NULL);
    gn_sim_qlog_frames_write(&json, profile, bytes, len);
    gn_sim_json_end(&json);
    (void)fclose(out);
    return text;
}

static const char *
frames_of(const uint8_t *bytes, size_t len)
{
    return frames_in(GN_SIM_QLOG_COMPAT, bytes, len);
}

/* What quic-13 says in another way. */
static const struct {
    uint8_t bytes[16];
    size_t len;
    const char *json;
} samples_13[] = {
    {{0x02, 0x09, 0x00, 0x01, 0x00, 0x01, 0x02},
     7,
     "{\"frame_type\":\"ack\",\"ack_delay\":0.000,\"acked_ranges\":[[9],[4,6]]}"},
    {{0x06, 0x03, 0x01, 0xaa},
     4,
     "{\"frame_type\":\"crypto\",\"offset\":3,\"raw\":{\"length\":1}}"},
    {{0x04, 0x08, 0x07, 0x06},
     4,
     "{\"frame_type\":\"reset_stream\",\"stream_id\":8,\"error\":\"unknown\",\"error_code\":7,"
     "\"final_size\":6}"},
    {{0x05, 0x08, 0x07},
     3,
     "{\"frame_type\":\"stop_sending\",\"stream_id\":8,\"error\":\"unknown\",\"error_code\":7}"},
    {{0x07, 0x01, 0xee}, 3, "{\"frame_type\":\"new_token\",\"token\":{\"raw\":{\"data\":\"ee\"}}}"},
    {{0x00, 0x00}, 2, "{\"frame_type\":\"padding\",\"raw\":{\"payload_length\":2}}"},
    {{0x1c, 0x0a, 0x06, 0x00},
     4,
     "{\"frame_type\":\"connection_close\",\"error_space\":\"transport\","
     "\"error\":\"protocol_violation\",\"reason\":\"\",\"trigger_frame_type\":6}"},
    {{0x1c, 0x41, 0x2a, 0x06, 0x00},
     5,
     "{\"frame_type\":\"connection_close\",\"error_space\":\"transport\","
     "\"error\":\"crypto_error_0x12a\",\"reason\":\"\",\"trigger_frame_type\":6}"},
    {{0x1c, 0x3f, 0x06, 0x00},
     4,
     "{\"frame_type\":\"connection_close\",\"error_space\":\"transport\","
     "\"error\":\"unknown\",\"error_code\":63,\"reason\":\"\",\"trigger_frame_type\":6}"},
    {{0x1d, 0x0a, 0x00},
     3,
     "{\"frame_type\":\"connection_close\",\"error_space\":\"application\","
     "\"error\":\"unknown\",\"error_code\":10,\"reason\":\"\"}"},
    {{0x31, 0x01, 0xaa}, 3, "{\"frame_type\":\"datagram\",\"raw\":{\"length\":1}}"},
};
enum { SAMPLES_13 = sizeof samples_13 / sizeof samples_13[0] };

START_TEST(qlog_frames_quic_13_has_its_own_members)
{
    char wanted[512];

    (void)snprintf(wanted, sizeof wanted, "{\"frames\":[%s]}", samples_13[_i].json);
    ck_assert_str_eq(frames_in(GN_SIM_QLOG_13, samples_13[_i].bytes, samples_13[_i].len), wanted);
}
END_TEST

static const struct {
    uint8_t bytes[48];
    size_t len;
    const char *json;
} samples[] = {
    {{0x01}, 1, "{\"frame_type\":\"ping\"}"},
    {{0x03, 0x09, 0x02, 0x01, 0x01, 0x02, 0x03, 0x05, 0x06, 0x07},
     10,
     "{\"frame_type\":\"ack\",\"ack_delay\":0.016,\"acked_ranges\":[[8,9],[1,4]],"
     "\"ect0\":5,\"ect1\":6,\"ce\":7}"},
    {{0x04, 0x04, 0x05, 0x06},
     4,
     "{\"frame_type\":\"reset_stream\",\"stream_id\":4,\"error_code\":5,\"final_size\":6}"},
    {{0x05, 0x04, 0x05}, 3, "{\"frame_type\":\"stop_sending\",\"stream_id\":4,\"error_code\":5}"},
    {{0x06, 0x01, 0x02, 0xaa, 0xbb}, 5, "{\"frame_type\":\"crypto\",\"offset\":1,\"length\":2}"},
    {{0x07, 0x02, 0xaa, 0xbb}, 4, "{\"frame_type\":\"new_token\",\"token\":{\"data\":\"aabb\"}}"},
    {{0x0c, 0x08, 0x10, 0xaa},
     4,
     "{\"frame_type\":\"stream\",\"stream_id\":8,\"offset\":16,\"length\":1,\"fin\":false}"},
    {{0x10, 0x07}, 2, "{\"frame_type\":\"max_data\",\"maximum\":7}"},
    {{0x11, 0x04, 0x07}, 3, "{\"frame_type\":\"max_stream_data\",\"stream_id\":4,\"maximum\":7}"},
    {{0x13, 0x07},
     2,
     "{\"frame_type\":\"max_streams\",\"stream_type\":\"unidirectional\",\"maximum\":7}"},
    {{0x14, 0x07}, 2, "{\"frame_type\":\"data_blocked\",\"limit\":7}"},
    {{0x15, 0x04, 0x07}, 3, "{\"frame_type\":\"stream_data_blocked\",\"stream_id\":4,\"limit\":7}"},
    {{0x16, 0x07},
     2,
     "{\"frame_type\":\"streams_blocked\",\"stream_type\":\"bidirectional\",\"limit\":7}"},
    {{0x18, 0x02, 0x01, 0x04, 0xc1, 0xc2, 0xc3, 0xc4, 0,  1,  2,  3,
      4,    5,    6,    7,    8,    9,    10,   11,   12, 13, 14, 15},
     24,
     "{\"frame_type\":\"new_connection_id\",\"sequence_number\":2,\"retire_prior_to\":1,"
     "\"connection_id_length\":4,\"connection_id\":\"c1c2c3c4\","
     "\"stateless_reset_token\":\"000102030405060708090a0b0c0d0e0f\"}"},
    {{0x19, 0x02}, 2, "{\"frame_type\":\"retire_connection_id\",\"sequence_number\":2}"},
    {{0x1a, 1, 2, 3, 4, 5, 6, 7, 8},
     9,
     "{\"frame_type\":\"path_challenge\",\"data\":\"0102030405060708\"}"},
    {{0x1b, 1, 2, 3, 4, 5, 6, 7, 8},
     9,
     "{\"frame_type\":\"path_response\",\"data\":\"0102030405060708\"}"},
    {{0x1c, 0x0a, 0x06, 0x02, 'n', 'o'},
     6,
     "{\"frame_type\":\"connection_close\",\"error_space\":\"transport\",\"error_code\":10,"
     "\"error\":\"PROTOCOL_VIOLATION\",\"reason\":\"no\",\"trigger_frame_type\":6}"},
    {{0x1d, 0x0a, 0x00},
     3,
     "{\"frame_type\":\"connection_close\",\"error_space\":\"application\",\"error_code\":10,"
     "\"reason\":\"\"}"},
    {{0x1e}, 1, "{\"frame_type\":\"handshake_done\"}"},
    {{0x31, 0x01, 0xaa}, 3, "{\"frame_type\":\"datagram\",\"length\":1}"},
};
enum { SAMPLES = sizeof samples / sizeof samples[0] };

START_TEST(qlog_frames_every_type_has_its_form)
{
    char wanted[512];

    (void)snprintf(wanted, sizeof wanted, "{\"frames\":[%s]}", samples[_i].json);
    ck_assert_str_eq(frames_of(samples[_i].bytes, samples[_i].len), wanted);
}
END_TEST

START_TEST(qlog_frames_what_cannot_be_read_ends_the_list)
{
    const uint8_t bytes[] = {0x01, 0x06, 0x40};

    ck_assert_ptr_nonnull(strstr(frames_of(bytes, sizeof bytes),
                                 "{\"frames\":[{\"frame_type\":\"ping\"},"
                                 "{\"frame_type\":\"unknown\",\"error\":\"RFC "));
    ck_assert_ptr_nonnull(strstr(text, "\"frame_type_bytes\":6,\"raw\":{\"length\":2}}]}"));
}
END_TEST

START_TEST(qlog_frames_any_bytes_close_all_they_open)
{
    uint64_t state = (uint64_t)_i;
    uint8_t bytes[64];
    long depth = 0;

    gn_test_random_fill(&state, bytes, sizeof bytes);
    bytes[0] &= 0x1f;
    (void)frames_of(bytes, sizeof bytes);
    for (const char *at = text; *at != '\0'; at++)
        depth += (*at == '{') - (*at == '}') + (*at == '[') - (*at == ']');
    /* A reason phrase may hold brackets of its own. */
    ck_assert(depth == 0 || strstr(text, "\"reason\"") != NULL);
    ck_assert_int_eq(text[strlen(text) - 1], '}');
}
END_TEST

START_TEST(qlog_frames_parameters_that_cannot_be_read_are_said)
{
    const uint8_t bytes[] = {0x03, 0x01, 0x07};
    char out_text[256] = "";
    FILE *out = fmemopen(out_text, sizeof out_text, "w");
    gn_sim_json json = gn_sim_json_over(out);

    gn_sim_json_object(&json, NULL);
    gn_sim_qlog_frames_parameters(&json, bytes, sizeof bytes);
    gn_sim_json_end(&json);
    (void)fclose(out);
    ck_assert_ptr_nonnull(strstr(out_text, "{\"invalid\":\"RFC 9000 18.2: "));
}
END_TEST

Suite *
gn_test_qlog_frames(void)
{
    Suite *suite = suite_create("sim/qlog_frames");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_loop_test(good, qlog_frames_every_type_has_its_form, 0, SAMPLES);
    tcase_add_loop_test(good, qlog_frames_quic_13_has_its_own_members, 0, SAMPLES_13);
    tcase_add_test(hostile, qlog_frames_what_cannot_be_read_ends_the_list);
    tcase_add_loop_test(hostile, qlog_frames_any_bytes_close_all_they_open, 0, 200);
    tcase_add_test(hostile, qlog_frames_parameters_that_cannot_be_read_are_said);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
