/*
 * test_header_read.c: what wire/header_read.h promises.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "prop.h"
#include "suites.h"
#include "tests/support/frames.h"
#include "tests/support/random.h"
#include "wire/header_read.h"
#include "wire/version.h"

/* Reads from len bytes of their own, so that sanitizers see a step too far. */
static gn_err
read_cut(const gn_test_sample *bytes, size_t len, size_t local, gn_header *out)
{
    uint8_t *own = malloc(len > 0 ? len : 1);

    ck_assert_ptr_nonnull(own);
    memcpy(own, bytes->at, len);
    const gn_err err = gn_header_read(own, len, local, out);
    free(own);
    return err;
}

/* RFC 9001 A.2: the client's Initial, here with a payload of five bytes. */
#define INITIAL "c3 00000001 08 8394c8f03e515708 00 00 4009 00000002 0102030405"

START_TEST(header_read_finds_the_fields_of_an_initial)
{
    const gn_test_sample bytes = gn_test_hex(INITIAL "ffff");
    const gn_test_sample dcid = gn_test_hex("8394c8f03e515708");
    gn_header h = {0};

    ck_assert_int_eq(gn_header_read(bytes.at, bytes.len, 8, &h), GN_OK);
    ck_assert_int_eq(h.kind, GN_PACKET_INITIAL);
    ck_assert_uint_eq(h.first, 0xc3);
    ck_assert_uint_eq(h.version, GN_VERSION_1);
    ck_assert_uint_eq(h.dcid.len, 8);
    ck_assert_mem_eq(h.dcid.bytes, dcid.at, 8);
    ck_assert(gn_span_equal(h.dcid_bytes, gn_test_sample_span(&dcid)));
    ck_assert_uint_eq(h.scid.len, 0);
    ck_assert_uint_eq(h.scid_bytes.len, 0);
    ck_assert_uint_eq(h.token.len, 0);
    ck_assert_uint_eq(h.pn_at, 18);
    /* The two bytes behind it belong to the next packet. */
    ck_assert_uint_eq(h.packet_len, 27);
}
END_TEST

START_TEST(header_read_finds_a_token)
{
    const gn_test_sample bytes = gn_test_hex("c0 00000001 00 02 aabb 03 010203 05 0000000000");
    gn_header h = {0};

    ck_assert_int_eq(gn_header_read(bytes.at, bytes.len, 0, &h), GN_OK);
    ck_assert_uint_eq(h.token.len, 3);
    ck_assert_ptr_eq(h.token.ptr, bytes.at + 10);
    ck_assert_uint_eq(h.scid.len, 2);
    ck_assert_uint_eq(h.pn_at, 14);
    ck_assert_uint_eq(h.packet_len, 19);
}
END_TEST

START_TEST(header_read_tells_the_kinds_apart)
{
    static const struct {
        const char *bytes;
        gn_packet_kind kind;
        size_t pn_at;
        size_t packet_len;
    } rows[] = {
        {"d0 00000001 01 aa 01 bb 02 0000 77", GN_PACKET_ZERO_RTT, 10, 12},
        {"ef 00000001 01 aa 01 bb 02 0000 77", GN_PACKET_HANDSHAKE, 10, 12},
        {"40 aaaaaaaa 0000", GN_PACKET_ONE_RTT, 5, 7},
        {"7f aaaaaaaa", GN_PACKET_ONE_RTT, 5, 5},
    };
    const gn_test_sample bytes = gn_test_hex(rows[_i].bytes);
    gn_header h = {0};

    ck_assert_int_eq(gn_header_read(bytes.at, bytes.len, 4, &h), GN_OK);
    ck_assert_int_eq(h.kind, rows[_i].kind);
    ck_assert_uint_eq(h.first, bytes.at[0]);
    ck_assert_uint_eq(h.pn_at, rows[_i].pn_at);
    ck_assert_uint_eq(h.packet_len, rows[_i].packet_len);
    ck_assert_uint_eq(h.dcid.bytes[0], 0xaa);
    ck_assert_uint_eq(h.dcid_bytes.ptr[0], 0xaa);
}
END_TEST

START_TEST(header_read_leaves_the_body_of_other_kinds_alone)
{
    static const struct {
        const char *bytes;
        gn_packet_kind kind;
        size_t rest;
    } rows[] = {
        {"f5 00000001 01 aa 01 bb 010203", GN_PACKET_RETRY, 3},
        {"80 00000000 01 aa 01 bb 00000001", GN_PACKET_VNEG, 4},
        {"ff 00000000 01 aa 01 bb", GN_PACKET_VNEG, 0},
        {"c5 6b3343cf 01 aa 01 bb 010203", GN_PACKET_RETRY, 3},
        {"80 ff00001d 01 aa 01 bb 0102", GN_PACKET_UNKNOWN_VERSION, 2},
        {"c0 1a2a3a4a 01 aa 01 bb", GN_PACKET_UNKNOWN_VERSION, 0},
    };
    const gn_test_sample bytes = gn_test_hex(rows[_i].bytes);
    gn_header h = {0};

    ck_assert_int_eq(gn_header_read(bytes.at, bytes.len, 20, &h), GN_OK);
    ck_assert_int_eq(h.kind, rows[_i].kind);
    ck_assert_uint_eq(h.rest.len, rows[_i].rest);
    ck_assert_ptr_eq(h.rest.ptr, bytes.at + 9);
    ck_assert_uint_eq(h.packet_len, bytes.len);
    ck_assert_uint_eq(h.dcid_bytes.len, 1);
    ck_assert_uint_eq(h.scid_bytes.ptr[0], 0xbb);
}
END_TEST

