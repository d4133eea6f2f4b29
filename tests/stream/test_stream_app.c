/*
 * test_stream_app.c: what stream/stream_app.h promises.
 */
#include <check.h>
#include <stdlib.h>

#include "stream/stream_app.h"
#include "stream/stream_frames.h"
#include "suites.h"
#include "tests/support/streams.h"

enum { CAP = 4000 };

static gn_test_pools memory;
static gn_stream_pools pools;
static gn_stream_set set; /* of a client */

static const gn_stream_limits limits = {
    .max_data = 6000,
    .max_bidi_local = 3000,
    .max_bidi_remote = 2000,
    .max_uni = 1000,
    .streams_bidi = 3,
    .streams_uni = 2,
};

static void
client(void)
{
    gn_test_pools_init(&memory, 16, 8);
    pools = gn_test_pools_both(&memory);
    gn_stream_set_init(&set, false, &limits);
    gn_stream_set_on_limits(&set, pools, &limits);
}

static void
hear(uint64_t id, size_t len, bool fin)
{
    const gn_frame_stream data = {.id = id, .data = gn_test_stream_bytes(id, 0, len), .fin = fin};
    gn_fault fault;

    ck_assert_int_eq(gn_stream_frames_on_data(&set, pools, &data, &fault), GN_OK);
}

static gn_err
write(uint64_t id, size_t len, bool fin, size_t *accepted)
{
    const gn_err err =
        gn_stream_app_write(&set, pools, id, gn_test_stream_bytes(id, 0, len), fin, CAP, accepted);

    ck_assert(gn_stream_set_check(&set, pools));
    return err;
}

/* [R-9000-2.1-1] [R-9000-19.11-3] */
START_TEST(stream_app_opens_in_order_until_the_peer_allows_no_more)
{
    uint64_t id = 99;

    for (uint64_t i = 0; i < 3; i++) {
        ck_assert_int_eq(gn_stream_app_open(&set, pools, GN_STREAM_BIDI, &id), GN_OK);
        ck_assert_uint_eq(id, 4 * i);
    }
    ck_assert_int_eq(gn_stream_app_open(&set, pools, GN_STREAM_BIDI, &id), GN_ERR_NONE);
    ck_assert(gn_stream_ids_wants_blocked(&set.ids, GN_STREAM_BIDI));
    ck_assert_int_eq(gn_stream_app_open(&set, pools, GN_STREAM_UNI, &id), GN_OK);
    ck_assert_uint_eq(id, 2);
    ck_assert(gn_stream_set_check(&set, pools));
}
END_TEST

START_TEST(stream_app_open_id_opens_lower_ones_for_later)
{
    uint64_t id;

    ck_assert_int_eq(gn_stream_app_open_id(&set, pools, 8), GN_OK);
    ck_assert_int_eq(gn_stream_app_open_id(&set, pools, 8), GN_ERR_STATE);
    ck_assert_int_eq(gn_stream_app_open_id(&set, pools, 0), GN_OK);
    ck_assert_int_eq(gn_stream_app_open_id(&set, pools, 12), GN_ERR_NONE);
    ck_assert_int_eq(gn_stream_app_open_id(&set, pools, 1), GN_ERR_RANGE);
    ck_assert_int_eq(gn_stream_app_open_id(&set, pools, GN_VARINT_MAX + 1), GN_ERR_RANGE);
    ck_assert_int_eq(gn_stream_app_open(&set, pools, GN_STREAM_BIDI, &id), GN_ERR_NONE);
    ck_assert_uint_eq(set.count, 2);
    ck_assert(gn_stream_set_check(&set, pools));
}
END_TEST

START_TEST(stream_app_open_without_a_slot_is_full_and_opens_nothing)
{
    uint64_t id = 99;

    gn_test_pools_init(&memory, 4, 0);
    ck_assert_int_eq(gn_stream_app_open(&set, pools, GN_STREAM_BIDI, &id), GN_ERR_FULL);
    ck_assert_uint_eq(id, 99);
    ck_assert_uint_eq(set.ids.allowed[GN_STREAM_BIDI].used, 0);
}
END_TEST

START_TEST(stream_app_write_ends_the_stream_only_when_all_was_accepted)
{
    uint64_t id;
    size_t accepted;

    ck_assert_int_eq(gn_stream_app_open(&set, pools, GN_STREAM_BIDI, &id), GN_OK);
    ck_assert_int_eq(write(id, CAP + 1, true, &accepted), GN_OK);
    ck_assert_uint_eq(accepted, CAP);
    const gn_stream *s = gn_stream_set_at(pools, gn_stream_set_find(&set, pools, id));
    ck_assert_uint_eq(s->out.fin, 0);
    ck_assert_int_eq(write(id, 0, true, &accepted), GN_OK);
    ck_assert_uint_eq(s->out.fin, GN_SEND_FIN_SET);
    ck_assert_int_eq(write(id, 1, false, &accepted), GN_ERR_STATE);
}
END_TEST

