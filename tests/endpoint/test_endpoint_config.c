/*
 * test_endpoint_config.c: what endpoint/endpoint_config.h and the _default functions promise.
 */
#include <check.h>
#include <string.h>

#include "base/limits.h"
#include "endpoint/endpoint_config.h"
#include "suites.h"
#include "wire/varint.h"

static gn_config client;
static gn_config server;

static void
sound(void)
{
    memset(&client, 0xff, sizeof client);
    memset(&server, 0xff, sizeof server);
    gn_config_default(&client, GN_ROLE_CLIENT);
    gn_config_default(&server, GN_ROLE_SERVER);
    client.alpn = server.alpn = "h3";
    client.ca_pem = "ca";
    client.ca_pem_len = 2;
    server.certificate_pem = "chain";
    server.certificate_pem_len = 5;
    server.private_key_pem = "key";
    server.private_key_pem_len = 3;
}

static void
assert_good(const gn_config *config)
{
    ck_assert_int_eq(gn_endpoint_config_check(config, NULL), GN_OK);
}

static void
assert_bad(const gn_config *config)
{
    ck_assert_int_eq(gn_endpoint_config_check(config, NULL), GN_ERR_CONFIG);
}

START_TEST(endpoint_config_defaults_are_sound_once_the_texts_are_there)
{
    assert_good(&client);
    assert_good(&server);
    ck_assert_uint_eq(client.size, sizeof client);
    ck_assert_uint_eq(client.verify_peer, 1);
    ck_assert_uint_eq(client.suites, 7);
    ck_assert_uint_eq(client.ecn, 1);
    ck_assert_uint_eq(client.cid_len, 8);
    ck_assert_uint_eq(client.max_idle_timeout_us, 30 * GN_SECOND);
    ck_assert_uint_eq(client.max_ack_delay_us, 25 * GN_MS);
    ck_assert_uint_eq(client.active_connection_id_limit, 4);
    ck_assert_uint_eq(client.ack_threshold, 2);
    ck_assert_uint_eq(client.limits.connections, 1);
    ck_assert_ptr_null(client.observer.on_event);
    ck_assert_ptr_null(client.suite_ops);
    ck_assert_ptr_null(client.tls_ops);
}
END_TEST

START_TEST(endpoint_config_connect_default_names_nobody)
{
    gn_connect connect;

    memset(&connect, 0xff, sizeof connect);
    gn_connect_default(&connect);
    ck_assert_uint_eq(connect.size, sizeof connect);
    ck_assert_ptr_null(connect.server_name);
    ck_assert_uint_eq(connect.route, 0);
}
END_TEST

/* Each field at both ends of its range, and one step beyond. */
#define FIELD(field, least, most)                                                                  \
    {                                                                                              \
#field, offsetof(gn_config, field), sizeof(((gn_config *)0)->field), least, most           \
    }

static const struct {
    const char *name;
    size_t at;
    size_t size;
    uint64_t least, most;
} fields[] = {
    FIELD(cid_len, 0, GN_CID_MAX),
    FIELD(cc, 0, GN_CONGESTION_KINDS - 1),
    FIELD(session_tickets, 0, 4),
    FIELD(ticket_life_us, GN_SECOND, 7 * 24 * 3600 * GN_SECOND),
    FIELD(started_unix_ms, 0, UINT64_C(253402300799999)),
    FIELD(suites, 1, 7),
    FIELD(max_idle_timeout_us, 0, GN_VARINT_MAX / GN_MS * GN_MS),
    FIELD(max_ack_delay_us, 0, ((UINT64_C(1) << 14) - 1) * GN_MS),
    FIELD(ack_delay_exponent, 0, 20),
    FIELD(initial_max_data, 0, GN_VARINT_MAX),
    FIELD(initial_max_stream_data_bidi_local, 0, GN_VARINT_MAX),
    FIELD(initial_max_stream_data_bidi_remote, 0, GN_VARINT_MAX),
    FIELD(initial_max_stream_data_uni, 0, GN_VARINT_MAX),
    FIELD(initial_max_streams_bidi, 0, UINT64_C(1) << 60),
    FIELD(initial_max_streams_uni, 0, UINT64_C(1) << 60),
    FIELD(active_connection_id_limit, 2, 8),
    FIELD(max_udp_payload_size, GN_DATAGRAM_MIN, GN_DATAGRAM_MAX),
    FIELD(max_datagram_out, GN_DATAGRAM_MIN, GN_DATAGRAM_MAX),
    FIELD(send_buffer_bytes, 1, GN_VARINT_MAX),
    FIELD(ack_threshold, 1, UINT32_MAX),
};

