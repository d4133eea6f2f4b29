/*
 * test_attack.c: what sim/attack.h promises of those who tamper with datagrams.
 */
#include <check.h>
#include <string.h>

#include "crypto/suite_wolfcrypt.h"
#include "gnomon.h"
#include "sim/icmp.h"
#include "suites.h"
#include "tests/support/air.h"

enum { DELAY_US = 20000 };

static gn_test_air air;
static gn_sim_attack_settings settings;

static void
set_up(void)
{
    gn_test_air_init(&air, DELAY_US, DELAY_US);
    gn_sim_attack_settings_default(&settings);
}

static void
begin(gn_sim_attack_kind kind)
{
    settings.kind = kind;
    gn_test_air_begin(&air);
    gn_sim_network_add_attacks(&air.network, &settings, 1, gn_suite_wolfcrypt(), 1);
}

static void
tear_down(void)
{
    gn_test_air_end(&air);
}

/* Datagrams of 100 bytes that begin like a short header, or as a test says. */
static uint8_t first_byte = 0x40;

static void
up(uint16_t route)
{
    uint8_t bytes[100] = {first_byte, 1, 2, 3};

    gn_sim_network_send_up(&air.network, route, bytes, sizeof bytes, GN_MARK_ECT0);
}

static void
down(void)
{
    const uint8_t bytes[100] = {0x40, 9};

    gn_sim_network_send_down(&air.network, &air.network.routes[0].nat.outside, bytes, sizeof bytes,
                             0);
}

/* Of ten, from the third on, four times. */
START_TEST(attack_drops_those_it_is_told_to)
{
    settings.first = 3;
    settings.times = 4;
    begin(GN_SIM_ATTACK_DROP);
    for (int i = 0; i < 10; i++)
        up(0);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.arrivals, 6);
    ck_assert_uint_eq(air.fates[GN_SIM_FATE_DROPPED_ATTACKER], 4);
    ck_assert_uint_eq(air.arrived[1]->number, 1);
    ck_assert_uint_eq(air.arrived[2]->number, 6);
    ck_assert_uint_eq(air.network.attacks[0].done, 4);
}
END_TEST

START_TEST(attack_touches_its_route_and_direction_only)
{
    settings.times = UINT64_MAX;
    begin(GN_SIM_ATTACK_DROP);
    up(0);
    up(1);
    down();
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.arrivals, 2);
    ck_assert_uint_eq(air.fates[GN_SIM_FATE_DROPPED_ATTACKER], 1);
}
END_TEST

START_TEST(attack_begins_when_it_is_told_to)
{
    settings.at_us = 1000;
    begin(GN_SIM_ATTACK_DROP);
    up(0);
    gn_test_air_run(&air, 999);
    up(0);
    gn_test_air_run(&air, 1000);
    up(0);
    up(0);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.arrivals, 3);
    ck_assert_uint_eq(air.network.attacks[0].done, 1);
}
END_TEST

static const struct {
    uint8_t first_byte;
    gn_sim_attack_packets packets;
    bool meant;
} kinds[] = {
    {0x40, GN_SIM_ATTACK_ANY, true},        {0x40, GN_SIM_ATTACK_SHORT, true},
    {0x40, GN_SIM_ATTACK_LONG, false},      {0xc0, GN_SIM_ATTACK_SHORT, false},
    {0xc0, GN_SIM_ATTACK_LONG, true},       {0xc3, GN_SIM_ATTACK_INITIAL, true},
    {0xc3, GN_SIM_ATTACK_HANDSHAKE, false}, {0xe1, GN_SIM_ATTACK_HANDSHAKE, true},
    {0xe1, GN_SIM_ATTACK_INITIAL, false},   {0x60, GN_SIM_ATTACK_HANDSHAKE, false},
};

START_TEST(attack_waits_for_the_packets_it_is_told)
{
    settings.packets = kinds[_i].packets;
    first_byte = kinds[_i].first_byte;
    begin(GN_SIM_ATTACK_DROP);
    up(0);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.arrivals, kinds[_i].meant ? 0 : 1);
}
END_TEST

