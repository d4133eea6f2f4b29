/*
 * test_local_cids.c: what conn/local_cids.h promises.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "conn/local_cids.h"
#include "prop.h"
#include "suites.h"
#include "tests/support/random.h"

enum { PLACES = 64, OWNER = 3 };

static gn_cid_map map;
static gn_cid_entry entry[PLACES];
static gn_cid_table table = {&map, entry};
static gn_rng rng;
static gn_local_cids_room room;
static gn_local_cids ids;
static gn_fault fault;
static const gn_reset_token_key key = {.half = {{1}, {2}}};

static void
seeded(void)
{
    const uint8_t seed[GN_RNG_SEED_BYTES] = {9};

    gn_rng_init(&rng, seed, "connection IDs", 0);
    gn_cid_map_init(table, PLACES, seed);
    room = (gn_local_cids_room){.table = table, .owner = OWNER, .rng = &rng, .cid_len = 8};
}

static void
one_id(void)
{
    seeded();
    memset(&ids, 0xff, sizeof ids);
    ck_assert_int_eq(gn_local_cids_init(&ids, room), GN_OK);
}

static void
announce_all(void)
{
    gn_frame frame;

    while (gn_local_cids_fill(&ids, &key, &frame))
        gn_local_cids_on_sent(&ids, frame.as.new_connection_id.seq);
    ck_assert(gn_local_cids_check(&ids));
}

static void
four_ids(void)
{
    one_id();
    gn_local_cids_allow(&ids, 4);
    gn_local_cids_issue(&ids, room);
}

static void
four_told(void)
{
    four_ids();
    announce_all();
}

static gn_err
retire(uint64_t seq, uint64_t used)
{
    const gn_err err = gn_local_cids_on_retire(&ids, seq, used, 0, table, &fault);

    ck_assert(gn_local_cids_check(&ids));
    ck_assert_uint_eq(map.used, ids.count);
    return err;
}

/* The sequence number that is announced next; UINT64_MAX: none. */
static uint64_t
next(void)
{
    gn_frame frame;

    ck_assert_int_eq(gn_local_cids_wants(&ids), gn_local_cids_fill(&ids, &key, &frame));
    return gn_local_cids_wants(&ids) ? frame.as.new_connection_id.seq : UINT64_MAX;
}

START_TEST(local_cids_begin_with_one_that_the_peer_knows)
{
    const gn_cid *first = gn_local_cids_first(&ids);
    uint64_t seq = 7;

    ck_assert_uint_eq(ids.count, 1);
    ck_assert_uint_eq(first->len, 8);
    ck_assert_int_eq(gn_local_cids_find(&ids, first, &seq), GN_OK);
    ck_assert_uint_eq(seq, 0);
    ck_assert_uint_eq(gn_cid_map_find(table, first), OWNER);
    ck_assert(gn_local_cids_check(&ids));
    gn_local_cids_issue(&ids, room);
    ck_assert_uint_eq(ids.count, 1);
    ck_assert_uint_eq(next(), UINT64_MAX);
}
END_TEST

/* [R-9000-10.3.2-2] */
START_TEST(local_cids_have_the_length_asked_for)
{
    room.cid_len = (uint8_t)_i;
    ck_assert_int_eq(gn_local_cids_init(&ids, room), GN_OK);
    ck_assert_int_eq(gn_local_cids_first(&ids)->len, _i);
}
END_TEST

START_TEST(local_cids_without_room_for_the_first_are_full)
{
    for (uint8_t i = 0; i < PLACES / 2; i++) {
        const gn_cid other = gn_cid_from(&i, 1);
        ck_assert_int_eq(gn_cid_map_add(table, &other, 1), GN_OK);
    }
    ck_assert_int_eq(gn_local_cids_init(&ids, room), GN_ERR_FULL);
}
END_TEST

/* Another connection has the very ID that is drawn first. */
/* [R-9000-5.1-2] */
START_TEST(local_cids_drawn_twice_are_drawn_again)
{
    gn_rng copy = rng;
    uint8_t bytes[8];

    gn_rng_fill(&copy, bytes, sizeof bytes);
    const gn_cid other = gn_cid_from(bytes, sizeof bytes);
    ck_assert_int_eq(gn_cid_map_add(table, &other, 1), GN_OK);
    ck_assert_int_eq(gn_local_cids_init(&ids, room), GN_OK);
    ck_assert(!gn_cid_equal(gn_local_cids_first(&ids), &other));
    ck_assert_uint_eq(gn_cid_map_find(table, &other), 1);
}
END_TEST

