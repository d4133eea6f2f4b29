/*
 * json.c: see json.h.
 */
#include "sim/json.h"

#include <string.h>

#include "base/assert.h"

/* RFC 7493 2.2: integers beyond this are not exact in a double. */
#define JSON_EXACT_MAX ((UINT64_C(1) << 53) - 1)

gn_sim_json
gn_sim_json_over(FILE *out)
{
    gn_sim_json json = {.out = out, .depth = 0, .arrays = 0, .started = 0};

    return json;
}

static void
json_puts(gn_sim_json *json, const char *text)
{
    (void)fputs(text, json->out);
}

static void
json_putc(gn_sim_json *json, int byte)
{
    (void)fputc(byte, json->out);
}

/* How many bytes the UTF-8 character at bytes has; 0 when it is not one (RFC 3629 4). */
static size_t
json_utf8_len(const uint8_t *bytes, size_t left)
{
    const uint8_t first = bytes[0];
    const size_t len = first < 0x80   ? 1
                       : first < 0xc2 ? 0
                       : first < 0xe0 ? 2
                       : first < 0xf0 ? 3
                       : first < 0xf5 ? 4
                                      : 0;

    if (len == 0 || len > left)
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
    if (first == 0xe0 && bytes[1] < 0xa0)
        return 0; /* longer than need be */
    if (first == 0xed && bytes[1] > 0x9f)
        return 0; /* half of a surrogate pair */
    if (first == 0xf0 && bytes[1] < 0x90)
        return 0;
    if (first == 0xf4 && bytes[1] > 0x8f)
        return 0; /* beyond U+10FFFF */
    return len;
}

static void
json_quote(gn_sim_json *json, const uint8_t *bytes, size_t len)
{
    size_t at = 0;

    json_putc(json, '"');
    while (at < len) {
        const size_t step = json_utf8_len(bytes + at, len - at);

        if (step == 0) {
            json_puts(json, "\xef\xbf\xbd");
            at += 1;
        } else if (bytes[at] == '"' || bytes[at] == '\\') {
            json_putc(json, '\\');
            json_putc(json, bytes[at]);
            at += 1;
        } else if (bytes[at] == '\n') {
            json_puts(json, "\\n");
            at += 1;
        } else if (bytes[at] < 0x20 || bytes[at] == 0x7f) {
            (void)fprintf(json->out, "\\u%04x", (unsigned)bytes[at]);
            at += 1;
        } else {
            (void)fwrite(bytes + at, 1, step, json->out);
            at += step;
        }
    }
    json_putc(json, '"');
}

/* What stands before a value: the comma behind its elder brother, and its name. */
static void
json_begin(gn_sim_json *json, const char *key)
{
    const uint32_t bit = UINT32_C(1) << json->depth;

    if (json->depth > 0 && (json->started & bit) != 0)
        json_putc(json, ',');
    json->started |= bit;
    GN_ASSERT((key == NULL) == (json->depth == 0 || (json->arrays & bit) != 0));
    if (key != NULL) {
        json_quote(json, (const uint8_t *)key, strlen(key));
        json_putc(json, ':');
    }
}

static void
json_open(gn_sim_json *json, const char *key, bool array)
{
    json_begin(json, key);
    GN_ASSERT(json->depth + 1 < GN_SIM_JSON_DEPTH_MAX);
    json->depth += 1;

    const uint32_t bit = UINT32_C(1) << json->depth;

    json->started &= ~bit;
    json->arrays = array ? json->arrays | bit : json->arrays & ~bit;
    json_putc(json, array ? '[' : '{');
}

void
gn_sim_json_object(gn_sim_json *json, const char *key)
{
    json_open(json, key, false);
}

void
gn_sim_json_array(gn_sim_json *json, const char *key)
{
    json_open(json, key, true);
}

void
gn_sim_json_end(gn_sim_json *json)
{
    GN_ASSERT(json->depth > 0);
    json_putc(json, (json->arrays & (UINT32_C(1) << json->depth)) != 0 ? ']' : '}');
    json->depth -= 1;
}

void
gn_sim_json_string(gn_sim_json *json, const char *key, const char *text)
{
    json_begin(json, key);
    if (text == NULL)
        json_puts(json, "null");
    else
        json_quote(json, (const uint8_t *)text, strlen(text));
}

void
gn_sim_json_text(gn_sim_json *json, const char *key, const uint8_t *bytes, size_t len)
{
    json_begin(json, key);
    json_quote(json, bytes, len);
}

void
gn_sim_json_hex(gn_sim_json *json, const char *key, const uint8_t *bytes, size_t len)
{
    static const char digits[] = "0123456789abcdef";

    json_begin(json, key);
    json_putc(json, '"');
    for (size_t i = 0; i < len; i++) {
        json_putc(json, digits[bytes[i] / 16]);
        json_putc(json, digits[bytes[i] % 16]);
    }
    json_putc(json, '"');
}

/* The digits of value, without a locale and faster than printf. */
static void
json_digits(gn_sim_json *json, uint64_t value)
{
    char text[20];
    size_t at = sizeof text;

    do {
        at -= 1;
        text[at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    (void)fwrite(text + at, 1, sizeof text - at, json->out);
}

void
gn_sim_json_uint(gn_sim_json *json, const char *key, uint64_t value)
{
    json_begin(json, key);
    if (value > JSON_EXACT_MAX)
        json_putc(json, '"');
    json_digits(json, value);
    if (value > JSON_EXACT_MAX)
        json_putc(json, '"');
}

void
gn_sim_json_ms(gn_sim_json *json, const char *key, uint64_t us)
{
    const uint64_t part = us % 1000;

    json_begin(json, key);
    json_digits(json, us / 1000);
    json_putc(json, '.');
    json_putc(json, (int)('0' + part / 100));
    json_putc(json, (int)('0' + part / 10 % 10));
    json_putc(json, (int)('0' + part % 10));
}

void
gn_sim_json_bool(gn_sim_json *json, const char *key, bool value)
{
    json_begin(json, key);
    json_puts(json, value ? "true" : "false");
}
