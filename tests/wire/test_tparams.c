/*
 * test_tparams.c: what wire/tparams.h promises.
 */
#include <check.h>
#include <string.h>

#include "prop.h"
#include "suites.h"
#include "tests/support/frames.h"
#include "tests/support/random.h"
#include "wire/tparams.h"
#include "wire/varint.h"

#define TOKEN "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"
#define CID_21 "000102030405060708090a0b0c0d0e0f1011121314"
/* 192.0.2.1:443 and [2001:db8::1]:8443, then the length of a connection ID. */
#define ADDRESS "c0000201 01bb 20010db8000000000000000000000001 20fb "

/* Everything at once, in the order of the table. */
#define FULL                                                                                       \
    "00 04 01020304  01 02 7530  02 10 " TOKEN " 03 02 45dc  04 04 80100000  05 02 4400  "         \
    "06 02 4401  07 02 4402  08 01 10  09 01 03  0a 01 14  0b 02 7fff  0c 00  "                    \
    "0d 2c " ADDRESS "03 aabbcc " TOKEN " 0e 01 08  0f 02 0506  10 00  20 04 8000ffff"

static gn_err
read_text(const char *text, bool from_server, gn_tparams *out, gn_fault *fault)
{
    const gn_test_sample bytes = gn_test_hex(text);

    return gn_tparams_read(gn_test_sample_span(&bytes), from_server, out, fault);
}

START_TEST(tparams_init_gives_the_defaults)
{
    gn_tparams p;
    gn_tparams nothing;
    gn_fault fault = {0};

    memset(&p, 0x5a, sizeof p);
    gn_tparams_init(&p);
    ck_assert_uint_eq(p.max_udp_payload_size, 65527);
    ck_assert_uint_eq(p.ack_delay_exponent, 3);
    ck_assert_uint_eq(p.max_ack_delay_ms, 25);
    ck_assert_uint_eq(p.active_connection_id_limit, 2);
    ck_assert_uint_eq(p.max_idle_timeout_ms + p.initial_max_data + p.initial_max_streams_bidi, 0);
    ck_assert_uint_eq(p.max_datagram_frame_size, 0);
    ck_assert_uint_eq(p.present, 0);
    /* And so does a peer that sends nothing. */
    ck_assert_int_eq(gn_tparams_read(gn_span_of(NULL, 0), true, &nothing, &fault), GN_OK);
    ck_assert_mem_eq(&p, &nothing, sizeof p);
}
END_TEST

START_TEST(tparams_reads_every_field)
{
    gn_tparams p;
    gn_fault fault = {.why = ""};
    const gn_test_sample token = gn_test_hex(TOKEN);

    ck_assert_msg(read_text(FULL, true, &p, &fault) == GN_OK, "%s", fault.why);
    ck_assert_uint_eq(p.present, 0x1f);
    ck_assert_uint_eq(p.original_dcid.len, 4);
    ck_assert_uint_eq(p.original_dcid.bytes[3], 4);
    ck_assert_uint_eq(p.max_idle_timeout_ms, 0x3530);
    ck_assert_mem_eq(p.reset_token, token.at, GN_RESET_TOKEN_BYTES);
    ck_assert_uint_eq(p.max_udp_payload_size, 1500);
    ck_assert_uint_eq(p.initial_max_data, 0x100000);
    ck_assert_uint_eq(p.initial_max_stream_data_bidi_local, 0x400);
    ck_assert_uint_eq(p.initial_max_stream_data_bidi_remote, 0x401);
    ck_assert_uint_eq(p.initial_max_stream_data_uni, 0x402);
    ck_assert_uint_eq(p.initial_max_streams_bidi, 16);
    ck_assert_uint_eq(p.initial_max_streams_uni, 3);
    ck_assert_uint_eq(p.ack_delay_exponent, 20);
    ck_assert_uint_eq(p.max_ack_delay_ms, 16383);
    ck_assert(p.disable_active_migration);
    ck_assert_uint_eq(p.preferred_address.ipv4[0], 192);
    ck_assert_uint_eq(p.preferred_address.ipv4_port, 443);
    ck_assert_uint_eq(p.preferred_address.ipv6[15], 1);
    ck_assert_uint_eq(p.preferred_address.ipv6_port, 8443);
    ck_assert_uint_eq(p.preferred_address.cid.len, 3);
    ck_assert_uint_eq(p.preferred_address.cid.bytes[2], 0xcc);
    ck_assert_mem_eq(p.preferred_address.reset_token, token.at, GN_RESET_TOKEN_BYTES);
    ck_assert_uint_eq(p.active_connection_id_limit, 8);
    ck_assert_uint_eq(p.initial_scid.len, 2);
    ck_assert_uint_eq(p.retry_scid.len, 0);
    ck_assert_uint_eq(p.max_datagram_frame_size, 65535);
}
END_TEST

