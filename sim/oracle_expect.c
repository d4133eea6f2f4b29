/*
 * oracle_expect.c: see oracle_expect.h.
 */
#include "sim/oracle_expect.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "sim/scenario_keys.h"
#include "sim/units.h"
#include "sim/words.h"

typedef enum expect_sense { EXPECT_BELOW, EXPECT_AT_MOST, EXPECT_AT_LEAST } expect_sense;

/* What a field of 'expect' is held against. actual GN_SIM_STATS_NONE: it never came to be. */
typedef struct expect_fact {
    const char *key;
    expect_sense sense;
    uint64_t actual;
} expect_fact;

uint64_t
gn_sim_oracle_expect_goodput(const gn_sim_app *app)
{
    if (!app->done || app->done_us <= app->ready_us)
        return 0;
    return app->delivered_bytes * 8 * UINT64_C(1000000) / (app->done_us - app->ready_us);
}

static void
expect_print(gn_sim_value value, uint64_t number, char text[GN_SIM_UNITS_TEXT])
{
    if (number == GN_SIM_STATS_NONE)
        (void)snprintf(text, GN_SIM_UNITS_TEXT, "never");
    else if (value == GN_SIM_VALUE_DURATION)
        gn_sim_units_show_duration(number, text);
    else if (value == GN_SIM_VALUE_RATE)
        (void)snprintf(text, GN_SIM_UNITS_TEXT, "%" PRIu64 " kbit/s", number / 1000);
    else
        (void)snprintf(text, GN_SIM_UNITS_TEXT, "%" PRIu64, number);
}

static bool
expect_holds(expect_sense sense, uint64_t actual, uint64_t wanted)
{
    switch (sense) {
    case EXPECT_BELOW: return actual < wanted;
    case EXPECT_AT_MOST: return actual <= wanted;
    case EXPECT_AT_LEAST: break;
    }
    return actual >= wanted;
}

static void
expect_judge(const gn_sim_key *key, const expect_fact *fact, const gn_sim_expect *expect,
             uint64_t end_us, gn_sim_oracle *verdict)
{
    static const char *const senses[] = {"below", "at most", "at least"};
    char wanted_text[GN_SIM_UNITS_TEXT];
    char actual_text[GN_SIM_UNITS_TEXT];
    uint64_t wanted = 0;

    memcpy(&wanted, (const uint8_t *)expect + key->offset, sizeof wanted);
    *verdict = gn_sim_oracle_of(key->name, "");
    verdict->checked = 1;
    expect_print(key->value, wanted, wanted_text);
    expect_print(key->value, fact->actual, actual_text);
    if (!expect_holds(fact->sense, fact->actual, wanted)) {
        verdict->broken = true;
        verdict->at_us = end_us;
    }
    (void)snprintf(verdict->what, sizeof verdict->what, "%s (%s %s)", actual_text,
                   senses[fact->sense], wanted_text);
}

static void
expect_judge_route(const gn_sim_scenario *scenario, const gn_sim_stats *stats, uint64_t end_us,
                   gn_sim_oracle *verdict)
{
    const uint16_t actual = stats->host[GN_SIM_CLIENT].active_route;
    const char *name = actual < scenario->route_count ? scenario->routes[actual].name : "none";

    *verdict = gn_sim_oracle_of("final_route", "");
    verdict->checked = 1;
    verdict->broken = actual != scenario->expect.final_route;
    verdict->at_us = verdict->broken ? end_us : 0;
    (void)snprintf(verdict->what, sizeof verdict->what, "%s (wanted %s)", name,
                   scenario->expect.final_route_name);
}

