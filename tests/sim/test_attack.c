/*
 * test_attack.c: what sim/attack.h promises of those who tamper with datagrams.
 */
#include <check.h>
#include <string.h>

#include "crypto/suite_wolfcrypt.h"
#include "gnomon.h"
#include "sim/icmp.h"
#include "sim/network.h"
#include "suites.h"

enum { ARRIVALS = 20000, DELAY_US = 20000 };

static gn_sim_world world;
static gn_sim_network network;
static gn_sim_route_settings routes[2];
static gn_sim_attack_settings settings;
static uint64_t fates[GN_SIM_FATES];
static const gn_sim_packet *arrived[ARRIVALS];
static uint64_t arrived_us[ARRIVALS];
static size_t arrivals;

static void
on_datagram(void *context, const gn_sim_datagram *datagram)
{
    (void)context;
    fates[datagram->fate]++;
}

static void
set_up(void)
{
    memset(fates, 0, sizeof fates);
    arrivals = 0;
    for (int i = 0; i < 2; i++) {
        gn_sim_route_settings_default(&routes[i]);
        routes[i].name[0] = (char)('a' + i);
        routes[i].link[GN_SIM_UP].delay_us = DELAY_US;
        routes[i].link[GN_SIM_DOWN].delay_us = DELAY_US;
    }
    gn_sim_attack_settings_default(&settings);
    gn_sim_world_init(&world, UINT64_MAX, 0);
}

static void
begin(gn_sim_attack_kind kind)
{
    settings.kind = kind;
    gn_sim_network_init(&network, &world, routes, 2, 1,
                        (gn_sim_network_watch){.on_datagram = on_datagram});
    gn_sim_network_add_attacks(&network, &settings, 1, gn_suite_wolfcrypt(), 1);
}

static void
tear_down(void)
{
    gn_sim_network_free(&network);
    gn_sim_world_free(&world);
}

static void
run(uint64_t until_us)
{
    gn_sim_entry entry;

    world.limit_us = until_us;
    while (gn_sim_world_next(&world, &entry) == GN_SIM_STEP_GO) {
        if (gn_sim_entry_class(&entry) == GN_SIM_CLASS_HELD) {
            gn_sim_network_release(&network, entry.what);
        } else if (gn_sim_network_arrive(&network, entry.what)) {
            ck_assert_uint_lt(arrivals, ARRIVALS);
            gn_sim_network_read(&network, entry.what);
            arrived_us[arrivals] = world.now_us;
            arrived[arrivals++] = entry.what;
        }
    }
    if (until_us != UINT64_MAX)
        world.now_us = until_us;
}

/* Datagrams of 100 bytes that begin like a short header, or as a test says. */
static uint8_t first_byte = 0x40;

static void
up(uint16_t route)
{
    uint8_t bytes[100] = {first_byte, 1, 2, 3};

    gn_sim_network_send_up(&network, route, bytes, sizeof bytes, GN_MARK_ECT0);
}

static void
down(void)
{
    const uint8_t bytes[100] = {0x40, 9};

    gn_sim_network_send_down(&network, &network.routes[0].nat.outside, bytes, sizeof bytes, 0);
}

/* Of ten, from the third on, four times. */
START_TEST(attack_drops_those_it_is_told_to)
{
    settings.first = 3;
    settings.times = 4;
    begin(GN_SIM_ATTACK_DROP);
    for (int i = 0; i < 10; i++)
        up(0);
    run(UINT64_MAX);
    ck_assert_uint_eq(arrivals, 6);
    ck_assert_uint_eq(fates[GN_SIM_FATE_DROPPED_ATTACKER], 4);
    ck_assert_uint_eq(arrived[1]->number, 1);
    ck_assert_uint_eq(arrived[2]->number, 6);
    ck_assert_uint_eq(network.attacks[0].done, 4);
}
END_TEST

START_TEST(attack_touches_its_route_and_direction_only)
{
    settings.times = UINT64_MAX;
    begin(GN_SIM_ATTACK_DROP);
    up(0);
    up(1);
    down();
    run(UINT64_MAX);
    ck_assert_uint_eq(arrivals, 2);
    ck_assert_uint_eq(fates[GN_SIM_FATE_DROPPED_ATTACKER], 1);
}
END_TEST

START_TEST(attack_begins_when_it_is_told_to)
{
    settings.at_us = 1000;
    begin(GN_SIM_ATTACK_DROP);
    up(0);
    run(999);
    up(0);
    run(1000);
    up(0);
    up(0);
    run(UINT64_MAX);
    ck_assert_uint_eq(arrivals, 3);
    ck_assert_uint_eq(network.attacks[0].done, 1);
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
    run(UINT64_MAX);
    ck_assert_uint_eq(arrivals, kinds[_i].meant ? 0 : 1);
}
END_TEST

START_TEST(attack_waits_for_large_ones_when_told)
{
    settings.min_bytes = (uint64_t)(100 + _i);
    begin(GN_SIM_ATTACK_DROP);
    up(0);
    run(UINT64_MAX);
    ck_assert_uint_eq(arrivals, (size_t)_i);
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
    run(UINT64_MAX);
    ck_assert_uint_ge(network.attacks[0].done, 2285);
    ck_assert_uint_le(network.attacks[0].done, 2715);
}
END_TEST

START_TEST(attack_delays_and_lets_go)
{
    settings.delay_us = 5000;
    begin(GN_SIM_ATTACK_DELAY);
    up(0);
    up(0);
    ck_assert_uint_eq(network.injected, 1);
    run(UINT64_MAX);
    ck_assert_uint_eq(network.injected, 0);
    ck_assert_uint_eq(arrived[0]->number, 1);
    ck_assert_uint_eq(arrived[1]->number, 0);
    ck_assert_uint_eq(arrived_us[1], DELAY_US + 5000);
}
END_TEST

