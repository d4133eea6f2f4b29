/*
 * scenario_override.c: see scenario_override.h.
 *
 * Nodes are kept by their number in the document, from 1: adding one may move them all.
 */
#include "sim/scenario_override.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "sim/scenario.h"

#define OVERRIDE_PARTS_MAX 8

/* PATH=VALUE taken apart; part and value point into text. */
typedef struct override_way {
    char text[GN_SIM_MESSAGE_BYTES];
    const char *part[OVERRIDE_PARTS_MAX];
    size_t count;
    const char *value;
} override_way;

/* Refuses with the override as the place; nothing is read yet, so there is no field. */
static void
override_refuse(gn_sim_scenario_reader *reader, size_t number, const char *why, const char *what)
{
    if (gn_sim_scenario_reader_well(reader))
        (void)snprintf(reader->message, GN_SIM_MESSAGE_BYTES, "--override %s: %s%s%s%s",
                       reader->overrides->texts[number], why, what != NULL ? " '" : "",
                       what != NULL ? what : "", what != NULL ? "'" : "");
}

/* Dots and brackets part the path: events[0].at is events, 0, at. */
static bool
override_part(override_way *way, const char *text)
{
    char *equals;
    bool fresh = true;

    *way = (override_way){.count = 0};
    if (snprintf(way->text, sizeof way->text, "%s", text) >= (int)sizeof way->text)
        return false;
    equals = strchr(way->text, '=');
    if (equals == NULL || equals == way->text || equals[1] == '\0')
        return false;
    *equals = '\0';
    way->value = equals + 1;
    for (char *c = way->text; *c != '\0'; c++) {
        const bool between = *c == '.' || *c == '[' || *c == ']';

        if (between)
            *c = '\0';
        else if (fresh && way->count == OVERRIDE_PARTS_MAX)
            return false;
        else if (fresh)
            way->part[way->count++] = c;
        fresh = between;
    }
    return way->count > 0;
}

static yaml_node_t *
override_node(gn_sim_scenario_reader *reader, int at)
{
    return yaml_document_get_node(&reader->document, at);
}

static int
override_mark(gn_sim_scenario_reader *reader, int at, size_t number)
{
    GN_ASSERT(at != 0);
    override_node(reader, at)->start_mark.line = GN_SIM_READER_OVERRIDE_LINE + number;
    return at;
}

static int
override_scalar(gn_sim_scenario_reader *reader, const char *text, size_t number)
{
    const int at = yaml_document_add_scalar(&reader->document, NULL, (const yaml_char_t *)text,
                                            (int)strlen(text), YAML_PLAIN_SCALAR_STYLE);

    return override_mark(reader, at, number);
}

/* "[1, 2]" is a list of its parts, all else one value. */
static int
override_value(gn_sim_scenario_reader *reader, const char *text, size_t number)
{
    char list[GN_SIM_MESSAGE_BYTES];
    const size_t len = strlen(text);
    char *rest = NULL;
    int at;

    if (text[0] != '[' || text[len - 1] != ']')
        return override_scalar(reader, text, number);
    (void)snprintf(list, sizeof list, "%.*s", (int)(len - 2), text + 1);
    at = yaml_document_add_sequence(&reader->document, NULL, YAML_FLOW_SEQUENCE_STYLE);
    (void)override_mark(reader, at, number);
    for (char *item = strtok_r(list, ", ", &rest); item != NULL; item = strtok_r(NULL, ", ", &rest))
        GN_ASSERT(yaml_document_append_sequence_item(&reader->document, at,
                                                     override_scalar(reader, item, number)) != 0);
    return at;
}

/* The pair of that key in a mapping, or NULL. */
static yaml_node_pair_t *
override_find(gn_sim_scenario_reader *reader, int mapping, const char *name)
{
    const yaml_node_t *node = override_node(reader, mapping);

    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = override_node(reader, pair->key);

        if (key->type == YAML_SCALAR_NODE &&
            strcmp((const char *)key->data.scalar.value, name) == 0)
            return pair;
    }
    return NULL;
}

static void
override_add(gn_sim_scenario_reader *reader, int mapping, const char *name, int value,
             size_t number)
{
    const int key = override_scalar(reader, name, number);

    GN_ASSERT(yaml_document_append_mapping_pair(&reader->document, mapping, key, value) != 0);
}

/* Only the sections at the top and the links of a route come into being by themselves. */
static bool
override_may_add(const char *const *part, size_t at)
{
    const bool link = strcmp(part[at], "up") == 0 || strcmp(part[at], "down") == 0;

    if (at == 0)
        return strcmp(part[0], "routes") != 0 && strcmp(part[0], "events") != 0 &&
               strcmp(part[0], "attackers") != 0 && strcmp(part[0], "cross") != 0;
    return link && at == 2;
}

/* The node below; 0: there is none, and the override is refused. */
static int
override_step(gn_sim_scenario_reader *reader, int node, const override_way *way, size_t at,
              size_t number)
{
    const yaml_node_t *here = override_node(reader, node);
    const char *part = way->part[at];

    if (here->type == YAML_SEQUENCE_NODE) {
        const yaml_node_item_t *items = here->data.sequence.items.start;
        const size_t count = (size_t)(here->data.sequence.items.top - items);
        char *end = NULL;
        const unsigned long index = strtoul(part, &end, 10);

        if (*end == '\0' && end != part && index < count)
            return items[index];
    } else if (here->type == YAML_MAPPING_NODE) {
        const yaml_node_pair_t *pair = override_find(reader, node, part);

        if (pair != NULL)
            return pair->value;
        if (override_may_add(way->part, at)) {
            const int made =
                yaml_document_add_mapping(&reader->document, NULL, YAML_FLOW_MAPPING_STYLE);

            override_add(reader, node, part, override_mark(reader, made, number), number);
            return made;
        }
    }
    override_refuse(reader, number, "there is no", part);
    return 0;
}

static void
override_set(gn_sim_scenario_reader *reader, const override_way *way, size_t number)
{
    const char *last = way->part[way->count - 1];
    yaml_node_pair_t *pair;
    int node = 1;
    int value;

    for (size_t i = 0; i + 1 < way->count && node != 0; i++)
        node = override_step(reader, node, way, i, number);
    if (node == 0)
        return;
    if (override_node(reader, node)->type != YAML_MAPPING_NODE) {
        override_refuse(reader, number, "there is nothing with fields to set", last);
        return;
    }
    value = override_value(reader, way->value, number);
    pair = override_find(reader, node, last);
    if (pair != NULL)
        pair->value = value;
    else
        override_add(reader, node, last, value, number);
}

void
gn_sim_scenario_override_apply(gn_sim_scenario_reader *reader, size_t number)
{
    override_way way;

    if (!gn_sim_scenario_reader_well(reader))
        return;
    if (!override_part(&way, reader->overrides->texts[number])) {
        override_refuse(reader, number, "not of the form PATH=VALUE", NULL);
        return;
    }
    for (size_t i = 0; i + 1 < way.count; i++) {
        if (strcmp(way.part[i], "both") != 0)
            continue;
        way.part[i] = "up";
        override_set(reader, &way, number);
        way.part[i] = "down";
        break;
    }
    override_set(reader, &way, number);
}
