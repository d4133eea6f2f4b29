/*
 * scenario_reader.c: see scenario_reader.h.
 */
#include "sim/scenario_reader.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "sim/scenario.h"

bool
gn_sim_scenario_reader_open(gn_sim_scenario_reader *reader, const char *file, const char *text,
                            size_t len, char *message)
{
    yaml_parser_t parser;
    bool loaded;

    memset(reader, 0, sizeof *reader);
    reader->file = file;
    reader->message = message;
    message[0] = '\0';
    if (yaml_parser_initialize(&parser) == 0) {
        (void)snprintf(message, GN_SIM_MESSAGE_BYTES, "%s: out of memory", file);
        return false;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
    loaded = yaml_parser_load(&parser, &reader->document) != 0;
    if (!loaded)
        (void)snprintf(
            message, GN_SIM_MESSAGE_BYTES, "%s:%zu: %s%s%s", file, parser.problem_mark.line + 1,
            parser.problem != NULL ? parser.problem : "not readable as YAML",
            parser.context != NULL ? " " : "", parser.context != NULL ? parser.context : "");
    yaml_parser_delete(&parser);
    return loaded;
}

void
gn_sim_scenario_reader_close(gn_sim_scenario_reader *reader)
{
    yaml_document_delete(&reader->document);
}

bool
gn_sim_scenario_reader_well(const gn_sim_scenario_reader *reader)
{
    return reader->message[0] == '\0';
}

/* Where a node stands: "FILE:LINE", or the override it comes from. */
static void
reader_place(const gn_sim_scenario_reader *reader, const yaml_node_t *node, char *place, size_t cap)
{
    const size_t line = node != NULL ? node->start_mark.line : 0;

    if (line >= GN_SIM_READER_OVERRIDE_LINE)
        (void)snprintf(place, cap, "--override %s",
                       reader->overrides->texts[line - GN_SIM_READER_OVERRIDE_LINE]);
    else
        (void)snprintf(place, cap, "%s:%zu", reader->file, line + 1);
}

void
gn_sim_scenario_reader_refuse(gn_sim_scenario_reader *reader, const yaml_node_t *node,
                              const char *expected, const char *found)
{
    char place[GN_SIM_MESSAGE_BYTES / 2];

    if (!gn_sim_scenario_reader_well(reader))
        return;
    reader_place(reader, node, place, sizeof place);
    if (found != NULL)
        (void)snprintf(reader->message, GN_SIM_MESSAGE_BYTES,
                       "%s: field '%s': expected %s, found '%s'", place, reader->path, expected,
                       found);
    else
        (void)snprintf(reader->message, GN_SIM_MESSAGE_BYTES, "%s: field '%s': %s", place,
                       reader->path, expected);
}

size_t
gn_sim_scenario_reader_enter(gn_sim_scenario_reader *reader, const char *name)
{
    const size_t before = strlen(reader->path);
    const char *between = before > 0 && name[0] != '[' ? "." : "";

    (void)snprintf(reader->path + before, sizeof reader->path - before, "%s%s", between, name);
    return before;
}

void
gn_sim_scenario_reader_leave(gn_sim_scenario_reader *reader, size_t before)
{
    GN_ASSERT(before < sizeof reader->path);
    reader->path[before] = '\0';
}

static const char *
reader_text(const yaml_node_t *node)
{
    return node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : NULL;
}

static const char *
reader_describe(const yaml_node_t *node)
{
    if (node->type == YAML_MAPPING_NODE)
        return "several fields";
    if (node->type == YAML_SEQUENCE_NODE)
        return "a list";
    return reader_text(node);
}

gn_sim_scenario_field
gn_sim_scenario_reader_field(gn_sim_scenario_reader *reader, const yaml_node_t *mapping, size_t at)
{
    const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start + at;
    gn_sim_scenario_field field = {.key = yaml_document_get_node(&reader->document, pair->key),
                                   .value = yaml_document_get_node(&reader->document, pair->value)};

    field.name = reader_text(field.key);
    if (field.name == NULL) {
        gn_sim_scenario_reader_refuse(reader, field.key, "a field's name",
                                      reader_describe(field.key));
        field.name = "";
    }
    return field;
}

const yaml_node_t *
gn_sim_scenario_reader_item(gn_sim_scenario_reader *reader, const yaml_node_t *list, size_t at)
{
    return yaml_document_get_node(&reader->document, list->data.sequence.items.start[at]);
}

size_t
gn_sim_scenario_reader_mapping(gn_sim_scenario_reader *reader, const yaml_node_t *node)
{
    if (node->type != YAML_MAPPING_NODE) {
        gn_sim_scenario_reader_refuse(reader, node, "fields of its own", reader_describe(node));
        return 0;
    }

    const size_t count = (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);

    for (size_t i = 0; i < count; i++) {
        const gn_sim_scenario_field field = gn_sim_scenario_reader_field(reader, node, i);

        for (size_t j = 0; j < i; j++) {
            const gn_sim_scenario_field other = gn_sim_scenario_reader_field(reader, node, j);

            if (strcmp(field.name, other.name) != 0)
                continue;
            const size_t before = gn_sim_scenario_reader_enter(reader, field.name);

            gn_sim_scenario_reader_refuse(reader, field.key, "given twice", NULL);
            gn_sim_scenario_reader_leave(reader, before);
        }
    }
    return gn_sim_scenario_reader_well(reader) ? count : 0;
}

size_t
gn_sim_scenario_reader_list(gn_sim_scenario_reader *reader, const yaml_node_t *node)
{
    if (node->type != YAML_SEQUENCE_NODE) {
        gn_sim_scenario_reader_refuse(reader, node, "a list", reader_describe(node));
        return 0;
    }
    return (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
}

static void
reader_set(gn_sim_scenario_reader *reader, const gn_sim_key *key, const yaml_node_t *node,
           void *base)
{
    char expected[GN_SIM_EXPECTED_BYTES] = "a single value";
    const char *text = reader_text(node);

    if (text == NULL || !gn_sim_scenario_keys_set(key, text, base, expected))
        gn_sim_scenario_reader_refuse(reader, node, expected, reader_describe(node));
}

bool
gn_sim_scenario_reader_take(gn_sim_scenario_reader *reader, const gn_sim_keys *keys,
                            const gn_sim_scenario_field *field, void *base, uint64_t *mask)
{
    const gn_sim_key *key = gn_sim_scenario_keys_find(keys, field->name);

    if (key == NULL)
        return false;

    const size_t before = gn_sim_scenario_reader_enter(reader, field->name);
    const bool many = key->value == GN_SIM_VALUE_TEXTS || key->value == GN_SIM_VALUE_COUNTS ||
                      key->value == GN_SIM_VALUE_STEPS;

    if (many)
        memset((uint8_t *)base + key->offset, 0, sizeof(uint64_t));
    if (many && field->value->type == YAML_SEQUENCE_NODE) {
        const size_t count = gn_sim_scenario_reader_list(reader, field->value);

        for (size_t i = 0; i < count; i++)
            reader_set(reader, key, gn_sim_scenario_reader_item(reader, field->value, i), base);
    } else {
        reader_set(reader, key, field->value, base);
    }
    gn_sim_scenario_reader_leave(reader, before);
    if (mask != NULL)
        *mask |= UINT64_C(1) << (key - keys->rows);
    return true;
}

void
gn_sim_scenario_reader_unknown(gn_sim_scenario_reader *reader, const gn_sim_scenario_field *field,
                               const gn_sim_keys *keys, const char *others)
{
    char text[GN_SIM_MESSAGE_BYTES / 2] = "unknown field; known here:";
    size_t at = strlen(text);

    for (size_t i = 0; i < keys->count && at < sizeof text; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, " %s", keys->rows[i].name);
    if (others != NULL && at < sizeof text)
        (void)snprintf(text + at, sizeof text - at, " %s", others);

    const size_t before = gn_sim_scenario_reader_enter(reader, field->name);

    gn_sim_scenario_reader_refuse(reader, field->key, text, NULL);
    gn_sim_scenario_reader_leave(reader, before);
}

void
gn_sim_scenario_reader_require(gn_sim_scenario_reader *reader, const yaml_node_t *mapping,
                               const gn_sim_keys *keys, uint64_t mask)
{
    for (size_t i = 0; i < keys->count; i++) {
        if (keys->rows[i].standard != NULL || (mask >> i & 1) != 0)
            continue;
        const size_t before = gn_sim_scenario_reader_enter(reader, keys->rows[i].name);

        gn_sim_scenario_reader_refuse(reader, mapping, "missing, and required", NULL);
        gn_sim_scenario_reader_leave(reader, before);
    }
}
