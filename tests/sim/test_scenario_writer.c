/*
 * test_scenario_writer.c: what sim/scenario_writer.h promises: what is written reads back the same.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/draw.h"
#include "sim/host_config.h"
#include "sim/link_rules.h"
#include "sim/scenario_keys.h"
#include "sim/scenario_writer.h"
#include "sim/shelf.h"
#include "suites.h"

static gn_sim_scenario written;
static gn_sim_scenario read;
static char message[GN_SIM_MESSAGE_BYTES];

#define SCENARIOS 400
#define ALWAYS ((gn_sim_ratio){1, 1})
#define SOMETIMES ((gn_sim_ratio){1, 3})

static void
check_reads_back(void)
{
    char *text = gn_sim_scenario_write_text(&written);

    ck_assert_msg(gn_sim_scenario_parse("w", text, strlen(text), &read, message), "%s\n%s", message,
                  text);
    gn_sim_scenario_borrow(&read, &written);
    ck_assert_msg(memcmp(&written, &read, sizeof read) == 0, "not the same:\n%s", text);
    free(text);
}

static void
draw_link(gn_sim_prng *prng, gn_sim_link_settings *link)
{
    gn_sim_draw_rows(prng, &gn_sim_scenario_keys_link, UINT64_MAX, SOMETIMES, link);

    gn_sim_link_settings standard;
    uint64_t given = 0;

    gn_sim_link_settings_default(&standard);
    for (size_t i = 0; i < gn_sim_scenario_keys_link.count; i++)
        if (!gn_sim_scenario_keys_same(&gn_sim_scenario_keys_link.rows[i], link, &standard))
            given |= UINT64_C(1) << i;
    (void)gn_sim_link_rules_mend(link, given);
}

static void
draw_text(gn_sim_prng *prng, char *text, size_t cap)
{
    static const char letters[] = "ab\"\\: #{}[],&*!|>'%@`-?\t\x01zZ0 9~";
    const size_t len = 1 + gn_sim_prng_below(prng, cap - 1);

    for (size_t i = 0; i < len; i++)
        text[i] = letters[gn_sim_prng_below(prng, sizeof letters - 1)];
}

static void
draw_event(gn_sim_prng *prng, gn_sim_happening *event)
{
    gn_sim_scenario_default_event(event);
    event->at_us = gn_sim_prng_below(prng, 1000000);
    event->action = gn_sim_prng_below(prng, GN_SIM_ACTIONS);
    if (event->action == GN_SIM_DO_BLACKOUT || event->action == GN_SIM_DO_SUSPEND_RECEIVE ||
        event->action == GN_SIM_DO_SUSPEND_TRANSMIT) {
        event->for_us = 1 + gn_sim_prng_below(prng, 5000);
        event->direction = gn_sim_prng_below(prng, GN_SIM_BOTH + 1);
    }
    if (event->action == GN_SIM_DO_SUSPEND) {
        event->for_us = 1 + gn_sim_prng_below(prng, 5000);
        event->host = gn_sim_prng_below(prng, GN_SIM_HOSTS);
    }
    if (event->action == GN_SIM_DO_HANDOVER) {
        event->for_us = gn_sim_prng_below(prng, 2);
        event->from = (uint16_t)gn_sim_prng_below(prng, written.route_count);
        memcpy(event->from_name, written.routes[event->from].name, sizeof event->from_name);
    } else if (gn_sim_prng_chance(prng, SOMETIMES)) {
        event->every_us = 1 + gn_sim_prng_below(prng, 5000);
        event->times = 2 + gn_sim_prng_below(prng, 9);
    }
    if (event->action == GN_SIM_DO_CHANGE) {
        const gn_sim_keys *keys = &gn_sim_scenario_keys_route;
        const gn_sim_key *to = gn_sim_scenario_keys_find(keys, "to");

        event->route_keys = gn_sim_draw_mask(prng, keys, SOMETIMES) | 1;
        event->route_keys &= ~(UINT64_C(1) << (to - keys->rows));
        gn_sim_draw_rows(prng, &gn_sim_scenario_keys_route, event->route_keys, ALWAYS,
                         &event->change);
        event->rebind = gn_sim_prng_below(prng, 3);
        event->link_keys[GN_SIM_UP] = gn_sim_draw_mask(prng, &gn_sim_scenario_keys_link, SOMETIMES);
        gn_sim_draw_rows(prng, &gn_sim_scenario_keys_link, event->link_keys[GN_SIM_UP], ALWAYS,
                         &event->change.link[GN_SIM_UP]);
        event->link_keys[GN_SIM_UP] =
            gn_sim_link_rules_mend(&event->change.link[GN_SIM_UP], event->link_keys[GN_SIM_UP]);
    }
    if (!gn_sim_scenario_is_routeless(event->action)) {
        event->route = (uint16_t)gn_sim_prng_below(prng, written.route_count);
        memcpy(event->route_name, written.routes[event->route].name, sizeof event->route_name);
    }
}

static void
draw_others(gn_sim_prng *prng)
{
    written.attack_count = gn_sim_prng_below(prng, GN_SIM_ATTACKERS_MAX + 1);
    for (uint64_t i = 0; i < written.attack_count; i++) {
        gn_sim_attack_settings *attack = &written.attacks[i];
        const uint64_t route = gn_sim_prng_below(prng, written.route_count);

        gn_sim_attack_settings_default(attack);
        gn_sim_draw_rows(prng, &gn_sim_scenario_keys_attack, UINT64_MAX, SOMETIMES, attack);
        /* A kind with which any of these goes. */
        attack->kind = GN_SIM_ATTACK_GARBAGE;
        attack->bits = 1;
        attack->route = route;
        memcpy(attack->route_name, written.routes[route].name, sizeof attack->route_name);
    }
    written.cross_count = gn_sim_prng_below(prng, GN_SIM_CROSS_MAX + 1);
    for (uint64_t i = 0; i < written.cross_count; i++) {
        gn_sim_cross_settings *cross = &written.crosses[i];
        const uint64_t route = gn_sim_prng_below(prng, written.route_count);

        gn_sim_cross_settings_default(cross);
        gn_sim_draw_rows(prng, &gn_sim_scenario_keys_cross, UINT64_MAX, SOMETIMES, cross);
        cross->kind = GN_SIM_CROSS_CONSTANT;
        cross->rate_bits = 1000 + gn_sim_prng_below(prng, 1000000);
        cross->off_us = cross->on_us;
        cross->back_us = 20000; /* of aimd; these keep to the default */
        cross->route = route;
        memcpy(cross->route_name, written.routes[route].name, sizeof cross->route_name);
    }
}