/* [R-9000-7.4-2] */
START_TEST(tparams_written_is_read_the_same)
{
    const gn_test_sample full = gn_test_hex(FULL);
    uint8_t bytes[512];
    gn_tparams p;
    gn_fault fault = {0};

    ck_assert_int_eq(gn_tparams_read(gn_test_sample_span(&full), true, &p, &fault), GN_OK);
    for (size_t cap = 0; cap <= full.len; cap++) {
        gn_writer w = gn_writer_over(bytes, cap);

        ck_assert_int_eq(gn_tparams_write(&w, &p, true), cap < full.len ? GN_ERR_FULL : GN_OK);
        ck_assert_uint_eq(w.at, cap < full.len ? 0 : full.len);
    }
    ck_assert_mem_eq(bytes, full.at, full.len);
}
END_TEST

START_TEST(tparams_of_defaults_are_no_bytes)
{
    gn_tparams p;
    gn_writer w = gn_writer_over(NULL, 0);

    gn_tparams_init(&p);
    ck_assert_int_eq(gn_tparams_write(&w, &p, false), GN_OK);
    ck_assert_uint_eq(w.at, 0);
}
END_TEST

START_TEST(tparams_cut_anywhere_is_refused_or_between_two)
{
    const gn_test_sample full = gn_test_hex(FULL);
    size_t whole = 0;

    for (size_t cut = 0; cut < full.len; cut++) {
        gn_tparams p;
        gn_tparams before;
        gn_fault fault = {0};

        memset(&p, 0x5a, sizeof p);
        memcpy(&before, &p, sizeof p);
        if (gn_tparams_read(gn_span_of(full.at, cut), true, &p, &fault) == GN_OK) {
            whole++;
            continue;
        }
        ck_assert_mem_eq(&p, &before, sizeof p);
        ck_assert_uint_eq(fault.wire_code, GN_FAULT_TRANSPORT_PARAMETER);
        ck_assert_str_eq(fault.why, "RFC 9000 18: a transport parameter is cut short");
    }
    /* Before each of the 18 there is one place to cut that leaves the rest whole. */
    ck_assert_uint_eq(whole, 18);
}
END_TEST

/* Whether it must come from a server to be judged so far, the bytes, and why they are refused. */
static const struct {
    const char *bytes;
    bool from_server;
    const char *why;
} refused[] = {
    {"00 00", false, "RFC 9000 18.2: original_destination_connection_id from a client"},
    {"02 10 " TOKEN, false, "RFC 9000 18.2: stateless_reset_token from a client"},
    {"0d 2c " ADDRESS "03 aabbcc " TOKEN, false, "RFC 9000 18.2: preferred_address from a client"},
    {"10 00", false, "RFC 9000 18.2: retry_source_connection_id from a client"},
    {"01 01 05 01 01 05", false, "RFC 9000 7.4: a transport parameter comes twice"},
    {"0c 00 04 01 00 0c 00", false, "RFC 9000 7.4: a transport parameter comes twice"},
    {"3b 00 40fa 01 00 3b 01 07", false, "RFC 9000 7.4: a transport parameter comes twice"},
    {"01 01 05 4001 01 05", false, "RFC 9000 7.4: a transport parameter comes twice"},
    {"01", false, "RFC 9000 18: a transport parameter is cut short"},
    {"01 02 05", false, "RFC 9000 18: a transport parameter is cut short"},
    {"c0", false, "RFC 9000 18: a transport parameter is cut short"},
    {"01 ffffffffffffffff 05", false, "RFC 9000 18: a transport parameter is cut short"},
    {"01 03 050505", false, "RFC 9000 18.2: max_idle_timeout is not one integer"},
    {"04 00", false, "RFC 9000 18.2: initial_max_data is not one integer"},
    {"05 01 40", false, "RFC 9000 18.2: initial_max_stream_data_bidi_local is not one integer"},
    {"20 02 0505", false, "RFC 9221 3: max_datagram_frame_size is not one integer"},
    {"03 02 44af", false, "RFC 9000 18.2: max_udp_payload_size is below 1200"},
    {"03 01 00", false, "RFC 9000 18.2: max_udp_payload_size is below 1200"},
    {"08 08 d000000000000001", false, "RFC 9000 4.6: initial_max_streams_bidi is above 2^60"},
    {"09 08 ffffffffffffffff", false, "RFC 9000 4.6: initial_max_streams_uni is above 2^60"},
    {"0a 01 15", false, "RFC 9000 18.2: ack_delay_exponent is above 20"},
    {"0b 04 80004000", false, "RFC 9000 18.2: max_ack_delay is 2^14 or more"},
    {"0c 01 00", false, "RFC 9000 18.2: disable_active_migration is not empty"},
    {"0e 01 01", false, "RFC 9000 18.2: active_connection_id_limit is below 2"},
    {"0e 01 00", false, "RFC 9000 18.2: active_connection_id_limit is below 2"},
    {"0f 15 " CID_21, false, "RFC 9000 18.2: initial_source_connection_id is longer than 20 bytes"},
    {"00 15 " CID_21, true,
     "RFC 9000 18.2: original_destination_connection_id is longer than 20 bytes"},
    {"10 15 " CID_21, true, "RFC 9000 18.2: retry_source_connection_id is longer than 20 bytes"},
    {"02 0f a0a1a2a3a4a5a6a7a8a9aaabacadae", true,
     "RFC 9000 18.2: stateless_reset_token is not 16 bytes"},
    {"02 11 " TOKEN "b0", true, "RFC 9000 18.2: stateless_reset_token is not 16 bytes"},
    {"0d 29 " ADDRESS "00 " TOKEN, true,
     "RFC 9000 18.2: preferred_address has a connection ID of 0 or over 20 bytes"},
    {"0d 3e " ADDRESS "15 " CID_21 TOKEN, true,
     "RFC 9000 18.2: preferred_address has a connection ID of 0 or over 20 bytes"},
    {"0d 2b " ADDRESS "03 aabbcc a0a1a2a3a4a5a6a7a8a9aaabacadae", true,
     "RFC 9000 18.2: preferred_address does not have its form"},
    {"0d 2d " ADDRESS "03 aabbcc " TOKEN "b0", true,
     "RFC 9000 18.2: preferred_address does not have its form"},
    {"0d 00", true, "RFC 9000 18.2: preferred_address does not have its form"},
    {"0d 2c " ADDRESS "03 aabbcc " TOKEN "0f 00", true,
     "RFC 9000 18.2: preferred_address from a server with an empty connection ID"},
};
enum { REFUSED = sizeof refused / sizeof refused[0] };

