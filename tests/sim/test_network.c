/*
 * test_network.c: what sim/network.h, sim/route.h and sim/nat.h promise, one promise a test.
 */
#include <check.h>
#include <string.h>

#include "gnomon.h"
#include "sim/icmp.h"
#include "suites.h"
#include "tests/support/air.h"

static gn_test_air air;

static void
set_up(void)
{
    gn_test_air_init(&air, 1000, 2000);
}

static void
begin(void)
{
    gn_test_air_begin(&air);
}

static void
tear_down(void)
{
    gn_test_air_end(&air);
}

static const uint8_t hello[] = "hello";

static void
up(uint16_t route)
{
    gn_sim_network_send_up(&air.network, route, hello, sizeof hello, GN_MARK_ECT0);
}

START_TEST(network_carries_up_with_the_outside_address)
{
    begin();
    up(1);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.arrivals, 1);
    ck_assert_mem_eq(air.arrived[0]->bytes, hello, sizeof hello);
    ck_assert_uint_eq(air.arrived[0]->to, GN_SIM_SERVER);
    ck_assert_uint_eq(air.arrived[0]->route, 1);
    ck_assert_uint_eq(air.arrived_us[0], 1000);
    ck_assert_uint_eq(air.arrived[0]->ecn, GN_MARK_ECT0);
    ck_assert(gn_sim_address_equal(&air.arrived[0]->source, &air.network.routes[1].nat.outside));
    ck_assert(gn_sim_address_equal(&air.last[GN_SIM_FATE_SENT].source,
                                   &air.network.routes[1].nat.inside));
    ck_assert(gn_sim_address_equal(&air.last[GN_SIM_FATE_DELIVERED].source,
                                   &air.network.routes[1].nat.outside));
}
END_TEST

START_TEST(network_carries_down_by_the_route_of_the_address)
{
    begin();
    gn_sim_network_send_down(&air.network, &air.network.routes[1].nat.outside, hello, sizeof hello,
                             0);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.arrivals, 1);
    ck_assert_uint_eq(air.arrived[0]->route, 1);
    ck_assert_uint_eq(air.arrived_us[0], 2000);
    ck_assert(gn_sim_address_equal(&air.last[GN_SIM_FATE_DELIVERED].destination,
                                   &air.network.routes[1].nat.inside));
}
END_TEST

/* RFC 9000 9.6: each route has its own end at the server, both ways. */
START_TEST(network_routes_lead_to_the_address_they_say)
{
    air.routes[1].leads_to = GN_SIM_SERVER_PREFERRED;
    begin();
    for (uint16_t route = 0; route < 2; route++) {
        const gn_sim_address *server = &air.network.server[route];
        up(route);
        gn_sim_network_send_down(&air.network, &air.network.routes[route].nat.outside, hello,
                                 sizeof hello, 0);
        gn_test_air_run(&air, UINT64_MAX);
        ck_assert(gn_sim_address_equal(gn_sim_network_server(&air.network, route), server));
        ck_assert(gn_sim_address_equal(&air.arrived[2 * route]->destination, server));
        ck_assert(gn_sim_address_equal(&air.arrived[2 * route + 1]->source, server));
    }
    ck_assert(!gn_sim_address_equal(&air.network.server[0], &air.network.server[1]));
}
END_TEST

START_TEST(network_old_binding_is_dead_at_once)
{
    gn_sim_address before;

    begin();
    before = air.network.routes[0].nat.outside;
    gn_sim_nat_rebind(&air.network.routes[0].nat, GN_SIM_NAT_PORT, 0);
    gn_sim_network_send_down(&air.network, &before, hello, sizeof hello, 0);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.arrivals, 0);
    ck_assert_uint_eq(air.fates[GN_SIM_FATE_DROPPED_NAT], 1);
    up(0);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.arrived[0]->source.port, before.port + 17);
    ck_assert_mem_eq(air.arrived[0]->source.ip, before.ip, sizeof before.ip);
}
END_TEST

START_TEST(network_old_binding_lives_for_its_grace_and_no_longer)
{
    gn_sim_address before;

    begin();
    air.network.routes[0].nat.settings.grace_us = 5000;
    before = air.network.routes[0].nat.outside;
    gn_sim_nat_rebind(&air.network.routes[0].nat, GN_SIM_NAT_PORT, 0);
    gn_sim_network_send_down(&air.network, &before, hello, sizeof hello, 0); /* arrives at 2000 */
    gn_test_air_run(&air, 2999);
    gn_sim_network_send_down(&air.network, &before, hello, sizeof hello, 0); /* at 4999 */
    gn_test_air_run(&air, 3000);
    gn_sim_network_send_down(&air.network, &before, hello, sizeof hello, 0); /* at 5000 */
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.arrivals, 2);
    ck_assert_uint_eq(air.fates[GN_SIM_FATE_DROPPED_NAT], 1);
}
END_TEST

