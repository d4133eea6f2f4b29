/*
 * test_panel.c: the oracles that the panel itself judges, each broken by a trace made by hand: the
 * goal, the bytes of streams, transport errors and what excuses them, what is asked for only.
 */
#include "sim/panel.h"

#include <check.h>
#include <string.h>

#include "base/fault.h"
#include "crypto/suite_wolfcrypt.h"
#include "sim/world.h"
#include "suites.h"

enum { BYTES = 5000 };

static gn_sim_panel panel;
static gn_sim_scenario scenario;
static gn_sim_stats stats;
static gn_sim_app app;
static gn_sim_world world;

static void
set_up(void)
{
    gn_sim_scenario_default(&scenario);
    scenario.workload.kind = GN_SIM_UPLOAD;
    scenario.workload.bytes = BYTES;
    scenario.workload.streams = 1;
    gn_sim_stats_init(&stats, GN_SIM_SERVER);
    gn_sim_world_init(&world, 1000, 0);
    gn_sim_app_init(&app, &scenario.workload, &world, 3, (gn_sim_app_watch){0});
    app.opened = 1; /* stream 0 */
    memset(&panel, 0, sizeof panel);
    gn_sim_panel_init(&panel, &scenario, gn_suite_wolfcrypt());
}

static void
tear_down(void)
{
    gn_sim_app_free(&app);
    gn_sim_world_free(&world);
}

/* The oracle of this name after the end, or NULL. */
static const gn_sim_oracle *
judged(const char *name, const char *why)
{
    gn_sim_panel_on_end(&panel, &scenario, &stats, &app, 77, why);
    for (size_t i = 0; i < panel.count; i++)
        if (strcmp(panel.verdicts[i]->name, name) == 0)
            return panel.verdicts[i];
    return NULL;
}

static void
expect_broken(const char *name, const char *why, bool broken)
{
    const gn_sim_oracle *oracle = judged(name, why);

    ck_assert_msg(oracle != NULL, "nobody looks at '%s'", name);
    ck_assert_msg(oracle->broken == broken, "'%s': %s", name, oracle->what);
    ck_assert(!broken || !gn_sim_panel_holds(&panel));
}

/* ------------------------------------------------------------------- the goal */

static const struct {
    bool done;
    uint64_t may_close;
    const char *why;
    bool broken;
} ends[] = {
    {true, GN_SIM_MAY_CLOSE_NEVER, NULL, false},
    {false, GN_SIM_MAY_CLOSE_NEVER, NULL, true},
    {false, GN_SIM_MAY_CLOSE_ALWAYS, NULL, false},
    {false, GN_SIM_MAY_CLOSE_ALWAYS, "the time limit has passed", true},
    {true, GN_SIM_MAY_CLOSE_NEVER, "an end was never forgotten", true},
};

START_TEST(panel_goal_is_reached_and_everything_ends)
{
    app.done = ends[_i].done;
    scenario.expect.may_close = ends[_i].may_close;
    expect_broken("goal reached", ends[_i].why, ends[_i].broken);
}
END_TEST

/* ------------------------------------------------------------------ the bytes */

/* Data of the client's stream that reach the server; changed: one byte is another. */
static void
data(uint64_t stream, uint64_t off, size_t len, bool fin, bool changed)
{
    static uint8_t bytes[BYTES + 100];
    const gn_sim_app_seat seat = {.now_us = 5, .host = GN_SIM_SERVER};
    gn_effect effect = {.kind = GN_EFFECT_STREAM_DATA,
                        .flags = fin ? GN_EFFECT_FIN : 0,
                        .stream = stream,
                        .offset = off,
                        .bytes = bytes,
                        .len = len};
    size_t piece;

    memcpy(bytes, gn_sim_content_at(&app.content, 0, 0, off, &piece), len);
    ck_assert_uint_ge(piece, len);
    bytes[len / 2] ^= changed ? 1 : 0;
    gn_sim_app_on_effect(&app, &seat, &effect);
}

START_TEST(panel_bytes_that_are_those_sent_hold)
{
    data(0, 0, 100, false, false);
    data(0, 100, 2000, false, false);
    expect_broken("bytes read are the bytes written", NULL, false);
    ck_assert_uint_eq(panel.bytes.checked, 2100);
}
END_TEST

static const struct {
    const char *what;
    uint64_t stream;
    uint64_t off;
    size_t len;
    bool fin;
    bool changed;
} bad[] = {
    {"a byte is not the one that was sent", 0, 100, 50, false, true},
    {"data out of order or twice", 0, 0, 100, false, false},
    {"data out of order or twice", 0, 101, 50, false, false},
    {"data on a stream nobody opened", 4, 0, 50, false, false},
    {"data on a stream nobody opened", 1, 0, 50, false, false},
    {"the stream ended at another length", 0, 100, 50, true, false},
    {"the stream ended at another length", 0, 100, BYTES, true, false},
};

