/*
 * test_cid_map.c: what conn/cid_map.h promises.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "conn/cid_map.h"
#include "prop.h"
#include "suites.h"
#include "tests/support/random.h"

enum { CIDS = 64, PLACES = 2 * CIDS };

static gn_cid_map map;
static gn_cid_entry entry[PLACES];
static gn_cid_table table = {&map, entry};
static uint8_t key[GN_SIPHASH_KEY_BYTES];

static void
empty(void)
{
    memset(&map, 0xff, sizeof map);
    memset(entry, 0xff, sizeof entry);
    gn_cid_map_init(table, PLACES, key);
}

/* The nth of many connection IDs, of 8 bytes. */
static gn_cid
nth(uint32_t n)
{
    const uint8_t bytes[8] = {(uint8_t)n, (uint8_t)(n >> 8), 3, 4, 5, 6, 7, 8};

    return gn_cid_from(bytes, sizeof bytes);
}

static void
add(uint32_t n, uint32_t owner)
{
    const gn_cid cid = nth(n);

    ck_assert_int_eq(gn_cid_map_add(table, &cid, owner), GN_OK);
}

static void
cut(uint32_t n)
{
    const gn_cid cid = nth(n);

    gn_cid_map_cut(table, &cid);
}

static void
assert_owner(uint32_t n, uint32_t owner)
{
    const gn_cid cid = nth(n);

    ck_assert_uint_eq(gn_cid_map_find(table, &cid), owner);
}

START_TEST(cid_map_places_are_a_power_of_two_and_twice_as_many)
{
    for (uint32_t cids = 0; cids < 5000; cids++) {
        const uint32_t places = gn_cid_map_places(cids);
        ck_assert(places >= 2 && (places & (places - 1)) == 0);
        ck_assert_uint_ge(places, 2 * cids);
        ck_assert(places == 2 || places / 2 < 2 * cids);
    }
    ck_assert_uint_eq(gn_cid_map_places(UINT32_MAX / 4), UINT32_C(1) << 31);
}
END_TEST

START_TEST(cid_map_begins_empty)
{
    ck_assert_uint_eq(map.used, 0);
    for (uint32_t n = 0; n < 1000; n++)
        assert_owner(n, GN_CID_MAP_FREE);
}
END_TEST

START_TEST(cid_map_finds_what_was_added_and_nothing_else)
{
    add(1, 10);
    add(2, 20);
    add(3, 10);
    assert_owner(1, 10);
    assert_owner(2, 20);
    assert_owner(3, 10);
    assert_owner(4, GN_CID_MAP_FREE);
    ck_assert_uint_eq(map.used, 3);
    cut(2);
    assert_owner(1, 10);
    assert_owner(2, GN_CID_MAP_FREE);
    assert_owner(3, 10);
    ck_assert_uint_eq(map.used, 2);
}
END_TEST

START_TEST(cid_map_length_is_part_of_the_id)
{
    const uint8_t zeros[GN_CID_MAX] = {0};

    for (uint32_t len = 0; len <= GN_CID_MAX; len++) {
        const gn_cid cid = gn_cid_from(zeros, len);
        ck_assert_uint_eq(gn_cid_map_find(table, &cid), GN_CID_MAP_FREE);
        ck_assert_int_eq(gn_cid_map_add(table, &cid, len), GN_OK);
    }
    for (uint32_t len = 0; len <= GN_CID_MAX; len++) {
        const gn_cid cid = gn_cid_from(zeros, len);
        ck_assert_uint_eq(gn_cid_map_find(table, &cid), len);
    }
}
END_TEST

START_TEST(cid_map_same_id_twice_is_refused_and_changes_nothing)
{
    const gn_cid cid = nth(1);
    gn_cid_entry before[PLACES];

    add(1, 10);
    memcpy(before, entry, sizeof before);
    ck_assert_int_eq(gn_cid_map_add(table, &cid, 11), GN_ERR_STATE);
    ck_assert_int_eq(gn_cid_map_add(table, &cid, 10), GN_ERR_STATE);
    ck_assert_mem_eq(entry, before, sizeof before);
    ck_assert_uint_eq(map.used, 1);
}
END_TEST

