/*
 * scenario_others.c: see scenario_others.h.
 */
#include "sim/scenario_others.h"

#include <stdio.h>

#include "sim/scenario_checks.h"

/* The fields of one element; the bits of those that are given. */
static uint64_t
others_fields(gn_sim_scenario_reader *reader, const yaml_node_t *node, const gn_sim_keys *keys,
              void *base)
{
    const size_t count = gn_sim_scenario_reader_mapping(reader, node);
    uint64_t given = 0;

    for (size_t i = 0; i < count; i++) {
        const gn_sim_scenario_field field = gn_sim_scenario_reader_field(reader, node, i);

        if (!gn_sim_scenario_reader_take(reader, keys, &field, base, &given))
            gn_sim_scenario_reader_unknown(reader, &field, keys, NULL);
    }
    gn_sim_scenario_reader_require(reader, node, keys, given);
    return given;
}

static void
others_route(gn_sim_scenario_reader *reader, const yaml_node_t *node,
             const gn_sim_scenario *scenario, const char *name, uint64_t *out)
{
    uint16_t route = 0;

    if (gn_sim_scenario_reader_well(reader) &&
        !gn_sim_scenario_checks_route(scenario, name, &route)) {
        const size_t before = gn_sim_scenario_reader_enter(reader, "route");

        gn_sim_scenario_reader_refuse(reader, node, "the name of a route", name);
        gn_sim_scenario_reader_leave(reader, before);
    }
    *out = route;
}

/* Fields that only some kinds have; given to another, they would be ignored. */
typedef struct others_rule {
    const char *field;
    uint32_t kinds; /* bits */
    const char *says;
} others_rule;

#define OTHERS_BIT(kind) (UINT32_C(1) << (kind))
#define OTHERS_RANDOM                                                                              \
    (OTHERS_BIT(GN_SIM_ATTACK_GARBAGE) | OTHERS_BIT(GN_SIM_ATTACK_HEADER) |                        \
     OTHERS_BIT(GN_SIM_ATTACK_RESET) | OTHERS_BIT(GN_SIM_ATTACK_TOO_BIG))
#define OTHERS_HANDLES                                                                             \
    (OTHERS_BIT(GN_SIM_ATTACK_DROP) | OTHERS_BIT(GN_SIM_ATTACK_MODIFY) |                           \
     OTHERS_BIT(GN_SIM_ATTACK_DELAY))

static const others_rule others_attack_rules[] = {
    {"size", OTHERS_RANDOM, "'size' goes with garbage, header, reset and too-big only"},
    {"bits", OTHERS_BIT(GN_SIM_ATTACK_MODIFY), "'bits' goes with modify only"},
    {"delay", ~(OTHERS_BIT(GN_SIM_ATTACK_DROP) | OTHERS_BIT(GN_SIM_ATTACK_MODIFY)),
     "'delay' does not go with drop and modify"},
    {"lead", ~OTHERS_HANDLES, "'lead' goes with what he sends himself"},
    {"target", ~(OTHERS_HANDLES | OTHERS_BIT(GN_SIM_ATTACK_COPY)),
     "'target' goes with what he makes himself"},
    {"source", ~(OTHERS_HANDLES | OTHERS_BIT(GN_SIM_ATTACK_TOO_BIG)),
     "'source' goes with what he sends himself"},
};

static const others_rule others_cross_rules[] = {
    {"rate", OTHERS_BIT(GN_SIM_CROSS_CONSTANT) | OTHERS_BIT(GN_SIM_CROSS_POISSON),
     "'rate' is not for aimd"},
    {"on", OTHERS_BIT(GN_SIM_CROSS_CONSTANT), "'on' goes with constant only"},
    {"off", OTHERS_BIT(GN_SIM_CROSS_CONSTANT), "'off' goes with constant only"},
    {"back", OTHERS_BIT(GN_SIM_CROSS_AIMD), "'back' goes with aimd only"},
};

static void
others_judge(gn_sim_scenario_reader *reader, const yaml_node_t *node, const gn_sim_keys *keys,
             uint64_t given, uint64_t kind, const others_rule *rules, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (gn_sim_scenario_checks_given(keys, given, rules[i].field) &&
            (rules[i].kinds & OTHERS_BIT(kind)) == 0)
            gn_sim_scenario_reader_refuse(reader, node, rules[i].says, NULL);
}

