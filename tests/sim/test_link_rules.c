/*
 * test_link_rules.c: what sim/link_rules.h and the link's rows of a scenario promise.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/scenario.h"
#include "suites.h"

static gn_sim_scenario scenario;
static char message[GN_SIM_MESSAGE_BYTES];

/* A scenario whose link is what stands in the braces. */
static bool
parse(const char *file, const char *link)
{
    char text[1024];

    (void)snprintf(text, sizeof text,
                   "name: x\nwhy: y\nroutes:\n  a:\n    up: {%s}\n"
                   "workload: {kind: download, bytes: 1kB}\n",
                   link);
    return gn_sim_scenario_parse(file, text, strlen(text), &scenario, message);
}

static const struct {
    const char *link;
    const char *says;
} wrongs[] = {
    {"red_min: 10kB", "red_min needs aqm: red"},
    {"aqm: codel, red_min: 10kB", "red_min needs aqm: red"},
    {"aqm: red, red_min: 90kB, red_max: 90kB", "red_min is below red_max"},
    {"codel_target: 1ms", "codel_target needs aqm: codel or fq-codel"},
    {"aqm: pie, fq_flows: 3", "fq_flows needs aqm: fq-codel"},
    {"aqm: fq-codel, fq_flows: 33", "from 1 to 32"},
    {"aqm: dualq, pie_target: 3ms", "pie_target needs aqm: pie"},
    {"aqm: pie, dualq_coupling: 2", "dualq_coupling needs aqm: dualq"},
    {"aqm: dualq, dualq_ramp_min: 2ms", "dualq_ramp_min is below dualq_ramp_max"},
    {"aqm_marks: off", "aqm_marks needs aqm: codel, red, fq-codel or pie"},
    {"aqm: dualq, aqm_marks: off", "aqm_marks needs aqm: codel, red"},
    {"police_burst: 3kB", "police_burst needs police_rate"},
    {"reorder: 1%", "reorder needs reorder_by, reorder_for or both"},
    {"reorder_by: 3", "reorder_by needs reorder"},
    {"suspend_every: 1s", "suspend_every needs suspend_for"},
    {"suspend_for: 1s", "suspend_for needs suspend_every"},
    {"suspend_every: 1s, suspend_for: 2s", "suspend_for is at most suspend_every"},
    {"suspend_side: transmit", "suspend_side needs suspend_every"},
    {"duplicate_copies: 3", "duplicate_copies needs duplicate"},
    {"duplicate: 1%, duplicate_copies: 17", "from 1 to 16"},
    {"corrupt_within: 3B", "corrupt_within needs corrupt"},
    {"corrupt_run: 3B", "corrupt_run needs corrupt"},
    {"drop_run: 3", "drop_run needs drop_every"},
    {"drop_every: 3", "drop_every needs drop_run"},
    {"drop_every: 3, drop_run: 4", "drop_run is at most drop_every"},
    {"rate_steps: [5s]", "expected a moment and a rate such as 5s 2Mbit/s, found '5s'"},
    {"rate_steps: [5 2Mbit/s]", "expected a moment and a rate"},
    {"rate_steps: [5s 2Mbps]", "expected a moment and a rate"},
    {"rate_steps: [5s 2Mbit/s, 5s 3Mbit/s]", "expected a moment after the one before"},
    {"rate_period: 5s", "rate_period needs rate_steps"},
    {"rate_steps: [1s 2Mbit/s], rate_period: 5s", "rate_steps begin at 0s"},
    {"rate_steps: [0s 2Mbit/s, 5s 1Mbit/s], rate_period: 5s", "end before rate_period"},
    {"rate: 1Mbit/s, rate_trace: x", "rate_trace stands in place of rate"},
    {"rate_trace: /nonexistent", "expected a file that can be read, found '/nonexistent'"},
    {"jitter: 1ms, jitter_shape: wild", "expected one of uniform, tail, wifi"},
    {"mark: 101%", "expected a percentage"},
};

START_TEST(link_rules_each_is_told_with_its_field)
{
    ck_assert(!parse("file.yaml", wrongs[_i].link));
    ck_assert_msg(strstr(message, wrongs[_i].says) != NULL, "'%s' does not say '%s'", message,
                  wrongs[_i].says);
    ck_assert_msg(strncmp(message, "file.yaml:5: field 'routes.a.up", 31) == 0, "%s", message);
}
END_TEST

