/*
 * test_conn_seal.c: sealed packets: their keys and key updates, marks and counts.
 */
#include <check.h>

#include "endpoint/endpoint.h"
#include "recovery/ecn.h"
#include "suites.h"
#include "tests/support/forge.h"
#include "tests/support/pair.h"

enum { CLIENT = GN_TEST_CLIENT, SERVER = GN_TEST_SERVER };

static gn_test_pair pair;
static gn_test_forge forge;

static gn_err
update(int side)
{
    const gn_err err =
        gn_connection_key_update(pair.side[side].endpoint, pair.side[side].connection, pair.now);

    gn_test_pair_pull(&pair, side);
    return err;
}

static uint8_t
last_phase(int side)
{
    return pair.side[side].sent[pair.side[side].sents - 1].key_phase;
}

/* Each side sends something that is acknowledged. */
static void
both_speak(void)
{
    for (int i = 0; i < 2; i++) {
        const uint64_t stream = gn_test_pair_open(&pair, i, true);
        (void)gn_test_pair_write(&pair, i, stream, 0, 10, true);
    }
    gn_test_pair_settle(&pair);
}

/* RFC 9001 6.1: both sides end up with the next keys, whoever began. */
/* [R-9001-6.2-1] */
START_TEST(seal_key_update_is_followed)
{
    gn_test_pair_shake(&pair);
    both_speak();
    for (uint64_t generation = 1; generation <= 3; generation++) {
        ck_assert_int_eq(update(_i), GN_OK);
        ck_assert_int_eq(update(_i), GN_ERR_STATE); /* one is under way */
        both_speak();
        both_speak();
        for (int i = 0; i < 2; i++) {
            ck_assert_uint_eq(pair.side[i].generation, generation);
            ck_assert_uint_eq(last_phase(i), generation % 2);
        }
        pair.now += GN_SECOND;
    }
}
END_TEST

/* [R-9001-6.4-1] */
START_TEST(seal_key_updates_of_both_at_once_are_one)
{
    gn_test_pair_shake(&pair);
    gn_test_pair_expect_alive(&pair);
    ck_assert_int_eq(update(CLIENT), GN_OK);
    ck_assert_int_eq(update(SERVER), GN_OK);
    gn_test_pair_expect_alive(&pair);
    ck_assert_uint_eq(pair.side[CLIENT].generation, 1);
    ck_assert_uint_eq(pair.side[SERVER].generation, 1);
}
END_TEST

/* [R-9001-6.1-1] */
START_TEST(seal_key_update_before_confirmation_is_refused)
{
    gn_test_pair_init(&pair);
    gn_test_pair_start(&pair);
    ck_assert_int_eq(update(CLIENT), GN_ERR_STATE);
    gn_test_pair_run(&pair, 10 * GN_MS);
    ck_assert_int_eq(update(SERVER), GN_ERR_STATE);
    gn_test_pair_settle(&pair);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

/* RFC 9001 6.2, 6.4: the answer comes in the new keys, and old ones do not come back. */
/* [R-9001-6.2-2] [R-9001-6.4-2] */
START_TEST(seal_peer_updates_keys_and_goes_back)
{
    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, _i);
    forge.phase = 1;
    gn_test_forge_say(&forge, "01");
    gn_test_forge_say(&forge, "01");
    ck_assert_uint_eq(pair.side[1 - _i].generation, 1);
    ck_assert_uint_eq(last_phase(1 - _i), 1);
    forge.phase = 0;
    forge.pn[GN_SPACE_APP] += 5;
    gn_test_forge_say(&forge, "01");
    gn_test_pair_expect_fault(&pair, 1 - _i, GN_FAULT_KEY_UPDATE, "RFC 9001 6.4: older keys");
}
END_TEST