START_TEST(header_read_takes_long_connection_ids_of_other_versions)
{
    /* RFC 8999 5.1: up to 255 bytes. */
    gn_test_sample bytes = gn_test_hex("80 ff00001d ff");
    gn_header h = {0};

    memset(bytes.at + bytes.len, 0x11, 255);
    bytes.len += 255;
    bytes.at[bytes.len++] = 200;
    memset(bytes.at + bytes.len, 0x22, 200);
    bytes.len += 200;
    ck_assert_int_eq(gn_header_read(bytes.at, bytes.len, 8, &h), GN_OK);
    ck_assert_int_eq(h.kind, GN_PACKET_UNKNOWN_VERSION);
    ck_assert_uint_eq(h.version, 0xff00001d);
    ck_assert_uint_eq(h.dcid_bytes.len, 255);
    ck_assert_uint_eq(h.scid_bytes.len, 200);
    ck_assert_uint_eq(h.scid_bytes.ptr[0], 0x22);
}
END_TEST

START_TEST(header_read_cut_anywhere_is_short_and_sets_nothing)
{
    /* The last column: the bytes that a header needs before its body may be missing. */
    static const struct {
        const char *bytes;
        size_t needs;
    } rows[] = {
        {INITIAL, 18},
        {"c0 00000001 00 02 aabb 03 010203 05 0000000000", 14},
        {"e0 00000001 01 aa 01 bb 4002 0000", 11},
        {"f5 00000001 01 aa 01 bb 010203", 9},
        {"80 00000000 01 aa 01 bb 00000001", 9},
        {"80 ff00001d 02 aabb 01 bb 0102", 10},
        {"f0 6b3343cf 01 aa 01 bb 4002 0000", 11},
        {"40 aaaaaaaa 0000", 5},
    };
    const gn_test_sample bytes = gn_test_hex(rows[_i].bytes);

    for (size_t cut = 0; cut < rows[_i].needs; cut++) {
        gn_header h;
        gn_header before;

        memset(&h, 0x5a, sizeof h);
        memcpy(&before, &h, sizeof h);
        ck_assert_int_eq(read_cut(&bytes, cut, 4, &h), GN_ERR_SHORT);
        ck_assert_mem_eq(&h, &before, sizeof h);
    }
}
END_TEST

/* [R-9000-17.2-1] [R-9000-17.2-3] [R-9000-17.3.1-1] */
START_TEST(header_read_refuses)
{
    static const char *const rows[] = {
        "00 aaaaaaaa 0000",                   /* short, fixed bit zero */
        "3f aaaaaaaa 0000",                   /* short, all but the fixed bit */
        "83 00000001 01 aa 01 bb 00 02 0000", /* Initial, fixed bit zero */
        "b0 00000001 01 aa 01 bb 010203",     /* Retry, fixed bit zero */
        "e0 00000001 01 aa 01 bb 03 0000",    /* Length one past the datagram */
        "e0 00000001 01 aa 01 bb ffffffffffffffff 00",
        "c0 00000001 01 aa 01 bb 00 03 0000",
        "e0 00000001 15 000102030405060708090a0b0c0d0e0f1011121314 00 01 00",
        "e0 00000001 00 15 000102030405060708090a0b0c0d0e0f1011121314 01 00",
    };
    const gn_test_sample bytes = gn_test_hex(rows[_i]);
    gn_header h;
    gn_header before;

    memset(&h, 0x5a, sizeof h);
    memcpy(&before, &h, sizeof h);
    ck_assert_int_eq(read_cut(&bytes, bytes.len, 4, &h), GN_ERR_FORM);
    ck_assert_mem_eq(&h, &before, sizeof h);
}
END_TEST

START_TEST(header_read_lets_the_fixed_bit_be_where_it_is_greased)
{
    static const char *const rows[] = {
        "00 aaaaaaaa 0000",
        "83 00000001 01 aa 01 bb 00 02 0000",
        "b0 00000001 01 aa 01 bb 010203",
        "93 6b3343cf 01 aa 01 bb 00 02 0000",
    };
    static const gn_packet_kind kinds[] = {GN_PACKET_ONE_RTT, GN_PACKET_INITIAL, GN_PACKET_RETRY,
                                           GN_PACKET_INITIAL};
    const gn_test_sample bytes = gn_test_hex(rows[_i]);
    gn_header h = {0};

    ck_assert_int_eq(gn_header_read(bytes.at, bytes.len, 4, &h), GN_ERR_FORM);
    ck_assert_int_eq(gn_header_read_greased(bytes.at, bytes.len, 4, true, &h), GN_OK);
    ck_assert_int_eq(h.kind, kinds[_i]);
}
END_TEST

