/*
 * test_header_write.c: what wire/header_write.h promises.
 */
#include <check.h>
#include <signal.h>

#include "suites.h"
#include "tests/support/frames.h"
#include "wire/header_read.h"
#include "wire/header_write.h"
#include "wire/varint.h"
#include "wire/version.h"

static const uint8_t ids[8] = {1, 2, 3, 4, 5, 6, 7, 8};
static const uint8_t token_bytes[3] = {0xa, 0xb, 0xc};

START_TEST(header_write_makes_the_headers_of_rfc_9001)
{
    /* RFC 9001 A.2, A.3 and A.5: client Initial, server Initial, a short header. */
    const gn_test_sample client =
        gn_test_hex("c3 00000001 08 8394c8f03e515708 00 00 449e 00000002");
    const gn_test_sample server = gn_test_hex("c1 00000001 00 08 f067a5502a4262b5 00 4075 0001");
    const gn_test_sample one_rtt = gn_test_hex("42 00bff4");
    const gn_cid odcid = gn_cid_from(client.at + 6, 8);
    const gn_cid scid = gn_cid_from(server.at + 7, 8);
    const gn_cid none = gn_cid_from(NULL, 0);
    const gn_span no_token = {0};
    uint8_t bytes[64];
    gn_writer w = gn_writer_over(bytes, sizeof bytes);
    size_t at = 0;

    ck_assert_int_eq(gn_header_write_long(&w, GN_PACKET_INITIAL, GN_VERSION_1, &odcid, &none,
                                          no_token, 2, 4, &at),
                     GN_OK);
    gn_header_write_length(&w, at, 1182);
    ck_assert_uint_eq(w.at, client.len);
    ck_assert_mem_eq(bytes, client.at, client.len);

    w = gn_writer_over(bytes, sizeof bytes);
    ck_assert_int_eq(gn_header_write_long(&w, GN_PACKET_INITIAL, GN_VERSION_1, &none, &scid,
                                          no_token, 1, 2, &at),
                     GN_OK);
    gn_header_write_length(&w, at, 117);
    ck_assert_uint_eq(w.at, server.len);
    ck_assert_mem_eq(bytes, server.at, server.len);

    w = gn_writer_over(bytes, sizeof bytes);
    ck_assert_int_eq(gn_header_write_short(&w, &none, false, false, 654360564, 3), GN_OK);
    ck_assert_uint_eq(w.at, one_rtt.len);
    ck_assert_mem_eq(bytes, one_rtt.at, one_rtt.len);
}
END_TEST

/* [R-9000-17.2-4] */
START_TEST(header_write_long_is_as_told_and_reads_back)
{
    static const gn_packet_kind kinds[] = {GN_PACKET_INITIAL, GN_PACKET_ZERO_RTT,
                                           GN_PACKET_HANDSHAKE};
    const gn_packet_kind kind = kinds[_i % 3];
    const uint32_t version = _i % 2 == 0 ? GN_VERSION_1 : GN_VERSION_2;
    const size_t pn_size = (size_t)_i / 3 % 4 + 1;
    const gn_cid dcid = gn_cid_from(ids, (size_t)_i % 9);
    const gn_cid scid = gn_cid_from(ids, (size_t)_i % 7);
    const gn_span token = {token_bytes, kind == GN_PACKET_INITIAL ? 3 : 0};
    uint8_t bytes[128] = {0};
    gn_writer w = gn_writer_over(bytes, sizeof bytes);
    gn_header h = {0};
    size_t at = 99;

    ck_assert_int_eq(gn_header_write_long(&w, kind, version, &dcid, &scid, token,
                                          UINT64_C(0x1122334455), pn_size, &at),
                     GN_OK);
    ck_assert_uint_eq(w.at, gn_header_write_long_size(kind, &dcid, &scid, token.len, pn_size));
    ck_assert_uint_eq(w.at, at + GN_HEADER_LENGTH_BYTES + pn_size);
    gn_header_write_length(&w, at, pn_size + 20);

    ck_assert_int_eq(gn_header_read(bytes, w.at + 20, 0, &h), GN_OK);
    ck_assert_int_eq(h.kind, kind);
    ck_assert_uint_eq(h.version, version);
    ck_assert(gn_cid_equal(&h.dcid, &dcid));
    ck_assert(gn_cid_equal(&h.scid, &scid));
    if (kind == GN_PACKET_INITIAL)
        ck_assert(gn_span_equal(h.token, token));
    ck_assert_uint_eq(h.pn_at, w.at - pn_size);
    ck_assert_uint_eq(h.packet_len, w.at + 20);
    ck_assert_uint_eq(h.first & GN_HEADER_LONG_RESERVED, 0);
    ck_assert_uint_eq(h.first & GN_HEADER_PN_SIZE, pn_size - 1);
    for (size_t i = 0; i < pn_size; i++)
        ck_assert_uint_eq(bytes[w.at - 1 - i], 0x55 - 0x11 * i);
}
END_TEST

