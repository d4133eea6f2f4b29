/*
 * test_conn_version.c: connections of version 2, negotiation both ways, greased bits
 * (RFC 9000 6.2, RFC 9287, RFC 9368, RFC 9369).
 */
#include <check.h>
#include <string.h>

#include "suites.h"
#include "tests/support/pair.h"
#include "wire/header_read.h"
#include "wire/version.h"
#include "wire/vneg.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER, V1 = GN_VERSION_1, V2 = GN_VERSION_2 };

static gn_test_pair pair;
static uint32_t first_version[2]; /* of what each side sent first */
static uint32_t last_version[2];  /* and in its latest long header */
static uint32_t cleared[2];       /* packets without the fixed bit */
static uint32_t vnegs;
static uint64_t lost; /* this one of the client's datagrams and of the server's is dropped */

/* Looks at each datagram, and drops one. */
static gn_test_fate
look(gn_test_pair *p, gn_test_datagram *d)
{
    const int from = 1 - d->to;
    gn_header h;

    (void)p;
    if ((d->bytes[0] & GN_HEADER_LONG) != 0 &&
        gn_header_read_greased(d->bytes, d->len, 8, true, &h) == GN_OK) {
        vnegs += h.kind == GN_PACKET_VNEG;
        if (h.kind != GN_PACKET_VNEG) {
            first_version[from] = first_version[from] == 0 ? h.version : first_version[from];
            last_version[from] = h.version;
        }
    }
    cleared[from] += (d->bytes[0] & GN_HEADER_FIXED) == 0;
    return d->nth == lost ? GN_TEST_DROP : GN_TEST_PASS;
}

static void
speak(int side, uint32_t first, uint32_t second)
{
    uint32_t *versions = pair.side[side].config.versions;

    memset(versions, 0, sizeof pair.side[side].config.versions);
    versions[0] = first;
    versions[1] = second;
}

static void
begin(uint32_t client_1, uint32_t client_2, uint32_t server_1, uint32_t server_2)
{
    gn_test_pair_init(&pair);
    pair.hook = look;
    lost = UINT64_MAX;
    vnegs = 0;
    memset(first_version, 0, sizeof first_version);
    memset(last_version, 0, sizeof last_version);
    memset(cleared, 0, sizeof cleared);
    speak(CLIENT, client_1, client_2);
    speak(SERVER, server_1, server_2);
}

static void
expect_versions(uint32_t original, uint32_t now)
{
    for (int side = 0; side < 2; side++) {
        const gn_info info = gn_test_pair_info(&pair, side);
        ck_assert_uint_eq(info.version, now);
        ck_assert_uint_eq(info.original_version, original);
        ck_assert_uint_eq(last_version[side], now);
    }
    ck_assert_uint_eq(first_version[SERVER], now);
}

/* [R-9369-3.2-1] [R-9369-4.1-1] [R-9369-4.1-2] [R-9369-4.1-3] */
START_TEST(version_is_what_the_lists_make_it_whatever_is_lost)
{
    static const struct {
        uint32_t client[2];
        uint32_t server[2];
        uint32_t original;
        uint32_t now;
    } rows[] = {
        {{V1, 0}, {V1, V2}, V1, V1},  {{V2, 0}, {V1, V2}, V2, V2}, {{V1, V2}, {V2, V1}, V1, V2},
        {{V2, V1}, {V1, V2}, V2, V1}, {{V1, 0}, {V2, V1}, V1, V1}, {{V1, V2}, {V1, 0}, V1, V1},
    };

    begin(rows[_i / 5].client[0], rows[_i / 5].client[1], rows[_i / 5].server[0],
          rows[_i / 5].server[1]);
    if (_i % 5 > 0)
        lost = (uint64_t)_i % 5 - 1;
    gn_test_pair_confirm(&pair);
    gn_test_pair_expect_alive(&pair);
    expect_versions(rows[_i / 5].original, rows[_i / 5].now);
    gn_test_pair_end(&pair);
}
END_TEST

