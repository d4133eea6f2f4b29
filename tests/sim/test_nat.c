/*
 * test_nat.c: what sim/nat.h promises of bindings that nobody uses.
 */
#include <check.h>

#include "sim/nat.h"
#include "suites.h"

static gn_sim_nat nat;
static gn_sim_nat_settings settings;
static gn_sim_address outside;

static void
set_up(void)
{
    settings = (gn_sim_nat_settings){.lifetime_us = 1000};
    outside = gn_sim_address_v4(198, 18, 0, 1, 50000);
}

static void
begin(void)
{
    gn_sim_nat_init(&nat, &settings, gn_sim_address_v4(10, 0, 0, 2, 50000), outside);
}

/* At the lifetime it is gone, and not a microsecond sooner. */
START_TEST(nat_binding_expires_exactly)
{
    begin();
    ck_assert_uint_eq(gn_sim_nat_outbound(&nat, 999).port, 50000);
    ck_assert_uint_eq(gn_sim_nat_outbound(&nat, 1998).port, 50000);
    ck_assert_uint_eq(gn_sim_nat_outbound(&nat, 2998).port, 50017);
    ck_assert_uint_eq(nat.expiries, 1);
    ck_assert(!gn_sim_nat_inbound(&nat, &outside, 2998));
}
END_TEST

START_TEST(nat_expired_binding_lets_nothing_in)
{
    begin();
    ck_assert(gn_sim_nat_inbound(&nat, &outside, 999));
    ck_assert(!gn_sim_nat_inbound(&nat, &outside, 1000));
    ck_assert_uint_eq(nat.expiries, 0); /* only who sends makes a new one */
}
END_TEST

/* _i: whether what comes in counts as use. */
START_TEST(nat_is_refreshed_by_what_it_says)
{
    settings.refresh = _i == 0 ? GN_SIM_NAT_OUTBOUND : GN_SIM_NAT_BOTH;
    begin();
    ck_assert(gn_sim_nat_inbound(&nat, &outside, 900));
    ck_assert(gn_sim_nat_inbound(&nat, &outside, 1500) == (_i == 1));
    ck_assert_uint_eq(gn_sim_nat_outbound(&nat, 1500).port, _i == 0 ? 50017 : 50000);
}
END_TEST

START_TEST(nat_expired_address_is_replaced_when_it_says_so)
{
    settings.expiry = GN_SIM_NAT_ADDRESS;
    begin();
    const gn_sim_address next = gn_sim_nat_outbound(&nat, 5000);
    ck_assert_uint_eq(next.ip[15], 2);
    ck_assert_uint_eq(next.port, 50017);
}
END_TEST

START_TEST(nat_without_a_lifetime_keeps_its_binding)
{
    settings.lifetime_us = 0;
    begin();
    ck_assert_uint_eq(gn_sim_nat_outbound(&nat, UINT64_MAX / 2).port, 50000);
    ck_assert(gn_sim_nat_inbound(&nat, &outside, UINT64_MAX));
}
END_TEST

/* A grace is for what a rebinding replaced; what expired is dead at once. */
START_TEST(nat_grace_is_for_rebindings_only)
{
    settings.grace_us = 500;
    begin();
    gn_sim_nat_rebind(&nat, GN_SIM_NAT_PORT, 100);
    ck_assert(gn_sim_nat_inbound(&nat, &outside, 599));
    ck_assert(!gn_sim_nat_inbound(&nat, &outside, 600));
    const gn_sim_address second = nat.outside;
    (void)gn_sim_nat_outbound(&nat, 1100); /* 1000 after the rebinding */
    ck_assert(!gn_sim_nat_inbound(&nat, &second, 1100));
}
END_TEST

Suite *
gn_test_nat(void)
{
    Suite *suite = suite_create("sim/nat");
    TCase *good = tcase_create("good");

    tcase_add_checked_fixture(good, set_up, NULL);
    tcase_add_test(good, nat_binding_expires_exactly);
    tcase_add_test(good, nat_expired_binding_lets_nothing_in);
    tcase_add_loop_test(good, nat_is_refreshed_by_what_it_says, 0, 2);
    tcase_add_test(good, nat_expired_address_is_replaced_when_it_says_so);
    tcase_add_test(good, nat_without_a_lifetime_keeps_its_binding);
    tcase_add_test(good, nat_grace_is_for_rebindings_only);
    suite_add_tcase(suite, good);
    return suite;
}
