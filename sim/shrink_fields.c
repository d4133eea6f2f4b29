/*
 * shrink_fields.c: see shrink_state.h. Fields of all tables, to their defaults or smaller.
 */
#include <stddef.h>
#include <string.h>

#include "sim/scenario_keys.h"
#include "sim/shrink_state.h"

/* A struct that a table describes, by its place in the scenario. */
typedef struct fields_part {
    const gn_sim_keys *keys;
    size_t offset;
    const void *standard;
    uint64_t *mask; /* in next: fields that are given; NULL: those that are not at their default */
} fields_part;

static void *
fields_in(gn_sim_scenario *scenario, const fields_part *part)
{
    return (uint8_t *)scenario + part->offset;
}

/* Without these nothing would be wrong with what is left: see shrink.h. */
static bool
fields_is_kept(const gn_sim_shrink_state *state, const gn_sim_key *key)
{
    const bool bound = state->best.expect.may_close == GN_SIM_MAY_CLOSE_HANDSHAKE;

    if (key->value == GN_SIM_VALUE_TEXT || key->value == GN_SIM_VALUE_TEXTS)
        return key->standard == NULL || strcmp(key->name, "rfc") == 0;
    return bound &&
           (strcmp(key->name, "idle_timeout") == 0 || strcmp(key->name, "follow_peer") == 0);
}

static bool
fields_default(gn_sim_shrink_state *state, const fields_part *part, size_t row)
{
    const gn_sim_key *key = &part->keys->rows[row];

    if (key->standard == NULL ||
        gn_sim_scenario_keys_same(key, fields_in(&state->best, part), part->standard))
        return false;
    gn_sim_scenario_keys_copy(part->keys, UINT64_C(1) << row, part->standard,
                              fields_in(&state->next, part));
    return gn_sim_shrink_state_try(state);
}

/* The first digit and zeros behind it. */
static uint64_t
fields_round(uint64_t value)
{
    uint64_t scale = 1;

    while (value / scale >= 10)
        scale *= 10;
    return value / scale * scale;
}

static bool
fields_set(gn_sim_shrink_state *state, const fields_part *part, const gn_sim_key *key,
           uint64_t value)
{
    memcpy((uint8_t *)fields_in(&state->next, part) + key->offset, &value, sizeof value);
    return gn_sim_shrink_state_try(state);
}

static uint64_t
fields_get(gn_sim_shrink_state *state, const fields_part *part, const gn_sim_key *key)
{
    uint64_t value;

    memcpy(&value, (const uint8_t *)fields_in(&state->best, part) + key->offset, sizeof value);
    return value;
}

/* The least there is, halves while they work, then a round number. */
static bool
fields_number(gn_sim_shrink_state *state, const fields_part *part, const gn_sim_key *key)
{
    const uint64_t value = fields_get(state, part, key);
    uint64_t now = value;

    if (value <= key->min || value == UINT64_MAX)
        return false;
    if (fields_set(state, part, key, key->min))
        return true;
    while (now / 2 > key->min && fields_set(state, part, key, now / 2))
        now /= 2;
    if (fields_round(now) != now && fields_round(now) >= key->min &&
        fields_set(state, part, key, fields_round(now)))
        now = fields_round(now);
    return now != value;
}

/* Elements of a list, one after the other. */
static bool
fields_list(gn_sim_shrink_state *state, const fields_part *part, const gn_sim_key *key)
{
    bool any = false;

    for (uint64_t i = fields_get(state, part, key); i > 0; i--) {
        uint8_t *at = (uint8_t *)fields_in(&state->next, part) + key->offset;
        const uint64_t count = fields_get(state, part, key) - 1;

        memmove(at + i * sizeof count, at + (i + 1) * sizeof count,
                (size_t)(count + 1 - i) * sizeof count);
        memset(at + (count + 1) * sizeof count, 0, sizeof count);
        memcpy(at, &count, sizeof count);
        any = gn_sim_shrink_state_try(state) || any;
    }
    return any;
}

