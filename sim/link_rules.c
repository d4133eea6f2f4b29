/*
 * link_rules.c: see link_rules.h.
 */
#include "sim/link_rules.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "sim/scenario_keys.h"

#define RULES_AQM(aqm) (UINT64_C(1) << (aqm))

/* A field, and the one that must be there as well. */
static const struct {
    const char *field;
    const char *needs;
} rules_needs[] = {
    {"rate_period", "rate_steps"},
    {"police_burst", "police_rate"},
    {"jitter_shape", "jitter"},
    {"jitter_order", "jitter"},
    {"reorder_by", "reorder"},
    {"reorder_for", "reorder"},
    {"suspend_every", "suspend_for"},
    {"suspend_for", "suspend_every"},
    {"suspend_side", "suspend_every"},
    {"duplicate_copies", "duplicate"},
    {"corrupt_within", "corrupt"},
    {"corrupt_run", "corrupt"},
    {"drop_run", "drop_every"},
    {"drop_every", "drop_run"},
    {"burst_p", "burst_r"},
    {"burst_r", "burst_p"},
    {"burst_good", "burst_p"},
    {"burst_bad", "burst_p"},
};

/* Fields that begin like this belong to these disciplines. */
static const struct {
    const char *begin;
    uint64_t aqms;
    const char *says;
} rules_aqms[] = {
    {"codel_", RULES_AQM(GN_SIM_AQM_CODEL) | RULES_AQM(GN_SIM_AQM_FQ_CODEL), "codel or fq-codel"},
    {"red_", RULES_AQM(GN_SIM_AQM_RED), "red"},
    {"fq_", RULES_AQM(GN_SIM_AQM_FQ_CODEL), "fq-codel"},
    {"pie_", RULES_AQM(GN_SIM_AQM_PIE), "pie"},
    {"dualq_", RULES_AQM(GN_SIM_AQM_DUALQ), "dualq"},
    {"aqm_", ~(RULES_AQM(GN_SIM_AQM_NONE) | RULES_AQM(GN_SIM_AQM_DUALQ)),
     "codel, red, fq-codel or pie"},
};

static bool
rules_given(uint64_t given, const char *name)
{
    const gn_sim_key *key = gn_sim_scenario_keys_find(&gn_sim_scenario_keys_link, name);

    GN_ASSERT(key != NULL);
    return (given >> (key - gn_sim_scenario_keys_link.rows) & 1) != 0;
}

static const char *
rules_of_aqm(const gn_sim_link_settings *settings, const char *name, char *room)
{
    for (size_t i = 0; i < sizeof rules_aqms / sizeof rules_aqms[0]; i++) {
        if (strncmp(name, rules_aqms[i].begin, strlen(rules_aqms[i].begin)) != 0 ||
            (rules_aqms[i].aqms >> settings->aqm & 1) != 0)
            continue;
        (void)snprintf(room, GN_SIM_LINK_RULES_BYTES, "%s needs aqm: %s", name, rules_aqms[i].says);
        return room;
    }
    return NULL;
}

static const char *
rules_of_fields(const gn_sim_link_settings *settings, uint64_t given, char *room)
{
    const gn_sim_keys *keys = &gn_sim_scenario_keys_link;

    for (size_t i = 0; i < keys->count; i++) {
        const char *wrong =
            (given >> i & 1) != 0 ? rules_of_aqm(settings, keys->rows[i].name, room) : NULL;

        if (wrong != NULL)
            return wrong;
    }
    for (size_t i = 0; i < sizeof rules_needs / sizeof rules_needs[0]; i++) {
        if (!rules_given(given, rules_needs[i].field) || rules_given(given, rules_needs[i].needs))
            continue;
        (void)snprintf(room, GN_SIM_LINK_RULES_BYTES, "%s needs %s", rules_needs[i].field,
                       rules_needs[i].needs);
        return room;
    }
    return NULL;
}

/* Numbers that contradict each other. */
static const char *
rules_of_values(const gn_sim_link_settings *settings, uint64_t given)
{
    const gn_sim_rate_plan *plan = &settings->plan;

    if (settings->loss.burst_p.num != 0 && settings->loss.burst_r.num == 0)
        return "burst_p without burst_r never gets good again";
    if (settings->loss.run > settings->loss.every)
        return "drop_run is at most drop_every";
    if (settings->red.min_bytes >= settings->red.max_bytes)
        return "red_min is below red_max";
    if (settings->dualq.ramp_min_us >= settings->dualq.ramp_max_us)
        return "dualq_ramp_min is below dualq_ramp_max";
    if (settings->suspend.for_us > settings->suspend.every_us)
        return "suspend_for is at most suspend_every";
    if (rules_given(given, "reorder") && !rules_given(given, "reorder_by") &&
        !rules_given(given, "reorder_for"))
        return "reorder needs reorder_by, reorder_for or both";
    if (plan->period_us != 0 && plan->step_count > 0 &&
        (plan->steps[0].at_us != 0 || plan->steps[plan->step_count - 1].at_us >= plan->period_us))
        return "rate_steps begin at 0s, and end before rate_period";
    if (plan->trace_path[0] != '\0' &&
        (rules_given(given, "rate") || rules_given(given, "rate_steps")))
        return "rate_trace stands in place of rate and rate_steps";
    return NULL;
}