START_TEST(network_rebinding_the_address_changes_address_and_port)
{
    gn_sim_address before;

    begin();
    before = air.network.routes[0].nat.outside;
    gn_sim_nat_rebind(&air.network.routes[0].nat, GN_SIM_NAT_ADDRESS, 0);
    ck_assert_uint_ne(air.network.routes[0].nat.outside.port, before.port);
    ck_assert_mem_ne(air.network.routes[0].nat.outside.ip, before.ip, sizeof before.ip);
    ck_assert_uint_eq(gn_sim_network_route_of(&air.network, &air.network.routes[0].nat.outside), 0);
}
END_TEST

START_TEST(network_datagrams_in_flight_keep_the_old_source)
{
    gn_sim_address before;

    begin();
    before = air.network.routes[0].nat.outside;
    up(0);
    gn_sim_nat_rebind(&air.network.routes[0].nat, GN_SIM_NAT_PORT, 0);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert(gn_sim_address_equal(&air.arrived[0]->source, &before));
}
END_TEST

START_TEST(network_change_of_route_is_one_event)
{
    gn_sim_route_settings changed;

    begin();
    up(0);
    changed = air.network.routes[0].settings;
    changed.link[GN_SIM_UP].delay_us = 50000;
    changed.link[GN_SIM_UP].rate_bits = 8000;
    changed.mtu_bytes = 1300;
    changed.ecn = GN_SIM_ECN_BLEACH;
    gn_sim_network_change(&air.network, 0, &changed);
    up(0);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.arrived_us[0], 1000); /* by the old physics */
    ck_assert_uint_eq(air.arrived[0]->ecn, GN_MARK_ECT0);
    ck_assert_uint_eq(air.arrived_us[1], (sizeof hello + 28) * 1000 + 50000);
    ck_assert_uint_eq(air.arrived[1]->ecn, GN_MARK_NOT_ECT);
    ck_assert_uint_eq(air.network.routes[0].link[GN_SIM_DOWN].settings.mtu_bytes, 1300);
}
END_TEST

START_TEST(network_cut_route_carries_nothing_until_restored)
{
    begin();
    gn_sim_route_set_up(&air.network.routes[0], false);
    up(0);
    gn_sim_network_send_down(&air.network, &air.network.routes[0].nat.outside, hello, sizeof hello,
                             0);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.arrivals, 0);
    ck_assert_uint_eq(air.fates[GN_SIM_FATE_DROPPED_BLACKOUT], 2);
    gn_sim_route_set_up(&air.network.routes[0], true);
    up(0);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.arrivals, 1);
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
    {GN_SIM_ECN_REMARK_ECT0, GN_MARK_ECT1, GN_MARK_ECT0},
    {GN_SIM_ECN_REMARK_ECT0, GN_MARK_CE, GN_MARK_CE},
    {GN_SIM_ECN_UNMARK, GN_MARK_CE, GN_MARK_ECT0},
    {GN_SIM_ECN_UNMARK, GN_MARK_ECT1, GN_MARK_ECT1},
    {GN_SIM_ECN_DROP_ECT, GN_MARK_CE, GN_MARK_CE},
    {GN_SIM_ECN_DROP_ECT, GN_MARK_NOT_ECT, GN_MARK_NOT_ECT},
    {GN_SIM_ECN_DROP_CE, GN_MARK_ECT0, GN_MARK_ECT0},
};

START_TEST(network_treats_marks_as_the_route_says)
{
    air.routes[0].ecn = marks[_i].treatment;
    begin();
    gn_sim_network_send_up(&air.network, 0, hello, sizeof hello, marks[_i].in);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.arrivals, 1);
    ck_assert_uint_eq(air.arrived[0]->ecn, marks[_i].out);
}
END_TEST

static const struct {
    gn_sim_ecn treatment;
    uint8_t mark;
} gone[] = {
    {GN_SIM_ECN_DROP, GN_MARK_ECT0},
    {GN_SIM_ECN_DROP, GN_MARK_CE},
    {GN_SIM_ECN_DROP_ECT, GN_MARK_ECT1},
    {GN_SIM_ECN_DROP_CE, GN_MARK_CE},
};

START_TEST(network_that_drops_marks_drops_them)
{
    air.routes[0].ecn = gone[_i].treatment;
    begin();
    gn_sim_network_send_up(&air.network, 0, hello, sizeof hello, gone[_i].mark);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.arrivals, 0);
    ck_assert_uint_eq(air.fates[GN_SIM_FATE_DROPPED_ECN], 1);
    ck_assert_uint_eq(air.network.pool.used, 0);
}
END_TEST