/* [R-9369-3.2-1] */
START_TEST(header_read_turns_type_bits_as_the_version_says)
{
    /* RFC 9369 3.2: Initial 1, 0-RTT 2, Handshake 3, Retry 0. */
    static const unsigned bits[] = {1, 2, 3, 0};
    const unsigned kind = (unsigned)_i;

    ck_assert_uint_eq(gn_version_bits(GN_VERSION_2, kind), bits[kind]);
    ck_assert_uint_eq(gn_version_kind(GN_VERSION_2, bits[kind]), kind);
    ck_assert_uint_eq(gn_version_bits(GN_VERSION_1, kind), kind);
    ck_assert_uint_eq(gn_version_kind(GN_VERSION_1, kind), kind);
    ck_assert(gn_version_is_spoken(GN_VERSION_1) && gn_version_is_spoken(GN_VERSION_2));
    ck_assert(!gn_version_is_spoken(GN_VERSION_NEGOTIATION) && !gn_version_is_spoken(2));
}
END_TEST

START_TEST(header_read_of_a_token_past_the_end_is_short)
{
    const gn_test_sample bytes = gn_test_hex("c0 00000001 00 00 ffffffffffffffff 00");
    gn_header h = {0};

    ck_assert_int_eq(read_cut(&bytes, bytes.len, 4, &h), GN_ERR_SHORT);
}
END_TEST

/* [R-9000-17.2-2] */
START_TEST(header_read_allows_connection_ids_of_20_bytes_and_of_none)
{
    const gn_test_sample longest = gn_test_hex("e0 00000001 14 000102030405060708090a0b0c0d0e0f"
                                               "10111213 14 000102030405060708090a0b0c0d0e0f"
                                               "10111213 00");
    const gn_test_sample none = gn_test_hex("40 00");
    gn_header h = {0};

    ck_assert_int_eq(read_cut(&longest, longest.len, 4, &h), GN_OK);
    ck_assert_uint_eq(h.dcid.len, 20);
    ck_assert_uint_eq(h.scid.bytes[19], 0x13);
    ck_assert_int_eq(read_cut(&none, none.len, 0, &h), GN_OK);
    ck_assert_uint_eq(h.dcid.len, 0);
    ck_assert_uint_eq(h.pn_at, 1);
}
END_TEST

START_TEST(header_read_knows_reserved_versions)
{
    ck_assert(gn_version_is_reserved(0x0a0a0a0a));
    ck_assert(gn_version_is_reserved(0xfa1a2a3a));
    ck_assert(!gn_version_is_reserved(GN_VERSION_1));
    ck_assert(!gn_version_is_reserved(GN_VERSION_NEGOTIATION));
    ck_assert(!gn_version_is_reserved(0xa0a0a0a0));
    ck_assert(!gn_version_is_reserved(0x0a0a0a0b));
}
END_TEST

START_TEST(header_read_holds_its_property_on_random_bytes)
{
    uint64_t state = (uint64_t)_i;
    uint8_t bytes[120];

    gn_test_random_fill(&state, bytes, sizeof bytes);
    ck_assert(gn_prop_header(bytes, sizeof bytes));
    /* Once more as a long header of version 1 with likely lengths. */
    bytes[1] = (uint8_t)(0xc0 | bytes[1]);
    memcpy(bytes + 2, (const uint8_t[]){0, 0, 0, 1}, 4);
    bytes[6] = (uint8_t)(bytes[6] % 24);
    bytes[7 + bytes[6]] = (uint8_t)(bytes[7 + bytes[6]] % 24);
    ck_assert(gn_prop_header(bytes, sizeof bytes));
}
END_TEST

Suite *
gn_test_header_read(void)
{
    Suite *s = suite_create("wire/header_read");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_test(good, header_read_finds_the_fields_of_an_initial);
    tcase_add_test(good, header_read_finds_a_token);
    tcase_add_loop_test(good, header_read_tells_the_kinds_apart, 0, 4);
    tcase_add_loop_test(good, header_read_leaves_the_body_of_other_kinds_alone, 0, 6);
    tcase_add_test(good, header_read_takes_long_connection_ids_of_other_versions);
    tcase_add_test(good, header_read_knows_reserved_versions);
    tcase_add_loop_test(hostile, header_read_cut_anywhere_is_short_and_sets_nothing, 0, 8);
    tcase_add_loop_test(hostile, header_read_refuses, 0, 9);
    tcase_add_loop_test(good, header_read_lets_the_fixed_bit_be_where_it_is_greased, 0, 4);
    tcase_add_loop_test(good, header_read_turns_type_bits_as_the_version_says, 0, 4);
    tcase_add_test(hostile, header_read_of_a_token_past_the_end_is_short);
    tcase_add_test(limits, header_read_allows_connection_ids_of_20_bytes_and_of_none);
    tcase_add_loop_test(random, header_read_holds_its_property_on_random_bytes, 0, 200);
    suite_add_tcase(s, good);
    suite_add_tcase(s, hostile);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