START_TEST(attack_flips_as_many_bits_as_told)
{
    unsigned flipped = 0;

    settings.bits = 3;
    begin(GN_SIM_ATTACK_MODIFY);
    up(0);
    up(0);
    run(UINT64_MAX);
    for (size_t i = 0; i < 100; i++)
        for (unsigned bit = 0; bit < 8; bit++)
            flipped += (arrived[0]->bytes[i] ^ arrived[1]->bytes[i]) >> bit & 1;
    ck_assert_uint_ge(flipped, 1); /* two may hit the same bit */
    ck_assert_uint_le(flipped, 3);
    ck_assert_uint_eq(flipped % 2, 1);
    ck_assert_uint_ne(arrived[0]->flags & GN_SIM_PACKET_CORRUPTED, 0);
    ck_assert_uint_eq(fates[GN_SIM_FATE_CORRUPTED], 1);
}
END_TEST

/* The copy of somebody beside the way wins by exactly its lead. */
START_TEST(attack_copy_races_the_original)
{
    settings.lead_us = 5000;
    settings.source = GN_SIM_ATTACK_OWN;
    begin(GN_SIM_ATTACK_COPY);
    up(0);
    run(UINT64_MAX);
    ck_assert_uint_eq(arrivals, 2);
    ck_assert_uint_eq(arrived_us[0], DELAY_US - 5000);
    ck_assert_uint_eq(arrived_us[1], DELAY_US);
    ck_assert_mem_eq(arrived[0]->bytes, arrived[1]->bytes, 100);
    ck_assert_uint_ne(arrived[0]->flags & GN_SIM_PACKET_INJECTED, 0);
    ck_assert(!gn_sim_route_owns(&network.routes[0], &arrived[0]->source));
    ck_assert(gn_sim_route_owns(&network.routes[0], &arrived[1]->source));
    ck_assert_uint_eq(fates[GN_SIM_FATE_SENT], 1);
    ck_assert_uint_eq(fates[GN_SIM_FATE_INJECTED], 1);
}
END_TEST

START_TEST(attack_replays_later)
{
    settings.delay_us = 30000000;
    begin(GN_SIM_ATTACK_COPY);
    up(0);
    run(1000000);
    ck_assert_uint_eq(arrivals, 1);
    ck_assert_uint_eq(network.injected, 1);
    run(UINT64_MAX);
    ck_assert_uint_eq(arrivals, 2);
    ck_assert_uint_eq(arrived_us[1], 30000000 + DELAY_US);
    ck_assert(gn_sim_address_equal(&arrived[0]->source, &arrived[1]->source));
}
END_TEST

/* _i: ahead to the server, or back to the client with the server's address on it. */
START_TEST(attack_sends_ahead_or_back)
{
    settings.bytes = 77;
    settings.target = (uint64_t)_i;
    begin(GN_SIM_ATTACK_GARBAGE);
    up(0);
    run(UINT64_MAX);
    ck_assert_uint_eq(arrivals, 2);
    const gn_sim_packet *made = arrived[0]->len == 77 ? arrived[0] : arrived[1];
    ck_assert_uint_eq(made->len, 77);
    ck_assert_uint_eq(made->to, _i == 0 ? GN_SIM_SERVER : GN_SIM_CLIENT);
    if (_i == 1)
        ck_assert(gn_sim_address_equal(&made->source, &network.server[0]));
}
END_TEST

START_TEST(attack_too_big_quotes_what_nobody_sent)
{
    gn_sim_icmp message;

    settings.bytes = 1250;
    settings.target = GN_SIM_ATTACK_BACK;
    begin(GN_SIM_ATTACK_TOO_BIG);
    up(0);
    run(UINT64_MAX);
    ck_assert_uint_eq(arrivals, 2);
    ck_assert_uint_ne(arrived[0]->flags & GN_SIM_PACKET_TOO_BIG, 0);
    ck_assert_uint_eq(arrived[1]->flags & GN_SIM_PACKET_TOO_BIG, 0);
    ck_assert_uint_eq(arrived[0]->to, GN_SIM_CLIENT);
    ck_assert(gn_sim_icmp_read(arrived[0]->bytes, arrived[0]->len, &message));
    ck_assert_uint_eq(message.mtu_bytes, 1250);
    ck_assert(gn_sim_address_equal(&message.source, &network.routes[0].nat.outside));
    ck_assert_mem_ne(message.quote, arrived[1]->bytes, message.quote_len);
    ck_assert_uint_eq(fates[GN_SIM_FATE_INJECTED], 0); /* it is no datagram */
}
END_TEST

/* Another attacker with a stream of its own shifts nothing of the first one's. */
START_TEST(attack_chance_is_its_own)
{
    gn_sim_attack_settings two[2];
    uint8_t bytes[100];

    begin(GN_SIM_ATTACK_MODIFY);
    up(0);
    run(UINT64_MAX);
    memcpy(bytes, arrived[0]->bytes, sizeof bytes);
    tear_down();
    set_up();
    settings.times = 1;
    begin(GN_SIM_ATTACK_MODIFY);
    two[0] = settings;
    two[1] = settings;
    two[1].kind = GN_SIM_ATTACK_GARBAGE;
    gn_sim_network_add_attacks(&network, two, 2, gn_suite_wolfcrypt(), 1);
    up(0);
    run(UINT64_MAX);
    const gn_sim_packet *first = arrived[0]->len == 100 ? arrived[0] : arrived[1];
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