/* RFC 9000 5.1.1: never more than the peer allows, never more than we want to keep. */
/* [R-9000-5.1.1-3] */
START_TEST(local_cids_are_kept_up_to_the_limit)
{
    const uint64_t limits[] = {2, 4, 7, 8, 9, UINT64_C(0x3fffffffffffffff), UINT64_MAX};
    const uint64_t least = limits[_i] < GN_LOCAL_CIDS_MAX ? limits[_i] : GN_LOCAL_CIDS_MAX;

    gn_local_cids_allow(&ids, limits[_i]);
    gn_local_cids_issue(&ids, room);
    ck_assert_uint_eq(ids.count, least);
    ck_assert_uint_eq(map.used, least);
    ck_assert(gn_local_cids_check(&ids));
    gn_local_cids_issue(&ids, room);
    ck_assert_uint_eq(ids.count, least);
}
END_TEST

START_TEST(local_cids_stop_where_the_map_ends)
{
    for (uint8_t i = 0; map.used < PLACES / 2 - 2; i++) {
        const gn_cid other = gn_cid_from(&i, 1);
        ck_assert_int_eq(gn_cid_map_add(table, &other, 1), GN_OK);
    }
    gn_local_cids_allow(&ids, 8);
    gn_local_cids_issue(&ids, room);
    ck_assert_uint_eq(ids.count, 3);
    ck_assert(gn_local_cids_check(&ids));
}
END_TEST

/* [R-9000-5.1.1-1] */
START_TEST(local_cids_are_announced_in_order_each_with_its_token)
{
    gn_frame frame;

    for (uint64_t seq = 1; seq < 4; seq++) {
        uint8_t token[GN_RESET_TOKEN_BYTES];
        uint64_t found = 0;

        ck_assert(gn_local_cids_wants(&ids));
        ck_assert(gn_local_cids_fill(&ids, &key, &frame));
        const gn_frame_new_connection_id *new = &frame.as.new_connection_id;
        ck_assert_uint_eq(frame.type, GN_FRAME_NEW_CONNECTION_ID);
        ck_assert_uint_eq(new->seq, seq);
        ck_assert_uint_eq(new->retire_prior_to, 0);
        ck_assert_int_eq(gn_local_cids_find(&ids, &new->cid, &found), GN_OK);
        ck_assert_uint_eq(found, seq);
        ck_assert_uint_eq(gn_cid_map_find(table, &new->cid), OWNER);
        gn_reset_token_of(&key, &new->cid, token);
        ck_assert_mem_eq(new->reset_token, token, sizeof token);
        ck_assert_uint_eq(next(), seq);
        gn_local_cids_on_sent(&ids, seq);
    }
    frame.type = 99;
    ck_assert(!gn_local_cids_wants(&ids));
    ck_assert(!gn_local_cids_fill(&ids, &key, &frame));
    ck_assert_uint_eq(frame.type, 99);
}
END_TEST

START_TEST(local_cids_lost_announcement_is_made_again_until_acked)
{
    gn_local_cids_on_lost(&ids, 2);
    ck_assert_uint_eq(next(), 2);
    gn_local_cids_on_sent(&ids, 2);
    ck_assert_uint_eq(next(), UINT64_MAX);
    gn_local_cids_on_acked(&ids, 2);
    gn_local_cids_on_lost(&ids, 2);
    ck_assert_uint_eq(next(), UINT64_MAX);

    /* Thought lost, and yet acknowledged: nothing is left to say. */
    gn_local_cids_on_lost(&ids, 3);
    gn_local_cids_on_acked(&ids, 3);
    ck_assert_uint_eq(next(), UINT64_MAX);
}
END_TEST

/* [R-9000-5.1.1-2] */
START_TEST(local_cids_retired_one_is_gone_and_replaced)
{
    const gn_cid gone = *gn_local_cids_first(&ids);
    uint64_t seq = 7;

    ck_assert_int_eq(retire(0, 1), GN_OK);
    ck_assert_int_eq(gn_local_cids_find(&ids, &gone, &seq), GN_ERR_NONE);
    ck_assert_uint_eq(seq, 7);
    ck_assert_uint_eq(gn_cid_map_find(table, &gone), GN_CID_MAP_FREE);
    gn_local_cids_issue(&ids, room);
    ck_assert_uint_eq(ids.count, 4);
    ck_assert_uint_eq(next(), 4);
}
END_TEST