START_TEST(attack_waits_for_large_ones_when_told)
{
    settings.min_bytes = (uint64_t)(100 + _i);
    begin(GN_SIM_ATTACK_DROP);
    up(0);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.arrivals, (size_t)_i);
}
END_TEST

/* 25 % of 10,000: 2500 with a deviation of 43; five of them. */
START_TEST(attack_acts_on_the_share_it_is_told)
{
    settings.share = (gn_sim_ratio){1, 4};
    settings.times = UINT64_MAX;
    begin(GN_SIM_ATTACK_DROP);
    for (int i = 0; i < 10000; i++)
        up(0);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_ge(air.network.attacks[0].done, 2285);
    ck_assert_uint_le(air.network.attacks[0].done, 2715);
}
END_TEST

START_TEST(attack_delays_and_lets_go)
{
    settings.delay_us = 5000;
    begin(GN_SIM_ATTACK_DELAY);
    up(0);
    up(0);
    ck_assert_uint_eq(air.network.injected, 1);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.network.injected, 0);
    ck_assert_uint_eq(air.arrived[0]->number, 1);
    ck_assert_uint_eq(air.arrived[1]->number, 0);
    ck_assert_uint_eq(air.arrived_us[1], DELAY_US + 5000);
}
END_TEST

START_TEST(attack_flips_as_many_bits_as_told)
{
    unsigned flipped = 0;

    settings.bits = 3;
    begin(GN_SIM_ATTACK_MODIFY);
    up(0);
    up(0);
    gn_test_air_run(&air, UINT64_MAX);
    for (size_t i = 0; i < 100; i++)
        for (unsigned bit = 0; bit < 8; bit++)
            flipped += (air.arrived[0]->bytes[i] ^ air.arrived[1]->bytes[i]) >> bit & 1;
    ck_assert_uint_ge(flipped, 1); /* two may hit the same bit */
    ck_assert_uint_le(flipped, 3);
    ck_assert_uint_eq(flipped % 2, 1);
    ck_assert_uint_ne(air.arrived[0]->flags & GN_SIM_PACKET_CORRUPTED, 0);
    ck_assert_uint_eq(air.fates[GN_SIM_FATE_CORRUPTED], 1);
}
END_TEST

/* The copy of somebody beside the way wins by exactly its lead. */
START_TEST(attack_copy_races_the_original)
{
    settings.lead_us = 5000;
    settings.source = GN_SIM_ATTACK_OWN;
    begin(GN_SIM_ATTACK_COPY);
    up(0);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.arrivals, 2);
    ck_assert_uint_eq(air.arrived_us[0], DELAY_US - 5000);
    ck_assert_uint_eq(air.arrived_us[1], DELAY_US);
    ck_assert_mem_eq(air.arrived[0]->bytes, air.arrived[1]->bytes, 100);
    ck_assert_uint_ne(air.arrived[0]->flags & GN_SIM_PACKET_INJECTED, 0);
    ck_assert(!gn_sim_route_owns(&air.network.routes[0], &air.arrived[0]->source));
    ck_assert(gn_sim_route_owns(&air.network.routes[0], &air.arrived[1]->source));
    ck_assert_uint_eq(air.fates[GN_SIM_FATE_SENT], 1);
    ck_assert_uint_eq(air.fates[GN_SIM_FATE_INJECTED], 1);
}
END_TEST

START_TEST(attack_replays_later)
{
    settings.delay_us = 30000000;
    begin(GN_SIM_ATTACK_COPY);
    up(0);
    gn_test_air_run(&air, 1000000);
    ck_assert_uint_eq(air.arrivals, 1);
    ck_assert_uint_eq(air.network.injected, 1);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.arrivals, 2);
    ck_assert_uint_eq(air.arrived_us[1], 30000000 + DELAY_US);
    ck_assert(gn_sim_address_equal(&air.arrived[0]->source, &air.arrived[1]->source));
}
END_TEST

