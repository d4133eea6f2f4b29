/*
 * test_peer_cids.c: what conn/peer_cids.h promises.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "conn/peer_cids.h"
#include "prop.h"
#include "suites.h"
#include "tests/support/random.h"

#define SEQ_MAX UINT64_C(0x3fffffffffffffff)

static gn_peer_cids ids;
static gn_fault fault;

static gn_cid
cid_of(uint64_t seq)
{
    const uint8_t bytes[4] = {1, (uint8_t)seq, (uint8_t)(seq >> 8), (uint8_t)(seq >> 16)};

    return gn_cid_from(bytes, sizeof bytes);
}

static void
limit_four(void)
{
    const gn_cid first = cid_of(0);

    memset(&ids, 0xff, sizeof ids);
    gn_peer_cids_init(&ids, &first, 4);
}

static gn_frame_new_connection_id
frame_of(uint64_t seq, uint64_t retire_prior_to)
{
    gn_frame_new_connection_id frame = {.seq = seq, .retire_prior_to = retire_prior_to};

    frame.cid = cid_of(seq);
    memset(frame.reset_token, (int)(seq & 0xff), sizeof frame.reset_token);
    return frame;
}

static gn_err
hear(const gn_frame_new_connection_id *frame)
{
    const gn_err err = gn_peer_cids_on_new(&ids, frame, &fault);

    ck_assert(err != GN_OK || gn_peer_cids_check(&ids));
    return err;
}

static gn_err
hear_of(uint64_t seq, uint64_t retire_prior_to)
{
    const gn_frame_new_connection_id frame = frame_of(seq, retire_prior_to);

    return hear(&frame);
}

static void
assert_fault(gn_err err, uint64_t code)
{
    ck_assert_int_eq(err, GN_ERR_FORM);
    ck_assert_uint_eq(fault.wire_code, code);
    ck_assert_uint_eq(fault.frame_type, GN_FRAME_NEW_CONNECTION_ID);
}

/* The retirement that is said next; UINT64_MAX: none. */
static uint64_t
owed(void)
{
    gn_frame frame = {.type = GN_FRAME_PING};
    const bool any = gn_peer_cids_fill(&ids, &frame);

    ck_assert_int_eq(gn_peer_cids_wants(&ids), any);
    ck_assert_uint_eq(frame.type, any ? GN_FRAME_RETIRE_CONNECTION_ID : GN_FRAME_PING);
    return any ? frame.as.retire_connection_id.seq : UINT64_MAX;
}

static void
assert_retired(uint64_t seq)
{
    ck_assert_uint_eq(owed(), seq);
    gn_peer_cids_on_sent(&ids, seq);
}

static bool
is_reset(uint64_t seq)
{
    const gn_frame_new_connection_id frame = frame_of(seq, 0);

    return gn_peer_cids_is_reset(&ids, frame.reset_token);
}

START_TEST(peer_cids_begin_with_one_in_use)
{
    const gn_cid first = cid_of(0);

    ck_assert(gn_cid_equal(gn_peer_cids_at(&ids, 0), &first));
    ck_assert(gn_cid_equal(gn_peer_cids_first(&ids), &first));
    ck_assert(!gn_peer_cids_spare(&ids));
    ck_assert_uint_eq(gn_peer_cids_take(&ids), GN_PEER_CID_NONE);
    ck_assert_uint_eq(owed(), UINT64_MAX);
    ck_assert(gn_peer_cids_check(&ids));
}
END_TEST

START_TEST(peer_cids_first_becomes_what_the_server_says)
{
    const gn_cid truth = cid_of(99);

    gn_peer_cids_set_first(&ids, &truth);
    ck_assert(gn_cid_equal(gn_peer_cids_at(&ids, 0), &truth));
    ck_assert(gn_cid_equal(gn_peer_cids_first(&ids), &truth));
}
END_TEST

START_TEST(peer_cids_first_stays_known_when_it_is_retired)
{
    const gn_cid first = cid_of(0);

    ck_assert_int_eq(hear_of(1, 1), GN_OK);
    ck_assert_uint_eq(gn_peer_cids_take(&ids), 1);
    gn_peer_cids_give(&ids, 0);
    ck_assert_int_eq(hear_of(2, 1), GN_OK);
    ck_assert(gn_cid_equal(gn_peer_cids_first(&ids), &first));
}
END_TEST