START_TEST(network_mtu_of_a_link_counts_before_the_routes)
{
    static const uint8_t large[1400];

    air.routes[0].mtu_bytes = 1300;
    air.routes[0].link[GN_SIM_DOWN].mtu_bytes = 1500;
    begin();
    gn_sim_network_send_up(&air.network, 0, large, sizeof large, 0);
    gn_sim_network_send_down(&air.network, &air.network.routes[0].nat.outside, large, sizeof large,
                             0);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.fates[GN_SIM_FATE_DROPPED_MTU], 1);
    ck_assert_uint_eq(air.arrivals, 1);
    ck_assert_uint_eq(air.arrived[0]->to, GN_SIM_CLIENT);
}
END_TEST

START_TEST(network_treats_each_direction_as_it_says)
{
    air.routes[0].ecn = GN_SIM_ECN_BLEACH;
    air.routes[0].ecn_way[GN_SIM_DOWN] = 1 + GN_SIM_ECN_MARK_ALL;
    begin();
    up(0);
    gn_sim_network_send_down(&air.network, &air.network.routes[0].nat.outside, hello, sizeof hello,
                             GN_MARK_ECT0);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.arrived[0]->ecn, GN_MARK_NOT_ECT);
    ck_assert_uint_eq(air.arrived[1]->ecn, GN_MARK_CE);
}
END_TEST

/* 30 % of 10,000: a deviation of 46; five of them. And loss, drawn elsewhere, is not moved. */
START_TEST(network_treats_the_share_it_says_and_shifts_no_other_chance)
{
    uint64_t bleached = 0;
    uint64_t lost[2];

    for (uint32_t round = 0; round < 2; round++) {
        set_up();
        air.routes[0].link[GN_SIM_UP].loss.independent = (gn_sim_ratio){1, 100};
        air.routes[0].ecn = round == 0 ? GN_SIM_ECN_PASS : GN_SIM_ECN_BLEACH;
        air.routes[0].ecn_share = (gn_sim_ratio){3, 10};
        begin();
        for (int i = 0; i < 10000; i++)
            up(0);
        gn_test_air_run(&air, UINT64_MAX);
        lost[round] = air.fates[GN_SIM_FATE_DROPPED_LOSS];
        for (size_t i = 0; round == 1 && i < air.arrivals; i++)
            bleached += air.arrived[i]->ecn == GN_MARK_NOT_ECT;
        if (round == 0)
            tear_down();
    }
    ck_assert_uint_eq(lost[0], lost[1]);
    ck_assert_uint_ge(bleached, 2970 - 230);
    ck_assert_uint_le(bleached, 2970 + 230);
}
END_TEST

START_TEST(network_takes_the_links_that_it_is_told_to)
{
    (void)strcpy(air.routes[0].via[GN_SIM_DOWN], "b");
    (void)strcpy(air.routes[1].via[GN_SIM_UP], "a");
    air.routes[1].link[GN_SIM_UP].delay_us = 500000;
    air.routes[1].link[GN_SIM_DOWN].delay_us = 77000;
    air.routes[1].ecn_way[GN_SIM_DOWN] = 1 + GN_SIM_ECN_BLEACH;
    begin();
    up(1);
    gn_sim_network_send_down(&air.network, &air.network.routes[0].nat.outside, hello, sizeof hello,
                             GN_MARK_ECT0);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.arrived_us[0], 1000);
    ck_assert_uint_eq(air.arrived[0]->route, 1);
    ck_assert_uint_eq(air.arrived_us[1], 77000);
    ck_assert_uint_eq(air.arrived[1]->route, 0); /* the address it belongs to */
    ck_assert_uint_eq(air.arrived[1]->ecn, GN_MARK_NOT_ECT);
    ck_assert_uint_eq(air.network.routes[1].link[GN_SIM_DOWN].tally.carried, 1);
}
END_TEST

START_TEST(network_too_big_is_answered_with_a_quote_when_the_route_says_so)
{
    static const uint8_t large[1400] = {9, 8, 7};
    gn_sim_icmp message;

    air.routes[0].mtu_bytes = 1300;
    air.routes[0].too_big = _i == 0;
    begin();
    gn_sim_network_send_up(&air.network, 0, large, sizeof large, 0);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.fates[GN_SIM_FATE_DROPPED_MTU], 1);
    ck_assert_uint_eq(air.arrivals, _i == 0);
    ck_assert_uint_eq(air.network.too_big, _i == 0);
    if (_i != 0)
        return;
    ck_assert_uint_eq(air.arrived_us[0], 2000); /* it came down by the other link */
    ck_assert_uint_eq(air.arrived[0]->to, GN_SIM_CLIENT);
    ck_assert_uint_ne(air.arrived[0]->flags & GN_SIM_PACKET_TOO_BIG, 0);
    ck_assert(gn_sim_icmp_read(air.arrived[0]->bytes, air.arrived[0]->len, &message));
    ck_assert_uint_eq(message.mtu_bytes, 1300);
    ck_assert_uint_eq(message.packet_bytes, 1428);
    ck_assert(gn_sim_address_equal(&message.source, &air.network.routes[0].nat.outside));
    ck_assert_mem_eq(message.quote, large, message.quote_len);
}
END_TEST

