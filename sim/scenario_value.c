/*
 * scenario_value.c: the verbs of scenario_keys.h: reading and printing by its rows.
 */
#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "sim/scenario_keys.h"
#include "sim/units.h"

const gn_sim_key *
gn_sim_scenario_keys_find(const gn_sim_keys *keys, const char *name)
{
    for (size_t i = 0; i < keys->count; i++)
        if (strcmp(keys->rows[i].name, name) == 0)
            return &keys->rows[i];
    return NULL;
}

static const char *
value_shape(gn_sim_value value)
{
    switch (value) {
    case GN_SIM_VALUE_TEXT:
    case GN_SIM_VALUE_TEXTS: return "a text";
    case GN_SIM_VALUE_COUNT:
    case GN_SIM_VALUE_COUNTS: return "a whole number";
    case GN_SIM_VALUE_DURATION: return "a duration such as 20ms, 1.5s or 250us";
    case GN_SIM_VALUE_RATE: return "a rate such as 5Mbit/s";
    case GN_SIM_VALUE_BYTES: return "a size such as 12kB, 64KiB or 1200B";
    case GN_SIM_VALUE_RATIO: return "a percentage such as 1%";
    case GN_SIM_VALUE_FLAG: return "on or off";
    case GN_SIM_VALUE_STEPS: return "a moment and a rate such as 5s 2Mbit/s";
    case GN_SIM_VALUE_FILE: return "a file's name, beside the scenario";
    case GN_SIM_VALUE_WORD: break;
    }
    return "one of";
}

/* "one of cut, restore, change" */
static void
value_say_words(const gn_sim_key *key, char *expected)
{
    size_t at = (size_t)snprintf(expected, GN_SIM_EXPECTED_BYTES, "one of");

    for (size_t i = 0; key->words[i] != NULL && at < GN_SIM_EXPECTED_BYTES; i++)
        at += (size_t)snprintf(expected + at, GN_SIM_EXPECTED_BYTES - at, "%s %s", i > 0 ? "," : "",
                               key->words[i]);
}

static void
value_print(gn_sim_value value, uint64_t number, char text[GN_SIM_UNITS_TEXT])
{
    if (value == GN_SIM_VALUE_DURATION)
        gn_sim_units_print_duration(number, text);
    else if (value == GN_SIM_VALUE_RATE)
        gn_sim_units_print_rate(number, text);
    else if (value == GN_SIM_VALUE_BYTES)
        gn_sim_units_print_bytes(number, text);
    else
        (void)snprintf(text, GN_SIM_UNITS_TEXT, "%" PRIu64, number);
}

/* "a size such as 12kB, from 1200B to 1500B" */
static void
value_say_bounds(const gn_sim_key *key, char *expected)
{
    char min[GN_SIM_UNITS_TEXT];
    char max[GN_SIM_UNITS_TEXT];

    value_print(key->value, key->min, min);
    value_print(key->value, key->max, max);
    if (key->max == UINT64_MAX)
        (void)snprintf(expected, GN_SIM_EXPECTED_BYTES, "%s, at least %s", value_shape(key->value),
                       min);
    else
        (void)snprintf(expected, GN_SIM_EXPECTED_BYTES, "%s, from %s to %s",
                       value_shape(key->value), min, max);
}

static bool
value_read_number(const gn_sim_key *key, const char *text, uint64_t *out)
{
    bool flag = false;

    switch (key->value) {
    case GN_SIM_VALUE_COUNT:
    case GN_SIM_VALUE_COUNTS: return gn_sim_units_read_count(text, out);
    case GN_SIM_VALUE_DURATION: return gn_sim_units_read_duration(text, out);
    case GN_SIM_VALUE_RATE: return gn_sim_units_read_rate(text, out);
    case GN_SIM_VALUE_BYTES: return gn_sim_units_read_bytes(text, out);
    case GN_SIM_VALUE_FLAG:
        if (!gn_sim_units_read_flag(text, &flag))
            return false;
        *out = flag ? 1 : 0;
        return true;
    default: return false;
    }
}

static bool
value_set_word(const gn_sim_key *key, const char *text, void *at, char *expected)
{
    for (uint64_t i = 0; key->words[i] != NULL; i++)
        if (strcmp(key->words[i], text) == 0) {
            memcpy(at, &i, sizeof i);
            return true;
        }
    value_say_words(key, expected);
    return false;
}

/* TEXT replaces, TEXTS appends. */
static bool
value_set_text(const gn_sim_key *key, const char *text, char *at, char *expected)
{
    const size_t have = key->value == GN_SIM_VALUE_TEXTS ? strlen(at) : 0;
    const char *between = have > 0 ? ", " : "";

    if (*text == '\0' || have + strlen(between) + strlen(text) + 1 > key->room) {
        (void)snprintf(expected, GN_SIM_EXPECTED_BYTES, "a text of 1 to %zu bytes", key->room - 1);
        return false;
    }
    (void)snprintf(at + have, key->room - have, "%s%s", between, text);
    return true;
}

