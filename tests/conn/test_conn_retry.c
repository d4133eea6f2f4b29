/*
 * test_conn_retry.c: which Retry a client follows (RFC 9000 17.2.5.2).
 */
#include <check.h>
#include <string.h>

#include "crypto/retry_tag.h"
#include "crypto/suite_wolfcrypt.h"
#include "suites.h"
#include "tests/support/pair.h"
#include "wire/retry.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER, TOKEN_BYTES = GN_TOKEN_MAX + 1 };

static gn_test_pair pair;
static uint8_t bytes[GN_DATAGRAM_MAX];
static uint8_t token[TOKEN_BYTES];

/* A Retry for the client's first Initial. */
static size_t
retry(const gn_cid *scid, size_t token_len, uint8_t unused)
{
    const gn_test_pair_packet *first = &pair.side[CLIENT].sent[0];
    gn_writer w = gn_writer_over(bytes, sizeof bytes);
    uint8_t tag[GN_SUITE_TAG_BYTES];

    ck_assert_int_eq(
        gn_retry_write(&w, unused, 1, &first->scid, scid, gn_span_of(token, token_len)), GN_OK);
    ck_assert_int_eq(
        gn_retry_tag(gn_suite_wolfcrypt(), 1, &first->dcid, gn_span_of(bytes, w.at), tag), GN_OK);
    ck_assert_int_eq(gn_writer_bytes(&w, tag, sizeof tag), GN_OK);
    return w.at;
}

static void
begin(void)
{
    gn_test_pair_init(&pair);
    memset(token, 0x70, sizeof token);
    gn_test_pair_start(&pair);
    pair.flying = 0;
}

static gn_cid
chosen(void)
{
    return gn_cid_from((const uint8_t *)"a choice", 8);
}

/* What the client did: 1 when it followed. */
static uint64_t
give(size_t len)
{
    const uint64_t before = pair.side[CLIENT].datagrams;

    gn_test_pair_give(&pair, CLIENT, bytes, len, 1, 1);
    return pair.side[CLIENT].datagrams - before;
}

/* [R-9000-17.2.5-1] */
START_TEST(retry_is_followed_whatever_its_unused_bits)
{
    const gn_cid scid = chosen();

    begin();
    ck_assert_uint_eq(give(retry(&scid, 5, (uint8_t)_i)), 1);
    ck_assert(gn_cid_equal(&pair.side[CLIENT].sent[1].dcid, &scid));
    ck_assert_uint_eq(pair.side[CLIENT].largest, 1200);
    gn_test_pair_end(&pair);
}
END_TEST

/* [R-9000-17.2.5.2-1] */
START_TEST(retry_is_followed_once)
{
    const gn_cid scid = chosen();
    const gn_cid other = gn_cid_from((const uint8_t *)"another!", 8);

    begin();
    ck_assert_uint_eq(give(retry(&scid, 5, 0)), 1);
    const uint64_t digest = gn_test_pair_digest(&pair, CLIENT);
    ck_assert_uint_eq(give(retry(&other, 5, 0)), 0);
    ck_assert_uint_eq(give(retry(&scid, 5, 0)), 0);
    ck_assert_uint_eq(gn_test_pair_digest(&pair, CLIENT), digest);
    ck_assert_uint_eq(pair.side[CLIENT].dropped[GN_DROP_STATE], 2);
    gn_test_pair_end(&pair);
}
END_TEST

/* [R-9000-17.2.5.1-2] [R-9000-17.2.5.2-3] */
START_TEST(retry_that_is_wrong_changes_nothing)
{
    const gn_cid scid = chosen();

    begin();
    const uint64_t digest = gn_test_pair_digest(&pair, CLIENT);
    const gn_cid own = pair.side[CLIENT].sent[0].dcid;
    size_t len = retry(_i == 0 ? &own : &scid, _i == 1 ? TOKEN_BYTES : 5, 0);
    if (_i == 2)
        bytes[len - 1] ^= 1;
    if (_i == 3)
        bytes[10] ^= 1; /* an ID that is not the client's */
    if (_i == 4)
        len--;
    ck_assert_uint_eq(give(len), 0);
    ck_assert_uint_eq(gn_test_pair_digest(&pair, CLIENT), digest);
    ck_assert_uint_eq(pair.side[CLIENT].closed.times, 0);
    gn_test_pair_end(&pair);
}
END_TEST

/* RFC 9000 7.3: who followed a Retry that the server does not know of is not deceived. */
START_TEST(retry_of_somebody_else_is_found_out)
{
    const gn_cid scid = chosen();

    begin();
    ck_assert_uint_eq(give(retry(&scid, 5, 0)), 1);
    gn_test_pair_settle(&pair);
    gn_test_pair_expect_fault(
        &pair, CLIENT, GN_FAULT_TRANSPORT_PARAMETER,
        "RFC 9000 7.3: original_destination_connection_id is not the one we chose");
    gn_test_pair_end(&pair);
}
END_TEST

START_TEST(retry_for_a_server_changes_nothing)
{
    const gn_cid scid = chosen();

    gn_test_pair_shake(&pair);
    memset(token, 0x70, sizeof token);
    const uint64_t digest = gn_test_pair_digest(&pair, SERVER);
    const size_t len = retry(&scid, 5, 0);
    memcpy(bytes + 6, pair.side[SERVER].sent[0].scid.bytes, 8);
    gn_test_pair_give(&pair, SERVER, bytes, len, 101, 1);
    ck_assert_uint_eq(gn_test_pair_digest(&pair, SERVER), digest);
    gn_test_pair_end(&pair);
}
END_TEST

Suite *
gn_test_conn_retry(void)
{
    Suite *suite = suite_create("conn/conn_retry");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_loop_test(good, retry_is_followed_whatever_its_unused_bits, 0, 16);
    tcase_add_test(good, retry_is_followed_once);
    tcase_add_loop_test(hostile, retry_that_is_wrong_changes_nothing, 0, 5);
    tcase_add_test(hostile, retry_of_somebody_else_is_found_out);
    tcase_add_test(hostile, retry_for_a_server_changes_nothing);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
