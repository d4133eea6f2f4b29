/*
 * test_packet_pool.c: what sim/packet_pool.h promises, one promise a test.
 */
#include <check.h>
#include <string.h>

#include "sim/packet_pool.h"
#include "suites.h"
#include "support/random.h"

static gn_sim_packet_pool pool;

static void
set_up(void)
{
    gn_sim_packet_pool_init(&pool);
}

static void
tear_down(void)
{
    gn_sim_packet_pool_free(&pool);
}

START_TEST(packet_pool_packets_do_not_overlap)
{
    static const size_t lens[] = {0, 1, 40, 64, 65, 256, 257, 1200, 1280, 1281, 1500, 1536, 65535};
    gn_sim_packet *packets[13];

    for (int i = 0; i < 13; i++) {
        packets[i] = gn_sim_packet_pool_take(&pool, lens[i]);
        ck_assert_uint_eq(packets[i]->len, lens[i]);
        memset(packets[i]->bytes, i, lens[i]);
    }
    for (int i = 0; i < 13; i++)
        for (size_t at = 0; at < lens[i]; at++)
            ck_assert_int_eq(packets[i]->bytes[at], i);
    ck_assert_uint_eq(pool.used, 13);
}
END_TEST

START_TEST(packet_pool_taken_again_is_clean)
{
    gn_sim_packet *packet = gn_sim_packet_pool_take(&pool, 100);

    packet->flags = 3;
    packet->ecn = 3;
    packet->number = 77;
    gn_sim_packet_pool_give(&pool, packet);
    ck_assert_ptr_eq(gn_sim_packet_pool_take(&pool, 90), packet);
    ck_assert_uint_eq(packet->flags, 0);
    ck_assert_uint_eq(packet->ecn, 0);
    ck_assert_uint_eq(packet->number, 0);
}
END_TEST

START_TEST(packet_pool_stops_allocating_at_its_peak)
{
    gn_sim_packet *held[64] = {NULL};
    uint64_t state = 9;
    uint64_t warm = 0;

    for (int i = 0; i < 100000; i++) {
        const size_t at = gn_test_random(&state) % 64;

        if (held[at] != NULL)
            gn_sim_packet_pool_give(&pool, held[at]);
        held[at] = gn_sim_packet_pool_take(&pool, gn_test_random(&state) % 1500);
        if (i == 20000)
            warm = pool.allocated_bytes;
    }
    ck_assert_uint_eq(pool.allocated_bytes, warm);
    ck_assert_uint_le(pool.peak, 64);
}
END_TEST

START_TEST(packet_pool_acknowledgements_cost_little)
{
    for (int i = 0; i < 1000; i++)
        (void)gn_sim_packet_pool_take(&pool, 45);
    ck_assert_uint_lt(pool.allocated_bytes, 1000 * 256);
}
END_TEST

START_TEST(packet_pool_copy_has_all_fields_and_bytes)
{
    gn_sim_packet *packet = gn_sim_packet_pool_take(&pool, 300);
    gn_sim_packet *copy;

    memset(packet->bytes, 0x5a, 300);
    packet->number = 12;
    packet->source = gn_sim_address_v4(10, 0, 0, 1, 99);
    copy = gn_sim_packet_pool_copy(&pool, packet);
    ck_assert_ptr_ne(copy, packet);
    ck_assert_uint_eq(copy->number, 12);
    ck_assert(gn_sim_address_equal(&copy->source, &packet->source));
    ck_assert_mem_eq(copy->bytes, packet->bytes, 300);
}
END_TEST

Suite *
gn_test_packet_pool(void)
{
    Suite *suite = suite_create("sim/packet_pool");
    TCase *good = tcase_create("good");

    tcase_add_checked_fixture(good, set_up, tear_down);
    tcase_add_test(good, packet_pool_packets_do_not_overlap);
    tcase_add_test(good, packet_pool_taken_again_is_clean);
    tcase_add_test(good, packet_pool_stops_allocating_at_its_peak);
    tcase_add_test(good, packet_pool_acknowledgements_cost_little);
    tcase_add_test(good, packet_pool_copy_has_all_fields_and_bytes);
    suite_add_tcase(suite, good);
    return suite;
}