/* RFC 9001 6.5: what was only late is still read. */
/* [R-9001-6.1-3] */
START_TEST(seal_old_keys_open_late_packets_for_a_while)
{
    uint8_t late[2][GN_DATAGRAM_MAX];
    size_t len[2];

    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    for (int i = 0; i < 2; i++) {
        gn_test_forge_stream(&forge, 0, (uint64_t)i * 10, 10, i == 1);
        len[i] = gn_test_forge_seal(&forge, late[i]);
    }
    forge.phase = 1;
    gn_test_forge_say(&forge, "01");
    gn_test_pair_give(&pair, SERVER, late[0], len[0], forge.route, forge.host);
    ck_assert_uint_eq(gn_test_pair_stream(&pair, SERVER, 0)->bytes, 10);
    gn_test_pair_run(&pair, pair.now + 5 * GN_SECOND); /* three PTO are over */
    gn_test_pair_give(&pair, SERVER, late[1], len[1], forge.route, forge.host);
    ck_assert_uint_eq(gn_test_pair_stream(&pair, SERVER, 0)->bytes, 10);
    ck_assert_uint_eq(pair.side[SERVER].closed.times, 0);
}
END_TEST

/* [R-9001-6.2-3] */
START_TEST(seal_peer_that_updates_twice_without_waiting_is_stopped)
{
    gn_test_pair_shake(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    forge.phase = 1;
    gn_test_forge_say(&forge, "01");
    forge.phase = 2;
    gn_test_forge_say(&forge, "01");
    gn_test_pair_expect_fault(&pair, SERVER, GN_FAULT_KEY_UPDATE, "RFC 9001 6.2: ");
}
END_TEST

/* RFC 9001 6.2: new keys acknowledged under old ones. */
START_TEST(seal_acknowledgement_under_old_keys_is_a_fault)
{
    gn_test_pair_shake(&pair);
    gn_test_pair_expect_alive(&pair);
    gn_test_forge_take(&forge, &pair, CLIENT);
    ck_assert_int_eq(update(SERVER), GN_OK);
    const uint64_t stream = gn_test_pair_open(&pair, SERVER, true);
    (void)gn_test_pair_write(&pair, SERVER, stream, 0, 10, true);
    ck_assert_uint_eq(last_phase(SERVER), 1);
    gn_test_forge_ack(&forge);
    gn_test_pair_expect_fault(&pair, SERVER, GN_FAULT_KEY_UPDATE, "RFC 9001 6.2: new keys");
}
END_TEST

/* RFC 9001 6.6: long before a key has protected too much it is replaced. */
/* [R-9001-5.3-3] [R-9001-6.6-3] */
START_TEST(seal_updates_keys_of_its_own_accord)
{
    gn_test_pair_shake(&pair);
    gn_keys *keys = &gn_endpoint_seat(pair.side[SERVER].endpoint, 0)->conn.space[GN_SPACE_APP].keys;
    gn_keys_lower_limits(keys, 100, UINT64_MAX);
    const uint64_t stream = gn_test_pair_open(&pair, SERVER, true);
    uint64_t off = 0;
    for (int i = 0; i < 5; i++) {
        off += gn_test_pair_write(&pair, SERVER, stream, off, 30000, false);
        gn_test_pair_settle(&pair);
        pair.now += GN_SECOND;
    }
    ck_assert_uint_ge(pair.side[SERVER].generation, 1);
    ck_assert_uint_eq(pair.side[SERVER].generation, pair.side[CLIENT].generation);
    gn_test_pair_expect_alive(&pair);
}
END_TEST

static uint8_t remark;

enum { SEAL_MARK_ROWS = 7 };

static gn_test_fate
remark_all(gn_test_pair *p, gn_test_datagram *d)
{
    (void)p;
    if (d->ecn != GN_MARK_NOT_ECT)
        d->ecn = remark;
    return GN_TEST_PASS;
}

/* RFC 9000 13.4.2: marks are used as long as they are reported right. */
/* [R-9000-13.4.2.2-1] */
START_TEST(seal_marks_while_the_path_keeps_marks)
{
    static const uint8_t sent[GN_ECN_POLICY_KINDS] = {GN_MARK_NOT_ECT, GN_MARK_ECT0, GN_MARK_ECT1};
    static const struct {
        uint8_t mark;
        uint8_t ecn;
        uint8_t state;
    } rows[SEAL_MARK_ROWS] = {{GN_MARK_ECT0, GN_ECN_POLICY_ECT0, GN_ECN_CAPABLE},
                              {GN_MARK_NOT_ECT, GN_ECN_POLICY_ECT0, GN_ECN_FAILED},
                              {GN_MARK_ECT1, GN_ECN_POLICY_ECT0, GN_ECN_FAILED},
                              {GN_MARK_ECT0, GN_ECN_POLICY_NONE, GN_ECN_FAILED},
                              {GN_MARK_ECT1, GN_ECN_POLICY_ECT1, GN_ECN_CAPABLE},
                              {GN_MARK_NOT_ECT, GN_ECN_POLICY_ECT1, GN_ECN_FAILED},
                              {GN_MARK_ECT0, GN_ECN_POLICY_ECT1, GN_ECN_FAILED}};

    gn_test_pair_init(&pair);
    remark = rows[_i].mark;
    pair.hook = remark_all;
    pair.side[CLIENT].config.ecn = rows[_i].ecn;
    gn_test_pair_confirm(&pair);
    for (int i = 0; i < 3; i++)
        gn_test_pair_expect_alive(&pair);
    ck_assert_uint_eq(pair.side[CLIENT].sent[0].ecn, sent[rows[_i].ecn]);
    ck_assert_uint_eq(pair.side[CLIENT].sent[pair.side[CLIENT].sents - 1].ecn,
                      rows[_i].state == GN_ECN_CAPABLE ? sent[rows[_i].ecn] : GN_MARK_NOT_ECT);
    if (rows[_i].ecn)
        ck_assert_uint_eq(gn_test_pair_info(&pair, CLIENT).ecn_state, rows[_i].state);
}
END_TEST

/* RFC 9002 7.1: a mark of congestion counts as a loss. */
START_TEST(seal_congestion_marks_shrink_the_window)
{
    gn_test_pair_shake(&pair);
    const uint64_t stream = gn_test_pair_open(&pair, CLIENT, true);
    const uint64_t window = gn_test_pair_info(&pair, CLIENT).window_bytes;
    remark = GN_MARK_CE;
    pair.hook = remark_all;
    (void)gn_test_pair_write(&pair, CLIENT, stream, 0, 10000, true);
    gn_test_pair_settle(&pair);
    const gn_info info = gn_test_pair_info(&pair, CLIENT);
    ck_assert_uint_gt(info.ce_marks, 0);
    ck_assert_uint_lt(info.window_bytes, window);
    ck_assert_uint_eq(info.packets_lost, 0);
}
END_TEST

/* [R-9002-7.5-2] */
START_TEST(seal_counts_what_was_sent)
{
    gn_test_pair_shake(&pair);
    gn_test_pair_expect_alive(&pair);
    for (int i = 0; i < 2; i++) {
        const gn_info info = gn_test_pair_info(&pair, i);
        ck_assert_uint_eq(info.bytes_sent, pair.side[i].bytes);
        ck_assert_uint_eq(info.packets_sent, pair.side[i].sents);
        ck_assert_uint_eq(info.bytes_received, pair.side[i].received_bytes);
        ck_assert_uint_eq(info.in_flight_bytes, 0);
        ck_assert_uint_ge(info.rtt_min_us, 20 * GN_MS);
        ck_assert_uint_le(info.rtt_min_us, 46 * GN_MS);
    }
}
END_TEST

Suite *
gn_test_conn_seal(void)
{
    Suite *suite = suite_create("conn/conn_seal");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_loop_test(good, seal_key_update_is_followed, 0, 2);
    tcase_add_test(good, seal_key_updates_of_both_at_once_are_one);
    tcase_add_test(good, seal_key_update_before_confirmation_is_refused);
    tcase_add_test(good, seal_old_keys_open_late_packets_for_a_while);
    tcase_add_test(good, seal_updates_keys_of_its_own_accord);
    tcase_add_loop_test(good, seal_marks_while_the_path_keeps_marks, 0, SEAL_MARK_ROWS);
    tcase_add_test(good, seal_congestion_marks_shrink_the_window);
    tcase_add_test(good, seal_counts_what_was_sent);
    tcase_add_loop_test(hostile, seal_peer_updates_keys_and_goes_back, 0, 2);
    tcase_add_test(hostile, seal_peer_that_updates_twice_without_waiting_is_stopped);
    tcase_add_test(hostile, seal_acknowledgement_under_old_keys_is_a_fault);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