START_TEST(panel_bytes_that_are_wrong_break)
{
    data(0, 0, 100, false, false);
    data(bad[_i].stream, bad[_i].off, bad[_i].len, bad[_i].fin, bad[_i].changed);
    expect_broken("bytes read are the bytes written", NULL, true);
    ck_assert_ptr_nonnull(strstr(panel.bytes.what, bad[_i].what));
    ck_assert_uint_eq(panel.bytes.at_us, 5);
}
END_TEST

START_TEST(panel_bytes_behind_the_end_or_given_up_break)
{
    const gn_sim_app_seat seat = {.now_us = 5, .host = GN_SIM_SERVER};
    const gn_effect reset = {.kind = GN_EFFECT_STREAM_RESET};

    if (_i == 0) {
        app.exchanges[0].fin_received[0] = true;
        data(0, 0, 10, false, false);
    } else {
        gn_sim_app_on_effect(&app, &seat, &reset);
    }
    expect_broken("bytes read are the bytes written", NULL, true);
}
END_TEST

/* ------------------------------------------------------------ transport errors */

static void
closed(uint16_t host, uint32_t cause, uint64_t code)
{
    const gn_effect effect = {.kind = GN_EFFECT_CLOSED,
                              .detail = cause,
                              .code = code,
                              .bytes = (const uint8_t *)"why",
                              .len = 3};

    gn_sim_panel_on_change(&panel, 9, host, &effect);
}

static void
damaged(void)
{
    static const uint8_t byte = 0x40;
    const gn_sim_datagram datagram = {.from = GN_SIM_SERVER,
                                      .to = GN_SIM_CLIENT,
                                      .fate = GN_SIM_FATE_CORRUPTED,
                                      .bytes = &byte,
                                      .len = 1};

    gn_sim_panel_on_datagram(&panel, &datagram);
}

/* The same end, without what excuses it and with it. */
START_TEST(panel_errors_are_excused_by_their_reason_only)
{
    const bool excused = _i % 2 == 1;

    switch (_i / 2) {
    case 0: /* RFC 9000 10.3: the peer has forgotten the connection */
        if (excused)
            closed(GN_SIM_SERVER, GN_CLOSE_IDLE, 0);
        closed(GN_SIM_CLIENT, GN_CLOSE_STATELESS_RESET, 0);
        break;
    case 1:
        if (excused)
            gn_sim_panel_on_restart(&panel, GN_SIM_SERVER);
        closed(GN_SIM_CLIENT, GN_CLOSE_STATELESS_RESET, 0);
        break;
    case 2: /* RFC 9000 6.2: what the server lists was changed on the way */
        if (excused)
            damaged();
        closed(GN_SIM_CLIENT, GN_CLOSE_VERSION, 0);
        break;
    case 3: /* RFC 9000 8.1.3: the token of the Retry grew old */
        if (excused)
            panel.limit.count = 2;
        closed(GN_SIM_CLIENT, GN_CLOSE_PEER_TRANSPORT, GN_FAULT_INVALID_TOKEN);
        break;
    default: /* the scenario wants it */
        if (excused)
            panel.close = "FLOW_CONTROL_ERROR";
        closed(GN_SIM_CLIENT, GN_CLOSE_LOCAL_TRANSPORT, 3);
        break;
    }
    expect_broken("no transport error among ourselves", NULL, !excused);
}
END_TEST

/* -------------------------------------------------------- what is asked for only */

START_TEST(panel_looks_where_it_is_told_to)
{
    ck_assert_ptr_null(judged("nothing spurious", NULL));
    set_up();
    ck_assert_ptr_null(judged("datagrams arrive once, told once", NULL));
    set_up();
    scenario.expect.ideal = 1;
    gn_sim_panel_init(&panel, &scenario, gn_suite_wolfcrypt());
    const gn_event lost = {.kind = GN_EVENT_PACKET_LOST, .now = 3};
    gn_sim_panel_on_event(&panel, GN_SIM_CLIENT, &lost);
    expect_broken("nothing spurious", NULL, true);
    set_up();
    app.datagrams.verdict.broken = true;
    expect_broken(app.datagrams.verdict.name, NULL, true);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

Suite *
gn_test_panel(void)
{
    Suite *suite = suite_create("sim/panel");
    TCase *good = tcase_create("good");
    TCase *table = tcase_create("table");

    tcase_add_checked_fixture(good, set_up, tear_down);
    tcase_add_checked_fixture(table, set_up, tear_down);
    tcase_add_loop_test(table, panel_goal_is_reached_and_everything_ends, 0, COUNT(ends));
    tcase_add_test(good, panel_bytes_that_are_those_sent_hold);
    tcase_add_loop_test(table, panel_bytes_that_are_wrong_break, 0, COUNT(bad));
    tcase_add_loop_test(table, panel_bytes_behind_the_end_or_given_up_break, 0, 2);
    tcase_add_loop_test(table, panel_errors_are_excused_by_their_reason_only, 0, 10);
    tcase_add_test(good, panel_looks_where_it_is_told_to);
    suite_add_tcase(suite, good);
    suite_add_tcase(suite, table);
    return suite;
}
