/*
 * test_tls_hello.c: what tls/tls_hello.h promises.
 */
#include <check.h>
#include <string.h>

#include "prop.h"
#include "suites.h"
#include "tests/support/hello.h"
#include "tests/support/random.h"
#include "tls/tls_hello.h"

enum { MESSAGE_MAX = 2048 };

static uint8_t message[MESSAGE_MAX];
static gn_fault fault;
static bool retry;
static bool early;
static gn_span alpn;

/* Judges the hello by its own kind. */
static gn_err
judge_bytes(uint8_t type, size_t len)
{
    const gn_span body = gn_span_of(message + 4, len - 4);

    memset(&fault, 0, sizeof fault);
    if (type == 1)
        return gn_tls_hello_judge_client(body, &fault);
    if (type == 2)
        return gn_tls_hello_judge_server(body, &retry, &fault);
    return gn_tls_hello_judge_encrypted(body, &alpn, &early, &fault);
}

static gn_err
judge(const gn_test_hello *hello)
{
    return judge_bytes(hello->type, gn_test_hello_write(hello, message, sizeof message));
}

static void
expect_fault(const gn_test_hello *hello, uint64_t wire_code)
{
    ck_assert_int_eq(judge(hello), GN_ERR_FORM);
    ck_assert_uint_eq(fault.wire_code, wire_code);
    ck_assert_mem_eq(fault.why, "RFC ", 4);
}

static gn_test_hello
kind(int which)
{
    switch (which) {
    case 0: return gn_test_hello_client();
    case 1: return gn_test_hello_server();
    case 2: return gn_test_hello_retry();
    default: return gn_test_hello_encrypted();
    }
}

START_TEST(hello_that_is_sound_passes)
{
    const gn_test_hello hello = kind(_i);

    retry = true;
    ck_assert_int_eq(judge(&hello), GN_OK);
    if (_i == 1 || _i == 2)
        ck_assert(retry == (_i == 2));
    if (_i == 3) {
        ck_assert_uint_eq(alpn.len, 2);
        ck_assert_mem_eq(alpn.ptr, "h3", 2);
        ck_assert(!early);
    }
}
END_TEST

START_TEST(hello_with_unknown_extensions_passes)
{
    gn_test_hello hello = kind(_i);

    gn_test_hello_add(&hello, 0x1a1a, NULL, 0);
    gn_test_hello_add(&hello, 0xffff, (const uint8_t *)"abc", 3);
    ck_assert_int_eq(judge(&hello), GN_OK);
}
END_TEST

/* RFC 8446 4.2 */
START_TEST(hello_with_an_extension_twice_is_illegal)
{
    gn_test_hello hello = kind(_i);

    gn_test_hello_add(&hello, hello.extension[1].type, hello.extension[1].body,
                      hello.extension[1].len);
    expect_fault(&hello, 0x12f);
    hello = kind(_i);
    gn_test_hello_add(&hello, 0x1a1a, NULL, 0);
    gn_test_hello_add(&hello, 0x1a1a, NULL, 0);
    expect_fault(&hello, 0x12f);
}
END_TEST

/* However many there are. */
START_TEST(hello_with_many_extensions_has_each_once)
{
    gn_test_hello hello = kind(_i);
    const uint16_t room = (uint16_t)(GN_TEST_HELLO_EXTENSIONS - hello.extensions - 1);

    for (uint16_t i = 0; i < room; i++)
        gn_test_hello_add(&hello, (uint16_t)(0x2000 + i), NULL, 0);
    ck_assert_int_eq(judge(&hello), GN_OK);
    gn_test_hello_add(&hello, (uint16_t)(0x2000 + (_i == 0 ? 0 : room - 1)), NULL, 0);
    expect_fault(&hello, 0x12f);
}
END_TEST

START_TEST(hello_cut_anywhere_is_refused)
{
    const gn_test_hello hello = kind(_i);
    const size_t whole = gn_test_hello_write(&hello, message, sizeof message);

    for (size_t len = 4; len < whole; len++)
        ck_assert_int_eq(judge_bytes(hello.type, len), GN_ERR_FORM);
    message[whole] = 0;
    ck_assert_int_eq(judge_bytes(hello.type, whole + 1), GN_ERR_FORM);
    ck_assert_uint_eq(fault.wire_code, 0x132);
}
END_TEST

/* RFC 9001 8.4 */
/* [R-9001-8.4-1] */
START_TEST(hello_with_a_session_id_is_a_violation)
{
    gn_test_hello hello = gn_test_hello_client();

    hello.session_len = (size_t)_i;
    expect_fault(&hello, GN_FAULT_PROTOCOL_VIOLATION);
    hello = gn_test_hello_server();
    hello.session_len = (size_t)_i;
    expect_fault(&hello, 0x12f);
}
END_TEST