/* [R-9000-6.2-1] */
START_TEST(version_negotiation_begins_again_with_one_that_both_speak)
{
    begin(V2, V1, V1, 0);
    gn_test_pair_confirm(&pair);
    gn_test_pair_expect_alive(&pair);
    ck_assert_uint_eq(vnegs, 1);
    ck_assert_uint_eq(first_version[CLIENT], V2);
    ck_assert_uint_eq(last_version[CLIENT], V1);
    gn_test_pair_end(&pair);
}
END_TEST

/* [R-9000-6.2-1] */
START_TEST(version_none_in_common_ends_at_once_and_quietly)
{
    begin(V2, 0, V1, 0);
    gn_test_pair_start(&pair);
    gn_test_pair_settle(&pair);
    gn_test_pair_expect_closed(&pair, CLIENT, GN_CLOSE_VERSION, 0,
                               "RFC 9000 6.2: no version in common");
    ck_assert_uint_eq(pair.side[CLIENT].datagrams, 1);
    ck_assert_uint_eq(pair.side[SERVER].accepted, 0);
    gn_test_pair_end(&pair);
}
END_TEST

START_TEST(version_probe_is_refused_and_then_all_is_well)
{
    begin(V2, V1, V1, V2);
    pair.side[CLIENT].config.reserved_version_probe = 1;
    gn_test_pair_confirm(&pair);
    gn_test_pair_expect_alive(&pair);
    ck_assert_uint_eq(vnegs, 1);
    ck_assert(gn_version_is_reserved(first_version[CLIENT]));
    gn_test_pair_end(&pair);
}
END_TEST

/* Version Negotiation for the client's first packet, with this list. */
static void
give_vneg(const uint32_t *list, size_t count, uint8_t unused)
{
    const gn_test_pair_packet *first = &pair.side[CLIENT].sent[0];
    uint8_t bytes[64];
    gn_writer w = gn_writer_over(bytes, sizeof bytes);

    ck_assert_int_eq(gn_vneg_write(&w, unused, gn_cid_span(&first->scid), gn_cid_span(&first->dcid),
                                   list, count),
                     GN_OK);
    gn_test_pair_give(&pair, CLIENT, bytes, w.at, 1, 1);
}

/* [R-9000-17.2.1-1] [R-9368-4-8] */
START_TEST(version_forged_negotiation_is_a_downgrade_that_is_seen)
{
    static const uint32_t list[] = {V1};

    begin(V2, V1, V1, V2);
    gn_test_pair_start(&pair);
    pair.flying = 0;
    give_vneg(list, 1, _i == 0 ? 0 : 0x3f);
    /* A server that likes version 1 better would also have taken version 2. */
    gn_test_pair_settle(&pair);
    gn_test_pair_expect_fault(
        &pair, CLIENT, 0x11,
        "RFC 9368 4: a downgrade: the server speaks a version that we like better");
    gn_test_pair_end(&pair);
}
END_TEST

/* [R-9000-6.2-2] [R-9000-6.2-3] [R-9368-4-10] [R-9368-4-11] */
START_TEST(version_negotiation_that_does_not_count_changes_nothing)
{
    static const uint32_t with_ours[] = {V1, V2};
    static const uint32_t other[] = {V1};

    begin(V2, V1, V1, V2);
    gn_test_pair_start(&pair);
    if (_i == 1)
        give_vneg(other, 1, 0); /* the second one is one too many */
    if (_i == 2)
        gn_test_pair_settle(&pair); /* too late */
    const uint64_t digest = gn_test_pair_digest(&pair, CLIENT);
    const uint64_t datagrams = pair.side[CLIENT].datagrams;
    give_vneg(_i == 0 ? with_ours : other, _i == 0 ? 2 : 1, 0);
    ck_assert_uint_eq(gn_test_pair_digest(&pair, CLIENT), digest);
    ck_assert_uint_eq(pair.side[CLIENT].datagrams, datagrams);
    gn_test_pair_end(&pair);
}
END_TEST