START_TEST(peer_cids_are_taken_lowest_first_and_once)
{
    ck_assert_int_eq(hear_of(3, 0), GN_OK);
    ck_assert_int_eq(hear_of(1, 0), GN_OK);
    ck_assert_int_eq(hear_of(2, 0), GN_OK);
    for (uint64_t seq = 1; seq <= 3; seq++) {
        const gn_cid cid = cid_of(seq);
        ck_assert(gn_peer_cids_spare(&ids));
        ck_assert(gn_cid_equal(gn_peer_cids_at(&ids, gn_peer_cids_take(&ids)), &cid));
    }
    ck_assert(!gn_peer_cids_spare(&ids));
    ck_assert_uint_eq(gn_peer_cids_take(&ids), GN_PEER_CID_NONE);
}
END_TEST

START_TEST(peer_cids_given_up_is_retired_and_never_used_again) /* [R-9000-5.1.2-2] */
{
    ck_assert_int_eq(hear_of(1, 0), GN_OK);
    ck_assert_uint_eq(gn_peer_cids_take(&ids), 1);
    gn_peer_cids_give(&ids, 0);
    ck_assert_uint_eq(gn_peer_cids_take(&ids), GN_PEER_CID_NONE);
    assert_retired(0);
    ck_assert_uint_eq(owed(), UINT64_MAX);
    gn_peer_cids_on_acked(&ids, 0);
    ck_assert_uint_eq(ids.retiring_count, 0);
    gn_peer_cids_give(&ids, GN_PEER_CID_NONE);
    ck_assert_uint_eq(owed(), UINT64_MAX);
}
END_TEST

START_TEST(peer_cids_lost_retirement_is_said_again_until_acked) /* [R-9000-5.1.2-2] */
{
    ck_assert_int_eq(hear_of(1, 0), GN_OK);
    ck_assert_uint_eq(gn_peer_cids_take(&ids), 1);
    gn_peer_cids_give(&ids, 0);
    assert_retired(0);
    gn_peer_cids_on_lost(&ids, 0);
    assert_retired(0);
    gn_peer_cids_on_acked(&ids, 0);
    gn_peer_cids_on_lost(&ids, 0);
    ck_assert_uint_eq(owed(), UINT64_MAX);
}
END_TEST

START_TEST(peer_cids_heard_again_change_nothing) /* [R-9000-19.15-4] */
{
    ck_assert_int_eq(hear_of(1, 0), GN_OK);
    const gn_peer_cids before = ids;

    ck_assert_int_eq(hear_of(1, 0), GN_OK);
    ck_assert_mem_eq(&ids, &before, sizeof ids);
    /* Neither when it is retired by now. */
    ck_assert_uint_eq(gn_peer_cids_take(&ids), 1);
    gn_peer_cids_give(&ids, 1);
    assert_retired(1);
    gn_peer_cids_on_acked(&ids, 1);
    ck_assert_int_eq(hear_of(1, 0), GN_OK);
    ck_assert(!gn_peer_cids_spare(&ids));
    ck_assert_uint_eq(owed(), UINT64_MAX);
}
END_TEST

/* RFC 9000 5.1.2: retire those below, then count. */
START_TEST(peer_cids_retire_prior_to_makes_room_for_the_new_one) /* [R-9000-5.1.2-1] */
{
    for (uint64_t seq = 1; seq < 4; seq++)
        ck_assert_int_eq(hear_of(seq, 0), GN_OK);
    ck_assert_int_eq(hear_of(4, 3), GN_OK);
    ck_assert(gn_peer_cids_revoked(&ids, 0));
    assert_retired(1);
    assert_retired(2);
    ck_assert_uint_eq(owed(), UINT64_MAX);
    const uint8_t fresh = gn_peer_cids_take(&ids);
    ck_assert_uint_eq(ids.at[fresh].seq, 3);
    gn_peer_cids_give(&ids, 0);
    assert_retired(0);
}
END_TEST

/* RFC 9000 19.16: never in a packet that may be addressed with it. */
START_TEST(peer_cids_revoked_one_is_retired_when_its_path_let_go) /* [R-9000-19.16-2] */
{
    ck_assert_int_eq(hear_of(1, 0), GN_OK);
    ck_assert_uint_eq(gn_peer_cids_take(&ids), 1);
    ck_assert_int_eq(hear_of(1, 1), GN_OK); /* revokes, and brings none in its place */
    ck_assert(gn_peer_cids_revoked(&ids, 0));
    ck_assert(!gn_peer_cids_revoked(&ids, 1));
    ck_assert(!gn_peer_cids_revoked(&ids, GN_PEER_CID_NONE));
    ck_assert_uint_eq(owed(), UINT64_MAX);
    ck_assert_int_eq(hear_of(2, 1), GN_OK);
    ck_assert_uint_eq(owed(), UINT64_MAX);
    ck_assert_uint_ne(gn_peer_cids_take(&ids), GN_PEER_CID_NONE);
    gn_peer_cids_give(&ids, 0);
    assert_retired(0);
    ck_assert_uint_eq(owed(), UINT64_MAX);
}
END_TEST

