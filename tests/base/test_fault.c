/*
 * test_fault.c: what base/fault.h promises.
 */
#include <check.h>

#include "base/fault.h"
#include "suites.h"

START_TEST(fault_set_fills_every_field_and_refuses)
{
    gn_fault fault = {.wire_code = 99, .frame_type = 98, .why = "before"};

    ck_assert_int_eq(gn_fault_set(&fault, GN_FAULT_FINAL_SIZE, 0x08, "RFC 9000 4.5: changed"),
                     GN_ERR_FORM);
    ck_assert_uint_eq(fault.wire_code, 6);
    ck_assert_uint_eq(fault.frame_type, 8);
    ck_assert_str_eq(fault.why, "RFC 9000 4.5: changed");
}
END_TEST

/* RFC 9000 20.1. */
static const struct {
    uint64_t code;
    const char *name;
} rows[] = {
    {0x00, "NO_ERROR"},
    {0x01, "INTERNAL_ERROR"},
    {0x02, "CONNECTION_REFUSED"},
    {0x03, "FLOW_CONTROL_ERROR"},
    {0x04, "STREAM_LIMIT_ERROR"},
    {0x05, "STREAM_STATE_ERROR"},
    {0x06, "FINAL_SIZE_ERROR"},
    {0x07, "FRAME_ENCODING_ERROR"},
    {0x08, "TRANSPORT_PARAMETER_ERROR"},
    {0x09, "CONNECTION_ID_LIMIT_ERROR"},
    {0x0a, "PROTOCOL_VIOLATION"},
    {0x0b, "INVALID_TOKEN"},
    {0x0c, "APPLICATION_ERROR"},
    {0x0d, "CRYPTO_BUFFER_EXCEEDED"},
    {0x0e, "KEY_UPDATE_ERROR"},
    {0x0f, "AEAD_LIMIT_REACHED"},
    {0x10, "NO_VIABLE_PATH"},
    {0x11, "VERSION_NEGOTIATION_ERROR"},
    {0x12, "UNKNOWN_ERROR"},
    {0xff, "UNKNOWN_ERROR"},
    {0x100, "CRYPTO_ERROR"},
    {0x128, "CRYPTO_ERROR"},
    {0x1ff, "CRYPTO_ERROR"},
    {0x200, "UNKNOWN_ERROR"},
    {UINT64_MAX, "UNKNOWN_ERROR"},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

START_TEST(fault_name_is_the_registered_one)
{
    ck_assert_str_eq(gn_fault_name(rows[_i].code), rows[_i].name);
}
END_TEST

Suite *
gn_test_fault(void)
{
    Suite *s = suite_create("base/fault");
    TCase *good = tcase_create("good");
    TCase *table = tcase_create("table");

    tcase_add_test(good, fault_set_fills_every_field_and_refuses);
    tcase_add_loop_test(table, fault_name_is_the_registered_one, 0, ROWS);
    suite_add_tcase(s, good);
    suite_add_tcase(s, table);
    return s;
}