START_TEST(link_rules_good_ones_pass)
{
    static const char *const good[] = {
        "aqm: red, red_min: 10kB, red_max: 20kB, red_probability: 2%, red_weight: 3, aqm_marks: "
        "off",
        "aqm: fq-codel, codel_target: 2ms, fq_flows: 4, fq_quantum: 300B, queue_time: 100ms",
        "aqm: dualq, dualq_target: 10ms, dualq_coupling: 1",
        "rate_steps: [0s 2Mbit/s, 5s 1Mbit/s], rate_period: 10s",
        "suspend_every: 50ms, suspend_for: 50ms, suspend_side: transmit",
        "loss_initial: 1%, loss_handshake: 2%, loss_one_rtt: 3%, drop_mask: 0x8001",
        "police_rate: 1Mbit/s, police_burst: 3kB, truncate: 1%, mark: 1%, reorder: 1%, "
        "reorder_for: 3ms"};

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        ck_assert_msg(parse("file.yaml", good[i]), "%s", message);
    ck_assert(parse("file.yaml", good[3]));
    ck_assert_uint_eq(scenario.routes[0].link[GN_SIM_UP].plan.step_count, 2);
    ck_assert_uint_eq(scenario.routes[0].link[GN_SIM_UP].plan.steps[1].at_us, 5000000);
    ck_assert_uint_eq(scenario.routes[0].link[GN_SIM_UP].plan.steps[1].bits, 1000000);
}
END_TEST

/* Of the three ways to say a rate the one that a change gives is the one that holds. */
START_TEST(link_rules_a_change_of_rate_takes_the_place_of_steps)
{
    static const char text[] =
        "name: x\nwhy: y\nroutes: {a: {up: {rate_steps: [0s 1Mbit/s, 1s 2Mbit/s], "
        "rate_period: 2s}}}\n"
        "events:\n"
        "  - {at: 1s, do: change, route: a, up: {delay: 5ms}}\n"
        "  - {at: 2s, do: change, route: a, up: {rate: 5Mbit/s}}\n"
        "  - {at: 3s, do: change, route: a, up: {rate_steps: [7s 1Mbit/s]}}\n"
        "workload: {kind: download, bytes: 1kB}\n";
    gn_sim_route_settings route;
    const gn_sim_link_settings *up = &route.link[GN_SIM_UP];

    ck_assert_msg(gn_sim_scenario_parse("x", text, strlen(text), &scenario, message), "%s",
                  message);
    route = scenario.routes[0];
    gn_sim_scenario_apply(&scenario.events[0], &route);
    ck_assert_uint_eq(up->plan.step_count, 2);
    ck_assert_uint_eq(up->plan.period_us, 2000000);
    gn_sim_scenario_apply(&scenario.events[1], &route);
    ck_assert_uint_eq(up->plan.step_count, 0);
    ck_assert_uint_eq(up->plan.period_us, 0);
    ck_assert_uint_eq(up->rate_bits, 5000000);
    gn_sim_scenario_apply(&scenario.events[2], &route);
    ck_assert_uint_eq(up->plan.step_count, 1);
    ck_assert_uint_eq(up->rate_bits, 5000000);
}
END_TEST

/* The trace lies beside the scenario; a wrong line is told with its number. */
START_TEST(link_rules_trace_is_read_and_its_wrong_line_told)
{
    char folder[] = "/tmp/gnomon-trace-XXXXXX";
    char scenario_path[64];
    char path[64];
    FILE *file;

    ck_assert_ptr_nonnull(mkdtemp(folder));
    (void)snprintf(scenario_path, sizeof scenario_path, "%s/x.yaml", folder);
    (void)snprintf(path, sizeof path, "%s/a.trace", folder);
    file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    (void)fputs("1\n5\n4\n", file);
    (void)fclose(file);
    ck_assert(!parse(scenario_path, "rate_trace: a.trace"));
    ck_assert_msg(strstr(message, "x.yaml:5: field 'routes.a.up.rate_trace': expected a moment not "
                                  "before the one above in line 3, found '/tmp/gnomon") != NULL,
                  "%s", message);
    file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    (void)fputs("1\n5\n9\n", file);
    (void)fclose(file);
    ck_assert_msg(parse(scenario_path, "rate_trace: a.trace"), "%s", message);
    ck_assert_uint_eq(scenario.traces.count, 1);
    ck_assert_uint_eq(scenario.routes[0].link[GN_SIM_UP].plan.trace->count, 3);
    gn_sim_scenario_free(&scenario);
    ck_assert_uint_eq(scenario.traces.count, 0);
    (void)remove(path);
    (void)rmdir(folder);
}
END_TEST

Suite *
gn_test_link_rules(void)
{
    Suite *suite = suite_create("sim/link_rules");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_test(good, link_rules_good_ones_pass);
    tcase_add_test(good, link_rules_a_change_of_rate_takes_the_place_of_steps);
    tcase_add_test(good, link_rules_trace_is_read_and_its_wrong_line_told);
    tcase_add_loop_test(hostile, link_rules_each_is_told_with_its_field, 0,
                        (int)(sizeof wrongs / sizeof wrongs[0]));
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    return suite;
}
