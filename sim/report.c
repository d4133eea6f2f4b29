/*
 * report.c: see report.h.
 */
#include "sim/report.h"

#include <inttypes.h>
#include <string.h>

#include "sim/units.h"
#include "sim/words.h"

/* Lines of the story on the screen; the trace has all of it. */
#define REPORT_STORY_LINES 16

#define REPORT_CLOSE_BASE 100

const char *
gn_sim_report_verdict(gn_sim_verdict verdict)
{
    switch (verdict) {
    case GN_SIM_PASS: return "pass";
    case GN_SIM_FAIL: return "FAIL";
    case GN_SIM_BAD_INPUT: return "BAD INPUT";
    case GN_SIM_ZENO: return "ZENO";
    case GN_SIM_STALL: return "STALL";
    }
    return "?";
}

/* "never" or "12.345 ms". */
static void
report_time(uint64_t us, char text[GN_SIM_UNITS_TEXT])
{
    if (us == GN_SIM_STATS_NONE)
        (void)snprintf(text, GN_SIM_UNITS_TEXT, "never");
    else
        gn_sim_units_show_duration(us, text);
}

static void
report_rate(uint64_t bits, char text[GN_SIM_UNITS_TEXT])
{
    (void)snprintf(text, GN_SIM_UNITS_TEXT, "%" PRIu64 ".%02" PRIu64 " Mbit/s", bits / 1000000,
                   bits / 10000 % 100);
}

static void
report_link(FILE *out, const char *name, const gn_sim_link_settings *link)
{
    char rate[GN_SIM_UNITS_TEXT];
    char delay[GN_SIM_UNITS_TEXT];
    char loss[GN_SIM_UNITS_TEXT];

    gn_sim_units_print_rate(link->rate_bits, rate);
    if (link->plan.trace != NULL || link->plan.step_count != 0)
        (void)snprintf(rate, sizeof rate, "%s", link->plan.trace != NULL ? "trace" : "steps");
    gn_sim_units_print_duration(link->delay_us, delay);
    gn_sim_units_print_ratio(link->loss.independent, loss);
    (void)fprintf(out, "%s %s %s", name, rate, delay);
    if (link->loss.independent.num != 0)
        (void)fprintf(out, " loss %s", loss);
    if (link->loss.burst_p.num != 0)
        (void)fprintf(out, " bursts");
    if (link->aqm != GN_SIM_AQM_NONE)
        (void)fprintf(out, " %s", gn_sim_queue_aqm_words[link->aqm]);
}

static void
report_routes(FILE *out, const gn_sim_scenario *scenario)
{
    for (uint64_t i = 0; i < scenario->route_count; i++) {
        const gn_sim_route_settings *route = &scenario->routes[i];

        (void)fprintf(out, "  %-10s%-8s ", i == 0 ? "routes" : "", route->name);
        report_link(out, "up", &route->link[GN_SIM_UP]);
        report_link(out, ", down", &route->link[GN_SIM_DOWN]);
        (void)fprintf(out, "%s\n", route->up_state != 0 ? "" : "  (down at first)");
    }
}

static void
report_story_line(FILE *out, const gn_sim_stage *stage, const gn_sim_story *story)
{
    const gn_sim_about *about = &stage->witness.about;
    char at[GN_SIM_UNITS_TEXT];
    char text[GN_SIM_HAPPENING_TEXT];

    gn_sim_units_show_duration(story->at_us, at);
    (void)fprintf(out, "  %12s  ", at);
    switch (story->kind) {
    case GN_SIM_STORY_EVENT:
        gn_sim_scenario_tell(&stage->scenario->events[story->value], text);
        (void)fprintf(out, "*       %s%s\n", text, story->detail != 0 ? "  (refused)" : "");
        break;
    case GN_SIM_STORY_PATH:
        (void)fprintf(out, "%-7s path by %s: %s\n", gn_sim_words_host(about, story->host),
                      gn_sim_words_route(about, story->value), gn_sim_words_path(story->detail));
        break;
    default:
        (void)fprintf(out, "%-7s %s%s\n", gn_sim_words_host(about, story->host),
                      story->detail >= REPORT_CLOSE_BASE ? "ends: " : "",
                      gn_sim_words_state(story->detail));
        break;
    }
}

