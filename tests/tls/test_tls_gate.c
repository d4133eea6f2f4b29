/*
 * test_tls_gate.c: what tls/tls_gate.h promises.
 */
#include <check.h>
#include <string.h>

#include "prop.h"
#include "suites.h"
#include "tests/support/hello.h"
#include "tests/support/random.h"
#include "tls/tls_gate.h"

static gn_tls_gate gate;
static gn_fault fault;
static uint8_t bytes[4096];
static uint8_t buffer[GN_TLS_MESSAGE_MAX];

/* Gives len bytes in pieces; the number of whole messages. The verdict in *err. */
static size_t
give(gn_level level, const uint8_t *from, size_t len, size_t piece, gn_err *err)
{
    size_t messages = 0;

    *err = GN_OK;
    for (size_t at = 0; at < len; at += piece) {
        gn_reader in = gn_reader_over(from + at, piece > len - at ? len - at : piece);
        for (;;) {
            gn_span message;
            *err = gn_tls_gate_push(&gate, level, &in, buffer, sizeof buffer, &message, &fault);
            if (*err == GN_OK)
                messages++;
            else if (*err == GN_ERR_SHORT)
                break;
            else
                return messages;
        }
        *err = GN_OK;
    }
    return messages;
}

static gn_err
give_hello(gn_test_hello hello, gn_level level)
{
    const size_t len = gn_test_hello_write(&hello, bytes, sizeof bytes);
    gn_err err;

    ck_assert(give(level, bytes, len, len, &err) == 1 || err != GN_OK);
    return err;
}

/* A message of this type with an empty body of so many bytes. */
static gn_err
give_message(uint8_t type, gn_level level, size_t body_len)
{
    gn_err err;

    memset(bytes, 0, sizeof bytes);
    bytes[0] = type;
    bytes[2] = (uint8_t)(body_len / 256);
    bytes[3] = (uint8_t)body_len;
    give(level, bytes, 4 + body_len, 4 + body_len, &err);
    return err;
}

/* A client that has seen everything up to a level. */
static void
client_at(gn_level level)
{
    gn_tls_gate_init(&gate, GN_TLS_CLIENT);
    if (level >= GN_LEVEL_HANDSHAKE)
        ck_assert_int_eq(give_hello(gn_test_hello_server(), GN_LEVEL_INITIAL), GN_OK);
    if (level >= GN_LEVEL_APP)
        ck_assert_int_eq(give_message(20, GN_LEVEL_HANDSHAKE, 32), GN_OK);
}

/* A server that has sent its ServerHello, or more. */
static void
server_at(gn_level level)
{
    uint8_t sent[256];

    gn_tls_gate_init(&gate, GN_TLS_SERVER);
    if (level == GN_LEVEL_INITIAL)
        return;
    const gn_test_hello hello = gn_test_hello_server();
    const size_t len = gn_test_hello_write(&hello, sent, sizeof sent);
    ck_assert_int_eq(give_hello(gn_test_hello_client(), GN_LEVEL_INITIAL), GN_OK);
    gn_tls_gate_on_sent(&gate, GN_LEVEL_INITIAL, gn_span_of(sent, len));
    if (level >= GN_LEVEL_APP)
        ck_assert_int_eq(give_message(20, GN_LEVEL_HANDSHAKE, 32), GN_OK);
}

START_TEST(gate_gives_a_whole_message_where_it_lies)
{
    const gn_test_hello hello = gn_test_hello_client();
    const size_t len = gn_test_hello_write(&hello, bytes, sizeof bytes);
    gn_reader in = gn_reader_over(bytes, len);
    gn_span message;

    gn_tls_gate_init(&gate, GN_TLS_SERVER);
    ck_assert_int_eq(gn_tls_gate_push(&gate, GN_LEVEL_INITIAL, &in, NULL, 0, &message, &fault),
                     GN_OK);
    ck_assert_ptr_eq(message.ptr, bytes);
    ck_assert_uint_eq(message.len, len);
    ck_assert_uint_eq(gn_reader_left(&in), 0);
    ck_assert(!gn_tls_gate_is_waiting(&gate));
    ck_assert_int_eq(gn_tls_gate_push(&gate, GN_LEVEL_INITIAL, &in, NULL, 0, &message, &fault),
                     GN_ERR_SHORT);
}
END_TEST