START_TEST(stream_app_verbs_on_no_stream_are_none)
{
    size_t accepted;

    ck_assert_int_eq(write(0, 1, false, &accepted), GN_ERR_NONE);
    ck_assert_int_eq(gn_stream_app_reset(&set, pools, 0, 1), GN_ERR_NONE);
    ck_assert_int_eq(gn_stream_app_stop(&set, pools, 0, 1), GN_ERR_NONE);
    ck_assert_int_eq(gn_stream_app_prioritise(&set, pools, 0, 1), GN_ERR_NONE);
}
END_TEST

START_TEST(stream_app_verbs_on_a_half_that_is_not_there_are_refused)
{
    size_t accepted;
    uint64_t ours;

    hear(3, 10, false);
    ck_assert_int_eq(write(3, 1, false, &accepted), GN_ERR_STATE);
    ck_assert_int_eq(gn_stream_app_reset(&set, pools, 3, 1), GN_ERR_STATE);
    ck_assert_int_eq(gn_stream_app_open(&set, pools, GN_STREAM_UNI, &ours), GN_OK);
    ck_assert_int_eq(gn_stream_app_stop(&set, pools, ours, 1), GN_ERR_STATE);
    ck_assert(gn_stream_set_check(&set, pools));
}
END_TEST

START_TEST(stream_app_readable_streams_take_turns)
{
    hear(1, 20, false);
    hear(5, 20, false);
    hear(3, 20, false);
    const uint64_t expected[] = {1, 5, 3, 1, 5, 3};
    for (int i = 0; i < 6; i++) {
        const uint32_t at = gn_stream_app_readable(&set);
        ck_assert_uint_eq(gn_stream_set_at(pools, at)->id, expected[i]);
        gn_stream_app_consume(&set, pools, at, 10);
        ck_assert(gn_stream_set_check(&set, pools));
    }
    ck_assert_uint_eq(gn_stream_app_readable(&set), GN_POOL_NONE);
}
END_TEST

START_TEST(stream_app_reading_to_the_end_lets_a_stream_go)
{
    hear(3, 20, true);
    ck_assert_uint_eq(set.count, 1);
    gn_stream_app_consume(&set, pools, gn_stream_app_readable(&set), 20);
    ck_assert_uint_eq(set.count, 0);
    ck_assert_uint_eq(memory.stream_pool.used + memory.chunk_pool.used, 0);
    ck_assert_uint_eq(set.ids.granted[GN_STREAM_UNI].consumed, 1);
    ck_assert_uint_eq(set.total_in.consumed, 20);
}
END_TEST

/* [R-9000-11.2-1] */
START_TEST(stream_app_stop_and_reset_are_sent)
{
    uint64_t id;

    ck_assert_int_eq(gn_stream_app_open(&set, pools, GN_STREAM_BIDI, &id), GN_OK);
    ck_assert(!gn_stream_set_wants(&set));
    ck_assert_int_eq(gn_stream_app_stop(&set, pools, id, 1), GN_OK);
    ck_assert_int_eq(gn_stream_app_reset(&set, pools, id, 2), GN_OK);
    ck_assert(gn_stream_set_wants(&set));
    ck_assert(gn_stream_set_check(&set, pools));
}
END_TEST

Suite *
gn_test_stream_app(void)
{
    Suite *s = suite_create("stream/stream_app");
    TCase *good = tcase_create("good");
    TCase *full = tcase_create("limits");

    tcase_add_checked_fixture(good, client, NULL);
    tcase_add_checked_fixture(full, client, NULL);
    tcase_add_test(good, stream_app_opens_in_order_until_the_peer_allows_no_more);
    tcase_add_test(good, stream_app_open_id_opens_lower_ones_for_later);
    tcase_add_test(good, stream_app_write_ends_the_stream_only_when_all_was_accepted);
    tcase_add_test(good, stream_app_readable_streams_take_turns);
    tcase_add_test(good, stream_app_reading_to_the_end_lets_a_stream_go);
    tcase_add_test(good, stream_app_stop_and_reset_are_sent);
    tcase_add_test(full, stream_app_open_without_a_slot_is_full_and_opens_nothing);
    tcase_add_test(full, stream_app_verbs_on_no_stream_are_none);
    tcase_add_test(full, stream_app_verbs_on_a_half_that_is_not_there_are_refused);
    suite_add_tcase(s, good);
    suite_add_tcase(s, full);
    return s;
}