/* [R-9000-4.6-1] [R-9000-7.4-1] [R-9000-7.4-3] [R-9000-18.2-5] [R-9000-18.2-7] [R-9000-18.2-8] */
START_TEST(tparams_are_refused)
{
    gn_tparams p;
    gn_tparams before;
    gn_fault fault = {.why = ""};

    memset(&p, 0x5a, sizeof p);
    memcpy(&before, &p, sizeof p);
    ck_assert_int_eq(read_text(refused[_i].bytes, refused[_i].from_server, &p, &fault),
                     GN_ERR_FORM);
    ck_assert_str_eq(fault.why, refused[_i].why);
    ck_assert_uint_eq(fault.wire_code, GN_FAULT_TRANSPORT_PARAMETER);
    ck_assert_mem_eq(&p, &before, sizeof p);
}
END_TEST

/* [R-9000-7.4-1] */
START_TEST(tparams_at_their_bounds_are_read)
{
    static const char *const rows[] = {
        "03 02 44b0",
        "03 08 ffffffffffffffff",
        "08 08 d000000000000000",
        "09 01 00",
        "0a 01 14",
        "0b 02 7fff",
        "0e 01 02",
        "01 08 ffffffffffffffff",
        "0f 14 000102030405060708090a0b0c0d0e0f10111213",
        "0f 00",
    };
    gn_tparams p;
    gn_fault fault = {.why = ""};

    ck_assert_msg(read_text(rows[_i], false, &p, &fault) == GN_OK, "%s", fault.why);
}
END_TEST

/* [R-9000-7.4.2-1] */
START_TEST(tparams_we_do_not_know_are_ignored)
{
    uint8_t bytes[600];
    gn_writer w = gn_writer_over(bytes, sizeof bytes);
    gn_tparams p;
    gn_tparams defaults;
    gn_fault fault = {0};

    /* RFC 9000 18.1: 27 and 58 are reserved; one empty, one of 300 bytes. */
    ck_assert_int_eq(gn_varint_write(&w, 27), GN_OK);
    ck_assert_int_eq(gn_varint_write(&w, 0), GN_OK);
    ck_assert_int_eq(gn_varint_write(&w, 58), GN_OK);
    ck_assert_int_eq(gn_varint_write(&w, 300), GN_OK);
    ck_assert_int_eq(gn_writer_fill(&w, 0xee, 300), GN_OK);
    gn_tparams_init(&defaults);
    ck_assert_int_eq(gn_tparams_read(gn_span_of(bytes, w.at), false, &p, &fault), GN_OK);
    ck_assert_mem_eq(&p, &defaults, sizeof p);
}
END_TEST

