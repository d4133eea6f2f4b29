/*
 * test_network.c: what sim/network.h, sim/route.h and sim/nat.h promise, one promise a test.
 */
#include <check.h>
#include <string.h>

#include "gnomon.h"
#include "sim/network.h"
#include "suites.h"

static gn_sim_world world;
static gn_sim_network network;
static gn_sim_route_settings routes[2];
static gn_sim_datagram last[GN_SIM_FATES]; /* the latest of each fate */
static uint64_t fates[GN_SIM_FATES];
static gn_sim_packet *arrived[64];
static uint64_t arrived_us[64];
static size_t arrivals;

static void
on_datagram(void *context, const gn_sim_datagram *datagram)
{
    (void)context;
    fates[datagram->fate]++;
    last[datagram->fate] = *datagram;
}

static void
set_up(void)
{
    memset(fates, 0, sizeof fates);
    arrivals = 0;
    for (int i = 0; i < 2; i++) {
        routes[i] = (gn_sim_route_settings){.up_state = 1, .mtu_bytes = 1500};
        gn_sim_link_settings_default(&routes[i].link[GN_SIM_UP]);
        gn_sim_link_settings_default(&routes[i].link[GN_SIM_DOWN]);
        routes[i].link[GN_SIM_UP].delay_us = 1000;
        routes[i].link[GN_SIM_DOWN].delay_us = 2000;
    }
    gn_sim_world_init(&world, UINT64_MAX, 0);
}

static void
begin(void)
{
    gn_sim_network_init(&network, &world, routes, 2, 1,
                        (gn_sim_network_watch){.on_datagram = on_datagram});
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
        if (gn_sim_entry_class(&entry) == GN_SIM_CLASS_TRANSMIT) {
            gn_sim_link_transmit(entry.what);
        } else if (gn_sim_network_arrive(&network, entry.what)) {
            ck_assert_uint_lt(arrivals, 64);
            arrived_us[arrivals] = world.now_us;
            arrived[arrivals++] = entry.what;
        }
    }
    if (until_us != UINT64_MAX)
        world.now_us = until_us;
}

static const uint8_t hello[] = "hello";

static void
up(uint16_t route)
{
    gn_sim_network_send_up(&network, route, hello, sizeof hello, GN_MARK_ECT0);
}

START_TEST(network_carries_up_with_the_outside_address)
{
    begin();
    up(1);
    run(UINT64_MAX);
    ck_assert_uint_eq(arrivals, 1);
    ck_assert_mem_eq(arrived[0]->bytes, hello, sizeof hello);
    ck_assert_uint_eq(arrived[0]->to, GN_SIM_SERVER);
    ck_assert_uint_eq(arrived[0]->route, 1);
    ck_assert_uint_eq(arrived_us[0], 1000);
    ck_assert_uint_eq(arrived[0]->ecn, GN_MARK_ECT0);
    ck_assert(gn_sim_address_equal(&arrived[0]->source, &network.routes[1].nat.outside));
    ck_assert(gn_sim_address_equal(&last[GN_SIM_FATE_SENT].source, &network.routes[1].nat.inside));
    ck_assert(
        gn_sim_address_equal(&last[GN_SIM_FATE_DELIVERED].source, &network.routes[1].nat.outside));
}
END_TEST

START_TEST(network_carries_down_by_the_route_of_the_address)
{
    begin();
    gn_sim_network_send_down(&network, &network.routes[1].nat.outside, hello, sizeof hello, 0);
    run(UINT64_MAX);
    ck_assert_uint_eq(arrivals, 1);
    ck_assert_uint_eq(arrived[0]->route, 1);
    ck_assert_uint_eq(arrived_us[0], 2000);
    ck_assert(gn_sim_address_equal(&last[GN_SIM_FATE_DELIVERED].destination,
                                   &network.routes[1].nat.inside));
}
END_TEST

