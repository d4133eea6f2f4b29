/*
 * test_peer_cids_backlog.c: what conn/peer_cids.h promises when much waits to be retired, when an
 * ID comes very late, and of a peer that has none.
 */
#include <check.h>
#include <string.h>

#include "conn/peer_cids.h"
#include "suites.h"

static gn_peer_cids ids;
static gn_fault fault;

static gn_cid
cid_of(uint64_t seq)
{
    const uint8_t bytes[3] = {1, (uint8_t)seq, (uint8_t)(seq >> 8)};

    return gn_cid_from(bytes, sizeof bytes);
}

static void
begin(void)
{
    const gn_cid first = cid_of(0);

    gn_peer_cids_init(&ids, &first, 2);
}

static gn_err
hear_of(uint64_t seq, uint64_t retire_prior_to)
{
    gn_frame_new_connection_id frame = {.seq = seq, .retire_prior_to = retire_prior_to};

    frame.cid = cid_of(seq);
    memset(frame.reset_token, (int)(seq & 0xff), sizeof frame.reset_token);
    const gn_err err = gn_peer_cids_on_new(&ids, &frame, &fault);
    ck_assert(err != GN_OK || gn_peer_cids_check(&ids));
    return err;
}

/* The retirement that is said next; UINT64_MAX: none. */
static uint64_t
say(void)
{
    gn_frame frame;

    if (!gn_peer_cids_fill(&ids, &frame))
        return UINT64_MAX;
    gn_peer_cids_on_sent(&ids, frame.as.retire_connection_id.seq);
    return frame.as.retire_connection_id.seq;
}

/* A path moves on to the next ID, as often as there is room to say so; the last in use. */
static uint64_t
churn(void)
{
    uint8_t used = 0;

    for (uint64_t seq = 1;; seq++) {
        ck_assert_int_eq(hear_of(seq, 0), GN_OK);
        const uint8_t next = gn_peer_cids_take(&ids);
        gn_peer_cids_give(&ids, used);
        used = next;
        if (seq > GN_PEER_CIDS_RETIRING_MAX)
            return seq;
        ck_assert_uint_eq(say(), seq - 1);
    }
}

/* RFC 9000 5.1.2: what cannot be said now is said later, and never used again. */
/* [R-9000-5.1.2-2] */
START_TEST(backlog_of_retirements_keeps_an_id_until_there_is_room)
{
    const uint64_t last = churn();

    ck_assert_uint_eq(ids.retiring_count, GN_PEER_CIDS_RETIRING_MAX);
    ck_assert_uint_eq(say(), UINT64_MAX);
    ck_assert(!gn_peer_cids_spare(&ids));
    /* The peer still counts it: no more than our limit. */
    ck_assert_int_eq(hear_of(last + 1, 0), GN_ERR_FORM);
    ck_assert_uint_eq(fault.wire_code, GN_FAULT_CONNECTION_ID_LIMIT);
    begin();
    (void)churn();
    gn_peer_cids_on_acked(&ids, 3);
    ck_assert(gn_peer_cids_check(&ids));
    ck_assert_uint_eq(say(), last - 1);
    ck_assert_uint_eq(say(), UINT64_MAX);
    ck_assert_int_eq(hear_of(last + 1, 0), GN_OK);
}
END_TEST

START_TEST(backlog_and_a_higher_retire_prior_to_is_too_much)
{
    const uint64_t last = churn();

    ck_assert_int_eq(hear_of(last + 1, last), GN_ERR_FORM);
    ck_assert_uint_eq(fault.wire_code, GN_FAULT_CONNECTION_ID_LIMIT);
}
END_TEST

/* Sent long ago and lost often: the peer waits for its end all the same. */
START_TEST(backlog_of_the_network_an_id_below_the_window_is_retired)
{
    for (uint64_t seq = 1; seq < 200; seq++) {
        if (seq == 5)
            continue;
        ck_assert_int_eq(hear_of(seq, seq), GN_OK);
        (void)gn_peer_cids_take(&ids);
        for (uint8_t i = 0; i < GN_PEER_CIDS_MAX; i++)
            if (gn_peer_cids_revoked(&ids, i))
                gn_peer_cids_give(&ids, i);
        for (uint64_t said = say(); said != UINT64_MAX; said = say())
            gn_peer_cids_on_acked(&ids, said);
    }
    ck_assert_int_eq(hear_of(5, 5), GN_OK);
    ck_assert_uint_eq(say(), 5);
    ck_assert(!gn_peer_cids_spare(&ids));
}
END_TEST

/* An ID that is in use is no stranger, however low its number. [R-9000-19.15-4] */
START_TEST(backlog_of_the_network_the_first_id_repeated_is_fine)
{
    ck_assert_int_eq(hear_of(100, 0), GN_OK);
    ck_assert_int_eq(hear_of(0, 0), GN_OK);
    ck_assert_uint_eq(say(), UINT64_MAX);
}
END_TEST

/* [R-9000-19.15-3] */
START_TEST(backlog_of_a_peer_without_ids_is_empty)
{
    const gn_cid none = gn_cid_from(NULL, 0);

    gn_peer_cids_init(&ids, &none, 2);
    ck_assert(gn_peer_cids_empty(&ids));
    gn_peer_cids_give(&ids, 0);
    ck_assert_uint_eq(say(), UINT64_MAX);
    ck_assert_uint_eq(gn_peer_cids_at(&ids, 0)->len, 0);
    ck_assert_int_eq(hear_of(1, 0), GN_ERR_FORM);
    ck_assert_uint_eq(fault.wire_code, GN_FAULT_PROTOCOL_VIOLATION);
}
END_TEST

Suite *
gn_test_peer_cids_backlog(void)
{
    Suite *suite = suite_create("conn/peer_cids_backlog");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(limits, begin, NULL);
    tcase_add_test(limits, backlog_of_retirements_keeps_an_id_until_there_is_room);
    tcase_add_test(limits, backlog_and_a_higher_retire_prior_to_is_too_much);
    tcase_add_test(limits, backlog_of_the_network_an_id_below_the_window_is_retired);
    tcase_add_test(limits, backlog_of_the_network_the_first_id_repeated_is_fine);
    tcase_add_test(limits, backlog_of_a_peer_without_ids_is_empty);
    suite_add_tcase(suite, limits);
    return suite;
}
