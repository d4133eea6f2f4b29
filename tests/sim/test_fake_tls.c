/*
 * test_fake_tls.c: a stand-in keeps the promises of tls/tls.h about order, and notices mistakes.
 */
#include <check.h>
#include <string.h>

#include "sim/fake_tls.h"
#include "suites.h"

#define NOTES 16

typedef struct end {
    void *context;
    void *session;
    char notes[NOTES * 4];  /* what came, in order: "Bi" bytes Initial, "Sh+" secret written, ... */
    uint8_t secrets[4][32]; /* handshake write, read, application write, read */
    uint8_t flight[2][2048]; /* Initial, Handshake bytes to be sent */
    size_t flight_len[2];
    char parameters[64];
    char alpn[32];
    gn_fault fault;
} end;

static const gn_tls_ops *ops;
static end client;
static end server;

static void
open_end(end *e, gn_tls_role role, const char *alpn, const char *parameters, uint8_t seed)
{
    gn_tls_config config = {.role = role, .alpn = alpn};
    gn_tls_session_config session = {
        .server_name = role == GN_TLS_CLIENT ? "server.example" : NULL,
        .parameters = gn_span_of((const uint8_t *)parameters, strlen(parameters))};

    memset(e, 0, sizeof *e);
    memset(session.seed, seed, sizeof session.seed);
    ck_assert_int_eq(ops->context_new(&config, &e->context), GN_OK);
    ck_assert_int_eq(ops->session_new(e->context, &session, &e->session), GN_OK);
}

static void
set_up(void)
{
    ops = gn_sim_fake_tls();
    open_end(&client, GN_TLS_CLIENT, "h3,echo", "from the client", 1);
    open_end(&server, GN_TLS_SERVER, "echo", "from the server", 2);
}

static void
tear_down(void)
{
    ops->session_free(client.session);
    ops->session_free(server.session);
    ops->context_free(client.context);
    ops->context_free(server.context);
}

static void
note_secret(end *e, const gn_tls_event *event)
{
    const int at = (event->level == GN_LEVEL_APP ? 2 : 0) + (event->as.secret.write ? 0 : 1);

    memcpy(e->secrets[at], event->as.secret.bytes, 32);
}

static void
pull(end *e)
{
    static const char levels[GN_LEVELS] = {'i', 'e', 'h', 'a'};
    gn_tls_event event;

    while (ops->next(e->session, &event)) {
        char note[4] = {"BSPCETF"[event.kind], levels[event.level], 0, 0};
        const int at = event.level == GN_LEVEL_INITIAL ? 0 : 1;

        if (event.kind == GN_TLS_SECRET) {
            note[2] = event.as.secret.write ? 'w' : 'r';
            note_secret(e, &event);
        }
        (void)strcat(e->notes, note);
        (void)strcat(e->notes, " ");
        if (event.kind == GN_TLS_BYTES) {
            memcpy(e->flight[at] + e->flight_len[at], event.bytes.ptr, event.bytes.len);
            e->flight_len[at] += event.bytes.len;
        }
        if (event.kind == GN_TLS_PARAMETERS)
            memcpy(e->parameters, event.bytes.ptr, event.bytes.len);
        if (event.kind == GN_TLS_COMPLETE)
            memcpy(e->alpn, event.as.complete.alpn.ptr, event.as.complete.alpn.len);
        if (event.kind == GN_TLS_FAULT)
            e->fault = event.as.fault;
    }
}

/* Delivers what one end has said, in pieces of so many bytes. */
static gn_err
carry(end *from, end *to, size_t piece)
{
    static const gn_level levels[2] = {GN_LEVEL_INITIAL, GN_LEVEL_HANDSHAKE};

    for (int i = 0; i < 2; i++)
        for (size_t at = 0; at < from->flight_len[i]; at += piece) {
            const size_t left = from->flight_len[i] - at;
            const gn_err err = ops->receive(to->session, levels[i], from->flight[i] + at,
                                            left < piece ? left : piece, 0);

            pull(to);
            if (err != GN_OK)
                return err;
        }
    from->flight_len[0] = from->flight_len[1] = 0;
    return GN_OK;
}

static const size_t pieces[] = {1, 7, 2048};