static const int field_count = (int)(sizeof fields / sizeof fields[0]);

static void
put(gn_config *config, int field, uint64_t value)
{
    const uint8_t byte = (uint8_t)value;

    if (fields[field].size == 1)
        memcpy((uint8_t *)config + fields[field].at, &byte, 1);
    else
        memcpy((uint8_t *)config + fields[field].at, &value, sizeof value);
}

/* [R-9000-5.1-3] [R-9000-14-1] [R-9000-18.2-6] */
START_TEST(endpoint_config_field_beyond_its_range_is_refused)
{
    put(&server, _i, fields[_i].least);
    assert_good(&server);
    put(&server, _i, fields[_i].most);
    assert_good(&server);
    put(&server, _i, fields[_i].most + 1);
    assert_bad(&server);
    if (fields[_i].least > 0) {
        put(&server, _i, fields[_i].least - 1);
        assert_bad(&server);
    }
    if (fields[_i].size > 1) {
        put(&server, _i, UINT64_MAX);
        assert_bad(&server);
    }
}
END_TEST

/* [R-9000-7-2] */
START_TEST(endpoint_config_without_what_is_needed_is_refused)
{
    client.alpn = NULL;
    assert_bad(&client);
    client.alpn = "";
    assert_bad(&client);
    sound();
    server.certificate_pem = NULL;
    assert_bad(&server);
    sound();
    server.private_key_pem = NULL;
    assert_bad(&server);
    sound();
    client.ca_pem = NULL;
    assert_bad(&client);
    sound();
    server.allow_early_data = 1; /* which comes with tickets */
    assert_bad(&server);
    server.session_tickets = 1;
    assert_good(&server);
    server.application_context_len = 1;
    assert_bad(&server);
    sound();
    client.ca_pem = NULL;
    client.verify_peer = 0; /* whoever does not verify needs no CA */
    assert_good(&client);
    server.ca_pem = NULL;
    assert_good(&server);
    server.role = (gn_role)2;
    assert_bad(&server);
}
END_TEST

START_TEST(endpoint_config_of_another_size_is_refused)
{
    client.size = sizeof client - 1;
    assert_bad(&client);
    client.size = 0;
    assert_bad(&client);
    client.size = sizeof client + 8; /* of a version that there is not */
    assert_bad(&client);
    client.size = sizeof client;
    assert_good(&client);
    client.limits.size--;
    assert_bad(&client);
}
END_TEST

/* Lowered limits leave room to update keys and to close; 0 is the AEAD's own. */
START_TEST(endpoint_config_lowered_limits_have_a_least)
{
    static const uint64_t good[] = {0, 16, 17, UINT64_MAX};

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        server.confidentiality_limit = good[i];
        assert_good(&server);
    }
    for (uint64_t bad = 1; bad < 16; bad++) {
        server.confidentiality_limit = bad;
        assert_bad(&server);
    }
    server.confidentiality_limit = 0;
    server.keep_alive_us = 100 * GN_MS;
    assert_good(&server);
    server.keep_alive_us = 100 * GN_MS - 1;
    assert_bad(&server);
}
END_TEST

START_TEST(endpoint_config_limits_have_ends)
{
    gn_limits limits;

    gn_limits_default(&limits, 65536);
    ck_assert(gn_endpoint_config_limits_ok(&limits));
    gn_limits_default(&limits, 65537);
    ck_assert(!gn_endpoint_config_limits_ok(&limits));
    gn_limits_default(&limits, UINT32_MAX);
    ck_assert(!gn_endpoint_config_limits_ok(&limits));
    gn_limits_default(&limits, 0);
    ck_assert(!gn_endpoint_config_limits_ok(&limits));
}
END_TEST

