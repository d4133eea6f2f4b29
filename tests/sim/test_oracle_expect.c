/*
 * test_oracle_expect.c: every wish of `expect` holds up to its bound and is broken beyond it.
 */
#include "sim/oracle_expect.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "sim/scenario_keys.h"
#include "suites.h"

static gn_sim_scenario scenario;
static gn_sim_stats stats;
static gn_sim_app app;

static void
set_up(void)
{
    memset(&scenario, 0, sizeof scenario);
    memset(&app, 0, sizeof app);
    gn_sim_stats_init(&stats, GN_SIM_CLIENT);
}

static bool
expected(const char *text)
{
    static char message[GN_SIM_MESSAGE_BYTES];
    static char file[1024];
    gn_sim_oracle verdicts[GN_SIM_ORACLE_EXPECT_MAX];

    (void)snprintf(file, sizeof file,
                   "name: x\nwhy: y\nroutes: {a: {}, b: {}}\n"
                   "workload: {kind: download, bytes: 1kB}\nexpect: {%s}\n",
                   text);
    ck_assert_msg(gn_sim_scenario_parse("x", file, strlen(file), &scenario, message), "%s",
                  message);
    ck_assert_uint_eq(gn_sim_oracle_expect_judge(&scenario, &stats, &app, 99, verdicts), 1);
    return !verdicts[0].broken;
}

static const struct {
    const char *holds;
    const char *breaks;
} wishes[] = {
    {"finish_before: 2001us", "finish_before: 2ms"},
    {"handshake_before: 501us", "handshake_before: 500us"},
    {"gap_below: 301us", "gap_below: 300us"},
    {"max_ptos: 3", "max_ptos: 2"},
    {"max_lost: 7", "max_lost: 6"},
    {"min_lost: 7", "min_lost: 8"},
    {"min_dropped: 5", "min_dropped: 6"},
    {"max_dropped: 5", "max_dropped: 4"},
    {"min_marked: 9", "min_marked: 10"},
    {"min_ce_counted: 4", "min_ce_counted: 5"},
    {"paths_validated: 2", "paths_validated: 3"},
    {"max_moves: 3", "max_moves: 2"},
    {"min_goodput: 8Mbit/s", "min_goodput: 8001kbit/s"},
    {"min_duplicated: 11", "min_duplicated: 12"},
    {"min_damaged: 7", "min_damaged: 8"},
    {"min_reordered: 6", "min_reordered: 7"},
    {"final_route: b", "final_route: a"},
    {"min_attacks: 6", "min_attacks: 7"},
    {"min_refused: 8", "min_refused: 9"},
    {"min_ptb: 10", "min_ptb: 11"},
    {"min_expired: 12", "min_expired: 13"},
    {"sender_ecn: capable", "sender_ecn: failed"},
    {"min_held: 13", "min_held: 14"},
    {"min_key_updates: 5", "min_key_updates: 6"},
    {"max_key_updates: 5", "max_key_updates: 4"},
    {"min_datagrams_lost: 3", "min_datagrams_lost: 4"},
    {"min_datagrams_late: 5", "min_datagrams_late: 6"},
    {"min_datagrams_expired: 7", "min_datagrams_expired: 8"},
    {"min_unordered: 9B", "min_unordered: 10B"},
    {"max_sent: 17", "max_sent: 16"},
    {"min_ptb_believed: 4", "min_ptb_believed: 5"},
    {"max_ptb_believed: 4", "max_ptb_believed: 3"},
    {"min_retries: 2", "min_retries: 3"},
    {"max_retries: 2", "max_retries: 1"},
    {"min_spin_turns: 30", "min_spin_turns: 31"},
    {"max_spin_turns: 30", "max_spin_turns: 29"},
    {"spin_off_below: 11us", "spin_off_below: 10us"},
    {"suite: aes128", "suite: aes256"},
    {"group: x25519", "group: p256"},
    {"close: FLOW_CONTROL_ERROR", "close: PROTOCOL_VIOLATION"},
    {"client_end: local_transport", "client_end: idle"},
    {"server_end: peer_transport", "server_end: local_transport"},
    {"zero_rtt: accepted", "zero_rtt: rejected"},
};