START_TEST(fake_tls_keeps_the_order_of_events_however_cut)
{
    const size_t piece = pieces[_i];

    ck_assert_int_eq(ops->start(client.session, 0), GN_OK);
    pull(&client);
    ck_assert_int_eq(carry(&client, &server, piece), GN_OK);
    ck_assert_int_eq(carry(&server, &client, piece), GN_OK);
    ck_assert_int_eq(carry(&client, &server, piece), GN_OK);
    ck_assert_str_eq(client.notes, "Bi Shr Shw Ph Bh Ch Saw Sar ");
    ck_assert_str_eq(server.notes, "Pi Bi Shw Shr Bh Saw Ch Sar ");
    ck_assert_str_eq(client.parameters, "from the server");
    ck_assert_str_eq(server.parameters, "from the client");
    ck_assert_str_eq(client.alpn, "echo");
    ck_assert_str_eq(server.alpn, "echo");
    for (int i = 0; i < 4; i++) {
        ck_assert_mem_eq(client.secrets[i], server.secrets[i ^ 1], 32);
        for (int j = 0; j < i; j++)
            ck_assert_mem_ne(client.secrets[i], client.secrets[j], 32);
    }
}
END_TEST

START_TEST(fake_tls_without_a_common_protocol_fails)
{
    tear_down();
    open_end(&client, GN_TLS_CLIENT, "h3", "c", 1);
    open_end(&server, GN_TLS_SERVER, "echo", "s", 2);
    ck_assert_int_eq(ops->start(client.session, 0), GN_OK);
    pull(&client);
    ck_assert_int_eq(carry(&client, &server, 2048), GN_ERR_TLS);
    ck_assert_uint_eq(server.fault.wire_code, GN_FAULT_CRYPTO + 120);
    ck_assert_int_eq(ops->receive(server.session, GN_LEVEL_INITIAL, server.flight[0], 1, 0),
                     GN_ERR_TLS);
}
END_TEST

/* Whatever byte of the hello changes: it is refused, or the ends find out, or it is a name's. */
START_TEST(fake_tls_changed_bytes_never_complete_with_other_secrets)
{
    const size_t len = 3 + 2 + 32 + 2 + 7 + 2 + 14 + 2 + 15;

    for (size_t at = 0; at < len; at++) {
        tear_down();
        set_up();
        ck_assert_int_eq(ops->start(client.session, 0), GN_OK);
        pull(&client);
        ck_assert_uint_eq(client.flight_len[0], len);
        client.flight[0][at] ^= 0x40;
        if (carry(&client, &server, 2048) != GN_OK || carry(&server, &client, 2048) != GN_OK ||
            carry(&client, &server, 2048) != GN_OK)
            continue;
        if (strchr(client.notes, 'C') != NULL)
            ck_assert_mem_eq(client.secrets[2], server.secrets[3], 32);
    }
}
END_TEST

START_TEST(fake_tls_message_out_of_turn_fails)
{
    const uint8_t done[] = {4, 0, 0};

    ck_assert_int_eq(ops->receive(server.session, GN_LEVEL_HANDSHAKE, done, sizeof done, 0),
                     GN_ERR_TLS);
    pull(&server);
    ck_assert_uint_eq(server.fault.wire_code, GN_FAULT_CRYPTO + 10);
}
END_TEST

START_TEST(fake_tls_same_seeds_say_the_same_bytes)
{
    uint8_t first[256];
    size_t len;

    ck_assert_int_eq(ops->start(client.session, 0), GN_OK);
    pull(&client);
    len = client.flight_len[0];
    memcpy(first, client.flight[0], len);
    tear_down();
    set_up();
    ck_assert_int_eq(ops->start(client.session, 0), GN_OK);
    pull(&client);
    ck_assert_uint_eq(client.flight_len[0], len);
    ck_assert_mem_eq(client.flight[0], first, len);
}
END_TEST

Suite *
gn_test_fake_tls(void)
{
    Suite *suite = suite_create("sim/fake_tls");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_checked_fixture(good, set_up, tear_down);
    tcase_add_checked_fixture(hostile, set_up, tear_down);
    tcase_add_loop_test(good, fake_tls_keeps_the_order_of_events_however_cut, 0, 3);
    tcase_add_test(good, fake_tls_same_seeds_say_the_same_bytes);
    tcase_add_test(hostile, fake_tls_without_a_common_protocol_fails);
    tcase_add_test(hostile, fake_tls_changed_bytes_never_complete_with_other_secrets);
    tcase_add_test(hostile, fake_tls_message_out_of_turn_fails);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