START_TEST(network_old_binding_is_dead_at_once)
{
    gn_sim_address before;

    begin();
    before = network.routes[0].nat.outside;
    gn_sim_nat_rebind_port(&network.routes[0].nat, 0, 0);
    gn_sim_network_send_down(&network, &before, hello, sizeof hello, 0);
    run(UINT64_MAX);
    ck_assert_uint_eq(arrivals, 0);
    ck_assert_uint_eq(fates[GN_SIM_FATE_DROPPED_NAT], 1);
    up(0);
    run(UINT64_MAX);
    ck_assert_uint_eq(arrived[0]->source.port, before.port + 17);
    ck_assert_mem_eq(arrived[0]->source.ip, before.ip, sizeof before.ip);
}
END_TEST

START_TEST(network_old_binding_lives_for_its_grace_and_no_longer)
{
    gn_sim_address before;

    begin();
    before = network.routes[0].nat.outside;
    gn_sim_nat_rebind_port(&network.routes[0].nat, 0, 5000);
    gn_sim_network_send_down(&network, &before, hello, sizeof hello, 0); /* arrives at 2000 */
    run(2999);
    gn_sim_network_send_down(&network, &before, hello, sizeof hello, 0); /* at 4999 */
    run(3000);
    gn_sim_network_send_down(&network, &before, hello, sizeof hello, 0); /* at 5000 */
    run(UINT64_MAX);
    ck_assert_uint_eq(arrivals, 2);
    ck_assert_uint_eq(fates[GN_SIM_FATE_DROPPED_NAT], 1);
}
END_TEST

START_TEST(network_rebinding_the_address_changes_address_and_port)
{
    gn_sim_address before;

    begin();
    before = network.routes[0].nat.outside;
    gn_sim_nat_rebind_address(&network.routes[0].nat, 0, 0);
    ck_assert_uint_ne(network.routes[0].nat.outside.port, before.port);
    ck_assert_mem_ne(network.routes[0].nat.outside.ip, before.ip, sizeof before.ip);
    ck_assert_uint_eq(gn_sim_network_route_of(&network, &network.routes[0].nat.outside), 0);
}
END_TEST

START_TEST(network_datagrams_in_flight_keep_the_old_source)
{
    gn_sim_address before;

    begin();
    before = network.routes[0].nat.outside;
    up(0);
    gn_sim_nat_rebind_port(&network.routes[0].nat, 0, 0);
    run(UINT64_MAX);
    ck_assert(gn_sim_address_equal(&arrived[0]->source, &before));
}
END_TEST

START_TEST(network_change_of_route_is_one_event)
{
    gn_sim_route_settings changed;

    begin();
    up(0);
    changed = network.routes[0].settings;
    changed.link[GN_SIM_UP].delay_us = 50000;
    changed.link[GN_SIM_UP].rate_bits = 8000;
    changed.mtu_bytes = 1300;
    changed.ecn = GN_SIM_ECN_BLEACH;
    gn_sim_route_change(&network.routes[0], &changed);
    up(0);
    run(UINT64_MAX);
    ck_assert_uint_eq(arrived_us[0], 1000); /* by the old physics */
    ck_assert_uint_eq(arrived[0]->ecn, GN_MARK_ECT0);
    ck_assert_uint_eq(arrived_us[1], (sizeof hello + 28) * 1000 + 50000);
    ck_assert_uint_eq(arrived[1]->ecn, GN_MARK_NOT_ECT);
    ck_assert_uint_eq(network.routes[0].link[GN_SIM_DOWN].settings.mtu_bytes, 1300);
}
END_TEST

START_TEST(network_cut_route_carries_nothing_until_restored)
{
    begin();
    gn_sim_route_set_up(&network.routes[0], false);
    up(0);
    gn_sim_network_send_down(&network, &network.routes[0].nat.outside, hello, sizeof hello, 0);
    run(UINT64_MAX);
    ck_assert_uint_eq(arrivals, 0);
    ck_assert_uint_eq(fates[GN_SIM_FATE_DROPPED_BLACKOUT], 2);
    gn_sim_route_set_up(&network.routes[0], true);
    up(0);
    run(UINT64_MAX);
    ck_assert_uint_eq(arrivals, 1);
}
END_TEST