static void
others_attack(gn_sim_scenario_reader *reader, const yaml_node_t *node, gn_sim_scenario *scenario,
              size_t at)
{
    const gn_sim_keys *keys = &gn_sim_scenario_keys_attack;
    gn_sim_attack_settings *attack = &scenario->attacks[at];

    gn_sim_attack_settings_default(attack);
    const uint64_t given = others_fields(reader, node, keys, attack);

    if (!gn_sim_scenario_reader_well(reader))
        return;
    others_route(reader, node, scenario, attack->route_name, &attack->route);
    others_judge(reader, node, keys, given, attack->kind, others_attack_rules,
                 sizeof others_attack_rules / sizeof others_attack_rules[0]);
    if (attack->kind == GN_SIM_ATTACK_DELAY && attack->delay_us == 0)
        gn_sim_scenario_reader_refuse(reader, node, "'kind: delay' needs 'delay'", NULL);

    const bool to_server =
        (attack->direction == GN_SIM_UP) == (attack->target == GN_SIM_ATTACK_AHEAD);

    if ((attack->kind == GN_SIM_ATTACK_VNEG || attack->kind == GN_SIM_ATTACK_RETRY) && to_server)
        gn_sim_scenario_reader_refuse(
            reader, node, "only a client is told of versions or to retry: 'target: back'", NULL);
}

static void
others_cross(gn_sim_scenario_reader *reader, const yaml_node_t *node, gn_sim_scenario *scenario,
             size_t at)
{
    const gn_sim_keys *keys = &gn_sim_scenario_keys_cross;
    gn_sim_cross_settings *cross = &scenario->crosses[at];

    gn_sim_cross_settings_default(cross);
    const uint64_t given = others_fields(reader, node, keys, cross);

    if (!gn_sim_scenario_reader_well(reader))
        return;
    others_route(reader, node, scenario, cross->route_name, &cross->route);
    others_judge(reader, node, keys, given, cross->kind, others_cross_rules,
                 sizeof others_cross_rules / sizeof others_cross_rules[0]);
    if (cross->kind != GN_SIM_CROSS_AIMD && cross->rate_bits == 0)
        gn_sim_scenario_reader_refuse(reader, node, "needs a rate", NULL);
    if ((cross->on_us != 0) != (cross->off_us != 0))
        gn_sim_scenario_reader_refuse(reader, node, "'on' and 'off' go together", NULL);
}

typedef void others_read(gn_sim_scenario_reader *reader, const yaml_node_t *node,
                         gn_sim_scenario *scenario, size_t at);

static size_t
others_list(gn_sim_scenario_reader *reader, const yaml_node_t *node, gn_sim_scenario *scenario,
            size_t max, others_read *read)
{
    const size_t count = gn_sim_scenario_reader_list(reader, node);

    if (count > max) {
        gn_sim_scenario_reader_refuse(reader, node, "has more than 8 elements", NULL);
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        char name[16];

        (void)snprintf(name, sizeof name, "[%zu]", i);
        const size_t before = gn_sim_scenario_reader_enter(reader, name);

        read(reader, gn_sim_scenario_reader_item(reader, node, i), scenario, i);
        gn_sim_scenario_reader_leave(reader, before);
    }
    return count;
}

_Static_assert(GN_SIM_ATTACKERS_MAX == 8 && GN_SIM_CROSS_MAX == 8, "the message above says so");

void
gn_sim_scenario_others_attacks(gn_sim_scenario_reader *reader, const yaml_node_t *node,
                               gn_sim_scenario *scenario)
{
    scenario->attack_count =
        others_list(reader, node, scenario, GN_SIM_ATTACKERS_MAX, others_attack);
}

void
gn_sim_scenario_others_crosses(gn_sim_scenario_reader *reader, const yaml_node_t *node,
                               gn_sim_scenario *scenario)
{
    scenario->cross_count = others_list(reader, node, scenario, GN_SIM_CROSS_MAX, others_cross);
}