/* [R-9000-17.3.1-2] */
START_TEST(header_write_short_is_as_told_and_reads_back)
{
    const size_t pn_size = (size_t)_i % 4 + 1;
    const bool spin = _i / 4 % 2 == 1;
    const bool phase = _i / 8 % 2 == 1;
    const gn_cid dcid = gn_cid_from(ids, (size_t)_i / 16);
    uint8_t bytes[32] = {0};
    gn_writer w = gn_writer_over(bytes, sizeof bytes);
    gn_header h = {0};

    ck_assert_int_eq(gn_header_write_short(&w, &dcid, spin, phase, 0x11223344, pn_size), GN_OK);
    ck_assert_uint_eq(w.at, 1 + dcid.len + pn_size);
    ck_assert_int_eq(gn_header_read(bytes, w.at, dcid.len, &h), GN_OK);
    ck_assert_int_eq(h.kind, GN_PACKET_ONE_RTT);
    ck_assert(gn_cid_equal(&h.dcid, &dcid));
    ck_assert_uint_eq(h.pn_at, 1 + dcid.len);
    ck_assert_uint_eq((h.first & GN_HEADER_SPIN) != 0, spin);
    ck_assert_uint_eq((h.first & GN_HEADER_KEY_PHASE) != 0, phase);
    ck_assert_uint_eq(h.first & GN_HEADER_SHORT_RESERVED, 0);
    ck_assert_uint_eq(h.first & GN_HEADER_PN_SIZE, pn_size - 1);
    for (size_t i = 0; i < pn_size; i++)
        ck_assert_uint_eq(bytes[w.at - 1 - i], 0x44 - 0x11 * i);
}
END_TEST

START_TEST(header_write_without_room_moves_nothing)
{
    const gn_cid dcid = gn_cid_from(ids, 8);
    const gn_span token = {token_bytes, 3};
    const size_t pn_size = (size_t)_i + 1;
    const size_t size =
        gn_header_write_long_size(GN_PACKET_INITIAL, &dcid, &dcid, token.len, pn_size);
    uint8_t bytes[64];
    size_t at = 99;

    for (size_t cap = 0; cap < size; cap++) {
        gn_writer w = gn_writer_over(bytes, cap);

        ck_assert_int_eq(gn_header_write_long(&w, GN_PACKET_INITIAL, GN_VERSION_1, &dcid, &dcid,
                                              token, 7, pn_size, &at),
                         GN_ERR_FULL);
        ck_assert_uint_eq(w.at, 0);
        ck_assert_uint_eq(at, 99);
    }
    for (size_t cap = 0; cap < 9 + pn_size; cap++) {
        gn_writer w = gn_writer_over(bytes, cap);

        ck_assert_int_eq(gn_header_write_short(&w, &dcid, true, true, 7, pn_size), GN_ERR_FULL);
        ck_assert_uint_eq(w.at, 0);
    }
}
END_TEST

START_TEST(header_write_length_holds_all_it_may)
{
    static const size_t lengths[] = {0, 63, 64, 0x1fff, 0x2000, GN_HEADER_LENGTH_MAX};
    uint8_t bytes[2] = {0};
    gn_writer w = {.base = bytes, .cap = 2, .at = 2};
    gn_reader r = gn_reader_over(bytes, 2);
    uint64_t length = 0;

    gn_header_write_length(&w, 0, lengths[_i]);
    ck_assert_uint_eq(w.at, 2);
    ck_assert_int_eq(gn_varint_read(&r, &length), GN_OK);
    ck_assert_uint_eq(length, lengths[_i]);
    ck_assert_uint_eq(r.at, 2);
}
END_TEST

START_TEST(header_write_of_what_cannot_be_traps)
{
    const gn_cid none = gn_cid_from(NULL, 0);
    const gn_span token = {token_bytes, 3};
    const gn_span no_token = {0};
    uint8_t bytes[64];
    gn_writer w = gn_writer_over(bytes, sizeof bytes);
    size_t at = 0;
    gn_err err = GN_OK;

    switch (_i) {
    case 0: err = gn_header_write_short(&w, &none, false, false, 0, 5); break;
    case 1: err = gn_header_write_short(&w, &none, false, false, 0, 0); break;
    case 2:
        err = gn_header_write_long(&w, GN_PACKET_HANDSHAKE, 1, &none, &none, token, 0, 1, &at);
        break;
    case 3:
        err = gn_header_write_long(&w, GN_PACKET_RETRY, 1, &none, &none, no_token, 0, 1, &at);
        break;
    case 4: gn_header_write_length(&w, 0, 20); break;
    default:
        err = gn_header_write_long(&w, GN_PACKET_INITIAL, 1, &none, &none, token, 0, 1, &at);
        gn_header_write_length(&w, at, GN_HEADER_LENGTH_MAX + 1);
    }
    ck_abort_msg("no trap, but %d", (int)err);
}
END_TEST

Suite *
gn_test_header_write(void)
{
    Suite *s = suite_create("wire/header_write");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_test(good, header_write_makes_the_headers_of_rfc_9001);
    tcase_add_loop_test(good, header_write_long_is_as_told_and_reads_back, 0, 24);
    tcase_add_loop_test(good, header_write_short_is_as_told_and_reads_back, 0, 16 * 9);
    tcase_add_loop_test(limits, header_write_without_room_moves_nothing, 0, 4);
    tcase_add_loop_test(limits, header_write_length_holds_all_it_may, 0, 6);
    tcase_add_loop_test_raise_signal(limits, header_write_of_what_cannot_be_traps, SIGABRT, 0, 6);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    return s;
}
