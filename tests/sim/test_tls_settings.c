/*
 * test_tls_settings.c: what sim/tls_settings.h promises, through scenarios and by itself.
 */
#include <check.h>
#include <string.h>

#include "crypto/suite.h"
#include "sim/certificates.h"
#include "sim/scenario.h"
#include "sim/tls_settings.h"
#include "suites.h"

#define TAIL                                                                                       \
    "routes: {r: {both: {rate: 1Mbit/s, delay: 1ms, queue: 9kB}}}\n"                               \
    "workload: {kind: requests}\n"

static gn_sim_scenario scenario;
static char message[GN_SIM_MESSAGE_BYTES];
static gn_sim_tls_texts texts;

static bool
parse(const char *section)
{
    char text[1024];
    const int len = snprintf(text, sizeof text, "name: n\nwhy: w\n%s\n%s", section, TAIL);

    return gn_sim_scenario_parse("test", text, (size_t)len, &scenario, message);
}

START_TEST(tls_settings_are_read_into_the_configuration)
{
    gn_config config;

    ck_assert_msg(parse("client_tls: {suites: [chacha20, aes128], groups: [x25519mlkem768, p384],"
                        " key_shares: 2, certificate: p384, verify: off, alpn: [a, b],"
                        " server_name: who.example}"),
                  "%s", message);
    gn_config_default(&config, GN_ROLE_CLIENT);
    gn_sim_tls_settings_apply(&scenario.tls[0], true, &texts, &config);
    ck_assert_uint_eq(config.suites, 1 << GN_SUITE_CHACHA20_POLY1305_SHA256 | 1);
    ck_assert_uint_eq(config.suite_order[0], 1 + GN_SUITE_CHACHA20_POLY1305_SHA256);
    ck_assert_uint_eq(config.suite_order[1], 1);
    ck_assert_uint_eq(config.suite_order[2], 0);
    ck_assert_uint_eq(config.groups, 1 << GN_GROUP_X25519MLKEM768 | 1 << GN_GROUP_SECP384R1);
    ck_assert_uint_eq(config.group_order[0], 1 + GN_GROUP_X25519MLKEM768);
    ck_assert_uint_eq(config.key_shares, 2);
    ck_assert_uint_eq(config.verify_peer, 0);
    ck_assert_str_eq(config.alpn, "a,b");
    ck_assert_str_eq(scenario.tls[0].server_name, "who.example");
    ck_assert_ptr_eq(config.certificate_pem, gn_sim_certificates_kinds[3].certificate);
    ck_assert_ptr_nonnull(strstr(config.ca_pem, gn_sim_certificates_others_ca));
    ck_assert_int_eq(gn_config_check(&config, NULL), GN_OK);
    ck_assert(gn_sim_tls_settings_any(&scenario.tls[0]));
    ck_assert(!gn_sim_tls_settings_any(&scenario.tls[1]));
}
END_TEST

START_TEST(tls_settings_of_a_host_that_is_told_nothing_are_the_usual)
{
    const gn_role role = _i == 0 ? GN_ROLE_CLIENT : GN_ROLE_SERVER;
    gn_config config, usual;

    ck_assert(parse(""));
    gn_config_default(&config, role);
    gn_config_default(&usual, role);
    gn_sim_tls_settings_apply(&scenario.tls[_i], false, &texts, &config);
    ck_assert_str_eq(config.alpn, "gnomon-sim");
    ck_assert_uint_eq(config.groups, usual.groups);
    ck_assert_uint_eq(config.suites, usual.suites);
    ck_assert_uint_eq(config.suite_order[0], 0);
    if (role == GN_ROLE_SERVER) {
        ck_assert_ptr_eq(config.certificate_pem, gn_sim_certificates_server);
        ck_assert_ptr_null(config.ca_pem);
    } else {
        ck_assert_ptr_null(config.certificate_pem);
        ck_assert_str_eq(config.ca_pem, gn_sim_certificates_ca);
    }
}
END_TEST

START_TEST(tls_settings_that_make_no_sense_are_refused_with_their_field)
{
    static const char *const rows[][2] = {
        {"server_tls: {suites: [aes128, aes128]}", "server_tls.suites"},
        {"server_tls: {suites: rot13}", "server_tls.suites"},
        {"client_tls: {groups: [x25519, x25519]}", "client_tls.groups"},
        {"client_tls: {groups: p521}", "client_tls.groups"},
        {"client_tls: {groups: p256, key_shares: 2}", "client_tls.key_shares"},
        {"client_tls: {key_shares: 3}", "client_tls.key_shares"},
        {"client_tls: {certificate: gold}", "client_tls.certificate"},
        {"client_tls: {tickets: 1}", "client_tls.tickets"},
    };

    ck_assert(!parse(rows[_i][0]));
    ck_assert_msg(strstr(message, rows[_i][1]) != NULL, "%s", message);
}
END_TEST

START_TEST(tls_settings_words_name_what_is_there)
{
    size_t kinds = 0;

    while (gn_sim_certificates_words[kinds] != NULL)
        kinds++;
    ck_assert_uint_eq(kinds, 13);
    for (size_t i = 2; i < kinds; i++)
        ck_assert_ptr_nonnull(gn_sim_certificates_kinds[i].key);
}
END_TEST

Suite *
gn_test_tls_settings(void)
{
    Suite *suite = suite_create("sim/tls_settings");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_test(good, tls_settings_are_read_into_the_configuration);
    tcase_add_loop_test(good, tls_settings_of_a_host_that_is_told_nothing_are_the_usual, 0, 2);
    tcase_add_test(good, tls_settings_words_name_what_is_there);
    tcase_add_loop_test(hostile, tls_settings_that_make_no_sense_are_refused_with_their_field, 0,
                        8);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