const char *
gn_sim_link_rules_broken(const gn_sim_link_settings *settings, uint64_t given,
                         char room[GN_SIM_LINK_RULES_BYTES])
{
    const char *wrong = rules_of_fields(settings, given, room);

    return wrong != NULL ? wrong : rules_of_values(settings, given);
}

static uint64_t
rules_bit(const char *name)
{
    const gn_sim_key *key = gn_sim_scenario_keys_find(&gn_sim_scenario_keys_link, name);

    GN_ASSERT(key != NULL);
    return UINT64_C(1) << (key - gn_sim_scenario_keys_link.rows);
}

uint64_t
gn_sim_link_rules_complete(uint64_t mask)
{
    for (size_t i = 0; i < sizeof rules_needs / sizeof rules_needs[0]; i++)
        if ((mask & rules_bit(rules_needs[i].field)) != 0)
            mask |= rules_bit(rules_needs[i].needs);
    if ((mask & rules_bit("reorder")) != 0 && (mask & rules_bit("reorder_by")) == 0)
        mask |= rules_bit("reorder_for");
    return mask;
}

uint64_t
gn_sim_link_rules_of_aqm(uint64_t aqm)
{
    uint64_t mask = 0;

    for (size_t i = 0; i < gn_sim_scenario_keys_link.count; i++)
        for (size_t j = 0; j < sizeof rules_aqms / sizeof rules_aqms[0]; j++)
            if ((rules_aqms[j].aqms >> aqm & 1) != 0 &&
                strncmp(gn_sim_scenario_keys_link.rows[i].name, rules_aqms[j].begin,
                        strlen(rules_aqms[j].begin)) == 0)
                mask |= UINT64_C(1) << i;
    return mask;
}

/* Fields of another discipline than the one that is set, and those that miss one they need. */
static uint64_t
rules_lonely(const gn_sim_link_settings *settings, uint64_t given)
{
    char room[GN_SIM_LINK_RULES_BYTES];
    uint64_t lonely = 0;

    for (size_t i = 0; i < gn_sim_scenario_keys_link.count; i++)
        if (rules_of_aqm(settings, gn_sim_scenario_keys_link.rows[i].name, room) != NULL)
            lonely |= given & UINT64_C(1) << i;
    for (size_t i = 0; i < sizeof rules_needs / sizeof rules_needs[0]; i++)
        if ((given & rules_bit(rules_needs[i].needs)) == 0)
            lonely |= given & rules_bit(rules_needs[i].field);
    return lonely;
}

/* Numbers that contradict each other. */
static uint64_t
rules_reconcile(gn_sim_link_settings *settings, uint64_t given)
{
    gn_sim_rate_plan *plan = &settings->plan;

    if (settings->loss.burst_p.num != 0 && settings->loss.burst_r.num == 0)
        settings->loss.burst_r = (gn_sim_ratio){1, 10};
    if (settings->loss.run > settings->loss.every)
        settings->loss.run = settings->loss.every;
    if (settings->red.min_bytes >= settings->red.max_bytes) {
        settings->red.max_bytes = settings->red.min_bytes + 1;
        given |= rules_bit("red_max");
    }
    if (settings->dualq.ramp_min_us >= settings->dualq.ramp_max_us) {
        settings->dualq.ramp_max_us = settings->dualq.ramp_min_us + 1;
        given |= rules_bit("dualq_ramp_max");
    }
    if (settings->suspend.for_us > settings->suspend.every_us)
        settings->suspend.for_us = settings->suspend.every_us;
    if (plan->step_count > 0)
        plan->steps[0].at_us = 0;
    if (plan->step_count > 0 && plan->period_us != 0 &&
        plan->steps[plan->step_count - 1].at_us >= plan->period_us)
        plan->period_us = plan->steps[plan->step_count - 1].at_us + 1000;
    if (rules_given(given, "reorder") && !rules_given(given, "reorder_by") &&
        !rules_given(given, "reorder_for")) {
        settings->reorder.by = 3;
        given |= rules_bit("reorder_by");
    }
    return given;
}

uint64_t
gn_sim_link_rules_mend(gn_sim_link_settings *settings, uint64_t given)
{
    gn_sim_link_settings standard;
    uint64_t lonely;

    gn_sim_link_settings_default(&standard);
    while ((lonely = rules_lonely(settings, given)) != 0) {
        gn_sim_scenario_keys_copy(&gn_sim_scenario_keys_link, lonely, &standard, settings);
        given &= ~lonely;
    }
    return rules_reconcile(settings, given);
}

void
gn_sim_link_rules_settle(gn_sim_link_settings *settings, uint64_t given)
{
    gn_sim_rate_plan *plan = &settings->plan;
    const bool traced = rules_given(given, "rate_trace");
    const bool stepped = rules_given(given, "rate_steps");

    if (!traced && !stepped && !rules_given(given, "rate"))
        return;
    if (!traced) {
        plan->trace_path[0] = '\0';
        plan->trace = NULL;
    }
    if (!stepped)
        plan->step_count = 0;
    if (!rules_given(given, "rate_period"))
        plan->period_us = 0;
}
