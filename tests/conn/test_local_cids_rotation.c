/*
 * test_local_cids_rotation.c: what conn/local_cids.h promises of changing IDs, and of having none.
 */
#include <check.h>
#include <string.h>

#include "conn/local_cids.h"
#include "suites.h"

enum { PLACES = 1024, OWNER = 3, LIMIT = 4 };

static gn_cid_map map;
static gn_cid_entry entry[PLACES];
static gn_rng rng;
static gn_local_cids_room room;
static gn_local_cids ids;
static gn_fault fault;
static uint64_t pn;      /* of the next packet that retires one */
static uint64_t told_to; /* which of them the peer knows that we heard of */
static const gn_reset_token_key key = {.half = {{1}, {2}}};

static void
begin(uint8_t cid_len, uint32_t limit)
{
    const uint8_t seed[GN_RNG_SEED_BYTES] = {9};

    gn_rng_init(&rng, seed, "connection IDs", 0);
    room = (gn_local_cids_room){
        .table = {&map, entry}, .owner = OWNER, .rng = &rng, .cid_len = cid_len};
    gn_cid_map_init(room.table, PLACES, seed);
    pn = 0;
    told_to = UINT64_MAX;
    ck_assert_int_eq(gn_local_cids_init(&ids, room), GN_OK);
    if (limit > 0)
        gn_local_cids_allow(&ids, limit);
    gn_local_cids_issue(&ids, room);
}

/* Announces the next one, which must have these numbers. */
static void
assert_told(uint64_t seq, uint64_t retire_prior_to)
{
    gn_frame frame;

    ck_assert(gn_local_cids_fill(&ids, &key, &frame));
    ck_assert_uint_eq(frame.as.new_connection_id.seq, seq);
    ck_assert_uint_eq(frame.as.new_connection_id.retire_prior_to, retire_prior_to);
    gn_local_cids_on_sent(&ids, seq);
    ck_assert(gn_local_cids_check(&ids));
}

static gn_err
retire(uint64_t seq, uint64_t used)
{
    const gn_err err = gn_local_cids_on_retire(&ids, seq, used, pn++, room.table, &fault);

    if (err == GN_OK)
        gn_local_cids_issue(&ids, room);
    ck_assert(gn_local_cids_check(&ids));
    return err;
}

START_TEST(rotation_announces_others_in_place_of_all)
{
    begin(8, LIMIT);
    for (uint64_t seq = 1; seq < LIMIT; seq++)
        assert_told(seq, 0);
    ck_assert_int_eq(gn_local_cids_rotate(&ids, room, told_to), GN_OK);
    for (uint64_t seq = LIMIT; seq < 2 * LIMIT; seq++)
        assert_told(seq, LIMIT);
    ck_assert(!gn_local_cids_wants(&ids));
    ck_assert_uint_eq(map.used, 2 * LIMIT); /* the old ones still lead here */
    for (uint64_t seq = 0; seq < LIMIT; seq++)
        ck_assert_int_eq(retire(seq, LIMIT), GN_OK);
    ck_assert_uint_eq(map.used, LIMIT);
    ck_assert(!gn_local_cids_wants(&ids));
}
END_TEST

/* RFC 9000 5.1.1: with as many as the table keeps, one goes first and the others follow. */
START_TEST(rotation_of_the_most_goes_through_one_place)
{
    begin(8, 100);
    for (uint64_t seq = 1; seq < GN_LOCAL_CIDS_MAX; seq++)
        assert_told(seq, 0);
    ck_assert_int_eq(gn_local_cids_rotate(&ids, room, told_to), GN_OK);
    assert_told(GN_LOCAL_CIDS_MAX, GN_LOCAL_CIDS_MAX);
    ck_assert(!gn_local_cids_wants(&ids));
    for (uint64_t seq = 0; seq < GN_LOCAL_CIDS_MAX; seq++) {
        ck_assert_int_eq(retire(seq, GN_LOCAL_CIDS_MAX), GN_OK);
        if (seq + 1 < GN_LOCAL_CIDS_MAX)
            assert_told(GN_LOCAL_CIDS_MAX + 1 + seq, GN_LOCAL_CIDS_MAX);
    }
    ck_assert_uint_eq(ids.count, GN_LOCAL_CIDS_MAX);
}
END_TEST

/* RFC 9000 5.1.2 */
START_TEST(rotation_waits_for_the_one_before)
{
    begin(8, LIMIT);
    ck_assert_int_eq(gn_local_cids_rotate(&ids, room, told_to), GN_OK);
    for (uint64_t seq = 0; seq < LIMIT; seq++) {
        ck_assert_int_eq(gn_local_cids_rotate(&ids, room, told_to), GN_ERR_STATE);
        while (gn_local_cids_wants(&ids))
            assert_told(ids.told, ids.told < LIMIT ? ids.told : LIMIT);
        ck_assert_int_eq(retire(seq, LIMIT), GN_OK);
    }
    ck_assert_int_eq(gn_local_cids_rotate(&ids, room, told_to), GN_OK);
}
END_TEST