START_TEST(network_change_brings_its_nat_along)
{
    gn_sim_route_settings changed;
    gn_sim_address before;

    begin();
    before = air.network.routes[0].nat.outside;
    changed = air.network.routes[0].settings;
    changed.nat.lifetime_us = 1000000;
    changed.nat.expiry = GN_SIM_NAT_ADDRESS;
    gn_sim_network_change(&air.network, 0, &changed);
    gn_test_air_run(&air, 1000000);
    up(0);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.network.routes[0].nat.expiries, 1);
    ck_assert_mem_ne(air.arrived[0]->source.ip, before.ip, sizeof before.ip);
}
END_TEST

/* A flow of others shares the link it is told to, and is told to nobody. */
START_TEST(network_cross_traffic_waits_in_the_same_queue)
{
    gn_sim_cross_settings flow;

    air.routes[0].link[GN_SIM_UP].rate_bits = 1000000;
    begin();
    gn_sim_cross_settings_default(&flow);
    flow.direction = GN_SIM_UP;
    flow.rate_bits = 1000000;
    flow.size_bytes = 1222;
    flow.for_us = 1;
    gn_sim_network_add_crosses(&air.network, &flow, 1, 1);
    gn_test_air_run(&air, 0);
    up(0);
    up(1);
    gn_test_air_run(&air, 5000);
    ck_assert_uint_eq(air.arrivals, 1); /* by the other route */
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.arrivals, 2);
    ck_assert_uint_eq(air.arrived_us[1], (1250 + sizeof hello + 28) * 8 + 1000);
    ck_assert_uint_eq(air.network.crosses[0].tally.arrived, 1);
    ck_assert_uint_eq(air.fates[GN_SIM_FATE_SENT], 2);
    ck_assert_uint_eq(air.fates[GN_SIM_FATE_DELIVERED], 2);
}
END_TEST

START_TEST(network_stranger_is_told_nothing)
{
    const gn_sim_address stranger = gn_sim_address_v4(192, 0, 2, 66, 40000);

    begin();
    gn_sim_network_send_down(&air.network, &stranger, hello, sizeof hello, 0);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(gn_sim_network_route_of(&air.network, &stranger), GN_SIM_NO_ROUTE);
    ck_assert_uint_eq(air.arrivals, 0);
    ck_assert_uint_eq(air.fates[GN_SIM_FATE_DROPPED_NAT], 1);
    ck_assert_uint_eq(air.network.routes[0].link[GN_SIM_DOWN].tally.offered, 0);
}
END_TEST

START_TEST(network_what_a_busy_host_sends_leaves_later)
{
    begin();
    air.network.leave_us[GN_SIM_CLIENT] = 500;
    up(0);
    gn_test_air_run(&air, UINT64_MAX);
    ck_assert_uint_eq(air.arrived_us[0], 1500);
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
    tcase_add_test(good, network_routes_lead_to_the_address_they_say);
    tcase_add_test(good, network_old_binding_is_dead_at_once);
    tcase_add_test(good, network_old_binding_lives_for_its_grace_and_no_longer);
    tcase_add_test(good, network_rebinding_the_address_changes_address_and_port);
    tcase_add_test(good, network_datagrams_in_flight_keep_the_old_source);
    tcase_add_test(good, network_change_of_route_is_one_event);
    tcase_add_test(good, network_cut_route_carries_nothing_until_restored);
    tcase_add_loop_test(good, network_treats_marks_as_the_route_says, 0,
                        (int)(sizeof marks / sizeof marks[0]));
    tcase_add_loop_test(good, network_that_drops_marks_drops_them, 0,
                        (int)(sizeof gone / sizeof gone[0]));
    tcase_add_test(good, network_mtu_of_a_link_counts_before_the_routes);
    tcase_add_test(good, network_treats_each_direction_as_it_says);
    tcase_add_test(good, network_treats_the_share_it_says_and_shifts_no_other_chance);
    tcase_add_test(good, network_takes_the_links_that_it_is_told_to);
    tcase_add_loop_test(good, network_too_big_is_answered_with_a_quote_when_the_route_says_so, 0,
                        2);
    tcase_add_test(good, network_change_brings_its_nat_along);
    tcase_add_test(good, network_cross_traffic_waits_in_the_same_queue);
    tcase_add_test(good, network_stranger_is_told_nothing);
    tcase_add_test(good, network_what_a_busy_host_sends_leaves_later);
    suite_add_tcase(suite, good);
    return suite;
}
