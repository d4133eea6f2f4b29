/*
 * test_scenario.c: what sim/scenario.h promises: all is read, and nothing is ignored.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "sim/scenario.h"
#include "sim/scenario_keys.h"
#include "sim/shelf.h"
#include "suites.h"
#include "support/random.h"

static gn_sim_scenario scenario;
static char message[GN_SIM_MESSAGE_BYTES];

static bool
parse(const char *text)
{
    return gn_sim_scenario_parse("file.yaml", text, strlen(text), &scenario, message);
}

#define HEAD "name: x\nwhy: y\n"
#define ROUTES "routes: {a: {both: {delay: 5ms}}}\n"
#define WORK "workload: {kind: download, bytes: 1kB}\n"

START_TEST(scenario_small_one_gets_its_defaults)
{
    ck_assert_msg(parse(HEAD ROUTES WORK), "%s", message);
    ck_assert_str_eq(scenario.name, "x");
    ck_assert_uint_eq(scenario.seed, 1);
    ck_assert_uint_eq(scenario.time_limit_us, 60000000);
    ck_assert_uint_eq(scenario.route_count, 1);
    ck_assert_uint_eq(scenario.routes[0].mtu_bytes, 1500);
    ck_assert_uint_eq(scenario.routes[0].up_state, 1);
    ck_assert_uint_eq(scenario.routes[0].link[GN_SIM_DOWN].queue_bytes, GN_SIM_QUEUE_UNLIMITED);
    ck_assert_uint_eq(scenario.workload.streams, 1);
    ck_assert_uint_eq(scenario.expect.keys, 0);
}
END_TEST

START_TEST(scenario_every_part_is_read)
{
    ck_assert_msg(parse(HEAD
                        "rfc: [RFC 9000 9.2, RFC 9000 9.3]\nseed: 0x10\ntime_limit: 2min\n"
                        "client: {ecn: off, idle_timeout: 5s}\nserver: {window: 2MiB, streams: 3}\n"
                        "routes:\n"
                        "  wifi:\n"
                        "    mtu: 1400B\n"
                        "    both: {rate: 5Mbit/s, delay: 20ms}\n"
                        "    down: {rate: 8Mbit/s, loss: 0.5%, drop_nth: [3, 7], aqm: codel}\n"
                        "  lte: {state: down, nat_grace: 10ms, ecn: bleach}\n"
                        "events:\n"
                        "  - {at: 2s, do: cut, route: wifi}\n"
                        "  - {at: 2.5s, do: change, route: lte, state: up, down: {loss: 2%}}\n"
                        "  - {at: 3s, do: blackout, route: lte, for: 100ms, direction: up}\n"
                        "  - {at: 4s, do: update-keys}\n"
                        "workload: {kind: requests, count: 7, think: 1ms}\n"
                        "expect: {finish_before: 9s, final_route: lte}\n"),
                  "%s", message);
    ck_assert_str_eq(scenario.rfc, "RFC 9000 9.2, RFC 9000 9.3");
    ck_assert_uint_eq(scenario.seed, 16);
    ck_assert_uint_eq(scenario.host[GN_SIM_CLIENT].ecn, 0);
    ck_assert_uint_eq(scenario.host[GN_SIM_SERVER].window_bytes, 2097152);
    ck_assert_uint_eq(scenario.routes[0].link[GN_SIM_UP].rate_bits, 5000000);
    ck_assert_uint_eq(scenario.routes[0].link[GN_SIM_DOWN].rate_bits, 8000000);
    ck_assert_uint_eq(scenario.routes[0].link[GN_SIM_DOWN].delay_us, 20000);
    ck_assert_uint_eq(scenario.routes[0].link[GN_SIM_DOWN].loss.independent.den, 200);
    ck_assert_uint_eq(scenario.routes[0].link[GN_SIM_DOWN].loss.nth_count, 2);
    ck_assert_uint_eq(scenario.routes[0].link[GN_SIM_DOWN].loss.nth[1], 7);
    ck_assert_uint_eq(scenario.routes[1].up_state, 0);
    ck_assert_uint_eq(scenario.routes[1].ecn, GN_SIM_ECN_BLEACH);
    ck_assert_uint_eq(scenario.event_count, 4);
    ck_assert_uint_eq(scenario.events[1].route, 1);
    ck_assert_uint_eq(scenario.events[2].for_us, 100000);
    ck_assert_uint_eq(scenario.events[2].direction, GN_SIM_BOTH_UP);
    ck_assert_uint_eq(scenario.workload.count, 7);
    ck_assert_uint_eq(scenario.expect.final_route, 1);
}
END_TEST

START_TEST(scenario_change_touches_only_what_it_names)
{
    gn_sim_route_settings route;

    ck_assert(parse(HEAD "routes: {a: {mtu: 1400B, both: {rate: 5Mbit/s, delay: 20ms}}}\n"
                         "events: [{at: 1s, do: change, route: a, up: {delay: 9ms}}]\n" WORK));
    route = scenario.routes[0];
    gn_sim_scenario_apply(&scenario.events[0], &route);
    ck_assert_uint_eq(route.link[GN_SIM_UP].delay_us, 9000);
    ck_assert_uint_eq(route.link[GN_SIM_UP].rate_bits, 5000000);
    ck_assert_uint_eq(route.link[GN_SIM_DOWN].delay_us, 20000);
    ck_assert_uint_eq(route.mtu_bytes, 1400);
}
END_TEST

START_TEST(scenario_what_lies_around_is_read)
{
    ck_assert_msg(parse(HEAD "client: {receive_time: 20us, send_time: 5us, receive_queue: 32}\n"
                             "routes:\n"
                             "  a: {ptb: on, ecn: bleach, ecn_down: drop-ce, ecn_share: 30%,\n"
                             "      nat_lifetime: 30s, nat_refresh: both, nat_expiry: address,\n"
                             "      down_via: b}\n"
                             "  b: {state: down}\n" WORK "events:\n"
                             "  - {at: 1s, do: rebind-port, route: a, every: 200ms, times: 50}\n"
                             "  - {at: 1s, do: change, route: a, rebind: address}\n"
                             "  - {at: 1s, do: change, route: a, up_via: b}\n"
                             "  - {at: 1s, do: handover, route: b, from: a, for: 3s}\n"
                             "  - {at: 1s, do: suspend, host: server, for: 2s}\n"
                             "attackers:\n"
                             "  - {kind: copy, route: b, direction: down, packets: short, at: 2s,\n"
                             "     first: 3, times: 4, share: 5%, lead: 5ms, source: own}\n"
                             "  - {kind: too-big, route: a, target: back, size: 1250B}\n"
                             "  - {kind: modify, route: a, bits: 7, min_size: 1200B}\n"
                             "cross:\n"
                             "  - {kind: constant, route: b, direction: up, rate: 5Mbit/s,\n"
                             "     size: 300B, at: 1s, for: 9s, on: 1s, off: 2s}\n"
                             "  - {kind: aimd, route: a, back: 70ms, ecn: on}\n"),
                  "%s", message);
    ck_assert_uint_eq(scenario.host[GN_SIM_CLIENT].receive_time_us, 20);
    ck_assert_uint_eq(scenario.host[GN_SIM_CLIENT].send_time_us, 5);
    ck_assert_uint_eq(scenario.host[GN_SIM_CLIENT].receive_queue, 32);
    ck_assert_uint_eq(scenario.host[GN_SIM_SERVER].receive_queue, 0);
    const gn_sim_route_settings *a = &scenario.routes[0];
    ck_assert_uint_eq(a->too_big, 1);
    ck_assert_uint_eq(a->ecn_way[GN_SIM_UP], 0);
    ck_assert_uint_eq(a->ecn_way[GN_SIM_DOWN], 1 + GN_SIM_ECN_DROP_CE);
    ck_assert_uint_eq(a->ecn_share.den / a->ecn_share.num, 3);
    ck_assert_uint_eq(a->nat.lifetime_us, 30000000);
    ck_assert_uint_eq(a->nat.refresh, GN_SIM_NAT_BOTH);
    ck_assert_uint_eq(a->nat.expiry, GN_SIM_NAT_ADDRESS);
    ck_assert_str_eq(a->via[GN_SIM_DOWN], "b");
    ck_assert_uint_eq(gn_sim_scenario_acts(&scenario.events[0]), 50);
    ck_assert_uint_eq(gn_sim_scenario_pause_us(&scenario.events[0]), 200000);
    ck_assert_uint_eq(scenario.events[1].rebind, 1 + GN_SIM_NAT_ADDRESS);
    ck_assert_str_eq(scenario.events[2].change.via[GN_SIM_UP], "b");
    ck_assert_uint_eq(gn_sim_scenario_acts(&scenario.events[3]), 2);
    ck_assert_uint_eq(gn_sim_scenario_pause_us(&scenario.events[3]), 3000000);
    ck_assert_uint_eq(scenario.events[4].host, GN_SIM_SERVER);
    ck_assert_uint_eq(scenario.attack_count, 3);
    ck_assert_uint_eq(scenario.attacks[0].route, 1);
    ck_assert_uint_eq(scenario.attacks[0].direction, GN_SIM_DOWN);
    ck_assert_uint_eq(scenario.attacks[0].first, 3);
    ck_assert_uint_eq(scenario.attacks[0].lead_us, 5000);
    ck_assert_uint_eq(scenario.attacks[0].source, GN_SIM_ATTACK_OWN);
    ck_assert_uint_eq(scenario.attacks[1].bytes, 1250);
    ck_assert_uint_eq(scenario.attacks[2].bits, 7);
    ck_assert_uint_eq(scenario.cross_count, 2);
    ck_assert_uint_eq(scenario.crosses[0].direction, GN_SIM_UP);
    ck_assert_uint_eq(scenario.crosses[0].off_us, 2000000);
    ck_assert_uint_eq(scenario.crosses[1].direction, GN_SIM_DOWN);
    ck_assert_uint_eq(scenario.crosses[1].back_us, 70000);
}
END_TEST

/* What is wrong, and what the message must say. */
static const struct {
    const char *text;
    const char *says;
} wrongs[] = {
    {HEAD "routes:\n  wifi:\n    down: {loss: 1.5ms}\n" WORK,
     "file.yaml:5: field 'routes.wifi.down.loss': expected a percentage such as 1%, found '1.5ms'"},
    {HEAD ROUTES WORK "sead: 3\n", "file.yaml:5: field 'sead': unknown field; known here: name"},
    {HEAD ROUTES WORK "seed: 3\nseed: 4\n", "file.yaml:6: field 'seed': given twice"},
    {"why: y\n" ROUTES WORK, "field 'name': missing, and required"},
    {HEAD WORK, "field 'routes': missing, and required"},
    {HEAD ROUTES, "field 'workload': missing, and required"},
    {HEAD "routes: {}\n" WORK, "needs 1 to 8 routes"},
    {HEAD "client: {versions: v1, begin_with: 2}\n" ROUTES WORK,
     "field 'client': 'begin_with' must be one of 'versions'"},
    {HEAD "server: {version_probe: on}\n" ROUTES WORK,
     "field 'server': 'begin_with' and 'version_probe' are a client's alone"},
    {HEAD "routes: {a: {state: down}}\n" WORK, "the first route is where the client starts"},
    {HEAD "routes: {a: {stat: up}}\n" WORK,
     "field 'routes.a.stat': unknown field; known here: state mtu"},
    {HEAD "routes: {a: {up: {rate: 5Mb/s}}}\n" WORK, "expected a rate such as 5Mbit/s"},
    {HEAD "routes: {a: {up: {delay: fast}}}\n" WORK, "expected a duration such as 20ms"},
    {HEAD "routes: {a: {up: {queue: 12}}}\n" WORK, "expected a size such as 12kB"},
    {HEAD "routes: {a: {up: {queue: 100B}}}\n" WORK, "from 1500B to"},
    {HEAD "routes: {a: {up: {aqm: blue}}}\n" WORK,
     "expected one of none, codel, red, fq-codel, pie, dualq, found 'blue'"},
    {HEAD "routes: {a: {up: {loss: 101%}}}\n" WORK, "expected a percentage"},
    {HEAD "routes: {a: {up: {loss: [1%]}}}\n" WORK, "found 'a list'"},
    {HEAD "routes: {a: {up: {burst_p: 1%}}}\n" WORK, "burst_p needs burst_r"},
    {HEAD "routes: {a: {up: {burst_p: 1%, burst_r: 0%}}}\n" WORK, "never gets good again"},
    {HEAD "routes: {a: {up: {burst_bad: 1%}}}\n" WORK, "needs burst_p"},
    {HEAD "routes: {a: {up: {jitter_order: free}}}\n" WORK, "needs jitter"},
    {HEAD "routes: {a: {up: {}, both: {delay: 1ms}, down: {delay: 1ms}}}\n" WORK, ""},
    {HEAD "routes: {a: {up: {delay: 1ms}, both: {delay: 1ms}}}\n" WORK,
     "field 'routes.a.both': must stand before up and down"},
    {HEAD "routes: {a: {up: {drop_nth: [0]}}}\n" WORK, "at least 1"},
    {HEAD ROUTES WORK "client: {max_datagram: 1199B}\n", "from 1200B to 1500B"},
    {HEAD ROUTES WORK "client: {spin: perhaps}\n", "expected on or off, found 'perhaps'"},
    {HEAD ROUTES WORK "client: {ecn: perhaps}\n", "one of off, on, ect1, found 'perhaps'"},
    {HEAD ROUTES WORK "events: {at: 1s}\n", "expected a list, found 'several fields'"},
    {HEAD ROUTES WORK "events: [{at: 1s, do: cut, route: b}]\n",
     "field 'events[0].route': expected the name of a route, found 'b'"},
    {HEAD ROUTES WORK "events: [{at: 1s, do: cut}]\n", "field 'events[0]': needs a route"},
    {HEAD ROUTES WORK "events: [{do: cut, route: a}]\n",
     "field 'events[0].at': missing, and required"},
    {HEAD ROUTES WORK "events: [{at: 1s, do: jump, route: a}]\n", "expected one of cut, restore"},
    {HEAD ROUTES WORK "events: [{at: 1s, do: cut, route: a, for: 1s}]\n", "'for' goes with"},
    {HEAD ROUTES WORK "events: [{at: 1s, do: blackout, route: a}]\n", "'for' goes with"},
    {HEAD ROUTES WORK "events: [{at: 1s, do: cut, route: a, direction: up}]\n",
     "'direction' goes with"},
    {HEAD ROUTES WORK "events: [{at: 1s, do: cut, route: a, mtu: 1300B}]\n",
     "only 'do: change' takes"},
    {HEAD ROUTES WORK "events: [{at: 1s, do: change, route: a}]\n", "changes nothing"},
    {HEAD ROUTES WORK "events: [{at: 1s, do: update-keys, route: a}]\n", "takes no route"},
    {HEAD ROUTES "workload: {kind: download}\n", "needs 'bytes'"},
    {HEAD ROUTES "workload: {kind: requests, bytes: 1kB}\n", "not for requests"},
    {HEAD ROUTES "workload: {bytes: 1kB}\n", "field 'workload.kind': missing"},
    {HEAD ROUTES WORK "expect: {final_route: b}\n", "expected the name of a route, found 'b'"},
    {HEAD ROUTES WORK "expect: {finish: 1s}\n", "unknown field"},
    {HEAD "routes: {a: {up_via: c}}\n" WORK,
     "field 'routes.up_via': expected the name of a route, found 'c'"},
    {HEAD "routes: {a: {ecn_up: wash}}\n" WORK, "expected one of as-ecn, pass, bleach"},
    {HEAD "routes: {a: {nat_refresh: never}}\n" WORK, "expected one of outbound, both"},
    {HEAD ROUTES WORK "client: {receive_queue: 0}\n", "from 1 to 1000000"},
    {HEAD ROUTES WORK "events: [{at: 1s, do: change, route: a, down_via: c}]\n",
     "field 'events[0].down_via': expected the name of a route, found 'c'"},
    {HEAD ROUTES WORK "events: [{at: 1s, do: cut, route: a, rebind: port}]\n",
     "'rebind' goes with 'do: change' only"},
    {HEAD ROUTES WORK "events: [{at: 1s, do: handover, route: a}]\n", "'from' goes with"},
    {HEAD ROUTES WORK "events: [{at: 1s, do: handover, route: a, from: c}]\n",
     "field 'events[0].from': expected the name of a route, found 'c'"},
    {HEAD ROUTES WORK "events: [{at: 1s, do: handover, route: a, from: a, every: 1s, times: 2}]\n",
     "takes place once"},
    {HEAD ROUTES WORK "events: [{at: 1s, do: suspend, for: 1s}]\n", "'host' goes with"},
    {HEAD ROUTES WORK "events: [{at: 1s, do: suspend, host: client}]\n", "'for' goes with"},
    {HEAD ROUTES WORK "events: [{at: 1s, do: suspend, host: client, for: 1s, route: a}]\n",
     "takes no route"},
    {HEAD ROUTES WORK "events: [{at: 1s, do: cut, route: a, every: 1s}]\n",
     "'every' and 'times' go together"},
    {HEAD ROUTES WORK "attackers: {kind: drop}\n", "expected a list"},
    {HEAD ROUTES WORK "attackers: [{route: a}]\n",
     "field 'attackers[0].kind': missing, and required"},
    {HEAD ROUTES WORK "attackers: [{kind: drop, route: c}]\n",
     "field 'attackers[0].route': expected the name of a route, found 'c'"},
    {HEAD ROUTES WORK "attackers: [{kind: drop, route: a, dellay: 1s}]\n",
     "field 'attackers[0].dellay': unknown field"},
    {HEAD ROUTES WORK "attackers: [{kind: drop, route: a, delay: 1s}]\n", "'delay' does not go"},
    {HEAD ROUTES WORK "attackers: [{kind: delay, route: a}]\n", "needs 'delay'"},
    {HEAD ROUTES WORK "attackers: [{kind: copy, route: a, bits: 2}]\n", "'bits' goes with"},
    {HEAD ROUTES WORK "attackers: [{kind: copy, route: a, size: 20B}]\n", "'size' goes with"},
    {HEAD ROUTES WORK "attackers: [{kind: copy, route: a, target: back}]\n", "'target' goes with"},
    {HEAD ROUTES WORK "attackers: [{kind: modify, route: a, lead: 1ms}]\n", "'lead' goes with"},
    {HEAD ROUTES WORK "attackers: [{kind: modify, route: a, source: own}]\n", "'source' goes with"},
    {HEAD ROUTES WORK "attackers: [{kind: retry, route: a}]\n", "'target: back'"},
    {HEAD ROUTES WORK "cross: [{kind: constant, route: a}]\n", "field 'cross[0]': needs a rate"},
    {HEAD ROUTES WORK "cross: [{kind: constant, route: c, rate: 1Mbit/s}]\n",
     "field 'cross[0].route': expected the name of a route, found 'c'"},
    {HEAD ROUTES WORK "cross: [{kind: aimd, route: a, rate: 1Mbit/s}]\n", "not for aimd"},
    {HEAD ROUTES WORK "cross: [{kind: aimd, route: a, back: 1us}]\n", "from 1ms to"},
    {HEAD ROUTES WORK "cross: [{kind: poisson, route: a, rate: 1Mbit/s, on: 1s}]\n",
     "'on' goes with"},
    {HEAD ROUTES WORK "cross: [{kind: constant, route: a, rate: 1Mbit/s, on: 1s}]\n",
     "'on' and 'off' go together"},
    {HEAD ROUTES WORK
     "cross: [{kind: aimd, route: a}, {kind: aimd, route: a}, {kind: aimd, route: a},"
     " {kind: aimd, route: a}, {kind: aimd, route: a}, {kind: aimd, route: a},"
     " {kind: aimd, route: a}, {kind: aimd, route: a}, {kind: aimd, route: a}]\n",
     "has more than 8 elements"},
    {"", "file.yaml:1: the file is empty"},
    {"- a\n- b\n", "expected fields of its own, found 'a list'"},
    {"name: [\n", "file.yaml:2:"},
    {"name: \"x\n", "file.yaml:"},
    {"name: x\n\twhy: y\n", "file.yaml:2:"},
};