/* RFC 9000 5.1.2: a peer keeps twice its limit, and drops none before it knows that we heard. */
START_TEST(rotation_waits_until_the_peer_knows_that_it_was_heard)
{
    begin(8, LIMIT);
    told_to = 0;
    for (uint64_t round = 0; round < 2; round++) {
        ck_assert_int_eq(gn_local_cids_rotate(&ids, room, told_to), GN_OK);
        while (gn_local_cids_wants(&ids))
            assert_told(ids.told, ids.told < ids.retire_prior_to ? ids.told : ids.retire_prior_to);
        for (uint64_t seq = 0; seq < LIMIT; seq++)
            ck_assert_int_eq(retire(round * LIMIT + seq, ids.retire_prior_to), GN_OK);
    }
    for (told_to = 0; told_to < LIMIT; told_to++) {
        ck_assert_uint_eq(gn_local_cids_untold(&ids, told_to), 2 * LIMIT - told_to);
        ck_assert_int_eq(gn_local_cids_rotate(&ids, room, told_to), GN_ERR_STATE);
    }
    ck_assert_int_eq(gn_local_cids_rotate(&ids, room, told_to), GN_OK);
}
END_TEST

/* One that is retired again is acknowledged again. */
START_TEST(rotation_counts_what_the_peer_says_again)
{
    begin(8, LIMIT);
    for (uint64_t seq = 1; seq < LIMIT; seq++)
        assert_told(seq, 0);
    for (int i = 0; i < 3 * GN_LOCAL_CIDS_RETIRED_MAX; i++)
        ck_assert_int_eq(retire(1, 0), GN_OK);
    ck_assert_uint_eq(gn_local_cids_untold(&ids, 0), GN_LOCAL_CIDS_RETIRED_MAX);
    ck_assert_uint_eq(gn_local_cids_untold(&ids, pn - 3), 3);
}
END_TEST

/* RFC 9000 19.15: the peer has to hear of it to retire it. [R-9000-19.15-5] */
START_TEST(rotation_says_again_what_was_lost_before)
{
    begin(8, LIMIT);
    for (uint64_t seq = 1; seq < LIMIT; seq++)
        assert_told(seq, 0);
    ck_assert_int_eq(gn_local_cids_rotate(&ids, room, told_to), GN_OK);
    gn_local_cids_on_lost(&ids, 2);
    assert_told(2, 2);
    assert_told(LIMIT, LIMIT);
}
END_TEST

START_TEST(rotation_before_the_limit_is_known_is_refused)
{
    begin(8, 0);
    ck_assert_int_eq(gn_local_cids_rotate(&ids, room, told_to), GN_ERR_STATE);
    ck_assert_uint_eq(map.used, 1);
}
END_TEST

/* [R-9000-19.15-2] [R-9000-19.16-3] */
START_TEST(rotation_of_the_empty_id_is_refused_and_so_is_its_end)
{
    uint64_t seq = 7;

    begin(0, LIMIT);
    ck_assert(gn_local_cids_empty(&ids));
    ck_assert_uint_eq(ids.count, 1);
    ck_assert_uint_eq(map.used, 0);
    ck_assert(!gn_local_cids_wants(&ids));
    ck_assert_int_eq(gn_local_cids_find(&ids, gn_local_cids_first(&ids), &seq), GN_OK);
    ck_assert_uint_eq(seq, 0);
    ck_assert_int_eq(gn_local_cids_rotate(&ids, room, told_to), GN_ERR_STATE);
    ck_assert_int_eq(retire(0, 1), GN_ERR_FORM);
    ck_assert_uint_eq(fault.wire_code, GN_FAULT_PROTOCOL_VIOLATION);
    gn_local_cids_wipe(&ids, room.table);
}
END_TEST

/* Of one byte there are 256: what cannot be drawn is not waited for. */
START_TEST(rotation_of_short_ids_ends_when_all_are_taken)
{
    begin(1, LIMIT);
    for (int i = 0; i < 256; i++) {
        const uint8_t byte = (uint8_t)i;
        const gn_cid cid = gn_cid_from(&byte, 1);
        ck_assert_int_ne(gn_cid_map_add(room.table, &cid, OWNER + 1), GN_ERR_FULL);
    }
    ck_assert_int_eq(gn_local_cids_rotate(&ids, room, told_to), GN_ERR_FULL);
    ck_assert_uint_eq(ids.count, LIMIT);
    ck_assert(gn_local_cids_check(&ids));
}
END_TEST

Suite *
gn_test_local_cids_rotation(void)
{
    Suite *suite = suite_create("conn/local_cids_rotation");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_test(good, rotation_announces_others_in_place_of_all);
    tcase_add_test(good, rotation_of_the_most_goes_through_one_place);
    tcase_add_test(good, rotation_waits_for_the_one_before);
    tcase_add_test(good, rotation_waits_until_the_peer_knows_that_it_was_heard);
    tcase_add_test(good, rotation_counts_what_the_peer_says_again);
    tcase_add_test(good, rotation_says_again_what_was_lost_before);
    tcase_add_test(limits, rotation_before_the_limit_is_known_is_refused);
    tcase_add_test(limits, rotation_of_the_empty_id_is_refused_and_so_is_its_end);
    tcase_add_test(limits, rotation_of_short_ids_ends_when_all_are_taken);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    return suite;
}