START_TEST(local_cids_retired_twice_is_no_fault)
{
    ck_assert_int_eq(retire(2, 0), GN_OK);
    ck_assert_int_eq(retire(2, 0), GN_OK);
    ck_assert_uint_eq(ids.count, 3);
    gn_local_cids_on_acked(&ids, 2);
    gn_local_cids_on_lost(&ids, 2);
    ck_assert_uint_eq(next(), UINT64_MAX);
}
END_TEST

/* Long headers of the handshake may still have to name it. */
START_TEST(local_cids_first_stays_known_when_it_is_retired)
{
    const gn_cid first = *gn_local_cids_first(&ids);

    ck_assert_int_eq(retire(0, 1), GN_OK);
    ck_assert(gn_cid_equal(gn_local_cids_first(&ids), &first));
    gn_local_cids_issue(&ids, room);
    ck_assert(gn_cid_equal(gn_local_cids_first(&ids), &first));
}
END_TEST

/* [R-9000-19.16-1] */
START_TEST(local_cids_retiring_what_never_was_is_a_fault)
{
    const uint64_t seqs[] = {4, 5, UINT64_C(0x3fffffffffffffff)};
    const gn_local_cids before = ids;

    ck_assert_int_eq(retire(seqs[_i], 0), GN_ERR_FORM);
    ck_assert_uint_eq(fault.wire_code, GN_FAULT_PROTOCOL_VIOLATION);
    ck_assert_uint_eq(fault.frame_type, GN_FRAME_RETIRE_CONNECTION_ID);
    ck_assert_mem_eq(&ids, &before, sizeof ids);
}
END_TEST

/* RFC 9000 19.16: drawn is not enough, the peer must have been told. */
/* [R-9000-19.16-1] */
START_TEST(local_cids_retiring_what_was_not_announced_is_a_fault)
{
    four_ids();
    gn_local_cids_on_sent(&ids, 1);
    ck_assert_int_eq(retire(2, 0), GN_ERR_FORM);
    ck_assert_uint_eq(fault.wire_code, GN_FAULT_PROTOCOL_VIOLATION);
    ck_assert_str_eq(fault.why,
                     "RFC 9000 19.16: a connection ID that was never announced is retired");
    /* Announced, thought lost: the peer may have it all the same. */
    gn_local_cids_on_lost(&ids, 1);
    ck_assert_int_eq(retire(1, 0), GN_OK);
    ck_assert_uint_eq(ids.count, 3);
}
END_TEST

START_TEST(local_cids_retiring_the_one_in_use_is_a_fault)
{
    const gn_local_cids before = ids;

    ck_assert_int_eq(retire((uint64_t)_i, (uint64_t)_i), GN_ERR_FORM);
    ck_assert_uint_eq(fault.wire_code, GN_FAULT_PROTOCOL_VIOLATION);
    ck_assert_str_eq(fault.why, "RFC 9000 19.16: a packet retires the connection ID it came for");
    ck_assert_mem_eq(&ids, &before, sizeof ids);
}
END_TEST

/* [R-9000-5.1.1-3] */
START_TEST(local_cids_churned_for_ever_stay_within_the_limit)
{
    for (uint64_t seq = 0; seq < 10000; seq++) {
        ck_assert_int_eq(retire(seq, seq + 1), GN_OK);
        gn_local_cids_issue(&ids, room);
        ck_assert_uint_eq(ids.count, 4);
        announce_all();
    }
    ck_assert_uint_eq(map.used, 4);
}
END_TEST

START_TEST(local_cids_wiped_are_out_of_the_map)
{
    gn_local_cids_wipe(&ids, table);
    ck_assert_uint_eq(map.used, 0);
    ck_assert_uint_eq(ids.count, 0);
    ck_assert(gn_local_cids_check(&ids));
}
END_TEST

START_TEST(local_cids_limit_below_two_traps)
{
    gn_local_cids_allow(&ids, 1);
}
END_TEST

START_TEST(local_cids_check_sees_what_is_broken)
{
    const gn_local_cids good = ids;

    ids.count = 3;
    ck_assert(!gn_local_cids_check(&ids));
    ids = good;
    ids.at[1].seq = ids.at[2].seq;
    ck_assert(!gn_local_cids_check(&ids));
    ids = good;
    ids.at[1].seq = ids.next_seq;
    ck_assert(!gn_local_cids_check(&ids));
    ids = good;
    ids.limit = 3;
    ck_assert(!gn_local_cids_check(&ids));
    ids = good;
    ids.told = 3;
    ck_assert(!gn_local_cids_check(&ids));
}
END_TEST

