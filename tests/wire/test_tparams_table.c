/*
 * test_tparams_table.c: the rows of wire/tparams_table.h against RFC 9000 18.2 and RFC 9221 3.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "suites.h"
#include "wire/tparams.h"
#include "wire/tparams_table.h"
#include "wire/varint.h"

static const struct {
    uint64_t id;
    const char *name;
    gn_tparams_kind kind;
    bool server_only;
    uint64_t otherwise;
    uint64_t min;
    uint64_t max;
} printed[] = {
    {0x00, "original_destination_connection_id", GN_TPARAMS_CID, true, 0, 0, 0},
    {0x01, "max_idle_timeout", GN_TPARAMS_INTEGER, false, 0, 0, GN_VARINT_MAX},
    {0x02, "stateless_reset_token", GN_TPARAMS_TOKEN, true, 0, 0, 0},
    {0x03, "max_udp_payload_size", GN_TPARAMS_INTEGER, false, 65527, 1200, GN_VARINT_MAX},
    {0x04, "initial_max_data", GN_TPARAMS_INTEGER, false, 0, 0, GN_VARINT_MAX},
    {0x05, "initial_max_stream_data_bidi_local", GN_TPARAMS_INTEGER, false, 0, 0, GN_VARINT_MAX},
    {0x06, "initial_max_stream_data_bidi_remote", GN_TPARAMS_INTEGER, false, 0, 0, GN_VARINT_MAX},
    {0x07, "initial_max_stream_data_uni", GN_TPARAMS_INTEGER, false, 0, 0, GN_VARINT_MAX},
    {0x08, "initial_max_streams_bidi", GN_TPARAMS_INTEGER, false, 0, 0, UINT64_C(1) << 60},
    {0x09, "initial_max_streams_uni", GN_TPARAMS_INTEGER, false, 0, 0, UINT64_C(1) << 60},
    {0x0a, "ack_delay_exponent", GN_TPARAMS_INTEGER, false, 3, 0, 20},
    {0x0b, "max_ack_delay", GN_TPARAMS_INTEGER, false, 25, 0, 16383},
    {0x0c, "disable_active_migration", GN_TPARAMS_FLAG, false, 0, 0, 0},
    {0x0d, "preferred_address", GN_TPARAMS_ADDRESS, true, 0, 0, 0},
    {0x0e, "active_connection_id_limit", GN_TPARAMS_INTEGER, false, 2, 2, GN_VARINT_MAX},
    {0x0f, "initial_source_connection_id", GN_TPARAMS_CID, false, 0, 0, 0},
    {0x10, "retry_source_connection_id", GN_TPARAMS_CID, true, 0, 0, 0},
    {0x11, "version_information", GN_TPARAMS_LIST, false, 0, 0, 0},
    {0x20, "max_datagram_frame_size", GN_TPARAMS_INTEGER, false, 0, 0, GN_VARINT_MAX},
    {0x2ab2, "grease_quic_bit", GN_TPARAMS_FLAG, false, 0, 0, 0},
};

START_TEST(tparams_table_has_the_rows_of_the_rfcs)
{
    const gn_tparams_row row = gn_tparams_table_at((size_t)_i);
    const gn_tparams_words *words = gn_tparams_table_words((size_t)_i);
    const bool has_bit = row.kind != GN_TPARAMS_INTEGER && row.kind != GN_TPARAMS_FLAG;

    ck_assert_uint_eq(row.id, printed[_i].id);
    ck_assert_str_eq(words->name, printed[_i].name);
    ck_assert_int_eq(row.kind, printed[_i].kind);
    ck_assert_int_eq(row.server_only, printed[_i].server_only);
    ck_assert_uint_eq(row.otherwise, printed[_i].otherwise);
    ck_assert_uint_eq(row.min, printed[_i].min);
    ck_assert_uint_eq(row.max, printed[_i].max);
    ck_assert_int_eq(row.present != 0, has_bit);
    ck_assert_ptr_nonnull(strstr(words->shape, words->name));
    ck_assert_int_eq(words->range != NULL, row.kind == GN_TPARAMS_INTEGER);
    ck_assert_int_eq(words->no_client != NULL, row.server_only);
}
END_TEST

START_TEST(tparams_table_finds_each_row_and_nothing_else)
{
    size_t found = 0;

    for (uint64_t id = 0; id < 0x4000; id++) {
        const size_t at = gn_tparams_table_find(id);

        if (at == GN_TPARAMS_ROWS)
            continue;
        ck_assert_uint_eq(gn_tparams_table_at(at).id, id);
        found++;
    }
    ck_assert_uint_eq(found, GN_TPARAMS_ROWS);
    ck_assert_uint_eq(gn_tparams_table_find(GN_VARINT_MAX), GN_TPARAMS_ROWS);
}
END_TEST

START_TEST(tparams_table_rows_share_no_bit)
{
    uint32_t bits = 0;

    for (size_t at = 0; at < GN_TPARAMS_ROWS; at++) {
        const uint32_t bit = gn_tparams_table_at(at).present;

        ck_assert_uint_eq(bits & bit, 0);
        bits |= bit;
    }
}
END_TEST

START_TEST(tparams_table_has_no_row_past_the_last)
{
    (void)gn_tparams_table_at(GN_TPARAMS_ROWS);
}
END_TEST

START_TEST(tparams_table_has_no_words_past_the_last)
{
    (void)gn_tparams_table_words(GN_TPARAMS_ROWS);
}
END_TEST

Suite *
gn_test_tparams_table(void)
{
    Suite *s = suite_create("wire/tparams_table");
    TCase *table = tcase_create("table");

    tcase_add_loop_test(table, tparams_table_has_the_rows_of_the_rfcs, 0, GN_TPARAMS_ROWS);
    tcase_add_test(table, tparams_table_finds_each_row_and_nothing_else);
    tcase_add_test(table, tparams_table_rows_share_no_bit);
    tcase_add_test_raise_signal(table, tparams_table_has_no_row_past_the_last, SIGABRT);
    tcase_add_test_raise_signal(table, tparams_table_has_no_words_past_the_last, SIGABRT);
    suite_add_tcase(s, table);
    return s;
}