static bool
value_set_number(const gn_sim_key *key, const char *text, uint8_t *at, char *expected)
{
    uint64_t number = 0;

    if (!value_read_number(key, text, &number)) {
        (void)snprintf(expected, GN_SIM_EXPECTED_BYTES, "%s", value_shape(key->value));
        return false;
    }
    if (number < key->min || number > key->max) {
        value_say_bounds(key, expected);
        return false;
    }
    if (key->value != GN_SIM_VALUE_COUNTS) {
        memcpy(at, &number, sizeof number);
        return true;
    }

    uint64_t count;

    memcpy(&count, at, sizeof count);
    if (count == key->room) {
        (void)snprintf(expected, GN_SIM_EXPECTED_BYTES, "a list of at most %zu numbers", key->room);
        return false;
    }
    memcpy(at + (count + 1) * sizeof number, &number, sizeof number);
    count++;
    memcpy(at, &count, sizeof count);
    return true;
}

/* "5s 2Mbit/s", later than the one before. */
static bool
value_set_step(const gn_sim_key *key, const char *text, uint8_t *at, char *expected)
{
    const char *blank = strchr(text, ' ');
    char moment[GN_SIM_UNITS_TEXT];
    uint64_t count;
    uint64_t step[2];
    uint64_t before = 0;

    memcpy(&count, at, sizeof count);
    (void)snprintf(expected, GN_SIM_EXPECTED_BYTES, "%s", value_shape(key->value));
    if (blank == NULL || (size_t)(blank - text) >= sizeof moment)
        return false;
    (void)snprintf(moment, sizeof moment, "%.*s", (int)(blank - text), text);
    if (!gn_sim_units_read_duration(moment, &step[0]) ||
        !gn_sim_units_read_rate(blank + 1, &step[1]))
        return false;
    if (count > 0)
        memcpy(&before, at + sizeof count + (count - 1) * sizeof step, sizeof before);
    if (count == key->room)
        (void)snprintf(expected, GN_SIM_EXPECTED_BYTES, "a list of at most %zu steps", key->room);
    else if (count > 0 && step[0] <= before)
        (void)snprintf(expected, GN_SIM_EXPECTED_BYTES, "a moment after the one before");
    else if (step[1] > key->max)
        (void)snprintf(expected, GN_SIM_EXPECTED_BYTES, "a rate of at most 1000Gbit/s");
    else {
        memcpy(at + sizeof count + count * sizeof step, step, sizeof step);
        count++;
        memcpy(at, &count, sizeof count);
        return true;
    }
    return false;
}

bool
gn_sim_scenario_keys_set(const gn_sim_key *key, const char *text, void *base,
                         char expected[GN_SIM_EXPECTED_BYTES])
{
    uint8_t *at = (uint8_t *)base + key->offset;
    gn_sim_ratio ratio;

    switch (key->value) {
    case GN_SIM_VALUE_TEXT:
    case GN_SIM_VALUE_TEXTS:
    case GN_SIM_VALUE_FILE: return value_set_text(key, text, (char *)at, expected);
    case GN_SIM_VALUE_STEPS: return value_set_step(key, text, at, expected);
    case GN_SIM_VALUE_WORD: return value_set_word(key, text, at, expected);
    case GN_SIM_VALUE_RATIO:
        if (!gn_sim_units_read_ratio(text, &ratio)) {
            (void)snprintf(expected, GN_SIM_EXPECTED_BYTES, "%s", value_shape(key->value));
            return false;
        }
        memcpy(at, &ratio, sizeof ratio);
        return true;
    default: return value_set_number(key, text, at, expected);
    }
}

static size_t
value_bytes(const gn_sim_key *key)
{
    if (key->value == GN_SIM_VALUE_TEXT || key->value == GN_SIM_VALUE_TEXTS)
        return key->room;
    if (key->value == GN_SIM_VALUE_COUNTS)
        return (key->room + 1) * sizeof(uint64_t);
    if (key->value == GN_SIM_VALUE_STEPS)
        return (2 * key->room + 1) * sizeof(uint64_t);
    if (key->value == GN_SIM_VALUE_FILE)
        return key->room + sizeof(void *);
    return sizeof(uint64_t);
}

void
gn_sim_scenario_keys_copy(const gn_sim_keys *keys, uint64_t mask, const void *from, void *to)
{
    GN_ASSERT(keys->count <= 64);
    for (size_t i = 0; i < keys->count; i++) {
        const gn_sim_key *key = &keys->rows[i];

        if ((mask >> i & 1) != 0)
            memcpy((uint8_t *)to + key->offset, (const uint8_t *)from + key->offset,
                   value_bytes(key));
    }
}