START_TEST(scenario_mistake_is_told_with_line_and_field)
{
    const bool good = parse(wrongs[_i].text);

    if (wrongs[_i].says[0] == '\0') {
        /* Empty mappings are no mistake, and 'both' may follow one. */
        ck_assert_msg(good, "%s", message);
        return;
    }
    ck_assert(!good);
    ck_assert_msg(strstr(message, wrongs[_i].says) != NULL, "'%s' does not say '%s'", message,
                  wrongs[_i].says);
    ck_assert_ptr_eq(strstr(message, "file.yaml:"), message);
}
END_TEST

static void
check_shelf(const char *name, const char *path)
{
    ck_assert_msg(gn_sim_scenario_load(path, &scenario, message), "%s", message);
    ck_assert_str_eq(scenario.name, name);
    ck_assert_uint_gt(strlen(scenario.why), 10);
}

START_TEST(scenario_all_that_come_along_are_good_and_named_after_their_file)
{
    ck_assert_uint_ge(gn_sim_shelf_each(check_shelf), 44);
}
END_TEST

START_TEST(scenario_missing_file_says_so)
{
    ck_assert(!gn_sim_scenario_load("/nonexistent/x.yaml", &scenario, message));
    ck_assert_str_eq(message, "/nonexistent/x.yaml: cannot be opened");
}
END_TEST

