/*
 * scenario_reader.h: a YAML document and the place in it where one is; used by scenario.c only.
 *
 * A reader remembers the first thing that is wrong, with its line and field,
 * and from then on does nothing; so callers check once, at the end.
 */
#ifndef GN_SIM_SCENARIO_READER_H
#define GN_SIM_SCENARIO_READER_H

#include <stdbool.h>
#include <stdint.h>
#include <yaml.h>

#include "sim/scenario_keys.h"

#define GN_SIM_READER_PATH_BYTES 128

struct gn_sim_overrides;

typedef struct gn_sim_scenario_reader {
    yaml_document_t document;
    const char *file;
    const struct gn_sim_overrides *overrides; /* NULL: none */
    char *message;                            /* GN_SIM_MESSAGE_BYTES; empty: all is well so far */
    char path[GN_SIM_READER_PATH_BYTES];      /* of the field being read: "routes.wifi.down" */
} gn_sim_scenario_reader;

/* One field of a mapping. */
typedef struct gn_sim_scenario_field {
    const char *name;
    const yaml_node_t *key;
    const yaml_node_t *value;
} gn_sim_scenario_field;

/* False: the text is no YAML; the message is set. Otherwise close follows. */
bool gn_sim_scenario_reader_open(gn_sim_scenario_reader *reader, const char *file, const char *text,
                                 size_t len, char *message);
void gn_sim_scenario_reader_close(gn_sim_scenario_reader *reader);

/* Nothing was wrong so far. */
bool gn_sim_scenario_reader_well(const gn_sim_scenario_reader *reader);

/*
 * A node whose line is this or more comes from the override of the number that is above it;
 * messages then name the override instead of a line.
 */
#define GN_SIM_READER_OVERRIDE_LINE ((size_t)1 << 40)

/* "FILE:LINE: field 'PATH': expected EXPECTED, found 'FOUND'"; the first one stays. */
void gn_sim_scenario_reader_refuse(gn_sim_scenario_reader *reader, const yaml_node_t *node,
                                   const char *expected, const char *found);

/* Goes into a field, and back out to the length that enter gave. */
size_t gn_sim_scenario_reader_enter(gn_sim_scenario_reader *reader, const char *name);
void gn_sim_scenario_reader_leave(gn_sim_scenario_reader *reader, size_t before);

/* How many fields or elements; refuses what is no mapping or list, and fields given twice. */
size_t gn_sim_scenario_reader_mapping(gn_sim_scenario_reader *reader, const yaml_node_t *node);
size_t gn_sim_scenario_reader_list(gn_sim_scenario_reader *reader, const yaml_node_t *node);

gn_sim_scenario_field gn_sim_scenario_reader_field(gn_sim_scenario_reader *reader,
                                                   const yaml_node_t *mapping, size_t at);
const yaml_node_t *gn_sim_scenario_reader_item(gn_sim_scenario_reader *reader,
                                               const yaml_node_t *list, size_t at);

/*
 * Reads a field that may be a row of keys into base, and sets its bit in *mask
 * (which may be NULL). False: it is no row of keys.
 */
bool gn_sim_scenario_reader_take(gn_sim_scenario_reader *reader, const gn_sim_keys *keys,
                                 const gn_sim_scenario_field *field, void *base, uint64_t *mask);

/* Refuses a field that nothing knows; others: further names that stand in such a mapping. */
void gn_sim_scenario_reader_unknown(gn_sim_scenario_reader *reader,
                                    const gn_sim_scenario_field *field, const gn_sim_keys *keys,
                                    const char *others);

/* Refuses the mapping when a required row is not in the mask. */
void gn_sim_scenario_reader_require(gn_sim_scenario_reader *reader, const yaml_node_t *mapping,
                                    const gn_sim_keys *keys, uint64_t mask);

#endif
