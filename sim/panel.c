/*
 * panel.c: see panel.h.
 */
#include "sim/panel.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/fault.h"
#include "sim/oracle_fault.h"

/* retry_token_life_us of gn_config, which no host sets. */
#define PANEL_TOKEN_LIFE_US UINT64_C(10000000)

void
gn_sim_panel_init(gn_sim_panel *panel, const gn_sim_scenario *scenario, const gn_suite_ops *ops)
{
    const uint64_t cid_bytes[GN_SIM_HOSTS] = {scenario->host[GN_SIM_CLIENT].cid_bytes,
                                              scenario->host[GN_SIM_SERVER].cid_bytes};

    panel->goal = gn_sim_oracle_of("goal reached", "");
    panel->bytes = gn_sim_oracle_of("bytes read are the bytes written", "RFC 9000 2.2");
    gn_sim_oracle_fault_init(&panel->fault);
    gn_sim_oracle_numbers_init(&panel->numbers, ops, cid_bytes, 0);
    gn_sim_oracle_limit_init(&panel->limit);
    gn_sim_oracle_drop_init(&panel->drop);
    gn_sim_oracle_ideal_init(&panel->ideal);
    panel->is_ideal = scenario->expect.ideal != 0;
    panel->close = scenario->expect.close;
    panel->misled = false;
    panel->keeps_tokens = scenario->resume.token != 0;
    panel->expect_count = 0;
    panel->count = 0;
}

void
gn_sim_panel_on_datagram(gn_sim_panel *panel, const gn_sim_datagram *datagram)
{
    if (datagram->from == GN_SIM_SERVER &&
        (datagram->fate == GN_SIM_FATE_CORRUPTED || datagram->fate == GN_SIM_FATE_TRUNCATED))
        panel->misled = true;
    gn_sim_oracle_numbers_on_datagram(&panel->numbers, datagram);
    gn_sim_oracle_limit_on_datagram(&panel->limit, datagram);
    if (panel->is_ideal)
        gn_sim_oracle_ideal_on_datagram(&panel->ideal, datagram);
}

void
gn_sim_panel_on_event(gn_sim_panel *panel, uint16_t host, const gn_event *event)
{
    gn_sim_oracle_numbers_on_event(&panel->numbers, host, event);
    gn_sim_oracle_limit_on_event(&panel->limit, host, event);
    gn_sim_oracle_drop_on_event(&panel->drop, event);
    if (panel->is_ideal)
        gn_sim_oracle_ideal_on_event(&panel->ideal, host, event);
}

void
gn_sim_panel_on_change(gn_sim_panel *panel, uint64_t at_us, uint16_t host, const gn_effect *effect)
{
    if (effect->kind != GN_EFFECT_CLOSED)
        return;

    /* RFC 9000 10.3: who has forgotten a connection may reset it. */
    const bool forgotten = effect->detail == GN_CLOSE_STATELESS_RESET && panel->ended[1 - host];
    /* RFC 9000 8.1.3: behind a Retry the client moved, or its token grew old, or was used up by a
     * connection that the server has given up since. */
    const bool refused = effect->detail == GN_CLOSE_PEER_TRANSPORT &&
                         effect->code == GN_FAULT_INVALID_TOKEN &&
                         (panel->limit.count > 1 || at_us > PANEL_TOKEN_LIFE_US ||
                          panel->ended[GN_SIM_SERVER]);

    /* RFC 9000 6.2: nothing protects a Version Negotiation packet but what follows (RFC 9368 4). */
    const bool misled = panel->misled && (effect->detail == GN_CLOSE_VERSION ||
                                          effect->code == GN_FAULT_VERSION_NEGOTIATION);

    /* Whether it came to that is judged at the end. */
    const bool wanted =
        (effect->detail == GN_CLOSE_LOCAL_TRANSPORT || effect->detail == GN_CLOSE_PEER_TRANSPORT) &&
        strcmp(gn_code_name(effect->code), panel->close) == 0;

    if ((effect->flags & GN_EFFECT_FORGOTTEN) == 0 && !forgotten && !refused && !misled && !wanted)
        gn_sim_oracle_fault_on_closed(&panel->fault, at_us, host, effect);
    panel->ended[host] = true;
}

void
gn_sim_panel_on_restart(gn_sim_panel *panel, uint16_t host)
{
    gn_sim_oracle_numbers_on_restart(&panel->numbers, host);
    panel->ended[host] = true;
}

void
gn_sim_panel_on_resume(gn_sim_panel *panel)
{
    gn_sim_oracle_numbers_on_resume(&panel->numbers);
    gn_sim_oracle_limit_init(&panel->limit);
    panel->limit.gave_tokens = panel->keeps_tokens;
    memset(panel->ended, 0, sizeof panel->ended);
}

static void
panel_judge_bytes(gn_sim_panel *panel, const gn_sim_app *app)
{
    panel->bytes.checked = app->delivered_bytes;
    if (app->broken != NULL)
        gn_sim_oracle_break(&panel->bytes, app->broken_us,
                            "stream %" PRIu64 " at offset %" PRIu64 ": %s", app->broken_stream,
                            app->broken_off, app->broken);
}

static void
panel_judge_goal(gn_sim_panel *panel, const gn_sim_app *app, bool may_close, uint64_t end_us,
                 const char *why)
{
    panel->goal.checked = 1;
    if (!app->done && may_close && why == NULL)
        return;
    if (!app->done)
        gn_sim_oracle_break(&panel->goal, end_us, "%" PRIu64 " of %" PRIu64 " bytes delivered; %s",
                            app->delivered_bytes, app->goal_bytes,
                            why != NULL ? why : "the run ended");
    else if (why != NULL)
        gn_sim_oracle_break(&panel->goal, end_us, "all bytes delivered, but %s", why);
}

void
gn_sim_panel_on_end(gn_sim_panel *panel, const gn_sim_scenario *scenario, const gn_sim_stats *stats,
                    const gn_sim_app *app, uint64_t end_us, const char *why)
{
    panel_judge_bytes(panel, app);
    panel_judge_goal(panel, app, scenario->expect.may_close != GN_SIM_MAY_CLOSE_NEVER, end_us, why);
    panel->expect_count = gn_sim_oracle_expect_judge(scenario, stats, app, end_us, panel->expect);
    panel->verdicts[panel->count++] = &panel->goal;
    panel->verdicts[panel->count++] = &panel->bytes;
    panel->verdicts[panel->count++] = &panel->numbers.verdict;
    panel->verdicts[panel->count++] = &panel->limit.verdict;
    panel->verdicts[panel->count++] = &panel->fault;
    panel->verdicts[panel->count++] = &panel->drop.verdict;
    panel->datagrams = app->datagrams.verdict;
    if (app->datagrams.settings.count > 0 || panel->datagrams.broken)
        panel->verdicts[panel->count++] = &panel->datagrams;
    if (panel->is_ideal) {
        gn_sim_oracle_ideal_on_end(&panel->ideal, end_us, app->goal_bytes);
        panel->verdicts[panel->count++] = &panel->ideal.verdict;
    }
    for (size_t i = 0; i < panel->expect_count; i++)
        panel->verdicts[panel->count++] = &panel->expect[i];
    GN_ASSERT(panel->count <= GN_SIM_PANEL_MAX);
}

bool
gn_sim_panel_holds(const gn_sim_panel *panel)
{
    for (size_t i = 0; i < panel->count; i++)
        if (panel->verdicts[i]->broken)
            return false;
    return true;
}