START_TEST(local_cids_agree_with_a_list)
{
    uint8_t ops[400];

    for (int seed = 0; seed < 100; seed++) {
        uint64_t state = (uint64_t)(100 * _i + seed);
        gn_test_random_fill(&state, ops, sizeof ops);
        ck_assert_msg(gn_prop_local_cids(ops, sizeof ops), "seed %d", 100 * _i + seed);
    }
}
END_TEST

/* The caller's choice takes the place of what was drawn, in the map too. */
START_TEST(local_cids_chosen_one_is_the_handshakes)
{
    const gn_cid mine = gn_cid_from((const uint8_t *)"my choice", 8);
    const gn_cid other = gn_cid_from((const uint8_t *)"somebody", 8);
    uint64_t seq = 9;

    one_id();
    const gn_cid drawn = *gn_local_cids_first(&ids);
    ck_assert_int_eq(gn_cid_map_add(table, &other, OWNER + 1), GN_OK);
    ck_assert_int_eq(gn_local_cids_choose(&ids, room, other), GN_ERR_STATE);
    ck_assert(gn_cid_equal(gn_local_cids_first(&ids), &drawn));
    ck_assert_int_eq(gn_local_cids_choose(&ids, room, mine), GN_OK);
    ck_assert(gn_cid_equal(gn_local_cids_first(&ids), &mine));
    ck_assert_int_eq(gn_local_cids_find(&ids, &mine, &seq), GN_OK);
    ck_assert_uint_eq(seq, 0);
    ck_assert_int_eq(gn_local_cids_find(&ids, &drawn, &seq), GN_ERR_NONE);
    ck_assert_uint_eq(gn_cid_map_find(table, &mine), OWNER);
    ck_assert_uint_eq(gn_cid_map_find(table, &drawn), GN_CID_MAP_FREE);
    ck_assert(gn_local_cids_check(&ids));
    gn_local_cids_wipe(&ids, table);
    ck_assert_uint_eq(gn_cid_map_find(table, &mine), GN_CID_MAP_FREE);
}
END_TEST

Suite *
gn_test_local_cids(void)
{
    Suite *s = suite_create("conn/local_cids");
    TCase *begin = tcase_create("good");
    TCase *one = tcase_create("good");
    TCase *good = tcase_create("good");
    TCase *told = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(begin, seeded, NULL);
    tcase_add_checked_fixture(one, one_id, NULL);
    tcase_add_checked_fixture(good, four_ids, NULL);
    tcase_add_checked_fixture(told, four_told, NULL);
    tcase_add_checked_fixture(hostile, four_told, NULL);
    tcase_add_loop_test(begin, local_cids_have_the_length_asked_for, 4, GN_CID_MAX + 1);
    tcase_add_test(begin, local_cids_chosen_one_is_the_handshakes);
    tcase_add_test(begin, local_cids_without_room_for_the_first_are_full);
    tcase_add_test(begin, local_cids_drawn_twice_are_drawn_again);
    tcase_add_test(one, local_cids_begin_with_one_that_the_peer_knows);
    tcase_add_loop_test(one, local_cids_are_kept_up_to_the_limit, 0, 7);
    tcase_add_test(one, local_cids_stop_where_the_map_ends);
    tcase_add_test_raise_signal(one, local_cids_limit_below_two_traps, SIGABRT);
    tcase_add_test(good, local_cids_are_announced_in_order_each_with_its_token);
    tcase_add_test(told, local_cids_lost_announcement_is_made_again_until_acked);
    tcase_add_test(told, local_cids_retired_one_is_gone_and_replaced);
    tcase_add_test(told, local_cids_retired_twice_is_no_fault);
    tcase_add_test(told, local_cids_first_stays_known_when_it_is_retired);
    tcase_add_test(told, local_cids_wiped_are_out_of_the_map);
    tcase_add_test(told, local_cids_check_sees_what_is_broken);
    tcase_add_loop_test(hostile, local_cids_retiring_what_never_was_is_a_fault, 0, 3);
    tcase_add_test(hostile, local_cids_retiring_what_was_not_announced_is_a_fault);
    tcase_add_loop_test(hostile, local_cids_retiring_the_one_in_use_is_a_fault, 0, 4);
    tcase_add_test(hostile, local_cids_churned_for_ever_stay_within_the_limit);
    tcase_add_loop_test(random, local_cids_agree_with_a_list, 0, 3);
    suite_add_tcase(s, begin);
    suite_add_tcase(s, one);
    suite_add_tcase(s, good);
    suite_add_tcase(s, told);
    suite_add_tcase(s, hostile);
    suite_add_tcase(s, random);
    return s;
}
