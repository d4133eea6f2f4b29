/*
 * test_conn_version_early.c: resumption and 0-RTT where the QUIC version is negotiated
 * (RFC 9368 2.3, RFC 9369 4.1, 5).
 */
#include <check.h>
#include <string.h>

#include "conn/resumption.h"
#include "suites.h"
#include "tests/support/pair.h"
#include "tests/support/resume.h"
#include "wire/header_read.h"
#include "wire/version.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER, V1 = GN_VERSION_1, V2 = GN_VERSION_2 };

static gn_test_pair pair;
static uint32_t early_version; /* of the client's 0-RTT packets; 0: none seen */

static gn_test_fate
look(gn_test_pair *p, gn_test_datagram *d)
{
    gn_header h;

    (void)p;
    for (size_t at = 0; d->to == SERVER && at < d->len; at += h.packet_len) {
        if (gn_header_read(d->bytes + at, d->len - at, 8, &h) != GN_OK)
            break;
        if (h.kind == GN_PACKET_ZERO_RTT)
            early_version = h.version;
    }
    return GN_TEST_PASS;
}

static void
speak(int side, uint32_t first, uint32_t second)
{
    uint32_t *versions = pair.side[side].config.versions;

    memset(versions, 0, sizeof pair.side[side].config.versions);
    versions[0] = first;
    versions[1] = second;
}

/* A first connection of a client that likes version 1 with a server that speaks these. */
static void
begin(uint32_t first, uint32_t second)
{
    gn_test_resume_configure(&pair);
    pair.hook = look;
    early_version = 0;
    speak(CLIENT, V1, V2);
    speak(SERVER, first, second);
    gn_test_resume_first(&pair);
}

static void
expect(uint32_t original, uint32_t now)
{
    for (int side = 0; side < 2; side++) {
        ck_assert_uint_eq(gn_test_pair_info(&pair, side).original_version, original);
        ck_assert_uint_eq(gn_test_pair_info(&pair, side).version, now);
    }
}

/* [R-9369-5-1] */
START_TEST(version_of_a_ticket_is_the_one_negotiated_and_the_next_begins_with_it)
{
    begin(V2, V1);
    const uint64_t stream = gn_test_resume_begin(&pair, 3000, true);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(early_version, V2);
    expect(V2, V2);
    gn_test_resume_finish(&pair, stream, 3000, true);
}
END_TEST

START_TEST(version_may_change_while_early_data_stay_in_the_first_one)
{
    begin(V1, 0);
    speak(SERVER, V2, V1);
    gn_test_resume_replace(&pair);
    const gn_time start = pair.now;
    const uint64_t stream = gn_test_resume_begin(&pair, 3000, true);
    gn_test_pair_run(&pair, start + 10 * GN_MS);
    ck_assert(gn_test_pair_stream(&pair, SERVER, stream)->fin);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(early_version, V1);
    expect(V1, V2);
    gn_test_resume_finish(&pair, stream, 3000, true);
}
END_TEST

START_TEST(version_negotiation_packet_takes_early_data_back)
{
    begin(V2, 0);
    speak(SERVER, V1, 0);
    gn_test_resume_replace(&pair);
    const uint64_t stream = gn_test_resume_begin(&pair, 3000, true);
    gn_test_pair_settle(&pair);
    ck_assert_uint_eq(early_version, V2);
    expect(V1, V1);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).resumed, 0);
    ck_assert(gn_test_resume_told(&pair, CLIENT, GN_ZERO_RTT_REJECTED));
    /* The server has seen nothing of it. */
    ck_assert_uint_eq(pair.side[SERVER].zero_rtt, 0);
    ck_assert_uint_eq(gn_test_pair_stream(&pair, SERVER, stream)->bytes, 3000);
    ck_assert(gn_test_pair_stream(&pair, SERVER, stream)->fin);
    gn_test_pair_expect_alive(&pair);
    gn_test_pair_end(&pair);
}
END_TEST

START_TEST(version_probe_resumes_nothing)
{
    begin(V1, V2);
    pair.side[CLIENT].config.reserved_version_probe = 1;
    gn_test_pair_replace(&pair, CLIENT);
    gn_test_pair_connect(&pair);
    ck_assert(gn_test_resume_told(&pair, CLIENT, GN_ZERO_RTT_UNAVAILABLE));
    gn_test_pair_settle(&pair);
    gn_test_pair_expect_alive(&pair);
    ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).resumed, 0);
    expect(V1, V1);
    gn_test_pair_end(&pair);
}
END_TEST

/* [R-9369-5-2] A client that does not care: its blob says another version than its ticket has. */
START_TEST(version_of_a_ticket_is_looked_at_by_the_server)
{
    gn_resumption state;
    uint8_t blob[GN_RESUMPTION_MAX];
    gn_writer w = gn_writer_over(blob, sizeof blob);

    begin(V1, V2);
    ck_assert_int_eq(gn_resumption_read(
                         gn_span_of(pair.side[CLIENT].state, pair.side[CLIENT].state_len), &state),
                     GN_OK);
    ck_assert_uint_eq(state.version, V1);
    state.version = V2;
    ck_assert_int_eq(gn_resumption_write(&w, &state), GN_OK);
    memcpy(pair.side[CLIENT].state, blob, w.at);
    ck_assert_uint_eq(pair.side[CLIENT].state_len, w.at);
    const uint64_t stream = gn_test_resume_begin(&pair, 3000, true);
    gn_test_pair_settle(&pair);
    expect(V2, V1);
    ck_assert_uint_eq(gn_test_pair_info(&pair, SERVER).resumed, 0);
    gn_test_resume_finish(&pair, stream, 3000, false);
}
END_TEST

Suite *
gn_test_conn_version_early(void)
{
    Suite *s = suite_create("conn/conn_version_early");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_test(good, version_of_a_ticket_is_the_one_negotiated_and_the_next_begins_with_it);
    tcase_add_test(good, version_may_change_while_early_data_stay_in_the_first_one);
    tcase_add_test(good, version_negotiation_packet_takes_early_data_back);
    tcase_add_test(good, version_probe_resumes_nothing);
    tcase_add_test(hostile, version_of_a_ticket_is_looked_at_by_the_server);
    suite_add_tcase(s, good);
    suite_add_tcase(s, hostile);
    return s;
}