START_TEST(expect_holds_up_to_its_bound_and_breaks_beyond)
{
    app.done = true;
    app.ready_us = 1000;
    app.done_us = 2000;
    app.delivered_bytes = 1000;
    stats.gap_us = 300;
    stats.dropped = 5;
    stats.fates[GN_SIM_FATE_MARKED] = 9;
    stats.fates[GN_SIM_FATE_DUPLICATED] = 11;
    stats.fates[GN_SIM_FATE_CORRUPTED] = 4;
    stats.fates[GN_SIM_FATE_TRUNCATED] = 3;
    stats.fates[GN_SIM_FATE_REORDERED] = 6;
    stats.host[0].ready_us = 500;
    stats.host[0].ptos = 1;
    stats.host[1].ptos = 2;
    stats.host[0].packets_lost = 3;
    stats.host[1].packets_lost = 4;
    stats.host[1].ce_marks = 4;
    stats.host[1].validated = 2;
    stats.host[1].moves = 3;
    stats.host[0].active_route = 1;
    stats.host[0].ecn_state = 3;
    stats.host[1].ecn_state = 2; /* a download's sender */
    stats.attacks = 6;
    stats.refused = 8;
    stats.too_big = 10;
    stats.believed = 4;
    stats.host[0].packets_sent = 8;
    stats.host[1].packets_sent = 9;
    stats.host[1].retries = 2;
    stats.host[0].held = 6;
    stats.host[1].held = 7;
    stats.host[0].key_updates = 5;
    stats.host[1].key_updates = 4;
    stats.spin = (gn_sim_spin_watch){.turns = 30, .count = 1, .spans_us = {110}};
    stats.host[0].rtt_last_us[1] = 100;
    app.datagrams.side[0].lost = 1;
    app.datagrams.side[1].lost = 2;
    app.datagrams.side[0].late = 5;
    app.datagrams.side[1].expired = 7;
    app.unordered_bytes = 9;
    stats.host[1].ready_us = 600;
    stats.host[0].zero_rtt = GN_ZERO_RTT_ACCEPTED;
    stats.host[0].closed_us = stats.host[1].closed_us = 90;
    stats.host[0].close_cause = GN_CLOSE_LOCAL_TRANSPORT;
    stats.host[1].close_cause = GN_CLOSE_PEER_TRANSPORT;
    stats.host[0].close_code = stats.host[1].close_code = 3;
    stats.expired = 12;
    ck_assert(expected(wishes[_i].holds));
    ck_assert(!expected(wishes[_i].breaks));
}
END_TEST

START_TEST(expect_what_never_came_is_not_before_anything)
{
    ck_assert(!expected("finish_before: 100s"));
    ck_assert(!expected("handshake_before: 100s"));
}
END_TEST

/* Whatever can be wished for has a row in the table above, but for what panel.c judges. */
START_TEST(expect_every_wish_is_shown_to_break)
{
    static const char *const others[] = {"may_close", "ideal"};
    const gn_sim_keys *keys = &gn_sim_scenario_keys_expect;

    for (size_t i = 0; i < keys->count; i++) {
        const size_t len = strlen(keys->rows[i].name);
        size_t found = 0;
        for (size_t k = 0; k < sizeof wishes / sizeof wishes[0]; k++)
            found += strncmp(wishes[k].holds, keys->rows[i].name, len) == 0 &&
                     wishes[k].holds[len] == ':';
        for (size_t k = 0; k < sizeof others / sizeof others[0]; k++)
            found += strcmp(others[k], keys->rows[i].name) == 0;
        ck_assert_msg(found == 1, "%s: %zu rows", keys->rows[i].name, found);
    }
}
END_TEST

Suite *
gn_test_oracle_expect(void)
{
    Suite *suite = suite_create("sim/oracle_expect");
    TCase *table = tcase_create("table");

    tcase_add_checked_fixture(table, set_up, NULL);
    tcase_add_loop_test(table, expect_holds_up_to_its_bound_and_breaks_beyond, 0,
                        (int)(sizeof wishes / sizeof wishes[0]));
    tcase_add_test(table, expect_what_never_came_is_not_before_anything);
    tcase_add_test(table, expect_every_wish_is_shown_to_break);
    suite_add_tcase(suite, table);
    return suite;
}
