/*
 * test_tls_alert.c: what tls/tls_alert.h promises.
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tls/tls_alert.h"

START_TEST(alert_of_any_number_has_a_text)
{
    for (unsigned alert = 0; alert < 256; alert++)
        ck_assert_mem_eq(gn_tls_alert_why((uint8_t)alert), "RFC 8446 6.", 11);
}
END_TEST

START_TEST(alert_text_names_the_alert)
{
    ck_assert_str_eq(gn_tls_alert_why(45), "RFC 8446 6.2: certificate_expired");
    ck_assert_str_eq(gn_tls_alert_why(120), "RFC 8446 6.2: no_application_protocol");
    ck_assert_str_eq(gn_tls_alert_why(200), "RFC 8446 6.2: an alert without a name");
}
END_TEST

/* RFC 9001 4.8 */
/* [R-9001-4.8-1] */
START_TEST(alert_name_is_the_word_of_the_rfc)
{
    ck_assert_str_eq(gn_tls_alert_name(45), "certificate_expired");
    ck_assert_str_eq(gn_tls_alert_name(120), "no_application_protocol");
    ck_assert_str_eq(gn_tls_alert_name(200), "unknown_alert");
}
END_TEST

START_TEST(alert_becomes_a_crypto_error)
{
    gn_fault fault;

    for (unsigned alert = 0; alert < 256; alert++) {
        ck_assert_int_eq(gn_tls_alert_fault(&fault, (uint8_t)alert, NULL), GN_ERR_FORM);
        ck_assert_uint_eq(fault.wire_code, 0x100 + alert);
        ck_assert_uint_eq(fault.frame_type, 0x06);
        ck_assert_ptr_eq(fault.why, gn_tls_alert_why((uint8_t)alert));
    }
    ck_assert_int_eq(gn_tls_alert_fault(&fault, 40, "RFC 1 1: why"), GN_ERR_FORM);
    ck_assert_str_eq(fault.why, "RFC 1 1: why");
}
END_TEST

Suite *
gn_test_tls_alert(void)
{
    Suite *suite = suite_create("tls/tls_alert");
    TCase *good = tcase_create("good");
    TCase *table = tcase_create("table");

    tcase_add_test(good, alert_text_names_the_alert);
    tcase_add_test(good, alert_name_is_the_word_of_the_rfc);
    tcase_add_test(table, alert_of_any_number_has_a_text);
    tcase_add_test(table, alert_becomes_a_crypto_error);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, table);
    return suite;
}
