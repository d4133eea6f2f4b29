/*
 * test_icmp.c: what sim/icmp.h promises of the messages about too large packets.
 */
#include <check.h>
#include <string.h>

#include "sim/icmp.h"
#include "suites.h"

static uint8_t bytes[GN_SIM_ICMP_BYTES_MAX];
static uint8_t quote[1400];
static gn_sim_icmp message;
static gn_sim_icmp back;

static void
set_up(void)
{
    for (size_t i = 0; i < sizeof quote; i++)
        quote[i] = (uint8_t)(i * 7 + 1);
    message = (gn_sim_icmp){.source = gn_sim_address_v4(198, 18, 3, 1, 50017),
                            .destination = gn_sim_address_v4(203, 0, 113, 1, 443),
                            .mtu_bytes = 1280,
                            .packet_bytes = 1428,
                            .quote = quote};
}

/* Quotes of all lengths, odd ones too; what is too long is cut. */
START_TEST(icmp_write_then_read_is_the_same)
{
    for (size_t quoted = 0; quoted <= sizeof quote; quoted += 7) {
        message.quote_len = quoted;
        const size_t len = gn_sim_icmp_write(&message, bytes);
        ck_assert_uint_le(len, GN_SIM_ICMP_BYTES_MAX);
        ck_assert(gn_sim_icmp_read(bytes, len, &back));
        ck_assert(gn_sim_address_equal(&back.source, &message.source));
        ck_assert(gn_sim_address_equal(&back.destination, &message.destination));
        ck_assert_uint_eq(back.mtu_bytes, 1280);
        ck_assert_uint_eq(back.packet_bytes, 1428);
        ck_assert_uint_eq(back.quote_len, quoted < 520 ? quoted : 520);
        ck_assert_mem_eq(back.quote, quote, back.quote_len);
    }
}
END_TEST

START_TEST(icmp_any_flipped_bit_is_noticed)
{
    message.quote_len = 40;
    const size_t len = gn_sim_icmp_write(&message, bytes);

    for (size_t bit = 0; bit < 8 * len; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        ck_assert(!gn_sim_icmp_read(bytes, len, &back));
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
}
END_TEST

START_TEST(icmp_cut_in_the_headers_is_refused)
{
    message.quote_len = 0;
    (void)gn_sim_icmp_write(&message, bytes);
    for (size_t len = 0; len < GN_SIM_ICMP_HEAD_BYTES; len++)
        ck_assert(!gn_sim_icmp_read(bytes, len, &back));
}
END_TEST

Suite *
gn_test_icmp(void)
{
    Suite *suite = suite_create("sim/icmp");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_checked_fixture(good, set_up, NULL);
    tcase_add_checked_fixture(hostile, set_up, NULL);
    tcase_add_test(good, icmp_write_then_read_is_the_same);
    tcase_add_test(hostile, icmp_any_flipped_bit_is_noticed);
    tcase_add_test(hostile, icmp_cut_in_the_headers_is_refused);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