START_TEST(gate_collects_a_message_from_pieces)
{
    const gn_test_hello hello = gn_test_hello_client();
    const size_t len = gn_test_hello_write(&hello, bytes, sizeof bytes);
    gn_err err;

    gn_tls_gate_init(&gate, GN_TLS_SERVER);
    ck_assert_uint_eq(give(GN_LEVEL_INITIAL, bytes, len, (size_t)_i, &err), 1);
    ck_assert_int_eq(err, GN_OK);
    ck_assert_mem_eq(buffer, bytes, len);
}
END_TEST

START_TEST(gate_cuts_several_messages)
{
    gn_err err;
    size_t len = 0;

    client_at(GN_LEVEL_HANDSHAKE);
    const gn_test_hello hello = gn_test_hello_encrypted();
    len = gn_test_hello_write(&hello, bytes, sizeof bytes);
    for (int i = 0; i < 3; i++) {
        const uint8_t header[4] = {(uint8_t[]){11, 15, 20}[i], 0, 0, 50};
        memcpy(bytes + len, header, 4);
        memset(bytes + len + 4, i, 50);
        len += 54;
    }
    ck_assert_uint_eq(give(GN_LEVEL_HANDSHAKE, bytes, len, (size_t)_i, &err), 4);
    ck_assert_int_eq(err, GN_OK);
    ck_assert_uint_eq(gate.level, GN_LEVEL_APP);
}
END_TEST

START_TEST(gate_asks_for_as_much_room_as_came)
{
    gn_span message;
    const uint8_t part[] = {11, 0, 0xff, 0xf0, 1, 2, 3};
    gn_reader in = gn_reader_over(part, sizeof part);

    client_at(GN_LEVEL_HANDSHAKE);
    ck_assert_int_eq(gn_tls_gate_push(&gate, GN_LEVEL_HANDSHAKE, &in, buffer, 6, &message, &fault),
                     GN_ERR_FULL);
    ck_assert_uint_eq(gn_tls_gate_needs(&gate, &in), 7);
    ck_assert_int_eq(gn_tls_gate_push(&gate, GN_LEVEL_HANDSHAKE, &in, buffer, 7, &message, &fault),
                     GN_ERR_SHORT);
    ck_assert_mem_eq(buffer, part, sizeof part);
    ck_assert(gn_tls_gate_is_waiting(&gate));
    in = gn_reader_over(part, 2);
    ck_assert_int_eq(gn_tls_gate_push(&gate, GN_LEVEL_HANDSHAKE, &in, buffer, 7, &message, &fault),
                     GN_ERR_FULL);
    ck_assert_uint_eq(gn_tls_gate_needs(&gate, &in), 9);
    ck_assert_uint_eq(gn_reader_left(&in), 2);
}
END_TEST

START_TEST(gate_takes_messages_up_to_64_kib)
{
    gn_span message;
    uint8_t header[4] = {11, 0, 0xff, 0xfc};
    gn_reader in = gn_reader_over(header, 4);

    client_at(GN_LEVEL_HANDSHAKE);
    ck_assert_int_eq(
        gn_tls_gate_push(&gate, GN_LEVEL_HANDSHAKE, &in, buffer, sizeof buffer, &message, &fault),
        GN_ERR_SHORT);
    header[3] = 0xfd;
    in = gn_reader_over(header, 4);
    client_at(GN_LEVEL_HANDSHAKE);
    ck_assert_int_eq(
        gn_tls_gate_push(&gate, GN_LEVEL_HANDSHAKE, &in, buffer, sizeof buffer, &message, &fault),
        GN_ERR_FORM);
    ck_assert_uint_eq(fault.wire_code, GN_FAULT_CRYPTO_BUFFER);
}
END_TEST