/* [R-9001-4.2-2] [R-9001-8.2-2] */
START_TEST(hello_without_a_needed_extension_is_refused)
{
    static const struct {
        int kind;
        uint16_t type;
        uint64_t wire_code;
    } rows[] = {
        {0, 16, 0x178}, {0, 0x39, 0x16d}, {0, 43, 0x146}, {1, 43, 0x146},   {1, 51, 0x16d},
        {2, 51, 0x12f}, {2, 43, 0x146},   {3, 16, 0x178}, {3, 0x39, 0x16d},
    };
    gn_test_hello hello = kind(rows[_i].kind);

    gn_test_hello_cut(&hello, rows[_i].type);
    expect_fault(&hello, rows[_i].wire_code);
}
END_TEST

START_TEST(hello_without_key_shares_may_still_pass)
{
    gn_test_hello hello = gn_test_hello_client();

    /* RFC 8446 4.2.8: a client may wait to be asked; TLS answers with a HelloRetryRequest. */
    gn_test_hello_set(&hello, 51, (const uint8_t *)"\0\0", 2);
    ck_assert_int_eq(judge(&hello), GN_OK);
    hello = gn_test_hello_retry();
    gn_test_hello_cut(&hello, 51);
    gn_test_hello_add(&hello, 44, (const uint8_t *)"\0\1a", 3);
    ck_assert_int_eq(judge(&hello), GN_OK);
}
END_TEST

START_TEST(hello_with_a_malformed_extension_is_refused)
{
    static const struct {
        int kind;
        uint16_t type;
        uint8_t len;
        uint8_t body[10];
        uint64_t wire_code;
    } rows[] = {
        {0, 16, 0, {0}, 0x132},
        {0, 16, 2, {0, 0}, 0x132},                 /* no name at all */
        {0, 16, 4, {0, 2, 2, 'h'}, 0x132},         /* a name too short */
        {0, 16, 3, {0, 1, 0}, 0x132},              /* an empty name */
        {0, 16, 5, {0, 2, 1, 'h', 'x'}, 0x132},    /* a byte behind */
        {0, 16, 5, {0, 4, 2, 'h', '3'}, 0x132},    /* a list too short */
        {3, 16, 6, {0, 4, 1, 'a', 1, 'b'}, 0x12f}, /* two names chosen */
        {0, 43, 2, {1, 3}, 0x132},                 /* half a version */
        {0, 43, 3, {2, 3, 3}, 0x146},              /* TLS 1.2 only */
        {0, 43, 1, {0}, 0x146},
        {1, 43, 2, {3, 3}, 0x146},
        {1, 43, 1, {3}, 0x146},
        {0, 51, 10, {0, 8, 0, 29, 0, 1, 0, 29, 0, 1}, 0x132}, /* a share too short */
        {0, 51, 6, {0, 4, 0, 29, 0, 0}, 0x132},               /* an empty share */
    };
    gn_test_hello hello = kind(rows[_i].kind);

    gn_test_hello_set(&hello, rows[_i].type, rows[_i].body, rows[_i].len);
    expect_fault(&hello, rows[_i].wire_code);
}
END_TEST

/* RFC 8446 4.2.8 */
START_TEST(hello_with_two_shares_of_a_group_is_illegal)
{
    static const uint8_t shares[] = {0, 12, 0, 29, 0, 2, 7, 7, 0, 29, 0, 2, 8, 8};
    gn_test_hello hello = gn_test_hello_client();

    gn_test_hello_set(&hello, 51, shares, sizeof shares);
    expect_fault(&hello, 0x12f);
}
END_TEST

/* [R-9001-4.2-2] */
START_TEST(hello_with_other_frozen_fields_is_refused)
{
    gn_test_hello hello = gn_test_hello_client();

    hello.version = 0x0302;
    expect_fault(&hello, 0x12f);
    hello = gn_test_hello_client();
    hello.compression = 1;
    expect_fault(&hello, 0x12f);
    hello = gn_test_hello_client();
    hello.compressions = 2;
    expect_fault(&hello, 0x12f);
    hello = gn_test_hello_client();
    hello.suites_len = 0;
    expect_fault(&hello, 0x132);
    hello = gn_test_hello_client();
    hello.suites_len = 3;
    expect_fault(&hello, 0x132);
    hello = gn_test_hello_server();
    hello.version = 0x0304;
    expect_fault(&hello, 0x146);
    hello = gn_test_hello_server();
    hello.compression = 1;
    expect_fault(&hello, 0x12f);
}
END_TEST

/* RFC 8446 4.2.11 */
START_TEST(hello_with_a_pre_shared_key_has_it_last)
{
    gn_test_hello hello = gn_test_hello_client();

    gn_test_hello_add(&hello, 41, (const uint8_t *)"x", 1);
    ck_assert_int_eq(judge(&hello), GN_OK);
    gn_test_hello_add(&hello, 0x1a1a, NULL, 0);
    expect_fault(&hello, 0x12f);
}
END_TEST