static void
expect_judge_ecn(const gn_sim_scenario *scenario, const gn_sim_stats *stats, uint64_t end_us,
                 gn_sim_oracle *verdict)
{
    const uint16_t sender = stats->watched == GN_SIM_CLIENT ? GN_SIM_SERVER : GN_SIM_CLIENT;
    const uint64_t actual = stats->host[sender].ecn_state;
    const uint64_t wanted = scenario->expect.sender_ecn;

    *verdict = gn_sim_oracle_of("sender_ecn", "");
    verdict->checked = 1;
    verdict->broken = actual != wanted;
    verdict->at_us = verdict->broken ? end_us : 0;
    (void)snprintf(verdict->what, sizeof verdict->what, "%s (wanted %s)",
                   gn_sim_words_ecn_states[actual], gn_sim_words_ecn_states[wanted]);
}

/* A word that both ends must agree on. */
static void
expect_judge_agreed(const char *name, const char *const words[], const uint32_t actual[2],
                    uint64_t wanted, bool ready, uint64_t end_us, gn_sim_oracle *verdict)
{
    *verdict = gn_sim_oracle_of(name, "");
    verdict->checked = 1;
    verdict->broken = !ready || actual[0] != wanted || actual[1] != wanted;
    verdict->at_us = verdict->broken ? end_us : 0;
    (void)snprintf(verdict->what, sizeof verdict->what, "%s (wanted %s)",
                   ready ? words[actual[0]] : "none", words[wanted]);
}

/*
 * One end found the fault; the other heard the same of it, or nothing. Of an application that
 * closes during the handshake only the other hears it as an error (RFC 9000 10.2.3).
 */
static void
expect_judge_close(const char *wanted, const gn_sim_stats *stats, uint64_t end_us,
                   gn_sim_oracle *verdict)
{
    const char *found = "nobody closed";
    bool broken = false;

    for (unsigned i = 0; i < GN_SIM_HOSTS; i++) {
        const gn_sim_host_stats *host = &stats->host[i];
        const bool told = host->close_cause == GN_CLOSE_LOCAL_TRANSPORT ||
                          host->close_cause == GN_CLOSE_PEER_TRANSPORT;

        if (host->closed_us == GN_SIM_STATS_NONE || !told)
            continue;
        broken = broken || strcmp(gn_code_name(host->close_code), wanted) != 0;
        if (host->close_cause == GN_CLOSE_LOCAL_TRANSPORT ||
            stats->host[1 - i].close_cause == GN_CLOSE_LOCAL_APPLICATION)
            found = gn_code_name(host->close_code);
    }
    *verdict = gn_sim_oracle_of("close", "");
    verdict->checked = 1;
    verdict->broken = broken || strcmp(found, wanted) != 0;
    verdict->at_us = verdict->broken ? end_us : 0;
    (void)snprintf(verdict->what, sizeof verdict->what, "%s (wanted %s)", found, wanted);
}

/* What TLS agreed on, or ended with. False: the row is about something else. */
static bool
expect_judge_tls(const char *name, const gn_sim_expect *expect, const gn_sim_stats *stats,
                 uint64_t end_us, gn_sim_oracle *verdict)
{
    const gn_sim_host_stats *client = &stats->host[GN_SIM_CLIENT];
    const gn_sim_host_stats *server = &stats->host[GN_SIM_SERVER];
    const bool ready =
        client->ready_us != GN_SIM_STATS_NONE && server->ready_us != GN_SIM_STATS_NONE;
    const uint32_t suites[2] = {client->suite, server->suite};
    const uint32_t groups[2] = {client->group, server->group};

    if (strcmp(name, "suite") == 0)
        expect_judge_agreed(name, gn_sim_tls_settings_suites, suites, expect->suite, ready, end_us,
                            verdict);
    else if (strcmp(name, "group") == 0)
        expect_judge_agreed(name, gn_sim_tls_settings_groups, groups, expect->group, ready, end_us,
                            verdict);
    else if (strcmp(name, "close") == 0)
        expect_judge_close(expect->close, stats, end_us, verdict);
    else
        return false;
    return true;
}