/* Every type at every level, both roles: only these pass. */
/* [R-9001-4.4-3] */
START_TEST(gate_knows_which_messages_may_come)
{
    static const struct {
        gn_tls_role role;
        gn_level level;
        uint8_t type;
    } allowed[] = {
        {GN_TLS_SERVER, GN_LEVEL_INITIAL, 1},    {GN_TLS_CLIENT, GN_LEVEL_INITIAL, 2},
        {GN_TLS_SERVER, GN_LEVEL_HANDSHAKE, 11}, {GN_TLS_SERVER, GN_LEVEL_HANDSHAKE, 15},
        {GN_TLS_SERVER, GN_LEVEL_HANDSHAKE, 20}, {GN_TLS_CLIENT, GN_LEVEL_HANDSHAKE, 8},
        {GN_TLS_CLIENT, GN_LEVEL_HANDSHAKE, 11}, {GN_TLS_CLIENT, GN_LEVEL_HANDSHAKE, 13},
        {GN_TLS_CLIENT, GN_LEVEL_HANDSHAKE, 15}, {GN_TLS_CLIENT, GN_LEVEL_HANDSHAKE, 20},
        {GN_TLS_CLIENT, GN_LEVEL_APP, 4},
    };
    static const gn_level levels[] = {GN_LEVEL_INITIAL, GN_LEVEL_HANDSHAKE, GN_LEVEL_APP};
    const gn_tls_role role = _i / 3 ? GN_TLS_SERVER : GN_TLS_CLIENT;
    const gn_level level = levels[_i % 3];

    for (unsigned type = 0; type < 256; type++) {
        const uint8_t byte = (uint8_t)type;
        gn_reader in = gn_reader_over(&byte, 1);
        gn_span message;
        bool fits = false;
        for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
            fits = fits || (allowed[i].role == role && allowed[i].level == level &&
                            allowed[i].type == type);
        if (role == GN_TLS_CLIENT)
            client_at(level);
        else
            server_at(level);
        gn_err err = gn_tls_gate_push(&gate, level, &in, buffer, sizeof buffer, &message, &fault);
        ck_assert_int_eq(err, fits ? GN_ERR_SHORT : GN_ERR_FORM);
        if (fits)
            continue;
        /* RFC 9001 4.4: this one alone is QUIC's own affair. */
        bool request = role == GN_TLS_CLIENT && level == GN_LEVEL_APP && type == 13;
        ck_assert_uint_eq(fault.wire_code, request ? 0x0a : 0x010a);
    }
}
END_TEST

/* RFC 9001 4.1.3, 8.3 */
/* [R-9001-4.1.3-1] [R-9001-4.1.3-2] [R-9001-8.3-2] */
START_TEST(gate_refuses_bytes_of_other_levels)
{
    static const struct {
        gn_level now;
        gn_level given;
    } rows[] = {
        {GN_LEVEL_INITIAL, GN_LEVEL_EARLY},   {GN_LEVEL_INITIAL, GN_LEVEL_HANDSHAKE},
        {GN_LEVEL_INITIAL, GN_LEVEL_APP},     {GN_LEVEL_HANDSHAKE, GN_LEVEL_INITIAL},
        {GN_LEVEL_HANDSHAKE, GN_LEVEL_EARLY}, {GN_LEVEL_HANDSHAKE, GN_LEVEL_APP},
        {GN_LEVEL_APP, GN_LEVEL_INITIAL},     {GN_LEVEL_APP, GN_LEVEL_HANDSHAKE},
    };

    for (int server = 0; server < 2; server++) {
        if (server)
            server_at(rows[_i].now);
        else
            client_at(rows[_i].now);
        ck_assert_int_eq(give_message(20, rows[_i].given, 1), GN_ERR_FORM);
        ck_assert_uint_eq(fault.wire_code, GN_FAULT_PROTOCOL_VIOLATION);
    }
}
END_TEST

/* Nothing is still no mistake: a peer may send CRYPTO frames without data. */
/* [R-9001-8.3-2] */
START_TEST(gate_takes_no_bytes_at_any_level)
{
    gn_reader in = gn_reader_over(NULL, 0);
    gn_span message;

    client_at(GN_LEVEL_HANDSHAKE);
    ck_assert_int_eq(gn_tls_gate_push(&gate, (gn_level)_i, &in, NULL, 0, &message, &fault),
                     GN_ERR_SHORT);
}
END_TEST

START_TEST(gate_lets_one_retry_through)
{
    gn_tls_gate_init(&gate, GN_TLS_CLIENT);
    ck_assert_int_eq(give_hello(gn_test_hello_retry(), GN_LEVEL_INITIAL), GN_OK);
    ck_assert_uint_eq(gate.level, GN_LEVEL_INITIAL);
    gn_tls_gate kept = gate;
    ck_assert_int_eq(give_hello(gn_test_hello_retry(), GN_LEVEL_INITIAL), GN_ERR_FORM);
    ck_assert_uint_eq(fault.wire_code, 0x010a);
    gate = kept;
    ck_assert_int_eq(give_hello(gn_test_hello_server(), GN_LEVEL_INITIAL), GN_OK);
    ck_assert_uint_eq(gate.level, GN_LEVEL_HANDSHAKE);
}
END_TEST