START_TEST(endpoint_config_every_limit_counts)
{
    gn_limits limits;
    uint32_t *const counts[] = {&limits.connections, &limits.streams, &limits.chunks,
                                &limits.sent,        &limits.keys,    &limits.held};
    const uint32_t most = _i == 0 ? 65536 : UINT32_C(1) << 28;

    gn_limits_default(&limits, 3);
    ck_assert(gn_endpoint_config_limits_ok(&limits));
    *counts[_i] = 0;
    ck_assert(!gn_endpoint_config_limits_ok(&limits));
    *counts[_i] = 1;
    ck_assert(gn_endpoint_config_limits_ok(&limits));
    *counts[_i] = most;
    ck_assert(gn_endpoint_config_limits_ok(&limits));
    *counts[_i] = most + 1;
    ck_assert(!gn_endpoint_config_limits_ok(&limits));
}
END_TEST

START_TEST(endpoint_config_tls_gets_its_share)
{
    gn_tls_config tls;

    server.unix_ms = 1234;
    server.session_tickets = 2;
    server.allow_early_data = 1;
    server.strict_early_data = 1;
    server.ticket_life_us = 9 * GN_SECOND;
    server.started_unix_ms = 77;
    server.ticket_key[31] = 5;
    gn_endpoint_config_tls(&server, &tls);
    ck_assert_int_eq(tls.role, GN_TLS_SERVER);
    ck_assert_ptr_eq(tls.certificate_pem.ptr, server.certificate_pem);
    ck_assert_uint_eq(tls.certificate_pem.len, 5);
    ck_assert_ptr_eq(tls.key_pem.ptr, server.private_key_pem);
    ck_assert_uint_eq(tls.key_pem.len, 3);
    ck_assert_uint_eq(tls.ca_pem.len, 0);
    ck_assert_str_eq(tls.alpn, "h3");
    ck_assert_int_eq(tls.unix_ms, 1234);
    ck_assert_uint_eq(tls.tickets, 2);
    ck_assert_uint_eq(tls.early_data, 1);
    ck_assert(tls.early_strict);
    ck_assert_uint_eq(tls.ticket_life_s, 9);
    ck_assert_int_eq(tls.started_ms, 77);
    ck_assert_uint_eq(tls.ticket_key[31], 5);
    ck_assert_uint_eq(tls.suites_count, 3);

    client.certificate_pem_len = 99; /* of a text that is not there */
    gn_endpoint_config_tls(&client, &tls);
    ck_assert_int_eq(tls.role, GN_TLS_CLIENT);
    ck_assert_int_eq(tls.verify, GN_TLS_VERIFY_PEER);
    ck_assert_uint_eq(tls.certificate_pem.len, 0);
    ck_assert_uint_eq(tls.ca_pem.len, 2);
    client.verify_peer = 0;
    gn_endpoint_config_tls(&client, &tls);
    ck_assert_int_eq(tls.verify, GN_TLS_VERIFY_NONE);
}
END_TEST

START_TEST(endpoint_config_tls_gets_the_suites_allowed)
{
    gn_tls_config tls;
    uint8_t seen = 0;

    client.suites = (uint8_t)_i;
    gn_endpoint_config_tls(&client, &tls);
    for (uint8_t i = 0; i < tls.suites_count; i++) {
        ck_assert(i == 0 || tls.suites[i - 1] < tls.suites[i]);
        seen = (uint8_t)(seen | 1 << tls.suites[i]);
    }
    ck_assert_int_eq(seen, _i);
}
END_TEST

