/*
 * report_json.c: the JSON half of report.h.
 */
#include <inttypes.h>

#include "sim/json.h"
#include "sim/report.h"
#include "sim/words.h"

static void
json_time(gn_sim_json *json, const char *key, uint64_t us)
{
    if (us == GN_SIM_STATS_NONE)
        gn_sim_json_string(json, key, NULL);
    else
        gn_sim_json_uint(json, key, us);
}

static void
json_network(gn_sim_json *json, const gn_sim_stats *stats)
{
    gn_sim_json_object(json, "network");
    gn_sim_json_uint(json, "datagrams", stats->datagrams);
    gn_sim_json_uint(json, "dropped", stats->dropped);
    gn_sim_json_object(json, "fates");
    for (unsigned fate = 0; fate < GN_SIM_FATES; fate++)
        gn_sim_json_uint(json, gn_sim_fate_name(fate), stats->fates[fate]);
    gn_sim_json_end(json);
    gn_sim_json_end(json);
}

static void
json_host(gn_sim_json *json, const gn_sim_stage *stage, uint16_t number)
{
    const gn_sim_host_stats *host = &stage->witness.stats.host[number];

    gn_sim_json_object(json, gn_sim_words_host(&stage->witness.about, number));
    gn_sim_json_uint(json, "datagrams_sent", host->datagrams_sent);
    gn_sim_json_uint(json, "packets_sent", host->packets_sent);
    gn_sim_json_uint(json, "packets_received", host->packets_received);
    gn_sim_json_uint(json, "packets_dropped", host->packets_dropped);
    gn_sim_json_uint(json, "packets_lost", host->packets_lost);
    gn_sim_json_uint(json, "ptos", host->ptos);
    gn_sim_json_uint(json, "ce_marks", host->ce_marks);
    gn_sim_json_uint(json, "paths_validated", host->validated);
    json_time(json, "ready_us", host->ready_us);
    json_time(json, "confirmed_us", host->confirmed_us);
    gn_sim_json_array(json, "rtt");
    for (uint64_t i = 0; i < stage->scenario->route_count; i++) {
        if (host->rtt_min_us[i] == GN_SIM_STATS_NONE)
            continue;
        gn_sim_json_object(json, NULL);
        gn_sim_json_string(json, "route", stage->scenario->routes[i].name);
        gn_sim_json_uint(json, "min_us", host->rtt_min_us[i]);
        gn_sim_json_uint(json, "smoothed_us", host->rtt_last_us[i]);
        gn_sim_json_end(json);
    }
    gn_sim_json_end(json);
    gn_sim_json_end(json);
}

static void
json_oracles(gn_sim_json *json, const gn_sim_panel *panel)
{
    gn_sim_json_array(json, "oracles");
    for (size_t i = 0; i < panel->count; i++) {
        const gn_sim_oracle *oracle = panel->verdicts[i];

        gn_sim_json_object(json, NULL);
        gn_sim_json_string(json, "name", oracle->name);
        gn_sim_json_string(json, "rfc", oracle->rfc);
        gn_sim_json_bool(json, "holds", !oracle->broken);
        gn_sim_json_uint(json, "checked", oracle->checked);
        if (oracle->broken)
            gn_sim_json_uint(json, "at_us", oracle->at_us);
        gn_sim_json_string(json, "what", oracle->what);
        gn_sim_json_end(json);
    }
    gn_sim_json_end(json);
}

static void
json_story(gn_sim_json *json, const gn_sim_stage *stage)
{
    const gn_sim_stats *stats = &stage->witness.stats;
    const gn_sim_about *about = &stage->witness.about;

    gn_sim_json_array(json, "paths");
    for (uint64_t i = 0; i < stats->story_count && i < GN_SIM_STATS_STORY_MAX; i++) {
        const gn_sim_story *story = &stats->story[i];

        if (story->kind != GN_SIM_STORY_PATH)
            continue;
        gn_sim_json_object(json, NULL);
        gn_sim_json_uint(json, "at_us", story->at_us);
        gn_sim_json_string(json, "host", gn_sim_words_host(about, story->host));
        gn_sim_json_string(json, "route", gn_sim_words_route(about, story->value));
        gn_sim_json_string(json, "change", gn_sim_words_path(story->detail));
        gn_sim_json_end(json);
    }
    gn_sim_json_end(json);
}

/* What records give by number: hosts, routes and the scenario's events. */
static void
json_names(gn_sim_json *json, const gn_sim_stage *stage)
{
    const gn_sim_scenario *scenario = stage->scenario;
    char text[GN_SIM_HAPPENING_TEXT];

    gn_sim_json_array(json, "hosts");
    for (uint32_t i = 0; i < GN_SIM_HOSTS; i++)
        gn_sim_json_string(json, NULL, stage->host_names[i]);
    gn_sim_json_end(json);
    gn_sim_json_array(json, "routes");
    for (uint64_t i = 0; i < scenario->route_count; i++)
        gn_sim_json_string(json, NULL, scenario->routes[i].name);
    gn_sim_json_end(json);
    gn_sim_json_array(json, "happenings");
    for (uint64_t i = 0; i < scenario->event_count; i++) {
        gn_sim_scenario_tell(&scenario->events[i], text);
        gn_sim_json_string(json, NULL, text);
    }
    gn_sim_json_end(json);
}

void
gn_sim_report_write_json(FILE *out, const gn_sim_stage *stage, uint64_t hash)
{
    const gn_sim_app *app = &stage->app;
    gn_sim_json json = gn_sim_json_over(out);
    char text[20];

    (void)snprintf(text, sizeof text, "%016" PRIx64, hash);
    gn_sim_json_object(&json, NULL);
    gn_sim_json_string(&json, "scenario", stage->scenario->name);
    gn_sim_json_uint(&json, "seed", stage->seed);
    gn_sim_json_string(&json, "verdict", gn_sim_report_verdict(stage->verdict));
    gn_sim_json_string(&json, "why", stage->why);
    gn_sim_json_string(&json, "hash", text);
    gn_sim_json_uint(&json, "end_us", stage->world.now_us);
    gn_sim_json_uint(&json, "events", stage->world.events);
    gn_sim_json_uint(&json, "bytes_goal", app->goal_bytes);
    gn_sim_json_uint(&json, "bytes_delivered", app->delivered_bytes);
    json_time(&json, "finished_us", app->done ? app->done_us : GN_SIM_STATS_NONE);
    gn_sim_json_uint(&json, "goodput_bits", gn_sim_oracle_expect_goodput(app));
    gn_sim_json_uint(&json, "longest_pause_us", stage->witness.stats.gap_us);
    gn_sim_json_uint(&json, "longest_pause_at_us", stage->witness.stats.gap_at_us);
    gn_sim_json_uint(&json, "slowest_exchange_us", app->longest_us);
    json_names(&json, stage);
    json_network(&json, &stage->witness.stats);
    json_host(&json, stage, GN_SIM_CLIENT);
    json_host(&json, stage, GN_SIM_SERVER);
    json_story(&json, stage);
    json_oracles(&json, &stage->witness.panel);
    gn_sim_json_end(&json);
}
