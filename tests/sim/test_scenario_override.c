/*
 * test_scenario_override.c: what sim/scenario_override.h promises, one promise a test.
 */
#include <check.h>
#include <string.h>

#include "sim/scenario.h"
#include "suites.h"

static gn_sim_scenario scenario;
static char message[GN_SIM_MESSAGE_BYTES];

static const char base[] = "name: x\nwhy: y\n"
                           "routes:\n  wifi: {both: {delay: 5ms}, up: {loss: 1%}}\n  lte: {}\n"
                           "events:\n  - {at: 1s, do: cut, route: lte}\n"
                           "  - {at: 2s, do: restore, route: lte}\n"
                           "workload: {kind: download, bytes: 1kB}\n";

static bool
parse(const char *const *texts, size_t count)
{
    const gn_sim_overrides overrides = {.texts = texts, .count = count};

    return gn_sim_scenario_parse_with("f.yaml", base, strlen(base), &overrides, &scenario, message);
}

START_TEST(override_sets_what_the_path_names)
{
    static const char *const texts[] = {"routes.wifi.up.loss=5%",
                                        "client.ecn=off",
                                        "workload.bytes=1MB",
                                        "events[1].at=3s",
                                        "events.0.at=7ms",
                                        "expect.max_ptos=3",
                                        "routes.lte.down.mtu=1400B",
                                        "seed=9",
                                        "routes.lte.up.drop_nth=[4, 6]",
                                        "routes.wifi.both.delay=8ms",
                                        "script.drop=[0,2]"};

    ck_assert_msg(parse(texts, sizeof texts / sizeof texts[0]), "%s", message);
    ck_assert_uint_eq(scenario.routes[0].link[GN_SIM_UP].loss.independent.num, 1);
    ck_assert_uint_eq(scenario.routes[0].link[GN_SIM_UP].loss.independent.den, 20);
    ck_assert_uint_eq(scenario.routes[0].link[GN_SIM_DOWN].loss.independent.num, 0);
    ck_assert_uint_eq(scenario.host[GN_SIM_CLIENT].ecn, 0);
    ck_assert_uint_eq(scenario.host[GN_SIM_SERVER].ecn, 1);
    ck_assert_uint_eq(scenario.workload.bytes, 1000000);
    ck_assert_uint_eq(scenario.events[0].at_us, 7000);
    ck_assert_uint_eq(scenario.events[1].at_us, 3000000);
    ck_assert_uint_eq(scenario.expect.max_ptos, 3);
    ck_assert_uint_eq(scenario.routes[1].link[GN_SIM_DOWN].mtu_bytes, 1400);
    ck_assert_uint_eq(scenario.seed, 9);
    ck_assert_uint_eq(scenario.routes[1].link[GN_SIM_UP].loss.nth_count, 2);
    ck_assert_uint_eq(scenario.routes[1].link[GN_SIM_UP].loss.nth[1], 6);
    ck_assert_uint_eq(scenario.routes[0].link[GN_SIM_UP].delay_us, 8000);
    ck_assert_uint_eq(scenario.routes[0].link[GN_SIM_DOWN].delay_us, 8000);
    ck_assert_uint_eq(scenario.script.drop.count, 2);
}
END_TEST

START_TEST(override_the_last_one_counts)
{
    static const char *const texts[] = {"seed=2", "seed=3"};

    ck_assert_msg(parse(texts, 2), "%s", message);
    ck_assert_uint_eq(scenario.seed, 3);
}
END_TEST

/* What is wrong, and what the message must say. */
static const struct {
    const char *text;
    const char *says;
} wrongs[] = {
    {"routes.wifi.up.loss=5", "--override routes.wifi.up.loss=5: field 'routes.wifi.up.loss': "
                              "expected a percentage such as 1%, found '5'"},
    {"client.max_datagram=1199B", "field 'client.max_datagram': expected a size such as 12kB, "
                                  "64KiB or 1200B, from 1200B to 1500B"},
    {"client.colour=red", "--override client.colour=red: field 'client.colour': unknown field"},
    {"routes.wfi.up.loss=5%", "--override routes.wfi.up.loss=5%: there is no 'wfi'"},
    {"events[2].at=1s", "there is no '2'"},
    {"events.x.at=1s", "there is no 'x'"},
    {"seed.deep=1", "field 'seed': expected a single value, found 'several fields'"},
    {"name.first=1", "there is nothing with fields to set 'first'"},
    {"workload.bytes.more=1", "there is no"},
    {"=1", "not of the form PATH=VALUE"},
    {"seed", "not of the form PATH=VALUE"},
    {"seed=", "not of the form PATH=VALUE"},
    {"a.b.c.d.e.f.g.h.i=1", "not of the form PATH=VALUE"},
    {"events[0].for=1s", "'for' goes with"},
};

START_TEST(override_mistake_names_the_override)
{
    ck_assert(!parse(&wrongs[_i].text, 1));
    ck_assert_msg(strstr(message, wrongs[_i].says) != NULL, "'%s' does not say '%s'", message,
                  wrongs[_i].says);
}
END_TEST

Suite *
gn_test_scenario_override(void)
{
    Suite *suite = suite_create("sim/scenario_override");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_test(good, override_sets_what_the_path_names);
    tcase_add_test(good, override_the_last_one_counts);
    tcase_add_loop_test(hostile, override_mistake_names_the_override, 0,
                        (int)(sizeof wrongs / sizeof wrongs[0]));
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