/* Why it ended; with which error, `close` says. */
static void
expect_judge_end(const gn_sim_scenario *scenario, const gn_sim_stats *stats, unsigned host,
                 uint64_t end_us, gn_sim_oracle *verdict)
{
    static const char *const names[GN_SIM_HOSTS] = {"client_end", "server_end"};
    const gn_sim_host_stats *end = &stats->host[host];
    const uint64_t wanted = scenario->expect.end[host];
    const bool ended = end->closed_us != GN_SIM_STATS_NONE;

    *verdict = gn_sim_oracle_of(names[host], "");
    verdict->checked = 1;
    verdict->broken = !ended || end->close_cause != wanted;
    verdict->at_us = verdict->broken ? end_us : 0;
    (void)snprintf(verdict->what, sizeof verdict->what, "%s, code 0x%" PRIx64 " (wanted %s)",
                   ended ? gn_sim_words_close(end->close_cause) : "never",
                   ended ? end->close_code : 0, gn_sim_words_close(wanted));
}

static void
expect_judge_zero_rtt(const gn_sim_scenario *scenario, const gn_sim_stats *stats, uint64_t end_us,
                      gn_sim_oracle *verdict)
{
    const uint64_t actual = stats->host[GN_SIM_CLIENT].zero_rtt;
    const uint64_t wanted = scenario->expect.zero_rtt;

    *verdict = gn_sim_oracle_of("zero_rtt", "");
    verdict->checked = 1;
    verdict->broken = actual != wanted;
    verdict->at_us = verdict->broken ? end_us : 0;
    (void)snprintf(verdict->what, sizeof verdict->what, "%s (wanted %s)",
                   gn_sim_words_zero_rtt[actual], gn_sim_words_zero_rtt[wanted]);
}

/* How far the wave of spin bits is from the client's round trip; NONE: there is no wave. */
static uint64_t
expect_spin_off(const gn_sim_stats *stats)
{
    const gn_sim_host_stats *client = &stats->host[GN_SIM_CLIENT];
    const uint64_t median_us = gn_sim_spin_watch_median_us(&stats->spin);

    if (median_us == UINT64_MAX || client->active_route >= GN_SIM_ROUTES_MAX)
        return GN_SIM_STATS_NONE;

    const uint64_t rtt_us = client->rtt_last_us[client->active_route];

    return rtt_us > median_us ? rtt_us - median_us : median_us - rtt_us;
}

/* A name or a word that it comes to in the end. False: the row is about something else. */
static bool
expect_judge_word(const char *name, const gn_sim_scenario *scenario, const gn_sim_stats *stats,
                  uint64_t end_us, gn_sim_oracle *verdict)
{
    if (strcmp(name, "final_route") == 0)
        expect_judge_route(scenario, stats, end_us, verdict);
    else if (strcmp(name, "zero_rtt") == 0)
        expect_judge_zero_rtt(scenario, stats, end_us, verdict);
    else if (strcmp(name, "sender_ecn") == 0)
        expect_judge_ecn(scenario, stats, end_us, verdict);
    else if (strcmp(name, "client_end") == 0)
        expect_judge_end(scenario, stats, GN_SIM_CLIENT, end_us, verdict);
    else if (strcmp(name, "server_end") == 0)
        expect_judge_end(scenario, stats, GN_SIM_SERVER, end_us, verdict);
    else
        return false;
    return true;
}