/* Each field bites, and what makes no sense is refused. */
START_TEST(endpoint_config_tls_gets_groups_and_orders)
{
    gn_tls_config tls;

    gn_endpoint_config_tls(&client, &tls);
    ck_assert_uint_eq(tls.groups_count, 2);
    ck_assert_uint_eq(tls.groups[0], GN_TLS_X25519);
    ck_assert_uint_eq(tls.groups[1], GN_TLS_SECP256R1);
    ck_assert_uint_eq(tls.shares, 1);
    ck_assert(!tls.keep_certificate);
    client.groups = 15;
    client.group_order[0] = 1 + GN_GROUP_X25519MLKEM768;
    client.group_order[1] = 1 + GN_GROUP_SECP384R1;
    client.suite_order[0] = 1 + GN_SUITE_CHACHA20_POLY1305_SHA256;
    client.key_shares = 4;
    client.keep_certificate = 1;
    assert_good(&client);
    gn_endpoint_config_tls(&client, &tls);
    ck_assert_uint_eq(tls.groups_count, 4);
    ck_assert_uint_eq(tls.groups[0], GN_TLS_X25519MLKEM768);
    ck_assert_uint_eq(tls.groups[1], GN_TLS_SECP384R1);
    ck_assert_uint_eq(tls.groups[2], GN_TLS_X25519);
    ck_assert_uint_eq(tls.groups[3], GN_TLS_SECP256R1);
    ck_assert_uint_eq(tls.suites_count, 3);
    ck_assert_uint_eq(tls.suites[0], GN_SUITE_CHACHA20_POLY1305_SHA256);
    ck_assert_uint_eq(tls.suites[1], GN_SUITE_AES_128_GCM_SHA256);
    ck_assert_uint_eq(tls.shares, 4);
    ck_assert(tls.keep_certificate);
    server.verify_client = GN_VERIFY_CLIENT_REQUIRE;
    gn_endpoint_config_tls(&server, &tls);
    ck_assert_int_eq(tls.ask, GN_TLS_ASK_REQUIRED);
}
END_TEST

START_TEST(endpoint_config_refuses_orders_that_are_none)
{
    client.groups = 0;
    assert_bad(&client);
    client.groups = 16;
    assert_bad(&client);
    client.groups = 1;
    assert_good(&client);
    client.key_shares = 0;
    assert_bad(&client);
    client.key_shares = 2;
    assert_bad(&client);
    client.key_shares = 1;
    client.group_order[0] = 1 + GN_GROUP_SECP256R1; /* not allowed */
    assert_bad(&client);
    client.group_order[0] = 9;
    assert_bad(&client);
    client.group_order[0] = 0;
    client.group_order[1] = 1; /* behind the end */
    assert_bad(&client);
    client.group_order[0] = 1; /* twice */
    assert_bad(&client);
    client.group_order[1] = 0;
    assert_good(&client);
    client.suite_order[3] = 1;
    assert_bad(&client);
    server.verify_client = GN_VERIFY_CLIENT_ASK; /* by whom? */
    assert_bad(&server);
    server.ca_pem = "ca";
    assert_good(&server);
    server.verify_client = GN_VERIFY_CLIENT_KINDS;
    assert_bad(&server);
}
END_TEST

Suite *
gn_test_endpoint_config(void)
{
    Suite *s = suite_create("endpoint/endpoint_config");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(good, sound, NULL);
    tcase_add_checked_fixture(limits, sound, NULL);
    tcase_add_test(good, endpoint_config_defaults_are_sound_once_the_texts_are_there);
    tcase_add_test(good, endpoint_config_connect_default_names_nobody);
    tcase_add_test(good, endpoint_config_without_what_is_needed_is_refused);
    tcase_add_test(good, endpoint_config_of_another_size_is_refused);
    tcase_add_test(good, endpoint_config_tls_gets_its_share);
    tcase_add_loop_test(good, endpoint_config_tls_gets_the_suites_allowed, 1, 8);
    tcase_add_test(good, endpoint_config_tls_gets_groups_and_orders);
    tcase_add_test(limits, endpoint_config_refuses_orders_that_are_none);
    tcase_add_loop_test(limits, endpoint_config_field_beyond_its_range_is_refused, 0, field_count);
    tcase_add_test(limits, endpoint_config_lowered_limits_have_a_least);
    tcase_add_test(limits, endpoint_config_limits_have_ends);
    tcase_add_loop_test(limits, endpoint_config_every_limit_counts, 0, 6);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    return s;
}