START_TEST(cid_map_holds_what_it_was_made_for_and_then_is_full)
{
    for (uint32_t n = 0; n < CIDS; n++)
        add(n, n);
    const gn_cid more = nth(CIDS);
    const gn_cid there = nth(0);

    ck_assert_int_eq(gn_cid_map_add(table, &more, 1), GN_ERR_FULL);
    ck_assert_int_eq(gn_cid_map_add(table, &there, 1), GN_ERR_STATE);
    ck_assert_uint_eq(map.used, CIDS);
    for (uint32_t n = 0; n < CIDS; n++)
        assert_owner(n, n);
    assert_owner(CIDS, GN_CID_MAP_FREE);
    cut(0);
    add(CIDS, 7);
    assert_owner(CIDS, 7);
}
END_TEST

START_TEST(cid_map_emptied_is_as_new_byte_for_byte)
{
    gn_cid_entry fresh[PLACES];

    memcpy(fresh, entry, sizeof fresh);
    for (uint32_t n = 0; n < CIDS; n++)
        add(n, n);
    for (uint32_t n = CIDS; n > 0; n--)
        cut(n - 1);
    ck_assert_uint_eq(map.used, 0);
    ck_assert_mem_eq(entry, fresh, sizeof fresh);
}
END_TEST

/* A stranger who knows the IDs but not the key cannot tell where they lie. */
START_TEST(cid_map_places_depend_on_the_key)
{
    gn_cid_entry before[PLACES];

    for (uint32_t n = 0; n < 8; n++)
        add(n, n);
    memcpy(before, entry, sizeof before);
    key[0] ^= 1;
    empty();
    key[0] ^= 1;
    for (uint32_t n = 0; n < 8; n++)
        add(n, n);
    ck_assert_int_ne(memcmp(entry, before, sizeof before), 0);
}
END_TEST

START_TEST(cid_map_cut_of_what_is_not_there_traps)
{
    add(1, 1);
    cut(2);
}
END_TEST

START_TEST(cid_map_owner_that_means_free_traps)
{
    add(1, GN_CID_MAP_FREE);
}
END_TEST

START_TEST(cid_map_agrees_with_a_list)
{
    uint8_t ops[600];

    for (int seed = 0; seed < 100; seed++) {
        uint64_t state = (uint64_t)(100 * _i + seed);
        gn_test_random_fill(&state, ops, sizeof ops);
        ck_assert_msg(gn_prop_cid_map(ops, sizeof ops), "seed %d", 100 * _i + seed);
    }
}
END_TEST

Suite *
gn_test_cid_map(void)
{
    Suite *s = suite_create("conn/cid_map");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, empty, NULL);
    tcase_add_checked_fixture(limits, empty, NULL);
    tcase_add_test(good, cid_map_places_are_a_power_of_two_and_twice_as_many);
    tcase_add_test(good, cid_map_begins_empty);
    tcase_add_test(good, cid_map_finds_what_was_added_and_nothing_else);
    tcase_add_test(good, cid_map_length_is_part_of_the_id);
    tcase_add_test(good, cid_map_same_id_twice_is_refused_and_changes_nothing);
    tcase_add_test(good, cid_map_emptied_is_as_new_byte_for_byte);
    tcase_add_test(good, cid_map_places_depend_on_the_key);
    tcase_add_test(limits, cid_map_holds_what_it_was_made_for_and_then_is_full);
    tcase_add_test_raise_signal(limits, cid_map_cut_of_what_is_not_there_traps, SIGABRT);
    tcase_add_test_raise_signal(limits, cid_map_owner_that_means_free_traps, SIGABRT);
    tcase_add_loop_test(random, cid_map_agrees_with_a_list, 0, 4);
    suite_add_tcase(s, good);
    suite_add_tcase(s, limits);
    suite_add_tcase(s, random);
    return s;
}
