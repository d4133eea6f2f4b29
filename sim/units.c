/*
 * units.c: see units.h.
 */
#include "sim/units.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* How many of the smallest unit one of this unit is. */
typedef struct units_unit {
    const char *name;
    uint64_t factor;
} units_unit;

/* A decimal number: digits / 10^places. */
typedef struct units_decimal {
    uint64_t digits;
    uint64_t scale;   /* 10^places */
    const char *rest; /* what follows, blanks skipped */
} units_decimal;

/* Ordered from the largest; the last has factor 1. */
static const units_unit units_durations[] = {
    {"h", UINT64_C(3600000000)}, {"min", 60000000}, {"s", 1000000}, {"ms", 1000}, {"us", 1}};
static const units_unit units_rates[] = {
    {"Gbit/s", 1000000000}, {"Mbit/s", 1000000}, {"kbit/s", 1000}, {"bit/s", 1}};
static const units_unit units_sizes[] = {
    {"GiB", 1073741824}, {"GB", 1000000000}, {"MiB", 1048576}, {"MB", 1000000},
    {"KiB", 1024},       {"kB", 1000},       {"B", 1}};

#define UNITS_COUNT(table) (sizeof(table) / sizeof((table)[0]))

static bool
units_digit(uint64_t *value, char digit)
{
    const uint64_t d = (uint64_t)(digit - '0');

    if (*value > (UINT64_MAX - d) / 10)
        return false;
    *value = *value * 10 + d;
    return true;
}

static bool
units_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
units_decimal_read(const char *text, units_decimal *out)
{
    units_decimal n = {.digits = 0, .scale = 1};
    const char *c = text;

    if (!units_is_digit(*c))
        return false;
    for (; units_is_digit(*c); c++)
        if (!units_digit(&n.digits, *c))
            return false;
    if (*c == '.') {
        c++;
        if (!units_is_digit(*c))
            return false;
        for (; units_is_digit(*c); c++) {
            if (n.scale > UINT64_MAX / 10 || !units_digit(&n.digits, *c))
                return false;
            n.scale *= 10;
        }
    }
    while (*c == ' ')
        c++;
    n.rest = c;
    *out = n;
    return true;
}

/* digits * factor / scale when that is whole and fits. */
static bool
units_exact(const units_decimal *n, uint64_t factor, uint64_t *out)
{
    uint64_t scale = n->scale;
    uint64_t digits = n->digits;

    /* Cancel common tens first, so that 1.50000s does not overflow. */
    while (scale >= 10 && factor % 10 == 0) {
        scale /= 10;
        factor /= 10;
    }
    while (scale >= 10 && digits % 10 == 0) {
        scale /= 10;
        digits /= 10;
    }
    if (factor != 0 && digits > UINT64_MAX / factor)
        return false;
    if (digits * factor % scale != 0)
        return false;
    *out = digits * factor / scale;
    return true;
}

static bool
units_read(const char *text, const units_unit *units, size_t count, uint64_t *out)
{
    units_decimal n;

    if (!units_decimal_read(text, &n))
        return false;
    if (n.rest[0] == '\0' && n.digits == 0) {
        *out = 0;
        return true;
    }
    for (size_t i = 0; i < count; i++)
        if (strcmp(n.rest, units[i].name) == 0)
            return units_exact(&n, units[i].factor, out);
    return false;
}

bool
gn_sim_units_read_duration(const char *text, uint64_t *out)
{
    return units_read(text, units_durations, UNITS_COUNT(units_durations), out);
}

bool
gn_sim_units_read_rate(const char *text, uint64_t *out)
{
    uint64_t rate = 0;

    if (strcmp(text, "unlimited") == 0) {
        *out = 0;
        return true;
    }
    /* A rate of 0 is a cut, which has a name of its own. */
    if (!units_read(text, units_rates, UNITS_COUNT(units_rates), &rate) || rate == 0)
        return false;
    *out = rate;
    return true;
}

bool
gn_sim_units_read_bytes(const char *text, uint64_t *out)
{
    return units_read(text, units_sizes, UNITS_COUNT(units_sizes), out);
}

static uint64_t
units_gcd(uint64_t a, uint64_t b)
{
    while (b != 0) {
        const uint64_t rest = a % b;

        a = b;
        b = rest;
    }
    return a;
}

static bool
units_ratio_of(uint64_t num, uint64_t den, gn_sim_ratio *out)
{
    if (den == 0 || num > den)
        return false;
    const uint64_t common = units_gcd(num, den);

    if (den / common > UINT32_MAX)
        return false;
    *out = (gn_sim_ratio){(uint32_t)(num / common), (uint32_t)(den / common)};
    return true;
}

