/*
 * test_resumption.c: the blob that resumes a connection: what goes in comes out, or nothing does.
 */
#include <check.h>
#include <string.h>

#include "conn/resumption.h"
#include "prop.h"
#include "suites.h"
#include "tests/support/random.h"
#include "tls/tls.h"

static uint8_t bytes[GN_RESUMPTION_MAX];

static gn_span
text(const char *string)
{
    return gn_span_of((const uint8_t *)string, strlen(string));
}

static gn_resumption
usual(void)
{
    gn_resumption r = {.version = 1,
                       .verified = true,
                       .server_name = gn_resumption_hash(text("server.example")),
                       .application = 7,
                       .alpn = text("h3"),
                       .state = text("what TLS needs")};

    gn_tparams_init(&r.parameters);
    r.parameters.initial_max_data = 12345;
    r.parameters.initial_max_streams_bidi = 3;
    r.parameters.disable_active_migration = true;
    return r;
}

static gn_span
written(const gn_resumption *r)
{
    gn_writer w = gn_writer_over(bytes, sizeof bytes);

    ck_assert_int_eq(gn_resumption_write(&w, r), GN_OK);
    return gn_span_of(bytes, w.at);
}

START_TEST(resumption_is_read_as_it_was_written)
{
    const gn_resumption r = usual();
    const gn_span blob = written(&r);
    gn_resumption found;

    ck_assert_int_eq(gn_resumption_read(blob, &found), GN_OK);
    ck_assert_uint_eq(found.version, 1);
    ck_assert(found.verified);
    ck_assert_uint_eq(found.server_name, r.server_name);
    ck_assert_uint_eq(found.application, 7);
    ck_assert_uint_eq(found.alpn.len, 2);
    ck_assert_mem_eq(found.alpn.ptr, "h3", 2);
    ck_assert_uint_eq(found.state.len, r.state.len);
    ck_assert_mem_eq(found.state.ptr, r.state.ptr, r.state.len);
    ck_assert_mem_eq(&found.parameters, &r.parameters, sizeof found.parameters);
}
END_TEST

/* [R-9000-7.4.1-1] [R-9000-7.4.1-2] [R-9000-7.4.1-3] */
START_TEST(resumption_forgets_what_is_new_each_time)
{
    gn_resumption r = usual();
    gn_resumption found;

    r.parameters.present = GN_TPARAMS_ORIGINAL_DCID | GN_TPARAMS_RESET_TOKEN |
                           GN_TPARAMS_INITIAL_SCID | GN_TPARAMS_RETRY_SCID;
    r.parameters.initial_scid = gn_cid_from((const uint8_t *)"abcd", 4);
    r.parameters.ack_delay_exponent = 9;
    r.parameters.max_ack_delay_ms = 99;
    r.parameters.max_idle_timeout_ms = 777;
    r.parameters.active_connection_id_limit = 5;
    ck_assert_int_eq(gn_resumption_read(written(&r), &found), GN_OK);
    ck_assert_uint_eq(found.parameters.present, 0);
    ck_assert_uint_eq(found.parameters.ack_delay_exponent, 3);
    ck_assert_uint_eq(found.parameters.max_ack_delay_ms, 25);
    ck_assert_uint_eq(found.parameters.max_idle_timeout_ms, 777);
    ck_assert_uint_eq(found.parameters.active_connection_id_limit, 5);
    ck_assert_uint_eq(found.parameters.initial_max_data, 12345);
}
END_TEST

START_TEST(resumption_with_any_bit_changed_or_cut_anywhere_is_refused)
{
    const gn_resumption r = usual();
    const gn_span blob = written(&r);
    gn_resumption found = {.version = 77};

    for (size_t bit = 0; bit < 8 * blob.len; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        ck_assert_int_eq(gn_resumption_read(blob, &found), GN_ERR_FORM);
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t len = 0; len < blob.len; len++)
        ck_assert_int_eq(gn_resumption_read(gn_span_of(bytes, len), &found), GN_ERR_FORM);
    ck_assert_int_eq(gn_resumption_read(gn_span_of(bytes, blob.len + 1), &found), GN_ERR_FORM);
    ck_assert_uint_eq(found.version, 77);
    ck_assert_int_eq(gn_resumption_read(blob, &found), GN_OK);
}
END_TEST

START_TEST(resumption_of_the_longest_state_fits)
{
    static uint8_t state[GN_RESUMPTION_MAX];
    uint8_t alpn[255] = {1};
    gn_resumption r = usual();
    gn_resumption found;

    r.state = gn_span_of(state, GN_TLS_STATE_MAX);
    ck_assert_int_eq(gn_resumption_read(written(&r), &found), GN_OK);
    ck_assert_uint_eq(found.state.len, GN_TLS_STATE_MAX);
    gn_writer w = gn_writer_over(bytes, sizeof bytes);
    r.state.len = GN_RESUMPTION_MAX;
    ck_assert_int_eq(gn_resumption_write(&w, &r), GN_ERR_FULL);
    r = usual();
    r.alpn = gn_span_of(alpn, sizeof alpn);
    ck_assert_int_eq(gn_resumption_write(&w, &r), GN_OK);
    w = gn_writer_over(bytes, w.at - 1);
    ck_assert_int_eq(gn_resumption_write(&w, &r), GN_ERR_FULL);
    ck_assert_uint_eq(w.at, 0);
}
END_TEST

START_TEST(resumption_of_any_bytes_keeps_its_promises)
{
    uint64_t state = (uint64_t)_i;
    uint8_t any[200];

    for (int i = 0; i < 2000; i++) {
        const size_t len = gn_test_random(&state) % sizeof any;
        gn_test_random_fill(&state, any, sizeof any);
        ck_assert(gn_prop_resumption(any, len));
    }
    /* Nearly a blob: one field of it is another. */
    const gn_resumption r = usual();
    const gn_span blob = written(&r);
    for (int i = 0; i < 5000; i++) {
        memcpy(any + 1, blob.ptr + 6, blob.len - 14);
        any[0] = 1;
        any[1 + gn_test_random(&state) % (blob.len - 14)] = (uint8_t)gn_test_random(&state);
        ck_assert(gn_prop_resumption(any, blob.len - 13));
    }
}
END_TEST

Suite *
gn_test_resumption(void)
{
    Suite *suite = suite_create("conn/resumption");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *random = tcase_create("random");

    tcase_add_test(good, resumption_is_read_as_it_was_written);
    tcase_add_test(good, resumption_forgets_what_is_new_each_time);
    tcase_add_test(hostile, resumption_with_any_bit_changed_or_cut_anywhere_is_refused);
    tcase_add_test(hostile, resumption_of_the_longest_state_fits);
    tcase_add_loop_test(random, resumption_of_any_bytes_keeps_its_promises, 0, 3);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, random);
    suite_add_tcase(suite, hostile);
    return suite;
}