static void
report_story(FILE *out, const gn_sim_stage *stage)
{
    const gn_sim_stats *stats = &stage->witness.stats;
    uint64_t shown = 0;

    for (uint64_t i = 0; i < stats->story_count && i < GN_SIM_STATS_STORY_MAX; i++) {
        if (shown == REPORT_STORY_LINES)
            break;
        report_story_line(out, stage, &stats->story[i]);
        shown++;
    }
    if (stats->story_count > shown)
        (void)fprintf(out, "  %12s  and %" PRIu64 " more\n", "", stats->story_count - shown);
}

static void
report_work(FILE *out, const gn_sim_stage *stage)
{
    const gn_sim_app *app = &stage->app;
    const gn_sim_stats *stats = &stage->witness.stats;
    char done[GN_SIM_UNITS_TEXT];
    char rate[GN_SIM_UNITS_TEXT];
    char gap[GN_SIM_UNITS_TEXT];
    char gap_at[GN_SIM_UNITS_TEXT];
    char handshake[GN_SIM_UNITS_TEXT];

    report_time(stats->host[GN_SIM_CLIENT].ready_us, handshake);
    report_time(app->done ? app->done_us : GN_SIM_STATS_NONE, done);
    report_rate(gn_sim_oracle_expect_goodput(app), rate);
    gn_sim_units_show_duration(stats->gap_us, gap);
    gn_sim_units_show_duration(stats->gap_at_us, gap_at);
    (void)fprintf(out, "  %-10s%" PRIu64 " of %" PRIu64 " bytes, complete at %s, goodput %s\n",
                  "work", app->delivered_bytes, app->goal_bytes, done, rate);
    (void)fprintf(out, "  %-10shandshake %s, longest pause %s at %s\n", "times", handshake, gap,
                  gap_at);
}

static void
report_network(FILE *out, const gn_sim_stage *stage)
{
    const gn_sim_stats *stats = &stage->witness.stats;
    const char *between = ":";

    (void)fprintf(out, "  %-10s%" PRIu64 " datagrams, dropped %" PRIu64, "network",
                  stats->datagrams, stats->dropped);
    for (unsigned fate = GN_SIM_FATE_DROPPED_LOSS; fate < GN_SIM_FATES; fate++) {
        if (stats->fates[fate] == 0 || !gn_sim_fate_is_drop(fate))
            continue;
        (void)fprintf(out, "%s %s %" PRIu64, between, gn_sim_fate_name(fate), stats->fates[fate]);
        between = ",";
    }
    for (unsigned fate = GN_SIM_FATE_MARKED; fate < GN_SIM_FATES; fate++)
        if (stats->fates[fate] != 0 && fate != GN_SIM_FATE_DELIVERED && !gn_sim_fate_is_drop(fate))
            (void)fprintf(out, "; %s %" PRIu64, gn_sim_fate_name(fate), stats->fates[fate]);
    if (stats->fates[GN_SIM_FATE_INJECTED] != 0)
        (void)fprintf(out, "; injected %" PRIu64, stats->fates[GN_SIM_FATE_INJECTED]);
    (void)fprintf(out, "\n");
}

/* Who else was there, when anybody was. */
static void
report_others(FILE *out, const gn_sim_stage *stage)
{
    const gn_sim_scenario *scenario = stage->scenario;
    const gn_sim_network *network = &stage->network;
    const gn_sim_stats *stats = &stage->witness.stats;

    for (uint64_t i = 0; i < scenario->attack_count; i++)
        (void)fprintf(
            out, "  %-10s%s on %s, %s: acted %" PRIu64 " times\n", i == 0 ? "attackers" : "",
            gn_sim_attack_kind_words[scenario->attacks[i].kind], scenario->attacks[i].route_name,
            scenario->attacks[i].direction == GN_SIM_UP ? "up" : "down", network->attacks[i].done);
    for (uint64_t i = 0; i < scenario->cross_count; i++) {
        const gn_sim_cross_tally *tally = &network->crosses[i].tally;

        (void)fprintf(out,
                      "  %-10s%s on %s, %s: sent %" PRIu64 ", arrived %" PRIu64 " (%" PRIu64
                      " bytes), dropped %" PRIu64 "\n",
                      i == 0 ? "cross" : "", gn_sim_cross_kind_words[scenario->crosses[i].kind],
                      scenario->crosses[i].route_name,
                      scenario->crosses[i].direction == GN_SIM_UP ? "up" : "down", tally->sent,
                      tally->arrived, tally->arrived_bytes, tally->dropped);
    }
    if (stats->expired != 0)
        (void)fprintf(out, "  %-10s%" PRIu64 " bindings expired\n", "nat", stats->expired);
    if (network->too_big != 0 || stats->too_big != 0)
        (void)fprintf(out, "  %-10srouters sent %" PRIu64 ", %" PRIu64 " arrived\n", "ptb",
                      network->too_big, stats->too_big);
}