/* [R-9000-7.4.2-1] */
START_TEST(tparams_we_do_not_know_may_be_many)
{
    uint8_t bytes[4096];
    gn_writer w = gn_writer_over(bytes, sizeof bytes);
    gn_tparams p;
    gn_fault fault = {0};

    for (uint64_t id = 0x100; id < 0x100 + 3 * GN_TPARAMS_UNKNOWN_MAX; id++) {
        ck_assert_int_eq(gn_varint_write(&w, id), GN_OK);
        ck_assert_int_eq(gn_varint_write(&w, 0), GN_OK);
    }
    ck_assert_int_eq(gn_tparams_read(gn_span_of(bytes, w.at), false, &p, &fault), GN_OK);
    /* The last one that is remembered, once more. */
    ck_assert_int_eq(gn_varint_write(&w, 0x100 + GN_TPARAMS_UNKNOWN_MAX - 1), GN_OK);
    ck_assert_int_eq(gn_varint_write(&w, 0), GN_OK);
    ck_assert_int_eq(gn_tparams_read(gn_span_of(bytes, w.at), false, &p, &fault), GN_ERR_FORM);
    ck_assert_str_eq(fault.why, "RFC 9000 7.4: a transport parameter comes twice");
}
END_TEST

/* [R-9000-18.2-1] [R-9000-18.2-3] [R-9000-18.2-4] */
START_TEST(tparams_that_reading_refuses_are_not_written)
{
    uint8_t bytes[512];
    gn_writer w = gn_writer_over(bytes, sizeof bytes);
    gn_tparams p;
    gn_err want = GN_ERR_RANGE;

    gn_tparams_init(&p);
    switch (_i) {
    case 0: p.max_udp_payload_size = 1199; break;
    case 1: p.ack_delay_exponent = 21; break;
    case 2: p.max_ack_delay_ms = 16384; break;
    case 3: p.active_connection_id_limit = 1; break;
    case 4: p.initial_max_streams_uni = (UINT64_C(1) << 60) + 1; break;
    case 5: p.initial_max_data = GN_VARINT_MAX + 1; break;
    case 6: p.present = GN_TPARAMS_PREFERRED_ADDRESS; break;
    case 7:
        p.present = GN_TPARAMS_PREFERRED_ADDRESS | GN_TPARAMS_INITIAL_SCID;
        p.preferred_address.cid.len = 4;
        break;
    default: p.present = GN_TPARAMS_RETRY_SCID; want = GN_ERR_STATE;
    }
    ck_assert_int_eq(gn_tparams_write(&w, &p, want != GN_ERR_STATE), want);
    ck_assert_uint_eq(w.at, 0);
}
END_TEST

START_TEST(tparams_hold_their_property_on_random_bytes)
{
    uint64_t state = (uint64_t)_i;
    uint8_t bytes[200];

    gn_test_random_fill(&state, bytes, sizeof bytes);
    ck_assert(gn_prop_tparams(bytes, sizeof bytes));
    /* Once more as parameters of two bytes' value, most of them known. */
    for (size_t i = 0; i < sizeof bytes; i += 4) {
        bytes[i] = bytes[i] % 0x28;
        bytes[i + 1] = 2;
        bytes[i + 2] = 0x40 | (bytes[i + 2] & 0x3f);
    }
    ck_assert(gn_prop_tparams(bytes, (size_t)_i % 8 * 4));
}
END_TEST

Suite *
gn_test_tparams(void)
{
    Suite *s = suite_create("wire/tparams");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_test(good, tparams_init_gives_the_defaults);
    tcase_add_test(good, tparams_reads_every_field);
    tcase_add_test(good, tparams_written_is_read_the_same);
    tcase_add_test(good, tparams_of_defaults_are_no_bytes);
    tcase_add_test(good, tparams_we_do_not_know_are_ignored);
    tcase_add_test(hostile, tparams_cut_anywhere_is_refused_or_between_two);
    tcase_add_loop_test(hostile, tparams_are_refused, 0, REFUSED);
    tcase_add_loop_test(hostile, tparams_that_reading_refuses_are_not_written, 0, 9);
    tcase_add_loop_test(limits, tparams_at_their_bounds_are_read, 0, 10);
    tcase_add_test(limits, tparams_we_do_not_know_may_be_many);
    tcase_add_loop_test(random, tparams_hold_their_property_on_random_bytes, 0, 200);
    suite_add_tcase(s, good);
    suite_add_tcase(s, hostile);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