/* RFC 9000 19.15: it comes late, and below what was asked to go. */
START_TEST(peer_cids_born_retired_are_given_back_once) /* [R-9000-19.15-8] */
{
    ck_assert_int_eq(hear_of(5, 5), GN_OK);
    ck_assert_int_eq(hear_of(3, 1), GN_OK);
    ck_assert_int_eq(hear_of(3, 1), GN_OK);
    assert_retired(3);
    ck_assert_uint_eq(owed(), UINT64_MAX);
    gn_peer_cids_on_acked(&ids, 3);
    ck_assert_int_eq(hear_of(3, 1), GN_OK);
    ck_assert_uint_eq(owed(), UINT64_MAX);
}
END_TEST

START_TEST(peer_cids_retire_prior_to_never_goes_back) /* [R-9000-19.15-7] */
{
    ck_assert_int_eq(hear_of(5, 5), GN_OK);
    ck_assert_int_eq(hear_of(6, 2), GN_OK);
    ck_assert_uint_eq(ids.retire_prior_to, 5);
    ck_assert_int_eq(hear_of(4, 0), GN_OK);
    assert_retired(4);
}
END_TEST

START_TEST(peer_cids_more_than_allowed_is_a_fault) /* [R-9000-5.1.1-4] */
{
    for (uint64_t seq = 1; seq < 4; seq++)
        ck_assert_int_eq(hear_of(seq, 0), GN_OK);
    assert_fault(hear_of(4, 0), GN_FAULT_CONNECTION_ID_LIMIT);
    ck_assert_str_eq(fault.why, "RFC 9000 5.1.1: more connection IDs than we allowed");
}
END_TEST

START_TEST(peer_cids_limit_is_the_one_we_announced) /* [R-9000-5.1.1-4] */
{
    const gn_cid first = cid_of(0);

    gn_peer_cids_init(&ids, &first, (uint32_t)_i);
    for (uint64_t seq = 1; seq < (uint64_t)_i; seq++)
        ck_assert_int_eq(hear_of(seq, 0), GN_OK);
    assert_fault(hear_of((uint64_t)_i, 0), GN_FAULT_CONNECTION_ID_LIMIT);
}
END_TEST

/* A peer that never acknowledges cannot make us remember more and more. */
START_TEST(peer_cids_retirements_without_end_are_a_fault) /* [R-9000-5.1.2-3] */
{
    uint64_t seq = 1;

    while (hear_of(seq, seq) == GN_OK) {
        const uint8_t fresh = gn_peer_cids_take(&ids);
        for (uint8_t i = 0; i < GN_PEER_CIDS_MAX; i++)
            if (gn_peer_cids_revoked(&ids, i))
                gn_peer_cids_give(&ids, i);
        ck_assert_uint_ne(fresh, GN_PEER_CID_NONE);
        while (owed() != UINT64_MAX)
            gn_peer_cids_on_sent(&ids, owed());
        ck_assert_uint_le(++seq, 100);
    }
    assert_fault(GN_ERR_FORM, GN_FAULT_CONNECTION_ID_LIMIT);
    ck_assert_uint_eq(seq, GN_PEER_CIDS_RETIRING_MAX + 1);
}
END_TEST

START_TEST(peer_cids_churn_that_is_acked_goes_on_for_ever)
{
    for (uint64_t seq = 1; seq < 10000; seq++) {
        ck_assert_int_eq(hear_of(seq, seq), GN_OK);
        ck_assert_uint_ne(gn_peer_cids_take(&ids), GN_PEER_CID_NONE);
        for (uint8_t i = 0; i < GN_PEER_CIDS_MAX; i++)
            if (gn_peer_cids_revoked(&ids, i))
                gn_peer_cids_give(&ids, i);
        assert_retired(seq - 1);
        gn_peer_cids_on_acked(&ids, seq - 1);
    }
    ck_assert_uint_eq(ids.retiring_count, 0);
}
END_TEST