/* Damaged files never crash, and whatever is refused comes with a message. */
START_TEST(scenario_damaged_text_is_refused_or_read_but_never_worse)
{
    static const char whole[] =
        HEAD "client: {ecn: on}\n"
             "routes: {a: {both: {delay: 5ms, drop_nth: [1, 2]}}}\n"
             "events: [{at: 1s, do: cut, route: a}]\n" WORK "expect: {max_ptos: 3}\n";
    uint64_t state = 17;

    for (int i = 0; i < 3000; i++) {
        char text[sizeof whole];
        const size_t changes = 1 + gn_test_random(&state) % 4;

        memcpy(text, whole, sizeof whole);
        for (size_t c = 0; c < changes; c++)
            text[gn_test_random(&state) % (sizeof whole - 1)] =
                "{}[]:, \n-#&*!|>'\"%@`a0\x80\xff"[gn_test_random(&state) % 25];
        const bool good = gn_sim_scenario_parse("file.yaml", text,
                                                gn_test_random(&state) % 5 == 0
                                                    ? gn_test_random(&state) % sizeof whole
                                                    : sizeof whole - 1,
                                                &scenario, message);
        ck_assert(good == (message[0] == '\0'));
    }
}
END_TEST

START_TEST(scenario_keys_print_every_row)
{
    char text[32768] = "";
    FILE *out = fmemopen(text, sizeof text, "w");

    gn_sim_scenario_keys_print(out);
    (void)fclose(out);
    ck_assert_ptr_nonnull(strstr(text, "codel_interval"));
    ck_assert_ptr_nonnull(strstr(text, "final_route"));
}
END_TEST

Suite *
gn_test_scenario(void)
{
    Suite *suite = suite_create("sim/scenario");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");
    TCase *random = tcase_create("random");

    tcase_add_test(good, scenario_small_one_gets_its_defaults);
    tcase_add_test(good, scenario_every_part_is_read);
    tcase_add_test(good, scenario_what_lies_around_is_read);
    tcase_add_test(good, scenario_change_touches_only_what_it_names);
    tcase_add_test(good, scenario_all_that_come_along_are_good_and_named_after_their_file);
    tcase_add_test(good, scenario_keys_print_every_row);
    tcase_add_loop_test(hostile, scenario_mistake_is_told_with_line_and_field, 0,
                        (int)(sizeof wrongs / sizeof wrongs[0]));
    tcase_add_test(hostile, scenario_missing_file_says_so);
    tcase_add_test(random, scenario_damaged_text_is_refused_or_read_but_never_worse);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, hostile);
    suite_add_tcase(suite, random);
    return suite;
}