static void
report_host(FILE *out, const gn_sim_stage *stage, uint16_t number)
{
    const gn_sim_host_stats *host = &stage->witness.stats.host[number];

    (void)fprintf(out,
                  "  %-10ssent %" PRIu64 " packets, lost %" PRIu64 " (reordering %" PRIu64
                  ", time %" PRIu64 "), dropped %" PRIu64 ", probe timeouts %" PRIu64,
                  gn_sim_words_host(&stage->witness.about, number), host->packets_sent,
                  host->packets_lost, host->lost_by[0], host->lost_by[1], host->packets_dropped,
                  host->ptos);
    if (host->ce_marks != 0)
        (void)fprintf(out, ", CE %" PRIu64, host->ce_marks);
    (void)fprintf(out, "\n");
    for (uint64_t i = 0; i < stage->scenario->route_count; i++) {
        char least[GN_SIM_UNITS_TEXT];
        char last[GN_SIM_UNITS_TEXT];

        if (host->rtt_min_us[i] == GN_SIM_STATS_NONE)
            continue;
        report_time(host->rtt_min_us[i], least);
        report_time(host->rtt_last_us[i], last);
        (void)fprintf(out, "  %-10sRTT by %s: least %s, smoothed at the end %s\n", "",
                      stage->scenario->routes[i].name, least, last);
    }
}

static void
report_oracles(FILE *out, const gn_sim_panel *panel)
{
    for (size_t i = 0; i < panel->count; i++) {
        const gn_sim_oracle *oracle = panel->verdicts[i];
        char at[GN_SIM_UNITS_TEXT];

        gn_sim_units_show_duration(oracle->at_us, at);
        (void)fprintf(out, "  %-10s%-36s %s", oracle->broken ? "BROKEN" : "holds", oracle->name,
                      oracle->rfc);
        if (oracle->broken)
            (void)fprintf(out, "%sat %s: %s", oracle->rfc[0] != '\0' ? ", " : "", at, oracle->what);
        else if (oracle->what[0] != '\0')
            (void)fprintf(out, "%s", oracle->what);
        else if (oracle->checked == 0)
            (void)fprintf(out, "  (nothing to check)");
        (void)fprintf(out, "\n");
    }
}

void
gn_sim_report_write(FILE *out, const gn_sim_stage *stage, uint64_t hash)
{
    const gn_sim_scenario *scenario = stage->scenario;
    char end[GN_SIM_UNITS_TEXT];

    (void)fprintf(out, "%s, seed %" PRIu64 "\n", scenario->name, stage->seed);
    (void)fprintf(out, "  %s\n", scenario->why);
    report_routes(out, scenario);
    report_story(out, stage);
    report_work(out, stage);
    report_network(out, stage);
    report_others(out, stage);
    report_host(out, stage, GN_SIM_CLIENT);
    report_host(out, stage, GN_SIM_SERVER);
    report_oracles(out, &stage->witness.panel);
    gn_sim_units_show_duration(stage->world.now_us, end);
    (void)fprintf(out, "  %-10safter %s%s%s\n", gn_sim_report_verdict(stage->verdict), end,
                  stage->why != NULL ? ": " : "", stage->why != NULL ? stage->why : "");
    (void)fprintf(out, "  %-10s%016" PRIx64 "\n", "hash", hash);
}