/* RFC 9000 19.15: what was said once cannot be said differently. */
START_TEST(peer_cids_contradiction_is_a_fault)
{
    gn_frame_new_connection_id frame = frame_of(1, 0);

    ck_assert_int_eq(hear(&frame), GN_OK);
    ck_assert_int_eq(hear_of(2, 0), GN_OK);
    switch (_i) {
    case 0: frame.cid = cid_of(7); break;                         /* the same number, another ID */
    case 1: frame.seq = 7; break;                                 /* the same ID, another number */
    case 2: frame.cid = cid_of(2); break;                         /* two known ones swapped */
    case 3: frame.reset_token[15] ^= 1; break;                    /* another token */
    case 4: frame = frame_of(0, 0), frame.cid = cid_of(7); break; /* the handshake's */
    case 5: frame = frame_of(7, 0), frame.cid = cid_of(0); break;
    default: frame.cid = gn_cid_from(frame.cid.bytes, 3); break; /* a shorter one */
    }
    const gn_peer_cids before = ids;
    assert_fault(hear(&frame), GN_FAULT_PROTOCOL_VIOLATION);
    ck_assert_mem_eq(&ids, &before, sizeof ids);
}
END_TEST

START_TEST(peer_cids_contradiction_about_a_revoked_one_is_a_fault)
{
    gn_frame_new_connection_id frame = frame_of(0, 0);

    ck_assert_int_eq(hear_of(1, 1), GN_OK);
    frame.cid = cid_of(9);
    assert_fault(hear(&frame), GN_FAULT_PROTOCOL_VIOLATION);
}
END_TEST

START_TEST(peer_cids_of_a_peer_without_ids_are_a_fault) /* [R-9000-19.15-3] */
{
    const gn_cid none = gn_cid_from(NULL, 0);

    gn_peer_cids_init(&ids, &none, 4);
    assert_fault(hear_of(1, 0), GN_FAULT_PROTOCOL_VIOLATION);
    ck_assert_str_eq(fault.why, "RFC 9000 19.15: a peer without connection IDs issues one");
}
END_TEST

START_TEST(peer_cids_at_the_end_of_numbers_are_like_others)
{
    ck_assert_int_eq(hear_of(SEQ_MAX, SEQ_MAX), GN_OK);
    ck_assert_int_eq(hear_of(SEQ_MAX, SEQ_MAX), GN_OK);
    const uint8_t fresh = gn_peer_cids_take(&ids);
    ck_assert_uint_eq(ids.at[fresh].seq, SEQ_MAX);
    gn_peer_cids_give(&ids, 0);
    assert_retired(0);
    ck_assert_int_eq(hear_of(SEQ_MAX - 1, 0), GN_OK);
    assert_retired(SEQ_MAX - 1);
}
END_TEST

/* 63 numbers on, what is missing may still come; 64 on, it is retired whatever it was. */
START_TEST(peer_cids_window_of_numbers_moves_on)
{
    ck_assert_int_eq(hear_of(64, 64), GN_OK);
    ck_assert_int_eq(hear_of(1, 0), GN_OK);
    assert_retired(1);
    ck_assert_int_eq(hear_of(65, 64), GN_OK);
    ck_assert_int_eq(hear_of(1, 0), GN_OK);
    ck_assert_int_eq(hear_of(2, 0), GN_OK);
    assert_retired(2);
    ck_assert_int_eq(hear_of(129, 128), GN_OK);
    ck_assert_int_eq(hear_of(65, 64), GN_OK);
    ck_assert_int_eq(hear_of(66, 64), GN_OK);
    assert_retired(64);
    assert_retired(65);
    assert_retired(66);
    ck_assert_uint_eq(owed(), UINT64_MAX);
}
END_TEST

/* RFC 9000 10.3.1: tokens of IDs that are in use, and of no others. */
START_TEST(peer_cids_reset_is_known_by_the_tokens_in_use) /* [R-9000-10.3.1-3] */
{
    ck_assert(!is_reset(0));
    gn_peer_cids_set_first_token(&ids, frame_of(0, 0).reset_token);
    ck_assert(is_reset(0));
    ck_assert_int_eq(hear_of(1, 0), GN_OK);
    ck_assert(!is_reset(1));
    ck_assert_uint_eq(gn_peer_cids_take(&ids), 1);
    ck_assert(is_reset(0) && is_reset(1) && !is_reset(2));
    ck_assert_int_eq(hear_of(2, 1), GN_OK);
    ck_assert(is_reset(0)); /* revoked, but its path still uses it */
    gn_peer_cids_give(&ids, 0);
    ck_assert(!is_reset(0) && is_reset(1));
}
END_TEST