size_t
gn_sim_oracle_expect_judge(const gn_sim_scenario *scenario, const gn_sim_stats *stats,
                           const gn_sim_app *app, uint64_t end_us,
                           gn_sim_oracle verdicts[GN_SIM_ORACLE_EXPECT_MAX])
{
    const gn_sim_host_stats *client = &stats->host[GN_SIM_CLIENT];
    const gn_sim_host_stats *server = &stats->host[GN_SIM_SERVER];
    const gn_sim_app_datagram_side *sent = app->datagrams.side;
    const uint64_t lost = client->packets_lost + server->packets_lost;
    const uint64_t updates =
        client->key_updates > server->key_updates ? client->key_updates : server->key_updates;
    const expect_fact facts[] = {
        {"finish_before", EXPECT_BELOW, app->done ? app->done_us : GN_SIM_STATS_NONE},
        {"handshake_before", EXPECT_BELOW, client->ready_us},
        {"gap_below", EXPECT_BELOW, stats->gap_us},
        {"max_ptos", EXPECT_AT_MOST, client->ptos + server->ptos},
        {"max_lost", EXPECT_AT_MOST, lost},
        {"min_lost", EXPECT_AT_LEAST, lost},
        {"min_dropped", EXPECT_AT_LEAST, stats->dropped},
        {"max_dropped", EXPECT_AT_MOST, stats->dropped},
        {"min_marked", EXPECT_AT_LEAST, stats->fates[GN_SIM_FATE_MARKED]},
        {"min_ce_counted", EXPECT_AT_LEAST, client->ce_marks + server->ce_marks},
        {"paths_validated", EXPECT_AT_LEAST, server->validated},
        {"max_moves", EXPECT_AT_MOST, server->moves},
        {"min_goodput", EXPECT_AT_LEAST, gn_sim_oracle_expect_goodput(app)},
        {"min_duplicated", EXPECT_AT_LEAST, stats->fates[GN_SIM_FATE_DUPLICATED]},
        {"min_damaged", EXPECT_AT_LEAST,
         stats->fates[GN_SIM_FATE_CORRUPTED] + stats->fates[GN_SIM_FATE_TRUNCATED]},
        {"min_reordered", EXPECT_AT_LEAST, stats->fates[GN_SIM_FATE_REORDERED]},
        {"min_attacks", EXPECT_AT_LEAST, stats->attacks},
        {"min_refused", EXPECT_AT_LEAST, stats->refused},
        {"min_ptb", EXPECT_AT_LEAST, stats->too_big},
        {"min_expired", EXPECT_AT_LEAST, stats->expired},
        {"min_held", EXPECT_AT_LEAST, client->held + server->held},
        {"min_key_updates", EXPECT_AT_LEAST, updates},
        {"max_key_updates", EXPECT_AT_MOST, updates},
        {"min_datagrams_lost", EXPECT_AT_LEAST, sent[0].lost + sent[1].lost},
        {"min_datagrams_late", EXPECT_AT_LEAST, sent[0].late + sent[1].late},
        {"min_datagrams_expired", EXPECT_AT_LEAST, sent[0].expired + sent[1].expired},
        {"max_sent", EXPECT_AT_MOST, client->packets_sent + server->packets_sent},
        {"min_unordered", EXPECT_AT_LEAST, app->unordered_bytes},
        {"min_retries", EXPECT_AT_LEAST, server->retries},
        {"max_retries", EXPECT_AT_MOST, server->retries},
        {"min_ptb_believed", EXPECT_AT_LEAST, stats->believed},
        {"max_ptb_believed", EXPECT_AT_MOST, stats->believed},
        {"min_spin_turns", EXPECT_AT_LEAST, stats->spin.turns},
        {"max_spin_turns", EXPECT_AT_MOST, stats->spin.turns},
        {"spin_off_below", EXPECT_BELOW, expect_spin_off(stats)},
    };
    const gn_sim_keys *keys = &gn_sim_scenario_keys_expect;
    size_t count = 0;

    for (size_t row = 0; row < keys->count; row++) {
        if ((scenario->expect.keys >> row & 1) == 0)
            continue;
        if (expect_judge_word(keys->rows[row].name, scenario, stats, end_us, &verdicts[count]) ||
            expect_judge_tls(keys->rows[row].name, &scenario->expect, stats, end_us,
                             &verdicts[count]))
            count++;
        for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
            if (strcmp(keys->rows[row].name, facts[i].key) == 0)
                expect_judge(&keys->rows[row], &facts[i], &scenario->expect, end_us,
                             &verdicts[count++]);
    }
    GN_ASSERT(count <= GN_SIM_ORACLE_EXPECT_MAX);
    return count;
}
