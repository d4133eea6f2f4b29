/*
 * test_early.c: what a connection remembers of 0-RTT, and the tickets that wait to be told.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/chunks.h"
#include "base/pool.h"
#include "conn/early.h"
#include "suites.h"

enum { CHUNKS = 8 };

static gn_pool pool;
static uint8_t *memory;
static gn_early early;

static gn_slots
chunks(void)
{
    return (gn_slots){.pool = &pool, .base = memory};
}

static void
begin(void)
{
    gn_pool_init(&pool, CHUNKS, sizeof(gn_chunk));
    memory = aligned_alloc(64, (gn_pool_bytes(CHUNKS, sizeof(gn_chunk)) + 63) / 64 * 64);
    ck_assert_ptr_nonnull(memory);
    gn_early_init(&early, 1);
}

static void
end(void)
{
    gn_early_wipe(&early, (gn_slots){0}, chunks());
    ck_assert_uint_eq(pool.used, 0);
    free(memory);
}

static void
keep(uint8_t what)
{
    uint8_t blob[100];

    memset(blob, what, sizeof blob);
    gn_early_keep(&early, chunks(), gn_span_of(blob, what));
}

static void
expect(uint8_t what)
{
    uint8_t out[GN_CHUNK_BYTES];

    ck_assert_uint_eq(gn_early_take(&early, chunks(), out), what);
    for (uint8_t i = 0; i < what; i++)
        ck_assert_uint_eq(out[i], what);
}

START_TEST(early_tells_tickets_in_their_order)
{
    keep(3);
    keep(9);
    expect(3);
    keep(50);
    expect(9);
    expect(50);
    expect(0);
}
END_TEST

START_TEST(early_keeps_the_newest_tickets)
{
    for (uint8_t i = 1; i <= GN_EARLY_TICKETS_MAX + 2; i++)
        keep(i);
    ck_assert_uint_eq(pool.used, GN_EARLY_TICKETS_MAX);
    for (uint8_t i = 3; i <= GN_EARLY_TICKETS_MAX + 2; i++)
        expect(i);
    expect(0);
}
END_TEST

/* Streams come first: the last chunks are theirs. */
START_TEST(early_keeps_no_ticket_without_room)
{
    for (uint32_t i = 0; i < CHUNKS - GN_CHUNKS_SPARE; i++)
        (void)gn_chunks_take(chunks(), 0, GN_POOL_NONE);
    keep(3);
    expect(0);
    for (uint32_t i = 0; i < CHUNKS - GN_CHUNKS_SPARE; i++)
        (void)gn_chunks_give(chunks(), i);
}
END_TEST

/* [R-9000-7.4.1-5] [R-9221-3-5] [R-9221-3-6] */
START_TEST(early_limit_that_is_taken_back_is_a_fault)
{
    gn_tparams peer;
    gn_fault fault;
    uint64_t *fields[] = {&peer.initial_max_data,
                          &peer.initial_max_stream_data_bidi_local,
                          &peer.initial_max_stream_data_bidi_remote,
                          &peer.initial_max_stream_data_uni,
                          &peer.initial_max_streams_bidi,
                          &peer.initial_max_streams_uni,
                          &peer.active_connection_id_limit,
                          &peer.max_datagram_frame_size};

    gn_tparams_init(&peer);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        *fields[i] = 100 + i;
    gn_early_limits(&peer, early.limit);
    ck_assert_int_eq(gn_early_judge(&early, &peer, &fault), GN_OK);
    ++*fields[_i];
    ck_assert_int_eq(gn_early_judge(&early, &peer, &fault), GN_OK);
    *fields[_i] -= 2;
    ck_assert_int_eq(gn_early_judge(&early, &peer, &fault), GN_ERR_FORM);
    ck_assert_uint_eq(fault.wire_code, GN_FAULT_PROTOCOL_VIOLATION);
}
END_TEST

Suite *
gn_test_early(void)
{
    Suite *suite = suite_create("conn/early");
    TCase *good = tcase_create("good");
    TCase *limits = tcase_create("limits");

    tcase_add_checked_fixture(good, begin, end);
    tcase_add_checked_fixture(limits, begin, end);
    tcase_add_test(good, early_tells_tickets_in_their_order);
    tcase_add_loop_test(good, early_limit_that_is_taken_back_is_a_fault, 0, 8);
    tcase_add_test(limits, early_keeps_the_newest_tickets);
    tcase_add_test(limits, early_keeps_no_ticket_without_room);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, limits);
    return suite;
}