START_TEST(peer_cids_zero_token_is_no_reset)
{
    const uint8_t zeros[GN_RESET_TOKEN_BYTES] = {0};

    ck_assert(!gn_peer_cids_is_reset(&ids, zeros));
}
END_TEST

START_TEST(peer_cids_every_byte_of_a_token_counts) /* [R-9000-10.3.1-4] */
{
    uint8_t token[GN_RESET_TOKEN_BYTES] = {0};

    gn_peer_cids_set_first_token(&ids, token);
    token[_i] ^= 0x10;
    ck_assert(!gn_peer_cids_is_reset(&ids, token));
}
END_TEST

START_TEST(peer_cids_giving_what_nobody_uses_traps)
{
    gn_peer_cids_give(&ids, 1);
}
END_TEST

START_TEST(peer_cids_asking_for_what_is_not_there_traps)
{
    (void)gn_peer_cids_at(&ids, 1);
}
END_TEST

START_TEST(peer_cids_agree_with_a_list)
{
    uint8_t ops[600];

    for (int seed = 0; seed < 100; seed++) {
        uint64_t state = (uint64_t)(100 * _i + seed);
        gn_test_random_fill(&state, ops, sizeof ops);
        ck_assert_msg(gn_prop_peer_cids(ops, sizeof ops), "seed %d", 100 * _i + seed);
    }
}
END_TEST

static void
add_hostile(TCase *hostile)
{
    tcase_add_checked_fixture(hostile, limit_four, NULL);
    tcase_add_test(hostile, peer_cids_more_than_allowed_is_a_fault);
    tcase_add_test(hostile, peer_cids_retirements_without_end_are_a_fault);
    tcase_add_test(hostile, peer_cids_churn_that_is_acked_goes_on_for_ever);
    tcase_add_loop_test(hostile, peer_cids_contradiction_is_a_fault, 0, 7);
    tcase_add_test(hostile, peer_cids_contradiction_about_a_revoked_one_is_a_fault);
    tcase_add_test(hostile, peer_cids_of_a_peer_without_ids_are_a_fault);
    tcase_add_test(hostile, peer_cids_zero_token_is_no_reset);
    tcase_add_loop_test(hostile, peer_cids_every_byte_of_a_token_counts, 0, GN_RESET_TOKEN_BYTES);
}

static void
add_limits(TCase *limits)
{
    tcase_add_checked_fixture(limits, limit_four, NULL);
    tcase_add_loop_test(limits, peer_cids_limit_is_the_one_we_announced, 2, GN_PEER_CIDS_MAX + 1);
    tcase_add_test(limits, peer_cids_at_the_end_of_numbers_are_like_others);
    tcase_add_test(limits, peer_cids_window_of_numbers_moves_on);
    tcase_add_test_raise_signal(limits, peer_cids_giving_what_nobody_uses_traps, SIGABRT);
    tcase_add_test_raise_signal(limits, peer_cids_asking_for_what_is_not_there_traps, SIGABRT);
}

Suite *
gn_test_peer_cids(void)
{
    Suite *s = suite_create("conn/peer_cids");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, limit_four, NULL);
    tcase_add_test(good, peer_cids_begin_with_one_in_use);
    tcase_add_test(good, peer_cids_first_becomes_what_the_server_says);
    tcase_add_test(good, peer_cids_first_stays_known_when_it_is_retired);
    tcase_add_test(good, peer_cids_are_taken_lowest_first_and_once);
    tcase_add_test(good, peer_cids_given_up_is_retired_and_never_used_again);
    tcase_add_test(good, peer_cids_lost_retirement_is_said_again_until_acked);
    tcase_add_test(good, peer_cids_heard_again_change_nothing);
    tcase_add_test(good, peer_cids_retire_prior_to_makes_room_for_the_new_one);
    tcase_add_test(good, peer_cids_revoked_one_is_retired_when_its_path_let_go);
    tcase_add_test(good, peer_cids_born_retired_are_given_back_once);
    tcase_add_test(good, peer_cids_retire_prior_to_never_goes_back);
    tcase_add_test(good, peer_cids_reset_is_known_by_the_tokens_in_use);
    add_hostile(hostile);
    add_limits(limits);
    tcase_add_loop_test(random, peer_cids_agree_with_a_list, 0, 4);
    suite_add_tcase(s, good);
    suite_add_tcase(s, hostile);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