static const struct {
    gn_sim_ecn treatment;
    uint8_t in;
    uint8_t out;
} marks[] = {
    {GN_SIM_ECN_PASS, GN_MARK_ECT0, GN_MARK_ECT0},
    {GN_SIM_ECN_PASS, GN_MARK_CE, GN_MARK_CE},
    {GN_SIM_ECN_BLEACH, GN_MARK_ECT0, GN_MARK_NOT_ECT},
    {GN_SIM_ECN_BLEACH, GN_MARK_CE, GN_MARK_NOT_ECT},
    {GN_SIM_ECN_REMARK, GN_MARK_ECT0, GN_MARK_ECT1},
    {GN_SIM_ECN_REMARK, GN_MARK_NOT_ECT, GN_MARK_NOT_ECT},
    {GN_SIM_ECN_MARK_ALL, GN_MARK_ECT0, GN_MARK_CE},
    {GN_SIM_ECN_MARK_ALL, GN_MARK_NOT_ECT, GN_MARK_NOT_ECT},
    {GN_SIM_ECN_DROP, GN_MARK_NOT_ECT, GN_MARK_NOT_ECT},
};

START_TEST(network_treats_marks_as_the_route_says)
{
    routes[0].ecn = marks[_i].treatment;
    begin();
    gn_sim_network_send_up(&network, 0, hello, sizeof hello, marks[_i].in);
    run(UINT64_MAX);
    ck_assert_uint_eq(arrivals, 1);
    ck_assert_uint_eq(arrived[0]->ecn, marks[_i].out);
}
END_TEST

START_TEST(network_that_drops_marks_drops_them)
{
    routes[0].ecn = GN_SIM_ECN_DROP;
    begin();
    up(0);
    run(UINT64_MAX);
    ck_assert_uint_eq(arrivals, 0);
    ck_assert_uint_eq(network.pool.used, 0);
}
END_TEST

START_TEST(network_mtu_of_a_link_counts_before_the_routes)
{
    static const uint8_t large[1400];

    routes[0].mtu_bytes = 1300;
    routes[0].link[GN_SIM_DOWN].mtu_bytes = 1500;
    begin();
    gn_sim_network_send_up(&network, 0, large, sizeof large, 0);
    gn_sim_network_send_down(&network, &network.routes[0].nat.outside, large, sizeof large, 0);
    run(UINT64_MAX);
    ck_assert_uint_eq(fates[GN_SIM_FATE_DROPPED_MTU], 1);
    ck_assert_uint_eq(arrivals, 1);
    ck_assert_uint_eq(arrived[0]->to, GN_SIM_CLIENT);
}
END_TEST

Suite *
gn_test_network(void)
{
    Suite *suite = suite_create("sim/network");
    TCase *good = tcase_create("good");

    tcase_add_checked_fixture(good, set_up, tear_down);
    tcase_add_test(good, network_carries_up_with_the_outside_address);
    tcase_add_test(good, network_carries_down_by_the_route_of_the_address);
    tcase_add_test(good, network_old_binding_is_dead_at_once);
    tcase_add_test(good, network_old_binding_lives_for_its_grace_and_no_longer);
    tcase_add_test(good, network_rebinding_the_address_changes_address_and_port);
    tcase_add_test(good, network_datagrams_in_flight_keep_the_old_source);
    tcase_add_test(good, network_change_of_route_is_one_event);
    tcase_add_test(good, network_cut_route_carries_nothing_until_restored);
    tcase_add_loop_test(good, network_treats_marks_as_the_route_says, 0,
                        (int)(sizeof marks / sizeof marks[0]));
    tcase_add_test(good, network_that_drops_marks_drops_them);
    tcase_add_test(good, network_mtu_of_a_link_counts_before_the_routes);
    suite_add_tcase(suite, good);
    return suite;
}