bool
gn_sim_units_read_ratio(const char *text, gn_sim_ratio *out)
{
    units_decimal num;
    units_decimal den;

    if (strcmp(text, "none") == 0 || strcmp(text, "0") == 0) {
        *out = GN_SIM_RATIO_ZERO;
        return true;
    }
    if (!units_decimal_read(text, &num))
        return false;
    if (strcmp(num.rest, "%") == 0)
        return num.scale <= UINT64_MAX / 100 && units_ratio_of(num.digits, num.scale * 100, out);
    if (num.rest[0] != '/' || num.scale != 1 || !units_decimal_read(num.rest + 1, &den))
        return false;
    return den.scale == 1 && den.rest[0] == '\0' && units_ratio_of(num.digits, den.digits, out);
}

static bool
units_read_hex(const char *digits, uint64_t *out)
{
    uint64_t value = 0;
    size_t count = 0;

    for (; digits[count] != '\0'; count++) {
        const char *at = strchr("0123456789abcdef", digits[count]);

        if (at == NULL || count == 16)
            return false;
        value = value << 4 | (uint64_t)(at - "0123456789abcdef");
    }
    if (count == 0)
        return false;
    *out = value;
    return true;
}

bool
gn_sim_units_read_count(const char *text, uint64_t *out)
{
    units_decimal n;

    if (strncmp(text, "0x", 2) == 0)
        return units_read_hex(text + 2, out);
    if (!units_decimal_read(text, &n) || n.scale != 1 || n.rest[0] != '\0')
        return false;
    *out = n.digits;
    return true;
}

bool
gn_sim_units_read_flag(const char *text, bool *out)
{
    static const char *const words[2][3] = {{"off", "no", "false"}, {"on", "yes", "true"}};

    for (size_t value = 0; value < 2; value++)
        for (size_t i = 0; i < 3; i++)
            if (strcmp(text, words[value][i]) == 0) {
                *out = value == 1;
                return true;
            }
    return false;
}

/* In the largest unit that leaves a whole number. */
static void
units_print(uint64_t value, const units_unit *units, size_t count, char *text)
{
    size_t at = 0;

    while (at + 1 < count && (value == 0 || value % units[at].factor != 0))
        at++;
    (void)snprintf(text, GN_SIM_UNITS_TEXT, "%" PRIu64 "%s", value / units[at].factor,
                   units[at].name);
}

void
gn_sim_units_print_duration(uint64_t us, char text[GN_SIM_UNITS_TEXT])
{
    units_print(us, units_durations, UNITS_COUNT(units_durations), text);
}

void
gn_sim_units_print_rate(uint64_t bits_per_s, char text[GN_SIM_UNITS_TEXT])
{
    if (bits_per_s == 0)
        (void)snprintf(text, GN_SIM_UNITS_TEXT, "unlimited");
    else
        units_print(bits_per_s, units_rates, UNITS_COUNT(units_rates), text);
}

void
gn_sim_units_print_bytes(uint64_t bytes, char text[GN_SIM_UNITS_TEXT])
{
    units_print(bytes, units_sizes, UNITS_COUNT(units_sizes), text);
}

void
gn_sim_units_print_ratio(gn_sim_ratio ratio, char text[GN_SIM_UNITS_TEXT])
{
    uint64_t num = (uint64_t)ratio.num * 100;
    uint64_t scale = 1;
    int places = 0;

    while (places < 7 && num * scale % ratio.den != 0) {
        scale *= 10;
        places++;
    }
    if (num * scale % ratio.den != 0) {
        (void)snprintf(text, GN_SIM_UNITS_TEXT, "%" PRIu32 "/%" PRIu32, ratio.num, ratio.den);
        return;
    }
    num = num * scale / ratio.den;
    if (places == 0)
        (void)snprintf(text, GN_SIM_UNITS_TEXT, "%" PRIu64 "%%", num);
    else
        (void)snprintf(text, GN_SIM_UNITS_TEXT, "%" PRIu64 ".%0*" PRIu64 "%%", num / scale, places,
                       num % scale);
}

void
gn_sim_units_show_duration(uint64_t us, char text[GN_SIM_UNITS_TEXT])
{
    const bool seconds = us >= 1000000;
    const uint64_t unit = seconds ? 1000000 : 1000;
    const uint64_t thousandths = us / (unit / 1000) % 1000;

    (void)snprintf(text, GN_SIM_UNITS_TEXT, "%" PRIu64 ".%03" PRIu64 " %s", us / unit, thousandths,
                   seconds ? "s" : "ms");
}