static bool
fields_row(gn_sim_shrink_state *state, const fields_part *part, size_t row)
{
    const gn_sim_key *key = &part->keys->rows[row];

    if (fields_is_kept(state, key))
        return false;
    if (part->mask != NULL) {
        if ((*part->mask >> row & 1) == 0)
            return false;
        *part->mask &= ~(UINT64_C(1) << row);
        if (gn_sim_shrink_state_try(state))
            return true;
    } else if (fields_default(state, part, row)) {
        return true;
    } else if (key->standard != NULL &&
               gn_sim_scenario_keys_same(key, fields_in(&state->best, part), part->standard)) {
        return false;
    }
    switch (key->value) {
    case GN_SIM_VALUE_COUNT:
    case GN_SIM_VALUE_DURATION:
    case GN_SIM_VALUE_RATE:
    case GN_SIM_VALUE_BYTES: return fields_number(state, part, key);
    case GN_SIM_VALUE_COUNTS: return fields_list(state, part, key);
    default: return false;
    }
}

static bool
fields_part_rows(gn_sim_shrink_state *state, const gn_sim_keys *keys, const void *place,
                 const void *standard, uint64_t *mask)
{
    const fields_part part = {.keys = keys,
                              .offset =
                                  (size_t)((const uint8_t *)place - (const uint8_t *)&state->best),
                              .standard = standard,
                              .mask = mask};
    bool any = false;

    for (size_t row = 0; row < keys->count; row++)
        any = fields_row(state, &part, row) || any;
    return any;
}

static bool
fields_events(gn_sim_shrink_state *state)
{
    gn_sim_happening standard;
    bool any = false;

    gn_sim_scenario_default_event(&standard);
    for (uint64_t i = 0; i < state->best.event_count; i++) {
        const gn_sim_happening *event = &state->best.events[i];
        gn_sim_happening *next = &state->next.events[i];

        any = fields_part_rows(state, &gn_sim_scenario_keys_event, event, &standard, NULL) || any;
        any = fields_part_rows(state, &gn_sim_scenario_keys_route, &event->change,
                               &state->standard_route, &next->route_keys) ||
              any;
        for (unsigned j = 0; j < GN_SIM_DIRECTIONS; j++)
            any = fields_part_rows(state, &gn_sim_scenario_keys_link, &event->change.link[j],
                                   &state->standard_route.link[j], &next->link_keys[j]) ||
                  any;
    }
    return any;
}

static bool
fields_others(gn_sim_shrink_state *state)
{
    gn_sim_attack_settings attack;
    gn_sim_cross_settings cross;
    bool any = false;

    gn_sim_attack_settings_default(&attack);
    gn_sim_cross_settings_default(&cross);
    for (uint64_t i = 0; i < state->best.attack_count; i++)
        any = fields_part_rows(state, &gn_sim_scenario_keys_attack, &state->best.attacks[i],
                               &attack, NULL) ||
              any;
    for (uint64_t i = 0; i < state->best.cross_count; i++)
        any = fields_part_rows(state, &gn_sim_scenario_keys_cross, &state->best.crosses[i], &cross,
                               NULL) ||
              any;
    return any;
}

bool
gn_sim_shrink_fields(gn_sim_shrink_state *state)
{
    bool any = false;

    for (unsigned i = 0; i < GN_SIM_HOSTS; i++)
        any = fields_part_rows(state, &gn_sim_scenario_keys_host, &state->best.host[i],
                               &state->standard.host[i], NULL) ||
              any;
    for (uint64_t i = 0; i < state->best.route_count; i++) {
        const gn_sim_route_settings *route = &state->best.routes[i];

        any = fields_part_rows(state, &gn_sim_scenario_keys_route, route, &state->standard_route,
                               NULL) ||
              any;
        for (unsigned j = 0; j < GN_SIM_DIRECTIONS; j++)
            any = fields_part_rows(state, &gn_sim_scenario_keys_link, &route->link[j],
                                   &state->standard_route.link[j], NULL) ||
                  any;
    }
    any = fields_part_rows(state, &gn_sim_scenario_keys_script, &state->best.script,
                           &state->standard.script, NULL) ||
          any;
    any = fields_part_rows(state, &gn_sim_scenario_keys_resume, &state->best.resume,
                           &state->standard.resume, NULL) ||
          any;
    any = fields_part_rows(state, &gn_sim_scenario_keys_workload, &state->best.workload,
                           &state->standard.workload, NULL) ||
          any;
    any = fields_others(state) || any;
    return fields_events(state) || any;
}