/* A scenario made from the tables, as odd as they allow. */
static void
draw(gn_sim_prng *prng)
{
    gn_sim_scenario_default(&written);
    gn_sim_draw_rows(prng, &gn_sim_scenario_keys_top, UINT64_MAX, SOMETIMES, &written);
    draw_text(prng, written.name, sizeof written.name);
    draw_text(prng, written.why, sizeof written.why);
    for (unsigned i = 0; i < GN_SIM_HOSTS; i++)
        gn_sim_draw_rows(prng, &gn_sim_scenario_keys_host, UINT64_MAX, SOMETIMES, &written.host[i]);
    gn_sim_host_config_mend(written.host);
    written.route_count = 1 + gn_sim_prng_below(prng, GN_SIM_ROUTES_MAX);
    for (uint64_t i = 0; i < written.route_count; i++) {
        gn_sim_route_settings *route = &written.routes[i];

        gn_sim_scenario_default_route(route);
        draw_text(prng, route->name, sizeof route->name - 2);
        route->name[strlen(route->name)] = (char)('0' + i);
        gn_sim_draw_rows(prng, &gn_sim_scenario_keys_route, UINT64_MAX, SOMETIMES, route);
        draw_link(prng, &route->link[GN_SIM_UP]);
        draw_link(prng, &route->link[GN_SIM_DOWN]);
    }
    written.routes[0].up_state = 1;
    written.routes[0].leads_to = GN_SIM_SERVER_FIRST;
    written.event_count = gn_sim_prng_below(prng, 8);
    for (uint64_t i = 0; i < written.event_count; i++)
        draw_event(prng, &written.events[i]);
    draw_others(prng);
    gn_sim_draw_rows(prng, &gn_sim_scenario_keys_workload, UINT64_MAX, SOMETIMES,
                     &written.workload);
    written.workload.bytes = written.workload.kind == GN_SIM_REQUESTS ? 0 : 5000;
    written.expect.keys = gn_sim_draw_mask(prng, &gn_sim_scenario_keys_expect, SOMETIMES);
    gn_sim_draw_rows(prng, &gn_sim_scenario_keys_expect, written.expect.keys, ALWAYS,
                     &written.expect);
    gn_sim_draw_rows(prng, &gn_sim_scenario_keys_script, UINT64_MAX, SOMETIMES, &written.script);
}

START_TEST(writer_any_scenario_reads_back_the_same)
{
    for (uint64_t i = 0; i < SCENARIOS; i++) {
        gn_sim_prng prng = gn_sim_prng_for(i, "writer", 0);

        draw(&prng);
        check_reads_back();
    }
}
END_TEST

static void
check_shelf(const char *name, const char *path)
{
    ck_assert_msg(gn_sim_scenario_load(path, &written, message), "%s: %s", name, message);
    check_reads_back();
    gn_sim_scenario_free(&written);
}

START_TEST(writer_all_scenarios_that_come_along_read_back_the_same)
{
    ck_assert_uint_ge(gn_sim_shelf_each(check_shelf), 13);
}
END_TEST

START_TEST(writer_defaults_are_left_out)
{
    static const char text[] = "name: a\nwhy: b\nroutes: {r: {up: {delay: 3ms}}}\n"
                               "workload: {kind: upload, bytes: 1kB}\n";
    char *out;

    ck_assert_msg(gn_sim_scenario_parse("w", text, strlen(text), &written, message), "%s", message);
    out = gn_sim_scenario_write_text(&written);
    ck_assert_str_eq(out, "name: \"a\"\nwhy: \"b\"\nroutes:\n  \"r\": {up: {delay: 3ms},\n"
                          "    down: {}}\nworkload: {kind: upload, bytes: 1kB}\n");
    free(out);
}
END_TEST

START_TEST(writer_file_that_cannot_be_written_is_said)
{
    gn_sim_scenario_default(&written);
    ck_assert(!gn_sim_scenario_save("/nonexistent/x.yaml", &written, NULL));
}
END_TEST

Suite *
gn_test_scenario_writer(void)
{
    Suite *suite = suite_create("sim/scenario_writer");
    TCase *good = tcase_create("good");
    TCase *random = tcase_create("random");

    tcase_add_test(good, writer_all_scenarios_that_come_along_read_back_the_same);
    tcase_add_test(good, writer_defaults_are_left_out);
    tcase_add_test(good, writer_file_that_cannot_be_written_is_said);
    tcase_add_test(random, writer_any_scenario_reads_back_the_same);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, random);
    return suite;
}