/* [R-9287-3-2] [R-9287-3.1-1] */
START_TEST(version_fixed_bit_varies_when_both_say_so)
{
    begin(V1, 0, V1, 0);
    pair.side[CLIENT].config.grease_quic_bit = _i % 2 == 1;
    pair.side[SERVER].config.grease_quic_bit = _i / 2 == 1;
    gn_test_pair_confirm(&pair);
    for (int i = 0; i < 8; i++)
        gn_test_pair_expect_alive(&pair);
    ck_assert_int_eq(cleared[CLIENT] > 0, _i == 3);
    ck_assert_int_eq(cleared[SERVER] > 0, _i == 3);
    gn_test_pair_end(&pair);
}
END_TEST

/* [R-9369-5-1] [R-9369-5-2] */
START_TEST(version_token_of_another_version_is_no_token)
{
    begin(V1, V2, V1, V2);
    gn_test_pair_confirm(&pair);
    ck_assert_uint_gt(pair.side[CLIENT].tokens, 0);
    gn_connect connect;
    gn_connect_default(&connect);
    connect.server_name = "server.example";
    connect.route = 1;
    connect.token = pair.side[CLIENT].token;
    connect.token_len = pair.side[CLIENT].token_len;
    connect.version = V2;
    connect.token_version = _i == 0 ? V1 : 0;
    gn_connection made = 0;
    ck_assert_int_eq(gn_endpoint_connect(pair.side[CLIENT].endpoint, &connect, pair.now, &made),
                     GN_OK);
    pair.flying = 0;
    gn_test_pair_pull(&pair, CLIENT);
    gn_header h;
    ck_assert_uint_ge(pair.flying, 1);
    ck_assert_int_eq(gn_header_read(pair.flight[0].bytes, pair.flight[0].len, 8, &h), GN_OK);
    ck_assert_uint_eq(h.version, V2);
    /* One that is not known to be another's goes out, and is worth nothing to the server. */
    ck_assert_uint_eq(h.token.len, _i == 0 ? 0 : connect.token_len);
    gn_test_pair_end(&pair);
}
END_TEST

START_TEST(version_to_begin_with_must_be_spoken)
{
    gn_connect connect;
    gn_connection made = 0;

    begin(V1, 0, V1, 0);
    gn_test_pair_start(&pair);
    gn_connect_default(&connect);
    connect.server_name = "server.example";
    connect.version = V2;
    ck_assert_int_eq(gn_endpoint_connect(pair.side[CLIENT].endpoint, &connect, pair.now, &made),
                     GN_ERR_CONFIG);
    gn_test_pair_end(&pair);
}
END_TEST

Suite *
gn_test_conn_version(void)
{
    Suite *suite = suite_create("conn/conn_version");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_loop_test(good, version_is_what_the_lists_make_it_whatever_is_lost, 0, 30);
    tcase_add_test(good, version_negotiation_begins_again_with_one_that_both_speak);
    tcase_add_test(good, version_none_in_common_ends_at_once_and_quietly);
    tcase_add_test(good, version_probe_is_refused_and_then_all_is_well);
    tcase_add_loop_test(good, version_fixed_bit_varies_when_both_say_so, 0, 4);
    tcase_add_loop_test(good, version_token_of_another_version_is_no_token, 0, 2);
    tcase_add_test(good, version_to_begin_with_must_be_spoken);
    suite_add_tcase(suite, good);
    tcase_add_loop_test(hostile, version_forged_negotiation_is_a_downgrade_that_is_seen, 0, 2);
    tcase_add_loop_test(hostile, version_negotiation_that_does_not_count_changes_nothing, 0, 3);
    suite_add_tcase(suite, hostile);
    return suite;
}