/* A list counts up to its end, a text up to its zero: what stands behind means nothing. */
bool
gn_sim_scenario_keys_same(const gn_sim_key *key, const void *a, const void *b)
{
    const uint8_t *left = (const uint8_t *)a + key->offset;
    const uint8_t *right = (const uint8_t *)b + key->offset;
    uint64_t count = 0;

    if (key->value == GN_SIM_VALUE_TEXT || key->value == GN_SIM_VALUE_TEXTS ||
        key->value == GN_SIM_VALUE_FILE)
        return strcmp((const char *)left, (const char *)right) == 0;
    if (key->value == GN_SIM_VALUE_COUNTS || key->value == GN_SIM_VALUE_STEPS)
        memcpy(&count, left, sizeof count);
    if (key->value == GN_SIM_VALUE_STEPS)
        count *= 2;
    return memcmp(left, right, (size_t)(count + 1) * sizeof count) == 0;
}

void
gn_sim_scenario_keys_write_text(FILE *out, const char *text)
{
    (void)fputc('"', out);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            (void)fprintf(out, "\\%c", *c);
        else if ((unsigned char)*c < ' ')
            (void)fprintf(out, "\\x%02x", (unsigned)*c);
        else
            (void)fputc(*c, out);
    }
    (void)fputc('"', out);
}

static void
value_write_counts(FILE *out, const uint8_t *at)
{
    uint64_t number;
    uint64_t count;

    memcpy(&count, at, sizeof count);
    (void)fputc('[', out);
    for (uint64_t i = 1; i <= count; i++) {
        memcpy(&number, at + i * sizeof number, sizeof number);
        (void)fprintf(out, "%s%" PRIu64, i > 1 ? ", " : "", number);
    }
    (void)fputc(']', out);
}

static void
value_write_steps(FILE *out, const uint8_t *at)
{
    char moment[GN_SIM_UNITS_TEXT];
    char rate[GN_SIM_UNITS_TEXT];
    uint64_t step[2];
    uint64_t count;

    memcpy(&count, at, sizeof count);
    (void)fputc('[', out);
    for (uint64_t i = 0; i < count; i++) {
        memcpy(step, at + sizeof count + i * sizeof step, sizeof step);
        gn_sim_units_print_duration(step[0], moment);
        gn_sim_units_print_rate(step[1], rate);
        (void)fprintf(out, "%s%s %s", i > 0 ? ", " : "", moment, rate);
    }
    (void)fputc(']', out);
}

void
gn_sim_scenario_keys_write(FILE *out, const gn_sim_key *key, const void *base)
{
    const uint8_t *at = (const uint8_t *)base + key->offset;
    char text[GN_SIM_UNITS_TEXT];
    gn_sim_ratio ratio;
    uint64_t number;

    memcpy(&number, at, sizeof number);
    switch (key->value) {
    case GN_SIM_VALUE_TEXT:
    case GN_SIM_VALUE_TEXTS:
    case GN_SIM_VALUE_FILE: gn_sim_scenario_keys_write_text(out, (const char *)at); return;
    case GN_SIM_VALUE_STEPS: value_write_steps(out, at); return;
    case GN_SIM_VALUE_COUNTS: value_write_counts(out, at); return;
    case GN_SIM_VALUE_WORD: (void)fputs(key->words[number], out); return;
    case GN_SIM_VALUE_FLAG: (void)fputs(number != 0 ? "on" : "off", out); return;
    case GN_SIM_VALUE_RATIO:
        memcpy(&ratio, at, sizeof ratio);
        gn_sim_units_print_ratio(ratio, text);
        break;
    default: value_print(key->value, number, text); break;
    }
    (void)fputs(text, out);
}

static void
value_print_row(FILE *out, const gn_sim_key *key)
{
    char shape[GN_SIM_EXPECTED_BYTES];

    if (key->value == GN_SIM_VALUE_WORD)
        value_say_words(key, shape);
    else
        (void)snprintf(shape, sizeof shape, "%s", value_shape(key->value));
    (void)fprintf(out, "  %-17s %s\n  %-17s   %s; %s%s\n", key->name, key->help, "", shape,
                  key->standard == NULL ? "required" : "default: ",
                  key->standard == NULL ? "" : key->standard);
}

void
gn_sim_scenario_keys_print(FILE *out)
{
    static const gn_sim_keys *const all[] = {
        &gn_sim_scenario_keys_top,    &gn_sim_scenario_keys_host,  &gn_sim_scenario_keys_route,
        &gn_sim_scenario_keys_link,   &gn_sim_scenario_keys_event, &gn_sim_scenario_keys_workload,
        &gn_sim_scenario_keys_attack, &gn_sim_scenario_keys_cross, &gn_sim_scenario_keys_expect,
        &gn_sim_scenario_keys_script, &gn_sim_scenario_keys_tls};

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        (void)fprintf(out, "%s%s\n", i > 0 ? "\n" : "", all[i]->title);
        for (size_t row = 0; row < all[i]->count; row++)
            value_print_row(out, &all[i]->rows[row]);
    }
}
