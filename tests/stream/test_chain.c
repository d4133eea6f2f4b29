/*
 * test_chain.c: what stream/chain.h promises.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "stream/chain.h"
#include "suites.h"
#include "tests/support/random.h"
#include "tests/support/streams.h"

enum { CHUNKS = 12, NUMBERS = 64 };

static gn_test_pools pools;
static gn_slots chunks;
static gn_chain c;

static void
empty(void)
{
    gn_test_pools_init(&pools, CHUNKS, 0);
    chunks = gn_test_pools_chunks(&pools);
    gn_chain_init(&c);
}

static uint32_t
put(uint64_t number)
{
    const uint32_t at = gn_chain_put(&c, chunks, number * GN_CHUNK_BYTES);

    ck_assert_uint_eq(gn_chunks_at(chunks, at)->base_off, number * GN_CHUNK_BYTES);
    gn_chain_point(&c, chunks, at);
    ck_assert(gn_chain_check(&c, chunks));
    return at;
}

/* The number of the chunk that is found for this one, or -1. */
static int64_t
found(uint64_t number)
{
    const uint32_t at = gn_chain_find(&c, chunks, number * GN_CHUNK_BYTES);

    if (at == GN_POOL_NONE)
        return -1;
    return (int64_t)(gn_chunks_at(chunks, at)->base_off / GN_CHUNK_BYTES);
}

START_TEST(chain_put_twice_is_the_same_chunk)
{
    const uint32_t first = put(7);

    ck_assert_uint_ne(put(8), first);
    ck_assert_uint_eq(put(7), first);
    ck_assert_uint_eq(chunks.pool->used, 2);
}
END_TEST

START_TEST(chain_put_anywhere_keeps_the_order)
{
    static const uint64_t numbers[] = {5, 9, 2, 7, 6, 0, 11};

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        put(numbers[i]);
    ck_assert_uint_eq(gn_chunks_at(chunks, c.head)->base_off, 0);
    ck_assert_uint_eq(gn_chunks_at(chunks, c.tail)->base_off, 11 * GN_CHUNK_BYTES);
    ck_assert_uint_eq(chunks.pool->used, 7);
}
END_TEST

START_TEST(chain_find_is_the_last_one_at_or_below)
{
    ck_assert_int_eq(found(3), -1);
    put(2);
    put(5);
    put(9);
    put(5);
    ck_assert_int_eq(found(1), -1);
    ck_assert_int_eq(found(2), 2);
    ck_assert_int_eq(found(4), 2);
    ck_assert_int_eq(found(8), 5);
    ck_assert_int_eq(found(NUMBERS), 9);
}
END_TEST

START_TEST(chain_missing_counts_the_holes)
{
    ck_assert_uint_eq(gn_chain_missing(&c, chunks, 3, 5), 3);
    put(4);
    put(6);
    ck_assert_uint_eq(gn_chain_missing(&c, chunks, 3, 5), 2);
    ck_assert_uint_eq(gn_chain_missing(&c, chunks, 4, 4), 0);
    ck_assert_uint_eq(gn_chain_missing(&c, chunks, 0, 9), 8);
}
END_TEST

START_TEST(chain_drop_below_gives_back_what_ends_there)
{
    put(1);
    put(2);
    put(4);
    put(1);
    gn_chain_drop_below(&c, chunks, 2 * GN_CHUNK_BYTES - 1);
    ck_assert_int_eq(found(1), 1);
    gn_chain_drop_below(&c, chunks, 2 * GN_CHUNK_BYTES);
    ck_assert_int_eq(found(1), -1);
    ck_assert_int_eq(found(3), 2);
    ck_assert_uint_eq(c.hint, GN_POOL_NONE);
    ck_assert_uint_eq(chunks.pool->used, 2);
    gn_chain_drop_below(&c, chunks, 9 * GN_CHUNK_BYTES);
    ck_assert(gn_chain_check(&c, chunks));
    ck_assert_uint_eq(c.head, GN_POOL_NONE);
    ck_assert_uint_eq(chunks.pool->used, 0);
}
END_TEST

START_TEST(chain_drop_all_gives_everything_back)
{
    put(3);
    put(1);
    gn_chain_drop_all(&c, chunks);
    ck_assert(gn_chain_check(&c, chunks));
    ck_assert_uint_eq(c.head, GN_POOL_NONE);
    ck_assert_uint_eq(chunks.pool->used, 0);
}
END_TEST

START_TEST(chain_put_without_a_chunk_traps)
{
    for (uint64_t number = 0; number <= CHUNKS; number++)
        put(number);
}
END_TEST

START_TEST(chain_agrees_with_an_array)
{
    uint64_t state = (uint64_t)_i;
    bool here[NUMBERS] = {false};
    uint32_t used = 0;

    for (int step = 0; step < 200; step++) {
        const uint64_t number = gn_test_random(&state) % NUMBERS;
        int64_t last = -1;

        if (used < CHUNKS && !here[number]) {
            put(number);
            here[number] = true;
            used++;
        } else if (gn_test_random(&state) % 4 == 0) {
            gn_chain_drop_below(&c, chunks, number * GN_CHUNK_BYTES);
            for (uint64_t n = 0; n < number; n++) {
                used -= here[n] ? 1 : 0;
                here[n] = false;
            }
        }
        for (uint64_t n = 0; n < NUMBERS; n++) {
            if (here[n])
                last = (int64_t)n;
            ck_assert_int_eq(found(n), last);
            ck_assert_uint_eq(gn_chain_missing(&c, chunks, n, n), here[n] ? 0 : 1);
        }
        ck_assert(gn_chain_check(&c, chunks));
        ck_assert_uint_eq(chunks.pool->used, used);
    }
}
END_TEST

Suite *
gn_test_chain(void)
{
    Suite *suite = suite_create("stream/chain");
    TCase *good = tcase_create("good");
    TCase *full = tcase_create("limits");
    TCase *random = tcase_create("random");

    tcase_add_checked_fixture(good, empty, NULL);
    tcase_add_checked_fixture(full, empty, NULL);
    tcase_add_checked_fixture(random, empty, NULL);
    tcase_add_test(good, chain_put_twice_is_the_same_chunk);
    tcase_add_test(good, chain_put_anywhere_keeps_the_order);
    tcase_add_test(good, chain_find_is_the_last_one_at_or_below);
    tcase_add_test(good, chain_missing_counts_the_holes);
    tcase_add_test(good, chain_drop_below_gives_back_what_ends_there);
    tcase_add_test(good, chain_drop_all_gives_everything_back);
    tcase_add_test_raise_signal(full, chain_put_without_a_chunk_traps, SIGABRT);
    tcase_add_loop_test(random, chain_agrees_with_an_array, 0, 50);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, full);
    suite_add_tcase(suite, random);
    return suite;
}
