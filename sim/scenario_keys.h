/*
 * scenario_keys.h: every field a scenario file may have, as tables.
 *
 * One table a kind of mapping. A row says the field's name, what its value
 * looks like, where it goes, its bounds, its default and what it means; reading, range
 * checks, error messages, and `gnomon-sim keys` all follow the rows.
 */
#ifndef GN_SIM_SCENARIO_KEYS_H
#define GN_SIM_SCENARIO_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef enum gn_sim_value {
    GN_SIM_VALUE_TEXT,     /* char[room] */
    GN_SIM_VALUE_TEXTS,    /* a list or one text, joined with ", " in char[room] */
    GN_SIM_VALUE_COUNT,    /* uint64_t, as all that follow if they do not say otherwise */
    GN_SIM_VALUE_COUNTS,   /* a list: uint64_t count, then uint64_t[room] */
    GN_SIM_VALUE_DURATION, /* microseconds */
    GN_SIM_VALUE_RATE,     /* bits a second */
    GN_SIM_VALUE_BYTES,
    GN_SIM_VALUE_RATIO, /* gn_sim_ratio */
    GN_SIM_VALUE_FLAG,  /* 0 or 1 */
    GN_SIM_VALUE_WORD,  /* the place of the word in words */
    GN_SIM_VALUE_STEPS, /* a list: uint64_t count, then room times a moment and a rate */
    GN_SIM_VALUE_FILE   /* char[room], and a pointer to what scenario_trace.h made of the file */
} gn_sim_value;

typedef struct gn_sim_key {
    const char *name;
    gn_sim_value value;
    size_t offset; /* into the table's struct */
    size_t room;   /* of texts and lists */
    uint64_t min;
    uint64_t max;
    const char *const *words; /* WORD: up to a NULL */
    const char *standard;     /* the default, as it would be written; NULL: required */
    const char *help;
} gn_sim_key;

/* At most 64 rows, so that a mask has a bit for each. */
typedef struct gn_sim_keys {
    const char *title;
    const gn_sim_key *rows;
    size_t count;
} gn_sim_keys;

extern const gn_sim_keys gn_sim_scenario_keys_top;
extern const gn_sim_keys gn_sim_scenario_keys_host;
extern const gn_sim_keys gn_sim_scenario_keys_tls;
extern const gn_sim_keys gn_sim_scenario_keys_route;
extern const gn_sim_keys gn_sim_scenario_keys_link;
extern const gn_sim_keys gn_sim_scenario_keys_event;
extern const gn_sim_keys gn_sim_scenario_keys_workload;
extern const gn_sim_keys gn_sim_scenario_keys_attack;
extern const gn_sim_keys gn_sim_scenario_keys_cross;
extern const gn_sim_keys gn_sim_scenario_keys_expect;
extern const gn_sim_keys gn_sim_scenario_keys_script;
extern const gn_sim_keys gn_sim_scenario_keys_resume;

/* The row of that name, or NULL. */
const gn_sim_key *gn_sim_scenario_keys_find(const gn_sim_keys *keys, const char *name);

#define GN_SIM_EXPECTED_BYTES 200

/*
 * Reads text as the row's value into the struct at base. False: base is as it
 * was, and expected says what would have been right, "a duration such as
 * 20ms". Lists take one more element.
 */
bool gn_sim_scenario_keys_set(const gn_sim_key *key, const char *text, void *base,
                              char expected[GN_SIM_EXPECTED_BYTES]);

/* Copies the fields whose bits are set from one struct to another. */
void gn_sim_scenario_keys_copy(const gn_sim_keys *keys, uint64_t mask, const void *from, void *to);

/* Whether the row's field is the same in both structs. */
bool gn_sim_scenario_keys_same(const gn_sim_key *key, const void *a, const void *b);

/* Writes the row's value as a scenario file has it, such that reading gives the same value. */
void gn_sim_scenario_keys_write(FILE *out, const gn_sim_key *key, const void *base);

/* Writes a text in double quotes, with what YAML asks for escaped. */
void gn_sim_scenario_keys_write_text(FILE *out, const char *text);

/* Writes all tables for people. */
void gn_sim_scenario_keys_print(FILE *out);

#endif