/* _i: ahead to the server, or back to the client with the server's address on it. */
START_TEST(attack_sends_ahead_or_back)
{
    settings.bytes = 77;
    settings.target = (uint64_t)_i;
    begin(GN_SIM_ATTACK_GARBAGE);
    up(0);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.arrivals, 2);
    const gn_sim_packet *made = air.arrived[0]->len == 77 ? air.arrived[0] : air.arrived[1];
    ck_assert_uint_eq(made->len, 77);
    ck_assert_uint_eq(made->to, _i == 0 ? GN_SIM_SERVER : GN_SIM_CLIENT);
    if (_i == 1)
        ck_assert(gn_sim_address_equal(&made->source, &air.network.server[0]));
}
END_TEST

START_TEST(attack_too_big_quotes_what_nobody_sent)
{
    gn_sim_icmp message;

    settings.bytes = 1250;
    settings.target = GN_SIM_ATTACK_BACK;
    begin(GN_SIM_ATTACK_TOO_BIG);
    up(0);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.arrivals, 2);
    ck_assert_uint_ne(air.arrived[0]->flags & GN_SIM_PACKET_TOO_BIG, 0);
    ck_assert_uint_eq(air.arrived[1]->flags & GN_SIM_PACKET_TOO_BIG, 0);
    ck_assert_uint_eq(air.arrived[0]->to, GN_SIM_CLIENT);
    ck_assert(gn_sim_icmp_read(air.arrived[0]->bytes, air.arrived[0]->len, &message));
    ck_assert_uint_eq(message.mtu_bytes, 1250);
    ck_assert(gn_sim_address_equal(&message.source, &air.network.routes[0].nat.outside));
    ck_assert_mem_ne(message.quote, air.arrived[1]->bytes, message.quote_len);
    ck_assert_uint_eq(air.fates[GN_SIM_FATE_INJECTED], 0); /* it is no datagram */
}
END_TEST

/* Another attacker with a stream of its own shifts nothing of the first one's. */
START_TEST(attack_chance_is_its_own)
{
    gn_sim_attack_settings two[2];
    uint8_t bytes[100];

    begin(GN_SIM_ATTACK_MODIFY);
    up(0);
    gn_test_air_run(&air, UINT64_MAX);
    memcpy(bytes, air.arrived[0]->bytes, sizeof bytes);
    tear_down();
    set_up();
    settings.times = 1;
    begin(GN_SIM_ATTACK_MODIFY);
    two[0] = settings;
    two[1] = settings;
    two[1].kind = GN_SIM_ATTACK_GARBAGE;
    gn_sim_network_add_attacks(&air.network, two, 2, gn_suite_wolfcrypt(), 1);
    up(0);
    gn_test_air_run(&air, UINT64_MAX);
    const gn_sim_packet *first = air.arrived[0]->len == 100 ? air.arrived[0] : air.arrived[1];
    ck_assert_mem_eq(first->bytes, bytes, sizeof bytes);
}
END_TEST

Suite *
gn_test_attack(void)
{
    Suite *suite = suite_create("sim/attack");
    TCase *good = tcase_create("good");

    tcase_add_checked_fixture(good, set_up, tear_down);
    tcase_add_test(good, attack_drops_those_it_is_told_to);
    tcase_add_test(good, attack_touches_its_route_and_direction_only);
    tcase_add_test(good, attack_begins_when_it_is_told_to);
    tcase_add_loop_test(good, attack_waits_for_the_packets_it_is_told, 0,
                        (int)(sizeof kinds / sizeof kinds[0]));
    tcase_add_loop_test(good, attack_waits_for_large_ones_when_told, 0, 2);
    tcase_add_test(good, attack_acts_on_the_share_it_is_told);
    tcase_add_test(good, attack_delays_and_lets_go);
    tcase_add_test(good, attack_flips_as_many_bits_as_told);
    tcase_add_test(good, attack_copy_races_the_original);
    tcase_add_test(good, attack_replays_later);
    tcase_add_loop_test(good, attack_sends_ahead_or_back, 0, 2);
    tcase_add_test(good, attack_too_big_quotes_what_nobody_sent);
    tcase_add_test(good, attack_chance_is_its_own);
    suite_add_tcase(suite, good);
    return suite;
}