START_TEST(hello_tells_whether_early_data_is_accepted)
{
    gn_test_hello hello = gn_test_hello_encrypted();

    gn_test_hello_add(&hello, 42, NULL, 0);
    ck_assert_int_eq(judge(&hello), GN_OK);
    ck_assert(early);
}
END_TEST

/* RFC 9001 4.6.1 */
/* [R-9001-4.6.1-2] */
START_TEST(hello_ticket_offers_early_data_without_limit_or_not_at_all)
{
    static const struct {
        uint8_t len;
        uint8_t extensions[10];
        gn_err verdict;
        uint64_t wire_code;
    } rows[] = {
        {2, {0, 0}, GN_OK, 0},
        {10, {0, 8, 0, 42, 0, 4, 0xff, 0xff, 0xff, 0xff}, GN_OK, 0},
        {10, {0, 8, 0, 42, 0, 4, 0, 0, 0x40, 0}, GN_ERR_FORM, GN_FAULT_PROTOCOL_VIOLATION},
        {9, {0, 7, 0, 42, 0, 3, 0xff, 0xff, 0xff}, GN_ERR_FORM, 0x132},
        {1, {0}, GN_ERR_FORM, 0x132},
    };
    uint8_t bytes[64] = {0, 0, 0, 1, 0, 0, 0, 1, 1, 9, 0, 2, 7, 7};

    memcpy(bytes + 14, rows[_i].extensions, rows[_i].len);
    ck_assert_int_eq(gn_tls_hello_judge_ticket(gn_span_of(bytes, 14u + rows[_i].len), &fault),
                     rows[_i].verdict);
    if (rows[_i].verdict != GN_OK)
        ck_assert_uint_eq(fault.wire_code, rows[_i].wire_code);
}
END_TEST

/* RFC 9368 2.3: a server may have to choose before all of it is there. */
START_TEST(hello_parameters_are_found_in_what_has_come)
{
    const gn_test_hello hello = gn_test_hello_client();
    const size_t len = gn_test_hello_write(&hello, message, sizeof message);
    gn_span found;
    size_t first = 0;

    ck_assert(gn_tls_hello_peek(gn_span_of(message, len), &found));
    while (!gn_tls_hello_peek(gn_span_of(message, first), &found))
        first++;
    ck_assert_uint_eq((size_t)(found.ptr + found.len - message), first);
    message[0] = 2;
    ck_assert(!gn_tls_hello_peek(gn_span_of(message, len), &found));
}
END_TEST

START_TEST(hello_holds_its_property_with_changes)
{
    const gn_test_hello hello = gn_test_hello_client();
    uint64_t state = (uint64_t)_i;
    const size_t len = gn_test_hello_write(&hello, message, sizeof message);

    for (int i = 0; i < _i % 5; i++)
        message[gn_test_random(&state) % len] ^= (uint8_t)(1u << gn_test_random(&state) % 8);
    ck_assert(gn_prop_tls_hello(message, len));
}
END_TEST

Suite *
gn_test_tls_hello(void)
{
    Suite *suite = suite_create("tls/tls_hello");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *table = tcase_create("table");
    TCase *random = tcase_create("random");

    tcase_add_loop_test(good, hello_that_is_sound_passes, 0, 4);
    tcase_add_loop_test(good, hello_with_unknown_extensions_passes, 0, 4);
    tcase_add_test(good, hello_without_key_shares_may_still_pass);
    tcase_add_test(good, hello_parameters_are_found_in_what_has_come);
    tcase_add_loop_test(random, hello_holds_its_property_with_changes, 0, 300);
    tcase_add_test(good, hello_tells_whether_early_data_is_accepted);
    tcase_add_loop_test(hostile, hello_with_an_extension_twice_is_illegal, 0, 4);
    tcase_add_loop_test(hostile, hello_with_many_extensions_has_each_once, 0, 4);
    tcase_add_loop_test(hostile, hello_cut_anywhere_is_refused, 0, 4);
    tcase_add_loop_test(hostile, hello_with_a_session_id_is_a_violation, 1, 33);
    tcase_add_test(hostile, hello_with_two_shares_of_a_group_is_illegal);
    tcase_add_test(hostile, hello_with_other_frozen_fields_is_refused);
    tcase_add_test(hostile, hello_with_a_pre_shared_key_has_it_last);
    tcase_add_loop_test(table, hello_without_a_needed_extension_is_refused, 0, 9);
    tcase_add_loop_test(table, hello_with_a_malformed_extension_is_refused, 0, 14);
    tcase_add_loop_test(table, hello_ticket_offers_early_data_without_limit_or_not_at_all, 0, 5);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    suite_add_tcase(suite, table);
    return suite;
}