START_TEST(gate_lets_a_second_hello_in_after_a_retry_only)
{
    uint8_t sent[256];
    const gn_test_hello retry = gn_test_hello_retry();
    const size_t len = gn_test_hello_write(&retry, sent, sizeof sent);

    gn_tls_gate_init(&gate, GN_TLS_SERVER);
    ck_assert_int_eq(give_hello(gn_test_hello_client(), GN_LEVEL_INITIAL), GN_OK);
    gn_tls_gate kept = gate;
    ck_assert_int_eq(give_hello(gn_test_hello_client(), GN_LEVEL_INITIAL), GN_ERR_FORM);
    gate = kept;
    gn_tls_gate_on_sent(&gate, GN_LEVEL_INITIAL, gn_span_of(sent, len));
    ck_assert_int_eq(give_hello(gn_test_hello_client(), GN_LEVEL_INITIAL), GN_OK);
    ck_assert_int_eq(give_hello(gn_test_hello_client(), GN_LEVEL_INITIAL), GN_ERR_FORM);
    ck_assert_uint_eq(fault.wire_code, 0x010a);
}
END_TEST

/* RFC 8446 4.2.10: there is no early data after a retry. */
START_TEST(gate_knows_whether_early_data_was_accepted)
{
    gn_test_hello hello = gn_test_hello_encrypted();

    gn_test_hello_add(&hello, 42, NULL, 0);
    gn_tls_gate_init(&gate, GN_TLS_CLIENT);
    if (_i == 1)
        ck_assert_int_eq(give_hello(gn_test_hello_retry(), GN_LEVEL_INITIAL), GN_OK);
    ck_assert_int_eq(give_hello(gn_test_hello_server(), GN_LEVEL_INITIAL), GN_OK);
    ck_assert_int_eq(give_hello(hello, GN_LEVEL_HANDSHAKE), GN_OK);
    ck_assert_uint_eq(gate.early, _i == 0);
}
END_TEST

START_TEST(gate_holds_for_random_bytes)
{
    for (uint64_t seed = 0; seed < 300; seed++) {
        uint64_t state = seed;
        const size_t len = (size_t)(gn_test_random(&state) % 600);

        gn_test_random_fill(&state, bytes, sizeof bytes);
        ck_assert_msg(gn_prop_tls_gate(bytes, len), "seed %u", (unsigned)seed);
    }
}
END_TEST

/* Random bytes seldom look like hellos: these do, but for a few bytes. */
START_TEST(gate_holds_for_hellos_with_changes)
{
    const gn_test_hello hellos[] = {gn_test_hello_client(), gn_test_hello_server(),
                                    gn_test_hello_encrypted()};

    for (uint64_t seed = 0; seed < 600; seed++) {
        const bool server = seed % 3 == 0;
        uint64_t state = seed;
        size_t len = 2;

        bytes[0] = server;
        bytes[1] = (uint8_t)gn_test_random(&state);
        for (int i = server ? 0 : 1; i < (server ? 1 : 3); i++)
            len += gn_test_hello_write(&hellos[i], bytes + len, sizeof bytes - len);
        for (uint64_t i = 0; i < seed % 5; i++) {
            uint8_t *byte = bytes + 2 + gn_test_random(&state) % (len - 2);
            *byte ^= (uint8_t)(1u << gn_test_random(&state) % 8);
        }
        ck_assert_msg(gn_prop_tls_gate(bytes, len), "seed %u", (unsigned)seed);
    }
}
END_TEST

Suite *
gn_test_tls_gate(void)
{
    Suite *suite = suite_create("tls/tls_gate");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_test(good, gate_gives_a_whole_message_where_it_lies);
    tcase_add_loop_test(good, gate_collects_a_message_from_pieces, 1, 20);
    tcase_add_loop_test(good, gate_cuts_several_messages, 1, 20);
    tcase_add_test(good, gate_lets_one_retry_through);
    tcase_add_test(good, gate_lets_a_second_hello_in_after_a_retry_only);
    tcase_add_loop_test(good, gate_knows_whether_early_data_was_accepted, 0, 2);
    tcase_add_loop_test(good, gate_takes_no_bytes_at_any_level, 0, GN_LEVELS);
    tcase_add_loop_test(hostile, gate_knows_which_messages_may_come, 0, 6);
    tcase_add_loop_test(hostile, gate_refuses_bytes_of_other_levels, 0, 8);
    tcase_add_test(limits, gate_asks_for_as_much_room_as_came);
    tcase_add_test(limits, gate_takes_messages_up_to_64_kib);
    tcase_add_test(random, gate_holds_for_random_bytes);
    tcase_add_test(random, gate_holds_for_hellos_with_changes);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    suite_add_tcase(suite, limits);
    suite_add_tcase(suite, random);
    return suite;
}
