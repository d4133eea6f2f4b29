/*
 * sweep.c: see sweep.h.
 */
#include "sim/sweep.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* digits / 10^places, and the unit behind it. */
typedef struct sweep_number {
    uint64_t digits;
    unsigned places;
    const char *unit;
} sweep_number;

#define SWEEP_PLACES_MAX 6
#define SWEEP_DIGITS_MAX (UINT64_MAX / 10000000)

static bool
sweep_read_number(const char *text, sweep_number *out)
{
    bool point = false;

    *out = (sweep_number){.digits = 0};
    if (*text < '0' || *text > '9')
        return false;
    for (; (*text >= '0' && *text <= '9') || (*text == '.' && !point); text++) {
        if (*text == '.') {
            point = true;
            continue;
        }
        if (out->digits > SWEEP_DIGITS_MAX / 10)
            return false;
        out->digits = out->digits * 10 + (uint64_t)(*text - '0');
        out->places += point ? 1 : 0;
    }
    out->unit = text;
    return out->places <= SWEEP_PLACES_MAX;
}

static bool
sweep_scale(sweep_number *number, unsigned places)
{
    for (; number->places < places; number->places++) {
        if (number->digits > SWEEP_DIGITS_MAX)
            return false;
        number->digits *= 10;
    }
    return true;
}

static void
sweep_print(uint64_t digits, unsigned places, const char *unit, char *text)
{
    uint64_t scale = 1;

    for (unsigned i = 0; i < places; i++)
        scale *= 10;
    while (places > 0 && digits % 10 == 0) {
        digits /= 10;
        scale /= 10;
        places--;
    }
    if (places == 0)
        (void)snprintf(text, GN_SIM_SWEEP_TEXT, "%" PRIu64 "%s", digits, unit);
    else
        (void)snprintf(text, GN_SIM_SWEEP_TEXT, "%" PRIu64 ".%0*" PRIu64 "%s", digits / scale,
                       (int)places, digits % scale, unit);
}

/* text is a copy that may be cut; step is behind the slash that ends it. */
static const char *
sweep_range(char *first, char *last, const char *step, gn_sim_sweep *sweep)
{
    sweep_number from;
    sweep_number to;
    sweep_number by;
    unsigned places;

    if (!sweep_read_number(first, &from) || !sweep_read_number(last, &to) ||
        !sweep_read_number(step, &by))
        return "a range is A..B/STEP, each a number with its unit";
    if ((*from.unit != '\0' && strcmp(from.unit, to.unit) != 0) ||
        (*by.unit != '\0' && strcmp(by.unit, to.unit) != 0))
        return "the numbers of a range have one unit";
    places = from.places > to.places ? from.places : to.places;
    places = by.places > places ? by.places : places;
    if (!sweep_scale(&from, places) || !sweep_scale(&to, places) || !sweep_scale(&by, places))
        return "too many digits";
    if (by.digits == 0 || from.digits > to.digits)
        return "a range goes upwards, by more than nothing";
    if ((to.digits - from.digits) / by.digits >= GN_SIM_SWEEP_VALUES_MAX)
        return "more than 1000 values";
    for (uint64_t at = from.digits; at <= to.digits; at += by.digits)
        sweep_print(at, places, to.unit, sweep->value[sweep->count++]);
    return NULL;
}

static const char *
sweep_list(char *text, gn_sim_sweep *sweep)
{
    char *rest = text;

    while (rest != NULL) {
        char *comma = strchr(rest, ',');

        if (comma != NULL)
            *comma = '\0';
        if (*rest == '\0' || strlen(rest) >= GN_SIM_SWEEP_TEXT)
            return "a list is A,B,C";
        if (sweep->count == GN_SIM_SWEEP_VALUES_MAX)
            return "more than 1000 values";
        (void)snprintf(sweep->value[sweep->count++], GN_SIM_SWEEP_TEXT, "%s", rest);
        rest = comma != NULL ? comma + 1 : NULL;
    }
    return NULL;
}

const char *
gn_sim_sweep_read(const char *text, gn_sim_sweep *sweep)
{
    char copy[4096];
    char *value;
    char *dots;
    char *slash;

    sweep->count = 0;
    if (snprintf(copy, sizeof copy, "%s", text) >= (int)sizeof copy)
        return "too long";
    value = strchr(copy, '=');
    if (value == NULL || value == copy || value - copy >= GN_SIM_SWEEP_PATH)
        return "not of the form PATH=A..B/STEP or PATH=A,B,C";
    *value++ = '\0';
    memcpy(sweep->path, copy, (size_t)(value - copy));
    dots = strstr(value, "..");
    if (dots == NULL)
        return sweep_list(value, sweep);
    slash = strrchr(dots, '/');
    /* "Mbit/s" has one of its own. */
    while (slash != NULL && slash > dots && (slash[1] < '0' || slash[1] > '9')) {
        *slash = '\1';
        slash = strrchr(dots, '/');
    }
    for (char *c = value; *c != '\0'; c++)
        if (*c == '\1')
            *c = '/';
    if (slash == NULL)
        return "a range is A..B/STEP, each a number with its unit";
    *dots = '\0';
    *slash = '\0';
    return sweep_range(value, dots + 2, slash + 1, sweep);
}
